//! Every reason with its candidate codes, best first, and what is said beside the code: our own words with the facts
//! of the case, save where a text is known from the wild. Read it beside the lists of the contract: the second and
//! later candidates stand here because some action documents only them.

use crate::cloud::replication::record::MEMBERS_MAX;
use crate::cloud::tags::{CHANGES_MAX, KEY_CHARS_MAX, TAGS_MAX, VALUE_CHARS_MAX};
use crate::cloud::{
    KeyRefusal as K, MonitorRefusal as M, NetworkRefusal as N, Refusal as R, ReplicationRefusal as G, Status,
    TagRefusal as T, time,
};
use crate::contract::ErrorCode::{self, *};

/// What a refusal becomes in an answer, before the action has chosen among the codes.
pub(super) struct Reason {
    pub(super) codes: &'static [ErrorCode],
    pub(super) message: String,
}

/// A row as it stands in the table, for whoever wants to read of a reason before it has come up.
pub(super) struct Row {
    /// The pattern of the refusal, as it is written here.
    pub(super) refusal: &'static str,
    pub(super) codes: &'static [ErrorCode],
    /// With the names of what is put in: `No instance {id} exists in this region.`
    pub(super) text: &'static str,
}

/// Makes the function `reason` of a table with a row for each reason, and the table [`ROWS`] of the same. The function
/// is one `match`, so a reason without a row does not compile.
macro_rules! reasons {
    ($($refusal:pat => $codes:expr, $text:literal $(, $value:expr)*;)+) => {
        pub(super) static ROWS: &[Row] = &[
            $(Row { refusal: stringify!($refusal), codes: $codes, text: $text },)+
        ];

        /// The row of this refusal.
        pub(super) fn reason(refusal: &R) -> Reason {
            match refusal {
                $($refusal => Reason { codes: $codes, message: format!($text $(, $value)*) },)+
            }
        }
    };
}

reasons! {
    // Who may, and what is named.
    R::Denied { text } => &[
        UnauthorizedOperationNoCAMAuthed, InvalidParameterPermissionDenied, AuthFailureUnauthorizedOperation],
        "{text}";
    R::Withdrawn => &[ActionOffline],
        "The action has been withdrawn.";
    R::Empty { parameter } => &[
        InvalidParameterEmptyParam, ResourceNotFoundInstanceNotExists, ResourceNotFoundInstanceNotFound,
        ResourceNotFound, InvalidParameterInvalidParameter, InvalidParameter],
        "The parameter `{parameter}` is empty.";
    R::BadValue { parameter, why } => &[
        InvalidParameterInvalidParameter, InvalidParameterValueInvalidParameterValueError, InvalidParameterParamError,
        InvalidParameterValue, InvalidParameter],
        "The parameter `{parameter}` is not valid: {why}.";
    R::NoSuchInstance { id } => &[
        ResourceNotFoundInstanceNotExists, ResourceNotFoundInstanceNotFound, ResourceNotFound,
        InvalidParameterInvalidParameter, InvalidParameterIllegalParameterError, InvalidParameter],
        "No instance {id} exists in this region.";
    R::NoSuchTask { id } => &[InvalidParameterInvalidParameter, InvalidParameter],
        "No task {id} exists in this region.";
    R::NoSuchProduct { product } => &[InvalidParameter],
        "Nothing is known here of the zones of product `{product}`; `redis` is the one that is.";
    R::NoSuchBackup { id } => &[
        InvalidParameterValueBackupNotExists, InvalidParameterValueCheckNotPass, InvalidParameterInvalidParameter],
        "The instance has no backup {id} that can be used.";
    R::BackupUnfit { id, state } => &[
        ResourceUnavailableBackupStatusInvalid, ResourceUnavailableBackupStatusAbnormal,
        InvalidParameterValueCheckNotPass],
        "Backup {id} has status {state}; it must have 2.";
    R::BackupLocked { id } => &[
        ResourceUnavailableBackupLockedError, ResourceUnavailableBackupStatusInvalid,
        InvalidParameterValueCheckNotPass],
        "Backup {id} is being read; try again later.";
    R::BackupSpec { id, why } => &[ResourceUnavailableBackupSpecError],
        "Backup {id} does not fit: {why}.";
    R::NotOffered { parameter, why } => &[InvalidParameterNotSupported, InvalidParameterInvalidParameter],
        "`{parameter}` cannot be so: {why}.";
    R::NoWeekDay { day } => &[InvalidParameterValueWeekDaysIsInvalid],
        "`WeekDays` holds `{day}`, which is no day from Monday to Sunday.";
    R::BadPeriod { period } => &[InvalidParameterPeriod],
        "`TimePeriod` `{period}` is none of the hours 00:00-01:00 to 23:00-00:00.";
    R::BadEncryption { parameter, why } => &[InvalidParameterValue],
        "The encryption cannot be so: `{parameter}` {why}.";
    R::KeyMissing => &[InvalidParameter],
        "`EncryptKeyType` 1 needs a `KmsKeyId`.";
    R::NotWhileSo { id, status } => &[UnsupportedOperation],
        "Instance {id} does not run: it has status {}.", status.number();

    // The instance as it stands.
    // What is isolated or being deleted has codes of its own where the action has them.
    R::WrongStatus { id, status: status @ Status::Isolated, needs } => &[
        ResourceUnavailableInstanceStatusAbnormal, ResourceUnavailableInstanceStatusError,
        ResourceUnavailableInstanceStateError, ResourceUnavailableInstanceIsolated,
        ResourceUnavailableInstanceDeleted, ResourceUnavailableInstanceUnLockedError,
        UnsupportedOperationInstanceNotOperation, FailedOperationSystemError, UnsupportedOperation],
        "Instance {id} has status {}; it must have {}.", status.number(), either(needs);
    R::WrongStatus { id, status: status @ Status::Deleting, needs } => &[
        ResourceUnavailableInstanceStatusAbnormal, ResourceUnavailableInstanceStatusError,
        ResourceUnavailableInstanceStateError, ResourceUnavailableInstanceDeleted,
        ResourceUnavailableInstanceUnLockedError, UnsupportedOperationInstanceNotOperation,
        FailedOperationSystemError, UnsupportedOperation],
        "Instance {id} has status {}; it must have {}.", status.number(), either(needs);
    R::WrongStatus { id, status: status @ (Status::Pending | Status::InProcess | Status::Running), needs } => &[
        ResourceUnavailableInstanceStatusAbnormal, ResourceUnavailableInstanceStatusError,
        ResourceUnavailableInstanceStateError, ResourceUnavailableInstanceLockedError,
        ResourceInUseInstanceBeenLocked, ResourceUnavailableInstanceUnLockedError,
        UnsupportedOperationInstanceNotOperation, FailedOperationSystemError],
        "Instance {id} has status {}; it must have {}.", status.number(), either(needs);
    R::ChangeWaiting { id } => &[
        ResourceUnavailableInstanceStatusAbnormal, ResourceUnavailableInstanceLockedError,
        ResourceUnavailableInstanceStatusError, ResourceUnavailableInstanceStateError,
        ResourceInUseInstanceBeenLocked, ResourceUnavailableInstanceUnLockedError,
        UnsupportedOperationInstanceNotOperation, FailedOperationSystemError],
        "Instance {id} has a change that has not taken effect yet.";
    R::TaskRuns { id } => &[ResourceUnavailableInstanceLockedError, FailedOperationSystemError],
        "Instance {id} has a task of that kind that has not ended yet.";
    R::Locked { id } => &[FailedOperationSystemError, FailedOperationUnknown, ResourceUnavailableInstanceLockedError],
        "Instance {id} is still locked by the resize that has just ended; try again later.";
    R::NothingWaiting { id } => &[
        ResourceUnavailableInstanceStatusAbnormal, ResourceUnavailableInstanceStatusError],
        "No change of instance {id} waits for its maintenance window.";
    R::NotInVpc { id } => &[InvalidParameterIsNotVpcInstance, InvalidParameterNotSupported, UnsupportedOperation],
        "Instance {id} stands in the base network; this needs a VPC.";
    R::WrongNetwork { id, why } => &[InvalidParameterNotSupported, InvalidParameter],
        "Instance {id} {why}.";
    R::PasswordFree { id } => &[
        UnsupportedOperationInstanceNotOperation, FailedOperationUnSupportError, InvalidParameterInvalidParameter],
        "Instance {id} is used without a password; set one first.";
    R::AsItStands { id, why } => &[FailedOperationUnSupportError, FailedOperationSystemError],
        "Instance {id} {why}.";
    R::OneZone { id } => &[ResourceUnavailableInstanceNotSupportOperation],
        "Instance {id} stands in one zone; this needs several.";
    R::NoSuchFeature { name } => &[InvalidParameterActionNotFound],
        "No feature `{name}` is known; read-local-node-only, multi-account and auto-failback are.";
    R::ProxyTooOld { id, version, needs } => &[UnsupportedOperationLimitProxyVersion, UnsupportedOperation],
        "The proxy of instance {id}, {version}, is older than {needs}, which this needs.";
    // Not a code with which Terraform would try again for minutes.
    R::AuditOff { id } => &[UnsupportedOperationInstanceNotOperation, FailedOperationServiceAccessError],
        "Instance {id} has no audit log.";
    R::AuditState { id, state } => &[UnsupportedOperationInstanceNotOperation],
        "The audit log of instance {id} has the status `{}`.", state.word();
    R::BadMoment { parameter, why } => &[
        InvalidParameterInvalidParameter, InvalidParameterValueDataConvertError, InvalidParameterValue],
        "The parameter `{parameter}` is not valid: {why}.";
    R::BadFilter { why } => &[InvalidParameterInvalidParameter, InvalidParameterInvalidParameterError],
        "The rows cannot be chosen so: {why}.";
    R::NoSuchFile { name } => &[ResourceNotFound],
        "No export `{name}` exists.";
    R::NoSuchTopic { id } => &[ResourceNotFoundTopicNotExist],
        "No topic `{id}` exists in this region.";
    R::NoSuchLogset { id } => &[ResourceNotFoundLogsetNotExist],
        "No logset `{id}` exists in this region.";
    R::LogsetInUse { id } => &[FailedOperationLogsetNotEmpty],
        "The logset `{id}` still holds topics.";
    R::AddressTaken { vip } => &[InvalidParameterValueCheckNotPass, InvalidParameterValue],
        "The address {vip} is taken.";
    R::BadCombination { why } => &[InvalidParameterInvalidParameter, InvalidParameter],
        "The parameters do not go together: {why}.";
    R::DtsAbnormal { why } => &[FailedOperationDtsStatusAbnormal],
        "The addresses cannot be exchanged: {why}.";
    R::NoSuchTemplate { id } => &[ResourceNotFound, InvalidParameter],
        "No parameter template `{id}` exists.";
    R::SystemTemplate { id } => &[UnsupportedOperation],
        "Parameter template `{id}` belongs to the system and stays as it is.";
    R::UnknownType { type_id } => &[FailedOperationSystemError],
        "No type {type_id} is known.";
    R::InRecycleBin { id } => &[FailedOperationSystemError, UnsupportedOperation],
        "Instance {id} is isolated; its settings stay as they are.";
    R::EventFixed { id, why } => &[UnsupportedOperationInstanceNotOperation],
        "Event {id} stays as it is: {why}.";
    R::WrongBilling { id, billing } => &[
        InvalidParameterValueUnSupportedType, FailedOperationUnSupportError, InvalidParameterInvalidParameter,
        FailedOperationSystemError],
        "Instance {id} is {}.", billing.word();
    R::Protected { id } => &[UnauthorizedOperation],
        "Instance {id} is protected from being destroyed.";
    R::TimeIsUp { id } => &[FailedOperationPayFailed],
        "The time of instance {id} is up; renew it.";
    R::VersionMismatch { what, why } => &[
        UnsupportedOperationInstanceNotOperation, InvalidParameterValueCheckNotPass, InvalidParameterInvalidParameter],
        "The version of the {what} does not fit: {why}.";
    R::TooOld { id } => &[
        UnsupportedOperationLimitProxyVersion, UnsupportedOperationLowVersion, UnsupportedOperation],
        "Instance {id} is too old for this; it needs Redis 4.0 or later.";
    R::StaysStandard { id } => &[FailedOperationUnknown],
        "Instance {id} stands in several zones and does not become a cluster.";
    R::NoSecondLevelBackup { id } => &[InvalidParameterValueCheckNotPass],
        "Instance {id} goes back to its backups only; `CloneTime` needs the BackupMode SecondLevelBackup.";
    R::ShrinksTooFar { room_mb, least_mb, used_mb, place } => &[
        InvalidParameterValueReduceCapacityNotAllowed, InvalidParameterInvalidParameter],
        "{room_mb} MB are too few: {used_mb} MB are used{place}, and 1.3 times that, {least_mb} MB, must remain.";
    R::NoChange { id } => NO_CHANGE,
        "Instance {id} is so already; nothing would change.";
    R::SeveralChanges { changes } => NO_CHANGE,
        "One call changes one of MemSize, RedisShardNum and RedisReplicasNum; this one changes {}.",
        changes.join(" and ");

    // What is sold, and where.
    R::EditionCannot { type_id, what } => &[
        InvalidParameterValueUnSupportedType, FailedOperationUnSupportError, InvalidParameterNotSupported,
        InvalidParameterValueSpecNotExist, UnsupportedOperation],
        "Instances of type {type_id} cannot {what}.";
    R::NoProxies { id } => &[UnsupportedOperation], "{id} is reached directly and has no proxies.";
    R::MemoryNotSold { mb, sold_mb } => &[LimitExceededInvalidMemSize, InvalidParameterValueSpecNotExist],
        "{mb} MB is not a size that is sold for this type and billing mode; sold are {} MB.", listed(sold_mb);
    R::MemoryOutOfRange { mb, lowest_mb, highest_mb } => &[
        InvalidParameterValueMemSizeNotInRange, LimitExceededMemSizeNotInRange, LimitExceededInvalidMemSize,
        InvalidParameterValueSpecNotExist],
        "{mb} MB lies outside what is sold for this type: {lowest_mb} to {highest_mb} MB.";
    R::SpecNotSold { parameter, value, sold } => &[
        InvalidParameterValueSpecNotExist, InvalidParameterInvalidParameter],
        "`{parameter}` {value} is not sold for this type; sold are {}.", listed(sold);
    // Seen in the wild with exactly this code and these words.
    R::SpecMissing { .. } => &[FailedOperationSystemError],
        "TypeId need RedisShardNum and RedisReplicasNum";
    R::TypeNotSold { type_id } => &[
        InvalidParameterValueInvalidInstanceTypeId, ResourceUnavailableNoTypeIdRedisService],
        "No instances of type {type_id} are sold.";
    R::TypeNotPriced { type_id } => &[InvalidParameterValueSpecNotExist],
        "No instances of type {type_id} are sold, and no price is known.";
    R::SoldOut { place, type_id } => SOLD_OUT,
        "Type {type_id} is sold out in {place}.";
    R::SaleSuspended { what } => SOLD_OUT,
        "The sale of {what} is suspended.";
    R::NotOnWhiteList { what } => &[UnauthorizedOperationUserNotInWhiteList],
        "The account is not on the white list for {what}.";
    R::NoRedisHere { place } => &[
        ResourceUnavailableNoRedisService, ResourceUnavailableNoServiceAvailableForThisZoneId, ResourceUnavailable],
        "No Redis is sold in {place}.";
    R::NoSuchZone { place } => &[
        ResourceUnavailableNoServiceAvailableForThisZoneId, ResourceUnavailableNoRedisService,
        InvalidParameterValueSpecNotExist, ResourceUnavailable],
        "No Redis is sold in {place}.";

    // Orders and money.
    R::QuotaExceeded { quota } => &[LimitExceededReachTheAmountLimit, LimitExceeded],
        "The account may have {quota} postpaid instances in a region, and no more.";
    R::GoodsOutOfRange { goods, highest } => &[LimitExceededInvalidParameterGoodsNumNotInRange, LimitExceeded],
        "`GoodsNum` {goods} lies outside 1 to {highest}.";
    R::PeriodTooLong { months } => PERIOD_TOO_LONG,
        "`Period` {months} is too long for this billing mode.";
    R::PeriodNotSold { months } => PERIOD_TOO_LONG,
        "`Period` {months} lies between two that are sold.";
    R::DeadlineTooFar { months } => PERIOD_TOO_LONG,
        "`Period` {months} leads beyond {}, the last deadline that there is.", time::show(time::LAST);
    R::PeriodTooShort { months } => &[
        LimitExceededPeriodLessThanMinLimit, InvalidParameterPeriod, InvalidParameterInvalidParameter,
        InvalidParameterValue],
        "`Period` {months} is too short.";
    R::BadAutoRenew { parameter, value } => &[
        UnsupportedOperationIsAutoRenewError, InvalidParameterInvalidParameter, InvalidParameterValue],
        "`{parameter}` {value} is none of 0, 1 and 2.";
    R::NoAutoRenew { id } => &[UnsupportedOperationIsAutoRenewError],
        "Instance {id} is postpaid and cannot be renewed automatically.";
    R::BalanceTooLow { needed_fen, balance_fen } => &[
        ResourceUnavailableAccountBalanceNotEnough, FailedOperationPayFailed],
        "The balance of {balance_fen} fen does not suffice; {needed_fen} fen are needed.";
    R::BalanceTooHigh { balance_fen, back_fen } => &[
        FailedOperationPayFailed, FailedOperationUnknown, FailedOperationSystemError, InternalErrorInternalError],
        "With {back_fen} fen given back, the balance of {balance_fen} fen would be more than an account may have.";

    // Network and access.
    R::NoSuchVpc { vpc } => &[
        InvalidParameterValueUnVpcIdNotExists, InvalidParameterValueCheckNotPass, InvalidParameterValue],
        "No VPC `{vpc}` exists.";
    R::NoSuchSubnet { subnet } => &[
        InvalidParameterValueInvalidSubnetId, InvalidParameterValueCheckNotPass, InvalidParameterValue],
        "No subnet `{subnet}` exists.";
    R::NoAddressFree { subnet, free } => &[
        ResourceUnavailableNoEnoughVipInVPC, InvalidParameterValueCheckNotPass, FailedOperationSystemError],
        "Of the addresses of subnet `{subnet}`, {free} are left.";
    R::NetworkGone { id } => &[FailedOperationUnSupportError],
        "The VPC or the subnet that instance {id} stood in is gone.";
    R::UnknownSecurityGroup { group } => &[
        InvalidParameterValueSecurityGroupIdsNotExists, ResourceNotFound],
        "No security group `{group}` exists in this region.";
    R::TooManyGroups { most } => &[InvalidParameterInstanceSGOverLimitError, LimitExceeded],
        "An instance has {most} security groups at most.";
    R::NotRedis { product } => &[InvalidParameterNotSupported],
        "`Product` `{product}` is not `redis`.";
    R::TooManyIds { given, most } => &[InvalidParameter],
        "{given} ids are given, and {most} are the most.";
    R::NoSuchSecurityGroup { group } => &[InvalidParameterValueSecurityGroupIdsNotExists, InvalidParameterValue],
        "No security group `{group}` exists.";
    R::BaseNetworkClosed => &[InvalidParameterValueBaseNetWorkAccessDeny],
        "The base network takes no new instances; `VpcId` and `SubnetId` are needed.";
    R::VpcOnly { place } => &[InvalidParameterOnlyVPCOnSpecZoneId, InvalidParameterValueBaseNetWorkAccessDeny],
        "{place} has private networks only; `VpcId` and `SubnetId` are needed.";
    R::PasswordMissing => &[
        InvalidParameterValuePasswordEmpty, InvalidParameterValuePasswordRuleError, InvalidParameterValue],
        "The password is empty, and `NoAuth` is not true.";
    R::PasswordBreaksRules { why } => &[InvalidParameterValuePasswordRuleError, InvalidParameterValue],
        "The password breaks the rule that {why}.";
    R::PasswordNeeded { why } => &[
        InvalidParameterValuePasswordFreeDenied, InvalidParameterValuePasswordEmpty, FailedOperationUnSupportError],
        "A password is needed: {why}.";
    R::PasswordWrong => &[InvalidParameterValuePasswordError, InvalidParameterValue],
        "The password is not that of the instance.";
    R::PolicyBreaksRules { why } => &[InvalidParameterValue, InvalidParameterValuePasswordRuleError],
        "`PasswordPolicy` breaks the rule that {why}.";
    R::NoSuchAccount { name } => &[ResourceNotFound],
        "The instance has no account `{name}`.";
    R::RootStays { why } => &[FailedOperationUnSupportError, UnsupportedOperation],
        "The account `root` {why}.";
    R::ReplicasServeNoReads { id } => &[UnsupportedOperation],
        "The replicas of instance {id} serve no reads, so no account reads from them.";

    // Replication groups.
    R::Replication(G::NoSuchGroup { id }) => &[
        InvalidParameterValueReplicationGroupNotExists, InvalidParameterInvalidParameter],
        "No replication group `{id}` exists.";
    R::Replication(G::BadName { name }) => &[
        InvalidParameterValueInstanceNameRuleError, InvalidParameterInvalidParameter],
        "`GroupName` `{name}` is not 2 to 64 Chinese characters, Latin letters, digits, - and _.";
    R::Replication(G::Locked { id }) => &[LimitExceededReplicationGroupLocked],
        "A member of replication group {id} joins, leaves or changes its role; try again later.";
    R::Replication(G::Full { id }) => &[LimitExceededExceedUpperLimit],
        "Replication group {id} has {MEMBERS_MAX} members, and no more.";
    R::Replication(G::Bound { id, group }) => &[InvalidParameterValueNotRepeatBind],
        "Instance {id} is in replication group {group} already.";
    R::Replication(G::HoldsData { id, used_mb }) => &[LimitExceededInstanceNotEmpty],
        "Instance {id} holds data, {used_mb} MB; clear it before it joins.";
    R::Replication(G::OtherSize { id, why }) => &[InvalidParameterValueSpecNotExist],
        "The size of instance {id} does not go with the replication group: {why}.";
    R::Replication(G::Unfit { id, why }) => &[InvalidParameterValueCheckNotPass],
        "Instance {id} does not go with the replication group: {why}.";
    R::Replication(G::OneMaster { id, why }) => &[UnsupportedOperationInstanceNotOperation],
        "Instance {id} keeps its role: {why}.";
    R::Replication(G::HasMembers { id, members }) => &[InvalidParameter],
        "Replication group {id} has {members} members; remove them first.";
    R::Replication(G::Member { id, group, what }) => &[
        LimitExceededReplicationGroupLocked, FailedOperationUnSupportError, UnsupportedOperation],
        "Instance {id} is in replication group {group} and cannot {what} there.";

    // The tag service. ModifyResourceTags has one code for all that is wrong with the name of a resource; the action
    // that takes the parts of the name one by one has one for each.
    R::Tags(T::ResourceGarbled { resource, why }) => &[InvalidParameterValueResourceDescriptionError],
        "`Resource` `{resource}` is not valid: {why}.";
    R::Tags(T::ServiceUnknown { service }) => &[
        InvalidParameterValueServiceTypeInvalid, InvalidParameterValueResourceDescriptionError],
        "No resources of service `{service}` are here; `redis`, `vpc` and `cvm` have some.";
    R::Tags(T::PrefixUnknown { service, prefix }) => &[
        InvalidParameterValueResourcePrefixInvalid, InvalidParameterValueResourceDescriptionError],
        "Service `{service}` has no resources `{prefix}/…` here.";
    R::Tags(T::RegionUnknown { region }) => &[
        InvalidParameterValueRegionInvalid, InvalidParameterValueResourceDescriptionError],
        "No region `{region}` exists.";
    R::Tags(T::ResourceUnknown { resource }) => TAGGED_ID,
        "No resource `{resource}` exists.";
    R::Tags(T::IdsBad { why }) => TAGGED_ID,
        "`ResourceIds` is not valid: {why}.";
    R::Tags(T::NothingAsked) => &[InvalidParameterTag],
        "One of `ReplaceTags` and `DeleteTags` must hold something.";
    R::Tags(T::TooManyChanges { changes }) => &[LimitExceededQuota],
        "One call sets or takes off {CHANGES_MAX} tags at most; this one has {changes}.";
    R::Tags(T::TooManyTags { tags }) => &[
        LimitExceededResourceAttachedTags, LimitExceededTagKeyPerResourceExceeded],
        "A resource has {TAGS_MAX} tags at most; this one would have {tags}.";
    R::Tags(T::KeyEmpty) => &[
        InvalidParameterValueTagKeyEmpty, InvalidParameterValueTagInvalidKey],
        "A `TagKey` is empty.";
    R::Tags(T::KeyTooLong { key }) => &[
        InvalidParameterValueTagKeyLengthExceeded, InvalidParameterValueTagInvalidKeyLen],
        "`TagKey` `{key}` is longer than {KEY_CHARS_MAX} characters.";
    R::Tags(T::KeyIllegal { key }) => &[
        InvalidParameterValueTagKeyCharacterIllegal, InvalidParameterValueTagInvalidKey],
        "`TagKey` `{key}` holds a character that is not allowed, or begins or ends with a blank.";
    R::Tags(T::KeyReserved { key }) => &[
        InvalidParameterReservedTagKey, UnsupportedOperationTagSystemReservedTagKey],
        "`TagKey` `{key}` is reserved: keys do not begin with `qcs:`, `project` or `项目`.";
    R::Tags(T::KeyTwice { key }) => &[
        InvalidParameterTag, InvalidParameterValueTagDuplicateKey],
        "`TagKey` `{key}` is given twice.";
    R::Tags(T::KeyInBoth { key }) => &[InvalidParameterValueDeleteTagsParamError],
        "`TagKey` `{key}` is in both `ReplaceTags` and `DeleteTags`.";
    R::Tags(T::ValueTooLong { key }) => &[
        InvalidParameterValueTagValueLengthExceeded, InvalidParameterValueTagInvalidVal],
        "The value of `{key}` is longer than {VALUE_CHARS_MAX} characters.";
    R::Tags(T::ValueIllegal { key }) => &[
        InvalidParameterValueTagValueCharacterIllegal, InvalidParameterValueTagInvalidVal],
        "The value of `{key}` holds a character that is not allowed, or begins or ends with a blank.";

    // Cloud Monitor: the first four texts are those that were seen in the wild.
    R::Monitor(M::MetricUnknown { namespace, metric }) => &[InvalidParameterValue],
        "namespace({namespace}) or metricName({metric}) invalid";
    R::Monitor(M::PeriodUnknown) => &[InvalidParameterValue],
        "there are no valid statistics type";
    R::Monitor(M::DimensionsWrong) => &[InvalidParameterValue],
        "Param dimensions error";
    R::Monitor(M::NotThere) => &[InvalidParameterValue],
        "unauthorized operation or the instance has been destroyed";
    R::Monitor(M::TooMany { what, asked, most }) => &[LimitExceededLimitedAccess],
        "One call asks for {most} {what} at most; this one asks for {asked}.";
    // The token service.
    R::Keys(K::NoSuchRole { arn }) => &[ResourceNotFoundRoleNotFound],
        "No role `{arn}` exists in the account of the caller.";
    R::Keys(K::LivesTooLong { seconds, most }) => &[InvalidParameterOverTimeError],
        "`DurationSeconds` {seconds} is more than {most}, the most that such a key holds.";
    R::Keys(K::PolicyTooLong { bytes, most }) => &[InvalidParameterPolicyTooLong],
        "`Policy` has {bytes} bytes, and {most} at most are taken.";
    R::Keys(K::PolicyGarbled { why }) => &[InvalidParameterStrategyFormatError],
        "`Policy` {why}.";
    R::Keys(K::PolicyResource { why }) => &[InvalidParameterResouceError],
        "`Policy` {why}.";
    R::Keys(K::PolicyPrincipal) => &[InvalidParameterStrategyInvalid],
        "`Policy` names a `principal`, which the policy of a key does not.";
    R::Keys(K::TemporaryCaller) => &[UnsupportedOperation],
        "A temporary key gets no other one by this action; a permanent one does.";
    R::Keys(K::MfaUnknown { device }) => &[FailedOperationMFATypeNotSupported],
        "`SerialNumber` `{device}` is not of the form qcs::cam:uin/<account>::mfa/softToken.";
    R::Keys(K::MfaCode) => &[FailedOperationCheckMFAError],
        "`TokenCode` is not the six digits that the device shows.";
    // The network service.
    R::Network(N::Malformed { parameter, value }) => &[InvalidParameterValueMalformed],
        "`{parameter}` `{value}` is not of the right form.";
    R::Network(N::Unknown { what, id }) => &[ResourceNotFound],
        "No {what} `{id}` exists in this region.";
    R::Network(N::Empty { parameter }) => &[InvalidParameterValueEmpty, InvalidParameterValue],
        "`{parameter}` is empty.";
    R::Network(N::TooLong { parameter, most }) => &[InvalidParameterValueTooLong, InvalidParameterValue],
        "`{parameter}` has more than {most} characters.";
    R::Network(N::TooManyValues { parameter, most }) => &[
        InvalidParameterValueLimitExceeded, InvalidParameterValue],
        "`{parameter}` has more than {most} values.";
    R::Network(N::PageOutOfRange { parameter, value }) => &[
        InvalidParameterValueRange, InvalidParameterValueLimitExceeded],
        "`{parameter}` `{value}` is out of range; `Limit` is 1 to 100 and `Offset` 0 or more.";
    R::Network(N::Coexist { one, other }) => &[InvalidParameterCoexist, InvalidParameter],
        "`{one}` and `{other}` exclude each other.";
    R::Network(N::FilterUnknown { name }) => &[InvalidParameterFilterInvalidKey],
        "The action has no filter `{name}`.";
    R::Network(N::FilterLacks { name, lacks }) => &[
        InvalidParameterFilterMissParameter, InvalidParameterFilterValuesNotList, InvalidParameterFilterInvalidKey],
        "Filter `{name}` lacks {lacks}.";
    R::Network(N::Quota { what, most }) => &[LimitExceeded],
        "{most} are the most {what}.";
    R::Network(N::InUse { what, id, by }) => &[ResourceInUse],
        "The {what} `{id}` is in use by `{by}`.";
    R::Network(N::NotPrivate { cidr }) => &[InvalidParameterValue],
        "`{cidr}` lies in none of 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16, or is too large or too small.";
    R::Network(N::OverlapsVpc { cidr }) => &[InvalidParameterValueVpcCidrConflict],
        "`{cidr}` overlaps the VPC's own block.";
    R::Network(N::CidrTwice { cidr }) => &[InvalidParameterValueDuplicate],
        "`{cidr}` is there already, or overlaps one that is.";
    R::Network(N::SubnetOutside { cidr, vpc }) => &[InvalidParameterValueSubnetRange],
        "`{cidr}` does not lie in a block of VPC `{vpc}`, or is too large or too small.";
    R::Network(N::SubnetOverlaps { cidr, other }) => &[InvalidParameterValueSubnetConflict],
        "`{cidr}` overlaps subnet `{other}`.";
    R::Network(N::OtherVpc { table, subnet }) => &[UnsupportedOperationVpcMismatch],
        "Route table `{table}` and subnet `{subnet}` are of different VPCs.";
    R::Network(N::NoDedicatedCluster { vpc }) => &[UnsupportedOperationCdcPublishNeedCdcId],
        "VPC `{vpc}` is in no dedicated cluster.";
    R::Network(N::DefaultGroup { id }) => &[UnsupportedOperation],
        "Security group `{id}` is the default one and stays.";
    R::Network(N::BadRule { why }) => &[InvalidParameterValue, InvalidParameterValueMalformed],
        "A rule is not valid: {why}.";
    R::Network(N::BadPort { port }) => &[InvalidParameterValue, InvalidParameterValueRange],
        "`Port` `{port}` is no port, no range and no list of those.";
    R::Network(N::RuleTwice { at }) => &[UnsupportedOperationDuplicatePolicy],
        "Rule {at} would be there twice.";
    R::Network(N::NoSuchRule) => &[ResourceNotFound],
        "The security group has no such rule.";
    R::Network(N::TooManyRules { most }) => &[LimitExceededSecurityGroupPolicySet, LimitExceeded],
        "{most} rules of one direction are the most.";
    R::Network(N::TooManyGroupsNamed { most }) => &[UnsupportedOperationSgNumExceedLimit, LimitExceeded],
        "The rules of a security group name {most} others at most.";
    R::Network(N::OtherVersion { given, now }) => &[UnsupportedOperationVersionMismatch],
        "`Version` {given} is not that of the rules, which is {now}.";
}

const NO_CHANGE: &[ErrorCode] = &[
    InvalidParameterInvalidParameter,
    UnsupportedOperationInstanceNotOperation,
    InvalidParameter,
];
const PERIOD_TOO_LONG: &[ErrorCode] = &[
    LimitExceededPeriodExceedMaxLimit,
    InvalidParameterPeriod,
    InvalidParameterInvalidParameter,
    InvalidParameterValue,
];
const SOLD_OUT: &[ErrorCode] = &[ResourceUnavailableSaleOut, ResourceInsufficient];
const TAGGED_ID: &[ErrorCode] = &[
    InvalidParameterValueResourceIdInvalid,
    InvalidParameterValueResourceDescriptionError,
];

fn listed(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
}

fn either(statuses: &[Status]) -> String {
    let numbers: Vec<_> = statuses.iter().map(|status| status.number().to_string()).collect();
    numbers.join(" or ")
}
