//! What lies upwind of a station in a high hour, and what of it is likely: a lead and no finding.
//!
//! The sector comes from the wind of the same hours ([`Upwind::of`]); a fingerprint from the values of
//! the hour ([`Fingerprint::of`]); [`candidates`] ranks what lies there by
//! `type · state · exp(−d/1000 m) · exp(−½(Δθ/α)²)`. Distances are geodesic, metres; angles degrees
//! clockwise from north.

mod fingerprint;
mod plume;
mod rank;
mod repeat;
mod upwind;

pub use fingerprint::Fingerprint;
pub use plume::{Plume, Stability, Terrain, footprint, widths_m};
pub use rank::{Candidate, Past, candidates};
pub use repeat::{Repeat, repeats};
pub use upwind::{ALWAYS_M, Upwind, wind_before};
