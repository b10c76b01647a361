//! Edits, undo and redo on the store: one edit, one revision, one step, and nothing lost.

use std::sync::Arc;

use proptest::prelude::*;
use shapan::domain::{Change, Edit, Ids, Kind, Record, Value, World};
use shapan::store::{AsOf, Cause, DistrictReader, Error, Size, Store};

use crate::support::{folder, ids, record, stamp, stamp_at};

fn facts(world: &World) -> Vec<Record> {
    let mut all: Vec<Record> = world.all().map(|record| Record::clone(record)).collect();
    all.sort_by_key(|record| record.id);
    all
}

fn site(ids: &mut Ids, code: &str) -> Record {
    record(ids, Kind::Site, code, "一号工地", Some((118.15, 39.83)))
}

#[test]
fn an_edit_is_on_disk_with_its_author_and_is_taken_back_after_a_restart() {
    let folder = folder();
    let path = folder.path().join("a.gpkg");
    let mut ids = ids();
    let edit = Edit::of(vec![Change::create(site(&mut ids, "S1"))]);
    let first = Store::create(&path).unwrap().apply(&edit, &stamp("张三")).unwrap();
    assert_eq!(first, Some(1));

    let mut store = Store::open(&path).unwrap();
    let world = store.load().unwrap();
    assert_eq!(world.table(Kind::Site).by_code("S1").unwrap().name(), "一号工地");
    let step = store.undo(&stamp("李四")).unwrap().unwrap();
    assert_eq!((step.revision, step.entry.revision), (2, 1));
    assert!(store.load().unwrap().is_empty());

    let mut store = Store::open(&path).unwrap();
    assert!(store.undo(&stamp("李四")).unwrap().is_none());
    store.redo(&stamp("李四")).unwrap().unwrap();
    assert_eq!(facts(&store.load().unwrap()), facts(&world));
    let causes: Vec<Cause> = store.history().unwrap().iter().map(|entry| entry.cause).collect();
    assert_eq!(causes, [Cause::Do, Cause::Undo, Cause::Redo]);
}

#[test]
fn an_edit_made_from_old_data_is_refused_whole_and_names_who_was_faster() {
    let folder = folder();
    let path = folder.path().join("a.gpkg");
    let mut ids = ids();
    let mut store = Store::create(&path).unwrap();
    let old = site(&mut ids, "S1");
    store.apply(&Edit::of(vec![Change::create(old.clone())]), &stamp("张三")).unwrap();
    let mut mine = old.clone();
    mine.set("phone", Some(Value::text("1")));
    mine.meta.changed_by = "张三".into();
    let old = Arc::new(old);
    store.apply(&Edit::of(vec![Change::update(old.clone(), mine)]), &stamp("张三")).unwrap();

    let mut theirs = Record::clone(&old);
    theirs.set("phone", Some(Value::text("2")));
    let stale = Edit::of(vec![Change::create(site(&mut ids, "S2")), Change::update(old, theirs)]);
    let refused = store.apply(&stale, &stamp("李四")).unwrap_err();
    assert!(refused.to_string().contains("一号工地") && refused.to_string().contains("张三"));
    assert!(store.load().unwrap().table(Kind::Site).by_code("S2").is_none());
    assert_eq!(store.revision().unwrap(), 2);
}

#[test]
fn a_code_belongs_to_one_record() {
    let folder = folder();
    let mut ids = ids();
    let mut store = Store::create(&folder.path().join("a.gpkg")).unwrap();
    store.apply(&Edit::of(vec![Change::create(site(&mut ids, "S1"))]), &stamp("张三")).unwrap();
    let again = Edit::of(vec![Change::create(site(&mut ids, "S1"))]);
    assert!(matches!(store.apply(&again, &stamp("李四")), Err(Error::CodeTaken { .. })));
}

#[test]
fn an_import_that_is_not_committed_leaves_nothing() {
    let folder = folder();
    let path = folder.path().join("a.gpkg");
    let mut ids = ids();
    let mut store = Store::create(&path).unwrap();
    let mut session = store.session(&stamp("张三"), Size::Many).unwrap();
    for number in 0..500 {
        session.write(&Change::create(site(&mut ids, &format!("S{number}")))).unwrap();
    }
    drop(session);
    assert!(store.load().unwrap().is_empty());
    assert_eq!(DistrictReader::open(&path).unwrap().check().unwrap(), []);
}

#[test]
fn in_an_import_the_same_code_is_the_same_record() {
    let folder = folder();
    let path = folder.path().join("a.gpkg");
    let mut ids = ids();
    let mut store = Store::create(&path).unwrap();
    let mut session = store.session(&stamp("张三"), Size::Many).unwrap();
    let first = site(&mut ids, "S1");
    let mut second = site(&mut ids, "S1");
    second.set("phone", Some(Value::text("0315")));
    for record in [first.clone(), second, site(&mut ids, "S2")] {
        session.write(&Change::create(record)).unwrap();
    }
    session.commit(shapan::domain::EditKind::Import, None).unwrap();
    let world = store.load().unwrap();
    let kept = world.table(Kind::Site).by_code("S1").unwrap();
    assert_eq!((kept.id, kept.text("phone")), (first.id, "0315"));
    assert_eq!(world.len(), 2);
    assert_eq!(DistrictReader::open(&path).unwrap().check().unwrap(), []);
}

/// Thousands of rows at once, then a few, then all taken back: the R-tree stays in step.
#[test]
fn a_large_import_is_one_step_and_its_spatial_index_is_sound() {
    let folder = folder();
    let path = folder.path().join("a.gpkg");
    let mut ids = ids();
    let mut store = Store::create(&path).unwrap();
    for round in 0..2 {
        let mut session = store.session(&stamp("张三"), Size::Many).unwrap();
        for number in 0..3_000 {
            let (x, y) = (118.0 + f64::from(number % 70) / 100.0, 39.5 + f64::from(number) / 9e3);
            let code = format!("{round}-{number}");
            session
                .write(&Change::create(record(&mut ids, Kind::Site, &code, "点", Some((x, y)))))
                .unwrap();
        }
        session.commit(shapan::domain::EditKind::Import, None).unwrap();
    }
    assert_eq!(DistrictReader::open(&path).unwrap().check().unwrap(), []);
    store.undo(&stamp("张三")).unwrap().unwrap();
    assert_eq!(store.load().unwrap().len(), 3_000);
    store.undo(&stamp("张三")).unwrap().unwrap();
    assert!(store.load().unwrap().is_empty());
    store.redo(&stamp("张三")).unwrap().unwrap();
    assert_eq!(store.load().unwrap().len(), 3_000);
    assert_eq!(DistrictReader::open(&path).unwrap().check().unwrap(), []);
}

/// What a person may do next, by numbers that are taken modulo what there is.
#[derive(Clone, Debug)]
enum Act {
    Create(u8),
    Rename(usize, u8),
    Move(usize, f64),
    Delete(usize),
    Undo,
    Redo,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        any::<u8>().prop_map(Act::Create),
        (any::<usize>(), any::<u8>()).prop_map(|(which, name)| Act::Rename(which, name)),
        (any::<usize>(), 117.8..118.3).prop_map(|(which, lon)| Act::Move(which, lon)),
        any::<usize>().prop_map(Act::Delete),
        Just(Act::Undo),
        Just(Act::Redo),
    ]
}

fn edit_of(act: &Act, world: &World, ids: &mut Ids) -> Option<Edit> {
    let pick = |which: usize| {
        let all: Vec<_> = world.all().cloned().collect();
        all.get(which.checked_rem(all.len())?).cloned()
    };
    let change = match act {
        Act::Create(number) => {
            let mut new = site(ids, "");
            new.set("code", None);
            new.set("name", Some(Value::text(&format!("点{number}"))));
            Change::create(new)
        }
        Act::Rename(which, number) => {
            let before = pick(*which)?;
            let mut after = Record::clone(&before);
            after.set("name", Some(Value::text(&format!("改{number}"))));
            Change::update(before, after)
        }
        Act::Move(which, lon) => {
            let before = pick(*which)?;
            let mut after = Record::clone(&before);
            after.geometry = Some(geo_types::Point::new(*lon, 39.8).into());
            Change::update(before, after)
        }
        Act::Delete(which) => Change::delete(pick(*which)?),
        Act::Undo | Act::Redo => return None,
    };
    Some(Edit::of(vec![change]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The model is a list of worlds: undo steps back in it, redo forward, an edit cuts it off.
    #[test]
    fn undo_and_redo_walk_through_the_states_as_they_were(acts in proptest::collection::vec(act(), 1..30)) {
        let folder = folder();
        let path = folder.path().join("a.gpkg");
        let mut ids = ids();
        let mut store = Store::create(&path).unwrap();
        let mut states = vec![facts(&store.load().unwrap())];
        let mut now = 0_usize;
        for act in &acts {
            let world = store.load().unwrap();
            match act {
                Act::Undo => {
                    prop_assert_eq!(store.undo(&stamp("a")).unwrap().is_some(), now > 0);
                    now = now.saturating_sub(1);
                }
                Act::Redo => {
                    let can = now + 1 < states.len();
                    prop_assert_eq!(store.redo(&stamp("a")).unwrap().is_some(), can);
                    now += usize::from(can);
                }
                _ => {
                    let Some(edit) = edit_of(act, &world, &mut ids) else { continue };
                    store.apply(&edit, &stamp("a")).unwrap();
                    let mut in_memory = world;
                    in_memory.apply(&edit).unwrap();
                    states.truncate(now + 1);
                    states.push(facts(&in_memory));
                    now += 1;
                }
            }
            prop_assert_eq!(&facts(&store.load().unwrap()), &states[now]);
        }
        drop(store);
        prop_assert_eq!(DistrictReader::open(&path).unwrap().check().unwrap(), vec![]);
    }

    /// Every state is kept as it was stored, with edits of one, of several, undone and done again,
    /// some of them in the same second.
    #[test]
    fn the_district_as_of_a_moment_is_what_was_stored_then(acts in proptest::collection::vec((act(), 0_i64..3), 1..24)) {
        let folder = folder();
        let path = folder.path().join("a.gpkg");
        let mut ids = ids();
        let mut store = Store::create(&path).unwrap();
        let mut states = vec![(0, facts(&store.load().unwrap()))];
        let mut second = 0;
        for (act, later) in &acts {
            second += later;
            let by = stamp_at("a", second);
            let world = store.load().unwrap();
            let is_done = match act {
                Act::Undo => store.undo(&by).unwrap().is_some(),
                Act::Redo => store.redo(&by).unwrap().is_some(),
                _ => edit_of(act, &world, &mut ids)
                    .is_some_and(|edit| store.apply(&edit, &by).unwrap().is_some()),
            };
            if is_done {
                states.push((second, facts(&store.load().unwrap())));
            }
        }
        // By way of the world that a window has in memory, also of one that lags behind the file.
        let now = store.load().unwrap();
        let stale = store.load_as_of(AsOf::Revision(now.revision / 2)).unwrap();
        let reader = DistrictReader::open(&path).unwrap();
        for (revision, (_, state)) in (0..).zip(&states) {
            let as_of = AsOf::Revision(revision);
            let rewound = store.rewound(now.clone(), as_of).unwrap();
            let late = store.rewound(stale.clone(), as_of).unwrap();
            for world in [reader.load_as_of(as_of).unwrap(), rewound, late] {
                prop_assert_eq!(&facts(&world), state);
                prop_assert_eq!(world.revision, revision);
            }
        }
        for at in 0..=second {
            let last = states.iter().rev().find(|(when, _)| *when <= at).unwrap();
            let as_of = AsOf::Moment(stamp_at("a", at).at);
            prop_assert_eq!(&facts(&reader.load_as_of(as_of).unwrap()), &last.1);
            prop_assert_eq!(&facts(&store.rewound(now.clone(), as_of).unwrap()), &last.1);
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Code {
    InOrder,
    Anywhere(u8),
    None,
}

/// A row of an import: its code in order, anywhere, or none; what it says besides.
#[derive(Clone, Debug)]
struct Row {
    code: Code,
    phone: Option<u8>,
    is_placed: bool,
}

fn row() -> impl Strategy<Value = Row> {
    let code = prop_oneof![
        6 => Just(Code::InOrder),
        2 => (0_u8..90).prop_map(Code::Anywhere),
        1 => Just(Code::None),
    ];
    let phone = proptest::option::of(0_u8..3);
    (code, phone, any::<bool>()).prop_map(|(code, phone, is_placed)| Row { code, phone, is_placed })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whether codes ascend, so that their index is kept, or not, and wherever batches end.
    #[test]
    fn an_import_keeps_every_row_and_later_rows_of_a_code_add_to_the_first(
        rows in proptest::collection::vec(row(), 0..140)
    ) {
        let folder = folder();
        let path = folder.path().join("a.gpkg");
        let mut ids = ids();
        let mut store = Store::create(&path).unwrap();
        let mut session = store.session(&stamp("张三"), Size::Many).unwrap();
        let mut expected: Vec<Record> = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            let place = row.is_placed.then(|| (118.0 + number as f64 / 1e3, 39.8));
            let code = match row.code {
                Code::Anywhere(code) => format!("S{code:03}"),
                Code::InOrder => format!("S{number:03}"),
                Code::None => String::new(),
            };
            let mut record = record(&mut ids, Kind::Site, &code, "点", place);
            if code.is_empty() {
                record.set("code", None);
            }
            record.set("phone", row.phone.map(|phone| Value::text(&phone.to_string())));
            session.write(&Change::create(record.clone())).unwrap();
            let known = expected.iter_mut().find(|it| it.code().is_some() && it.code() == record.code());
            match known {
                Some(known) => *known = known.overlaid_with(&record),
                None => expected.push(record),
            }
        }
        session.commit(shapan::domain::EditKind::Import, None).unwrap();
        let stored = store.load().unwrap();
        prop_assert_eq!(stored.len(), expected.len());
        for record in &expected {
            let kept = stored.table(Kind::Site).get(record.id).unwrap();
            prop_assert!(kept.says_the_same_as(record), "{:?} {:?}", kept, record);
        }
        prop_assert_eq!(DistrictReader::open(&path).unwrap().check().unwrap(), []);
        store.undo(&stamp("张三")).unwrap();
        prop_assert!(store.load().unwrap().is_empty() || rows.is_empty());
    }
}
