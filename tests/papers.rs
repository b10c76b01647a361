//! Papers from the command line.

use std::path::Path;

use serde_json::{Value as Json, json};

use crate::support::{complained, done, file, folder, run, said};

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
fn a_notice_is_the_same_on_every_run_and_changes_nothing_in_the_district() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "sample.gpkg"]);
    let district = std::fs::read(at.join("sample.gpkg")).unwrap();
    let (one, _) = notice(at, "one.docx", DAY, &[]);
    let (two, _) = notice(at, "two.docx", DAY, &[]);
    assert_eq!(one, two);
    let read = |name: &str| std::fs::read(at.join(name)).unwrap();
    assert!(read("one.docx") == read("two.docx"));
    assert!(read("sample.gpkg") == district);
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
