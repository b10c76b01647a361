//! Roads.

use super::{Definition, FieldType, Shape, Text, attachments, choice, choices, code, field, name};

choices! {
    /// Biggest first. A road of which nothing is said counts as tertiary.
    #[derive(Default)]
    RoadClass of Road "class" {
        Motorway = choice("motorway", "高速公路", "motorway").also(&["高速"]),
        Trunk = choice("trunk", "快速路", "trunk").also(&["国道", "国省干线", "干线公路"]),
        Primary = choice("primary", "主干路", "primary").also(&["主干道", "省道"]),
        Secondary = choice("secondary", "次干路", "secondary").also(&["次干道", "县道"]),
        #[default]
        Tertiary = choice("tertiary", "支路", "tertiary").also(&["乡道"]),
        Residential = choice("residential", "街巷", "residential").also(&["居住区道路", "小区路"]),
        Service = choice("service", "内部道路", "service").also(&["服务道路"]),
        Track = choice("track", "土路", "track").also(&["机耕路", "村道"]),
    }
}

choices! {
    /// Directions are those in which the line was drawn; nothing said means both.
    Oneway of Road "oneway" {
        No = choice("no", "双向", "both ways").also(&["否", "0", "false"]),
        Forward = choice("forward", "正向单行", "forward").also(&["yes", "是", "1", "true", "单行", "单向"]),
        Backward = choice("backward", "反向单行", "backward").also(&["-1", "reverse", "逆向单行"]),
    }
}

choices! {
    /// Whether trucks may drive a road at all; nothing said means yes.
    TruckAccess of Road "truck_access" {
        Yes = choice("yes", "可通行", "allowed").also(&["designated", "是", "允许"]),
        /// Only who begins or ends there.
        Destination = choice("destination", "仅限到达", "to destinations only").also(&["delivery", "customers"]),
        No = choice("no", "禁止货车", "no trucks").also(&["private", "禁行", "禁止"]),
    }
}

/// Roads as lines, with what of them matters to trucks.
pub const ROAD: Definition = Definition {
    key: "road",
    label: Text::new("道路", "Roads"),
    shape: Shape::Line,
    has_place: true,
    subkind: "class",
    fields: &[
        code(),
        name(),
        field("ref", FieldType::Text, "路线编号", "Road number").also(&[
            "道路编号",
            "线路编号",
            "国道编号",
        ]),
        field("class", FieldType::Choice(RoadClass::CHOICES), "道路等级", "Class").also(&[
            "等级",
            "类型",
            "highway",
            "fclass",
            "道路类型",
        ]),
        field("oneway", FieldType::Choice(Oneway::CHOICES), "单行", "One-way")
            .also(&["单向", "是否单行"]),
        field("lanes", FieldType::Integer { min: 0, max: 32 }, "车道数", "Lanes").also(&["车道"]),
        field("maxspeed_kmh", FieldType::Real { min: 0.0, max: 200.0 }, "限速", "Speed limit")
            .unit("km/h")
            .also(&["maxspeed", "最高限速"]),
        field("max_mass_t", FieldType::Real { min: 0.0, max: 1000.0 }, "限重", "Mass limit")
            .unit("t")
            .also(&["maxweight", "限制质量"]),
        field("max_height_m", FieldType::Real { min: 0.0, max: 100.0 }, "限高", "Height limit")
            .unit("m")
            .also(&["maxheight", "限制高度"]),
        field("max_axles", FieldType::Integer { min: 0, max: 20 }, "限轴数", "Axle limit")
            .also(&["限轴"]),
        attachments(),
        field("no_turns", FieldType::Words, "禁止转向", "Banned turns").also(&["禁转"]),
        // Roads of different levels do not meet where their lines cross: 1 above 0, −1 below it.
        field("level", FieldType::Integer { min: -10, max: 10 }, "层级", "Level")
            .also(&["高架层级"]),
        field("truck_access", FieldType::Choice(TruckAccess::CHOICES), "货车通行", "Trucks")
            .also(&["货车通行情况"]),
        field(
            "max_rating_t",
            FieldType::Real { min: 0.0, max: 1000.0 },
            "限核定总质量",
            "Rating limit",
        )
        .unit("t")
        .also(&["maxweightrating"]),
        field(
            "max_axle_load_t",
            FieldType::Real { min: 0.0, max: 100.0 },
            "限轴重",
            "Axle load limit",
        )
        .unit("t")
        .also(&["maxaxleload", "限制轴重"]),
        field("max_width_m", FieldType::Real { min: 0.0, max: 20.0 }, "限宽", "Width limit")
            .unit("m")
            .also(&["maxwidth", "限制宽度"]),
        field("max_length_m", FieldType::Real { min: 0.0, max: 60.0 }, "限长", "Length limit")
            .unit("m")
            .also(&["maxlength", "限制长度"]),
        // By direction, by the hour or at a place, as `crate::domain::truck_rules` reads it:
        // `hgv:forward=no | maxweight:conditional=10 @ (07:00-19:00) | maxheight@118.16 39.83=2.2`.
        field("truck_rules", FieldType::Text, "货车通行规定", "Rules for trucks"),
        // A road that is not there yet, or no more: in this plan alone, from a day on, to a last day.
        field("plan", FieldType::Text, "所属方案", "Of the plan"),
        field("opens_on", FieldType::Date, "通车日期", "Opens on").also(&["建成通车日期"]),
        field("closes_on", FieldType::Date, "通行截止日期", "Last day")
            .also(&["停用日期", "封闭日期"]),
        // The road, by code or id, that is not there while this one is: as it will be with another class,
        // limit or number of lanes.
        field("stands_for", FieldType::Text, "改自道路", "Stands for the road"),
    ],
};
