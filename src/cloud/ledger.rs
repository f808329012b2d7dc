//! The account's money: every movement, and the only place that moves it.

use super::Cloud;
use super::instance::Instance;
use super::time::Millis;

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
    pub deal_id: Option<String>,
    /// The instance that it is about, where it is about one.
    pub instance_id: Option<String>,
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
}

impl EntryKind {
    /// Every kind there is.
    pub const ALL: &'static [EntryKind] = &[
        EntryKind::Payment,
        EntryKind::Refund,
        EntryKind::Freeze,
        EntryKind::Unfreeze,
    ];

    /// How a fixture writes it.
    pub fn word(self) -> &'static str {
        match self {
            EntryKind::Payment => "Payment",
            EntryKind::Refund => "Refund",
            EntryKind::Freeze => "Freeze",
            EntryKind::Unfreeze => "Unfreeze",
        }
    }

    /// The kind of that word, if there is one.
    pub fn from_word(word: &str) -> Option<EntryKind> {
        EntryKind::ALL
            .iter()
            .copied()
            .find(|kind| kind.word() == word)
    }
}

/// What a movement belongs to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct For<'a> {
    pub(crate) deal: Option<&'a str>,
    pub(crate) instance: Option<&'a str>,
}

impl Cloud {
    /// Takes the price of an order from the balance; a negative one is given back. Nothing is booked for 0.
    pub(crate) fn pay(&mut self, at: Millis, fen: i64, belongs: For) {
        let kind = if fen < 0 {
            EntryKind::Refund
        } else {
            EntryKind::Payment
        };
        self.book(at, kind, fen.saturating_neg(), belongs);
    }

    /// Does something to an instance, and books what is held for it more or less than before.
    pub(crate) fn holding<T>(
        &mut self,
        at: Millis,
        instance_id: &str,
        belongs: For,
        act: impl FnOnce(&mut Cloud) -> T,
    ) -> T {
        let held = |cloud: &Cloud| {
            let instance = cloud.instances.get(instance_id);
            instance.map_or(0, Instance::held_fen)
        };
        let before = held(self);
        let done = act(self);
        self.freeze(at, held(self) - before, belongs);
        done
    }

    /// Holds so much more; negative: lets so much go.
    fn freeze(&mut self, at: Millis, fen: i64, belongs: For) {
        let kind = if fen < 0 {
            EntryKind::Unfreeze
        } else {
            EntryKind::Freeze
        };
        self.book(at, kind, fen.saturating_neg(), belongs);
    }

    fn book(&mut self, at: Millis, kind: EntryKind, amount_fen: i64, belongs: For) {
        if amount_fen == 0 {
            return;
        }
        let balance_fen = self.account.balance_fen.saturating_add(amount_fen);
        self.account.balance_fen = balance_fen;
        self.ledger.push(Entry {
            at,
            kind,
            amount_fen,
            balance_fen,
            deal_id: belongs.deal.map(str::to_owned),
            instance_id: belongs.instance.map(str::to_owned),
        });
        self.note_arrears(at);
    }
}
