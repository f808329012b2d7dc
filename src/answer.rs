//! From a reason to a documented code.
//!
//! The cloud refuses with a reason. Each reason has a ladder of codes; the answer takes the first rung that the action
//! documents, so the same fault is `InvalidParameterValue.MemSizeNotInRange` in UpgradeInstance and
//! `LimitExceeded.MemSizeNotInRange` in its price. A [`DocumentedCode`] can be made nowhere else, and only that can be
//! put into an answer.

mod ladder;
mod tags;

use crate::cloud::{Billing, Refusal};
use crate::contract::{Action, ErrorCode};
use ladder::ladder;

/// A code that the action documents, or one of the common ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DocumentedCode(ErrorCode);

impl DocumentedCode {
    pub(crate) fn code(self) -> ErrorCode {
        self.0
    }

    pub(crate) fn as_str(self) -> &'static str {
        self.0.as_str()
    }
}

/// An error as it is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: DocumentedCode,
    pub(crate) message: String,
}

/// What the cloud refused, in the words of that action.
pub(crate) fn refused(action: &Action, refusal: &Refusal) -> Refused {
    Refused {
        code: climb(action, ladder(refusal)),
        message: message(refusal),
    }
}

/// One of the codes that every action may answer; anything else becomes InternalError, so that nothing undocumented
/// leaves through this door.
pub(crate) fn common(code: ErrorCode, message: String) -> Refused {
    let code = if code.is_common() {
        code
    } else {
        ErrorCode::InternalError
    };
    Refused {
        code: DocumentedCode(code),
        message,
    }
}

/// A code that a fault rule asks for. `None`: the action does not document it, and it is not a common one. Where the
/// action's list is unknown, nothing but the common codes is documented.
pub(crate) fn injected(action: &Action, code: ErrorCode, message: Option<String>) -> Option<Refused> {
    let documented = code.is_common() || action.documents(code);
    let message = message.unwrap_or_else(|| format!("{} was asked for by a fault rule.", code.as_str()));
    documented.then_some(Refused {
        code: DocumentedCode(code),
        message,
    })
}

/// The first rung that the action documents; else the first common one; else the action's own word for "it failed".
/// With an unknown list the first rung is the best guess.
fn climb(action: &Action, ladder: &[ErrorCode]) -> DocumentedCode {
    let first = if action.codes.is_none() {
        ladder.first().copied()
    } else {
        None
    };
    let code = first
        .or_else(|| ladder.iter().copied().find(|code| action.documents(*code)))
        .or_else(|| ladder.iter().copied().find(|code| code.is_common()))
        .or_else(|| CATCH_ALL.iter().copied().find(|code| action.documents(*code)))
        .unwrap_or(ErrorCode::FailedOperation);
    DocumentedCode(code)
}

/// What an action says when its list has no word for the reason, best first.
const CATCH_ALL: &[ErrorCode] = &[
    ErrorCode::FailedOperationSystemError,
    ErrorCode::InternalErrorInternalError,
    ErrorCode::FailedOperationUnknown,
];

fn listed(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
}

/// What is said beside the code: our own words with the facts of the case, save where a text is known from the wild.
#[rustfmt::skip]
fn message(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Denied { text } => text.clone(),
        Refusal::NoSuchInstance { id } => format!("No instance {id} exists in this region."),
        Refusal::Empty { parameter } => format!("The parameter `{parameter}` is empty."),
        Refusal::NoSuchTask { id } => format!("No task {id} exists in this region."),
        Refusal::NoSuchProduct { product } => format!(
            "Nothing is known here of the zones of product `{product}`; `redis` is the one that is."),
        Refusal::Tags(refusal) => tags::message(refusal),
        Refusal::EditionCannot { type_id, what } => format!("Instances of type {type_id} cannot {what}."),
        Refusal::MemoryNotSold { mb, sold_mb } => format!(
            "{mb} MB is not a size that is sold for this type and billing mode; sold are {} MB.", listed(sold_mb)),
        Refusal::MemoryOutOfRange { mb, lowest_mb, highest_mb } => format!(
            "{mb} MB lies outside what is sold for this type: {lowest_mb} to {highest_mb} MB."),
        Refusal::SpecNotSold { parameter, value, sold } => format!(
            "`{parameter}` {value} is not sold for this type; sold are {}.", listed(sold)),
        Refusal::SpecMissing { .. } => "TypeId need RedisShardNum and RedisReplicasNum".into(),
        Refusal::NoChange { id } => format!("Instance {id} is so already; nothing would change."),
        Refusal::SeveralChanges { changes } => format!(
            "One call changes one of MemSize, RedisShardNum and RedisReplicasNum; this one changes {}.", changes.join(" and ")),
        Refusal::BadValue { parameter, why } => format!("The parameter `{parameter}` is not valid: {why}."),
        Refusal::WrongStatus { id, status, needs } => {
            let needs: Vec<_> = needs.iter().map(|status| status.number().to_string()).collect();
            format!("Instance {id} has status {}; it must have {}.", status.number(), needs.join(" or "))
        }
        Refusal::ChangeWaiting { id } => format!("Instance {id} has a change that has not taken effect yet."),
        Refusal::Locked { id } => format!("Instance {id} is still locked by the resize that has just ended; try again later."),
        Refusal::NothingWaiting { id } => format!("No change of instance {id} waits for its maintenance window."),
        Refusal::WrongBilling { id, billing: Billing::Prepaid } => format!("Instance {id} is prepaid."),
        Refusal::WrongBilling { id, billing: Billing::Postpaid } => format!("Instance {id} is postpaid."),
        Refusal::Protected { id } => format!("Instance {id} is protected from being destroyed."),
        Refusal::TimeIsUp { id } => format!("The time of instance {id} is up; renew it."),
        Refusal::VersionMismatch { what, why } => format!("The version of the {what} does not fit: {why}."),
        Refusal::TooOld { id } => format!("Instance {id} is too old for this; it needs Redis 4.0 or later."),
        Refusal::BadAutoRenew { parameter, value } => format!("`{parameter}` {value} is none of 0, 1 and 2."),
        Refusal::NoAutoRenew { id } => format!("Instance {id} is postpaid and cannot be renewed automatically."),
        Refusal::NoSuchBackup { id } => format!("The instance has no backup {id} that can be used."),
        Refusal::SoldOut { place, type_id } => format!("Type {type_id} is sold out in {place}."),
        Refusal::QuotaExceeded { quota } => format!(
            "The account may have {quota} postpaid instances in a region, and no more."),
        Refusal::ShrinksTooFar { total_mb, least_mb, used_mb } => format!(
            "{total_mb} MB are too few: {used_mb} MB are used, and 1.3 times that, {least_mb} MB, must remain."),
        Refusal::BalanceTooLow { needed_fen, balance_fen } => format!(
            "The balance of {balance_fen} fen does not suffice; {needed_fen} fen are needed."),
        Refusal::BalanceTooHigh { balance_fen, back_fen } => format!(
            "With {back_fen} fen given back, the balance of {balance_fen} fen would be more than an account may have."),
        Refusal::TypeNotSold { type_id } => format!("No instances of type {type_id} are sold."),
        Refusal::TypeNotPriced { type_id } => format!("No instances of type {type_id} are sold, and no price is known."),
        Refusal::SaleSuspended { what } => format!("The sale of {what} is suspended."),
        Refusal::NotOnWhiteList { what } => format!("The account is not on the white list for {what}."),
        Refusal::BaseNetworkClosed => "The base network takes no new instances; `VpcId` and `SubnetId` are needed.".into(),
        Refusal::StaysStandard { id } => format!("Instance {id} stands in several zones and does not become a cluster."),
        Refusal::NoSecondLevelBackup { id } => format!(
            "Instance {id} goes back to its backups only; `CloneTime` needs the BackupMode SecondLevelBackup."),
        Refusal::NoSuchZone { place } | Refusal::NoRedisHere { place } => format!("No Redis is sold in {place}."),
        Refusal::GoodsOutOfRange { goods, highest } => format!("`GoodsNum` {goods} lies outside 1 to {highest}."),
        Refusal::PeriodTooLong { months } => format!("`Period` {months} is too long for this billing mode."),
        Refusal::DeadlineTooFar { months } => format!(
            "`Period` {months} leads beyond 9999-12-31 23:59:59, the last deadline that there is."),
        Refusal::PeriodTooShort { months } => format!("`Period` {months} is too short."),
        Refusal::PeriodNotSold { months } => format!("`Period` {months} lies between two that are sold."),
        Refusal::PasswordMissing => "`Password` is empty, and `NoAuth` is not true.".into(),
        Refusal::PasswordBreaksRules { why } => format!("`Password` breaks the rule that {why}."),
        Refusal::PasswordNeeded { why } => format!("A password is needed: {why}."),
        Refusal::NoSuchVpc { vpc } => format!("No VPC `{vpc}` exists."),
        Refusal::NoSuchSubnet { subnet } => format!("No subnet `{subnet}` exists."),
        Refusal::VpcOnly { place } => format!("{place} has private networks only; `VpcId` and `SubnetId` are needed."),
        Refusal::NoSuchSecurityGroup { group } => format!("No security group `{group}` exists."),
    }
}

#[cfg(test)]
mod tests;
