//! Why the cloud refuses: reasons with their facts, and no codes.
//!
//! Which code a reason becomes depends on the action; `answer.rs` decides that.

use super::instance::Status;

/// A reason to refuse. A refused call has changed nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The caller's policies do not allow it; the text names operation and resource.
    Denied {
        text: String,
    },
    /// No instance of that id lives in the region.
    NoSuchInstance {
        id: String,
    },
    NoSuchTask {
        id: u64,
    },
    /// The edition cannot do it, whatever the value.
    EditionCannot {
        type_id: u64,
        what: &'static str,
    },
    /// The size is not a sold one, though it may lie between two that are.
    MemoryNotSold {
        mb: u64,
    },
    /// The size lies below or above all that is sold.
    MemoryOutOfRange {
        mb: u64,
        lowest_mb: u64,
        highest_mb: u64,
    },
    /// A number of shards or replicas that is not sold.
    SpecNotSold {
        parameter: &'static str,
        value: i64,
        sold: Vec<u64>,
    },
    /// An edition that needs the number of shards or replicas did not get it.
    SpecMissing {
        type_id: u64,
    },
    /// Nothing would change.
    NoChange {
        id: String,
    },
    /// More than one of size, shards and replicas would change.
    SeveralChanges {
        changes: Vec<&'static str>,
    },
    /// A value that fits its type and still makes no sense.
    BadValue {
        parameter: &'static str,
        why: String,
    },
    WrongStatus {
        id: String,
        status: Status,
    },
    /// The instance runs, but a change waits for its maintenance window.
    ChangeWaiting {
        id: String,
    },
    /// What is stored would not fit.
    ShrinksTooFar {
        total_mb: u64,
        least_mb: u64,
        used_mb: u64,
    },
    BalanceTooLow {
        needed_fen: i64,
        balance_fen: i64,
    },
    /// No edition has that number, or it is not sold any more.
    TypeNotSold {
        type_id: u64,
    },
    /// The region or the zone sells no Redis.
    NoRedisHere {
        place: String,
    },
    GoodsOutOfRange {
        goods: u64,
        highest: u64,
    },
    PeriodTooLong {
        months: u64,
    },
    PeriodTooShort {
        months: u64,
    },
    PeriodNotSold {
        months: u64,
    },
    PasswordMissing,
    PasswordBreaksRules {
        why: &'static str,
    },
    /// Access without a password is not possible in that network.
    PasswordNeeded {
        why: &'static str,
    },
    NoSuchVpc {
        vpc: String,
    },
    NoSuchSubnet {
        subnet: String,
    },
    /// The place knows private networks only.
    VpcOnly {
        place: String,
    },
    NoSuchSecurityGroup {
        group: String,
    },
}
