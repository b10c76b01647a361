//! One mark of a sketch on the page: its lines, areas and symbols, and the names it asks for.

use geo::InteriorPoint as _;
use geo_types::{Geometry, LineString, Polygon};

use super::Item;
use super::clip::{areas, cut_line, cut_ring, doubled_area, lines};
use super::compose::Composer;
use super::labels::Place;
use super::names::{anchors, restriction_color, style};
use super::place::Block;
use super::points::SitePoint;
use super::walk::{Step, steps};
use crate::domain::ControlPointLevel;
use crate::map::font::{Fonts, Weight};
use crate::map::symbols::Symbol;
use crate::map::view::At;
use crate::map::{Ink, Mark};

impl Composer<'_> {
    pub(super) fn add_point(&mut self, index: usize, mark: &Mark, at: At) -> bool {
        if !self.projection.frame.contains(at) {
            return false;
        }
        match mark.ink {
            Ink::Site { kind, standing } => {
                self.sites.push(SitePoint { at, kind, standing, mark: index });
            }
            Ink::Camera { direction_deg } => {
                let symbol = Symbol::Camera { has_direction: direction_deg.is_some() };
                let turn_deg = direction_deg.unwrap_or(0.0);
                self.cameras.push(Item::Stamp { symbol, at, turn_deg });
                self.obstacles.push(Block::upright(at, 5.0, 5.0));
            }
            Ink::Gate { is_generator } => {
                self.cameras.push(Item::Stamp {
                    symbol: Symbol::Gate { is_generator },
                    at,
                    turn_deg: 0.0,
                });
                self.points.push(Block::upright(at, 10.0, 10.0));
                let style = style(13.0, Weight::Bold, self.sheet.theme.ink);
                self.wish(25, mark, style, Place::Around(at, 10.0));
            }
            Ink::ControlPoint { level, is_running } => {
                let symbol = Symbol::control_point(level, is_running, self.sheet.lang);
                self.control_points.push(Item::Stamp { symbol, at, turn_deg: 0.0 });
                let reach = symbol.reach();
                self.points.push(Block::upright(at, reach, reach));
                let rank = if level == ControlPointLevel::Micro { 30 } else { level as u32 };
                let size = if level == ControlPointLevel::Micro { 13.0 } else { 16.5 };
                let style = style(size, Weight::Bold, self.sheet.theme.ink);
                let place = if level == ControlPointLevel::Micro {
                    Place::Beside(vec![at], reach)
                } else {
                    Place::Around(at, reach)
                };
                self.wish(rank, mark, style, place);
            }
            Ink::Pen { tone, .. } if !mark.words().is_empty() => {
                if let Ok(fonts) = Fonts::get() {
                    self.write_by_hand(fonts, tone, mark.words(), at);
                }
            }
            _ => {}
        }
        true
    }

    pub(super) fn add_line(&mut self, mark: &Mark, geometry: &Geometry<f64>) -> bool {
        let parts = lines(geometry, &self.projection, self.clip);
        let mut visible = Vec::new();
        for part in &parts {
            self.pen.line(mark.ink, part);
            cut_line(part, self.projection.frame, &mut visible);
        }
        let theme = &self.sheet.theme;
        match mark.ink {
            Ink::Road(class) => self.name_road(class, mark, parts),
            Ink::Restriction { .. } => {
                let style = style(13.5, Weight::Bold, restriction_color(theme, mark.ink));
                self.wish(20, mark, style, Place::BesideLine(anchors(&visible), 9.0));
                self.keep_clear(&visible);
            }
            Ink::Congestion { .. } => {
                let style = style(12.5, Weight::Regular, theme.ink);
                self.wish(60, mark, style, Place::BesideLine(anchors(&visible), 10.0));
                self.keep_clear(&visible);
            }
            Ink::Pen { tone, .. } => {
                self.name_pen_mark(tone, mark, &visible);
                self.keep_clear(&visible);
            }
            _ => {}
        }
        !visible.is_empty()
    }

    /// Nothing is written over these lines.
    fn keep_clear(&mut self, lines: &[Vec<At>]) {
        let step = |line: &Vec<At>| steps(line, 0.0, 10.0);
        let block =
            |step: Step| Block { center: step.at, half: At { x: 5.0, y: 6.0 }, along: step.along };
        self.obstacles.extend(lines.iter().flat_map(step).map(block));
    }

    pub(super) fn add_area(&mut self, index: usize, mark: &Mark, geometry: &Geometry<f64>) -> bool {
        let parts = areas(geometry, &self.projection, self.clip);
        for rings in &parts {
            self.pen.area(mark.ink, rings);
        }
        let Some(largest) = parts.iter().max_by(|one, other| size(one).total_cmp(&size(other)))
        else {
            return false;
        };
        let theme = &self.sheet.theme;
        match mark.ink {
            Ink::Ring { radius_m, .. } => {
                let style = style(14.0, Weight::Bold, theme.accent);
                let places = self.on_ring(geometry);
                // Of two rings the inner one is the one that matters most.
                self.wish(10 + (radius_m / 1000.0).min(9.0) as u32, mark, style, Place::On(places));
            }
            Ink::Site { kind, standing } => {
                let at = inner_point(largest).filter(|at| self.projection.frame.contains(*at));
                let site = at.map(|at| SitePoint { at, kind, standing, mark: index });
                self.sites.extend(site);
            }
            Ink::Restriction { .. } => {
                let style = style(13.5, Weight::Bold, restriction_color(theme, mark.ink));
                let places = inner_point(largest).into_iter().collect();
                self.wish(20, mark, style, Place::On(places));
            }
            Ink::Area(role) => self.name_area(role, mark, largest),
            Ink::Pen { tone, .. } => {
                let mut visible = Vec::new();
                parts.iter().flatten().for_each(|ring| {
                    cut_line(ring, self.projection.frame, &mut visible);
                });
                self.name_pen_mark(tone, mark, &visible);
                self.keep_clear(&visible);
            }
            _ => {}
        }
        parts.iter().flatten().any(|ring| cut_ring(ring, self.projection.frame).len() > 2)
    }
}

/// Twice the area of the outer ring.
pub fn size(rings: &[Vec<At>]) -> f64 {
    rings.first().map_or(0.0, |ring| doubled_area(ring).abs())
}

/// A point inside, well away from the edge where there is room.
pub fn inner_point(rings: &[Vec<At>]) -> Option<At> {
    let mut rings = rings.iter().map(|ring| LineString(ring.clone()));
    let polygon = Polygon::new(rings.next()?, rings.collect());
    polygon.interior_point().map(|point| point.0)
}
