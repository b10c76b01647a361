//! What is to be known of something before anybody goes there.

use jiff::Span;
use jiff::civil::Date;

use crate::domain::{LocalizedText, Record, SiteKind, Value, Verdict};

/// A fume test is to be done again after so many days.
const FUME_TEST_DAYS: i64 = 365;

/// GB 18483-2001 allows 2.0 mg/m³ whatever the size; offices have stricter ones, which stand in the plan.
const FUME_LIMITS_MG: [f64; 3] = [2.0, 2.0, 2.0];
const FUME_STANDARD: &str = "GB 18483-2001";

/// A purifier is cleaned again after so many days where the plan of its checks does not say.
const CLEANED_DAYS: i64 = 30;

/// The limit of a restaurant, mg/m³, with its size and standard. One of which nobody knows the stoves is
/// held to the strictest.
pub fn fume_limit(plan: &Record, shop: &Record) -> (f64, &'static str, String) {
    let limits = match plan.get("fume_limits") {
        Some(Value::Reals(own)) if own.len() == 3 => [own[0], own[1], own[2]],
        Some(Value::Reals(own)) if own.len() == 1 => [own[0]; 3],
        _ => FUME_LIMITS_MG,
    };
    let standard = Some(plan.text("standard")).filter(|text| !text.is_empty());
    let standard = standard.unwrap_or(FUME_STANDARD).to_owned();
    let (limit, size) = match shop.get("stoves") {
        Some(Value::Integer(count)) if *count < 3 => (limits[0], "小型"),
        Some(Value::Integer(count)) if *count < 6 => (limits[1], "中型"),
        Some(Value::Integer(_)) => (limits[2], "大型"),
        _ => (limits.into_iter().fold(f64::INFINITY, f64::min), "规模未填"),
    };
    (limit, size, standard)
}

/// Whether it is visited at all without a complaint, and what fails without a look.
pub fn remarks(plan: &Record, target: &Record, today: Date) -> Vec<LocalizedText> {
    let mut remarks = Vec::new();
    if let Some(until) = target.date("positive_until").filter(|until| *until >= today) {
        remarks.push(LocalizedText::new(
            format!("正面清单（至 {until}）：以非现场检查为主，有投诉方可现场检查"),
            format!("on the positive list until {until}: no routine visit"),
        ));
    }
    if SiteKind::of(target) == Some(SiteKind::Restaurant) {
        of_restaurant(plan, target, today, &mut remarks);
    }
    remarks
}

fn of_restaurant(plan: &Record, shop: &Record, today: Date, remarks: &mut Vec<LocalizedText>) {
    if matches!(shop.text("purifier").trim(), "无" | "没有" | "未安装") {
        remarks.push(LocalizedText::new(
            "无油烟净化器，按超标计",
            "no purifier: it counts as failing",
        ));
    }
    let (limit, size, standard) = fume_limit(plan, shop);
    let measured = shop.get("fume_mg").and_then(Value::as_f64);
    if let Some(mg) = measured.filter(|mg| *mg > limit) {
        remarks.push(LocalizedText::new(
            format!("油烟 {mg} mg/m³，超过 {limit} mg/m³（{size}，{standard}）"),
            format!("fume {mg} mg/m³ above {limit} mg/m³ ({standard})"),
        ));
    } else if Verdict::from_key(shop.text("fume_test_result")) == Some(Verdict::Failed) {
        remarks.push(LocalizedText::new("油烟检测不合格", "its fume test failed"));
    }
    let again = |key: &str, days: i64| {
        let next = shop.date(key)?.checked_add(Span::new().days(days)).ok()?;
        (next < today).then_some(next)
    };
    if let Some(again) = again("fume_test_on", FUME_TEST_DAYS) {
        remarks.push(LocalizedText::new(
            format!("油烟检测应于 {again} 前重做"),
            format!("a fume test was due by {again}"),
        ));
    }
    let every = match plan.get("every_days") {
        Some(Value::Integer(days)) => *days,
        _ => CLEANED_DAYS,
    };
    if let Some(again) = again("purifier_cleaned_on", every) {
        remarks.push(LocalizedText::new(
            format!("净化器应于 {again} 前清洗"),
            format!("its purifier was to be cleaned by {again}"),
        ));
    }
}
