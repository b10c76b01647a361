//! The weather of a day out of a district, hour by hour.

use jiff::civil::Date;

use crate::analysis::air::Hour;
use crate::analysis::sweeping::DayWeather;
use crate::domain::reading::{Factor, Span};
use crate::store::Error;
use crate::store::readings::{ReadingQuery, Readings};

/// Of each hour the mean temperature and the most rain of all places that say any.
pub fn of_day(readings: &Readings<'_>, day: Date) -> Result<DayWeather, Error> {
    let (first, end) = (Hour::of_day(day, 1), Hour::of_day(day, 24).plus(1));
    let factors = [Factor::Temperature, Factor::Precipitation];
    let query = ReadingQuery {
        span: Span::Hour,
        from: first.start(),
        to: end.start(),
        places: None,
        factors: Some(&factors),
    };
    let mut sums = [(0.0, 0_u32); 24];
    let mut weather = DayWeather::default();
    readings.each(&query, &mut |row| {
        let since = row.start.duration_since(first.start()).as_secs().div_euclid(3600);
        let Ok(place) = usize::try_from(since) else { return };
        if let (Some(sum), Some(c)) =
            (sums.get_mut(place), row.values.counting(&Factor::Temperature))
        {
            *sum = (sum.0 + c, sum.1 + 1);
        }
        if let (Some(hour), Some(mm)) =
            (weather.get_mut(place), row.values.counting(&Factor::Precipitation))
        {
            hour.rain_mm = Some(hour.rain_mm.unwrap_or(0.0).max(mm));
        }
    })?;
    for (hour, (sum, count)) in weather.iter_mut().zip(sums) {
        hour.temperature_c = (count > 0).then(|| sum / f64::from(count));
    }
    Ok(weather)
}
