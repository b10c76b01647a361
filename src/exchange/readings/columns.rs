//! What the columns of a table of readings are.

use crate::domain::reading::Factor;

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Role {
    StationCode,
    StationName,
    Longitude,
    Latitude,
    /// Date and time, or a date alone.
    Time,
    Year,
    Month,
    Day,
    Hour,
    /// In a wide file: what the row is of.
    Type,
    /// Values, to be multiplied by this to be in the factor's unit.
    Values(Factor, f64),
    /// A day's mean, of ozone the largest mean of 8 h: a value where the table has no hours, else only
    /// seen beside them.
    DayMean(Factor, f64),
    /// The largest hour of ozone of the last 24.
    OzoneMaximum,
    /// The running maximum of ozone's means of 8 h.
    OzoneEightHours,
    /// Follows from others: AQI, level, primary pollutant, single indices.
    Derived,
}

const CODES: [&str; 14] = [
    "stationcode",
    "sitecode",
    "站点编码",
    "站点编号",
    "点位编码",
    "点位编号",
    "监测点编码",
    "设备编号",
    "设备编码",
    "mn",
    "mn号",
    "deviceno",
    "deviceid",
    "code",
];
const NAMES: [&str; 20] = [
    "positionname",
    "sitename",
    "stationname",
    "station",
    "site",
    "站点名称",
    "站点",
    "站名",
    "点位名称",
    "监测点位名称",
    "监测点位",
    "监测点",
    "监测点名称",
    "点位",
    "企业名称",
    "单位名称",
    "餐饮名称",
    "工地名称",
    "项目名称",
    "工程名称",
];
const TIMES: [&str; 24] = [
    "监测时间",
    "数据时间",
    "上报时间",
    "采集时间",
    "采样时间",
    "采样时刻",
    "监测时刻",
    "观测时间",
    "报警时间",
    "接收时间",
    "时间",
    "日期时间",
    "发布时间",
    "更新时间",
    "time",
    "timepoint",
    "timepointstr",
    "datetime",
    "datatime",
    "timestamp",
    "publishtime",
    "日期",
    "date",
    "监测日期",
];
const DERIVED: [&str; 10] = [
    "aqi",
    "quality",
    "primarypollutant",
    "首要污染物",
    "空气质量指数",
    "空气质量",
    "污染类型",
    "unheathful",
    "measure",
    "质量等级",
];
/// Of what fume, dust and weather exports have columns, and no column of the district file.
const OTHERS: [&str; 29] = [
    // Of meters of firms: what proves that a line stands still.
    "用电量",
    "有功功率",
    "用电负荷",
    "油烟浓度",
    "油烟",
    "颗粒物",
    "非甲烷总烃",
    "nmhc",
    "tvoc",
    "voc",
    "vocs",
    "氨",
    "nh3",
    "硫化氢",
    "h2s",
    "no",
    "nox",
    "氮氧化物",
    "pm1",
    "烟尘",
    "氧含量",
    "含氧量",
    "烟气流量",
    "烟气温度",
    "dewp",
    "露点",
    "能见度",
    "visibility",
    "负氧离子",
];

/// One spelling for all, with the unit apart: half width, lower case, no blanks, dots and lines.
fn plain(name: &str) -> (String, String) {
    let half = |c: char| match c {
        '（' => '(',
        '）' => ')',
        'μ' | 'µ' => 'u',
        '₂' => '2',
        '₃' | '³' => '3',
        '㎡' => 'm',
        '％' => '%',
        _ => c.to_ascii_lowercase(),
    };
    let name: String = name.chars().map(half).filter(|c| !c.is_whitespace()).collect();
    let is_unit = |text: &str| {
        ["g/m", "mg/", "ug/", "℃", "%", "hpa", "kpa", "m/s", "km/h", "db", "mm", "°", "kw"]
            .iter()
            .any(|sign| text.contains(sign))
    };
    let unit = name.rfind('(').and_then(|at| {
        let inside = name.get(at + 1..)?.trim_end_matches(')');
        is_unit(inside).then(|| (at, inside.to_owned()))
    });
    let (base, unit) = match unit {
        Some((at, unit)) => (name.get(..at).unwrap_or_default().to_owned(), unit),
        None => (name, String::new()),
    };
    (base.replace(['_', '-'], ""), unit)
}

/// The number by which values in a unit become those of the factor. The unit of CO is not believed:
/// sheets head it µg/m³ and hold mg/m³, so that its values decide.
fn scale(factor: &Factor, unit: &str) -> f64 {
    let is_mg = unit.starts_with("mg");
    match factor {
        Factor::Pm25 | Factor::Pm10 | Factor::So2 | Factor::No2 | Factor::O3 | Factor::Tsp
            if is_mg =>
        {
            1000.0
        }
        Factor::WindSpeed if unit == "km/h" => 1.0 / 3.6,
        _ => 1.0,
    }
}

impl Role {
    /// What a person may say that a column is, by the words of [`super::ReadingOptions::map`]; with the
    /// unit that its head states.
    pub fn said(target: &str, column: &str) -> Self {
        match target {
            "station" | "code" => Self::StationCode,
            "name" => Self::StationName,
            "lon" => Self::Longitude,
            "lat" => Self::Latitude,
            "time" | "date" => Self::Time,
            "hour" => Self::Hour,
            "skip" => Self::Derived,
            factor => {
                let (factor, unit) = factor.split_once('@').unwrap_or((factor, ""));
                let factor = Factor::named(factor);
                let scale = if unit.is_empty() {
                    scale(&factor, &plain(column).1)
                } else {
                    stated_scale(&factor, &plain(&format!("({unit})")).1)
                };
                Self::Values(factor, scale)
            }
        }
    }

    /// The word for it; of what a person cannot say, `skip`.
    pub fn target(&self) -> &str {
        match self {
            Self::StationCode => "station",
            Self::StationName => "name",
            Self::Longitude => "lon",
            Self::Latitude => "lat",
            Self::Time | Self::Year | Self::Month | Self::Day | Self::Type => "time",
            Self::Hour => "hour",
            Self::Values(factor, _) | Self::DayMean(factor, _) => factor.key(),
            Self::OzoneMaximum | Self::OzoneEightHours | Self::Derived => "skip",
        }
    }
}

/// The same where a person says the unit, which is believed.
fn stated_scale(factor: &Factor, unit: &str) -> f64 {
    match factor {
        Factor::Co if unit.starts_with("ug") => 0.001,
        Factor::Pressure if unit == "kpa" => 10.0,
        _ => scale(factor, unit),
    }
}

/// `None` of a column that means nothing here.
pub fn role(name: &str) -> Option<Role> {
    let (base, unit) = plain(name);
    let is_one = |words: &[&str]| words.contains(&base.as_str());
    if base.contains("分指数")
        || base.ends_with("iaqi")
        || base.contains("级别")
        || is_one(&DERIVED)
    {
        return Some(Role::Derived);
    }
    if base.starts_with("空气质量指数") || base.contains("类别") {
        return Some(Role::Derived);
    }
    // The number of a row, and no nitrogen monoxide.
    if base == "no" && name.trim() != "NO" {
        return None;
    }
    match base.as_str() {
        "year" | "年" => return Some(Role::Year),
        "month" | "月" => return Some(Role::Month),
        "day" | "日" => return Some(Role::Day),
        "hour" | "小时" | "时" | "时次" => return Some(Role::Hour),
        "type" => return Some(Role::Type),
        "longitude" | "lng" | "lon" | "经度" => return Some(Role::Longitude),
        "latitude" | "lat" | "纬度" => return Some(Role::Latitude),
        _ if is_one(&CODES) => return Some(Role::StationCode),
        _ if is_one(&NAMES) => return Some(Role::StationName),
        _ if is_one(&TIMES) => return Some(Role::Time),
        "o38h24h" | "臭氧8小时滑动最大" => return Some(Role::OzoneEightHours),
        "o38h" => return Some(Role::Derived),
        "o324h" => return Some(Role::OzoneMaximum),
        _ => {}
    }
    values(&base, &unit)
}

/// A daily mean with the dust deducted: `PM10扣沙后`, `扣除沙尘后PM2.5日均浓度`, `PM10（扣沙）`.
fn deducted(base: &str, unit: &str) -> Option<Role> {
    const WORDS: [&str; 5] = ["扣除沙尘影响", "扣除沙尘", "沙尘扣除", "扣沙", "dustdeducted"];
    let word = WORDS.into_iter().find(|word| base.contains(word))?;
    let mut rest = base.replace(word, "").replace(['(', ')', '后'], "");
    for end in ["日均浓度", "日均值", "日均", "平均浓度", "浓度", "均值", "值"] {
        if let Some(short) = rest.strip_suffix(end) {
            rest = short.to_owned();
            break;
        }
    }
    let factor = Factor::known(&rest)?;
    let scale = scale(&factor, unit);
    Some(Role::Values(factor.dust_deducted()?, scale))
}

fn values(base: &str, unit: &str) -> Option<Role> {
    if let Some(role) = deducted(base, unit) {
        return Some(role);
    }
    if let Some(factor) = Factor::known(base) {
        let scale = scale(&factor, unit);
        return Some(Role::Values(factor, scale));
    }
    let others = |base: &str| {
        let known = OTHERS.iter().find(|other| **other == base)?;
        Some(Role::Values(Factor::Other((*known).into()), 1.0))
    };
    if let Some(role) = others(base) {
        return Some(role);
    }
    let stripped =
        |ends: &[&str]| ends.iter().find_map(|end| base.strip_suffix(end)).map(str::to_owned);
    let day = stripped(&[
        "24小时平均浓度",
        "24小时平均",
        "24小时滑动平均浓度",
        "24小时滑动平均",
        "日均浓度",
        "日均值",
        "日均",
        "24h",
        "最大8小时滑动平均浓度",
        "最大8小时滑动平均",
        "最大8小时平均浓度",
        "最大8小时平均",
        "日最大8小时",
        "8h",
    ]);
    if let Some(factor) = day.and_then(|base| Factor::known(&base)) {
        let scale = scale(&factor, unit);
        return Some(Role::DayMean(factor, scale));
    }
    let hour = stripped(&[
        "1小时平均浓度",
        "1小时平均",
        "小时浓度",
        "小时均值",
        "小时值",
        "监测值",
        "平均浓度",
        "浓度",
        "实测值",
        "均值",
        "值",
    ])?;
    match Factor::known(&hour) {
        Some(factor) => {
            let scale = scale(&factor, unit);
            Some(Role::Values(factor, scale))
        }
        None => others(&hour),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_the_files_that_offices_have_are_known() {
        let values = |factor| Some(Role::Values(factor, 1.0));
        for (name, expected) in [
            ("PM2.5(μg/m³)", values(Factor::Pm25)),
            ("PM2.5（µg/m3）", values(Factor::Pm25)),
            ("PM10监测值", values(Factor::Pm10)),
            ("PM2_5", values(Factor::Pm25)),
            ("CO(μg/m3)", values(Factor::Co)),
            ("WSPM", values(Factor::WindSpeed)),
            ("wd", values(Factor::WindDirection)),
            ("二氧化硫(SO2)24小时平均浓度(μg/m3)", Some(Role::DayMean(Factor::So2, 1.0))),
            ("PM2.5_24h", Some(Role::DayMean(Factor::Pm25, 1.0))),
            ("TSP(mg/m3)", Some(Role::Values(Factor::Tsp, 1000.0))),
            ("油烟浓度(mg/m3)", values(Factor::named("油烟浓度"))),
            ("PM10扣沙后(μg/m3)", values(Factor::Pm10.dust_deducted().unwrap())),
            ("扣除沙尘影响后PM2.5日均浓度", values(Factor::Pm25.dust_deducted().unwrap())),
            ("PM10（扣沙）", values(Factor::Pm10.dust_deducted().unwrap())),
            ("pm2_5_dust_deducted", values(Factor::Pm25.dust_deducted().unwrap())),
            ("SO2扣沙后", None),
            ("O3_8h_24h", Some(Role::OzoneEightHours)),
            ("O3_24h", Some(Role::OzoneMaximum)),
            ("O3_8h", Some(Role::Derived)),
            ("监测点位名称", Some(Role::StationName)),
            ("position_name", Some(Role::StationName)),
            ("StationCode", Some(Role::StationCode)),
            ("time_point", Some(Role::Time)),
            ("上报时间", Some(Role::Time)),
            ("空气质量指数(AQI)", Some(Role::Derived)),
            ("二氧化硫(SO2)24小时平均分指数", Some(Role::Derived)),
            ("负责人", None),
        ] {
            assert_eq!(role(name), expected, "{name}");
        }
    }
}
