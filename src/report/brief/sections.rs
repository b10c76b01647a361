//! The sections of a brief: one struct and one line in [`ALL`] each.

use std::collections::BTreeMap;

use super::figures::{day, share};
use super::{Asked, Section, map};
use crate::analysis::decisions::{Standing, decisions};
use crate::analysis::standards::{FEW, Rate, rates};
use crate::analysis::{Index, Options, counts, is_not_up_to_standard, rings};
use crate::domain::{Field, FieldType, Kind, Record, RecordId, Value, World};
use crate::map::Error;
use crate::report::block::{Block, Table};
use crate::report::notice::words::hours;

pub(super) const ALL: &[&dyn Section] = &[
    &Decisions,
    &Rings,
    &RingsMap,
    &StandardsMap,
    &Townships,
    &Departments,
    &Failing,
    &TrafficMap,
    &Congestion,
    &Restrictions,
    &Changes,
];

type Blocks = Result<Vec<Block>, Error>;

/// Rows of a list in a paper; the annex has all.
const MOST_ROWS: usize = 60;

fn table(header: &[&str], widths: &[u32], mut rows: Vec<Vec<String>>) -> Vec<Block> {
    if rows.is_empty() {
        return vec![Block::Paragraph("无。".to_owned())];
    }
    let left_out = rows.len().saturating_sub(MOST_ROWS);
    rows.truncate(MOST_ROWS);
    let header = header.iter().map(|words| (*words).to_owned()).collect();
    let mut blocks = vec![Block::Table(Table { header, widths: widths.to_vec(), rows })];
    if left_out > 0 {
        blocks.push(Block::Paragraph(format!("另有{left_out}条未列出，见台账。")));
    }
    blocks
}

fn map_of(asked: &Asked<'_>, around: Kind, layers: &[&str], title: &'static str) -> Blocks {
    let picture = map::picture(asked.now, around, layers, title, asked.until)?;
    Ok(picture.map(Block::Picture).into_iter().collect())
}

/// The value of a field as people read it.
fn words(record: &Record, key: &str) -> String {
    let field = record.kind.field(key);
    if field.is_some_and(|field| field.ty == FieldType::Hours) {
        // Orders without hours hold all day; of a queue nothing is known then.
        let text = record.text(key);
        let is_unknown = text.is_empty() && record.kind != Kind::Restriction;
        return if is_unknown { String::new() } else { hours(text) };
    }
    let choices = field.and_then(Field::choices).unwrap_or_default();
    let value = record.get(key).map(Value::to_cell).unwrap_or_default();
    let known = choices.iter().find(|choice| choice.key == value);
    known.map_or(value, |choice| choice.label.zh.to_owned())
}

struct Decisions;

impl Section for Decisions {
    fn key(&self) -> &'static str {
        "decisions"
    }

    fn blocks(&self, asked: &Asked<'_>) -> Blocks {
        let all = decisions(asked.now, asked.meeting, asked.until);
        let row = |(standing, decision): (Standing, &std::sync::Arc<Record>)| {
            let standing = match standing {
                Standing::Overdue => "逾期",
                Standing::Open => "未完成",
                Standing::ClosedLate => "逾期完成",
                Standing::ClosedOnTime => "按时完成",
                Standing::Dropped => "撤销",
            };
            let text = |key: &str| words(decision, key);
            vec![
                decision.name().to_owned(),
                text("owner"),
                text("due"),
                standing.to_owned(),
                text("result"),
            ]
        };
        let header = ["决定", "责任单位", "时限", "状态", "落实情况"];
        Ok(table(&header, &[34, 16, 15, 12, 23], all.into_iter().map(row).collect()))
    }
}

struct RingsMap;

impl Section for RingsMap {
    fn key(&self) -> &'static str {
        "rings_map"
    }

    fn blocks(&self, asked: &Asked<'_>) -> Blocks {
        let layers = ["areas", "roads", "rings", "sites", "control_points"];
        map_of(asked, Kind::ControlPoint, &layers, "控制点与控制圈")
    }
}

struct Rings;

impl Section for Rings {
    fn key(&self) -> &'static str {
        "rings"
    }

    /// A row a ring: how many of each kind, and how many of them are not up to standard.
    fn blocks(&self, asked: &Asked<'_>) -> Blocks {
        const KINDS: [(&str, &str); 5] = [
            ("construction", "工地"),
            ("restaurant", "餐饮"),
            ("enterprise", "企业"),
            ("parking", "停车场"),
            ("stockpile", "堆场"),
        ];
        let options = Options { kinds: vec![Kind::Site], ..Options::default() };
        let index = Index::of_kinds(asked.now, &options.kinds);
        let inside = rings(asked.now, &index, &options);
        let mut rows: Vec<(String, [(usize, usize); KINDS.len()])> = Vec::new();
        for count in counts(&inside) {
            let ring = format!("{} {} m", count.control_point.name(), count.radius_m);
            if rows.last().is_none_or(|(known, _)| *known != ring) {
                rows.push((ring, Default::default()));
            }
            let place = KINDS.iter().position(|(key, _)| *key == count.kind);
            let cell = rows.last_mut().zip(place).and_then(|((_, cells), at)| cells.get_mut(at));
            if let Some((all, failing)) = cell {
                *all += count.count;
                *failing += count.not_up_to_standard;
            }
        }
        let cell = |(all, failing): (usize, usize)| match failing {
            0 => all.to_string(),
            _ => format!("{all}（{failing}未达标）"),
        };
        let rows = rows.into_iter().map(|(ring, cells)| {
            std::iter::once(ring).chain(cells.into_iter().map(cell)).collect()
        });
        let header: Vec<&str> =
            std::iter::once("控制圈").chain(KINDS.map(|(_, words)| words)).collect();
        Ok(table(&header, &[30, 18, 18, 12, 12, 10], rows.collect()))
    }
}

struct StandardsMap;

impl Section for StandardsMap {
    fn key(&self) -> &'static str {
        "standards_map"
    }

    fn blocks(&self, asked: &Asked<'_>) -> Blocks {
        let layers = ["areas", "roads", "rings", "sites", "control_points"];
        map_of(asked, Kind::Site, &layers, "工地和餐饮达标情况")
    }
}

struct Townships;

impl Section for Townships {
    fn key(&self) -> &'static str {
        "townships"
    }

    fn blocks(&self, asked: &Asked<'_>) -> Blocks {
        Ok(rates_table(asked, "township", "乡镇街道"))
    }
}

struct Departments;

impl Section for Departments {
    fn key(&self) -> &'static str {
        "departments"
    }

    fn blocks(&self, asked: &Asked<'_>) -> Blocks {
        Ok(rates_table(asked, "department", "监管部门"))
    }
}

/// Construction sites and restaurants, now and in the period before.
fn rates_table(asked: &Asked<'_>, by: &str, words: &str) -> Vec<Block> {
    const KINDS: [(&str, &str); 2] = [("construction", "工地"), ("restaurant", "餐饮")];
    let mut rows = Vec::new();
    for (kind, what) in KINDS {
        let before = asked.then.map(|then| rates(then, kind, by)).unwrap_or_default();
        for rate in rates(asked.now, kind, by) {
            let known = before.iter().find(|known| known.of == rate.of);
            rows.push(rate_row(&rate, known, what));
        }
    }
    let header = [words, "类型", "在册", "已查", "达标", "达标率", "上期"];
    table(&header, &[26, 12, 10, 10, 10, 20, 12], rows)
}

fn rate_row(rate: &Rate, before: Option<&Rate>, what: &str) -> Vec<String> {
    let few = if rate.is_few() && rate.inspected > 0 {
        format!("{}（样本少，n<{FEW}）", share(rate))
    } else {
        share(rate)
    };
    vec![
        if rate.of.is_empty() { "未填".to_owned() } else { rate.of.clone() },
        what.to_owned(),
        rate.count.to_string(),
        rate.inspected.to_string(),
        rate.up_to_standard.to_string(),
        few,
        before.map_or_else(|| "—".to_owned(), share),
    ]
}

struct Failing;

impl Section for Failing {
    fn key(&self) -> &'static str {
        "failing"
    }

    /// Every site with an item that is 不合格, and which.
    fn blocks(&self, asked: &Asked<'_>) -> Blocks {
        let sites = asked.now.table(Kind::Site).iter();
        let mut failing: Vec<_> = sites.filter(|site| is_not_up_to_standard(site)).collect();
        failing.sort_by_key(|site| (site.text("township"), site.name(), site.id));
        let row = |site: &std::sync::Arc<Record>| {
            let bad = site.values().filter(|(_, value)| **value == Value::Choice("不合格"));
            let items: Vec<&str> = bad.map(|(field, _)| field.label.zh).collect();
            vec![
                site.name().to_owned(),
                words(site, "kind"),
                site.text("township").to_owned(),
                items.join("、"),
                site.text("department").to_owned(),
                site.text("person").to_owned(),
            ]
        };
        let header = ["不达标点位", "类型", "乡镇街道", "不合格项", "监管部门", "责任人"];
        Ok(table(&header, &[28, 10, 17, 23, 12, 10], failing.into_iter().map(row).collect()))
    }
}

struct TrafficMap;

impl Section for TrafficMap {
    fn key(&self) -> &'static str {
        "traffic_map"
    }

    fn blocks(&self, asked: &Asked<'_>) -> Blocks {
        let layers =
            ["areas", "roads", "congestion", "restrictions", "rings", "cameras", "control_points"];
        let has_orders = !asked.now.table(Kind::Restriction).is_empty();
        let around = if has_orders { Kind::Restriction } else { Kind::Congestion };
        map_of(asked, around, &layers, "拥堵与限行措施")
    }
}

struct Congestion;

impl Section for Congestion {
    fn key(&self) -> &'static str {
        "congestion"
    }

    fn blocks(&self, asked: &Asked<'_>) -> Blocks {
        let row = |record: &std::sync::Arc<Record>| {
            let text = |key: &str| words(record, key);
            vec![
                record.name().to_owned(),
                text("cause"),
                text("hours"),
                text("severity"),
                text("trucks_per_hour"),
            ]
        };
        let all = asked.now.table(Kind::Congestion).iter().map(row).collect();
        Ok(table(&["拥堵怠速", "成因", "时段", "程度", "货车 辆/小时"], &[36, 12, 26, 10, 16], all))
    }
}

struct Restrictions;

impl Section for Restrictions {
    fn key(&self) -> &'static str {
        "restrictions"
    }

    fn blocks(&self, asked: &Asked<'_>) -> Blocks {
        let row = |record: &std::sync::Arc<Record>| {
            let text = |key: &str| words(record, key);
            let dates = [text("valid_from"), text("valid_to")].join("至");
            vec![
                record.name().to_owned(),
                text("kind"),
                text("plan"),
                text("hours"),
                dates,
                text("state"),
            ]
        };
        let live = |record: &&std::sync::Arc<Record>| record.text("state") != "废止";
        let all = asked.now.table(Kind::Restriction).iter().filter(live).map(row).collect();
        let header = ["措施", "类型", "方案", "时段", "起止日期", "状态"];
        Ok(table(&header, &[30, 9, 21, 16, 15, 9], all))
    }
}

struct Changes;

impl Section for Changes {
    fn key(&self) -> &'static str {
        "changes"
    }

    /// By layer: what is new, changed and gone since the period before.
    fn blocks(&self, asked: &Asked<'_>) -> Blocks {
        let Some(then) = asked.then else {
            return Ok(vec![Block::Paragraph(format!("{}之前没有记录。", day(asked.from)))]);
        };
        let changed = |kind: Kind| {
            let [now, before] = [asked.now, then].map(|world| by_id(world, kind));
            let new = now.keys().filter(|id| !before.contains_key(id)).count();
            let gone = before.keys().filter(|id| !now.contains_key(id)).count();
            let is_other = |(id, record): &(&RecordId, &&Record)| {
                before.get(id).is_some_and(|known| !known.says_the_same_as(record))
            };
            (new, now.iter().filter(is_other).count(), gone)
        };
        let rows = Kind::ALL.into_iter().filter_map(|kind| {
            let (new, other, gone) = changed(kind);
            let cells = [new, other, gone].map(|count| count.to_string());
            (new + other + gone > 0)
                .then(|| std::iter::once(kind.label().zh.to_owned()).chain(cells).collect())
        });
        Ok(table(&["图层", "新增", "修改", "删除"], &[40, 20, 20, 20], rows.collect()))
    }
}

fn by_id(world: &World, kind: Kind) -> BTreeMap<RecordId, &Record> {
    world.table(kind).iter().map(|record| (record.id, &**record)).collect()
}
