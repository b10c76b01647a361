//! Work on threads beside the window's. What is worked on is not here.
//!
//! Of each key one job runs and one waits: a newer one replaces the waiting one and tells the running
//! one to stop, whose answer is dropped. So whoever drags a ring sees the answer for its last position,
//! not for all of them. [`Derived`] keeps such an answer together with what it was made from.

mod derived;

pub use derived::{Derived, Reply, Same};

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

type Work<M> = Box<dyn FnOnce(&Progress) -> M + Send>;

/// How far a job is, and whether it should stop. Cheap to clone; all clones are one.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<ProgressState>);

#[derive(Debug, Default)]
struct ProgressState {
    done: AtomicU64,
    total: AtomicU64,
    is_cancelled: AtomicBool,
}

/// Runs work on named threads and hands back its messages.
pub struct Jobs<M> {
    sender: Sender<(&'static str, M)>,
    receiver: Receiver<(&'static str, M)>,
    lanes: BTreeMap<&'static str, Lane<M>>,
    /// Called on the worker thread when there is something to [`Jobs::poll`].
    wake: Arc<dyn Fn() + Send + Sync>,
}

struct Lane<M> {
    running: Progress,
    waiting: Option<(Progress, Work<M>)>,
}

impl Progress {
    /// For the job: steps done, of how many.
    pub fn set(&self, done: u64, total: u64) {
        self.0.done.store(done, Ordering::Relaxed);
        self.0.total.store(total, Ordering::Relaxed);
    }

    /// For one of several threads of the job: so many steps more are done.
    pub fn advance(&self, steps: u64) {
        self.0.done.fetch_add(steps, Ordering::Relaxed);
    }

    /// Of how many steps; 0 while nobody knows.
    pub fn total(&self) -> u64 {
        self.0.total.load(Ordering::Relaxed)
    }

    /// 0–1; `None` while nobody knows how much there is to do.
    pub fn share(&self) -> Option<f32> {
        let total = self.0.total.load(Ordering::Relaxed);
        (total > 0).then(|| self.0.done.load(Ordering::Relaxed) as f32 / total as f32)
    }

    /// Steps done so far.
    pub fn done(&self) -> u64 {
        self.0.done.load(Ordering::Relaxed)
    }

    /// Asks the job to stop; it does so when it next looks.
    pub fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// For the job: whether nobody wants its answer any more.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Relaxed)
    }
}

impl<M: Send + 'static> Jobs<M> {
    /// `wake` is called on the thread of a job when its answer is there.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        let (sender, receiver) = channel();
        Self { sender, receiver, lanes: BTreeMap::new(), wake: Arc::new(wake) }
    }

    /// Whether a job of this key runs.
    pub fn is_running(&self, key: &'static str) -> bool {
        self.lanes.contains_key(key)
    }

    /// Whether none runs.
    pub fn is_idle(&self) -> bool {
        self.lanes.is_empty()
    }

    /// The progress of what runs under a key.
    pub fn progress(&self, key: &'static str) -> Option<&Progress> {
        self.lanes.get(key).map(|lane| &lane.running)
    }

    /// Fails only when the system has no thread left.
    pub fn start(
        &mut self,
        key: &'static str,
        work: impl FnOnce(&Progress) -> M + Send + 'static,
    ) -> io::Result<Progress> {
        let progress = Progress::default();
        if let Some(lane) = self.lanes.get_mut(key) {
            lane.running.cancel();
            lane.waiting = Some((progress.clone(), Box::new(work)));
        } else {
            self.spawn(key, progress.clone(), Box::new(work))?;
        }
        Ok(progress)
    }

    /// What was finished since the last call. Call it every frame: it also starts who waits.
    pub fn poll(&mut self) -> io::Result<Vec<M>> {
        let finished: Vec<_> = self.receiver.try_iter().collect();
        let mut messages = Vec::new();
        for (key, message) in finished {
            match self.lanes.remove(key).and_then(|lane| lane.waiting) {
                Some((progress, work)) => self.spawn(key, progress, work)?,
                None => messages.push(message),
            }
        }
        Ok(messages)
    }

    fn spawn(&mut self, key: &'static str, running: Progress, work: Work<M>) -> io::Result<()> {
        let (sender, wake) = (self.sender.clone(), Arc::clone(&self.wake));
        let progress = running.clone();
        let thread = thread::Builder::new().name(key.to_owned()).spawn(move || {
            // Fails only when the program is closing, and then nobody wants the answer.
            drop(sender.send((key, work(&progress))));
            wake();
        })?;
        drop(thread); // Let it run: its end is a message.
        self.lanes.insert(key, Lane { running, waiting: None });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait_for(jobs: &mut Jobs<u32>) -> Vec<u32> {
        loop {
            let messages = jobs.poll().unwrap();
            if !messages.is_empty() {
                return messages;
            }
            thread::yield_now();
        }
    }

    #[test]
    fn only_the_newest_answer_arrives_and_the_overtaken_job_is_told_to_stop() {
        let mut jobs = Jobs::new(|| ());
        let (let_go, held) = channel::<()>();
        let first = jobs
            .start("detour", move |_| {
                held.recv().unwrap();
                1
            })
            .unwrap();
        jobs.start("detour", |_| 2).unwrap();
        jobs.start("detour", |_| 3).unwrap();
        assert!(first.is_cancelled());
        let_go.send(()).unwrap();

        assert_eq!(wait_for(&mut jobs), [3]);
        assert!(jobs.is_idle());
    }

    #[test]
    fn keys_do_not_overtake_each_other() {
        let mut jobs = Jobs::new(|| ());
        jobs.start("detour", |_| 1).unwrap();
        jobs.start("inventory", |_| 2).unwrap();

        let mut messages = wait_for(&mut jobs);
        while messages.len() < 2 {
            messages.extend(wait_for(&mut jobs));
        }
        messages.sort_unstable();
        assert_eq!(messages, [1, 2]);
    }

    #[test]
    fn a_share_is_known_only_when_the_whole_is() {
        let progress = Progress::default();
        assert_eq!(progress.share(), None);
        progress.set(1, 4);
        assert_eq!((progress.share(), progress.done()), (Some(0.25), 1));
    }
}
