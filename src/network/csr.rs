//! A short list for each of many owners: the arcs at a node, the rings of an edge.

/// All lists in one piece of memory, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Csr<T> {
    /// Where the list of an owner begins in `all`; one more than there are owners.
    first: Vec<u32>,
    all: Vec<T>,
}

impl<T> Default for Csr<T> {
    fn default() -> Self {
        Self { first: Vec::new(), all: Vec::new() }
    }
}

impl<T: Copy + Default> Csr<T> {
    /// What belongs to whom. The members of a list keep the order in which they come; what belongs
    /// to nobody below `owners` is dropped.
    pub fn of(owners: usize, members: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut first = vec![0_u32; owners + 1];
        for (owner, _) in members.clone() {
            if let Some(count) = first.get_mut(owner as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut first {
            sum += *count;
            *count = sum;
        }
        let mut next = first.clone();
        next.truncate(owners);
        let mut all = vec![T::default(); sum as usize];
        for (owner, member) in members {
            let Some(place) = next.get_mut(owner as usize) else { continue };
            if let Some(slot) = all.get_mut(*place as usize) {
                *slot = member;
            }
            *place += 1;
        }
        Self { first, all }
    }

    pub fn at(&self, owner: usize) -> &[T] {
        let first = |owner: usize| self.first.get(owner).map_or(0, |at| *at as usize);
        self.all.get(first(owner)..first(owner + 1)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_owner_has_its_members_in_the_order_in_which_they_came() {
        let lists = Csr::of(4, [(2, 'a'), (0, 'b'), (2, 'c'), (3, 'd'), (9, 'e')].into_iter());
        let all: Vec<&[char]> = (0..5).map(|owner| lists.at(owner)).collect();
        assert_eq!(all, [&['b'][..], &[], &['a', 'c'], &['d'], &[]]);
        assert!(Csr::<u32>::default().at(0).is_empty());
    }
}
