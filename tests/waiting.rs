//! Long commands and who waits for them.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::{complained, done, folder, names_in, run, without_tool};

/// `shapan brief a.gpkg b.pdf` at a terminal, which `script` plays; `None` where it is not here.
fn at_terminal(at: &Path) -> Option<Child> {
    let program = env!("CARGO_BIN_EXE_shapan");
    let line = format!("{program} brief a.gpkg b.pdf");
    let mut command = Command::new("script");
    let command = command.args(["-qec", &line, "/dev/null"]).current_dir(at);
    let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    if started.is_err() {
        without_tool("script, which plays a terminal");
    }
    started.ok()
}

/// Reads what the terminal shows until it says so, or to its end.
fn heard_until(terminal: &mut Child, words: &str) -> String {
    let out = terminal.stdout.as_mut().unwrap();
    let (mut heard, mut some) = (Vec::new(), [0_u8; 256]);
    loop {
        let text = String::from_utf8_lossy(&heard).into_owned();
        if text.contains(words) {
            return text;
        }
        match out.read(&mut some).unwrap_or(0) {
            0 => return text,
            count => heard.extend_from_slice(&some[..count]),
        }
    }
}

#[test]
fn a_brief_tells_a_terminal_how_far_it_is_and_a_log_nothing() {
    let home = folder();
    let at = home.path();
    done(at, &["sample", "a.gpkg"]);
    let silent = run(at, &["brief", "a.gpkg", "b.txt"]);
    assert!(silent.status.success());
    assert_eq!(complained(&silent), "");
    let Some(mut terminal) = at_terminal(at) else { return };
    let heard = heard_until(&mut terminal, "nothing says this");
    assert!(terminal.wait().unwrap().success(), "{heard}");
    let places = ["正在读取区域文件…", "正在生成 0/", "正在生成 1/", "正在写文件…"];
    let places =
        places.map(|words| heard.find(words).unwrap_or_else(|| panic!("{words}: {heard}")));
    assert!(places.is_sorted(), "{heard}");
    assert!(
        heard.trim_end_matches('\n').ends_with('\r'),
        "the line is wiped at the end: {heard:?}"
    );
    assert_eq!(names_in(at), ["a.gpkg", "b.pdf", "b.txt"]);
}

#[test]
fn a_brief_that_is_broken_off_leaves_no_file() {
    let home = folder();
    let at = home.path();
    done(at, &["sample", "a.gpkg"]);
    let Some(mut terminal) = at_terminal(at) else { return };
    let heard = heard_until(&mut terminal, "正在生成 2/");
    assert!(heard.contains("正在生成 2/"), "{heard}");
    // What a terminal makes of Ctrl-C.
    terminal.stdin.as_mut().unwrap().write_all(b"\x03").unwrap();
    heard_until(&mut terminal, "nothing says this");
    assert!(!terminal.wait().unwrap().success());
    assert_eq!(names_in(at), ["a.gpkg"]);
}
