use super::{Choice, Field, FieldType, attachments, choice, code, field, leader, name, township};

const LEVELS: &[Choice] = &[
    choice("国控", "国控", "national").also(&["国控点", "国控站"]),
    choice("省控", "省控", "provincial").also(&["省控点", "省控站"]),
    choice("市控", "市控", "municipal").also(&["市控点", "市控站"]),
    choice("乡镇", "乡镇", "township").also(&["乡镇站", "乡镇点"]),
    choice("微站", "微站", "micro").also(&["微型站", "微观站", "小微站"]),
];

const STATES: &[Choice] =
    &[choice("运行", "运行", "running").also(&["正常", "在用"]), choice("停运", "停运", "stopped")];

const ROLES: &[Choice] = &[
    choice("district", "区县", "district").also(&["区", "县"]),
    choice("township", "乡镇街道", "township").also(&["乡镇", "街道"]),
    choice("ring_road", "环线以内", "inside the ring road").also(&["环线"]),
    choice("grid", "网格", "grid cell"),
];

pub const CONTROL_POINT: &[Field] = &[
    code(),
    name(),
    field("level", FieldType::Choice(LEVELS), "级别", "Level").also(&[
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
    field("state", FieldType::Choice(STATES), "状态", "State").also(&["运行状态"]),
    field("running_from", FieldType::Date, "启用日期", "In operation since").also(&["启用时间"]),
    field("stopped_on", FieldType::Date, "停运日期", "Stopped on").also(&["停运时间"]),
    attachments(),
];

pub const CAMERA: &[Field] = &[
    code(),
    name(),
    field("direction_deg", FieldType::Real { min: 0.0, max: 360.0 }, "朝向", "Direction")
        .unit("° clockwise from north")
        .also(&["方向", "方位角", "direction"]),
    field("owner", FieldType::Text, "所属单位", "Owner").also(&["产权单位", "建设单位", "单位"]),
    attachments(),
];

pub const AREA: &[Field] = &[
    code(),
    name(),
    field("role", FieldType::Choice(ROLES), "类别", "Role").also(&["类型", "区域类型"]),
    leader(),
    attachments(),
];
