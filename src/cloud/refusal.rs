//! Why the cloud refuses: reasons with their facts, and no codes.
//!
//! Which code a reason becomes depends on the action; `answer.rs` decides that.

use crate::cloud::ids::{InstanceId, TaskId};
use crate::cloud::values::{Billing, Status};

/// A reason to refuse. A refused call has changed nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The caller's policies do not allow it; the text names operation and resource.
    Denied { text: String },
    /// No instance of that id lives in the region.
    NoSuchInstance { id: String },
    /// A text that must say something is empty.
    Empty { parameter: &'static str },
    /// No task of that number belongs to the region.
    NoSuchTask { id: TaskId },
    /// No zones or regions are known of that product.
    NoSuchProduct { product: String },
    /// What the tag service has against it.
    Tags(TagRefusal),
    /// The edition cannot do it, whatever the value.
    EditionCannot { type_id: u64, what: &'static str },
    /// The size is not a sold one, though it may lie between two that are.
    MemoryNotSold { mb: u64, sold_mb: Vec<u64> },
    /// The size lies below or above all that is sold.
    MemoryOutOfRange { mb: u64, lowest_mb: u64, highest_mb: u64 },
    /// A number of shards or replicas that is not sold.
    SpecNotSold {
        parameter: &'static str,
        value: i64,
        sold: Vec<u64>,
    },
    /// An edition that needs the number of shards or replicas did not get it.
    SpecMissing { type_id: u64 },
    /// Nothing would change.
    NoChange { id: InstanceId },
    /// More than one of size, shards and replicas would change.
    SeveralChanges { changes: Vec<&'static str> },
    /// A value that fits its type and still makes no sense.
    BadValue { parameter: &'static str, why: String },
    /// The instance is in none of the statuses that the action needs.
    WrongStatus {
        id: InstanceId,
        status: Status,
        needs: &'static [Status],
    },
    /// The instance runs, but a change of it has begun and has not ended, or waits for its maintenance window.
    ChangeWaiting { id: InstanceId },
    /// The instance runs, and the resize that has just ended still holds it.
    Locked { id: InstanceId },
    /// No change of the instance waits for its maintenance window.
    NothingWaiting { id: InstanceId },
    /// The instance is in the recycle bin, and its settings stay as they are there.
    InRecycleBin { id: InstanceId },
    /// The instance stands in the base network.
    NotInVpc { id: InstanceId },
    /// The instance stands in the other kind of network than is needed.
    WrongNetwork { id: InstanceId, why: &'static str },
    /// The instance is used without a password.
    PasswordFree { id: InstanceId },
    /// The instance is such that it cannot be done.
    AsItStands { id: InstanceId, why: &'static str },
    /// The proxy of the instance is older than what it takes.
    ProxyTooOld { id: InstanceId, version: String },
    /// Some other instance has the private address, or it is kept.
    AddressTaken { vip: String },
    /// Parameters that do not go together, or none of those of which one is needed.
    BadCombination { why: &'static str },
    /// No migration leads there that could be switched.
    DtsAbnormal { why: &'static str },
    /// No edition has that number.
    UnknownType { type_id: u64 },
    /// The planned event is not one that can be changed so.
    EventFixed { id: u64, why: &'static str },
    /// The instance is paid for in the other way.
    WrongBilling { id: InstanceId, billing: Billing },
    /// The instance is protected from being destroyed.
    Protected { id: InstanceId },
    /// What a prepaid instance was paid for is over: it has to be renewed.
    TimeIsUp { id: InstanceId },
    /// The version that the caller names is not the instance's, or there is no such newer one.
    VersionMismatch { what: &'static str, why: String },
    /// The edition or its proxy is too old.
    TooOld { id: InstanceId },
    /// A way to renew that is none of the documented.
    BadAutoRenew { parameter: &'static str, value: String },
    /// An automatic renewal was asked for an instance that is postpaid.
    NoAutoRenew { id: InstanceId },
    /// No backup of that id belongs to the instance, or it cannot be used.
    NoSuchBackup { id: String },
    /// Sold out for now.
    SoldOut { place: String, type_id: u64 },
    /// The region holds as many postpaid instances as the account may have.
    QuotaExceeded { quota: u64 },
    /// What is stored would not fit.
    ShrinksTooFar { total_mb: u64, least_mb: u64, used_mb: u64 },
    /// The money does not suffice, or the account is in arrears.
    BalanceTooLow { needed_fen: i64, balance_fen: i64 },
    /// No edition has that number, or it is not sold any more.
    TypeNotSold { type_id: u64 },
    /// The region sells no Redis.
    NoRedisHere { place: String },
    /// The region has no such zone.
    NoSuchZone { place: String },
    /// No edition has that number, or it is not sold any more, and no price is told of it.
    TypeNotPriced { type_id: u64 },
    /// It can be had again some day.
    SaleSuspended { what: &'static str },
    /// The account may not have it without being listed for it.
    NotOnWhiteList { what: &'static str },
    /// Nothing new comes into the base network.
    BaseNetworkClosed,
    /// What stands in several zones does not become a cluster.
    StaysStandard { id: InstanceId },
    /// The instance goes back to its backups only, not to any second.
    NoSecondLevelBackup { id: InstanceId },
    /// None, or more than one order can hold.
    GoodsOutOfRange { goods: u64, highest: u64 },
    /// Longer than the billing mode can be ordered for.
    PeriodTooLong { months: u64 },
    /// No month at all.
    PeriodTooShort { months: u64 },
    /// It would run out later than any moment that the API can show.
    DeadlineTooFar { months: u64 },
    /// The balance would come to more than an account may have.
    BalanceTooHigh { balance_fen: i64, back_fen: i64 },
    /// Between two periods that are sold.
    PeriodNotSold { months: u64 },
    /// Neither a password nor access without one.
    PasswordMissing,
    /// Length or characters do not follow the documented rule.
    PasswordBreaksRules { why: &'static str },
    /// Access without a password is not possible in that network.
    PasswordNeeded { why: &'static str },
    /// It has not the form of an id, or is missing beside a subnet.
    NoSuchVpc { vpc: String },
    /// It has not the form of an id, or is missing beside a VPC.
    NoSuchSubnet { subnet: String },
    /// The place knows private networks only.
    VpcOnly { place: String },
    /// It has not the form of an id.
    NoSuchSecurityGroup { group: String },
}

/// A value that fits its type and still makes no sense.
pub fn bad_value(parameter: &'static str, why: String) -> Refusal {
    Refusal::BadValue { parameter, why }
}

/// Why the tag service refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagRefusal {
    /// It is not the six-part name of something of this account.
    ResourceGarbled { resource: String, why: &'static str },
    /// No resources of that service are here.
    ServiceUnknown { service: String },
    /// The service has no such kind of resource.
    PrefixUnknown { prefix: String },
    /// No region has that name.
    RegionUnknown { region: String },
    /// A name that could be right, but there is no such resource.
    ResourceUnknown { resource: String },
    /// A list of ids that cannot be one.
    IdsBad { why: String },
    /// Neither a tag to set nor one to take off.
    NothingAsked,
    /// More than one call may set, or take off.
    TooManyChanges { changes: usize },
    /// More than one resource can have.
    TooManyTags { tags: usize },
    /// A key of nothing.
    KeyEmpty,
    /// Longer than a key may be.
    KeyTooLong { key: String },
    /// A character that no key may have, or a blank at an end.
    KeyIllegal { key: String },
    /// It begins as the cloud's own keys do.
    KeyReserved { key: String },
    /// It is set twice.
    KeyTwice { key: String },
    /// It is both set and taken off.
    KeyInBoth { key: String },
    /// Longer than a value may be.
    ValueTooLong { key: String },
    /// A character that no value may have, or a blank at an end.
    ValueIllegal { key: String },
}

impl From<TagRefusal> for Refusal {
    fn from(refusal: TagRefusal) -> Refusal {
        Refusal::Tags(refusal)
    }
}
