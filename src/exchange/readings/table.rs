//! Tables of readings: one row a station and time, or one row a time and factor with a column a
//! station (`china_sites`).

use geo_types::Coord;
use rustc_hash::FxHashMap;

use super::columns::{Role, role};
use super::raw::{Published, RawReading, RawSink, RawTime, SourceStation};
use super::time::{TimeLabel, made, time_label};
use crate::domain::LocalizedText;
use crate::domain::reading::{Factor, FactorValues, Flag};
use crate::exchange::meaning::marks::{Measured, measured};
use crate::exchange::meaning::wind_words::{WindWord, wind_word};
use crate::exchange::{Cell, InRow, Sink, StatedCrs, Stop};

/// First cells of rows that sum up those above.
const SUMMARIES: [&str; 9] =
    ["最大值", "最小值", "平均值", "样本数", "排放总量", "合计", "均值", "平均", "日均值"];

/// How offices say that a day counts for no mean with the dust deducted.
const LEFT_OUT: [&str; 6] = ["剔除", "不计", "不计入", "不参与", "不参与评价", "扣除"];

/// Hands the rows of tables on as readings.
pub struct TableSink<'s> {
    sink: &'s mut dyn RawSink,
    /// A column by name, where a person said it, in place of what its name says.
    map: &'s [(String, Role)],
    /// For all rows of a file that names no station: what the person or the file's name says.
    station: Option<&'s SourceStation>,
    zero_is_missing: bool,
    /// Of all rows, where no column is of time.
    pub time_of_all: Option<TimeLabel>,
    /// The file ends within a line, so that its last row may be cut off.
    ends_open: bool,
    columns: Vec<(String, Option<Role>)>,
    layout: Option<Layout>,
    known: FxHashMap<String, usize>,
    unread: FxHashMap<String, (u64, String)>,
    summaries: u64,
    utc_marks: u64,
    values: FactorValues,
}

/// Which columns are what, by their position.
#[derive(Default)]
struct Layout {
    code: Option<usize>,
    name: Option<usize>,
    place: Option<(usize, usize)>,
    time: Option<usize>,
    parts: [Option<usize>; 4],
    values: Vec<(usize, Factor, f64)>,
    published: [Option<usize>; 3],
    wide: Option<Wide>,
    /// Its values are means of days.
    is_daily: bool,
}

/// A table with a column a station: what its rows say is gathered hour by hour.
#[derive(Default)]
struct Wide {
    kind: usize,
    /// Position of the column and number of the station.
    stations: Vec<(usize, usize)>,
    time: Option<(u64, TimeLabel)>,
    gathered: Vec<(FactorValues, Published)>,
    latest: Option<LatestRow>,
}

/// Which may be the last of a file, and cut off.
struct LatestRow {
    number: u64,
    cells: usize,
    /// What its last value is of, and the position of the station among [`Wide::stations`].
    value: Option<(Role, usize)>,
}

impl Wide {
    /// Takes the last value of a row that is cut off out again: it may be half of a number. The row's
    /// number and cells.
    fn cut(&mut self, columns: usize) -> Option<(u64, usize)> {
        let row = self.latest.take().filter(|row| row.cells < columns)?;
        if let Some((role, station)) = &row.value
            && let Some(slot) = self.gathered.get_mut(*station)
        {
            put(slot, role, f64::NAN);
        }
        Some((row.number, row.cells))
    }
}

/// NaN takes a value out. Whether what it is of is kept at all.
fn put((values, published): &mut (FactorValues, Published), role: &Role, value: f64) -> bool {
    match role {
        Role::Values(factor, scale) => values.set(factor, value * scale),
        Role::DayMean(Factor::Pm25, _) => published.pm25_day = value,
        Role::OzoneMaximum => published.ozone_maximum = value,
        Role::OzoneEightHours => published.ozone_eight_hours = value,
        _ => return false,
    }
    true
}

impl<'s> TableSink<'s> {
    pub fn new(
        sink: &'s mut dyn RawSink,
        map: &'s [(String, Role)],
        station: Option<&'s SourceStation>,
        zero_is_missing: bool,
        ends_open: bool,
    ) -> Self {
        Self {
            sink,
            map,
            station,
            zero_is_missing,
            time_of_all: None,
            ends_open,
            columns: Vec::new(),
            layout: None,
            known: FxHashMap::default(),
            unread: FxHashMap::default(),
            summaries: 0,
            utc_marks: 0,
            values: FactorValues::default(),
        }
    }

    /// Hands on what waits, and says what was odd.
    pub fn finish(mut self) -> Result<(), Stop> {
        let columns = self.columns.len();
        let wide = self.layout.as_mut().and_then(|layout| layout.wide.as_mut());
        let cut = wide.filter(|_| self.ends_open).and_then(|wide| wide.cut(columns));
        if let Some((row, cells)) = cut {
            self.sink.note(LocalizedText::new(
                format!("末行被截断：第 {row} 行只有 {cells} 格（表头 {columns} 列），末格不用"),
                format!(
                    "the last row is cut off: row {row} has {cells} cells of {columns}; its last is not used"
                ),
            ));
        }
        self.flush()?;
        if self.summaries > 0 {
            let n = self.summaries;
            self.sink.note(LocalizedText::new(
                format!("{n} 行为最大值、平均值等统计行，未计入"),
                format!("{n} rows only sum up others and were left out"),
            ));
        }
        if self.utc_marks > 0 {
            let n = self.utc_marks;
            self.sink.note(LocalizedText::new(
                format!("{n} 个时间带有 Z，按平台惯例视为北京时间（可用 --label 改）"),
                format!(
                    "{n} times end in Z, by which platforms mean Beijing time (--label overrules)"
                ),
            ));
        }
        let mut unread: Vec<_> = std::mem::take(&mut self.unread).into_iter().collect();
        unread.sort();
        for (column, (count, first)) in unread {
            self.sink.note(LocalizedText::new(
                format!("列“{column}”有 {count} 格读不懂，如“{first}”，按缺测处理"),
                format!("{count} cells of `{column}` cannot be read, such as `{first}`: taken as missing"),
            ));
        }
        Ok(())
    }

    fn role_of(&self, name: &str) -> Option<Role> {
        let said = self.map.iter().find(|(column, _)| column == name);
        said.map_or_else(|| role(name), |(_, role)| Some(role.clone()))
    }

    fn lay_out(&mut self) {
        let mut layout = Layout::default();
        let mut day_means = Vec::new();
        let roles: Vec<Option<Role>> = self.columns.iter().map(|(_, role)| role.clone()).collect();
        let is_wide = roles.contains(&Some(Role::Type)) && roles.contains(&Some(Role::Hour));
        let (mut longitude, mut latitude) = (None, None);
        let first = |slot: &mut Option<usize>, at: usize| *slot = slot.or(Some(at));
        for (at, role) in roles.iter().enumerate() {
            match role {
                Some(Role::StationCode) => first(&mut layout.code, at),
                Some(Role::StationName) => first(&mut layout.name, at),
                Some(Role::Longitude) => first(&mut longitude, at),
                Some(Role::Latitude) => first(&mut latitude, at),
                Some(Role::Time) => first(&mut layout.time, at),
                Some(Role::Year) => first(&mut layout.parts[0], at),
                Some(Role::Month) => first(&mut layout.parts[1], at),
                Some(Role::Day) => first(&mut layout.parts[2], at),
                Some(Role::Hour) => first(&mut layout.parts[3], at),
                Some(Role::Values(factor, scale)) => {
                    if !layout.values.iter().any(|(_, known, _)| known == factor) {
                        layout.values.push((at, factor.clone(), *scale));
                    }
                }
                Some(Role::DayMean(factor, scale)) => day_means.push((at, factor.clone(), *scale)),
                Some(Role::OzoneMaximum) => first(&mut layout.published[1], at),
                Some(Role::OzoneEightHours) => first(&mut layout.published[2], at),
                Some(Role::Type | Role::Derived) | None => {}
            }
        }
        layout.place = longitude.zip(latitude);
        let pm25 = day_means.iter().find(|(_, factor, _)| *factor == Factor::Pm25);
        layout.published[0] = pm25.map(|(at, ..)| *at);
        if layout.values.iter().all(|(_, factor, _)| !day_means.iter().any(|it| it.1 == *factor))
            && !day_means.is_empty()
        {
            layout.is_daily = true;
            layout.published[0] = None;
            layout.values.extend(day_means);
        }
        if is_wide {
            layout.values.clear();
            layout.wide = Some(self.wide(&roles));
        }
        layout.is_daily |= layout.values.iter().any(|(_, of, _)| of.deducted_of().is_some());
        self.say_what_lacks(&layout);
        self.layout = Some(layout);
    }

    /// Without a time, a station or a value no row is a reading: which column it is has to be said.
    fn say_what_lacks(&mut self, layout: &Layout) {
        let has_time = layout.time.is_some()
            || layout.parts[..3].iter().all(Option::is_some)
            || self.time_of_all.is_some();
        let is_named = layout.code.is_some() || layout.name.is_some() || layout.place.is_some();
        let is_wide = layout.wide.is_some();
        for (is_there, zh, en) in [
            (
                has_time,
                "没有认出时间列：请指明哪一列是时间（--map time=列名）",
                "no column of times is known: say which it is (--map time=COLUMN)",
            ),
            (
                is_wide || is_named || self.station.is_some(),
                "没有认出站点列：请指明（--map station=列名），或指定整个文件的站点（--station）",
                "no column of stations is known: say which it is (--map station=COLUMN) or whose the file is (--station)",
            ),
            (
                is_wide || !layout.values.is_empty(),
                "没有认出监测项：请指明各列是什么（--map pm2_5=列名）",
                "no column of values is known: say what they are (--map pm2_5=COLUMN)",
            ),
        ] {
            if !is_there {
                self.sink.note(LocalizedText::new(zh.to_owned(), en.to_owned()));
            }
        }
    }

    fn wide(&mut self, roles: &[Option<Role>]) -> Wide {
        let kind = roles.iter().position(|role| *role == Some(Role::Type)).unwrap_or_default();
        let mut wide = Wide { kind, ..Wide::default() };
        for (at, (name, _)) in self.columns.iter().enumerate() {
            if !matches!(roles.get(at), Some(Some(Role::Time | Role::Hour | Role::Type))) {
                let station = SourceStation { code: name.clone(), ..SourceStation::default() };
                wide.stations.push((at, self.sink.station(&station)));
            }
        }
        wide.gathered.resize_with(wide.stations.len(), Default::default);
        wide
    }

    fn label(&mut self, layout: &Layout, cells: &[Cell<'_>]) -> Option<TimeLabel> {
        let number = |at: Option<usize>| -> Option<i64> {
            let text = cells.get(at?)?.to_text();
            let text = text.trim().trim_end_matches(['时', '点']);
            text.parse::<f64>()
                .ok()
                .filter(|number| number.fract() == 0.0)
                .map(|number| number as i64)
        };
        let hour = number(layout.parts[3]);
        if let Some(at) = layout.time {
            let cell = cells.get(at)?;
            let label = match cell {
                Cell::Date(date) => {
                    // Sheets keep a midnight as its date: what is called a time is one.
                    let name = self.columns.get(at).map_or("", |(name, _)| name);
                    let is_time = name.contains('时') || name.to_lowercase().contains("time");
                    let is_date = layout.parts[3].is_some() || !is_time;
                    TimeLabel { at: date.at(0, 0, 0, 0), is_date }
                }
                cell => {
                    let text = cell.to_text();
                    self.utc_marks += u64::from(text.ends_with('Z'));
                    time_label(&text)?
                }
            };
            if !label.is_date {
                return Some(label);
            }
            if layout.parts[3].is_none() {
                return Some(label);
            }
            let day = label.at.date();
            return made(
                day.year().into(),
                day.month().into(),
                day.day().into(),
                Some(hour?),
                None,
                None,
            );
        }
        if layout.parts.iter().all(Option::is_none) {
            return self.time_of_all;
        }
        let [year, month, day] = [0, 1, 2].map(|at| number(layout.parts[at]));
        made(year?, month?, day?, layout.parts[3].is_some().then_some(hour?), None, None)
    }

    fn station_of(&mut self, layout: &Layout, cells: &[Cell<'_>]) -> Option<usize> {
        let text = |at: Option<usize>| {
            at.and_then(|at| cells.get(at)).map(|cell| cell.to_text().trim().to_owned())
        };
        let (code, name) =
            (text(layout.code).unwrap_or_default(), text(layout.name).unwrap_or_default());
        let key = format!("{code}\u{0}{name}");
        if let Some(known) = self.known.get(&key) {
            return Some(*known);
        }
        let number = |at: usize| cells.get(at).and_then(|cell| cell.to_text().trim().parse().ok());
        let place = layout.place.and_then(|(x, y)| Some(Coord { x: number(x)?, y: number(y)? }));
        let station = match self.station {
            Some(said) if code.is_empty() && name.is_empty() => said.clone(),
            None if code.is_empty() && name.is_empty() && place.is_none() => return None,
            _ => SourceStation { code, name, place },
        };
        let number = self.sink.station(&station);
        self.known.insert(key, number);
        Some(number)
    }

    fn read_value(&mut self, factor: &Factor, scale: f64, cell: &Cell<'_>, column: usize) {
        let number = match cell {
            Cell::Empty => return,
            Cell::Integer(number) => Some(*number as f64),
            Cell::Real(number) => Some(*number),
            _ => None,
        };
        let text = cell.to_text();
        if *factor == Factor::WindDirection && number.is_none() {
            match wind_word(&text) {
                Some(WindWord::From(degrees)) => self.values.set(factor, degrees),
                Some(WindWord::Calm | WindWord::Varying) => {}
                None if measured(&text) == Measured::Missing => {}
                None => self.say_unread(column, &text),
            }
            return;
        }
        if LEFT_OUT.contains(&text.trim()) && factor.deducted_of().is_some() {
            self.values.flag(factor, Flag::new(Flag::LEFT_OUT));
            return;
        }
        match measured(&text) {
            Measured::Missing => {}
            Measured::Value { value, .. } if value == 0.0 && self.zero_is_missing => {}
            Measured::Value { value, mark } => {
                self.values.set(factor, value * scale);
                if !mark.is_empty() {
                    self.values.flag(factor, Flag::new(mark));
                }
            }
            Measured::BelowDetection(limit) => {
                if let Some(limit) = limit {
                    self.values.set(factor, limit * scale);
                }
                self.values.flag(factor, Flag::new(Flag::BELOW));
            }
            Measured::Unreadable => self.say_unread(column, &text),
        }
    }

    fn say_unread(&mut self, column: usize, text: &str) {
        let name = self.columns.get(column).map_or("", |(name, _)| name).to_owned();
        let shown: String = text.chars().take(20).collect();
        self.unread.entry(name).or_insert((0, shown)).0 += 1;
    }

    /// A third row of a merged head: 浓度 and 分指数 below the names of pollutants.
    fn is_head(cells: &[Cell<'_>]) -> bool {
        let texts: Vec<_> = cells.iter().map(Cell::to_text).collect();
        let is_word = |text: &str| text.contains("浓度") || text.contains("分指数");
        let filled: Vec<&str> =
            texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        filled.len() > 1
            && filled.iter().any(|text| is_word(text))
            && filled.iter().all(|text| text.parse::<f64>().is_err() && time_label(text).is_none())
    }

    fn add_head(&mut self, cells: &[Cell<'_>]) {
        let mut group = String::new();
        for (at, (name, _)) in self.columns.clone().iter().enumerate() {
            if !name.starts_with("column_") {
                group.clone_from(name);
            }
            let below =
                cells.get(at).map(|cell| cell.to_text().trim().to_owned()).unwrap_or_default();
            if !below.is_empty() && below != group {
                let name = format!("{group}{below}");
                let role = self.role_of(&name);
                if let Some(column) = self.columns.get_mut(at) {
                    *column = (name, role);
                }
            }
        }
    }

    fn wide_row(&mut self, layout: &mut Layout, row: &InRow<'_>) -> Result<(), Stop> {
        let Some(label) = self.label(layout, row.cells) else {
            self.reject_time(row.number);
            return Ok(());
        };
        let Some(wide) = &mut layout.wide else { return Ok(()) };
        if wide.time.is_some_and(|(_, known)| known != label) {
            Self::flush_wide(self.sink, wide)?;
        }
        wide.time = Some((row.number, label));
        let kind = row.cells.get(wide.kind).map(|cell| cell.to_text().into_owned());
        let latest = LatestRow { number: row.number, cells: row.cells.len(), value: None };
        let latest = wide.latest.insert(latest);
        let Some(role) = kind.as_deref().and_then(role) else { return Ok(()) };
        for ((number, slot), (at, _)) in wide.gathered.iter_mut().enumerate().zip(&wide.stations) {
            let Some(cell) = row.cells.get(*at).filter(|cell| !cell.is_empty()) else { continue };
            let text = cell.to_text();
            let Measured::Value { value, mark } = measured(&text) else { continue };
            if !put(slot, &role, value) {
                continue;
            }
            latest.value = Some((role.clone(), number));
            if let (Role::Values(factor, _), false) = (&role, mark.is_empty()) {
                slot.0.flag(factor, Flag::new(mark));
            }
        }
        Ok(())
    }

    fn flush_wide(sink: &mut dyn RawSink, wide: &mut Wide) -> Result<(), Stop> {
        let Some((row, label)) = wide.time.take() else { return Ok(()) };
        for ((values, published), (_, station)) in wide.gathered.iter_mut().zip(&wide.stations) {
            let has_any = !values.is_empty() || !published.ozone_maximum.is_nan();
            if has_any {
                let (station, time) = (*station, RawTime::Label(label));
                sink.reading(&RawReading { row, station, time, values, published: *published })?;
            }
            values.clear();
            *published = Published::default();
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Stop> {
        match self.layout.as_mut().and_then(|layout| layout.wide.as_mut()) {
            Some(wide) => Self::flush_wide(self.sink, wide),
            None => Ok(()),
        }
    }

    fn reject_time(&mut self, row: u64) {
        self.sink.reject(
            row,
            LocalizedText::new("没有可读的时间".to_owned(), "no time that can be read".to_owned()),
        );
    }

    fn long_row(&mut self, layout: &Layout, row: &InRow<'_>) -> Result<(), Stop> {
        let first = row.cells.iter().find(|cell| !cell.is_empty()).map(Cell::to_text);
        if first.is_some_and(|text| SUMMARIES.contains(&text.trim())) {
            self.summaries += 1;
            return Ok(());
        }
        let Some(label) = self.label(layout, row.cells) else {
            self.reject_time(row.number);
            return Ok(());
        };
        let Some(station) = self.station_of(layout, row.cells) else {
            self.sink.reject(
                row.number,
                LocalizedText::new("没有站点".to_owned(), "no station".to_owned()),
            );
            return Ok(());
        };
        self.values.clear();
        for (at, factor, scale) in &layout.values {
            if let Some(cell) = row.cells.get(*at) {
                self.read_value(factor, *scale, cell, *at);
            }
        }
        let seen = |at: Option<usize>| {
            let cell = at.and_then(|at| row.cells.get(at)).map(Cell::to_text);
            match cell.as_deref().map(measured) {
                Some(Measured::Value { value, .. }) => value,
                _ => f64::NAN,
            }
        };
        let [pm25_day, ozone_maximum, ozone_eight_hours] = layout.published.map(seen);
        let published = Published { pm25_day, ozone_maximum, ozone_eight_hours };
        let values = std::mem::take(&mut self.values);
        // What is of days alone says so, whatever time stands behind the date.
        let is_date = label.is_date || layout.is_daily;
        let time = RawTime::Label(TimeLabel { is_date, ..label });
        let said = self.sink.reading(&RawReading {
            row: row.number,
            station,
            time,
            values: &values,
            published,
        });
        self.values = values;
        said
    }
}

impl Sink for TableSink<'_> {
    fn table(&mut self, _name: &str, _crs: &StatedCrs) -> Result<(), Stop> {
        self.flush()?;
        self.columns.clear();
        self.layout = None;
        self.known.clear();
        Ok(())
    }

    fn column(&mut self, name: &str) -> Result<usize, Stop> {
        if let Some(at) = self.columns.iter().position(|(known, _)| known == name) {
            return Ok(at);
        }
        let role = self.role_of(name);
        self.columns.push((name.to_owned(), role));
        // A column that comes late, of an object that has one more key, is laid out anew.
        if self.layout.as_ref().is_some_and(|layout| layout.wide.is_none()) {
            self.layout = None;
        }
        Ok(self.columns.len() - 1)
    }

    fn row(&mut self, row: InRow<'_>) -> Result<(), Stop> {
        if self.layout.is_none() {
            if Self::is_head(row.cells) {
                self.add_head(row.cells);
                return Ok(());
            }
            self.lay_out();
            self.sink.columns(&self.columns, row.cells);
        }
        let Some(mut layout) = self.layout.take() else { return Ok(()) };
        let done = if layout.wide.is_some() {
            self.wide_row(&mut layout, &row)
        } else {
            self.long_row(&layout, &row)
        };
        self.layout = Some(layout);
        done
    }

    fn reject(&mut self, row: u64, reason: LocalizedText) -> Result<(), Stop> {
        self.sink.reject(row, reason);
        Ok(())
    }

    fn knows(&self, column: &str) -> bool {
        self.role_of(column).is_some()
    }

    fn warn(&mut self, words: LocalizedText) {
        self.sink.note(words);
    }
}

/// What a table must have to be one of readings: a time, unless the file is called after one, and a
/// factor or what a wide file has.
pub fn is_of_readings(columns: &[String], is_dated: bool) -> bool {
    let roles: Vec<Role> = columns.iter().filter_map(|name| role(name)).collect();
    let has = |wanted: &dyn Fn(&Role) -> bool| roles.iter().any(wanted);
    let has_time = is_dated
        || has(&|role| *role == Role::Time)
        || has(&|role| *role == Role::Year) && has(&|role| *role == Role::Hour);
    let factors =
        roles.iter().filter(|r| matches!(r, Role::Values(..) | Role::DayMean(..))).count();
    let is_wide = has(&|role| *role == Role::Type) && has(&|role| *role == Role::Hour);
    has_time && (factors > 0 || is_wide)
}
