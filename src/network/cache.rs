//! A prepared network as bytes, for whoever keeps them beside a district: made once, read again.
//!
//! Kept is what takes long to make: where roads were cut into edges and joined to nodes, and the
//! time that is left to each target of a flow. What records say of themselves comes from the records
//! again, and what is quicker made than read is made. Bytes belong to a [`key()`]; bytes of another
//! key must not be given here. Whatever else is wrong with them, they are as good as none.

mod bytes;
mod key;
mod network;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use self::bytes::{Reader, Writer};
use super::build::build;
use super::evaluate::Prepared;
use super::graph::Network;
use super::route::Potential;
use super::unready::Unready;
use crate::domain::World;

pub use key::key;

/// Of the file beside a district: `丰润.gpkg.network`.
pub const ENDING: &str = ".network";

/// A network to work with.
pub struct Ready {
    pub prepared: Prepared,
    /// It holds something that was not among the kept bytes.
    pub is_new: bool,
}

/// [`super::compare::prepare`] with what was kept of the same roads and gates.
pub fn prepare(
    world: &World,
    kept: Option<&[u8]>,
    tell: &dyn Fn(u64, u64) -> bool,
) -> Result<Ready, Unready> {
    let ready = prepare_roads(world, kept, tell)?;
    if ready.prepared.flows.is_empty() { Err(Unready::NoFlows) } else { Ok(ready) }
}

/// [`super::compare::prepare_roads`] with what was kept of the same roads and gates.
pub fn prepare_roads(
    world: &World,
    kept: Option<&[u8]>,
    tell: &dyn Fn(u64, u64) -> bool,
) -> Result<Ready, Unready> {
    let known = kept.and_then(|bytes| read(bytes, world));
    let is_known = known.is_some();
    let (network, known) = known.unwrap_or_else(|| (build(world), BTreeMap::new()));
    if network.edges.is_empty() {
        return Err(Unready::NoRoads);
    }
    if !tell(0, 0) {
        return Err(Unready::Stopped);
    }
    let targets: BTreeSet<u32> = known.keys().copied().collect();
    let prepared = Prepared::new(world, network, known, tell).ok_or(Unready::Stopped)?;
    let has_all = prepared.potentials.keys().all(|target| targets.contains(target));
    Ok(Ready { prepared, is_new: !(is_known && has_all) })
}

/// The network alone.
pub fn network(world: &World, kept: Option<&[u8]>) -> Network {
    let known = kept.and_then(|bytes| network::take(&mut Reader::of(bytes), world));
    known.unwrap_or_else(|| build(world))
}

/// What is worth keeping of a network, to be kept under the [`key()`] of its world.
pub fn to_bytes(prepared: &Prepared) -> Vec<u8> {
    let mut out = Writer::default();
    network::put(&mut out, prepared);
    out.number(prepared.potentials.len() as u32);
    for potential in prepared.potentials.values() {
        out.number(potential.target);
        out.numbers(potential.all_left_ms().iter().copied());
    }
    out.finish()
}

fn read(bytes: &[u8], world: &World) -> Option<(Network, BTreeMap<u32, Potential>)> {
    let mut input = Reader::of(bytes);
    let network = network::take(&mut input, world)?;
    let mut potentials = BTreeMap::new();
    for _ in 0..input.number()? {
        let (target, left_ms) = (input.number()?, input.numbers()?);
        let is_whole = left_ms.len() == network.nodes.len();
        if !is_whole || left_ms.get(target as usize) != Some(&0) {
            return None;
        }
        potentials.insert(target, Potential::known(target, left_ms));
    }
    input.is_at_its_end().then_some((network, potentials))
}
