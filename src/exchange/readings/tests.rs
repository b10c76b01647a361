//! Files as offices have them, each with its traps.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::*;
use crate::domain::reading::{Clock, Flag, LabelEnd, LabelRule, Span};
use crate::domain::{Ids, Kind, Record, Stamp, Value, World};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

fn options() -> ReadingOptions {
    ReadingOptions {
        overrules: Overrules::default(),
        map: Vec::new(),
        station: None,
        sheet: None,
        list: None,
        zero_is_missing: None,
        arrived: "2026-11-29T03:00:00Z".parse().unwrap(),
    }
}

fn world() -> (World, RecordId) {
    let by = Stamp { actor: "张三".into(), at: Timestamp::UNIX_EPOCH };
    let mut ids = Ids::new(by.at, 1);
    let mut world = World::default();
    let mut station = Record::new(ids.next(), Kind::ControlPoint, &by);
    station.set("code", Some(Value::text("9999A")));
    station.set("name", Some(Value::text("示例站")));
    station.geometry = Some(geo_types::Point::new(118.16, 39.83).into());
    let id = station.id;
    world.load(station.into());
    (world, id)
}

/// What a file says of each station that it has, known or not.
fn taken(path: &Path, options: &ReadingOptions) -> (Survey, Vec<String>) {
    let (world, _) = world();
    let kind = recognise(path).unwrap().expect("a file of readings");
    let survey = survey(path, kind, options, &StationIndex::of(&world), &|| false).unwrap();
    let id = |number: usize| RecordId(uuid::Uuid::from_u128(number as u128));
    let records: Vec<_> = (0..survey.stations.len()).map(|number| Some(id(number))).collect();
    let mut rows = Vec::new();
    readings(path, &survey, options, &records, &mut |row| {
        let number = usize::try_from(row.place.0.as_u128()).unwrap();
        let station = survey.stations[number].station.called();
        let values = row.values.iter().map(|(factor, value)| format!("{}={value}", factor.key()));
        let flags =
            row.values.flags().iter().map(|(of, flag)| format!("{}:{}", of.key(), flag.as_str()));
        let said: Vec<String> = values.chain(flags).collect();
        rows.push(format!("{station} {} {} {}", row.start, row.span.key(), said.join(" ")));
        Ok(())
    })
    .unwrap();
    (survey, rows)
}

fn finding<'s>(survey: &'s Survey, about: &str) -> &'s Finding {
    survey.findings.iter().find(|finding| finding.about == about).unwrap()
}

#[test]
fn a_wide_file_is_read_to_its_cut_last_row_and_label_0_is_the_day_before() {
    let folder = Folder::new();
    let text = "date,hour,type,9999A,1036A\r\n\
        20261129,0,PM2.5,88,\r\n20261129,0,CO,1.2,0.8\r\n20261129,0,AQI,115,50\r\n\
        20261129,1,PM2.5,91,60\r\n20261129,1,CO,1.3";
    let path = folder.file("china_sites_20261129.csv", text);
    let (survey, rows) = taken(&path, &options());
    assert_eq!(
        rows,
        [
            "9999A 2026-11-28T15:00:00Z hour pm2_5=88 co=1.2",
            "1036A 2026-11-28T15:00:00Z hour co=0.8",
            // The last cell of a row that is cut off may be half of a number.
            "9999A 2026-11-28T16:00:00Z hour pm2_5=91",
            "1036A 2026-11-28T16:00:00Z hour pm2_5=60",
        ]
    );
    assert!(survey.notes.iter().any(|note| note.en.contains("cut off")), "{:?}", survey.notes);
    assert!(matches!(survey.stations[0].found, Match::Code(_)));
    assert_eq!(survey.stations[1].found, Match::Unknown);
}

#[test]
fn the_national_platform_writes_dashes_for_what_is_missing() {
    let folder = Folder::new();
    let text = r#"[{"TimePoint":"/Date(1795917600000)/","TimePointStr":"2026年11月29日 10时",
        "StationCode":"9999A","PositionName":"示例站","Area":"唐山市","AQI":"107",
        "PrimaryPollutant":"细颗粒物(PM2.5)","PM2_5":"72","PM2_5_24h":"61","PM10":"—","CO":"1.1",
        "O3":"12","Longitude":"118.16","Latitude":"39.83"}]"#;
    let (survey, rows) = taken(&folder.file("live.json", text), &options());
    assert_eq!(rows, ["示例站 2026-11-29T01:00:00Z hour pm2_5=72 co=1.1 o3=12"]);
    assert_eq!(survey.kind, FileKind::JsonObjects);
    let station = &survey.stations[0].station;
    assert_eq!(station.place, Some(geo_types::Coord { x: 118.16, y: 39.83 }));
}

#[test]
fn a_z_that_is_beijing_time_and_a_0_that_is_nothing() {
    let folder = Folder::new();
    let text = r#"[{"aqi":82,"area":"唐山","co":1.0,"co_24h":1.1,"o3":0,"pm2_5":60,"pm10":99,
        "position_name":"示例站","station_code":"9999A","time_point":"2026-11-29T10:00:00Z"}]"#;
    let (survey, rows) = taken(&folder.file("a.json", text), &options());
    assert_eq!(rows, ["示例站 2026-11-29T01:00:00Z hour pm2_5=60 pm10=99 co=1"]);
    assert!(survey.notes.iter().any(|note| note.en.contains("end in Z")));
    let keeps = ReadingOptions { zero_is_missing: Some(false), ..options() };
    let (_, rows) = taken(&folder.file("b.json", text), &keeps);
    assert!(rows[0].ends_with("o3=0"), "{rows:?}");
}

#[test]
fn a_provincial_sheet_of_one_head_row_and_24_oclock() {
    let folder = Folder::new();
    let text = "城市,区,站点名称,监测时间,空气质量指数,PM10监测值,PM2.5监测值,首要污染物\n\
        唐山,丰润,示例站,2026-11-29 23:00:00,115,143,88H,PM2.5\n\
        唐山,丰润,示例站,2026-11-29 24:00,120,—,91,PM2.5\n\
        唐山,丰润,示例站,2026-11-30 01:00,120,150,<3,PM2.5\n";
    let (survey, rows) = taken(&folder.file("省.csv", text), &options());
    assert_eq!(
        rows,
        [
            "示例站 2026-11-29T14:00:00Z hour pm2_5=88 pm10=143 pm2_5:H",
            "示例站 2026-11-29T15:00:00Z hour pm2_5=91",
            "示例站 2026-11-29T16:00:00Z hour pm2_5=3 pm10=150 pm2_5:<",
        ]
    );
    assert!(matches!(survey.stations[0].found, Match::Name(_)));
    assert_eq!(Flag::BELOW, "<");
}

#[test]
fn a_day_report_with_three_rows_of_merged_heads() {
    let folder = Folder::new();
    let text = "行政区域,监测点位名称,数据时间,空气质量指数(AQI),首要污染物,空气质量指数级别,污染物浓度及空气质量分指数(IAQI),,,\n\
        ,,,,,,二氧化硫(SO2)24小时平均,,一氧化碳(CO)24小时平均,\n\
        ,,,,,,浓度(μg/m3),分指数,浓度(μg/m3),分指数\n\
        丰润,示例站,2026-11-28,60,PM10,二级,12,12,1.4,35\n\
        丰润,示例站,2026-11-29,70,PM10,二级,--,--,1.5,38\n";
    let (survey, rows) = taken(&folder.file("日报.csv", text), &options());
    let rule = LabelRule { end: LabelEnd::Start, clock: Clock::Utc8 };
    assert_eq!(survey.reading.span, Span::Day, "{:?}", survey.findings);
    assert_eq!(survey.reading.label, rule, "a date is the day and not its end");
    assert_eq!(
        rows,
        ["示例站 2026-11-27T16:00:00Z day so2=12 co=1.4", "示例站 2026-11-28T16:00:00Z day co=1.5",]
    );
}

#[test]
fn a_fume_export_in_gbk_with_title_rows() {
    let folder = Folder::new();
    let text = "餐饮油烟在线监测,,,,\n导出时间：2026-11-29,,,,\n\
        单位名称,上报时间,油烟浓度(mg/m3),颗粒物(mg/m3),非甲烷总烃(mg/m3)\n\
        老王饭店,2026-11-29 11:30:12,0.42,1.1,无\n\
        老王饭店,2026-11-29 11:47:40,未检出,1.3,2.0\n平均值,,0.4,1.2,2.0\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    let (survey, rows) = taken(&folder.file("油烟.csv", bytes), &options());
    assert_eq!(
        rows,
        [
            "老王饭店 2026-11-29T03:30:12Z instant 油烟浓度=0.42 颗粒物=1.1",
            "老王饭店 2026-11-29T03:47:40Z instant 非甲烷总烃=2 颗粒物=1.3 油烟浓度:<",
        ]
    );
    assert_eq!(survey.reading.span, Span::Instant);
}

#[test]
fn a_prsa_table_has_its_time_in_four_columns_and_its_wind_in_words() {
    let folder = Folder::new();
    let mut text =
        "No,year,month,day,hour,PM2.5,PM10,SO2,NO2,CO,O3,TEMP,PRES,DEWP,RAIN,wd,WSPM,station\n"
            .to_owned();
    for hour in 0..12 {
        let wind = if hour == 1 { "NA" } else { "NNW" };
        writeln!(text, "1,2013,3,1,{hour},4,4,3,NA,300,77,-0.7,1023.0,-18.8,0.0,{wind},4.4,Shunyi")
            .unwrap();
    }
    let (survey, rows) = taken(&folder.file("PRSA.csv", text), &options());
    assert_eq!(
        rows[0],
        "Shunyi 2013-02-28T15:00:00Z hour pm2_5=4 pm10=4 so2=3 co=0.3 o3=77 wind_speed=4.4 \
         wind_direction=337.5 temperature=-0.7 pressure=1023 precipitation=0 dewp=-18.8"
    );
    assert!(!rows[1].contains("wind_direction"), "{}", rows[1]);
    let co = finding(&survey, "co");
    assert!(survey.reading.co_in_micrograms && co.proof.en.contains("12"), "{co:?}");
    let said = Overrules { co_in_micrograms: Some(false), ..Overrules::default() };
    let overruled = ReadingOptions { overrules: said, ..options() };
    let (survey, rows) = taken(&folder.0.path().join("PRSA.csv"), &overruled);
    assert!(rows[0].contains("co=300 ") && finding(&survey, "co").is_overruled);
}

#[test]
fn open_aq_says_both_ends_and_open_meteo_is_in_km_an_hour() {
    let folder = Folder::new();
    let text = r#"{"results":[{"value":35.5,"parameter":{"id":2,"name":"pm25","units":"µg/m³"},
        "period":{"label":"1hour","datetimeFrom":{"utc":"2026-11-29T01:00:00Z"},
        "datetimeTo":{"utc":"2026-11-29T02:00:00Z"}},
        "coordinates":{"latitude":39.8301,"longitude":118.1601}},
        {"value":0.03,"parameter":{"id":3,"name":"o3","units":"ppm"},
        "period":{"datetimeFrom":{"utc":"2026-11-29T01:00:00Z"},"datetimeTo":{"utc":"2026-11-29T02:00:00Z"}}}]}"#;
    let (survey, rows) = taken(&folder.file("aq.json", text), &options());
    assert_eq!(rows, [" 2026-11-29T01:00:00Z hour pm2_5=35.5"]);
    assert!(matches!(survey.stations[0].found, Match::Place(_, metres) if metres < 20.0));
    assert!(survey.notes.iter().any(|note| note.en.contains("ppm")));
    let text = r#"{"latitude":39.8,"longitude":118.1,"utc_offset_seconds":28800,
        "hourly_units":{"time":"iso8601","wind_speed_10m":"km/h"},
        "hourly":{"time":["2026-11-29T09:00","2026-11-29T10:00"],"wind_speed_10m":[7.2,null],
        "wind_direction_10m":[315,320]}}"#;
    let (survey, rows) = taken(&folder.file("om.json", text), &options());
    assert_eq!(survey.kind, FileKind::OpenMeteo);
    let station = "Open-Meteo 118.100,39.800";
    assert_eq!(
        rows,
        [
            format!("{station} 2026-11-29T00:00:00Z hour wind_speed=2 wind_direction=315"),
            format!("{station} 2026-11-29T01:00:00Z hour wind_direction=320"),
        ]
    );
}

#[test]
fn lines_of_metar_are_utc_and_a_calm_has_no_direction() {
    let folder = Folder::new();
    let text = "METAR ZBSN 290200Z 31005MPS CAVOK M02/M10 Q1028 NOSIG=\n\
        METAR ZBSN 290300Z 00000MPS 9999 M01/M10 Q1028=\nnonsense\n";
    let (survey, rows) = taken(&folder.file("zbsn.txt", text), &options());
    assert_eq!(
        rows,
        [
            "ZBSN 2026-11-29T02:00:00Z instant wind_speed=5 wind_direction=310 temperature=-2 qnh=1028 露点=-10",
            "ZBSN 2026-11-29T03:00:00Z instant wind_speed=0 temperature=-1 qnh=1028 露点=-10",
        ]
    );
    assert_eq!(survey.rejected, 1);
}

#[test]
fn a_log_of_packets_keeps_every_code_and_mark_and_counts_a_repeated_packet_once() {
    let folder = Folder::new();
    let hour = "##0284QN=20261129100512034;ST=22;CN=2061;PW=123456;MN=130208A0000000000000SP01;Flag=5;CP=&&DataTime=20261129090000;a34004-Avg=88,a34004-Min=71,a34004-Max=104,a34004-Flag=N;a34002-Avg=143,a34002-Flag=N;a21005-Avg=1.25,a21005-Flag=N;a01007-Avg=2.1,a01007-Flag=N;a01008-Avg=315,a01008-Flag=N&&D341\r\n";
    let stack = "##0235QN=20261129100013000;ST=31;CN=2011;PW=123456;MN=130208B0000000000000SP02;Flag=4;CP=&&DataTime=20261129100010;a21026-Rtd=12.4,a21026-ZsRtd=18.7,a21026-Flag=N;a34013-Rtd=3.1,a34013-ZsRtd=4.7,a34013-Flag=N;a19001-Rtd=12.85,a19001-Flag=N&&0440\r\n";
    let dust = "##0113ST=39;CN=2011;PW=123456;MN=SP-GD-0007;CP=&&DataTime=20261129100000;a34001-Rtd=310;a34002-Rtd=188,a34002-Flag=D;&&CAC1\r\n";
    let bad = dust.replace("310", "311");
    let text = format!("2026-11-29 10:05:12 RECV {hour}{hour}{stack}{dust}{bad}");
    let (survey, rows) = taken(&folder.file("a.log", text), &options());
    assert_eq!(
        rows,
        [
            "130208A0000000000000SP01 2026-11-29T01:00:00Z hour pm2_5=88 pm10=143 co=1.25 \
             wind_speed=2.1 wind_direction=315 pm2_5:N pm10:N co:N wind_speed:N wind_direction:N",
            "130208B0000000000000SP02 2026-11-29T02:00:10Z instant so2=12.4 a19001=12.85 \
             a21026-Zs=18.7 a34013=3.1 a34013-Zs=4.7 so2:N a19001:N a34013:N",
            "SP-GD-0007 2026-11-29T02:00:00Z instant pm10=188 tsp=310 pm10:D",
        ]
    );
    assert_eq!(survey.rejected, 1, "a wrong checksum");
    let said: Vec<&str> = survey.notes.iter().map(|note| note.en.as_str()).collect();
    assert!(said.iter().any(|note| note.contains("sent again")), "{said:?}");
    assert!(!format!("{survey:?}").contains("123456"), "no password");
}

#[test]
fn how_many_minutes_packets_are_of_is_seen_from_their_distance() {
    let folder = Folder::new();
    let packet = |minute: u32| {
        let segment = format!(
            "QN=202611291{minute:02}0000000;ST=22;CN=2051;PW=123456;MN=SP01;Flag=4;CP=&&DataTime=2026112910{minute:02}00;a34004-Avg=9{},a34004-Flag=N&&",
            minute / 5
        );
        formats::hj212::framed(segment.as_bytes())
    };
    let log: Vec<u8> = [0, 5, 10, 15].into_iter().flat_map(packet).collect();
    let (survey, rows) = taken(&folder.file("a.log", &log), &options());
    assert_eq!(rows[1], "SP01 2026-11-29T02:05:00Z 5min pm2_5=91 pm2_5:N");
    assert!(finding(&survey, "span").proof.en.contains("5 min apart"));
    let (_, rows) = taken(&folder.file("b.log", packet(5)), &options());
    assert_eq!(rows, ["SP01 2026-11-29T02:05:00Z 10min pm2_5=91 pm2_5:N"], "what is usual");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever stands in a file, reading it ends and says what it found.
    #[test]
    fn a_file_of_anything_is_survived(
        head in proptest::sample::subsequence(
            vec!["date", "hour", "type", "时间", "站点", "PM2.5", "O3", "year", "month", "day", "1036A", ""], 0..12,
        ),
        cells in proptest::collection::vec("[0-9a-zA-Z/:.,—<\n ]{0,12}", 0..60),
    ) {
        let folder = Folder::new();
        let text = format!("{}\n{}", head.join(","), cells.join(","));
        let path = folder.file("a.csv", &text);
        if recognise(&path).is_ok_and(|kind| kind.is_some()) {
            let (survey, rows) = taken(&path, &options());
            proptest::prop_assert!(rows.len() as u64 <= survey.rows, "{text}");
        }
    }
}

/// The shape of the files of 2023: ozone and its running maximum with each other's names.
#[test]
fn swapped_columns_of_ozone_are_seen_and_put_right() {
    let folder = Folder::new();
    let mut text = "date,hour,type,A,B,C,D,E,F\n".to_owned();
    let stations = 6;
    let mut maxima = vec![0.0_f64; stations];
    for label in 0..24 {
        let hourly = |station: usize| {
            60.0 + 50.0 * f64::from((label - 15_i32).pow(2) as f32 / -60.0).exp() * 1.7
                - 13.0 * f64::from(label % 2)
                - station as f64
        };
        let line = |kind: &str, values: Vec<f64>| {
            let cells: Vec<String> = values.iter().map(|value| format!("{value:.0}")).collect();
            format!("20230120,{label},{kind},{}\n", cells.join(","))
        };
        let now: Vec<f64> = (0..stations).map(hourly).collect();
        for (largest, value) in maxima.iter_mut().zip(&now) {
            *largest = largest.max(*value);
        }
        text += &line("O3_24h", now);
        text += &line("O3", maxima.clone());
    }
    let (survey, rows) = taken(&folder.file("china_sites_20230120.csv", &text), &options());
    let ozone = finding(&survey, "ozone");
    assert!(survey.reading.ozone_is_swapped, "{ozone:?}");
    assert!(ozone.proof.en.contains("138 pairs"), "{ozone:?}");
    let first = text.lines().nth(1).unwrap().split(',').nth(3).unwrap();
    assert!(rows[0].ends_with(&format!("o3={first}")), "{} {first}", rows[0]);
    let said = Overrules { ozone_is_swapped: Some(false), ..Overrules::default() };
    let kept = ReadingOptions { overrules: said, ..options() };
    let (survey, _) = taken(&folder.0.path().join("china_sites_20230120.csv"), &kept);
    assert!(finding(&survey, "ozone").is_overruled && !survey.reading.ozone_is_swapped);
}

/// As the national files end: in a row that is of nothing kept here, or within a number.
#[test]
fn a_last_row_that_is_cut_off_is_said_and_its_last_value_not_used() {
    let folder = Folder::new();
    let head = "date,hour,type,A,B,C\n20230120,0,PM2.5,10,20,30\n";
    for (tail, of_b) in [("20230120,0,CO_24h,0.2,0.", Some(20.0)), ("20230120,0,PM2.5,11,2", None)]
    {
        let (survey, rows) =
            taken(&folder.file("china_sites_20230120.csv", &(head.to_owned() + tail)), &options());
        assert!(
            survey.notes.iter().any(|note| note.en.contains("row 3 has 5 cells of 6")),
            "{tail}: {:?}",
            survey.notes
        );
        let b: Vec<_> = rows.iter().filter(|row| row.contains("pm2_5=20")).collect();
        assert_eq!(b.is_empty(), of_b.is_none(), "{tail}: {rows:?}");
        assert!(!rows.iter().any(|row| row.ends_with("pm2_5=2")), "{tail}: {rows:?}");
    }
}

#[test]
fn lists_of_places_are_no_readings() {
    let folder = Folder::new();
    for (name, text) in [
        ("a.csv", "编码,名称,级别,经度,纬度\nC1,甲,国控,118.1,39.8\n"),
        ("b.csv", "名称,检查时间,围挡\n甲工地,2026-11-29,合格\n"),
        ("c.json", r#"{"type":"FeatureCollection","features":[]}"#),
        ("d.txt", "二〇二六年会议\n"),
    ] {
        assert_eq!(recognise(&folder.file(name, text)).unwrap(), None, "{name}");
    }
}

#[test]
fn one_midnight_with_its_time_is_an_hour_and_a_day_without_a_time_or_of_day_means_is_a_day() {
    let folder = Folder::new();
    let of = |name: &str, text: &str| taken(&folder.file(name, text), &options()).0;
    let hour = of("一时.csv", "站点编码,监测时间,PM2.5\n9999A,2026-12-01 00:00:00,40\n");
    assert_eq!(hour.reading.span, Span::Hour, "{:?}", hour.findings);
    assert_eq!(hour.ends.unwrap().1.to_string(), "2026-11-30T16:00:00Z", "the 24th of November 30");
    let day = of("一日.csv", "站点编码,日期,PM2.5\n9999A,2026-12-01,40\n");
    assert_eq!(day.reading.span, Span::Day);
    let mean = of("日均.csv", "站点编码,监测时间,PM2.5日均值\n9999A,2026-12-01 00:00:00,40\n");
    assert_eq!(mean.reading.span, Span::Day);
    let dust = of("扣沙.csv", "站点编码,监测时间,PM10扣沙后\n9999A,2026-12-01 00:00:00,40\n");
    assert_eq!(dust.reading.span, Span::Day);
}

#[test]
fn what_a_table_lacks_is_said_with_what_to_do() {
    let folder = Folder::new();
    let path = folder.file("a.csv", "测点代号,几点,PM2.5\n9999A,2026-12-01 01:00,40\n");
    let (world, _) = world();
    let index = StationIndex::of(&world);
    let survey = survey(&path, FileKind::Table, &options(), &index, &|| false).unwrap();
    let notes: Vec<&str> = survey.notes.iter().map(|note| note.zh.as_str()).collect();
    assert!(notes.iter().any(|note| note.contains("--map time=")), "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("--map station=")), "{notes:?}");
    assert!(!notes.iter().any(|note| note.contains("没有认出监测项")), "{notes:?}");
}

#[test]
fn a_column_may_be_said_to_be_a_factor() {
    let folder = Folder::new();
    let text = "设备,采样,读数\n示例站,2026-11-29 10:00,88\n示例站,2026-11-29 11:00,90\n";
    let path = folder.file("x.csv", text);
    assert_eq!(recognise(&path).unwrap(), None);
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let map = vec![pair("设备", "name"), pair("采样", "time"), pair("读数", "PM2.5")];
    let options = ReadingOptions { map, ..options() };
    let (world, _) = world();
    let index = StationIndex::of(&world);
    let survey = survey(&path, FileKind::Table, &options, &index, &|| false).unwrap();
    assert_eq!((survey.rows, survey.values), (2, 2));
    assert!(matches!(survey.stations[0].found, Match::Name(_)));
    let label = finding(&survey, "label");
    assert!(label.conclusion.en.contains("usual"), "{label:?}");
}

#[test]
fn a_file_is_of_the_hour_that_it_is_called_after_where_no_column_says_one() {
    let folder = Folder::new();
    let text = "site_code,site_name,pm25,pm25_24,o3\n9999A,示例站,55,60,NaN\n";
    let path = folder.file("2026-11-08T11.csv", text);
    let (survey, rows) = taken(&path, &options());
    assert_eq!(rows, ["示例站 2026-11-08T02:00:00Z hour pm2_5=55"]);
    assert_eq!(survey.rejected, 0);
    let path = folder.file("站点.csv", text);
    assert_eq!(recognise(&path).unwrap(), None, "no hour is known");
}

#[test]
fn two_stations_of_a_file_are_never_one_record_because_they_stand_side_by_side() {
    let folder = Folder::new();
    let rows = |code: &str| {
        format!(
            "{code},某站,2026-11-29 09:00,118.1601,39.8301,40\n9999A,示例站,2026-11-29 09:00,118.16,39.83,60\n"
        )
    };
    let head = "站点编码,站点名称,监测时间,经度,纬度,PM2.5\n";
    let (world, id) = world();
    let of = |code: &str| {
        let path = folder.file(&format!("{code}.csv"), format!("{head}{}", rows(code)));
        let kind = recognise(&path).unwrap().unwrap();
        survey(&path, kind, &options(), &StationIndex::of(&world), &|| false).unwrap()
    };
    for code in ["9998A", "WZ-17"] {
        let found: Vec<Match> = of(code).stations.iter().map(|it| it.found).collect();
        assert_eq!(found, [Match::Unknown, Match::Code(id)], "{code}");
    }
    // Alone, under a code of another list, it is the one that stands there; under one of the same, not.
    let alone = |code: &str| {
        let text = format!("{head}{code},某站,2026-11-29 09:00,118.1601,39.8301,40\n");
        let path = folder.file(&format!("只有{code}.csv"), &text);
        let kind = recognise(&path).unwrap().unwrap();
        survey(&path, kind, &options(), &StationIndex::of(&world), &|| false).unwrap().stations[0]
            .found
    };
    assert!(matches!(alone("WZ-17"), Match::Place(found, _) if found == id));
    assert_eq!(alone("9998A"), Match::Unknown);
}

#[test]
fn hours_that_are_still_to_come_are_said() {
    let folder = Folder::new();
    let text = |hour: &str| format!("站点编码,监测时间,PM2.5\n9999A,{hour},40\n");
    let said = |name: &str, hour: &str| {
        let (survey, _) = taken(&folder.file(name, text(hour)), &options());
        survey.notes.iter().any(|note| note.zh.contains("还没有到"))
    };
    // It came at 11:00 of the office.
    assert!(!said("现在.csv", "2026-11-29 12:00"));
    assert!(said("将来.csv", "2026-12-29 11:00"));
}

#[test]
fn a_sensor_of_open_aq_is_of_the_station_that_is_said_and_its_missing_marks_are_no_values() {
    let folder = Folder::new();
    let result = |hour: u8, value: f64| {
        format!(
            r#"{{"value":{value},"parameter":{{"name":"pm25","units":"µg/m³"}},"period":{{"datetimeFrom":{{"utc":"2026-11-29T{hour:02}:00:00Z"}},"datetimeTo":{{"utc":"2026-11-29T{:02}:00:00Z"}}}}}}"#,
            hour + 1
        )
    };
    let text = format!(r#"{{"results":[{},{}]}}"#, result(1, 40.0), result(2, -999.0));
    let path = folder.file("openaq.json", &text);
    let (survey, _) = taken(&path, &options());
    assert!(survey.notes.iter().any(|note| note.zh.contains("--station")), "{:?}", survey.notes);
    assert_eq!(survey.values, 1, "-999 is none");
    let said = ReadingOptions { station: Some("9999A".to_owned()), ..options() };
    let (survey, rows) = taken(&path, &said);
    assert!(matches!(survey.stations[0].found, Match::Code(_)));
    assert_eq!(rows.first().unwrap(), "9999A 2026-11-29T01:00:00Z hour pm2_5=40");
}

/// Two days of 2,000 stations, where they lie beside the repository.
#[test]
fn files_of_the_national_platform_are_read_with_their_proof() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/air");
    let path = folder.join("china_sites_20230120.csv");
    if !path.exists() {
        eprintln!("skipped: {} has no china_sites files", folder.display());
        return;
    }
    let (world, _) = world();
    let kind = recognise(&path).unwrap().unwrap();
    let survey = survey(&path, kind, &options(), &StationIndex::of(&world), &|| false).unwrap();
    assert_eq!(survey.stations.len(), 2026);
    let rule = LabelRule { end: LabelEnd::End, clock: Clock::Utc8 };
    assert_eq!((survey.reading.label, survey.reading.ozone_is_swapped), (rule, false));
    assert!(survey.notes.iter().any(|note| note.en.contains("1738 cells")), "{:?}", survey.notes);
    let (first, last) = survey.ends.unwrap();
    assert_eq!(
        (first.to_string(), last.to_string()),
        ("2023-01-19T15:00:00Z".to_owned(), "2023-01-20T15:00:00Z".to_owned())
    );
    let ozone = finding(&survey, "ozone");
    assert!(ozone.conclusion.en.contains("hourly"), "{ozone:?}");
}
