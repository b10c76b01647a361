//! What readings say about themselves: whether a label is the beginning or the end of its hour and in
//! which zone, whether two columns of ozone are swapped, in which unit carbon monoxide and pressure
//! are, whether latitude and longitude are swapped.
//!
//! Each clue is gathered value by value and keeps the numbers it stands on, so that a report can show
//! them and a person can overrule it. Where the numbers are too few or contradict one another, a clue
//! says nothing.

mod coordinates;
mod label;
mod running;
#[cfg(test)]
mod tests;
mod unit;

pub use coordinates::{CoordinateClue, Order};
pub use label::{HourLabel, LabelClue, Stamp, Zone};
pub use running::{Column, RunningClue};
pub use unit::{CoUnit, PressureUnit, UnitClue};
