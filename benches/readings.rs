//! A year of 330 stations and 6 pollutants, 17.3 million values, as 365 files of the national platform
//! into a district; then ten million of them from the district file to daily AQI, index and rank.
//!
//! Each as a whole process, with the most memory that it took (Linux) and what the file takes a value.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run has nothing to report")]
#![expect(clippy::print_stdout, reason = "what it measured goes to the terminal")]

mod dice;

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use self::dice::Dice;

const STATIONS: u64 = 330;
const DAYS: i32 = 365;
const FIRST: Date = date(2025, 11, 1);
/// 330 stations, 6 pollutants, 211 days of 24 h: 10.03 million values.
const ASKED_DAYS: i32 = 211;
const TYPES: [(&str, u64); 6] =
    [("PM2.5", 160), ("PM10", 260), ("SO2", 30), ("NO2", 90), ("CO", 30), ("O3", 180)];

fn files(folder: &Path) -> (Vec<String>, u64) {
    let mut dice = Dice(1);
    let mut values = 0;
    let head: Vec<String> =
        (0..STATIONS).map(|station| format!("{:04}A", 1000 + station)).collect();
    let names = (0..DAYS).map(|day| {
        let day = FIRST.checked_add(day.days()).unwrap().strftime("%Y%m%d").to_string();
        let name = format!("china_sites_{day}.csv");
        let mut file = BufWriter::new(File::create(folder.join(&name)).unwrap());
        writeln!(file, "date,hour,type,{}", head.join(",")).unwrap();
        for hour in 0..24 {
            for (kind, most) in TYPES {
                let mut line = format!("{day},{hour},{kind}");
                for _ in 0..STATIONS {
                    let value = 1 + dice.roll(most);
                    values += 1;
                    if kind == "CO" {
                        write!(line, ",{}.{}", value / 10, value % 10).unwrap();
                    } else {
                        write!(line, ",{value}").unwrap();
                    }
                }
                writeln!(file, "{line}").unwrap();
            }
        }
        name
    });
    (names.collect(), values)
}

/// Runs a command of the program; how long it took, and the most memory in kB, where the system tells.
fn run(folder: &Path, arguments: &[&str]) -> (Duration, Option<u64>) {
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_shapan"))
        .current_dir(folder)
        .args(arguments)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    let ended = loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).or(peak);
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(ended.success(), "{arguments:?}: {ended}");
    (begun.elapsed(), peak)
}

fn told(what: &str, (time, peak_kb): (Duration, Option<u64>)) {
    let peak = peak_kb.map_or_else(|| "?".to_owned(), |kb| (kb / 1024).to_string());
    println!("{what}: {:.2} s, {peak} MB", time.as_secs_f64());
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (names, values) = files(at);
    run(at, &["new", "a.gpkg"]);
    let empty = at.join("a.gpkg").metadata().unwrap().len();
    let mut import = vec!["import", "a.gpkg", "--as", "reading", "--new-stations"];
    import.extend(names.iter().map(String::as_str));
    told(&format!("import of {values} values in {} files", names.len()), run(at, &import));
    let bytes = at.join("a.gpkg").metadata().unwrap().len() - empty;
    println!("the file takes {:.1} bytes a value", bytes as f64 / values as f64);
    let last = FIRST.checked_add((ASKED_DAYS - 1).days()).unwrap();
    let (from, to) = (FIRST.to_string(), last.to_string());
    let asked = STATIONS * 6 * 24 * u64::from(ASKED_DAYS.unsigned_abs());
    let air = ["air", "a.gpkg", "--from", &from, "--to", &to];
    for _ in 0..3 {
        told(&format!("days, index and rank of {asked} values"), run(at, &air));
    }
    // Opening reads none of them.
    told("a command on records alone", run(at, &["rings", "a.gpkg", "--count"]));
}
