//! 可作业窗口: when roads may be swept wet on a day, and what of a plan lies outside of it.
//!
//! Rules as offices publish them: below 5 °C streets are swept dry, wet work begins at about 10:30 once
//! it is warmer and ends at 16:00 (运城, 17 Jan 2022); none in the peak hours 7–10 and 17–20, and on
//! Fridays and holidays none 16–21 (西安, 29 Nov 2016); none while it rains. An office puts its own in
//! their place ([`SweepRules`]).

use std::ops::Range;
use std::sync::{PoisonError, RwLock};

use jiff::civil::{Date, DateTime, Weekday};
use serde::{Deserialize, Serialize};

use crate::domain::calendar::is_holiday;
use crate::domain::{LocalizedText, Record, Text};

/// Minutes of a slot.
const SLOT_MIN: u16 = 30;
const SLOTS: u16 = 24 * 60 / SLOT_MIN;

/// What an hour of the day was or is said to be like; `None` where nobody says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HourWeather {
    pub temperature_c: Option<f64>,
    pub rain_mm: Option<f64>,
}

/// The 24 hours of a day, by the hour in which they begin, civil time of the office.
pub type DayWeather = [HourWeather; 24];

/// What an office has decided. Times are minutes of the day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SweepRules {
    /// Where it comes from.
    pub source: String,
    /// Wet work wants more than this, °C.
    pub wet_above_c: f64,
    /// On a day that has an hour below [`SweepRules::wet_above_c`]: between these.
    pub frost_day: [u16; 2],
    /// An hour with at least so much rain washes by itself, mm.
    pub rain_mm: f64,
    pub peaks: Vec<[u16; 2]>,
    /// On Fridays and holidays too.
    pub eves: Vec<[u16; 2]>,
}

impl Default for SweepRules {
    fn default() -> Self {
        let hours = |from: u16, to: u16| [from * 60, to * 60];
        Self {
            source: "运城 2022-01-17，西安 2016-11-29".to_owned(),
            wet_above_c: 5.0,
            frost_day: [10 * 60 + 30, 16 * 60],
            rain_mm: 0.1,
            peaks: vec![hours(7, 10), hours(17, 20)],
            eves: vec![hours(16, 21)],
        }
    }
}

static INSTALLED: RwLock<Option<&'static SweepRules>> = RwLock::new(None);

/// Puts the rules of an office in the place of those of the program; they stay in memory.
pub fn install(own: SweepRules) {
    let rules: &'static SweepRules = Box::leak(Box::new(own));
    *INSTALLED.write().unwrap_or_else(PoisonError::into_inner) = Some(rules);
}

/// The rules that hold.
pub fn rules() -> &'static SweepRules {
    if let Some(rules) = *INSTALLED.read().unwrap_or_else(PoisonError::into_inner) {
        return rules;
    }
    let mut installed = INSTALLED.write().unwrap_or_else(PoisonError::into_inner);
    installed.get_or_insert_with(|| Box::leak(Box::default()))
}

/// Why no wet work is done in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ban {
    Frost,
    /// On a day with frost, outside of its middle hours.
    FrostDay,
    Rain,
    Peak,
    /// Nobody says how warm it is.
    Unknown,
}

impl Ban {
    /// In words.
    pub const fn label(self) -> Text {
        match self {
            Self::Frost => Text::new("气温低，易结冰", "too cold: ice"),
            Self::FrostDay => Text::new("低温日早晚不作业", "morning or evening of a cold day"),
            Self::Rain => Text::new("降雨", "rain"),
            Self::Peak => Text::new("高峰时段", "peak hours"),
            Self::Unknown => Text::new("缺气温", "no temperature"),
        }
    }
}

/// A stretch of the day, minutes from its beginning.
pub type Stretch = Range<u16>;

/// When wet work may be done on a day, and why not in between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    bans: Vec<Option<Ban>>,
}

impl Window {
    /// Of a day with its weather.
    pub fn of(day: Date, weather: &DayWeather, rules: &SweepRules) -> Self {
        let known = || weather.iter().filter_map(|hour| hour.temperature_c);
        let is_cold = known().any(|c| c <= rules.wet_above_c);
        let is_eve = day.weekday() == Weekday::Friday || is_holiday(day);
        let within = |spans: &[[u16; 2]], minute: u16| {
            spans.iter().any(|[from, to]| (*from..*to).contains(&minute))
        };
        let ban = |slot: u16| {
            let minute = slot * SLOT_MIN;
            let hour = weather.get(usize::from(minute / 60)).copied().unwrap_or_default();
            let [first, last] = rules.frost_day;
            if within(&rules.peaks, minute) || is_eve && within(&rules.eves, minute) {
                return Some(Ban::Peak);
            }
            if hour.rain_mm.is_some_and(|mm| mm >= rules.rain_mm) {
                return Some(Ban::Rain);
            }
            match hour.temperature_c {
                None => Some(Ban::Unknown),
                Some(c) if c <= rules.wet_above_c => Some(Ban::Frost),
                Some(_) if is_cold && !(first..last).contains(&minute) => Some(Ban::FrostDay),
                Some(_) => None,
            }
        };
        Self { bans: (0..SLOTS).map(ban).collect() }
    }

    /// When it may be done.
    pub fn open(&self) -> Vec<Stretch> {
        self.stretches(Option::is_none)
    }

    /// What of planned hours lies outside, with the reasons; dry work is never outside for the weather,
    /// and work by hand is no traffic in the peak.
    pub fn outside(
        &self,
        day: Date,
        road: &Record,
        planned: &dyn Fn(DateTime) -> bool,
    ) -> Vec<(Stretch, Ban)> {
        if road.text("method") == BY_HAND {
            return Vec::new();
        }
        let is_wet = is_wet(road);
        let mut found: Vec<(Stretch, Ban)> = Vec::new();
        for (slot, ban) in (0..SLOTS).zip(&self.bans) {
            let minute = slot * SLOT_MIN;
            let (hour, of_hour) = (minute / 60, minute % 60);
            let at = day.at(hour.try_into().unwrap_or(0), of_hour.try_into().unwrap_or(0), 0, 0);
            // What nobody knows contradicts nothing.
            let counts = |ban: &Ban| *ban == Ban::Peak || is_wet && *ban != Ban::Unknown;
            let Some(ban) = ban.filter(counts).filter(|_| planned(at)) else { continue };
            match found.last_mut() {
                Some((stretch, known)) if *known == ban && stretch.end == minute => {
                    stretch.end = minute + SLOT_MIN;
                }
                _ => found.push((minute..minute + SLOT_MIN, ban)),
            }
        }
        found
    }

    fn stretches(&self, is_in: impl Fn(&Option<Ban>) -> bool) -> Vec<Stretch> {
        let mut found: Vec<Stretch> = Vec::new();
        for (slot, _) in (0..SLOTS).zip(&self.bans).filter(|(_, ban)| is_in(ban)) {
            let minute = slot * SLOT_MIN;
            match found.last_mut() {
                Some(last) if last.end == minute => last.end = minute + SLOT_MIN,
                _ => found.push(minute..minute + SLOT_MIN),
            }
        }
        found
    }

    /// `可作业 10:30–16:00`, or why at no time.
    pub fn words(&self) -> LocalizedText {
        let open = self.open();
        if !open.is_empty() {
            let spans: Vec<String> = open.iter().map(span_words).collect();
            return LocalizedText::new(
                format!("可湿法作业 {}", spans.join("、")),
                format!("wet work {}", spans.join(", ")),
            );
        }
        let mut bans: Vec<Ban> = self.bans.iter().flatten().copied().collect();
        bans.sort_unstable();
        bans.dedup();
        let lacks = bans.last() == Some(&Ban::Unknown);
        bans.retain(|ban| *ban != Ban::Unknown);
        let of = |say: fn(Text) -> &'static str, sep: &str| {
            bans.iter().map(|ban| say(ban.label())).collect::<Vec<_>>().join(sep)
        };
        let (zh, en) = (of(|text| text.zh, "、"), of(|text| text.en, ", "));
        if lacks {
            return LocalizedText::new(
                format!("已知时段均不可湿法作业（{zh}）；其余时段缺气温，接入预报或实况后可判断"),
                format!(
                    "no wet work in the hours that are known ({en}); of the others no temperature"
                ),
            );
        }
        LocalizedText::new(
            format!("当日无可湿法作业时段（{zh}）"),
            format!("no wet work that day ({en})"),
        )
    }
}

/// `10:30–16:00`.
pub fn span_words(stretch: &Stretch) -> String {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    format!("{}–{}", clock(stretch.start), clock(stretch.end))
}

const BY_HAND: &str = "人工";

/// Whether a way of sweeping wets the road.
fn is_wet(sweeping: &Record) -> bool {
    !matches!(sweeping.text("method"), "机扫" | BY_HAND)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::{Ids, Kind, Stamp, Value};

    fn road(method: &'static str) -> Record {
        let stamp = Stamp { actor: "试".into(), at: jiff::Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(stamp.at, 1);
        let mut road = Record::new(ids.next(), Kind::Sweeping, &stamp);
        road.set("method", Some(Value::Choice(method)));
        road
    }

    fn weather(of: impl Fn(usize) -> f64) -> DayWeather {
        std::array::from_fn(|hour| HourWeather {
            temperature_c: Some(of(hour)),
            rain_mm: Some(0.0),
        })
    }

    fn open(day: Date, weather: &DayWeather) -> Vec<String> {
        Window::of(day, weather, &SweepRules::default()).open().iter().map(span_words).collect()
    }

    /// A winter's day: −4 °C at six, 7 °C at two.
    fn winter(hour: usize) -> f64 {
        7.0 - (hour as f64 - 14.0).abs() * 1.1
    }

    #[test]
    fn a_cold_day_has_its_middle_hours_and_a_mild_one_all_but_the_peaks() {
        // Thursday. Warmer than 5 °C from 13 to 15 hours alone.
        let thursday = date(2026, 11, 26);
        assert_eq!(open(thursday, &weather(winter)), ["13:00–16:00"]);
        let warmer = weather(|hour| winter(hour) + 4.0);
        assert_eq!(open(thursday, &warmer), ["10:30–16:00"], "warm at nine, but not before 10:30");
        let mild = weather(|_| 18.0);
        assert_eq!(open(thursday, &mild), ["00:00–07:00", "10:00–17:00", "20:00–24:00"]);
        // Friday, and a holiday: from four to nine in the evening nobody.
        let friday = ["00:00–07:00", "10:00–16:00", "21:00–24:00"];
        assert_eq!(open(date(2026, 11, 27), &mild), friday);
        assert_eq!(open(date(2026, 10, 1), &mild), friday);
    }

    #[test]
    fn rain_and_hours_of_which_nobody_knows_are_no_window_and_say_why() {
        let thursday = date(2026, 11, 26);
        let mut wet = weather(|_| 18.0);
        wet[11].rain_mm = Some(0.4);
        wet[12].temperature_c = None;
        assert_eq!(open(thursday, &wet)[1..3], ["10:00–11:00", "13:00–17:00"]);
        let nothing = DayWeather::default();
        let window = Window::of(thursday, &nothing, &SweepRules::default());
        assert!(window.open().is_empty());
        let words = window.words().zh;
        assert!(words.starts_with("已知时段均不可湿法作业（高峰时段）；其余时段缺气温"), "{words}");
        let all_day = window.outside(thursday, &road("洗扫"), &|_| true);
        assert!(all_day.iter().all(|(_, ban)| *ban == Ban::Peak), "what nobody knows is no fault");
    }

    #[test]
    fn what_of_a_plan_lies_outside_is_told_with_its_reason_and_dry_work_only_keeps_off_the_peaks() {
        let thursday = date(2026, 11, 26);
        let window = Window::of(thursday, &weather(winter), &SweepRules::default());
        let planned = |at: DateTime| (6..8).contains(&at.hour()) || at.hour() == 14;
        let outside = window.outside(thursday, &road("洗扫"), &planned);
        assert_eq!(outside, [(360..420, Ban::Frost), (420..480, Ban::Peak)]);
        assert_eq!(window.outside(thursday, &road("机扫"), &planned), [(420..480, Ban::Peak)]);
        assert!(window.outside(thursday, &road("人工"), &planned).is_empty(), "no traffic");
    }

    #[test]
    fn an_office_says_what_is_its_own_and_the_rest_stays() {
        let own: SweepRules = serde_json::from_str(r#"{"source":"本区","wet_above_c":3}"#).unwrap();
        assert_eq!(own.peaks, SweepRules::default().peaks);
        let window = Window::of(date(2026, 11, 26), &weather(winter), &own);
        assert_eq!(window.open(), vec![660..960], "from eleven, when it is 3.7 °C");
    }
}
