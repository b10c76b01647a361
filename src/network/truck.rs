//! Trucks, and which of them an order means. When an order holds is [`super::hours`]'s.

use crate::domain::truck_rules::Measures;
use crate::domain::{EmissionStage, Fuel, PlateColour, Record, TruckClass, Value};

/// A truck as orders and limits see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Truck {
    /// By total mass.
    pub class: TruckClass,
    /// All of its axles, trailer included.
    pub axles: u8,
    /// Total mass, t.
    pub mass_t: f64,
    /// Metres.
    pub height_m: f64,
    /// 0–6 for 国零–国六.
    pub stage: u8,
    /// What it runs on.
    pub fuel: Fuel,
    /// Of its number plate.
    pub plate: PlateColour,
    /// What else orders speak of: 渣土车, 危化品车, 新能源, 民生, 绿色通道, 应急, 通行证.
    pub tags: Vec<String>,
}

/// Which trucks an order means: all of the conditions that it states.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// Empty for all.
    pub classes: Vec<TruckClass>,
    /// At least so many; 0 for all.
    pub min_axles: i64,
    /// At least so much total mass, t; 0 for all.
    pub min_mass_t: f64,
    /// Empty for all.
    pub stages: Vec<u8>,
    /// Empty for all.
    pub fuels: Vec<Fuel>,
    /// Empty for all.
    pub plates: Vec<PlateColour>,
    /// Only a truck with one of these tags is meant; empty for all.
    pub tags: Vec<String>,
    /// A truck with one of these tags is not meant.
    pub exemptions: Vec<String>,
}

/// The tag of new-energy vehicles.
pub const NEW_ENERGY: &str = "新能源";
/// The tag of vehicles with a pass for restricted roads.
pub const PASS: &str = "通行证";

/// Words for the same vehicles, as notices write them; the first is the one by which they are known
/// here. 应急 are the vehicles of 道路交通安全法 art. 53, each of which stands for all of them.
const SAME: [(&str, &[&str]); 5] = [
    (
        "应急",
        &[
            "应急车",
            "应急车辆",
            "应急抢险车",
            "应急救援车",
            "抢险",
            "抢险车",
            "抢险救灾",
            "抢险救灾车",
            "消防车",
            "救护车",
            "警车",
            "军警车",
            "工程救险车",
            "工程抢险车",
            "特种车",
            "特种车辆",
        ],
    ),
    (
        "绿色通道",
        &[
            "绿通",
            "绿通车",
            "绿色通道车",
            "绿色通道车辆",
            "绿色通道运输车",
            "鲜活农产品",
            "鲜活农产品车",
            "鲜活农产品运输车",
            "运输鲜活农产品的车辆",
        ],
    ),
    (
        NEW_ENERGY,
        &["新能源车", "新能源车辆", "新能源汽车", "新能源货车", "电动", "纯电动", "电动货车"],
    ),
    ("民生", &["民生车", "民生车辆", "民生保障", "民生保障车辆", "民生保供", "民生保供车"]),
    (PASS, &["持通行证", "持证车辆", "持通行证的车辆", "持有效通行证的车辆"]),
];

/// The word by which vehicles of a tag or an exemption are known here; what is not known stays as
/// it is written.
pub fn canonical_tag(word: &str) -> &str {
    let word = word.trim();
    let is_meant =
        |(known, same): &&(&'static str, &[&str])| *known == word || same.contains(&word);
    SAME.iter().find(is_meant).map_or(word, |(known, _)| known)
}

impl TruckClass {
    /// What such a truck weighs on the road on average, t: assumed, for road dust.
    pub const fn mean_mass_t(self) -> f64 {
        match self {
            Self::Micro => 1.8,
            Self::Light => 3.5,
            Self::Medium => 8.0,
            Self::Heavy => 20.0,
        }
    }
}

impl PlateColour {
    /// The usual plate of a truck of which nobody said more: assumed.
    const fn usual(class: TruckClass, fuel: Fuel) -> Self {
        match (fuel, class) {
            (Fuel::Electric, _) => Self::Green,
            (_, TruckClass::Micro | TruckClass::Light) => Self::Blue,
            (_, TruckClass::Medium | TruckClass::Heavy) => Self::Yellow,
        }
    }
}

impl Truck {
    /// A usual truck of a class. Heavy ones may weigh by their axles what GB 1589-2016 allows.
    /// Assumed: it burns diesel and has the plate of its class.
    pub fn of(class: TruckClass, axles: u8, stage: u8) -> Self {
        let axles = if axles == 0 { if class == TruckClass::Heavy { 4 } else { 2 } } else { axles };
        let (mass_t, height_m) = match class {
            TruckClass::Micro => (1.8, 2.0),
            TruckClass::Light => (4.495, 2.8),
            TruckClass::Medium => (11.995, 3.5),
            TruckClass::Heavy => (
                match axles {
                    0..=2 => 18.0,
                    3 => 25.0,
                    4 => 31.0,
                    5 => 42.0,
                    _ => 49.0,
                },
                4.0,
            ),
        };
        let (fuel, tags) = (Fuel::Diesel, Vec::new());
        let plate = PlateColour::usual(class, fuel);
        Self { class, axles, mass_t, height_m, stage, fuel, plate, tags }
    }

    /// With tags, fuel and plate as far as they are known. A green plate or the tag 新能源 means an
    /// electric truck; what is left open is the usual of its class.
    #[must_use]
    pub fn with(self, tags: Vec<String>, fuel: Option<Fuel>, plate: Option<PlateColour>) -> Self {
        let is_green = plate == Some(PlateColour::Green)
            || tags.iter().any(|tag| canonical_tag(tag) == NEW_ENERGY);
        let fuel = fuel.unwrap_or(if is_green { Fuel::Electric } else { self.fuel });
        let plate = plate.unwrap_or(PlateColour::usual(self.class, fuel));
        Self { fuel, plate, tags, ..self }
    }

    /// As the rules of roads see it. Width, length and axle load are assumed from its class: the most
    /// that GB 1589-2016 allows, and of small trucks the usual.
    pub fn measures(&self) -> Measures {
        let (width_m, length_m, axle_load_t) = match self.class {
            TruckClass::Micro => (1.6, 3.5, 1.2),
            TruckClass::Light => (2.2, 5.995, 3.0),
            TruckClass::Medium => (2.5, 9.0, 8.0),
            TruckClass::Heavy => (
                2.55,
                match self.axles {
                    0..=2 => 9.0,
                    3 => 11.0,
                    4 => 12.0,
                    _ => 17.1,
                },
                10.0,
            ),
        };
        Measures {
            mass_t: self.mass_t,
            rating_t: self.mass_t,
            axle_load_t,
            height_m: self.height_m,
            width_m,
            length_m,
            axles: f64::from(self.axles),
        }
    }

    fn is(&self, word: &str) -> bool {
        let word = canonical_tag(word);
        (word == NEW_ENERGY && self.fuel == Fuel::Electric)
            || self.tags.iter().any(|tag| canonical_tag(tag) == word)
    }
}

impl Scope {
    /// The conditions of an order's record; what it leaves open means all.
    pub fn of(order: &Record) -> Self {
        let words = |key: &str| order.words(key).iter();
        Self {
            classes: words("classes").filter_map(|key| TruckClass::from_key(key)).collect(),
            min_axles: match order.get("min_axles") {
                Some(Value::Integer(axles)) => *axles,
                _ => 0,
            },
            min_mass_t: match order.get("min_mass_t") {
                Some(Value::Real(mass_t)) => *mass_t,
                _ => 0.0,
            },
            stages: words("stages").filter_map(|word| emission_stage(word)).collect(),
            fuels: words("fuels").filter_map(|key| Fuel::from_key(key)).collect(),
            plates: words("plates").filter_map(|key| PlateColour::from_key(key)).collect(),
            tags: words("tags").map(ToString::to_string).collect(),
            exemptions: words("exemptions").map(ToString::to_string).collect(),
        }
    }

    /// Whether an order with these conditions means a truck.
    pub fn covers(&self, truck: &Truck) -> bool {
        (self.classes.is_empty() || self.classes.contains(&truck.class))
            && i64::from(truck.axles) >= self.min_axles
            && truck.mass_t >= self.min_mass_t
            && (self.stages.is_empty() || self.stages.contains(&truck.stage))
            && (self.fuels.is_empty() || self.fuels.contains(&truck.fuel))
            && (self.plates.is_empty() || self.plates.contains(&truck.plate))
            && (self.tags.is_empty() || self.tags.iter().any(|tag| truck.is(tag)))
            && !self.exemptions.iter().any(|word| truck.is(word))
    }

    /// Whether vehicles are exempt, by whichever of their words.
    pub fn exempts(&self, word: &str) -> bool {
        let word = canonical_tag(word);
        self.exemptions.iter().any(|exempt| canonical_tag(exempt) == word)
    }
}

/// 0–6 of 国零–国六.
pub fn emission_stage(word: &str) -> Option<u8> {
    EmissionStage::from_key(word).map(|stage| stage as u8)
}

#[cfg(test)]
mod tests;
