//! The base map on the screen: tiles come from threads of their own, and walkers lays them out.

use std::collections::BTreeMap;
use std::time::Duration;

use egui::{ColorImage, Context, Rect, TextureHandle, TextureOptions, pos2};
use walkers::{Tile, TileId as WalkersTile, TilePiece, Tiles, sources::Attribution};

use super::loader::Loader;
use crate::basemap::SourceInfo;
use crate::domain::LocalizedText;
use crate::geodesy::mercator::TileId;
use crate::settings::BaseChoice;
use crate::ui::ViewAction;
use crate::ui::action::{Action, Actions};
use crate::ui::base::{Chosen, OpenedBase, words};
use crate::ui::ctx::Ctx;

/// One base map that is shown.
#[derive(Default)]
pub struct BaseTiles {
    chosen: Chosen,
    is_dark: bool,
    loader: Option<Loader>,
    about: Option<SourceInfo>,
    slots: BTreeMap<TileId, Slot>,
    /// How many tiles are awaited.
    waiting: usize,
    frame: u64,
    /// Of the window's clock.
    time_s: f64,
    context: Option<Context>,
    actions: Option<Actions>,
    /// It could not be opened.
    is_refused: bool,
    /// Some of its tiles fail, and that is said.
    is_failing: bool,
    /// Whether what is seen of it is light; `None` until that is known.
    is_light: Option<bool>,
}

enum Slot {
    Waiting {
        has_failed: bool,
        /// The last frame that wanted it.
        asked: u64,
    },
    Missing,
    /// Asked for again after this time, seconds of the window's clock.
    Failed {
        until_s: f64,
        asked: u64,
    },
    Ready {
        texture: TextureHandle,
        used: u64,
        /// Without its labels, which are asked for again after this time.
        again_s: Option<f64>,
        brightness: Option<f32>,
    },
}

/// Textures that are kept, and those that are put on the GPU in one frame.
const MOST_TEXTURES: usize = 320;
const MOST_UPLOADS: usize = 6;
/// A tile that failed is asked for again after this, seconds.
const AGAIN_S: f64 = 15.0;
/// A base map is light from the one brightness on and dark up to the other. Between them it stays
/// what it was, so that marks do not flicker while an air photo is moved about.
const LIGHT_FROM: f32 = 0.55;
const DARK_TO: f32 = 0.45;
/// Coarser tiles that stand in for one that is not there yet.
const COARSER: u8 = 6;

impl Slot {
    /// When it was wanted last, if it has failed and has not come since.
    const fn failing(&self) -> Option<u64> {
        match self {
            Self::Waiting { has_failed: true, asked }
            | Self::Failed { asked, .. }
            | Self::Ready { again_s: Some(_), used: asked, .. } => Some(*asked),
            Self::Waiting { .. } | Self::Missing | Self::Ready { .. } => None,
        }
    }
}

impl BaseTiles {
    /// Whether there is a base map.
    pub const fn is_shown(&self) -> bool {
        self.about.is_some()
    }

    /// Whether marks over it are read on a light ground, whatever the theme; `None` where it is not
    /// shown or not known yet.
    pub fn is_light(&self) -> Option<bool> {
        self.is_light.filter(|_| self.is_shown())
    }

    /// No tile is awaited.
    pub fn is_settled(&self) -> bool {
        let is_open = self.about.is_some() || self.is_refused;
        self.waiting == 0 && (self.chosen.base == BaseChoice::None || is_open)
    }

    /// Before a frame: another base map where another was chosen, and the tiles that have come.
    pub fn begin(&mut self, context: &Context, ctx: &Ctx<'_>) {
        self.frame += 1;
        self.time_s = context.input(|input| input.time);
        let chosen = Chosen::of(&ctx.settings);
        if self.chosen != chosen || self.is_dark != ctx.is_dark {
            *self = Self { chosen, is_dark: ctx.is_dark, ..Self::default() };
            self.context = Some(context.clone());
            self.actions = Some(ctx.actions.clone());
            self.start(ctx);
        }
        self.collect(context);
        self.look();
    }

    /// What the loader says of the base map that was chosen; `None` where another one has been
    /// chosen since.
    pub fn opened(
        &mut self,
        opened: OpenedBase,
    ) -> Option<Result<Option<SourceInfo>, LocalizedText>> {
        if opened.chosen != self.chosen {
            return None;
        }
        match &opened.about {
            Ok(about) => self.about.clone_from(about),
            Err(_) => self.is_refused = true,
        }
        Some(opened.about)
    }

    fn start(&mut self, ctx: &Ctx<'_>) {
        if self.chosen.base == BaseChoice::None {
            let opened = OpenedBase { chosen: self.chosen.clone(), about: Ok(None) };
            ctx.actions.view(ViewAction::Base(Box::new(opened)));
        } else {
            self.loader = Loader::start(ctx, self.chosen.clone(), self.is_dark);
        }
    }

    fn collect(&mut self, context: &Context) {
        let Some(loader) = &self.loader else { return };
        let mut first_problem = None;
        for (id, answer) in loader.answers().take(MOST_UPLOADS) {
            let slot = match answer {
                Ok(Some(tile)) => {
                    let size = [tile.width as usize, tile.height as usize];
                    let image = ColorImage::from_rgba_premultiplied(size, &tile.rgba);
                    let texture = context.load_texture("tile", image, TextureOptions::LINEAR);
                    let again_s = tile.lacks.as_ref().map(|_| self.time_s + AGAIN_S);
                    first_problem = first_problem.or(tile.lacks);
                    let brightness = tile.brightness;
                    Slot::Ready { texture, used: self.frame, again_s, brightness }
                }
                Ok(None) => Slot::Missing,
                Err(problem) => {
                    first_problem.get_or_insert(problem);
                    let until_s = self.time_s + AGAIN_S;
                    match self.slots.remove(&id) {
                        // What was there without its labels is better than nothing.
                        Some(shown @ Slot::Ready { .. }) => shown,
                        Some(Slot::Waiting { asked, .. }) => Slot::Failed { until_s, asked },
                        _ => Slot::Failed { until_s, asked: self.frame },
                    }
                }
            };
            self.slots.insert(id, slot);
            self.waiting = self.waiting.saturating_sub(1);
            context.request_repaint();
        }
        self.complain(context, first_problem);
        self.forget();
    }

    /// How bright is what was on the screen last, once all of it has come.
    fn look(&mut self) {
        if self.waiting > 0 {
            return;
        }
        let of = |slot: &Slot| match slot {
            Slot::Ready { used, brightness, .. } if *used + 1 >= self.frame => *brightness,
            _ => None,
        };
        let seen: Vec<f32> = self.slots.values().filter_map(of).collect();
        if !seen.is_empty() {
            self.is_light =
                Some(is_light(seen.iter().sum::<f32>() / seen.len() as f32, self.is_light));
        }
    }

    /// Says once that tiles fail, and takes it back when all that are in view have come.
    fn complain(&mut self, context: &Context, problem: Option<LocalizedText>) {
        let is_failing = |slot: &Slot| slot.failing().is_some_and(|asked| asked + 1 >= self.frame);
        let said = match problem {
            Some(problem) if !self.is_failing => Some(words(&problem)),
            None if self.is_failing && !self.slots.values().any(is_failing) => None,
            _ => {
                if self.is_failing {
                    context.request_repaint_after(Duration::from_secs_f64(AGAIN_S));
                }
                return;
            }
        };
        self.is_failing = said.is_some();
        if let Some(actions) = &self.actions {
            actions.send(Action::View(ViewAction::BaseProblem(said)));
        }
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
            Slot::Ready { texture, used, .. } => {
                *used = frame;
                Some(texture.clone())
            }
            Slot::Waiting { .. } | Slot::Missing | Slot::Failed { .. } => None,
        }
    }

    fn want(&mut self, id: TileId) {
        let Some(loader) = &self.loader else { return };
        let now = self.frame;
        let has_failed = match self.slots.get_mut(&id) {
            None => false,
            Some(Slot::Failed { until_s, .. }) if *until_s < self.time_s => true,
            Some(Slot::Failed { asked, .. }) => {
                *asked = now;
                return;
            }
            Some(Slot::Waiting { asked, .. }) => {
                *asked = now;
                loader.again(id, now);
                return;
            }
            // What is there stays until the whole has come.
            Some(Slot::Ready { again_s: Some(again_s), .. }) if *again_s < self.time_s => {
                *again_s = self.time_s + AGAIN_S;
                self.waiting += usize::from(loader.want(id, now));
                return;
            }
            Some(Slot::Missing | Slot::Ready { .. }) => return,
        };
        self.slots.insert(id, Slot::Waiting { has_failed, asked: now });
        self.waiting += usize::from(loader.want(id, now));
    }
}

fn is_light(brightness: f32, before: Option<bool>) -> bool {
    let middle = f32::midpoint(LIGHT_FROM, DARK_TO);
    match before {
        Some(true) => brightness > DARK_TO,
        Some(false) => brightness >= LIGHT_FROM,
        None => brightness >= middle,
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
                let side = (-f32::from(levels)).exp2();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_map_of_middling_brightness_stays_what_it_was() {
        assert!(is_light(0.9, Some(false)) && is_light(0.9, None));
        assert!(!is_light(0.1, Some(true)) && !is_light(0.1, None));
        assert!(is_light(0.5, Some(true)) && !is_light(0.5, Some(false)));
    }
}
