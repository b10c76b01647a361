//! One mark of a sketch on the page: its lines, areas and markers, and the name it asks for.

use geo_types::Geometry;

use super::boxes::OrientedBox;
use super::composer::Composer;
use super::labels::Placement;
use super::names::anchors;
use super::points::SitePoint;
use crate::domain::ControlPointLevel;
use crate::geodesy::wkb::{self, Bounds};
use crate::map::drawing::{
    LineStep, Primitive, areas, cut_line, cut_ring, doubled_outer_area, inner_point, lines, steps,
};
use crate::map::font::Fonts;
use crate::map::layers;
use crate::map::sketch::{Mark, Symbol};
use crate::map::view::At;

impl Composer<'_> {
    /// Puts a mark on the page, and counts it if it can be seen. Its index is that by which its
    /// name is asked for again.
    pub(super) fn add(&mut self, index: usize, mark: &Mark) {
        let Some(geometry) = mark.geometry() else { return };
        let is_seen = match geometry {
            Geometry::Point(point) => {
                self.add_point(index, mark, self.projection.page_from_lonlat(point.0))
            }
            Geometry::MultiPoint(points) => points.0.first().is_some_and(|point| {
                self.add_point(index, mark, self.projection.page_from_lonlat(point.0))
            }),
            Geometry::Polygon(_) | Geometry::MultiPolygon(_) => {
                self.may_be_seen(geometry) && self.add_area(index, mark, geometry)
            }
            _ => self.may_be_seen(geometry) && self.add_line(mark, geometry),
        };
        if is_seen {
            self.visible.counts.count(mark.symbol);
            self.visible.tags.extend(mark.tag.filter(|tag| !self.visible.tags.contains(tag)));
        }
    }

    fn may_be_seen(&self, geometry: &Geometry<f64>) -> bool {
        let Bounds { min, max } = self.window;
        wkb::bounds(geometry).is_some_and(|of| {
            of.min.x <= max.x && of.max.x >= min.x && of.min.y <= max.y && of.max.y >= min.y
        })
    }

    fn add_point(&mut self, index: usize, mark: &Mark, at: At) -> bool {
        if !self.projection.frame.contains(at) {
            return false;
        }
        match mark.symbol {
            Symbol::Site { kind, standing } => {
                self.sites.push(SitePoint { at, kind, standing, mark: index });
            }
            Symbol::Pen { tone, .. } => {
                if let Ok(fonts) = Fonts::get()
                    && !mark.words().is_empty()
                {
                    self.write_by_hand(fonts, tone, mark.words(), at);
                }
            }
            symbol => self.add_marker(symbol, mark, at),
        }
        true
    }

    /// What has a name keeps the room of its marker clear; of others only the middle.
    fn add_marker(&mut self, symbol: Symbol, mark: &Mark, at: At) {
        let (_, layer) = layers::of(symbol);
        let Some((marker, turn_deg)) = layer.marker(symbol, self.lang) else { return };
        let item = Primitive::Marker { marker, at, turn_deg };
        if matches!(symbol, Symbol::ControlPoint { .. }) {
            self.control_points.push(item);
        } else {
            self.markers.push(item);
        }
        let rule = layer.label(symbol, self.theme).filter(|_| mark.label.is_some());
        let Some(rule) = rule else {
            self.obstacles.push(OrientedBox::upright(at, 5.0, 5.0));
            return;
        };
        let reach = marker.reach();
        self.points.push(OrientedBox::upright(at, reach, reach));
        let is_micro =
            matches!(symbol, Symbol::ControlPoint { level: ControlPointLevel::Micro, .. });
        let place = if is_micro {
            Placement::Beside(vec![at], reach)
        } else {
            Placement::Around(at, reach)
        };
        self.wish(rule.rank, mark, rule.style, place);
    }

    fn add_line(&mut self, mark: &Mark, geometry: &Geometry<f64>) -> bool {
        let parts = lines(geometry, &self.projection, self.clip);
        let mut visible = Vec::new();
        for part in &parts {
            layers::draw_line(mark.symbol, part, &mut self.pen);
            cut_line(part, self.projection.frame, &mut visible);
        }
        if let Some(class) = mark.symbol.road_class() {
            self.name_road(class, mark, parts);
            return !visible.is_empty();
        }
        match mark.symbol {
            Symbol::Area(_) | Symbol::Ring { .. } | Symbol::Site { .. } => {}
            _ => self.name_line(mark, &visible),
        }
        !visible.is_empty()
    }

    /// Beside the line, where its layer writes names.
    fn name_line(&mut self, mark: &Mark, visible: &[Vec<At>]) {
        let rule = layers::of(mark.symbol).1.label(mark.symbol, self.theme);
        if let Some(rule) = rule.filter(|_| mark.label.is_some()) {
            let place = Placement::BesideLine(anchors(visible), rule.off_line);
            self.wish(rule.rank, mark, rule.style, place);
            self.keep_clear(visible);
        }
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

    fn add_area(&mut self, index: usize, mark: &Mark, geometry: &Geometry<f64>) -> bool {
        let parts = areas(geometry, &self.projection, self.clip);
        for rings in &parts {
            layers::draw_area(mark.symbol, rings, &mut self.pen);
        }
        let by_size = |one: &&Vec<Vec<At>>, other: &&Vec<Vec<At>>| {
            doubled_outer_area(one).total_cmp(&doubled_outer_area(other))
        };
        let Some(largest) = parts.iter().max_by(by_size) else { return false };
        match mark.symbol {
            Symbol::Site { kind, standing } => {
                let at = inner_point(largest).filter(|at| self.projection.frame.contains(*at));
                let site = at.map(|at| SitePoint { at, kind, standing, mark: index });
                self.sites.extend(site);
            }
            Symbol::Area(role) => self.name_area(role, mark, largest),
            Symbol::Pen { .. } => {
                let mut visible = Vec::new();
                parts.iter().flatten().for_each(|ring| {
                    cut_line(ring, self.projection.frame, &mut visible);
                });
                self.name_line(mark, &visible);
            }
            symbol => {
                let rule = layers::of(symbol).1.label(symbol, self.theme);
                if let Some(rule) = rule.filter(|_| mark.label.is_some()) {
                    let places = match symbol {
                        Symbol::Ring { .. } => self.on_ring(geometry),
                        _ => inner_point(largest).into_iter().collect(),
                    };
                    self.wish(rule.rank, mark, rule.style, Placement::On(places));
                }
            }
        }
        parts.iter().flatten().any(|ring| cut_ring(ring, self.projection.frame).len() > 2)
    }
}
