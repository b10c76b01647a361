//! Small worlds, and the program as a user starts it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jiff::Timestamp;
use shapan::domain::{Ids, Kind, Record, Stamp, Value};

/// A folder of its own for each test, gone when the test ends.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

pub fn stamp(actor: &str) -> Stamp {
    Stamp { actor: actor.into(), at: Timestamp::from_millisecond(1_795_420_800_000).unwrap() }
}

/// So many seconds later.
pub fn stamp_at(actor: &str, seconds: i64) -> Stamp {
    let stamp = stamp(actor);
    Stamp { at: stamp.at + jiff::SignedDuration::from_secs(seconds), ..stamp }
}

pub fn ids() -> Ids {
    Ids::new(stamp("test").at, 1)
}

pub fn record(ids: &mut Ids, kind: Kind, code: &str, name: &str, at: Option<(f64, f64)>) -> Record {
    let mut record = Record::new(ids.next(), kind, &stamp("test"));
    record.geometry = at.map(|(lon, lat)| geo_types::Point::new(lon, lat).into());
    record.set("code", Some(Value::text(code)));
    record.set("name", Some(Value::text(name)));
    record
}

/// The program itself.
pub fn shapan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shapan"));
    command.env("SHAPAN_BY", "测试员");
    command
}

/// Runs the program in a folder; its answer must be text.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    shapan().current_dir(folder).args(arguments).output().unwrap()
}

pub fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Runs the program and insists that it did what it was asked.
pub fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", complained(&output));
    said(&output)
}

/// Writes a file and returns its name.
pub fn file(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    std::fs::write(folder.join(name), content).unwrap();
    name.to_owned()
}

/// Applies lines of JSON to a district of the folder.
pub fn applied(folder: &Path, district: &str, lines: &str) -> String {
    done(folder, &["apply", district, &file(folder, "e.jsonl", lines)])
}

/// What lies in a folder, by name.
pub fn names_in(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Real data that may not enter the project, where it lies beside the checkout.
pub fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
    if path.exists() {
        return Some(path);
    }
    skipped(&format!("{} is not here", path.display()));
    None
}

/// A tool to look through is not here: where tools are required, that is a failure.
pub fn without_tool(why: &str) {
    let is_required = std::env::var("SHAPAN_TOOLS").as_deref() == Ok("required");
    assert!(!is_required, "required here: {why}");
    skipped(why);
}

/// Says aloud that a test looked at nothing.
#[expect(clippy::print_stderr, reason = "that is what a skipped test has to say")]
pub fn skipped(why: &str) {
    eprintln!("SKIPPED: {why}");
}

/// That nothing a library or the system says in its own English is among the words.
pub fn assert_own_words(words: &str, about: &str) {
    const FOREIGN: [&str; 34] = [
        "os error",
        "rusqlite",
        "sqlite error",
        "disk i/o error",
        "disk image is malformed",
        "file is not a database",
        "btreeinitpage",
        "integrity_check",
        "constraint failed",
        "no such table",
        "no such file or directory",
        "input/output error",
        "permission denied",
        "is a directory",
        "not a directory",
        "file name too long",
        "stream did not contain valid utf-8",
        "failed to fill whole buffer",
        "expected value",
        "expected ident",
        "expected `",
        "invalid type",
        "missing field",
        "eof while parsing",
        "trailing characters",
        "key must be a string",
        "invalid zip",
        "end tag",
        "corrupt deflate",
        "ill-formed",
        "panicked",
        "cfb",
        "zipwriter",
        "file too large",
    ];
    let lower = words.to_lowercase();
    let found = FOREIGN.iter().find(|foreign| lower.contains(**foreign));
    assert!(found.is_none(), "{about}: `{}` is not ours: {words}", found.unwrap_or(&""));
}
