//! The six levels of the index.

use crate::domain::Text;

/// A level of AQI (HJ 633-2026 table 1; names and colours are those of HJ 633-2012 too).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Excellent,
    Good,
    Light,
    Moderate,
    Heavy,
    Severe,
}

impl Level {
    pub const ALL: [Self; 6] =
        [Self::Excellent, Self::Good, Self::Light, Self::Moderate, Self::Heavy, Self::Severe];

    /// The level of an index.
    pub const fn of(aqi: u16) -> Self {
        match aqi {
            0..=50 => Self::Excellent,
            51..=100 => Self::Good,
            101..=150 => Self::Light,
            151..=200 => Self::Moderate,
            201..=300 => Self::Heavy,
            _ => Self::Severe,
        }
    }

    pub const fn name(self) -> Text {
        match self {
            Self::Excellent => Text::new("优", "excellent"),
            Self::Good => Text::new("良", "good"),
            Self::Light => Text::new("轻度污染", "light pollution"),
            Self::Moderate => Text::new("中度污染", "moderate pollution"),
            Self::Heavy => Text::new("重度污染", "heavy pollution"),
            Self::Severe => Text::new("严重污染", "severe pollution"),
        }
    }

    /// 一级 to 六级.
    pub const fn grade(self) -> Text {
        match self {
            Self::Excellent => Text::new("一级", "level 1"),
            Self::Good => Text::new("二级", "level 2"),
            Self::Light => Text::new("三级", "level 3"),
            Self::Moderate => Text::new("四级", "level 4"),
            Self::Heavy => Text::new("五级", "level 5"),
            Self::Severe => Text::new("六级", "level 6"),
        }
    }

    /// Its colour, red, green and blue. Letters on the first three are dark, on the others light.
    pub const fn rgb(self) -> [u8; 3] {
        match self {
            Self::Excellent => [0, 228, 0],
            Self::Good => [255, 255, 0],
            Self::Light => [255, 126, 0],
            Self::Moderate => [255, 0, 0],
            Self::Heavy => [153, 0, 76],
            Self::Severe => [126, 0, 35],
        }
    }

    /// Whether a day of it is 优良.
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Excellent | Self::Good)
    }

    /// Whether a day of it is 重污染: AQI above 200.
    pub const fn is_heavy(self) -> bool {
        matches!(self, Self::Heavy | Self::Severe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_begin_and_end_where_the_standard_says() {
        let ends = [1, 50, 51, 100, 101, 150, 151, 200, 201, 300, 301, 500];
        for (at, ends) in ends.chunks(2).enumerate() {
            assert!(ends.iter().all(|aqi| Level::of(*aqi) == Level::ALL[at]), "{ends:?}");
        }
        let good = Level::ALL.map(Level::is_good);
        assert_eq!(good, [true, true, false, false, false, false]);
        assert_eq!(Level::ALL.map(Level::is_heavy)[3..], [false, true, true]);
    }
}
