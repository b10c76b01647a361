//! Sites: whatever pollutes or must be spared.

use super::{
    Choice, Definition, Field, FieldType, Shape, Text, attachments, choice, choices, code, field,
    name, township,
};

choices! {
    /// What is done at a site; 其他 where nothing is said.
    #[derive(Default)]
    SiteKind of Site "kind" {
        Construction = choice("construction", "工地", "construction").also(&["建筑工地", "施工工地", "在建工地"]),
        Restaurant = choice("restaurant", "餐饮", "restaurant").also(&["餐饮店", "饭店", "餐馆", "餐饮油烟"]),
        Enterprise = choice("enterprise", "企业", "enterprise").also(&["工业企业", "涉气企业"]),
        Parking = choice("parking", "停车场", "parking"),
        Stockpile = choice("stockpile", "堆场料场", "stockpile").also(&["堆场", "料场", "物料堆场"]),
        AutoRepair = choice("auto_repair", "汽修", "auto repair").also(&["汽修店", "汽车维修", "汽修厂"]),
        BareGround = choice("bare_ground", "裸土", "bare ground").also(&["裸露地面", "裸地", "裸露土地"]),
        Mine = choice("mine", "矿山", "mine").also(&["采石场"]),
        FuelStation = choice("fuel_station", "加油站", "fuel station"),
        Boiler = choice("boiler", "锅炉", "boiler").also(&["燃煤锅炉", "燃气锅炉"]),
        Burning = choice("burning", "焚烧点", "burning").also(&["焚烧", "秸秆焚烧", "垃圾焚烧"]),
        /// A building whose surroundings have to be kept clean.
        Building = choice("building", "建筑保洁", "building to keep clean").also(&["建筑", "楼宇", "建筑物"]),
        /// A school or a hospital.
        Sensitive = choice("sensitive", "学校医院", "school or hospital").also(&["学校", "医院", "敏感点"]),
        Village = choice("village", "村庄社区", "village").also(&["村庄", "社区", "村"]),
        #[default]
        Other = choice("other", "其他", "other").also(&["其它"]),
    }
}

choices! {
    /// What becomes of a lot, a stockpile or a workshop.
    Disposal of Site "disposal" {
        Legal = choice("合法保留", "合法保留", "legal, stays").also(&["保留", "合法"]),
        ToDo = choice("待整治", "待整治", "to do").also(&["整改", "待处置", "未处置"]),
        Handled = choice("已整治", "已整治", "handled").also(&["已整改", "已处置"]),
        Banned = choice("已取缔", "已取缔", "closed down").also(&["取缔"]),
    }
}

choices! {
    /// What an inspection found of one item. Nothing said counts as not inspected.
    Verdict {
        Passed = choice("合格", "合格", "up to standard").also(&["达标", "是", "√", "符合", "1", "true"]),
        Failed = choice("不合格", "不合格", "not up to standard").also(&[
        "不达标",
        "未达标",
        "否",
        "×",
        "不符合",
        "0",
        "false",
    ]),
        NotApplicable = choice("不适用", "不适用", "not applicable").also(&["/", "无此项", "-", "—"]),
        NotInspected = choice("未查", "未查", "not inspected").also(&["未检查", "未检"]),
    }
}

const GRADES: &[Choice] = &[
    choice("A", "A", "A").also(&["A级"]),
    choice("B", "B", "B").also(&["B级"]),
    choice("引领性", "引领性", "leading").also(&["引领性企业", "绩效引领性"]),
    choice("C", "C", "C").also(&["C级"]),
    choice("D", "D", "D").also(&["D级"]),
];

const CONSTRUCTION: &[&str] = &[SiteKind::Construction.key()];
const ENTERPRISE: &[&str] = &[SiteKind::Enterprise.key()];
const RESTAURANT: &[&str] = &[SiteKind::Restaurant.key()];
const DISPOSED: &[&str] =
    &[SiteKind::Parking.key(), SiteKind::Stockpile.key(), SiteKind::AutoRepair.key()];
const VILLAGE: &[&str] = &[SiteKind::Village.key()];
const PARKING: &[&str] = &[SiteKind::Parking.key()];

const fn hundred_percent(key: &'static str, zh: &'static str, en: &'static str) -> Field {
    field(key, FieldType::Choice(Verdict::CHOICES), zh, en).of(CONSTRUCTION)
}

/// Places that pollute or are looked after; their fields depend on their kind.
pub const SITE: Definition = Definition {
    key: "site",
    label: Text::new("污染源与点位", "Sites"),
    shape: Shape::PointOrPolygon,
    has_place: true,
    subkind: "kind",
    fields: &[
        code(),
        name(),
        field("kind", FieldType::Choice(SiteKind::CHOICES), "类型", "Kind").also(&[
            "类别",
            "点位类型",
            "污染源类型",
            "场所类型",
            "种类",
        ]),
        township(),
        field("address", FieldType::Text, "地址", "Address").also(&[
            "详细地址",
            "位置",
            "具体位置",
            "项目地址",
            "工程地址",
            "单位地址",
            "企业地址",
            "经营地址",
            "施工地址",
            "地点",
            "项目地点",
            "工程地点",
            "所在位置",
            "坐落",
            "addr",
        ]),
        field("unit", FieldType::Text, "责任单位", "Responsible unit")
            .also(&["单位", "主体责任单位"]),
        field("person", FieldType::Text, "责任人", "Person").also(&[
            "联系人",
            "负责人",
            "姓名",
            "contact",
        ]),
        field("phone", FieldType::Phone, "电话", "Phone").also(&[
            "联系电话",
            "手机",
            "手机号",
            "联系方式",
            "手机号码",
            "电话号码",
            "tel",
        ]),
        field("department", FieldType::Text, "监管部门", "Supervising department").also(&[
            "主管部门",
            "行业部门",
            "牵头部门",
            "责任部门",
            "部门",
        ]),
        field("state", FieldType::Text, "状态", "State").also(&[
            "现状",
            "生产状态",
            "运行状态",
            "施工状态",
        ]),
        hundred_percent("enclosure", "周边围挡", "Hoarding").also(&["围挡", "施工工地周边围挡"]),
        hundred_percent("cover", "物料覆盖", "Material covered").also(&[
            "覆盖",
            "物料堆放覆盖",
            "裸土覆盖",
        ]),
        hundred_percent("wash", "车辆冲洗", "Vehicles washed").also(&["冲洗", "出入车辆冲洗"]),
        hundred_percent("hardening", "地面硬化", "Ground hardened").also(&[
            "硬化",
            "施工现场地面硬化",
            "路面硬化",
        ]),
        hundred_percent("wet_work", "湿法作业", "Wet work").also(&[
            "湿法",
            "拆迁工地湿法作业",
            "土方湿法作业",
        ]),
        hundred_percent("closed_transport", "密闭运输", "Closed transport")
            .also(&["渣土车辆密闭运输", "密闭"]),
        field("stage", FieldType::Text, "施工阶段", "Stage")
            .also(&["阶段", "施工进度", "工程进度"])
            .of(CONSTRUCTION),
        field("builder", FieldType::Text, "施工单位", "Builder").of(CONSTRUCTION),
        field("developer", FieldType::Text, "建设单位", "Developer").of(CONSTRUCTION),
        field("supervisor", FieldType::Text, "监理单位", "Supervisor")
            .also(&["监理"])
            .of(CONSTRUCTION),
        field("industry", FieldType::Text, "行业", "Industry")
            .also(&["行业类别", "所属行业", "行业类型", "重点行业类型"])
            .of(ENTERPRISE),
        field("grade", FieldType::Choice(GRADES), "绩效等级", "Performance grade")
            .also(&["绩效分级", "绩效级别", "等级", "级别"])
            .of(ENTERPRISE),
        field("on_response_list", FieldType::Boolean, "在应急减排清单", "On the response list")
            .also(&["应急减排清单", "是否在清单", "清单内"])
            .of(ENTERPRISE),
        field("monitoring_id", FieldType::Text, "在线监测编号", "Online monitoring id")
            .also(&["在线监测", "监测编号", "排口编号"])
            .of(ENTERPRISE),
        field("purifier", FieldType::Text, "油烟净化器", "Fume purifier")
            .also(&["净化器", "净化设施", "油烟净化设施"])
            .of(RESTAURANT),
        field("fume_test_on", FieldType::Date, "油烟检测日期", "Last fume test")
            .also(&["检测日期", "最近检测日期"])
            .of(RESTAURANT),
        field(
            "fume_test_result",
            FieldType::Choice(Verdict::CHOICES),
            "油烟检测结果",
            "Fume test result",
        )
        .also(&["检测结果"])
        .of(RESTAURANT),
        field("licensed", FieldType::Boolean, "备案", "Licensed")
            .also(&["是否备案", "许可", "证照"])
            .of(PARKING),
        // The last day on which it is checked from afar unless somebody complains.
        field("positive_until", FieldType::Date, "正面清单有效期", "On the positive list until")
            .also(&["正面清单", "正面清单有效期至"])
            .of(ENTERPRISE),
        field("purifier_cleaned_on", FieldType::Date, "净化器清洗日期", "Purifier cleaned on")
            .also(&["清洗日期"])
            .of(RESTAURANT),
        // Small below 3, medium below 6, large from there (GB 18483-2001).
        field("stoves", FieldType::Integer { min: 0, max: 1000 }, "灶头数", "Stoves")
            .of(RESTAURANT),
        field("fume_mg", FieldType::Real { min: 0.0, max: 1000.0 }, "油烟浓度", "Fume measured")
            .unit("mg/m³")
            .also(&["油烟排放浓度", "基准风量折算浓度"])
            .of(RESTAURANT),
        field("disposal", FieldType::Choice(Disposal::CHOICES), "处置结果", "Disposal")
            .also(&["处置", "处置情况"])
            .of(DISPOSED),
        field("households", FieldType::Integer { min: 0, max: 100_000 }, "应查户数", "Households")
            .also(&["双代户数", "户数"])
            .of(VILLAGE),
        attachments(),
    ],
};
