//! Do known places land beside themselves? Then the datum was named wrong.
//!
//! GCJ-02 shifts the region of this program by about 550 m to the east-north-east, BD-09 by about
//! 1.35 km to the north-east (domain notes §7).

use geo_types::Coord;

use super::nearby::offset_m;
use crate::domain::LocalizedText;
use crate::geodesy::crs::Crs;

/// More than this many pairs tell nothing new.
const MAX_PAIRS: usize = 2000;

/// Fewer pairs count only if they are all there are.
const ENOUGH: usize = 3;

/// Offsets of imported places from where the district has them. Metres east and north.
#[derive(Debug, Default)]
pub struct DatumCheck {
    offsets_m: Vec<(f64, f64)>,
    unmatched: u64,
}

impl DatumCheck {
    /// Whether further pairs would tell something.
    pub fn wants_more(&self) -> bool {
        self.offsets_m.len() < MAX_PAIRS
    }

    /// A row whose record the district has, with its place there and in the file, WGS-84 degrees.
    pub fn matched(&mut self, known: Coord<f64>, imported: Coord<f64>) {
        self.offsets_m.push(offset_m(known, imported));
    }

    /// A row for which the district knows no place.
    pub fn unmatched(&mut self) {
        self.unmatched += 1;
    }

    /// What the offsets say about the datum that the rows were taken to be in; `option` is that by
    /// which a person would have it otherwise.
    pub fn warning(&self, assumed: &Crs, option: &str) -> Option<LocalizedText> {
        let count = self.offsets_m.len();
        if count == 0 || count < ENOUGH && self.unmatched > 0 {
            return None;
        }
        let east_m = median(self.offsets_m.iter().map(|offset| offset.0));
        let north_m = median(self.offsets_m.iter().map(|offset| offset.1));
        let distance_m = median(self.offsets_m.iter().map(|offset| offset.0.hypot(offset.1)));
        let azimuth = east_m.atan2(north_m).to_degrees().rem_euclid(360.0);
        let looks_like = verdict(assumed, distance_m, azimuth, option)?;
        let places =
            if count == 1 { "1 place lands".to_owned() } else { format!("{count} places land") };
        let LocalizedText { zh, en } = looks_like;
        Some(LocalizedText::new(
            format!(
                "{count} 个已有点位导入后偏移约 {distance_m:.0} 米（方位角 {azimuth:.0}°）：{zh}"
            ),
            format!(
                "{places} about {distance_m:.0} m ({azimuth:.0}°) from where the district knows them: {en}"
            ),
        ))
    }
}

fn verdict(assumed: &Crs, distance_m: f64, azimuth: f64, option: &str) -> Option<LocalizedText> {
    let is_gcj02_far = (450.0..=700.0).contains(&distance_m);
    let is_bd09_far = (1200.0..=1500.0).contains(&distance_m);
    let towards = |from: f64, to: f64| (from..=to).contains(&azimuth);
    let assumed = match assumed {
        Crs::Gcj02 if is_gcj02_far && towards(240.0, 270.0) => {
            return Some(already_wgs84("GCJ-02"));
        }
        Crs::Bd09 if is_bd09_far && towards(215.0, 255.0) => {
            return Some(already_wgs84("BD-09"));
        }
        Crs::Gcj02 | Crs::Bd09 => return None,
        other => other.name(),
    };
    if is_gcj02_far && towards(60.0, 90.0) {
        Some(rather("GCJ-02", &assumed, &format!("{option} gcj02")))
    } else if is_bd09_far && towards(35.0, 75.0) {
        Some(rather("BD-09", &assumed, &format!("{option} bd09")))
    } else {
        None
    }
}

fn already_wgs84(assumed: &str) -> LocalizedText {
    LocalizedText::new(
        format!("文件的坐标似乎已是 WGS-84，不是 {assumed}，请核对 --crs"),
        format!("the file looks like WGS-84 already, not {assumed}"),
    )
}

fn rather(datum: &str, assumed: &str, option: &str) -> LocalizedText {
    LocalizedText::new(
        format!("坐标似乎是 {datum}，不是 {assumed}，可改用 {option} 重新导入"),
        format!("the datum looks like {datum}, not {assumed} ({option})"),
    )
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle.wrapping_sub(1)), values.get(middle)) {
        (Some(below), Some(above)) if values.len().is_multiple_of(2) => {
            f64::midpoint(*below, *above)
        }
        (_, Some(middle)) => *middle,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(count: usize, unmatched: u64, dx: f64, dy: f64) -> DatumCheck {
        let mut check = DatumCheck::default();
        for step in 0..count {
            let known = Coord { x: 118.1 + step as f64 * 0.01, y: 39.8 };
            check.matched(known, Coord { x: known.x + dx, y: known.y + dy });
        }
        (0..unmatched).for_each(|_| check.unmatched());
        check
    }

    #[test]
    fn places_shifted_like_gcj02_or_bd09_are_told() {
        let says = |check: DatumCheck, crs: Crs, word: &str| {
            check.warning(&crs, "--crs").is_some_and(|words| words.en.contains(word))
        };
        assert!(says(check(3, 50, 0.0063, 0.0011), Crs::Wgs84, "looks like GCJ-02"));
        assert!(says(check(1, 0, 0.0063, 0.0011), Crs::Cgcs2000, "looks like GCJ-02"));
        assert!(says(check(4, 0, 0.0128, 0.0072), Crs::Wgs84, "looks like BD-09"));
        assert!(says(check(4, 0, -0.0063, -0.0011), Crs::Gcj02, "WGS-84 already"));
    }

    #[test]
    fn places_that_moved_otherwise_are_no_matter_of_datum() {
        assert_eq!(check(9, 0, 0.0001, 0.0001).warning(&Crs::Wgs84, "--crs"), None);
        assert_eq!(check(9, 0, -0.0063, -0.0011).warning(&Crs::Wgs84, "--crs"), None);
        assert_eq!(check(9, 0, 0.0063, 0.0011).warning(&Crs::Gcj02, "--crs"), None);
        assert_eq!(check(2, 7, 0.0063, 0.0011).warning(&Crs::Wgs84, "--crs"), None);
        assert_eq!(DatumCheck::default().warning(&Crs::Wgs84, "--crs"), None);
    }
}
