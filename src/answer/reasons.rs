//! Every reason with its candidate codes, best first, and what is said beside the code: our own words with the facts
//! of the case, save where a text is known from the wild. Read it beside the lists of the contract: the second and
//! later candidates stand here because some action documents only them.

use crate::cloud::instance::tags::{CHANGES_MAX, KEY_CHARS_MAX, TAGS_MAX, VALUE_CHARS_MAX};
use crate::cloud::{Refusal as R, Status, TagRefusal as T, time};
use crate::contract::ErrorCode::{self, *};

/// What a refusal becomes in an answer, before the action has chosen among the codes.
pub(super) struct Reason {
    pub(super) codes: &'static [ErrorCode],
    pub(super) message: String,
}

/// Makes the function `reason` of a table with a row for each reason. It is one `match`, so a reason without a row
/// does not compile.
macro_rules! reasons {
    ($($refusal:pat => $codes:expr, $text:literal $(, $value:expr)*;)+) => {
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
    R::Empty { parameter } => &[
        InvalidParameterEmptyParam, ResourceNotFoundInstanceNotExists, ResourceNotFoundInstanceNotFound,
        ResourceNotFound, InvalidParameterInvalidParameter, InvalidParameter],
        "The parameter `{parameter}` is empty.";
    R::BadValue { parameter, why } => &[
        InvalidParameterInvalidParameter, InvalidParameterValueInvalidParameterValueError, InvalidParameterValue,
        InvalidParameter],
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

    // The instance as it stands.
    R::WrongStatus { id, status, needs } => wrong_status(*status),
        "Instance {id} has status {}; it must have {}.", status.number(), either(needs);
    R::ChangeWaiting { id } => &[
        ResourceUnavailableInstanceStatusAbnormal, ResourceUnavailableInstanceLockedError,
        ResourceUnavailableInstanceStatusError, ResourceUnavailableInstanceStateError,
        ResourceInUseInstanceBeenLocked, ResourceUnavailableInstanceUnLockedError,
        UnsupportedOperationInstanceNotOperation, FailedOperationSystemError],
        "Instance {id} has a change that has not taken effect yet.";
    R::Locked { id } => &[FailedOperationSystemError, FailedOperationUnknown],
        "Instance {id} is still locked by the resize that has just ended; try again later.";
    R::NothingWaiting { id } => &[
        ResourceUnavailableInstanceStatusAbnormal, ResourceUnavailableInstanceStatusError],
        "No change of instance {id} waits for its maintenance window.";
    R::NotInVpc { id } => &[InvalidParameterIsNotVpcInstance, InvalidParameterNotSupported, UnsupportedOperation],
        "Instance {id} stands in the base network; this needs a VPC.";
    R::WrongNetwork { id, why } => &[InvalidParameterNotSupported, InvalidParameter],
        "Instance {id} {why}.";
    R::PasswordFree { id } => &[UnsupportedOperationInstanceNotOperation, FailedOperationUnSupportError],
        "Instance {id} is used without a password; set one first.";
    R::AsItStands { id, why } => &[FailedOperationUnSupportError, FailedOperationSystemError],
        "Instance {id} {why}.";
    R::ProxyTooOld { id, version } => &[UnsupportedOperationLimitProxyVersion, UnsupportedOperation],
        "The proxy of instance {id}, {version}, is older than 5.6.0, which this needs.";
    R::AddressTaken { vip } => &[InvalidParameterValueCheckNotPass, InvalidParameterValue],
        "The address {vip} is taken.";
    R::BadCombination { why } => &[InvalidParameterInvalidParameter, InvalidParameter],
        "The parameters do not go together: {why}.";
    R::DtsAbnormal { why } => &[FailedOperationDtsStatusAbnormal],
        "The addresses cannot be exchanged: {why}.";
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
    R::ShrinksTooFar { total_mb, least_mb, used_mb } => &[
        InvalidParameterValueReduceCapacityNotAllowed, InvalidParameterInvalidParameter],
        "{total_mb} MB are too few: {used_mb} MB are used, and 1.3 times that, {least_mb} MB, must remain.";
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
    R::NoSuchSecurityGroup { group } => &[InvalidParameterValueSecurityGroupIdsNotExists, InvalidParameterValue],
        "No security group `{group}` exists.";
    R::BaseNetworkClosed => &[InvalidParameterValueBaseNetWorkAccessDeny],
        "The base network takes no new instances; `VpcId` and `SubnetId` are needed.";
    R::VpcOnly { place } => &[InvalidParameterOnlyVPCOnSpecZoneId, InvalidParameterValueBaseNetWorkAccessDeny],
        "{place} has private networks only; `VpcId` and `SubnetId` are needed.";
    R::PasswordMissing => &[InvalidParameterValuePasswordEmpty, InvalidParameterValuePasswordRuleError],
        "`Password` is empty, and `NoAuth` is not true.";
    R::PasswordBreaksRules { why } => &[InvalidParameterValuePasswordRuleError, InvalidParameterValue],
        "`Password` breaks the rule that {why}.";
    R::PasswordNeeded { why } => &[InvalidParameterValuePasswordFreeDenied, InvalidParameterValuePasswordEmpty],
        "A password is needed: {why}.";

    // The tag service. ModifyResourceTags has one code for all that is wrong with the name of a resource; the action
    // that takes the parts of the name one by one has one for each.
    R::Tags(T::ResourceGarbled { resource, why }) => &[InvalidParameterValueResourceDescriptionError],
        "`Resource` `{resource}` is not valid: {why}.";
    R::Tags(T::ServiceUnknown { service }) => &[
        InvalidParameterValueServiceTypeInvalid, InvalidParameterValueResourceDescriptionError],
        "No resources of service `{service}` are here; `redis` is the one that has some.";
    R::Tags(T::PrefixUnknown { prefix }) => &[
        InvalidParameterValueResourcePrefixInvalid, InvalidParameterValueResourceDescriptionError],
        "Redis has no resources `{prefix}/…`; it has `instance/…`.";
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
    R::Tags(T::TooManyTags { tags }) => &[LimitExceededResourceAttachedTags],
        "A resource has {TAGS_MAX} tags at most; this one would have {tags}.";
    R::Tags(T::KeyEmpty) => &[InvalidParameterValueTagKeyEmpty],
        "A `TagKey` is empty.";
    R::Tags(T::KeyTooLong { key }) => &[InvalidParameterValueTagKeyLengthExceeded],
        "`TagKey` `{key}` is longer than {KEY_CHARS_MAX} characters.";
    R::Tags(T::KeyIllegal { key }) => &[InvalidParameterValueTagKeyCharacterIllegal],
        "`TagKey` `{key}` holds a character that is not allowed, or begins or ends with a blank.";
    R::Tags(T::KeyReserved { key }) => &[InvalidParameterReservedTagKey],
        "`TagKey` `{key}` is reserved: keys do not begin with `qcs:`, `project` or `项目`.";
    R::Tags(T::KeyTwice { key }) => &[InvalidParameterTag],
        "`TagKey` `{key}` is given twice.";
    R::Tags(T::KeyInBoth { key }) => &[InvalidParameterValueDeleteTagsParamError],
        "`TagKey` `{key}` is in both `ReplaceTags` and `DeleteTags`.";
    R::Tags(T::ValueTooLong { key }) => &[InvalidParameterValueTagValueLengthExceeded],
        "The value of `{key}` is longer than {VALUE_CHARS_MAX} characters.";
    R::Tags(T::ValueIllegal { key }) => &[InvalidParameterValueTagValueCharacterIllegal],
        "The value of `{key}` holds a character that is not allowed, or begins or ends with a blank.";
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

/// What is isolated or being deleted has codes of its own where the action has them.
fn wrong_status(status: Status) -> &'static [ErrorCode] {
    match status {
        Status::Isolated => &[
            ResourceUnavailableInstanceStatusAbnormal,
            ResourceUnavailableInstanceStatusError,
            ResourceUnavailableInstanceStateError,
            ResourceUnavailableInstanceIsolated,
            ResourceUnavailableInstanceDeleted,
            ResourceUnavailableInstanceUnLockedError,
            UnsupportedOperationInstanceNotOperation,
            FailedOperationSystemError,
        ],
        Status::Deleting => &[
            ResourceUnavailableInstanceStatusAbnormal,
            ResourceUnavailableInstanceStatusError,
            ResourceUnavailableInstanceStateError,
            ResourceUnavailableInstanceDeleted,
            ResourceUnavailableInstanceUnLockedError,
            UnsupportedOperationInstanceNotOperation,
            FailedOperationSystemError,
        ],
        Status::Pending | Status::InProcess | Status::Running => &[
            ResourceUnavailableInstanceStatusAbnormal,
            ResourceUnavailableInstanceStatusError,
            ResourceUnavailableInstanceStateError,
            ResourceUnavailableInstanceLockedError,
            ResourceInUseInstanceBeenLocked,
            ResourceUnavailableInstanceUnLockedError,
            UnsupportedOperationInstanceNotOperation,
            FailedOperationSystemError,
        ],
    }
}

fn listed(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
}

fn either(statuses: &[Status]) -> String {
    let numbers: Vec<_> = statuses.iter().map(|status| status.number().to_string()).collect();
    numbers.join(" or ")
}
