//! What the file promises: beside programs that know nothing of the journal, and when it is damaged.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use shapan::domain::{Change, EditKind, Kind};
use shapan::store::{DistrictReader, Size, Store};

use crate::peers::ask;
use crate::seats::outside;
use crate::support::{
    applied, complained, done, file, folder, ids, names_in, record, run, said, stamp,
};

/// Sites without a place, so that plain SQL may touch them.
fn sites(at: &Path, codes: &[&str]) {
    done(at, &["new", "a.gpkg"]);
    for code in codes {
        let line = format!(r#"{{"op":"create","layer":"site","code":"{code}","name":"点{code}"}}"#);
        applied(at, "a.gpkg", &line);
    }
}

fn history(at: &Path) -> Vec<Json> {
    serde_json::from_str(&done(at, &["history", "a.gpkg", "--json"])).unwrap()
}

fn phone(code: &str) -> String {
    format!(r#"{{"op":"update","layer":"site","code":"{code}","phone":"1"}}"#)
}

#[test]
fn a_row_number_that_is_given_again_is_a_deletion_and_a_creation() {
    let folder = folder();
    let at = folder.path();
    sites(at, &["S1", "S2"]);
    outside(
        &at.join("a.gpkg"),
        "DELETE FROM site WHERE code = 'S2'; INSERT INTO site (code, name) VALUES ('N1', '新');",
    );
    assert_eq!(applied(at, "a.gpkg", &phone("N1")), "ok 4\n", "it is edited at once");
    let row = &history(at)[2];
    let counts = ["created", "updated", "deleted"].map(|key| row[key].as_u64().unwrap());
    assert_eq!(counts, [1, 0, 1]);
    done(at, &["check", "a.gpkg"]);
    assert!(done(at, &["--as-of", "r2", "rings", "a.gpkg", "--count"]).lines().count() < 100);
    let reader = DistrictReader::open(&at.join("a.gpkg")).unwrap();
    let then = reader.load_as_of(shapan::store::AsOf::Revision(2)).unwrap();
    let codes: Vec<_> = then.table(Kind::Site).iter().map(|site| site.code().unwrap()).collect();
    assert_eq!(codes, ["S1", "S2"]);
    for _ in 0..4 {
        done(at, &["undo", "a.gpkg"]);
        done(at, &["check", "a.gpkg"]);
    }
    for _ in 0..4 {
        done(at, &["redo", "a.gpkg"]);
        done(at, &["check", "a.gpkg"]);
    }
}

/// A place that was free and is taken again after a revision is a new record too.
#[test]
fn no_two_records_of_another_program_ever_have_one_id() {
    let folder = folder();
    let at = folder.path();
    sites(at, &["S1"]);
    let mut seen = std::collections::BTreeSet::new();
    for round in 0..3 {
        let code = format!("N{round}");
        outside(
            &at.join("a.gpkg"),
            &format!(
                "DELETE FROM site WHERE fid > 1; INSERT INTO site (code, name) VALUES ('{code}', '新')"
            ),
        );
        applied(at, "a.gpkg", &phone(&code));
        let world = DistrictReader::open(&at.join("a.gpkg")).unwrap().load().unwrap();
        assert!(seen.insert(world.table(Kind::Site).by_code(&code).unwrap().id));
        done(at, &["check", "a.gpkg"]);
    }
}

#[test]
fn a_pasted_record_with_a_foreign_or_a_doubled_id_gets_its_own_and_is_edited() {
    let folder = folder();
    let at = folder.path();
    sites(at, &["S1"]);
    outside(
        &at.join("a.gpkg"),
        "INSERT INTO site (id, code, name) SELECT id || '_1', 'P1', '贴' FROM site WHERE code = 'S1';
         INSERT INTO site (id, code, name) SELECT upper(id), 'P2', '贴' FROM site WHERE code = 'S1';
         INSERT INTO site (id, code, name) VALUES ('', 'P3', '贴');
         INSERT INTO gate (id, code, name) SELECT id, 'G1', '贴' FROM site WHERE code = 'S1';",
    );
    let world = DistrictReader::open(&at.join("a.gpkg")).unwrap().load().unwrap();
    assert_eq!(world.len(), 5, "all of them are seen before anything is journaled");
    for (code, answer) in [("P1", "ok 3\n"), ("P2", "ok 4\n"), ("P3", "ok 5\n"), ("S1", "ok 6\n")] {
        assert_eq!(applied(at, "a.gpkg", &phone(code)), answer);
    }
    let gate = r#"{"op":"update","layer":"gate","code":"G1","name":"门"}"#;
    assert_eq!(applied(at, "a.gpkg", gate), "ok 7\n");
    assert!(history(at)[1]["note"].as_str().unwrap().contains("3 条的 id"), "{:?}", history(at)[1]);
    done(at, &["check", "a.gpkg"]);
    for _ in 0..7 {
        done(at, &["undo", "a.gpkg"]);
    }
    done(at, &["check", "a.gpkg"]);
}

#[test]
fn gdal_deletes_the_newest_record_and_draws_another() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let statements = [
        "DELETE FROM site WHERE fid=83",
        "INSERT INTO site(geom,name) SELECT geom,'新' FROM site WHERE fid=1",
        "INSERT INTO site(geom,id,name) SELECT geom,id || '_1','贴' FROM site WHERE fid=1",
    ];
    for statement in statements {
        if ask(at, "ogrinfo", &["-q", "a.gpkg", "-sql", statement]).is_none() {
            return;
        }
    }
    assert_eq!(applied(at, "a.gpkg", &phone("SL-S002")), "ok 3\n");
    done(at, &["check", "a.gpkg"]);
    done(at, &["--as-of", "r1", "export", "a.gpkg", "then.csv", "--layer", "site"]);
    done(at, &["undo", "a.gpkg"]);
    done(at, &["undo", "a.gpkg"]);
    done(at, &["check", "a.gpkg"]);
}

#[test]
fn what_the_journal_does_not_explain_is_accepted_by_a_revision() {
    let folder = folder();
    let at = folder.path();
    sites(at, &["S1", "S2"]);
    outside(
        &at.join("a.gpkg"),
        "INSERT INTO shapan_writer DEFAULT VALUES;
         UPDATE site SET name = '偷改' WHERE code = 'S1';
         DELETE FROM site WHERE code = 'S2';
         INSERT INTO site (id, code, name) VALUES ('no id', 'S3', '偷加');
         DELETE FROM shapan_writer;",
    );
    assert_eq!(run(at, &["check", "a.gpkg"]).status.code(), Some(1));
    assert!(done(at, &["--lang", "en", "mend", "a.gpkg"]).contains("3 differences"));
    done(at, &["check", "a.gpkg"]);
    assert_eq!(history(at)[2]["kind"], "mend");
    assert!(done(at, &["--lang", "en", "mend", "a.gpkg"]).contains("nothing"));
    assert_eq!(applied(at, "a.gpkg", &phone("S3")), "ok 4\n");
    done(at, &["undo", "a.gpkg"]);
    done(at, &["undo", "a.gpkg"]);
    done(at, &["check", "a.gpkg"]);
}

#[test]
fn a_large_import_into_an_empty_layer_is_taken_back_and_done_again() {
    let folder = folder();
    let path = folder.path().join("a.gpkg");
    let mut ids = ids();
    let mut store = Store::create(&path).unwrap();
    let mut session = store.session(&stamp("张三"), Size::Many).unwrap();
    for number in 0..20_001 {
        let lon = 118.0 + f64::from(number) / 1e6;
        let site = record(&mut ids, Kind::Site, &format!("S{number}"), "点", Some((lon, 39.8)));
        session.write(&Change::create(site)).unwrap();
    }
    session.commit(EditKind::Import, None).unwrap();
    for _ in 0..2 {
        store.undo(&stamp("张三")).unwrap().unwrap();
        assert!(store.load().unwrap().is_empty());
        store.redo(&stamp("张三")).unwrap().unwrap();
    }
    assert_eq!(store.load().unwrap().len(), 20_001);
    assert_eq!(DistrictReader::open(&path).unwrap().check().unwrap(), []);
}

/// A district of two edits with a copy from between them.
fn with_copy(at: &Path) -> PathBuf {
    sites(at, &["S1"]);
    let copy = done(at, &["backup", "a.gpkg"]);
    applied(at, "a.gpkg", r#"{"op":"create","layer":"site","code":"S2","name":"晚"}"#);
    at.join(copy.trim())
}

fn damage(path: &Path, from: usize, bytes: usize) {
    let mut content = std::fs::read(path).unwrap();
    let end = content.len().min(from + bytes);
    content[from..end].fill(0x5a);
    std::fs::write(path, content).unwrap();
}

#[test]
fn a_damaged_district_comes_back_from_its_newest_good_copy_and_says_what_is_lost() {
    let folder = folder();
    let at = folder.path();
    let good = with_copy(at);
    let bad = good.with_file_name("a-20991231T000000000Z-backup.gpkg");
    std::fs::copy(&good, &bad).unwrap();
    damage(&bad, 8_192, 8_192);
    // What is beside it belongs to the damaged file and would destroy any other.
    std::fs::write(at.join("a.gpkg-wal"), "a log").unwrap();
    let district = at.join("a.gpkg");
    let listed = done(at, &["restore", "a.gpkg", "--json"]);
    let listed: Vec<Json> = serde_json::from_str(&listed).unwrap();
    assert_eq!([&listed[0]["is_whole"], &listed[1]["is_whole"]], [false, true]);
    assert_eq!(listed[1]["records"]["site"], 1);
    std::fs::remove_file(at.join("a.gpkg-wal")).unwrap();
    let listed = done(at, &["--lang", "en", "restore", "a.gpkg"]);
    assert!(listed.contains("1 records, revision 1") && listed.contains("without the 1 edits"));

    std::fs::write(at.join("a.gpkg-wal"), "a log").unwrap();
    damage(&district, 0, 100);
    let damaged = std::fs::read(&district).unwrap();
    let refused = run(at, &["apply", "a.gpkg"]);
    assert!(complained(&refused).contains("已损坏"), "{}", complained(&refused));
    assert_eq!(std::fs::read(&district).unwrap(), damaged, "not a byte was written");
    let answer = done(at, &["restore", "a.gpkg", "newest"]);
    assert!(answer.contains("已恢复并校验"), "{answer}");
    done(at, &["check", "a.gpkg"]);
    assert_eq!(history(at).len(), 1);
    let aside: Vec<String> =
        names_in(at).into_iter().filter(|name| name.contains(".aside-")).collect();
    assert_eq!(aside.len(), 2, "{aside:?}");
    assert_eq!(std::fs::read(at.join(&aside[0])).unwrap(), damaged);
    assert_eq!(std::fs::read(at.join(&aside[1])).unwrap(), b"a log");
}

/// Reading the records meets none of it: each damage is met by the edit alone.
#[test]
fn an_edit_that_meets_damage_is_refused_and_leaves_every_byte_as_it_was() {
    let folder = folder();
    let at = folder.path();
    sites(at, &["S1", "S2"]);
    let district = at.join("a.gpkg");
    let whole = std::fs::read(&district).unwrap();
    file(at, "edits.jsonl", phone("S1"));
    file(at, "sites.csv", "code,name,lon,lat\nS9,九,118.15,39.83\n");
    let calls: [(&str, &[&str]); 5] = [
        ("site_id", &["apply", "a.gpkg", "edits.jsonl"]),
        ("gpkg_contents", &["apply", "a.gpkg", "edits.jsonl"]),
        ("shapan_change", &["apply", "a.gpkg", "edits.jsonl"]),
        ("site_code", &["undo", "a.gpkg"]),
        ("site_code", &["import", "a.gpkg", "sites.csv", "--crs", "wgs84"]),
    ];
    for (part, call) in calls {
        std::fs::write(&district, &whole).unwrap();
        let db = rusqlite::Connection::open(&district).unwrap();
        let root = "SELECT rootpage FROM sqlite_master WHERE name = ?1";
        let page: i64 = db.query_row(root, [part], |row| row.get(0)).unwrap();
        drop(db);
        damage(&district, (page as usize - 1) * 4096, 4096);
        let damaged = std::fs::read(&district).unwrap();
        let refused = run(at, call);
        let words = complained(&refused);
        assert_eq!(refused.status.code(), Some(2), "{part} {call:?}: {}", said(&refused));
        assert!(words.contains("已损坏"), "{part} {call:?}: {words}");
        assert!(std::fs::read(&district).unwrap() == damaged, "{part} {call:?} wrote into it");
        assert!(!at.join("a.gpkg-wal").exists(), "{part} {call:?}");
    }
}

#[test]
fn a_copy_that_is_damaged_is_not_put_in_the_place_of_anything() {
    let folder = folder();
    let at = folder.path();
    let copy = with_copy(at);
    damage(&copy, 8_192, 8_192);
    let before = std::fs::read(at.join("a.gpkg")).unwrap();
    let refused = run(at, &["restore", "a.gpkg", copy.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(run(at, &["restore", "a.gpkg", "newest"]).status.code(), Some(2));
    assert_eq!(std::fs::read(at.join("a.gpkg")).unwrap(), before);
    assert!(names_in(at).iter().all(|name| !name.contains("aside") && !name.contains("unfin")));
}

#[test]
fn a_backup_of_a_damaged_district_says_that_the_district_is_damaged() {
    let folder = folder();
    let at = folder.path();
    sites(at, &["S1"]);
    let district = at.join("a.gpkg");
    // An entry of an index that no row has: quick_check would not see it.
    let db = rusqlite::Connection::open(&district).unwrap();
    db.execute_batch(
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_master SET sql = replace(sql, '(code)', '(name)') WHERE name = 'site_code';",
    )
    .unwrap();
    drop(db);
    for arguments in [&["backup", "a.gpkg"][..], &["backup", "a.gpkg", "b.gpkg"]] {
        let refused = run(at, arguments);
        assert_eq!(refused.status.code(), Some(2));
        assert!(complained(&refused).contains("文件已损坏"), "{}", complained(&refused));
    }
    assert!(!at.join("b.gpkg").exists());
    assert!(names_in(&at.join("a.backups")).is_empty());
}

#[test]
fn a_restoration_waits_for_nobody_who_has_the_district_open() {
    let folder = folder();
    let at = folder.path();
    let copy = with_copy(at);
    let mut store = Store::open_session(&at.join("a.gpkg")).unwrap();
    let site = record(&mut ids(), Kind::Site, "S9", "点", None);
    store.apply(&shapan::domain::Edit::of(vec![Change::create(site)]), &stamp("李四")).unwrap();
    let refused = run(at, &["restore", "a.gpkg", copy.to_str().unwrap()]);
    if cfg!(unix) {
        assert!(complained(&refused).contains("正打开着"), "{}", complained(&refused));
    }
    assert_eq!(refused.status.code(), Some(2));
    drop(store);
    done(at, &["restore", "a.gpkg", copy.to_str().unwrap()]);
}

#[test]
#[expect(clippy::case_sensitive_file_extension_comparisons, reason = "we write it in lower case")]
fn what_killed_backups_left_is_swept_up_by_the_next() {
    let folder = folder();
    let at = folder.path();
    let copy = with_copy(at);
    let backups = copy.parent().unwrap();
    for name in ["a-1.gpkg.unfinished", "a-2.gpkg.unfinished", "a-2.gpkg.unfinished-lock"] {
        std::fs::write(backups.join(name), "half").unwrap();
    }
    done(at, &["backup", "a.gpkg"]);
    let left = names_in(backups);
    assert!(left.len() == 2 && left.iter().all(|name| name.ends_with(".gpkg")), "{left:?}");
}

#[test]
fn a_sample_is_there_whole_or_not_at_all() {
    let folder = folder();
    let at = folder.path();
    // Its lock cannot be taken: then there is no district, and not an empty one.
    std::fs::create_dir(at.join("a.gpkg.unfinished-lock")).unwrap();
    assert_eq!(run(at, &["sample", "a.gpkg"]).status.code(), Some(2));
    assert_eq!(names_in(at), ["a.gpkg.unfinished-lock"]);
    std::fs::remove_dir(at.join("a.gpkg.unfinished-lock")).unwrap();
    done(at, &["sample", "a.gpkg"]);
    assert_eq!(names_in(at), ["a.gpkg"]);
    assert!(said(&run(at, &["check", "a.gpkg"])).contains("文件完好"));
}

#[test]
fn what_can_be_read_of_a_damaged_district_goes_into_a_new_one() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let district = at.join("a.gpkg");
    let all = DistrictReader::open(&district).unwrap().load().unwrap().len();
    // A page in the middle of the sites: the journal still has what stood there.
    let db = rusqlite::Connection::open(&district).unwrap();
    let leaf = "SELECT pageno FROM dbstat WHERE name = 'site' AND pagetype = 'leaf' LIMIT 1";
    let page: Result<i64, _> = db.query_row(leaf, [], |row| row.get(0));
    // Without `dbstat` in this SQLite: the page after the root.
    let root = "SELECT rootpage + 1 FROM sqlite_master WHERE name = 'site'";
    let page = page.unwrap_or_else(|_| db.query_row(root, [], |row| row.get(0)).unwrap());
    drop(db);
    damage(&district, (page as usize - 1) * 4096, 4096);
    // And the header.
    damage(&district, 0, 100);
    let damaged = std::fs::read(&district).unwrap();
    let answer = run(at, &["restore", "a.gpkg", "b.gpkg", "--salvage", "--json"]);
    assert!(matches!(answer.status.code(), Some(0 | 1)), "{}", complained(&answer));
    let answer: Json = serde_json::from_str(&said(&answer)).unwrap();
    assert_eq!(answer["records"], all, "{answer}");
    assert!(answer["from_journal"].as_u64().unwrap() > 0, "{answer}");
    done(at, &["check", "b.gpkg"]);
    assert_eq!(std::fs::read(&district).unwrap(), damaged);
    // Of nothing, nothing is made.
    std::fs::write(at.join("c.gpkg"), vec![7; 40_960]).unwrap();
    assert_eq!(run(at, &["restore", "c.gpkg", "d.gpkg", "--salvage"]).status.code(), Some(2));
    assert!(!at.join("d.gpkg").exists());
}

#[test]
fn of_a_district_whose_list_of_tables_is_damaged_the_journal_still_tells_all() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let district = at.join("a.gpkg");
    let all = DistrictReader::open(&district).unwrap().load().unwrap().len();
    // The first page is the root of that list: of its pages the one that tells where the sites are.
    let bytes = std::fs::read(&district).unwrap();
    assert_eq!(bytes[100], 5, "the list does not fit its first page");
    let entry = b"tablesitesite";
    let found = bytes.windows(entry.len()).position(|part| part == entry).unwrap();
    damage(&district, found / 4096 * 4096, 4096);
    let answer = run(at, &["restore", "a.gpkg", "b.gpkg", "--salvage", "--json"]);
    assert_eq!(answer.status.code(), Some(1), "{}", complained(&answer));
    let answer: Json = serde_json::from_str(&said(&answer)).unwrap();
    assert_eq!(answer["records"], all, "{answer}");
    assert!(answer["from_journal"].as_u64().unwrap() > 0, "{answer}");
    let holes = answer["holes"].as_array().unwrap();
    assert!(holes.iter().any(|hole| hole["table"] == "site"), "{answer}");
    done(at, &["check", "b.gpkg"]);
}

#[test]
fn a_district_without_its_first_page_is_salvaged_by_the_other_pages_of_its_list_of_tables() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let district = at.join("a.gpkg");
    let all = DistrictReader::open(&district).unwrap().load().unwrap().len();
    damage(&district, 0, 4096);
    let answer = run(at, &["restore", "a.gpkg", "b.gpkg", "--salvage", "--json"]);
    assert!(matches!(answer.status.code(), Some(0 | 1)), "{}", complained(&answer));
    let answer: Json = serde_json::from_str(&said(&answer)).unwrap();
    assert_eq!(answer["records"], all, "{answer}");
    assert_eq!(answer["holes"], serde_json::json!([]), "{answer}");
    done(at, &["check", "b.gpkg"]);
}

#[test]
fn an_import_that_was_taken_back_gives_its_room_back() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let path = at.join("a.gpkg");
    let mut store = Store::open(&path).unwrap();
    let mut ids = ids();
    let changes = (0..200).map(|number| {
        let mut site = record(&mut ids, Kind::Site, &format!("S{number}"), "点", None);
        site.set("address", Some(shapan::domain::Value::text(&"长".repeat(9_000))));
        Change::create(site)
    });
    let edit = shapan::domain::Edit { kind: EditKind::Import, changes: changes.collect() };
    store.apply(&edit, &stamp("张三")).unwrap();
    store.undo(&stamp("张三")).unwrap();
    let before = store.room().unwrap();
    assert!(!store.compact(|| false).unwrap(), "given up");
    assert_eq!(store.room().unwrap(), before);
    assert!(store.compact(|| true).unwrap());
    let after = store.room().unwrap();
    assert!(before.free_bytes * 2 > before.bytes && after.free_bytes == 0, "{before:?} {after:?}");
    assert_eq!(store.history().unwrap().len(), 2);
    drop(store);
    done(at, &["compact", "a.gpkg"]);
    done(at, &["check", "a.gpkg"]);
}

/// Makes a pipe, where the system has such files.
fn has_pipe(path: &Path) -> bool {
    let made = || std::process::Command::new("mkfifo").arg(path).status();
    cfg!(unix) && made().is_ok_and(|made| made.success())
}

#[test]
fn what_cannot_be_opened_says_why_in_a_sentence_of_its_own() {
    let folder = folder();
    let at = folder.path();
    let long = format!("{}.gpkg", "长".repeat(100));
    let mut cases = vec![
        ("none.gpkg", "找不到文件"),
        ("none/a.gpkg", "没有这个文件夹"),
        (long.as_str(), "文件名过长"),
    ];
    if has_pipe(&at.join("pipe.gpkg")) {
        cases.push(("pipe.gpkg", "管道或设备"));
        let said = complained(&run(at, &["restore", "pipe.gpkg"]));
        assert!(said.contains("管道或设备"), "{said}");
    }
    for (name, words) in cases {
        for command in ["check", "undo"] {
            let said = complained(&run(at, &[command, name]));
            assert!(said.contains(words), "{command} {name}: {said}");
        }
    }
    done(at, &["new", "a.gpkg"]);
    std::fs::create_dir(at.join("folder.csv")).unwrap();
    let mut cases = vec![("folder.csv", "这是文件夹")];
    if has_pipe(&at.join("pipe.csv")) {
        cases.push(("pipe.csv", "管道或设备"));
        // A file would take the place of whatever reads from the pipe.
        let said = complained(&run(at, &["export", "a.gpkg", "pipe.csv"]));
        assert!(said.contains("管道或设备"), "{said}");
        assert!(!at.join("pipe.csv").is_file());
    }
    for (name, words) in cases {
        let said = complained(&run(at, &["import", "a.gpkg", name, "--crs", "wgs84"]));
        assert!(said.contains(words), "{name}: {said}");
    }
    let said = complained(&run(at, &["new", "none/a.gpkg"]));
    assert!(said.contains("没有这个文件夹"), "{said}");
}

#[test]
fn a_text_that_a_cell_of_excel_does_not_hold_is_named_with_its_record() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let long = "长".repeat(32_768);
    applied(
        at,
        "a.gpkg",
        &format!(
            r#"{{"op":"create","layer":"site","code":"S1","name":"一号工地","address":"{long}"}}"#
        ),
    );
    for (lang, words) in [("zh", "“一号工地”的"), ("en", "`一号工地` has 32768 characters")]
    {
        let refused = run(at, &["--lang", lang, "export", "a.gpkg", "out.xlsx"]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(complained(&refused).contains(words), "{}", complained(&refused));
    }
    assert!(!names_in(at).iter().any(|name| name.contains("out.xlsx")));
    done(at, &["export", "a.gpkg", "out.csv", "--layer", "site"]);
}
