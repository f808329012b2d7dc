//! The recycle bin: into it, out of it, and out of this world.

use crate::cloud::ids::{DealId, TaskId};
use crate::cloud::instance::payment::Payment;
use crate::cloud::instance::record::{Instance, RecycleBin};
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::money::book;
use crate::cloud::money::order::{Goods, place_order};
use crate::cloud::money::record::Reference;
use crate::cloud::refusal::Refusal;
use crate::cloud::replication::bar;
use crate::cloud::replication::bar::Deed;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::Millis;
use crate::cloud::values::Billing;
use crate::cloud::vpc::address;

/// Returns a postpaid instance; it is isolated when the flow ends. Gives the task's number.
pub fn destroy_postpaid(cloud: &mut Cloud, call: &Call, id: &str) -> Result<TaskId, Refusal> {
    let instance = flow::ready(cloud, call, id, FlowKind::ReturnPostpaid)?;
    bar::bars(cloud, instance, Deed::Destroy)?;
    let id = instance.id.clone();
    let change = Change::now(FlowKind::ReturnPostpaid, Payload::Isolate);
    Ok(flow::begin(cloud, call, &id, None, change))
}

/// Returns a prepaid instance and gives back what it is still worth; it is isolated when the flow ends. Gives the
/// order's number.
pub fn destroy_prepaid(cloud: &mut Cloud, call: &Call, id: &str) -> Result<DealId, Refusal> {
    let instance = flow::ready(cloud, call, id, FlowKind::ReturnPrepaid)?;
    bar::bars(cloud, instance, Deed::Destroy)?;
    let (id, value_fen, zone_id) = (instance.id.clone(), instance.value(call.now).fen(), instance.zone_id());
    book::can_receive(cloud, call.now, value_fen)?;
    let deal_id = place_order(cloud, call.now, zone_id, -value_fen, Goods::Of(&id));
    if let Some(deal) = cloud.deals.get_mut(&deal_id) {
        deal.is_return = true;
    }
    let change = Change::now(FlowKind::ReturnPrepaid, Payload::Isolate);
    flow::begin(cloud, call, &id, Some(&deal_id), change);
    Ok(deal_id)
}

/// Takes an isolated instance back into use. A prepaid one whose time is up has to be renewed instead.
pub fn start_up(cloud: &mut Cloud, call: &Call, id: &str) -> Result<TaskId, Refusal> {
    let instance = flow::ready(cloud, call, id, FlowKind::StartUp)?;
    let held_fen = match instance.billing() {
        Billing::Postpaid => instance.hour_fen(&instance.spec),
        Billing::Prepaid if instance.deadline_at().is_some_and(|end| end <= call.now) => {
            return Err(Refusal::TimeIsUp {
                id: instance.id.clone(),
            });
        }
        Billing::Prepaid => 0,
    };
    let (id, vip) = (instance.id.clone(), address::address_back(cloud, instance, call.now)?);
    book::can_spend(cloud, call.now, held_fen)?;
    if let Some(vip) = vip {
        cloud.instances.update(&id, |instance| instance.address.vip = vip);
    }
    let change = Change::now(FlowKind::StartUp, Payload::StartUp(None));
    let begin = |cloud: &mut Cloud| flow::begin(cloud, call, &id, None, change);
    Ok(book::holding(cloud, call.now, &id, Reference::to_instance(&id), begin))
}

/// Takes an isolated instance out of the recycle bin for good. Gives the task's number, which outlives it.
pub fn clean_up(cloud: &mut Cloud, call: &Call, id: &str) -> Result<TaskId, Refusal> {
    let id = flow::ready(cloud, call, id, FlowKind::CleanUp)?.id.clone();
    let change = Change::now(FlowKind::CleanUp, Payload::CleanUp);
    Ok(flow::begin(cloud, call, &id, None, change))
}

/// Into the recycle bin.
pub(crate) fn isolate(instance: &mut Instance, at: Millis) {
    instance.isolate(at);
}

/// Out of the recycle bin, paid for anew where it was renewed.
pub(crate) fn take_out(instance: &mut Instance, paid: &Option<Payment>) {
    instance.recycle_bin = RecycleBin::default();
    if let Some(payment) = paid {
        instance.payment = *payment;
    }
}

/// What was to leave the recycle bin, this way or that, stays in it.
pub(crate) fn put_back(instance: &mut Instance) {
    instance.status = instance.isolated_status();
}
