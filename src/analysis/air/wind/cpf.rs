//! The conditional probability function.

use super::super::percentile::percentile;
use super::{Sample, sectors};

/// One sector of a [`Cpf`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CpfSector {
    /// Hours with the wind from here.
    pub n: u32,
    /// Those of them above the threshold.
    pub above: u32,
}

impl CpfSector {
    /// 0–1; `None` where the wind never came from here.
    pub fn probability(&self) -> Option<f64> {
        (self.n > 0).then(|| f64::from(self.above) / f64::from(self.n))
    }

    pub const fn is_few(&self) -> bool {
        self.n < super::FEW
    }
}

/// How often air is bad, by where the wind comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Cpf {
    /// The percentile of all hours, those without a direction too.
    pub threshold: f64,
    /// Equal sectors clockwise, the first centred on north.
    pub sectors: Vec<CpfSector>,
    /// Hours without a direction: calm, or varying.
    pub without_direction: u32,
}

/// CPF over so many sectors, above the percentile `p`. `None` of no hours and of no sectors.
pub fn cpf(samples: &[Sample], sectors: usize, p: u8) -> Option<Cpf> {
    let mut concentrations: Vec<f64> = samples.iter().map(|sample| sample.concentration).collect();
    let threshold = percentile(&mut concentrations, p)?;
    let mut found =
        Cpf { threshold, sectors: vec![CpfSector::default(); sectors], without_direction: 0 };
    if sectors == 0 {
        return None;
    }
    for sample in samples {
        let Some(from_deg) = sample.wind.from_deg() else {
            found.without_direction += 1;
            continue;
        };
        let sector = &mut found.sectors[sectors::at(from_deg, sectors)];
        sector.n += 1;
        sector.above += u32::from(sample.concentration > threshold);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{fixture, near};
    use super::super::Wind;
    use super::*;

    #[test]
    fn a_sector_is_judged_by_its_own_hours_and_the_threshold_by_all() {
        let fixture = &fixture()["cpf"];
        let numbers = |key: &str| -> Vec<f64> {
            fixture[key].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
        };
        let samples: Vec<Sample> = numbers("wd")
            .into_iter()
            .zip(numbers("c"))
            .map(|(deg, concentration)| Sample {
                wind: Wind::new(Some(deg), 2.0).unwrap(),
                concentration,
            })
            .collect();
        let found = cpf(&samples, 8, 75).unwrap();
        near(found.threshold, 97.5, 1e-12);
        for (at, sector) in found.sectors.iter().enumerate() {
            let expected = &fixture["expect"][(45 * at).to_string()];
            let pair = (Some(u64::from(sector.above)), Some(u64::from(sector.n)));
            assert_eq!(pair, (expected[0].as_u64(), expected[1].as_u64()), "sector {at}");
        }
        assert_eq!(found.sectors[3].probability(), None);
        near(found.sectors[0].probability().unwrap(), 2.0 / 3.0, 1e-12);
    }

    #[test]
    fn calm_hours_count_for_the_threshold_and_in_no_sector() {
        let sample = |speed, concentration| Sample {
            wind: Wind::new(Some(0.0), speed).unwrap(),
            concentration,
        };
        let found = cpf(&[sample(0.0, 100.0), sample(2.0, 10.0)], 16, 50).unwrap();
        assert_eq!((found.threshold, found.without_direction), (55.0, 1));
        assert_eq!(found.sectors[0], CpfSector { n: 1, above: 0 });
        assert_eq!(cpf(&[], 16, 50), None);
    }
}
