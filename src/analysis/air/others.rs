//! Other cities, counties or townships, as somebody has their indices in a table, for a rank among them.

use super::CompositeIndex;
use super::rank::{Standing, ranks};

/// A row of such a table.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherPlace {
    pub name: String,
    /// The composite index as it is published.
    pub index: f64,
}

/// What a text that was copied out of a table says: a row a line, in it a name, and the index as the last
/// number; a number before the name is a place in a list. Lines without both are given back with their
/// number, the first line of all, which may be a head, is not.
pub fn read(text: &str) -> (Vec<OtherPlace>, Vec<usize>) {
    let (mut places, mut odd) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line
            .split(['\t', ',', '，', ';', '；', ' ', '\u{3000}'])
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
            .collect();
        let value = |cell: &&str| cell.parse::<f64>().ok().filter(|it| (0.1..100.0).contains(it));
        let name = cells.iter().find(|cell| cell.parse::<f64>().is_err());
        let index = cells.iter().rev().find_map(value);
        match name.zip(index) {
            Some((name, index)) if cells.len() > 1 => {
                places.push(OtherPlace { name: (*name).to_owned(), index });
            }
            _ if number == 1 => {}
            _ => odd.push(number),
        }
    }
    (places, odd)
}

/// The standing of each, and behind them of the one with `own` index.
pub fn standings_among(others: &[OtherPlace], own: Option<f64>) -> Vec<Option<Standing>> {
    let indices = others.iter().map(|it| Some(it.index));
    let all: Vec<Option<f64>> = indices.chain([own]).collect();
    ranks(&all, CompositeIndex::DECIMALS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copied_table_is_read_whatever_stands_between_its_cells() {
        let text =
            "排名\t县区\t综合指数\n1\t迁西县\t4.12\n2，路北区，4.35\n3 古冶区 4.88\n\n缺值\t—\n";
        let (places, odd) = read(text);
        let told: Vec<(&str, f64)> = places.iter().map(|it| (it.name.as_str(), it.index)).collect();
        assert_eq!(told, [("迁西县", 4.12), ("路北区", 4.35), ("古冶区", 4.88)]);
        assert_eq!(odd, [6]);
        assert_eq!(read(""), (Vec::new(), Vec::new()));
    }

    /// T5 of the domain's cases: ties share a rank from either end.
    #[test]
    fn the_own_rank_is_that_among_published_values_from_both_ends() {
        let others: Vec<OtherPlace> =
            [4.12, 4.35, 4.60, 4.88, 4.88, 4.88, 5.01, 5.20, 5.33, 5.47, 5.47]
                .into_iter()
                .map(|index| OtherPlace { name: String::new(), index })
                .collect();
        let standing = |own| standings_among(&others, own).pop().unwrap();
        let own = standing(Some(4.351)).unwrap();
        assert_eq!((own.rank, own.bottom_rank, own.tied, own.of), (2, 10, 2, 12));
        let last = standing(Some(5.472)).unwrap();
        assert_eq!((last.rank, last.bottom_rank), (10, 1));
        assert_eq!(standing(None), None);
    }
}
