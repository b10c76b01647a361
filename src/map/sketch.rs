//! What there is to see, before anybody knows on which page or screen: places and the symbols
//! they are drawn by. How a symbol looks is said in [`super::layers`].

use std::collections::BTreeSet;
use std::sync::Arc;

use geo_types::Geometry;

use super::tokens::{Palette, Rgba};
use crate::domain::{
    AreaRole, ControlPointLevel, Lang, OrderKind, PenForm, PenTone, Record, RecordId, RoadClass,
    SiteKind, Text,
};

/// The display list of the map in longitude and latitude: marks, lowest first. Knows no page: the
/// same sketch feeds window and print.
#[derive(Clone, Debug, Default)]
pub struct Sketch {
    pub marks: Vec<Mark>,
    /// Records that would be drawn here but have no position yet.
    pub unlocated: usize,
}

/// One thing on the map.
#[derive(Clone, Debug)]
pub struct Mark {
    pub shape: MarkGeometry,
    pub symbol: Symbol,
    /// What a click on the mark selects. Marks without one let clicks through.
    pub subject: Option<RecordId>,
    pub label: Option<Words>,
    /// Example data or a sketched course: said wherever the mark is named.
    pub tag: Option<Tag>,
}

/// Where a mark lies: WGS-84 longitude/latitude, degrees.
#[derive(Clone, Debug)]
pub enum MarkGeometry {
    /// As recorded; shared, so that a hundred thousand marks copy no geometry.
    Recorded(Arc<Record>),
    /// Made by its layer.
    Drawn(Geometry<f64>),
}

/// What a mark is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// The name of the recorded thing.
    Name,
    Text(String),
}

/// Why a mark must not be taken for the real thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tag {
    /// 示例: made up to show the program.
    Example,
    /// 示意: the course is only roughly right.
    Sketched,
    /// 草案: not decided.
    Draft,
}

/// What a mark is and what its look depends on: by which symbol of the legend it is drawn. The
/// look itself is said by its layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Symbol {
    Area(AreaRole),
    Road(RoadClass),
    Congestion {
        trucks_per_hour: f32,
        is_idling: bool,
    },
    /// At rest it does not hold at the moment that is shown.
    Restriction {
        kind: OrderKind,
        is_draft: bool,
        is_at_rest: bool,
    },
    Ring {
        radius_m: f64,
        is_first: bool,
    },
    Site {
        kind: SiteKind,
        standing: SiteStanding,
    },
    /// Where it looks, clockwise from north.
    Camera {
        direction_deg: Option<f32>,
    },
    Gate {
        is_generator: bool,
    },
    ControlPoint {
        level: ControlPointLevel,
        is_running: bool,
    },
    /// Drawn by hand in a meeting.
    Pen {
        form: PenForm,
        tone: PenTone,
    },
    /// Of a layer, by its key, of which nobody but itself needs to know more: the number of one of
    /// its looks.
    Plain {
        layer: &'static str,
        look: u32,
    },
}

/// Looks of roads that are not there yet begin with this one.
const PLANNED_ROADS: u32 = 100;

impl Symbol {
    /// A road of this class that is not there: it belongs to a plan, or is not open at the moment.
    pub const fn planned_road(class: RoadClass) -> Self {
        Self::Plain { layer: "roads", look: PLANNED_ROADS + class as u32 }
    }

    /// Of a road, whether it is there or not.
    pub fn road_class(self) -> Option<RoadClass> {
        match self {
            Self::Road(class) => Some(class),
            Self::Plain { layer: "roads", look } => {
                let class = look.checked_sub(PLANNED_ROADS)? as usize;
                RoadClass::ALL.get(class).copied()
            }
            _ => None,
        }
    }

    /// The key of the layer that draws it.
    pub const fn layer(self) -> &'static str {
        match self {
            Self::Area(_) => "areas",
            Self::Road(_) => "roads",
            Self::Congestion { .. } => "congestion",
            Self::Restriction { .. } => "restrictions",
            Self::Ring { .. } => "rings",
            Self::Site { .. } => "sites",
            Self::Camera { .. } => "cameras",
            Self::Gate { .. } => "gates",
            Self::ControlPoint { .. } => "control_points",
            Self::Pen { .. } => "pen_marks",
            Self::Plain { layer, .. } => layer,
        }
    }
}

/// What the last inspection says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SiteStanding {
    /// Up to standard, or nothing to be inspected.
    Plain,
    Uninspected,
    Failing,
}

impl PenTone {
    /// Its colour on paper or at night.
    pub const fn color(self, theme: &Palette) -> Rgba {
        match self {
            Self::Act => theme.act,
            Self::Watch => theme.watch,
            Self::Calm => theme.calm,
            Self::Ink => theme.ink,
        }
    }
}

impl Sketch {
    /// Draws a record where it lies; one without a position is counted instead.
    pub fn record(&mut self, record: &Arc<Record>, symbol: Symbol, label: Option<Words>) {
        if record.geometry.is_none() {
            self.unlocated += 1;
            return;
        }
        self.marks.push(Mark {
            shape: MarkGeometry::Recorded(Arc::clone(record)),
            symbol,
            subject: Some(record.id),
            label,
            tag: Tag::of(record),
        });
    }

    /// Draws orders that do not hold at a moment as such, or not at all; and roads that are not open at
    /// it as what is not there.
    pub fn rest(&mut self, is_resting: &dyn Fn(RecordId) -> bool, is_hidden: bool) {
        let rests = |mark: &Mark| {
            matches!(mark.symbol, Symbol::Restriction { .. })
                && mark.subject.is_some_and(is_resting)
        };
        if is_hidden {
            self.marks.retain(|mark| !rests(mark));
        }
        for mark in &mut self.marks {
            if let Symbol::Road(class) = mark.symbol
                && mark.subject.is_some_and(is_resting)
            {
                mark.symbol = Symbol::planned_road(class);
            }
        }
        for mark in self.marks.iter_mut().filter(|mark| rests(mark)) {
            if let Symbol::Restriction { is_at_rest, .. } = &mut mark.symbol {
                *is_at_rest = true;
            }
        }
    }

    /// Leaves out what was drawn in other meetings.
    pub fn keep_pen_marks(&mut self, kept: &BTreeSet<RecordId>) {
        let is_kept = |mark: &Mark| {
            !matches!(mark.symbol, Symbol::Pen { .. })
                || mark.subject.is_some_and(|id| kept.contains(&id))
        };
        self.marks.retain(is_kept);
    }
}

impl Mark {
    /// WGS-84 longitude/latitude, degrees.
    pub fn geometry(&self) -> Option<&Geometry<f64>> {
        match &self.shape {
            MarkGeometry::Recorded(record) => record.geometry.as_ref(),
            MarkGeometry::Drawn(geometry) => Some(geometry),
        }
    }

    /// Empty where it has no name.
    pub fn words(&self) -> &str {
        match (&self.label, &self.shape) {
            (Some(Words::Text(text)), _) => text,
            (Some(Words::Name), MarkGeometry::Recorded(record)) => record.name(),
            _ => "",
        }
    }
}

impl Tag {
    const EXAMPLE: &str = "示例";
    const SKETCHED: &str = "示意";

    /// From an attribute `示例: true`, or from the word in the name or the source.
    pub fn of(record: &Record) -> Option<Self> {
        let says = |word: &str| {
            let extra = record.extra.as_ref().is_some_and(|extra| {
                let has = |key: &str| {
                    extra
                        .get(key)
                        .and_then(serde_json::Value::as_str)
                        .is_some_and(|v| v.contains(word))
                };
                extra.get(word).is_some_and(is_true) || has("source") || has("来源")
            });
            let source = record.meta.source.as_ref();
            extra || record.name().contains(word) || source.is_some_and(|s| s.file.contains(word))
        };
        if says(Self::EXAMPLE) {
            Some(Self::Example)
        } else {
            says(Self::SKETCHED).then_some(Self::Sketched)
        }
    }

    /// Behind a name.
    pub const fn text(self) -> Text {
        match self {
            Self::Example => Text::new(Self::EXAMPLE, "example"),
            Self::Sketched => Text::new(Self::SKETCHED, "sketched"),
            Self::Draft => Text::new("草案", "draft"),
        }
    }

    /// Whether a name says it already.
    pub fn is_said_in(self, name: &str, lang: Lang) -> bool {
        name.contains(self.text().zh) || name.contains(self.text().say(lang))
    }
}

fn is_true(value: &serde_json::Value) -> bool {
    value.as_bool().unwrap_or_else(|| matches!(value.as_str(), Some("true" | "是" | "1")))
}
