//! Scenes of a meeting, marks of the pen, and sprints.

use super::{
    Choice, Definition, FieldType, Shape, Text, attachments, choice, choices, code, field, leader,
    name,
};

/// What stands beside the map: pages of `ui::meeting`.
const PAGES: &[Choice] = &[
    choice("map", "只看地图", "the map alone"),
    choice("decisions", "决定落实", "decisions"),
    choice("overview", "总览", "overview"),
    choice("rings", "控制圈", "control rings"),
    choice("standards", "工地达标", "standards"),
    choice("traffic", "拥堵与限行", "traffic"),
    choice("townships", "乡镇", "townships"),
    choice("ledger", "台账与乡镇", "ledger and townships"),
    choice("due_week", "本周到期", "due this week"),
    choice("changes", "本期变化", "changes"),
    choice("air_week", "一周空气", "the week's air"),
    choice("air_stations", "站点对比", "stations side by side"),
    choice("air_target", "排名与目标", "rank and target"),
    choice("decide", "记决定", "taking decisions"),
];

choices! {
    /// What the pen drew; a line by hand where nothing is said.
    #[derive(Default)]
    PenForm of PenMark "form" {
        #[default]
        Freehand = choice("freehand", "手绘", "freehand"),
        Arrow = choice("arrow", "箭头", "arrow"),
        Circle = choice("circle", "圈", "circle"),
        Text = choice("text", "文字", "text"),
    }
}

choices! {
    /// In which colour of the theme the pen draws.
    #[derive(Default)]
    PenTone of PenMark "tone" {
        #[default]
        Act = choice("act", "红", "red"),
        Watch = choice("watch", "橙", "amber"),
        Calm = choice("calm", "蓝", "blue"),
        Ink = choice("ink", "黑", "black"),
    }
}

/// One picture of a meeting, live: where the map is looked at, and with what.
pub const SCENE: Definition = Definition {
    key: "scene",
    label: Text::new("会商场景", "Scenes"),
    shape: Shape::Line,
    has_place: false,
    subkind: "page",
    fields: &[
        code(),
        name(),
        // The code or id of the meeting.
        field("meeting", FieldType::Text, "会议", "Meeting").also(&["会议编号"]),
        // Scenes of a meeting are shown in this order, those of one number in that of their making.
        field("position", FieldType::Integer { min: 1, max: 999 }, "序号", "Position"),
        field("page", FieldType::Choice(PAGES), "内容", "Page"),
        // The middle of the map, WGS-84, and how near: all three, or the whole district is shown. Not
        // called longitude: a column of that name is where a record lies.
        field(
            "view_lon",
            FieldType::Real { min: -180.0, max: 180.0 },
            "视图经度",
            "View longitude",
        )
        .unit("°"),
        field("view_lat", FieldType::Real { min: -90.0, max: 90.0 }, "视图纬度", "View latitude")
            .unit("°"),
        field("zoom", FieldType::Real { min: 0.0, max: 22.0 }, "缩放级别", "Zoom"),
        // Keys of the layers that are shown, lowest first, as `sites` or `sites=0.5` with its opacity;
        // empty leaves the layers as they are.
        field("layers", FieldType::Words, "图层", "Layers"),
        // A JSON object: `analysis::Filter::to_json`.
        field("filter", FieldType::Text, "筛选", "Filter"),
        // The time cursor, civil time of the office: 2026-11-23T10:00; empty for now.
        field("moment", FieldType::Text, "时刻", "Moment"),
        // Ids of the records that are selected.
        field("records", FieldType::Words, "选中对象", "Records"),
        // The plan that is looked at, by its name; empty for none.
        field("plan", FieldType::Text, "方案", "Plan"),
        // For the speaker alone.
        field("note", FieldType::Text, "讲稿", "Speaker's note"),
        attachments(),
    ],
};

/// Drawn on the map with the pen during a meeting.
pub const PEN_MARK: Definition = Definition {
    key: "pen_mark",
    label: Text::new("会商标注", "Pen marks"),
    shape: Shape::Any,
    has_place: true,
    subkind: "form",
    fields: &[
        code(),
        // What is written; of the other forms what the mark means, if anything was said.
        name(),
        field("meeting", FieldType::Text, "会议", "Meeting").also(&["会议编号"]),
        // The code or id of the scene in which it was drawn.
        field("scene", FieldType::Text, "场景", "Scene"),
        field("form", FieldType::Choice(PenForm::CHOICES), "形式", "Form"),
        field("tone", FieldType::Choice(PenTone::CHOICES), "颜色", "Colour"),
        // Ids of the records that came of it.
        field("records", FieldType::Words, "关联对象", "Records"),
        attachments(),
    ],
};

/// 攻坚行动: a stretch of days with one aim, as the 28-day sprint.
pub const SPRINT: Definition = Definition {
    key: "sprint",
    label: Text::new("攻坚行动", "Sprints"),
    shape: Shape::Line,
    has_place: false,
    subkind: "",
    fields: &[
        code(),
        name(),
        field("begins_on", FieldType::Date, "开始日期", "Begins on").also(&["开始时间"]),
        // The last day.
        field("ends_on", FieldType::Date, "结束日期", "Ends on").also(&["结束时间", "截止日期"]),
        field("target", FieldType::Text, "目标", "Target").also(&["攻坚目标"]),
        // What the air is to be in these days.
        field(
            "target_good_days",
            FieldType::Integer { min: 0, max: 366 },
            "优良天目标",
            "Good days aimed at",
        ),
        field(
            "target_pm2_5",
            FieldType::Real { min: 0.0, max: 1000.0 },
            "PM2.5目标",
            "PM2.5 aimed at",
        )
        .unit("µg/m³"),
        leader(),
        field("note", FieldType::Text, "备注", "Note"),
        attachments(),
    ],
};
