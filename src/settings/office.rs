//! The tables that an office keeps for itself, in one file beside its preferences: the holidays of
//! years that the program does not know yet, what the words of its time limits mean, and how fast trucks
//! drive on its roads.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::calendar::HolidayYear;
use crate::files::write_whole;

/// What the file holds. Rows that say nothing new may be left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Office {
    pub holidays: Vec<HolidayYear>,
    /// `{"words": "立行立改", "hours": 2}`: rows of the table of time limits.
    pub limits: Vec<serde_json::Value>,
    /// `{"dated": "2027-01", "source": "…", "rows": [{"class": "primary", "unstated_kmh": 45, "most_kmh":
    /// 55, "peak_kmh": 30}], "peak_hours": [7, 8]}`: what trucks drive here, by class of road.
    pub truck_speeds: Option<serde_json::Value>,
    /// `{"source": "…", "wet_above_c": 3, "frost_day": [630, 960], "peaks": [[420, 600]]}`: when roads are
    /// swept wet; minutes of the day.
    pub sweeping: Option<serde_json::Value>,
}

impl Office {
    /// The file of a seat with this folder.
    pub fn file(folder: &Path) -> PathBuf {
        folder.join("office.json")
    }

    /// Without the file there is nothing of its own; one that cannot be read is an error, never nothing.
    pub fn load(folder: &Path) -> io::Result<Self> {
        let text = match std::fs::read(Self::file(folder)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error),
        };
        Ok(serde_json::from_slice(&text)?)
    }

    /// Writes the file, whole.
    pub fn save(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        write_whole(&Self::file(folder), &serde_json::to_vec_pretty(self)?)
    }

    /// Puts a table of truck speeds into the file and leaves the rest of it as it is. A file that cannot
    /// be read is not written over.
    pub fn keep_speeds(folder: &Path, own: &impl Serialize) -> io::Result<()> {
        let mut office = Self::load(folder)?;
        office.truck_speeds = Some(serde_json::to_value(own)?);
        office.save(folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_without_a_file_has_nothing_of_its_own_and_a_damaged_file_is_said() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Office::load(folder.path()).unwrap(), Office::default());
        let file = Office::file(folder.path());
        let year = r#"{"holidays":[{"year":2027,"source":"国办发明电〔2026〕1号",
            "holidays":[["2027-01-01","2027-01-03"]],"workdays":["2027-01-09"]}],
            "limits":[{"words":"立行立改","hours":2}]}"#;
        std::fs::write(&file, year).unwrap();
        let office = Office::load(folder.path()).unwrap();
        assert_eq!((office.holidays[0].year, office.limits.len()), (2027, 1));
        let elsewhere = folder.path().join("别处");
        office.save(&elsewhere).unwrap();
        assert_eq!(Office::load(&elsewhere).unwrap(), office);
        let speeds = serde_json::json!({ "dated": "2027-01", "peak_hours": [7] });
        Office::keep_speeds(folder.path(), &speeds).unwrap();
        let kept = Office::load(folder.path()).unwrap();
        assert_eq!((kept.truck_speeds, kept.holidays), (Some(speeds.clone()), office.holidays));
        std::fs::write(&file, "{ broken").unwrap();
        assert!(Office::load(folder.path()).is_err());
        assert!(Office::keep_speeds(folder.path(), &speeds).is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "{ broken");
    }
}
