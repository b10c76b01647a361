//! Readings by the program as a user starts it: files in, index and rank out, a delivery withdrawn,
//! and GDAL beside it.

use std::fmt::Write as _;
use std::process::Command;

use serde_json::Value as Json;

use crate::support::{complained, done, file, folder, run, said, without_tool};

const STATIONS: &str = "编码,名称,级别,经度,纬度\n3576A,丰润区政府,国控,118.1562,39.8322\n\
    C2,城西站,省控,118.1254,39.8408\n";

/// A day of hours by label 1–24 of two stations, as a provincial platform exports it.
fn sheet(pm25: impl Fn(u32) -> String) -> String {
    let mut text = "站点名称,监测时间,PM2.5监测值,PM10监测值,SO2,NO2,CO,O3\n".to_owned();
    for label in 1..=24 {
        let time = if label == 24 {
            "2026-11-28 24:00".to_owned()
        } else {
            format!("2026-11-28 {label:02}:00:00")
        };
        writeln!(text, "丰润区政府,{time},{},120,10,40,1.2,60", pm25(label)).unwrap();
        writeln!(text, "城西站,{time},30,60,8,30,0.8,70").unwrap();
    }
    text
}

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

fn station<'j>(air: &'j Json, name: &str) -> &'j Json {
    let all = air["stations"].as_array().unwrap();
    all.iter().find(|station| station["name"] == name).unwrap()
}

#[test]
fn a_sheet_becomes_days_index_and_rank_and_a_wrong_one_is_withdrawn() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    file(at, "stations.csv", STATIONS);
    done(at, &["import", "a.gpkg", "stations.csv", "--crs", "wgs84"]);
    file(at, "省平台.csv", sheet(|_| "90".to_owned()));
    // Recognised without being told.
    let told = json(&done(at, &["import", "a.gpkg", "省平台.csv", "--json"]));
    let report = &told[0];
    assert_eq!((&report["layer"], &report["new"]), (&"reading".into(), &48.into()));
    assert_eq!(report["label"], "end UTC+8");
    assert_eq!(report["begins_at"], "2026-11-27T16:00:00Z");
    assert_eq!(report["stations"][0]["found"], "by name");
    let air = || json(&done(at, &["air", "a.gpkg", "--day", "2026-11-28", "--json"]));
    let first = air();
    let own = station(&first, "丰润区政府");
    assert_eq!(
        (&own["days"][0]["aqi"], &own["rank"], &own["bottom_rank"]),
        (&128.into(), &2.into(), &1.into())
    );
    assert_eq!(own["days"][0]["primary"], Json::from(vec!["PM2.5"]));
    let pm = &own["days"][0]["values"]["PM2.5"];
    assert_eq!((&pm["n"], &pm["of"], &pm["completeness"]), (&24.into(), &24.into(), &1.0.into()));
    assert!(first["method"]["name"].as_str().unwrap().contains("2013"), "{first}");
    assert_eq!(station(&first, "城西站")["rank"], 1);

    // The same file once more says nothing new.
    let again = json(&done(at, &["import", "a.gpkg", "省平台.csv", "--json"]));
    assert_eq!((&again[0]["new"], &again[0]["known"]), (&0.into(), &48.into()));
    file(at, "错.csv", sheet(|_| "9".to_owned()));
    done(at, &["import", "a.gpkg", "错.csv"]);
    assert_ne!(station(&air(), "丰润区政府")["days"][0]["aqi"], 128);
    let refused = run(at, &["withdraw", "a.gpkg", "2"]);
    assert!(!refused.status.success() && complained(&refused).contains("--reason"));
    done(at, &["--by", "李四", "withdraw", "a.gpkg", "2", "--reason", "单位错误"]);
    assert_eq!(station(&air(), "丰润区政府")["days"][0]["aqi"], 128);
    let list = json(&done(at, &["withdraw", "a.gpkg", "--json"]));
    assert_eq!(
        (&list[1]["state"], &list[1]["withdrawn_by"]),
        (&"withdrawn".into(), &"李四".into())
    );
    assert_eq!(list[1]["withdrawn_because"], "单位错误");
    let history = json(&done(at, &["history", "a.gpkg", "--json"]));
    let newest =
        history.as_array().unwrap().iter().max_by_key(|row| row["revision"].as_u64()).unwrap();
    assert_eq!(
        (&newest["kind"], &newest["note"]),
        (&"withdraw".into(), &"错.csv · 单位错误".into())
    );
    done(at, &["undo", "a.gpkg"]);
    assert_ne!(station(&air(), "丰润区政府")["days"][0]["aqi"], 128);
    let then =
        json(&done(at, &["--as-of", "r2", "air", "a.gpkg", "--day", "2026-11-28", "--json"]));
    assert_eq!(station(&then, "丰润区政府")["days"][0]["aqi"], 128, "as it was");
    done(at, &["check", "a.gpkg"]);
}

#[test]
fn dust_is_deducted_beside_what_was_measured_and_never_in_its_place() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    file(at, "stations.csv", STATIONS);
    done(at, &["import", "a.gpkg", "stations.csv", "--crs", "wgs84"]);
    file(at, "小时值.csv", sheet(|_| "90".to_owned()));
    done(at, &["import", "a.gpkg", "小时值.csv"]);
    let air = |more: &[&str]| {
        json(&done(at, &[&["air", "a.gpkg", "--day", "2026-11-28", "--json"], more].concat()))
    };
    assert!(station(&air(&[]), "丰润区政府")["dust_deducted"].is_null());
    let measured = air(&[]);
    file(
        at,
        "扣沙.csv",
        "站点,日期,PM10扣沙后,PM2.5扣沙后\n丰润区政府,2026-11-28,80,剔除\n丰润区政府,2026-11-20,70,30\n",
    );
    let told = json(&done(at, &["import", "a.gpkg", "扣沙.csv", "--json"]));
    assert_eq!((&told[0]["layer"], &told[0]["new"]), (&"reading".into(), &2.into()), "{told}");
    let both = air(&[]);
    let (own, before) = (station(&both, "丰润区政府"), station(&measured, "丰润区政府"));
    for key in ["statistics", "index", "rank", "good_days"] {
        assert_eq!(own[key], before[key], "{key} as measured");
    }
    assert_eq!(own["days"][0]["aqi"], before["days"][0]["aqi"], "good days keep the dust");
    let dust = &own["dust_deducted"];
    assert_eq!((&dust["days"], &dust["statistics"]["PM10"]["value"]), (&1.into(), &80.0.into()));
    assert!(dust["statistics"]["PM2.5"]["value"].is_null() && dust["index"].is_null(), "{dust}");
    assert_eq!(own["days"][0]["dust_deducted"]["PM2.5"], "left out");
    // Of both stations: 80 and 60 of PM10, and the PM2.5 of the other alone.
    let mean = &both["mean_of_stations"]["dust_deducted"]["statistics"];
    assert_eq!((&mean["PM10"]["value"], &mean["PM2.5"]["value"]), (&70.0.into(), &30.0.into()));
    assert!(station(&both, "城西站")["dust_deducted"].is_null());
    let told = done(at, &["air", "a.gpkg", "--day", "2026-11-28", "--station", "丰润区政府"]);
    assert!(told.contains("PM10 120 → 80\tPM2.5 90 → -\t1 天有扣沙值"), "{told}");
    assert!(told.contains("扣沙 PM10 80、扣沙 PM2.5 剔除"), "{told}");
    // Withdrawn as a whole, it is as if nobody had deducted.
    done(at, &["--by", "李四", "withdraw", "a.gpkg", "2", "--reason", "未批复"]);
    assert_eq!(air(&[]), measured);
    done(at, &["check", "a.gpkg"]);
}

#[test]
fn a_label_is_overruled_and_the_report_says_so() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    file(at, "stations.csv", STATIONS);
    done(at, &["import", "a.gpkg", "stations.csv", "--crs", "wgs84"]);
    file(at, "a.csv", sheet(|_| "90".to_owned()));
    let import = ["import", "a.gpkg", "a.csv", "--as", "reading", "--label", "start", "--dry-run"];
    let told = said(&run(at, &import));
    assert!(
        told.contains("时间标签为时段开始，北京时间（人工指定）（与数据显示的不同）"),
        "{told}"
    );
    assert!(told.contains("2026-11-28 01:00 – 2026-11-29 01:00 北京时间"), "{told}");
    let nothing = run(at, &["air", "a.gpkg"]);
    assert_eq!(nothing.status.code(), Some(1), "a dry run brings nothing");
}

#[test]
fn stations_that_nobody_knows_are_left_out_or_made() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    file(at, "a.csv", "date,hour,type,3576A\n20261128,1,PM2.5,88\n20261128,2,PM2.5,89\n");
    file(at, "b.csv", "date,hour,type,3576A\n20261129,1,PM2.5,90\n");
    let told = said(&run(at, &["import", "a.gpkg", "a.csv"]));
    assert!(told.contains("1 个站点区内没有：3576A"), "{told}");
    let made = json(&done(at, &["import", "a.gpkg", "a.csv", "b.csv", "--new-stations", "--json"]));
    assert_eq!((&made[0]["stations_made"], &made[1]["stations_made"]), (&1.into(), &0.into()));
    assert_eq!((&made[0]["new"], &made[1]["new"]), (&2.into(), &1.into()));
    done(at, &["check", "a.gpkg"]);
}

#[test]
fn targets_are_answered_by_arithmetic() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    file(at, "stations.csv", STATIONS);
    done(at, &["import", "a.gpkg", "stations.csv", "--crs", "wgs84"]);
    file(at, "a.csv", sheet(|_| "90".to_owned()));
    done(at, &["import", "a.gpkg", "a.csv"]);
    let target = ["--target", "PM2.5=50", "--target", "days=2", "--json"];
    let period = ["air", "a.gpkg", "--from", "2026-11-28", "--to", "2026-11-30"];
    let air = json(&done(at, &[&period[..], &target].concat()));
    let targets = &station(&air, "丰润区政府")["targets"];
    assert_eq!(targets[0]["rest_days"], 2);
    // (50·3 − 90)/2.
    assert!(targets[0]["answer"][0].as_str().unwrap().contains("30.0"), "{targets}");
    assert!(
        targets[1]["answer"][0].as_str().unwrap().contains("优良 0/2 天，余 2 天"),
        "{targets}"
    );
}

#[test]
fn the_sample_has_sixty_days_of_invented_air() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "s.gpkg"]);
    done(at, &["check", "s.gpkg"]);
    let list = json(&done(at, &["withdraw", "s.gpkg", "--json"]));
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 5);
    assert!(list.iter().all(|delivery| delivery["name"].as_str().unwrap().starts_with("示例")));
    assert_eq!(list.iter().filter(|delivery| delivery["state"] == "withdrawn").count(), 1);
    let air = json(&done(at, &["air", "s.gpkg", "--json"]));
    assert_eq!(air["stations"].as_array().unwrap().len(), 4);
}

/// GDAL opens the view and the table of readings, and numbers the rows.
#[test]
fn gdal_reads_hours_by_station() {
    let folder = folder();
    let at = folder.path();
    if Command::new("ogrinfo").arg("--version").output().is_err() {
        return without_tool("ogrinfo");
    }
    done(at, &["sample", "s.gpkg"]);
    let ask = |arguments: &[&str]| {
        let output =
            Command::new("ogrinfo").current_dir(at).arg("-ro").args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", complained(&output));
        said(&output)
    };
    let layers = ask(&["s.gpkg"]);
    for layer in ["air_hour", "shapan_reading", "delivery", "weather_station"] {
        assert!(layers.contains(layer), "{layers}");
    }
    let text =
        ask(&["-al", "s.gpkg", "air_hour", "-where", "station_code = '3576A' AND pm2_5 > 150"]);
    for part in ["pm2_5 (Real)", "begins_at", "station_name (String) = 丰润区政府"] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn what_columns_are_is_said_once() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    file(at, "stations.csv", STATIONS);
    done(at, &["import", "a.gpkg", "stations.csv", "--crs", "wgs84"]);
    file(at, "a.csv", "设备,采样,读数\n城西站,2026-11-28 10:00,88\n城西站,2026-11-28 11:00,89\n");
    file(at, "b.csv", "设备,采样,读数\n城西站,2026-11-28 12:00,90\n城西站,2026-11-28 13:00,91\n");
    let map = ["--map", "name=设备", "--map", "time=采样", "--map", "pm2_5=读数", "--json"];
    let first =
        json(&done(at, &[&["import", "a.gpkg", "a.csv", "--as", "reading"][..], &map].concat()));
    assert_eq!(first[0]["new"], 2);
    let second = json(&done(at, &["import", "a.gpkg", "b.csv", "--json"]));
    assert_eq!((&second[0]["layer"], &second[0]["new"]), (&"reading".into(), &2.into()));
}
