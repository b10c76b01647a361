//! The annexes of a notice: its map, and the schedule of signs and cameras.

use geo_types::{Coord, Point};
use jiff::civil::Date;

use super::signs::SignPost;
use super::words;
use crate::domain::{Kind, Lang, OrderState, World};
use crate::exchange::{Cell, OutColumn, OutLayer, OutRow, ResultLayer};
use crate::geodesy::crs::Crs;
use crate::geodesy::wkb::{Bounds, bounds};
use crate::map::{
    self, Extent, LayerInput, Layout, PageSize, PaperSize, PrintSpec, compose, sketch, tokens,
};
use crate::report::block::{PaperTable, Picture};
use crate::report::inset::picture;

/// What the map of a notice shows.
const LAYERS: [&str; 4] = ["roads", "restrictions", "rings", "control_points"];
/// Around the orders, as a share of how far they reach, and at least so many degrees.
const MARGIN: f64 = 0.1;
const LEAST_MARGIN_DEG: f64 = 0.002;
const DPI: u32 = 200;

/// Of the schedule as a file, which has the coordinates in columns of their own.
const COLUMNS: [&str; 6] = ["序号", "措施", "位置", "标志", "辅助标志", "摄像机"];

/// The tables of signs and cameras, order by order, each with the plate below its signs.
pub fn schedules(entries: &[SignPost]) -> Vec<(String, PaperTable)> {
    let mut all: Vec<(String, PaperTable)> = Vec::new();
    let mut last = 0;
    for (row, entry) in schedule(entries).rows.into_iter().zip(entries) {
        if entry.item != last {
            last = entry.item;
            let item = words::numeral(entry.item);
            let plate = format!("第一条第（{item}）项。辅助标志：{}", entry.plate);
            let header = ["序号", "位置", "经纬度", "标志", "摄像机"];
            let header = header.map(str::to_owned).to_vec();
            let widths = vec![9, 36, 18, 22, 15];
            all.push((plate, PaperTable { header, widths, ..PaperTable::default() }));
        }
        if let (Some((_, table)), [number, _, place, at, sign, _, camera]) =
            (all.last_mut(), row.as_slice())
        {
            table.rows.push([number, place, at, sign, camera].map(String::clone).to_vec());
        }
    }
    all
}

/// The signs and cameras in one table.
pub fn schedule(entries: &[SignPost]) -> PaperTable {
    let header = ["序号", "措施", "位置", "经纬度", "标志", "辅助标志", "摄像机"];
    let rows = cells(entries).into_iter().zip(entries).map(|(mut row, entry)| {
        let Coord { x, y } = entry.at;
        row.insert(3, format!("{x:.5}, {y:.5}"));
        row
    });
    PaperTable {
        header: header.map(str::to_owned).to_vec(),
        widths: vec![5, 8, 25, 14, 17, 17, 14],
        rows: rows.collect(),
        ..PaperTable::default()
    }
}

/// Each entry as the schedule says it, without its coordinates.
fn cells(entries: &[SignPost]) -> Vec<Vec<String>> {
    let is_list = entries.iter().any(|entry| entry.item > 1);
    let item = |entry: &SignPost| {
        if is_list { format!("一（{}）", words::numeral(entry.item)) } else { "一".to_owned() }
    };
    let rows = (1..).zip(entries).map(|(number, entry): (usize, &SignPost)| {
        vec![
            number.to_string(),
            item(entry),
            entry.place.clone(),
            entry.sign.clone(),
            entry.plate.clone(),
            entry.watch.words(),
        ]
    });
    rows.collect()
}

/// The schedule as a layer of points, for any format that files go out in.
pub fn layer<'a>(entries: &'a [SignPost], crs: &'a Crs) -> OutLayer<'a> {
    let columns = COLUMNS.map(|name| OutColumn { name: name.to_owned(), field: None });
    let rows = cells(entries).into_iter().zip(entries).map(|(row, entry)| OutRow {
        cells: row.into_iter().map(|cell| Cell::Text(cell.into())).collect(),
        geometry: Some(Point(crs.from_wgs84(entry.at)).into()),
    });
    OutLayer {
        kind: Kind::Camera,
        result: Some(ResultLayer::SIGNS),
        crs,
        columns: columns.to_vec(),
        filter: String::new(),
        rows: Box::new(rows),
    }
}

/// The plan on the map as a picture for a paper. `None` where it has no shape.
pub fn map(world: &World, plan: &str, date: Date) -> Result<Option<Picture>, map::Error> {
    let Some(layout) = map_layout(world, plan, date, DPI)? else { return Ok(None) };
    picture(&layout, "地图：限行区域和路段示意图".to_owned()).map(Some)
}

/// The plan on the map, by the printer of every other map.
pub fn map_layout(
    world: &World,
    plan: &str,
    date: Date,
    dpi: u32,
) -> Result<Option<Layout>, map::Error> {
    let mut shown = World::default();
    for kind in [Kind::Road, Kind::ControlPoint, Kind::Restriction] {
        let is_shown = |kind| kind != Kind::Restriction;
        let records = world.table(kind).iter();
        records
            .filter(|record| is_shown(kind) || record.text("plan") == plan)
            .for_each(|record| shown.load(record.clone()));
    }
    let shapes = shown.table(Kind::Restriction).iter();
    let live = shapes.filter(|record| !OrderState::Revoked.is_of(record));
    let around = live.filter_map(|record| bounds(record.geometry.as_ref()?));
    let Some(around) = around.reduce(Bounds::joined_with) else { return Ok(None) };
    let sketch =
        sketch(&LayerInput { world: &shown, lang: Lang::Zh }, &|layer: &dyn map::Layer| {
            LAYERS.contains(&layer.key())
        });
    let page = PageSize::paper(PaperSize::A4, true, dpi)?;
    let sheet = PrintSpec {
        page,
        extent: Extent::Fit(widened(around)),
        title: "限行区域和路段示意图",
        lang: Lang::Zh,
        theme: tokens::LIGHT,
        date,
        is_internal: false,
        seal: None,
        base: None,
    };
    compose(&sketch, &sheet).map(Some)
}

fn widened(around: Bounds) -> Bounds {
    let size = around.max - around.min;
    let margin = Coord {
        x: (size.x * MARGIN).max(LEAST_MARGIN_DEG),
        y: (size.y * MARGIN).max(LEAST_MARGIN_DEG),
    };
    Bounds { min: around.min - margin, max: around.max + margin }
}
