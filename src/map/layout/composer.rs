//! A map while the marks of a sketch are put on it, and all of them in their order: what a printed
//! page and the window have in common. Margin, title and legend are not here.

use std::collections::BTreeMap;

use super::boxes::{OrientedBox, Room};
use super::labels::{LabelWish, Lettering};
use super::legend_counts::LegendCounts;
use super::points::{Crowd, SitePoint};
use crate::domain::{Lang, RecordId, RoadClass};
use crate::geodesy::wkb::Bounds;
use crate::map::drawing::{MapPen, Primitive, detail};
use crate::map::font::Fonts;
use crate::map::layers;
use crate::map::sketch::Tag;
use crate::map::tokens::Palette;
use crate::map::view::{At, Frame, Projection};

/// Shapes are cut this far outside the map, under the margin.
pub(super) const BEYOND: f64 = 14.0;
/// Names of control points and rings come before this, all others after.
const FIRST_OTHER_RANK: u32 = 20;
/// As many names as a 1080p page bears.
const MOST_NAMES: f64 = 120.0;

/// What of the sketch is visible.
#[derive(Default)]
pub(super) struct Visible {
    pub counts: LegendCounts,
    pub tags: Vec<Tag>,
    pub has_dots: bool,
}

impl Visible {
    /// Whether a mark with this tag is visible.
    pub fn has(&self, tag: Tag) -> bool {
        self.tags.contains(&tag)
    }
}

/// A road in as many pieces as it was recorded in.
pub(super) struct RoadLabel {
    pub class: RoadClass,
    pub tag: Option<Tag>,
    pub pieces: Vec<Vec<At>>,
}

/// A map while the marks of a sketch are put on it, one after the other.
pub(super) struct Composer<'a> {
    pub theme: &'a Palette,
    pub lang: Lang,
    pub projection: Projection,
    pub clip: Frame,
    /// What may be visible: asked before anything is projected.
    pub window: Bounds,
    pub pen: MapPen<'a>,
    pub visible: Visible,
    pub sites: Vec<SitePoint>,
    /// Of all layers but sites and control points.
    pub markers: Vec<Primitive>,
    pub control_points: Vec<Primitive>,
    /// By hand.
    pub written: Vec<Primitive>,
    /// Room of the control points, and of what else is not to be covered.
    pub points: Vec<OrientedBox>,
    pub obstacles: Vec<OrientedBox>,
    pub wishes: Vec<LabelWish>,
    /// The visible pieces of roads by what is written on them.
    pub names: BTreeMap<(bool, String), RoadLabel>,
    /// Its name comes before all others.
    pub selected: Option<RecordId>,
}

/// What is drawn, lowest first. Lines that something else draws go between the two.
pub struct Lying {
    /// Areas, lines, rings and sites that are mere dots.
    pub under: Vec<Primitive>,
    /// Markers and names, and what was drawn by hand.
    pub over: Vec<Primitive>,
}

impl Lying {
    pub fn into_items(self) -> impl Iterator<Item = Primitive> {
        self.under.into_iter().chain(self.over)
    }
}

impl<'a> Composer<'a> {
    /// An empty map; where a base map is to be seen, its marks leave it visible.
    pub fn new(theme: &'a Palette, lang: Lang, has_base: bool, projection: Projection) -> Self {
        Self {
            theme,
            lang,
            projection,
            clip: projection.frame.grown(BEYOND),
            window: projection.bounds(BEYOND),
            pen: MapPen::new(theme, detail(projection.view.zoom), has_base),
            visible: Visible::default(),
            sites: Vec::new(),
            markers: Vec::new(),
            control_points: Vec::new(),
            written: Vec::new(),
            points: Vec::new(),
            obstacles: Vec::new(),
            wishes: Vec::new(),
            names: BTreeMap::new(),
            selected: None,
        }
    }

    /// All marks in their order: lines and areas, sites, what stands for many of them, markers,
    /// names, what was drawn by hand. Names keep clear of what is reserved.
    pub fn finish(
        mut self,
        fonts: &Fonts,
        crowd: &Crowd,
        reserved: &[OrientedBox],
        over_sites: Vec<Primitive>,
    ) -> (Lying, Visible) {
        self.visible.has_dots = !crowd.dots.is_empty();
        let names = self.write(fonts, reserved, crowd);
        let by_hand = self.pen.lift(layers::place_of("pen_marks"));
        // Rings stay visible in any crowd of dots.
        let high = self.pen.lift(layers::place_of("rings"));
        let mut items: Vec<Primitive> = self.pen.into_items().collect();
        items.extend(crowd.dot_items());
        items.extend(high);
        let mut over: Vec<Primitive> = crowd.full_items().collect();
        over.extend(over_sites);
        over.extend(self.markers);
        over.extend(self.control_points);
        over.extend(names);
        over.extend(by_hand);
        over.extend(self.written);
        (Lying { under: items, over }, self.visible)
    }

    /// Control points and rings are always named: clear of the middle of other marks where that
    /// can be, over them where it cannot. All other names keep clear of every mark.
    fn write(&mut self, fonts: &Fonts, reserved: &[OrientedBox], crowd: &Crowd) -> Vec<Primitive> {
        let frame = self.projection.frame;
        let most = MOST_NAMES * frame.width() * frame.height() / (1600.0 * 980.0);
        let lettering =
            Lettering { fonts, theme: self.theme, lang: self.lang, most: most.round() as usize };
        let (needed, wanted) = std::mem::take(&mut self.wishes)
            .into_iter()
            .partition(|wish: &LabelWish| wish.rank < FIRST_OTHER_RANK);
        let full =
            |half: f64| crowd.full.iter().map(move |s| OrientedBox::upright(s.at, half, half));
        let fixed = || self.points.iter().chain(reserved).copied();
        let marks = || fixed().chain(self.obstacles.iter().copied()).chain(full(9.5));
        let clear = lettering.write(needed, &mut Room::with(frame, marks()));
        let known = || fixed().chain(clear.blocks.iter().copied());
        let close = lettering.write(clear.left, &mut Room::with(frame, known().chain(full(4.0))));
        let known = || known().chain(close.blocks.iter().copied());
        let forced = lettering.write(close.left, &mut Room::with(frame, known()));
        let dots = crowd.dots.iter().map(|(_, at)| OrientedBox::upright(*at, 2.5, 2.5));
        let names = known().chain(forced.blocks);
        let others =
            lettering.write(wanted, &mut Room::with(frame, marks().chain(dots).chain(names)));
        [others.items, forced.items, close.items, clear.items].into_iter().flatten().collect()
    }
}
