//! What a district must check by itself, again and again, and what each check found.

use super::{
    Definition, FieldType, Shape, SiteKind, Text, Verdict, attachments, choice, choices, code,
    field,
};

choices! {
    /// What is gone through.
    CheckSubject of CheckPlan "subject" {
        Surroundings = choice("公共设施周边保洁", "公共设施周边保洁", "around public buildings").also(&["保洁", "周边保洁"]),
        Restaurants = choice("餐饮油烟", "餐饮油烟", "kitchen fume").also(&["餐饮"]),
        Parking = choice("停车场", "停车场", "parking"),
        Stockpiles = choice("堆场料场", "堆场料场", "stockpiles").also(&["堆场", "料场"]),
        AutoRepair = choice("汽修", "汽修", "auto repair"),
        Construction = choice("工地六个百分之百", "工地六个百分之百", "construction sites").also(&["工地", "扬尘工地"]),
        BareGround = choice("裸土", "裸土", "bare ground"),
        Mines = choice("矿山", "矿山", "mines"),
        Burning = choice("焚烧", "焚烧", "open burning"),
        Villages = choice("双代散煤", "双代散煤", "loose coal in villages").also(&["散煤", "双代"]),
        Enterprises = choice("企业停限产", "企业停限产", "enterprises under response").also(&["停限产"]),
        /// Stretches of road, not sites.
        Sweeping = choice("清扫洒水", "清扫洒水", "sweeping and wet suppression").also(&["清扫", "洒水", "道路保洁"]),
        /// Duties that are manned around the clock: a check is a call, passed where somebody answers.
        Posts = choice("岗位值守", "岗位值守", "posts that must be manned").also(&["值守", "查岗", "拨测"]),
        /// 制度: the plan is itself what has to be done again and again.
        Systems = choice("制度落实", "制度落实", "standing rules").also(&["制度"]),
        /// A task of a sprint: the plan is itself what has to be done, once.
        Tasks = choice("攻坚任务", "攻坚任务", "tasks of a sprint").also(&["任务"]),
    }
}

impl CheckSubject {
    /// The kinds of site that it goes through.
    pub const fn sites(self) -> &'static [SiteKind] {
        match self {
            Self::Surroundings => &[SiteKind::Building, SiteKind::Sensitive],
            Self::Restaurants => &[SiteKind::Restaurant],
            Self::Parking => &[SiteKind::Parking],
            Self::Stockpiles => &[SiteKind::Stockpile],
            Self::AutoRepair => &[SiteKind::AutoRepair],
            Self::Construction => &[SiteKind::Construction],
            Self::BareGround => &[SiteKind::BareGround],
            Self::Mines => &[SiteKind::Mine],
            Self::Burning => &[SiteKind::Burning],
            Self::Villages => &[SiteKind::Village],
            Self::Enterprises => &[SiteKind::Enterprise],
            Self::Sweeping | Self::Posts | Self::Systems | Self::Tasks => &[],
        }
    }

    /// Whether the plan itself is what is done.
    pub const fn is_itself(self) -> bool {
        matches!(self, Self::Systems | Self::Tasks)
    }

    /// Whether it goes through sites of a kind.
    pub fn covers(self, kind: SiteKind) -> bool {
        self.sites().contains(&kind)
    }
}

/// A plan of checks: what is due again after how many days, near which points.
pub const CHECK_PLAN: Definition = Definition {
    key: "check_plan",
    label: Text::new("检查计划", "Check plans"),
    shape: Shape::Line,
    has_place: false,
    subkind: "subject",
    fields: &[
        code(),
        field("name", FieldType::Text, "计划名称", "Name"),
        field("subject", FieldType::Choice(CheckSubject::CHOICES), "检查对象", "Subject"),
        // Of a national or provincial point; empty for the whole district.
        field("within_m", FieldType::Real { min: 1.0, max: 100_000.0 }, "距国省控点", "Within")
            .unit("m"),
        field("inside_ring_road", FieldType::Boolean, "仅环线以内", "Inside the ring road alone"),
        // … or at most so far outside of it.
        field("along_m", FieldType::Real { min: 1.0, max: 100_000.0 }, "环线沿线", "Along it")
            .unit("m"),
        field("every_days", FieldType::Integer { min: 1, max: 3650 }, "检查间隔", "Every")
            .unit("d"),
        field("unit", FieldType::Text, "检查单位", "Unit"),
        field("person", FieldType::Text, "检查负责人", "Person"),
        // What is looked at, one after the other; of a site the six items.
        field("points", FieldType::Words, "检查要点", "Points"),
        // Of restaurants: what holds from when to when for small, medium and large ones; where it is
        // empty, GB 18483-2001.
        field(
            "fume_limits",
            FieldType::Reals { min: 0.01, max: 100.0 },
            "油烟限值(小、中、大)",
            "Fume limits (small, medium, large)",
        )
        .unit("mg/m³"),
        field("standard", FieldType::Text, "限值标准", "Standard of the limits"),
        field("valid_from", FieldType::Date, "开始日期", "From"),
        field("valid_to", FieldType::Date, "结束日期", "To"),
        field("note", FieldType::Text, "备注", "Note"),
        attachments(),
    ],
};

/// What one check found.
pub const CHECK: Definition = Definition {
    // `check` is a word of SQL.
    key: "inspection",
    label: Text::new("检查记录", "Checks"),
    shape: Shape::Line,
    has_place: false,
    subkind: "verdict",
    fields: &[
        code(),
        // What was checked.
        field("name", FieldType::Text, "被检查对象", "Checked"),
        // The code or id of the plan.
        field("plan", FieldType::Text, "所属检查计划", "Plan"),
        // Ids: of what was checked, and of the item that came of it.
        field("records", FieldType::Words, "关联对象", "Records"),
        field("checked_on", FieldType::Date, "检查日期", "Checked on"),
        field("verdict", FieldType::Choice(Verdict::CHOICES), "检查结果", "Verdict"),
        field("checker", FieldType::Text, "检查人员", "Checker"),
        field("found", FieldType::Text, "发现问题", "Found"),
        field("weather", FieldType::Text, "检查时天气", "Weather"),
        // Of a household in a village. Its name may be left out, and is masked in what goes out.
        field("household", FieldType::Text, "户主", "Household"),
        field("house_number", FieldType::Text, "门牌", "House number").also(&["门牌号"]),
        field("heating", FieldType::Text, "改造方式", "Heating").also(&["改造方式(气/电)"]),
        field("in_use", FieldType::Boolean, "是否在用", "In use"),
        field("coal_kg", FieldType::Real { min: 0.0, max: 1e6 }, "散煤", "Loose coal")
            .unit("kg")
            .also(&["有无散煤(kg)", "散煤(kg)", "清缴散煤"]),
        field("stove_removed", FieldType::Boolean, "炉灶是否拆除", "Stove removed"),
        field("handled", FieldType::Text, "处置", "Handled"),
        attachments(),
    ],
};
