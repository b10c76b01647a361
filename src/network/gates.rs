//! Gates as the network and the outline of the district propose them, and sites that send trucks.
//! Gates that are there already are [`super::demand`]'s.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use geo::{Centroid as _, ConvexHull as _};
use geo_types::{Coord, Geometry, LineString, MultiPoint, Polygon};

use super::accessibility::usual_truck;
use super::demand::GATE_REACH_M;
use super::graph::{Edge, Network, Road};
use super::orders::EdgeIndex;
use crate::domain::truck_rules::{Access, TruckRules};
use crate::domain::{AreaRole, GateRole, Ids, Kind, Record, SiteKind, Stamp, Text, Value, World};
use crate::geodesy::index::box_around;
use crate::geodesy::local::LocalFrame;
use crate::geodesy::plane::{crossing, origin_distance_squared};
use crate::geodesy::ring::distance_m;
use crate::geodesy::wkb::Bounds;

/// Places of one road that are nearer to each other are one gate, metres.
pub const MERGE_M: f64 = 300.0;
/// Without an outline, a road that ends so near to the edge of all roads leads out, metres.
const HULL_M: f64 = 500.0;
/// Roads that trucks use to come from afar.
const CLASSES: [&str; 5] = ["motorway", "trunk", "primary", "secondary", "tertiary"];
/// Sites that send trucks and receive them.
const SENDING: [SiteKind; 4] =
    [SiteKind::Enterprise, SiteKind::Stockpile, SiteKind::Mine, SiteKind::Parking];

/// A gate that is not there yet.
#[derive(Clone, Debug, PartialEq)]
pub struct GateProposal {
    /// Fit for flows to name it by; no record has it.
    pub code: String,
    /// For people; no record has it either.
    pub name: String,
    /// WGS-84 degrees.
    pub at: Coord<f64>,
    /// A source of trucks inside the district, not a way into it.
    pub is_generator: bool,
    /// Why it is proposed.
    pub why: Text,
}

const CROSSES: Text = Text::new("道路穿过辖区边界", "crosses the outline of the district");
const ENDS: Text = Text::new("道路止于路网边缘", "ends at the edge of the network");
const SENDS: Text = Text::new("可能产生货车的场所", "a site that may send trucks");

/// From east, anticlockwise, 45° each.
const SIDES: [(&str, &str); 8] = [
    ("东", "E"),
    ("东北", "NE"),
    ("北", "N"),
    ("西北", "NW"),
    ("西", "W"),
    ("西南", "SW"),
    ("南", "S"),
    ("东南", "SE"),
];

impl GateProposal {
    /// As a gate record of its own.
    pub fn record(&self, ids: &mut Ids, stamp: &Stamp) -> Record {
        let mut record = Record::new(ids.next(), Kind::Gate, stamp);
        record.geometry = Some(geo_types::Point(self.at).into());
        record.set("code", Some(Value::text(&self.code)));
        record.set("name", Some(Value::text(&self.name)));
        self.role().put(&mut record);
        record
    }

    /// What its record says that it is.
    pub const fn role(&self) -> GateRole {
        if self.is_generator { GateRole::Generator } else { GateRole::Gate }
    }
}

/// Where roads for trucks cross the outline of the district; where it has none, where they end at
/// the edge of the network. One a road and place; none where a gate is already.
pub fn gates(world: &World, network: &Network) -> Vec<GateProposal> {
    let outlines = outlines(world);
    let (places, middle, why) = if outlines.is_empty() {
        let Some(hull) = hull(network) else { return Vec::new() };
        (ends(network, &hull), hull.centroid(), ENDS)
    } else {
        let all: geo_types::MultiPolygon<f64> = outlines.iter().cloned().collect();
        (crossings(network, &outlines), all.centroid(), CROSSES)
    };
    let Some(middle) = middle else { return Vec::new() };
    let known = KnownGates::of(world);
    let mut by_road: BTreeMap<String, Vec<Coord<f64>>> = BTreeMap::new();
    for (road, at) in places {
        if is_for_trucks(road) && !known.is_near(at) {
            let places = by_road.entry(called(road)).or_default();
            if places.iter().all(|place| distance_m(*place, at) > MERGE_M) {
                places.push(at);
            }
        }
    }
    let mut names = known.words;
    let proposals = by_road.into_iter().flat_map(|(road, places)| {
        places.into_iter().map(move |at| (road.clone(), at)).collect::<Vec<_>>()
    });
    proposals.map(|(road, at)| named(&road, at, middle.0, why, &mut names)).collect()
}

/// Sites near the network that may send trucks, none where a gate is already.
pub fn generators(world: &World, network: &Network) -> Vec<GateProposal> {
    let index = EdgeIndex::of(network);
    let known = KnownGates::of(world);
    let mut names = known.words.clone();
    let mut proposals = Vec::new();
    for site in world.table(Kind::Site).iter() {
        let is_sending = SENDING.iter().any(|kind| kind.is_of(site)) && !site.name().is_empty();
        let place = site.geometry.as_ref().filter(|_| is_sending).and_then(geo::Centroid::centroid);
        let Some(at) = place.map(|point| point.0) else { continue };
        if known.is_near(at) || !is_by_a_road(network, &index, at) {
            continue;
        }
        let code = format!("gate-{}", site.code().unwrap_or(site.name()));
        proposals.push(GateProposal {
            code: free(&code, &mut names),
            name: free(site.name(), &mut names),
            at,
            is_generator: true,
            why: SENDS,
        });
    }
    proposals
}

/// Gates that are there: their places, and all words that flows may know them by.
struct KnownGates {
    places: Vec<Coord<f64>>,
    words: BTreeSet<String>,
}

impl KnownGates {
    fn of(world: &World) -> Self {
        let (mut places, mut words) = (Vec::new(), BTreeSet::new());
        for gate in world.table(Kind::Gate).iter() {
            if let Some(Geometry::Point(point)) = &gate.geometry {
                places.push(point.0);
            }
            words.insert(gate.name().to_owned());
            words.extend(gate.code().map(str::to_owned));
        }
        Self { places, words }
    }

    fn is_near(&self, at: Coord<f64>) -> bool {
        self.places.iter().any(|place| distance_m(*place, at) <= MERGE_M)
    }
}

/// The first of `word`, `word 2`, … that nobody has.
fn free(word: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{word} {number}"));
    let mut words = std::iter::once(word.to_owned()).chain(numbered);
    let free = words.find(|word| !taken.contains(word)).unwrap_or_default();
    taken.insert(free.clone());
    free
}

fn named(
    road: &str,
    at: Coord<f64>,
    middle: Coord<f64>,
    why: Text,
    names: &mut BTreeSet<String>,
) -> GateProposal {
    let east = (at.x - middle.x) * middle.y.to_radians().cos();
    let degrees = (at.y - middle.y).atan2(east).to_degrees();
    let side = ((degrees / 45.0).round() as i64).rem_euclid(8) as usize;
    let (zh, en) = SIDES.get(side).copied().unwrap_or_default();
    GateProposal {
        code: free(&format!("{road}-{en}"), names),
        name: free(&format!("{road} {zh}口"), names),
        at,
        is_generator: false,
        why,
    }
}

/// Its number, else its name. `G102;G112` is called by the first.
fn called(road: &Road) -> String {
    let reference = road.reference.split([';', '；', ',']).next().unwrap_or_default().trim();
    if reference.is_empty() { road.name.clone() } else { reference.to_owned() }
}

fn is_for_trucks(road: &Road) -> bool {
    let truck = usual_truck().measures();
    let is_open = |rules: &Arc<TruckRules>| {
        [false, true].iter().any(|back| rules.access(&truck, *back, &|_| false) == Access::Open)
    };
    CLASSES.contains(&road.class) && road.rules.as_ref().is_none_or(is_open)
}

fn outlines(world: &World) -> Vec<Polygon<f64>> {
    let districts = world.table(Kind::Area).iter().filter(|area| AreaRole::District.is_of(area));
    let shapes = districts.filter_map(|area| area.geometry.as_ref());
    let polygons = shapes.flat_map(|shape| match shape {
        Geometry::Polygon(polygon) => vec![polygon.clone()],
        Geometry::MultiPolygon(polygons) => polygons.0.clone(),
        _ => Vec::new(),
    });
    polygons.collect()
}

fn crossings<'a>(network: &'a Network, outlines: &[Polygon<f64>]) -> Vec<(&'a Road, Coord<f64>)> {
    let index = EdgeIndex::of(network);
    let mut found: Vec<(u32, Coord<f64>)> = Vec::new();
    for [from, to] in outlines.iter().flat_map(|outline| segments(&outline.exterior().0)) {
        let min = Coord { x: from.x.min(to.x), y: from.y.min(to.y) };
        let max = Coord { x: from.x.max(to.x), y: from.y.max(to.y) };
        index.search(Bounds { min, max }, &mut |number| {
            let line = network.edges.get(number as usize).map(|edge| network.line(edge));
            for [a, b] in segments(line.unwrap_or_default()) {
                if let Some((along, _)) = crossing([a, b], [from, to]) {
                    found.push((number, a + (b - a) * along));
                }
            }
        });
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.x.total_cmp(&b.1.x)).then(a.1.y.total_cmp(&b.1.y)));
    let road =
        |number: u32| network.edges.get(number as usize).and_then(|edge| network.road_of(edge));
    found.into_iter().filter_map(|(number, at)| Some((road(number)?, at))).collect()
}

fn segments(line: &[Coord<f64>]) -> impl Iterator<Item = [Coord<f64>; 2]> {
    line.windows(2).filter_map(|pair| <[Coord<f64>; 2]>::try_from(pair).ok())
}

fn hull(network: &Network) -> Option<Polygon<f64>> {
    let points: MultiPoint<f64> = network.nodes.iter().map(|at| geo_types::Point(*at)).collect();
    (network.nodes.len() > 2).then(|| points.convex_hull())
}

/// Ends of roads that go on nowhere, near the edge of all roads.
fn ends<'a>(network: &'a Network, hull: &Polygon<f64>) -> Vec<(&'a Road, Coord<f64>)> {
    let degrees = network.degrees();
    let edge: Geometry<f64> = LineString(hull.exterior().0.clone()).into();
    let is_out = |node: u32| {
        let at = network.nodes.get(node as usize)?;
        let is_end = degrees.get(node as usize) == Some(&1);
        let away_m = LocalFrame::at(*at).nearest_m(&edge)?;
        (is_end && away_m <= HULL_M).then_some(*at)
    };
    let of = |edge: &'a Edge| {
        let road = network.road_of(edge)?;
        Some(edge.ends.into_iter().filter_map(is_out).map(move |at| (road, at)).collect::<Vec<_>>())
    };
    network.edges.iter().filter_map(of).flatten().collect()
}

fn is_by_a_road(network: &Network, index: &EdgeIndex, at: Coord<f64>) -> bool {
    let frame = LocalFrame::at(at);
    let mut is_near = false;
    index.search(box_around(at, GATE_REACH_M), &mut |number| {
        let line = network.edges.get(number as usize).map(|edge| network.line(edge));
        is_near |= segments(line.unwrap_or_default()).any(|[a, b]| {
            let [a, b] = [a, b].map(|at| frame.plane_from_wgs84(at));
            origin_distance_squared(a, b).sqrt() <= GATE_REACH_M
        });
    });
    is_near
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::testing::{Town, area, at};

    const SQUARE: [(f64, f64); 5] = [
        (-2000.0, -2000.0),
        (2000.0, -2000.0),
        (2000.0, 2000.0),
        (-2000.0, 2000.0),
        (-2000.0, -2000.0),
    ];

    /// A trunk road of two carriageways from west to east, a street to the north that trucks do
    /// not use, and a secondary road that ends inside.
    fn town() -> Town {
        let mut town = Town::new();
        for (code, north_m) in [("a", 0.0), ("b", 20.0)] {
            let line = [(-3000.0, north_m), (3000.0, north_m)];
            town.road(code, &line, &[("class", "trunk"), ("ref", "G102"), ("name", "京哈线")]);
        }
        town.road("c", &[(0.0, 0.0), (0.0, 3000.0)], &[("class", "residential")]);
        town.road("d", &[(500.0, 0.0), (500.0, -1000.0)], &[("class", "secondary")]);
        town
    }

    fn proposed(town: &Town) -> Vec<(String, Coord<f64>)> {
        let proposals = gates(&town.world(), &town.network());
        proposals.into_iter().map(|gate| (gate.name, gate.at)).collect()
    }

    #[test]
    fn a_truck_road_has_a_gate_where_it_crosses_the_outline_one_for_both_carriageways() {
        let mut town = town();
        town.add(
            Kind::Area,
            Geometry::from(area(&SQUARE)),
            &[("role", "district"), ("name", "区")],
        );
        let gates = proposed(&town);
        let names: Vec<&str> = gates.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["G102 西口", "G102 东口"]);
        assert!(distance_m(gates[0].1, at(-2000.0, 0.0)) < 0.5);
        assert!(distance_m(gates[1].1, at(2000.0, 0.0)) < 0.5);
    }

    #[test]
    fn without_an_outline_gates_are_the_ends_at_the_edge_of_the_network() {
        let names: Vec<String> = proposed(&town()).into_iter().map(|(name, _)| name).collect();
        // The north end is of a street, and `d` ends a thousand metres inside of `a`.
        assert_eq!(names, ["G102 西口", "G102 东口", "d 南口"]);
    }

    #[test]
    fn where_a_gate_is_none_is_proposed_and_no_name_comes_twice() {
        let mut town = town();
        town.add(
            Kind::Area,
            Geometry::from(area(&SQUARE)),
            &[("role", "district"), ("name", "区")],
        );
        town.gate("old", (-2100.0, 10.0));
        town.gate("G102 东口", (0.0, 0.0));
        let names: Vec<String> = proposed(&town).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["G102 东口 2"]);
    }

    #[test]
    fn works_and_depots_near_a_road_are_generators_and_a_restaurant_is_none() {
        let mut town = town();
        for (kind, name, place) in [
            ("enterprise", "钢厂", (800.0, 300.0)),
            ("stockpile", "远堆场", (0.0, -1500.0)),
            ("restaurant", "饭馆", (100.0, 10.0)),
        ] {
            let point = geo_types::Point(at(place.0, place.1));
            town.add(Kind::Site, Geometry::from(point), &[("kind", kind), ("name", name)]);
        }
        let found = generators(&town.world(), &town.network());
        let names: Vec<&str> = found.iter().map(|gate| gate.name.as_str()).collect();
        assert_eq!(names, ["钢厂"]);
        assert!(found[0].is_generator && found[0].code == "gate-钢厂");
    }
}
