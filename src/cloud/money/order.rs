//! Orders as money sees them: what they cost, and what comes of them.

use crate::cloud::catalogue::edition::Edition;
use crate::cloud::catalogue::price;
use crate::cloud::catalogue::spec::Spec;
use crate::cloud::ids::{DealId, InstanceId};
use crate::cloud::instance::payment::Payment;
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Flow;
use crate::cloud::money::book;
use crate::cloud::money::record::{HELD_MOST_FEN, Reference};
use crate::cloud::order::record::{Deal, DealStatus};
use crate::cloud::refusal::Refusal;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::Millis;
use crate::cloud::values::Billing;

/// What an order costs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    /// What is paid now; negative: what comes back.
    pub(crate) pay_fen: i64,
    /// What is held more than before; negative: what is held less.
    pub(crate) hold_fen: i64,
}

impl Cost {
    /// What a change of size or edition costs: prepaid, the difference for the time that is left; postpaid, that of an
    /// hour, which is held.
    pub(crate) fn of_change(instance: &Instance, becomes: &Instance, now: Millis) -> Cost {
        match instance.billing() {
            Billing::Prepaid => Cost {
                pay_fen: becomes.value(now).less(instance.value(now)).fen(),
                hold_fen: 0,
            },
            Billing::Postpaid => Cost {
                pay_fen: 0,
                hold_fen: becomes.hour_fen(&becomes.spec) - instance.hour_fen(&instance.spec),
            },
        }
    }

    /// Whether a change can be paid. Who gets money back may be in arrears; who changes what is postpaid may not.
    pub(crate) fn afford(&self, cloud: &Cloud, at: Millis, billing: Billing) -> Result<(), Refusal> {
        match billing {
            Billing::Postpaid => book::can_spend(cloud, at, self.hold_fen),
            Billing::Prepaid if self.pay_fen > 0 => book::can_spend(cloud, at, self.pay_fen),
            Billing::Prepaid => book::can_receive(cloud, at, -self.pay_fen),
        }
    }
}

/// What an order is for.
pub(crate) enum Goods<'a> {
    /// Instances that it makes.
    New(Vec<InstanceId>),
    /// Something about an instance that there is.
    Of(&'a InstanceId),
}

/// Places an order and pays it; it is under way from now on. Gives its number.
pub(crate) fn place_order(cloud: &mut Cloud, now: Millis, zone_id: u32, pay_fen: i64, goods: Goods) -> DealId {
    let mut id = cloud.ids.deal_id(now);
    while cloud.deals.contains_key(&id) {
        id = cloud.ids.deal_id(now);
    }
    let (instance_ids, instance_id) = match goods {
        Goods::New(ids) => (ids, None),
        Goods::Of(id) => (vec![id.clone()], Some(id)),
    };
    let deal = Deal {
        id: id.clone(),
        zone_id,
        goods_num: instance_ids.len() as u64,
        creator_uin: cloud.account.uin.clone(),
        created_at: now,
        ended_at: None,
        status: DealStatus::Delivering,
        price_fen: pay_fen,
        instance_ids,
        undelivered: 0,
        is_return: false,
    };
    cloud.deals.insert(id.clone(), deal);
    let reference = Reference {
        deal_id: Some(&id),
        instance_id,
    };
    book::pay(cloud, now, pay_fen, reference);
    id
}

/// Orders a change of one instance: it is paid now, and what is held for the instance follows. Gives the order's
/// number.
pub(crate) fn order_change(cloud: &mut Cloud, call: &Call, id: &InstanceId, cost: Cost, change: Change) -> DealId {
    let zone_id = cloud.instances.get(id).map_or(0, Instance::zone_id);
    let deal_id = place_order(cloud, call.now, zone_id, cost.pay_fen, Goods::Of(id));
    book::holding(cloud, call.now, id, Reference::to(&deal_id, id), |cloud| {
        cloud
            .instances
            .update(id, |instance| hold_more(instance, cost.hold_fen));
    });
    flow::begin(cloud, call, id, Some(&deal_id), change);
    deal_id
}

/// Holds so much more for a postpaid instance. What is held may have been stated, so that the difference leads out of
/// what can be.
fn hold_more(instance: &mut Instance, more_fen: i64) {
    if matches!(instance.payment, Payment::Postpaid { .. }) && more_fen != 0 {
        let frozen_fen = Some((instance.held_fen() + more_fen).clamp(0, HELD_MOST_FEN));
        instance.payment = Payment::Postpaid { frozen_fen };
    }
}

/// Adds to the price of an order of one instance.
pub(crate) fn pay_more(cloud: &mut Cloud, deal_id: &DealId, id: &InstanceId, fen: i64, at: Millis) {
    if let Some(deal) = cloud.deals.get_mut(deal_id) {
        deal.price_fen += fen;
    }
    book::pay(cloud, at, fen, Reference::to(deal_id, id));
}

/// An order that is delivered as soon as it is placed.
pub(crate) fn deliver(cloud: &mut Cloud, deal_id: &DealId, at: Millis) {
    if let Some(deal) = cloud.deals.get_mut(deal_id) {
        deal.status = DealStatus::Delivered;
        deal.ended_at = Some(at);
        cloud.retention.note_deal(deal);
    }
}

/// Closes the order with the last flow of it.
pub(crate) fn close_deal(cloud: &mut Cloud, flow: &Flow, at: Millis, delivered: bool) {
    let Some(deal) = flow.deal_id.as_ref().and_then(|id| cloud.deals.get_mut(id)) else {
        return;
    };
    if !delivered {
        deal.undelivered = deal.goods_num.min(deal.undelivered.saturating_add(1));
    }
    let of_deal = |id: &InstanceId| {
        let mut others = cloud.flows.of(id);
        others.any(|other| other.deal_id == flow.deal_id)
    };
    if deal.instance_ids.iter().any(of_deal) {
        return;
    }
    deal.ended_at = Some(at);
    deal.status = match deal.undelivered {
        0 => DealStatus::Delivered,
        all if all >= deal.goods_num => DealStatus::Refunded,
        _ => DealStatus::DeliveryFailed,
    };
    cloud.retention.note_deal(deal);
}

/// What is told of how far an order is: of one that failed as a whole, for the flow time that it failed, and then that
/// it was refunded. Its money comes back at once.
pub(crate) fn status_at(cloud: &Cloud, deal: &Deal, now: Millis) -> DealStatus {
    let failed = deal.status == DealStatus::Refunded && deal.undelivered >= deal.goods_num;
    let until = deal
        .ended_at
        .filter(|_| failed)
        .and_then(|at| cloud.settings.due_at(at));
    match until {
        Some(until) if now < until => DealStatus::DeliveryFailed,
        _ => deal.status,
    }
}

/// What of its order's price is for the instance of this flow.
pub(crate) fn paid_fen_of(cloud: &Cloud, flow: &Flow) -> i64 {
    let deal = flow.deal_id.as_ref().and_then(|id| cloud.deals.get(id));
    deal.map_or(0, |deal| {
        let at = deal.instance_ids.iter().position(|id| *id == flow.instance_id);
        at.map_or(0, |at| split_fen(deal.price_fen, at as u64, deal.goods_num))
    })
}

/// The part of a sum that falls to one of several, so that all parts together are the sum.
pub(crate) fn split_fen(sum_fen: i64, index: u64, count: u64) -> i64 {
    let (sum, index, count) = (i128::from(sum_fen), i128::from(index), i128::from(count.max(1)));
    i64::try_from(sum * (index + 1) / count - sum * index / count).unwrap_or(0)
}

/// What the account has, what is held for its instances, and what orders under way would give back if they failed.
/// Nothing that happens by itself makes it more.
pub fn worth_fen(cloud: &Cloud) -> i128 {
    let held = cloud.instances.values().map(|instance| instance.held_fen());
    let paid = cloud.flows.values().map(|flow| paid_fen_of(cloud, flow));
    let all = held.chain(paid).map(i128::from);
    i128::from(book::balance_fen(cloud, cloud.advanced_to)) + all.sum::<i128>()
}

/// Holds what was held before a change of size was ordered, which had added the difference. What was stated otherwise
/// meanwhile stays.
pub(crate) fn hold_as_before(instance: &mut Instance, edition: &Edition, spec: &Spec) {
    let Some(frozen_fen) = instance.payment.frozen_fen() else {
        return;
    };
    let own_fen = instance.hour_fen(&instance.spec);
    let more_fen = price::hour(instance.region, edition, spec).fen() - own_fen;
    let held_fen = frozen_fen - more_fen;
    if (0..=HELD_MOST_FEN).contains(&held_fen) {
        instance.payment = Payment::Postpaid {
            frozen_fen: Some(held_fen).filter(|held_fen| *held_fen != own_fen),
        };
    }
}
