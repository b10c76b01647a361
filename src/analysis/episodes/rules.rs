//! The rules as data. Defaults are those of no published standard: none is public; they come from
//! back-tests of station data of two winters and may be changed for each station and pollutant.

use std::collections::BTreeMap;

use crate::analysis::air::{ByPollutant, Edition, Item, Pollutant};
use crate::domain::{AlarmPollutant, Kind, Record, RecordId, Value, World};

/// What is looked for in the values of one pollutant, µg/m³ (CO: mg/m³).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// 环比突升: so much more than the hour before, and so many times as much.
    pub rise: f64,
    pub rise_ratio: f64,
    /// 高于区域: the same against the median of the other stations.
    pub excess: f64,
    pub excess_ratio: f64,
    /// 超标: from here on; the 1 h value of IAQI 100 of the edition of the date where it is `None`.
    pub limit: Option<f64>,
    /// Below this part of the limit an hour is clear.
    pub limit_clears: f64,
    /// An hour is clear when no more than this part of the rise is left.
    pub rise_left: f64,
    /// Or no more than so many times the median of the other stations.
    pub near_neighbours: f64,
    /// Equal values for so many hours are doubtful; `None` where published values are too coarse.
    pub flat_h: Option<u16>,
    /// Only above this.
    pub flat_above: f64,
}

/// All thresholds, and how they are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// Of stations without rules of their own.
    pub all: ByPollutant<Thresholds>,
    pub stations: BTreeMap<RecordId, ByPollutant<Thresholds>>,
    /// From this share of stations with a jump in one hour it is a matter of the region.
    pub regional_share: f64,
    /// Above the neighbours for so many hours is persistent.
    pub persistent_h: u16,
    /// Nearer to a station nobody is asked to spray, metres.
    pub spray_clear_m: f64,
}

/// Nearer to a station nobody is asked to spray until somebody says otherwise, metres: whoever does may
/// be taken to disturb the instruments.
pub const SPRAY_CLEAR_M: f64 = 200.0;

impl Default for Rules {
    fn default() -> Self {
        Self {
            all: ByPollutant::from_fn(Thresholds::usual),
            stations: BTreeMap::new(),
            regional_share: 0.7,
            persistent_h: 3,
            spray_clear_m: SPRAY_CLEAR_M,
        }
    }
}

impl Thresholds {
    /// What holds until somebody says otherwise.
    pub const fn usual(pollutant: Pollutant) -> Self {
        let (rise, rise_ratio, excess_ratio, flat_h, flat_above) = match pollutant {
            Pollutant::Pm25 => (15.0, 1.3, 1.3, Some(6), 0.0),
            Pollutant::Pm10 => (30.0, 1.3, 1.3, Some(6), 0.0),
            Pollutant::No2 => (20.0, 1.3, 1.5, Some(8), 0.0),
            Pollutant::So2 => (10.0, 1.5, 1.5, None, 0.0),
            Pollutant::Co => (0.5, 1.3, 1.5, None, 0.0),
            Pollutant::O3 => (30.0, 1.2, 1.5, Some(6), 20.0),
        };
        Self {
            rise,
            rise_ratio,
            excess: rise,
            excess_ratio,
            limit: None,
            limit_clears: 0.8,
            rise_left: 0.5,
            near_neighbours: 1.1,
            flat_h,
            flat_above,
        }
    }

    /// The limit of an hour.
    pub fn limit(&self, pollutant: Pollutant, edition: Edition) -> f64 {
        let of_standard = || Item::of_hour(pollutant).value_at(edition, 100);
        self.limit.or_else(of_standard).unwrap_or(f64::INFINITY)
    }

    fn overlaid(&mut self, record: &Record) {
        let number = |key: &str| record.get(key).and_then(Value::as_f64);
        let put = |key: &str, slot: &mut f64| *slot = number(key).unwrap_or(*slot);
        put("rise", &mut self.rise);
        put("rise_ratio", &mut self.rise_ratio);
        put("excess", &mut self.excess);
        put("excess_ratio", &mut self.excess_ratio);
        put("limit_clears", &mut self.limit_clears);
        put("rise_left", &mut self.rise_left);
        self.limit = number("limit").or(self.limit);
    }
}

impl Rules {
    /// Those of a district: what its records say, laid over the defaults; those of a station over those
    /// of all.
    pub fn of(world: &World) -> Self {
        let mut rules = Self::default();
        let records: Vec<&Record> = world.table(Kind::AlarmRule).iter().map(|it| &**it).collect();
        let stations = |record: &Record| record.text("station").parse::<RecordId>().ok();
        let (own, general): (Vec<&Record>, Vec<&Record>) =
            records.into_iter().partition(|record| stations(record).is_some());
        for record in general.into_iter().filter(|record| record.text("station").is_empty()) {
            if let Some(pollutant) = pollutant_of(record) {
                rules.all[pollutant].overlaid(record);
            } else {
                let number = |key: &str| record.get(key).and_then(Value::as_f64);
                rules.regional_share = number("regional_share").unwrap_or(rules.regional_share);
                rules.spray_clear_m = number("spray_clear_m").unwrap_or(rules.spray_clear_m);
            }
        }
        for record in own {
            let (Some(station), Some(pollutant)) = (stations(record), pollutant_of(record)) else {
                continue;
            };
            let all = rules.all;
            rules.stations.entry(station).or_insert(all)[pollutant].overlaid(record);
        }
        rules
    }

    /// Those of a station.
    pub fn at(&self, station: RecordId) -> &ByPollutant<Thresholds> {
        self.stations.get(&station).unwrap_or(&self.all)
    }

    /// The name of exactly these rules: eight hexadecimal digits that any change changes. FNV-1a over
    /// every number, in the order of stations and pollutants.
    pub fn version(&self) -> String {
        let mut hash = 0x811c_9dc5_u32;
        let mut take = |bytes: &[u8]| {
            for byte in bytes {
                hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
            }
        };
        take(&self.regional_share.to_bits().to_le_bytes());
        take(&self.persistent_h.to_le_bytes());
        take(&self.spray_clear_m.to_bits().to_le_bytes());
        let nobody = RecordId(uuid::Uuid::nil());
        let own = self.stations.iter().map(|(station, rules)| (*station, rules));
        for (station, rules) in std::iter::once((nobody, &self.all)).chain(own) {
            take(station.0.as_bytes());
            for (_, it) in rules.iter() {
                for number in [
                    it.rise,
                    it.rise_ratio,
                    it.excess,
                    it.excess_ratio,
                    it.limit.unwrap_or(f64::NAN),
                    it.limit_clears,
                    it.rise_left,
                    it.near_neighbours,
                    f64::from(it.flat_h.unwrap_or(u16::MAX)),
                    it.flat_above,
                ] {
                    take(&number.to_bits().to_le_bytes());
                }
            }
        }
        format!("{hash:08x}")
    }
}

fn pollutant_of(record: &Record) -> Option<Pollutant> {
    Some(match AlarmPollutant::of(record)? {
        AlarmPollutant::Pm25 => Pollutant::Pm25,
        AlarmPollutant::Pm10 => Pollutant::Pm10,
        AlarmPollutant::So2 => Pollutant::So2,
        AlarmPollutant::No2 => Pollutant::No2,
        AlarmPollutant::Co => Pollutant::Co,
        AlarmPollutant::O3 => Pollutant::O3,
    })
}
