//! Which layer a row belongs to, and which kind of site, where the file does not say.

use geo_types::Geometry;

use super::columns::SourceColumns;
use super::names::{self, Candidate};
use crate::domain::{Kind, SiteKind};

/// Field keys that say nothing about the kind, because several kinds have them.
const COMMON: &[&str] =
    &["code", "name", "kind", "township", "leader", "state", "hours", "class", "unit"];

/// A sheet or file that is called like a layer holds that layer.
pub fn named(table: &str, file: &str) -> Option<Kind> {
    [table, stem(file)].into_iter().find_map(|name| name.parse().ok())
}

/// The name of a file without folders and ending.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    // The list of rows that were rejected before.
    stem.strip_suffix("_退回").unwrap_or(stem)
}

/// The kind whose own fields most columns name: an exact name counts two, another spelling one.
pub fn by_columns(columns: &SourceColumns) -> Option<Kind> {
    let score = |kind: Kind| -> usize {
        let scores = columns.all().map(|(name, meanings)| {
            let is_station = kind == Kind::ControlPoint && names::is_of_station(name);
            let own = meanings.fields.iter().filter(|candidate| candidate.kind == kind);
            own.copied().map(points).max().unwrap_or(0) + usize::from(is_station)
        });
        scores.sum()
    };
    let scores = Kind::ALL.map(|kind| (score(kind), kind));
    let best = scores.iter().map(|(score, _)| *score).max().filter(|best| *best > 0)?;
    let mut winners = scores.iter().filter(|(score, _)| *score == best).map(|(_, kind)| *kind);
    let first = winners.next()?;
    // Between equals nothing is decided, unless sites are among them: most lists are of sites.
    match winners.next() {
        None => Some(first),
        Some(second) => [first, second].into_iter().chain(winners).find(|kind| *kind == Kind::Site),
    }
}

fn points(candidate: Candidate) -> usize {
    let field = candidate.kind.fields().get(usize::from(candidate.field));
    match field {
        Some(field) if COMMON.contains(&field.key) && field.key != "class" => 0,
        Some(_) if candidate.rank % 3 < 2 => 2,
        Some(_) => 1,
        None => 0,
    }
}

/// What is left: lines are roads, everything else is a site.
pub fn by_geometry(geometry: Option<&Geometry<f64>>) -> Kind {
    match geometry {
        Some(Geometry::LineString(_) | Geometry::MultiLineString(_) | Geometry::Line(_)) => {
            Kind::Road
        }
        _ => Kind::Site,
    }
}

/// The kind of the sites of a list, from its name, the head of its name column, or from columns
/// that only one kind has.
pub fn site_kind(table: &str, file: &str, columns: &SourceColumns) -> Option<&'static str> {
    let heads = columns.all().filter(|(_, meanings)| {
        meanings.fields.iter().any(|known| known.kind == Kind::Site && known.field == 1)
    });
    [table, stem(file)]
        .into_iter()
        .chain(heads.map(|(name, _)| name))
        .find_map(site_kind_in)
        .or_else(|| by_own_fields(columns))
}

/// The longest Chinese word for a kind, so that 建筑工地 is a 工地 and no 建筑; or an English key.
pub fn site_kind_in(text: &str) -> Option<&'static str> {
    let text = names::normal(text);
    let words = SiteKind::CHOICES
        .iter()
        .filter(|choice| choice.key != SiteKind::Other.key())
        .flat_map(|choice| {
            let words = std::iter::once(choice.label.zh).chain(choice.also.iter().copied());
            words.filter(|word| text.contains(word)).map(|word| (word.chars().count(), choice.key))
        });
    let longest = words.max_by_key(|(length, _)| *length).map(|(_, key)| key);
    longest.or_else(|| {
        let english = |key: &str| {
            text.strip_prefix(key)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_lowercase() && c != 's'))
        };
        SiteKind::CHOICES
            .iter()
            .map(|choice| choice.key)
            .find(|key| *key != SiteKind::Other.key() && english(key))
    })
}

fn by_own_fields(columns: &SourceColumns) -> Option<&'static str> {
    let fields = Kind::Site.fields();
    let has_kind = columns.all().any(|(_, meanings)| {
        meanings.fields.iter().any(|known| known.kind == Kind::Site && known.field == 2)
    });
    let mut kinds = columns.all().flat_map(|(_, meanings)| {
        let exact =
            meanings.fields.iter().filter(|known| known.kind == Kind::Site && known.rank < 2);
        exact.flat_map(|known| {
            fields.get(usize::from(known.field)).map_or(&[][..], |field| field.of).iter().copied()
        })
    });
    let first = kinds.next()?;
    (!has_kind && kinds.all(|kind| kind == first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::meaning::columns::tests::columns;

    #[test]
    fn a_sheet_or_file_called_like_a_layer_holds_that_layer() {
        assert_eq!(named("道路", "x.xlsx"), Some(Kind::Road));
        assert_eq!(named("", "/tmp/cameras.csv"), Some(Kind::Camera));
        assert_eq!(named("Sheet1", "台账.xlsx"), None);
    }

    #[test]
    fn columns_that_only_one_layer_has_decide() {
        let kind = |names: &[&str]| by_columns(&columns(names));
        assert_eq!(kind(&["编码", "名称", "级别", "专班"]), Some(Kind::ControlPoint));
        assert_eq!(kind(&["监测点编码", "监测点名称", "经度", "纬度"]), Some(Kind::ControlPoint));
        assert_eq!(kind(&["名称", "作业方式", "每日频次"]), Some(Kind::Sweeping));
        assert_eq!(kind(&["name", "class", "oneway", "lanes"]), Some(Kind::Road));
        assert_eq!(kind(&["项目名称", "建设单位", "监理单位", "地址"]), Some(Kind::Site));
        assert_eq!(kind(&["名称", "车型", "豁免", "起始日期"]), Some(Kind::Restriction));
        assert_eq!(kind(&["名称", "朝向"]), Some(Kind::Camera));
        assert_eq!(kind(&["名称", "经度", "纬度"]), None);
    }

    #[test]
    fn the_kind_of_site_is_guessed_from_names_and_own_columns() {
        let kind =
            |table: &str, file: &str, names: &[&str]| site_kind(table, file, &columns(names));
        assert_eq!(kind("", "a.csv", &["工地名称", "地址"]), Some("construction"));
        assert_eq!(kind("", "a.csv", &["餐饮名称"]), Some("restaurant"));
        assert_eq!(kind("建筑工地台账", "a.csv", &["名称"]), Some("construction"));
        assert_eq!(kind("", "/x/restaurants_2026.csv", &["name"]), Some("restaurant"));
        assert_eq!(kind("", "mined.csv", &["name"]), None);
        assert_eq!(kind("", "a.csv", &["名称", "周边围挡", "监理单位"]), Some("construction"));
        assert_eq!(kind("", "a.csv", &["名称", "类型", "周边围挡"]), None);
        assert_eq!(kind("", "a.csv", &["名称", "周边围挡", "行业"]), None);
    }
}
