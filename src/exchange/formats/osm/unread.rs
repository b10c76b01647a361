//! Tags that say something to trucks and are not understood: said once, with counts. They stay with
//! their roads, where the page of the network lists them.

use std::collections::BTreeMap;

use crate::domain::LocalizedText;
use crate::domain::truck_rules::{BETWEEN, TruckRules};

/// More different values are counted together.
const MAX_KINDS: usize = 12;

/// Counts the tags of roads.
#[derive(Debug, Default)]
pub struct Unread {
    counts: BTreeMap<String, u64>,
    others: u64,
}

impl Unread {
    /// Takes the rules of a road into account, as its field holds them.
    pub fn look(&mut self, rules: &str) {
        if rules.is_empty() {
            return;
        }
        let tags = rules.split(BETWEEN).filter_map(|rule| rule.trim().split_once('='));
        let tags: Vec<(String, String)> =
            tags.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let read = TruckRules::read(&tags);
        let placed = read.placed.iter().flat_map(|(_, rules)| &rules.unread);
        for tag in read.unread.iter().chain(placed) {
            if self.counts.len() < MAX_KINDS || self.counts.contains_key(tag) {
                *self.counts.entry(tag.clone()).or_default() += 1;
            } else {
                self.others += 1;
            }
        }
    }

    /// A line where there is any.
    pub fn warning(&self) -> Option<LocalizedText> {
        if self.counts.is_empty() {
            return None;
        }
        let more = (self.others > 0).then(|| format!("… {}", self.others));
        let tags: Vec<String> =
            self.counts.iter().map(|(tag, count)| format!("{tag} {count}")).chain(more).collect();
        let (zh, en) = (tags.join("、"), tags.join(", "));
        Some(LocalizedText::new(
            format!("道路上的这些通行限制读不懂，方案计算不计入，请在“路网”页核对：{zh}"),
            format!("limits of roads that are not understood and bar nobody, look them over: {en}"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_understood_is_counted() {
        let mut unread = Unread::default();
        unread.look("hgv=no | maxweight=10吨 | maxheight@118.16 39.83=2.2");
        assert_eq!(unread.warning(), None);
        unread.look("hgv=perhaps | layer=1;2");
        unread.look("hgv=perhaps | maxheight@118.16 39.83=low");
        let words = unread.warning().unwrap();
        assert!(words.en.ends_with("hgv=perhaps 2, layer=1;2 1, maxheight=low 1"), "{words:?}");
    }
}
