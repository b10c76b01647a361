//! The ledger in the columns of an office: each head is a field of the items by one of its names, a
//! column of the list that an item came from, or something that follows from both.

use geo_types::{Coord, Geometry};
use jiff::civil::DateTime;

use super::lists;
use super::lists::SheetRows::{
    self, DoneByUnit, Duties, Enterprises, HandedByUnit, Items, Measures,
};
use crate::analysis::ledger::{Ledger, LedgerRow, Stages};
use crate::analysis::{RingOptions, control_points};
use crate::domain::item::{VERDICTS, is_case, is_moment, lacking, moment, moment_words, steps};
use crate::domain::{Field, FieldType, ItemState, Kind, Record, Value, World};
use crate::exchange::meaning::names::{meanings, normal};
use crate::geodesy::local::LocalFrame;
use crate::report::block::PaperTable;

/// A way of an office to lay out its ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetLayout {
    pub name: String,
    /// The heads of its columns, in their order.
    pub heads: Vec<String>,
    pub rows: SheetRows,
}

/// Layouts that come with the program: the whole ledger, and the heads of lists that offices publish.
const SHIPPED: [(&str, &str, SheetRows); 15] = [
    (
        "问题台账",
        "序号 编号 来源 发现时间 发现人/单位 乡镇(街道) 点位/地址 经纬度 距站点 类别 问题描述 照片(前) 责任单位 \
         责任人 电话 分包领导 监管部门 整改措施/要求 整改时限 交办单号/时间 签收时间 整改情况 完成时间 照片(后) \
         核查人/时间/结论 复核人/时间/结论 状态 销号时间 销号依据 超期天数 退回次数 一案三查 备注 缺证据",
        Items,
    ),
    (
        "群众信访举报转办和边督边改公开情况一览表",
        "序号 受理编号 交办问题基本情况 行政区域 污染类型 调查核实情况 是否属实 处理和整改情况 是否办结 \
         责任人被处理情况",
        Items,
    ),
    ("扬尘问题日报", "序号 项目名称 所属区域(街道) 建设单位 监理单位 施工单位 存在问题", Items),
    ("行动计划任务清单", "序号 重点任务 工作措施 牵头部门 主责单位 协办单位 完成时限", Items),
    (
        "问题交办清单",
        "序号 核查交办日期 交办文号 交办单位 接收单位 核查内容 核查要求 要求完成时间 核查类型 核查重点 核查方法 \
         配合部门 核查负责人 联系方式 报告要求 备注",
        Items,
    ),
    ("职责清单", "序号 工作任务和内容 责任单位 配合单位 完成时间", Items),
    (
        "街面事项清单",
        "专项办单位 交办单位 来源 地点 法律法规 交办事项概述 整改要求 整改时间 联系人",
        Items,
    ),
    ("信访办结公示", "受理编号 群众反映的问题 整改措施 整改成效 公示期 联系电话 地址", Items),
    ("网民留言办理", "留言时间 转办时间 答复时间 答复单位 问 答", Items),
    (
        "隐患清单",
        "序号 具体问题 排查人 排查时间 下发时间 整改时限 最近整改时间 完成/作废时间 状态",
        Items,
    ),
    ("移交件数统计表", "乡镇(街道)、区直部门 移交件数 水 大气 土壤 生态 噪声 其他", HandedByUnit),
    ("突出问题清单汇总", "责任单位 发现问题 已完成 未完成 未完成问题", DoneByUnit),
    ("绩效评级名单", "序号 区县 企业名称 行业类别 绩效等级", Enterprises),
    (
        "应急减排清单",
        "序号 企业名称 区 街乡镇 所属工业园区 是否重点排污单位 是否有在线监测 重点行业类型 管控类型 \
         黄色预警减排措施 橙色预警减排措施 红色预警减排措施 生产线数量/描述 备用生产线描述 \
         统一社会信用代码 排污许可证编号 用电总表编号 SO2年排放量 NOx年排放量 VOCs年排放量 颗粒物年排放量 \
         联系人 联系方式",
        Measures,
    ),
    (
        "分包责任表",
        "序号 分包领导 职务 分包乡镇 分包企业/工地/道路 乡镇责任人 部门责任人 网格员 电话 起止日期",
        Duties,
    ),
];

impl SheetLayout {
    /// Those that come with the program, the whole ledger first.
    pub fn shipped() -> Vec<Self> {
        let layout = |(name, heads, rows): (&str, &str, SheetRows)| Self {
            name: name.to_owned(),
            heads: heads.split_whitespace().map(str::to_owned).collect(),
            rows,
        };
        SHIPPED.into_iter().map(layout).collect()
    }

    /// What is said below its table; nothing where it needs no word.
    pub const fn note(&self) -> Option<&'static str> {
        match self.rows {
            HandedByUnit | DoneByUnit => Some(lists::SUMS),
            Items | Enterprises | Measures | Duties => None,
        }
    }

    /// By its name, or a part of it.
    pub fn called(name: &str) -> Option<Self> {
        Self::shipped().into_iter().find(|layout| layout.name.contains(name))
    }

    /// One of an office: heads on one line, parted by tabs or commas, or one a line.
    pub fn read(name: &str, text: &str) -> Option<Self> {
        let parts = text.trim_start_matches('\u{feff}').split(['\t', ',', '，', '\n', '\r']);
        let heads: Vec<String> =
            parts.map(|head| head.trim().to_owned()).filter(|head| !head.is_empty()).collect();
        (!heads.is_empty()).then(|| Self { name: name.to_owned(), heads, rows: Items })
    }
}

/// Who may see what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetOptions {
    /// Names and phones as they are; else 李* and 138****0000.
    pub with_persons: bool,
    /// With what became of people: 处理、处罚、问责.
    pub with_sanctions: bool,
}

/// What cells are made of.
pub struct Cells<'a> {
    pub now: DateTime,
    pub options: SheetOptions,
    world: &'a World,
    stages: &'a Stages,
    points: Vec<(&'a Record, Coord<f64>)>,
}

pub(super) const LACKING: &str = "缺证据";

/// A ledger, or some rows of it, as a table. What lacks evidence stands in red, and says so in a column
/// of its own whether or not the layout has one.
pub fn table(
    layout: &SheetLayout,
    rows: &[&LedgerRow],
    cells: &Cells<'_>,
    filter: String,
) -> PaperTable {
    if let Some(table) = lists::table(layout, cells.world, rows, cells.options) {
        return PaperTable { filter, ..table };
    }
    let mut heads = layout.heads.clone();
    let lacks_any = rows.iter().any(|row| row.lacks);
    if lacks_any && !heads.iter().any(|head| head == LACKING) {
        heads.push(LACKING.to_owned());
    }
    let of_lacks = heads.iter().position(|head| head == LACKING);
    let sources: Vec<CellOf> = heads.iter().map(|head| CellOf::head(head)).collect();
    let mut table = PaperTable { filter, ..PaperTable::default() };
    for (place, row) in rows.iter().enumerate() {
        let line = heads.iter().zip(&sources).map(|(head, source)| {
            let brought = brought(&row.record, head, source);
            brought.unwrap_or_else(|| cells.cell(source, row, place + 1))
        });
        let line = line.collect();
        table.rows.push(line);
        if row.lacks {
            table.act.extend(of_lacks.map(|column| (place, column)));
        }
    }
    table.widths = heads.iter().map(|head| width(head)).collect();
    table.header = heads;
    table
}

pub(super) fn width(head: &str) -> u32 {
    match head.chars().count() {
        _ if head.contains("描述") || head.contains("情况") || head.contains("问题") => 16,
        0..=2 => 5,
        3..=5 => 8,
        _ => 11,
    }
}

/// Where the cells of a head come from.
#[derive(Clone, Debug)]
pub enum CellOf {
    Number,
    Field(&'static Field),
    /// A column of the outside list.
    Extra(String),
    Place,
    Distance,
    OrderAndTime,
    Checked,
    Reviewed,
    Finished,
    DaysLate,
    ThreeChecks,
    Lacking,
    Stage,
    NextStage,
    Papers,
    Remaining,
}

impl CellOf {
    /// What a head means. One that nobody knows is a column that the item was brought with.
    pub fn head(head: &str) -> Self {
        match normal(head).as_str() {
            "序号" => Self::Number,
            "经纬度" => Self::Place,
            "距站点" | "距站点m" | "距站点m+圈" => Self::Distance,
            "交办单号/时间" | "前次交办" => Self::OrderAndTime,
            "核查人/时间/结论" => Self::Checked,
            "复核人/时间/结论" => Self::Reviewed,
            "是否办结" => Self::Finished,
            "超期天数" => Self::DaysLate,
            "剩余天数" => Self::Remaining,
            "一案三查" => Self::ThreeChecks,
            LACKING => Self::Lacking,
            "督办级别" => Self::Stage,
            "下一步督办" => Self::NextStage,
            "佐证材料" => Self::Papers,
            _ => {
                let found = meanings(head).fields;
                let own = found.iter().filter(|candidate| candidate.kind == Kind::Item);
                let best = own.min_by_key(|candidate| candidate.rank);
                let field = best
                    .filter(|candidate| candidate.rank < 6)
                    .and_then(|candidate| Kind::Item.fields().get(usize::from(candidate.field)));
                field.map_or_else(|| Self::Extra(head.to_owned()), Self::Field)
            }
        }
    }
}

impl<'a> Cells<'a> {
    /// For the items of a district at a moment.
    pub fn of(world: &'a World, ledger: &'a Ledger, now: DateTime, options: SheetOptions) -> Self {
        let points = control_points(world, &RingOptions::default());
        let points = points.into_iter().map(|(point, at)| (&**point, at)).collect();
        Self { now, options, world, stages: &ledger.stages, points }
    }

    /// A cell of a row, which is the so-manieth.
    pub fn cell(&self, of: &CellOf, row: &LedgerRow, number: usize) -> String {
        let item = &row.record;
        match of {
            CellOf::Number => number.to_string(),
            CellOf::Field(field) => self.field(item, field),
            CellOf::Extra(name) => extra(item, name),
            CellOf::Place => {
                place(item).map_or_else(String::new, |at| format!("{:.6},{:.6}", at.x, at.y))
            }
            CellOf::Distance => self.distance(item),
            CellOf::OrderAndTime => joined([
                item.text("order_code").to_owned(),
                row.handed.map_or_else(String::new, moment_words),
            ]),
            CellOf::Checked => self.three(item, "checked_by", "checked_at", "finding"),
            CellOf::Reviewed => self.three(item, "reviewed_by", "reviewed_at", "review"),
            CellOf::Finished => finished(row.state).to_owned(),
            CellOf::DaysLate => match row.days_late(self.now) {
                0 => String::new(),
                days => days.to_string(),
            },
            CellOf::Remaining => self.remaining(row),
            CellOf::ThreeChecks => three_checks(item),
            CellOf::Lacking => lacks(item),
            CellOf::Stage => {
                self.stages.reached(row, self.now).map_or_else(String::new, |s| s.name.clone())
            }
            CellOf::NextStage => self.stages.next(row, self.now).map_or_else(String::new, |next| {
                format!("{} {}", moment_words(next.1), next.0.name)
            }),
            CellOf::Papers => item.attachments().collect::<Vec<_>>().join("、"),
        }
    }

    /// The stage that the worst of some rows has reached.
    pub fn worst_stage(&self, rows: &[&LedgerRow]) -> Option<&'a crate::analysis::ledger::Stage> {
        let reached = rows.iter().filter_map(|row| self.stages.reached(row, self.now));
        reached.max_by(|a, b| a.after_due_h.total_cmp(&b.after_due_h))
    }

    fn field(&self, item: &Record, field: &Field) -> String {
        let is_hidden = field.key == "accountability" && !self.options.with_sanctions;
        let Some(value) = item.get(field.key).filter(|_| !is_hidden) else { return String::new() };
        if is_moment(Kind::Item, field.key) {
            // As an outside list wrote it, or as we count.
            let text = value.to_cell();
            let is_ours = text.len() == "2026-11-23T10:00".len() && text.contains('T');
            return match moment(item, field.key).filter(|_| is_ours) {
                Some(at) => moment_words(at),
                None => text,
            };
        }
        let text = match value {
            Value::Words(words) => {
                words.iter().map(|word| label(field, word)).collect::<Vec<_>>().join("、")
            }
            Value::Boolean(truth) => if *truth { "是" } else { "否" }.to_owned(),
            value => label(field, &value.to_cell()),
        };
        match field.key {
            "phone" if !self.options.with_persons => masked_phone(&text),
            "person" | "found_by" | "mended_by" | "checked_by" | "reviewed_by"
                if !self.options.with_persons =>
            {
                masked_name(&text)
            }
            _ => text,
        }
    }

    fn three(&self, item: &Record, by: &str, at: &str, what: &str) -> String {
        let name = item.text(by);
        let name = if self.options.with_persons { name.to_owned() } else { masked_name(name) };
        let when = moment(item, at).map_or_else(|| item.text(at).to_owned(), moment_words);
        joined([name, when, item.text(what).to_owned()])
    }

    fn remaining(&self, row: &LedgerRow) -> String {
        let due = row.due.filter(|due| row.state.is_open() && *due >= self.now);
        due.map_or_else(String::new, |due| {
            ((due.duration_since(self.now).as_hours() + 23) / 24).to_string()
        })
    }

    /// `丰润区政府 430 m（500 m 圈）`: the nearest control point, and its innermost ring around the item.
    fn distance(&self, item: &Record) -> String {
        let Some(at) = place(item) else { return String::new() };
        let frame = LocalFrame::at(at);
        let nearest = self.points.iter().map(|(point, center)| (frame.distance_m(*center), *point));
        let Some((distance_m, point)) = nearest.min_by(|a, b| a.0.total_cmp(&b.0)) else {
            return String::new();
        };
        let ring = point.radii_m().into_iter().find(|radius_m| distance_m <= *radius_m);
        let ring = ring.map_or_else(String::new, |radius_m| format!("（{radius_m:.0} m 圈）"));
        format!("{} {distance_m:.0} m{ring}", point.name())
    }
}

/// The word with which a list brought a value that the item still has.
fn brought(item: &Record, head: &str, source: &CellOf) -> Option<String> {
    let field = match source {
        CellOf::Field(field) => *field,
        CellOf::Finished => Kind::Item.field("state")?,
        _ => return None,
    };
    let word = extra(item, head);
    if word.is_empty() || matches!(field.ty, FieldType::Text | FieldType::Phone) {
        return None;
    }
    let value = Value::parse(field, &word).ok()??;
    (item.get(field.key) == Some(&value)).then_some(word)
}

/// 一案三查: the three verdicts, and of a case those that nobody has given yet.
fn three_checks(item: &Record) -> String {
    if !is_case(item) {
        return String::new();
    }
    let said = VERDICTS.iter().map(|(key, whose)| {
        let verdict = item.text(key).trim();
        format!("{}：{}", whose.zh, if verdict.is_empty() { "未结论" } else { verdict })
    });
    said.collect::<Vec<_>>().join("；")
}

/// What is lacking, with the reasons that were given.
pub fn lacks(item: &Record) -> String {
    let now = lacking(item);
    if now.is_empty() {
        return String::new();
    }
    let labels: Vec<&str> = now.iter().map(|lack| lack.label().zh).collect();
    let reasons: Vec<String> = steps(item)
        .unwrap_or_default()
        .into_iter()
        .filter(|step| step.lacks().any(|lack| now.contains(&lack)) && !step.reason.is_empty())
        .map(|step| step.reason)
        .collect();
    let labels = labels.join("、");
    if reasons.is_empty() { labels } else { format!("{labels}（{}）", reasons.join("；")) }
}

const fn finished(state: ItemState) -> &'static str {
    match state {
        ItemState::Closed | ItemState::Refuted => "已办结",
        ItemState::CheckAsked | ItemState::Checked | ItemState::Reviewed | ItemState::OnHold => {
            "阶段性办结"
        }
        _ => "未办结",
    }
}

fn label(field: &Field, key: &str) -> String {
    let choice = field.choices().and_then(|all| all.iter().find(|choice| choice.key == key));
    choice.map_or_else(|| key.to_owned(), |choice| choice.label.zh.to_owned())
}

/// A column that a record was brought with.
pub(super) fn extra(item: &Record, name: &str) -> String {
    let wanted = normal(name);
    let known = item.extra.iter().flat_map(|extra| extra.iter());
    let value = known.into_iter().find(|(key, _)| normal(key) == wanted).map(|(_, value)| value);
    value.map_or_else(String::new, |value| {
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    })
}

fn place(item: &Record) -> Option<Coord<f64>> {
    match &item.geometry {
        Some(Geometry::Point(point)) => Some(point.0),
        _ => None,
    }
}

fn joined<const N: usize>(parts: [String; N]) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// 13812340000 → 138****0000.
pub fn masked_phone(phone: &str) -> String {
    let count = phone.chars().count();
    let hide = |(at, c): (usize, char)| {
        let is_middle = at >= 3.min(count / 3) && at + 4 < count.max(5);
        if is_middle && c.is_ascii_digit() { '*' } else { c }
    };
    phone.chars().enumerate().map(hide).collect()
}

/// 李四 → 李*; a unit keeps its name.
pub fn masked_name(name: &str) -> String {
    const UNITS: [&str; 10] = ["局", "办", "所", "队", "镇", "乡", "街道", "公司", "中心", "区"];
    let hidden = name.split(['、', ' ', '，']).map(|name| {
        let is_unit = UNITS.iter().any(|unit| name.contains(unit)) || name.chars().count() > 4;
        let mut chars = name.chars();
        match chars.next() {
            Some(first) if !is_unit => format!("{first}{}", "*".repeat(chars.count())),
            _ => name.to_owned(),
        }
    });
    hidden.collect::<Vec<_>>().join(" ")
}
