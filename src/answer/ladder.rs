//! The candidates for each reason, best first: a table, read beside the lists of the contract. The second and later
//! rungs stand here because some action documents only them.

use super::tags;
use crate::cloud::{Refusal, Status};
use crate::contract::ErrorCode as C;

#[rustfmt::skip]
const DENIED: &[C] = &[
    C::UnauthorizedOperationNoCAMAuthed, C::InvalidParameterPermissionDenied, C::AuthFailureUnauthorizedOperation,
];
#[rustfmt::skip]
const EMPTY: &[C] = &[
    C::InvalidParameterEmptyParam, C::ResourceNotFoundInstanceNotExists, C::ResourceNotFoundInstanceNotFound,
    C::ResourceNotFound, C::InvalidParameterInvalidParameter, C::InvalidParameter,
];
#[rustfmt::skip]
const NO_SUCH_INSTANCE: &[C] = &[
    C::ResourceNotFoundInstanceNotExists, C::ResourceNotFoundInstanceNotFound, C::ResourceNotFound,
    C::InvalidParameterInvalidParameter, C::InvalidParameterIllegalParameterError, C::InvalidParameter,
];
#[rustfmt::skip]
const EDITION_CANNOT: &[C] = &[
    C::InvalidParameterValueUnSupportedType, C::FailedOperationUnSupportError, C::InvalidParameterNotSupported,
    C::InvalidParameterValueSpecNotExist, C::UnsupportedOperation,
];
#[rustfmt::skip]
const MEMORY_OUT_OF_RANGE: &[C] = &[
    C::InvalidParameterValueMemSizeNotInRange, C::LimitExceededMemSizeNotInRange, C::LimitExceededInvalidMemSize,
    C::InvalidParameterValueSpecNotExist,
];
#[rustfmt::skip]
const NO_CHANGE: &[C] = &[
    C::InvalidParameterInvalidParameter, C::UnsupportedOperationInstanceNotOperation, C::InvalidParameter,
];
#[rustfmt::skip]
const BAD_VALUE: &[C] = &[
    C::InvalidParameterInvalidParameter, C::InvalidParameterValueInvalidParameterValueError,
    C::InvalidParameterValue,
];
#[rustfmt::skip]
const BAD_AUTO_RENEW: &[C] = &[
    C::UnsupportedOperationIsAutoRenewError, C::InvalidParameterInvalidParameter, C::InvalidParameterValue,
];
#[rustfmt::skip]
const WRONG_STATUS_ISOLATED: &[C] = &[
    C::ResourceUnavailableInstanceStatusAbnormal, C::ResourceUnavailableInstanceStatusError,
    C::ResourceUnavailableInstanceStateError, C::ResourceUnavailableInstanceIsolated,
    C::ResourceUnavailableInstanceDeleted, C::UnsupportedOperationInstanceNotOperation,
    C::FailedOperationSystemError,
];
#[rustfmt::skip]
const WRONG_STATUS_DELETING: &[C] = &[
    C::ResourceUnavailableInstanceStatusAbnormal, C::ResourceUnavailableInstanceStatusError,
    C::ResourceUnavailableInstanceStateError, C::ResourceUnavailableInstanceDeleted,
    C::UnsupportedOperationInstanceNotOperation, C::FailedOperationSystemError,
];
#[rustfmt::skip]
const WRONG_STATUS: &[C] = &[
    C::ResourceUnavailableInstanceStatusAbnormal, C::ResourceUnavailableInstanceStatusError,
    C::ResourceUnavailableInstanceStateError, C::ResourceUnavailableInstanceLockedError,
    C::ResourceInUseInstanceBeenLocked, C::UnsupportedOperationInstanceNotOperation, C::FailedOperationSystemError,
];
#[rustfmt::skip]
const CHANGE_WAITING: &[C] = &[
    C::ResourceUnavailableInstanceStatusAbnormal, C::ResourceUnavailableInstanceLockedError,
    C::ResourceUnavailableInstanceStatusError, C::ResourceUnavailableInstanceStateError,
    C::ResourceInUseInstanceBeenLocked, C::UnsupportedOperationInstanceNotOperation, C::FailedOperationSystemError,
];
const LOCKED: &[C] = &[C::FailedOperationSystemError, C::FailedOperationUnknown];
#[rustfmt::skip]
const NOTHING_WAITING: &[C] = &[
    C::ResourceUnavailableInstanceStatusAbnormal, C::ResourceUnavailableInstanceStatusError,
];
#[rustfmt::skip]
const WRONG_BILLING: &[C] = &[
    C::InvalidParameterValueUnSupportedType, C::FailedOperationUnSupportError, C::InvalidParameterInvalidParameter,
    C::FailedOperationSystemError,
];
#[rustfmt::skip]
const VERSION_MISMATCH: &[C] = &[
    C::UnsupportedOperationInstanceNotOperation, C::InvalidParameterValueCheckNotPass,
    C::InvalidParameterInvalidParameter,
];
#[rustfmt::skip]
const TOO_OLD: &[C] = &[
    C::UnsupportedOperationLimitProxyVersion, C::UnsupportedOperationLowVersion, C::UnsupportedOperation,
];
#[rustfmt::skip]
const NO_SUCH_BACKUP: &[C] = &[
    C::InvalidParameterValueBackupNotExists, C::InvalidParameterValueCheckNotPass,
    C::InvalidParameterInvalidParameter,
];
#[rustfmt::skip]
const SHRINKS_TOO_FAR: &[C] = &[
    C::InvalidParameterValueReduceCapacityNotAllowed, C::InvalidParameterInvalidParameter,
];
#[rustfmt::skip]
const BALANCE_TOO_LOW: &[C] = &[
    C::ResourceUnavailableAccountBalanceNotEnough, C::FailedOperationPayFailed,
];
#[rustfmt::skip]
const BALANCE_TOO_HIGH: &[C] = &[
    C::FailedOperationPayFailed, C::FailedOperationUnknown, C::FailedOperationSystemError,
    C::InternalErrorInternalError,
];
#[rustfmt::skip]
const TYPE_NOT_SOLD: &[C] = &[
    C::InvalidParameterValueInvalidInstanceTypeId, C::ResourceUnavailableNoTypeIdRedisService,
];
#[rustfmt::skip]
const NO_SUCH_ZONE: &[C] = &[
    C::ResourceUnavailableNoServiceAvailableForThisZoneId, C::ResourceUnavailableNoRedisService,
    C::InvalidParameterValueSpecNotExist, C::ResourceUnavailable,
];
#[rustfmt::skip]
const NO_REDIS_HERE: &[C] = &[
    C::ResourceUnavailableNoRedisService, C::ResourceUnavailableNoServiceAvailableForThisZoneId,
    C::ResourceUnavailable,
];
#[rustfmt::skip]
const PERIOD_TOO_LONG: &[C] = &[
    C::LimitExceededPeriodExceedMaxLimit, C::InvalidParameterPeriod, C::InvalidParameterInvalidParameter,
    C::InvalidParameterValue,
];
#[rustfmt::skip]
const PERIOD_TOO_SHORT: &[C] = &[
    C::LimitExceededPeriodLessThanMinLimit, C::InvalidParameterPeriod, C::InvalidParameterInvalidParameter,
    C::InvalidParameterValue,
];
#[rustfmt::skip]
const PASSWORD_MISSING: &[C] = &[
    C::InvalidParameterValuePasswordEmpty, C::InvalidParameterValuePasswordRuleError,
];
#[rustfmt::skip]
const PASSWORD_NEEDED: &[C] = &[
    C::InvalidParameterValuePasswordFreeDenied, C::InvalidParameterValuePasswordEmpty,
];
#[rustfmt::skip]
const VPC_ONLY: &[C] = &[
    C::InvalidParameterOnlyVPCOnSpecZoneId, C::InvalidParameterValueBaseNetWorkAccessDeny,
];
#[rustfmt::skip]
const NO_SUCH_SECURITY_GROUP: &[C] = &[
    C::InvalidParameterValueSecurityGroupIdsNotExists, C::InvalidParameterValue,
];

/// The codes of a reason. What is isolated has words of its own where the action has them; a missing number of shards
/// was seen in the wild with exactly this code.
#[rustfmt::skip]
pub(super) fn ladder(refusal: &Refusal) -> &'static [C] {
    match refusal {
        Refusal::Denied { .. } => DENIED,
        Refusal::Empty { .. } => EMPTY,
        Refusal::NoSuchInstance { .. } => NO_SUCH_INSTANCE,
        Refusal::NoSuchProduct { .. } => &[C::InvalidParameter],
        Refusal::Tags(refusal) => tags::ladder(refusal),
        Refusal::NoSuchTask { .. } => &[C::InvalidParameterInvalidParameter, C::InvalidParameter],
        Refusal::EditionCannot { .. } => EDITION_CANNOT,
        Refusal::MemoryNotSold { .. } => &[C::LimitExceededInvalidMemSize, C::InvalidParameterValueSpecNotExist],
        Refusal::MemoryOutOfRange { .. } => MEMORY_OUT_OF_RANGE,
        Refusal::SpecNotSold { .. } => &[C::InvalidParameterValueSpecNotExist, C::InvalidParameterInvalidParameter],
        Refusal::SpecMissing { .. } => &[C::FailedOperationSystemError],
        Refusal::NoChange { .. } | Refusal::SeveralChanges { .. } => NO_CHANGE,
        Refusal::BadValue { .. } => BAD_VALUE,
        Refusal::WrongStatus { status: Status::Isolated, .. } => WRONG_STATUS_ISOLATED,
        Refusal::WrongStatus { status: Status::Deleting, .. } => WRONG_STATUS_DELETING,
        Refusal::WrongStatus { .. } => WRONG_STATUS,
        Refusal::ChangeWaiting { .. } => CHANGE_WAITING,
        Refusal::Locked { .. } => LOCKED,
        Refusal::NothingWaiting { .. } => NOTHING_WAITING,
        Refusal::WrongBilling { .. } => WRONG_BILLING,
        Refusal::Protected { .. } => &[C::UnauthorizedOperation],
        Refusal::TimeIsUp { .. } => &[C::FailedOperationPayFailed],
        Refusal::VersionMismatch { .. } => VERSION_MISMATCH,
        Refusal::TooOld { .. } => TOO_OLD,
        Refusal::BadAutoRenew { .. } => BAD_AUTO_RENEW,
        Refusal::NoAutoRenew { .. } => &[C::UnsupportedOperationIsAutoRenewError],
        Refusal::NoSuchBackup { .. } => NO_SUCH_BACKUP,
        Refusal::SoldOut { .. } => &[C::ResourceUnavailableSaleOut, C::ResourceInsufficient],
        Refusal::QuotaExceeded { .. } => &[C::LimitExceededReachTheAmountLimit, C::LimitExceeded],
        Refusal::ShrinksTooFar { .. } => SHRINKS_TOO_FAR,
        Refusal::BalanceTooLow { .. } => BALANCE_TOO_LOW,
        Refusal::BalanceTooHigh { .. } => BALANCE_TOO_HIGH,
        Refusal::TypeNotSold { .. } => TYPE_NOT_SOLD,
        Refusal::NoSuchZone { .. } => NO_SUCH_ZONE,
        Refusal::NoRedisHere { .. } => NO_REDIS_HERE,
        Refusal::GoodsOutOfRange { .. } => &[C::LimitExceededInvalidParameterGoodsNumNotInRange, C::LimitExceeded],
        Refusal::PeriodTooLong { .. } | Refusal::PeriodNotSold { .. } | Refusal::DeadlineTooFar { .. } => PERIOD_TOO_LONG,
        Refusal::PeriodTooShort { .. } => PERIOD_TOO_SHORT,
        Refusal::PasswordMissing => PASSWORD_MISSING,
        Refusal::PasswordBreaksRules { .. } => &[C::InvalidParameterValuePasswordRuleError, C::InvalidParameterValue],
        Refusal::PasswordNeeded { .. } => PASSWORD_NEEDED,
        Refusal::NoSuchVpc { .. } => &[C::InvalidParameterValueUnVpcIdNotExists, C::InvalidParameterValue],
        Refusal::NoSuchSubnet { .. } => &[C::InvalidParameterValueInvalidSubnetId, C::InvalidParameterValue],
        Refusal::VpcOnly { .. } => VPC_ONLY,
        Refusal::NoSuchSecurityGroup { .. } => NO_SUCH_SECURITY_GROUP,
    }
}
