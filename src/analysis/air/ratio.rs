//! Ratios of pollutants: hints at a kind of source, and no findings.

use crate::domain::Text;

/// PM2.5 over PM10; `None` where PM10 is not above 0. Above 1 the two instruments contradict one
/// another.
pub fn pm25_over_pm10(pm25: f64, pm10: f64) -> Option<f64> {
    over(pm25, pm10)
}

/// NO2 over CO, µg/m³ over mg/m³, thus thousandths by mass; `None` where CO is not above 0.
pub fn no2_over_co(no2: f64, co: f64) -> Option<f64> {
    over(no2, co)
}

fn over(above: f64, below: f64) -> Option<f64> {
    (below > 0.0 && above >= 0.0).then(|| above / below).filter(|ratio| ratio.is_finite())
}

/// What PM2.5 over PM10 hints at. In northern towns it is 0.5–0.6 most often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParticleHint {
    StrongDust,
    Dust,
    Mixed,
    Combustion,
    /// More PM2.5 than PM10: look at the instruments first.
    Contradiction,
}

impl ParticleHint {
    pub fn of(ratio: f64) -> Self {
        match ratio {
            _ if ratio < 0.3 => Self::StrongDust,
            _ if ratio < 0.4 => Self::Dust,
            _ if ratio <= 0.7 => Self::Mixed,
            _ if ratio <= 1.0 => Self::Combustion,
            _ => Self::Contradiction,
        }
    }

    pub const fn name(self) -> Text {
        match self {
            Self::StrongDust => Text::new("明显偏扬尘", "strongly dust"),
            Self::Dust => Text::new("偏扬尘", "dust"),
            Self::Mixed => Text::new("混合", "mixed"),
            Self::Combustion => Text::new("偏燃烧或二次生成", "combustion or secondary"),
            Self::Contradiction => {
                Text::new("PM2.5 高于 PM10，先核仪器", "PM2.5 above PM10: check the instruments")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_over_nothing_is_none() {
        assert_eq!(pm25_over_pm10(30.0, 0.0), None);
        assert_eq!(no2_over_co(40.0, f64::NAN), None);
        assert_eq!(no2_over_co(40.0, 0.8), Some(50.0));
    }

    #[test]
    fn ratios_hint_at_dust_below_and_at_combustion_above() {
        let hints = [0.29, 0.3, 0.4, 0.7, 0.71, 1.0, 1.01].map(ParticleHint::of);
        assert_eq!(hints[..3], [ParticleHint::StrongDust, ParticleHint::Dust, ParticleHint::Mixed]);
        assert_eq!(hints[3], ParticleHint::Mixed);
        assert_eq!(hints[4..6], [ParticleHint::Combustion; 2]);
        assert_eq!(hints[6], ParticleHint::Contradiction);
    }
}
