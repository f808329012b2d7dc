//! Whose cloud it is, its money and its quota.

use crate::cloud::ids::{DealId, InstanceId};
use crate::cloud::time::{self, DAY, Millis};
use crate::cloud::values::worded;

/// The owner of everything in one [`Cloud`](crate::cloud::Cloud).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// `Appid`
    pub app_id: u64,
    /// The main account's number, which is `Creater` of its orders.
    pub uin: String,
    /// What is booked, in fen (0.01 CNY): the end of the ledger. What hours have cost that are not booked yet comes off
    /// it, see [`balance_fen`](crate::cloud::money::book::balance_fen).
    pub balance_fen: i64,
    /// Since when the account has been in arrears without a break.
    pub arrears_since: Option<Millis>,
    /// Whether these arrears have isolated what is postpaid already.
    pub arrears_enforced: bool,
    /// How many postpaid instances a region may hold by orders.
    pub postpaid_quota: u64,
    /// Whether it is on the white list for instances without a VPC.
    pub base_network: bool,
    /// For how long an instance is locked after a resize, though it runs.
    pub lock_seconds: i64,
}

/// How many postpaid instances a region holds at most, as documented.
pub const POSTPAID_QUOTA: u64 = 100;

/// The most that an account may have, in fen, by what calls give back to it: ten quadrillion CNY.
pub const BALANCE_MOST_FEN: i64 = 1_000_000_000_000_000_000;
/// The most that it may come to with all that is held and may come back by itself, and the most that may be owed.
pub const WORTH_MOST_FEN: i64 = 2 * BALANCE_MOST_FEN;

/// What is left of what is booked, with hours that cost so much and are not booked yet. No hour leads beyond the most
/// that may be owed.
pub(crate) fn left_fen(booked_fen: i64, hours_fen: i128) -> i64 {
    let most_fen = i128::from(booked_fen) + i128::from(WORTH_MOST_FEN);
    let left_fen = i128::from(booked_fen) - hours_fen.min(most_fen.max(0));
    i64::try_from(left_fen).unwrap_or(booked_fen)
}

/// What is booked where so much is left.
pub(crate) fn booked_fen(left_fen: i64, hours_fen: i128) -> i64 {
    if left_fen <= -WORTH_MOST_FEN {
        return left_fen;
    }
    i64::try_from(i128::from(left_fen) + hours_fen).unwrap_or(i64::MAX)
}

/// The most that is held for one instance, in fen: ten times what an hour of the dearest costs, and more.
pub const HELD_MOST_FEN: i64 = 1_000_000_000;

/// Postpaid instances of an account in arrears are isolated after this.
const ARREARS_GRACE: Millis = DAY;

impl Account {
    /// An account with that to spend and the documented quota.
    pub fn new(app_id: u64, uin: String, balance_fen: i64) -> Account {
        Account {
            app_id,
            uin,
            balance_fen,
            arrears_since: None,
            arrears_enforced: false,
            postpaid_quota: POSTPAID_QUOTA,
            base_network: false,
            lock_seconds: 0,
        }
    }

    /// Notes whether it is in arrears then, and since when.
    pub(crate) fn note_arrears(&mut self, at: Millis, in_arrears: bool) {
        match (in_arrears, self.arrears_since) {
            (true, None) => self.arrears_since = Some(at),
            (false, Some(_)) => {
                self.arrears_since = None;
                self.arrears_enforced = false;
            }
            _ => {}
        }
    }

    /// When arrears isolate what is postpaid, if they have not yet.
    pub(crate) fn arrears_due(&self) -> Option<Millis> {
        let due_at = time::after(self.arrears_since?, ARREARS_GRACE);
        (!self.arrears_enforced).then_some(due_at)
    }
}

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
    /// The hours that it charges.
    pub hours: Option<u64>,
    /// The order that it belongs to, if one does.
    pub deal_id: Option<DealId>,
    /// The instance that it is about, where it is about one.
    pub instance_id: Option<InstanceId>,
}

worded! {
    /// Why money moves.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum EntryKind {
        /// An order was paid.
        Payment = "Payment",
        /// An order gave money back: something shrank, was returned or could not be delivered.
        Refund = "Refund",
        /// A postpaid order holds the price of an hour.
        Freeze = "Freeze",
        /// What was held is let go.
        Unfreeze = "Unfreeze",
        /// Hours of a postpaid instance are charged, all at one tariff.
        Charge = "Charge",
        /// Somebody outside of the cloud has stated another balance, or made something worth more or less.
        Adjustment = "Adjustment",
        /// The sum of the oldest movements, which are not told one by one any more.
        Opening = "Opening",
    }
}

/// What a movement belongs to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reference<'a> {
    pub(crate) deal_id: Option<&'a DealId>,
    pub(crate) instance_id: Option<&'a InstanceId>,
}

impl<'a> Reference<'a> {
    /// An order, and the instance that it is about.
    pub(crate) fn to(deal_id: &'a DealId, instance_id: &'a InstanceId) -> Reference<'a> {
        Reference {
            deal_id: Some(deal_id),
            instance_id: Some(instance_id),
        }
    }

    /// An instance, without any order.
    pub(crate) fn to_instance(instance_id: &'a InstanceId) -> Reference<'a> {
        Reference {
            deal_id: None,
            instance_id: Some(instance_id),
        }
    }
}
