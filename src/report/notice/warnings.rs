//! What has to be looked at before a notice is signed.

use super::draft::NoticeDraft;
use super::{RecordedOrder, lines};
use crate::domain::{LocalizedText, OrderState};
use crate::network::orders::TrafficOrder;

/// A line that ends so far from the junction that is named is worth a warning.
const BEYOND_M: f64 = 50.0;

impl NoticeDraft<'_> {
    /// What to look at before the notice is signed; `others` are the orders of other plans that are not revoked.
    #[expect(clippy::too_many_lines, reason = "a list of what may be wrong")]
    pub fn warnings(&self, others: &[RecordedOrder<'_>]) -> Vec<LocalizedText> {
        let mut found = Vec::new();
        for order in self.orders() {
            let name = &order.name;
            if order.is_nowhere() {
                let zh = format!("{name}：不在任何道路上，请沿道路重画");
                found.push(LocalizedText::new(
                    zh,
                    format!("{name} lies on no road: draw it along one"),
                ));
            }
            if let Some((edge, away_m)) = order.beside.first() {
                let road = self.places.label(*edge);
                found.push(LocalizedText::new(
                    format!(
                        "{name}：边界与{road}并行但不在路上（相距约{away_m:.0}米），请让边界沿路"
                    ),
                    format!("the outline of {name} runs beside {road}, {away_m:.0} m off it"),
                ));
            }
            if let Some(bad) = &order.bad_hours {
                let zh = format!("{name}：时段无法识别（{}）", bad.text);
                found.push(LocalizedText::new(zh, format!("{name}: {bad}")));
            }
            if order.days.from.is_some_and(|from| from < self.date) {
                let zh = format!("{name}：起始日期早于成文日期");
                found.push(LocalizedText::new(
                    zh,
                    format!("{name} begins before the date of the notice"),
                ));
            }
        }
        let along = self.closing.iter().filter(|closing| closing.order.turns.is_empty());
        for RecordedOrder { record, order } in along {
            let beyond = lines(record).iter().map(|line| self.places.beyond_m(record, line));
            let metres = beyond.fold(0.0, f64::max);
            if metres > BEYOND_M {
                let name = &order.name;
                found.push(LocalizedText::new(
                    format!("{name}：画线止于路口之间，句中按整段计（相差约{metres:.0}米）"),
                    format!("{name} ends between junctions: named whole, {metres:.0} m apart"),
                ));
            }
        }
        let in_force = others
            .iter()
            .map(|other| &other.order)
            .filter(|o| o.state == Some(OrderState::InForce));
        for other in in_force {
            let shares = |order: &TrafficOrder| {
                order.arcs.iter().any(|arc| other.arcs.binary_search(arc).is_ok())
                    || order.turns.iter().any(|turn| other.turns.contains(turn))
            };
            if self.orders().any(shares) {
                let name = &other.name;
                found.push(LocalizedText::new(
                    format!("“{name}”仍在生效且路段重叠，请核对是否在本文中废止"),
                    format!("{name} is in force on the same roads: repeal it here?"),
                ));
            }
        }
        found
    }
}
