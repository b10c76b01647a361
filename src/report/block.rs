//! What a paper is made of, whoever writes it.

/// One piece of a paper, from top to bottom.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    Title(String),
    /// In the middle below the title: the number of the paper.
    Number(String),
    Heading(String),
    Paragraph(String),
    /// At the right, below the text: who says it, and when.
    Signature(String),
    /// What follows begins on a page of its own and is called so.
    Annex(String),
    /// In the middle above a picture or a table: what it shows.
    Caption(String),
    Picture(Picture),
    Table(Table),
    /// Small, below a table.
    Note(String),
}

/// A picture for the width of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    pub png: Vec<u8>,
    pub width_px: u32,
    pub height_px: u32,
    /// What stands for it where there are only letters.
    pub words: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub header: Vec<String>,
    /// Shares of the width of the page.
    pub widths: Vec<u32>,
    pub rows: Vec<Vec<String>>,
}
