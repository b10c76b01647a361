//! Trucks, and which of them an order means.

use crate::domain::{Record, Value};

/// Total mass and length decide the class (GA 802-2019): micro to 1.8 t, light below 4.5 t, medium
/// below 12 t, heavy from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    Micro,
    Light,
    Medium,
    Heavy,
}

/// A truck as orders and limits see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Truck {
    pub class: Class,
    pub axles: u8,
    /// Total mass, t.
    pub mass_t: f64,
    pub height_m: f64,
    /// 0–6 for 国零–国六.
    pub stage: u8,
    /// What else orders speak of: 渣土车, 危化品车, 新能源, 民生, 绿色通道, 应急, 通行证.
    pub tags: Vec<String>,
}

/// Which trucks an order means: all of the conditions that it states.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// Empty for all.
    pub classes: Vec<Class>,
    pub min_axles: i64,
    pub min_mass_t: f64,
    /// Empty for all.
    pub stages: Vec<u8>,
    /// A truck with one of these tags is not meant.
    pub exemptions: Vec<String>,
}

const STAGES: [&str; 7] = ["国零", "国一", "国二", "国三", "国四", "国五", "国六"];

impl Class {
    pub const ALL: [Self; 4] = [Self::Micro, Self::Light, Self::Medium, Self::Heavy];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Micro => "micro",
            Self::Light => "light",
            Self::Medium => "medium",
            Self::Heavy => "heavy",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.key() == key)
    }

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

impl Truck {
    /// A usual truck of a class. Heavy ones may weigh by their axles what GB 1589-2016 allows.
    pub fn of(class: Class, axles: u8, stage: u8) -> Self {
        let axles = if axles == 0 { if class == Class::Heavy { 4 } else { 2 } } else { axles };
        let (mass_t, height_m) = match class {
            Class::Micro => (1.8, 2.0),
            Class::Light => (4.495, 2.8),
            Class::Medium => (11.995, 3.5),
            Class::Heavy => (
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
        Self { class, axles, mass_t, height_m, stage, tags: Vec::new() }
    }
}

impl Scope {
    pub fn of(order: &Record) -> Self {
        let words = |key: &str| match order.get(key) {
            Some(Value::Words(words)) => words.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        Self {
            classes: words("classes").iter().filter_map(|key| Class::from_key(key)).collect(),
            min_axles: match order.get("min_axles") {
                Some(Value::Integer(axles)) => *axles,
                _ => 0,
            },
            min_mass_t: match order.get("min_mass_t") {
                Some(Value::Real(mass_t)) => *mass_t,
                _ => 0.0,
            },
            stages: words("stages").iter().filter_map(|word| stage(word)).collect(),
            exemptions: words("exemptions"),
        }
    }

    pub fn covers(&self, truck: &Truck) -> bool {
        (self.classes.is_empty() || self.classes.contains(&truck.class))
            && i64::from(truck.axles) >= self.min_axles
            && truck.mass_t >= self.min_mass_t
            && (self.stages.is_empty() || self.stages.contains(&truck.stage))
            && !truck.tags.iter().any(|tag| self.exemptions.contains(tag))
    }
}

/// 0–6 of 国零–国六.
pub fn stage(word: &str) -> Option<u8> {
    STAGES.iter().position(|known| *known == word).and_then(|stage| u8::try_from(stage).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_means_the_trucks_that_meet_all_it_states() {
        let scope = Scope {
            classes: vec![Class::Heavy, Class::Medium],
            min_axles: 3,
            stages: vec![3, 4],
            exemptions: vec!["民生".to_owned()],
            ..Scope::default()
        };
        let old = Truck::of(Class::Heavy, 5, 4);
        assert!(scope.covers(&old));
        assert!(!scope.covers(&Truck { stage: 6, ..old.clone() }));
        assert!(!scope.covers(&Truck { axles: 2, ..old.clone() }));
        assert!(!scope.covers(&Truck { class: Class::Light, ..old.clone() }));
        assert!(!scope.covers(&Truck { tags: vec!["民生".to_owned()], ..old }));
        assert!(Scope::default().covers(&Truck::of(Class::Micro, 0, 6)));
    }
}
