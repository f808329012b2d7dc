//! Money: the account, its ledger, what orders cost and how instances are paid for.

pub mod book;
pub mod charge;
pub mod ledger;
pub mod meters;
pub mod order;
pub mod record;
