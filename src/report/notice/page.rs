//! The notice laid out as a paper: text, signature, then map and schedule as annexes.

use super::{Notice, NoticePart, Sentence, annex, words};
use crate::report::block::{Block, Picture};

const SECTIONS: [(&str, &[NoticePart]); 5] = [
    ("限行区域、路段、时间和车型", &[NoticePart::Restriction]),
    ("不受限制的车辆", &[NoticePart::Exemption, NoticePart::Permit]),
    ("绕行路线", &[NoticePart::Detour]),
    ("处罚", &[NoticePart::Penalty]),
    ("施行和废止", &[NoticePart::Force, NoticePart::Repeal]),
];

/// One line of the paper before its annexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeLine {
    pub role: LineRole,
    /// The number before the sentence, `（一）`.
    pub prefix: String,
    pub text: String,
    /// The place of its sentence in the notice; `None` for what belongs to the form.
    pub of: Option<usize>,
}

/// What a line is on the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineRole {
    Title,
    Number,
    Heading,
    Paragraph,
    Signature,
    /// A sentence in whose place somebody wrote nothing: it is not printed.
    LeftOut,
}

impl NoticeLine {
    fn of_form(role: LineRole, text: impl Into<String>) -> Self {
        Self { role, prefix: String::new(), text: text.into(), of: None }
    }

    fn block(self) -> Option<Block> {
        let text = format!("{}{}", self.prefix, self.text);
        Some(match self.role {
            LineRole::Title => Block::Title(text),
            LineRole::Number => Block::Number(text),
            LineRole::Heading => Block::Heading(text),
            LineRole::Paragraph => Block::Paragraph(text),
            LineRole::Signature => Block::Signature(text),
            LineRole::LeftOut => return None,
        })
    }
}

/// The paper line by line, without its annexes.
pub fn page_lines(notice: &Notice) -> Vec<NoticeLine> {
    let form = notice.head.form.key();
    let mut lines = Vec::new();
    sentences(notice, &[NoticePart::Title], LineRole::Title, &mut lines);
    let number = notice.head.number.as_deref().unwrap_or("【待填：文号】");
    lines.push(NoticeLine::of_form(LineRole::Number, number));
    sentences(notice, &[NoticePart::Purpose], LineRole::Paragraph, &mut lines);
    let mut number = 0;
    for (title, parts) in SECTIONS {
        if of(notice, parts).any(|(_, sentence)| !sentence.is_left_out()) {
            number += 1;
            let words = format!("{}、{title}", words::numeral(number));
            lines.push(NoticeLine::of_form(LineRole::Heading, words));
        }
        sentences(notice, parts, LineRole::Paragraph, &mut lines);
    }
    lines.push(NoticeLine::of_form(LineRole::Paragraph, format!("特此{form}。")));
    lines.push(NoticeLine::of_form(LineRole::Paragraph, ""));
    for annex in ["附件：1.限行区域和路段示意图", "　　　2.标志与摄像头设置一览"]
    {
        lines.push(NoticeLine::of_form(LineRole::Paragraph, annex));
    }
    lines.extend([
        NoticeLine::of_form(LineRole::Paragraph, ""),
        NoticeLine::of_form(LineRole::Paragraph, ""),
    ]);
    let issuer = notice.head.issuer.as_deref().unwrap_or("【待填：发布机关】");
    lines.push(NoticeLine::of_form(LineRole::Signature, issuer));
    lines.push(NoticeLine::of_form(LineRole::Signature, words::day(notice.date)));
    lines
}

fn of<'a>(
    notice: &'a Notice,
    parts: &'a [NoticePart],
) -> impl Iterator<Item = (usize, &'a Sentence)> {
    notice.sentences.iter().enumerate().filter(|(_, sentence)| parts.contains(&sentence.part))
}

/// The sentences of some parts, numbered where they are several.
fn sentences(notice: &Notice, parts: &[NoticePart], role: LineRole, lines: &mut Vec<NoticeLine>) {
    let is_list = of(notice, parts).filter(|(_, sentence)| !sentence.is_left_out()).count() > 1;
    let mut item = 0;
    for (place, sentence) in of(notice, parts) {
        let is_left_out = sentence.is_left_out();
        item += usize::from(!is_left_out);
        let is_numbered = is_list && !is_left_out;
        lines.push(NoticeLine {
            role: if is_left_out { LineRole::LeftOut } else { role },
            prefix: if is_numbered {
                format!("（{}）", words::numeral(item))
            } else {
                String::new()
            },
            text: sentence.text().to_owned(),
            of: Some(place),
        });
    }
}

/// The paper. Without a picture the map is only named.
pub fn blocks(notice: &Notice, picture: Option<Picture>) -> Vec<Block> {
    let mut blocks: Vec<Block> =
        page_lines(notice).into_iter().filter_map(NoticeLine::block).collect();
    // The map says its name itself.
    blocks.push(Block::Annex("附件1".to_owned()));
    blocks.push(picture.map_or_else(|| Block::Paragraph("（见附图）".to_owned()), Block::Picture));
    blocks.push(Block::Annex("附件2".to_owned()));
    blocks.push(Block::Caption("标志与摄像头设置一览".to_owned()));
    for (plate, table) in annex::schedules(&notice.entries) {
        blocks.push(Block::Note(plate));
        blocks.push(Block::Table(table));
    }
    blocks.push(Block::Note(
        "注：标志名称依据GB 5768.2；摄像机距入口50米以内且朝向来车方向的计为已覆盖。".to_owned(),
    ));
    blocks.extend(notice.seal_words().map(Block::Note));
    blocks
}
