//! The base map on the screen: tiles come from threads of their own, and walkers lays them out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};

use egui::{ColorImage, Context, Rect, TextureHandle, TextureOptions, pos2};
use walkers::{Tile, TileId as WalkersTile, TilePiece, Tiles, sources::Attribution};

use super::super::action::{Action, Actions};
use super::super::ctx::Ctx;
use crate::basemap::{self, About, TileSource};
use crate::domain::{Said, Text};
use crate::geodesy::mercator::TileId;
use crate::map::live::tile_picture;
use crate::map::tokens::{DARK, LIGHT};
use crate::settings::BaseChoice;

/// What opening a base map came to.
pub struct Opened {
    pub choice: BaseChoice,
    pub about: Result<About, Said>,
}

/// One base map that is shown.
#[derive(Default)]
pub struct BaseTiles {
    choice: BaseChoice,
    is_dark: bool,
    loader: Option<Loader>,
    about: Option<About>,
    slots: BTreeMap<TileId, Slot>,
    frame: u64,
    /// Of the window's clock.
    time_s: f64,
    context: Option<Context>,
    actions: Option<Actions>,
    has_complained: bool,
}

enum Slot {
    Waiting,
    Missing,
    /// Asked for again after this time, seconds of the window's clock.
    Failed {
        until_s: f64,
    },
    Ready {
        texture: TextureHandle,
        used: u64,
    },
}

type Answer = (TileId, Result<Option<(Vec<u8>, u32, u32)>, String>);

struct Loader {
    wanted: Arc<Mutex<BTreeSet<TileId>>>,
    wake: Sender<()>,
    answers: Receiver<Answer>,
    left: Arc<AtomicUsize>,
}

/// Textures that are kept, and those that are put on the GPU in one frame.
const MOST_TEXTURES: usize = 320;
const MOST_UPLOADS: usize = 6;
/// A tile that failed is asked for again after this, seconds.
const AGAIN_S: f64 = 15.0;
/// Coarser tiles that stand in for one that is not there yet.
const COARSER: u8 = 6;

impl BaseTiles {
    pub const fn is_shown(&self) -> bool {
        self.about.is_some()
    }

    /// No tile is awaited.
    pub fn is_settled(&self) -> bool {
        self.loader.as_ref().is_none_or(|loader| loader.left.load(Ordering::SeqCst) == 0)
            && (self.choice == BaseChoice::None || self.about.is_some() || self.has_complained)
    }

    /// Before a frame: another base map where another was chosen, and the tiles that have come.
    pub fn begin(&mut self, context: &Context, ctx: &Ctx<'_>) {
        self.frame += 1;
        self.time_s = context.input(|input| input.time);
        if self.choice != ctx.settings.base || self.is_dark != ctx.is_dark {
            *self =
                Self { choice: ctx.settings.base.clone(), is_dark: ctx.is_dark, ..Self::default() };
            self.context = Some(context.clone());
            self.actions = Some(ctx.actions.clone());
            self.start(ctx);
        }
        self.collect(context);
    }

    /// What the loader says of the base map that was chosen.
    pub fn opened(&mut self, opened: Opened) -> Option<Said> {
        if opened.choice != self.choice {
            return None;
        }
        match opened.about {
            Ok(about) => {
                self.about = Some(about);
                None
            }
            Err(said) => {
                self.has_complained = true;
                Some(said)
            }
        }
    }

    fn start(&mut self, ctx: &Ctx<'_>) {
        if self.choice == BaseChoice::None {
            return;
        }
        let (wake, woken) = channel();
        let (sender, answers) = channel();
        let wanted = Arc::new(Mutex::new(BTreeSet::new()));
        let left = Arc::new(AtomicUsize::new(0));
        let worker = Worker {
            choice: self.choice.clone(),
            is_dark: self.is_dark,
            online: super::super::base::Opener::of(ctx),
            actions: ctx.actions.clone(),
            wanted: Arc::clone(&wanted),
            left: Arc::clone(&left),
            woken,
            sender,
        };
        let started =
            std::thread::Builder::new().name("base map".to_owned()).spawn(move || worker.run());
        if started.is_ok() {
            self.loader = Some(Loader { wanted, wake, answers, left });
        }
    }

    fn collect(&mut self, context: &Context) {
        let Some(loader) = &self.loader else { return };
        let mut first_problem = None;
        for (id, answer) in loader.answers.try_iter().take(MOST_UPLOADS) {
            let slot = match answer {
                Ok(Some((rgba, width, height))) => {
                    let size = [width as usize, height as usize];
                    let image = ColorImage::from_rgba_premultiplied(size, &rgba);
                    let texture = context.load_texture("tile", image, TextureOptions::LINEAR);
                    Slot::Ready { texture, used: self.frame }
                }
                Ok(None) => Slot::Missing,
                Err(problem) => {
                    first_problem.get_or_insert(problem);
                    Slot::Failed { until_s: self.time_s + AGAIN_S }
                }
            };
            self.slots.insert(id, slot);
            loader.left.fetch_sub(1, Ordering::SeqCst);
            context.request_repaint();
        }
        if let (Some(problem), false, Some(actions)) =
            (first_problem, self.has_complained, &self.actions)
        {
            self.has_complained = true;
            actions.send(Action::BaseProblem(Some(super::super::base::words(&problem))));
        }
        self.forget();
    }

    /// The ones that were not drawn for the longest time go first.
    fn forget(&mut self) {
        let ready =
            |slot: &Slot| if let Slot::Ready { used, .. } = slot { Some(*used) } else { None };
        let mut uses: Vec<u64> = self.slots.values().filter_map(ready).collect();
        if uses.len() <= MOST_TEXTURES {
            return;
        }
        uses.sort_unstable();
        let oldest = uses.get(uses.len() - MOST_TEXTURES).copied().unwrap_or(0);
        self.slots.retain(|_, slot| ready(slot).is_none_or(|used| used >= oldest));
    }

    fn ready(&mut self, id: TileId) -> Option<TextureHandle> {
        let frame = self.frame;
        match self.slots.get_mut(&id)? {
            Slot::Ready { texture, used } => {
                *used = frame;
                Some(texture.clone())
            }
            Slot::Waiting | Slot::Missing | Slot::Failed { .. } => None,
        }
    }

    fn want(&mut self, id: TileId) {
        let Some(loader) = &self.loader else { return };
        match self.slots.get(&id) {
            None => {}
            Some(Slot::Failed { until_s }) if *until_s < self.time_s => {}
            Some(_) => return,
        }
        self.slots.insert(id, Slot::Waiting);
        loader.left.fetch_add(1, Ordering::SeqCst);
        loader.wanted.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        // Fails only when the loader has ended, and then nothing can be loaded.
        loader.wake.send(()).ok();
    }
}

impl Tiles for BaseTiles {
    fn at(&mut self, tile: WalkersTile) -> Option<TilePiece> {
        let about = self.about.as_ref()?;
        let (min, max) = (about.min_zoom, about.max_zoom);
        let mut id = TileId { z: tile.zoom, x: tile.x, y: tile.y };
        let whole = id;
        if id.z > max {
            let up = id.z - max;
            id = TileId { z: max, x: id.x >> up, y: id.y >> up };
        }
        if id.z >= min {
            self.want(id);
        }
        for up in 0..=COARSER.min(id.z) {
            let parent = TileId { z: id.z - up, x: id.x >> up, y: id.y >> up };
            if let Some(texture) = self.ready(parent) {
                let levels = whole.z - parent.z;
                let side =
                    1.0 / f32::from(1_u16.checked_shl(u32::from(levels)).unwrap_or(1).max(1));
                let x = (whole.x - (parent.x << levels)) as f32 * side;
                let y = (whole.y - (parent.y << levels)) as f32 * side;
                let uv = Rect::from_min_max(pos2(x, y), pos2(x + side, y + side));
                return Some(TilePiece::new(Tile::Raster(texture), uv));
            }
        }
        None
    }

    fn attribution(&self) -> Attribution {
        Attribution { text: "", url: "", logo_light: None, logo_dark: None }
    }

    fn tile_size(&self) -> u32 {
        256
    }
}

struct Worker {
    choice: BaseChoice,
    is_dark: bool,
    online: super::super::base::Opener,
    actions: Actions,
    wanted: Arc<Mutex<BTreeSet<TileId>>>,
    left: Arc<AtomicUsize>,
    woken: Receiver<()>,
    sender: Sender<Answer>,
}

impl Worker {
    fn run(self) {
        let source = self.online.open(&self.choice);
        let about = source.as_ref().map(|source| source.about().clone()).map_err(Clone::clone);
        self.actions.send(Action::Base(Box::new(Opened { choice: self.choice.clone(), about })));
        let Ok(source) = source else { return };
        let theme = if self.is_dark { &DARK } else { &LIGHT };
        while self.woken.recv().is_ok() {
            loop {
                // The highest zoom was asked for last: what is on the screen now comes first.
                let next = self.wanted.lock().unwrap_or_else(PoisonError::into_inner).pop_last();
                let Some(id) = next else { break };
                let answer = tile_picture(source.as_ref(), id, theme);
                if self.sender.send((id, answer)).is_err() {
                    return;
                }
                self.actions.wake();
            }
        }
        self.left.store(0, Ordering::SeqCst);
    }
}

pub fn name(ctx: &Ctx<'_>) -> String {
    match &ctx.settings.base {
        BaseChoice::None => ctx.say(Text::new("无", "none")).to_owned(),
        BaseChoice::File { path, .. } => {
            path.file_name().unwrap_or_default().to_string_lossy().into_owned()
        }
        BaseChoice::Online(id) => super::super::base::provider_name(ctx, id),
    }
}

/// An archive or folder on disk.
pub fn open_file(path: &std::path::Path) -> Result<Box<dyn TileSource>, Said> {
    basemap::open(path, None).map_err(|error| super::super::base::file_words(&error))
}
