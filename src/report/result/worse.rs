//! Who is worse off: townships that get more trucks, places that are newly passed or no longer
//! reached, roads that take the detours.

use geo::Contains as _;
use geo_types::{Coord, Geometry, Point};

use super::{ResultRequest, listed, sheet};
use crate::domain::figures::{figure, percent, signed};
use crate::domain::{AreaRole, Kind, Lang};
use crate::network::roads::rising;
use crate::network::sites::{PassedSite, RoadsideSite};
use crate::network::totals::is_cut_off;
use crate::report::block::Block;

/// Of a township, truck·km a day.
struct TownshipLoad<'a> {
    name: &'a str,
    outline: &'a Geometry<f64>,
    before: f64,
    after: f64,
}

/// A change below this is none, truck·km a day.
const SOME_KM: f64 = 0.5;

pub fn blocks(asked: &ResultRequest<'_>) -> Vec<Block> {
    let mut blocks = vec![Block::Subheading("（一）货车增多的乡镇街道".to_owned())];
    blocks.extend(townships(asked));
    blocks.push(Block::Subheading("（二）新增货车经过的学校、医院和村庄".to_owned()));
    blocks.extend(passed(asked));
    blocks.push(Block::Subheading("（三）不能到达的单位和车流".to_owned()));
    blocks.extend(cut_off(asked));
    blocks.push(Block::Subheading("（四）货车增多的道路".to_owned()));
    blocks.extend(roads(asked));
    blocks
}

fn townships(asked: &ResultRequest<'_>) -> Vec<Block> {
    let areas = asked.world.table(Kind::Area).iter();
    let mut loads: Vec<TownshipLoad<'_>> = areas
        .filter(|area| AreaRole::Township.is_of(area))
        .filter_map(|area| {
            let outline = area.geometry.as_ref()?;
            Some(TownshipLoad { name: area.name(), outline, before: 0.0, after: 0.0 })
        })
        .collect();
    if loads.is_empty() {
        let words = "未导入乡镇街道边界，不能按乡镇统计。";
        return vec![Block::Paragraph(words.to_owned())];
    }
    let network = &asked.prepared.network;
    let (before, after) = (&asked.comparison.before, &asked.comparison.after);
    let volumes = before.volumes.iter().zip(&after.volumes);
    for ((number, edge), (before, after)) in (0_u32..).zip(&network.edges).zip(volumes) {
        if before.max(*after) <= 0.0 {
            continue;
        }
        let Some(Coord { x, y }) = network.middle_of(number) else { continue };
        let is_in = |load: &&mut TownshipLoad<'_>| load.outline.contains(&Point::new(x, y));
        if let Some(load) = loads.iter_mut().find(is_in) {
            let km = f64::from(edge.length_m) / 1000.0;
            load.before += before * km;
            load.after += after * km;
        }
    }
    let mut worse: Vec<TownshipLoad<'_>> =
        loads.into_iter().filter(|load| load.after - load.before >= SOME_KM).collect();
    worse.sort_by(|a, b| (b.after - b.before).total_cmp(&(a.after - a.before)));
    let rows = worse.into_iter().map(|TownshipLoad { name, before, after, .. }| {
        let change = percent(before, after, Lang::Zh).unwrap_or_default();
        vec![name.to_owned(), figure(before), figure(after), change]
    });
    let header = ["乡镇街道", "现状 货车·公里/日", "方案 货车·公里/日", "变化"];
    listed(sheet(&header, &[34, 24, 24, 18], rows.collect()), asked.most_rows)
}

fn passed(asked: &ResultRequest<'_>) -> Vec<Block> {
    let rows = asked.comparison.passed.iter().map(|PassedSite { site, before, after }| {
        vec![site.name.clone(), site.kind.label().zh.to_owned(), figure(*before), figure(*after)]
    });
    let header = ["名称", "类型", "现状 辆/日", "方案 辆/日"];
    listed(sheet(&header, &[46, 22, 16, 16], rows.collect()), asked.most_rows)
}

fn cut_off(asked: &ResultRequest<'_>) -> Vec<Block> {
    let site = |site: &RoadsideSite, how: &str| {
        vec![site.name.clone(), site.kind.label().zh.to_owned(), String::new(), how.to_owned()]
    };
    let comparison = asked.comparison;
    let (none, pass) = ("无路可达", "持通行证可达");
    let mut rows: Vec<Vec<String>> =
        comparison.cut_off.iter().map(|place| site(place, none)).collect();
    rows.extend(comparison.by_pass.iter().map(|place| site(place, pass)));
    let gates = &asked.prepared.gates;
    let lost = comparison.trips(asked.prepared).filter(|(_, old, new)| is_cut_off(old, new));
    rows.extend(lost.map(|(flow, ..)| {
        let ends = format!("{} → {}", flow.from_words(gates), flow.to_words(gates));
        let per_day = figure(flow.per_day);
        vec![ends, "车流".to_owned(), per_day, none.to_owned()]
    }));
    let header = ["名称", "类型", "辆/日", "情况"];
    listed(sheet(&header, &[50, 18, 12, 20], rows), asked.most_rows)
}

fn roads(asked: &ResultRequest<'_>) -> Vec<Block> {
    let (before, after) = (&asked.comparison.before, &asked.comparison.after);
    let rising = rising(asked.prepared, before, after);
    let network = &asked.prepared.network;
    let rows = rising.into_iter().filter(|road| road.gain() >= 0.5).filter_map(|road| {
        let name = network.roads.get(road.road as usize)?.label().to_owned();
        let gain = signed(road.gain());
        Some(vec![name, figure(road.before), figure(road.after), gain])
    });
    let header = ["道路（增加最多的一段）", "现状 辆/日", "方案 辆/日", "增加"];
    listed(sheet(&header, &[52, 16, 16, 16], rows.collect()), asked.most_rows)
}
