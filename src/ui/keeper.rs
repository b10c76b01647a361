//! The thread that owns the district file. The window asks, the answer comes back as an [`Action`].
//!
//! Orders are done one after the other in the order in which they were given, so that what a
//! person did first is in the journal first. Nothing in the window waits for the disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};

use super::action::{Action, Actions};
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

fn work(received: &Receiver<Order>, actions: &Actions, waiting: &AtomicUsize) {
    let mut store = None;
    while let Ok(order) = received.recv() {
        actions.send(order(&mut store));
        waiting.fetch_sub(1, Ordering::SeqCst);
    }
}
