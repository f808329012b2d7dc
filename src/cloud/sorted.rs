//! A sorted list that is read by position.
//!
//! It is cut into chunks, so that putting one in moves few others, finding a position counts few chunks, and a copy
//! shares them. It holds numbers and is told how they compare, since what they stand for lies elsewhere.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::cloud::records::overflow;

/// Numbers in an order that the caller knows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sorted {
    chunks: Vec<Arc<Vec<u32>>>,
    len: usize,
}

impl Sorted {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Puts one in. `compare` says how another stands to it.
    pub(crate) fn insert(&mut self, number: u32, compare: impl Fn(u32) -> Ordering) {
        self.len += 1;
        let Some((chunk, at)) = self.place(&compare) else {
            self.chunks.push(Arc::new(vec![number]));
            return;
        };
        let numbers = Arc::make_mut(&mut self.chunks[chunk]);
        numbers.insert(at, number);
        if let Some(rest) = overflow(numbers) {
            self.chunks.insert(chunk + 1, Arc::new(rest));
        }
    }

    /// Takes out the one to which `compare` says that it is equal.
    pub(crate) fn remove(&mut self, compare: impl Fn(u32) -> Ordering) {
        let Some((chunk, at)) = self.place(&compare) else {
            return;
        };
        if self.chunks[chunk].get(at).is_some_and(|&found| compare(found).is_eq()) {
            Arc::make_mut(&mut self.chunks[chunk]).remove(at);
            self.len -= 1;
            if self.chunks[chunk].is_empty() {
                self.chunks.remove(chunk);
            }
        }
    }

    /// The first to which `compare` says that it is equal.
    pub(crate) fn find(&self, compare: impl Fn(u32) -> Ordering) -> Option<u32> {
        let (chunk, at) = self.place(&compare)?;
        let found = self.chunks[chunk].get(at).copied();
        found.filter(|&number| compare(number).is_eq())
    }

    /// How many stand before the first of which it does not hold; it holds of none behind that.
    pub(crate) fn count_while(&self, holds: impl Fn(u32) -> bool) -> usize {
        let later = self.chunks.partition_point(|chunk| holds(chunk[0]));
        let Some(last) = later.checked_sub(1) else {
            return 0;
        };
        let before: usize = self.chunks[..last].iter().map(|chunk| chunk.len()).sum();
        before + self.chunks[last].partition_point(|&number| holds(number))
    }

    /// The one at that position.
    pub(crate) fn get(&self, mut at: usize) -> Option<u32> {
        for chunk in &self.chunks {
            if at < chunk.len() {
                return Some(chunk[at]);
            }
            at -= chunk.len();
        }
        None
    }

    /// All of them from that position on.
    pub(crate) fn iter_from(&self, mut at: usize) -> impl Iterator<Item = u32> {
        let mut first = 0;
        while first < self.chunks.len() && at >= self.chunks[first].len() {
            at -= self.chunks[first].len();
            first += 1;
        }
        let chunks = self.chunks[first..].iter();
        chunks.flat_map(|chunk| chunk.iter()).copied().skip(at)
    }

    /// The chunk and the place in it of the first that does not stand before; behind the last if all do.
    fn place(&self, compare: &impl Fn(u32) -> Ordering) -> Option<(usize, usize)> {
        let before = |number: u32| compare(number).is_lt();
        // The last chunk whose first stands before: what is looked for is in it or opens the next.
        let later = self.chunks.partition_point(|chunk| before(chunk[0]));
        let chunk = later.saturating_sub(1);
        let numbers = self.chunks.get(chunk)?;
        let at = numbers.partition_point(|&number| before(number));
        if at == numbers.len() && self.chunks.get(chunk + 1).is_some() {
            return Some((chunk + 1, 0));
        }
        Some((chunk, at))
    }
}

#[cfg(test)]
mod tests {
    use super::super::records::CHUNK_MAX;
    use super::*;

    #[test]
    fn it_holds_what_a_plain_sorted_list_holds() {
        let (mut sorted, mut plain) = (Sorted::default(), Vec::new());
        let mut number: u32 = 1;
        for round in 0..6_000_u32 {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let number = number % 3_000;
            match plain.binary_search(&number) {
                Ok(at) if round % 3 == 0 => {
                    assert_eq!(sorted.find(|other| other.cmp(&number)), Some(number));
                    plain.remove(at);
                    sorted.remove(|other| other.cmp(&number));
                }
                Ok(_) => {}
                Err(at) => {
                    plain.insert(at, number);
                    sorted.insert(number, |other| other.cmp(&number));
                }
            }
        }
        assert_eq!(sorted.len(), plain.len());
        assert!(plain.len() > 2 * CHUNK_MAX, "several chunks");
        assert!(sorted.iter_from(0).eq(plain.iter().copied()));
        for at in [0, 1, CHUNK_MAX, plain.len() - 1, plain.len()] {
            assert_eq!(sorted.get(at), plain.get(at).copied());
            let bound = plain.get(at).copied().unwrap_or(u32::MAX);
            assert_eq!(sorted.count_while(|number| number < bound), at);
            assert!(sorted.iter_from(at).eq(plain[at..].iter().copied()));
        }
        for number in plain {
            sorted.remove(|other| other.cmp(&number));
        }
        assert_eq!((sorted.len(), sorted.get(0)), (0, None));
    }
}
