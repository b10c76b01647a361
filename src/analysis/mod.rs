//! Answers computed from the world. Pure functions: same world, same answer.

mod count;
mod near;
mod rings;

pub use count::{Count, counts};
pub use near::Index;
pub use rings::{Inside, Options, code_or_name, control_points, rings, subkind};
