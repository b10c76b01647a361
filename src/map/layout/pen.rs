use super::hatch::hatch;
use super::walk::{LineStep, steps};
use super::{Batches, Stroke};
use crate::domain::{AreaRole, RoadClass};
use crate::map::tokens::{Palette, Rgba};
use crate::map::view::At;
use crate::map::{RestrictionKind, SiteStanding, Symbol};

/// Draws what a symbol stands for: lines and areas with their ornaments.
pub struct MapPen<'a> {
    pub theme: &'a Palette,
    /// How wide roads are at this zoom, against zoom 13½.
    pub detail: f64,
    /// A base map shows what would otherwise be paper.
    pub has_base: bool,
    pub batches: Batches,
}

/// Heights, twenty apart, in the order of the layers.
const AREAS: u16 = 0;
const ROADS: u16 = 20;
const SWEEPING: u16 = 40;
const CONGESTION: u16 = 60;
const RESTRICTIONS: u16 = 80;
pub const RINGS: u16 = 100;
const SITES: u16 = 120;
/// Over markers too.
pub const PEN_MARKS: u16 = 140;

const DRAFT_OPACITY: f32 = 0.6;

/// Below this detail roads have no edges of their own: about zoom 11¾.
const OVERVIEW: f64 = 0.62;

/// Up to one pixel a line is painted without an outline, which is much faster.
fn thin(color: Rgba, width: f64) -> Stroke {
    Stroke::solid(color, if width < 1.4 { width.clamp(0.7, 1.0) } else { width })
}

/// How wide roads are drawn at a zoom.
pub fn detail(zoom: f64) -> f64 {
    ((zoom - 13.5) * 0.4).exp2().clamp(0.4, 1.8)
}

impl MapPen<'_> {
    /// A line on the page.
    pub fn line(&mut self, symbol: Symbol, points: &[At]) {
        match symbol {
            Symbol::Road(class) => self.road(class, points),
            Symbol::Sweeping => {
                let dots = Stroke::solid(self.theme.muted, 2.8).round().dashed(&[0.1, 6.9]);
                self.batches.line(SWEEPING, dots, points);
            }
            Symbol::Congestion { trucks_per_hour, is_idling } => {
                self.congestion(trucks_per_hour, is_idling, points);
            }
            Symbol::Restriction { is_at_rest: true, .. } => {
                self.batches.line(RESTRICTIONS, self.at_rest(), points);
            }
            Symbol::Restriction { kind, is_draft, .. } => self.restriction(kind, is_draft, points),
            Symbol::Area(_) | Symbol::Ring { .. } | Symbol::Site { .. } => {
                self.area(symbol, &[points.to_vec()]);
            }
            Symbol::Pen { form, tone } => self.pen_mark(form, tone, points),
            Symbol::Camera { .. } | Symbol::Gate { .. } | Symbol::ControlPoint { .. } => {}
        }
    }

    /// An area on the page: its outer ring and holes.
    pub fn area(&mut self, symbol: Symbol, rings: &[Vec<At>]) {
        match symbol {
            Symbol::Area(role) => self.district(role, rings),
            Symbol::Ring { is_first, .. } => self.ring(is_first, rings),
            Symbol::Pen { tone, .. } => self.pen_ring(tone, rings),
            Symbol::Site { standing, .. } => self.site(standing, rings),
            Symbol::Restriction { is_at_rest: true, .. } => {
                self.batches.area(RESTRICTIONS, None, Some(self.at_rest()), rings);
            }
            Symbol::Restriction { kind, is_draft, .. } => self.closed_area(kind, is_draft, rings),
            other => rings.iter().for_each(|ring| self.line(other, ring)),
        }
    }

    fn district(&mut self, role: AreaRole, rings: &[Vec<At>]) {
        let (muted, ink) = (self.theme.muted, self.theme.ink);
        let (height, fill, stroke) = match role {
            AreaRole::District => {
                let paper = (!self.has_base).then_some(self.theme.panel.faded(0.72));
                let band = Stroke::solid(muted.faded(0.13), 9.0).round();
                self.batches.area(AREAS + 1, None, Some(band), rings);
                (AREAS, paper, Stroke::solid(muted, 1.5).dashed(&[12.0, 3.0, 2.5, 3.0]))
            }
            AreaRole::Township => {
                (AREAS + 2, None, Stroke::solid(muted.faded(0.55), 1.0).dashed(&[6.0, 4.0]))
            }
            AreaRole::Grid => (AREAS + 3, None, Stroke::solid(muted.faded(0.35), 0.8)),
            AreaRole::RingRoad => (
                AREAS + 4,
                Some(ink.faded(0.03)),
                Stroke::solid(ink.faded(0.5), 2.0).dashed(&[16.0, 5.0]),
            ),
        };
        self.batches.area(height, fill, None, rings);
        self.batches.area(AREAS + 8, None, Some(stroke), rings);
    }

    fn road(&mut self, class: RoadClass, points: &[At]) {
        let width = match class {
            RoadClass::Motorway => 7.0,
            RoadClass::Trunk => 6.0,
            RoadClass::Primary => 5.0,
            RoadClass::Secondary => 4.0,
            RoadClass::Tertiary => 3.2,
            RoadClass::Residential => 2.2,
            RoadClass::Service | RoadClass::Track => 1.4,
        } * self.detail;
        let rank = class as u16;
        let edge = self.theme.road_edge;
        if class == RoadClass::Track {
            let stroke = Stroke::solid(edge, width.max(1.0)).dashed(&[4.0, 3.0]);
            self.batches.line(ROADS, stroke, points);
        } else if self.detail < OVERVIEW {
            // From afar one line says enough.
            self.batches.line(ROADS, thin(edge, width * 0.6), points);
        } else if width < 2.0 {
            self.batches.line(ROADS, thin(edge, width), points);
        } else {
            let fill = if class <= RoadClass::Primary {
                self.theme.road_major
            } else {
                self.theme.road_minor
            };
            let (edge, fill) = (Stroke::solid(edge, width + 1.4), Stroke::solid(fill, width));
            // Round corners are seen on broad lines only.
            let (edge, fill) =
                if width < 3.5 { (edge, fill) } else { (edge.round(), fill.round()) };
            self.batches.line(ROADS + 1, edge, points);
            self.batches.line(ROADS + 10 - rank, fill, points);
        }
    }

    fn congestion(&mut self, trucks_per_hour: f32, is_idling: bool, points: &[At]) {
        let ink = self.theme.ink.faded(0.72);
        // In half units, so that similar lines share a path.
        let share = f64::from(trucks_per_hour / 300.0).clamp(0.0, 1.0);
        let width = ((4.0 + 4.0 * share) * 2.0).round() / 2.0;
        if is_idling {
            self.batches.line(CONGESTION, Stroke::solid(ink, 1.4), points);
            for step in steps(points, 4.0, 9.0) {
                self.bar(CONGESTION + 1, Stroke::solid(ink, 2.6), step, -width, width);
            }
        } else {
            self.batches.line(CONGESTION, Stroke::solid(ink, width), points);
            for step in steps(points, 4.0, 8.0) {
                let (from, to) = (width / 2.0, width / 2.0 + 5.0);
                self.bar(CONGESTION + 1, Stroke::solid(ink, 1.5), step, from, to);
            }
        }
    }

    /// Across the line, from one distance on its right to another.
    fn bar(&mut self, height: u16, stroke: Stroke, step: LineStep, from: f64, to: f64) {
        let right = step.right();
        self.batches.line(height, stroke, &[step.at + right * from, step.at + right * to]);
    }

    fn restriction(&mut self, kind: RestrictionKind, is_draft: bool, points: &[At]) {
        let color = self.restriction_color(kind, is_draft);
        let halo = Stroke::solid(self.theme.halo, 8.0);
        self.batches.line(RESTRICTIONS, halo, points);
        let (line, top) = (RESTRICTIONS + 2, RESTRICTIONS + 3);
        match kind {
            RestrictionKind::NoEntry => {
                self.batches.line(line, Stroke::solid(color, 5.0), points);
                for step in steps(points, 12.0, 24.0) {
                    self.bar(top, Stroke::solid(color, 2.4), step, 2.5, 7.5);
                    self.bar(top, Stroke::solid(color, 2.4), step, -7.5, -2.5);
                }
            }
            RestrictionKind::Limited => {
                let stroke = Stroke::solid(color, 4.5).dashed(&[12.0, 6.0]);
                self.batches.line(line, stroke, points);
            }
            RestrictionKind::OneWay => {
                self.batches.line(line, Stroke::solid(color, 3.0), points);
                self.arrows(top, color, points);
            }
            RestrictionKind::Detour => {
                let stroke = Stroke::solid(color, 3.0).dashed(&[10.0, 6.0]);
                self.batches.line(line, stroke, points);
                self.arrows(top, color, points);
            }
        }
    }

    /// Whatever its kind, an order that does not hold now stops nobody.
    fn at_rest(&self) -> Stroke {
        Stroke::solid(self.theme.muted.faded(0.7), 2.4).dashed(&[3.0, 5.0])
    }

    fn arrows(&mut self, height: u16, color: Rgba, points: &[At]) {
        for step in steps(points, 20.0, 40.0) {
            let (back, right) = (step.at - step.along * 6.0, step.right() * 6.0);
            let head = vec![step.at + step.along * 6.0, back + right, back - right];
            self.batches.area(height, Some(color.over(self.theme.panel)), None, &[head]);
        }
    }

    fn restriction_color(&self, kind: RestrictionKind, is_draft: bool) -> Rgba {
        let color = match kind {
            RestrictionKind::NoEntry => self.theme.act,
            RestrictionKind::Limited => self.theme.watch,
            RestrictionKind::OneWay | RestrictionKind::Detour => self.theme.calm,
        };
        if is_draft { color.faded(DRAFT_OPACITY) } else { color }
    }

    fn closed_area(&mut self, kind: RestrictionKind, is_draft: bool, rings: &[Vec<At>]) {
        let color = self.restriction_color(kind, is_draft);
        self.batches.area(RESTRICTIONS, Some(color.faded(0.06)), None, rings);
        for line in hatch(rings, 10.0) {
            self.batches.line(RESTRICTIONS, Stroke::solid(color.faded(0.55), 1.1), &line);
        }
        let edge = Stroke::solid(color, 2.2);
        let edge = if kind == RestrictionKind::NoEntry { edge } else { edge.dashed(&[12.0, 6.0]) };
        self.batches.area(RESTRICTIONS + 1, None, Some(edge), rings);
    }

    fn ring(&mut self, is_first: bool, rings: &[Vec<At>]) {
        let stroke = Stroke::solid(self.theme.ring, 2.0);
        let stroke = if is_first { stroke } else { stroke.dashed(&[8.0, 4.0]) };
        self.batches.area(RINGS, Some(self.theme.ring_fill), None, rings);
        self.batches.area(RINGS + 1, None, Some(Stroke::solid(self.theme.halo, 5.0)), rings);
        self.batches.area(RINGS + 2, None, Some(stroke), rings);
    }

    fn site(&mut self, standing: SiteStanding, rings: &[Vec<At>]) {
        let color = if standing == SiteStanding::Failing { self.theme.act } else { self.theme.ink };
        let edge = Stroke::solid(color, 1.2);
        let edge =
            if standing == SiteStanding::Uninspected { edge.dashed(&[4.0, 3.0]) } else { edge };
        self.batches.area(SITES, Some(color.faded(0.12)), None, rings);
        self.batches.area(SITES + 1, None, Some(edge), rings);
    }
}
