//! Meetings and what they decide.

use super::{Definition, FieldType, Shape, Text, attachments, choice, choices, code, field, name};

choices! {
    /// How far a meeting has come.
    MeetingState of Meeting "state" {
        Planned = choice("筹备", "筹备", "planned"),
        UnderWay = choice("进行中", "进行中", "under way"),
        Over = choice("已结束", "已结束", "over").also(&["结束"]),
    }
}

choices! {
    /// How far a decision has come. One of which nothing is said is to be done. 逾期 may be written
    /// down, but whether a decision is overdue follows from its date: `analysis::decisions`.
    DecisionState of Decision "state" {
        ToDo = choice("待办", "待办", "to do").also(&["未开始", "交办"]),
        UnderWay = choice("进行中", "进行中", "under way").also(&["办理中", "整改中"]),
        Done = choice("完成", "完成", "done").also(&["已完成", "办结", "已办结"]),
        Overdue = choice("逾期", "逾期", "overdue").also(&["超期"]),
        Dropped = choice("撤销", "撤销", "dropped").also(&["取消"]),
    }
}

/// 会商会.
pub const MEETING: Definition = Definition {
    key: "meeting",
    label: Text::new("会商会", "Meetings"),
    shape: Shape::Line,
    has_place: false,
    subkind: "state",
    fields: &[
        code(),
        name(),
        field("date", FieldType::Date, "日期", "Date").also(&["会议日期", "时间"]),
        field("venue", FieldType::Text, "地点", "Venue").also(&["会议地点"]),
        field("chair", FieldType::Text, "主持人", "Chair").also(&["主持"]),
        field("attendees", FieldType::Words, "参会人员", "Attendees").also(&["参会", "出席"]),
        field("state", FieldType::Choice(MeetingState::CHOICES), "状态", "State"),
        field("note", FieldType::Text, "备注", "Note"),
        // Of the district when the meeting was called: `Seal::short`.
        field("seal", FieldType::Text, "存证码", "Seal"),
        attachments(),
    ],
};

/// What a meeting decided: who does what by when.
pub const DECISION: Definition = Definition {
    key: "decision",
    label: Text::new("会议决定", "Decisions"),
    shape: Shape::Line,
    has_place: false,
    subkind: "state",
    fields: &[
        code(),
        // As it was said.
        name(),
        // The code or id of the meeting.
        field("meeting", FieldType::Text, "会议", "Meeting").also(&["会议编号"]),
        field("owner", FieldType::Text, "责任单位", "Owner").also(&["承办单位", "牵头单位"]),
        field("person", FieldType::Text, "责任人", "Person in charge").also(&["承办人"]),
        // The last day on which it is on time.
        field("due", FieldType::Date, "完成时限", "Due").also(&["时限", "截止日期", "期限"]),
        // Ids of records.
        field("records", FieldType::Words, "关联对象", "Records"),
        field("state", FieldType::Choice(DecisionState::CHOICES), "状态", "State"),
        field("closed_on", FieldType::Date, "完成日期", "Closed on").also(&["办结日期"]),
        field("result", FieldType::Text, "落实情况", "Result").also(&["进展", "办理结果"]),
        attachments(),
    ],
};
