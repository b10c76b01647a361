//! The listener for instruments: 2,000 packets of ten devices, each acknowledged after the disk has it.
//!
//! An iteration ends when the last acknowledgement has come, so packets a second are 2,000 by its time.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use shapan::exchange::formats::hj212::framed;
use shapan::intake::hj212::{Devices, Listener};

const DEVICES: u32 = 10;
const PACKETS: u32 = 2000;

/// Hourly values of six pollutants, as a station reports them.
fn packet(device: u32, number: u32) -> Vec<u8> {
    let segment = format!(
        "QN=20261129{number:09};ST=22;CN=2061;PW=123456;MN=MN{device:06};Flag=5;CP=&&DataTime=20261129090000;a34004-Avg=35,a34004-Flag=N;a34002-Avg=78,a34002-Flag=N;a21026-Avg=8,a21026-Flag=N;a21004-Avg=40,a21004-Flag=N;a21005-Avg=0.8,a21005-Flag=N;a05024-Avg=61,a05024-Flag=N&&"
    );
    framed(segment.as_bytes())
}

/// Sends what a device has to say and waits for as many answers.
fn report(address: SocketAddr, device: u32, from: u32) {
    let Ok(mut stream) = TcpStream::connect(address) else { return };
    let all: Vec<u8> =
        (from..from + PACKETS / DEVICES).flat_map(|number| packet(device, number)).collect();
    let Ok(mut answers) = stream.try_clone() else { return };
    let reading = thread("answers").spawn(move || {
        let mut ends = 0;
        let mut chunk = [0; 16_384];
        while ends < PACKETS / DEVICES {
            match answers.read(&mut chunk) {
                Ok(read) if read > 0 => {
                    let lines = chunk[..read].iter().filter(|byte| **byte == b'\n');
                    ends += u32::try_from(lines.count()).unwrap_or_default();
                }
                _ => break,
            }
        }
        assert_eq!(ends, PACKETS / DEVICES, "every packet is acknowledged");
    });
    drop(stream.write_all(&all));
    drop(reading.map(std::thread::JoinHandle::join));
}

fn thread(name: &str) -> std::thread::Builder {
    std::thread::Builder::new().name(name.to_owned())
}

fn bench(c: &mut Criterion) {
    let folder = tempfile::tempdir().ok();
    let Some(folder) = folder else { return };
    let devices = Devices { knows: Box::new(|mn| mn.starts_with("MN")), keys: BTreeMap::new() };
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let Ok(listener) = Listener::start(any, devices, folder.path()) else { return };
    let mut round = 0;
    let mut group = c.benchmark_group("listener");
    group.sample_size(20).measurement_time(Duration::from_secs(15));
    group.bench_function("2,000 packets of ten devices, acknowledged", |b| {
        b.iter(|| {
            // A packet that is sent again is kept once: each round sends others.
            let from = round * PACKETS;
            round += 1;
            let senders: Vec<_> = (0..DEVICES)
                .map(|device| {
                    let address = listener.address();
                    thread("device").spawn(move || report(address, device, from))
                })
                .collect();
            for sender in senders.into_iter().flatten() {
                drop(sender.join());
            }
            drop(listener.hand_on());
            if let Ok(waiting) = shapan::intake::spool::waiting(folder.path()) {
                for file in &waiting {
                    drop(std::fs::remove_file(file));
                }
            }
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
