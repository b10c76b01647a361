//! The administrative divisions of China by name and code, as they come with the program
//! (`assets/divisions/SOURCES.md`): what a new district begins with. No outlines.

use std::sync::OnceLock;

const NAMES: &str = include_str!("../../assets/divisions/china.txt");

/// A province, city, county or township.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// Two digits of a province, four of a city, six of a county (GB/T 2260), nine of a township.
    pub code: Box<str>,
    pub name: &'static str,
}

/// The divisions directly below one with this code, in the order of their codes: all provinces below
/// the empty code; none below a township and below what there is not.
pub fn below(code: &str) -> impl Iterator<Item = &'static Division> {
    let next = match code.len() {
        0 => 2,
        2 => 4,
        4 => 6,
        6 => 9,
        _ => usize::MAX,
    };
    let all = all();
    let first = all.partition_point(|division| &*division.code < code);
    let own = all.iter().skip(first).take_while({
        let code = code.to_owned();
        move |division| division.code.starts_with(&*code)
    });
    own.filter(move |division| division.code.len() == next)
}

/// `None` where there is no such code.
pub fn named(code: &str) -> Option<&'static Division> {
    let all = all();
    let place = all.binary_search_by(|division| (*division.code).cmp(code)).ok()?;
    all.get(place)
}

/// In the order of codes as texts: each right behind what it lies in.
fn all() -> &'static [Division] {
    static ALL: OnceLock<Vec<Division>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut parents: [&str; 3] = [""; 3];
        let mut all = Vec::new();
        for line in NAMES.lines() {
            let stated = line.trim_start_matches('\t');
            let level = line.len() - stated.len();
            let Some((own, name)) = stated.split_once(' ') else { continue };
            let above: String = parents.iter().take(level).copied().collect();
            if let Some(parent) = parents.get_mut(level) {
                *parent = own;
            }
            all.push(Division { code: format!("{above}{own}").into(), name });
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(code: &str) -> Vec<&'static str> {
        below(code).map(|division| division.name).collect()
    }

    #[test]
    fn provinces_cities_counties_and_townships_lie_in_each_other() {
        assert_eq!(names("").len(), 31);
        assert!(names("13").contains(&"唐山市"));
        assert!(names("1302").contains(&"丰润区"));
        let townships = names("130208");
        assert_eq!(townships.len(), 23);
        assert!(townships.contains(&"太平路街道") && townships.contains(&"王官营镇"));
        assert_eq!(named("130208").unwrap().name, "丰润区");
        assert!(names("130208001").is_empty() && names("99").is_empty() && named("99").is_none());
    }

    #[test]
    fn codes_are_unique_in_order_and_each_stands_below_its_own() {
        let all = all();
        assert_eq!(all.len(), 31 + 342 + 2978 + 41_352);
        assert!(all.windows(2).all(|pair| pair[0].code < pair[1].code));
        let above = |code: &str| match code.len() {
            2 => String::new(),
            4 => code[..2].to_owned(),
            6 => code[..4].to_owned(),
            _ => code[..6].to_owned(),
        };
        for division in all.iter().step_by(97) {
            let parent = above(&division.code);
            assert!(below(&parent).any(|known| known == division), "{division:?}");
        }
    }
}
