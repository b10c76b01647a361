//! Which roads on the outline of an area belong to it: 含 and 不含.

use geo_types::{Coord, Geometry, LineString};

use crate::domain::{Kind, Record, RecordId, Value, World};
use crate::geodesy::local::LocalFrame;
use crate::network::orders::Step;
use crate::network::{Network, Road};

/// A place belongs to the piece of the outline that is this near, metres.
const REACH_M: f64 = 60.0;

/// What an order says of its outline.
#[derive(Debug, Default)]
pub struct Boundary {
    is_included: bool,
    except: Vec<Exception>,
}

#[derive(Debug)]
enum Exception {
    /// The name or number of a road, or the record of which somebody wrote the code.
    Road(String, Option<RecordId>),
    /// On one piece, WGS-84 degrees.
    At(Coord<f64>),
}

/// The pieces of one outline for which it is said otherwise.
pub struct Pieces<'a> {
    boundary: &'a Boundary,
    /// Edges that a place lies on.
    at: Vec<u32>,
}

impl Boundary {
    pub fn of(record: &Record, world: &World) -> Self {
        let words = match record.get("boundary_except") {
            Some(Value::Words(words)) => &**words,
            _ => &[],
        };
        let except = words.iter().map(|word| {
            place(word).map_or_else(
                || {
                    let road = world.table(Kind::Road).by_code(word).map(|road| road.id);
                    Exception::Road((**word).to_owned(), road)
                },
                Exception::At,
            )
        });
        Self {
            is_included: record.get("boundary_included") == Some(&Value::Boolean(true)),
            except: except.collect(),
        }
    }

    /// Of an outline that goes over these edges.
    pub fn on<'a>(&'a self, network: &Network, steps: &[Step]) -> Pieces<'a> {
        let places = self.except.iter().filter_map(|exception| match exception {
            Exception::At(at) => nearest(network, steps, *at),
            Exception::Road(..) => None,
        });
        Pieces { boundary: self, at: places.collect() }
    }
}

impl Pieces<'_> {
    /// Whether an edge of a road belongs to the area. `label` is what the road is called here.
    pub fn includes(&self, edge: u32, road: Option<&Road>, label: &str) -> bool {
        let is_meant = |exception: &Exception| match (exception, road) {
            (Exception::Road(word, id), Some(road)) => {
                *id == Some(road.id)
                    || *word == road.name
                    || *word == label
                    || road.reference.split([';', '；']).any(|number| number.trim() == word)
            }
            _ => false,
        };
        let is_turned = self.at.contains(&edge) || self.boundary.except.iter().any(is_meant);
        self.boundary.is_included != is_turned
    }
}

/// `118.15 39.83`.
fn place(word: &str) -> Option<Coord<f64>> {
    let (x, y) = word.trim().split_once(' ')?;
    Some(Coord { x: x.parse().ok()?, y: y.trim().parse().ok()? })
}

fn nearest(network: &Network, steps: &[Step], at: Coord<f64>) -> Option<u32> {
    let frame = LocalFrame::at(at);
    let far = |step: &Step| {
        let edge = network.edges.get(step.edge as usize)?;
        let line: Geometry<f64> = LineString(network.line(edge).to_vec()).into();
        Some((frame.nearest_m(&line)?, step.edge))
    };
    let found = steps.iter().filter_map(far).min_by(|a, b| a.0.total_cmp(&b.0))?;
    (found.0 <= REACH_M).then_some(found.1)
}
