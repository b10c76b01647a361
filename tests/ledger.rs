//! The ledger from the command line: steps with their evidence, who is late, papers, and the lists of
//! offices in and out.

use std::path::Path;
use std::process::Command;

use serde_json::{Value as Json, json};

use crate::support::{applied, complained, done, file, folder, run, said, shapan, without_tool};

fn json_of(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

/// Two items of one unit, one of another; the first with a photo's worth of reading and a place.
fn a_ledger(at: &Path) {
    done(at, &["new", "a.gpkg"]);
    let items = [
        json!({"op": "create", "layer": "item", "code": "FR-20261101-001", "fields": {
            "name": "裸土未苫盖", "types": ["裸土"], "address": "大庆道西段", "township": "太平路街道",
            "reading": "现场照片 3 张", "found_at": "2026-11-01T09:00", "phone": "13812340000"}}),
        json!({"op": "create", "layer": "item", "fields": {
            "name": "油烟直排", "types": ["餐饮油烟"], "address": "燕山路18号"}}),
    ];
    let lines: Vec<String> = items.iter().map(ToString::to_string).collect();
    applied(at, "a.gpkg", &lines.join("\n"));
}

fn item(at: &Path, code: &str, arguments: &[&str]) -> std::process::Output {
    run(at, &[&["item", "a.gpkg", code], arguments].concat())
}

/// Exit status 1 only says that something is late or lacking.
fn listed(at: &Path, arguments: &[&str]) -> Json {
    let output = run(at, &[&["ledger", "a.gpkg", "--json"], arguments].concat());
    assert!(output.status.code() < Some(2), "{}", complained(&output));
    json_of(&said(&output))
}

const HAND_OVER: [&str; 13] = [
    "交办",
    "--unit",
    "住建局",
    "--person",
    "李四",
    "--number",
    "丰大气交〔2026〕1号",
    "--text",
    "全部苫盖",
    "--limit",
    "3日内",
    "--at",
    "2026-11-02T10:00",
];

#[test]
fn an_item_goes_its_way_with_evidence_or_a_reason_and_every_step_is_taken_back() {
    let folder = folder();
    let at = folder.path();
    a_ledger(at);
    let all = listed(at, &["--view", "all"]);
    assert_eq!(all.as_array().unwrap().len(), 2);
    let other = all.as_array().unwrap().iter().find(|row| row["name"] == "油烟直排").unwrap();
    assert!(
        other["code"].as_str().unwrap().starts_with("FR-"),
        "the prefix of the office: {other}"
    );
    assert_eq!(other["lacking"], json!(["缺整改前照片"]));

    let code = "FR-20261101-001";
    let handed = item(at, code, &HAND_OVER);
    assert_eq!(said(&handed), "FR-20261101-001 交办 2026-11-05 24:00\n");
    let early = item(at, code, &["核查", "--at", "2026-11-03T10:00"]);
    assert_eq!(early.status.code(), Some(1));
    assert!(said(&early).contains("跳过签收、整改、申请核查"), "{}", said(&early));
    done(at, &["item", "a.gpkg", code, "签收", "--done-by", "李四", "--at", "2026-11-02T11:00"]);
    let mend = ["整改", "--done-by", "李四", "--text", "已苫盖", "--at", "2026-11-06T08:00"];
    let refused = item(at, code, &mend);
    assert!(said(&refused).contains("缺整改后照片"), "{}", said(&refused));
    done(at, &[&["item", "a.gpkg", code], &mend[..], &["--reason", "手机没电"]].concat());
    done(
        at,
        &["item", "a.gpkg", code, "申请核查", "--done-by", "李四", "--at", "2026-11-06T09:00"],
    );
    let check = ["核查", "--text", "通过", "--at", "2026-11-06T10:00", "--done-by"];
    let own = item(at, code, &[&check[..], &["李四"]].concat());
    assert!(said(&own).contains("整改人不能核查"), "{}", said(&own));
    done(at, &[&["item", "a.gpkg", code], &check[..], &["王工"]].concat());
    let row = listed(at, &["--view", "check"]);
    assert_eq!((&row[0]["state"], &row[0]["days_late"]), (&json!("核查"), &json!(1)));
    assert_eq!(row[0]["lacking"], json!(["缺整改后照片"]));

    let rates = listed(at, &["--rates", "unit"]);
    let unit = rates.as_array().unwrap().iter().find(|rate| rate["of"] == "住建局").unwrap();
    assert_eq!(
        (&unit["On time"], &unit["Due"], &unit["is_few"]),
        (&json!(0), &json!(1), &json!(true))
    );
    assert_eq!(unit["median_h"], json!(94.0));
    done(at, &["check", "a.gpkg"]);
    for _ in 0..5 {
        done(at, &["undo", "a.gpkg"]);
    }
    let back = listed(at, &["--view", "new"]);
    assert_eq!(back.as_array().unwrap().len(), 2, "all steps are taken back");
}

#[test]
fn other_programs_take_steps_too_and_change_no_state_by_hand() {
    let folder = folder();
    let at = folder.path();
    a_ledger(at);
    let code = "FR-20261101-001";
    let step = json!({"op": "step", "layer": "item", "code": code, "step": "hand_over",
        "units": ["住建局", "城管局"], "person": "李四", "number": "1号", "text": "苫盖",
        "due": "2026-11-05T18:00", "at": "2026-11-02T10:00"});
    assert!(applied(at, "a.gpkg", &step.to_string()).starts_with("ok "));
    let by_hand =
        json!({"op": "update", "layer": "item", "code": code, "fields": {"state": "销号"}});
    let gone = json!({"op": "delete", "layer": "item", "code": code});
    let early = json!({"op": "step", "layer": "item", "code": code, "step": "销号"});
    let lines = [by_hand, gone, early].map(|line| line.to_string()).join("\n");
    let output = run(at, &["apply", "a.gpkg", &file(at, "bad.jsonl", lines)]);
    let answers = said(&output);
    let answers: Vec<&str> = answers.lines().collect();
    assert!(answers[0].contains("只能逐步办理"), "{answers:?}");
    assert!(answers[1].contains("作废"), "{answers:?}");
    assert!(answers[2].contains("需写明原因"), "{answers:?}");
    let rows = listed(at, &["--unit", "城管局"]);
    assert_eq!(rows[0]["units"], json!(["住建局", "城管局"]));
    let rates = listed(at, &["--rates", "unit"]);
    let named = |of: &str| rates.as_array().unwrap().iter().any(|rate| rate["of"] == of);
    assert!(named("住建局") && named("城管局"), "one item counts for each of its units");
}

#[test]
fn papers_carry_their_number_back_to_the_items_and_say_what_is_lacking() {
    let folder = folder();
    let at = folder.path();
    a_ledger(at);
    let code = "FR-20261101-001";
    let said = done(at, &["document", "a.gpkg", "order", "o.txt", "--item", code]);
    assert!(said.starts_with("大气交〔"), "{said}");
    let number = said.split('\t').next().unwrap();
    let paper = std::fs::read_to_string(at.join("o.txt")).unwrap();
    for words in [number, "裸土未苫盖", "大庆道西段", code] {
        assert!(paper.contains(words), "{words}: {paper}");
    }
    let row = listed(at, &["--view", "all"]);
    let row = row.as_array().unwrap().iter().find(|row| row["code"] == code).unwrap().clone();
    assert_eq!(row["state"], "交办");
    assert!(row["lacking"].to_string().contains("缺责任单位"), "{row}");
    let next =
        done(at, &["document", "a.gpkg", "order", "o.txt", "--item", code, "--no-write-back"]);
    assert_ne!(next.split('\t').next().unwrap(), number, "no number is given twice");
    done(at, &["document", "a.gpkg", "case", "c.docx", "--item", code]);
    let own = file(at, "own.md", "# 便笺\n{单位}：{没有的栏}\n");
    let bad =
        run(at, &["document", "a.gpkg", "order", "x.txt", "--item", code, "--template", &own]);
    assert_eq!(bad.status.code(), Some(2));
    assert!(complained(&bad).contains("第 2 行"), "{}", complained(&bad));
    assert!(!at.join("x.txt").exists());
}

#[test]
fn libreoffice_opens_an_order_and_reads_what_was_written() {
    let folder = folder();
    let at = folder.path();
    a_ledger(at);
    done(at, &["document", "a.gpkg", "check", "o.docx", "--item", "FR-20261101-001"]);
    let profile = format!("-env:UserInstallation=file://{}", at.join("profile").display());
    let convert = ["--headless", "--convert-to", "txt:Text (encoded):UTF8", "o.docx"];
    let office = Command::new("soffice").current_dir(at).arg(profile).args(convert).output();
    if !office.is_ok_and(|office| office.status.success()) {
        return without_tool("soffice is not here");
    }
    let text = std::fs::read_to_string(at.join("o.txt")).unwrap();
    for words in ["大气污染防治问题核查表", "FR-20261101-001", "裸土未苫盖", "□通过"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
}

/// Heads and rows as offices publish them.
const LISTS: [(&str, &str, &[&str]); 9] = [
    (
        "信访",
        "序号,受理编号,交办问题基本情况,行政区域,污染类型,调查核实情况,是否属实,处理和整改情况,是否办结,责任人被处理情况",
        &[
            "1,X2HE202109260024,村东砂石料场扬尘,丰润镇,工地扬尘,现场料堆未苫盖,属实,已全部苫盖并安装喷淋,已办结,批评教育1人",
            "2,X2HE202109260025,饭店油烟扰民,太平路街道,餐饮油烟,净化器正常运行,部分属实,加密清洗频次,阶段性办结,",
            "3,X2HE202109270003,夜间焚烧垃圾,浭阳街道,秸秆垃圾焚烧,正在核实,属实,正在清理,未办结,",
            // In the words of the list, which are not ours.
            "4,X2HE202109270004,轧钢厂烟尘,丰润镇,大气,烟囱冒烟,基本属实,已检修,是,",
            "5,X2HE202109270005,饭店和烧烤,燕山路街道,油烟、烧烤,两店直排,是,限期整改,否,",
        ],
    ),
    (
        "扬尘问题日报",
        "序号,项目名称,所属区域(街道),建设单位,监理单位,施工单位,存在问题",
        &["1,浭水花园,太平路街道,甲公司,乙监理,丙建设,机械施工未采取抑尘措施(雾炮未开启)"],
    ),
    (
        "行动计划",
        "序号,重点任务,工作措施,牵头部门,主责单位,协办单位,完成时限",
        &["1,道路积尘治理,每日洗扫不少于两次,城管局,环卫中心,交警大队,持续开展"],
    ),
    (
        "职责清单",
        "序号,工作任务和内容,责任单位,配合单位,完成时间",
        &[
            "1,城区道路洗扫,环卫中心,交警大队,持续开展",
            "2,取缔环线内堆场,住建局、城管局,属地乡镇,7月底前",
        ],
    ),
    (
        "问题交办清单",
        "序号,核查交办日期,交办文号,交办单位,接收单位,核查内容,核查要求,要求完成时间,核查类型,核查重点,核查方法,配合部门,核查负责人,联系方式,报告要求,备注",
        &[
            "1,2026-11-02,丰大气交〔2026〕12号-03,区大气办,住建局,围挡破损,逐条核查,4天内,现场,围挡,实地查看,属地乡镇,李四,13812340000,文字和图片,",
        ],
    ),
    (
        "街面事项清单",
        "专项办单位,交办单位,来源,地点,法律法规,交办事项概述,整改要求,整改时间,联系人",
        &["专项办,区大气办,12345,大庆道西段,扬尘条例,店外经营烧烤,入店经营,立行立改,王五"],
    ),
    (
        "隐患清单",
        "序号,具体问题,排查人,排查时间,下发时间,整改时限,最近整改时间,完成/作废时间,状态",
        &[
            "1,料堆未苫盖,赵六,2026-11-01,2026-11-02,3日内,2026-11-04,2026-11-05,已销号",
            "2,喷淋损坏,赵六,2026-11-01,2026-11-02,7日内,,,处置中",
        ],
    ),
    (
        "信访办结公示",
        "受理编号,群众反映的问题,整改措施,整改成效,公示期,联系电话,地址",
        &[
            "X2HE202109260024,村东砂石料场扬尘,全部苫盖,该问题已整改完成，达到销号标准,9月30日至10月8日,0315-3080000,丰润镇村东",
        ],
    ),
    (
        "网民留言办理",
        "留言时间,转办时间,答复时间,答复单位,问,答",
        &["10-20,10-20,10-22,区城管局,夜间烧烤油烟扰民,已责令停业整改"],
    ),
];

#[test]
fn lists_of_offices_come_back_in_their_own_columns_with_every_cell_as_it_was() {
    for (layout, heads, rows) in LISTS {
        let folder = folder();
        let at = folder.path();
        done(at, &["new", "a.gpkg"]);
        let list = file(at, "list.csv", format!("{heads}\n{}\n", rows.join("\n")));
        let output = run(at, &["import", "a.gpkg", &list, "--as", "item"]);
        assert!(output.status.code() < Some(2), "{}", complained(&output));
        let out = ["ledger", "a.gpkg", "--view", "all", "--out", "out.csv", "--layout", layout];
        done(at, &[&out[..], &["--with-persons", "--with-sanctions"]].concat());
        let text = std::fs::read_to_string(at.join("out.csv")).unwrap();
        let mut lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines.remove(0), format!("{heads},缺证据"), "what lacks stands behind");
        // The number of a row is that of the list that is written.
        let first = usize::from(heads.starts_with("序号"));
        let strip = |line: &str| -> String {
            let cells: Vec<&str> = line.split(',').collect();
            cells[first..heads.split(',').count()].join(",")
        };
        let mut got: Vec<String> = lines.into_iter().map(strip).collect();
        let mut wanted: Vec<String> = rows.iter().map(|row| strip(row)).collect();
        got.sort();
        wanted.sort();
        assert_eq!(got, wanted, "{layout}");
        // The same list once more says nothing new.
        let again = run(at, &["import", "a.gpkg", &list, "--as", "item"]);
        assert!(again.status.code() < Some(2), "{}", complained(&again));
        let count = listed(at, &["--view", "all"]).as_array().unwrap().len();
        assert_eq!(count, rows.len(), "{layout}: nothing is doubled");
    }
}

/// Lists of firms, which are records of other layers.
const LISTS_OF_FIRMS: [(&str, &str, &[&str]); 3] = [
    (
        "分包责任表",
        "序号,分包领导,职务,分包乡镇,分包企业/工地/道路,乡镇责任人,部门责任人,网格员,电话,起止日期",
        &[
            "1,赵示例,副区长,太平路街道,甲工地,钱示例,孙示例,周示例,13812340000,2026-10-01至2027-03-31",
            "2,王示例,区长,任各庄镇,,李示例,,,13912340000,2026-10-01起",
        ],
    ),
    (
        "绩效评级名单",
        "序号,区县,企业名称,行业类别,绩效等级",
        &["1,丰润区,甲钢铁有限公司,钢铁,A", "2,丰润区,乙轧钢有限公司,钢压延,引领性"],
    ),
    (
        "应急减排清单",
        "序号,企业名称,区,街乡镇,所属工业园区,是否重点排污单位,是否有在线监测,重点行业类型,管控类型,\
         黄色预警减排措施,橙色预警减排措施,红色预警减排措施,生产线数量/描述,备用生产线描述,\
         统一社会信用代码,排污许可证编号,用电总表编号,SO2年排放量,NOx年排放量,VOCs年排放量,\
         颗粒物年排放量,联系人,联系方式",
        &[
            "1,甲钢铁有限公司,丰润区,任各庄镇,无,是,有,长流程钢铁,绩效分级,烧结机限产50%,烧结机停产,停产,\
             2条/烧结,无,91130208MA0000000X,91130208MA0000000X001P,0101234,12.5,33,1.2,40,李四,13812340000",
            "2,乙水泥有限公司,丰润区,太平路街道,北区,否,无,水泥,绩效分级,自主减排,停产,停产,1条,无,\
             91130208MA0000001X,,,1,2,0,5,王五,",
        ],
    ),
];

#[test]
fn lists_of_firms_come_back_in_their_own_columns_too() {
    for (layout, heads, rows) in LISTS_OF_FIRMS {
        let folder = folder();
        let at = folder.path();
        done(at, &["new", "a.gpkg"]);
        let list = file(at, "list.csv", format!("{heads}\n{}\n", rows.join("\n")));
        done(at, &["import", "a.gpkg", &list]);
        let out = ["ledger", "a.gpkg", "--out", "out.csv", "--layout", layout];
        done(at, &[&out[..], &["--with-persons"]].concat());
        let text = std::fs::read_to_string(at.join("out.csv")).unwrap();
        let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[0], heads);
        assert_eq!(lines[1..], *rows, "{layout}");
        done(at, &out);
        let masked = std::fs::read_to_string(at.join("out.csv")).unwrap();
        let names = ["13812340000", "李四", "李示例", "周示例", "孙示例"];
        assert!(names.iter().all(|name| !masked.contains(name)), "{masked}");
    }
}

#[test]
fn a_table_of_duties_fills_in_who_answers_and_no_row_of_it_is_for_the_whole_district() {
    let folder = folder();
    let at = folder.path();
    a_ledger(at);
    let (.., heads, rows) = LISTS_OF_FIRMS[0];
    let list = file(at, "list.csv", format!("{heads}\n{}\n", rows.join("\n")));
    done(at, &["import", "a.gpkg", &list]);
    done(at, &["import", "a.gpkg", &list]);
    done(at, &["export", "a.gpkg", "d.csv", "--layer", "duty"]);
    let duties = std::fs::read_to_string(at.join("d.csv")).unwrap();
    assert_eq!(duties.lines().count(), 3, "the same table once more doubles nothing: {duties}");
    assert!(duties.contains("甲工地分包 赵示例,点位") && !duties.contains("全区"), "{duties}");
    assert!(duties.contains("任各庄镇分包 王示例,乡镇"), "{duties}");
    let item = json!({"op": "create", "layer": "item", "code": "FR-1", "fields": {
        "name": "雾炮未开", "types": ["工地扬尘"], "address": "甲工地", "township": "太平路街道"}});
    applied(at, "a.gpkg", &item.to_string());
    done(at, &["document", "a.gpkg", "order", "o.txt", "--item", "FR-1"]);
    let text = std::fs::read_to_string(at.join("o.txt")).unwrap();
    assert!(text.contains("钱示例"), "who answers there is filled in: {text}");
}

#[test]
fn counts_by_unit_and_type_of_pollution_say_how_many_cases_there_are() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let heads = "受理编号,交办问题基本情况,行政区域,污染类型,责任单位,交办时间,是否办结";
    let rows = [
        "X1,村东河道污水,丰润镇,水,,2026-11-02,否",
        "X2,饭店油烟与夜间噪声,太平路街道,油烟、噪声,城管局、公安分局,2026-11-02,是",
        "X3,裸土,太平路街道,裸土,城管局,2026-11-03,否",
    ];
    let list = file(at, "list.csv", format!("{heads}\n{}\n", rows.join("\n")));
    let output = run(at, &["import", "a.gpkg", &list, "--as", "item"]);
    assert!(output.status.code() < Some(2), "{}", complained(&output));
    let written = |layout: &str| {
        done(at, &["ledger", "a.gpkg", "--out", "out.csv", "--layout", layout]);
        let text = std::fs::read_to_string(at.join("out.csv")).unwrap();
        text.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let handed = written("移交件数");
    assert_eq!(handed[0], "乡镇(街道)、区直部门,移交件数,水,大气,土壤,生态,噪声,其他");
    for row in ["丰润镇,1,1,0,0,0,0,0", "城管局,2,0,2,0,0,1,0", "公安分局,1,0,1,0,0,1,0"]
    {
        assert!(handed.iter().any(|line| line == row), "{row}: {handed:?}");
    }
    assert_eq!(handed.last().unwrap(), "合计（件）,3,1,2,0,0,1,0", "a case counts once");
    let done_of = written("突出问题");
    assert!(done_of.iter().any(|line| line.starts_with("城管局,2,1,1,")), "{done_of:?}");
    assert_eq!(done_of.last().unwrap(), "合计（件）,3,1,2,");
    let note = ["ledger", "a.gpkg", "--out", "out.txt", "--layout", "移交件数"];
    done(at, &note);
    let text = std::fs::read_to_string(at.join("out.txt")).unwrap();
    assert!(text.contains("各计一次"), "{text}");
}

#[test]
fn who_is_late_is_written_to_a_file_of_only_what_was_asked_for() {
    let folder = folder();
    let at = folder.path();
    a_ledger(at);
    item(at, "FR-20261101-001", &HAND_OVER);
    let out = ["ledger", "a.gpkg", "--rates", "unit", "--out", "r.csv"];
    done(at, &out);
    let text = std::fs::read_to_string(at.join("r.csv")).unwrap();
    assert!(text.contains("按期整改率") && text.contains("住建局,1,0,0,0,1,1"), "{text}");
    done(at, &[&out[..], &["--type", "餐饮油烟"]].concat());
    let text = std::fs::read_to_string(at.join("r.csv")).unwrap();
    assert!(!text.contains("住建局"), "only what was asked for: {text}");
}

#[test]
fn what_has_no_end_lacks_no_limit_and_is_looked_at_again_every_so_many_days() {
    let folder = folder();
    let at = folder.path();
    a_ledger(at);
    let code = "FR-20261101-001";
    let mut hand_over = HAND_OVER;
    hand_over[10] = "长期坚持";
    assert_eq!(said(&item(at, code, &hand_over)), "FR-20261101-001 交办\n", "no reason is wanted");
    let row = listed(at, &["--unit", "住建局"]);
    assert_eq!((&row[0]["due"], &row[0]["lacking"]), (&Json::Null, &json!([])));
    assert!(row[0]["next_review"].is_string(), "{row}");
    let hold = ["挂账", "--reason", "长期工程", "--limit", "长期坚持", "--at", "2026-11-10T09:00"];
    item(at, code, &hold);
    let row = listed(at, &["--unit", "住建局"]);
    assert_eq!(row[0]["due"], json!("2026-12-11T00:00"), "on hold until it is looked at again");
}

#[test]
fn what_comes_again_after_it_was_struck_off_is_a_new_item_linked_both_ways() {
    let folder = folder();
    let at = folder.path();
    a_ledger(at);
    let code = "FR-20261101-001";
    item(at, code, &HAND_OVER);
    let close = ["销号", "--text", "已苫盖", "--reason", "现场确认", "--at", "2026-11-10T10:00"];
    assert_eq!(item(at, code, &close).status.code(), Some(0));
    let again = ["反弹", "--text", "苫盖被风掀开", "--at", "2026-11-20T09:00"];
    let said_of = said(&item(at, code, &again));
    assert_eq!(said_of, "FR-20261101-001 销号 FR-20261120-001\n");
    let rows = listed(at, &["--view", "relapsed"]);
    assert_eq!(rows[0]["code"], "FR-20261120-001");
    assert_eq!((&rows[0]["name"], &rows[0]["units"]), (&json!("苫盖被风掀开"), &json!(["住建局"])));
    done(at, &["document", "a.gpkg", "case", "c.txt", "--item", code]);
    let file_of_case = std::fs::read_to_string(at.join("c.txt")).unwrap();
    assert!(file_of_case.contains("FR-20261120-001"), "{file_of_case}");
    done(at, &["undo", "a.gpkg"]);
    assert_eq!(listed(at, &["--view", "relapsed"]), json!([]), "both are one step");

    // An item goes into one that is there, and into no other.
    let other = listed(at, &["--view", "new"])[0]["code"].as_str().unwrap().to_owned();
    let merge =
        |number: &str| said(&item(at, &other, &["合并", "--number", number, "--reason", "重复"]));
    assert!(merge("FR-20261101-999").contains("台账里没有编号“FR-20261101-999”"));
    assert!(merge(&other).contains("不能是它自己"));
    assert_eq!(merge(code), format!("{other} 合并\n"));
    let step = json!({"op": "step", "layer": "item", "code": code, "step": "反弹"});
    applied(at, "a.gpkg", &step.to_string());
    assert_eq!(listed(at, &["--view", "relapsed"]).as_array().unwrap().len(), 1);
}

#[test]
fn an_order_of_a_unit_has_what_the_duties_give_it_and_says_what_it_counts() {
    let folder = folder();
    let at = folder.path();
    a_ledger(at);
    let refused = run(at, &["document", "a.gpkg", "order", "o.txt", "--unit", "住建局"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(complained(&refused).contains("没有责任单位为“住建局”"), "{}", complained(&refused));
    let duty = |types: &str, unit: &str| {
        json!({"op": "create", "layer": "duty", "fields": {
            "name": format!("{types}归口{unit}"), "scope": "类别", "types": [types], "unit": unit}})
    };
    let lines = [duty("裸土", "住建局"), duty("餐饮油烟", "城管局")].map(|it| it.to_string());
    applied(at, "a.gpkg", &lines.join("\n"));
    let said_of = done(at, &["document", "a.gpkg", "order", "o.txt", "--by-unit"]);
    assert_eq!(said_of.lines().count(), 2, "{said_of}");
    let paper = std::fs::read_to_string(at.join("o_住建局.txt")).unwrap();
    assert!(paper.contains("住建局：") && paper.contains("裸土未苫盖"), "{paper}");
    assert!(!paper.contains("油烟直排"), "one a unit: {paper}");
    let rows = listed(at, &["--unit", "城管局"]);
    assert_eq!((&rows[0]["state"], &rows[0]["units"]), (&json!("交办"), &json!(["城管局"])));
    let none = run(at, &["document", "a.gpkg", "order", "o.txt", "--unit", "住建局"]);
    let words = complained(&none);
    assert!(words.contains("只列“待交办”") && words.contains("未销号的有 1 件"), "{words}");
}

#[test]
fn names_and_phones_are_masked_unless_somebody_asks_for_them() {
    let folder = folder();
    let at = folder.path();
    a_ledger(at);
    let out = |more: &[&str]| {
        let ask = ["ledger", "a.gpkg", "--view", "all", "--out", "o.csv"];
        done(at, &[&ask[..], more].concat());
        std::fs::read_to_string(at.join("o.csv")).unwrap()
    };
    let masked = out(&[]);
    assert!(masked.contains("138****0000") && !masked.contains("13812340000"), "{masked}");
    assert!(out(&["--with-persons"]).contains("13812340000"));
    assert!(masked.contains("缺整改前照片（未说明）"), "what lacks stands in every export");
}

#[test]
fn holidays_and_words_of_the_office_hold_for_time_limits() {
    let folder = folder();
    let at = folder.path();
    a_ledger(at);
    let home = at.join("home");
    std::fs::create_dir(&home).unwrap();
    // The whole week is off, but the Saturday is worked.
    let office = json!({
        "holidays": [{"year": 2026, "source": "本区", "holidays": [["2026-11-02", "2026-11-06"]],
            "workdays": ["2026-11-07"]}],
        "limits": [{"words": "特急", "hours": 2}],
    });
    std::fs::write(home.join("office.json"), office.to_string()).unwrap();
    let ask = |limit: &str, home: Option<&Path>| {
        let mut command = shapan();
        command.current_dir(at).args(["item", "a.gpkg", "FR-20261101-001", "交办"]);
        command.args(["--unit", "住建局", "--person", "李四", "--number", "1", "--text", "苫盖"]);
        command.args(["--at", "2026-11-02T09:00", "--limit", limit, "--reason", "改派"]);
        if let Some(home) = home {
            command.env("SHAPAN_HOME", home);
        }
        said(&command.output().unwrap())
    };
    assert!(ask("1个工作日内", None).contains("2026-11-03 24:00"));
    assert!(ask("1个工作日内", Some(&home)).contains("2026-11-07 24:00"));
    assert!(ask("特急", Some(&home)).contains("2026-11-02 11:00"));
}

#[test]
fn a_patrol_sheet_has_a_map_and_a_code_that_leads_to_each_item() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let item = |code: &str, place: Option<(f64, f64)>| {
        let mut item = json!({"op": "create", "layer": "item", "code": code, "fields": {
            "name": "裸土未苫盖", "types": ["裸土"], "address": "大庆道西段"}});
        if let Some((lon, lat)) = place {
            item["lon"] = lon.into();
            item["lat"] = lat.into();
        }
        item.to_string()
    };
    let lines =
        [item("FR-20261101-001", Some((116.391_35, 39.907_37))), item("FR-20261101-002", None)];
    applied(at, "a.gpkg", &lines.join("\n"));
    let both = ["--item", "FR-20261101-001", "--item", "FR-20261101-002"];
    done(at, &[&["document", "a.gpkg", "patrol", "单.txt"], &both[..]].concat());
    let text = std::fs::read_to_string(at.join("单.txt")).unwrap();
    // Some 550 m from WGS-84, as GCJ-02 has it.
    assert!(text.contains("https://uri.amap.com/marker?position=116.3975"), "{text}");
    assert!(text.contains("待定位") && text.contains("2　FR-20261101-002"), "{text}");
    let geo =
        [&["document", "a.gpkg", "巡查单", "单.docx", "--navigate", "geo"], &both[..]].concat();
    done(at, &geo);
    let bytes = std::fs::read(at.join("单.docx")).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let is_png = |name: &&String| Path::new(name).extension().is_some_and(|ending| ending == "png");
    let name = names.iter().find(is_png).unwrap();
    let mut png = Vec::new();
    std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut png).unwrap();
    let shown = shapan::exchange::photo::look(&png, 4000).unwrap();
    assert!(shown.width > shown.height, "the map, and the code at its right");
    // Beside the map black modules stand on white.
    let pixel = |x: u32, y: u32| shown.rgba[((y * shown.width + x) * 4) as usize];
    let right = shown.width - shown.height;
    let dark = (right..shown.width).filter(|x| pixel(*x, shown.height / 2) < 40).count();
    assert!(dark > shown.height as usize / 8, "{dark}");
}

#[test]
fn planned_wet_work_in_the_frost_or_the_peak_is_told_by_the_temperatures_of_the_day() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let road = |code: &str, method: &str, windows: &str| {
        json!({"op": "create", "layer": "sweeping", "code": code, "fields": {
            "name": code, "method": method, "windows": windows},
            "geometry": {"type": "LineString", "coordinates": [[118.1, 39.8], [118.2, 39.8]]}})
    };
    let lines = [
        json!({"op": "create", "layer": "weather_station", "code": "W1", "fields": {"name": "一站"},
            "lon": 118.15, "lat": 39.83}),
        road("早洗", "洗扫", "06:00-08:00"),
        road("午洗", "洗扫", "13:00-15:00"),
        road("早扫", "机扫", "05:00-06:30"),
    ];
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    applied(at, "a.gpkg", &lines.join("\n"));
    let today = shapan::settings::clock::today();
    // A winter's day: a temperature an hour, 7 °C at two, −4 °C in the morning.
    let rows = (0..24).map(|hour| {
        let c = 7.0 - (f64::from(hour) - 14.0).abs() * 1.1;
        format!("一站,{today} {hour:02}:00,{c:.1}\n")
    });
    let csv: String = std::iter::once("监测点,时间,气温(℃)\n".to_owned()).chain(rows).collect();
    done(at, &["import", "a.gpkg", &file(at, "weather.csv", csv)]);
    let output = run(at, &["ledger", "a.gpkg", "--sweeping", "--json"]);
    assert_eq!(output.status.code(), Some(1), "{}", complained(&output));
    let told = json_of(&said(&output));
    assert_eq!(told["open"].as_array().unwrap().len(), 1, "{told}");
    let outside = |name: &str| {
        let roads = told["roads"].as_array().unwrap();
        roads.iter().find(|road| road["name"] == name).unwrap()["outside"].clone()
    };
    let why: Vec<Json> =
        outside("早洗").as_array().unwrap().iter().map(|it| it["why"].clone()).collect();
    assert_eq!(why, ["too cold: ice", "peak hours"]);
    assert_eq!((outside("午洗"), outside("早扫")), (json!([]), json!([])), "dry work may freeze");
}
