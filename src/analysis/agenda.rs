//! The agenda of a meeting: a template that the office can edit, read into scenes.
//!
//! Plain text, UTF-8: `## ` begins a scene and names it; below it stand lines of a key, a colon and
//! what it says (`内容: 控制圈`); lines that begin with `# ` or `> ` are for people. What nobody knows
//! is an error that names the line and what is known.

mod make;
mod order;
mod places;

use jiff::civil::DateTime;

use self::places::{control_point, view};
use super::Filter;
use super::scenes::{MeetingScene, ShownLayer};
use crate::domain::{Choice, Field, Kind, Localized, LocalizedText, Text, World};

pub use make::{Call, convened};
pub use order::{added, duplicated, moved, planned_after};

/// The agenda that comes with the program.
pub const MEETING: &str = include_str!("../../assets/templates/meeting.md");

/// A scene as it is to be made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlannedScene {
    pub name: String,
    pub scene: MeetingScene,
    /// For the speaker alone.
    pub note: String,
}

/// A layer of the map, as templates may call it: its key and its title.
pub type LayerName = (&'static str, Text);

/// What is wrong with a template, and in which line of it, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the agenda: {fault}")]
pub struct AgendaError {
    pub line: usize,
    pub fault: AgendaFault,
}

/// What a template says that nobody understands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgendaFault {
    #[error("there is no {} called `{word}`; known are {}", .of.en, .known.en)]
    Unknown { of: Text, word: String, known: LocalizedText },
    #[error("`{0}` stands in no scene: `## ` begins one")]
    Outside(String),
    #[error("`{0}` has no colon after its key")]
    NoColon(String),
    #[error("`{0}` is no view: all, rings, ring CODE, record CODE, or lon,lat,zoom")]
    View(String),
    #[error("`{0}` is no moment: 2026-12-05T10:00")]
    Moment(String),
    #[error("`{0}` is no radius in metres")]
    Radius(String),
    #[error("it has no scene: a line with `## ` begins one")]
    Empty,
}

impl Localized for AgendaError {
    fn zh(&self) -> String {
        format!("会议议程模板第 {} 行：{}。", self.line, self.fault.zh())
    }
}

impl Localized for AgendaFault {
    fn zh(&self) -> String {
        match self {
            Self::Unknown { of, word, known } => {
                let known = if known.zh.is_empty() { "（尚无）" } else { &known.zh };
                format!("没有叫“{word}”的{}，可写：{known}", of.zh)
            }
            Self::Outside(text) => format!("“{text}”不属于任何场景，请先写一行“## 场景名称”"),
            Self::NoColon(text) => format!("“{text}”缺少冒号，应写成“内容: 控制圈”"),
            Self::View(text) => {
                format!(
                    "“{text}”不是视图，应写全区、各圈、圈 编码 1000、对象 编码，或 经度,纬度,级别"
                )
            }
            Self::Moment(text) => format!("“{text}”不是时刻，应写成 2026-12-05T10:00"),
            Self::Radius(text) => format!("“{text}”不是以米计的半径"),
            Self::Empty => "没有场景，请至少写一行“## 场景名称”".to_owned(),
        }
    }
}

const PAGE: Text = Text::new("内容", "page");
const LAYERS: Text = Text::new("图层", "layers");
const FILTER: Text = Text::new("筛选", "filter");
const VIEW: Text = Text::new("视图", "view");
const MOMENT: Text = Text::new("时刻", "moment");
const PLAN: Text = Text::new("方案", "plan");
const NOTE: Text = Text::new("讲稿", "note");
const KEYS: [Text; 7] = [PAGE, LAYERS, FILTER, VIEW, MOMENT, PLAN, NOTE];

const FAILING: Text = Text::new("不达标", "failing");
const IN_RINGS: Text = Text::new("圈内", "inside rings");
const UNPLACED: Text = Text::new("未定位", "without a place");
const TOWNSHIP: Text = Text::new("乡镇", "township");
const DEPARTMENT: Text = Text::new("部门", "department");
const STATE: Text = Text::new("状态", "state");
const TEXT: Text = Text::new("文字", "text");
const SITE: Text = Text::new("点位", "site");
const ONLY: Text = Text::new("只看", "only");
const RING: Text = Text::new("圈", "ring");
const WISHES: [Text; 10] =
    [FAILING, IN_RINGS, UNPLACED, TOWNSHIP, DEPARTMENT, STATE, TEXT, SITE, ONLY, RING];

/// Between the parts of layers and filters.
const APART: &[char] = &[';', '；', ',', '，', '、'];

/// The scenes of a template in their order, for a district. `layers` are those of the map.
pub fn agenda(
    template: &str,
    layers: &[LayerName],
    world: &World,
) -> Result<Vec<PlannedScene>, AgendaError> {
    let mut scenes: Vec<PlannedScene> = Vec::new();
    for (line, text) in (1..).zip(template.trim_start_matches('\u{feff}').lines()) {
        let text = text.trim();
        if let Some(name) = text.strip_prefix("## ") {
            scenes.push(PlannedScene { name: name.trim().to_owned(), ..PlannedScene::default() });
        } else if !text.is_empty() && !text.starts_with('>') && !text.starts_with("# ") {
            let at_line = |fault| AgendaError { line, fault };
            let scene = scenes.last_mut().ok_or_else(|| AgendaFault::Outside(text.to_owned()));
            read(scene.map_err(at_line)?, text, layers, world).map_err(at_line)?;
        }
    }
    if scenes.is_empty() {
        return Err(AgendaError {
            line: template.lines().count().max(1),
            fault: AgendaFault::Empty,
        });
    }
    Ok(scenes)
}

fn read(
    planned: &mut PlannedScene,
    text: &str,
    layers: &[LayerName],
    world: &World,
) -> Result<(), AgendaFault> {
    let (key, said) =
        text.split_once([':', '：']).ok_or_else(|| AgendaFault::NoColon(text.to_owned()))?;
    let (key, said) = (key.trim(), said.trim());
    let scene = &mut planned.scene;
    let known = KEYS.into_iter().find(|known| is_called(*known, key));
    match known {
        Some(PAGE) => page(said)?.clone_into(&mut scene.page),
        Some(LAYERS) => scene.layers = shown(said, layers)?,
        Some(FILTER) => scene.filter = filter(said, world)?,
        Some(VIEW) => scene.sight = view(said, world)?,
        Some(MOMENT) if !said.is_empty() => scene.moment = Some(moment(said)?),
        Some(MOMENT) => {}
        Some(PLAN) => scene.plan = plan(said, world)?,
        Some(_) => said.clone_into(&mut planned.note),
        None => return Err(unknown(Text::new("键", "key"), key, &KEYS)),
    }
    Ok(())
}

fn is_called(known: Text, word: &str) -> bool {
    known.zh == word || known.en.eq_ignore_ascii_case(word)
}

fn unknown(of: Text, word: &str, known: &[Text]) -> AgendaFault {
    let all = |say: fn(&Text) -> &'static str| known.iter().map(say).collect::<Vec<_>>();
    let known = LocalizedText::new(all(|text| text.zh).join("、"), all(|text| text.en).join(", "));
    AgendaFault::Unknown { of, word: word.to_owned(), known }
}

/// One of the choices of a field, by key or label.
fn choice(kind: Kind, field: &str, of: Text, word: &str) -> Result<&'static str, AgendaFault> {
    let choices: &[Choice] = kind.field(field).and_then(Field::choices).unwrap_or_default();
    let found = choices.iter().find(|choice| choice.is_called(word)).map(|choice| choice.key);
    let labels: Vec<Text> = choices.iter().map(|choice| choice.label).collect();
    found.ok_or_else(|| unknown(of, word, &labels))
}

fn page(word: &str) -> Result<&'static str, AgendaFault> {
    choice(Kind::Scene, "page", Text::new("内容", "page"), word)
}

/// Lowest first, whatever the order in which they are named: what a map needs to be readable is
/// not left to who writes the template.
fn shown(said: &str, layers: &[LayerName]) -> Result<Vec<ShownLayer>, AgendaFault> {
    let mut shown = Vec::new();
    for part in parts(said) {
        let (word, opacity) = part.split_once('=').unwrap_or((part, "1"));
        let word = word.trim();
        let place = layers.iter().position(|(key, title)| *key == word || is_called(*title, word));
        let titles = || layers.iter().map(|(_, title)| *title).collect::<Vec<_>>();
        let of = Text::new("图层", "layer");
        let place = place.ok_or_else(|| unknown(of, word, &titles()))?;
        let Some((key, _)) = layers.get(place) else { continue };
        let opacity: Option<f32> = opacity.trim().parse().ok().filter(|o| (0.0..=1.0).contains(o));
        let opacity = opacity.ok_or_else(|| unknown(of, part, &titles()))?;
        shown.push((place, ShownLayer { key: (*key).to_owned(), opacity }));
    }
    shown.sort_by_key(|(place, _)| *place);
    Ok(shown.into_iter().map(|(_, layer)| layer).collect())
}

fn parts(said: &str) -> impl Iterator<Item = &str> {
    said.split(APART).map(str::trim).filter(|part| !part.is_empty())
}

fn filter(said: &str, world: &World) -> Result<Filter, AgendaFault> {
    let mut filter = Filter::default();
    for part in parts(said) {
        let found = WISHES.into_iter().find_map(|wish| {
            let name = [wish.zh, wish.en].into_iter().find(|name| part.starts_with(name))?;
            Some((wish, part.get(name.len()..)?.trim()))
        });
        let of = Text::new("筛选", "filter");
        let (wish, rest) = found.ok_or_else(|| unknown(of, part, &WISHES))?;
        let takes_rest = ![FAILING, IN_RINGS, UNPLACED].contains(&wish);
        if takes_rest == rest.is_empty() {
            return Err(unknown(of, part, &WISHES));
        }
        match wish {
            FAILING => filter.is_failing = true,
            IN_RINGS => filter.in_any_ring = true,
            UNPLACED => filter.is_unlocated = true,
            TOWNSHIP => filter.township = Some(rest.to_owned()),
            DEPARTMENT => filter.department = Some(rest.to_owned()),
            STATE => filter.state = Some(rest.to_owned()),
            TEXT => rest.clone_into(&mut filter.text),
            SITE => {
                let kind = choice(Kind::Site, "kind", Text::new("点位类型", "kind of site"), rest)?;
                filter.subkinds.insert((Kind::Site, kind.to_owned()));
            }
            ONLY => filter.kind = Some(kind(rest)?),
            _ => filter.ring = Some(ring(rest, world)?),
        }
    }
    Ok(filter)
}

fn kind(word: &str) -> Result<Kind, AgendaFault> {
    let is_it = |kind: &Kind| word == kind.key() || is_called(kind.label(), word);
    let labels: Vec<Text> = Kind::ALL.iter().map(|kind| kind.label()).collect();
    let found = Kind::ALL.into_iter().find(is_it);
    found.ok_or_else(|| unknown(Text::new("记录种类", "kind of record"), word, &labels))
}

/// `CP1 500`: a control point and metres, else its largest ring.
fn ring(said: &str, world: &World) -> Result<(crate::domain::RecordId, f64), AgendaFault> {
    let (named, radius) = said.rsplit_once(char::is_whitespace).unwrap_or((said, ""));
    let radius_m: Option<f64> = radius.trim_end_matches(['m', '米']).parse().ok();
    let (named, radius_m) = match radius_m {
        Some(radius_m) if radius_m > 0.0 => (named.trim(), Some(radius_m)),
        Some(_) => return Err(AgendaFault::Radius(radius.to_owned())),
        None => (said, None),
    };
    let (point, _) = control_point(named, world)?;
    let largest_m = point.radii_m().last().copied().unwrap_or(1000.0);
    Ok((point.id, radius_m.unwrap_or(largest_m)))
}

fn moment(said: &str) -> Result<DateTime, AgendaFault> {
    said.parse().map_err(|_not| AgendaFault::Moment(said.to_owned()))
}

fn plan(said: &str, world: &World) -> Result<String, AgendaFault> {
    let mut known: Vec<&str> = super::scenes::plans(world).into_iter().collect();
    if said.is_empty() || known.contains(&said) {
        return Ok(said.to_owned());
    }
    known.sort_unstable();
    let known = LocalizedText::new(known.join("、"), known.join(", "));
    Err(AgendaFault::Unknown { of: Text::new("方案", "plan"), word: said.to_owned(), known })
}

#[cfg(test)]
mod tests;
