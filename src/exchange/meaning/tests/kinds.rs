//! Which layer rows go to, and what is read of dates, hours and units.

use serde_json::json;

use super::{csv, new, only, reasons};
use crate::domain::{Kind, Value, World};
use crate::exchange::meaning::Import;
use crate::exchange::testing::settings;

#[test]
fn a_date_or_a_deadline_beside_coordinates_makes_no_meeting_and_no_decision() {
    for text in [
        "名称,经度,纬度,日期\n甲工地,118.16,39.83,2026-11-03\n",
        "点位名称,问题描述,整改期限,责任单位,经度,纬度\n甲工地,未覆盖,2026-11-10,某局,118.16,39.83\n",
    ] {
        assert_eq!(only(&new(text).0).kind, Kind::Site, "{text}");
    }
}

#[test]
fn a_layer_without_places_takes_no_row_that_has_one() {
    let mut meeting = settings(Some("wgs84"));
    meeting.kind = Some(Kind::Meeting);
    let text = "名称,经度,纬度\n甲,118.16,39.83\n乙,,\n";
    let (world, report) = csv(text, &meeting, &World::default()).unwrap();
    assert_eq!((only(&world).name(), reasons(&report)[0].0), ("乙", 2));
}

#[test]
fn dates_are_read_or_kept_beside_and_said() {
    let text = "名称,类型,油烟检测日期\n\
        甲,餐饮,26/11/3\n乙,餐饮,46329\n丙,餐饮,2026-11-3（复测）\n丁,餐饮,03/11/2026\n\
        戊,餐饮,2026.11.03-2026.11.05\n己,餐饮,无\n";
    let (world, report) = new(text);
    let site = |name: &str| world.all().find(|record| record.name() == name).unwrap();
    let day = |name: &str| site(name).date("fume_test_on").map(|day| day.to_string());
    let beside = |name: &str| site(name).extra.as_ref()?.get("油烟检测日期").cloned();
    for name in ["甲", "乙", "丙"] {
        assert_eq!(day(name).as_deref(), Some("2026-11-03"), "{name}");
    }
    assert_eq!((day("丁"), beside("丁")), (None, Some(json!("03/11/2026"))));
    assert_eq!(beside("戊"), Some(json!("2026.11.03-2026.11.05")));
    assert_eq!(beside("丙"), Some(json!("2026-11-3（复测）")));
    assert_eq!((day("己"), beside("己")), (None, None));
    let said = |word: &str| report.warnings.iter().any(|words| words.zh.contains(word));
    assert!(said("月、日先后无法确定") && said("一段日期"), "{:?}", report.warnings);
}

#[test]
fn an_order_whose_hours_cannot_be_read_is_refused_and_never_holds_always() {
    let text = "名称,类型,车型,时段,截止日期,总质量下限,轴数下限,wkt\n\
        M1,禁行,重型,22:00至次日6:00,长期,4.5吨以上,5轴（含）以上,\"LINESTRING (118.1 39.8, 118.2 39.8)\"\n\
        M2,禁行,重型,早晚高峰,长期,,,\"LINESTRING (118.1 39.8, 118.2 39.8)\"\n\
        M3,禁行,重型,全天,待定,约20,,\"LINESTRING (118.1 39.8, 118.2 39.8)\"\n\
        M4,禁行,重型,待定,待定,,,\"LINESTRING (118.1 39.8, 118.2 39.8)\"\n";
    let (world, report) = new(text);
    let order = only(&world);
    assert_eq!((order.kind, order.text("hours")), (Kind::Restriction, "22:00-06:00"));
    assert_eq!(order.get("min_mass_t"), Some(&Value::Real(4.5)));
    assert_eq!((order.get("min_axles"), order.date("valid_to")), (Some(&Value::Integer(5)), None));
    let refused: Vec<_> = report
        .rejections
        .iter()
        .map(|bad| (bad.row, bad.field.as_str(), bad.value.as_str()))
        .collect();
    let expected = [(3, "hours", "早晚高峰"), (4, "min_mass_t", "约20"), (5, "hours", "待定")];
    assert_eq!(refused, expected);
    assert!(report.rejections[0].reason.zh.contains("如 7:00-9:00、17:00-19:00"));
}

#[test]
fn an_order_holds_for_the_days_that_one_column_says_or_is_refused() {
    let text = "名称,类型,车型,时段,有效期\n\
        甲,禁行,重型,7:00-22:00,2026年11月1日至2027年3月31日\n\
        乙,禁行,重型,7:00-22:00,长期\n\
        丙,禁行,重型,7:00-22:00,秋冬季\n";
    let (world, report) = new(text);
    let order = |name: &str| world.all().find(|record| record.name() == name);
    let days = |name: &str| {
        let order = order(name)?;
        Some(["valid_from", "valid_to"].map(|key| order.date(key).map(|day| day.to_string())))
    };
    let winter = ["2026-11-01", "2027-03-31"].map(|day| Some(day.to_owned()));
    assert_eq!(days("甲"), Some(winter));
    assert_eq!((days("乙"), days("丙")), (Some([None, None]), None));
    assert_eq!((report.rejections[0].row, report.rejections[0].value.as_str()), (4, "秋冬季"));
}

#[test]
fn an_order_whose_hours_stand_in_a_column_of_another_name_does_not_hold_always_unsaid() {
    let place = "\"LINESTRING (118.1 39.8, 118.2 39.8)\"";
    let orders = Import { kind: Some(Kind::Restriction), ..settings(Some("wgs84")) };
    let taken = |head: &str| {
        let text = format!("名称,类型,方案,{head},wkt\nM1,禁行,甲,7时至9时,{place}\n");
        csv(&text, &orders, &World::default()).unwrap()
    };
    let (world, report) = taken("限行时间");
    assert_eq!(only(&world).text("hours"), "07:00-09:00");
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    let (world, report) = taken("何时");
    assert_eq!(only(&world).text("hours"), "");
    let said = report.warnings.iter().any(|warning| warning.zh.contains("--map hours=列名"));
    assert!(said, "{:?}", report.warnings);
}

#[test]
fn words_for_trucks_that_were_read_as_another_are_told_and_others_are_refused() {
    let place = "\"LINESTRING (118.1 39.8, 118.2 39.8)\"";
    let text = format!(
        "名称,类型,时段,车型,排放阶段,wkt\n\
         M1,禁行,全天,重型,国五;国六b,{place}\n\
         M2,禁行,全天,重型货车、中型,国六b,{place}\n\
         M3,禁行,全天,大货车,国六,{place}\n"
    );
    let (world, report) = new(&text);
    let order = world.all().find(|record| record.name() == "M1").unwrap();
    assert_eq!(order.get("stages"), Some(&Value::Words(["国五".into(), "国六".into()].into())));
    let told: Vec<&str> = report.read_as.iter().map(|said| said.zh.as_str()).collect();
    assert_eq!(
        told,
        ["车型：“重型货车”按“重型”读入（1 行）", "排放阶段：“国六b”按“国六”读入（2 行）"]
    );
    assert!(report.read_as[1].en.ends_with("`国六b` was read as `China VI` (rows: 2)"));
    assert_eq!((report.added, report.rejections[0].field.as_str()), (2, "classes"));
    assert_eq!(report.rejections[0].value, "大货车");
}

#[test]
fn stages_and_classes_up_to_one_are_all_of_those_and_it_is_said_which() {
    let place = "\"LINESTRING(118.1 39.8,118.2 39.8)\"";
    let text = format!(
        "编码,类型,时段,车型,排放阶段,wkt\n\
         M1,禁行,全天,中型及以上,国三及以下,{place}\n\
         M2,禁行,全天,重型,国四（含）以下排放标准,{place}\n\
         M3,禁行,全天,重型,国四以下,{place}\n"
    );
    let (world, report) = csv(
        &text,
        &Import { kind: Some(Kind::Restriction), ..settings(Some("wgs84")) },
        &World::default(),
    )
    .unwrap();
    let of = |code: &str, field: &str| {
        let record = world.all().find(|record| record.code() == Some(code)).unwrap();
        record.get(field).map(Value::to_cell).unwrap_or_default()
    };
    assert_eq!(of("M1", "stages"), "国零;国一;国二;国三");
    assert_eq!(of("M1", "classes"), "medium;heavy");
    assert_eq!(of("M2", "stages"), "国零;国一;国二;国三;国四");
    // Whether 国四 is among those below it is not said: the order is not taken.
    assert_eq!((report.added, report.rejected), (2, 1));
    assert!(
        report
            .read_as
            .iter()
            .any(|line| line.zh.contains("“国三及以下”按“国零、国一、国二、国三”读入")),
        "{:?}",
        report.read_as
    );
}
