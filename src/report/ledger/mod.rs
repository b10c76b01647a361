//! Papers of the ledger: what goes to a unit, what is filled in on the spot, the file of a case, the
//! bulletin of a week, and the ledger itself in the columns of an office.
//!
//! Each is made from a template that an office may edit ([`template`]). Numbers of papers are counted
//! in the steps of the items that they are about ([`next_number`]).

pub mod batch;
pub mod lists;
pub mod pair;
pub mod patrol;
pub mod plan_sheet;
pub mod sheet;
pub mod template;
#[cfg(test)]
mod tests;

use jiff::civil::{Date, DateTime};

pub use self::patrol::MapLink;
use super::block::{Block, Picture};
use crate::analysis::ledger::{Ledger, LedgerRow};
use crate::domain::item::StepKind;
use crate::domain::{AreaRole, Kind, Localized, Text, World};
use crate::exchange::photo;

/// A paper of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerPaper {
    Tip,
    Order,
    Urge,
    Check,
    /// 巡查单: numbered, with a map and a code for each item.
    Patrol,
    Close,
    Bulletin,
    /// For those who decide about people: left out where nobody asks for it by name.
    Blame,
    Case,
}

impl LedgerPaper {
    /// In the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Order,
        Self::Tip,
        Self::Urge,
        Self::Patrol,
        Self::Check,
        Self::Close,
        Self::Case,
        Self::Bulletin,
        Self::Blame,
    ];

    /// What a person calls it.
    pub const fn label(self) -> Text {
        match self {
            Self::Tip => Text::new("提示函", "reminder"),
            Self::Order => Text::new("交办单", "order"),
            Self::Urge => Text::new("督办单", "urging order"),
            Self::Check => Text::new("核查表", "check form"),
            Self::Patrol => Text::new("巡查单", "patrol sheet"),
            Self::Close => Text::new("销号申请表", "application to strike off"),
            Self::Bulletin => Text::new("通报", "bulletin"),
            Self::Blame => Text::new("问责建议", "proposal of sanctions"),
            Self::Case => Text::new("一案一档", "case file"),
        }
    }

    /// The word of the command line, and of the file of an own template.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Tip => "tip",
            Self::Order => "order",
            Self::Urge => "urge",
            Self::Check => "check",
            Self::Patrol => "patrol",
            Self::Close => "close",
            Self::Bulletin => "bulletin",
            Self::Blame => "blame",
            Self::Case => "case",
        }
    }

    /// By its word, in either language.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|paper| paper.key() == key || paper.label().zh == key)
    }

    /// The template that comes with the program.
    pub const fn template(self) -> &'static str {
        match self {
            Self::Tip => include_str!("../../../assets/templates/ledger/tip.md"),
            Self::Order => include_str!("../../../assets/templates/ledger/order.md"),
            Self::Urge => include_str!("../../../assets/templates/ledger/urge.md"),
            Self::Check => include_str!("../../../assets/templates/ledger/check.md"),
            Self::Patrol => include_str!("../../../assets/templates/ledger/patrol.md"),
            Self::Close => include_str!("../../../assets/templates/ledger/close.md"),
            Self::Bulletin => include_str!("../../../assets/templates/ledger/bulletin.md"),
            Self::Blame => include_str!("../../../assets/templates/ledger/blame.md"),
            Self::Case => include_str!("../../../assets/templates/ledger/case.md"),
        }
    }

    /// What stands in its number: 丰大气交〔2026〕12号. `None` for what has none.
    const fn series(self) -> Option<&'static str> {
        match self {
            Self::Tip => Some("提"),
            Self::Order => Some("交"),
            Self::Urge => Some("督"),
            Self::Bulletin => Some("通"),
            Self::Blame => Some("问"),
            Self::Check | Self::Patrol | Self::Close | Self::Case => None,
        }
    }

    /// The step that it is for the items in it, so that its number and date stand with them; `None` where
    /// it changes nothing.
    pub const fn step(self) -> Option<StepKind> {
        match self {
            Self::Order => Some(StepKind::HandOver),
            Self::Tip | Self::Urge => Some(StepKind::Urge),
            Self::Check
            | Self::Patrol
            | Self::Close
            | Self::Bulletin
            | Self::Blame
            | Self::Case => None,
        }
    }
}

/// What a paper is about.
pub struct PaperRequest<'a> {
    pub world: &'a World,
    pub ledger: &'a Ledger,
    pub items: Vec<&'a LedgerRow>,
    /// To whom it goes; empty for nobody.
    pub unit: &'a str,
    pub number: &'a str,
    /// Civil time of the office.
    pub now: DateTime,
    /// When an answer is wanted.
    pub answer_by: DateTime,
    /// Of a bulletin: its first and last day.
    pub between: Option<(Date, Date)>,
    /// An attachment as a picture; `None` where there is none.
    pub picture: &'a dyn Fn(&str) -> Option<Picture>,
    /// Of a patrol sheet: what its codes open.
    pub link: MapLink,
}

/// Why there is no paper.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("line {line} of the template: `{{{name}}}` is not known")]
    UnknownName { line: usize, name: String },
    #[error("there is no item for this paper")]
    NoItem,
    #[error("the map of `{code}` cannot be made: {why}")]
    Unmade { code: String, why: String },
}

impl Localized for Error {
    fn zh(&self) -> String {
        match self {
            Self::UnknownName { line, name } => format!("模板第 {line} 行：不认识“{{{name}}}”"),
            Self::Unmade { code, why } => format!("“{code}”的地图未能生成：{why}"),
            Self::NoItem => "没有符合条件的问题，未生成文书".to_owned(),
        }
    }
}

/// The paper by a template.
pub fn blocks(template: &str, request: &PaperRequest<'_>) -> Result<Vec<Block>, Error> {
    if request.items.is_empty() && request.between.is_none() {
        return Err(Error::NoItem);
    }
    template::Filling { request }.blocks(template)
}

/// The name of the district, as its outline has it.
pub fn district(world: &World) -> &str {
    let mut areas = world.table(Kind::Area).iter();
    areas.find(|area| AreaRole::District.is_of(area)).map_or("", |area| area.name())
}

/// The longest side of a photo in a paper, pixels.
const PHOTO_PX: u32 = 1000;

/// A photo for a paper; `None` for what is no picture.
pub fn picture(bytes: &[u8], name: &str) -> Option<Picture> {
    let shown = photo::look(bytes, PHOTO_PX).ok()?;
    let png = photo::png(shown.rgba, shown.width, shown.height)?;
    Some(Picture { png, width_px: shown.width, height_px: shown.height, words: name.to_owned() })
}

/// The next number of a kind of paper in a year: 丰大气交〔2026〕12号. Empty for a paper without one.
pub fn next_number(world: &World, paper: LedgerPaper, year: i16) -> String {
    numbers(world, paper, year).next().unwrap_or_default()
}

/// Numbers from the next one on; empty ones for a paper without any.
pub fn numbers(
    world: &World,
    paper: LedgerPaper,
    year: i16,
) -> impl Iterator<Item = String> + use<> {
    let head = paper.series().map(|series| stem(world, series, year));
    let last = head.as_ref().map_or(0, |stem| last_of(world, stem));
    (last + 1..).map(move |number| {
        head.as_ref().map_or_else(String::new, |stem| format!("{stem}{number}号"))
    })
}

fn stem(world: &World, series: &str, year: i16) -> String {
    let head: String = district(world).chars().take(1).collect();
    format!("{head}大气{series}〔{year}〕")
}

/// The highest number that any item knows.
fn last_of(world: &World, stem: &str) -> u32 {
    let mut last = 0;
    for item in world.table(Kind::Item).iter() {
        for text in [item.text("steps"), item.text("order_code")] {
            for (at, _) in text.match_indices(stem) {
                let rest = text.get(at + stem.len()..).unwrap_or_default();
                let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                let number = rest.get(..end).and_then(|digits| digits.parse::<u32>().ok());
                last = last.max(number.unwrap_or(0));
            }
        }
    }
    last
}
