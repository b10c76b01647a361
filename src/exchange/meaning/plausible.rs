//! Can a place be meant? What lies outside China or far from the district is refused, with the slip
//! of the pen that would explain it; what lies beside the district is counted and said.

use geo_types::{Coord, Geometry};

use super::nearby::{DistrictExtent, FAR_M, offset_m};
use super::place::{NORTHINGS_M, SWAPPED};
use crate::domain::{LocalizedText, Text};
use crate::geodesy::china;
use crate::geodesy::crs::Crs;

/// What a place is held against.
#[derive(Clone, Debug)]
pub struct Plausible {
    centre: Option<Coord<f64>>,
    /// A person insists on places outside of China and far from the district.
    takes_all: bool,
    /// Whether a place outside of China must be a mistake.
    is_in_china: bool,
}

impl Plausible {
    /// `is_exact` for files whose format leaves no doubt about their numbers.
    pub fn new(centre: Option<Coord<f64>>, takes_all: bool, is_exact: bool) -> Self {
        let is_in_china = !is_exact && centre.is_none_or(china::may_hold);
        Self { centre, takes_all, is_in_china }
    }

    #[cfg(test)]
    pub fn around(centre: Coord<f64>) -> Self {
        Self::new(Some(centre), false, false)
    }

    /// Why a place cannot be meant. `written` is in the numbers of the file.
    pub fn objection(
        &self,
        crs: &Crs,
        written: Coord<f64>,
        wgs84: Coord<f64>,
    ) -> Option<LocalizedText> {
        if let Some(others) = crs.zone_fault(written.x) {
            return Some(self.without_zone(crs, written, &others));
        }
        if self.takes_all {
            return None;
        }
        let far = self.far_km(wgs84).map(|far_km| {
            LocalizedText::new(
                format!("距本区 {far_km:.0} 公里"),
                format!("{far_km:.0} km from the district"),
            )
        });
        let is_abroad = self.is_in_china && !china::may_hold(wgs84);
        let abroad = || LocalizedText::new("不在中国境内", "outside China");
        let fault = far.or_else(|| is_abroad.then(abroad))?;
        Some(with_reason(fault, self.slip(crs, written)))
    }

    fn far_km(&self, at: Coord<f64>) -> Option<f64> {
        let (east_m, north_m) = offset_m(self.centre?, at);
        let distance_m = east_m.hypot(north_m);
        (distance_m > FAR_M).then_some(distance_m / 1000.0)
    }

    fn is_good(&self, at: Coord<f64>) -> bool {
        let is_on_earth = at.x.abs() <= 180.0 && at.y.abs() <= 90.0;
        is_on_earth && china::may_hold(at) && self.far_km(at).is_none()
    }

    /// What somebody may have done wrong while writing the numbers.
    fn slip(&self, crs: &Crs, written: Coord<f64>) -> Option<LocalizedText> {
        if crs.is_projected() {
            return None;
        }
        let Coord { x, y } = written;
        let is_good = |x: f64, y: f64| self.is_good(crs.to_wgs84(Coord { x, y }));
        if is_good(y, x) {
            return Some(SWAPPED.into());
        }
        if is_good(-x, y) {
            return Some(LocalizedText::new(
                "经度似乎误写成了西经或负数",
                "the longitude seems to be negative by mistake",
            ));
        }
        let shown = |value: f64| format!("{value:.6}").trim_end_matches('0').to_owned();
        let likely = |values: &[f64], is_good: &dyn Fn(f64) -> bool| -> Vec<String> {
            values.iter().copied().filter(|value| is_good(*value)).map(shown).collect()
        };
        let longitudes = likely(&[x + 100.0, x * 10.0, x / 10.0], &|x| is_good(x, y));
        let latitudes = likely(&[y * 10.0, y / 10.0], &|y| is_good(x, y));
        let (zh, en, likely) = match (longitudes.as_slice(), latitudes.as_slice()) {
            ([], []) => return None,
            ([], some) => ("纬度", "latitude", some),
            (some, _) => ("经度", "longitude", some),
        };
        let (likely_zh, likely_en) = (likely.join(" 或 "), likely.join(" or "));
        Some(LocalizedText::new(
            format!("{zh}似乎应为 {likely_zh}，少了一位或小数点移了位"),
            format!("the {en} may be {likely_en}: a digit or the point is out of place"),
        ))
    }

    fn without_zone(&self, crs: &Crs, written: Coord<f64>, others: &[Crs]) -> LocalizedText {
        let crs = crs.name();
        let fault = LocalizedText::new(
            format!("东坐标 {:.0} 不在 {crs} 的带内，带号缺失或多余", written.x),
            format!(
                "easting {:.0} is in no zone of {crs}: its number is missing or too much",
                written.x
            ),
        );
        let fits = others.iter().find(|other| self.is_good(other.to_wgs84(written)));
        let name = fits.map(Crs::name);
        let advice = name.map(|name| {
            LocalizedText::new(
                format!("按 {name} 则合理，可用 --override-crs {name} 重新导入"),
                format!("{name} would place it well: --override-crs {name}"),
            )
        });
        with_reason(fault, advice)
    }
}

fn with_reason(fault: LocalizedText, reason: Option<LocalizedText>) -> LocalizedText {
    let Some(LocalizedText { zh, en }) = reason else {
        let LocalizedText { zh, en } = fault;
        return LocalizedText::new(format!("{zh}，疑似坐标错误"), en);
    };
    LocalizedText::new(format!("{}，{zh}", fault.zh), format!("{}; {en}", fault.en))
}

/// For numbers that must be metres.
pub fn metres_need_a_crs(at: Coord<f64>) -> LocalizedText {
    let easting_m = if NORTHINGS_M.contains(&at.x) { at.y } else { at.x };
    let likely = Crs::gauss_kruger_hint(easting_m).iter().map(Crs::name).collect::<Vec<_>>();
    let likely = if likely.is_empty() { vec!["epsg:…".to_owned()] } else { likely };
    let (zh, en) = (likely.join(" 或 "), likely.join(" or "));
    LocalizedText::new(
        format!("坐标的单位似乎是米，请用 --crs {zh} 重新导入"),
        format!("off the Earth in degrees; metres need --crs {en}"),
    )
}

/// Rows that lie beside the district, but not so far that they must be wrong.
#[derive(Debug, Default)]
pub struct Beside {
    count: u64,
    /// The farthest, with names.
    farthest: Vec<(f64, String)>,
}

const MAX_NAMED: usize = 3;

/// Rows of which the distance is measured; the others only count.
const MAX_MEASURED: u64 = 2000;

impl Beside {
    /// Takes a row into account.
    pub fn look(&mut self, district: &DistrictExtent<'_>, name: &str, geometry: &Geometry<f64>) {
        if !district.is_beside(geometry) {
            return;
        }
        self.count += 1;
        if self.count > MAX_MEASURED {
            return;
        }
        let distance_m = district.distance_m(geometry);
        let place = self.farthest.partition_point(|(known_m, _)| *known_m >= distance_m);
        if place < MAX_NAMED {
            self.farthest.insert(place, (distance_m, name.to_owned()));
            self.farthest.truncate(MAX_NAMED);
        }
    }

    /// How many there are, and the farthest of them.
    pub fn warning(&self, district: &DistrictExtent<'_>) -> Option<LocalizedText> {
        if self.count == 0 {
            return None;
        }
        let listed = |unit: &str, comma: &str| {
            let one = |(m, name): &(f64, String)| format!("{name} {:.0} {unit}", m / 1000.0);
            let more = (self.count > self.farthest.len() as u64).then(|| "…".to_owned());
            self.farthest.iter().map(one).chain(more).collect::<Vec<_>>().join(comma)
        };
        let count = self.count;
        let of = if district.has_outline() {
            Text::new("本区边界", "the outline of the district")
        } else {
            Text::new("本区已有点位的范围", "all that the district knows")
        };
        Some(LocalizedText::new(
            format!(
                "{count} 条位于{}之外（{}），请核对经纬度和坐标系",
                of.zh,
                listed("公里", "，")
            ),
            format!("{count} rows lie outside {} ({})", of.en, listed("km", ", ")),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::World;

    fn reason(centre: Option<(f64, f64)>, x: f64, y: f64) -> Option<String> {
        let centre = centre.map(|(x, y)| Coord { x, y });
        let at = Coord { x, y };
        Plausible::new(centre, false, false).objection(&Crs::Wgs84, at, at).map(|words| words.zh)
    }

    #[test]
    fn a_slip_of_the_pen_is_named() {
        for centre in [None, Some((118.16, 39.83))] {
            let says = |x: f64, y: f64, words: &str| {
                let reason = reason(centre, x, y).unwrap();
                assert!(reason.contains(words), "{reason}");
            };
            says(18.16, 39.83, "118.16");
            says(118.17, 3.984, "39.84");
            says(11.816, 39.83, "118.16");
            says(-118.17, 39.84, "西经");
            says(39.83, 18.16, "坐标错误");
        }
        assert_eq!(reason(None, 118.16, 39.83), None);
        assert_eq!(reason(None, 113.3, 23.1), None);
        assert!(reason(Some((118.16, 39.83)), 113.3, 23.1).unwrap().contains("公里"));
    }

    #[test]
    fn a_person_may_insist_and_a_district_abroad_has_its_own_places() {
        let monaco = Coord { x: 7.42, y: 43.73 };
        assert!(Plausible::new(None, true, false).objection(&Crs::Wgs84, monaco, monaco).is_none());
        let there = Plausible::around(monaco);
        assert!(there.objection(&Crs::Wgs84, monaco, monaco).is_none());
    }

    #[test]
    fn an_easting_without_its_zone_is_refused_with_the_system_that_fits() {
        let plausible = Plausible::new(None, false, false);
        let crs = Crs::from_epsg(4527).unwrap();
        let at = Coord { x: 599_303.3, y: 4_411_297.3 };
        let reason = plausible.objection(&crs, at, crs.to_wgs84(at)).unwrap();
        assert!(reason.zh.contains("--override-crs epsg:4548"), "{reason:?}");
    }

    #[test]
    fn nothing_is_beside_a_district_that_knows_nothing() {
        let world = World::default();
        let district = DistrictExtent::of(&world);
        let mut beside = Beside::default();
        beside.look(&district, "甲", &geo_types::Point::new(120.0, 38.0).into());
        assert_eq!(beside.warning(&district), None);
    }
}
