//! The 16 sectors.

use super::{Sample, Wind};
use crate::domain::Text;

/// One of 16 sectors of 22.5°, north centred on 0°.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sector(u8);

impl Sector {
    pub const COUNT: usize = 16;
    const NAMES: [Text; Self::COUNT] = [
        Text::new("北", "N"),
        Text::new("北东北", "NNE"),
        Text::new("东北", "NE"),
        Text::new("东东北", "ENE"),
        Text::new("东", "E"),
        Text::new("东东南", "ESE"),
        Text::new("东南", "SE"),
        Text::new("南东南", "SSE"),
        Text::new("南", "S"),
        Text::new("南西南", "SSW"),
        Text::new("西南", "SW"),
        Text::new("西西南", "WSW"),
        Text::new("西", "W"),
        Text::new("西西北", "WNW"),
        Text::new("西北", "NW"),
        Text::new("北西北", "NNW"),
    ];

    /// Clockwise from north.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT as u8).map(Self)
    }

    /// The one of a wind that has a direction.
    pub fn of(wind: Wind) -> Option<Self> {
        let at = wind.from_deg().map(|deg| at(deg, Self::COUNT))?;
        Some(Self(at as u8))
    }

    pub const fn name(self) -> Text {
        Self::NAMES[self.index()]
    }

    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }

    /// Its middle.
    pub fn center_deg(self) -> f64 {
        f64::from(self.0) * 360.0 / Self::COUNT as f64
    }
}

/// Which of so many equal sectors, the first centred on north, a direction of 0–360° lies in: on an
/// edge in the later one.
pub(super) fn at(from_deg: f64, sectors: usize) -> usize {
    let width = 360.0 / sectors as f64;
    ((from_deg + width / 2.0) / width) as usize % sectors
}

/// Values of which only the mean is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    sum: f64,
    pub n: u32,
}

impl Bin {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.n += 1;
    }

    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.sum / f64::from(self.n))
    }

    pub const fn is_few(&self) -> bool {
        self.n < super::FEW
    }
}

/// Concentrations by the sector that the wind came from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SectorMeans {
    sectors: [Bin; Sector::COUNT],
    pub calm: Bin,
    pub varying: Bin,
    /// Concentrations of hours without wind data.
    pub missing: u32,
}

impl SectorMeans {
    /// Counts one hour. The wind is of the same hour as the concentration.
    pub fn add(&mut self, wind: Option<Wind>, concentration: f64) {
        match wind {
            None => self.missing += 1,
            Some(wind) if wind.is_calm() => self.calm.add(concentration),
            Some(wind) => match Sector::of(wind) {
                Some(sector) => self.sectors[sector.index()].add(concentration),
                None => self.varying.add(concentration),
            },
        }
    }

    pub const fn of(&self, sector: Sector) -> Bin {
        self.sectors[sector.index()]
    }
}

impl Extend<Sample> for SectorMeans {
    fn extend<I: IntoIterator<Item = Sample>>(&mut self, samples: I) {
        for sample in samples {
            self.add(Some(sample.wind), sample.concentration);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::fixture;
    use super::*;

    fn name(deg: f64) -> &'static str {
        Sector::of(Wind::new(Some(deg), 2.0).unwrap()).unwrap().name().en
    }

    #[test]
    fn an_edge_belongs_to_the_later_sector() {
        for case in fixture()["wind16"].as_array().unwrap() {
            assert_eq!(name(case[0].as_f64().unwrap()), case[1].as_str().unwrap(), "{case}");
        }
        assert_eq!((name(33.75), name(-10.0), name(315.0)), ("NE", "N", "NW"));
        let centers: Vec<_> = Sector::all().map(|sector| name(sector.center_deg())).collect();
        assert_eq!(centers, Sector::all().map(|sector| sector.name().en).collect::<Vec<_>>());
    }

    #[test]
    fn calms_and_missing_winds_are_in_no_sector() {
        let mut means = SectorMeans::default();
        let hours = [
            (10.0, 2.0, 80.0),
            (20.0, 3.0, 90.0),
            (15.0, 0.2, 200.0),
            (45.0, 1.5, 60.0),
            (50.0, 2.0, 64.0),
            (225.0, 3.0, 30.0),
            (230.0, 2.5, 36.0),
            (0.0, 0.0, 150.0),
        ];
        means.extend(hours.map(|(deg, speed, concentration)| Sample {
            wind: Wind::new(Some(deg), speed).unwrap(),
            concentration,
        }));
        means.add(None, 70.0);
        means.add(Wind::new(None, 1.0), 99.0);
        let found: Vec<_> = Sector::all()
            .map(|sector| (sector.name().en, means.of(sector)))
            .filter_map(|(name, bin)| Some((name, bin.n, bin.mean()?)))
            .collect();
        assert_eq!(found, [("N", 1, 80.0), ("NNE", 1, 90.0), ("NE", 2, 62.0), ("SW", 2, 33.0)]);
        assert_eq!((means.calm.n, means.calm.mean()), (2, Some(175.0)));
        assert_eq!((means.missing, means.varying.n), (1, 1));
    }
}
