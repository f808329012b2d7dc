//! Why the cloud refuses: reasons with their facts, and no codes.
//!
//! Which code a reason becomes depends on the action; `answer.rs` decides that.

use crate::cloud::ids::{InstanceId, ReplicationGroupId, TaskId, is_made_id};
use crate::cloud::log::record::AuditState;
use crate::cloud::values::{Billing, Status};

/// A reason to refuse. A refused call has changed nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The caller's policies do not allow it; the text names operation and resource.
    Denied { text: String },
    /// The action is no longer there.
    Withdrawn,
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
    /// What Cloud Monitor has against it.
    Monitor(MonitorRefusal),
    /// What the token service has against it.
    Keys(KeyRefusal),
    /// The edition cannot do it, whatever the value.
    EditionCannot { type_id: u64, what: &'static str },
    /// It is reached directly, past proxies.
    NoProxies { id: InstanceId },
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
    /// The instance runs, and another task of the same kind does as well.
    TaskRuns { id: InstanceId },
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
    /// The instance stands in one zone, and this needs several.
    OneZone { id: InstanceId },
    /// Nothing is called so that an instance may be able to do.
    NoSuchFeature { name: String },
    /// The proxy of the instance is older than what it takes.
    ProxyTooOld {
        id: InstanceId,
        version: String,
        needs: String,
    },
    /// The instance has no audit log.
    AuditOff { id: InstanceId },
    /// The audit log of the instance is in another state than is needed.
    AuditState { id: InstanceId, state: AuditState },
    /// A text that should be a moment is none.
    BadMoment { parameter: &'static str, why: String },
    /// A condition on rows, or an order of them, that makes no sense.
    BadFilter { why: String },
    /// No export of that name.
    NoSuchFile { name: String },
    /// No topic of that id.
    NoSuchTopic { id: String },
    /// No logset of that id.
    NoSuchLogset { id: String },
    /// The logset still holds topics.
    LogsetInUse { id: String },
    /// Some other instance has the private address, or it is kept.
    AddressTaken { vip: String },
    /// Parameters that do not go together, or none of those of which one is needed.
    BadCombination { why: &'static str },
    /// No migration leads there that could be switched.
    DtsAbnormal { why: &'static str },
    /// No such template of parameters.
    NoSuchTemplate { id: String },
    /// A template that every account has stays as it is.
    SystemTemplate { id: String },
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
    /// The backup is being made, or has expired.
    BackupUnfit { id: String, state: i64 },
    /// A restore or a clone reads the backup.
    BackupLocked { id: String },
    /// The backup does not go with the instance as it is by now.
    BackupSpec { id: String, why: &'static str },
    /// It may be had some day, or of other instances.
    NotOffered { parameter: &'static str, why: String },
    /// It is no day of the week.
    NoWeekDay { day: String },
    /// It is none of the hours of a day.
    BadPeriod { period: String },
    /// No key of the key service, or none of the kinds of them.
    BadEncryption { parameter: &'static str, why: String },
    /// A key of one's own has to be named.
    KeyMissing,
    /// The instance does not run.
    NotWhileSo { id: InstanceId, status: Status },
    /// Sold out for now.
    SoldOut { place: String, type_id: u64 },
    /// The region holds as many postpaid instances as the account may have.
    QuotaExceeded { quota: u64 },
    /// What is stored would not fit, in the whole or in the place that is named.
    ShrinksTooFar {
        room_mb: u64,
        least_mb: u64,
        used_mb: u64,
        place: &'static str,
    },
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
    /// The old password is another one.
    PasswordWrong,
    /// No policy can ask for that.
    PolicyBreaksRules { why: &'static str },
    /// The instance has no account of that name.
    NoSuchAccount { name: String },
    /// `root` is there as it is.
    RootStays { why: &'static str },
    /// An account is to read from replicas, which serve no reads.
    ReplicasServeNoReads { id: InstanceId },
    /// It has not the form of an id, is missing beside a subnet, or is none of those that the account holds there.
    NoSuchVpc { vpc: String },
    /// It has not the form of an id, is missing beside a VPC, or is none of that VPC.
    NoSuchSubnet { subnet: String },
    /// The place knows private networks only.
    VpcOnly { place: String },
    /// No address of the subnet is left, or too few.
    NoAddressFree { subnet: String, free: u64 },
    /// The VPC or the subnet that the instance stood in is gone.
    NetworkGone { id: InstanceId },
    /// It has not the form of an id.
    NoSuchSecurityGroup { group: String },
    /// It has the form of an id, and the account holds others in that region.
    UnknownSecurityGroup { group: String },
    /// The instance would have more groups than it may.
    TooManyGroups { most: usize },
    /// Groups are asked for by the name of another product.
    NotRedis { product: String },
    /// More ids than one call may name.
    TooManyIds { given: usize, most: usize },
    /// What the network service has against it.
    Network(NetworkRefusal),
    /// What replication groups have against it.
    Replication(ReplicationRefusal),
}

impl Refusal {
    /// Of an action that waits for those of its own kind alone: what is in its way is one of them.
    pub(crate) fn of_its_kind(self) -> Refusal {
        match self {
            Refusal::ChangeWaiting { id } => Refusal::TaskRuns { id },
            other => other,
        }
    }
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
    PrefixUnknown { service: String, prefix: String },
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

/// Why Cloud Monitor refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MonitorRefusal {
    /// No such namespace, or no such metric in it.
    MetricUnknown { namespace: String, metric: String },
    /// The metric has no points of that many seconds.
    PeriodUnknown,
    /// The names of the dimensions are not those of the metric.
    DimensionsWrong,
    /// No such instance, node or proxy of this account is in the region.
    NotThere,
    /// More instances, or more points, than one call may ask for.
    TooMany { what: &'static str, asked: u64, most: u64 },
}

impl From<MonitorRefusal> for Refusal {
    fn from(refusal: MonitorRefusal) -> Refusal {
        Refusal::Monitor(refusal)
    }
}

/// Why the token service refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyRefusal {
    /// The role is not one of the caller's account.
    NoSuchRole { arn: String },
    /// Longer than such a key may hold.
    LivesTooLong { seconds: u64, most: u64 },
    /// Longer than a policy may be.
    PolicyTooLong { bytes: usize, most: usize },
    /// It is not written in CAM's syntax.
    PolicyGarbled { why: String },
    /// A resource in it is not written as one.
    PolicyResource { why: String },
    /// It names a principal, which only the policies of roles and resources do.
    PolicyPrincipal,
    /// The caller's own key is one for a while.
    TemporaryCaller,
    /// No device of that kind proves who calls.
    MfaUnknown { device: String },
    /// It is not the six digits that such a device shows.
    MfaCode,
}

impl From<KeyRefusal> for Refusal {
    fn from(refusal: KeyRefusal) -> Refusal {
        Refusal::Keys(refusal)
    }
}

impl From<TagRefusal> for Refusal {
    fn from(refusal: TagRefusal) -> Refusal {
        Refusal::Tags(refusal)
    }
}

/// Why a replication group refuses, or what it does with its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplicationRefusal {
    /// The account has no such group.
    NoSuchGroup { id: String },
    /// A name that no group may have.
    BadName { name: String },
    /// A member of the group joins, leaves or changes its role.
    Locked { id: ReplicationGroupId },
    /// It has as many members as it may.
    Full { id: ReplicationGroupId },
    /// The instance is in a group already.
    Bound { id: InstanceId, group: ReplicationGroupId },
    /// The instance holds data, and is to become one that copies another.
    HoldsData { id: InstanceId, used_mb: u64 },
    /// The instance is not of a size that goes with the group.
    OtherSize { id: InstanceId, why: String },
    /// The instance is such, or stands so to the group, that it cannot be done.
    Unfit { id: InstanceId, why: String },
    /// Members that only read would be left alone, or several write.
    OneMaster { id: InstanceId, why: &'static str },
    /// Only what is empty can be removed.
    HasMembers { id: ReplicationGroupId, members: usize },
    /// What the instance cannot do as long as it is in its group.
    Member {
        id: InstanceId,
        group: ReplicationGroupId,
        what: &'static str,
    },
}

impl From<ReplicationRefusal> for Refusal {
    fn from(refusal: ReplicationRefusal) -> Refusal {
        Refusal::Replication(refusal)
    }
}

/// Why the network service refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworkRefusal {
    /// A text that is of another form.
    Malformed { parameter: &'static str, value: String },
    /// A name of the right form that names nothing in this region.
    Unknown { what: &'static str, id: String },
    /// A text that must say something, or a list that must, is empty.
    Empty { parameter: &'static str },
    /// Longer than the text may be, in characters.
    TooLong { parameter: &'static str, most: usize },
    /// More values than the list may have.
    TooManyValues { parameter: &'static str, most: usize },
    /// A number of a page that is none, or too great.
    PageOutOfRange { parameter: &'static str, value: String },
    /// Two that exclude each other.
    Coexist { one: &'static str, other: &'static str },
    /// A filter of a name that the action has not.
    FilterUnknown { name: String },
    /// A filter that says nothing, or nothing alone.
    FilterLacks { name: String, lacks: &'static str },
    /// More than the account may have of it.
    Quota { what: &'static str, most: usize },
    /// Something uses what is to go.
    InUse { what: &'static str, id: String, by: String },
    /// A block outside the ranges that VPCs may have, or larger or smaller than one may be.
    NotPrivate { cidr: String },
    /// A further block that overlaps the VPC's own.
    OverlapsVpc { cidr: String },
    /// A further block that is there already, or overlaps one.
    CidrTwice { cidr: String },
    /// The subnet is too large or too small, or lies outside its VPC.
    SubnetOutside { cidr: String, vpc: String },
    /// The subnet overlaps another one of the VPC.
    SubnetOverlaps { cidr: String, other: String },
    /// The route table is another VPC's.
    OtherVpc { table: String, subnet: String },
    /// The VPC is in no dedicated cluster.
    NoDedicatedCluster { vpc: String },
    /// The default group stays.
    DefaultGroup { id: String },
    /// A rule that says nothing sensible.
    BadRule { why: String },
    /// No port, range of ports or list of those.
    BadPort { port: String },
    /// A rule that the group has already.
    RuleTwice { at: usize },
    /// The group has no such rule.
    NoSuchRule,
    /// More rules than one direction may have.
    TooManyRules { most: usize },
    /// More groups than the rules of one may name.
    TooManyGroupsNamed { most: usize },
    /// The rules have been changed since.
    OtherVersion { given: u64, now: u64 },
}

impl From<NetworkRefusal> for Refusal {
    fn from(refusal: NetworkRefusal) -> Refusal {
        Refusal::Network(refusal)
    }
}

impl NetworkRefusal {
    /// A text that is of another form.
    pub fn malformed(parameter: &'static str, value: &str) -> Refusal {
        let value = value.to_owned();
        NetworkRefusal::Malformed { parameter, value }.into()
    }

    /// Something uses what is to go.
    pub(crate) fn in_use(what: &'static str, id: &str, by: &str) -> Refusal {
        let (id, by) = (id.to_owned(), by.to_owned());
        NetworkRefusal::InUse { what, id, by }.into()
    }
}

/// An id that names nothing: it is of another form, or there is none of it in this region.
pub fn unknown(parameter: &'static str, id: &str, prefix: &str) -> Refusal {
    if !is_made_id(id, prefix) {
        return NetworkRefusal::malformed(parameter, id);
    }
    let (what, id) = (parameter, id.to_owned());
    NetworkRefusal::Unknown { what, id }.into()
}

/// Refuses a text of more characters than that.
pub(crate) fn at_most(parameter: &'static str, text: &str, most: usize) -> Result<(), Refusal> {
    if text.chars().count() > most {
        return Err(NetworkRefusal::TooLong { parameter, most }.into());
    }
    Ok(())
}

/// Refuses a text that says nothing, or is of more characters than that.
pub(crate) fn filled_at_most(parameter: &'static str, text: &str, most: usize) -> Result<(), Refusal> {
    if text.is_empty() {
        return Err(NetworkRefusal::Empty { parameter }.into());
    }
    at_most(parameter, text, most)
}
