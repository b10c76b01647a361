//! What a notice may rest on: acts with the days between which they hold.
//!
//! Sources, as of the notes on the domain: the 生态环境法典 was adopted on 2026-03-12 and is in force
//! since 2026-08-15; its art. 1242 ends 大气污染防治法, 环境保护法 and others on that day. Which acts
//! a notice names is read off 唐政通字〔2018〕4号 (purpose) and 魏公交〔2020〕3号 (penalty). 道路交通安全法
//! art. 39 is the power to restrict traffic and the duty to announce it. What is not known is left
//! open here and comes out as 【待填】.

use jiff::civil::{Date, date};

/// An act, and one of its articles where it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis {
    pub name: &'static str,
    /// `None` where nobody has filled it in yet.
    pub article: Option<&'static str>,
    pub role: Role,
    /// The first day on which it holds; `None` where only that it holds is known.
    pub from: Option<Date>,
    /// The first day on which it no longer holds.
    pub until: Option<Date>,
    pub replaced_by: Option<&'static str>,
    /// The code of the province in which it holds, the first two digits of an adcode.
    pub province: Option<&'static str>,
    /// Whether somebody has to look whether the article still stands so.
    pub must_be_checked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Purpose,
    Penalty,
}

const HEBEI: Option<&str> = Some("13");

const fn basis(name: &'static str, role: Role) -> Basis {
    Basis {
        name,
        article: None,
        role,
        from: None,
        until: None,
        replaced_by: None,
        province: None,
        must_be_checked: false,
    }
}

/// The first day of the 生态环境法典.
const CODE: Date = date(2026, 8, 15);

/// In the order in which a notice names them.
pub const ALL: &[Basis] = &[
    Basis {
        // As revised in 2015.
        from: Some(date(2016, 1, 1)),
        until: Some(CODE),
        replaced_by: Some("中华人民共和国生态环境法典"),
        ..basis("中华人民共和国大气污染防治法", Role::Purpose)
    },
    Basis { from: Some(CODE), ..basis("中华人民共和国生态环境法典", Role::Purpose) },
    Basis {
        article: Some("第三十九条"),
        from: Some(date(2004, 5, 1)),
        ..basis("中华人民共和国道路交通安全法", Role::Purpose)
    },
    Basis {
        from: Some(date(2004, 5, 1)),
        ..basis("中华人民共和国道路交通安全法实施条例", Role::Purpose)
    },
    // Adopted on 2006-11-25; its first day is not known here.
    Basis {
        province: HEBEI,
        ..basis("河北省实施〈中华人民共和国道路交通安全法〉办法", Role::Purpose)
    },
    Basis {
        article: Some("第九十条"),
        from: Some(date(2004, 5, 1)),
        ..basis("中华人民共和国道路交通安全法", Role::Penalty)
    },
    Basis {
        article: Some("第七十六条"),
        province: HEBEI,
        must_be_checked: true,
        ..basis("河北省实施〈中华人民共和国道路交通安全法〉办法", Role::Penalty)
    },
];

impl Basis {
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }

    fn words(&self) -> String {
        let article = self.article.unwrap_or("【待填：条款】");
        let check =
            if self.must_be_checked { "【待填：核对条款是否现行】" } else { "" };
        format!("《{}》{article}{check}", self.name)
    }
}

/// The acts for a day and a district, as a notice names them one after the other.
pub fn words(role: Role, day: Date, adcode: &str) -> String {
    let is_there = |basis: &&Basis| basis.province.is_none_or(|code| adcode.starts_with(code));
    let all: Vec<String> = ALL
        .iter()
        .filter(|basis| basis.role == role && basis.holds_on(day))
        .filter(is_there)
        .map(Basis::words)
        .collect();
    let known = ALL.iter().any(|basis| basis.province.is_some_and(|code| adcode.starts_with(code)));
    let local = if known { "" } else { "、【待填：本省实施办法及条款】" };
    format!("{}{local}", all.join("、"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_the_first_day_of_the_code_the_older_act_is_no_longer_cited() {
        let eve = words(Role::Purpose, date(2026, 8, 14), "130208");
        assert!(eve.contains("大气污染防治法") && !eve.contains("法典"), "{eve}");
        let day = words(Role::Purpose, date(2026, 8, 15), "130208");
        assert!(!day.contains("大气污染防治法"), "{day}");
        assert!(day.contains("《中华人民共和国生态环境法典》【待填：条款】"), "{day}");
        assert!(day.contains("《中华人民共和国道路交通安全法》第三十九条"), "{day}");
    }

    #[test]
    fn an_act_that_ended_names_its_successor_which_begins_on_that_day() {
        for old in ALL.iter().filter(|basis| basis.until.is_some()) {
            let new = ALL.iter().find(|basis| Some(basis.name) == old.replaced_by).unwrap();
            assert_eq!(new.from, old.until);
        }
    }

    #[test]
    fn rules_of_a_province_are_cited_in_that_province_only() {
        assert!(words(Role::Penalty, date(2026, 12, 1), "130208").contains("河北省"));
        let elsewhere = words(Role::Penalty, date(2026, 12, 1), "440300");
        assert!(!elsewhere.contains("河北省") && elsewhere.contains("【待填：本省"), "{elsewhere}");
    }
}
