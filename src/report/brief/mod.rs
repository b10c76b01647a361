//! Papers from a template that the office can edit: the weekly brief and the minutes of a meeting.
//!
//! A template is plain text: `# ` begins the title, `## ` a heading, `### ` a subheading; a line
//! that is only `{name}` stands for a section (`sections::ALL`), any other `{name}` within a line
//! for a figure (`figures`); a line in brackets below the title stands in the middle; every other
//! line is a paragraph. Where it has a line `{lists}`, figures that count records lead to the list
//! of those records, which stands there. What a template asks for and nobody knows is an error that
//! names the line.

mod air;
mod air_day;
mod atlas;
mod episodes;
mod figures;
mod lists;
pub mod period;
mod scene;
mod sections;
mod sentences;
mod tables;
pub mod template;
#[cfg(test)]
mod tests;

use std::cell::{Cell, OnceCell};

use jiff::civil::Date;

pub use self::air::BriefAir;
use self::atlas::Atlas;
use self::figures::Figures;
use self::lists::Lists;
use self::sections::Section;
use super::block::Block;
use crate::analysis::Index;
use crate::domain::{AreaRole, Kind, Localized, Record, World};

/// The templates that come with the program.
pub const WEEKLY: &str = include_str!("../../../assets/templates/weekly.md");
/// The template of the minutes of a meeting.
pub const MINUTES: &str = include_str!("../../../assets/templates/minutes.md");

/// The template of the sheet of a day.
pub const DAILY: &str = include_str!("../../../assets/templates/daily.md");
/// The template of the one page for leaders.
pub const LEADER: &str = include_str!("../../../assets/templates/leader.md");

/// Behind a share that rests on fewer than [`crate::analysis::standards::FEW`].
pub const FEW_WORDS: &str = "（样本少）";

/// What a brief is about.
#[derive(Clone, Copy)]
pub struct BriefRequest<'a> {
    pub now: &'a World,
    /// The district at the end of the period before; `None` where nothing is known of it.
    pub then: Option<&'a World>,
    /// The hours of the air until the end of the period; `None` where there are none.
    pub air: Option<&'a BriefAir>,
    /// Only the decisions of this meeting; of all where there is none.
    pub meeting: Option<&'a Record>,
    /// The first and the last day of the period: figures are those of the last.
    pub from: Date,
    pub until: Date,
    /// Longer tables are cut, and say so.
    pub most_rows: usize,
}

impl BriefRequest<'_> {
    /// The name of the district, as its outline has it.
    pub fn district(&self) -> &str {
        let areas = self.now.table(Kind::Area).iter();
        let district = areas.into_iter().find(|area| AreaRole::District.is_of(area));
        district.map_or("本区", |area| area.name())
    }

    /// Whether the period is a week or less.
    fn is_week(&self) -> bool {
        self.from.until(self.until).is_ok_and(|span| span.get_days() < 7)
    }

    /// District, period and of when the figures are, in a line.
    pub fn about(&self) -> String {
        let (from, until) = (figures::day(self.from), figures::day(self.until));
        let (district, revision) = (self.district(), self.now.revision);
        let version = self.now.seal.map_or_else(|| format!("r{revision}"), |seal| seal.short());
        format!("区域：{district}　期间：{from}至{until}　数据截至：{until}（版本 {version}）")
    }
}

/// Why there is no brief.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("line {line} of the template: there is nothing called {{{name}}}; known are {known}")]
    Unknown { line: usize, name: String, known: String },
    #[error("the template is empty: a line `# ` with the title is the least")]
    Empty,
    #[error("the template is no text: a Word file has to be saved as plain text first")]
    NoText,
    #[error(transparent)]
    Map(#[from] crate::map::Error),
    #[error("stopped")]
    Stopped,
}

impl Localized for Error {
    fn zh(&self) -> String {
        match self {
            Self::Unknown { line, name, known } => {
                format!("模板第 {line} 行：没有名为 {{{name}}} 的内容；可用的有：{known}")
            }
            Self::Empty => "模板是空的：至少写一行“# 标题”".to_owned(),
            Self::NoText => "模板不是文本：Word 文件请先另存为纯文本".to_owned(),
            Self::Map(error) => error.zh(),
            Self::Stopped => "已停止".to_owned(),
        }
    }
}

/// What the sections of one paper share.
struct Desk<'a> {
    asked: &'a BriefRequest<'a>,
    atlas: Atlas<'a>,
    /// Of all sites, for the rings.
    index: OnceCell<Index>,
    /// Keys of the sections that the template asks for.
    sections: Vec<&'static str>,
    done: Cell<u64>,
    total: u64,
    tell: &'a dyn Fn(u64, u64) -> bool,
}

impl Desk<'_> {
    /// One more piece of work begins.
    fn step(&self) -> Result<(), Error> {
        let done = self.done.get();
        self.done.set(done + 1);
        if (self.tell)(done.min(self.total), self.total) { Ok(()) } else { Err(Error::Stopped) }
    }

    fn has(&self, section: &str) -> bool {
        self.sections.contains(&section)
    }
}

/// The paper; `tell` hears how many pieces are done, of how many, and stops with `false`.
pub fn blocks(
    template: &str,
    asked: &BriefRequest<'_>,
    tell: &dyn Fn(u64, u64) -> bool,
) -> Result<Vec<Block>, Error> {
    let figures = figures::of(asked);
    let lines: Vec<&str> = template.trim_start_matches('\u{feff}').lines().map(str::trim).collect();
    if lines.iter().all(|line| line.is_empty()) {
        return Err(Error::Empty);
    }
    // A mistake in the last line is said before the first map is drawn.
    for (number, line) in (1..).zip(&lines) {
        check(line, number, &figures)?;
    }
    let sections: Vec<&'static str> =
        lines.iter().filter_map(|line| section(line)).map(|section| section.key).collect();
    let has_scenes = sections.contains(&scene::KEY);
    let scenes = if has_scenes { scene::count(asked) } else { 0 };
    let total = (lines.len() + scenes) as u64;
    let atlas = Atlas::of(asked.now);
    let index = OnceCell::new();
    let desk = Desk { asked, atlas, index, sections, done: Cell::new(0), total, tell };
    let mut lists = Lists::new(lines.contains(&lists::LINE), desk.sections.clone());
    let mut blocks: Vec<Block> = Vec::new();
    for line in &lines {
        desk.step()?;
        if *line == lists::LINE {
            blocks.extend(lists.blocks(&figures, asked));
        } else if let Some(section) = section(line) {
            blocks.extend((section.blocks)(&desk)?);
        } else if !line.is_empty() {
            let is_below_title = matches!(blocks.last(), Some(Block::Title(_)));
            if is_below_title && line.starts_with('（') && line.ends_with('）') {
                blocks.push(Block::Number(figures::filled(line, &figures)));
            } else {
                blocks.push(text(line, &figures, &mut lists));
            }
        }
    }
    blocks.extend(seals(asked));
    Ok(blocks)
}

/// What the figures can be proved by later: the seal of the state that they are of, and the one that
/// the meeting recorded when it was called.
fn seals(asked: &BriefRequest<'_>) -> Option<Block> {
    let own = asked.now.seal.map(|seal| format!("存证码 {}", seal.short()));
    let recorded = asked.meeting.map(|meeting| meeting.text("seal"));
    let recorded = recorded.filter(|seal| !seal.is_empty());
    let recorded = recorded.map(|seal| format!("会议筹备时 {seal}"));
    let parts: Vec<String> = own.into_iter().chain(recorded).collect();
    (!parts.is_empty()).then(|| Block::Note(parts.join("　")))
}

/// What is wrong with a template, found without a district.
pub fn proof(template: &str) -> Result<(), Error> {
    let world = World::default();
    let (now, then, meeting, day) = (&world, None, None, Date::ZERO);
    let asked = BriefRequest { now, then, air: None, meeting, from: day, until: day, most_rows: 0 };
    let figures = figures::of(&asked);
    let mut lines = (1..).zip(template.lines());
    lines.try_for_each(|(number, line)| check(line.trim(), number, &figures))
}

fn text(line: &str, figures: &Figures<'_>, lists: &mut Lists) -> Block {
    let words = |line: &str| figures::filled(line.trim(), figures);
    if let Some(words_of) = line.strip_prefix("### ") {
        Block::Subheading(words(words_of))
    } else if let Some(heading) = line.strip_prefix("## ") {
        Block::Heading(words(heading))
    } else if let Some(title) = line.strip_prefix("# ") {
        Block::Title(words(title))
    } else {
        lists.sentence(line, figures)
    }
}

fn section(line: &str) -> Option<&'static Section> {
    let name = line.strip_prefix('{')?.strip_suffix('}')?;
    sections::ALL.iter().find(|section| section.key == name)
}

fn check(line: &str, number: usize, figures: &Figures<'_>) -> Result<(), Error> {
    if section(line).is_some() || line == lists::LINE {
        return Ok(());
    }
    let is_known = |name: &&str| figures.iter().any(|figure| figure.key == *name);
    let Some(name) = names(line).into_iter().find(|name| !is_known(name)) else { return Ok(()) };
    let sections = sections::ALL.iter().map(|section| section.key);
    let known = figures.iter().map(|figure| figure.key).chain(sections).chain(["lists"]);
    let known = known.collect::<Vec<_>>().join(", ");
    Err(Error::Unknown { line: number, name: name.to_owned(), known })
}

/// What stands in curly brackets.
fn names(line: &str) -> Vec<&str> {
    let parts = line.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}
