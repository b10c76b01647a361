use std::collections::BTreeMap;

use crate::domain::{
    AreaRole, ControlPointLevel, GateRole, Lang, OrderKind, PenForm, RoadClass, SiteKind, Text,
};
use crate::map::{RestrictionKind, SiteStanding, Symbol};

/// How much of what is visible.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    counts: BTreeMap<Entry, (Symbol, usize)>,
}

/// A row of the legend, in the order of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entry {
    ControlPoint(ControlPointLevel, Stopped),
    /// Tenths of a metre.
    Ring(u64),
    Restriction(RestrictionKind),
    Draft,
    AtRest,
    /// Before what a full legend may leave out: whoever drew it wants it read.
    Pen(PenForm),
    Congestion,
    Idling,
    Site(SiteKind),
    Standing(SiteStanding),
    Camera,
    Sweeping,
    /// Whether it is a generator.
    Gate(bool),
    Road(RoadClass),
    Area(AreaRole),
}

pub type Stopped = bool;

impl Tally {
    pub fn count(&mut self, symbol: Symbol) {
        let (first, second) = entries(symbol);
        for entry in std::iter::once(first).chain(second) {
            self.counts.entry(entry).or_insert((symbol, 0)).1 += 1;
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (Entry, Symbol, usize)> {
        self.counts.iter().map(|(entry, (symbol, count))| (*entry, *symbol, *count))
    }
}

pub(super) fn entries(symbol: Symbol) -> (Entry, Option<Entry>) {
    match symbol {
        Symbol::ControlPoint { level, is_running } => {
            (Entry::ControlPoint(level, !is_running), None)
        }
        Symbol::Ring { radius_m, .. } => (Entry::Ring((radius_m * 10.0).round() as u64), None),
        // Of what stops nobody now, the kind matters no more than its looks say.
        Symbol::Restriction { is_at_rest: true, .. } => (Entry::AtRest, None),
        Symbol::Restriction { kind, is_draft, .. } => {
            (Entry::Restriction(kind), is_draft.then_some(Entry::Draft))
        }
        Symbol::Congestion { is_idling: true, .. } => (Entry::Idling, None),
        Symbol::Congestion { is_idling: false, .. } => (Entry::Congestion, None),
        Symbol::Site { kind, standing } => {
            let has_row = standing != SiteStanding::Plain;
            (Entry::Site(kind), has_row.then_some(Entry::Standing(standing)))
        }
        Symbol::Camera { .. } => (Entry::Camera, None),
        Symbol::Gate { is_generator } => (Entry::Gate(is_generator), None),
        Symbol::Sweeping => (Entry::Sweeping, None),
        Symbol::Road(class) => (Entry::Road(class), None),
        Symbol::Area(role) => (Entry::Area(role), None),
        Symbol::Pen { form, .. } => (Entry::Pen(form), None),
    }
}

impl Entry {
    /// The heading it stands under.
    pub const fn group(self) -> Text {
        match self {
            Self::ControlPoint(..) | Self::Ring(_) => Text::new("控制点与管控圈", "Control points"),
            Self::Restriction(_) | Self::Draft | Self::AtRest => {
                Text::new("管控措施", "Restrictions")
            }
            Self::Congestion | Self::Idling => Text::new("拥堵怠速", "Congestion"),
            Self::Site(_) | Self::Standing(_) => Text::new("污染源与点位", "Sites"),
            Self::Camera | Self::Sweeping => Text::new("抓拍与清扫", "Cameras and sweeping"),
            Self::Road(_) | Self::Gate(_) => Text::new("道路", "Roads"),
            Self::Area(_) => Text::new("区域", "Areas"),
            Self::Pen(_) => Text::new("会商标注", "Pen marks"),
        }
    }

    pub fn text(self, lang: Lang) -> String {
        let word = |text: Text| text.say(lang).to_owned();
        match self {
            Self::ControlPoint(level, is_stopped) => {
                let level = word(level.label());
                let stopped = Text::new("(停运)", " (stopped)").say(lang);
                if is_stopped { format!("{level}{stopped}") } else { level }
            }
            Self::Ring(decimetres) => {
                let radius = decimetres as f64 / 10.0;
                format!("{radius} m {}", Text::new("管控圈", "ring").say(lang))
            }
            Self::Restriction(kind) => word(order_kind(kind).label()),
            Self::Draft => word(Text::new("其中草案(浅色)", "of these drafts (pale)")),
            Self::AtRest => word(Text::new("此刻未生效", "not in force at this moment")),
            Self::Congestion => word(Text::new("拥堵(齿向排队侧)", "congestion (queue side)")),
            Self::Idling => word(Text::new("怠速", "idling")),
            Self::Site(kind) => word(kind.label()),
            Self::Standing(SiteStanding::Failing) => {
                word(Text::new("不合格", "not up to standard"))
            }
            Self::Standing(_) => word(Text::new("未查", "not inspected")),
            Self::Camera => word(Text::new("抓拍摄像头", "camera")),
            Self::Gate(is_generator) => {
                let role = if is_generator { GateRole::Generator } else { GateRole::Gate };
                word(role.label())
            }
            Self::Sweeping => word(Text::new("清扫抑尘线路", "sweeping route")),
            Self::Road(class) => word(class.label()),
            Self::Area(role) => word(role.label()),
            Self::Pen(form) => word(form.label()),
        }
    }
}

const fn order_kind(kind: RestrictionKind) -> OrderKind {
    match kind {
        RestrictionKind::NoEntry => OrderKind::NoEntry,
        RestrictionKind::Limited => OrderKind::Limited,
        RestrictionKind::OneWay => OrderKind::OneWay,
        RestrictionKind::Detour => OrderKind::Detour,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_site_counts_as_its_kind_and_as_failing() {
        let mut tally = Tally::default();
        let kind = SiteKind::Construction;
        tally.count(Symbol::Site { kind, standing: SiteStanding::Failing });
        tally.count(Symbol::Site { kind, standing: SiteStanding::Plain });
        let rows: Vec<(String, usize)> =
            tally.iter().map(|(entry, _, count)| (entry.text(Lang::Zh), count)).collect();
        assert_eq!(rows, [("工地".to_owned(), 2), ("不合格".to_owned(), 1)]);
    }

    #[test]
    fn rows_are_named_in_the_words_of_the_schema() {
        let text = |entry: Entry| (entry.text(Lang::Zh), entry.text(Lang::En));
        let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        assert_eq!(text(Entry::Road(RoadClass::Trunk)), both("快速路", "trunk"));
        assert_eq!(
            text(Entry::ControlPoint(ControlPointLevel::National, false)),
            both("国控", "national")
        );
        assert_eq!(text(Entry::Ring(5000)), both("500 m 管控圈", "500 m ring"));
        assert_eq!(text(Entry::Area(AreaRole::RingRoad)), both("环线以内", "inside the ring road"));
    }
}
