//! Who is late: by township, unit, department or leader, in shares with what they are made of. Raw
//! counts rank nobody, because they punish those who look.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};

use super::row::{Ledger, LedgerRow};
use crate::analysis::standards::FEW;
use crate::domain::{ItemState, RecordId, Text};

/// By whom items are put together. One item counts for each of its units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Group {
    #[default]
    Township,
    Unit,
    Department,
    Leader,
    /// One item counts for each of its types.
    Type,
    /// 六督六查.
    SixChecks,
}

impl Group {
    /// In the order of the page.
    pub const ALL: [Self; 6] =
        [Self::Township, Self::Unit, Self::Department, Self::Leader, Self::Type, Self::SixChecks];

    /// What a person calls it.
    pub const fn label(self) -> Text {
        match self {
            Self::Township => Text::new("乡镇街道", "Township"),
            Self::Unit => Text::new("责任单位", "Unit"),
            Self::Department => Text::new("监管部门", "Department"),
            Self::Leader => Text::new("分包领导", "Leader"),
            Self::Type => Text::new("类别", "Type"),
            Self::SixChecks => Text::new("六督六查", "Six checks"),
        }
    }

    /// Whether one item may count several times.
    pub const fn counts_several(self) -> bool {
        matches!(self, Self::Unit | Self::Type)
    }

    fn of(self, row: &LedgerRow) -> Vec<&str> {
        let several = |key: &str| row.record.words(key).iter().map(|word| &**word).collect();
        let mut names: Vec<&str> = match self {
            Self::Township => vec![row.record.text("township")],
            Self::Department => vec![row.record.text("department")],
            Self::Leader => vec![row.record.text("leader")],
            Self::Unit => several("units"),
            Self::Type => several("types"),
            Self::SixChecks => vec![row.record.text("six_checks")],
        };
        if names.is_empty() {
            names.push("");
        }
        names
    }
}

/// A number of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Handed,
    Accepted,
    Mended,
    Closed,
    Unfinished,
    Overdue,
    Returned,
    Relapsed,
    /// Of which it is known whether they came in time.
    Judged,
    OnTime,
}

impl Measure {
    /// In the order of the columns.
    pub const ALL: [Self; 10] = [
        Self::Handed,
        Self::Accepted,
        Self::Mended,
        Self::Closed,
        Self::Unfinished,
        Self::Overdue,
        Self::Returned,
        Self::Relapsed,
        Self::Judged,
        Self::OnTime,
    ];

    /// The head of its column.
    pub const fn label(self) -> Text {
        match self {
            Self::Handed => Text::new("交办", "Handed over"),
            Self::Accepted => Text::new("签收", "Accepted"),
            Self::Mended => Text::new("已整改", "Mended"),
            Self::Closed => Text::new("已销号", "Struck off"),
            Self::Unfinished => Text::new("未完成", "Unfinished"),
            Self::Overdue => Text::new("超期", "Overdue"),
            Self::Returned => Text::new("退回", "Returned"),
            Self::Relapsed => Text::new("反弹", "Relapsed"),
            Self::Judged => Text::new("应按期", "Due"),
            Self::OnTime => Text::new("按期整改", "On time"),
        }
    }

    /// Whether an item counts.
    pub fn has(self, row: &LedgerRow, now: DateTime) -> bool {
        match self {
            Self::Handed => row.handed.is_some(),
            Self::Accepted => row.accepted.is_some(),
            Self::Mended => row.mended.is_some() && !row.state.is_with_unit(),
            Self::Closed => row.state == ItemState::Closed,
            Self::Unfinished => row.state.is_open(),
            Self::Overdue => row.is_overdue(now),
            Self::Returned => row.returns > 0,
            Self::Relapsed => row.is_relapse,
            Self::Judged => row.is_on_time(now).is_some(),
            Self::OnTime => row.is_on_time(now) == Some(true),
        }
    }
}

/// A row of the table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rate {
    /// Empty for items of nobody.
    pub of: String,
    /// The items, in the order of the ledger.
    pub items: Vec<RecordId>,
    counts: [usize; Measure::ALL.len()],
    /// From handing over to mending, hours.
    pub median_h: Option<f64>,
    /// Of items that were struck off: the share that came again.
    pub relapse_share: Option<f64>,
}

impl Rate {
    /// One of its numbers.
    pub fn count(&self, measure: Measure) -> usize {
        let place = Measure::ALL.iter().position(|known| *known == measure);
        place.and_then(|place| self.counts.get(place)).copied().unwrap_or(0)
    }

    /// 0–1 of those that were due; `None` where none was.
    pub fn on_time_share(&self) -> Option<f64> {
        let due = self.count(Measure::Judged);
        (due > 0).then(|| self.count(Measure::OnTime) as f64 / due as f64)
    }

    /// Whether its share says little.
    pub fn is_few(&self) -> bool {
        self.count(Measure::Judged) < FEW
    }
}

/// The rates of those items that were found or handed over between two days, both of them included:
/// by share on time, the worst first, those of few items after them, then by name; nobody's last.
pub fn rates(
    ledger: &Ledger,
    group: Group,
    between: Option<(Date, Date)>,
    now: DateTime,
) -> Vec<Rate> {
    let mut groups: BTreeMap<&str, Vec<&LedgerRow>> = BTreeMap::new();
    for row in ledger.rows.iter().filter(|row| is_between(row, between)) {
        // What turned out to be nothing counts for nobody.
        if matches!(row.state, ItemState::Refuted | ItemState::Merged | ItemState::Void) {
            continue;
        }
        for name in group.of(row) {
            groups.entry(name).or_default().push(row);
        }
    }
    let mut rates: Vec<Rate> =
        groups.into_iter().map(|(name, rows)| rate(name, &rows, now)).collect();
    rates.sort_by(|a, b| {
        let key = |rate: &Rate| (rate.of.is_empty(), rate.is_few());
        let share = |rate: &Rate| rate.on_time_share().unwrap_or(1.0);
        key(a).cmp(&key(b)).then(share(a).total_cmp(&share(b))).then_with(|| a.of.cmp(&b.of))
    });
    rates
}

/// Whether an item belongs to a span of days.
pub fn is_between(row: &LedgerRow, between: Option<(Date, Date)>) -> bool {
    let Some((from, to)) = between else { return true };
    let day = row.handed.or(row.found).map(DateTime::date);
    day.is_some_and(|day| (from..=to).contains(&day))
}

fn rate(of: &str, rows: &[&LedgerRow], now: DateTime) -> Rate {
    let mut counts = [0; Measure::ALL.len()];
    for row in rows {
        for (measure, count) in Measure::ALL.into_iter().zip(&mut counts) {
            *count += usize::from(measure.has(row, now));
        }
    }
    let mut hours: Vec<f64> = rows.iter().filter_map(|row| row.hours_taken()).collect();
    hours.sort_by(f64::total_cmp);
    let middle = hours.len() / 2;
    let median_h = match hours.len() {
        0 => None,
        odd if odd % 2 == 1 => hours.get(middle).copied(),
        _ => Some(f64::midpoint(
            hours.get(middle - 1).copied().unwrap_or(0.0),
            hours.get(middle).copied().unwrap_or(0.0),
        )),
    };
    let closed = rows.iter().filter(|row| row.state == ItemState::Closed).count();
    let again = rows.iter().filter(|row| row.is_relapse).count();
    Rate {
        of: of.to_owned(),
        items: rows.iter().map(|row| row.id()).collect(),
        counts,
        median_h,
        relapse_share: (closed > 0).then(|| again as f64 / closed as f64),
    }
}
