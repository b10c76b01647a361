//! Which layer a row belongs to, and which kind of site, where the file does not say.

use geo_types::Geometry;

use super::columns::SourceColumns;
use super::names::{self, Candidate};
use crate::domain::{FieldType, Kind, Shape, SiteKind, Value, is_nothing};
use crate::exchange::Cell;
use crate::geodesy::wkb::{Bounds, bounds};

/// Field keys that say nothing about the kind, because several kinds have them, or because lists of
/// anything do.
const COMMON: &[&str] = &[
    "code",
    "name",
    "kind",
    "township",
    "leader",
    "state",
    "hours",
    "class",
    "unit",
    "date",
    "due",
    "number",
    "note",
    "owner",
    "person",
    "valid_from",
    "valid_to",
    "begins_on",
    "ends_on",
];

/// Columns that only outlines of districts and townships have.
const OUTLINE_COLUMNS: &[&str] = &[
    "adcode",
    "childrennum",
    "acroutes",
    "subfeatureindex",
    "xzqdm",
    "xzqmc",
    "pac",
    "区划代码",
    "行政区划代码",
    "行政区代码",
    "行政区划",
];

/// What a row says of where it is, before its place is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placing {
    /// Neither geometry nor columns for it.
    Nowhere,
    /// Two numbers in columns.
    Position,
    Point,
    Line,
    Polygon,
    /// WKT in a column, or a mixture.
    Unknown,
}

impl Placing {
    /// For one slot each.
    pub const COUNT: usize = 6;

    /// Of a geometry.
    pub fn of(geometry: &Geometry<f64>) -> Self {
        match geometry {
            Geometry::Point(_) | Geometry::MultiPoint(_) => Self::Point,
            Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => {
                Self::Line
            }
            Geometry::Polygon(_)
            | Geometry::MultiPolygon(_)
            | Geometry::Rect(_)
            | Geometry::Triangle(_) => Self::Polygon,
            Geometry::GeometryCollection(_) => Self::Unknown,
        }
    }

    /// Whether a layer can hold what lies so. One without places holds nothing that has one.
    pub fn fits(self, kind: Kind) -> bool {
        let shape = kind.shape();
        match self {
            Self::Nowhere => true,
            _ if !kind.has_place() => false,
            Self::Unknown => true,
            Self::Position | Self::Point => {
                matches!(shape, Shape::Point | Shape::PointOrPolygon | Shape::Any)
            }
            Self::Line => matches!(shape, Shape::Line | Shape::LineOrPolygon | Shape::Any),
            Self::Polygon => matches!(
                shape,
                Shape::Polygon | Shape::PointOrPolygon | Shape::LineOrPolygon | Shape::Any
            ),
        }
    }
}

/// A sheet or file that is called like a layer holds that layer.
pub fn named(table: &str, file: &str) -> Option<Kind> {
    [table, stem(file)].into_iter().find_map(|name| name.parse().ok())
}

/// The name of a file without folders and ending.
pub fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    // The list of rows that were rejected before.
    stem.strip_suffix("_退回").unwrap_or(stem)
}

/// The kind whose own fields most columns name, among those that can lie as the row does: an exact name
/// counts two, another spelling one, and one whose cell the field cannot hold nothing.
pub fn by_columns(columns: &SourceColumns, placing: Placing, cells: &[Cell<'_>]) -> Option<Kind> {
    let points_of = |kind: Kind| -> (usize, usize) {
        // What a list of sites has too makes no ledger: most lists are of sites.
        let is_of_ledger = matches!(
            kind,
            Kind::Item
                | Kind::Duty
                | Kind::Escalation
                | Kind::CheckPlan
                | Kind::Check
                | Kind::Response
                | Kind::ResponseMeasure
        );
        let each = columns.all().enumerate().map(|(at, (name, meanings))| {
            let is_of_site = meanings.fields.iter().any(|known| known.kind == Kind::Site);
            if is_of_ledger && is_of_site {
                return 0;
            }
            let is_station = kind == Kind::ControlPoint && names::is_of_station(name);
            let own = meanings.fields.iter().filter(|candidate| candidate.kind == kind);
            let own = own.map(|candidate| points(*candidate, cells.get(at)));
            own.max().unwrap_or(0) + usize::from(is_station)
        });
        each.filter(|points| *points > 0).fold((0, 0), |sum, points| (sum.0 + points, sum.1 + 1))
    };
    let score = |kind: Kind| -> usize {
        let (points, columns) = points_of(kind);
        // A date or a deadline makes no meeting and no decision.
        let is_poor = (!kind.has_place() || kind == Kind::Item) && columns < 2;
        // Numbers under 经度 do not turn a list of orders into one of sites: its rows are refused.
        let is_sure = placing == Placing::Position && kind.has_place() && points >= 4;
        if is_poor || !placing.fits(kind) && !is_sure { 0 } else { points }
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

fn points(candidate: Candidate, cell: Option<&Cell<'_>>) -> usize {
    let Some(field) = candidate.kind.fields().get(usize::from(candidate.field)) else { return 0 };
    let is_checked = !matches!(field.ty, FieldType::Text | FieldType::Date | FieldType::Hours);
    let text = cell.map(Cell::to_text).filter(|text| is_checked && !is_nothing(text));
    let fits = text.map(|text| Value::parse(field, &text).is_ok());
    // 类型 is everybody's; 餐饮 under it is a site, 禁行 an order.
    let is_common = COMMON.contains(&field.key) && field.key != "class";
    if fits == Some(false) || is_common && !(field.key == "kind" && fits == Some(true)) {
        return 0;
    }
    if candidate.rank % 3 < 2 { 2 } else { 1 }
}

/// What is left: lines are roads, outlines of districts and whatever is as large are areas, everything
/// else is a site.
pub fn by_geometry(geometry: Option<&Geometry<f64>>, columns: &SourceColumns) -> Kind {
    match geometry.map(|geometry| (Placing::of(geometry), geometry)) {
        Some((Placing::Line, _)) => Kind::Road,
        Some((Placing::Polygon, polygon)) if is_outline(polygon, columns) => Kind::Area,
        _ => Kind::Site,
    }
}

/// Three kilometres both ways: larger than any site of a district.
fn is_outline(polygon: &Geometry<f64>, columns: &SourceColumns) -> bool {
    const LARGE_DEG: f64 = 0.03;
    const LARGE_M: f64 = 3000.0;
    let is_named = |(name, _): (&str, _)| OUTLINE_COLUMNS.contains(&names::normal(name).as_str());
    if columns.all().any(is_named) {
        return true;
    }
    let Some(Bounds { min, max }) = bounds(polygon) else { return false };
    let is_in_metres = max.x.abs() > 400.0 || max.y.abs() > 400.0;
    let large = if is_in_metres { LARGE_M } else { LARGE_DEG };
    max.x - min.x > large && max.y - min.y > large
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
        let kind = |names: &[&str]| by_columns(&columns(names), Placing::Nowhere, &[]);
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
    fn what_lies_somewhere_goes_to_no_layer_that_cannot_hold_it() {
        let kind = |names: &[&str], placing| by_columns(&columns(names), placing, &[]);
        assert_eq!(kind(&["name", "date"], Placing::Point), None);
        assert_eq!(kind(&["name", "number"], Placing::Point), None);
        assert_eq!(kind(&["name", "address"], Placing::Line), None);
        assert_eq!(kind(&["name", "level"], Placing::Polygon), None);
        assert_eq!(kind(&["名称", "日期", "主持人", "会议地点"], Placing::Position), None);
        assert_eq!(
            kind(&["名称", "日期", "主持人", "会议地点"], Placing::Nowhere),
            Some(Kind::Meeting)
        );
        assert_eq!(kind(&["名称", "日期"], Placing::Nowhere), None);
        let orders = ["名称", "车型", "豁免", "方案"];
        assert_eq!(kind(&orders, Placing::Position), Some(Kind::Restriction), "to be refused");
    }

    #[test]
    fn a_word_that_the_field_cannot_hold_says_nothing_of_the_layer() {
        let known = columns(&["名称", "级别"]);
        let kind = |level: &'static str| {
            by_columns(&known, Placing::Position, &[Cell::Empty, Cell::Text(level.into())])
        };
        assert_eq!(kind("国控"), Some(Kind::ControlPoint));
        assert_eq!(kind("district"), None);
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
