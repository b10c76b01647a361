//! The house of `src/lib.rs` as a test: who may use whom, which room may know which crate, how
//! long a file may be.

use std::fs;
use std::path::{Path, PathBuf};

/// Room, and the rooms below it that it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("codec", &[]),
    ("files", &[]),
    ("geodesy", &[]),
    ("jobs", &[]),
    ("text", &[]),
    ("domain", &["geodesy", "text"]),
    ("basemap", &["codec", "files", "geodesy", "text"]),
    ("analysis", &["domain", "geodesy"]),
    ("network", &["domain", "geodesy"]),
    ("store", &["codec", "domain", "files", "geodesy"]),
    ("exchange", &["codec", "domain", "files", "geodesy"]),
    ("sample", &["domain", "geodesy"]),
    ("map", &["analysis", "basemap", "codec", "domain", "geodesy"]),
    ("settings", &["domain", "files"]),
    (
        "report",
        &["analysis", "basemap", "codec", "domain", "exchange", "geodesy", "map", "network"],
    ),
    (
        "cli",
        &[
            "analysis", "basemap", "domain", "exchange", "files", "geodesy", "map", "network",
            "report", "sample", "settings", "store",
        ],
    ),
    (
        "ui",
        &[
            "analysis", "basemap", "codec", "domain", "exchange", "files", "geodesy", "jobs",
            "map", "network", "report", "sample", "settings", "store",
        ],
    ),
];

/// Crate, and the only places that may know it.
const KNOWN_ONLY_BY: &[(&str, &[&str])] = &[
    ("rusqlite", &["store/", "basemap/", "exchange/formats/gpkg"]),
    ("clap", &["cli/"]),
    ("geographiclib_rs", &["geodesy/"]),
    ("geo_index", &["geodesy/"]),
    ("calamine", &["exchange/formats/"]),
    ("csv", &["exchange/formats/", "cli/"]),
    ("rust_xlsxwriter", &["exchange/formats/", "report/xlsx"]),
    ("base64", &["report/html", "map/svg"]),
    ("zip", &["exchange/formats/"]),
    ("quick_xml", &["exchange/formats/", "map/"]),
    ("tiny_skia", &["map/"]),
    ("krilla", &["map/", "report/pdf"]),
    ("ttf_parser", &["map/"]),
    ("image", &["map/", "basemap/", "exchange/photo"]),
    ("exif", &["exchange/photo"]),
    ("lz4_flex", &["store/"]),
    ("egui", &["ui/"]),
    ("eframe", &["ui/"]),
    ("egui_plot", &["ui/meeting/"]),
    ("walkers", &["ui/canvas/"]),
    ("rfd", &["ui/"]),
    ("ureq", &["basemap/online"]),
    ("pinyin", &["analysis/search"]),
    ("opening_hours", &["network/hours"]),
    ("opening_hours_syntax", &["network/hours"]),
    ("docx_rs", &["report/docx"]),
    ("chrono", &["network/hours"]),
];

/// Only these may ask for the time, for chance or for the environment.
const EDGE: &[&str] = &["settings/"];
const EDGE_ONLY: &[&str] = &["SystemTime::now", "Timestamp::now", "std::env::", "RandomState"];

const LONGEST_FILE: usize = 600;

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut waiting = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test(&path)
            {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    found.sort();
    found
}

/// Files that only tests are made of: they may look wherever their oracle is.
fn is_test(path: &Path) -> bool {
    let stem = path.file_stem().unwrap().to_string_lossy();
    ["tests", "testing", "round_trip"].contains(&stem.as_ref())
}

/// A path as the tables above write it, also on Windows.
fn plain(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Lines of code, numbered: no comments, and nothing after the unit tests begin.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(text.lines())
        .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn room(path: &str) -> &str {
    path.split('/').next().unwrap().trim_end_matches(".rs")
}

#[test]
fn rooms_use_only_rooms_below_them() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let path = plain(&path);
        let here = room(&path);
        if ["lib", "main"].contains(&here) {
            continue;
        }
        let Some((_, below)) = MAY_USE.iter().find(|(room, _)| *room == here) else {
            broken.push(format!("src/{path}: `{here}` is not in the table"));
            continue;
        };
        for (number, line) in code(&text) {
            for used in line.split("crate::").skip(1) {
                let used: String =
                    used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let is_room = MAY_USE.iter().any(|(room, _)| *room == used);
                if is_room && used != here && !below.contains(&used.as_str()) {
                    broken.push(format!("src/{path}:{number}: `{here}` may not use `{used}`"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Inside `exchange`: a part, and the parts that it may not know. Formats know bytes and no
/// meaning, meaning knows rows and no bytes; what stands between them knows neither.
const EXCHANGE_MAY_NOT_USE: &[(&str, &[&str])] = &[
    ("formats/", &["meaning", "write", "rejected", "jsonl"]),
    ("meaning/", &["formats", "write", "rejected", "jsonl"]),
    ("cell.rs", &["formats", "meaning", "write", "table", "format"]),
    ("table.rs", &["formats", "meaning", "write", "format"]),
    ("format.rs", &["formats", "meaning", "write"]),
    ("header.rs", &["formats", "meaning", "write"]),
    ("write.rs", &["formats", "meaning"]),
];

#[test]
fn formats_and_meaning_know_nothing_of_one_another() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let path = plain(&path);
        let Some(inside) = path.strip_prefix("exchange/") else { continue };
        let rows = EXCHANGE_MAY_NOT_USE.iter().filter(|(part, _)| inside.starts_with(part));
        // Of a file of the room itself, `super` is the room; of `meaning/mod.rs` too.
        let is_child = inside.trim_end_matches("/mod.rs").split('/').count() == 1;
        for ((_, not), (number, line)) in
            rows.flat_map(|row| code(&text).map(move |line| (row, line)))
        {
            let line = if is_child { line.replace("super::", "exchange::") } else { line.into() };
            for used in line.split("exchange::").skip(1) {
                let mut names = used.split(|c: char| !c.is_alphanumeric() && c != '_');
                let first = if used.starts_with('{') { usize::MAX } else { 1 };
                if let Some(name) = names.by_ref().take(first).find(|name| not.contains(name)) {
                    broken.push(format!("src/{path}:{number}: may not use `exchange::{name}`"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn crates_stay_in_their_rooms() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let path = plain(&path);
        for (number, line) in code(&text) {
            for (name, places) in KNOWN_ONLY_BY {
                let uses = line.trim_start().starts_with(&format!("use {name}::"))
                    || line.contains(&format!(" {name}::"))
                    || line.contains(&format!("({name}::"))
                    || line.contains(&format!("<{name}::"));
                let is_own_module = line.contains(&format!("mod {name}"));
                if uses && !is_own_module && !places.iter().any(|place| path.starts_with(place)) {
                    broken
                        .push(format!("src/{path}:{number}: `{name}` is known only by {places:?}"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn time_chance_and_environment_come_in_at_the_edge() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let path = plain(&path);
        if EDGE.iter().any(|edge| path.starts_with(edge)) {
            continue;
        }
        for (number, line) in code(&text) {
            if let Some(word) = EDGE_ONLY.iter().find(|word| line.contains(**word)) {
                broken.push(format!("src/{path}:{number}: {word}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn no_file_is_too_long_to_read() {
    let long: Vec<String> = sources()
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .map(|(path, lines)| format!("src/{} has {lines} lines", plain(&path)))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn the_table_in_the_crate_docs_is_this_table() {
    let docs =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for (room, below) in MAY_USE {
        let row = docs.lines().find(|line| line.contains(&format!("[`{room}`]")));
        let row = row.unwrap_or_else(|| panic!("src/lib.rs does not describe `{room}`"));
        let column = row.split('|').nth(4).unwrap().trim();
        let named: Vec<&str> = column.split(", ").filter(|name| *name != "—").collect();
        assert_eq!(&named, below, "the row of `{room}` in src/lib.rs");
    }
}

#[test]
fn the_top_level_stays_small() {
    let allowed =
        ["Cargo.toml", "Cargo.lock", "README.md", "src", "assets", "tests", "benches", "target"];
    let surplus: Vec<String> = fs::read_dir(env!("CARGO_MANIFEST_DIR"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.') && !name.starts_with("LICENSE"))
        .filter(|name| !allowed.contains(&name.as_str()))
        .collect();
    assert!(surplus.is_empty(), "{surplus:?}");
}
