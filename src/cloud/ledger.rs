//! The account's money: every movement, and the only place that moves it.

use std::sync::Arc;

use super::ids::{DealId, InstanceId};
use super::instance::Instance;
use super::time::Millis;
use super::{Cloud, Refusal};

/// One movement of money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it was booked.
    pub at: Millis,
    /// Why.
    pub kind: EntryKind,
    /// What the balance gained, in fen; negative: what it lost.
    pub amount_fen: i64,
    /// The balance after it, in fen.
    pub balance_fen: i64,
    /// The order that it belongs to, if one does.
    pub deal_id: Option<DealId>,
    /// The instance that it is about, where it is about one.
    pub instance_id: Option<InstanceId>,
}

/// Why money moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// An order was paid.
    Payment,
    /// An order gave money back: something shrank, was returned or could not be delivered.
    Refund,
    /// A postpaid order holds the price of an hour.
    Freeze,
    /// What was held is let go.
    Unfreeze,
    /// Somebody outside of the cloud has stated another balance, or made something worth more or less.
    Adjustment,
    /// The sum of the oldest movements, which are not told one by one any more.
    Opening,
}

impl EntryKind {
    /// Every kind there is.
    pub const ALL: &'static [EntryKind] = &[
        EntryKind::Payment,
        EntryKind::Refund,
        EntryKind::Freeze,
        EntryKind::Unfreeze,
        EntryKind::Adjustment,
        EntryKind::Opening,
    ];

    /// How a fixture writes it.
    pub fn word(self) -> &'static str {
        match self {
            EntryKind::Payment => "Payment",
            EntryKind::Refund => "Refund",
            EntryKind::Freeze => "Freeze",
            EntryKind::Unfreeze => "Unfreeze",
            EntryKind::Adjustment => "Adjustment",
            EntryKind::Opening => "Opening",
        }
    }

    /// The kind of that word, if there is one.
    pub fn from_word(word: &str) -> Option<EntryKind> {
        EntryKind::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}

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

    /// Whether nothing has moved.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        let full = self.full.iter().flat_map(|page| page.iter());
        full.chain(&self.last)
    }

    /// Adds one. Only what is booked folds: what a fixture states stays as it is until then.
    fn push(&mut self, entry: Entry) {
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
            deal_id: None,
            instance_id: None,
            ..newest.clone()
        };
        let kept = self.iter().skip(count).cloned();
        *self = std::iter::once(opening).chain(kept).collect();
    }
}

/// What a movement belongs to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reference<'a> {
    pub(crate) deal_id: Option<&'a DealId>,
    pub(crate) instance_id: Option<&'a InstanceId>,
}

impl Cloud {
    /// Takes the price of an order from the balance; a negative one is given back. Nothing is booked for 0.
    pub(crate) fn pay(&mut self, at: Millis, fen: i64, reference: Reference) {
        let kind = if fen < 0 { EntryKind::Refund } else { EntryKind::Payment };
        self.book(at, kind, -fen, reference);
    }

    /// Makes the balance what somebody outside of the cloud says that it is. `None`: it is too far away to be booked.
    pub(crate) fn adjust(&mut self, at: Millis, balance_fen: i64) -> Option<()> {
        let amount_fen = balance_fen.checked_sub(self.account.balance_fen)?;
        self.book(at, EntryKind::Adjustment, amount_fen, Reference::default());
        Some(())
    }

    /// Does something to an instance, and books what is held for it more or less than before.
    pub(crate) fn holding<T>(
        &mut self,
        at: Millis,
        instance_id: &InstanceId,
        reference: Reference,
        act: impl FnOnce(&mut Cloud) -> T,
    ) -> T {
        let held = |cloud: &Cloud| {
            let instance = cloud.instances.get(instance_id);
            instance.map_or(0, Instance::held_fen)
        };
        let before = held(self);
        let done = act(self);
        self.freeze(at, held(self) - before, reference);
        done
    }

    /// Somebody outside of the cloud puts this in the place of an instance. What a prepaid one is worth more has been
    /// paid for, and what it is worth less comes back, so that no return gives more than was paid.
    pub(crate) fn state_instance(&mut self, at: Millis, stated: Instance) -> Result<(), Refusal> {
        let id = stated.id.clone();
        let worth_fen = |of: &Instance| of.value(at).fen();
        let before_fen = self.instances.get(&id).map_or(0, worth_fen);
        let back_fen = before_fen - worth_fen(&stated);
        self.account.can_receive(back_fen)?;
        let reference = Reference {
            deal_id: None,
            instance_id: Some(&id),
        };
        self.holding(at, &id, reference, |cloud| cloud.instances.insert(stated));
        self.book(at, EntryKind::Adjustment, back_fen, reference);
        Ok(())
    }

    /// Holds so much more; negative: lets so much go.
    fn freeze(&mut self, at: Millis, fen: i64, reference: Reference) {
        let kind = if fen < 0 {
            EntryKind::Unfreeze
        } else {
            EntryKind::Freeze
        };
        self.book(at, kind, -fen, reference);
    }

    fn book(&mut self, at: Millis, kind: EntryKind, amount_fen: i64, reference: Reference) {
        if amount_fen == 0 {
            return;
        }
        // Every balance that a fixture may state leaves room for all that comes of it.
        let Some(balance_fen) = self.account.balance_fen.checked_add(amount_fen) else {
            return;
        };
        self.account.balance_fen = balance_fen;
        self.ledger.push(Entry {
            at,
            kind,
            amount_fen,
            balance_fen,
            deal_id: reference.deal_id.cloned(),
            instance_id: reference.instance_id.cloned(),
        });
        self.note_arrears(at);
    }
}
