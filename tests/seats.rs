//! Several programs at one file: two of ours, and others such as QGIS.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use crate::support::{applied, complained, done, folder, run, said, shapan};

/// A program that keeps the district open and takes edits line by line.
struct Seat {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Seat {
    fn open(folder: &Path, who: &str) -> Self {
        let mut child = shapan()
            .current_dir(folder)
            .args(["--by", who, "apply", "a.gpkg", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, input, output: BufReader::new(output) }
    }

    fn ask(&mut self, line: &str) -> String {
        writeln!(self.input, "{line}").unwrap();
        let mut answer = String::new();
        self.output.read_line(&mut answer).unwrap();
        answer.trim().to_owned()
    }

    fn close(self) {
        let Self { mut child, input, .. } = self;
        drop(input);
        child.wait().unwrap();
    }
}

const CREATE: &str =
    r#"{"op":"create","layer":"site","code":"S1","name":"一号工地","lon":118.15,"lat":39.83}"#;

fn rename(name: &str) -> String {
    format!(r#"{{"op":"update","layer":"site","code":"S1","name":"{name}"}}"#)
}

#[test]
fn of_two_seats_the_slower_is_refused_and_told_who_was_faster() {
    let folder = folder();
    done(folder.path(), &["new", "a.gpkg"]);
    let mut first = Seat::open(folder.path(), "张三");
    assert_eq!(first.ask(CREATE), "ok 1");
    let mut second = Seat::open(folder.path(), "李四");
    assert_eq!(second.ask(r#"{"op":"create","layer":"site","code":"S2","name":"二"}"#), "ok 2");
    assert_eq!(first.ask(&rename("甲")), "ok 3");
    let refused = second.ask(&rename("乙"));
    assert!(
        refused.starts_with("refused") && refused.contains("一号工地") && refused.contains("张三"),
        "{refused}"
    );
    assert_eq!(second.ask(&rename("乙")), "ok 4", "after a refusal the seat has read again");
    first.close();
    second.close();
    done(folder.path(), &["check", "a.gpkg"]);
    assert!(!folder.path().join("a.gpkg-wal").exists(), "at rest there is one file");
}

#[test]
fn reading_goes_on_while_another_seat_writes() {
    let folder = folder();
    done(folder.path(), &["new", "a.gpkg"]);
    let mut seat = Seat::open(folder.path(), "张三");
    assert_eq!(seat.ask(CREATE), "ok 1");
    assert!(done(folder.path(), &["history", "a.gpkg"]).contains("一号工地"));
    seat.close();
}

/// Other programs know nothing of our journal: plain SQL stands for them here. The functions that
/// GeoPackage triggers call are theirs to bring, so only rows without geometry are touched.
pub fn outside(path: &Path, sql: &str) {
    let db = rusqlite::Connection::open(path).unwrap();
    for name in ["ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"] {
        let flags = rusqlite::functions::FunctionFlags::SQLITE_UTF8;
        db.create_scalar_function(name, 1, flags, |_| Ok(0.0)).unwrap();
    }
    db.execute_batch(sql).unwrap();
}

#[test]
fn what_another_program_changed_is_shown_reported_and_journaled_with_the_next_edit() {
    let folder = folder();
    done(folder.path(), &["new", "a.gpkg"]);
    applied(folder.path(), "a.gpkg", CREATE);
    outside(
        &folder.path().join("a.gpkg"),
        "UPDATE site SET name = '外改' WHERE code = 'S1'; INSERT INTO site (code, name) VALUES ('Q1', '新点');",
    );

    assert!(done(folder.path(), &["check", "a.gpkg"]).contains("2 条记录由外部程序修改"));
    let history = done(folder.path(), &["history", "a.gpkg", "--json"]);
    assert!(history.contains("\"pending\": true") && history.contains("外改"));

    let next = r#"{"op":"update","layer":"site","code":"Q1","kind":"餐饮"}"#;
    assert_eq!(applied(folder.path(), "a.gpkg", next), "ok 3\n");
    let history: serde_json::Value =
        serde_json::from_str(&done(folder.path(), &["history", "a.gpkg", "--json"])).unwrap();
    assert_eq!(
        (&history[1]["cause"], &history[1]["actor"]),
        (&"outside".into(), &"外部程序".into())
    );
    assert_eq!((&history[1]["created"], &history[1]["updated"]), (&1.into(), &1.into()));
    done(folder.path(), &["check", "a.gpkg"]);
    done(folder.path(), &["undo", "a.gpkg"]);
    done(folder.path(), &["undo", "a.gpkg"]);
    done(folder.path(), &["check", "a.gpkg"]);
}

#[test]
fn the_past_is_read_from_the_journal_and_a_change_from_outside_belongs_to_today() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let create = r#"{"op":"create","layer":"site","code":"S1","name":"甲","lon":118.1,"lat":39.8}"#;
    let rename = r#"{"op":"update","layer":"site","code":"S1","name":"乙"}"#;
    for line in [create, rename] {
        applied(at, "a.gpkg", line);
    }
    outside(&at.join("a.gpkg"), "UPDATE site SET name = '丙' WHERE code = 'S1'");
    let name = |as_of: &[&str]| {
        let out = "out.csv";
        drop(std::fs::remove_file(at.join(out)));
        done(at, &[as_of, &["export", "a.gpkg", out]].concat());
        let text = std::fs::read_to_string(at.join(out)).unwrap();
        ["甲", "乙", "丙"].into_iter().filter(|name| text.contains(name)).collect::<String>()
    };
    assert_eq!(name(&[]), "丙");
    assert_eq!(name(&["--as-of", "r2"]), "丙", "after the last edit");
    assert_eq!(name(&["--as-of", "r1"]), "甲", "what came after the last edit is gone too");
    assert_eq!(name(&["--as-of", "2020-01-01"]), "", "nothing was there");
    let refused = run(at, &["--as-of", "r1", "undo", "a.gpkg"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(complained(&refused).contains("the past is not written"));
    assert_eq!(run(at, &["--as-of", "r7", "rings", "a.gpkg"]).status.code(), Some(2));
}

#[test]
fn a_row_that_the_journal_does_not_explain_is_found() {
    let folder = folder();
    done(folder.path(), &["new", "a.gpkg"]);
    applied(folder.path(), "a.gpkg", CREATE);
    outside(
        &folder.path().join("a.gpkg"),
        "INSERT INTO shapan_writer DEFAULT VALUES; UPDATE site SET name = '偷改'; DELETE FROM shapan_writer;",
    );
    let check = run(folder.path(), &["check", "a.gpkg"]);
    assert_eq!(check.status.code(), Some(1));
    assert!(said(&check).contains("与历史所记不符"));
}
