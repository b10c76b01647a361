//! The file at the door: what is opened, what is refused, and in which words.

use std::path::Path;

use crate::support::{applied, complained, done, file, folder, run};

fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    complained(&output)
}

#[test]
fn what_is_no_district_file_gets_its_own_message() {
    let folder = folder();
    let at = folder.path();
    file(at, "empty.gpkg", "");
    file(at, "text.gpkg", "这不是数据库".repeat(50));
    file(at, "short.gpkg", b"SQLite format 3\0");
    rusqlite::Connection::open(at.join("other.gpkg"))
        .unwrap()
        .execute_batch("CREATE TABLE t (x)")
        .unwrap();
    assert!(refused(at, &["check", "absent.gpkg"]).contains("找不到文件"));
    for (name, reason) in [
        ("empty.gpkg", "the file is empty"),
        ("text.gpkg", "not an SQLite database"),
        ("short.gpkg", "ends within its header"),
        ("other.gpkg", "no records of ours"),
    ] {
        let said = refused(at, &["check", name]);
        assert!(said.contains("不是沙盘的区域文件") && said.contains(reason), "{said}");
    }
    assert!(refused(at, &["--lang", "en", "check", "text.gpkg"]).contains("not a district file"));
}

#[test]
fn a_file_of_a_newer_version_is_refused_unread_and_unchanged() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let db = rusqlite::Connection::open(at.join("a.gpkg")).unwrap();
    db.execute_batch("UPDATE shapan_meta SET value = '99' WHERE key = 'format'").unwrap();
    drop(db);
    let bytes = std::fs::read(at.join("a.gpkg")).unwrap();
    for command in ["check", "history", "undo"] {
        assert!(refused(at, &[command, "a.gpkg"]).contains("更新版本"));
    }
    assert_eq!(std::fs::read(at.join("a.gpkg")).unwrap(), bytes);
}

#[test]
fn a_file_that_lacks_a_column_is_copied_and_then_brought_up_to_date() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let db = rusqlite::Connection::open(at.join("a.gpkg")).unwrap();
    db.execute_batch(
        "DROP TRIGGER shapan_camera_updated; DROP TRIGGER shapan_camera_deleted;
         ALTER TABLE camera DROP COLUMN owner; ALTER TABLE shapan_before_camera DROP COLUMN owner;",
    )
    .unwrap();
    drop(db);
    assert_eq!(
        applied(at, "a.gpkg", r#"{"op":"create","layer":"camera","name":"卡口","owner":"交警"}"#),
        "ok 1\n"
    );
    done(at, &["check", "a.gpkg"]);
    assert_eq!(std::fs::read_dir(at.join("a.backups")).unwrap().count(), 1);
}

/// As the program made it before there were plans, and before restrictions had waypoints.
#[test]
fn an_older_file_is_read_as_it_is_and_brought_up_to_date_by_the_first_edit() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let db = rusqlite::Connection::open(at.join("a.gpkg")).unwrap();
    let sql = |query: &str| -> Vec<String> {
        let mut query = db.prepare(query).unwrap();
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name";
    for name in sql(&format!("{triggers} IN ('plan', 'restriction')")) {
        db.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    for table in ["restriction", "shapan_before_restriction"] {
        db.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN waypoints")).unwrap();
    }
    db.execute_batch(
        "DROP TABLE plan; DROP TABLE shapan_before_plan; DROP TABLE RTREE_plan_geom;
         DELETE FROM gpkg_geometry_columns WHERE table_name = 'plan';
         DELETE FROM gpkg_contents WHERE table_name = 'plan';
         DELETE FROM gpkg_extensions WHERE table_name IN ('plan', 'shapan_before_plan');",
    )
    .unwrap();
    drop(db);
    let bytes = std::fs::read(at.join("a.gpkg")).unwrap();
    for arguments in [
        &["rings", "a.gpkg", "--count"][..],
        &["history", "a.gpkg"],
        &["plan", "a.gpkg", "--list"],
        &["seal", "a.gpkg"],
    ] {
        done(at, arguments);
    }
    assert_eq!(std::fs::read(at.join("a.gpkg")).unwrap(), bytes, "reading changes no byte");

    assert_eq!(
        applied(at, "a.gpkg", r#"{"op":"create","layer":"plan","name":"方案一"}"#),
        "ok 2\n"
    );
    assert_eq!(std::fs::read_dir(at.join("a.backups")).unwrap().count(), 1);
    done(at, &["plan", "a.gpkg", "--list"]);
}

#[test]
fn a_new_file_never_replaces_an_old_one() {
    let folder = folder();
    file(folder.path(), "a.gpkg", "mine");
    assert!(refused(folder.path(), &["new", "a.gpkg"]).contains("文件已存在"));
    assert_eq!(std::fs::read(folder.path().join("a.gpkg")).unwrap(), b"mine");
}

#[test]
fn reading_leaves_the_bytes_and_the_folder_as_they_were() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    applied(at, "a.gpkg", r#"{"op":"create","layer":"site","name":"点","lon":118.1,"lat":39.8}"#);
    let bytes = std::fs::read(at.join("a.gpkg")).unwrap();
    for arguments in [&["check", "a.gpkg"], &["history", "a.gpkg"]] {
        done(at, arguments);
    }
    assert_eq!(std::fs::read(at.join("a.gpkg")).unwrap(), bytes);
    assert_eq!(std::fs::read_dir(at).unwrap().count(), 2, "nothing is left beside it");
}

#[test]
fn a_locked_file_is_waited_for_and_then_named() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let db = rusqlite::Connection::open(at.join("a.gpkg")).unwrap();
    db.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let edit = file(at, "e.jsonl", r#"{"op":"create","layer":"site","name":"点"}"#);
    assert!(refused(at, &["apply", "a.gpkg", &edit]).contains("另一程序正在写入"));
}

#[test]
fn damage_is_found_and_named() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let mut bytes = std::fs::read(at.join("a.gpkg")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0x5a);
    file(at, "a.gpkg", bytes);
    let output = run(at, &["check", "a.gpkg"]);
    assert_eq!(output.status.code(), Some(1), "{}", complained(&output));
}

#[test]
fn ten_dated_copies_are_kept() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "a.gpkg"]);
    let mut copies = Vec::new();
    for _ in 0..12 {
        copies.push(done(at, &["backup", "a.gpkg"]).trim().to_owned());
    }
    assert_eq!(std::fs::read_dir(at.join("a.backups")).unwrap().count(), 10);
    assert!(at.join(copies.last().unwrap()).exists());
    assert!(!at.join(&copies[0]).exists());
    assert!(refused(at, &["backup", "a.gpkg", copies.last().unwrap()]).contains("文件已存在"));
}
