//! What is measured: pollutants, weather, noise, and any other code under its own name.

use std::sync::Arc;

use crate::domain::Text;

/// What a value is of. Those with a column of their own are named here; any other is kept under the
/// name that it came with, such as `a24088` (HJ 212) or `a21026-Zs`, its value converted to the
/// reference oxygen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Factor {
    Pm25,
    Pm10,
    So2,
    No2,
    Co,
    O3,
    WindSpeed,
    WindDirection,
    Temperature,
    Humidity,
    Pressure,
    Precipitation,
    Tsp,
    Noise,
    /// Its unit is that of its source.
    Other(Arc<str>),
}

/// What is said of a factor with a column.
struct Known {
    key: &'static str,
    symbol: Text,
    unit: &'static str,
    /// HJ 212 codes (2017, then 2005), and names in files, without case, blanks, dots and lines.
    also: &'static [&'static str],
}

impl Factor {
    /// Those with a column, in the order of the columns, which is fixed for ever.
    pub const COLUMNS: [Self; 14] = [
        Self::Pm25,
        Self::Pm10,
        Self::So2,
        Self::No2,
        Self::Co,
        Self::O3,
        Self::WindSpeed,
        Self::WindDirection,
        Self::Temperature,
        Self::Humidity,
        Self::Pressure,
        Self::Precipitation,
        Self::Tsp,
        Self::Noise,
    ];

    /// By its key, an HJ 212 code or a name that files use; what is known under none of them is
    /// [`Factor::Other`].
    pub fn named(name: &str) -> Self {
        Self::known(name).unwrap_or_else(|| Self::Other(name.trim().into()))
    }

    /// The same; `None` where it has no column.
    pub fn known(name: &str) -> Option<Self> {
        let name: String = plain(name).collect();
        Self::COLUMNS.into_iter().find(|factor| {
            factor.about().is_some_and(|known| {
                plain(known.key).eq(name.chars()) || known.also.contains(&name.as_str())
            })
        })
    }

    /// The place of its column; `None` of one that has none.
    pub const fn column(&self) -> Option<usize> {
        Some(match self {
            Self::Pm25 => 0,
            Self::Pm10 => 1,
            Self::So2 => 2,
            Self::No2 => 3,
            Self::Co => 4,
            Self::O3 => 5,
            Self::WindSpeed => 6,
            Self::WindDirection => 7,
            Self::Temperature => 8,
            Self::Humidity => 9,
            Self::Pressure => 10,
            Self::Precipitation => 11,
            Self::Tsp => 12,
            Self::Noise => 13,
            Self::Other(_) => return None,
        })
    }

    /// The name of its column in files, the database and JSON; of another factor its own name.
    pub fn key(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => known.about().map_or("", |known| known.key),
        }
    }

    /// The daily mean of PM10 or PM2.5 without the dust storm (扣沙), as the office that may deduct it
    /// gives it: it has no column and stands beside the measured value. `None` of others.
    pub fn dust_deducted(&self) -> Option<Self> {
        let of = DEDUCTED.iter().find(|(of, ..)| of == self)?;
        Some(Self::Other(of.1.into()))
    }

    /// Of which it is the mean with the dust deducted; `None` of a factor that is none.
    pub fn deducted_of(&self) -> Option<Self> {
        let Self::Other(name) = self else { return None };
        DEDUCTED.iter().find(|(_, key, _)| **key == **name).map(|(of, ..)| of.clone())
    }

    /// What a person reads.
    pub fn symbol(&self) -> Text {
        let deducted = || DEDUCTED.iter().find(|(_, key, _)| *key == self.key());
        let of_others = || deducted().map_or(Text::new("", ""), |(.., symbol)| *symbol);
        self.about().map_or_else(of_others, |known| known.symbol)
    }

    /// The unit that values are kept in; empty of a factor without a column, whose unit is its
    /// source's. Directions are clockwise from north, from where the wind comes.
    pub fn unit(&self) -> &'static str {
        let of_others = || if self.deducted_of().is_some() { MICRO } else { "" };
        self.about().map_or_else(of_others, |known| known.unit)
    }

    fn about(&self) -> Option<&'static Known> {
        KNOWN.get(self.column()?)
    }
}

/// Of which, under which name, and what a person reads.
static DEDUCTED: [(Factor, &str, Text); 2] = [
    (Factor::Pm10, "pm10_dust_deducted", Text::new("PM10扣沙", "PM10, dust deducted")),
    (Factor::Pm25, "pm2_5_dust_deducted", Text::new("PM2.5扣沙", "PM2.5, dust deducted")),
];

/// In the order of [`Factor::COLUMNS`].
static KNOWN: [Known; 14] = [
    known(
        "pm2_5",
        "PM2.5",
        "PM2.5",
        MICRO,
        &["a34004", "pm25", "细颗粒物", "细颗粒物(pm25)", "pm25浓度", "pm25监测值"],
    ),
    known(
        "pm10",
        "PM10",
        "PM10",
        MICRO,
        &["a34002", "可吸入颗粒物", "颗粒物(pm10)", "可吸入颗粒物(pm10)", "pm10浓度", "pm10监测值"],
    ),
    known(
        "so2",
        "SO2",
        "SO2",
        MICRO,
        &[
            "a21026",
            "02",
            "二氧化硫",
            "二氧化硫(so2)",
            "so2浓度",
            "so2监测值",
            "sulphurdioxide",
            "sulfurdioxide",
        ],
    ),
    known(
        "no2",
        "NO2",
        "NO2",
        MICRO,
        &["a21004", "二氧化氮", "二氧化氮(no2)", "no2浓度", "no2监测值", "nitrogendioxide"],
    ),
    known(
        "co",
        "CO",
        "CO",
        "mg/m³",
        &["a21005", "04", "一氧化碳", "一氧化碳(co)", "co浓度", "co监测值", "carbonmonoxide"],
    ),
    known(
        "o3",
        "O3",
        "O3",
        MICRO,
        &[
            "a05024",
            "o31104",
            "臭氧",
            "臭氧(o3)",
            "臭氧1小时",
            "o3浓度",
            "o3监测值",
            "ozone",
            "o31h",
            "o3小时",
            "臭氧小时",
        ],
    ),
    known(
        "wind_speed",
        "风速",
        "wind speed",
        "m/s",
        &["a01007", "风速", "ws", "wspm", "windspeed10m", "windspeed2m", "windspd"],
    ),
    known(
        "wind_direction",
        "风向",
        "wind direction",
        "°",
        &["a01008", "风向", "wd", "winddirection10m", "winddir"],
    ),
    known(
        "temperature",
        "气温",
        "temperature",
        "℃",
        &["a01001", "气温", "温度", "temp", "temperature2m", "环境温度"],
    ),
    known(
        "humidity",
        "湿度",
        "humidity",
        "%",
        &["a01002", "湿度", "相对湿度", "rh", "relativehumidity", "relativehumidity2m", "环境湿度"],
    ),
    known(
        "pressure",
        "气压",
        "pressure",
        "hPa",
        &["a01006", "气压", "大气压", "pres", "surfacepressure", "本站气压"],
    ),
    known(
        "precipitation",
        "降水",
        "precipitation",
        "mm",
        &["降水", "降水量", "降雨量", "雨量", "rain", "precip"],
    ),
    known("tsp", "TSP", "TSP", MICRO, &["a34001", "总悬浮颗粒物", "扬尘"]),
    known("noise", "噪声", "noise", "dB(A)", &["b03", "leq", "噪声", "噪音", "la"]),
];

const MICRO: &str = "µg/m³";

const fn known(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    unit: &'static str,
    also: &'static [&'static str],
) -> Known {
    Known { key, symbol: Text::new(zh, en), unit, also }
}

/// One spelling for all.
fn plain(name: &str) -> impl Iterator<Item = char> {
    let kept = |c: &char| !c.is_whitespace() && !matches!(c, '_' | '-' | '.');
    let small = |c: char| match c {
        '（' => '(',
        '）' => ')',
        '₀' => '0',
        '₁' => '1',
        '₂' => '2',
        '₃' => '3',
        '₅' => '5',
        _ => c.to_ascii_lowercase(),
    };
    name.chars().filter(kept).map(small)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_is_known_by_its_key_its_code_and_the_names_of_files() {
        for (at, factor) in Factor::COLUMNS.into_iter().enumerate() {
            assert_eq!(factor.column(), Some(at));
            assert_eq!(Factor::named(factor.key()), factor);
        }
        for name in ["PM2_5", "PM2.5", "a34004", "pm25", "细颗粒物", "细颗粒物（PM2.5）", "PM₂.₅"]
        {
            assert_eq!(Factor::named(name), Factor::Pm25, "{name}");
        }
        assert_eq!(Factor::named("O₃"), Factor::O3);
        assert_eq!(Factor::named("WSPM"), Factor::WindSpeed);
    }

    #[test]
    fn particles_have_a_mean_with_the_dust_deducted_and_gases_have_none() {
        for factor in [Factor::Pm10, Factor::Pm25] {
            let deducted = factor.dust_deducted().unwrap();
            assert_eq!(deducted.deducted_of(), Some(factor));
            assert_eq!(Factor::named(deducted.key()), deducted);
            assert_eq!((deducted.column(), deducted.unit()), (None, "µg/m³"));
        }
        assert_eq!(Factor::So2.dust_deducted(), None);
        assert_eq!(Factor::Pm10.deducted_of(), None);
    }

    #[test]
    fn what_is_not_known_keeps_its_name() {
        for name in ["a24088", "ele01", "PM2.5_24h", "O3_8h"] {
            assert_eq!(Factor::named(name).key(), name);
            assert_eq!(Factor::named(name).column(), None);
        }
    }
}
