//! The one search box: names, codes, roads, places and people, by characters or by pinyin.

use std::sync::Arc;

use pinyin::{ToPinyin as _, ToPinyinMulti as _};

use crate::domain::{Kind, Record, RecordId, World};

/// Fields that are looked into besides code and name.
const FIELDS: [&str; 9] =
    ["ref", "township", "person", "leader", "squad", "unit", "address", "phone", "department"];
/// Of these the pinyin is known too.
const SPELLED: usize = 5;

/// By which texts are put in the order of their pinyin, as Excel and WPS order Chinese: latin letters
/// and figures first. Of characters with several readings the usual one counts.
pub fn pinyin_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        match c.to_pinyin() {
            // The character behind its sound keeps those of one sound together; the mark before it
            // keeps them behind latin letters and puts a short sound before a longer one.
            Some(sound) => {
                key.push('\u{7f}');
                key.push_str(sound.plain());
                key.push('\u{1}');
                key.push(c);
            }
            None => key.extend(c.to_lowercase()),
        }
    }
    key
}

/// What can be found, made from a world off the window's thread.
#[derive(Clone, Debug, Default)]
pub struct SearchIndex {
    entries: Vec<SearchEntry>,
}

#[derive(Clone, Debug)]
struct SearchEntry {
    record: Arc<Record>,
    /// Name and code in lower case, then the fields.
    text: Box<str>,
    /// Initials of the name and of the fields that are spelled: `qlgl`.
    initials: Box<str>,
}

/// A record that answers to what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchHit {
    pub id: RecordId,
    /// The text that matched.
    pub matched: String,
}

impl SearchIndex {
    /// Of all records: a few hundred bytes each.
    pub fn of(world: &World) -> Self {
        Self { entries: world.all().map(SearchEntry::of).collect() }
    }

    /// The best first: at the beginning of a name before inside it, name before code before other
    /// fields, control points before the rest.
    pub fn search(&self, typed: &str, most: usize) -> Vec<SearchHit> {
        let typed = folded(typed.trim());
        if typed.is_empty() || most == 0 {
            return Vec::new();
        }
        let latin: String = typed.chars().filter(char::is_ascii_alphabetic).collect();
        let is_latin = !latin.is_empty()
            && typed.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ' || c == '\'');
        let mut ranked: Vec<(u32, usize, RecordId)> = Vec::new();
        for (place, entry) in self.entries.iter().enumerate() {
            if let Some(rank) = entry.rank(&typed, is_latin.then_some(latin.as_str())) {
                ranked.push((rank, place, entry.record.id));
            }
        }
        let order = |&(rank, place, id): &(u32, usize, RecordId)| {
            let record = self.entries.get(place).map(|entry| &entry.record);
            let name = record.map_or(0, |record| record.name().chars().count());
            (rank, record.map_or(9, |record| order_of(record.kind)), name, id)
        };
        if ranked.len() > most {
            ranked.select_nth_unstable_by_key(most - 1, order);
            ranked.truncate(most);
        }
        ranked.sort_by_key(order);
        ranked
            .into_iter()
            .filter_map(|(_, place, id)| {
                let entry = self.entries.get(place)?;
                Some(SearchHit { id, matched: entry.matched(&typed) })
            })
            .collect()
    }
}

/// How well words answer to what was typed: by their characters, by pinyin initials, by whole
/// pinyin. Lower is better, `None` where they do not.
pub fn rank_of(words: &str, typed: &str) -> Option<u32> {
    let (words, typed) = (folded(words), folded(typed.trim()));
    if let Some(at) = words.find(&typed) {
        return Some(if words.len() == typed.len() { 0 } else { 1 + u32::from(at > 0) });
    }
    let latin: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    if latin.is_empty() || !typed.is_ascii() {
        return None;
    }
    if let Some(at) = initials(&words).find(&latin) {
        return Some(3 + u32::from(at > 0));
    }
    spelled(&words, &latin).then_some(5)
}

const fn order_of(kind: Kind) -> u8 {
    match kind {
        Kind::ControlPoint => 0,
        Kind::Road => 1,
        Kind::Area => 2,
        Kind::Restriction => 3,
        Kind::Site => 4,
        _ => 5,
    }
}

impl SearchEntry {
    fn of(record: &Arc<Record>) -> Self {
        let mut text = folded(record.name());
        text.push('\n');
        text.push_str(&folded(record.code().unwrap_or_default()));
        for field in FIELDS {
            let value = record.text(field);
            if !value.is_empty() {
                text.push('\n');
                text.push_str(&folded(value));
            }
        }
        let mut letters = initials(record.name());
        for field in FIELDS.iter().take(SPELLED) {
            let value = record.text(field);
            if !value.is_empty() {
                letters.push('\n');
                letters.push_str(&initials(value));
            }
        }
        Self { record: Arc::clone(record), text: text.into(), initials: letters.into() }
    }

    /// Lower is better; `None` where nothing matches.
    fn rank(&self, typed: &str, latin: Option<&str>) -> Option<u32> {
        for (row, line) in self.text.split('\n').enumerate() {
            if let Some(at) = line.find(typed) {
                let beginning = u32::from(at > 0);
                return Some(match row {
                    0 if line.len() == typed.len() => 0,
                    0 => 1 + beginning,
                    1 => 3 + beginning,
                    _ => 7 + beginning,
                });
            }
        }
        let latin = latin?;
        for (row, line) in self.initials.split('\n').enumerate() {
            if let Some(at) = line.find(latin) {
                return Some(if row == 0 { 5 + u32::from(at > 0) } else { 9 + u32::from(at > 0) });
            }
        }
        // Whole syllables are spelled out only when nothing shorter helps.
        (latin.len() > 2 && spelled(self.record.name(), latin)).then_some(11)
    }

    fn matched(&self, typed: &str) -> String {
        let values = [self.record.name(), self.record.code().unwrap_or_default()]
            .into_iter()
            .chain(FIELDS.iter().map(|field| self.record.text(field)));
        values
            .into_iter()
            .find(|value| folded(value).contains(typed))
            .unwrap_or_else(|| self.record.name())
            .to_owned()
    }
}

/// Lower case, with full-width letters and figures as ordinary ones.
fn folded(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    };
    text.chars().map(narrow).flat_map(char::to_lowercase).collect()
}

/// The first letter of each character's commonest reading; letters and figures stay.
fn initials(text: &str) -> String {
    text.to_pinyin_multi()
        .zip(text.chars())
        .filter_map(|(readings, c)| match readings {
            Some(readings) => readings.get(0).plain().chars().next(),
            None => c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()),
        })
        .collect()
}

/// Whether some run of characters is spelled so, by any of their readings.
fn spelled(name: &str, typed: &str) -> bool {
    let characters: Vec<Vec<&'static str>> = name
        .to_pinyin_multi()
        .map(|readings| {
            readings
                .map_or_else(Vec::new, |all| (0..all.count()).map(|i| all.get(i).plain()).collect())
        })
        .collect();
    (0..characters.len()).any(|start| follows(characters.get(start..).unwrap_or_default(), typed))
}

fn follows(characters: &[Vec<&'static str>], typed: &str) -> bool {
    if typed.is_empty() {
        return true;
    }
    let Some((first, rest)) = characters.split_first() else { return false };
    first.iter().any(|syllable| {
        syllable.starts_with(typed)
            || typed.strip_prefix(syllable).is_some_and(|left| follows(rest, left))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Fields, Ids, Meta, Value};

    type Row<'a> = (Kind, &'a str, &'a [(&'a str, &'a str)]);

    fn world(records: &[Row<'_>]) -> World {
        let now = jiff::Timestamp::UNIX_EPOCH;
        let mut ids = Ids::new(now, 1);
        records
            .iter()
            .map(|(kind, name, fields)| {
                let meta = Meta {
                    created_at: now,
                    created_by: "a".into(),
                    changed_at: now,
                    changed_by: "a".into(),
                    source: None,
                };
                let (id, kind) = (ids.next(), *kind);
                let mut record = Record {
                    id,
                    kind,
                    geometry: None,
                    fields: Fields::default(),
                    extra: None,
                    meta,
                };
                record.set("name", Some(Value::text(name)));
                for (key, value) in *fields {
                    record.set(key, Some(Value::text(value)));
                }
                record
            })
            .collect()
    }

    fn names(world: &World, typed: &str) -> Vec<String> {
        let found = SearchIndex::of(world).search(typed, 10);
        found.iter().map(|found| world.get(found.id).unwrap().name().to_owned()).collect()
    }

    #[test]
    fn two_initials_find_the_road() {
        let world = world(&[
            (Kind::Road, "邱柳线", &[]),
            (Kind::Road, "丰董线", &[]),
            (Kind::Site, "秋林饭店", &[]),
        ]);
        assert_eq!(names(&world, "ql"), ["邱柳线", "秋林饭店"]);
        assert_eq!(names(&world, "QLX"), ["邱柳线"]);
        assert_eq!(names(&world, "qiuliu"), ["邱柳线"]);
        assert_eq!(names(&world, "qiul"), ["邱柳线", "秋林饭店"]);
    }

    #[test]
    fn a_character_with_two_readings_is_found_by_either() {
        let world = world(&[(Kind::Site, "重庆火锅", &[])]);
        assert_eq!(names(&world, "chongqing"), ["重庆火锅"]);
        assert_eq!(names(&world, "zhongqing"), ["重庆火锅"]);
    }

    #[test]
    fn the_beginning_of_a_name_comes_before_its_middle_and_other_fields() {
        let world = world(&[
            (Kind::Site, "甲", &[("person", "王丰润")]),
            (Kind::Site, "新丰润工地", &[]),
            (Kind::Site, "丰润工地", &[]),
            (Kind::ControlPoint, "丰润", &[]),
        ]);
        assert_eq!(names(&world, "丰润"), ["丰润", "丰润工地", "新丰润工地", "甲"]);
    }

    #[test]
    fn codes_and_road_numbers_are_found_whatever_their_case_and_width() {
        let world = world(&[
            (Kind::Road, "京哈线", &[("ref", "G102")]),
            (Kind::Site, "甲", &[("code", "GD-007")]),
        ]);
        assert_eq!(names(&world, "g102"), ["京哈线"]);
        assert_eq!(names(&world, "Ｇ１０２"), ["京哈线"]);
        assert_eq!(names(&world, "gd-007"), ["甲"]);
    }

    #[test]
    fn nothing_typed_finds_nothing_and_the_list_is_never_longer_than_asked() {
        let world = world(&[(Kind::Site, "甲", &[]), (Kind::Site, "甲乙", &[])]);
        assert!(names(&world, "  ").is_empty());
        assert_eq!(SearchIndex::of(&world).search("甲", 1).len(), 1);
    }

    #[test]
    fn names_are_ordered_by_their_sound_and_latin_ones_come_first() {
        let mut names = ["邱柳", "城东", "安平", "B区", "a区", "丰董", "城关"];
        names.sort_by_key(|name| pinyin_key(name));
        assert_eq!(names, ["a区", "B区", "安平", "城东", "城关", "丰董", "邱柳"]);
    }
}
