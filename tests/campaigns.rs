//! What the district checks by itself, from the command line: responses by line, plans, villages, cases,
//! and decisions among what is due.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value as Json, json};
use shapan::settings::clock::today;

use crate::support::{applied, complained, done, file, folder, run, said};

fn apply(at: &Path, lines: &[Json]) {
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    applied(at, "a.gpkg", &lines.join("\n"));
}

/// Exit status 1 only says that something is late or was not done.
fn asked(at: &Path, arguments: &[&str]) -> Json {
    let output = run(at, &[&["ledger", "a.gpkg", "--json"], arguments].concat());
    assert!(output.status.code() < Some(2), "{}", complained(&output));
    serde_json::from_str(&said(&output)).unwrap()
}

fn day(back: i64) -> String {
    today().checked_sub(jiff::Span::new().days(back)).unwrap().to_string()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one response from its notice to its item")]
fn who_did_what_a_response_orders_is_told_by_inspections_and_by_the_power_of_firms() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let firm = |code: &str, name: &str| {
        json!({"op": "create", "layer": "site", "code": code, "lon": 118.1, "lat": 39.8,
            "fields": {"name": name, "kind": "enterprise", "township": "丰润镇"}})
    };
    let begins = format!("{}T00:00", day(1));
    apply(
        at,
        &[
            firm("S1", "一号钢厂"),
            firm("S2", "二号钢厂"),
            json!({"op": "create", "layer": "response", "code": "X1", "fields": {
                "name": "橙色响应", "level": "橙色", "document": "丰气领办〔2026〕9号",
                "begins_at": begins}}),
        ],
    );
    // The heads of the list that cities publish.
    let list = "序号,企业名称,街乡镇,生产线数量/描述,统一社会信用代码,黄色预警减排措施,橙色预警减排措施,红色预警减排措施,佐证因子,联系人,联系方式\n\
        1,一号钢厂,丰润镇,1#烧结机,S1,限产20%,停产50%,停产,用电量,钱一,13812340001\n\
        2,二号钢厂,丰润镇,高炉,S2,,停产50%,停产,用电量,孙二,13812340002\n\
        3,三号砖厂,任各庄镇,隧道窑,,,停产,停产,,李三,13812340003\n\
        4,四号面粉厂,任各庄镇,磨粉,,自主减排,,,,周四,13812340004\n";
    let output =
        run(at, &["import", "a.gpkg", &file(at, "应急清单.csv", list), "--as", "response_measure"]);
    assert!(output.status.code() < Some(2), "{}", complained(&output));
    // Nine days of meters; the first firm halves its power with the response, the second does not.
    let mut meters = "监测点,时间,用电量(kWh)\n".to_owned();
    for back in (1..=8_i64).rev() {
        for hour in 0..24 {
            let is_in = back <= 1;
            let first = if is_in { 400 } else { 800 };
            for (name, kwh) in [("一号钢厂", first), ("二号钢厂", 600)] {
                writeln!(meters, "{name},{} {hour:02}:00,{kwh}", day(back)).unwrap();
            }
        }
    }
    done(at, &["import", "a.gpkg", &file(at, "用电.csv", meters)]);

    let told = asked(at, &["--response"]);
    assert_eq!(
        (&told["document"], &told["is_in_force"]),
        (&json!("丰气领办〔2026〕9号"), &json!(true))
    );
    let lines = told["lines"].as_array().unwrap();
    let names: Vec<&str> = lines.iter().map(|line| line["enterprise"].as_str().unwrap()).collect();
    assert_eq!(names, ["一号钢厂", "二号钢厂", "三号砖厂"], "the fourth does nothing at orange");
    let outcomes: Vec<&str> = lines.iter().map(|line| line["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["readings agree", "readings against it", "not looked at"]);
    // 800 before, 400 in it: half.
    let cut = lines[0]["readings"]["cut"].as_f64().unwrap();
    assert!((cut - 0.5).abs() < 0.01, "{cut}");
    assert_eq!(lines[1]["readings"]["cut"], json!(0.0));

    // A sheet that was filled in names the line, and knows no ids.
    apply(
        at,
        &[json!({"op": "create", "layer": "inspection", "fields": {"name": "三号砖厂 隧道窑",
            "plan": "X1", "checked_on": day(0), "verdict": "合格", "checker": "王工",
            "found": "窑已熄火"}})],
    );
    let told = asked(at, &["--response", "丰气领办〔2026〕9号"]);
    assert_eq!(told["lines"][2]["outcome"], json!("done"));

    let out = ["ledger", "a.gpkg", "--response", "--out", "o.csv"];
    done(at, &out);
    let sheet = std::fs::read_to_string(at.join("o.csv")).unwrap();
    let rows: Vec<Vec<&str>> =
        sheet.trim_start_matches('\u{feff}').lines().map(|row| row.split(',').collect()).collect();
    let column = |head: &str| rows[0].iter().position(|it| *it == head).unwrap();
    assert_eq!(rows[1][column("企业名称")], "二号钢厂", "who did not stands first");
    assert_eq!(rows[1][column("结论")], "数据不符");
    assert_eq!(rows[3][column("实停")], "窑已熄火");
    assert!(!sheet.contains("13812340001") && !sheet.contains("钱一"), "masked: {sheet}");
    done(at, &[&out[..3], &["--out", "o.csv", "--with-persons"]].concat());
    assert!(std::fs::read_to_string(at.join("o.csv")).unwrap().contains("13812340001"));
    done(at, &["check", "a.gpkg"]);
}

#[test]
fn plans_say_what_is_due_and_households_go_out_without_their_names() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    apply(
        at,
        &[
            json!({"op": "create", "layer": "site", "code": "C1", "lon": 118.1, "lat": 39.8,
                "fields": {"name": "东村", "kind": "village", "households": 40}}),
            json!({"op": "create", "layer": "check_plan", "code": "J7", "fields": {
                "name": "散煤入户", "subject": "双代散煤", "every_days": 15}}),
        ],
    );
    // Sheets that come back filled in: many rows have one name, and none is taken for another.
    let sheet = |name: &str, rows: &[(&str, u32)]| {
        let mut text =
            "被检查对象,户主,门牌,散煤,检查日期,检查人员,检查结果,所属检查计划\n".to_owned();
        for (number, kg) in rows {
            writeln!(text, "东村,张大山,{number},{kg},{},李四,合格,J7", day(0)).unwrap();
        }
        let list = file(at, name, text);
        let output = run(at, &["import", "a.gpkg", &list, "--as", "inspection"]);
        assert!(output.status.code() < Some(2), "{}", complained(&output));
    };
    let first = [("1号", 0), ("2号", 100)];
    sheet("一.csv", &first);
    let checked = |at: &Path| asked(at, &["--plan", "散煤"])["villages"][0]["checked"].clone();
    assert_eq!(checked(at), json!(2));
    sheet("一.csv", &first);
    assert_eq!(checked(at), json!(2), "the same sheet once more says nothing new");
    sheet("二.csv", &[("3号", 20)]);
    assert_eq!(checked(at), json!(3), "another house is another check");
    let all = asked(at, &["--plans"]);
    assert_eq!((&all[0]["due"], &all[0]["done"]), (&json!(1), &json!(1)));
    let told = asked(at, &["--plan", "散煤"]);
    let village = &told["villages"][0];
    assert_eq!((&village["households"], &village["checked"]), (&json!(40), &json!(3)));
    assert_eq!((&village["found"], &village["coal_kg"]), (&json!(2), &json!(120.0)));
    let out = ["ledger", "a.gpkg", "--plan", "散煤", "--households", "--out", "h.csv"];
    done(at, &out);
    let sheet = std::fs::read_to_string(at.join("h.csv")).unwrap();
    assert!(sheet.contains("张**") && !sheet.contains("张大山"), "{sheet}");
    assert!(sheet.trim_start_matches('\u{feff}').starts_with("村,户主,门牌,改造方式,是否在用"));
    let missing = run(at, &["ledger", "a.gpkg", "--plan", "没有的"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(complained(&missing).contains("散煤入户"), "{}", complained(&missing));
}

#[test]
fn decisions_of_meetings_stand_in_what_is_due_until_an_item_stands_for_them() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    apply(
        at,
        &[
            json!({"op": "create", "layer": "meeting", "code": "H1", "fields": {
                "name": "周会商", "date": day(1)}}),
            json!({"op": "create", "layer": "decision", "code": "H1-1", "fields": {
                "name": "A工地雾炮到位", "meeting": "H1", "owner": "住建局", "due": day(0)}}),
            json!({"op": "create", "layer": "decision", "code": "H1-2", "fields": {
                "name": "绕行标志到位", "meeting": "H1", "owner": "交警大队", "due": day(3)}}),
            json!({"op": "create", "layer": "decision", "code": "H1-3", "fields": {
                "name": "已办", "meeting": "H1", "owner": "住建局", "due": day(0), "state": "完成"}}),
        ],
    );
    let names = |arguments: &[&str]| -> Vec<String> {
        let rows = asked(at, arguments);
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| {
            assert_eq!(row["kind"], "decision");
            row["name"].as_str().unwrap().to_owned()
        })
        .collect()
    };
    assert_eq!(names(&["--due", "today"]), ["A工地雾炮到位"]);
    assert_eq!(names(&["--due", "overdue"]), ["绕行标志到位"]);
    assert_eq!(names(&["--due", &day(0)]).len(), 2);
    assert_eq!(names(&["--due", &day(0), "--unit", "交警大队"]), ["绕行标志到位"]);
    assert_eq!(names(&["--view", "check"]), [""; 0]);
    let late = run(at, &["ledger", "a.gpkg", "--due", "overdue"]);
    assert_eq!(late.status.code(), Some(1), "somebody is late");
    assert!(said(&late).contains("会议决定"), "{}", said(&late));
}

#[test]
fn cases_rules_and_bottom_lines_are_told_with_what_they_are_made_of() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    apply(
        at,
        &[
            json!({"op": "create", "layer": "item", "code": "FR-1", "fields": {"name": "偷排",
                "types": ["工业"], "address": "甲厂", "is_case": true, "case_firm": "立案"}}),
            json!({"op": "create", "layer": "item", "code": "FR-2", "fields": {"name": "裸土",
                "types": ["裸土"], "address": "乙地"}}),
            json!({"op": "create", "layer": "check_plan", "code": "Z1", "fields": {
                "name": "每周研判制度", "subject": "制度落实", "every_days": 7, "unit": "区大气办"}}),
        ],
    );
    let told = asked(at, &["--campaign"]);
    let case = &told["cases"][0];
    assert_eq!((&case["code"], &case["open"]), (&json!("FR-1"), &json!(["部门", "属地"])));
    assert_eq!(told["cases"].as_array().unwrap().len(), 1);
    let rule = &told["systems"][0];
    assert_eq!((&rule["unit"], &rule["last"]), (&json!("区大气办"), &Json::Null));
    let lines = told["bottom_lines"].as_array().unwrap();
    let names: Vec<&str> = lines.iter().map(|line| line["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["严督严查", "即查即改", "超常问责"]);
    let counts = |place: usize| (lines[place]["kept"].clone(), lines[place]["of"].clone());
    assert_eq!(counts(0), (json!(0), json!(1)), "the rule is due");
    assert_eq!(counts(2), (json!(0), json!(1)), "the case lacks verdicts");
    // The column of the ledger says what is open.
    done(at, &["ledger", "a.gpkg", "--out", "o.csv"]);
    let sheet = std::fs::read_to_string(at.join("o.csv")).unwrap();
    assert!(sheet.contains("企业：立案；部门：未结论；属地：未结论"), "{sheet}");
}
