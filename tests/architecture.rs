//! The house of `src/lib.rs` as a test: who may use whom, which room may know which crate, how
//! long a file may be.

use std::collections::{BTreeMap, BTreeSet};
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
    ("map", &["basemap", "codec", "domain", "geodesy"]),
    ("sample", &["analysis", "domain", "geodesy"]),
    ("settings", &["domain", "files"]),
    ("intake", &["analysis", "domain", "exchange", "files", "jobs", "settings", "store"]),
    ("report", &["analysis", "codec", "domain", "exchange", "geodesy", "map", "network"]),
    (
        "cli",
        &[
            "analysis", "basemap", "domain", "exchange", "files", "geodesy", "intake", "jobs",
            "map", "network", "report", "sample", "settings", "store",
        ],
    ),
    (
        "ui",
        &[
            "analysis", "basemap", "codec", "domain", "exchange", "files", "geodesy", "intake",
            "jobs", "map", "network", "report", "sample", "settings", "store",
        ],
    ),
];

/// Floors of `ui`, ground first: a module knows those on floors below its own, and no neighbour.
const UI_FLOORS: &[&[&str]] = &[
    &["command", "inbox", "theme"],
    &["model", "typing"],
    &["base"],
    &["action"],
    &["ctx", "derivation", "files"],
    &["feeding", "keeper", "widgets"],
    &["parts", "toasts"],
    &["bar", "card", "health", "kpi_bar", "layers"],
    &["canvas", "table"],
    &["dialogs"],
    &["air", "episodes", "ledger", "meeting", "planner"],
    &["keys"],
    &["app"],
    &["perform"],
];

/// Files of `ui` that name each other in a loop: so many may, where one is made of the others.
const LARGEST_LOOP: usize = 3;

/// Crate, and the only places that may know it.
const KNOWN_ONLY_BY: &[(&str, &[&str])] = &[
    ("rusqlite", &["store/", "basemap/", "exchange/formats/gpkg"]),
    ("clap", &["cli/"]),
    ("geographiclib_rs", &["geodesy/"]),
    ("calamine", &["exchange/formats/"]),
    ("csv", &["exchange/formats/", "cli/"]),
    ("rust_xlsxwriter", &["exchange/formats/", "report/xlsx"]),
    ("base64", &["report/html", "map/svg"]),
    ("zip", &["exchange/formats/", "exchange/package/"]),
    ("quick_xml", &["exchange/formats/"]),
    ("tiny_skia", &["map/"]),
    ("krilla", &["map/", "report/pdf"]),
    ("ttf_parser", &["map/"]),
    ("image", &["map/", "exchange/photo"]),
    ("exif", &["exchange/photo"]),
    ("lz4_flex", &["store/"]),
    ("sha2", &["store/", "exchange/package/"]),
    ("qrcodegen", &["report/ledger/patrol"]),
    ("egui", &["ui/"]),
    ("eframe", &["ui/"]),
    ("egui_plot", &["ui/air/", "ui/meeting/", "ui/widgets/plot"]),
    ("walkers", &["ui/canvas/"]),
    ("rfd", &["ui/"]),
    ("ureq", &["basemap/online", "intake/"]),
    ("pinyin", &["analysis/search"]),
    ("opening_hours", &["network/hours"]),
    ("opening_hours_syntax", &["network/hours"]),
    ("docx_rs", &["report/docx"]),
    ("chrono", &["network/hours"]),
    ("winsafe", &["files/share", "settings/"]),
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

/// Lines of code, numbered: no comments, and nothing of the module of unit tests.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_marked = false;
    let mut is_test = false;
    (1..)
        .zip(text.lines())
        .filter(move |(_, line)| {
            let is_module = is_marked && line.starts_with("mod ");
            is_test |= is_module && line.ends_with('{');
            is_marked = *line == "#[cfg(test)]" || is_marked && line.starts_with("#[");
            let is_code = !is_test && !is_module;
            is_test &= *line != "}";
            is_code
        })
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The module that a file is: `ui::canvas::tools`.
fn module(path: &str) -> Vec<String> {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// Every path of the crate that a file names, from the root: groups of `use` are spread out, and
/// whether it is handed on by `pub use`.
fn paths_in(path: &str, text: &str) -> Vec<(Vec<String>, bool)> {
    let here = module(path);
    let code: Vec<&str> = code(text).map(|(_, line)| line).collect();
    let code = code.join("\n");
    let children: Vec<&str> =
        code.lines().filter_map(|line| line.rsplit_once("mod ")?.1.strip_suffix(';')).collect();
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("::") {
        let head = code[..at].rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
        let before = &code[..at - head.len()];
        // `pub(in crate::ui)` says how far something is seen.
        if before.ends_with("::") || before.ends_with('$') || before.ends_with("(in ") {
            continue;
        }
        let start = match head {
            "crate" => Vec::new(),
            "self" => here.clone(),
            "super" => here[..here.len() - 1].to_vec(),
            child if children.contains(&child) => [here.clone(), vec![child.to_owned()]].concat(),
            _ => continue,
        };
        let is_handed_on = before.rsplit(['\n', ';']).next().unwrap().contains("pub use");
        let mut found = Vec::new();
        spread(start, &code[at + 2..], &mut found);
        paths.extend(found.into_iter().map(|path| (path, is_handed_on)));
    }
    paths
}

/// The paths of a tree such as `a::{b, c::{self, D}}`; gives back what follows it.
fn spread<'a>(start: Vec<String>, tree: &'a str, paths: &mut Vec<Vec<String>>) -> &'a str {
    let mut tree = tree.trim_start();
    if let Some(mut group) = tree.strip_prefix('{') {
        loop {
            group = spread(start.clone(), group, paths).trim_start();
            group = group.strip_prefix(',').unwrap_or(group).trim_start();
            if let Some(rest) = group.strip_prefix('}') {
                return rest;
            }
        }
    }
    let end = tree.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(tree.len());
    let (name, rest) = tree.split_at(end);
    tree = rest
        .trim_start()
        .strip_prefix("as ")
        .map_or(rest, |alias| alias.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'));
    let mut path = start;
    match name {
        "self" | "" => {}
        "super" => drop(path.pop()),
        name => path.push(name.to_owned()),
    }
    match tree.strip_prefix("::") {
        Some(rest) if !name.is_empty() => spread(path, rest, paths),
        _ => {
            paths.push(path);
            tree.strip_prefix('*').unwrap_or(tree)
        }
    }
}

/// Which file of `ui` names which: what a module hands on by `pub use` counts for where it comes
/// from.
fn ui_arrows() -> BTreeMap<String, BTreeSet<String>> {
    let sources: Vec<(String, String)> = sources()
        .into_iter()
        .map(|(path, text)| (plain(&path), text))
        .filter(|(path, _)| path.starts_with("ui/"))
        .collect();
    let files: BTreeMap<Vec<String>, &str> =
        sources.iter().map(|(path, _)| (module(path), path.as_str())).collect();
    let mut handed_on = BTreeMap::new();
    let mut named = Vec::new();
    for (path, text) in &sources {
        for (target, is_handed_on) in paths_in(path, text) {
            if is_handed_on && let Some(name) = target.last() {
                handed_on.insert([module(path), vec![name.clone()]].concat(), target.clone());
            }
            named.push((path, target));
        }
    }
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, mut target) in named {
        for _ in 0..4 {
            let whole =
                (1..=target.len()).rev().find(|end| handed_on.contains_key(&target[..*end]));
            let Some(end) = whole.filter(|end| !files.contains_key(&target[..*end])) else { break };
            target = [handed_on[&target[..end]].clone(), target[end..].to_vec()].concat();
        }
        let file = (1..=target.len()).rev().find_map(|end| files.get(&target[..end]));
        if let Some(file) = file.filter(|file| **file != path.as_str()) {
            arrows.entry(path.clone()).or_default().insert((*file).to_owned());
        }
    }
    arrows
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
        if ["lib", "main", "terminal"].contains(&here) {
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
    ("formats/", &["meaning", "write", "rejected", "jsonl", "package"]),
    ("meaning/", &["formats", "write", "rejected", "jsonl", "package"]),
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
fn modules_of_ui_know_only_floors_below_them() {
    let part = |path: &str| path.split('/').nth(1).unwrap().trim_end_matches(".rs").to_owned();
    let floor = |name: &str| UI_FLOORS.iter().position(|floor| floor.contains(&name));
    let mut broken = Vec::new();
    for (from, targets) in ui_arrows() {
        let here = part(&from);
        // What begins the window knows all of it, and nobody of it.
        if here == "mod" {
            continue;
        }
        let Some(own) = floor(&here) else {
            broken.push(format!("src/{from}: `{here}` is on no floor"));
            continue;
        };
        for to in targets {
            let there = part(&to);
            if there != here && floor(&there).is_none_or(|below| below >= own) {
                broken.push(format!("src/{from} (floor {own}) knows src/{to}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn files_of_ui_form_no_large_loop() {
    let arrows = ui_arrows();
    let reached = |from: &String| {
        let (mut seen, mut waiting) = (BTreeSet::new(), vec![from]);
        while let Some(file) = waiting.pop() {
            for next in arrows.get(file).into_iter().flatten() {
                if seen.insert(next) {
                    waiting.push(next);
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&String, _> = arrows.keys().map(|file| (file, reached(file))).collect();
    let loops: BTreeSet<Vec<&String>> = reached
        .iter()
        .map(|(file, others)| {
            let comes_back =
                |other: &&&String| reached.get(*other).is_some_and(|r| r.contains(file));
            others.iter().filter(comes_back).copied().collect()
        })
        .collect();
    let large: Vec<String> = loops
        .iter()
        .filter(|files| files.len() > LARGEST_LOOP)
        .map(|files| format!("{} files name each other: {files:?}", files.len()))
        .collect();
    assert!(large.is_empty(), "{}", large.join("\n"));
}

#[test]
fn every_allowance_is_used() {
    let mut unused: BTreeSet<String> = BTreeSet::new();
    for (room, below) in MAY_USE {
        unused.extend(below.iter().map(|used| format!("`{room}` does not use `{used}`")));
    }
    for (name, places) in KNOWN_ONLY_BY {
        unused.extend(places.iter().map(|place| format!("`{name}` is not known by {place}")));
    }
    for (path, text) in sources() {
        let path = plain(&path);
        for (target, _) in paths_in(&path, &text) {
            let used = target.first().map_or("", String::as_str);
            unused.remove(&format!("`{}` does not use `{used}`", room(&path)));
        }
        for (_, line) in code(&text) {
            for (name, places) in KNOWN_ONLY_BY.iter().filter(|(name, _)| uses(line, name)) {
                for place in places.iter().filter(|place| path.starts_with(**place)) {
                    unused.remove(&format!("`{name}` is not known by {place}"));
                }
            }
        }
    }
    assert!(unused.is_empty(), "{unused:#?}");
}

/// Whether a line names something of a crate.
fn uses(line: &str, name: &str) -> bool {
    line.match_indices(&format!("{name}::"))
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "_:".contains(c)))
}

#[test]
fn crates_stay_in_their_rooms() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let path = plain(&path);
        for (number, line) in code(&text) {
            for (name, places) in KNOWN_ONLY_BY {
                if uses(line, name) && !places.iter().any(|place| path.starts_with(place)) {
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
fn the_floors_of_ui_in_the_crate_docs_are_these_floors() {
    let docs =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for (number, floor) in UI_FLOORS.iter().enumerate() {
        let modules: Vec<String> = floor.iter().map(|name| format!("`{name}`")).collect();
        let row = format!("//! | {number} | {} |", modules.join(", "));
        assert!(docs.contains(&row), "src/lib.rs lacks the row {row}");
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
