//! Looks: what an answer shows of a flow, and what is owed to who did not look.
//!
//! A client that waits for a change wants to see it under way first; one that sleeps instead must not find it under way
//! for ever. So what is to be seen once stays until an answer has shown it, and ends unseen where the next step of its
//! caller, a hand on the clock or sixty times its time says so. Every read that hands out a status, a task or an order
//! goes through here.

use crate::cloud::ids::TaskId;
use crate::cloud::instance::record::Instance;
use crate::cloud::life::record::{Flow, Task};
use crate::cloud::order::record::Deal;
use crate::cloud::replication::record::ReplicationGroup;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::Millis;

/// The order of that number, unless it returned an instance: that is no order to be told of.
pub(crate) fn deal<'a>(cloud: &'a Cloud, call: &Call, id: &str) -> Option<&'a Deal> {
    let deal = cloud.deals.get(id).filter(|deal| !deal.is_return)?;
    let flows = deal.instance_ids.iter().flat_map(|id| cloud.flows.of(id));
    for flow in flows.filter(|flow| flow.deal_id.as_ref() == Some(&deal.id)) {
        look(call, flow, flow.shows_itself());
    }
    Some(deal)
}

/// An answer shows the status of an instance, or tells by a list without it what that is not.
pub(crate) fn look_at(cloud: &Cloud, call: &Call, instance: &Instance) {
    if let Some(flow) = cloud.flows.shown_of(&instance.id) {
        look(call, flow, flow.shows_itself());
    }
}

/// An answer shows how far a replication group is, and the statuses of its members.
pub(crate) fn look_at_group(cloud: &Cloud, call: &Call, group: &ReplicationGroup) {
    let members = group
        .members
        .iter()
        .filter_map(|member| cloud.instances.get(&member.instance_id));
    members.for_each(|member| look_at(cloud, call, member));
}

/// An answer shows how far a task is.
pub(crate) fn look_at_task(cloud: &Cloud, call: &Call, task: &Task) {
    if let Some(flow) = cloud.flows.get(task.id).filter(|_| task.runs()) {
        look(call, flow, flow.shows_itself() || flow.task_due_at.is_some());
    }
}

/// Somebody outside of the API looks at an instance.
pub fn show(cloud: &mut Cloud, instance_id: &str) {
    let flow = cloud.flows.of(instance_id).find(|flow| flow.shows_itself());
    if let Some(id) = flow.map(|flow| flow.id) {
        note_shown(cloud, &[id]);
    }
}

/// Whether [`show`] of that instance would change anything.
pub fn is_unseen(cloud: &Cloud, instance_id: &str) -> bool {
    cloud
        .flows
        .of(instance_id)
        .any(|flow| flow.shows_itself() && !flow.shown)
}

/// Notes that an answer has shown these flows under way: they end when they are due.
pub fn note_shown(cloud: &mut Cloud, flows: &[TaskId]) {
    for id in flows {
        if let Some(flow) = cloud.flows.get(*id).filter(|flow| !flow.shown) {
            let shown = true;
            let flow = flow.clone();
            cloud.flows.insert(Flow { shown, ..flow });
        }
    }
}

/// Whether [`note_shown`] of these flows would change anything.
pub fn is_news(cloud: &Cloud, flows: &[TaskId]) -> bool {
    let unseen = |id: &TaskId| cloud.flows.get(*id).is_some_and(|flow| !flow.shown);
    flows.iter().any(unseen)
}

/// Whether [`end_unseen`](crate::cloud::advance::end_unseen) of these instances would end anything.
pub fn has_unseen(cloud: &Cloud, instance_ids: &[impl AsRef<str>], now: Millis) -> bool {
    instance_ids.iter().any(|id| due_unseen(cloud, id, now).is_some())
}

/// The flow of an instance of which something is due and was not seen: the one that its status shows, if any.
pub(crate) fn due_unseen(cloud: &Cloud, instance_id: impl AsRef<str>, now: Millis) -> Option<&Flow> {
    let mut flows = cloud.flows.of(instance_id);
    flows.find(|flow| flow.seen_due_at().is_some_and(|at| at <= now))
}

/// What is due by then counts as seen.
pub fn see_due(cloud: &mut Cloud, now: Millis) {
    let due = |flow: &&Flow| flow.seen_due_at().is_some_and(|at| at <= now);
    let due: Vec<TaskId> = cloud.flows.values().filter(due).map(|flow| flow.id).collect();
    note_shown(cloud, &due);
}

/// Notes a look for the shell, which keeps it once the answer leaves.
fn look(call: &Call, flow: &Flow, under_way: bool) {
    if under_way && !flow.shown {
        call.shown.borrow_mut().push(flow.id);
    }
}
