//! Which column fills what, by names as offices write them.

use super::*;

/// Columns of these names.
pub fn columns(names: &[&str]) -> SourceColumns {
    let mut columns = SourceColumns::default();
    for name in names {
        columns.place(name);
    }
    columns
}

fn mapping(kind: Kind, names: &[&str], map: &[(&str, &str)]) -> FieldMapping {
    let map: Vec<(String, String)> =
        map.iter().map(|(field, column)| ((*field).to_owned(), (*column).to_owned())).collect();
    FieldMapping::new(&columns(names), kind, &map)
}

fn filled(mapping: &FieldMapping, kind: Kind, names: &[&str]) -> Vec<String> {
    let pairs = mapping.fields.iter();
    pairs
        .map(|(column, field)| {
            format!("{}={}", kind.fields()[usize::from(*field)].key, names[*column])
        })
        .collect()
}

#[test]
fn a_label_beats_an_alias_wherever_it_stands() {
    let names = ["单位", "责任单位", "名称"];
    let mapping = mapping(Kind::Site, &names, &[]);
    assert_eq!(filled(&mapping, Kind::Site, &names), ["name=名称", "unit=责任单位"]);
    assert_eq!(mapping.extras, [0]);
}

#[test]
fn each_column_fills_one_field_and_each_field_has_one_column() {
    let names = ["编码", "编号", "名称", "店名", "经度", "纬度", "x"];
    let mapping = mapping(Kind::Site, &names, &[]);
    assert_eq!(filled(&mapping, Kind::Site, &names), ["code=编码", "name=名称"]);
    assert_eq!((mapping.lon, mapping.lat), (Some(4), Some(5)));
    assert_eq!(mapping.extras, [1, 3, 6]);
}

#[test]
fn a_map_goes_before_every_guess() {
    let names = ["名称", "单位名", "经度", "lng", "纬度"];
    let mapping = mapping(Kind::Site, &names, &[("name", "单位名"), ("lon", "LNG")]);
    assert_eq!(filled(&mapping, Kind::Site, &names), ["name=单位名"]);
    assert_eq!((mapping.lon, mapping.lat), (Some(3), Some(4)));
    assert_eq!(mapping.extras, [0, 2]);
}

#[test]
fn a_person_may_keep_a_column_beside_the_fields_or_leave_it_out() {
    let names = ["id", "名称", "编码", "店名", "退回原因"];
    let map = [("skip", "id"), ("extra", "编码"), ("name", "店名"), ("skip", "名称")];
    let mapping = mapping(Kind::Site, &names, &map);
    assert_eq!(filled(&mapping, Kind::Site, &names), ["name=店名"]);
    assert_eq!((mapping.id, mapping.extras.as_slice()), (None, [2].as_slice()));
    let targets = [
        MappingTarget::Skip,
        MappingTarget::Skip,
        MappingTarget::Extra,
        MappingTarget::Field(1),
        MappingTarget::Skip,
    ];
    assert_eq!([0, 1, 2, 3, 4].map(|at| mapping.target(at)), targets);
}

#[test]
fn of_two_columns_for_one_field_the_later_wish_counts_and_the_other_is_kept() {
    let names = ["甲", "乙"];
    let mapping = mapping(Kind::Site, &names, &[("name", "甲"), ("name", "乙")]);
    assert_eq!(filled(&mapping, Kind::Site, &names), ["name=乙"]);
    assert_eq!(mapping.extras, [0]);
}

#[test]
fn what_a_target_is_called_names_it_again() {
    for kind in Kind::ALL.into_iter().filter(|kind| kind.is_brought()) {
        let fields = (0..kind.fields().len()).filter_map(|at| u8::try_from(at).ok());
        let specials = names::special_keys().map(|(special, _)| MappingTarget::Special(special));
        let others = [MappingTarget::Extra, MappingTarget::Skip].into_iter().chain(specials);
        for wanted in fields.map(MappingTarget::Field).chain(others) {
            assert_eq!(target(kind, wanted.key(kind)), Some(wanted), "{kind} {wanted:?}");
        }
    }
}

#[test]
fn of_two_pairs_the_one_in_wgs84_is_taken_whole() {
    let names = ["经度(GCJ02)", "纬度(GCJ02)", "WGS84经度", "WGS84纬度"];
    let mapping = mapping(Kind::Site, &names, &[]);
    assert_eq!((mapping.lon, mapping.lat), (Some(2), Some(3)));
    assert_eq!(mapping.stated, Some(Crs::Wgs84));
    assert_eq!(mapping.extras, [0, 1]);
}

/// Heads as printed in public documents and as offices write them, a block a document.
#[test]
fn heads_that_were_seen_go_where_they_belong() {
    let text = include_str!("../../../../tests/fixtures/heads.tsv");
    let mut wrong = Vec::new();
    for block in text.split("# ").skip(1) {
        let (title, rows) = block.split_once('\n').unwrap();
        let kind: Kind = title.rsplit(": ").next().unwrap().trim().parse().unwrap();
        let rows: Vec<(&str, &str)> =
            rows.lines().filter_map(|line| line.split_once('\t')).collect();
        let names: Vec<&str> = rows.iter().map(|(name, _)| *name).collect();
        let mapping = mapping(kind, &names, &[]);
        for (at, (name, wanted)) in rows.iter().enumerate() {
            let found = mapping.target(at).key(kind);
            if found != *wanted {
                wrong.push(format!("{title}: {name} is {found}, not {wanted}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn of_several_pairs_those_with_one_word_in_front_go_together() {
    let names = ["企业经度", "排放口经度", "排放口纬度", "企业纬度"];
    let found = mapping(Kind::Site, &names, &[]);
    assert_eq!((found.lon, found.lat), (Some(0), Some(3)));
    let names = ["排放口经度", "经度", "纬度", "排放口纬度"];
    let found = mapping(Kind::Site, &names, &[]);
    assert_eq!((found.lon, found.lat), (Some(1), Some(2)));
    let found = mapping(Kind::Site, &names, &[("lon", "排放口经度")]);
    assert_eq!((found.lon, found.lat), (Some(0), Some(3)));
}

#[test]
fn abbreviated_heads_are_taken_in_pairs_and_beside_no_others() {
    let axes = |names: &[&str]| {
        let found = mapping(Kind::Site, names, &[]);
        (found.lon, found.lat)
    };
    for pair in [["J", "W"], ["JD", "WD"], ["E", "N"], ["jingdu", "weidu"], ["E（°）", "N（°）"]]
    {
        assert_eq!(axes(&["名称", pair[0], pair[1]]), (Some(1), Some(2)), "{pair:?}");
    }
    assert_eq!(axes(&["名称", "W", "J"]), (Some(2), Some(1)));
    assert_eq!(axes(&["名称", "E", "W"]), (None, None));
    assert_eq!(axes(&["名称", "N", "经度", "纬度", "E"]), (Some(2), Some(3)));
}

#[test]
fn an_angle_may_be_spread_over_three_columns() {
    let names = ["名称", "经度度", "经度分", "经度秒", "纬度(度)", "纬度(分)", "纬度(秒)"];
    let found = mapping(Kind::Site, &names, &[]);
    assert_eq!((found.lon, found.lat), (Some(1), Some(4)));
    assert_eq!(found.lon_parts, [Some(2), Some(3)]);
    assert_eq!(found.lat_parts, [Some(5), Some(6)]);
    assert_eq!(found.extras, [0_usize; 0]);
}

#[test]
fn bare_heads_behind_an_axis_are_its_minutes_and_seconds() {
    let parts = |names: &[&str]| {
        let found = mapping(Kind::Site, names, &[]);
        (found.lon, found.lon_parts, found.lat, found.lat_parts)
    };
    let whole = (Some(1), [Some(2), Some(3)], Some(4), [Some(5), Some(6)]);
    assert_eq!(parts(&["名称", "经度", "分", "秒", "纬度", "分_6", "秒_7"]), whole);
    assert_eq!(parts(&["名称", "度", "分", "秒", "度_5", "分_6", "秒_7"]), whole);
    let nothing = (None, [None; 2], None, [None; 2]);
    assert_eq!(parts(&["名称", "度", "分", "秒"]), nothing);
    assert_eq!(parts(&["名称", "得分", "维度"]), nothing);
}

/// Two sheets that both number their rows from 1 must not update each other.
#[test]
fn a_column_of_ids_is_never_taken_for_codes() {
    let names = ["id", "名称"];
    let alone = mapping(Kind::Site, &names, &[]);
    assert_eq!(
        (alone.id, filled(&alone, Kind::Site, &names)),
        (Some(0), vec!["name=名称".to_owned()])
    );
    let names = ["id", "code"];
    let both = mapping(Kind::Site, &names, &[]);
    assert_eq!(filled(&both, Kind::Site, &names), ["code=code"]);
    assert_eq!(both.id, Some(0));
}
