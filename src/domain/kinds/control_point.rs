//! Control points, cameras and areas.

use super::{
    Definition, FieldType, Shape, Text, attachments, choice, choices, code, field, leader, name,
    township,
};

choices! {
    /// Who runs a control point.
    ControlPointLevel of ControlPoint "level" {
        National = choice("国控", "国控", "national").also(&["国控点", "国控站"]),
        Provincial = choice("省控", "省控", "provincial").also(&["省控点", "省控站"]),
        Municipal = choice("市控", "市控", "municipal").also(&["市控点", "市控站"]),
        Township = choice("乡镇", "乡镇", "township").also(&["乡镇站", "乡镇点"]),
        Micro = choice("微站", "微站", "micro").also(&["微型站", "微观站", "小微站"]),
    }
}

choices! {
    /// A control point of which nothing is said is in operation.
    ControlPointState of ControlPoint "state" {
        Running = choice("运行", "运行", "running").also(&["正常", "在用"]),
        Stopped = choice("停运", "停运", "stopped"),
    }
}

choices! {
    /// What an area is the outline of.
    AreaRole of Area "role" {
        District = choice("district", "区县", "district").also(&["区", "县"]),
        Township = choice("township", "乡镇街道", "township").also(&["乡镇", "街道"]),
        /// About there, guessed from points: nothing counts by it.
        TownshipSketch = choice("township_sketch", "乡镇街道（示意）", "township, schematic"),
        RingRoad = choice("ring_road", "环线以内", "inside the ring road").also(&["环线"]),
        Grid = choice("grid", "网格", "grid cell"),
    }
}

/// Stations of which the air counts, with the radii of their rings.
pub const CONTROL_POINT: Definition = Definition {
    key: "control_point",
    label: Text::new("控制点", "Control points"),
    shape: Shape::Point,
    has_place: true,
    subkind: "level",
    fields: &[
        code(),
        name(),
        field("level", FieldType::Choice(ControlPointLevel::CHOICES), "级别", "Level").also(&[
            "点位级别",
            "站点类型",
            "类型",
        ]),
        township(),
        field("squad", FieldType::Text, "专班", "Squad").also(&["工作专班", "保障专班"]),
        leader(),
        field("radii_m", FieldType::Reals { min: 1.0, max: 100_000.0 }, "控制圈半径", "Ring radii")
            .unit("m")
            .also(&["半径", "控制半径", "radius_m"]),
        field("state", FieldType::Choice(ControlPointState::CHOICES), "状态", "State")
            .also(&["运行状态"]),
        field("running_from", FieldType::Date, "启用日期", "In operation since")
            .also(&["启用时间"]),
        field("stopped_on", FieldType::Date, "停运日期", "Stopped on").also(&["停运时间"]),
        attachments(),
    ],
};

/// Cameras that see who passes.
pub const CAMERA: Definition = Definition {
    key: "camera",
    label: Text::new("抓拍摄像头", "Cameras"),
    shape: Shape::Point,
    has_place: true,
    subkind: "",
    fields: &[
        code(),
        name(),
        field("direction_deg", FieldType::Real { min: 0.0, max: 360.0 }, "朝向", "Direction")
            .unit("° clockwise from north")
            .also(&["方向", "方位角", "direction"]),
        field("owner", FieldType::Text, "所属单位", "Owner").also(&[
            "产权单位",
            "建设单位",
            "单位",
        ]),
        attachments(),
    ],
};

/// The district, its townships and other areas that records lie in.
pub const AREA: Definition = Definition {
    key: "area",
    label: Text::new("区域", "Areas"),
    shape: Shape::Polygon,
    has_place: true,
    subkind: "role",
    fields: &[
        code(),
        name(),
        field("role", FieldType::Choice(AreaRole::CHOICES), "类别", "Role")
            .also(&["类型", "区域类型"]),
        leader(),
        attachments(),
    ],
};
