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
    ],
};
