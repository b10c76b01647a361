//! 应急响应: who ordered which level from when to when, and what each line of a firm does at it. Records
//! of what was issued, never a lever: nothing here starts or ends a response by itself.

use super::{
    Definition, FieldType, Shape, Text, attachments, choice, choices, code, field, moment, township,
};

choices! {
    /// The level of a response (环大气〔2024〕6号), or a local control below a warning.
    ResponseLevel of Response "level" {
        Yellow = choice("黄色", "黄色(Ⅲ级)", "yellow (III)").also(&["Ⅲ级", "III级", "三级", "黄色预警", "Ⅲ级响应"]),
        Orange = choice("橙色", "橙色(Ⅱ级)", "orange (II)").also(&["Ⅱ级", "II级", "二级", "橙色预警", "Ⅱ级响应"]),
        Red = choice("红色", "红色(Ⅰ级)", "red (I)").also(&["Ⅰ级", "I级", "一级", "红色预警", "Ⅰ级响应"]),
        Local = choice("临时管控", "临时管控", "local control").also(&["临时", "加严管控"]),
    }
}

/// One response, as it was issued.
pub const RESPONSE: Definition = Definition {
    key: "response",
    label: Text::new("应急响应", "Responses"),
    shape: Shape::Line,
    has_place: false,
    subkind: "level",
    fields: &[
        code(),
        field("name", FieldType::Text, "响应名称", "Name"),
        field("level", FieldType::Choice(ResponseLevel::CHOICES), "响应级别", "Level")
            .also(&["预警级别"]),
        field("document", FieldType::Text, "响应文号", "Document").also(&["通知文号", "启动文号"]),
        field("issued_by", FieldType::Text, "发布单位", "Issued by").also(&["发布机关"]),
        moment("begins_at", "启动时间", "Begins at").also(&["响应启动时间"]),
        // Empty while it holds.
        moment("ends_at", "解除时间", "Ends at").also(&["响应解除时间"]),
        field("reason", FieldType::Text, "启动原因", "Reason").also(&["启动依据"]),
        // The plan or law that it cites.
        field("basis", FieldType::Text, "响应依据", "Basis"),
        field("note", FieldType::Text, "备注", "Note"),
        attachments(),
    ],
};

/// 应急减排清单: what one line of production does at each level. Its columns are those of the lists that
/// cities publish.
pub const RESPONSE_MEASURE: Definition = Definition {
    key: "response_measure",
    label: Text::new("应急减排清单", "Response measures"),
    shape: Shape::Line,
    has_place: false,
    subkind: "",
    fields: &[
        code(),
        field("name", FieldType::Text, "企业名称", "Enterprise").also(&["企业", "单位名称"]),
        // Of one firm several stand in the list, a row each.
        field("line", FieldType::Text, "生产线", "Line").also(&[
            "生产线描述",
            "生产线名称",
            "生产线数量/描述",
            "涉气工序",
            "生产工序",
        ]),
        township(),
        // The code or id of the site; where it says none, the enterprise of the same name.
        field("site", FieldType::Text, "统一社会信用代码", "Site").also(&["企业编码"]),
        field("industry", FieldType::Text, "重点行业类型", "Industry"),
        field("grade", FieldType::Text, "企业绩效等级", "Grade"),
        field("yellow", FieldType::Text, "黄色预警减排措施", "Measure at yellow")
            .also(&["黄色措施", "Ⅲ级响应措施"]),
        field("orange", FieldType::Text, "橙色预警减排措施", "Measure at orange")
            .also(&["橙色措施", "Ⅱ级响应措施"]),
        field("red", FieldType::Text, "红色预警减排措施", "Measure at red")
            .also(&["红色措施", "Ⅰ级响应措施"]),
        field("local", FieldType::Text, "临时管控措施", "Measure at a local control"),
        // Of the readings of the site: the one that falls when the line stands still, `ele01`, `a34013-Zs`.
        field("factor", FieldType::Text, "佐证因子", "Factor that proves it")
            .also(&["用电佐证因子", "在线佐证因子"]),
        field("meter", FieldType::Text, "用电总表编号", "Electricity meter"),
        field("person", FieldType::Text, "企业联系人", "Person").also(&["联系人"]),
        field("phone", FieldType::Phone, "联系电话", "Phone").also(&["联系方式"]),
        field("note", FieldType::Text, "备注", "Note"),
        attachments(),
    ],
};
