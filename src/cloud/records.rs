//! Lists that are cheap to copy.
//!
//! They are cut into chunks that stand behind `Arc`. A copy shares every chunk with its original; a change of either
//! copies the one chunk that it falls in. So a picture of a cloud costs a step for each few hundred records, and can be
//! looked at while the cloud goes on.

use std::borrow::Borrow;
use std::ops::Index;
use std::sync::Arc;

/// A chunk that grows beyond this is cut in two.
pub(crate) const CHUNK_MAX: usize = 512;

/// Records by key, in its order.
#[derive(Clone, Debug)]
pub struct Records<K, V> {
    chunks: Vec<Chunk<K, V>>,
    len: usize,
}

type Chunk<K, V> = Arc<Vec<(K, Arc<V>)>>;

impl<K, V> Default for Records<K, V> {
    fn default() -> Self {
        Records {
            chunks: Vec::new(),
            len: 0,
        }
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for Records<K, V> {
    /// The same records, however they are cut.
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<K, V> Records<K, V> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All of them, by key.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.iter().map(|(_, record)| record)
    }

    /// All of them with their keys, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        let rows = self.chunks.iter().flat_map(|chunk| chunk.iter());
        rows.map(|(key, record)| (key, &**record))
    }
}

impl<K: Ord + Clone, V: Clone> Records<K, V> {
    /// The record of that key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let (chunk, at) = self.place(key).ok()?;
        Some(&self.chunks[chunk][at].1)
    }

    /// Whether there is one of that key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    /// The record of that key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (chunk, at) = self.place(key).ok()?;
        let chunk = Arc::make_mut(&mut self.chunks[chunk]);
        Some(Arc::make_mut(&mut chunk[at].1))
    }

    /// Puts a record in, in the place of an earlier one of that key.
    pub fn insert(&mut self, key: K, record: V) {
        let record = Arc::new(record);
        let (chunk, at) = match self.place(&key) {
            Ok((chunk, at)) => {
                Arc::make_mut(&mut self.chunks[chunk])[at].1 = record;
                return;
            }
            Err(place) => place,
        };
        self.len += 1;
        let Some(records) = self.chunks.get_mut(chunk) else {
            self.chunks.push(Arc::new(vec![(key, record)]));
            return;
        };
        let records = Arc::make_mut(records);
        records.insert(at, (key, record));
        if let Some(rest) = overflow(records) {
            self.chunks.insert(chunk + 1, Arc::new(rest));
        }
    }

    /// Takes a record out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (chunk, at) = self.place(key).ok()?;
        let records = Arc::make_mut(&mut self.chunks[chunk]);
        let (_, record) = records.remove(at);
        if records.is_empty() {
            self.chunks.remove(chunk);
        }
        self.len -= 1;
        Some(Arc::unwrap_or_clone(record))
    }

    /// All of them from that key on, in order.
    pub fn iter_from<'a>(&'a self, key: &K) -> impl Iterator<Item = (&'a K, &'a V)> + use<'a, K, V> {
        let (chunk, at) = self.place(key).unwrap_or_else(|place| place);
        let chunks = self.chunks.get(chunk..).unwrap_or_default();
        let rows = chunks.iter().flat_map(|chunk| chunk.iter()).skip(at);
        rows.map(|(key, record)| (key, &**record))
    }

    /// The chunk and the place in it of that key, or where it would have to go.
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<(usize, usize), (usize, usize)>
    where
        K: Borrow<Q>,
    {
        let later = self.chunks.partition_point(|chunk| chunk[0].0.borrow() <= key);
        let chunk = later.saturating_sub(1);
        let Some(records) = self.chunks.get(chunk) else {
            return Err((chunk, 0));
        };
        match records.binary_search_by(|(own, _)| own.borrow().cmp(key)) {
            Ok(at) => Ok((chunk, at)),
            Err(at) => Err((chunk, at)),
        }
    }
}

impl<Q: Ord + ?Sized, K: Ord + Clone + Borrow<Q>, V: Clone> Index<&Q> for Records<K, V> {
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("a record of that key")
    }
}

/// The rear half of a chunk that has grown too long, cut off.
pub(crate) fn overflow<T>(chunk: &mut Vec<T>) -> Option<Vec<T>> {
    (chunk.len() > CHUNK_MAX).then(|| chunk.split_off(CHUNK_MAX / 2))
}

/// Values by number, from 0 on.
#[derive(Clone, Debug)]
pub(crate) struct Pages<T> {
    pages: Vec<Arc<Vec<T>>>,
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Pages { pages: Vec::new() }
    }
}

impl<T: Clone> Pages<T> {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        let full = self.pages.len().saturating_sub(1) * CHUNK_MAX;
        self.pages.last().map_or(0, |last| full + last.len())
    }

    /// The value of that number.
    pub(crate) fn get(&self, number: usize) -> Option<&T> {
        self.pages.get(number / CHUNK_MAX)?.get(number % CHUNK_MAX)
    }

    /// The value of that number, to be changed.
    pub(crate) fn get_mut(&mut self, number: usize) -> Option<&mut T> {
        let page = self.pages.get_mut(number / CHUNK_MAX)?;
        Arc::make_mut(page).get_mut(number % CHUNK_MAX)
    }

    /// Adds a value; its number is the last.
    pub(crate) fn push(&mut self, value: T) {
        match self.pages.last_mut().filter(|last| last.len() < CHUNK_MAX) {
            Some(last) => Arc::make_mut(last).push(value),
            None => self.pages.push(Arc::new(vec![value])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn records_are_what_a_plain_map_holds_and_a_copy_stays_as_it_was() {
        let (mut records, mut plain) = (Records::default(), BTreeMap::new());
        let mut key: u64 = 1;
        let mut copies = Vec::new();
        for round in 0..8_000_u64 {
            key = key.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let key = (key >> 33) % 3_000;
            match round % 4 {
                0 => assert_eq!(records.remove(&key), plain.remove(&key)),
                1 => {
                    let (one, two) = (records.get_mut(&key), plain.get_mut(&key));
                    assert_eq!(one, two);
                    if let (Some(one), Some(two)) = (one, two) {
                        (*one, *two) = (round, round);
                    }
                }
                _ => {
                    records.insert(key, round);
                    plain.insert(key, round);
                }
            }
            if round % 1_000 == 0 {
                copies.push((records.clone(), plain.clone()));
            }
        }
        copies.push((records, plain));
        for (records, plain) in copies {
            assert_eq!((records.len(), records.is_empty()), (plain.len(), plain.is_empty()));
            assert!(records.iter().eq(&plain));
            for key in [0, 1_500, 1_501, 2_999, 3_000] {
                assert!(records.iter_from(&key).eq(plain.range(key..)), "{key}");
            }
            assert!(records.values().eq(plain.values()) && plain.keys().all(|key| records[key] == plain[key]));
            assert!(!records.contains_key(&3_000));
        }
    }

    #[test]
    fn a_copy_shares_what_neither_has_changed() {
        let mut records = Records::default();
        for key in 0..10_000_u64 {
            records.insert(key, key);
        }
        let copy = records.clone();
        *records.get_mut(&5_000).expect("it is there") = 0;
        let other = |(one, two): &(&Chunk<u64, u64>, &Chunk<u64, u64>)| !Arc::ptr_eq(one, two);
        let changed = records.chunks.iter().zip(&copy.chunks).filter(other);
        assert_eq!((changed.count(), copy[&5_000], records[&5_000]), (1, 5_000, 0));
    }

    #[test]
    fn pages_are_read_by_number() {
        let mut pages = Pages::default();
        for number in 0..2 * CHUNK_MAX + 1 {
            pages.push(number);
            assert_eq!(pages.len(), number + 1);
        }
        let copy = pages.clone();
        *pages.get_mut(CHUNK_MAX).expect("it is there") = 0;
        assert_eq!(
            (pages.get(CHUNK_MAX), copy.get(CHUNK_MAX)),
            (Some(&0), Some(&CHUNK_MAX))
        );
        assert_eq!(pages.get(2 * CHUNK_MAX + 1), None);
    }
}
