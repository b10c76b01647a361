//! The notice (通告, 公告) of a plan: sentences made from its restrictions.
//!
//! Each sentence knows the record it comes from and a fingerprint of what it was made from, so that
//! one written by hand is kept and flagged once the record says something else. Structure and
//! wording follow 唐政通字〔2018〕4号; what nobody has said is 【待填】, never invented.

mod annex;
mod boundary;
#[cfg(test)]
mod clarity_tests;
mod draft;
mod head;
mod page;
mod places;
mod round;
mod signs;
#[cfg(test)]
mod tests;
mod warnings;
pub mod words;

use std::collections::BTreeMap;

use geo_types::{Geometry, LineString};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use annex::{layer, map, map_layout, schedule};
pub use head::{NoticeHead, kept, to_keep};
pub use page::{LineRole, NoticeLine, blocks, page_lines};
pub use signs::{CameraCoverage, SignPost};

use self::draft::NoticeDraft;
use self::places::PlaceNames;
use super::law;
use crate::domain::{
    Kind, Localized, LocalizedText, NoticeForm, OrderKind, OrderState, Record, RecordId, Seal,
    World,
};
use crate::geodesy::wkb;
use crate::network::orders::{EdgeIndex, Finder, TrafficOrder};
use crate::network::{Network, build, plan_lifecycle};

/// What is asked of a notice beside its plan. What is `None` is as the record of the plan says.
#[derive(Clone, Debug)]
pub struct NoticeRequest<'a> {
    pub plan: &'a str,
    pub form: Option<NoticeForm>,
    pub number: Option<&'a str>,
    pub issuer: Option<&'a str>,
    /// Of the paper: it decides which acts are cited.
    pub date: Option<Date>,
    /// The date of the paper where nobody has said another.
    pub today: Date,
    pub edits: Option<&'a Edits>,
}

impl<'a> NoticeRequest<'a> {
    /// A plan as its record says it.
    pub const fn of(plan: &'a str, today: Date) -> Self {
        Self { plan, form: None, number: None, issuer: None, date: None, today, edits: None }
    }
}

/// What a sentence is for, in the order of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticePart {
    Title,
    Purpose,
    Restriction,
    Exemption,
    Permit,
    Detour,
    Penalty,
    Force,
    Repeal,
}

/// One sentence of the notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub part: NoticePart,
    /// What it speaks of; `None` where it speaks of all.
    pub record: Option<RecordId>,
    pub generated: String,
    /// What somebody wrote instead; where that is nothing, the sentence is left out.
    pub edited: Option<String>,
    /// Of the words and the geometry from which it was made today.
    pub fingerprint: String,
    /// It was written by hand when the record said something else.
    pub is_stale: bool,
    /// What is wrong with the acts that were cited by hand.
    pub lapsed: Vec<LocalizedText>,
}

/// A sentence written by hand, and the fingerprint of what it was written instead of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    pub text: String,
    pub fingerprint: String,
}

/// By [`Sentence::key`].
pub type Edits = BTreeMap<String, Edited>;

/// A notice as sentences, with what is to be put up beside the roads.
#[derive(Clone, Debug)]
pub struct Notice {
    pub head: NoticeHead,
    pub date: Date,
    /// In the order of the paper.
    pub sentences: Vec<Sentence>,
    /// Where signs have to stand, and what watches there.
    pub entries: Vec<SignPost>,
    /// What has to be looked at before it is signed.
    pub warnings: Vec<LocalizedText>,
    /// Why it cannot be final: places that no words describe.
    pub blockers: Vec<LocalizedText>,
    /// Recorded when the plan was frozen or adopted; empty where it was not.
    recorded_seal: String,
    /// Of the district that it was made from.
    seal: Option<Seal>,
}

impl Notice {
    /// The same as a paper of a state that has this seal.
    #[must_use]
    pub fn sealed(&self, seal: Option<Seal>) -> Self {
        Self { seal, ..self.clone() }
    }

    /// What the paper can be proved by later, in words; `None` in a district without seals.
    fn seal_words(&self) -> Option<String> {
        let recorded = Some(&self.recorded_seal).filter(|seal| !seal.is_empty());
        let recorded = recorded.map(|seal| format!("定稿时 {seal}"));
        let parts: Vec<String> =
            self.seal.map(|seal| seal.short()).into_iter().chain(recorded).collect();
        (!parts.is_empty()).then(|| format!("存证码 {}", parts.join("　")))
    }
}

/// Why there is no notice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error(
        "no restriction belongs to a plan `{0}`; `shapan plan DISTRICT --list` shows what there is"
    )]
    UnknownPlan(String),
    #[error("the plan `{0}` has no order that is not revoked: there is nothing to announce")]
    NoOrders(String),
    #[error(
        "the district has no roads: import some first, as in `shapan import DISTRICT roads.osm.pbf`"
    )]
    NoRoads,
}

impl Localized for Error {
    fn zh(&self) -> String {
        match self {
            Self::UnknownPlan(plan) => {
                format!("没有措施属于方案“{plan}”；现有方案见 shapan plan DISTRICT --list")
            }
            Self::NoOrders(plan) => {
                format!("方案“{plan}”的措施都已废止，没有可公告的内容")
            }
            Self::NoRoads => {
                "区域文件里还没有道路：请先导入，如 shapan import DISTRICT roads.osm.pbf".to_owned()
            }
        }
    }
}

/// An order with the record it was read from.
struct RecordedOrder<'a> {
    record: &'a Record,
    order: TrafficOrder,
}

impl NoticePart {
    const fn key(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Purpose => "purpose",
            Self::Restriction => "restriction",
            Self::Exemption => "exemption",
            Self::Permit => "permit",
            Self::Detour => "detour",
            Self::Penalty => "penalty",
            Self::Force => "force",
            Self::Repeal => "repeal",
        }
    }
}

impl Sentence {
    fn new(part: NoticePart, record: Option<&Record>, generated: String) -> Self {
        let shape = record.and_then(|record| record.geometry.as_ref());
        let shape = shape.map(wkb::to_wkb).unwrap_or_default();
        let fingerprint = format!("{:016x}", crate::codec::fnv1a(generated.bytes().chain(shape)));
        let record = record.map(|record| record.id);
        let (edited, lapsed) = (None, Vec::new());
        Self { part, record, generated, edited, fingerprint, is_stale: false, lapsed }
    }

    /// Under which an edit of it is kept.
    pub fn key(&self) -> String {
        let part = self.part.key();
        self.record.map_or_else(|| part.to_owned(), |record| format!("{part}:{record}"))
    }

    /// As it will be printed.
    pub fn text(&self) -> &str {
        self.edited.as_deref().unwrap_or(&self.generated)
    }

    /// Somebody wrote nothing in its place.
    pub fn is_left_out(&self) -> bool {
        self.text().trim().is_empty()
    }
}

/// The notice of a plan as it stands.
pub fn notice(world: &World, asked: &NoticeRequest<'_>) -> Result<Notice, Error> {
    check(world, asked.plan)?;
    let network = build(world);
    let index = EdgeIndex::of(&network);
    notice_on(world, asked, &network, &Finder::new(&network, &index))
}

/// The same on a network of this world that is there already.
pub fn notice_on(
    world: &World,
    asked: &NoticeRequest<'_>,
    network: &Network,
    finder: &Finder<'_>,
) -> Result<Notice, Error> {
    check(world, asked.plan)?;
    if network.edges.is_empty() {
        return Err(Error::NoRoads);
    }
    let is_live = |record: &&Record| !OrderState::Revoked.is_of(record);
    let measure = |record| RecordedOrder { record, order: TrafficOrder::of(record, finder) };
    let (mut planned, others): (Vec<_>, Vec<_>) = world
        .table(Kind::Restriction)
        .iter()
        .map(AsRef::as_ref)
        .filter(is_live)
        .map(measure)
        .partition(|measure| measure.order.plan == asked.plan);
    if planned.is_empty() {
        return Err(Error::NoOrders(asked.plan.to_owned()));
    }
    planned.sort_by_key(|measure| (!is_area(measure.record), measure.order.id));
    let (detours, closing): (Vec<_>, Vec<_>) =
        planned.into_iter().partition(|measure| measure.order.kind == OrderKind::Detour);
    let head = NoticeHead::asked(world, asked);
    let date = head.dated.unwrap_or(asked.today);
    let places = PlaceNames::new(network, finder);
    let bases = law::bases(world);
    let draft = NoticeDraft { world, head: &head, date, bases: &bases, places, closing, detours };
    let mut sentences = draft.sentences();
    let mut warnings = draft.warnings(&others);
    let record = plan_lifecycle::record(world, asked.plan).map(AsRef::as_ref);
    let (own, unread) = kept(record);
    warnings.extend(unread.filter(|_| asked.edits.is_none()));
    lay_over(&mut sentences, asked.edits.unwrap_or(&own), &mut warnings);
    warnings.extend(look_up(&mut sentences, &bases, date));
    let entries = signs::entries(world, &draft.places, &draft.closing, !draft.detours.is_empty());
    let recorded_seal = record.map_or("", |plan| plan.text("seal")).to_owned();
    let seal = world.seal;
    let blockers = blockers(&sentences);
    Ok(Notice { head, date, sentences, entries, warnings, blockers, recorded_seal, seal })
}

/// A side of an area along which no road lies, an area without any, an order on no road: nobody could
/// tell from the paper where it holds.
fn blockers(sentences: &[Sentence]) -> Vec<LocalizedText> {
    let unclear = [places::NO_ROAD, places::NO_AREA, OFF_ROAD, OFF_JUNCTION];
    let is_unclear =
        |sentence: &&Sentence| unclear.iter().any(|words| sentence.text().contains(words));
    let all = sentences.iter().filter(is_unclear).map(|sentence| {
        let text = sentence.text();
        LocalizedText::new(
            format!("范围无法用文字说清，请让边界沿道路走，或手工写明：“{text}”"),
            format!("words cannot say where it holds; lead the outline along roads: “{text}”"),
        )
    });
    all.collect()
}

/// Stands where an order lies on no road.
const OFF_ROAD: &str = "不在任何道路上";
/// … and where a ban of a turn lies at no junction.
const OFF_JUNCTION: &str = "不在任何路口上";

fn check(world: &World, plan: &str) -> Result<(), Error> {
    if plan.is_empty() || plan_lifecycle::orders(world, plan).next().is_none() {
        return Err(Error::UnknownPlan(plan.to_owned()));
    }
    Ok(())
}

/// Puts what was written by hand in its place, and says what no longer fits.
fn lay_over(sentences: &mut [Sentence], edits: &Edits, warnings: &mut Vec<LocalizedText>) {
    let mut left: BTreeMap<&String, &Edited> = edits.iter().collect();
    for sentence in sentences {
        let Some(edit) = left.remove(&sentence.key()) else { continue };
        sentence.edited = Some(edit.text.clone());
        sentence.is_stale = edit.fingerprint != sentence.fingerprint;
        if sentence.is_stale {
            let (text, now) = (&edit.text, &sentence.generated);
            warnings.push(LocalizedText::new(
                format!("手工改过的句子与图上不再一致，请核对：“{text}”；现在应为：“{now}”"),
                format!("written by hand, but the map says something else now: “{text}” / “{now}”"),
            ));
        }
    }
    warnings.extend(left.into_iter().map(|(key, edit)| {
        LocalizedText::new(
            format!("手工改过的句子所说的措施已不在方案中（{key}）：“{}”", edit.text),
            format!("a sentence written by hand belongs to nothing here ({key}): “{}”", edit.text),
        )
    }));
}

/// Acts that were cited by hand and do not hold on the day of the paper.
fn look_up(sentences: &mut [Sentence], bases: &[law::Basis], date: Date) -> Vec<LocalizedText> {
    let by_hand = sentences.iter_mut().filter(|sentence| sentence.edited.is_some());
    by_hand
        .flat_map(|sentence| {
            sentence.lapsed = law::lapsed(bases, sentence.text(), date);
            sentence.lapsed.clone()
        })
        .collect()
}

fn is_area(record: &Record) -> bool {
    matches!(record.geometry, Some(Geometry::Polygon(_) | Geometry::MultiPolygon(_)))
}

fn lines(record: &Record) -> &[LineString<f64>] {
    match &record.geometry {
        Some(Geometry::LineString(line)) => std::slice::from_ref(line),
        Some(Geometry::MultiLineString(lines)) => &lines.0,
        _ => &[],
    }
}
