//! Who answers for a problem at a place: the narrowest duty that is in force wins, field by field, and
//! says why.

use geo_types::{Coord, Geometry};
use jiff::civil::Date;

use crate::analysis::RingOptions;
use crate::analysis::rings::control_points;
use crate::domain::item::types;
use crate::domain::{AreaRole, DutyScope, Kind, LocalizedText, Record, RecordId, Value, World};
use crate::geodesy::local::LocalFrame;

/// Who answers for an item. What nobody is named for is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owning {
    pub township: String,
    pub unit: String,
    pub person: String,
    pub phone: String,
    pub leader: String,
    pub department: String,
    /// By which duties, the narrowest first.
    pub duties: Vec<RecordId>,
    /// Why, in words.
    pub why: Vec<LocalizedText>,
}

/// The duties and townships of a district on a day, ready to be asked for many items.
pub struct Owners<'w> {
    /// The narrowest first, of equals the one that began last.
    duties: Vec<&'w Record>,
    townships: Vec<(&'w str, &'w Geometry<f64>)>,
    rings: Vec<(&'w Record, Coord<f64>)>,
}

/// Fields of a duty and of an item.
const FIELDS: [(&str, &str); 5] = [
    ("unit", "units"),
    ("person", "person"),
    ("phone", "phone"),
    ("leader", "leader"),
    ("department", "department"),
];

impl<'w> Owners<'w> {
    /// Of the duties that are in force on a day.
    pub fn of(world: &'w World, today: Date) -> Self {
        let all = world.table(Kind::Duty).iter().map(|duty| &**duty);
        let mut duties: Vec<&Record> = all.filter(|duty| duty.validity().includes(today)).collect();
        duties.sort_by_key(|duty| {
            let scope = DutyScope::of(duty).unwrap_or(DutyScope::District);
            let begins = duty.date("valid_from").unwrap_or(Date::MIN);
            (scope, duty.get("types").is_none(), std::cmp::Reverse(begins), duty.id)
        });
        let areas = world.table(Kind::Area).iter();
        let townships = areas.filter(|area| AreaRole::Township.is_of(area));
        let townships =
            townships.filter_map(|area| Some((area.name(), area.geometry.as_ref()?))).collect();
        let rings = control_points(world, &RingOptions::default());
        let rings = rings.into_iter().map(|(point, at)| (&**point, at)).collect();
        Self { duties, townships, rings }
    }

    /// The township in whose outline a place lies.
    pub fn township_at(&self, at: Coord<f64>) -> Option<&'w str> {
        let frame = LocalFrame::at(at);
        let is_inside =
            |geometry: &Geometry<f64>| frame.nearest_m(geometry).is_some_and(|m| m <= 0.0);
        self.townships.iter().find(|(_, outline)| is_inside(outline)).map(|(name, _)| *name)
    }

    /// Who answers for an item; what it says itself of its township goes before the map.
    pub fn owning(&self, item: &Record) -> Owning {
        let at = match &item.geometry {
            Some(Geometry::Point(point)) => Some(point.0),
            _ => None,
        };
        let stated = item.text("township");
        let by_map = || at.and_then(|at| self.township_at(at)).unwrap_or_default();
        let township = if stated.is_empty() { by_map() } else { stated };
        let mut owning = Owning { township: township.to_owned(), ..Owning::default() };
        for duty in &self.duties {
            let Some(why) = self.reason(duty, item, township, at) else { continue };
            let mut is_used = false;
            for (key, _) in FIELDS {
                let slot = owning.slot(key);
                let value = duty.text(key);
                if slot.is_empty() && !value.is_empty() {
                    value.clone_into(slot);
                    is_used = true;
                }
            }
            if is_used {
                owning.duties.push(duty.id);
                owning.why.push(why);
            }
        }
        owning
    }

    /// Why a duty is about an item; `None` where it is not.
    fn reason(
        &self,
        duty: &Record,
        item: &Record,
        township: &str,
        at: Option<Coord<f64>>,
    ) -> Option<LocalizedText> {
        let wanted = types(duty);
        let own = types(item);
        if !wanted.is_empty() && !wanted.iter().any(|of| own.contains(of)) {
            return None;
        }
        let subject = duty.text("subject");
        let named = duty.name();
        let of = |zh: String, en: String| Some(LocalizedText::new(zh, en));
        match DutyScope::of(duty).unwrap_or(DutyScope::District) {
            DutyScope::Place => {
                let says = |key: &str| item.text(key).contains(subject);
                let is_meant = !subject.is_empty() && (says("address") || says("name"));
                if is_meant {
                    of(format!("点位“{subject}”：{named}"), format!("place {subject}: {named}"))
                } else {
                    None
                }
            }
            DutyScope::Ring => {
                let (point, center) = self
                    .rings
                    .iter()
                    .find(|(point, _)| point.name() == subject || point.code() == Some(subject))?;
                let distance_m = LocalFrame::at(*center).distance_m(at?);
                let radius_m = point.radii_m().last().copied().unwrap_or(0.0);
                let name = point.name();
                let words = || {
                    of(
                        format!("{name} {radius_m:.0} m 圈内（{distance_m:.0} m）：{named}"),
                        format!("within {radius_m:.0} m of {name} ({distance_m:.0} m): {named}"),
                    )
                };
                if distance_m <= radius_m { words() } else { None }
            }
            DutyScope::Township => {
                let areas = [subject, duty.text("township")];
                let is_meant = !township.is_empty() && areas.contains(&township);
                if is_meant {
                    of(format!("{township}：{named}"), format!("{township}: {named}"))
                } else {
                    None
                }
            }
            DutyScope::Type => {
                let labels: Vec<&str> = wanted.iter().map(|of| of.label().zh).collect();
                if wanted.is_empty() {
                    return None;
                }
                let labels = labels.join("、");
                of(format!("类别 {labels}：{named}"), format!("type {labels}: {named}"))
            }
            DutyScope::District => of(format!("全区：{named}"), format!("district: {named}")),
        }
    }
}

impl Owning {
    fn slot(&mut self, key: &str) -> &mut String {
        match key {
            "unit" => &mut self.unit,
            "person" => &mut self.person,
            "phone" => &mut self.phone,
            "leader" => &mut self.leader,
            _ => &mut self.department,
        }
    }

    /// Into the fields of an item that say nothing yet; what a person wrote stays.
    pub fn fill(&self, item: &mut Record) {
        let put = |item: &mut Record, key: &str, text: &str| {
            if item.get(key).is_none() && !text.is_empty() {
                item.set(key, Some(Value::text(text)));
            }
        };
        put(item, "township", &self.township);
        put(item, "person", &self.person);
        put(item, "phone", &self.phone);
        put(item, "leader", &self.leader);
        put(item, "department", &self.department);
        if item.get("units").is_none() && !self.unit.is_empty() {
            item.set("units", Some(Value::Words([self.unit.as_str().into()].into())));
        }
    }
}
