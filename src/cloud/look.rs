//! Looks: what an answer shows of a flow, and what is owed to who did not look.
//!
//! A client that waits for a change wants to see it under way first; one that sleeps instead must not find it under way
//! for ever. So what is to be seen once stays until an answer has shown it, and ends unseen where the next step of its
//! caller, a hand on the clock or sixty times its time says so. Every read that hands out a status, a task or an order
//! goes through here.

use super::deal::Deal;
use super::flow::Flow;
use super::ids::TaskId;
use super::instance::Instance;
use super::task::Task;
use super::time::Millis;
use super::{Call, Cloud, Refusal};

impl Cloud {
    /// The task of that number in the called region.
    pub(crate) fn task(&self, call: &Call, id: TaskId) -> Result<&Task, Refusal> {
        let found = self.tasks.get(&id);
        let task = found.filter(|task| task.region.name == call.region.name);
        let task = task.ok_or(Refusal::NoSuchTask { id })?;
        self.look_at_task(call, task);
        Ok(task)
    }

    /// The order of that number, unless it returned an instance: that is no order to be told of.
    pub(crate) fn deal(&self, call: &Call, id: &str) -> Option<&Deal> {
        let deal = self.deals.get(id).filter(|deal| !deal.is_return)?;
        let flows = deal.instance_ids.iter().filter_map(|id| self.flows.of(id));
        for flow in flows.filter(|flow| flow.deal_id.as_ref() == Some(&deal.id)) {
            look(call, flow, flow.shows_itself());
        }
        Some(deal)
    }

    /// An answer shows the status of an instance, or tells by a list without it what that is not.
    pub(super) fn look_at(&self, call: &Call, instance: &Instance) {
        if let Some(flow) = self.flows.of(&instance.id) {
            look(call, flow, flow.shows_itself());
        }
    }

    /// An answer shows how far a task is.
    pub(super) fn look_at_task(&self, call: &Call, task: &Task) {
        if let Some(flow) = self.flows.get(task.id).filter(|_| task.runs()) {
            look(call, flow, flow.shows_itself() || flow.task_due_at.is_some());
        }
    }

    /// Somebody outside of the API looks at an instance.
    pub fn show(&mut self, instance_id: &str) {
        let flow = self.flows.of(instance_id).filter(|flow| flow.shows_itself());
        if let Some(id) = flow.map(|flow| flow.id) {
            self.note_shown(&[id]);
        }
    }

    /// Notes that an answer has shown these flows under way: they end when they are due.
    pub fn note_shown(&mut self, flows: &[TaskId]) {
        for id in flows {
            if let Some(flow) = self.flows.get(*id).filter(|flow| !flow.shown) {
                let shown = true;
                let flow = flow.clone();
                self.flows.insert(Flow { shown, ..flow });
            }
        }
    }

    /// Whether [`Cloud::note_shown`] of these flows would change anything.
    pub fn is_news(&self, flows: &[TaskId]) -> bool {
        let unseen = |id: &TaskId| self.flows.get(*id).is_some_and(|flow| !flow.shown);
        flows.iter().any(unseen)
    }

    /// Whether [`Cloud::end_unseen`] of these instances would end anything.
    pub fn has_unseen(&self, instance_ids: &[impl AsRef<str>], now: Millis) -> bool {
        instance_ids.iter().any(|id| self.due_unseen(id, now).is_some())
    }

    /// The flow of an instance of which something is due and was not seen.
    fn due_unseen(&self, instance_id: impl AsRef<str>, now: Millis) -> Option<&Flow> {
        let flow = self.flows.of(instance_id);
        flow.filter(|flow| flow.seen_due_at().is_some_and(|at| at <= now))
    }

    /// Ends now what of these instances is due and was not seen: who changes an instance anew has waited long enough.
    pub fn end_unseen(&mut self, instance_ids: &[impl AsRef<str>], now: Millis) {
        for id in instance_ids {
            let due = self.due_unseen(id, now);
            if let Some((id, whole)) = due.map(|flow| (flow.id, flow.shows_itself())) {
                if whole {
                    self.finish(id, now);
                } else {
                    self.end_task(id, now);
                }
            }
        }
    }

    /// As [`Cloud::advance`], where a hand has moved the clock: what is due by then counts as seen.
    pub fn advance_by_hand(&mut self, now: Millis) {
        self.see_due(now);
        self.advance(now);
    }

    /// What is due by then counts as seen.
    pub fn see_due(&mut self, now: Millis) {
        let due = |flow: &&Flow| flow.seen_due_at().is_some_and(|at| at <= now);
        let due: Vec<TaskId> = self.flows.values().filter(due).map(|flow| flow.id).collect();
        self.note_shown(&due);
    }
}

/// Notes a look for the shell, which keeps it once the answer leaves.
fn look(call: &Call, flow: &Flow, under_way: bool) {
    if under_way && !flow.shown {
        call.shown.borrow_mut().push(flow.id);
    }
}
