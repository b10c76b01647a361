//! What goes wrong is told in our words: nothing of a library and nothing of the system's own English
//! reaches the terminal.

use std::io::Write as _;
use std::path::Path;

use crate::support::{
    assert_own_words, complained, done, file, folder, names_in, run, said, shapan,
};

const LANGUAGES: [&str; 2] = ["zh", "en"];

/// What a command says that cannot do what it is asked, in both languages.
fn refused(at: &Path, arguments: &[&str]) -> String {
    let mut all = String::new();
    for lang in LANGUAGES {
        let output = run(at, &[arguments, &["--lang", lang]].concat());
        let words = format!("{}{}", said(&output), complained(&output));
        assert_ne!(output.status.code(), Some(0), "{arguments:?}: {words}");
        assert_own_words(&words, &format!("{arguments:?} in {lang}"));
        all.push_str(&words);
    }
    all
}

/// Broken in the middle, and of another kind than its name says.
fn broken_files(at: &Path) -> Vec<String> {
    done(at, &["sample", "s.gpkg"]);
    for name in
        ["o.csv", "o.xlsx", "o.ods", "o.geojson", "o.kml", "o.kmz", "o.gpkg", "o.zip", "o.shp.zip"]
    {
        run(at, &["export", "s.gpkg", name]);
    }
    let mut files = Vec::new();
    for name in names_in(at).into_iter().filter(|name| name.starts_with("o.")) {
        let whole = std::fs::read(at.join(&name)).unwrap();
        if whole.is_empty() {
            continue;
        }
        let cut = name.replacen("o.", "cut.", 1);
        files.push(file(at, &cut, &whole[..whole.len() / 2]));
        let mut bitten = whole.clone();
        let middle = bitten.len() / 2;
        for byte in &mut bitten[middle..(middle + 64).min(whole.len())] {
            *byte ^= 0x5a;
        }
        files.push(file(at, &name.replacen("o.", "bitten.", 1), bitten));
    }
    for (name, content) in [
        ("a.xlsx", &b"PK\x03\x04 and no zip"[..]),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no workbook"),
        ("a.ods", b"PK\x05\x06"),
        ("a.kml", b"<kml><Document><Placemark></Document></kml>"),
        ("b.kml", b"<kml><Placemark><name>&#xZZ;</name>"),
        ("a.kmz", b"PK\x03\x04"),
        ("a.gpx", b"<gpx><wpt lat='x' lon='1'></wpx></gpx>"),
        ("a.geojson", b"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":3,}]}"),
        (
            "b.geojson",
            b"{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[\"a\",{}]}}",
        ),
        ("a.osm", b"<osm><node id='1' lat='a' lon='b'></osm>"),
        ("a.osm.pbf", b"\0\0\0\x0dno pbf at all"),
        ("a.gpkg", b"SQLite format 3\0 and nothing of it"),
        ("a.shp", b"no shapefile"),
        ("a.zip", b"PK\x03\x04\x14\0\0\0\x08\0broken"),
        ("a.shapan", b"PK\x03\x04\x14\0\0\0\x08\0broken"),
        ("a.csv", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"),
        ("latin.csv", b"nom,adresse\nCaf\xe9,S\xe3o Jo\xe3o\nM\xfcller,Stra\xdfe\n"),
    ] {
        files.push(file(at, name, content));
    }
    files
}

#[test]
fn a_broken_file_is_refused_in_our_words() {
    let folder = folder();
    let at = folder.path();
    let files = broken_files(at);
    assert!(files.len() > 25, "{files:?}");
    for name in &files {
        for lang in LANGUAGES {
            done_or_not(at, &["import", "s.gpkg", name, "--dry-run", "--lang", lang]);
            done_or_not(at, &["import", "s.gpkg", name, "--dry-run", "--json", "--lang", lang]);
        }
    }
    for command in [
        &["import", "s.gpkg", "a.csv"][..],
        &["receive", "s.gpkg", "a.shapan"],
        &["import", "s.gpkg", "latin.csv"],
        &["render", "s.gpkg", "m.svg", "--basemap", "a.gpkg"],
        &["check", "a.gpkg"],
        &["apply", "a.gpkg", "a.csv"],
        &["apply", "s.gpkg", "a.geojson"],
        &["restore", "a.gpkg"],
    ] {
        refused(at, command);
    }
}

/// Whatever becomes of it, it is said in our words.
fn done_or_not(at: &Path, arguments: &[&str]) {
    let output = run(at, arguments);
    let words = format!("{}{}", said(&output), complained(&output));
    assert_own_words(&words, &format!("{arguments:?}"));
}

#[test]
fn a_place_that_cannot_be_written_or_read_is_refused_in_our_words() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "s.gpkg"]);
    std::fs::create_dir(at.join("d")).unwrap();
    file(at, "plain", "x");
    let long = format!("{}.gpkg", "长".repeat(120));
    for command in [
        &["new", "nowhere/a.gpkg"][..],
        &["new", "plain/a.gpkg"],
        &["new", &long],
        &["check", "none.gpkg"],
        &["check", "d"],
        &["check", "plain"],
        &["import", "s.gpkg", "none.csv"],
        &["import", "s.gpkg", "d"],
        &["import", "s.gpkg", "plain"],
        &["export", "s.gpkg", "nowhere/o.csv"],
        &["export", "s.gpkg", "plain/o.xlsx"],
        &["export", "s.gpkg", "d"],
        &["backup", "s.gpkg", "nowhere/b.gpkg"],
        &["brief", "s.gpkg", "nowhere/b.docx"],
        &["render", "s.gpkg", "nowhere/m.png"],
        &["apply", "s.gpkg", "none.jsonl"],
    ] {
        refused(at, command);
    }
}

#[test]
fn tables_of_the_office_that_are_wrong_are_told_in_our_words() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "s.gpkg"]);
    let settings = at.join("home");
    std::fs::create_dir_all(&settings).unwrap();
    for content in
        ["{ broken", r#"{"sweeping": 3}"#, r#"{"truck_speeds": {"rows": 3}}"#, r#"{"holidays": 1}"#]
    {
        std::fs::File::create(settings.join("office.json"))
            .unwrap()
            .write_all(content.as_bytes())
            .unwrap();
        let mut command = shapan();
        command.current_dir(at).args(["history", "s.gpkg"]);
        let output = command.env("SHAPAN_HOME", &settings).output().unwrap();
        let words = complained(&output);
        assert!(words.contains("未使用"), "{content}: {words}");
        assert_own_words(&words, content);
    }
}

/// A file that may not grow beyond four kilobytes stands for a full disk.
#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_is_told_in_our_words_by_every_format() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "s.gpkg"]);
    for (command, name) in [
        // A workbook grows in a temporary file, whose end rust_xlsxwriter 0.102 meets with a panic.
        ("export", "o.csv"),
        ("export", "o.geojson"),
        ("export", "o.kmz"),
        ("export", "o.shp.zip"),
        ("export", "o.gpkg"),
        ("backup", "b.gpkg"),
        ("brief", "o.docx"),
        ("brief", "o.pdf"),
        ("render", "o.png"),
        ("render", "o.svg"),
    ] {
        let program = shapan().get_program().to_owned();
        let limited = "trap '' XFSZ; ulimit -f 8; exec \"$@\"";
        let output = std::process::Command::new("sh")
            .current_dir(at)
            .args(["-c", limited, "sh"])
            .arg(program)
            .args([command, "s.gpkg", name])
            .output()
            .unwrap();
        let words = format!("{}{}", said(&output), complained(&output));
        assert_eq!(output.status.code(), Some(2), "{command} {name}: {words}");
        assert_own_words(&words, &format!("{command} {name}"));
        assert!(!at.join(name).exists(), "{command} {name}: half a file");
    }
}
