//! What a notice may rest on: acts with the days on which they hold.
//!
//! A district keeps them as records (`legal_basis`), so that an office fills in articles and enters
//! new acts itself. The list here stands where a district has none, and is what it begins with.
//!
//! Sources, as of the notes on the domain: the 生态环境法典 was adopted on 2026-03-12 and is in force
//! since 2026-08-15; its art. 1242 ends 大气污染防治法, 环境保护法 and others on that day. Which acts
//! a notice names is read off 唐政通字〔2018〕4号 (purpose) and 魏公交〔2020〕3号 (penalty). 道路交通安全法
//! art. 39 is the power to restrict traffic and the duty to announce it, art. 90 the warning or fine
//! of 20 to 200 yuan for who breaks a rule of passage: both were read in public copies of its text.
//! What is not known is left open here and comes out as 【待填】.

use jiff::civil::{Date, date};

use crate::domain::{BasisRole, Ids, Kind, LocalizedText, Record, Stamp, Validity, Value, World};

/// An act, and one of its articles where it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    pub code: String,
    pub name: String,
    /// Empty where nobody has filled it in yet.
    pub article: String,
    pub role: BasisRole,
    /// `from` is open where only that it holds is known.
    pub days: Validity,
    pub replaced_by: String,
    /// The first digits of the adcodes of the districts in which it holds; empty everywhere.
    pub region: String,
    /// Whether somebody has to look whether the article still stands so.
    pub must_be_checked: bool,
}

const HEBEI: &str = "13";
/// The first day of the 生态环境法典, and the last of the acts that it ended.
const CODE: Date = date(2026, 8, 15);
const CODE_EVE: Date = date(2026, 8, 14);
/// The first day of the 道路交通安全法 and its 实施条例.
const TRAFFIC: Date = date(2004, 5, 1);
/// The 大气污染防治法 as revised in 2015.
const AIR: Date = date(2016, 1, 1);

const CODE_NAME: &str = "中华人民共和国生态环境法典";
const TRAFFIC_NAME: &str = "中华人民共和国道路交通安全法";
const HEBEI_NAME: &str = "河北省实施〈中华人民共和国道路交通安全法〉办法";

/// In the order in which a notice names them.
pub fn built_in() -> Vec<Basis> {
    let since =
        |name, role, from| Basis { days: Validity { from, to: None }, ..Basis::bare(name, role) };
    let mut all = vec![
        Basis {
            days: Validity { from: Some(AIR), to: Some(CODE_EVE) },
            replaced_by: CODE_NAME.to_owned(),
            ..since("中华人民共和国大气污染防治法", BasisRole::Purpose, Some(AIR))
        },
        since(CODE_NAME, BasisRole::Purpose, Some(CODE)),
        Basis {
            article: "第三十九条".to_owned(),
            ..since(TRAFFIC_NAME, BasisRole::Purpose, Some(TRAFFIC))
        },
        since("中华人民共和国道路交通安全法实施条例", BasisRole::Purpose, Some(TRAFFIC)),
        // Adopted on 2006-11-25; its first day is not known here.
        Basis { region: HEBEI.to_owned(), ..since(HEBEI_NAME, BasisRole::Purpose, None) },
        Basis {
            article: "第九十条".to_owned(),
            ..since(TRAFFIC_NAME, BasisRole::Penalty, Some(TRAFFIC))
        },
        Basis {
            article: "第七十六条".to_owned(),
            region: HEBEI.to_owned(),
            must_be_checked: true,
            ..since(HEBEI_NAME, BasisRole::Penalty, None)
        },
    ];
    for (number, basis) in (1..).zip(&mut all) {
        basis.code = format!("FL-{number:02}");
    }
    all
}

/// The acts that a district knows, by their codes; the built-in ones where it has none.
pub fn bases(world: &World) -> Vec<Basis> {
    let mut all: Vec<Basis> =
        world.table(Kind::LegalBasis).iter().map(|record| Basis::of(record)).collect();
    if all.is_empty() {
        return built_in();
    }
    // Those without a code come last, in the order in which they were made.
    all.sort_by(|a, b| (a.code.is_empty(), &a.code).cmp(&(b.code.is_empty(), &b.code)));
    all
}

/// The built-in acts as records.
pub fn records(ids: &mut Ids, stamp: &Stamp) -> Vec<Record> {
    built_in().iter().map(|basis| basis.record(ids, stamp)).collect()
}

impl Basis {
    fn bare(name: &str, role: BasisRole) -> Self {
        Self {
            code: String::new(),
            name: name.to_owned(),
            article: String::new(),
            role,
            days: Validity::default(),
            replaced_by: String::new(),
            region: String::new(),
            must_be_checked: false,
        }
    }

    /// From a record of [`Kind::LegalBasis`].
    pub fn of(record: &Record) -> Self {
        let text = |key| record.text(key).to_owned();
        Self {
            code: record.code().unwrap_or_default().to_owned(),
            name: record.name().to_owned(),
            article: text("article"),
            role: BasisRole::of(record).unwrap_or_default(),
            days: record.validity(),
            replaced_by: text("replaced_by"),
            region: text("region"),
            must_be_checked: record.get("to_check") == Some(&Value::Boolean(true)),
        }
    }

    fn record(&self, ids: &mut Ids, stamp: &Stamp) -> Record {
        let mut record = Record::new(ids.next(), Kind::LegalBasis, stamp);
        let text = |text: &str| (!text.is_empty()).then(|| Value::text(text));
        for (key, value) in [
            ("code", text(&self.code)),
            ("name", text(&self.name)),
            ("role", Some(self.role.value())),
            ("article", text(&self.article)),
            ("valid_from", self.days.from.map(Value::Date)),
            ("valid_to", self.days.to.map(Value::Date)),
            ("replaced_by", text(&self.replaced_by)),
            ("region", text(&self.region)),
            ("to_check", self.must_be_checked.then_some(Value::Boolean(true))),
        ] {
            record.set(key, value);
        }
        record
    }

    fn words(&self) -> String {
        let article = if self.article.is_empty() { "【待填：条款】" } else { &self.article };
        let check =
            if self.must_be_checked { "【待填：核对条款是否现行】" } else { "" };
        format!("《{}》{article}{check}", self.name)
    }

    /// As people cite it, without the name of the state.
    fn short(&self) -> &str {
        self.name.strip_prefix("中华人民共和国").unwrap_or(&self.name)
    }
}

/// The acts for a day and a district, as a notice names them one after the other.
pub fn words(bases: &[Basis], role: BasisRole, day: Date, adcode: &str) -> String {
    let all: Vec<String> = bases
        .iter()
        .filter(|basis| basis.role == role && basis.days.includes(day))
        .filter(|basis| adcode.starts_with(&basis.region))
        .map(Basis::words)
        .collect();
    let is_local = |basis: &Basis| !basis.region.is_empty() && adcode.starts_with(&basis.region);
    let local = if bases.iter().any(is_local) {
        ""
    } else {
        "、【待填：本省实施办法及条款】"
    };
    format!("{}{local}", all.join("、"))
}

/// What is wrong with the acts that a text cites on a day: those that do not hold.
pub fn lapsed(bases: &[Basis], text: &str, day: Date) -> Vec<LocalizedText> {
    let holds =
        |name: &str| bases.iter().any(|basis| basis.name == name && basis.days.includes(day));
    let mut found: Vec<LocalizedText> = Vec::new();
    for basis in bases.iter().filter(|basis| !basis.short().is_empty() && !holds(&basis.name)) {
        if !is_cited(bases, basis, text) {
            continue;
        }
        let said = basis.lapse(day);
        if !found.contains(&said) {
            found.push(said);
        }
    }
    found
}

/// Whether a text names an act, and not a longer one whose name it is a part of.
fn is_cited(bases: &[Basis], act: &Basis, text: &str) -> bool {
    let name = act.short();
    let longer: Vec<(usize, usize)> = bases
        .iter()
        .map(Basis::short)
        .filter(|other| other.len() > name.len() && other.contains(name))
        .flat_map(|other| text.match_indices(other).map(|(at, of)| (at, at + of.len())))
        .collect();
    text.match_indices(name).any(|(at, _)| !longer.iter().any(|(a, b)| (*a..*b).contains(&at)))
}

impl Basis {
    /// Why it may not be cited on a day.
    fn lapse(&self, day: Date) -> LocalizedText {
        let name = &self.name;
        let Some(to) = self.days.to.filter(|to| *to < day) else {
            let from = self.days.from.map(|from| from.to_string()).unwrap_or_default();
            return LocalizedText::new(
                format!("所引《{name}》自{from}起才施行"),
                format!("《{name}》 holds only from {from}"),
            );
        };
        let (zh, en) = match self.replaced_by.as_str() {
            "" => (String::new(), String::new()),
            new => (format!("，现行为《{new}》"), format!("; 《{new}》 took its place")),
        };
        LocalizedText::new(
            format!("所引《{name}》已于{to}后失效{zh}"),
            format!("《{name}》 ended after {to}{en}"),
        )
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn cited(role: BasisRole, day: Date, adcode: &str) -> String {
        words(&built_in(), role, day, adcode)
    }

    fn stamp() -> Stamp {
        Stamp { actor: "test".into(), at: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn from_the_first_day_of_the_code_the_older_act_is_no_longer_cited() {
        let eve = cited(BasisRole::Purpose, date(2026, 8, 14), "130208");
        assert!(eve.contains("大气污染防治法") && !eve.contains("法典"), "{eve}");
        let day = cited(BasisRole::Purpose, date(2026, 8, 15), "130208");
        assert!(!day.contains("大气污染防治法"), "{day}");
        assert!(day.contains("《中华人民共和国生态环境法典》【待填：条款】"), "{day}");
        assert!(day.contains("《中华人民共和国道路交通安全法》第三十九条"), "{day}");
    }

    #[test]
    fn an_act_that_ended_names_its_successor_which_begins_on_the_next_day() {
        let all = built_in();
        for old in all.iter().filter(|basis| basis.days.to.is_some()) {
            let new = all.iter().find(|basis| basis.name == old.replaced_by).unwrap();
            assert_eq!(new.days.from, old.days.to.and_then(|to| to.tomorrow().ok()));
        }
    }

    #[test]
    fn rules_of_a_province_are_cited_in_that_province_only() {
        assert!(cited(BasisRole::Penalty, date(2026, 12, 1), "130208").contains("河北省"));
        let elsewhere = cited(BasisRole::Penalty, date(2026, 12, 1), "440300");
        assert!(!elsewhere.contains("河北省") && elsewhere.contains("【待填：本省"), "{elsewhere}");
    }

    #[test]
    fn the_sample_begins_with_the_built_in_acts() {
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
        let sample = crate::sample::records(&stamp(), &mut ids);
        let world: World =
            sample.into_iter().filter(|record| record.kind == Kind::LegalBasis).collect();
        assert_eq!(world.len(), built_in().len());
        assert_eq!(bases(&world), built_in());
    }

    #[test]
    fn acts_go_to_records_and_come_back_the_same_and_what_an_office_enters_is_cited() {
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
        let mut records = records(&mut ids, &stamp());
        let world: World = records.clone().into_iter().collect();
        assert_eq!(bases(&world), built_in());
        let code = records.iter_mut().find(|record| record.name() == CODE_NAME).unwrap();
        code.set("article", Some(Value::text("第二百条")));
        let world: World = records.into_iter().collect();
        let said = words(&bases(&world), BasisRole::Purpose, date(2026, 12, 1), "130208");
        assert!(said.contains("《中华人民共和国生态环境法典》第二百条、"), "{said}");
    }

    #[test]
    fn an_act_that_no_longer_holds_is_found_in_a_text_with_its_successor() {
        let all = built_in();
        let found = |text, day| -> Vec<String> {
            lapsed(&all, text, day).into_iter().map(|said| said.zh).collect()
        };
        let text = "根据《大气污染防治法》《道路交通安全法》";
        assert_eq!(
            found(text, date(2026, 8, 15)),
            ["所引《中华人民共和国大气污染防治法》已于2026-08-14后失效，\
              现行为《中华人民共和国生态环境法典》"]
        );
        assert!(found(text, date(2026, 8, 14)).is_empty());
        let early = found("根据《生态环境法典》", date(2026, 8, 14));
        assert_eq!(early, ["所引《中华人民共和国生态环境法典》自2026-08-15起才施行"]);
        // A longer name is another act.
        let mut all = all;
        all.push(Basis {
            days: Validity { to: Some(date(2020, 1, 1)), ..Validity::default() },
            ..Basis::bare("道路交通安全法实施", BasisRole::Purpose)
        });
        let text = "根据《中华人民共和国道路交通安全法实施条例》";
        assert!(lapsed(&all, text, date(2026, 12, 1)).is_empty());
    }
}
