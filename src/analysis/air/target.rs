//! What the rest of a period must be for a target: arithmetic, and no forecast.
//!
//! A response to pollution may not be started to meet a target (环大气〔2024〕6号), so nothing here
//! says what to do.

mod days;
mod kept;
mod mean;
mod percentile;
mod what_if;

pub use days::{DayTarget, GoodDays, RestDays, Share};
pub use kept::{KeptTarget, keep};
pub use mean::{Bound, MeanTarget, Rest, RestMean};
pub use percentile::PercentileBudget;
pub use what_if::{RestAssumed, standing_among};
