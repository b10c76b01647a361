//! The way of an item, walked at random and by hand.

use std::sync::Arc;

use jiff::civil::{DateTime, date};
use jiff::{Timestamp, ToSpan as _};
use proptest::prelude::*;

use super::guard::{Unlawful, adopted, settled, unlawful};
use super::path::usual_next;
use super::*;
use crate::domain::{Change, Edit, Ids, Localized as _, Stamp, World};

fn stamp() -> Stamp {
    Stamp { actor: "台账员".into(), at: Timestamp::UNIX_EPOCH }
}

fn bare() -> Record {
    let mut item = Record::new(Ids::new(stamp().at, 1).next(), Kind::Item, &stamp());
    item.set("code", Some(Value::text("FR-20261129-001")));
    item.set("name", Some(Value::text("裸土未苫盖")));
    item
}

/// With place, type and photo.
fn found() -> Record {
    let mut item = bare();
    item.set("address", Some(Value::text("大庆道西段")));
    item.set("types", words(["裸土"]));
    item
}

fn at(hours: i64) -> DateTime {
    date(2026, 11, 29).at(8, 0, 0, 0) + hours.hours()
}

fn deed(step: StepKind, hours: i64) -> Deed {
    let mut deed = Deed::new(step, "王工", at(hours));
    match step {
        StepKind::Register => deed.files = vec!["前.jpg".to_owned()],
        StepKind::HandOver => {
            deed.units = vec!["住建局".to_owned()];
            deed.person = "李四".to_owned();
            deed.number = "丰大气交〔2026〕12号".to_owned();
            deed.text = "全部苫盖".to_owned();
            deed.due = Some(at(72));
        }
        StepKind::Mend => {
            deed.by = "李四".to_owned();
            deed.text = "已苫盖".to_owned();
            deed.files = vec!["后.jpg".to_owned()];
        }
        StepKind::Check => deed.text = "通过".to_owned(),
        StepKind::Review => deed.files = vec!["复核.jpg".to_owned()],
        StepKind::Close => deed.text = "达到销号标准".to_owned(),
        StepKind::Postpone => {
            deed.due = Some(at(240));
            deed.reason = "天冷不能施工".to_owned();
        }
        StepKind::Merge | StepKind::Relapse => {
            deed.number = "FR-20261129-002".to_owned();
            deed.reason = "同一处".to_owned();
        }
        _ if step.always_needs_reason() => deed.reason = "复查不合格".to_owned(),
        _ => {}
    }
    deed
}

fn walk(item: Record, kinds: &[StepKind]) -> Record {
    kinds
        .iter()
        .zip(0..)
        .fold(item, |item, (kind, hours)| taken(&item, &deed(*kind, hours), &stamp()).unwrap())
}

#[test]
fn the_whole_way_leaves_who_when_and_what_in_the_record_and_nothing_lacks() {
    let item = walk(found(), &MAIN);
    assert_eq!(ItemState::of(&item), Some(ItemState::Closed));
    assert!(lacking(&item).is_empty(), "{:?}", lacking(&item));
    assert_eq!((item.text("mended_by"), item.text("checked_by")), ("李四", "王工"));
    assert_eq!(item.text("closing_basis"), "达到销号标准");
    assert_eq!(item.text("closed_at"), "2026-11-29T15:00");
    assert_eq!(item.attachments().collect::<Vec<_>>(), ["前.jpg", "后.jpg", "复核.jpg"]);
    assert_eq!(steps(&item).unwrap().len(), 8);
}

#[test]
fn evidence_that_is_missing_needs_a_reason_and_stays_marked_until_it_comes() {
    let item = walk(found(), &MAIN[..3]);
    let mut mend = deed(StepKind::Mend, 4);
    mend.files.clear();
    let refused = taken(&item, &mend, &stamp()).unwrap_err();
    assert_eq!(refused, Refusal::NeedsReason { lacks: vec![Lack::PhotoAfter], skips: vec![] });
    mend.reason = "手机没电".to_owned();
    let item = taken(&item, &mend, &stamp()).unwrap();
    assert_eq!(lacking(&item), [Lack::PhotoAfter]);
    let mut late = Deed::new(StepKind::Supply, "李四", at(5));
    late.files = vec!["后.jpg".to_owned()];
    let item = taken(&item, &late, &stamp()).unwrap();
    assert!(lacking(&item).is_empty());
    assert_eq!(item.words("photos_after").len(), 1);
    assert_eq!(steps(&item).unwrap()[3].lacks, ["缺整改后照片"], "what was so stays written");
}

#[test]
fn who_mended_it_does_not_check_it_and_no_step_is_before_the_last() {
    let item = walk(found(), &MAIN[..5]);
    let mut check = deed(StepKind::Check, 6);
    check.by = " 李四 ".to_owned();
    check.reason = "只有他在".to_owned();
    assert!(
        matches!(taken(&item, &check, &stamp()), Err(Refusal::SameHands(_))),
        "no reason helps"
    );
    assert!(matches!(
        taken(&item, &deed(StepKind::Check, 1), &stamp()),
        Err(Refusal::BeforeLast(_))
    ));
}

#[test]
fn steps_that_are_passed_over_need_a_reason_and_a_return_goes_back_to_the_unit() {
    let item = walk(found(), &MAIN[..2]);
    let mut close = deed(StepKind::Close, 9);
    let refused = taken(&item, &close, &stamp()).unwrap_err();
    let Refusal::NeedsReason { skips, .. } = &refused else { unreachable!("{refused}") };
    assert_eq!(skips, &MAIN[2..7]);
    close.reason = "中央督察组现场销号".to_owned();
    let closed = taken(&item, &close, &stamp()).unwrap();
    assert!(lacking(&closed).contains(&Lack::Skipped));

    let returned = walk(
        found(),
        &[&MAIN[..6], &[StepKind::Return, StepKind::Mend, StepKind::AskCheck]].concat(),
    );
    assert_eq!(ItemState::of(&returned), Some(ItemState::CheckAsked));
    assert_eq!(returned.get("returns"), Some(&Value::Integer(1)));
    let mut bare_return = deed(StepKind::Return, 20);
    bare_return.reason.clear();
    assert!(matches!(taken(&returned, &bare_return, &stamp()), Err(Refusal::NeedsReason { .. })));
}

#[test]
fn what_is_held_goes_on_from_where_it_was_and_what_is_closed_only_relapses() {
    let held = walk(found(), &[&MAIN[..3], &[StepKind::Hold, StepKind::Resume]].concat());
    assert_eq!(ItemState::of(&held), Some(ItemState::Accepted));
    let closed = walk(found(), &MAIN);
    for kind in StepKind::ALL {
        let may = matches!(kind, StepKind::Relapse | StepKind::Supply);
        assert_eq!(taken(&closed, &deed(kind, 30), &stamp()).is_ok(), may, "{kind:?}");
    }
}

#[test]
fn the_state_is_not_changed_by_hand_and_what_went_out_is_not_deleted() {
    let item = walk(found(), &MAIN[..2]);
    let mut by_hand = item.clone();
    ItemState::Closed.put(&mut by_hand);
    let edit = |after: Record| Edit::of(vec![Change::update(Arc::new(item.clone()), after)]);
    assert!(matches!(unlawful(&edit(by_hand)), Some(Unlawful::StateByHand(_))));
    let mut cut = item.clone();
    cut.set("steps", None);
    assert!(matches!(unlawful(&edit(cut)), Some(Unlawful::StepsChanged(_))));
    let mut noted = item.clone();
    noted.set("note", Some(Value::text("催过")));
    assert_eq!(unlawful(&edit(noted)), None);
    assert_eq!(unlawful(&edit(walk_on(&item))), None);
    let gone = Edit::of(vec![Change::delete(Arc::new(item.clone()))]);
    assert!(matches!(unlawful(&gone), Some(Unlawful::Deleted(_))));
    let fresh = Edit::of(vec![Change::delete(Arc::new(bare()))]);
    assert_eq!(unlawful(&fresh), None);
}

fn walk_on(item: &Record) -> Record {
    taken(item, &deed(StepKind::Accept, 10), &stamp()).unwrap()
}

#[test]
fn an_outside_list_is_believed_and_what_it_does_not_prove_is_lacking() {
    let mut item = found();
    ItemState::Closed.put(&mut item);
    item.set("measure", Some(Value::text("已苫盖")));
    adopted(None, &mut item, "台账.xlsx", at(0), "外部台账原状态");
    let path = Path::of(&steps(&item).unwrap()).unwrap();
    assert_eq!(path.state, Some(ItemState::Closed));
    assert!(lacking(&item).contains(&Lack::PhotoAfter));
    assert!(!lacking(&item).contains(&Lack::Measure));
    let again = item.clone();
    adopted(Some(&again), &mut item, "台账.xlsx", at(9), "外部台账原状态");
    assert_eq!(item, again, "the same list says nothing new");
}

#[test]
fn a_new_item_without_steps_is_registered_and_a_photo_that_comes_is_lacking_no_more() {
    let edit = settled(Edit::of(vec![Change::create(found())]), "甲", at(0));
    let item = edit.changes[0].after.clone().unwrap();
    assert_eq!(ItemState::of(&item), Some(ItemState::Registered));
    assert_eq!(lacking(&item), [Lack::PhotoBefore]);
    let mut newer = Record::clone(&item);
    newer.set("photos_before", words(["前.jpg"]));
    let edit = settled(Edit::of(vec![Change::update(item, newer)]), "甲", at(1));
    assert!(lacking(edit.changes[0].after.as_ref().unwrap()).is_empty());
    assert_eq!(unlawful(&edit), None);
}

#[test]
fn midnight_is_the_end_of_the_day_before() {
    assert_eq!(moment_words(date(2026, 12, 1).at(0, 0, 0, 0)), "2026-11-30 24:00");
    assert_eq!(moment_words(at(1)), "2026-11-29 09:00");
    assert_eq!(day_of_due(date(2026, 12, 1).at(0, 0, 0, 0)), date(2026, 11, 30));
    assert_eq!(read_moment("2026年11月3日"), Some(date(2026, 11, 3).at(0, 0, 0, 0)));
    assert_eq!(read_moment(&moment_text(at(3))), Some(at(3)));
}

/// A step at random: with or without evidence, with or without a reason, by one of three.
fn any_deed() -> impl Strategy<Value = (usize, bool, bool, usize, i64)> {
    (0..StepKind::ALL.len(), any::<bool>(), any::<bool>(), 0..3_usize, 0..5_i64)
}

proptest! {
    #[test]
    fn no_way_ends_without_its_steps_or_a_reason(way in proptest::collection::vec(any_deed(), 1..40)) {
        let mut world = World::default();
        let first = Change::create(bare());
        world.apply(&Edit::of(vec![first.clone()])).unwrap();
        let mut worlds = vec![(Edit::of(vec![first]), World::default())];
        let id = bare().id;
        let mut hours = 0;
        for (kind, has_evidence, has_reason, by, later) in way {
            hours += later;
            let mut wish = deed(StepKind::ALL[kind], hours);
            if !has_evidence {
                wish = Deed::new(wish.step, &wish.by, wish.at);
            }
            wish.by = ["王工", "李四", "赵六"][by].to_owned();
            wish.reason = if has_reason { "有原因".to_owned() } else { String::new() };
            let item = Arc::clone(world.table(Kind::Item).get(id).unwrap());
            let Ok(newer) = taken(&item, &wish, &stamp()) else { continue };
            let edit = Edit::of(vec![Change::update(item, newer)]);
            prop_assert_eq!(unlawful(&edit), None);
            let before = world.clone();
            world.apply(&edit).unwrap();
            worlds.push((edit, before));
        }
        let item = world.table(Kind::Item).get(id).unwrap();
        let all = steps(item).unwrap();
        // Replayed from the text of the record it is the same.
        let path = Path::of(&all).unwrap();
        prop_assert_eq!(path.state, ItemState::of(item));
        let mut mended_by = None;
        for step in &all {
            let is_bare = step.lacks.is_empty() && step.skips.is_empty() || step.step == StepKind::Supply;
            prop_assert!(is_bare || !step.reason.is_empty(), "{:?}", step);
            if step.step == StepKind::Mend {
                mended_by = Some(step.by.clone());
            }
            let checks = matches!(step.step, StepKind::Check | StepKind::Review);
            prop_assert!(!checks || mended_by.as_deref() != Some(step.by.as_str()));
        }
        if path.state == Some(ItemState::Closed) {
            for main in MAIN {
                let is_there = all.iter().any(|step| step.step == main);
                let is_passed = all.iter().any(|step| step.skips.contains(&main) && !step.reason.is_empty());
                prop_assert!(is_there || is_passed, "{:?} of {:?}", main, all);
            }
        }
        // Every way is taken back step by step.
        for (edit, before) in worlds.into_iter().rev() {
            world.apply(&edit.inverse()).unwrap();
            let now: Vec<_> = world.all().cloned().collect();
            let then: Vec<_> = before.all().cloned().collect();
            prop_assert_eq!(now, then);
        }
    }
}

#[test]
fn a_step_that_cannot_be_taken_says_which_one_comes_next() {
    let refused = |state, step| Refusal::NotFrom { state, step };
    let state = Some(ItemState::HandedOver);
    assert_eq!(refused(state, StepKind::Return).zh(), "“交办”状态下不能“退回”；下一步是“签收”");
    let held = refused(Some(ItemState::OnHold), StepKind::Check);
    assert!(held.zh().ends_with("；下一步是“恢复”"), "{}", held.zh());
    let closed = refused(Some(ItemState::Closed), StepKind::Return);
    assert_eq!(closed.zh(), "“销号”状态下不能“退回”", "nothing comes after the last");
    assert_eq!(usual_next(None), Some(StepKind::Register));
    assert_eq!(usual_next(Some(ItemState::Returned)), Some(StepKind::Mend));
}

#[test]
fn a_case_is_struck_off_with_all_three_verdicts_or_with_a_reason_that_stands_red() {
    let mut item = found();
    item.set("is_case", Some(Value::Boolean(true)));
    let mut item = walk(item, &MAIN[..7]);
    assert!(lacking(&item).is_empty(), "nothing lacks before it is struck off");
    let close = deed(StepKind::Close, 9);
    for key in ["case_firm", "case_department"] {
        item.set(key, Some(Value::text("无责")));
        let lacks = vec![Lack::CaseVerdicts];
        let refusal = Refusal::NeedsReason { lacks, skips: Vec::new() };
        assert_eq!(taken(&item, &close, &stamp()), Err(refusal), "{key} is not enough");
    }
    let reason = Deed { reason: "属地责任另案处理".to_owned(), ..close.clone() };
    let closed = taken(&item, &reason, &stamp()).unwrap();
    assert_eq!(lacking(&closed), [Lack::CaseVerdicts], "the reason does not make it whole");

    let mut said = closed;
    said.set("case_township", Some(Value::text("约谈镇长")));
    let edit = settled(Edit::of(vec![Change::create(said)]), "台账员", at(10));
    let said = edit.changes[0].after.clone().unwrap();
    assert!(lacking(&said).is_empty(), "the verdict that came later is no longer lacking");

    item.set("case_township", Some(Value::text("无责")));
    let closed = taken(&item, &close, &stamp()).unwrap();
    assert_eq!((ItemState::of(&closed), lacking(&closed).len()), (Some(ItemState::Closed), 0));
    let mut plain = item;
    for key in ["is_case", "case_firm", "case_department", "case_township"] {
        plain.set(key, None);
    }
    assert!(taken(&plain, &close, &stamp()).is_ok(), "what is no case needs no verdicts");
}

#[test]
fn a_moment_is_typed_as_it_is_shown_and_a_due_day_lasts_to_its_end() {
    fn due(typed: &str) -> Option<String> {
        typed_moment("due", typed)
    }
    assert_eq!(due("2026-11-16 24:00").as_deref(), Some("2026-11-17T00:00"));
    assert_eq!(due("2026-11-17T09:30").as_deref(), Some("2026-11-17T09:30"));
    assert_eq!(due("2026年11月17日 9:30").as_deref(), Some("2026-11-17T09:30"));
    assert_eq!(due("2026-11-16").as_deref(), Some("2026-11-17T00:00"));
    assert_eq!(typed_moment("found_at", "2026-11-16"), None, "a day stays a day");
    assert_eq!(due("月底前"), None);
    for at in ["2026-11-17T00:00", "2026-11-17T09:30"] {
        let shown = moment_words(read_moment(at).unwrap());
        assert_eq!(due(&shown).as_deref(), Some(at), "what is shown says the same");
    }
}
