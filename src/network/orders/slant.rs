//! Short pieces of road that a line crosses at a flat angle. Within a few metres they look like
//! pieces that a careless hand drew along; what goes on at their ends, and what else lies there,
//! tells them apart.

use super::{MOST_DRIFT, MOST_DRIFT_M, Match};
use crate::network::graph::Network;

/// A piece is straighter than another where it slants less than half as much.
const STRAIGHTER: f64 = 0.5;
/// A line of which a piece takes up a smaller share was not drawn for that piece alone.
const OWN_SHARE: f64 = 0.5;

impl Match {
    /// How far it comes nearer to the line or leaves it, as a share of its way.
    fn slant(&self) -> f64 {
        if self.covered_m > 0.0 { self.drift_m.abs() / self.covered_m } else { 0.0 }
    }

    fn is_slanting(&self) -> bool {
        self.slant() > MOST_DRIFT
    }

    /// Whether the line leaves the road at an angle, as a line does that only crosses it.
    pub(super) fn runs_off(&self) -> bool {
        self.is_slanting() && self.drift_m.abs() > MOST_DRIFT_M
    }

    /// Metres of the line on which both lie.
    pub(super) fn shared_m(&self, other: &Self) -> f64 {
        (self.to_m.min(other.to_m) - self.from_m.max(other.from_m)).max(0.0)
    }
}

/// Whether a piece is crossed by the line and not meant: together with the pieces that go on from it
/// it runs off, or another lies straight on the larger part of its stretch, or nothing on the line
/// goes on from it and the line goes on by itself.
pub(super) fn is_crossed(network: &Network, found: &Match, all: &[Match], line_m: f64) -> bool {
    if found.runs_off() || !found.is_slanting() {
        return found.runs_off();
    }
    let half_m = 0.5 * (found.to_m - found.from_m);
    let is_straighter = |other: &&Match| {
        other.edge != found.edge
            && other.is_most
            && other.slant() < STRAIGHTER * found.slant()
            && other.shared_m(found) > half_m
    };
    let is_alone = || all.iter().all(|other| !joins(network, found, other));
    all.iter().any(|other| is_straighter(&other))
        || drift_m(network, found, all) > MOST_DRIFT_M
        || (found.to_m - found.from_m < OWN_SHARE * line_m && is_alone())
}

/// Whether two pieces meet at a junction.
fn joins(network: &Network, one: &Match, other: &Match) -> bool {
    let ends = |found: &Match| network.edges.get(found.edge as usize).map(|edge| edge.ends);
    let both = ends(one).zip(ends(other));
    one.edge != other.edge && both.is_some_and(|(a, b)| a.iter().any(|node| b.contains(node)))
}

/// How far a piece and those that go on from it, slanting to the same side, leave the line in all.
fn drift_m(network: &Network, found: &Match, all: &[Match]) -> f64 {
    let mut drift_m = found.drift_m.abs();
    for is_on in [true, false] {
        let mut at = found;
        let mut left = all.len();
        while let Some(next) = all.iter().find(|next| {
            let middle_m = |of: &Match| f64::midpoint(of.from_m, of.to_m);
            joins(network, at, next)
                && next.is_slanting()
                && (next.drift_m > 0.0) == (found.drift_m > 0.0)
                && (middle_m(next) > middle_m(at)) == is_on
                && next.shared_m(at) < 0.5 * (at.to_m - at.from_m).min(next.to_m - next.from_m)
        }) {
            drift_m += next.drift_m.abs();
            at = next;
            // A closed line has no end.
            left -= 1;
            if left == 0 {
                break;
            }
        }
    }
    drift_m
}
