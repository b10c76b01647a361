//! Where an order holds, by the names of roads: stretches between crossings, blocks between roads,
//! ways around.

use std::collections::{BTreeMap, BTreeSet};

use geo_types::{Coord, Geometry, LineString, Polygon};

use super::boundary::AreaBoundary;
use super::round;
use crate::domain::{Field, Kind, Record};
use crate::geodesy::ring::distance_m;
use crate::network::entries::{EntryPoint, heading, side};
use crate::network::orders::{AlignedEdge, Finder};
use crate::network::turning::Manoeuvre;
use crate::network::{ArcId, Network, Road};

/// Where no road crosses at an end, the next crossing is looked for as far as this along the road.
const LOOK_M: f64 = 5000.0;
/// Two roads of an outline meet where they come this near: the arms of a wide junction.
const MEET_M: f64 = 60.0;
/// An outline of one road is that road where so much of it lies on the road.
const MOST: f64 = 0.8;

/// Stands where a road has neither name nor number.
pub const NO_NAME: &str = "【待填：路名】";
const NO_END: &str = "【待填：起止点】";
/// Part of an outline along which no road lies.
pub const NO_ROAD: &str = "附图所示界线";
/// An area along whose outline no road lies.
pub const NO_AREA: &str = "附图所示区域";

/// Names on a network.
pub struct PlaceNames<'a> {
    pub network: &'a Network,
    finder: &'a Finder<'a>,
    /// The edges at each node.
    around: Vec<Vec<u32>>,
}

/// A turn in words.
pub struct TurnWords {
    /// `建设路与G102国道交叉口`.
    pub junction: String,
    /// `由建设路（由南向北）左转驶入G102国道`.
    pub way: String,
    /// `由南向北`.
    pub comes: String,
    pub how: Manoeuvre,
}

/// Pieces of a line that lie on one road, in the order of the line.
struct Run {
    /// Empty where the road has no name.
    label: String,
    steps: Vec<AlignedEdge>,
}

impl<'a> PlaceNames<'a> {
    /// `finder` is that of the same network.
    pub fn new(network: &'a Network, finder: &'a Finder<'a>) -> Self {
        let mut around = vec![Vec::new(); network.nodes.len()];
        for (number, edge) in (0_u32..).zip(&network.edges) {
            for node in BTreeSet::from(edge.ends) {
                if let Some(edges) = around.get_mut(node as usize) {
                    edges.push(number);
                }
            }
        }
        Self { network, finder, around }
    }

    /// Edges that meet at a node.
    pub fn around(&self, node: u32) -> &[u32] {
        self.around.get(node as usize).map_or(&[], Vec::as_slice)
    }

    /// What the road of an edge is called; empty where it has neither name nor number.
    pub fn label(&self, edge: u32) -> String {
        self.road(edge).map(road_label).unwrap_or_default()
    }

    fn road(&self, edge: u32) -> Option<&Road> {
        self.network.road_of(self.network.edges.get(edge as usize)?)
    }

    /// `G102国道（西外环—东外环段）、建设路（…）`; `None` where the line is on no road.
    pub fn stretches(&self, order: &Record, line: &LineString<f64>) -> Option<String> {
        let runs = self.runs(self.finder.steps_of(order, line));
        let mut words = Vec::new();
        for (number, run) in runs.iter().enumerate() {
            let label_at = |at: Option<usize>| at.and_then(|at| runs.get(at)).map(|r| &*r.label);
            let name = if run.label.is_empty() { NO_NAME } else { &run.label };
            let ends = self.ends(run)?;
            let neighbours = [label_at(number.checked_sub(1)), label_at(Some(number + 1))];
            let [from, to] = self.both_ends_words(ends, &run.label, neighbours);
            words.push(format!("{name}（{from}—{to}段）"));
        }
        (!words.is_empty()).then(|| words.join("、"))
    }

    /// Where a turn is made, and how; `None` of arcs that are none of the network.
    pub fn turn(&self, (from, into): (ArcId, ArcId)) -> Option<TurnWords> {
        let EntryPoint { at, before, .. } = EntryPoint::of(self.network, from, into)?;
        let [own, to] = [from, into].map(|arc| self.label(arc.edge() as u32));
        let node = self.network.head(from);
        let other = Some(&to).filter(|to| !to.is_empty() && **to != own).cloned();
        let crossing = other.or_else(|| self.crossing(node, &own, None));
        let named = |name: String| if name.is_empty() { NO_NAME.to_owned() } else { name };
        let (own, to) = (named(own), named(to));
        let junction = match crossing {
            Some(crossing) => format!("{own}与{crossing}交叉口"),
            None => format!("{own}路口"),
        };
        let comes = heading(before, at);
        let how = Manoeuvre::of(self.network, from, into);
        let way = match how {
            Manoeuvre::Left => format!("由{own}（{comes}）左转驶入{to}"),
            Manoeuvre::Right => format!("由{own}（{comes}）右转驶入{to}"),
            Manoeuvre::Back => format!("在{own}（{comes}）掉头"),
            Manoeuvre::Straight if own == to => format!("沿{own}{comes}直行通过"),
            Manoeuvre::Straight => format!("由{own}（{comes}）直行驶入{to}"),
        };
        Some(TurnWords { junction, way, comes, how })
    }

    /// How far the ends of the roads that a line closes lie from its own ends: a road is closed
    /// between junctions, also where the line stops halfway.
    pub fn beyond_m(&self, order: &Record, line: &LineString<f64>) -> f64 {
        let runs = self.runs(self.finder.steps_of(order, line));
        let ends = |run: Option<&Run>, which: usize| {
            let node = *self.ends(run?)?.get(which)?;
            self.network.nodes.get(node as usize).copied()
        };
        let pairs =
            [(line.0.first(), ends(runs.first(), 0)), (line.0.last(), ends(runs.last(), 1))];
        let apart = pairs.into_iter().filter_map(|(drawn, said)| Some(distance_m(*drawn?, said?)));
        apart.fold(0.0, f64::max)
    }

    /// `A路—B路—C路`; `None` where the line is on no road.
    pub fn chain(&self, order: &Record, line: &LineString<f64>) -> Option<String> {
        let names = self.runs(self.finder.steps_of(order, line)).into_iter().map(|run| run.label);
        let names: Vec<String> =
            names.map(|n| if n.is_empty() { NO_NAME.to_owned() } else { n }).collect();
        (!names.is_empty()).then(|| names.join("—"))
    }

    /// `由西向东`, by the two ends of a line.
    pub fn line_heading(line: &LineString<f64>) -> Option<String> {
        let (from, to) = (*line.0.first()?, *line.0.last()?);
        (from != to).then(|| heading(from, to))
    }

    /// By which lines and outlines are found on the network.
    pub const fn finder(&self) -> &Finder<'_> {
        self.finder
    }

    /// `A路（不含）—B路（不含）合围区域`, around each outline.
    pub fn areas(&self, shape: &Geometry<f64>, boundary: &AreaBoundary) -> Vec<String> {
        let polygons: &[Polygon<f64>] = match shape {
            Geometry::Polygon(polygon) => std::slice::from_ref(polygon),
            Geometry::MultiPolygon(all) => &all.0,
            _ => &[],
        };
        polygons.iter().map(|polygon| self.area(polygon, boundary)).collect()
    }

    fn area(&self, polygon: &Polygon<f64>, boundary: &AreaBoundary) -> String {
        let holes = if polygon.interiors().is_empty() {
            ""
        } else {
            "（附图所示扣除部分除外）"
        };
        let outline = &round::walked(self.network, self.finder, polygon.exterior());
        let mut runs = self.runs(self.finder.steps(outline));
        // What is shorter than a junction, or has no name, bounds nothing.
        runs.retain(|run| !run.label.is_empty() && self.length_m(run) > MEET_M);
        // The outline may begin in the middle of a road.
        if runs.len() > 1
            && runs.first().map(|run| &run.label) == runs.last().map(|run| &run.label)
            && let Some(last) = runs.pop()
            && let Some(first) = runs.first_mut()
        {
            first.steps.splice(0..0, last.steps);
        }
        let name = |run: &Run| format!("{}{}", run.label, self.inclusion(run, boundary));
        match runs.as_slice() {
            [] => format!("{NO_AREA}{holes}"),
            [run] if self.length_m(run) >= MOST * line_m(outline) => {
                format!("{}以内区域{holes}", name(run))
            }
            [run] => format!("{}—{NO_ROAD}合围区域{holes}", name(run)),
            runs => {
                let mut words = Vec::new();
                for (number, run) in runs.iter().enumerate() {
                    words.push(name(run));
                    let next = runs.get((number + 1) % runs.len());
                    if next.is_some_and(|next| !self.meet(run, next)) {
                        words.push(NO_ROAD.to_owned());
                    }
                }
                format!("{}合围区域{holes}", words.join("—"))
            }
        }
    }

    /// `（含）`, or piece by piece `（不含X至Y段，含Y至Z段）`.
    fn inclusion(&self, run: &Run, boundary: &AreaBoundary) -> String {
        let word = |is_in: bool| if is_in { "含" } else { "不含" };
        let mut parts: Vec<(bool, Vec<AlignedEdge>)> = Vec::new();
        for step in &run.steps {
            let is_in = boundary.includes(step.edge);
            match parts.last_mut() {
                Some((known, steps)) if *known == is_in => steps.push(*step),
                _ => parts.push((is_in, vec![*step])),
            }
        }
        if let [(is_in, _)] = parts.as_slice() {
            return format!("（{}）", word(*is_in));
        }
        let said = parts.into_iter().filter_map(|(is_in, steps)| {
            let part = Run { label: run.label.clone(), steps };
            let [from, to] = self.both_ends_words(self.ends(&part)?, &run.label, [None, None]);
            Some(format!("{}{from}至{to}段", word(is_in)))
        });
        format!("（{}）", said.collect::<Vec<_>>().join("，"))
    }

    fn length_m(&self, run: &Run) -> f64 {
        let edges = run.steps.iter().filter_map(|s| self.network.edges.get(s.edge as usize));
        edges.map(|edge| f64::from(edge.length_m)).sum()
    }

    /// Whether a road ends where the other begins.
    fn meet(&self, one: &Run, other: &Run) -> bool {
        let places = |run: &Run| -> Vec<Coord<f64>> {
            let edges = run.steps.iter().filter_map(|s| self.network.edges.get(s.edge as usize));
            let nodes: BTreeSet<u32> = edges.flat_map(|edge| edge.ends).collect();
            nodes.into_iter().filter_map(|n| self.network.nodes.get(n as usize).copied()).collect()
        };
        let others = places(other);
        places(one).iter().any(|at| others.iter().any(|to| distance_m(*at, *to) <= MEET_M))
    }

    /// A piece without a name belongs to the road before it: the middle of a junction, a slip road.
    fn runs(&self, steps: Vec<AlignedEdge>) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for step in steps {
            let label = self.label(step.edge);
            match runs.last_mut() {
                Some(last) if label.is_empty() || last.label == label => last.steps.push(step),
                Some(last) if last.label.is_empty() => {
                    last.label = label;
                    last.steps.push(step);
                }
                _ => runs.push(Run { label, steps: vec![step] }),
            }
        }
        runs
    }

    /// The nodes where a run begins and ends.
    fn ends(&self, run: &Run) -> Option<[u32; 2]> {
        let (first, last) = (run.steps.first()?, run.steps.last()?);
        let ends =
            |step: &AlignedEdge| self.network.edges.get(step.edge as usize).map(|edge| edge.ends);
        let [a, b] = ends(first)?;
        let [c, d] = ends(last)?;
        Some([if first.goes_along { a } else { b }, if last.goes_along { d } else { c }])
    }

    /// Both ends of a stretch. A ring road that crosses at both is told apart by the sides on which
    /// they lie: `北外环西侧路口`, `北外环东侧路口`.
    fn both_ends_words(
        &self,
        ends: [u32; 2],
        own: &str,
        neighbours: [Option<&str>; 2],
    ) -> [String; 2] {
        let [a, b] = ends;
        let [from, to] = [(a, neighbours[0]), (b, neighbours[1])]
            .map(|(end, neighbour)| self.end_words(end, own, neighbour));
        let place = |node: u32| self.network.nodes.get(node as usize).copied();
        match (place(a), place(b)) {
            (Some(first), Some(last)) if from == to && a != b && from != NO_END => {
                [(last, first), (first, last)]
                    .map(|(other, own)| format!("{from}{}侧路口", side(other, own).0))
            }
            _ => [from, to],
        }
    }

    /// The road that crosses there; else how far it is from the next crossing on the road.
    fn end_words(&self, node: u32, own: &str, neighbour: Option<&str>) -> String {
        if let Some(crossing) = self.crossing(node, own, neighbour) {
            return crossing;
        }
        let place = |node: u32| self.network.nodes.get(node as usize).copied();
        // Roads without a name cannot be followed by it.
        let found = if own.is_empty() { None } else { self.next_crossing(node, own) };
        if let Some((at, metres, crossing)) = found
            && let (Some(from), Some(to)) = (place(at), place(node))
        {
            let tens = ((metres / 10.0).round() * 10.0).max(10.0);
            return format!("{crossing}以{}{tens}米", side(from, to).0);
        }
        if self.around(node).len() == 1 { "道路尽头".to_owned() } else { NO_END.to_owned() }
    }

    /// The greatest road at a node that is not the road itself; the neighbour on the line first.
    pub fn crossing(&self, node: u32, own: &str, neighbour: Option<&str>) -> Option<String> {
        let others = self.around(node).iter().filter_map(|edge| {
            let road = self.road(*edge)?;
            let label = road_label(road);
            let is_other = !label.is_empty() && label != own;
            let is_far = neighbour != Some(label.as_str());
            is_other.then(|| (is_far, rank(road.class), label))
        });
        others.min().map(|(.., label)| label)
    }

    /// The nearest crossing along the road of that name: its node, how far it is, what crosses.
    fn next_crossing(&self, from: u32, own: &str) -> Option<(u32, f64, String)> {
        // Millimetres, so that they can be sorted.
        let mut open = BTreeSet::from([(0_u64, from)]);
        let mut best = BTreeMap::from([(from, 0_u64)]);
        while let Some((far_mm, node)) = open.pop_first() {
            let metres = far_mm as f64 / 1000.0;
            if metres > LOOK_M {
                return None;
            }
            if let Some(crossing) = self.crossing(node, own, None) {
                return Some((node, metres, crossing));
            }
            for number in self.around(node).iter().filter(|edge| self.label(**edge) == own) {
                let Some(edge) = self.network.edges.get(*number as usize) else { continue };
                let [a, b] = edge.ends;
                let next = if a == node { b } else { a };
                let far_mm = far_mm + (f64::from(edge.length_m) * 1000.0) as u64;
                if best.get(&next).is_none_or(|known| far_mm < *known) {
                    best.insert(next, far_mm);
                    open.insert((far_mm, next));
                }
            }
        }
        None
    }
}

fn line_m(line: &LineString<f64>) -> f64 {
    line.lines().map(|part| distance_m(part.start, part.end)).sum()
}

/// 0 for the greatest roads.
fn rank(class: &str) -> usize {
    let classes = Kind::Road.field("class").and_then(Field::choices).unwrap_or_default();
    classes.iter().position(|known| known.key == class).unwrap_or(classes.len())
}

/// The number of a public road before its name, unless the name says it already.
fn road_label(road: &Road) -> String {
    let name = if is_made_up(&road.name) { "" } else { road.name.trim() };
    let number = road.reference.split([';', '；']).next();
    let number = number.unwrap_or_default().trim();
    let digits = number.trim_start_matches(|c: char| !c.is_ascii_digit());
    let says_it = !digits.is_empty() && name.contains(digits);
    if number.is_empty() || says_it {
        return name.to_owned();
    }
    // GB/T 917: highways have three digits, expressways fewer or more.
    let kind = match (number.chars().next(), digits.len()) {
        (Some('G'), 3) => "国道",
        (Some('S'), 3) => "省道",
        (Some('G' | 'S'), _) => "高速公路",
        (Some('X'), _) => "县道",
        (Some('Y'), _) => "乡道",
        _ => "",
    };
    format!("{number}{kind}{name}")
}

/// The import calls a road without a name by its class and its way in OpenStreetMap, `支路 w231`:
/// that helps in a table, but stands on no sign.
fn is_made_up(name: &str) -> bool {
    let way = name.rsplit_once(' ').and_then(|(_, last)| last.strip_prefix('w'));
    way.is_some_and(|way| !way.is_empty() && way.bytes().all(|byte| byte.is_ascii_digit()))
}
