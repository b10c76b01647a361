//! Plans, and the acts that their notices rest on.

use super::{Definition, FieldType, Shape, Text, attachments, choice, choices, code, field, name};

choices! {
    /// How far a plan has come. One of which nothing is said is a draft.
    #[derive(Default)]
    PlanState of Plan "state" {
        #[default]
        Draft = choice("草案", "草案", "sketch"),
        Frozen = choice("定稿", "定稿", "frozen"),
        Adopted = choice("采纳", "采纳", "adopted").also(&["已采纳"]),
        Dropped = choice("作废", "作废", "dropped").also(&["放弃"]),
    }
}

choices! {
    /// The form of a notice; a circular where nothing is said.
    #[derive(Default)]
    NoticeForm of Plan "form" {
        /// 通告: to those whom it concerns.
        #[default]
        Circular = choice("通告", "通告", "circular"),
        /// 公告: to everybody.
        Announcement = choice("公告", "公告", "announcement"),
    }
}

choices! {
    /// What a notice cites an act for; its purpose where nothing is said.
    #[derive(Default)]
    BasisRole of LegalBasis "role" {
        #[default]
        Purpose = choice("purpose", "制定依据", "purpose").also(&["目的依据", "依据"]),
        Penalty = choice("penalty", "处罚依据", "penalty").also(&["处罚"]),
    }
}

/// What is said of a plan as a whole; its orders name it in `plan`. A plan needs no such record:
/// it begins with the first thing that is said.
pub const PLAN: Definition = Definition {
    key: "plan",
    label: Text::new("管控方案", "Plans"),
    shape: Shape::Line,
    has_place: false,
    subkind: "state",
    fields: &[
        code(),
        // As the orders name it.
        name(),
        field("state", FieldType::Choice(PlanState::CHOICES), "状态", "State"),
        field("frozen_on", FieldType::Date, "定稿日期", "Frozen on"),
        field("adopted_on", FieldType::Date, "采纳日期", "Adopted on"),
        // The plan of which this one is a frozen version.
        field("version_of", FieldType::Text, "所属方案", "Version of"),
        field("form", FieldType::Choice(NoticeForm::CHOICES), "文种", "Form of the notice"),
        field("number", FieldType::Text, "文号", "Number of the notice"),
        field("issuer", FieldType::Text, "发布机关", "Issuer").also(&["发文机关"]),
        field("dated", FieldType::Date, "成文日期", "Date of the notice"),
        field("supersedes", FieldType::Words, "废止文件", "Repeals"),
        // Sentences written by hand: a JSON object as `shapan notice --json` prints keys and
        // fingerprints: {"KEY":{"text":"…","fingerprint":"…"}}.
        field("sentences", FieldType::Text, "手改语句", "Sentences by hand"),
        field("note", FieldType::Text, "备注", "Note"),
        // Of the district when this version was frozen, or the plan adopted: `Seal::short`.
        field("seal", FieldType::Text, "存证码", "Seal"),
        attachments(),
        // How a pass for restricted roads is got, as the notice says it.
        field("permit", FieldType::Text, "通行证办理", "How to get a pass"),
    ],
};

/// An act that a notice may cite, between the days on which it holds.
pub const LEGAL_BASIS: Definition = Definition {
    key: "legal_basis",
    label: Text::new("法律依据", "Legal bases"),
    shape: Shape::Line,
    has_place: false,
    subkind: "role",
    fields: &[
        code(),
        name(),
        field("role", FieldType::Choice(BasisRole::CHOICES), "用途", "Role"),
        field("article", FieldType::Text, "条款", "Article"),
        field("valid_from", FieldType::Date, "施行日期", "Valid from").also(&["生效日期"]),
        // The last day on which it holds.
        field("valid_to", FieldType::Date, "失效日期", "Valid to").also(&["废止日期"]),
        field("replaced_by", FieldType::Text, "替代文件", "Replaced by"),
        // The first digits of the adcodes of the districts in which it holds; empty everywhere.
        field("region", FieldType::Text, "适用地区", "Region").also(&["地区代码"]),
        field("to_check", FieldType::Boolean, "条款待核对", "Article to be checked"),
        field("note", FieldType::Text, "备注", "Note"),
        attachments(),
    ],
};
