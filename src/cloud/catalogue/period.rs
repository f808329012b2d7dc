//! The months that can be paid for.

use crate::cloud::refusal::Refusal;
use crate::cloud::time;
use crate::cloud::time::Millis;
use crate::cloud::values::Billing;

/// The months a prepaid order can be placed for.
pub const PERIODS: [u64; 14] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36];

/// The most months of an order, save where an action sells more.
pub(crate) const PERIOD_MAX: u64 = PERIODS[PERIODS.len() - 1];

/// What CloneInstances sells beside them.
const LONG_PERIODS: [u64; 2] = [48, 60];

/// The most months of an order of CloneInstances.
pub(crate) const LONG_PERIOD_MAX: u64 = LONG_PERIODS[LONG_PERIODS.len() - 1];

/// Whether so many months are sold: to a postpaid order one, which it states though it means nothing.
pub(crate) fn period_is_sold(months: u64, billing: Billing, longest: u64) -> Result<(), Refusal> {
    let highest = match billing {
        Billing::Prepaid => longest.max(PERIOD_MAX),
        Billing::Postpaid => 1,
    };
    match months {
        0 => Err(Refusal::PeriodTooShort { months }),
        _ if months > highest => Err(Refusal::PeriodTooLong { months }),
        _ if PERIODS.contains(&months) || LONG_PERIODS.contains(&months) => Ok(()),
        _ => Err(Refusal::PeriodNotSold { months }),
    }
}

/// ModifyInstanceChargeType takes every number of months up to the most.
pub(crate) fn months_in_range(months: u64) -> Result<(), Refusal> {
    match months {
        0 => Err(Refusal::PeriodTooShort { months }),
        1..=PERIOD_MAX => Ok(()),
        _ => Err(Refusal::PeriodTooLong { months }),
    }
}

/// When what is paid for so many months from then runs out.
pub(crate) fn deadline(from: Millis, months: u64) -> Result<Millis, Refusal> {
    time::deadline_after(from, months).ok_or(Refusal::DeadlineTooFar { months })
}
