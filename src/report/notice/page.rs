//! The notice laid out as a paper: text, signature, then map and schedule as annexes.

use geo_types::Coord;

use super::signs::{Entry, Watch};
use super::{Asked, Notice, Part, words};
use crate::domain::{Kind, Lang, World};
use crate::geodesy::wkb::{Bounds, bounds};
use crate::map::{
    self, Extent, Layer, Page, Paper, Scene, Sheet, compose, png_from_plate, sketch, tokens,
};
use crate::report::block::{Block, Picture, Table};

/// What the map of a notice shows.
const LAYERS: [&str; 4] = ["roads", "restrictions", "rings", "control_points"];
/// Around the orders, as a share of how far they reach, and at least so many degrees.
const MARGIN: f64 = 0.1;
const LEAST_MARGIN_DEG: f64 = 0.002;
const DPI: u32 = 200;

const SECTIONS: [(&str, &[Part]); 5] = [
    ("限行区域、路段、时间和车型", &[Part::Restriction]),
    ("不受限制的车辆", &[Part::Exemption]),
    ("绕行路线", &[Part::Detour]),
    ("处罚", &[Part::Penalty]),
    ("施行和废止", &[Part::Force, Part::Repeal]),
];

/// The paper. Without a picture the map is only named.
pub fn blocks(notice: &Notice, picture: Option<Picture>) -> Vec<Block> {
    let word = notice.form.word();
    let of = |parts: &[Part]| -> Vec<&str> {
        let wanted = notice.sentences.iter().filter(|sentence| parts.contains(&sentence.part));
        wanted.map(super::Sentence::text).collect()
    };
    let mut blocks: Vec<Block> =
        of(&[Part::Title]).into_iter().map(|text| Block::Title(text.to_owned())).collect();
    blocks.push(Block::Number("【待填：文号】".to_owned()));
    blocks.extend(of(&[Part::Purpose]).into_iter().map(|text| Block::Paragraph(text.to_owned())));
    let sections = SECTIONS.iter().map(|(title, parts)| (title, of(parts)));
    for (number, (title, texts)) in (1..).zip(sections.filter(|(_, texts)| !texts.is_empty())) {
        blocks.push(Block::Heading(format!("{}、{title}", words::numeral(number))));
        let is_list = texts.len() > 1;
        for (item, text) in (1..).zip(texts) {
            let item =
                if is_list { format!("（{}）", words::numeral(item)) } else { String::new() };
            blocks.push(Block::Paragraph(format!("{item}{text}")));
        }
    }
    blocks.push(Block::Paragraph(format!("特此{word}。")));
    blocks.push(Block::Paragraph("附件：1.限行区域和路段示意图".to_owned()));
    blocks.push(Block::Paragraph("附件：2.标志与摄像头设置一览".to_owned()));
    let issuer = notice.issuer.as_deref().unwrap_or("【待填：发布机关】");
    blocks.push(Block::Signature(issuer.to_owned()));
    blocks.push(Block::Signature(words::day(notice.date)));
    blocks.push(Block::Annex("附件1 限行区域和路段示意图".to_owned()));
    blocks.push(picture.map_or_else(|| Block::Paragraph("（见附图）".to_owned()), Block::Picture));
    blocks.push(Block::Annex("附件2 标志与摄像头设置一览".to_owned()));
    blocks.push(Block::Table(schedule(&notice.entries)));
    blocks.push(Block::Paragraph(
        "标志名称依据GB 5768.2；摄像机距入口50米以内且朝向来车方向的计为已覆盖。".to_owned(),
    ));
    blocks
}

fn schedule(entries: &[Entry]) -> Table {
    let header = ["序号", "措施", "位置", "经纬度", "标志", "辅助标志", "摄像机"];
    let is_list = entries.iter().any(|entry| entry.item > 1);
    let item = |entry: &Entry| {
        if is_list { format!("一（{}）", words::numeral(entry.item)) } else { "一".to_owned() }
    };
    let rows = (1..).zip(entries).map(|(number, entry): (usize, &Entry)| {
        let Coord { x, y } = entry.at;
        vec![
            number.to_string(),
            item(entry),
            entry.place.clone(),
            format!("{x:.5}, {y:.5}"),
            entry.sign.clone(),
            entry.plate.clone(),
            match &entry.watch {
                Watch::By(name) => format!("已覆盖：{name}"),
                Watch::UnknownDirection(name) => format!("{name}（朝向待填）"),
                Watch::Nobody => "未覆盖，需新设".to_owned(),
            },
        ]
    });
    Table {
        header: header.map(str::to_owned).to_vec(),
        widths: vec![5, 8, 25, 14, 17, 17, 14],
        rows: rows.collect(),
    }
}

/// The plan on the map, by the printer of every other map. `None` where it has no shape.
pub fn map(world: &World, asked: &Asked<'_>) -> Result<Option<Picture>, map::Error> {
    let mut shown = World::default();
    for kind in [Kind::Road, Kind::ControlPoint, Kind::Restriction] {
        let is_shown = |kind| kind != Kind::Restriction;
        let records = world.table(kind).iter();
        records
            .filter(|record| is_shown(kind) || record.text("plan") == asked.plan)
            .for_each(|record| shown.load(record.clone()));
    }
    let shapes = shown.table(Kind::Restriction).iter();
    let live = shapes.filter(|record| record.text("state") != "废止");
    let around = live.filter_map(|record| bounds(record.geometry.as_ref()?));
    let Some(around) = around.reduce(Bounds::joined_with) else { return Ok(None) };
    let sketch = sketch(&Scene { world: &shown, lang: Lang::Zh }, &|layer: &dyn Layer| {
        LAYERS.contains(&layer.key())
    });
    let page = Page::paper(Paper::A4, true, DPI)?;
    let sheet = Sheet {
        page,
        extent: Extent::Fit(widened(around)),
        title: "限行区域和路段示意图",
        lang: Lang::Zh,
        theme: tokens::LIGHT,
        date: asked.date,
        is_internal: false,
        base: None,
    };
    let plate = compose(&sketch, &sheet)?;
    Ok(Some(Picture {
        png: png_from_plate(&plate)?,
        width_px: page.width_px,
        height_px: page.height_px,
        words: "地图：限行区域和路段示意图".to_owned(),
    }))
}

fn widened(around: Bounds) -> Bounds {
    let size = around.max - around.min;
    let margin = Coord {
        x: (size.x * MARGIN).max(LEAST_MARGIN_DEG),
        y: (size.y * MARGIN).max(LEAST_MARGIN_DEG),
    };
    Bounds { min: around.min - margin, max: around.max + margin }
}
