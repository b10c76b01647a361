//! The thread that owns the district file. The window asks, the answer comes back as an [`Action`].
//!
//! Orders are done one after the other in the order in which they were given, so that what a
//! person did first is in the journal first. Nothing in the window waits for the disk.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::action::{Action, Actions, DataAction};
use super::open::refused;
use crate::store::Store;

type Order = Box<dyn FnOnce(&mut Option<Store>) -> Action + Send>;

pub struct Keeper {
    /// `None` once the window closes.
    orders: Option<Sender<Order>>,
    waiting: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Fails only when the system has no thread left.
    pub fn start(actions: Actions) -> std::io::Result<Self> {
        let (orders, received) = channel::<Order>();
        let waiting = Arc::new(AtomicUsize::new(0));
        let left = Arc::clone(&waiting);
        let thread = Builder::new()
            .name("district file".to_owned())
            .spawn(move || work(&received, &actions, &left))?;
        Ok(Self { orders: Some(orders), waiting, thread: Some(thread) })
    }

    /// The store is `None` while no district is open; an order may put one there.
    pub fn order(&self, order: impl FnOnce(&mut Option<Store>) -> Action + Send + 'static) {
        if let Some(orders) = &self.orders {
            self.waiting.fetch_add(1, Ordering::SeqCst);
            if orders.send(Box::new(order)).is_err() {
                self.waiting.fetch_sub(1, Ordering::SeqCst);
            }
        }
    }

    /// Asks something of the open district; nothing happens while none is open.
    pub fn ask(&self, ask: impl FnOnce(&mut Store) -> Action + Send + 'static) {
        self.order(move |store| store.as_mut().map_or(Action::Nothing, ask));
    }

    pub fn is_idle(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) == 0
    }
}

impl Drop for Keeper {
    /// Everything that was ordered is done and the file is at rest before the window is gone.
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            // A panic there has been told of already.
            drop(thread.join());
        }
    }
}

/// How often it is looked whether another seat or program has written to the file.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// And how many of these looks lie between two at the room on the disk.
const LOOKS_PER_DISK: u32 = 30;

fn work(received: &Receiver<Order>, actions: &Actions, waiting: &AtomicUsize) {
    let mut store = None;
    let mut watch = Watch::default();
    loop {
        match received.recv_timeout(LOOK_EVERY) {
            Ok(order) => {
                let answer = order(&mut store);
                if let Some(store) = &store {
                    watch.begin(store);
                }
                actions.send(answer);
                waiting.fetch_sub(1, Ordering::SeqCst);
            }
            Err(RecvTimeoutError::Timeout) => {
                let seen = store.as_ref().map(|store| watch.look(store)).unwrap_or_default();
                for action in seen {
                    actions.send(action);
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
}

/// What the file was like when it was looked at last.
#[derive(Default)]
struct Watch {
    path: PathBuf,
    version: i64,
    looks: u32,
}

impl Watch {
    /// From when a file is open: what others write before the first look is noticed too.
    fn begin(&mut self, store: &Store) {
        if self.path == store.path() {
            return;
        }
        if let Ok(version) = store.data_version() {
            store.path().clone_into(&mut self.path);
            self.version = version;
        }
    }

    fn look(&mut self, store: &Store) -> Vec<Action> {
        let mut seen = Vec::new();
        self.looks = (self.looks + 1) % LOOKS_PER_DISK;
        if self.looks == 0 {
            seen.push(super::open::free_disk(store.path()));
        }
        // A file that cannot be read now is told of when somebody needs it.
        let Ok(version) = store.data_version() else { return seen };
        let is_known = self.path == store.path();
        if is_known && version != self.version {
            seen.push(outside(store));
        }
        if !is_known {
            store.path().clone_into(&mut self.path);
        }
        self.version = version;
        seen
    }
}

/// The file as others have left it.
fn outside(store: &Store) -> Action {
    let loaded = store.load().and_then(|world| Ok((world, store.history()?)));
    match loaded {
        Ok((world, entries)) => {
            let is_unsigned = store.has_external_edits().unwrap_or_default();
            Action::Data(DataAction::Outside { world, entries: Arc::new(entries), is_unsigned })
        }
        Err(error) => refused(store, &error),
    }
}
