//! What a number was computed by, as a value that can stand beside it.

use jiff::civil::{Date, date};

use crate::domain::Text;

/// On what a rule stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Footing {
    /// A national standard says so.
    Standard,
    /// Publishing offices or the literature do so; no standard was found that says it.
    Practice,
    /// Our own choice, which can be argued with.
    Own,
}

impl Footing {
    pub const fn name(self) -> Text {
        match self {
            Self::Standard => Text::new("国家标准", "national standard"),
            Self::Practice => Text::new("通行做法", "common practice"),
            Self::Own => Text::new("本软件约定", "convention of this program"),
        }
    }
}

/// One rule with its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    pub name: Text,
    pub source: Text,
    /// Data of this day and later are subject to it; `None` where it has no date.
    pub since: Option<Date>,
    pub footing: Footing,
}

impl Rule {
    const fn standard(name: Text, source: &'static str, since: Date) -> Self {
        let source = Text::new(source, source);
        Self { name, source, since: Some(since), footing: Footing::Standard }
    }

    const fn practice(name: Text, source: Text) -> Self {
        Self { name, source, since: None, footing: Footing::Practice }
    }

    const fn own(name: Text, source: Text) -> Self {
        Self { name, source, since: None, footing: Footing::Own }
    }
}

/// HJ 633-2026 and GB 3095-2026 are in force.
pub const SINCE_2026: Date = date(2026, 3, 1);
/// HJ 633-2012 and GB 3095-2012 are in force in the whole country.
const SINCE_2012: Date = date(2016, 1, 1);

pub const AQI_2012: Rule =
    Rule::standard(Text::new("AQI 2012 版", "AQI, edition of 2012"), "HJ 633-2012", SINCE_2012);

pub const AQI_2026: Rule =
    Rule::standard(Text::new("AQI 2026 版", "AQI, edition of 2026"), "HJ 633-2026", SINCE_2026);

/// 20 hours a day, 27 days a month (25 in February), 324 days a year.
pub const VALID_DATA: Rule = Rule::standard(
    Text::new("数据有效性", "completeness of data"),
    "GB 3095-2012, GB 3095-2026 (table 4)",
    SINCE_2012,
);

/// Means over 8 hours that end at 8–24, of at least 6 hours; 14 of them a day, unless the largest is
/// above 160 µg/m³.
pub const OZONE_MDA8: Rule = Rule::standard(
    Text::new("臭氧日最大8小时平均", "largest 8-hour mean of ozone in a day"),
    "GB 3095-2012, GB 3095-2026, HJ 663",
    SINCE_2012,
);

pub const PERCENTILE: Rule = Rule::standard(
    Text::new("百分位数（线性内插）", "percentile (linear between ranks)"),
    "HJ 663-2013, HJ 663-2026",
    date(2013, 10, 1),
);

pub const ROUNDING: Rule =
    Rule::standard(Text::new("四舍六入五成双", "half to even"), "GB/T 8170-2008", date(2009, 1, 1));

pub const INDEX_2013_LIMITS: Rule = Rule::practice(
    Text::new("A 2013 口径", "A, limits of 2013"),
    Text::new(
        "环境空气质量综合指数，各项浓度除以 GB 3095-2012 二级限值后相加（中国环境监测总站月报）",
        "composite index: each value over its class 2 limit of GB 3095-2012, summed (monthly reports of CNEMC)",
    ),
);

pub const INDEX_2026_LIMITS: Rule = Rule::practice(
    Text::new("B 2026 限值", "B, limits of 2026"),
    Text::new(
        "同 A，限值取 GB 3095-2026 过渡阶段；国家文件未见，2026 年 3 月后用哪一种未定",
        "as A with the transitional limits of GB 3095-2026; which one holds since March 2026 is unsettled",
    ),
);

pub const INDEX_2026_WEIGHTED: Rule = Rule::practice(
    Text::new("C 2026 加权（3/2/2）", "C, limits of 2026, weighted (3/2/2)"),
    Text::new(
        "同 B，PM2.5 乘 3、NO2 与 O3 乘 2（见于广东某系统）；国家文件未见",
        "as B with PM2.5 three times, NO2 and O3 twice (seen in a system in Guangdong); no national text was found",
    ),
);

pub const RANK: Rule = Rule::practice(
    Text::new("排名", "rank"),
    Text::new(
        "按公布值升序，同值并列并占位（1、1、3）；倒数名次 = 1 + 严格更差的个数",
        "by published values, smallest first, equal ones share a rank (1, 1, 3); from the bottom: 1 + number strictly worse",
    ),
);

pub const DUST: Rule = Rule::practice(
    Text::new("扣除沙尘影响", "dust deducted"),
    Text::new(
        "PM10、PM2.5 和综合指数扣除沙尘影响，优良天数和重污染天数不扣（中国环境监测总站月报）",
        "dust storms are deducted from PM10, PM2.5 and the composite index, but not from good days and heavily polluted days (monthly reports of CNEMC)",
    ),
);

pub const CHANGE: Rule = Rule::practice(
    Text::new("同比变化率", "change against last year"),
    Text::new(
        "两期用同一版本、同一口径计算；百分数保留 1 位小数",
        "both periods by one edition and one method; per cent with one decimal",
    ),
);

pub const TARGET: Rule = Rule::own(
    Text::new("目标测算（算术，非预报）", "target arithmetic (no forecast)"),
    Text::new(
        "有效天数的算术；修约前后两种判定都列出",
        "arithmetic of valid days; judged both before and after rounding",
    ),
);

pub const WIND_MEAN: Rule = Rule::practice(
    Text::new("矢量平均风", "vector mean of wind"),
    Text::new(
        "风向为来向，自正北顺时针；静风另计",
        "direction is where it comes from, clockwise from north; calms apart",
    ),
);

pub const SECTORS: Rule = Rule::practice(
    Text::new("16 方位", "16 sectors"),
    Text::new("每 22.5°，北以 0° 为中心", "of 22.5°, north centred on 0°"),
);

pub const CPF: Rule = Rule::practice(
    Text::new("条件概率函数 CPF", "conditional probability function"),
    Text::new("Ashbaugh 等 1985", "Ashbaugh et al. 1985"),
);

pub const NWR: Rule = Rule::practice(
    Text::new("非参数风回归 NWR", "nonparametric wind regression"),
    Text::new(
        "Henry 等 2009；高斯核 σ = 5°、h = 1.5 m/s（openair 取值），角度双向回绕",
        "Henry et al. 2009; Gaussian kernels, 5° and 1.5 m/s as openair has them, angles wrapped both ways",
    ),
);

pub const RATIOS: Rule = Rule::own(
    Text::new("浓度比值（线索）", "ratios (hints)"),
    Text::new(
        "PM2.5/PM10 低于 0.4 偏扬尘，高于 0.7 偏燃烧或二次；筛查线索，不是认定",
        "PM2.5/PM10 below 0.4 hints at dust, above 0.7 at combustion or secondary particles; a hint, no finding",
    ),
);

pub const NORMAL_BAND: Rule = Rule::own(
    Text::new("同小时近 28 天常态带", "normal band of the same hour over 28 days"),
    Text::new(
        "前 28 天同一小时的第 10、50、90 百分位",
        "10th, 50th and 90th percentile of the same hour on the 28 days before",
    ),
);

pub const VARIATION: Rule = Rule::practice(
    Text::new("时间变化", "time variation"),
    Text::new(
        "分时段平均，阴影为自助法 95 % 区间（重抽 200 次，同样数据结果相同）；相邻小时相关，实际不确定度更大",
        "means by step of a cycle, with the 95 % band of 200 bootstrap draws, the same for the same hours; neighbouring hours are alike, so that the truth is wider",
    ),
);

pub const IDW: Rule = Rule::own(
    Text::new("插值示意", "interpolated, for illustration"),
    Text::new(
        "反距离加权；少数站点的插值不是测量，超出距离不画",
        "inverse distance weights; between few stations no measurement, and not drawn beyond a distance",
    ),
);

/// All of them, in the order of a list of methods.
pub const ALL: &[Rule] = &[
    AQI_2012,
    AQI_2026,
    VALID_DATA,
    OZONE_MDA8,
    PERCENTILE,
    ROUNDING,
    INDEX_2013_LIMITS,
    INDEX_2026_LIMITS,
    INDEX_2026_WEIGHTED,
    RANK,
    DUST,
    CHANGE,
    TARGET,
    WIND_MEAN,
    SECTORS,
    CPF,
    NWR,
    RATIOS,
    NORMAL_BAND,
    VARIATION,
    IDW,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_standard_has_a_date_and_no_two_rules_share_a_name() {
        for (at, rule) in ALL.iter().enumerate() {
            assert_eq!(rule.footing == Footing::Standard, rule.since.is_some(), "{rule:?}");
            assert!(ALL[..at].iter().all(|other| other.name.zh != rule.name.zh), "{rule:?}");
        }
    }
}
