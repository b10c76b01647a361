//! Air: from hourly values to index, rank and target, by the rules of their date; and where it comes
//! from, by the wind. Pure functions: no clock, no file.
//!
//! Values are in µg/m³ but for CO, in mg/m³; wind in m/s and in degrees clockwise from north, from
//! where it comes. Every number has its rule in [`rule`], with source and date, to be shown beside it.
//!
//! The way of a value: [`Gathering`] sorts what a store has by station; [`StationHours`] holds a station's valid hours; [`StationHours::days`] makes
//! [`Day`]s of them; [`PeriodAir`] statistics and counts of days; [`IndexMethod::index`] a composite
//! index; [`rank::ranks`] a rank among others; [`target`] what the rest of the period must be.

mod aqi;
mod band;
mod compare;
mod daily;
mod district;
mod figures;
pub mod forecast;
mod gather;
mod hours;
mod idw;
mod index;
mod level;
mod moment;
pub mod others;
pub mod percentile;
mod period;
mod pollutant;
pub mod rank;
mod ratio;
pub mod rounding;
pub mod rule;
mod table;
pub mod target;
#[cfg(test)]
pub(in crate::analysis) mod testing;
mod variation;
pub mod wind;

pub use aqi::{Aqi, Edition, Item, Yardstick};
pub use band::{BAND_DAYS, Band, normal_band};
pub use compare::LastYear;
pub use daily::{Average, DAY_HOURS, Day, Deduction, Dust, daily_mean, mda8};
pub use district::{DistrictGathering, DistrictHours, WindHours};
pub use figures::{DistrictFigures, PlaceAir, standings};
pub use gather::Gathering;
pub use hours::{DayHours, Hour, HourSeries, StationHours};
pub use idw::{Station, idw};
pub use index::{CompositeIndex, IndexMethod, published};
pub use level::Level;
pub use moment::{Moment, Quantity, Valued};
pub use period::{DayCounts, Period, PeriodAir, Statistics, values};
pub use pollutant::{ByPollutant, Pollutant};
pub use ratio::{ParticleHint, no2_over_co, pm25_over_pm10};
pub use table::{StationAir, stations_air};
pub use variation::{Cycle, StepMean, variation};
