//! Lists of many rows in two vectors: the arcs out of each node, the rings that touch each edge.

/// Compressed sparse rows: the members of all rows, one row after the other, and where each begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Csr<T> {
    /// Where each row begins in `members`, and where the last one ends.
    first: Vec<u32>,
    members: Vec<T>,
}

impl<T> Default for Csr<T> {
    fn default() -> Self {
        Self { first: Vec::new(), members: Vec::new() }
    }
}

impl<T: Copy + Default> Csr<T> {
    /// From members with the row of each. Members of one row keep the order in which they come;
    /// those of rows beyond the last are dropped.
    pub fn new(rows: usize, members: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut first = vec![0_u32; rows + 1];
        for (row, _) in members.clone() {
            if let Some(count) = first.get_mut(row as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut first {
            sum += *count;
            *count = sum;
        }
        let mut next = first.clone();
        next.truncate(rows);
        let mut all = vec![T::default(); sum as usize];
        for (row, member) in members {
            let Some(index) = next.get_mut(row as usize) else { continue };
            if let Some(slot) = all.get_mut(*index as usize) {
                *slot = member;
            }
            *index += 1;
        }
        Self { first, members: all }
    }

    /// The members of a row; none of a row that is not there.
    pub fn of(&self, row: usize) -> &[T] {
        let first = |row: usize| self.first.get(row).map_or(0, |at| *at as usize);
        self.members.get(first(row)..first(row + 1)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_its_members_in_the_order_in_which_they_came() {
        let rows = Csr::new(4, [(2, 'a'), (0, 'b'), (2, 'c'), (3, 'd'), (9, 'e')].into_iter());
        let all: Vec<&[char]> = (0..5).map(|row| rows.of(row)).collect();
        assert_eq!(all, [&['b'][..], &[], &['a', 'c'], &['d'], &[]]);
        assert!(Csr::<u32>::default().of(0).is_empty());
    }
}
