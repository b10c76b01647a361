//! The district under calls of the system that fail, and under kills at any moment.
//!
//! Each run tries few places, others in each: the seed is printed, `SHAPAN_SEED` repeats it,
//! `SHAPAN_FAULTS=100` tries a hundred places of each command and kind instead of one, and
//! `SHAPAN_FAULTS=all` every one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value as Json;
use shapan::store::DistrictReader;

use crate::support::{
    applied, assert_own_words, complained, done, file, folder, run, said, shapan, skipped,
};

/// Numbers that look like chance and are the same for the same seed (`SplitMix64`).
struct Dice(u64);

impl Dice {
    #[expect(clippy::disallowed_methods, reason = "another seed in each run is what is wanted")]
    fn new(test: &str) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let seed = std::env::var("SHAPAN_SEED").map_or(now, |seed| seed.parse().unwrap());
        skipped(&format!("nothing: {test} has the seed SHAPAN_SEED={seed}"));
        Self(seed)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit.max(1)
    }
}

/// Which of `count` places are tried, from 1.
fn places(dice: &mut Dice, count: u64) -> Vec<u64> {
    let wanted = std::env::var("SHAPAN_FAULTS").unwrap_or_else(|_| "1".to_owned());
    if wanted == "all" {
        return (1..=count).collect();
    }
    let wanted = wanted.parse::<u64>().unwrap().min(count);
    (0..wanted).map(|_| 1 + dice.below(count)).collect()
}

/// The library that lets calls fail; `None`, aloud, where it cannot be made here.
fn library(folder: &Path) -> Option<PathBuf> {
    if !cfg!(target_os = "linux") {
        skipped("calls of the system fail at will on Linux only");
        return None;
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/faults.c");
    let library = folder.join("faults.so");
    let made = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .status();
    if !made.is_ok_and(|made| made.success()) {
        crate::support::without_tool("cc is not installed");
        return None;
    }
    Some(library)
}

struct Faults {
    library: PathBuf,
    /// A part of the paths that are meant.
    file: &'static str,
    kinds: &'static str,
    at: u64,
}

impl Faults {
    /// Runs a command of which one call on the files that are meant fails; how many such calls it
    /// made.
    fn run(&self, folder: &Path, arguments: &[&str]) -> (Output, u64) {
        let count = self.library.with_file_name("count");
        let output = shapan()
            .current_dir(folder)
            .args(arguments)
            .env("LD_PRELOAD", &self.library)
            .env("SHAPAN_FAULT_KINDS", self.kinds)
            .env("SHAPAN_FAULT_FILE", self.file)
            .env("SHAPAN_FAULT_AT", self.at.to_string())
            .env("SHAPAN_FAULT_COUNT", &count)
            .output()
            .unwrap();
        (output, std::fs::read_to_string(count).unwrap().parse().unwrap())
    }
}

/// A district with something to take back and something to do again, and files to bring in.
fn base(at: &Path) {
    done(at, &["sample", "a.gpkg"]);
    let edits = r#"{"op":"update","layer":"site","code":"SL-S001","phone":"1"}
{"op":"create","layer":"site","code":"N1","name":"一","lon":118.15,"lat":39.83}
"#;
    applied(at, "a.gpkg", edits);
    done(at, &["undo", "a.gpkg"]);
    let move_it = r#"{"op":"update","layer":"site","code":"SL-S002","lon":118.11,"lat":39.81}"#;
    let new = r#"{"op":"create","layer":"site","code":"N2","name":"二","lon":118.16,"lat":39.84}"#;
    file(at, "edits.jsonl", format!("{move_it}\n{new}\n"));
    let mut csv = String::from("code,name,kind,lon,lat\n");
    for number in 0..60 {
        use std::fmt::Write as _;
        writeln!(csv, "C{number},点{number},餐饮,118.{},39.8", 100 + number).unwrap();
    }
    file(at, "sites.csv", csv);
}

const COMMANDS: [&[&str]; 8] = [
    &["apply", "a.gpkg", "edits.jsonl"],
    &["import", "a.gpkg", "sites.csv", "--crs", "wgs84"],
    &["undo", "a.gpkg"],
    &["redo", "a.gpkg"],
    &["decide", "a.gpkg", "住建局 周五前 一号工地雾炮到位"],
    &["meeting", "a.gpkg", "--new", "--date", "2026-11-27"],
    &["mend", "a.gpkg"],
    &["compact", "a.gpkg"],
];

/// Of the sample.
const PLAN: &str = "秋冬季货车绕行方案(示例)";

/// The folder as it was made, in a new place.
fn copy_of(base: &Path) -> tempfile::TempDir {
    let folder = folder();
    for entry in std::fs::read_dir(base).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
    }
    folder
}

fn revisions(at: &Path) -> usize {
    let history = done(at, &["history", "a.gpkg", "--json"]);
    serde_json::from_str::<Vec<Json>>(&history).unwrap().len()
}

fn assert_sound(at: &Path, about: &str) {
    let findings = DistrictReader::open(&at.join("a.gpkg")).and_then(|reader| reader.check());
    assert_eq!(findings.unwrap(), [], "{about}");
}

#[test]
fn one_failing_call_leaves_the_district_before_or_after_and_is_no_damage() {
    let base_folder = folder();
    base(base_folder.path());
    let Some(library) = library(base_folder.path()) else { return };
    std::fs::remove_dir_all(base_folder.path().join("a.backups")).ok();
    let before = revisions(base_folder.path());
    let mut dice = Dice::new("faults");
    for arguments in COMMANDS {
        for kinds in ["r", "w", "s", "n"] {
            let counting = Faults { library: library.clone(), file: "a.gpkg", kinds, at: 0 };
            let (output, calls) = counting.run(copy_of(base_folder.path()).path(), arguments);
            assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", complained(&output));
            for at in places(&mut dice, calls) {
                let about = format!("{arguments:?}, call {at} of {calls} of kind {kinds}");
                let folder = copy_of(base_folder.path());
                let faults = Faults { library: library.clone(), file: "a.gpkg", kinds, at };
                let (output, _) = faults.run(folder.path(), arguments);
                let words = complained(&output);
                assert_own_words(&words, &about);
                assert!(
                    !words.contains("已损坏") && !words.contains("panicked"),
                    "{about}: {words}"
                );
                assert_sound(folder.path(), &about);
                let is_done = output.status.code() == Some(0);
                let after = revisions(folder.path());
                let oks = said(&output).lines().filter(|line| line.starts_with("ok ")).count();
                let counts = match (arguments[0], is_done) {
                    ("apply", true) => before + 2..=before + 2,
                    // One that was written but not acknowledged may be there.
                    ("apply", false) => before + oks..=before + oks + 1,
                    ("mend" | "compact", _) => before..=before,
                    (_, true) => before + 1..=before + 1,
                    // A failure says that nothing was written, but for an edit that is there and of
                    // which the disk does not say that it stays there.
                    (_, false) if words.contains("修改已在文件中") => {
                        before + 1..=before + 1
                    }
                    (_, false) => before..=before,
                };
                assert!(counts.contains(&after), "{about}: {after} of {counts:?}: {words}");
                // Nothing of it stands in the way of the next.
                applied(
                    folder.path(),
                    "a.gpkg",
                    r#"{"op":"create","layer":"site","code":"Z","name":"后"}"#,
                );
                assert_sound(folder.path(), &about);
            }
        }
    }
}

/// Copies and exports, and the files whose calls fail.
const COPIES: [(&[&str], &str); 10] = [
    (&["backup", "a.gpkg", "b.gpkg"], "a.gpkg"),
    (&["backup", "a.gpkg", "b.gpkg"], "b.gpkg"),
    (&["backup", "a.gpkg"], "a.backups"),
    (&["restore", "a.gpkg", "c.gpkg"], "a."),
    (&["restore", "a.gpkg", "c.gpkg"], "c.gpkg"),
    (&["restore", "a.gpkg", "b.gpkg", "--salvage"], "a.gpkg"),
    (&["restore", "a.gpkg", "b.gpkg", "--salvage"], "b.gpkg"),
    (&["export", "a.gpkg", "out.csv"], "a.gpkg"),
    (&["export", "a.gpkg", "out.csv"], "out.csv"),
    (&["export", "a.gpkg", "out.gpkg"], "out.gpkg"),
];

#[test]
fn one_failing_call_leaves_copies_and_exports_whole_or_not_there_and_the_district_as_it_was() {
    let base_folder = folder();
    base(base_folder.path());
    let Some(library) = library(base_folder.path()) else { return };
    let before = revisions(base_folder.path());
    done(base_folder.path(), &["backup", "a.gpkg", "c.gpkg"]);
    let whole = copy_of(base_folder.path());
    done(whole.path(), &["export", "a.gpkg", "out.csv"]);
    let rows = std::fs::read(whole.path().join("out.csv")).unwrap();
    let mut dice = Dice::new("copies");
    for (arguments, file) in COPIES {
        for kinds in ["r", "w", "s", "n"] {
            let counting = Faults { library: library.clone(), file, kinds, at: 0 };
            let (output, calls) = counting.run(copy_of(base_folder.path()).path(), arguments);
            assert!(matches!(output.status.code(), Some(0 | 1)), "{}", complained(&output));
            for at in places(&mut dice, calls) {
                let about = format!("{arguments:?}, call {at} of {calls} of {kinds} on {file}");
                let folder = copy_of(base_folder.path());
                let faults = Faults { library: library.clone(), file, kinds, at };
                let (output, _) = faults.run(folder.path(), arguments);
                let words = format!("{}{}", said(&output), complained(&output));
                assert_own_words(&words, &about);
                assert!(
                    !words.contains("已损坏") && !words.contains("panicked"),
                    "{about}: {words}"
                );
                assert_sound(folder.path(), &about);
                let is_export = arguments[0] == "export";
                assert!(
                    (before..=before + usize::from(is_export)).contains(&revisions(folder.path()))
                );
                let is_done = matches!(output.status.code(), Some(0 | 1));
                assert_made(folder.path(), is_done, arguments, &about, &rows);
                // Nothing of it stands in the way of the next.
                done(folder.path(), &["backup", "a.gpkg"]);
                done(folder.path(), &["backup", "a.gpkg", "d.gpkg"]);
                assert!(unfinished(folder.path()).is_empty(), "{about}");
            }
        }
    }
}

/// What a command was to make is whole, or not there where the command failed.
fn assert_made(at: &Path, is_done: bool, arguments: &[&str], about: &str, rows: &[u8]) {
    let there = |name: &str| at.join(name).exists();
    for copy in crate::support::names_in(at).into_iter().filter(|name| name == "b.gpkg") {
        let reader = DistrictReader::open(&at.join(copy)).unwrap();
        assert_eq!(reader.check().unwrap(), [], "{about}");
        assert!(arguments.contains(&"--salvage") || reader.load().unwrap().len() > 100, "{about}");
    }
    let target = arguments.get(2).copied().unwrap_or_default();
    if arguments[0] == "backup" && target.is_empty() && is_done {
        assert!(!crate::support::names_in(&at.join("a.backups")).is_empty(), "{about}");
    }
    let makes = !target.is_empty() && arguments[0] != "restore" || arguments.len() > 3;
    assert!(!is_done || !makes || there(target), "{about}: nothing was made");
    if there("out.csv") {
        assert_eq!(std::fs::read(at.join("out.csv")).unwrap(), rows, "{about}");
    }
    if there("out.gpkg") {
        done(at, &["new", "n.gpkg"]);
        let read = run(at, &["import", "n.gpkg", "out.gpkg"]);
        assert!(matches!(read.status.code(), Some(0 | 1)), "{about}: {}", complained(&read));
        assert!(DistrictReader::open(&at.join("n.gpkg")).unwrap().load().unwrap().len() > 100);
    }
}

/// What is in the making in a folder and among the copies of its district.
fn unfinished(at: &Path) -> Vec<String> {
    let mut names = crate::support::names_in(at);
    if at.join("a.backups").exists() {
        names.extend(crate::support::names_in(&at.join("a.backups")));
    }
    names.retain(|name| name.contains("unfinished"));
    names
}

/// Of the ledger, and of packages.
const STEPS: [&[&str]; 3] = [
    &["item", "a.gpkg", "N-1", "交办", "--unit", "住建局", "--reason", "口头"],
    &["receive", "a.gpkg", "m.shapan", "--theirs"],
    &["pack", "a.gpkg", "o.shapan", "--item", "N-1"],
];

/// What writes beside the file.
const MADE_BESIDE: [&[&str]; 9] = [
    &["brief", "a.gpkg", "week.docx"],
    &["notice", "a.gpkg", PLAN, "notice.docx"],
    &["render", "a.gpkg", "map.svg"],
    &["export", "a.gpkg", "out.csv", "--with-attachments"],
    &["backup", "a.gpkg"],
    &["backup", "a.gpkg", "b.gpkg"],
    &["restore", "a.gpkg", "c.gpkg"],
    &["restore", "a.gpkg", "b.gpkg", "--salvage"],
    &["export", "a.gpkg", "out.xlsx"],
];

/// An item, and a package in which another office has changed it.
fn add_an_item_and_its_package(at: &Path) {
    let item = r#"{"op":"create","layer":"item","code":"N-1","name":"裸土","types":["裸土"]}"#;
    applied(at, "a.gpkg", item);
    let other = at.join("z.gpkg");
    std::fs::copy(at.join("a.gpkg"), &other).unwrap();
    let edit = r#"{"op":"update","layer":"item","code":"N-1","note":"已约谈"}"#;
    applied(at, "z.gpkg", edit);
    done(at, &["pack", "z.gpkg", "m.shapan", "--item", "N-1"]);
    std::fs::remove_file(other).unwrap();
}

#[test]
fn a_kill_at_any_moment_of_any_command_that_writes_leaves_the_district_before_or_after() {
    let base_folder = folder();
    base(base_folder.path());
    add_an_item_and_its_package(base_folder.path());
    let before = revisions(base_folder.path());
    let mut dice = Dice::new("kills");
    done(base_folder.path(), &["backup", "a.gpkg", "c.gpkg"]);
    let news: [&[&str]; 2] = [&["sample", "n.gpkg"], &["new", "n.gpkg"]];
    for arguments in COMMANDS.into_iter().chain(STEPS).chain(MADE_BESIDE).chain(news) {
        for _ in places(&mut dice, 1_000) {
            let folder = copy_of(base_folder.path());
            let at = folder.path();
            let mut child = shapan()
                .current_dir(at)
                .args(arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let after = Duration::from_micros(dice.below(150_000));
            std::thread::sleep(after);
            child.kill().unwrap();
            child.wait().unwrap();
            let about = format!("{arguments:?} killed after {after:?}");
            for name in ["b.gpkg", "n.gpkg"] {
                let copy = at.join(name);
                if copy.exists() {
                    assert_eq!(
                        DistrictReader::open(&copy).unwrap().check().unwrap(),
                        [],
                        "{about}"
                    );
                    let is_whole = name == "b.gpkg" || arguments[0] == "new";
                    let count = DistrictReader::open(&copy).unwrap().load().unwrap().len();
                    assert!(is_whole || count > 100, "{about}: half a sample");
                }
            }
            if !at.join("a.gpkg").exists() {
                // Between putting it aside and the copy in its place: the same once more.
                assert_eq!(arguments[0], "restore", "{about}");
                done(at, arguments);
            }
            assert_sound(at, &about);
            assert!(revisions(at) <= before + 2, "{about}");
            // The next sweeps up.
            done(at, &["backup", "a.gpkg"]);
            done(at, &["backup", "a.gpkg", "d.gpkg"]);
            let left = unfinished(at);
            assert!(left.is_empty(), "{about}: {left:?}");
            assert_sound(at, &about);
        }
    }
}

#[test]
fn two_writers_a_reader_and_ogr2ogr_at_once_lose_nothing_and_find_nothing() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let writer = |who: &str| {
        let lines: Vec<String> = (0..40)
            .map(|n| format!("{{\"op\":\"create\",\"layer\":\"site\",\"code\":\"{who}{n}\",\"name\":\"x\"}}\n"))
            .collect();
        let edits = file(at, &format!("{who}.jsonl"), lines.concat());
        let mut command = shapan();
        command.current_dir(at).args(["apply", "a.gpkg", &edits]).stdout(Stdio::piped());
        command.spawn().unwrap()
    };
    let writers = [writer("A"), writer("B")];
    let mut gdal = None;
    for round in 0..4 {
        let check = run(at, &["check", "a.gpkg"]);
        assert_eq!(check.status.code(), Some(0), "{}{}", said(&check), complained(&check));
        let target = format!("out{round}.gpkg");
        gdal = crate::peers::ask(at, "ogr2ogr", &[&target, "a.gpkg", "site"]);
        if gdal.is_some() {
            let rename = format!("UPDATE site SET phone = '{round}' WHERE code = 'SL-S003'");
            crate::peers::ask(at, "ogrinfo", &["-q", "a.gpkg", "-sql", &rename]);
        }
    }
    for child in writers {
        let output = child.wait_with_output().unwrap();
        let answers = said(&output);
        assert_eq!(answers.lines().filter(|line| line.starts_with("ok ")).count(), 40, "{answers}");
    }
    applied(at, "a.gpkg", r#"{"op":"create","layer":"site","code":"Z","name":"后"}"#);
    assert_sound(at, "at the end");
    let world = DistrictReader::open(&at.join("a.gpkg")).unwrap().load().unwrap();
    let sites = world.table(shapan::domain::Kind::Site);
    for code in (0..40).flat_map(|n| [format!("A{n}"), format!("B{n}")]) {
        assert!(sites.by_code(&code).is_some(), "{code}");
    }
    if gdal.is_some() {
        assert_eq!(sites.by_code("SL-S003").unwrap().text("phone"), "3");
    }
}
