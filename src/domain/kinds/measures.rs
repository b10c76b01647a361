//! Congestion, sweeping, and the restrictions of traffic.

use super::{
    Choice, Definition, FieldType, Shape, Text, attachments, choice, choices, code, field, name,
};

choices! {
    /// Why engines run without getting on.
    CongestionCause of Congestion "cause" {
        Congestion = choice("拥堵", "拥堵", "congestion").also(&["堵车"]),
        Idling = choice("怠速", "怠速", "idling").also(&["怠速停车"]),
    }
}

const METHODS: &[Choice] = &[
    choice("机扫", "机扫", "machine sweeping").also(&["机械清扫", "干扫"]),
    choice("洗扫", "洗扫", "wash and sweep").also(&["冲洗"]),
    choice("湿扫", "湿扫", "wet sweeping").also(&["洒水"]),
    choice("雾炮", "雾炮", "mist cannon").also(&["喷雾"]),
    choice("人工", "人工", "by hand").also(&["人工清扫"]),
];

choices! {
    /// What a restriction does to the roads on its line or in its area.
    OrderKind of Restriction "kind" {
        NoEntry = choice("no_entry", "禁行", "no entry").also(&["禁行线", "禁止通行"]),
        OneWay = choice("one_way", "单行", "one way").also(&["单行线"]),
        Limited = choice("limited", "限行", "limited").also(&["限行线", "限制通行"]),
        Detour = choice("detour", "绕行", "detour").also(&["绕行线"]),
        /// Its line comes along one road to a junction and goes on along another: that turn alone is
        /// banned.
        NoTurn = choice("no_turn", "禁止转向", "no turn").also(&["禁转", "禁止转弯"]),
    }
}

choices! {
    /// Which carriageways of a divided road an order on one of them means; both where nothing is said.
    Carriageways of Restriction "carriageways" {
        Both = choice("both", "双幅", "both").also(&["两侧", "双向"]),
        One = choice("one", "仅本幅", "this one only").also(&["单侧", "单幅", "仅本侧"]),
    }
}

choices! {
    /// Total mass and length decide the class (GA 802-2019): micro to 1.8 t, light below 4.5 t, medium
    /// below 12 t, heavy from there.
    TruckClass {
        Micro = choice("micro", "微型", "micro").also(&["微", "微型货车"]),
        Light = choice("light", "轻型", "light").also(&["轻", "轻型货车", "轻型载货汽车"]),
        Medium = choice("medium", "中型", "medium").also(&["中", "中型货车", "中型载货汽车"]),
        Heavy = choice("heavy", "重型", "heavy").also(&["重", "重型货车", "重型载货汽车"]),
    }
}

choices! {
    /// Emission stages of GB 17691 and its forerunners.
    EmissionStage {
        China0 = choice("国零", "国零", "China 0").also(&["国0"]),
        China1 = choice("国一", "国一", "China I").also(&["国1", "国Ⅰ", "国I"]),
        China2 = choice("国二", "国二", "China II").also(&["国2", "国Ⅱ", "国II"]),
        China3 = choice("国三", "国三", "China III").also(&["国3", "国Ⅲ", "国III"]),
        China4 = choice("国四", "国四", "China IV").also(&["国4", "国Ⅳ", "国IV"]),
        China5 = choice("国五", "国五", "China V").also(&["国5", "国Ⅴ", "国V"]),
        China6 = choice("国六", "国六", "China VI").also(&["国6", "国Ⅵ", "国VI", "国六a", "国六b", "国六A", "国六B", "国6a", "国6b", "国Ⅵb", "国VIb"]),
    }
}

choices! {
    /// What a truck is driven by.
    Fuel {
        Diesel = choice("diesel", "柴油", "diesel").also(&["柴油车"]),
        Petrol = choice("petrol", "汽油", "petrol").also(&["汽油车"]),
        Gas = choice("gas", "燃气", "gas").also(&["天然气", "LNG", "CNG"]),
        /// Batteries or hydrogen: 新能源.
        Electric = choice("electric", "新能源", "electric or hydrogen").also(&["电动", "纯电动", "氢燃料"]),
    }
}

choices! {
    /// Colours of GA 36-2018; those of new-energy vehicles count as green, heavy ones' green and yellow
    /// too.
    PlateColour {
        Yellow = choice("yellow", "黄牌", "yellow plate").also(&["黄"]),
        Blue = choice("blue", "蓝牌", "blue plate").also(&["蓝"]),
        Green = choice("green", "绿牌", "green plate").also(&["绿", "黄绿牌", "新能源牌"]),
    }
}

choices! {
    /// How far a restriction has come. One of which nothing is said is neither in force nor revoked.
    OrderState of Restriction "state" {
        Draft = choice("草案", "草案", "sketch"),
        Proposed = choice("拟定", "拟定", "proposed"),
        InForce = choice("生效", "生效", "in force").also(&["有效", "执行中"]),
        Revoked = choice("废止", "废止", "revoked").also(&["失效"]),
    }
}

/// Stretches on which trucks queue.
pub const CONGESTION: Definition = Definition {
    key: "congestion",
    label: Text::new("拥堵怠速", "Congestion"),
    shape: Shape::Line,
    has_place: true,
    subkind: "cause",
    fields: &[
        code(),
        name(),
        field("cause", FieldType::Choice(CongestionCause::CHOICES), "成因", "Cause")
            .also(&["类型", "原因"]),
        field("hours", FieldType::Hours, "时段", "Hours").also(&["拥堵时段", "时间"]),
        field("severity", FieldType::Integer { min: 1, max: 5 }, "程度", "Severity")
            .unit("1–5")
            .also(&["等级", "严重程度", "拥堵等级"]),
        field(
            "trucks_per_hour",
            FieldType::Real { min: 0.0, max: 100_000.0 },
            "货车流量",
            "Trucks",
        )
        .unit("1/h")
        .also(&["货车辆/小时", "trucks_h", "货车小时流量"]),
        attachments(),
    ],
};

/// Stretches that are swept and watered.
pub const SWEEPING: Definition = Definition {
    key: "sweeping",
    label: Text::new("清扫抑尘", "Sweeping"),
    shape: Shape::Line,
    has_place: true,
    subkind: "method",
    fields: &[
        code(),
        name(),
        field("method", FieldType::Choice(METHODS), "作业方式", "Method")
            .also(&["方式", "清扫方式"]),
        field(
            "times_per_day",
            FieldType::Integer { min: 0, max: 100 },
            "每日频次",
            "Times per day",
        )
        .unit("1/d")
        .also(&["频次", "次数", "每日次数"]),
        field("windows", FieldType::Hours, "作业时段", "Windows").also(&["时段", "作业时间"]),
        attachments(),
        // When it was swept: days with or without times, 2026-11-29 06:20, with semicolons between.
        // `analysis::swept` reads them.
        field("swept", FieldType::Text, "作业记录", "Swept on").also(&[
            "实际作业时间",
            "实际时间",
            "最近作业时间",
            "末次作业时间",
            "完成时间",
        ]),
    ],
};

/// Traffic orders: what is closed, one-way, limited or led around, for whom and when.
pub const RESTRICTION: Definition = Definition {
    key: "restriction",
    label: Text::new("管控措施", "Restrictions"),
    shape: Shape::LineOrPolygon,
    has_place: true,
    subkind: "kind",
    fields: &[
        code(),
        name(),
        field("kind", FieldType::Choice(OrderKind::CHOICES), "类型", "Kind").also(&[
            "措施",
            "管控类型",
            "类别",
        ]),
        field("plan", FieldType::Text, "方案", "Plan").also(&["所属方案"]),
        field("classes", FieldType::Choices(TruckClass::CHOICES), "车型", "Truck classes")
            .also(&["车辆类型", "货车类型"]),
        field("min_axles", FieldType::Integer { min: 1, max: 20 }, "轴数下限", "Axles from")
            .also(&["轴数"]),
        field("min_mass_t", FieldType::Real { min: 0.0, max: 1000.0 }, "总质量下限", "Mass from")
            .unit("t")
            .also(&["吨位", "总质量"]),
        field("stages", FieldType::Choices(EmissionStage::CHOICES), "排放阶段", "Emission stages")
            .also(&["排放标准"]),
        field("hours", FieldType::Hours, "时段", "Hours").also(&[
            "管控时段",
            "限行时段",
            "禁行时段",
            "管制时段",
            "执行时段",
            "管控时间",
            "限行时间",
            "禁行时间",
            "管制时间",
            "执行时间",
        ]),
        field("valid_from", FieldType::Date, "起始日期", "Valid from").also(&[
            "开始日期",
            "生效日期",
            "施行日期",
        ]),
        field("valid_to", FieldType::Date, "截止日期", "Valid to").also(&["结束日期", "终止日期"]),
        field("exemptions", FieldType::Words, "豁免", "Exemptions")
            .also(&["豁免车辆", "不受限制车辆"]),
        field("boundary_included", FieldType::Boolean, "含边界道路", "Boundary road included")
            .also(&["含边界", "边界道路"]),
        field("state", FieldType::Choice(OrderState::CHOICES), "状态", "State"),
        attachments(),
        field("fuels", FieldType::Choices(Fuel::CHOICES), "燃料", "Fuels").also(&["燃料种类"]),
        field("plates", FieldType::Choices(PlateColour::CHOICES), "号牌颜色", "Plate colours")
            .also(&["号牌", "车牌颜色"]),
        // Only trucks with one of these tags are meant: 渣土车, 危化品车, 外地号牌.
        field("tags", FieldType::Words, "限定车辆", "Only vehicles tagged").also(&["车辆标签"]),
        // Pieces of the outline for which `boundary_included` is turned round: each the name, number or
        // code of a road, or `lon lat` of a place on one piece of it, WGS-84 degrees.
        field("boundary_except", FieldType::Words, "含/不含例外", "Boundary exceptions")
            .also(&["边界例外"]),
        // Where the line was clicked, `lon lat` or `lon lat free`, WGS-84 degrees; the geometry is the
        // road between them, as the network was then.
        field("waypoints", FieldType::Words, "途经点", "Waypoints"),
        // Of a detour: the id or code of the order that it leads around.
        field("detour_of", FieldType::Text, "绕行所属措施", "Detour of").also(&["所属禁行"]),
        // Orders in force that this one stands for in its plan, by code or id.
        field("replaces", FieldType::Words, "替代措施", "Replaces").also(&["视为废止的措施"]),
        field("carriageways", FieldType::Choice(Carriageways::CHOICES), "分幅道路", "Carriageways")
            .also(&["幅别"]),
        // The roads that its line was led along while it was drawn, in its order: the id of each, and
        // three places on it, `ROAD lon lat lon lat lon lat`, WGS-84 degrees.
        field("edges", FieldType::Words, "所经路段", "Roads along"),
    ],
};
