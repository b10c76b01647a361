//! What the values of an hour look like, and which kinds of source are likely then. Hints of practice
//! without a standard: ratios of particles as in published source studies of northern China.

use crate::analysis::air::{ByPollutant, Hour, Pollutant};
use crate::domain::item::types;
use crate::domain::{ItemType, Kind, Record, SiteKind, Text};

/// What kind of source the values of an hour look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fingerprint {
    Dust,
    Traffic,
    Coal,
    Fume,
    Burning,
    Photochemical,
    Mixed,
}

impl Fingerprint {
    /// Of the pollutant that fired, and the values of that hour.
    pub fn of(lead: Pollutant, values: &ByPollutant<Option<f64>>, hour: Hour) -> Self {
        let ratio = match (values[Pollutant::Pm25], values[Pollutant::Pm10]) {
            (Some(fine), Some(coarse)) if coarse > 0.0 => Some(fine / coarse),
            _ => None,
        };
        let label = hour.label();
        let is_night = !(7..=20).contains(&label);
        match lead {
            Pollutant::O3 => Self::Photochemical,
            Pollutant::So2 => Self::Coal,
            Pollutant::Co if is_night => Self::Coal,
            Pollutant::No2 | Pollutant::Co => Self::Traffic,
            Pollutant::Pm10 if ratio.is_none_or(|ratio| ratio < 0.5) => Self::Dust,
            Pollutant::Pm25 | Pollutant::Pm10 => match ratio {
                Some(ratio) if ratio < 0.4 => Self::Dust,
                Some(ratio) if ratio > 0.7 && matches!(label, 12..=13 | 18..=21) => Self::Fume,
                Some(ratio) if ratio > 0.7 => Self::Burning,
                _ => Self::Mixed,
            },
        }
    }

    pub const fn label(self) -> Text {
        match self {
            Self::Dust => Text::new("扬尘型", "dust"),
            Self::Traffic => Text::new("机动车型", "traffic"),
            Self::Coal => Text::new("燃煤型", "coal"),
            Self::Fume => Text::new("油烟型", "kitchen fume"),
            Self::Burning => Text::new("燃烧型", "burning"),
            Self::Photochemical => Text::new("光化学型", "photochemical"),
            Self::Mixed => Text::new("混合型", "mixed"),
        }
    }

    /// How well a record fits, 0–1: 1 of what makes just this, 0.1 of what hardly does.
    pub fn weight(self, record: &Record) -> f64 {
        match record.kind {
            Kind::Site => self.of_site(SiteKind::of(record).unwrap_or_default()),
            Kind::Congestion => match self {
                Self::Traffic => 1.0,
                Self::Photochemical => 0.7,
                Self::Mixed | Self::Dust => 0.5,
                _ => 0.2,
            },
            // A stretch that has to be swept is dust that lies there.
            Kind::Sweeping => match self {
                Self::Dust => 0.7,
                Self::Mixed => 0.4,
                _ => 0.1,
            },
            // Trucks that should not be there.
            Kind::Restriction => match self {
                Self::Traffic => 0.6,
                Self::Dust | Self::Mixed | Self::Photochemical => 0.3,
                _ => 0.1,
            },
            Kind::Item => types(record).into_iter().map(|of| self.of_item(of)).fold(0.3, f64::max),
            _ => 0.1,
        }
    }

    /// Of something that was found wrong and is not mended yet.
    const fn of_item(self, of: ItemType) -> f64 {
        use ItemType as I;
        match (self, of) {
            (
                Self::Dust,
                I::SiteDust | I::RoadDust | I::BareGround | I::Stockpile | I::MuckTruck,
            )
            | (Self::Fume, I::Fume | I::Barbecue)
            | (Self::Coal, I::LooseCoal | I::Industry)
            | (Self::Burning, I::Burning)
            | (Self::Traffic, I::Idling | I::MuckTruck) => 1.0,
            (Self::Photochemical, I::AutoRepair | I::Fuel | I::Industry) => 0.9,
            (Self::Mixed | Self::Burning, I::Industry | I::Burning | I::LooseCoal)
            | (Self::Mixed, I::SiteDust | I::Stockpile | I::MuckTruck) => 0.7,
            _ => 0.2,
        }
    }

    const fn of_site(self, kind: SiteKind) -> f64 {
        use SiteKind as S;
        match (self, kind) {
            (Self::Dust, S::Construction | S::Stockpile | S::BareGround | S::Mine)
            | (Self::Coal, S::Boiler | S::Enterprise)
            | (Self::Fume, S::Restaurant)
            | (Self::Burning, S::Burning) => 1.0,
            (Self::Photochemical, S::FuelStation | S::AutoRepair | S::Enterprise) => 0.9,
            (Self::Traffic, S::Parking | S::FuelStation)
            | (Self::Coal, S::Village | S::Burning) => 0.8,
            (Self::Mixed, S::Construction | S::Enterprise | S::Stockpile | S::Burning) => 0.7,
            (Self::Burning, S::Boiler | S::Village | S::Enterprise | S::Restaurant)
            | (Self::Mixed, S::Restaurant | S::Boiler | S::BareGround | S::Mine) => 0.6,
            (Self::Dust, S::Parking | S::Enterprise) => 0.5,
            (Self::Traffic, S::AutoRepair | S::Enterprise | S::Construction)
            | (Self::Fume, S::Burning | S::Village) => 0.4,
            (_, S::Sensitive | S::Building) => 0.02,
            _ => 0.15,
        }
    }
}
