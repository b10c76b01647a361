//! Papers from the command line.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::support::{complained, done, file, folder, run, said, without_tool};

const PLAN: &str = "秋冬季货车绕行方案(示例)";
const DAY: &str = "2026-11-25";

/// The sample's notice as JSON, and whether something in it has to be looked at.
fn notice(at: &Path, target: &str, date: &str, more: &[&str]) -> (Json, bool) {
    let asked = ["notice", "sample.gpkg", PLAN, target, "--json", "--date", date];
    let output = run(at, &[asked.as_slice(), more].concat());
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 1)), "{}", complained(&output));
    (serde_json::from_str(&said(&output)).unwrap(), code == Some(1))
}

#[test]
fn a_notice_is_the_same_on_every_run_and_changes_no_record_of_the_district() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "sample.gpkg"]);
    let (one, _) = notice(at, "one.docx", DAY, &[]);
    let (two, _) = notice(at, "two.docx", DAY, &[]);
    assert_eq!(one, two);
    let read = |name: &str| std::fs::read(at.join(name)).unwrap();
    assert!(read("one.docx") == read("two.docx"));
    let history: Json =
        serde_json::from_str(&done(at, &["history", "sample.gpkg", "--json"])).unwrap();
    let causes: Vec<&Json> = history.as_array().unwrap().iter().map(|row| &row["cause"]).collect();
    assert_eq!(causes, [&json!("do"), &json!("event"), &json!("event")]);
    let (earlier, _) = notice(at, "old.txt", "2026-08-14", &["--form", "公告"]);
    let purpose = earlier["sentences"][1]["generated"].as_str().unwrap();
    assert!(purpose.contains("大气污染防治法") && purpose.contains("事项公告如下"), "{purpose}");
}

#[test]
fn a_sentence_written_by_hand_is_printed_and_flagged_when_it_fits_no_longer() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "sample.gpkg"]);
    let (plain, _) = notice(at, "a.txt", DAY, &[]);
    let sentences = plain["sentences"].as_array().unwrap();
    let first = sentences.iter().find(|s| s["key"].as_str().unwrap().starts_with("restriction:"));
    let (key, print) = (&first.unwrap()["key"], &first.unwrap()["fingerprint"]);
    let by_hand = |print: &Json| {
        let edit = json!({ "text": "手写的一句。", "fingerprint": print });
        file(at, "edits.json", json!({ key.as_str().unwrap(): edit }).to_string())
    };
    let edits = by_hand(print);
    let (kept, _) = notice(at, "b.txt", DAY, &["--edits", &edits]);
    assert_eq!(kept["warnings"], plain["warnings"]);
    assert!(std::fs::read_to_string(at.join("b.txt")).unwrap().contains("手写的一句。"));
    let edits = by_hand(&json!("0000000000000000"));
    let (stale, has_findings) = notice(at, "b.txt", DAY, &["--edits", &edits]);
    assert!(has_findings && stale["warnings"].to_string().contains("与图上不再一致"));
}

#[test]
fn a_notice_that_cannot_be_made_is_refused_and_leaves_no_file() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "sample.gpkg"]);
    done(at, &["new", "empty.gpkg"]);
    let bad = file(at, "bad.json", "{");
    for (arguments, reason) in [
        (vec!["sample.gpkg", "没有的方案", "out.docx"], "no restriction belongs to a plan"),
        (vec!["empty.gpkg", PLAN, "out.docx"], "no restriction belongs to a plan"),
        (vec!["sample.gpkg", PLAN, "out.pdf"], "written as .docx or .txt"),
        (vec!["sample.gpkg", PLAN, "out.txt", "--date", "2026-13-01"], "--date"),
        (vec!["sample.gpkg", PLAN, "out.txt", "--form", "决定"], "通告 or 公告"),
        (vec!["sample.gpkg", PLAN, "out.txt", "--edits", &bad], "cannot be read"),
    ] {
        let output = run(at, &[vec!["notice"], arguments.clone()].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(complained(&output).contains(reason), "{arguments:?}: {}", complained(&output));
        assert!(!at.join("out.docx").exists() && !at.join("out.txt").exists());
    }
}

#[test]
fn the_plan_keeps_what_its_paper_says_and_the_schedule_goes_out_alone() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "sample.gpkg"]);
    let edit = r#"{"op":"update","layer":"plan","code":"SL-P01","fields":{"form":"公告","number":"丰政公字〔2026〕8号","issuer":"丰润区人民政府","dated":"2026-11-30","supersedes":["关于货车限行的通告"]}}"#;
    done(at, &["apply", "sample.gpkg", &file(at, "plan.jsonl", edit)]);
    let output = run(at, &["notice", "sample.gpkg", PLAN, "a.txt"]);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", complained(&output));
    let text = std::fs::read_to_string(at.join("a.txt")).unwrap();
    for words in [
        "的公告\n",
        "丰政公字〔2026〕8号\n",
        "丰润区人民政府\n2026年11月30日\n",
        "《关于货车限行的通告》自本公告施行之日起废止。",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let (json, _) = notice(at, "signs.csv", DAY, &["--issuer", "别的机关"]);
    let rows = std::fs::read_to_string(at.join("signs.csv")).unwrap();
    assert_eq!(rows.lines().count(), json["signs"].as_array().unwrap().len() + 1);
}

/// A reader that is not ours: `LibreOffice`.
#[test]
fn libreoffice_opens_the_paper_and_reads_what_was_written() {
    use std::process::Command;
    let is_here = |tool: &str, say: &str| Command::new(tool).arg(say).output().is_ok();
    if !is_here("soffice", "--version") || !is_here("pdftotext", "-v") {
        without_tool("soffice or pdftotext is not here");
        return;
    }
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "sample.gpkg"]);
    let (json, _) = notice(at, "a.docx", DAY, &["--issuer", "丰润区人民政府"]);
    let profile = format!("-env:UserInstallation=file://{}", at.join("profile").display());
    let convert = ["--headless", "--convert-to", "pdf", "a.docx"];
    let office = Command::new("soffice").current_dir(at).arg(profile).args(convert).output();
    assert!(office.unwrap().status.success() && at.join("a.pdf").exists());
    let read = Command::new("pdftotext").current_dir(at).args(["a.pdf", "-"]).output().unwrap();
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let text = plain(&said(&read));
    // Page numbers stand between the pages; a sentence may go over one.
    let sentences = json["sentences"].as_array().unwrap().iter();
    let found = sentences.filter(|s| text.contains(&plain(s["generated"].as_str().unwrap())));
    assert!(found.count() + 2 >= json["sentences"].as_array().unwrap().len(), "{text}");
    assert!(text.contains("丰润区人民政府2026年11月25日") && text.contains("附件2"), "{text}");
}

#[test]
fn a_wall_map_says_its_figures_as_text_and_covers_no_control_point() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    for (paper, target) in [("a0", "a0.pdf"), ("a3", "a3.pdf")] {
        done(at, &["render", "a.gpkg", target, "--paper", paper, "--stats"]);
        let Some(text) = crate::peers::ask(at, "pdftotext", &["-layout", target, "-"]) else {
            return;
        };
        for words in [
            "工地达标率",
            "45.5%",
            "未完成决定",
            "其中逾期",
            "攻坚行动",
            "目标",
            "管控措施",
            "控制圈内点位",
            "丰润区政府 1000 m",
            "全区污染源与点位",
            "停车场",
            "统计日期",
            "数据时间",
            "城西省控点(示例)",
        ] {
            assert!(text.contains(words), "{target} lacks {words}:\n{text}");
        }
    }
    done(at, &["render", "a.gpkg", "en.svg", "--paper", "a3", "--stats", "--lang", "en"]);
    let english = std::fs::read_to_string(at.join("en.svg")).unwrap();
    assert!(english.contains("Sites inside rings") && english.contains("Data as of"));
    done(at, &["new", "empty.gpkg"]);
    let nothing = run(at, &["render", "empty.gpkg", "e.pdf", "--stats"]);
    assert_eq!(nothing.status.code(), Some(2));
}
