//! `shapan air`: days, index, rank and target of the stations. What is computed stands in
//! `analysis::air`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context as _, bail, ensure};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use super::air_target::{Target, Targets, target};
use super::{Context, Done, as_of, print_json};
use crate::analysis::air::{
    Aqi, Average, Day, Deduction, Edition, Gathering, Hour, IndexMethod, Period, Pollutant,
    StationAir, StationHours, Yardstick, rounding, rule, stations_air, values,
};
use crate::domain::reading::Span;
use crate::domain::{Kind, Lang, Record, RecordId, World};
use crate::intake::hours::deductions;
use crate::store::DistrictReader;
use crate::store::readings::ReadingQuery;

/// Print AQI, daily values, index, rank and what is left of a target
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// One day: 2026-11-29
    #[arg(long, conflicts_with_all = ["month", "from", "to"])]
    day: Option<Date>,

    /// A month: 2026-11. Without any of these the month of the last day that has hours enough
    #[arg(long, conflicts_with_all = ["from", "to"])]
    month: Option<String>,

    /// The first day of any span, such as a sprint or 采暖季
    #[arg(long, requires = "to")]
    from: Option<Date>,

    /// The last day of it
    #[arg(long, requires = "from")]
    to: Option<Date>,

    /// Only this station, by code or name, with each of its days; the rank is among all
    #[arg(long)]
    station: Option<String>,

    /// The method of the composite index: a (2013 口径), b (2026 限值), c (2026 加权)
    #[arg(long, value_parser = method, default_value = "a")]
    method: IndexMethod,

    /// Judge all days by one edition of HJ 633, not each by that of its date: 2012 or 2026
    #[arg(long, value_parser = edition)]
    edition: Option<Edition>,

    /// What the period shall be: PM2.5=40, O3=160, days=22 (good days); several times for several
    #[arg(long, value_parser = target)]
    target: Vec<Target>,

    /// Answer as JSON: values with n, completeness and method
    #[arg(long)]
    json: bool,
}

fn method(text: &str) -> Result<IndexMethod, String> {
    match text {
        "a" => Ok(IndexMethod::Limits2013),
        "b" => Ok(IndexMethod::Limits2026),
        "c" => Ok(IndexMethod::Weighted2026),
        _ => Err("a, b or c".to_owned()),
    }
}

fn edition(text: &str) -> Result<Edition, String> {
    match text {
        "2012" => Ok(Edition::Hj633_2012),
        "2026" => Ok(Edition::Hj633_2026),
        _ => Err("2012 or 2026".to_owned()),
    }
}

/// The place of the mean of the stations, which is no record.
const ALL_STATIONS: RecordId = RecordId(uuid::Uuid::nil());

/// Everything that is printed.
struct Answer<'a> {
    args: &'a Args,
    lang: Lang,
    period: Period,
    /// The last day of the period with a reading.
    last: Date,
    records: BTreeMap<RecordId, &'a Record>,
    hours: &'a BTreeMap<RecordId, StationHours>,
    stations: Vec<StationAir>,
    /// The mean of all stations hour by hour.
    mean: Option<StationAir>,
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let world = as_of::load(&args.district, context.as_of)?.0;
    let reader = DistrictReader::open(&args.district)?;
    let readings = reader.readings(&world)?;
    let Some((earliest, latest)) = readings.ends(Span::Hour)? else {
        say_nothing(context.lang)?;
        return Ok(Done::WithFindings);
    };
    // In the morning of the first of a month no day of it has the 20 hours of a mean.
    let (earliest, latest) = (Hour::containing(earliest), Hour::containing(latest));
    let day = if latest.label() < 20 && earliest.day() < latest.day() {
        latest.day().yesterday()?
    } else {
        latest.day()
    };
    let period = period(args, day)?;
    let (first, last) = period.ends();
    let pollutants = Pollutant::ALL.map(Pollutant::factor);
    let query = ReadingQuery {
        span: Span::Hour,
        from: Hour::of_day(first, 1).start(),
        to: Hour::of_day(last.saturating_add(1.day()), 1).start(),
        places: None,
        factors: Some(&pollutants),
    };
    let mut gathering = Gathering::of_days(first, last);
    let mut last_hour = None;
    readings.each(&query, &mut |row| {
        gathering.add(row);
        last_hour = Some(row.start);
    })?;
    deductions(&readings, (query.from, query.to), &mut |row| gathering.deduct(row))?;
    let hours = gathering.stations();
    let Some(last_hour) = last_hour.filter(|_| !hours.is_empty()) else {
        say_nothing(context.lang)?;
        return Ok(Done::WithFindings);
    };
    let yardstick = args.edition.map_or(Yardstick::OfDate, Yardstick::One);
    let all = stations_air(&hours, period, yardstick, args.method);
    let records = records(&world, &hours);
    let mean = (hours.len() > 1).then(|| {
        let all: Vec<StationHours> = hours.values().cloned().collect();
        StationHours::mean_of(&all)
    });
    let mean = mean.flatten().filter(|_| args.station.is_none());
    let mean =
        mean.map(|hours| StationAir::of(ALL_STATIONS, &hours, period, yardstick, args.method));
    let stations = chosen(all, args.station.as_deref(), &records)?;
    let last = Hour::containing(last_hour).day();
    let answer =
        Answer { args, lang: context.lang, period, last, records, hours: &hours, stations, mean };
    let mut out = io::BufWriter::new(io::stdout().lock());
    if args.json {
        print_json(&mut out, &answer.json())?;
    } else {
        answer.tell(&mut out)?;
    }
    out.flush()?;
    Ok(Done::Well)
}

fn say_nothing(lang: Lang) -> io::Result<()> {
    let words = match lang {
        Lang::Zh => "此时段没有小时值（用 shapan import 文件 --as reading 导入）",
        Lang::En => "no hourly readings of that time (shapan import FILE --as reading)",
    };
    writeln!(io::stderr().lock(), "{words}")
}

fn period(args: &Args, latest: Date) -> anyhow::Result<Period> {
    if let Some(day) = args.day {
        return Ok(Period::Days { from: day, to: day });
    }
    if let (Some(from), Some(to)) = (args.from, args.to) {
        ensure!(from <= to, "--from {from} is after --to {to}");
        return Ok(Period::Days { from, to });
    }
    let first = match &args.month {
        Some(month) => format!("{month}-01")
            .parse::<Date>()
            .ok()
            .with_context(|| format!("--month {month}: write a month such as 2026-11"))?,
        None => latest,
    };
    Ok(Period::Month { year: first.year(), month: first.month() })
}

fn records<'w>(
    world: &'w World,
    hours: &BTreeMap<RecordId, StationHours>,
) -> BTreeMap<RecordId, &'w Record> {
    let kinds = [Kind::ControlPoint, Kind::WeatherStation, Kind::Site];
    let find = |id: &RecordId| kinds.into_iter().find_map(|kind| world.table(kind).get(*id));
    hours.keys().filter_map(|id| Some((*id, &**find(id)?))).collect()
}

fn chosen(
    all: Vec<StationAir>,
    station: Option<&str>,
    records: &BTreeMap<RecordId, &Record>,
) -> anyhow::Result<Vec<StationAir>> {
    let Some(wanted) = station else { return Ok(all) };
    let is_wanted = |it: &StationAir| {
        records
            .get(&it.place)
            .is_some_and(|record| record.code() == Some(wanted) || record.name() == wanted)
    };
    let chosen: Vec<StationAir> = all.into_iter().filter(is_wanted).collect();
    if chosen.is_empty() {
        let known: Vec<&str> = records.values().map(|record| record.name()).take(20).collect();
        bail!(
            "no station `{wanted}` has hourly readings of that time; there are {}",
            known.join(", ")
        );
    }
    Ok(chosen)
}

/// A number with so many decimals, or `-`.
fn shown(value: Option<f64>, decimals: u8) -> String {
    let written =
        |value| format!("{:.*}", usize::from(decimals), rounding::half_even(value, decimals));
    value.map_or_else(|| "-".to_owned(), written)
}

fn pollutants(of: impl Iterator<Item = Pollutant>) -> String {
    let symbols: Vec<&str> = of.map(Pollutant::symbol).collect();
    if symbols.is_empty() { "-".to_owned() } else { symbols.join("、") }
}

impl Answer<'_> {
    fn name(&self, station: &StationAir) -> String {
        match self.records.get(&station.place) {
            Some(record) => record.name().to_owned(),
            None if station.place == ALL_STATIONS => {
                self.say("全部站点平均", "mean of the stations").to_owned()
            }
            None => station.place.to_string(),
        }
    }

    const fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn tell(&self, out: &mut impl Write) -> io::Result<()> {
        let (first, last) = self.period.ends();
        let rule = self.args.method.rule();
        let method = rule.name.say(self.lang);
        let days = self.period.length_days();
        match self.lang {
            Lang::Zh => writeln!(
                out,
                "{first} 至 {last}（{days} 天，数据至 {}），综合指数 {method}",
                self.last
            )?,
            Lang::En => writeln!(
                out,
                "{first} to {last} ({days} days, data until {}), index {method}",
                self.last
            )?,
        }
        writeln!(
            out,
            "{}",
            self.say(
                "名次\t倒数\t站点\t综合指数\t首要\tPM2.5\tPM10\tSO2\tNO2\tCO-95\tO3-90\t优良/有效",
                "rank\tlast\tstation\tindex\tprimary\tPM2.5\tPM10\tSO2\tNO2\tCO-95\tO3-90\tgood/valid",
            )
        )?;
        let mut ordered: Vec<&StationAir> = self.stations.iter().collect();
        ordered.sort_by_key(|it| it.standing.map_or(usize::MAX, |standing| standing.rank));
        for station in ordered.iter().copied().chain(&self.mean) {
            self.tell_station(out, station)?;
        }
        let mut has_dust = false;
        for station in ordered.iter().copied().chain(&self.mean) {
            if station.air.dust_days > 0 {
                has_dust = true;
                self.tell_dust(out, station)?;
            }
        }
        if has_dust {
            let source = rule::DUST.source;
            let name = rule::DUST.name;
            writeln!(out, "{}: {}", name.say(self.lang), source.say(self.lang))?;
        }
        if self.args.station.is_some() {
            for station in &self.stations {
                self.tell_days(out, station)?;
            }
        }
        for station in ordered.into_iter().chain(&self.mean) {
            for line in Targets::of(&self.args.target, station, self.period, self.last).lines() {
                writeln!(out, "{}\t{}", self.name(station), line.say(self.lang))?;
            }
        }
        writeln!(out, "{}", self.say(
            "有效：日 ≥ 20 小时（O3 ≥ 14 个 8 小时均值）；* 为数据不足的统计值",
            "valid: a day of 20 hours (O3: 14 means of 8 h); * marks statistics of too few days",
        ))
    }

    fn tell_station(&self, out: &mut impl Write, station: &StationAir) -> io::Result<()> {
        let rank = |pick: &dyn Fn(&crate::analysis::air::rank::Standing) -> usize| {
            station.standing.as_ref().map_or_else(|| "-".to_owned(), |it| pick(it).to_string())
        };
        let index = station.index;
        let cell = |pollutant: Pollutant| {
            let average = station.air.raw[pollutant];
            let mark = if average.is_valid || average.value.is_none() { "" } else { "*" };
            format!("{}{mark}", shown(average.value, pollutant.decimals()))
        };
        let cells = Pollutant::ALL.map(cell).join("\t");
        writeln!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{cells}\t{}/{}",
            rank(&|it| it.rank),
            rank(&|it| it.bottom_rank),
            self.name(station),
            shown(index.map(|index| index.value()), 2),
            index.map_or_else(|| "-".to_owned(), |index| pollutants(index.primary())),
            station.air.days.good(),
            station.air.days.valid(),
        )
    }

    /// Raw and deducted side by side: neither stands for the other.
    fn tell_dust(&self, out: &mut impl Write, station: &StationAir) -> io::Result<()> {
        let deducted = &station.air.dust_deducted;
        let index = self.args.method.index(&values(deducted));
        let both = |pollutant: Pollutant| {
            let shown = |average: Average| shown(average.value, pollutant.decimals());
            let (raw, deducted) = (station.air.raw[pollutant], deducted[pollutant]);
            format!("{} {} → {}", pollutant.symbol(), shown(raw), shown(deducted))
        };
        let days = station.air.dust_days;
        writeln!(
            out,
            "{}\t{}\t{} {} → {}\t{}\t{}\t{}",
            self.say("扣沙", "dust deducted"),
            self.name(station),
            self.say("综合指数", "index"),
            shown(station.index.map(|index| index.value()), 2),
            shown(index.map(|index| index.value()), 2),
            both(Pollutant::Pm10),
            both(Pollutant::Pm25),
            match self.lang {
                Lang::Zh => format!("{days} 天有扣沙值"),
                Lang::En => format!("{days} days with deductions"),
            },
        )
    }

    fn tell_days(&self, out: &mut impl Write, station: &StationAir) -> io::Result<()> {
        writeln!(
            out,
            "{}",
            self.say(
                "日期\tAQI\t级别\t首要污染物\tPM2.5\tPM10\tSO2\tNO2\tCO\tO3-8h",
                "date\tAQI\tlevel\tprimary\tPM2.5\tPM10\tSO2\tNO2\tCO\tO3-8h"
            )
        )?;
        for day in &station.days {
            let aqi = self.aqi(day);
            let cell = |pollutant: Pollutant| {
                let Average { value, n, of, .. } = day.means[pollutant];
                format!("{} ({n}/{of})", shown(value, pollutant.decimals()))
            };
            let deducted = [Pollutant::Pm10, Pollutant::Pm25].map(|it| self.deduction(day, it));
            let deducted: Vec<String> = deducted.into_iter().flatten().collect();
            writeln!(
                out,
                "{}\t{}\t{}\t{}\t{}{}{}",
                day.date,
                aqi.value().map_or_else(|| "NA".to_owned(), |value| value.to_string()),
                aqi.level().map_or("-", |level| level.name().say(self.lang)),
                pollutants(aqi.primary()),
                Pollutant::ALL.map(cell).join("\t"),
                if deducted.is_empty() { "" } else { "\t" },
                deducted.join("、"),
            )?;
        }
        Ok(())
    }

    /// `扣沙 PM10 110`; `None` where nothing is deducted.
    fn deduction(&self, day: &Day, pollutant: Pollutant) -> Option<String> {
        let value = match day.dust.get(pollutant)? {
            Deduction::LeftOut => self.say("剔除", "left out").to_owned(),
            Deduction::To(value) => shown(Some(value), pollutant.decimals()),
        };
        let what = self.say("扣沙", "dust deducted");
        Some(format!("{what} {} {value}", pollutant.symbol()))
    }

    fn aqi(&self, day: &Day) -> Aqi {
        let yardstick = self.args.edition.map_or(Yardstick::OfDate, Yardstick::One);
        day.aqi(yardstick.edition(day.date))
    }

    fn json(&self) -> Json {
        let (first, last) = self.period.ends();
        let rule = self.args.method.rule();
        let stations: Vec<Json> = self.stations.iter().map(|it| self.station(it)).collect();
        json!({
            "from": first.to_string(),
            "to": last.to_string(),
            "days": self.period.length_days(),
            "data_until": self.last.to_string(),
            "method": { "name": rule.name.say(self.lang), "source": rule.source.say(self.lang) },
            "edition": self.args.edition.map_or("of the date", edition_name),
            "stations": stations,
            "mean_of_stations": self.mean.as_ref().map(|it| self.station(it)),
        })
    }

    fn station(&self, station: &StationAir) -> Json {
        let record = self.records.get(&station.place);
        let index = station.index;
        let statistics: Map<String, Json> = station
            .air
            .raw
            .iter()
            .map(|(pollutant, average)| {
                (pollutant.symbol().to_owned(), averaged(pollutant, average))
            })
            .collect();
        let single = index.map(|index| -> Map<String, Json> {
            let each = index.single.iter();
            each.map(|(it, single)| {
                (it.symbol().to_owned(), rounding::half_even(*single, 2).into())
            })
            .collect()
        });
        let days: Vec<Json> = station.days.iter().map(|day| self.day(day)).collect();
        let meets = self.args.method.meets_all_limits(&values(&station.air.raw));
        json!({
            "id": record.map(|_| station.place.to_string()),
            "code": record.and_then(|record| record.code()),
            "name": self.name(station),
            "latest": self.latest(station),
            "statistics": statistics,
            "dust_deducted": self.dust(station),
            "index": index.map(|index| index.published()),
            "single_indices": single,
            "primary": index.map(|index| index.primary().map(Pollutant::symbol).collect::<Vec<_>>()),
            "meets_all_limits": meets,
            "rank": station.standing.map(|it| it.rank),
            "bottom_rank": station.standing.map(|it| it.bottom_rank),
            "tied": station.standing.map(|it| it.tied),
            "ranked": station.standing.map(|it| it.of),
            "good_days": station.air.days.good(),
            "heavy_days": station.air.days.heavy(),
            "valid_days": station.air.days.valid(),
            "days": days,
            "targets": Targets::of(&self.args.target, station, self.period, self.last).json(self.lang),
        })
    }

    /// The last hour of the period with a value, and its index.
    fn latest(&self, station: &StationAir) -> Json {
        let Some(hours) = self.hours.get(&station.place) else { return Json::Null };
        let ends = Pollutant::ALL.map(|it| hours.series(it).iter().last().map(|(hour, _)| hour));
        let Some(hour) = ends.into_iter().flatten().max() else { return Json::Null };
        let means = hours.hour(hour);
        let aqi = Aqi::of_hour(Edition::of(hour.day()), &means);
        let values: Map<String, Json> =
            means.iter().map(|(it, value)| (it.symbol().to_owned(), json!(value))).collect();
        json!({
            "begins_at": hour.start().to_string(),
            "ends_at": hour.plus(1).start().to_string(),
            "values": values,
            "aqi": aqi.value(),
            "primary": aqi.primary().map(Pollutant::symbol).collect::<Vec<_>>(),
        })
    }

    fn day(&self, day: &Day) -> Json {
        let aqi = self.aqi(day);
        let means: Map<String, Json> = day
            .means
            .iter()
            .map(|(pollutant, average)| {
                (pollutant.symbol().to_owned(), averaged(pollutant, average))
            })
            .collect();
        json!({
            "date": day.date.to_string(),
            "aqi": aqi.value(),
            "level": aqi.level().map(|level| level.name().say(self.lang)),
            "primary": aqi.primary().map(Pollutant::symbol).collect::<Vec<_>>(),
            "edition": edition_name(aqi.edition),
            "values": means,
            "dust_deducted": (!day.dust.is_none()).then(|| {
                let of = [Pollutant::Pm10, Pollutant::Pm25].into_iter();
                of.map(|it| {
                    let value = match day.dust.get(it) {
                        None => Json::Null,
                        Some(Deduction::LeftOut) => json!("left out"),
                        Some(Deduction::To(value)) => json!(value),
                    };
                    (it.symbol().to_owned(), value)
                })
                .collect::<Map<String, Json>>()
            }),
        })
    }

    /// What the period is with the dust deducted; nothing where no deduction is known.
    fn dust(&self, station: &StationAir) -> Option<Json> {
        let air = &station.air;
        let index = self.args.method.index(&values(&air.dust_deducted));
        (air.dust_days > 0).then(|| {
            let of = [Pollutant::Pm10, Pollutant::Pm25].into_iter();
            let statistics: Map<String, Json> = of
                .map(|it| (it.symbol().to_owned(), averaged(it, &air.dust_deducted[it])))
                .collect();
            json!({
                "days": air.dust_days,
                "statistics": statistics,
                "index": index.map(|index| index.published()),
                "rule": rule::DUST.source.say(self.lang),
            })
        })
    }
}

const fn edition_name(edition: Edition) -> &'static str {
    match edition {
        Edition::Hj633_2012 => "HJ 633-2012",
        Edition::Hj633_2026 => "HJ 633-2026",
    }
}

fn averaged(pollutant: Pollutant, average: &Average) -> Json {
    let value = average.value;
    json!({
        "value": value,
        "published": value.map(|value| rounding::half_even(value, pollutant.decimals())),
        "unit": pollutant.unit(),
        "n": average.n,
        "of": average.of,
        "completeness": if average.of == 0 { 0.0 } else { f64::from(average.n) / f64::from(average.of) },
        "is_valid": average.is_valid,
    })
}
