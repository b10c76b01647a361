//! The weekly brief: a template that the office can edit, filled from the district.
//!
//! A template is plain text, UTF-8: `# ` begins the title, `## ` a heading; a line that is only
//! `{name}` stands for a section (`sections::ALL`), any other `{name}` within a line for a figure
//! (`figures`); every other line is a paragraph. What a template asks for and nobody knows is an
//! error that names the line.

mod figures;
mod map;
mod sections;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

use super::block::Block;
use crate::domain::{Record, Said, World};

/// The template that comes with the program.
pub const WEEKLY: &str = include_str!("../../../assets/templates/weekly.md");

/// What a brief is about.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub now: &'a World,
    /// The district at the end of the period before; `None` where nothing is known of it.
    pub then: Option<&'a World>,
    /// Only the decisions of this meeting; of all where there is none.
    pub meeting: Option<&'a Record>,
    /// The first and the last day of the period: figures are those of the last.
    pub from: Date,
    pub until: Date,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("line {line} of the template: there is nothing called {{{name}}}; known are {known}")]
    Unknown { line: usize, name: String, known: String },
    #[error(transparent)]
    Map(#[from] crate::map::Error),
    #[error("stopped")]
    Stopped,
}

impl Error {
    /// For a person, in both languages.
    pub fn said(&self) -> Said {
        let zh = match self {
            Self::Unknown { line, name, known } => {
                format!("模板第 {line} 行：没有名为 {{{name}}} 的内容；可用的有 {known}")
            }
            Self::Map(error) => return error.said(),
            Self::Stopped => "已停止".to_owned(),
        };
        Said::new(zh, self.to_string())
    }
}

/// A part of a brief: tables, pictures, sentences.
pub trait Section: Sync {
    /// As templates call it.
    fn key(&self) -> &'static str;

    fn blocks(&self, asked: &Asked<'_>) -> Result<Vec<Block>, crate::map::Error>;
}

/// The paper; `tell` hears how many lines are done, of how many, and stops with `false`.
pub fn blocks(
    template: &str,
    asked: &Asked<'_>,
    tell: &dyn Fn(u64, u64) -> bool,
) -> Result<Vec<Block>, Error> {
    let figures = figures::of(asked);
    let lines: Vec<&str> = template.trim_start_matches('\u{feff}').lines().collect();
    // A mistake in the last line is said before the first map is drawn.
    for (number, line) in (1..).zip(&lines) {
        check(line.trim(), number, &figures)?;
    }
    let mut blocks = Vec::new();
    for (number, line) in (0_u64..).zip(&lines) {
        if !tell(number, lines.len() as u64) {
            return Err(Error::Stopped);
        }
        let line = line.trim();
        if let Some(section) = section(line) {
            blocks.extend(section.blocks(asked)?);
        } else if !line.is_empty() {
            let text = |line: &str| filled(line.trim(), &figures);
            blocks.push(match (line.strip_prefix("## "), line.strip_prefix("# ")) {
                (Some(heading), _) => Block::Heading(text(heading)),
                (_, Some(title)) => Block::Title(text(title)),
                _ => Block::Paragraph(text(line)),
            });
        }
    }
    Ok(blocks)
}

fn section(line: &str) -> Option<&'static dyn Section> {
    let name = line.strip_prefix('{')?.strip_suffix('}')?;
    sections::ALL.iter().find(|section| section.key() == name).copied()
}

type Figures = Vec<(&'static str, String)>;

fn check(line: &str, number: usize, figures: &Figures) -> Result<(), Error> {
    if section(line).is_some() {
        return Ok(());
    }
    let unknown = names(line).into_iter().find(|name| !figures.iter().any(|(key, _)| key == name));
    let Some(name) = unknown else { return Ok(()) };
    let sections = sections::ALL.iter().map(|section| section.key());
    let known: Vec<&str> = figures.iter().map(|(key, _)| *key).chain(sections).collect();
    Err(Error::Unknown { line: number, name: name.to_owned(), known: known.join(", ") })
}

/// What stands in curly brackets.
fn names(line: &str) -> Vec<&str> {
    let parts = line.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

fn filled(line: &str, figures: &Figures) -> String {
    let mut text = line.to_owned();
    for (key, value) in figures {
        text = text.replace(&format!("{{{key}}}"), value);
    }
    text
}
