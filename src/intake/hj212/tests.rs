//! Against senders that behave as real ones do, and worse.

use std::io::{Read as _, Write as _};
use std::time::Instant;

use proptest::prelude::*;

use super::*;
use crate::exchange::formats::hj212::framed;
use crate::intake::spool::waiting;

fn listener(folder: &Path) -> Listener {
    let devices = Devices { knows: Box::new(|mn| mn.starts_with("MN")), keys: BTreeMap::new() };
    Listener::start("127.0.0.1:0".parse().unwrap(), devices, folder).unwrap()
}

fn packet(mn: &str, number: u32) -> Vec<u8> {
    let segment = format!(
        "QN=20261129100{number:06}00;ST=22;CN=2061;PW=123456;MN={mn};Flag=5;CP=&&DataTime=20261129090000;a34004-Avg={number},a34004-Flag=N&&"
    );
    framed(segment.as_bytes())
}

/// Everything that comes until nothing more does.
fn answers(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(Duration::from_millis(600))).unwrap();
    let mut text = Vec::new();
    let mut chunk = [0; 4096];
    while let Ok(read) = stream.read(&mut chunk) {
        if read == 0 {
            break;
        }
        text.extend_from_slice(&chunk[..read]);
    }
    String::from_utf8(text).unwrap()
}

fn until(listener: &Listener, is_so: impl Fn(&Heard) -> bool) -> Heard {
    let began = Instant::now();
    loop {
        let heard = listener.status().heard();
        if is_so(&heard) {
            return heard;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{heard:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What is on the disk, whether handed on or not.
fn spooled(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending != "aside") {
            text.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    text
}

#[test]
fn an_answer_means_that_the_packet_is_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let listener = listener(folder.path());
    let mut device = TcpStream::connect(listener.address()).unwrap();
    device.write_all(&packet("MN1", 7)).unwrap();
    let mut first = [0; 10];
    device.read_exact(&mut first).unwrap();
    assert!(spooled(folder.path()).contains("a34004-Avg=7"));
    let answer = String::from_utf8_lossy(&first).into_owned() + &answers(&mut device);
    assert!(answer.contains("CN=9014") && answer.contains("QN=20261129100000007"), "{answer}");
    // Sent again: answered again, kept once.
    device.write_all(&packet("MN1", 7)).unwrap();
    assert!(answers(&mut device).contains("CN=9014"));
    let heard = listener.status().heard();
    assert_eq!((heard.kept, heard.repeated, heard.answered), (1, 1, 2));
    listener.hand_on().unwrap();
    assert_eq!(waiting(folder.path()).unwrap().len(), 1);
    assert!(!spooled(folder.path()).contains("123456"));
}

#[test]
fn strangers_wrong_checksums_and_noise_are_counted_and_get_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let listener = listener(folder.path());
    let mut device = TcpStream::connect(listener.address()).unwrap();
    device.write_all(&packet("X1", 1)).unwrap();
    let mut wrong = packet("MN1", 2);
    let at = wrong.len() - 3;
    wrong[at] = if wrong[at] == b'0' { b'1' } else { b'0' };
    device.write_all(&wrong).unwrap();
    device.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    device.write_all(&packet("MN1", 3)).unwrap();
    let answer = answers(&mut device);
    assert_eq!(answer.matches("CN=9014").count(), 1, "{answer}");
    let heard = listener.status().heard();
    assert_eq!((heard.packets, heard.foreign, heard.wrong, heard.kept), (3, 1, 1, 1));
    assert!(heard.noise_bytes >= 18);
    assert!(!heard.devices["X1"].is_let_in && heard.devices["MN1"].is_let_in);
}

#[test]
fn an_encrypted_packet_without_a_key_is_kept_aside() {
    let folder = tempfile::tempdir().unwrap();
    let listener = listener(folder.path());
    let mut device = TcpStream::connect(listener.address()).unwrap();
    let segment = b"QN=20261129100000001;ST=22;CN=2061;PW=123456;MN=MN1;Flag=9;CP=&&{0xE4,0x3E,0x01,0x02,0x03,0x04,0x05,0x06,0x07,0x08,0x09,0x0A,0x0B,0x0C,0x0D,0x0E}a34004-Avg=1&&";
    device.write_all(&framed(segment)).unwrap();
    assert!(answers(&mut device).contains("CN=9014"));
    let heard = listener.status().heard();
    assert_eq!((heard.encrypted, heard.aside, heard.kept), (1, 1, 0));
}

#[test]
fn a_sender_that_takes_no_answers_holds_up_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let listener = listener(folder.path());
    let mut deaf = TcpStream::connect(listener.address()).unwrap();
    for number in 0..400 {
        if deaf.write_all(&packet("MN1", number)).is_err() {
            break;
        }
    }
    let mut other = TcpStream::connect(listener.address()).unwrap();
    other.write_all(&packet("MN2", 1)).unwrap();
    until(&listener, |heard| heard.devices.get("MN2").is_some_and(|it| it.packets == 1));
    assert!(answers(&mut other).contains("MN=MN2"));
}

#[test]
fn more_connections_than_are_let_in_are_turned_away() {
    let folder = tempfile::tempdir().unwrap();
    let listener = listener(folder.path());
    let all: Vec<_> =
        (0..300).filter_map(|_| TcpStream::connect(listener.address()).ok()).collect();
    let heard = until(&listener, |heard| heard.connections + heard.turned_away >= 300);
    assert_eq!((heard.connections, heard.turned_away), (256, 44));
    drop(all);
    until(&listener, |heard| heard.connections == 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_sent_the_next_packet_is_kept(
        mut bytes in prop::collection::vec(any::<u8>(), 0..300),
        is_packet in any::<bool>(),
        at in any::<prop::sample::Index>(),
        with in any::<u8>(),
    ) {
        if is_packet {
            // A packet with one byte of it another.
            bytes = packet("MN1", 1);
            let at = at.index(bytes.len());
            bytes[at] = with;
        }
        let folder = tempfile::tempdir().unwrap();
        let listener = listener(folder.path());
        let mut device = TcpStream::connect(listener.address()).unwrap();
        device.write_all(&bytes).unwrap();
        device.write_all(b"\r\n").unwrap();
        device.write_all(&packet("MN9", 5)).unwrap();
        device.shutdown(std::net::Shutdown::Write).unwrap();
        let heard = until(&listener, |heard| {
            heard.devices.get("MN9").is_some_and(|it| it.packets > 0)
        });
        prop_assert!(heard.packets >= 1);
        drop(listener);
        prop_assert!(spooled(folder.path()).contains("a34004-Avg=5"));
    }
}
