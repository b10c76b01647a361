//! A listener for instruments that report by HJ 212 over TCP.
//!
//! It listens and commands nobody: the only answer that it gives is 9014, after the disk has the packet
//! ([`super::spool`]). Devices are let in by their MN; packets of others are counted and dropped.
//!
//! Everything is bounded: a packet, the bytes that wait of a connection, connections, packets
//! between connections and disk (a connection whose packets find no room waits, and with it its sender),
//! packets that are remembered because they may be sent again, and the log of packets.

mod connection;
mod status;

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use rustc_hash::FxHashSet;

use self::connection::{Connections, Received};
pub use self::status::{DeviceSeen, Heard, Status};
use super::spool::Spool;
use crate::exchange::formats::hj212::Key;

/// What is let in.
pub struct Devices {
    /// Whether a device with this MN is one of ours.
    pub knows: Box<dyn Fn(&str) -> bool + Send + Sync>,
    /// Keys of devices whose packets are encrypted, by MN.
    pub keys: BTreeMap<String, Key>,
}

/// Most packets on their way to the disk, and of these that are written at once.
const BACKLOG: usize = 4096;
const AT_ONCE: usize = 1024;
/// Bytes of the log at which nothing more is taken until it is handed on.
const MOST_SPOOLED: u64 = 256 << 20;
/// Packets that are remembered by their QN.
const MOST_REMEMBERED: usize = 100_000;
/// How often whoever waits looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(100);
/// A sender that takes no answer for so long is left.
const ANSWER_WITHIN: Duration = Duration::from_millis(500);

/// Listens until it is dropped.
pub struct Listener {
    address: SocketAddr,
    status: Arc<Status>,
    spool: Arc<Mutex<Spool>>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Listener {
    /// Fails where the address is taken or the log cannot be written.
    pub fn start(address: SocketAddr, devices: Devices, inbox: &Path) -> io::Result<Self> {
        let socket = TcpListener::bind(address)?;
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        let spool = Spool::open(inbox, &format!("hj212-{}", address.port()))?;
        let (spool, status) = (Arc::new(Mutex::new(spool)), Arc::new(Status::default()));
        let stop = Arc::new(AtomicBool::new(false));
        let (sender, receiver) = sync_channel(BACKLOG);
        let mut listener = Self { address, status, spool, stop, threads: Vec::new() };
        let (status, stop) = (Arc::clone(&listener.status), Arc::clone(&listener.stop));
        let devices = Arc::new(devices);
        let accepting = move || accept(&socket, &devices, &sender, &status, &stop);
        listener.threads.push(Builder::new().name("hj212".to_owned()).spawn(accepting)?);
        let (status, spool) = (Arc::clone(&listener.status), Arc::clone(&listener.spool));
        let keeping = move || keep(&receiver, &spool, &status);
        listener.threads.push(Builder::new().name("hj212 log".to_owned()).spawn(keeping)?);
        Ok(listener)
    }

    /// Where it listens: with the port that the system chose, where none was named.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn status(&self) -> &Status {
        &self.status
    }

    /// Hands on what came, to be taken in ([`super::spool::waiting`]).
    pub fn hand_on(&self) -> io::Result<()> {
        self.spool.lock().unwrap_or_else(PoisonError::into_inner).hand_on()
    }

    /// Bytes that came since.
    pub fn spooled(&self) -> u64 {
        self.spool.lock().unwrap_or_else(PoisonError::into_inner).bytes()
    }
}

impl Drop for Listener {
    /// What was received is on the disk when this returns.
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        for thread in self.threads.drain(..) {
            drop(thread.join());
        }
    }
}

fn accept(
    socket: &TcpListener,
    devices: &Arc<Devices>,
    sender: &SyncSender<Received>,
    status: &Arc<Status>,
    stop: &Arc<AtomicBool>,
) {
    let mut connections = Connections::default();
    while !stop.load(Ordering::SeqCst) {
        match socket.accept() {
            Ok((stream, from)) => {
                let with = (Arc::clone(devices), sender.clone());
                connections.begin((stream, from), with, (Arc::clone(status), Arc::clone(stop)));
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => std::thread::sleep(LOOK / 5),
            // Such as too many open files: those that are open go on.
            Err(error) => {
                status.failed(&error);
                std::thread::sleep(LOOK * 10);
            }
        }
    }
    connections.end();
}

/// Packets that are on the disk, by what a packet that is sent again is known by.
#[derive(Default)]
struct Remembered {
    known: FxHashSet<String>,
    order: VecDeque<String>,
}

impl Remembered {
    fn add(&mut self, identity: String) {
        if self.known.insert(identity.clone()) {
            self.order.push_back(identity);
        }
        if self.order.len() > MOST_REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

/// Writes what comes and answers then; ends when every sender is gone.
fn keep(receiver: &Receiver<Received>, spool: &Mutex<Spool>, status: &Status) {
    let mut remembered = Remembered::default();
    loop {
        let first = match receiver.recv_timeout(LOOK) {
            Ok(first) => first,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let mut batch = vec![first];
        batch.extend(receiver.try_iter().take(AT_ONCE - 1));
        keep_batch(batch, spool, &mut remembered, status);
    }
}

fn keep_batch(
    batch: Vec<Received>,
    spool: &Mutex<Spool>,
    remembered: &mut Remembered,
    status: &Status,
) {
    let is_known =
        |it: &Received| it.identity.as_ref().is_some_and(|it| remembered.known.contains(it));
    let is_new: Vec<bool> = batch.iter().map(|it| !is_known(it)).collect();
    let new = |is_reading: bool| {
        let of = batch.iter().zip(&is_new);
        of.filter(move |(it, is_new)| **is_new && it.is_reading == is_reading)
            .map(|(it, _)| &*it.segment)
    };
    let mut spool = spool.lock().unwrap_or_else(PoisonError::into_inner);
    let readings = if spool.bytes() > MOST_SPOOLED {
        Err(io::ErrorKind::StorageFull.into())
    } else {
        spool.append(new(true))
    };
    let others = spool.put_aside(new(false));
    drop(spool);
    for error in [&readings, &others].into_iter().filter_map(|kept| kept.as_ref().err()) {
        status.failed(error);
    }
    for (received, is_new) in batch.into_iter().zip(is_new) {
        let is_kept = if received.is_reading { readings.is_ok() } else { others.is_ok() };
        if is_new && !is_kept {
            status.unsaved();
            continue;
        }
        status.kept(is_new, received.is_reading);
        if let Some(answer) = &received.answer
            && answered(&received.stream, answer)
        {
            status.answered();
        }
        remembered.add_some(received.identity);
    }
}

impl Remembered {
    fn add_some(&mut self, identity: Option<String>) {
        if let Some(identity) = identity {
            self.add(identity);
        }
    }
}

/// A sender that takes no answer is left, so that it holds up nobody else.
fn answered(stream: &TcpStream, answer: &[u8]) -> bool {
    let mut to = stream;
    let is_sent = to.write_all(answer).is_ok();
    if !is_sent {
        drop(stream.shutdown(std::net::Shutdown::Both));
    }
    is_sent
}

#[cfg(test)]
mod tests;
