//! Answers computed from the world. Pure functions: same world, same answer.

pub mod agenda;
pub mod air;
pub mod changes;
mod count;
pub mod decisions;
pub mod episodes;
mod filter;
pub mod handover;
pub mod ledger;
pub mod marked;
mod measures;
mod near;
pub mod overview;
pub mod punctual;
mod rings;
pub mod scenes;
pub mod schematic;
pub mod search;
pub mod sources;
pub mod standards;
pub mod sweeping;
pub mod swept;

pub use count::{RingCount, counts, is_not_up_to_standard};
pub use filter::column::{ColumnFilter, FAILING_ITEMS, cells};
pub use filter::{Filter, ImportPart, Imported, Sieve};
pub use measures::is_in_force;
pub use near::Index;
pub use rings::{Inside, RingOptions, code_or_name, control_points, innermost_ring, rings};
