//! Packs changes into parts of the journal, on another thread for large edits. The bytes of a part
//! are `journal::codec`'s, its row is `journal`'s.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

use super::codec::Encoder;
use crate::domain::Change;

/// Parts are closed at this size, so that undoing needs little memory.
const PART_BYTES: usize = 4 << 20;

/// Changes handed over at a time, and bundles that may wait: a few megabytes.
const BUNDLE: usize = 1024;
const WAITING: usize = 8;

/// Takes changes one by one, gives back packed parts in the same order.
pub struct JournalWriter {
    bundle: Vec<Change>,
    packing: Packing,
}

enum Packing {
    /// A few changes are packed on the spot.
    Inline(Box<Encoder>),
    /// Packing a million takes a third of the time of an import, so another thread does it, and
    /// gives the records back to the allocator as well.
    Threaded { changes: SyncSender<Vec<Change>>, parts: Receiver<Vec<u8>>, thread: JoinHandle<()> },
}

impl JournalWriter {
    /// Packs in `push`.
    pub fn inline() -> Self {
        Self { bundle: Vec::new(), packing: Packing::Inline(Box::default()) }
    }

    /// Packs on a thread of its own; inline where the system gives none.
    pub fn threaded() -> Self {
        let (changes, inbox) = sync_channel(WAITING);
        let (outbox, parts) = channel();
        let thread = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || pack(&inbox, &outbox));
        thread.map_or_else(
            |_| Self::inline(),
            |thread| Self {
                bundle: Vec::with_capacity(BUNDLE),
                packing: Packing::Threaded { changes, parts, thread },
            },
        )
    }

    /// Takes a change; gives back a part when one is complete.
    pub fn push(&mut self, change: &Change) -> Option<Vec<u8>> {
        match &mut self.packing {
            Packing::Inline(encoder) => {
                encoder.push(change);
                (encoder.len() >= PART_BYTES).then(|| encoder.finish())
            }
            Packing::Threaded { changes, parts, .. } => {
                self.bundle.push(change.clone());
                if self.bundle.len() < BUNDLE {
                    return None;
                }
                let full = std::mem::replace(&mut self.bundle, Vec::with_capacity(BUNDLE));
                // A thread that broke down is noticed at the end, before anything is committed.
                drop(changes.send(full));
                parts.try_recv().ok()
            }
        }
    }

    /// What is left. An error where packing broke down.
    pub fn finish(self) -> Result<Vec<Vec<u8>>, String> {
        match self.packing {
            Packing::Inline(encoder) if encoder.is_empty() => Ok(Vec::new()),
            Packing::Inline(mut encoder) => Ok(vec![encoder.finish()]),
            Packing::Threaded { changes, parts, thread } => {
                drop(changes.send(self.bundle));
                drop(changes);
                let rest = parts.iter().collect();
                thread.join().ok().ok_or("packing the journal broke down")?;
                Ok(rest)
            }
        }
    }
}

fn pack(inbox: &Receiver<Vec<Change>>, outbox: &Sender<Vec<u8>>) {
    let mut encoder = Encoder::default();
    for bundle in inbox {
        for change in &bundle {
            encoder.push(change);
        }
        if encoder.len() >= PART_BYTES && outbox.send(encoder.finish()).is_err() {
            return;
        }
    }
    if !encoder.is_empty() {
        // Nobody waits for it when the session was given up.
        drop(outbox.send(encoder.finish()));
    }
}
