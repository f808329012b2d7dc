//! How instances are paid for: renewal, and the change between postpaid and prepaid.

use crate::cloud::catalogue::period::{PERIOD_MAX, deadline, months_in_range, period_is_sold};
use crate::cloud::catalogue::price::Price;
use crate::cloud::ids::DealId;
use crate::cloud::instance::payment::Payment;
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::money::book;
use crate::cloud::money::order::{Cost, Goods, deliver, place_order};
use crate::cloud::money::record::Reference;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::Millis;
use crate::cloud::values::{Billing, Status};

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

/// Renews an instance and gives the order's number. What was isolated because its time was up runs again.
pub fn renew(cloud: &mut Cloud, call: &Call, asked: &Renewal) -> Result<DealId, Refusal> {
    let plan = renewal(cloud, call, asked)?;
    flow::is_unlocked(plan.instance, call.now)?;
    let price_fen = plan.price.fen();
    book::can_spend(cloud, call.now, price_fen)?;
    let (deadline_at, zone_id) = (plan.deadline_at, plan.instance.zone_id());
    let isolated = plan.instance.status != Status::Running;
    let id = &plan.instance.id.clone();
    let deal_id = place_order(cloud, call.now, zone_id, price_fen, Goods::Of(id));
    if isolated {
        // What fails has renewed nothing.
        let payload = Payload::StartUp(Some(Payment::prepaid_until(Some(deadline_at))));
        flow::begin(cloud, call, id, Some(&deal_id), Change::now(FlowKind::StartUp, payload));
        return Ok(deal_id);
    }
    book::holding(cloud, call.now, id, Reference::to(&deal_id, id), |cloud| {
        cloud.instances.update(id, |instance| {
            instance.payment = Payment::prepaid_until(Some(deadline_at));
        });
    });
    deliver(cloud, &deal_id, call.now);
    Ok(deal_id)
}

/// What a renewal would cost. The rules are the renewal's, without those on money; only what is prepaid has one.
pub fn quote_renewal(cloud: &Cloud, call: &Call, asked: &Renewal) -> Result<Price, Refusal> {
    Ok(renewal(cloud, call, asked)?.price)
}

fn renewal<'a>(cloud: &'a Cloud, call: &Call, asked: &Renewal) -> Result<Plan<'a>, Refusal> {
    charge_period(asked.months)?;
    let instance = cloud.instance(call.region, &asked.instance_id)?;
    flow::fits(cloud, instance, FlowKind::Renew)?;
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

/// Turns instances into the other billing mode; for each that cannot be turned its id and why. Those that are named and
/// unknown are among them.
pub fn change_charge_type(
    cloud: &mut Cloud,
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
        if let Err(why) = change_one_charge_type(cloud, call, id, to, (months, deadline_at)) {
            failed.push((id.clone(), why));
        }
    }
    Ok(failed)
}

fn change_one_charge_type(
    cloud: &mut Cloud,
    call: &Call,
    id: &str,
    to: Billing,
    (months, deadline_at): (u64, Option<Millis>),
) -> Result<(), String> {
    let word = to.word();
    let instance = cloud
        .instance(call.region, id)
        .map_err(|_| format!("instance {id} is not found"))?;
    if instance.billing() == to {
        return Err(format!("instance {id} is already {word}"));
    }
    flow::can_begin(cloud, call, instance, FlowKind::ChargeType)
        .map_err(|_| format!("instance {id} is not running, is locked, or has a change under way"))?;
    if !instance.can_be_paid_for(to) {
        return Err(format!(
            "instance {id} has {} MB, which is not sold {word}",
            instance.spec.mem_mb
        ));
    }
    let cost = match to {
        Billing::Prepaid => Cost {
            pay_fen: instance.month().times(months).fen(),
            hold_fen: 0,
        },
        Billing::Postpaid => Cost {
            pay_fen: -instance.value(call.now).fen(),
            hold_fen: instance.hour_fen(&instance.spec),
        },
    };
    book::can_spend(cloud, call.now, cost.pay_fen + cost.hold_fen)
        .map_err(|_| format!("the balance does not suffice to turn instance {id} {word}"))?;
    book::can_receive(cloud, call.now, -cost.pay_fen)
        .map_err(|_| format!("the balance is too high to turn instance {id} {word}"))?;
    let (id, zone_id) = (&instance.id.clone(), instance.zone_id());
    let deal_id = place_order(cloud, call.now, zone_id, cost.pay_fen, Goods::Of(id));
    let payment = match to {
        Billing::Prepaid => Payment::prepaid_until(deadline_at),
        Billing::Postpaid => Payment::Postpaid { frozen_fen: None },
    };
    let change = Change::now(FlowKind::ChargeType, Payload::ChargeType(payment));
    flow::begin(cloud, call, id, Some(&deal_id), change);
    Ok(())
}

fn charge_period(months: u64) -> Result<(), Refusal> {
    period_is_sold(months, Billing::Prepaid, PERIOD_MAX)
}
