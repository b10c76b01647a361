//! Rejected rows by their cause: what went wrong is said once, however many rows it befell.

use rustc_hash::FxHashMap;

use super::place::Refusal;
use crate::domain::LocalizedText;

/// Rows that were rejected for one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalGroup {
    pub count: u64,
    /// As [`super::Rejection::field`].
    pub field: String,
    /// Of the first of them; the others differ in numbers at most.
    pub reason: LocalizedText,
    /// The first rows, with the text at fault, shortened.
    pub examples: Vec<(u64, String)>,
    /// Positions in [`super::Report::rejections`] of those that are listed there.
    pub listed: Vec<usize>,
}

/// Causes that are told apart; further ones are counted with the last.
const MAX_GROUPS: usize = 100;

/// Rows that are named of each.
const MAX_EXAMPLES: usize = 3;

const MAX_EXAMPLE_CHARS: usize = 40;

/// Gathers the causes.
#[derive(Debug, Default)]
pub struct Refusals {
    by_cause: FxHashMap<(String, String), usize>,
    groups: Vec<RefusalGroup>,
}

impl Refusals {
    /// One more row; `listed` is its position among the rejections, if it is listed.
    pub fn count(&mut self, row: u64, refusal: &Refusal, listed: Option<usize>) {
        let cause = (refusal.field.to_owned(), without_numbers(&refusal.reason.en));
        let last = self.groups.len().checked_sub(1);
        let at = match (self.by_cause.get(&cause), last) {
            (Some(at), _) => *at,
            (None, Some(last)) if self.groups.len() >= MAX_GROUPS => last,
            (None, _) => {
                self.groups.push(RefusalGroup {
                    count: 0,
                    field: refusal.field.to_owned(),
                    reason: refusal.reason.clone(),
                    examples: Vec::new(),
                    listed: Vec::new(),
                });
                self.by_cause.insert(cause, self.groups.len() - 1);
                self.groups.len() - 1
            }
        };
        let Some(group) = self.groups.get_mut(at) else { return };
        group.count += 1;
        group.listed.extend(listed);
        if group.examples.len() < MAX_EXAMPLES {
            let text = refusal.value.chars().take(MAX_EXAMPLE_CHARS).collect();
            group.examples.push((row, text));
        }
    }

    /// The most frequent cause first.
    pub fn groups(self) -> Vec<RefusalGroup> {
        let mut groups = self.groups;
        groups.sort_by_key(|group| std::cmp::Reverse(group.count));
        groups
    }
}

/// `143 km from the district` and `262 km from the district` are one cause.
fn without_numbers(reason: &str) -> String {
    reason.chars().filter(|c| !c.is_ascii_digit() && !matches!(c, '.' | '-')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Text;

    #[test]
    fn what_befalls_many_rows_is_said_once_with_their_number_and_the_first_of_them() {
        let mut refusals = Refusals::default();
        refusals.count(1, &Refusal::new("lon", "9", Text::new("太东", "off")), Some(0));
        for row in 2..27_713 {
            let far = LocalizedText::new(format!("距本区 {row} 公里"), format!("{row} km away"));
            refusals.count(
                row,
                &Refusal::new("lon", row.to_string(), far),
                (row == 7).then_some(6),
            );
        }
        let groups = refusals.groups();
        assert_eq!(groups.iter().map(|group| group.count).collect::<Vec<_>>(), [27_711, 1]);
        assert_eq!(groups[0].reason.zh, "距本区 2 公里");
        assert_eq!(groups[0].examples[2], (4, "4".to_owned()));
        assert_eq!((&groups[0].listed[..], &groups[1].listed[..]), (&[6][..], &[0][..]));
    }
}
