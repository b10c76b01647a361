//! The notice laid out as a paper: text, signature, then map and schedule as annexes.

use super::{Notice, Part, Sentence, annex, words};
use crate::report::block::{Block, Picture};

const SECTIONS: [(&str, &[Part]); 5] = [
    ("限行区域、路段、时间和车型", &[Part::Restriction]),
    ("不受限制的车辆", &[Part::Exemption]),
    ("绕行路线", &[Part::Detour]),
    ("处罚", &[Part::Penalty]),
    ("施行和废止", &[Part::Force, Part::Repeal]),
];

/// One line of the paper before its annexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub role: Role,
    /// The number before the sentence, `（一）`.
    pub prefix: String,
    pub text: String,
    /// The place of its sentence in the notice; `None` for what belongs to the form.
    pub of: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Title,
    Number,
    Heading,
    Paragraph,
    Signature,
    /// A sentence in whose place somebody wrote nothing: it is not printed.
    LeftOut,
}

impl Line {
    fn of_form(role: Role, text: impl Into<String>) -> Self {
        Self { role, prefix: String::new(), text: text.into(), of: None }
    }

    fn block(self) -> Option<Block> {
        let text = format!("{}{}", self.prefix, self.text);
        Some(match self.role {
            Role::Title => Block::Title(text),
            Role::Number => Block::Number(text),
            Role::Heading => Block::Heading(text),
            Role::Paragraph => Block::Paragraph(text),
            Role::Signature => Block::Signature(text),
            Role::LeftOut => return None,
        })
    }
}

/// The paper line by line, without its annexes.
pub fn page_lines(notice: &Notice) -> Vec<Line> {
    let form = notice.head.form.key();
    let mut lines = Vec::new();
    sentences(notice, &[Part::Title], Role::Title, &mut lines);
    let number = notice.head.number.as_deref().unwrap_or("【待填：文号】");
    lines.push(Line::of_form(Role::Number, number));
    sentences(notice, &[Part::Purpose], Role::Paragraph, &mut lines);
    let mut number = 0;
    for (title, parts) in SECTIONS {
        if of(notice, parts).any(|(_, sentence)| !sentence.is_left_out()) {
            number += 1;
            let words = format!("{}、{title}", words::numeral(number));
            lines.push(Line::of_form(Role::Heading, words));
        }
        sentences(notice, parts, Role::Paragraph, &mut lines);
    }
    lines.push(Line::of_form(Role::Paragraph, format!("特此{form}。")));
    lines.push(Line::of_form(Role::Paragraph, ""));
    for annex in ["附件：1.限行区域和路段示意图", "　　　2.标志与摄像头设置一览"]
    {
        lines.push(Line::of_form(Role::Paragraph, annex));
    }
    lines.extend([Line::of_form(Role::Paragraph, ""), Line::of_form(Role::Paragraph, "")]);
    let issuer = notice.head.issuer.as_deref().unwrap_or("【待填：发布机关】");
    lines.push(Line::of_form(Role::Signature, issuer));
    lines.push(Line::of_form(Role::Signature, words::day(notice.date)));
    lines
}

fn of<'a>(notice: &'a Notice, parts: &'a [Part]) -> impl Iterator<Item = (usize, &'a Sentence)> {
    notice.sentences.iter().enumerate().filter(|(_, sentence)| parts.contains(&sentence.part))
}

/// The sentences of some parts, numbered where they are several.
fn sentences(notice: &Notice, parts: &[Part], role: Role, lines: &mut Vec<Line>) {
    let is_list = of(notice, parts).filter(|(_, sentence)| !sentence.is_left_out()).count() > 1;
    let mut item = 0;
    for (place, sentence) in of(notice, parts) {
        let is_left_out = sentence.is_left_out();
        item += usize::from(!is_left_out);
        let is_numbered = is_list && !is_left_out;
        lines.push(Line {
            role: if is_left_out { Role::LeftOut } else { role },
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
    let mut blocks: Vec<Block> = page_lines(notice).into_iter().filter_map(Line::block).collect();
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
    blocks
}
