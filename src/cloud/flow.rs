//! Flows: changes that take time.
//!
//! Nothing runs in the background. A flow carries the moment at which it ends, and [`Cloud::advance`] ends what is due
//! whenever the cloud is looked at.

use std::collections::{BTreeMap, BTreeSet};

use super::account::HELD_MOST_FEN;
use super::edition::Edition;
use super::ids::{DealId, InstanceId, TaskId};
use super::instance::{Access, Instance, Payment, Placement, RecycleBin};
use super::ledger::Reference;
use super::lifecycle::Move;
use super::task::{Task, TaskResult};
use super::time::{self, Millis};
use super::values::{Spec, Status};
use super::{Call, Cloud, DealStatus, Pace, Records, Settings, price};

/// A change on its way. When it ends, [`Change`] is applied to the instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Also the number of its [`Task`].
    pub id: TaskId,
    /// The instance that changes.
    pub instance_id: InstanceId,
    /// The order that it delivers, if it was ordered.
    pub deal_id: Option<DealId>,
    /// When it began.
    pub started_at: Millis,
    /// When it is due: the flow time after it began, or when the window opens; `None`: it waits for a hand.
    pub due_at: Option<Millis>,
    /// Whether an answer has shown it under way; of one that waits for its window, its task.
    pub shown: bool,
    /// Whether it waits for the maintenance window, the instance running meanwhile.
    pub in_window: bool,
    /// When its task is due, which ends before the window opens; `None`: it has ended, waits for a hand, or ends with
    /// the flow.
    pub task_due_at: Option<Millis>,
    /// Its row in the table of transitions.
    pub of: Move,
    /// What it changes.
    pub change: Change,
}

/// What a flow changes when it ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The instance exists since the order; it now runs.
    Create,
    /// The instance gets this size, and nodes for it.
    Resize { spec: Spec, placement: Placement },
    /// It becomes one of another edition, of this size.
    Edition { edition: &'static Edition, spec: Spec },
    /// `ProductVersion`
    ProductVersion(String),
    /// `CurrentProxyVersion` and `CurrentRedisVersion`, where they change.
    Versions {
        proxy: Option<String>,
        redis: Option<String>,
    },
    /// It stands elsewhere.
    Zones(Placement),
    /// It is paid for the other way.
    ChargeType(Payment),
    /// One gets in the other way, or by another password.
    Access(Access),
    /// It goes into the recycle bin.
    Isolate,
    /// It comes out of the recycle bin; where it was renewed, paid for until then.
    StartUp { deadline_at: Option<Millis> },
    /// It is gone.
    CleanUp,
}

impl Change {
    /// The edition and the size that it leads to, if it changes them.
    pub(super) fn size(&self, of: &Instance) -> Option<(&'static Edition, Spec)> {
        match self {
            Change::Resize { spec, .. } => Some((of.edition, *spec)),
            Change::Edition { edition, spec } => Some((edition, *spec)),
            _ => None,
        }
    }

    /// What it does to the instance when it ends.
    fn apply(&self, instance: &mut Instance, at: Millis) {
        match self {
            Change::Create | Change::CleanUp => {}
            Change::Resize { spec, placement } => {
                instance.spec = *spec;
                instance.placement.clone_from(placement);
                instance.hold_the_usual();
            }
            Change::Edition { edition, spec } => instance.become_edition(edition, *spec),
            Change::ProductVersion(version) => instance.hardware.product_version.clone_from(version),
            Change::Versions { proxy, redis } => instance.software.upgrade(proxy, redis),
            Change::Zones(placement) => instance.placement.clone_from(placement),
            Change::ChargeType(payment) => instance.payment = *payment,
            Change::Access(access) => instance.access.clone_from(access),
            Change::Isolate => return instance.isolate(at),
            Change::StartUp { deadline_at } => {
                instance.recycle_bin = RecycleBin::default();
                if deadline_at.is_some() {
                    instance.payment = Payment::prepaid_until(*deadline_at);
                }
            }
        }
        if instance.status.is_busy() {
            instance.status = Status::Running;
        }
    }
}

/// What is to be seen once, and nobody looked at, ends after so many times its time.
pub(crate) const UNSEEN_FACTOR: i64 = 60;

impl Flow {
    /// The action that began it.
    pub fn action(&self) -> &'static str {
        self.of.row().action
    }

    /// What the instance shows meanwhile; `None`: what it was.
    pub fn during(&self) -> Option<Status> {
        self.of.row().during.filter(|_| !self.in_window)
    }

    /// `InstanceTitle` meanwhile.
    pub fn title(&self) -> &'static str {
        self.of.row().title
    }

    /// What it does to the instance when it ends. A status that it does not show is not its business.
    pub(crate) fn apply(&self, instance: &mut Instance, at: Millis) {
        let before = instance.status;
        self.change.apply(instance, at);
        if self.during().is_none() {
            instance.status = before;
        }
    }

    /// Whether it is to be seen once under way, by the instance's status. One that leaves the status as it is, one that
    /// takes an instance out of the recycle bin and one that waits for its window end when they are due.
    pub fn shows_itself(&self) -> bool {
        self.during() == Some(Status::InProcess)
    }

    /// What is due of it that is to be seen once: the flow itself, or the task of one that waits for its window.
    pub(super) fn seen_due_at(&self) -> Option<Millis> {
        if self.shows_itself() {
            self.due_at
        } else {
            self.task_due_at
        }
    }

    /// When that ends by itself: when it is due, if it was seen.
    fn seen_ends_at(&self) -> Option<Millis> {
        let due_at = self.seen_due_at()?;
        if self.shown {
            return Some(due_at);
        }
        let time_ms = due_at.saturating_sub(self.started_at);
        let unseen_ms = time_ms.saturating_mul(UNSEEN_FACTOR);
        Some(time::after(self.started_at, unseen_ms))
    }

    /// When something of it ends by itself: the flow, or before it its task.
    fn ends_at(&self) -> [Option<Millis>; 2] {
        let whole = Some(self.due_at).filter(|_| !self.shows_itself());
        [self.seen_ends_at(), whole.flatten()]
    }

    /// What its movements of money refer to.
    fn reference(&self) -> Reference<'_> {
        Reference {
            deal_id: self.deal_id.as_ref(),
            instance_id: Some(&self.instance_id),
        }
    }
}

impl Settings {
    /// When what begins now is due; `None`: it waits for a hand.
    pub(crate) fn due_at(&self, now: Millis) -> Option<Millis> {
        match self.pace {
            Pace::Instant => Some(now),
            Pace::Held => None,
            Pace::Timed => Some(time::after(now, self.flow_time_ms)),
        }
    }
}

/// Flows by id, with what finds the one of an instance and the one that ends next.
#[derive(Clone, Debug, Default)]
pub struct Flows {
    by_id: Records<TaskId, Flow>,
    of_instance: BTreeMap<InstanceId, TaskId>,
    due: BTreeSet<(Millis, TaskId)>,
}

impl PartialEq for Flows {
    fn eq(&self, other: &Self) -> bool {
        self.by_id == other.by_id
    }
}

impl Flows {
    /// The flow of that number.
    pub fn get(&self, id: TaskId) -> Option<&Flow> {
        self.by_id.get(&id)
    }

    /// All of them, by number.
    pub fn values(&self) -> impl Iterator<Item = &Flow> {
        self.by_id.values()
    }

    /// Whether nothing is on its way.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// How many are on their way.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// The one of an instance, which has one at most.
    pub fn of(&self, instance_id: impl AsRef<str>) -> Option<&Flow> {
        self.of_instance
            .get(instance_id.as_ref())
            .and_then(|id| self.by_id.get(id))
    }

    /// Of which something ends next by itself, and when.
    pub fn next_due(&self) -> Option<(Millis, TaskId)> {
        self.due.first().copied()
    }

    /// Adds one.
    pub fn insert(&mut self, flow: Flow) {
        self.remove(flow.id);
        let ends = flow.ends_at().into_iter().flatten();
        self.due.extend(ends.map(|at| (at, flow.id)));
        self.of_instance.insert(flow.instance_id.clone(), flow.id);
        self.by_id.insert(flow.id, flow);
    }

    /// Takes one away.
    pub fn remove(&mut self, id: TaskId) -> Option<Flow> {
        let flow = self.by_id.remove(&id)?;
        for at in flow.ends_at().into_iter().flatten() {
            self.due.remove(&(at, id));
        }
        if self.of_instance.get(&flow.instance_id) == Some(&id) {
            self.of_instance.remove(&flow.instance_id);
        }
        Some(flow)
    }
}

impl Cloud {
    /// Ends one flow by hand, whatever the pace; of one that waits for its window first the task. Gives the flows that
    /// ended. `None` if there is no such flow.
    pub fn step(&mut self, id: TaskId, now: Millis) -> Option<Vec<Flow>> {
        let flow = self.flows.get(id)?;
        let task_first = self.settings.assumed.window_task_ends_first;
        if task_first && flow.in_window && self.task_runs(id) {
            self.end_task(id, now);
            return Some(Vec::new());
        }
        Some(self.finish(id, now).into_iter().collect())
    }

    /// Ends all flows by hand, in the order of their ids, and hands them back.
    pub fn drain(&mut self, now: Millis) -> Vec<Flow> {
        let ids: Vec<TaskId> = self.flows.values().map(|flow| flow.id).collect();
        ids.into_iter().filter_map(|id| self.finish(id, now)).collect()
    }

    /// The flow an instance is in, if any.
    pub fn flow_of(&self, instance_id: impl AsRef<str>) -> Option<&Flow> {
        self.flows.of(instance_id)
    }

    /// Begins a flow with its task, and puts the instance into process. Gives their number.
    pub(crate) fn begin(
        &mut self,
        call: &Call,
        instance_id: &InstanceId,
        deal_id: Option<&DealId>,
        of: Move,
        change: Change,
    ) -> TaskId {
        self.begin_in(call, instance_id, deal_id, of, change, false)
    }

    /// As [`Cloud::begin`]; `in_window`: the change waits for the maintenance window.
    pub(crate) fn begin_in(
        &mut self,
        call: &Call,
        instance_id: &InstanceId,
        deal_id: Option<&DealId>,
        of: Move,
        change: Change,
        in_window: bool,
    ) -> TaskId {
        let id = self.free_task_id();
        let due_at = if in_window {
            self.window_opens(call.now, instance_id)
        } else {
            self.settings.due_at(call.now)
        };
        let flow = Flow {
            id,
            instance_id: instance_id.clone(),
            deal_id: deal_id.cloned(),
            started_at: call.now,
            due_at,
            shown: false,
            in_window,
            task_due_at: self.task_due_at(call.now).filter(|_| in_window),
            of,
            change,
        };
        let during = flow.during();
        self.instances.update(instance_id, |instance| {
            instance.status = during.unwrap_or(instance.status);
            instance.locked_until = None;
        });
        self.list_task(call, &flow);
        self.flows.insert(flow);
        id
    }

    /// A number that neither a task nor a flow has, not even a stated one.
    fn free_task_id(&mut self) -> TaskId {
        loop {
            let id = self.ids.task_id();
            if !self.tasks.contains_key(&id) && self.flows.get(id).is_none() {
                return id;
            }
        }
    }

    /// The task that tells of a flow.
    fn list_task(&mut self, call: &Call, flow: &Flow) {
        let Some(kind) = flow.of.row().task else {
            return;
        };
        let Some(instance) = self.instances.get(&flow.instance_id) else {
            return;
        };
        let task = Task {
            id: flow.id,
            kind,
            region: instance.region,
            instance_id: instance.id.clone(),
            instance_name: instance.name.clone(),
            project_id: instance.project_id,
            started_at: call.now,
            ended_at: None,
            result: TaskResult::Running,
            message: String::new(),
            operator_uin: self.account.uin.clone(),
        };
        self.tasks.insert(flow.id, task);
    }

    /// Ends what a call has just begun if the pace is instant. The last step of every write that begins flows.
    pub(crate) fn finish_if_instant(&mut self, now: Millis) {
        if self.settings.pace == Pace::Instant {
            self.advance(now);
        }
    }

    /// When the maintenance window of an instance opens next; `None` where only a hand moves things on.
    fn window_opens(&self, now: Millis, instance_id: &InstanceId) -> Option<Millis> {
        let instance = self.instances.get(instance_id)?;
        let opens_at = time::next_minute_of_day(now, i64::from(instance.maintenance.0));
        (self.settings.pace != Pace::Held).then_some(opens_at)
    }

    /// Lets a change that waits for its window begin now. `None`: none waits.
    pub(crate) fn bring_forward(&mut self, call: &Call, instance_id: &InstanceId) -> Option<()> {
        let mut flow = self.flows.of(instance_id).filter(|flow| flow.in_window)?.clone();
        flow.in_window = false;
        flow.started_at = call.now;
        flow.due_at = self.settings.due_at(call.now);
        // Its task was seen at most; a task that still runs ends with the flow now.
        flow.shown = false;
        flow.task_due_at = None;
        let during = flow.during();
        self.flows.insert(flow);
        self.instances.update(instance_id, |instance| {
            instance.status = during.unwrap_or(instance.status);
        });
        self.finish_if_instant(call.now);
        Some(())
    }

    /// Ends at that moment what is due next of a flow: its task while it waits for its window, else the whole.
    pub(super) fn end_next(&mut self, id: TaskId, at: Millis) {
        let due_at = self.flows.get(id).and_then(Flow::seen_ends_at);
        let waits = self.flows.get(id).is_some_and(|flow| flow.in_window);
        if waits && due_at.is_some_and(|due_at| due_at <= at) {
            self.end_task(id, at);
        } else {
            self.finish(id, at);
        }
    }

    /// When the task is due of a change that began then and waits for its window; `None`: it ends by hand, or with the
    /// change.
    pub(crate) fn task_due_at(&self, started_at: Millis) -> Option<Millis> {
        let task_first = self.settings.assumed.window_task_ends_first;
        self.settings.due_at(started_at).filter(|_| task_first)
    }

    /// Ends the task of a change that waits for its window, and goes on to.
    pub(super) fn end_task(&mut self, id: TaskId, at: Millis) {
        let Some(mut flow) = self.flows.get(id).cloned() else {
            return;
        };
        flow.task_due_at = None;
        self.flows.insert(flow);
        self.close_task(id, at, TaskResult::Done, String::new());
    }

    /// Whether a task is still under way.
    pub(crate) fn task_runs(&self, id: TaskId) -> bool {
        self.tasks.get(&id).is_some_and(Task::runs)
    }

    /// Ends one flow at that moment: applies its change, closes its task, and its order with the last flow of it.
    pub(super) fn finish(&mut self, id: TaskId, at: Millis) -> Option<Flow> {
        let flow = self.flows.remove(id)?;
        let instance_id = &flow.instance_id;
        self.holding(at, instance_id, flow.reference(), |cloud| {
            if flow.change == Change::CleanUp {
                cloud.instances.remove(instance_id);
            } else {
                let applied = |instance: &mut Instance| flow.apply(instance, at);
                cloud.instances.update(instance_id, applied);
            }
        });
        if matches!(flow.change, Change::Resize { .. }) {
            self.back_up(at, instance_id);
            self.lock(at, instance_id);
        }
        self.close_task(id, at, TaskResult::Done, String::new());
        self.close_deal(&flow, at, true);
        self.enforce_arrears_on(at, instance_id);
        Some(flow)
    }

    /// Lets one flow fail: the instance is as before the action, an order's money comes back, the task says why. `None`
    /// if there is no such flow.
    pub fn fail(&mut self, id: TaskId, at: Millis, message: &str) -> Option<Flow> {
        let flow = self.flows.remove(id)?;
        let paid_fen = self.paid_fen_of(&flow);
        self.pay(at, -paid_fen, flow.reference());
        self.holding(at, &flow.instance_id, flow.reference(), |cloud| {
            if flow.change == Change::Create {
                cloud.instances.remove(&flow.instance_id);
            } else {
                let undone = |instance: &mut Instance| undo(&flow, instance);
                cloud.instances.update(&flow.instance_id, undone);
            }
        });
        self.close_task(id, at, TaskResult::Failed, message.to_owned());
        self.close_deal(&flow, at, false);
        self.enforce_arrears_on(at, &flow.instance_id);
        Some(flow)
    }

    /// What of its order's price is for the instance of this flow.
    pub(super) fn paid_fen_of(&self, flow: &Flow) -> i64 {
        let deal = flow.deal_id.as_ref().and_then(|id| self.deals.get(id));
        deal.map_or(0, |deal| {
            let at = deal.instance_ids.iter().position(|id| *id == flow.instance_id);
            at.map_or(0, |at| split_fen(deal.price_fen, at as u64, deal.goods_num))
        })
    }

    /// Closes a task, unless it has ended before its flow.
    fn close_task(&mut self, id: TaskId, at: Millis, result: TaskResult, message: String) {
        if let Some(task) = self.tasks.get_mut(&id).filter(|task| task.runs()) {
            task.result = result;
            task.ended_at = Some(at);
            task.message = message;
            self.retention.note_task(task);
        }
    }

    /// Closes the order with the last flow of it.
    fn close_deal(&mut self, flow: &Flow, at: Millis, delivered: bool) {
        let Some(deal) = flow.deal_id.as_ref().and_then(|id| self.deals.get_mut(id)) else {
            return;
        };
        if !delivered {
            deal.undelivered = deal.goods_num.min(deal.undelivered.saturating_add(1));
        }
        let of_deal = |id: &InstanceId| {
            let other = self.flows.of(id);
            other.is_some_and(|other| other.deal_id == flow.deal_id)
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
        self.retention.note_deal(deal);
    }
}

/// The part of a sum that falls to one of several, so that all parts together are the sum.
pub(super) fn split_fen(sum_fen: i64, index: u64, count: u64) -> i64 {
    let (sum, index, count) = (i128::from(sum_fen), i128::from(index), i128::from(count.max(1)));
    i64::try_from(sum * (index + 1) / count - sum * index / count).unwrap_or(0)
}

fn undo(flow: &Flow, instance: &mut Instance) {
    if let Payment::Postpaid { frozen_fen } = instance.payment {
        let frozen_fen = frozen_before(&flow.change, instance, frozen_fen);
        instance.payment = Payment::Postpaid { frozen_fen };
    }
    instance.status = match flow.change {
        Change::StartUp { .. } | Change::CleanUp => instance.isolated_status(),
        _ if instance.status.is_busy() && flow.during().is_some() => Status::Running,
        _ => instance.status,
    };
}

/// What was held before the change was ordered, which had added the difference in size. What was stated otherwise
/// meanwhile stays.
fn frozen_before(change: &Change, instance: &Instance, frozen_fen: Option<i64>) -> Option<i64> {
    let Some((edition, spec)) = change.size(instance) else {
        return frozen_fen;
    };
    let own_fen = instance.hour_fen(&instance.spec);
    let more_fen = price::hour(instance.region, edition, &spec).fen() - own_fen;
    let held_fen = frozen_fen? - more_fen;
    if !(0..=HELD_MOST_FEN).contains(&held_fen) {
        return frozen_fen;
    }
    Some(held_fen).filter(|held_fen| *held_fen != own_fen)
}
