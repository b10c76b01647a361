//! Tags that keep trucks off a road and that a plan does not know of: said once, with counts.

use std::collections::BTreeMap;

use super::element::Tags;
use crate::domain::LocalizedText;

/// What forbids, or lets in only some. Weights, heights and axles have fields of their own.
const KEYS: &[&str] = &[
    "hgv",
    "goods",
    "access",
    "motor_vehicle",
    "vehicle",
    "maxaxleload",
    "maxwidth",
    "maxlength",
    "maxweightrating",
    "maxweight:hgv",
    "hgv:conditional",
    "access:conditional",
    "maxweight:conditional",
];

/// Values that keep nobody off.
const OPEN: &[&str] = &["yes", "designated", "permissive", "official"];

/// More different values are counted together.
const MAX_KINDS: usize = 12;

/// Counts the tags of roads.
#[derive(Debug, Default)]
pub struct Ignored {
    counts: BTreeMap<String, u64>,
    others: u64,
}

impl Ignored {
    /// Takes the tags of a road into account.
    pub fn look(&mut self, tags: &Tags<'_>) {
        for key in KEYS {
            let Some(value) = tags.get(key).filter(|value| !OPEN.contains(value)) else { continue };
            let tag = format!("{key}={value}");
            if self.counts.len() < MAX_KINDS || self.counts.contains_key(&tag) {
                *self.counts.entry(tag).or_default() += 1;
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
            format!("道路上的这些通行限制，方案计算暂不考虑，请补画为管控措施：{zh}"),
            format!("plans do not know of these limits of roads, draw them as restrictions: {en}"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_a_plan_ignores_are_counted() {
        let mut ignored = Ignored::default();
        let tags = |pairs: &[(&'static str, &'static str)]| {
            Tags(pairs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect())
        };
        ignored.look(&tags(&[("hgv", "no"), ("access", "private"), ("maxweight", "10")]));
        ignored.look(&tags(&[("hgv", "no"), ("foot", "no"), ("access", "yes")]));
        let words = ignored.warning().unwrap();
        assert!(words.en.ends_with("access=private 1, hgv=no 2"), "{words:?}");
        assert_eq!(Ignored::default().warning(), None);
    }
}
