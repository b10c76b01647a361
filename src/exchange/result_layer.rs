//! Layers of figures that the program has worked out. They go out like records, and no reader takes
//! them for records when they come back.

use crate::domain::LocalizedText;

/// A layer of results, by its name in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResultLayer {
    /// Where a name must be plain.
    pub key: &'static str,
    /// Where people read it.
    pub label: &'static str,
}

impl ResultLayer {
    /// Pieces of road with trucks today and under a plan.
    pub const PLAN_ROADS: Self = Self::new("plan_result_roads", "方案结果_路段");
    /// The way of each flow today and under a plan.
    pub const PLAN_WAYS: Self = Self::new("plan_result_ways", "方案结果_路线");
    /// What should be looked at before a plan is signed.
    pub const PLAN_FINDINGS: Self = Self::new("plan_result_findings", "方案结果_检查");
    /// Where signs and cameras of a notice stand.
    pub const SIGNS: Self = Self::new("notice_signs", "标志与摄像头一览");

    const ALL: [Self; 4] = [Self::PLAN_ROADS, Self::PLAN_WAYS, Self::PLAN_FINDINGS, Self::SIGNS];

    const fn new(key: &'static str, label: &'static str) -> Self {
        Self { key, label }
    }

    /// The one that a table or a `layer` cell names.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| [layer.key, layer.label].contains(&name))
    }

    /// Why its rows are left out.
    pub fn refusal(self) -> LocalizedText {
        let Self { key, label } = self;
        LocalizedText::new(
            format!(
                "“{label}”是本程序算出的结果，不是台账记录，未导入；确要作为记录请用 --as 指定图层"
            ),
            format!(
                "`{key}` holds results of this program and no records; name a layer with --as to take \
                 them as records all the same"
            ),
        )
    }
}
