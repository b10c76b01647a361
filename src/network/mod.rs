//! The road network for trucks: what may drive where, by which route, and what changes when a road is
//! closed to some of them.
//!
//! [`build()`] cuts `road` records into edges between junctions; `access` says what a truck may not
//! drive by the words of the roads themselves ([`crate::domain::truck_rules`]), [`speeds`] how fast
//! trucks are; [`orders`] says which arcs an order closes, to whom and when; [`route`] finds the quickest legal route; [`evaluate`] compares today
//! with a plan, [`assignment`] with queues; [`snap_route`] leads a line along the roads. Nodes, edges
//! and arcs are numbers into the lists of one [`Network`] and mean nothing in another. Costs are whole
//! milliseconds, so that equal routes are equal on every machine.
//!
//! Nothing here draws, stores or asks anybody: words for people are those of findings alone.

mod access;
pub mod accessibility;
pub mod assignment;
pub mod blocks;
mod build;
pub mod cache;
pub mod calibration;
pub mod compare;
mod components;
pub mod conflicts;
pub mod congestion;
pub mod counts;
mod csr;
pub mod demand;
pub mod detour;
pub mod emission;
pub mod entries;
pub mod evaluate;
pub mod free_way;
pub mod gates;
mod graph;
mod grid;
pub mod hours;
pub mod idling;
pub mod lint;
pub mod orders;
pub mod passes;
pub mod plan_lifecycle;
pub mod repair;
pub mod road_by_name;
pub mod roads;
pub mod route;
pub mod sensitivity;
pub mod sites;
pub mod snap_route;
pub mod speeds;
pub mod stale_alignment;
pub mod survey;
#[cfg(test)]
mod testing;
pub mod totals;
pub mod truck;
pub mod turn_bans;
pub mod turning;
mod unready;

pub use build::{Defect, DefectKind, build};
pub use graph::{ArcId, Edge, Network, Road};
