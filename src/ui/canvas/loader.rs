//! The threads that bring the tiles of one base map: one for a file, a few for a server, so that
//! one slow answer does not hold up the rest. They end when the base map is let go.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crate::basemap::TileSource;
use crate::domain::LocalizedText;
use crate::geodesy::mercator::TileId;
use crate::map::live::{TilePixels, tile_picture};
use crate::map::tokens::{DARK, LIGHT, Palette};
use crate::ui::ViewAction;
use crate::ui::action::{Action, Actions};
use crate::ui::base::{Chosen, OpenedBase, Opener, Source};
use crate::ui::ctx::Ctx;

/// `None` where there is no such tile.
pub type Answer = (TileId, Result<Option<TilePixels>, LocalizedText>);

/// Requests to one server at a time.
const WEB_THREADS: usize = 4;

/// The window's end of the threads.
pub struct Loader {
    queue: Arc<Queue>,
    answers: Receiver<Answer>,
}

impl Loader {
    /// `None` where the system has no more threads.
    pub fn start(ctx: &Ctx<'_>, chosen: Chosen, is_dark: bool) -> Option<Self> {
        let (sender, answers) = channel();
        let queue = Arc::new(Queue::default());
        let worker = Worker {
            queue: Arc::clone(&queue),
            sender,
            actions: ctx.actions.clone(),
            theme: if is_dark { &DARK } else { &LIGHT },
        };
        let opener = Opener::of(ctx);
        named(move || open(&opener, chosen, &worker)).ok()?;
        Some(Self { queue, answers })
    }

    /// Those that have come since the last time.
    pub fn answers(&self) -> impl Iterator<Item = Answer> {
        self.answers.try_iter()
    }

    /// `frame` says how new the wish is: what is on the screen now comes first. Whether an answer
    /// more will come: `false` where the same is waited for already.
    pub fn want(&self, id: TileId, frame: u64) -> bool {
        let is_new = self.queue.lock().tiles.insert(id, frame).is_none();
        self.queue.came.notify_one();
        is_new
    }

    /// A tile that nobody has taken up yet is still wanted.
    pub fn again(&self, id: TileId, frame: u64) {
        if let Some(asked) = self.queue.lock().tiles.get_mut(&id) {
            *asked = frame;
        }
    }
}

impl Drop for Loader {
    fn drop(&mut self) {
        self.queue.lock().is_closed = true;
        self.queue.came.notify_all();
    }
}

#[derive(Default)]
struct Queue {
    wanted: Mutex<Wanted>,
    came: Condvar,
}

#[derive(Default)]
struct Wanted {
    tiles: BTreeMap<TileId, u64>,
    is_closed: bool,
}

impl Queue {
    fn lock(&self) -> std::sync::MutexGuard<'_, Wanted> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a wish, the newest first; `None` when there will be none any more.
    fn next(&self) -> Option<TileId> {
        let mut wanted = self.lock();
        loop {
            if wanted.is_closed {
                return None;
            }
            let newest = wanted.tiles.iter().max_by_key(|(id, frame)| (**frame, **id));
            if let Some(id) = newest.map(|(id, _)| *id) {
                wanted.tiles.remove(&id);
                return Some(id);
            }
            wanted = self.came.wait(wanted).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// What each of the threads holds.
#[derive(Clone)]
struct Worker {
    queue: Arc<Queue>,
    sender: Sender<Answer>,
    actions: Actions,
    theme: &'static Palette,
}

impl Worker {
    fn load(&self, source: &dyn TileSource) {
        while let Some(id) = self.queue.next() {
            let answer = tile_picture(source, id, self.theme);
            if self.sender.send((id, answer)).is_err() {
                return;
            }
            self.actions.wake();
        }
    }
}

fn open(opener: &Opener, chosen: Chosen, worker: &Worker) {
    let source = opener.open(&chosen.base);
    let about = source.as_ref().map(|source| Some(source.about().clone())).map_err(Clone::clone);
    worker.actions.send(Action::View(ViewAction::Base(Box::new(OpenedBase { chosen, about }))));
    match source {
        Err(_) => {}
        Ok(Source::Disk(source)) => worker.load(source.as_ref()),
        Ok(Source::Web(source)) => load_together(&source, worker),
    }
}

fn load_together(source: &Arc<impl TileSource + Send + Sync + 'static>, worker: &Worker) {
    for _ in 1..WEB_THREADS {
        let (worker, source) = (worker.clone(), Arc::clone(source));
        // With fewer workers it only takes longer.
        named(move || worker.load(source.as_ref())).ok();
    }
    worker.load(source.as_ref());
}

fn named(work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    std::thread::Builder::new().name("base map".to_owned()).spawn(work).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basemap::{Datum, Error, SourceInfo, TileFormat};

    /// Answers only when as many tiles are asked for as there are threads.
    struct Slow(std::sync::Barrier, SourceInfo);

    impl TileSource for Slow {
        fn tile(&self, _: TileId) -> Result<Option<Vec<u8>>, Error> {
            self.0.wait();
            Ok(None)
        }

        fn about(&self) -> &SourceInfo {
            &self.1
        }
    }

    #[test]
    fn a_slow_server_is_asked_for_several_tiles_at_once() {
        let about = SourceInfo {
            name: String::new(),
            attribution: String::new(),
            approval: None,
            datum: Datum::Wgs84,
            format: TileFormat::Png,
            min_zoom: 0,
            max_zoom: 9,
            extent: None,
        };
        let source = Arc::new(Slow(std::sync::Barrier::new(WEB_THREADS), about));
        let (sender, answers) = channel();
        let queue = Arc::new(Queue::default());
        let loader = Loader { queue: Arc::clone(&queue), answers };
        let actions = Actions::new(channel().0, egui::Context::default());
        let worker = Worker { queue, sender, actions, theme: &LIGHT };
        named(move || load_together(&source, &worker)).unwrap();
        for x in 0..2 * WEB_THREADS as u32 {
            loader.want(TileId { z: 9, x, y: 0 }, 1);
        }
        for _ in 0..2 * WEB_THREADS {
            let wait = std::time::Duration::from_secs(20);
            assert!(matches!(loader.answers.recv_timeout(wait), Ok((_, Ok(None)))));
        }
    }

    #[test]
    fn the_newest_wish_comes_first_and_the_threads_end_with_the_base_map() {
        let queue = Arc::new(Queue::default());
        let (_, answers) = channel();
        let loader = Loader { queue: Arc::clone(&queue), answers };
        let tile = |x| TileId { z: 9, x, y: 1 };
        for (x, frame) in [(1, 5), (2, 4), (3, 4)] {
            loader.want(tile(x), frame);
        }
        loader.again(tile(2), 6);
        loader.again(tile(7), 6);
        let order: Vec<_> = (0..3).map(|_| queue.next().unwrap().x).collect();
        assert_eq!(order, [2, 1, 3]);
        let waits = Arc::clone(&queue);
        let thread = std::thread::Builder::new().spawn(move || waits.next()).unwrap();
        drop(loader);
        assert_eq!(thread.join().unwrap(), None);
    }
}
