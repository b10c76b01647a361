//! One connection: bytes into packets, and which of these are taken.

use std::io::{self, Read as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use super::{ANSWER_WITHIN, Devices, LOOK, Status};
use crate::domain::Localized as _;
use crate::exchange::formats::hj212::{
    Crc, Frame, Kind, Packet, Step, answer, decode, decrypted, next_frame,
};
use crate::settings::clock;

/// Most connections at a time.
const MOST_CONNECTIONS: usize = 256;
/// A connection that says nothing for so long is closed: instruments report every hour at least.
const SILENT: Duration = Duration::from_hours(3);
/// Half a packet may wait so long for its end.
const HALF: Duration = Duration::from_mins(1);
/// Read at a time.
const CHUNK: usize = 4096;
/// A device that begins no packet for so many bytes speaks something else.
const MOST_NOISE: usize = 1 << 20;
const STACK: usize = 256 << 10;

/// A packet that is to be kept, with the answer to it.
pub struct Received {
    /// In plain text, where it could be decrypted.
    pub segment: Vec<u8>,
    /// Whether it becomes readings; else it is kept aside.
    pub is_reading: bool,
    /// By which it is known when it is sent again.
    pub identity: Option<String>,
    pub answer: Option<Vec<u8>>,
    pub stream: Arc<TcpStream>,
}

/// The connections that are open.
#[derive(Default)]
pub struct Connections {
    open: Vec<(Arc<TcpStream>, JoinHandle<()>)>,
}

impl Connections {
    /// A thread of its own; one connection too many is closed at once.
    pub fn begin(
        &mut self,
        (stream, _from): (TcpStream, SocketAddr),
        (devices, sender): (Arc<Devices>, SyncSender<Received>),
        (status, stop): (Arc<Status>, Arc<AtomicBool>),
    ) {
        self.open.retain(|(_, thread)| !thread.is_finished());
        let about = Arc::clone(&status);
        let is_set = stream.set_nonblocking(false).is_ok()
            && stream.set_read_timeout(Some(LOOK)).is_ok()
            && stream.set_write_timeout(Some(ANSWER_WITHIN)).is_ok();
        if self.open.len() >= MOST_CONNECTIONS || !is_set {
            status.change(|heard| heard.turned_away += 1);
            return;
        }
        let stream = Arc::new(stream);
        let own = Arc::clone(&stream);
        let work = move || {
            status.change(|heard| heard.connections += 1);
            let connection = Connection { stream: own, devices: &devices, status: &status };
            connection.read(&sender, &stop);
            drop(connection.stream.shutdown(Shutdown::Both));
            status.change(|heard| heard.connections -= 1);
        };
        match Builder::new().name("hj212 device".to_owned()).stack_size(STACK).spawn(work) {
            Ok(thread) => self.open.push((stream, thread)),
            Err(error) => about.failed(&error),
        }
    }

    /// Waits for all of them; they were told to stop.
    pub fn end(self) {
        for (_, thread) in self.open {
            drop(thread.join());
        }
    }
}

struct Connection<'c> {
    stream: Arc<TcpStream>,
    devices: &'c Devices,
    status: &'c Status,
}

impl Connection<'_> {
    fn read(&self, sender: &SyncSender<Received>, stop: &AtomicBool) {
        let mut waiting: Vec<u8> = Vec::new();
        let mut chunk = [0; CHUNK];
        let (mut heard_at, mut noise_since) = (Instant::now(), 0);
        let mut from = &*self.stream;
        while !stop.load(Ordering::SeqCst) {
            let read = match from.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if is_waiting(&error) => {
                    let limit = if waiting.is_empty() { SILENT } else { HALF };
                    if heard_at.elapsed() > limit {
                        break;
                    }
                    continue;
                }
                Err(_) => break,
            };
            heard_at = Instant::now();
            waiting.extend_from_slice(chunk.get(..read).unwrap_or_default());
            match self.take(&mut waiting, false, sender) {
                Some(0) => noise_since += read,
                Some(_) => noise_since = 0,
                None => return,
            }
            if noise_since > MOST_NOISE {
                return;
            }
        }
        // Nothing comes after the end: a packet without a line end is whole.
        let _last = self.take(&mut waiting, true, sender);
    }

    /// The packets among the bytes, which are taken away; how many, or `None` where nobody keeps them any
    /// more.
    fn take(
        &self,
        waiting: &mut Vec<u8>,
        is_end: bool,
        sender: &SyncSender<Received>,
    ) -> Option<usize> {
        let (mut used, mut packets) = (0, 0);
        while let Some(rest) = waiting.get(used..).filter(|rest| !rest.is_empty()) {
            match next_frame(rest, is_end) {
                Step::Frame { noise, frame, used: of_frame } => {
                    packets += 1;
                    self.status.change(|heard| heard.noise_bytes += noise as u64);
                    if let Some(received) = self.packet(&frame) {
                        sender.send(received).ok()?;
                    }
                    used += of_frame.max(1);
                }
                Step::More { noise } => {
                    self.status.change(|heard| heard.noise_bytes += noise as u64);
                    used += noise;
                    break;
                }
            }
        }
        waiting.drain(..used.min(waiting.len()));
        Some(packets)
    }

    /// `None` of a packet that is not taken, which is counted.
    fn packet(&self, frame: &Frame<'_>) -> Option<Received> {
        let (plain, crc) = self.plain(frame);
        let (text, note) = decode(&plain);
        let packet = Packet::read(&text);
        let mn = packet.mn.unwrap_or_default();
        let is_let_in = !mn.is_empty() && (self.devices.knows)(mn);
        let is_reading = crc != Crc::Unchecked && packet.kind() != Kind::Other;
        self.status.change(|heard| {
            heard.packets += 1;
            let notes = frame.notes.iter().chain(&note).chain(&packet.notes);
            notes.for_each(|note| heard.note(note.localized()));
            heard.encrypted += u64::from(crc == Crc::Unchecked);
            if crc == Crc::Wrong {
                heard.wrong += 1;
                return;
            }
            heard.device(mn, is_let_in, clock::now());
            heard.foreign += u64::from(!is_let_in);
        });
        if crc == Crc::Wrong || !is_let_in {
            return None;
        }
        let identity =
            packet.identity().map(|(mn, qn, cn, pno)| format!("{mn}\n{qn}\n{cn}\n{pno}"));
        let answer = answer(&packet);
        let stream = Arc::clone(&self.stream);
        let segment = plain.into_owned();
        Some(Received { segment, is_reading, identity, answer, stream })
    }

    /// The segment in plain text, where there is a key for it, and what its checksum says.
    fn plain<'f>(&self, frame: &Frame<'f>) -> (std::borrow::Cow<'f, [u8]>, Crc) {
        let as_it_is = (frame.segment.into(), frame.crc);
        if !frame.is_encrypted() {
            return as_it_is;
        }
        let (text, _) = decode(frame.segment);
        let mn = Packet::read(&text).mn.map(str::to_lowercase).unwrap_or_default();
        let key = self.devices.keys.get(&mn);
        match key.and_then(|key| decrypted(frame, key)) {
            Some((plain, crc)) => (plain.into(), crc),
            None => as_it_is,
        }
    }
}

fn is_waiting(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}
