//! A paper as plain text: for a message, and for tests.

use super::block::{Block, PaperTable, list_name, plain};

/// UTF-8 with a line for each paragraph; tables have tabs between cells.
pub fn text(blocks: &[Block]) -> String {
    let words = blocks.iter().map(|block| match block {
        Block::Title(words) | Block::Number(words) | Block::Caption(words) => {
            format!("{words}\n\n")
        }
        Block::Heading(words)
        | Block::Subheading(words)
        | Block::Paragraph(words)
        | Block::Signature(words)
        | Block::Note(words) => format!("{words}\n"),
        Block::Sentence(parts) => format!("{}\n", plain(parts)),
        Block::List(number, words) => format!("{}　{words}\n", list_name(*number)),
        Block::Annex(words) => format!("\n{words}\n"),
        Block::Picture(picture) => format!("〔{}〕\n", picture.words),
        Block::Table(table) => cells(table),
    });
    words.collect::<Vec<_>>().concat()
}

fn cells(table: &PaperTable) -> String {
    let rows = std::iter::once(&table.header).chain(&table.rows);
    let lines: Vec<String> = rows.map(|row| row.join("\t")).collect();
    format!("{}\n", lines.join("\n"))
}
