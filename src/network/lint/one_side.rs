//! Whether an order closes one carriageway, leaves the other one open, and does not say so.

use serde_json::Value as Json;

use super::{Case, LintFinding, LintRule};
use crate::domain::{Carriageways, OrderKind, Record};
use crate::network::orders::TrafficOrder;
use crate::network::plan_lifecycle;

/// What a sentence has that says a direction.
const DIRECTION: [&str; 2] = ["方向", "单向"];

/// An open carriageway beside a closed one, where no words say which is meant.
pub(super) fn look(case: &Case<'_>, order: &TrafficOrder, found: &mut Vec<LintFinding>) {
    if !matches!(order.kind, OrderKind::NoEntry | OrderKind::Limited) {
        return;
    }
    let table = case.world.table(crate::domain::Kind::Restriction);
    let Some(record) = table.get(order.id) else { return };
    let network = &case.prepared.network;
    let Some(open) = case.prepared.finder().open_opposite(record, &order.arcs) else { return };
    let is_meant = Carriageways::One.is_of(record);
    if is_meant && says_direction(case, record, &order.plan) {
        return;
    }
    let name = &order.name;
    let (road_zh, road_en) = match network.name_of(open) {
        "" => ("该路", "the road"),
        road => (road, road),
    };
    let (zh, en) = if is_meant {
        (
            format!(
                "{name}：只封一幅，{road_zh}对向仍可通行，而语句没有写明方向，请写明“由×向×方向”"
            ),
            format!(
                "{name} closes one carriageway; {road_en} the other way stays open, and its sentence says no direction"
            ),
        )
    } else {
        (
            format!(
                "{name}：{road_zh}对向车道仍可通行；要双幅都封请沿对向再画一条，只封一幅请在工具里选“只封本幅”，公告随之写明方向"
            ),
            format!(
                "{name}: {road_en} stays open the other way. Draw along it too, or choose “This carriageway only”, so that the notice says the direction"
            ),
        )
    };
    let at = network.middle_of(open);
    found.push(LintFinding::new(LintRule::OneSide, order.id, zh, en).at(at));
}

/// Whether the sentence of an order says a direction: what the notice writes by itself does, unless the
/// line ends where it begins; what somebody wrote by hand may not.
fn says_direction(case: &Case<'_>, order: &Record, plan: &str) -> bool {
    let sentences = plan_lifecycle::record(case.world, plan).map(|it| it.text("sentences"));
    let sentences: Option<Json> = sentences.and_then(|text| serde_json::from_str(text).ok());
    let key = format!("restriction:{}", order.id);
    let by_hand = sentences.as_ref().and_then(|all| all.get(&key)?.get("text")?.as_str());
    match by_hand {
        Some(text) => DIRECTION.iter().any(|word| text.contains(word)),
        None => match &order.geometry {
            Some(geo_types::Geometry::LineString(line)) => line.0.first() != line.0.last(),
            _ => true,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Kind;
    use crate::network::compare::{Planner, prepare};
    use crate::network::evaluate::Assumptions;
    use crate::network::testing::{Town, line, moment};

    /// A divided road, of which the other carriageway has this name.
    fn findings(other: &str, more: &[(&str, &str)], plan: &[(&str, &str)]) -> Vec<String> {
        let mut town = Town::new();
        let one_way = [("oneway", "forward"), ("class", "trunk")];
        town.road("G112", &[(-900.0, 0.0), (900.0, 0.0)], &one_way);
        town.road(other, &[(900.0, 20.0), (-900.0, 20.0)], &one_way);
        town.gate("W", (-900.0, 0.0));
        town.gate("E", (900.0, 0.0));
        town.flow("W", "E", "100", &[]);
        let order = [&[("plan", "甲")], more].concat();
        let id = town.order("no_entry", line(&[(-900.0, 0.0), (900.0, 0.0)]), &order);
        let plan: Vec<(&str, String)> =
            plan.iter().map(|(key, text)| (*key, text.replace("ORDER", &id.to_string()))).collect();
        let plan: Vec<(&str, &str)> =
            plan.iter().map(|(key, text)| (*key, text.as_str())).collect();
        town.add(Kind::Plan, None, &[&[("name", "甲")], plan.as_slice()].concat());
        let world = town.world();
        let prepared = prepare(&world, &|_, _| true).unwrap();
        let at = moment("2026-11-23T10:00");
        let compared =
            Planner::default().compare(&prepared, &world, "甲", at, Assumptions::default());
        let own = compared.findings.iter().filter(|found| found.rule == LintRule::OneSide);
        own.map(|found| found.words.zh.clone()).collect()
    }

    #[test]
    fn an_open_opposite_carriageway_is_told_unless_the_words_say_the_direction() {
        let one = [("carriageways", "one")];
        assert_eq!(findings("G112", &[], &[]), [""; 0], "both are closed");
        assert_eq!(findings("G112", &one, &[]), [""; 0], "the notice says the direction");
        assert_eq!(findings("另名", &[], &[]).len(), 1, "of the same class, under another name");
        let by_hand = |text: &str| {
            format!(r#"{{"restriction:ORDER":{{"text":"{text}","fingerprint":"0"}}}}"#)
        };
        let silent = by_hand("G112禁止货车通行。");
        assert_eq!(findings("G112", &one, &[("sentences", &silent)]).len(), 1);
        let said = by_hand("G112由西向东方向禁止货车通行。");
        assert_eq!(findings("G112", &one, &[("sentences", &said)]), [""; 0]);
    }
}
