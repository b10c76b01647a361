//! The journal tells when it was tampered with: rows, changes and attachments are tied to each other,
//! and a seal that was kept elsewhere tells of a cut end. Events are no steps of undo.

use std::path::Path;

use calamine::Reader as _;
use rusqlite::Connection;
use shapan::domain::{Change, Edit, EditKind, Kind, Record, Value};
use shapan::store::restore::{self, LostEdits};
use shapan::store::{AsOf, Cause, DistrictReader, Store};

use crate::seats::outside;
use crate::support::{complained, done, folder, ids, names_in, record, run, said, stamp, stamp_at};

/// Edits of several people, a step back and forth, photos, another program's edit, an export.
fn worked_on(path: &Path) {
    let mut ids = ids();
    let mut store = Store::create(path).unwrap();
    let site = |ids: &mut _, code: &str| {
        record(ids, Kind::Site, code, &format!("工地{code}"), Some((118.15, 39.83)))
    };
    let mut number = 0;
    let mut by = |actor: &str| {
        number += 1;
        stamp_at(actor, number)
    };
    for code in ["S1", "S2", "S3", "S4"] {
        let edit = Edit::of(vec![Change::create(site(&mut ids, code))]);
        store.apply(&edit, &by("张三")).unwrap();
    }
    for _ in 0..2 {
        store.undo(&by("李四")).unwrap().unwrap();
        store.redo(&by("李四")).unwrap().unwrap();
    }
    let several = (5..40).map(|number| Change::create(site(&mut ids, &format!("S{number}"))));
    let edit = Edit { kind: EditKind::Import, changes: several.collect() };
    store.apply(&edit, &by("王五")).unwrap();
    for (code, photo) in [("S1", b"first photo".as_slice()), ("S2", b"second photo")] {
        let name = store.attach("雾炮.jpg", photo, &by("张三")).unwrap();
        let before = store.load().unwrap().table(Kind::Site).by_code(code).unwrap().clone();
        let mut after = Record::clone(&before);
        let field = Kind::Site.field("attachments").unwrap();
        after.set("attachments", Value::parse(field, &name).unwrap());
        store.apply(&Edit::of(vec![Change::update(before, after)]), &by("张三")).unwrap();
    }
    store.event(EditKind::Export, "out.xlsx · site 39", &by("赵六")).unwrap();
    drop(store);
    outside(path, "UPDATE site SET name = '外改' WHERE code = 'S3'");
    let mut store = Store::open(path).unwrap();
    let edit = Edit::of(vec![Change::create(site(&mut ids, "S99"))]);
    store.apply(&edit, &by("李四")).unwrap();
}

/// The same numbers on every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33).cast_signed() % end
    }
}

/// Who writes to the file past the program.
fn forger(path: &Path) -> Connection {
    let db = Connection::open(path).unwrap();
    db.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    db
}

const ROW: &str = "at, actor, cause, kind, target, created, updated, deleted, note, hash";

fn revisions(db: &Connection, condition: &str) -> Vec<i64> {
    let sql = format!("SELECT revision FROM shapan_journal WHERE {condition} ORDER BY revision");
    let mut query = db.prepare(&sql).unwrap();
    query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn one_of(chance: &mut Chance, among: &[i64]) -> i64 {
    among[chance.below(i64::try_from(among.len()).unwrap()) as usize]
}

/// What the forger did, and the revision that `check` has to name; `None` where it is no row.
#[expect(clippy::too_many_lines, reason = "a table of one way to tamper after the other")]
fn tampered(db: &Connection, how: usize, chance: &mut Chance) -> (String, Option<i64>) {
    let all = revisions(db, "1");
    let last = *all.last().unwrap();
    let row = one_of(chance, &all);
    let with_changes = revisions(db, "revision IN (SELECT revision FROM shapan_change)");
    let changed = one_of(chance, &with_changes);
    let set = |what: &str| format!("UPDATE shapan_journal SET {what} WHERE revision = {row}");
    let (sql, named) = match how {
        0 => (set("actor = actor || '甲'"), Some(row)),
        1 => (set("at = '2026-11-23T09:00:00.000Z'"), Some(row)),
        2 => (set("note = note || ' '"), Some(row)),
        3 => (set("kind = CASE kind WHEN 'create' THEN 'update' ELSE 'create' END"), Some(row)),
        4 => (set("created = created + 1, updated = updated - 1"), Some(row)),
        5 => (set("target = coalesce(target, 0) + 1"), Some(row)),
        6 => (set("hash = randomblob(32)"), Some(row)),
        7 => {
            let other = 1 + (row - 1 + 1 + chance.below(last - 1)) % last;
            let swap = format!(
                "CREATE TEMP TABLE a AS SELECT * FROM shapan_journal WHERE revision = {row};
                 CREATE TEMP TABLE b AS SELECT * FROM shapan_journal WHERE revision = {other};
                 UPDATE shapan_journal SET ({ROW}) = (SELECT {ROW} FROM b) WHERE revision = {row};
                 UPDATE shapan_journal SET ({ROW}) = (SELECT {ROW} FROM a) WHERE revision = {other};"
            );
            (swap, Some(row.min(other)))
        }
        8 => {
            let forged = format!(
                "INSERT INTO shapan_journal SELECT {last} + 1, {ROW} FROM shapan_journal
                 WHERE revision = {row}"
            );
            (forged, Some(last + 1))
        }
        9 => {
            let undos = revisions(db, "cause = 'undo'");
            let undo = one_of(chance, &undos);
            let redo = undo + 1;
            let pair = format!("DELETE FROM shapan_journal WHERE revision IN ({undo}, {redo})");
            (pair, Some(undo + 2))
        }
        10 => {
            // Removed, and the numbers closed up so that no gap is seen.
            let event = one_of(chance, &revisions(db, "cause IN ('undo', 'event')"));
            let closed = format!(
                "DELETE FROM shapan_journal WHERE revision = {event};
                 UPDATE shapan_journal SET revision = -revision WHERE revision > {event};
                 UPDATE shapan_journal SET revision = -revision - 1 WHERE revision < 0;
                 UPDATE shapan_change SET revision = revision - 1 WHERE revision > {event};"
            );
            (closed, Some(event))
        }
        11 => {
            let body = db.query_row(
                "SELECT body FROM shapan_change WHERE revision = ?1",
                [changed],
                |row| row.get::<_, Vec<u8>>(0),
            );
            let mut body = body.unwrap();
            let place = chance.below(i64::try_from(body.len()).unwrap()) as usize;
            body[place] ^= 1 << chance.below(8);
            db.execute("UPDATE shapan_change SET body = ?1 WHERE revision = ?2", (body, changed))
                .unwrap();
            (String::new(), Some(changed))
        }
        12 => (format!("DELETE FROM shapan_change WHERE revision = {changed}"), Some(changed)),
        13 => {
            let bare = one_of(
                chance,
                &revisions(db, "revision NOT IN (SELECT revision FROM shapan_change)"),
            );
            let added = format!(
                "INSERT INTO shapan_change (revision, part, body)
                 SELECT {bare}, 0, body FROM shapan_change WHERE revision = {changed}"
            );
            (added, Some(bare))
        }
        14 => {
            let loose = format!(
                "INSERT INTO shapan_change (revision, part, body)
                 SELECT {last} + 9, 0, body FROM shapan_change WHERE revision = {changed}"
            );
            (loose, Some(last + 9))
        }
        15..=18 => {
            let attach = one_of(chance, &revisions(db, "kind = 'attach'"));
            let set = [
                "content = CAST('another pho' AS BLOB)",
                "added_by = '乙'",
                "added_at = '2026-11-23T09:00:00.000Z'",
                "name = name || 'x'",
            ][how - 15];
            let sql = format!(
                "UPDATE shapan_attachment SET {set} WHERE name =
                 (SELECT note FROM shapan_journal WHERE revision = {attach})"
            );
            (sql, Some(attach))
        }
        _ => {
            let forged = "INSERT INTO shapan_attachment (name, added_at, added_by, content)
                          SELECT 'new.jpg', added_at, added_by, content FROM shapan_attachment LIMIT 1";
            (forged.to_owned(), None)
        }
    };
    db.execute_batch(&sql).unwrap();
    (format!("way {how}: {sql}"), named)
}

const WAYS: usize = 20;

/// Five of each of twenty ways, in a place by chance.
#[test]
fn a_hundred_of_a_hundred_tamperings_are_found_and_the_first_row_is_named() {
    let folder = folder();
    let path = folder.path().join("a.gpkg");
    worked_on(&path);
    assert_eq!(DistrictReader::open(&path).unwrap().check().unwrap(), []);
    let seed = std::env::var("SHAPAN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(12);
    let mut chance = Chance(seed);
    let mut missed = Vec::new();
    for round in 0..100 {
        let copy = folder.path().join("forged.gpkg");
        std::fs::copy(&path, &copy).unwrap();
        let db = forger(&copy);
        let (what, named) = tampered(&db, round % WAYS, &mut chance);
        drop(db);
        let findings = DistrictReader::open(&copy).unwrap().check().unwrap();
        let expected = match named {
            Some(revision) => format!("revision {revision} "),
            None => "no revision says that it was attached".to_owned(),
        };
        let loose = named.map_or_else(String::new, |revision| format!("of revision {revision},"));
        let is_found = findings.iter().any(|finding| {
            let is_row = finding.problem.en.starts_with(&expected)
                && (named.is_none()
                    || finding.problem.en.contains("is the first that does not follow"));
            is_row || (!loose.is_empty() && finding.problem.en.contains(&loose))
        });
        if !is_found {
            missed.push(format!("seed {seed}, round {round}, {what}: {findings:?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn a_cut_end_and_a_journal_written_anew_are_found_by_a_seal_that_was_kept() {
    let folder = folder();
    let (at, path) = (folder.path(), folder.path().join("a.gpkg"));
    worked_on(&path);
    let mut store = Store::open(&path).unwrap();
    store.undo(&stamp("李四")).unwrap().unwrap();
    store.redo(&stamp("李四")).unwrap().unwrap();
    drop(store);
    let seal = done(at, &["seal", "a.gpkg"]).trim().to_owned();
    let short = &seal[..seal.find('-').unwrap() + 13];
    for kept in [seal.as_str(), short] {
        assert!(done(at, &["check", "a.gpkg", "--seal", kept]).contains("存证码吻合"), "{kept}");
    }

    std::fs::copy(&path, at.join("cut.gpkg")).unwrap();
    let db = forger(&at.join("cut.gpkg"));
    let last = *revisions(&db, "1").last().unwrap();
    db.execute("DELETE FROM shapan_journal WHERE revision > ?1", [last - 2]).unwrap();
    drop(db);
    done(at, &["check", "cut.gpkg"]);
    let cut = run(at, &["--lang", "en", "check", "cut.gpkg", "--seal", short]);
    assert_eq!(cut.status.code(), Some(1));
    assert!(said(&cut).contains(&format!("the journal ends at r{}", last - 2)), "{}", said(&cut));

    // Another file with as many rows, each of which follows.
    let mut ids = ids();
    let mut store = Store::create(&at.join("anew.gpkg")).unwrap();
    for number in 0..last {
        let site = record(&mut ids, Kind::Site, &format!("N{number}"), "点", None);
        store.apply(&Edit::of(vec![Change::create(site)]), &stamp("张三")).unwrap();
    }
    drop(store);
    done(at, &["check", "anew.gpkg"]);
    let anew = run(at, &["check", "anew.gpkg", "--seal", short, "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&said(&anew)).unwrap();
    assert_eq!((&answer["ok"], &answer["seal"]["holds"]), (&false.into(), &false.into()));
    assert!(answer["seal"]["said"].as_str().unwrap().contains("改写"), "{answer}");

    let wrong = run(at, &["check", "a.gpkg", "--seal", "r17"]);
    assert!(complained(&wrong).contains("is no seal"), "{}", complained(&wrong));
}

#[test]
fn edits_after_a_seal_leave_it_in_place_and_what_is_not_journaled_yet_is_said() {
    let folder = folder();
    let (at, path) = (folder.path(), folder.path().join("a.gpkg"));
    done(at, &["new", "a.gpkg"]);
    let none = run(at, &["seal", "a.gpkg"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(complained(&none).contains("还没有存证码"), "{}", complained(&none));
    worked_on(&at.join("b.gpkg"));
    std::fs::rename(at.join("b.gpkg"), &path).unwrap();
    let kept = done(at, &["seal", "a.gpkg"]).trim().to_owned();
    outside(&path, "UPDATE site SET name = '又改' WHERE code = 'S4'");
    assert_eq!(done(at, &["seal", "a.gpkg"]).trim(), format!("{kept}+"));
    let mut store = Store::open(&path).unwrap();
    store.event(EditKind::Paper, "周报.docx", &stamp("张三")).unwrap();
    assert!(store.has_external_edits().unwrap(), "an event writes one row and no other");
    store.undo(&stamp("张三")).unwrap().unwrap();
    drop(store);
    let answer = done(at, &["check", "a.gpkg", "--seal", &kept]);
    assert!(answer.contains("其后又有 3 条历史"), "{answer}");
}

#[test]
fn an_event_is_no_step_of_undo_and_no_state_of_its_own() {
    let folder = folder();
    let path = folder.path().join("a.gpkg");
    let mut ids = ids();
    let mut store = Store::create(&path).unwrap();
    for (number, code) in (0..).zip(["S1", "S2"]) {
        let site = record(&mut ids, Kind::Site, code, code, None);
        store.apply(&Edit::of(vec![Change::create(site)]), &stamp_at("张三", number)).unwrap();
    }
    assert_eq!(store.event(EditKind::Export, "out.csv", &stamp_at("张三", 9)).unwrap(), 3);
    let step = store.undo(&stamp_at("张三", 10)).unwrap().unwrap();
    assert_eq!((step.revision, step.entry.revision), (4, 2), "not the event");
    store.event(EditKind::Paper, "周报.docx", &stamp_at("张三", 11)).unwrap();
    store.redo(&stamp_at("张三", 12)).unwrap().unwrap();
    let causes: Vec<Cause> = store.history().unwrap().iter().map(|entry| entry.cause).collect();
    assert_eq!(
        causes,
        [Cause::Do, Cause::Do, Cause::Event, Cause::Undo, Cause::Event, Cause::Redo]
    );
    let at = |seconds| AsOf::Moment(stamp_at("", seconds).at);
    let then = |as_of| {
        let world = store.load_as_of(as_of).unwrap();
        (world.revision, world.len(), world.seal.unwrap().revision)
    };
    assert_eq!(then(at(5)), (3, 2, 2), "with the event behind it");
    assert_eq!(then(AsOf::Revision(2)), (3, 2, 2));
    assert_eq!(then(at(10)), (5, 1, 4));
    assert_eq!(then(at(99)), (6, 2, 6));
    assert_eq!(DistrictReader::open(&path).unwrap().check().unwrap(), []);
}

/// Takes out what the format with readings added.
pub const WITHOUT_READINGS: &str = "
    DROP VIEW air_hour; DROP TABLE shapan_reading; DROP TABLE shapan_delivery; DROP TABLE shapan_place;
    DELETE FROM gpkg_contents WHERE table_name IN ('shapan_reading', 'air_hour');
    DELETE FROM gpkg_extensions WHERE table_name IN ('shapan_place', 'shapan_delivery');";

/// The journal as programs before the hashes wrote it.
pub fn aged(path: &Path) {
    let db = forger(path);
    db.execute_batch(WITHOUT_READINGS).unwrap();
    db.execute_batch(
        "CREATE TABLE older (revision INTEGER PRIMARY KEY, at DATETIME NOT NULL, actor TEXT NOT NULL,
             cause TEXT NOT NULL CHECK (cause IN ('do', 'undo', 'redo', 'outside')),
             kind TEXT NOT NULL, target INTEGER, created INTEGER NOT NULL, updated INTEGER NOT NULL,
             deleted INTEGER NOT NULL, note TEXT NOT NULL);
         INSERT INTO older SELECT revision, at, actor, cause, kind, target, created, updated, deleted,
             note FROM shapan_journal WHERE cause <> 'event';
         PRAGMA legacy_alter_table = ON;
         DROP TABLE shapan_journal; ALTER TABLE older RENAME TO shapan_journal;
         UPDATE shapan_meta SET value = '2' WHERE key = 'format';",
    )
    .unwrap();
}

#[test]
fn an_older_journal_is_read_as_it_is_and_gets_its_hashes_with_the_first_write_after_a_copy() {
    let folder = folder();
    let (at, path) = (folder.path(), folder.path().join("a.gpkg"));
    worked_on(&path);
    aged(&path);
    let bytes = std::fs::read(&path).unwrap();
    done(at, &["check", "a.gpkg"]);
    let history = done(at, &["history", "a.gpkg", "--json"]);
    assert!(history.contains("\"hash\": null"), "{history}");
    assert_eq!(run(at, &["seal", "a.gpkg"]).status.code(), Some(2));
    let asked = run(at, &["check", "a.gpkg", "--seal", "r3-0123456789ab"]);
    assert!(said(&asked).contains("无法核对存证码"), "{}", said(&asked));
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "looking changes no byte");

    let before = DistrictReader::open(&path).unwrap().history().unwrap();
    let mut store = Store::open(&path).unwrap();
    let after = store.history().unwrap();
    let kinds: Vec<EditKind> = after[before.len()..].iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [EditKind::Seal, EditKind::Attach, EditKind::Attach]);
    assert!(after.iter().all(|entry| entry.hash.is_some()));
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(shapan::store::JournalEntry { hash: None, ..new.clone() }, *old);
    }
    let step = store.undo(&stamp("张三")).unwrap().unwrap();
    assert_eq!(step.entry.revision, before.last().unwrap().revision, "the last edit, no event");
    drop(store);
    done(at, &["check", "a.gpkg"]);
    let copies = names_in(&at.join("a.backups"));
    assert!(copies.len() == 1 && copies[0].contains("format2"), "{copies:?}");
    let copy = restore::look(&at.join("a.backups").join(&copies[0])).unwrap();
    let LostEdits::Known(lost) = restore::lost_edits(&path, &copy) else { unreachable!() };
    let lost: Vec<Cause> = lost.iter().map(|entry| entry.cause).collect();
    assert_eq!(lost, [Cause::Undo], "the copy is of this district, though it has no hashes");

    // Written anew in a file that only claims to be older, hashes would hide what was done to it.
    let db = Connection::open(&path).unwrap();
    db.execute_batch(
        "UPDATE shapan_journal SET actor = '甲' WHERE revision = 1;
         UPDATE shapan_meta SET value = '2' WHERE key = 'format';",
    )
    .unwrap();
    drop(db);
    drop(Store::open(&path).unwrap());
    let check = run(at, &["check", "a.gpkg"]);
    assert!(said(&check).contains("第 1 号历史是第一条接不上的"), "{}", said(&check));
}

fn history(at: &Path) -> Vec<serde_json::Value> {
    serde_json::from_str(&done(at, &["history", "a.gpkg", "--json"])).unwrap()
}

#[test]
fn what_goes_out_is_journaled_with_who_and_what_and_papers_show_the_seal_of_their_records() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let seal = done(at, &["seal", "a.gpkg"]);
    let short = &seal[..seal.find('-').unwrap() + 13];
    let export =
        ["--by", "李四", "export", "a.gpkg", "out.csv", "--layer", "site", "--where", "kind=餐饮"];
    done(at, &export);
    done(at, &["render", "a.gpkg", "map.svg", "--size", "640x400"]);
    done(at, &["brief", "a.gpkg", "brief.txt"]);
    let plan = "秋冬季货车绕行方案(示例)";
    let notice = run(at, &["notice", "a.gpkg", plan, "notice.txt", "--date", "2026-11-25"]);
    assert!(matches!(notice.status.code(), Some(0 | 1)), "{}", complained(&notice));
    for paper in ["map.svg", "brief.txt", "notice.txt"] {
        let text = std::fs::read_to_string(at.join(paper)).unwrap();
        assert!(text.contains(&format!("存证码 {short}")), "{paper} of the same records");
    }
    assert!(done(at, &["check", "a.gpkg", "--seal", short]).contains("存证码吻合"));

    let rows = history(at);
    let told: Vec<(&str, &str)> = rows[1..]
        .iter()
        .map(|row| (row["kind"].as_str().unwrap(), row["note"].as_str().unwrap()))
        .collect();
    let kinds: Vec<&str> = told.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, ["export", "paper", "paper", "paper"]);
    let note = told[0].1;
    assert!(note.starts_with("out.csv · site ") && note.contains(" · kind=餐饮 · "), "{note}");
    assert!(note.ends_with(short), "{note}");
    assert!(told[3].1.contains(plan), "{}", told[3].1);
    assert_eq!((&rows[1]["actor"], &rows[1]["cause"]), (&"李四".into(), &"event".into()));

    let bytes = std::fs::read(at.join("a.gpkg")).unwrap();
    for looking in [
        &["rings", "a.gpkg", "--count"][..],
        &["check", "a.gpkg"],
        &["seal", "a.gpkg"],
        &["history", "a.gpkg"],
        &["history", "a.gpkg", "--xlsx", "history.xlsx"],
    ] {
        done(at, looking);
    }
    assert_eq!(std::fs::read(at.join("a.gpkg")).unwrap(), bytes, "looking changes no byte");
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(at.join("history.xlsx")).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let cells: Vec<String> = sheet.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    for row in &rows {
        for key in ["hash", "note", "actor"] {
            let text = row[key].as_str().unwrap();
            assert!(cells.iter().any(|cell| cell == text), "{key} {text}");
        }
    }
    done(at, &["undo", "a.gpkg"]);
    assert_eq!(history(at).last().unwrap()["target"], 1, "an event is no step");
}

#[test]
fn a_district_that_cannot_be_written_to_goes_out_all_the_same_and_that_is_said() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    // An older file is copied before it is written to, and here nothing can be copied.
    aged(&at.join("a.gpkg"));
    std::fs::write(at.join("a.backups"), "no folder").unwrap();
    let bytes = std::fs::read(at.join("a.gpkg")).unwrap();
    let export = run(at, &["export", "a.gpkg", "out.csv", "--layer", "site"]);
    assert_eq!(export.status.code(), Some(0));
    assert!(complained(&export).contains("已写出，但未能记入历史"), "{}", complained(&export));
    assert!(at.join("out.csv").exists());
    assert_eq!(std::fs::read(at.join("a.gpkg")).unwrap(), bytes);
    let brief = run(at, &["--lang", "en", "brief", "a.gpkg", "brief.txt"]);
    assert!(complained(&brief).contains("written, but not journaled"), "{}", complained(&brief));
}

#[test]
fn a_meeting_records_the_seal_of_what_it_was_called_about_and_its_minutes_show_both() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let short = |seal: String| seal[..seal.find('-').unwrap() + 13].to_owned();
    let then = short(done(at, &["seal", "a.gpkg"]));
    let made = done(at, &["meeting", "a.gpkg", "--new", "--date", "2026-11-27", "--json"]);
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    let now = short(done(at, &["seal", "a.gpkg"]));
    let id = made["id"].as_str().unwrap();
    done(at, &["brief", "a.gpkg", "--meeting", id, "minutes.txt"]);
    let text = std::fs::read_to_string(at.join("minutes.txt")).unwrap();
    assert!(text.contains(&format!("存证码 {now}　会议筹备时 {then}")), "{text}");
}
