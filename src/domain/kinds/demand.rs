//! Truck gates and the flows between them.

use super::measures::{EmissionStage, Fuel, PlateColour, TruckClass};
use super::{
    Definition, Field, FieldType, Shape, Text, attachments, choice, choices, code, field, name,
};

choices! {
    /// What trucks begin and end at: a road that leaves the district, or a place that sends them.
    GateRole of Gate "role" {
        Gate = choice("gate", "关口", "gate").also(&["出入口", "入口", "口门"]),
        Generator = choice("generator", "货源", "generator").also(&["企业", "厂矿", "货场", "物流园"]),
    }
}

choices! {
    /// Whether a number was counted or is taken for granted; nothing else is said of it.
    FlowSource of Flow "source" {
        Measured = choice("实测", "实测", "measured").also(&["卡口", "计数", "measured"]),
        Assumed = choice("假设", "假设", "assumed").also(&["估计", "估算", "assumed"]),
    }
}

/// Where trucks begin and end: roads into the district, steel works, depots.
pub const GATE: Definition = Definition {
    key: "gate",
    label: Text::new("货车关口", "Truck gates"),
    shape: Shape::Point,
    has_place: true,
    subkind: "role",
    fields: &[
        code(),
        name(),
        field("role", FieldType::Choice(GateRole::CHOICES), "类别", "Role").also(&["类型"]),
        attachments(),
        // Trucks counted in each of the 24 hours, from midnight on: flows that state no hours of their
        // own drive in these proportions.
        hourly(),
    ],
};

const fn hourly() -> Field {
    field("hourly", FieldType::Reals { min: 0.0, max: 1_000_000.0 }, "分时量", "Trucks by hour")
        .also(&["小时流量", "24小时流量", "分时流量"])
}

/// Trucks a day from one gate to another.
pub const FLOW: Definition = Definition {
    key: "flow",
    label: Text::new("货车流", "Truck flows"),
    shape: Shape::Line,
    has_place: false,
    subkind: "class",
    fields: &[
        code(),
        name(),
        field("from", FieldType::Text, "起点", "From").also(&["起点编码", "起"]),
        field("to", FieldType::Text, "终点", "To").also(&["终点编码", "止", "讫点"]),
        field("class", FieldType::Choice(TruckClass::CHOICES), "车型", "Truck class")
            .also(&["货车类型"]),
        field("stage", FieldType::Choice(EmissionStage::CHOICES), "排放阶段", "Emission stage")
            .also(&["排放标准"]),
        field("axles", FieldType::Integer { min: 2, max: 20 }, "轴数", "Axles"),
        field(
            "trucks_per_day",
            FieldType::Real { min: 0.0, max: 1_000_000.0 },
            "日货车量",
            "Trucks",
        )
        .unit("1/d")
        .also(&["辆/日", "日流量", "货车辆/日"]),
        field("tags", FieldType::Words, "标签", "Tags").also(&["车辆标签"]),
        field("source", FieldType::Choice(FlowSource::CHOICES), "数据性质", "Measured or assumed")
            .also(&["来源", "性质"]),
        attachments(),
        field("fuel", FieldType::Choice(Fuel::CHOICES), "燃料", "Fuel").also(&["燃料种类"]),
        field("plate", FieldType::Choice(PlateColour::CHOICES), "号牌颜色", "Plate colour")
            .also(&["号牌", "车牌颜色"]),
        // Trucks of each of the 24 hours, from midnight on: only their shares count.
        hourly(),
    ],
};
