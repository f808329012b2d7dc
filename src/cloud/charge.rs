//! How instances are paid for: renewal, and the change between postpaid and prepaid.

use super::ids::DealId;
use super::instance::{Instance, Payment};
use super::ledger::Reference;
use super::price::Price;
use super::refusal::bad_value;
use super::time::{self, Millis};
use super::values::{Billing, Status};
use super::{Call, Change, Cloud, Move, Refusal};

/// The months a prepaid order can be placed for.
pub const PERIODS: [u64; 14] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36];
/// What CloneInstances sells beside them.
const LONG_PERIODS: [u64; 2] = [48, 60];
/// The most months of an order, save where an action sells more.
const PERIOD_MAX: u64 = PERIODS[PERIODS.len() - 1];
/// The most months of an order of CloneInstances.
pub(super) const LONG_PERIOD_MAX: u64 = LONG_PERIODS[LONG_PERIODS.len() - 1];

/// Whether so many months are sold: to a postpaid order one, which it states though it means nothing.
pub(super) fn period_is_sold(months: u64, billing: Billing, longest: u64) -> Result<(), Refusal> {
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

/// What a renewal asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renewal {
    pub instance_id: String,
    /// `Period`
    pub months: u64,
    /// `ModifyPayMode`: `prepaid`, whatever its case, turns a postpaid instance into a prepaid one.
    pub pay_mode: Option<String>,
}

/// A renewal that may be made.
struct Plan<'a> {
    instance: &'a Instance,
    price: Price,
    deadline_at: Millis,
}

impl Cloud {
    /// Renews an instance and gives the order's number. What was isolated because its time was up runs again.
    pub fn renew(&mut self, call: &Call, asked: &Renewal) -> Result<DealId, Refusal> {
        let plan = self.renewal(call, asked)?;
        plan.instance.is_unlocked(call.now)?;
        let price_fen = plan.price.fen();
        self.account.can_spend(price_fen)?;
        let (deadline_at, zone_id) = (plan.deadline_at, plan.instance.zone_id());
        let isolated = plan.instance.status != Status::Running;
        let id = &plan.instance.id.clone();
        let deal_id = self.place_deal(call.now, zone_id, price_fen, vec![id.clone()]);
        let reference = Reference {
            deal_id: Some(&deal_id),
            instance_id: Some(id),
        };
        self.pay(call.now, price_fen, reference);
        if isolated {
            // What fails has renewed nothing.
            let deadline_at = Some(deadline_at);
            let change = Change::StartUp { deadline_at };
            self.begin(call, id, Some(&deal_id), Move::StartUp, change);
            self.finish_if_instant(call.now);
            return Ok(deal_id);
        }
        self.holding(call.now, id, reference, |cloud| {
            cloud.instances.update(id, |instance| {
                instance.payment = Payment::prepaid_until(Some(deadline_at));
            });
        });
        self.deliver(&deal_id, call.now);
        Ok(deal_id)
    }

    /// What a renewal would cost. The rules are the renewal's, without those on money; only what is prepaid has one.
    pub fn quote_renewal(&self, call: &Call, asked: &Renewal) -> Result<Price, Refusal> {
        Ok(self.renewal(call, asked)?.price)
    }

    fn renewal<'a>(&'a self, call: &Call, asked: &Renewal) -> Result<Plan<'a>, Refusal> {
        charge_period(asked.months)?;
        let instance = self.instance(call.region, &asked.instance_id)?;
        instance.may(Move::Renew, self.flow_of(&instance.id).is_some())?;
        let turns = match asked.pay_mode.as_deref().filter(|mode| !mode.is_empty()) {
            None => false,
            Some(mode) if mode.eq_ignore_ascii_case(Billing::Prepaid.word()) => true,
            Some(mode) => return Err(bad_value("ModifyPayMode", format!("{mode} is not prepaid"))),
        };
        let start = match (instance.billing(), instance.status) {
            // A postpaid one in the recycle bin has to be started up first.
            (Billing::Postpaid, status) if status != Status::Running => {
                return Err(Refusal::WrongStatus {
                    id: instance.id.clone(),
                    status,
                    needs: &[Status::Running],
                });
            }
            // Some sizes are sold postpaid alone.
            (Billing::Postpaid, _) if !turns || !instance.can_be_paid_for(Billing::Prepaid) => {
                return Err(Refusal::WrongBilling {
                    id: instance.id.clone(),
                    billing: Billing::Postpaid,
                });
            }
            (Billing::Postpaid, _) => call.now,
            // Days of grace are paid for; days in the recycle bin are not.
            (Billing::Prepaid, Status::Running) => instance.deadline_at().unwrap_or(call.now),
            (Billing::Prepaid, _) => instance.deadline_at().map_or(call.now, |end| end.max(call.now)),
        };
        Ok(Plan {
            instance,
            price: instance.month().times(asked.months),
            deadline_at: deadline(start, asked.months)?,
        })
    }

    /// Turns instances into the other billing mode; for each that cannot be turned its id and why. Those that are named
    /// and unknown are among them.
    pub fn change_charge_type(
        &mut self,
        call: &Call,
        ids: &[String],
        to: Billing,
        months: u64,
    ) -> Result<Vec<(String, String)>, Refusal> {
        let deadline_at = match to {
            Billing::Prepaid => {
                months_in_range(months)?;
                Some(deadline(call.now, months)?)
            }
            Billing::Postpaid => None,
        };
        let mut failed = Vec::new();
        for id in ids {
            if let Err(why) = self.change_one_charge_type(call, id, to, (months, deadline_at)) {
                failed.push((id.clone(), why));
            }
        }
        self.finish_if_instant(call.now);
        Ok(failed)
    }

    fn change_one_charge_type(
        &mut self,
        call: &Call,
        id: &str,
        to: Billing,
        (months, deadline_at): (u64, Option<Millis>),
    ) -> Result<(), String> {
        let word = to.word();
        let instance = self
            .instance(call.region, id)
            .map_err(|_| format!("instance {id} is not found"))?;
        if instance.billing() == to {
            return Err(format!("instance {id} is already {word}"));
        }
        self.may(call, instance, Move::ChargeType)
            .map_err(|_| format!("instance {id} is not running, is locked, or has a change under way"))?;
        if !instance.can_be_paid_for(to) {
            return Err(format!(
                "instance {id} has {} MB, which is not sold {word}",
                instance.spec.mem_mb
            ));
        }
        let (price_fen, held_fen) = match to {
            Billing::Prepaid => (instance.month().times(months).fen(), 0),
            Billing::Postpaid => {
                let value_fen = instance.value(call.now).fen();
                (-value_fen, instance.hour_fen(&instance.spec))
            }
        };
        self.account
            .can_spend(price_fen + held_fen)
            .map_err(|_| format!("the balance does not suffice to turn instance {id} {word}"))?;
        self.account
            .can_receive(-price_fen)
            .map_err(|_| format!("the balance is too high to turn instance {id} {word}"))?;
        let (id, zone_id) = (&instance.id.clone(), instance.zone_id());
        let deal_id = self.place_deal(call.now, zone_id, price_fen, vec![id.clone()]);
        let reference = Reference {
            deal_id: Some(&deal_id),
            instance_id: Some(id),
        };
        self.pay(call.now, price_fen, reference);
        let payment = match to {
            Billing::Prepaid => Payment::prepaid_until(deadline_at),
            Billing::Postpaid => Payment::Postpaid { frozen_fen: None },
        };
        self.begin(call, id, Some(&deal_id), Move::ChargeType, Change::ChargeType(payment));
        Ok(())
    }
}

/// ModifyInstanceChargeType takes every number of months up to the most.
fn months_in_range(months: u64) -> Result<(), Refusal> {
    match months {
        0 => Err(Refusal::PeriodTooShort { months }),
        1..=PERIOD_MAX => Ok(()),
        _ => Err(Refusal::PeriodTooLong { months }),
    }
}

/// When what is paid for so many months from then runs out.
pub(super) fn deadline(from: Millis, months: u64) -> Result<Millis, Refusal> {
    time::deadline_after(from, months).ok_or(Refusal::DeadlineTooFar { months })
}

fn charge_period(months: u64) -> Result<(), Refusal> {
    period_is_sold(months, Billing::Prepaid, PERIOD_MAX)
}
