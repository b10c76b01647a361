//! The ledger: items, who answers for what, and what happens to who is late.

use super::{
    Definition, FieldType, Shape, Text, attachments, choice, choices, code, field, leader, moment,
};

choices! {
    /// How far an item has come. Only steps change it: `domain::item`.
    ItemState of Item "state" {
        Registered = choice("登记", "登记", "registered").also(&["待派", "待交办", "未交办", "已登记"]),
        HandedOver = choice("交办", "交办", "handed over").also(&["已派", "已交办", "待签收", "已转办"]),
        Accepted = choice("签收", "签收", "accepted").also(&["已签收", "待整改"]),
        Mending = choice("整改", "整改", "being mended").also(&[
            "处置中",
            "整改中",
            "正在整改",
            "未办结",
            "否",
            "未整改",
            "未完成",
        ]),
        /// The unit says that it is done: 整改完成 is not yet 销号.
        CheckAsked = choice("申请核查", "申请核查", "check asked for").also(&[
            "待核验",
            "待核查",
            "已整改",
            "整改完成",
            "已完成整改",
            "申请销号",
        ]),
        Checked = choice("核查", "核查", "checked").also(&["已核查", "核查通过", "待复核"]),
        Reviewed = choice("复核", "复核", "reviewed").also(&["已复核", "复核通过", "待销号"]),
        Closed = choice("销号", "销号", "struck off").also(&["已销号", "办结", "已办结", "是"]),
        /// A check was not passed: it is to be mended again.
        Returned = choice("退回", "退回", "returned").also(&["已退回", "核查不通过", "复核不通过"]),
        /// For long, looked at again every so many days.
        OnHold = choice("挂账", "挂账", "on hold").also(&["阶段性办结", "长期整改", "长期坚持", "挂账督办"]),
        Refuted = choice("误报", "误报", "unfounded").also(&["不属实"]),
        Transferred = choice("移交", "移交", "passed on").also(&["已移交"]),
        Merged = choice("合并", "合并", "merged").also(&["已合并"]),
        Void = choice("作废", "作废", "void").also(&["已作废"]),
    }
}

choices! {
    /// Where an item comes from.
    ItemSource of Item "source" {
        Superior = choice("上级交办", "上级交办", "superior office").also(&["中央督察", "省督察", "省级交办", "市级交办", "督导组"]),
        Episode = choice("高值提醒", "高值提醒", "high value"),
        Patrol = choice("区大气办巡查", "区大气办巡查", "patrol of the office").also(&["巡查", "大气办巡查", "检查", "日常检查"]),
        Third = choice("第三方走航/无人机", "第三方走航/无人机", "mobile lab or drone").also(&["走航", "无人机", "第三方"]),
        Online = choice("在线监测", "在线监测", "online monitoring"),
        Hotline = choice("12345/信访", "12345/信访", "hotline or petition").also(&["12345", "信访", "来信", "来电", "群众举报", "举报", "网民留言"]),
        Grid = choice("网格员", "网格员", "grid warden"),
        Meeting = choice("会商会", "会商会", "meeting").also(&["会议", "会商"]),
        Media = choice("媒体曝光", "媒体曝光", "media").also(&["媒体"]),
        LookBack = choice("回头看", "回头看", "look back").also(&["反弹"]),
        Plan = choice("检查计划", "检查计划", "check plan"),
        Restriction = choice("管控方案", "管控方案", "restriction"),
        Response = choice("应急响应", "应急响应", "response"),
    }
}

choices! {
    /// What is wrong. An item may be of several types.
    ItemType {
        SiteDust = choice("工地扬尘", "工地扬尘", "site dust").also(&["扬尘", "施工扬尘", "建筑扬尘"]),
        RoadDust = choice("道路扬尘", "道路扬尘", "road dust").also(&["道路积尘", "积尘"]),
        BareGround = choice("裸土", "裸土", "bare ground").also(&["裸露土地", "黄土裸露"]),
        Stockpile = choice("堆场料场", "堆场料场", "stockpile").also(&["堆场", "料场", "物料堆存"]),
        MuckTruck = choice("渣土车", "渣土车", "muck truck").also(&["渣土"]),
        Fume = choice("餐饮油烟", "餐饮油烟", "kitchen fume").also(&["油烟"]),
        Barbecue = choice("露天烧烤", "露天烧烤", "barbecue").also(&["烧烤"]),
        LooseCoal = choice("散煤炉灶", "散煤炉灶", "loose coal").also(&["散煤", "炉灶", "燃煤"]),
        Burning = choice("秸秆垃圾焚烧", "秸秆垃圾焚烧", "open burning").also(&["秸秆", "秸秆焚烧", "垃圾焚烧", "焚烧"]),
        Industry = choice("工业", "工业", "industry").also(&["大气", "工业废气", "企业排放", "停限产不落实", "无组织排放"]),
        AutoRepair = choice("汽修喷涂", "汽修喷涂", "auto repair").also(&["汽修", "喷涂"]),
        Fuel = choice("加油站油品", "加油站油品", "fuel").also(&["加油站", "油品"]),
        Idling = choice("停车怠速拥堵", "停车怠速拥堵", "parking, idling, jams").also(&["停车场", "怠速", "拥堵"]),
        Machinery = choice("非道路机械", "非道路机械", "machinery"),
        Scattered = choice("散乱污", "散乱污", "scattered polluters"),
        Surroundings = choice("监测站周边", "监测站周边", "around stations"),
        Other = choice("其他", "其他", "other").also(&["其它", "水", "土壤", "噪声", "生态", "固废"]),
    }
}

choices! {
    /// 六督六查: which of the six an item is of.
    SixChecks of Item "six_checks" {
        Departments = choice("督职能部门查担当作为", "督职能部门查担当作为", "departments"),
        Emitters = choice("督排放大户查违法违规", "督排放大户查违法违规", "large emitters"),
        Moments = choice("督重要节点查应急响应", "督重要节点查应急响应", "emergency response"),
        Online = choice("督在线监测查立行立改", "督在线监测查立行立改", "online monitoring"),
        Trifles = choice("督鸡毛蒜皮查大局意识", "督鸡毛蒜皮查大局意识", "small things"),
        HighValues = choice("督高值指标查工作落实", "督高值指标查工作落实", "high values"),
    }
}

choices! {
    /// Whether what was reported is so.
    Founded of Item "founded" {
        Yes = choice("属实", "属实", "founded").also(&["是"]),
        Partly = choice("部分属实", "部分属实", "partly founded").also(&["基本属实"]),
        No = choice("不属实", "不属实", "unfounded").also(&["否"]),
    }
}

choices! {
    /// What a step should have left behind, and did not.
    Lack {
        Place = choice("缺地点", "缺地点", "no place"),
        Type = choice("缺类别", "缺类别", "no type"),
        PhotoBefore = choice("缺整改前照片", "缺整改前照片", "no photo before"),
        OrderNumber = choice("缺交办单号", "缺交办单号", "no number of the order"),
        Unit = choice("缺责任单位", "缺责任单位", "no unit"),
        Person = choice("缺责任人", "缺责任人", "no person"),
        Due = choice("缺时限", "缺时限", "no time limit"),
        Demand = choice("缺整改要求", "缺整改要求", "no demand"),
        Measure = choice("缺整改情况", "缺整改情况", "no account of the mending"),
        PhotoAfter = choice("缺整改后照片", "缺整改后照片", "no photo after"),
        Finding = choice("缺核查结论", "缺核查结论", "no finding of the check"),
        VisitPhoto = choice("缺复核照片", "缺复核照片", "no photo of the review"),
        ClosingBasis = choice("缺销号依据", "缺销号依据", "no ground for striking off"),
        CaseVerdicts = choice("缺一案三查结论", "缺一案三查结论", "no three verdicts of the case"),
        Skipped = choice("跳过步骤", "跳过步骤", "steps skipped"),
    }
}

/// 问题: whatever was found, until it is struck off.
pub const ITEM: Definition = Definition {
    key: "item",
    label: Text::new("问题台账", "Ledger"),
    shape: Shape::Point,
    has_place: true,
    subkind: "state",
    fields: &[
        // Of this office, never used again.
        field("code", FieldType::Text, "编号", "Number").also(&["问题编号", "台账编号"]),
        // What is wrong, in words.
        field("name", FieldType::Text, "问题描述", "Problem").also(&[
            "交办问题基本情况",
            "问题基本情况",
            "存在问题",
            "问题",
            "问题内容",
            "具体问题",
            "交办事项概述",
            "核查内容",
            "重点任务",
            "工作任务和内容",
            "群众反映的问题",
            "问",
        ]),
        field("superior_code", FieldType::Text, "上级编号", "Superior's number").also(&[
            "受理编号",
            "交办编号",
            "信访编号",
            "举报编号",
        ]),
        field("source", FieldType::Choice(ItemSource::CHOICES), "来源", "Source")
            .also(&["问题来源", "线索来源"]),
        moment("found_at", "发现时间", "Found at").also(&[
            "排查时间",
            "检查时间",
            "核查交办日期",
            "留言时间",
        ]),
        field("found_by", FieldType::Text, "发现人/单位", "Found by").also(&[
            "发现人",
            "发现单位",
            "排查人",
            "检查人",
        ]),
        field("township", FieldType::Text, "乡镇街道", "Township").also(&[
            "行政区域",
            "乡镇(街道)",
            "乡镇（街道）",
            "乡镇",
            "街道",
            "所属区域(街道)",
            "所属乡镇",
            "所属街道",
            "属地",
        ]),
        field("address", FieldType::Text, "点位/地址", "Place").also(&[
            "点位",
            "地址",
            "地点",
            "问题点位",
            "具体位置",
            "位置",
            "项目名称",
            "企业名称",
            "工程名称",
        ]),
        field("types", FieldType::Choices(ItemType::CHOICES), "类别", "Types").also(&[
            "污染类型",
            "问题类型",
            "问题类别",
        ]),
        field("units", FieldType::Words, "责任单位", "Responsible units").also(&[
            "接收单位",
            "承办单位",
            "主责单位",
            "整改责任单位",
            "受理单位",
            "答复单位",
        ]),
        field("person", FieldType::Text, "责任人", "Person").also(&[
            "整改责任人",
            "核查负责人",
            "联系人",
        ]),
        field("phone", FieldType::Phone, "电话", "Phone").also(&["联系电话", "联系方式"]),
        leader(),
        field("department", FieldType::Text, "监管部门", "Supervising department").also(&[
            "主管部门",
            "牵头部门",
            "交办单位",
        ]),
        field("demand", FieldType::Text, "整改措施/要求", "Demand").also(&[
            "整改要求",
            "整改措施",
            "核查要求",
            "工作措施",
        ]),
        // As it is written; what it means stands in `due`.
        field("time_limit", FieldType::Text, "整改时限", "Time limit").also(&[
            "要求完成时间",
            "整改时间",
            "完成时限",
            "时限",
        ]),
        moment("due", "到期时间", "Due"),
        field("order_code", FieldType::Text, "交办单号", "Number of the order").also(&["交办文号"]),
        moment("handed_at", "交办时间", "Handed over at").also(&["下发时间", "转办时间"]),
        moment("accepted_at", "签收时间", "Accepted at"),
        field("measure", FieldType::Text, "整改情况", "What was done").also(&[
            "处理和整改情况",
            "办理情况",
            "处置情况",
            "整改成效",
            "答",
        ]),
        moment("mended_at", "完成时间", "Mended at").also(&[
            "完成/作废时间",
            "整改完成时间",
            "答复时间",
        ]),
        field("mended_by", FieldType::Text, "整改人", "Mended by"),
        field("checked_by", FieldType::Text, "核查人", "Checked by"),
        moment("checked_at", "核查时间", "Checked at"),
        field("finding", FieldType::Text, "核查结论", "Finding")
            .also(&["调查核实情况", "核查情况"]),
        field("reviewed_by", FieldType::Text, "复核人", "Reviewed by"),
        moment("reviewed_at", "复核时间", "Reviewed at"),
        field("review", FieldType::Text, "复核结论", "Review"),
        field("state", FieldType::Choice(ItemState::CHOICES), "状态", "State").also(&[
            "是否办结",
            "办结情况",
            "整改状态",
        ]),
        moment("closed_at", "销号时间", "Struck off at"),
        field("closing_basis", FieldType::Text, "销号依据", "Ground for striking off"),
        field("returns", FieldType::Integer { min: 0, max: 1000 }, "退回次数", "Times returned"),
        field("founded", FieldType::Choice(Founded::CHOICES), "是否属实", "Founded"),
        field("accountability", FieldType::Text, "处理/处罚/问责", "Sanctions").also(&[
            "责任人被处理情况",
            "处罚情况",
            "问责情况",
        ]),
        // 一案三查: of the firm, of the department, of the township. A case is struck off with all three, if
        // need be 无责, or with a reason.
        field("is_case", FieldType::Boolean, "一案三查立案", "Is a case").also(&["立案"]),
        field("case_firm", FieldType::Text, "一案三查:企业责任", "Case: the firm"),
        field("case_department", FieldType::Text, "一案三查:部门监管责任", "Case: the department"),
        field("case_township", FieldType::Text, "一案三查:属地责任", "Case: the township"),
        field("six_checks", FieldType::Choice(SixChecks::CHOICES), "六督六查", "Six checks"),
        field(
            "review_days",
            FieldType::Integer { min: 1, max: 3650 },
            "回看间隔",
            "Reviewed every",
        )
        .unit("d"),
        // Ids of records that it is about, and of the decision or episode that it came of.
        field("records", FieldType::Words, "关联对象", "Records"),
        // Numbers of other items: the one that it was merged into, the one of which it is a relapse.
        field("merged_into", FieldType::Text, "并入编号", "Merged into"),
        field("relapse_of", FieldType::Text, "反弹自", "Relapse of"),
        // Names among the attachments.
        field("photos_before", FieldType::Words, "照片(前)", "Photos before").also(&["整改前照片"]),
        field("photos_after", FieldType::Words, "照片(后)", "Photos after").also(&["整改后照片"]),
        // A value that stands for a photo: 实验小学站 PM10 212 µg/m³ 10时.
        field("reading", FieldType::Text, "监测数值", "Reading"),
        field("lacking", FieldType::Choices(Lack::CHOICES), "缺证据", "Evidence lacking"),
        field("is_focus", FieldType::Boolean, "重点关注", "Focus"),
        // Of the unit or shop as an outside list has them.
        field("builder", FieldType::Text, "相关单位", "Firms concerned"),
        // What was done, step by step: a JSON array, `domain::item::Step`.
        field("steps", FieldType::Text, "办理记录", "Steps"),
        field("note", FieldType::Text, "备注", "Note"),
        attachments(),
    ],
};

choices! {
    /// For what somebody answers, from the narrowest to the widest.
    DutyScope of Duty "scope" {
        /// One site, road or station, by its name.
        Place = choice("点位", "点位", "a place").also(&["企业", "工地", "道路", "站点", "商户"]),
        /// What lies in the ring of a control point.
        Ring = choice("站点圈", "站点圈", "a ring").also(&["控制圈", "站点周边"]),
        /// A township, or one type in it.
        Township = choice("乡镇", "乡镇", "a township").also(&["乡镇街道", "街道"]),
        /// One type of problem in the whole district.
        Type = choice("类别", "类别", "a type").also(&["问题类别"]),
        District = choice("全区", "全区", "the district"),
    }
}

/// 分包、点位长、网格员、驻厂监督员: who answers for what between which days.
pub const DUTY: Definition = Definition {
    key: "duty",
    label: Text::new("责任分工", "Duties"),
    shape: Shape::Line,
    has_place: false,
    subkind: "scope",
    fields: &[
        code(),
        field("name", FieldType::Text, "分工名称", "Name").also(&["分包事项", "岗位"]),
        field("scope", FieldType::Choice(DutyScope::CHOICES), "范围", "Scope").also(&["范围类型"]),
        // The name or code of the place, ring or township; empty for the district.
        field("subject", FieldType::Text, "分包对象", "Of").also(&[
            "分包企业/工地/道路",
            "分包企业",
            "分包点位",
            "监测点位",
            "驻厂企业",
        ]),
        field("township", FieldType::Text, "分包乡镇", "Township").also(&[
            "乡镇街道",
            "乡镇",
            "所属乡镇",
        ]),
        // Only problems of these types; empty for all.
        field("types", FieldType::Choices(ItemType::CHOICES), "问题类别", "Types"),
        leader().also(&["分包区领导", "包联领导", "点位长"]),
        field("title", FieldType::Text, "职务", "Title"),
        field("unit", FieldType::Text, "责任单位", "Unit").also(&["承办单位"]),
        field("department", FieldType::Text, "监管部门", "Department").also(&["部门", "行业部门"]),
        field("person", FieldType::Text, "责任人", "Person").also(&[
            "乡镇责任人",
            "执行点位长",
            "网格员",
            "一级网格员",
            "二级网格员",
            "驻厂监督员",
        ]),
        field("department_person", FieldType::Text, "部门责任人", "Person of the department"),
        field("phone", FieldType::Phone, "电话", "Phone").also(&["联系电话", "手机"]),
        field("squad", FieldType::Text, "专班", "Squad"),
        // 二级网格员, 驻厂监督员: somebody has to answer around the clock.
        field("is_manned", FieldType::Boolean, "24小时在岗", "Manned around the clock")
            .also(&["24小时值守", "是否值守"]),
        field("valid_from", FieldType::Date, "起始日期", "From").also(&["起"]),
        // The last day.
        field("valid_to", FieldType::Date, "截止日期", "To").also(&["止"]),
        field("note", FieldType::Text, "备注", "Note"),
        attachments(),
    ],
};

choices! {
    /// The colour of a stage of escalation; never that of a pollution warning on the same screen.
    EscalationColour of Escalation "colour" {
        Blue = choice("blue", "蓝", "blue").also(&["蓝签", "蓝色"]),
        Yellow = choice("yellow", "黄", "yellow").also(&["黄牌", "黄色"]),
        Orange = choice("orange", "橙", "orange").also(&["橙色"]),
        Red = choice("red", "红", "red").also(&["红灯", "红色"]),
    }
}

/// 提醒 → 催办 → 督办 → 提级 → 问责建议: what happens to an item that is late, and when.
pub const ESCALATION: Definition = Definition {
    key: "escalation",
    label: Text::new("督办规则", "Escalation"),
    shape: Shape::Line,
    has_place: false,
    subkind: "colour",
    fields: &[
        code(),
        field("name", FieldType::Text, "督办级别", "Stage").also(&["名称", "级别"]),
        field("colour", FieldType::Choice(EscalationColour::CHOICES), "督办颜色", "Colour"),
        // Hours behind the due moment; below zero before it.
        field(
            "after_due_h",
            FieldType::Real { min: -8760.0, max: 8760.0 },
            "到期后",
            "After the due moment",
        )
        .unit("h"),
        // Reached too by so many returns, or by a relapse.
        field(
            "returns",
            FieldType::Integer { min: 1, max: 100 },
            "或退回次数",
            "Or times returned",
        ),
        field("on_relapse", FieldType::Boolean, "或反弹", "Or a relapse"),
        field("action", FieldType::Text, "督办措施", "Action"),
        field("signatory", FieldType::Text, "签发人", "Signatory"),
        // The document that goes out, by its key: 提示函, 督办单, 问责建议.
        field("document", FieldType::Text, "文书", "Document"),
        field("note", FieldType::Text, "备注", "Note"),
        attachments(),
    ],
};
