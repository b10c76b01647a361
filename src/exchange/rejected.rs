//! Rejected rows as a table: as they stood in the file, with what was wrong with each behind, so
//! that it can be corrected in a spreadsheet and taken in again as it is.

use super::formats::csv::to_bytes;
use super::meaning::names::{REJECTION_COLUMNS, is_of_rejection};
use super::meaning::outline::TableOutline;
use super::meaning::{Rejection, Report};
use crate::domain::Lang;
use crate::exchange::Error;

/// Columns by which a row that comes back is placed where it came from.
const LAYER: &str = "layer";
const WKT: &str = "wkt";
const CRS: &str = "crs";

/// CSV that Excel opens as UTF-8.
pub fn to_csv(report: &Report, lang: Lang) -> Result<Vec<u8>, Error> {
    let sheet = RejectedSheet::of(report);
    let own = REJECTION_COLUMNS.iter().map(|name| name.say(lang).to_owned());
    let header: Vec<String> = sheet.header.iter().cloned().chain(own).collect();
    let rows = report.rejections.iter().map(|rejection| sheet.row(rejection, lang));
    to_bytes(std::iter::once(header).chain(rows))
}

struct RejectedSheet<'r> {
    report: &'r Report,
    header: Vec<String>,
}

impl<'r> RejectedSheet<'r> {
    fn of(report: &'r Report) -> Self {
        let mut header: Vec<String> = Vec::new();
        let mut add = |name: &str| {
            if !is_of_rejection(name) && !header.iter().any(|known| known == name) {
                header.push(name.to_owned());
            }
        };
        // Rows of several tables go to several layers, which one table must say by itself.
        if report.tables.len() > 1 {
            add(LAYER);
        }
        for (at, table) in report.tables.iter().enumerate() {
            if report.rejections.iter().any(|rejection| rejection.table == at) {
                table.columns.iter().for_each(|column| add(&column.name));
            }
        }
        if report.rejections.iter().any(|rejection| rejection.wkt.is_some()) {
            add(WKT);
            add(CRS);
        }
        Self { report, header }
    }

    fn row(&self, rejection: &Rejection, lang: Lang) -> Vec<String> {
        let table = self.report.tables.get(rejection.table);
        let cells = self.header.iter().map(|name| self.cell(name, table, rejection));
        let Rejection { row, field, value, reason, .. } = rejection;
        let own = [
            row.to_string(),
            field_name(table, field, lang),
            value.clone(),
            reason.say(lang).to_owned(),
        ];
        cells.chain(own).collect()
    }

    fn cell(&self, name: &str, table: Option<&TableOutline>, rejection: &Rejection) -> String {
        let column = table.and_then(|table| table.columns.iter().position(|c| c.name == name));
        let own = column.and_then(|at| rejection.cells.get(at)).filter(|text| !text.is_empty());
        if let Some(own) = own {
            return own.clone();
        }
        match (name, &rejection.wkt, table) {
            (WKT, Some(wkt), _) => wkt.clone(),
            (CRS, Some(_), _) => self.report.crs.clone(),
            (LAYER, _, Some(table)) => table.kind.key().to_owned(),
            _ => String::new(),
        }
    }
}

/// The field at fault as a person calls it.
pub fn field_name(table: Option<&TableOutline>, field: &str, lang: Lang) -> String {
    let known = table.and_then(|table| table.kind.field(field));
    match (field, lang) {
        ("lon", Lang::Zh) => "经度".to_owned(),
        ("lat", Lang::Zh) => "纬度".to_owned(),
        ("coordinates", Lang::Zh) => "坐标".to_owned(),
        ("geometry" | WKT, Lang::Zh) => "图形".to_owned(),
        (CRS, Lang::Zh) => "坐标系".to_owned(),
        _ => known.map_or(field, |known| known.label.say(lang)).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::World;
    use crate::exchange::formats::csv::Csv;
    use crate::exchange::testing::{after, file, run, settings};

    fn rejected(name: &str, content: &str) -> (World, String) {
        let (_folder, path) = file(name, content.as_bytes());
        let format = crate::exchange::formats::by_name(&path).unwrap();
        let (changes, report) =
            run(format, &path, &settings(Some("wgs84")), &World::default()).unwrap();
        let text = String::from_utf8(to_csv(&report, Lang::Zh).unwrap()).unwrap();
        (after(&World::default(), changes), text)
    }

    #[test]
    fn a_rejected_row_that_was_corrected_comes_in_as_it_would_have_at_first() {
        let text =
            "名称,类型,经度,纬度,绿化率\n甲,工地,118.1,39.8,1%\n=乙,餐饮,39.8,118.1,\"2,5%\"\n";
        let (_, csv) = rejected("t.csv", text);
        let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[0], "名称,类型,经度,纬度,绿化率,退回行,退回列,退回内容,退回原因");
        assert_eq!(lines[1], "'=乙,餐饮,39.8,118.1,\"2,5%\",3,纬度,118.1,经纬度似乎写反了");
        assert_eq!(lines.len(), 2);

        let (_folder, path) =
            file("t_退回.csv", csv.replace("39.8,118.1", "118.1,39.8").as_bytes());
        let (changes, report) =
            run(&Csv, &path, &settings(Some("wgs84")), &World::default()).unwrap();
        assert_eq!((report.added, report.rejected), (1, 0));
        let record = changes[0].after.as_ref().unwrap();
        assert_eq!((record.name(), record.text("kind")), ("=乙", "restaurant"));
        let extra = record.extra.as_ref().unwrap();
        assert_eq!(extra.keys().collect::<Vec<_>>(), ["绿化率"], "what we wrote is no attribute");
    }

    #[test]
    fn a_rejected_shape_keeps_its_geometry_and_its_datum() {
        let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature",
            "properties":{"name":"甲","crs":"西安80"},"geometry":{"type":"Point","coordinates":[118.1,39.8]}}]}"#;
        let (_, csv) = rejected("t.geojson", text);
        let corrected = csv.replace("西安80", "wgs84");
        let (_folder, path) = file("t_退回.csv", corrected.as_bytes());
        let (changes, report) = run(&Csv, &path, &settings(None), &World::default()).unwrap();
        assert_eq!((report.added, report.crs.as_str()), (1, "wgs84"), "{corrected}");
        assert!(changes[0].after.as_ref().unwrap().geometry.is_some());
    }
}
