//! Killed at any moment: what was acknowledged is there, nothing is half there.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;
use shapan::domain::Kind;
use shapan::domain::reading::{Factor, ReadingRow, Span};
use shapan::exchange::formats::hj212::framed;
use shapan::store::readings::ReadingQuery;
use shapan::store::{DistrictReader, Store};

use crate::support::{done, file, folder, shapan, stamp};

/// Moments spread over the life of a process, the same on every run of the test; what the process
/// is doing then differs from run to run.
fn moment(round: u64, longest_ms: u64) -> Duration {
    let scattered = round.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    Duration::from_micros(scattered % (longest_ms * 1000))
}

fn assert_sound(path: &Path) {
    assert_eq!(DistrictReader::open(path).unwrap().check().unwrap(), []);
}

#[test]
fn acknowledged_edits_outlive_a_kill() {
    let folder = folder();
    let path = folder.path().join("a.gpkg");
    done(folder.path(), &["new", "a.gpkg"]);
    let mut acknowledged = Vec::new();
    for round in 0..30 {
        let mut child = shapan()
            .current_dir(folder.path())
            .args(["apply", "a.gpkg", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        for number in 0..40 {
            let code = format!("{round}-{number}");
            let pair = format!(
                r#"{{"changes":[{{"op":"create","layer":"site","code":"{code}a","name":"a"}},{{"op":"create","layer":"site","code":"{code}b","name":"b","lon":118.1,"lat":39.8}}]}}"#
            );
            if writeln!(input, "{pair}").is_err() {
                break;
            }
        }
        std::thread::sleep(moment(round, 120));
        child.kill().unwrap();
        child.wait().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let oks =
            output.lines().map_while(Result::ok).filter(|line| line.starts_with("ok ")).count();
        acknowledged.extend((0..oks).map(|number| format!("{round}-{number}")));

        let world = DistrictReader::open(&path).unwrap().load().unwrap();
        let sites = world.table(Kind::Site);
        for code in &acknowledged {
            assert!(sites.by_code(&format!("{code}a")).is_some(), "{code} was acknowledged");
        }
        for site in sites.iter() {
            let code = site.code().unwrap();
            let twin = if let Some(stem) = code.strip_suffix('a') {
                format!("{stem}b")
            } else {
                format!("{}a", code.strip_suffix('b').unwrap())
            };
            assert!(sites.by_code(&twin).is_some(), "{code} is half an edit");
        }
        assert_sound(&path);
    }
}

/// A packet of an hour of its own, and its QN.
fn packet(number: u64) -> (Vec<u8>, String) {
    let qn = format!("20261129{number:09}");
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let hour = start + jiff::SignedDuration::from_hours(number.cast_signed());
    let label = hour.to_zoned_datetime(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
    let label = label.strftime("%Y%m%d%H%M%S");
    let segment = format!(
        "QN={qn};ST=22;CN=2061;PW=123456;MN=MN1;Flag=5;CP=&&DataTime={label};a34004-Avg={number},a34004-Flag=N&&"
    );
    (framed(segment.as_bytes()), qn)
}

/// Sends packets one after the other as fast as they are answered, until nobody is there; the numbers of
/// those that were answered.
fn report(address: &str, from: u64) -> Vec<u64> {
    let mut answered = Vec::new();
    let Ok(mut device) = TcpStream::connect(address) else { return answered };
    device.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    for number in from..from + 500 {
        let (bytes, qn) = packet(number);
        if device.write_all(&bytes).is_err() {
            break;
        }
        let mut text = Vec::new();
        let mut chunk = [0; 512];
        while !text.ends_with(b"\r\n") {
            match device.read(&mut chunk) {
                Ok(read) if read > 0 => text.extend_from_slice(&chunk[..read]),
                _ => return answered,
            }
        }
        assert!(String::from_utf8_lossy(&text).contains(&qn));
        answered.push(number);
    }
    answered
}

#[test]
fn acknowledged_packets_outlive_a_kill() {
    let folder = folder();
    let path = folder.path().join("a.gpkg");
    done(folder.path(), &["new", "a.gpkg"]);
    let mut answered = Vec::new();
    for round in 0..30 {
        let mut child = shapan()
            .current_dir(folder.path())
            .args(["--lang", "en", "listen", "a.gpkg", "--hj212", "127.0.0.1:0", "--allow", "MN1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.split(' ').nth(2).unwrap().to_owned();
        let device = std::thread::Builder::new().spawn(move || report(&address, round * 500));
        std::thread::sleep(moment(round, 150));
        child.kill().unwrap();
        child.wait().unwrap();
        answered.extend(device.unwrap().join().unwrap());
    }
    assert!(answered.len() > 30, "{}", answered.len());
    done(folder.path(), &["listen", "a.gpkg", "--once"]);
    let reader = DistrictReader::open(&path).unwrap();
    let world = reader.load().unwrap();
    let mut kept = BTreeSet::new();
    let (from, to) = (Timestamp::UNIX_EPOCH, "2100-01-01T00:00:00Z".parse().unwrap());
    let query = ReadingQuery { span: Span::Hour, from, to, places: None, factors: None };
    let readings = reader.readings(&world).unwrap();
    let mut take = |row: &ReadingRow| {
        kept.extend(row.values.get(&Factor::Pm25).map(|value| value as u64));
    };
    readings.each(&query, &mut take).unwrap();
    for number in &answered {
        assert!(kept.contains(number), "{number} was acknowledged");
    }
    assert_sound(&path);
}

#[test]
fn a_killed_import_undo_or_backup_leaves_the_district_as_it_was_or_as_it_will_be() {
    let folder = folder();
    let path = folder.path().join("a.gpkg");
    done(folder.path(), &["new", "a.gpkg"]);
    let mut csv = String::from("code,name,kind,lon,lat\n");
    for number in 0..2_000 {
        let lon = 118.0 + f64::from(number) / 1e5;
        writeln!(csv, "S{number},点{number},餐饮,{lon},39.8").unwrap();
    }
    file(folder.path(), "sites.csv", csv);
    let import: &[&str] = &["import", "a.gpkg", "sites.csv", "--crs", "wgs84"];
    let undo: &[&str] = &["undo", "a.gpkg"];
    let backup: &[&str] = &["backup", "a.gpkg"];
    for round in 0..36 {
        let before = count(&path);
        let arguments = match (round % 3, before) {
            (0, _) => backup,
            (_, 0) => import,
            _ => undo,
        };
        let mut child = shapan()
            .current_dir(folder.path())
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(moment(round, 250));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_sound(&path);
        assert!([0, 2_000].contains(&count(&path)), "half an import");
        // The next writer plays back what the killed one left.
        Store::open(&path).unwrap().backup_dated(&stamp("test"), "after").unwrap();
        assert_sound(&path);
    }
    for copy in std::fs::read_dir(shapan::store::backup_folder(&path)).unwrap() {
        let copy = copy.unwrap().path();
        if copy.extension().is_some_and(|extension| extension == "gpkg") {
            assert_sound(&copy);
        }
    }
}

#[test]
fn a_killed_upgrade_or_export_leaves_a_journal_with_all_its_hashes_or_with_none() {
    let folder = folder();
    let path = folder.path().join("a.gpkg");
    // Without the readings of the sample, which older programs did not know.
    done(folder.path(), &["sample", "sample.gpkg"]);
    done(folder.path(), &["export", "sample.gpkg", "sites.geojson", "--layer", "site"]);
    done(folder.path(), &["new", "a.gpkg"]);
    done(folder.path(), &["import", "a.gpkg", "sites.geojson"]);
    crate::seals::aged(&path);
    let older = std::fs::read(&path).unwrap();
    for round in 0..14 {
        for rest in ["a.gpkg-journal", "a.gpkg-wal", "a.gpkg-shm"] {
            drop(std::fs::remove_file(folder.path().join(rest)));
        }
        std::fs::write(&path, &older).unwrap();
        let mut child = shapan()
            .current_dir(folder.path())
            .args(["export", "a.gpkg", "out.csv", "--layer", "site"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(moment(round, 1_500));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_sound(&path);
        let entries = DistrictReader::open(&path).unwrap().history().unwrap();
        let hashed = entries.iter().filter(|entry| entry.hash.is_some()).count();
        assert!(hashed == 0 || hashed == entries.len(), "{hashed} of {}", entries.len());
        // The next writer plays back what the killed one left, and goes on from there.
        let mut store = Store::open(&path).unwrap();
        store.event(shapan::domain::EditKind::Export, "out.csv", &stamp("test")).unwrap();
        drop(store);
        assert_sound(&path);
    }
}

fn count(path: &Path) -> usize {
    DistrictReader::open(path).unwrap().load().unwrap().len()
}
