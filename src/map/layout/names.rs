//! Which names marks ask for, how they look and where they would like to stand.

use geo_types::Geometry;

use super::composer::{Composer, RoadLabel};
use super::labels::{LabelWish, Placement};
use super::points::Crowd;
use crate::domain::{AreaRole, Lang, RoadClass};
use crate::map::drawing::{LabelStyle, LineStep, doubled_outer_area, inner_point, steps, total};
use crate::map::font::Weight;
use crate::map::layers;
use crate::map::sketch::{Mark, MarkGeometry};
use crate::map::view::At;

impl Composer<'_> {
    /// Collects a piece of a road under its number and its name, to be wished for by [`Self::wish_roads`].
    pub(super) fn name_road(&mut self, class: RoadClass, mark: &Mark, parts: Vec<Vec<At>>) {
        let MarkGeometry::Recorded(record) = &mark.shape else { return };
        let number =
            record.text("ref").split([';', '/', ',', '、']).next().unwrap_or_default().trim();
        let mut add = |is_plaque: bool, text: &str, pieces: Vec<Vec<At>>| {
            if !text.is_empty() {
                let named = self.names.entry((is_plaque, text.to_owned()));
                let named = named.or_insert(RoadLabel { class, tag: mark.tag, pieces: Vec::new() });
                named.class = named.class.min(class);
                named.pieces.extend(pieces);
            }
        };
        if !number.is_empty() {
            add(true, number, parts.clone());
        }
        // 102国道 is what G102 says already.
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let is_said = !number.is_empty()
            && (number == mark.words() || digits(number) == digits(mark.words()));
        if !is_said {
            add(false, mark.words(), parts);
        }
    }

    /// Asks for the name of an area that is large enough on the page to bear one.
    pub(super) fn name_area(&mut self, role: AreaRole, mark: &Mark, rings: &[Vec<At>]) {
        // The district is named in the title; a corner of a township needs no name.
        if role == AreaRole::District || doubled_outer_area(rings) < 9_000.0 {
            return;
        }
        let Some(at) = inner_point(rings) else { return };
        let spacing = if self.lang == Lang::Zh { 4.0 } else { 1.0 };
        let style =
            LabelStyle { spacing, ..LabelStyle::new(14.0, Weight::Regular, self.theme.muted) };
        let places = if role == AreaRole::RingRoad { near_corners(rings, at) } else { around(at) };
        self.wish(50, mark, style, Placement::On(places));
    }

    /// Places on a ring for its radius: at the upper right first, then on along it.
    pub(super) fn on_ring(&self, geometry: &Geometry<f64>) -> Vec<At> {
        const AZIMUTHS: [usize; 12] = [45, 55, 35, 65, 25, 75, 15, 315, 330, 300, 135, 225];
        let Geometry::Polygon(ring) = geometry else { return Vec::new() };
        let vertices = &ring.exterior().0;
        let count = vertices.len().saturating_sub(1);
        let vertex = |azimuth: usize| vertices.get(count * azimuth / 360);
        let places = AZIMUTHS.into_iter().filter_map(vertex);
        places.map(|place| self.projection.page_from_lonlat(*place)).collect()
    }

    /// Asks for the words of a mark; the selected record comes before all others.
    pub(super) fn wish(&mut self, rank: u32, mark: &Mark, style: LabelStyle, place: Placement) {
        let text = mark.words();
        let is_selected = self.selected.is_some() && mark.subject == self.selected;
        let rank = if is_selected { rank.min(1) } else { rank };
        if !text.is_empty() {
            self.wishes.push(LabelWish {
                rank,
                text: text.to_owned(),
                tag: mark.tag,
                style,
                place,
            });
        }
    }

    /// Asks for the names of the sites that are drawn in full.
    pub(super) fn wish_sites<'m>(
        &mut self,
        mark_of: &dyn Fn(usize) -> Option<&'m Mark>,
        crowd: &Crowd,
    ) {
        for site in &crowd.full {
            let Some(mark) = mark_of(site.mark) else { continue };
            if let Some(rule) = layers::of(mark.symbol).1.label(mark.symbol, self.theme) {
                self.wish(rule.rank, mark, rule.style, Placement::Beside(vec![site.at], 10.0));
            }
        }
    }

    /// Asks for what [`Self::name_road`] collected: each number and name once for all its pieces.
    pub(super) fn wish_roads(&mut self) {
        let theme = self.theme;
        for ((is_plaque, text), RoadLabel { class, tag, pieces }) in std::mem::take(&mut self.names)
        {
            let rank = class as u32 + if is_plaque { 40 } else { 65 };
            let style = if is_plaque {
                LabelStyle { is_plaque, ..LabelStyle::new(12.0, Weight::Bold, theme.ink) }
            } else {
                LabelStyle::new(
                    if class <= RoadClass::Secondary { 13.5 } else { 12.5 },
                    Weight::Regular,
                    theme.ink.faded(0.86),
                )
            };
            let place =
                if is_plaque { Placement::OnLine(pieces) } else { Placement::Along(pieces) };
            let tag = if is_plaque { None } else { tag };
            self.wishes.push(LabelWish { rank, text, tag, style, place });
        }
    }
}

/// Half-way along each line, then at its quarters.
pub fn anchors(lines: &[Vec<At>]) -> Vec<LineStep> {
    let at = |share: f64| {
        lines.iter().flat_map(move |line| steps(line, total(line) * share, f64::INFINITY))
    };
    [0.5, 0.25, 0.75].into_iter().flat_map(at).collect()
}

/// A place and others near it.
fn around(at: At) -> Vec<At> {
    const OFF: [(f64, f64); 9] = [
        (0.0, 0.0),
        (0.0, -28.0),
        (0.0, 28.0),
        (0.0, -64.0),
        (0.0, 64.0),
        (-80.0, 0.0),
        (80.0, 0.0),
        (0.0, -130.0),
        (0.0, 130.0),
    ];
    OFF.into_iter().map(|(x, y)| at + At { x, y }).collect()
}

/// A little inside the corners of an outline, the upper left first.
fn near_corners(rings: &[Vec<At>], middle: At) -> Vec<At> {
    let mut corners: Vec<At> = rings.first().cloned().unwrap_or_default();
    corners.sort_by(|one, other| (one.x + one.y).total_cmp(&(other.x + other.y)));
    let inward = |corner: At| {
        let way = middle - corner;
        corner + way * (64.0 / way.x.hypot(way.y).max(64.0))
    };
    corners.into_iter().take(12).map(inward).collect()
}
