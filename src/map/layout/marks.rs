//! One mark of a sketch on the page: its lines, areas and markers, and the names it asks for.

use geo::InteriorPoint as _;
use geo_types::{Geometry, LineString, Polygon};

use super::Primitive;
use super::boxes::OrientedBox;
use super::clip::{areas, cut_line, cut_ring, doubled_area, lines};
use super::compose::Composer;
use super::labels::Placement;
use super::names::{anchors, restriction_color, style};
use super::points::SitePoint;
use super::walk::{LineStep, steps};
use crate::domain::ControlPointLevel;
use crate::map::font::{Fonts, Weight};
use crate::map::markers::Marker;
use crate::map::view::At;
use crate::map::{Mark, Symbol};

impl Composer<'_> {
    pub(super) fn add_point(&mut self, index: usize, mark: &Mark, at: At) -> bool {
        if !self.projection.frame.contains(at) {
            return false;
        }
        match mark.symbol {
            Symbol::Site { kind, standing } => {
                self.sites.push(SitePoint { at, kind, standing, mark: index });
            }
            Symbol::Camera { direction_deg } => {
                let marker = Marker::Camera { has_direction: direction_deg.is_some() };
                let turn_deg = direction_deg.unwrap_or(0.0);
                self.cameras.push(Primitive::Marker { marker, at, turn_deg });
                self.obstacles.push(OrientedBox::upright(at, 5.0, 5.0));
            }
            Symbol::Gate { is_generator } => {
                self.cameras.push(Primitive::Marker {
                    marker: Marker::Gate { is_generator },
                    at,
                    turn_deg: 0.0,
                });
                self.points.push(OrientedBox::upright(at, 10.0, 10.0));
                let style = style(13.0, Weight::Bold, self.sheet.theme.ink);
                self.wish(25, mark, style, Placement::Around(at, 10.0));
            }
            Symbol::ControlPoint { level, is_running } => {
                let marker = Marker::control_point(level, is_running, self.sheet.lang);
                self.control_points.push(Primitive::Marker { marker, at, turn_deg: 0.0 });
                let reach = marker.reach();
                self.points.push(OrientedBox::upright(at, reach, reach));
                let rank = if level == ControlPointLevel::Micro { 30 } else { level as u32 };
                let size = if level == ControlPointLevel::Micro { 13.0 } else { 16.5 };
                let style = style(size, Weight::Bold, self.sheet.theme.ink);
                let place = if level == ControlPointLevel::Micro {
                    Placement::Beside(vec![at], reach)
                } else {
                    Placement::Around(at, reach)
                };
                self.wish(rank, mark, style, place);
            }
            Symbol::Pen { tone, .. } if !mark.words().is_empty() => {
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
            self.pen.line(mark.symbol, part);
            cut_line(part, self.projection.frame, &mut visible);
        }
        let theme = &self.sheet.theme;
        match mark.symbol {
            Symbol::Road(class) => self.name_road(class, mark, parts),
            Symbol::Restriction { .. } => {
                let style = style(13.5, Weight::Bold, restriction_color(theme, mark.symbol));
                self.wish(20, mark, style, Placement::BesideLine(anchors(&visible), 9.0));
                self.keep_clear(&visible);
            }
            Symbol::Congestion { .. } => {
                let style = style(12.5, Weight::Regular, theme.ink);
                self.wish(60, mark, style, Placement::BesideLine(anchors(&visible), 10.0));
                self.keep_clear(&visible);
            }
            Symbol::Pen { tone, .. } => {
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
        let block = |step: LineStep| OrientedBox {
            center: step.at,
            half: At { x: 5.0, y: 6.0 },
            along: step.along,
        };
        self.obstacles.extend(lines.iter().flat_map(step).map(block));
    }

    pub(super) fn add_area(&mut self, index: usize, mark: &Mark, geometry: &Geometry<f64>) -> bool {
        let parts = areas(geometry, &self.projection, self.clip);
        for rings in &parts {
            self.pen.area(mark.symbol, rings);
        }
        let Some(largest) = parts.iter().max_by(|one, other| size(one).total_cmp(&size(other)))
        else {
            return false;
        };
        let theme = &self.sheet.theme;
        match mark.symbol {
            Symbol::Ring { radius_m, .. } => {
                let style = style(14.0, Weight::Bold, theme.accent);
                let places = self.on_ring(geometry);
                // Of two rings the inner one is the one that matters most.
                self.wish(
                    10 + (radius_m / 1000.0).min(9.0) as u32,
                    mark,
                    style,
                    Placement::On(places),
                );
            }
            Symbol::Site { kind, standing } => {
                let at = inner_point(largest).filter(|at| self.projection.frame.contains(*at));
                let site = at.map(|at| SitePoint { at, kind, standing, mark: index });
                self.sites.extend(site);
            }
            Symbol::Restriction { .. } => {
                let style = style(13.5, Weight::Bold, restriction_color(theme, mark.symbol));
                let places = inner_point(largest).into_iter().collect();
                self.wish(20, mark, style, Placement::On(places));
            }
            Symbol::Area(role) => self.name_area(role, mark, largest),
            Symbol::Pen { tone, .. } => {
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
