//! The account's money: every movement, and the only place that moves it.

use std::sync::Arc;

use crate::cloud::money::record::{Entry, EntryKind};

/// So many movements are told one by one at most: with one more the older half becomes one `Opening`.
pub const LEDGER_MOST: usize = 10_000;
/// So many lie on one page.
const PAGE: usize = 256;

/// Movements of money, oldest first. Pages that are full are shared, so that a copy costs little, however many there
/// are.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    full: Vec<Arc<[Entry]>>,
    last: Vec<Entry>,
}

impl PartialEq for Ledger {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Extend<Entry> for Ledger {
    fn extend<T: IntoIterator<Item = Entry>>(&mut self, entries: T) {
        entries.into_iter().for_each(|entry| self.append(entry));
    }
}

impl FromIterator<Entry> for Ledger {
    fn from_iter<T: IntoIterator<Item = Entry>>(entries: T) -> Self {
        let mut ledger = Self::default();
        ledger.extend(entries);
        ledger
    }
}

impl Ledger {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.full.len() * PAGE + self.last.len()
    }

    /// All of them, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        let full = self.full.iter().flat_map(|page| page.iter());
        full.chain(&self.last)
    }

    /// Adds one. Only what is booked folds: what a fixture states stays as it is until then.
    pub(crate) fn push(&mut self, entry: Entry) {
        self.append(entry);
        if self.len() > LEDGER_MOST {
            self.fold(self.len() - LEDGER_MOST / 2);
        }
    }

    fn append(&mut self, entry: Entry) {
        self.last.push(entry);
        if self.last.len() == PAGE {
            self.full.push(std::mem::take(&mut self.last).into());
        }
    }

    /// Makes the oldest so many one. Entries that a fixture stated so that their sum cannot be counted stay.
    fn fold(&mut self, count: usize) {
        let oldest = || self.iter().take(count);
        let sum_fen: i128 = oldest().map(|entry| i128::from(entry.amount_fen)).sum();
        let (Some(newest), Ok(amount_fen)) = (oldest().last(), i64::try_from(sum_fen)) else {
            return;
        };
        let opening = Entry {
            kind: EntryKind::Opening,
            amount_fen,
            hours: None,
            deal_id: None,
            instance_id: None,
            ..newest.clone()
        };
        let kept = self.iter().skip(count).cloned();
        *self = std::iter::once(opening).chain(kept).collect();
    }
}
