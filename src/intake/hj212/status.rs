//! What a listener has heard so far.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::domain::{Localized as _, LocalizedText};

/// What a listener has heard, for whoever looks from another thread.
#[derive(Default)]
pub struct Status(Mutex<Heard>);

/// Numbers of packets, by what became of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// Connections that are open now.
    pub connections: u64,
    /// Connections that were turned away because there were too many.
    pub turned_away: u64,
    /// Every packet that could be told from noise.
    pub packets: u64,
    /// On the disk, to be taken into the district.
    pub kept: u64,
    /// On the disk, encrypted or no readings: they wait in a log of their own.
    pub aside: u64,
    pub answered: u64,
    pub repeated: u64,
    /// Of devices that are not let in.
    pub foreign: u64,
    /// Not readable: a wrong checksum.
    pub wrong: u64,
    pub encrypted: u64,
    /// Not on the disk, because it refused; they were not answered.
    pub unsaved: u64,
    pub noise_bytes: u64,
    pub last_at: Option<Timestamp>,
    /// What goes wrong with the disk or the network.
    pub problem: Option<LocalizedText>,
    /// By MN, those that are not let in too.
    pub devices: BTreeMap<String, DeviceSeen>,
    /// What was odd about packets, in English, with how often.
    pub notes: BTreeMap<String, (LocalizedText, u64)>,
}

/// What was heard of one device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceSeen {
    pub packets: u64,
    pub is_let_in: bool,
    pub last_at: Option<Timestamp>,
}

/// Devices, and different notes, that are counted one by one: strangers must not fill the memory.
const MOST_DEVICES: usize = 2000;
const MOST_NOTES: usize = 60;

impl Status {
    /// As it is now.
    pub fn heard(&self) -> Heard {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Heard)) {
        change(&mut self.lock());
    }

    pub(super) fn failed(&self, error: &io::Error) {
        let words = match error.kind() {
            io::ErrorKind::StorageFull => LocalizedText::new(
                "等待入库的报文太多或磁盘已满，新报文不应答".to_owned(),
                "too many packets wait, or the disk is full: new ones are not answered".to_owned(),
            ),
            io::ErrorKind::WriteZero => LocalizedText::new(
                "未入库报文的日志已满，请移走后再收".to_owned(),
                "the log of packets that are no readings is full: move it away".to_owned(),
            ),
            _ => error.localized(),
        };
        self.lock().problem = Some(words);
    }

    pub(super) fn unsaved(&self) {
        self.lock().unsaved += 1;
    }

    pub(super) fn kept(&self, is_new: bool, is_reading: bool) {
        let mut heard = self.lock();
        match (is_new, is_reading) {
            (false, _) => heard.repeated += 1,
            (true, true) => heard.kept += 1,
            (true, false) => heard.aside += 1,
        }
        if is_new {
            heard.problem = None;
        }
    }

    pub(super) fn answered(&self) {
        self.lock().answered += 1;
    }
}

impl Heard {
    pub(super) fn device(&mut self, mn: &str, is_let_in: bool, at: Timestamp) {
        self.last_at = Some(at);
        if self.devices.len() >= MOST_DEVICES && !self.devices.contains_key(mn) {
            return;
        }
        let device = self.devices.entry(mn.to_owned()).or_default();
        device.packets += 1;
        (device.is_let_in, device.last_at) = (is_let_in, Some(at));
    }

    pub(super) fn note(&mut self, note: LocalizedText) {
        if self.notes.len() < MOST_NOTES || self.notes.contains_key(&note.en) {
            self.notes.entry(note.en.clone()).or_insert((note, 0)).1 += 1;
        }
    }
}
