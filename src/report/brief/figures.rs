//! Figures that a template may name within a sentence.

use super::{Asked, Figures};
use crate::analysis::decisions::{Standing, decisions};
use crate::analysis::standards::{Rate, rate};
use crate::domain::{Kind, Value};

pub(super) fn of(asked: &Asked<'_>) -> Figures {
    let Asked { now, then, meeting, from, until } = *asked;
    let sites = rate(now, "construction");
    let restaurants = rate(now, "restaurant");
    let before = then.map(|then| rate(then, "construction"));
    let standing = decisions(now, meeting, until);
    let count = |wanted: Standing| standing.iter().filter(|(known, _)| *known == wanted).count();
    let overdue = count(Standing::Overdue);
    let district = now.table(Kind::Area).iter().find(|area| area.text("role") == "district");
    let of_meeting = |key: &str| {
        let said = meeting.and_then(|meeting| meeting.get(key)).map(Value::to_cell);
        said.filter(|said| !said.is_empty()).unwrap_or_else(|| "—".to_owned())
    };
    let in_force =
        now.table(Kind::Restriction).iter().filter(|order| order.text("state") == "生效").count();
    vec![
        ("district", district.map_or_else(|| "本区".to_owned(), |area| area.name().to_owned())),
        ("from", day(from)),
        ("until", day(until)),
        ("week", until.iso_week_date().week().to_string()),
        ("meeting", of_meeting("name")),
        ("chair", of_meeting("chair")),
        ("venue", of_meeting("venue")),
        ("attendees", of_meeting("attendees").replace(';', "、")),
        ("open", (overdue + count(Standing::Open)).to_string()),
        ("overdue", overdue.to_string()),
        ("sites", sites.count.to_string()),
        ("inspected", sites.inspected.to_string()),
        ("up_to_standard", sites.up_to_standard.to_string()),
        ("rate", share(&sites)),
        ("rate_before", before.as_ref().map_or_else(|| "无数据".to_owned(), share)),
        ("restaurants", restaurants.count.to_string()),
        ("restaurants_rate", share(&restaurants)),
        ("in_force", in_force.to_string()),
    ]
}

pub(super) fn day(date: jiff::civil::Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

pub(super) fn share(rate: &Rate) -> String {
    rate.share().map_or_else(|| "无数据".to_owned(), |share| format!("{:.1}%", share * 100.0))
}
