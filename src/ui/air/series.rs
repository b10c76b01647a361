//! Hours of what is looked at as one series.

use std::borrow::Cow;

use crate::analysis::air::{HourSeries, Pollutant, Quantity, StationHours};

/// Of a pollutant its concentrations, of the index the index hour by hour.
pub fn series_of(hours: &StationHours, quantity: Quantity) -> Cow<'_, HourSeries> {
    let Quantity::Of(pollutant) = quantity else {
        let range = hours.series(Pollutant::Pm25).hours();
        let last = range.end.plus(-1).day();
        let mut series = HourSeries::of_days(range.start.day(), last);
        let mut hour = range.start;
        while hour < range.end {
            if let Some(value) = hours.value(quantity, hour) {
                series.put(hour, value.value);
            }
            hour = hour.plus(1);
        }
        return Cow::Owned(series);
    };
    Cow::Borrowed(hours.series(pollutant))
}
