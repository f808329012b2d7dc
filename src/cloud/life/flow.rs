//! Flows: changes that take time.
//!
//! Nothing runs in the background. A flow carries the moment at which it ends, and
//! [`advance`](crate::cloud::advance::advance) ends what is due whenever the cloud is looked at.

use crate::cloud::ids::{DealId, InstanceId, TaskId};
use crate::cloud::instance::record::Instance;
use crate::cloud::life::record::{Fate, Flow, Payload, Task, TaskResult};
use crate::cloud::life::table::{FlowKind, TaskKind};
use crate::cloud::refusal::Refusal;
use crate::cloud::state::{Call, Cloud, Pace, Settings};
use crate::cloud::time;
use crate::cloud::time::{Millis, SECOND};

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

/// A change that is to begin.
pub(crate) struct Change {
    pub(crate) kind: FlowKind,
    pub(crate) payload: Payload,
    /// Whether it waits for the maintenance window.
    pub(crate) in_window: bool,
}

impl Change {
    /// One that begins now.
    pub(crate) fn now(kind: FlowKind, payload: Payload) -> Change {
        Change {
            kind,
            payload,
            in_window: false,
        }
    }
}

/// Begins a flow with its task, and puts the instance into process. Gives their number.
pub(crate) fn begin(
    cloud: &mut Cloud,
    call: &Call,
    instance_id: &InstanceId,
    deal_id: Option<&DealId>,
    change: Change,
) -> TaskId {
    let Change {
        kind,
        payload,
        in_window,
    } = change;
    let id = free_task_id(cloud);
    let due_at = if in_window {
        window_opens(cloud, call.now, instance_id)
    } else {
        cloud.settings.due_at(call.now)
    };
    let ends = call.fate != Fate::Hangs;
    let flow = Flow {
        id,
        instance_id: instance_id.clone(),
        deal_id: deal_id.cloned(),
        started_at: call.now,
        due_at: due_at.filter(|_| ends),
        shown: false,
        in_window,
        task_due_at: task_due_at(cloud, call.now).filter(|_| in_window && ends),
        kind,
        payload,
        fate: call.fate,
    };
    let during = flow.during();
    for instance_id in flow.instances() {
        cloud.instances.update(instance_id, |instance| {
            instance.status = during.unwrap_or(instance.status);
            instance.locked_until = None;
        });
    }
    if let Some(kind) = kind.row().task {
        list_task(cloud, call.now, id, kind, instance_id);
    }
    cloud.flows.insert(flow);
    id
}

/// A number that neither a task nor a flow has, not even a stated one.
pub(crate) fn free_task_id(cloud: &mut Cloud) -> TaskId {
    loop {
        let id = cloud.ids.task_id();
        if !cloud.tasks.contains_key(&id) && cloud.flows.get(id).is_none() {
            return id;
        }
    }
}

/// Lists a task that no flow carries out. `None`: there is no such instance.
pub(crate) fn open_task(cloud: &mut Cloud, now: Millis, kind: TaskKind, instance_id: &InstanceId) -> Option<TaskId> {
    cloud.instances.get(instance_id)?;
    let id = free_task_id(cloud);
    list_task(cloud, now, id, kind, instance_id);
    Some(id)
}

fn list_task(cloud: &mut Cloud, now: Millis, id: TaskId, kind: TaskKind, instance_id: &InstanceId) {
    let Some(instance) = cloud.instances.get(instance_id) else {
        return;
    };
    let task = Task {
        id,
        kind,
        region: instance.region,
        instance_id: instance.id.clone(),
        instance_name: instance.name.clone(),
        project_id: instance.project_id,
        started_at: now,
        ended_at: None,
        result: TaskResult::Running,
        message: String::new(),
        operator_uin: cloud.account.uin.clone(),
    };
    cloud.tasks.insert(id, task);
}

/// When the maintenance window of an instance opens next; `None` where only a hand moves things on.
fn window_opens(cloud: &Cloud, now: Millis, instance_id: &InstanceId) -> Option<Millis> {
    let instance = cloud.instances.get(instance_id)?;
    let opens_at = time::next_minute_of_day(now, i64::from(instance.maintenance.0));
    (cloud.settings.pace != Pace::Held).then_some(opens_at)
}

/// A change that waits for the window switches when that opens next.
pub(crate) fn wait_for_window(cloud: &mut Cloud, now: Millis, id: TaskId) {
    if let Some(mut flow) = cloud.flows.get(id).cloned() {
        flow.due_at = window_opens(cloud, now, &flow.instance_id);
        cloud.flows.insert(flow);
    }
}

/// When the task is due of a change that began then and waits for its window; `None`: it ends by hand, or with the
/// change.
pub(crate) fn task_due_at(cloud: &Cloud, started_at: Millis) -> Option<Millis> {
    let task_first = cloud.settings.assumed.window_task_ends_first;
    cloud.settings.due_at(started_at).filter(|_| task_first)
}

/// Ends the task of a change that waits for its window, and goes on to.
pub(crate) fn end_task(cloud: &mut Cloud, id: TaskId, at: Millis) {
    let Some(mut flow) = cloud.flows.get(id).cloned() else {
        return;
    };
    flow.task_due_at = None;
    cloud.flows.insert(flow);
    close_task(cloud, id, at, TaskResult::Done, String::new());
}

/// Whether a task is still under way.
pub(crate) fn task_runs(cloud: &Cloud, id: TaskId) -> bool {
    cloud.tasks.get(&id).is_some_and(Task::runs)
}

/// Closes a task, unless it has ended before its flow.
pub(crate) fn close_task(cloud: &mut Cloud, id: TaskId, at: Millis, result: TaskResult, message: String) {
    if let Some(task) = cloud.tasks.get_mut(&id).filter(|task| task.runs()) {
        task.result = result;
        task.ended_at = Some(at);
        time::begun_by(&mut task.started_at, at);
        task.message = message;
        cloud.retention.note_task(task);
    }
}

/// Whether a change of that kind may begin with the instance as it is, and beside what is under way of it. A price asks
/// no more than this.
pub(crate) fn fits(cloud: &Cloud, instance: &Instance, kind: FlowKind) -> Result<(), Refusal> {
    let row = kind.row();
    let id = || instance.id.clone();
    if !row.from.contains(&instance.status) {
        return Err(Refusal::WrongStatus {
            id: id(),
            status: instance.status,
            needs: row.from,
        });
    }
    if cloud.flows.of(&instance.id).any(|flow| kind.waits_for(flow.kind)) {
        return Err(Refusal::ChangeWaiting { id: id() });
    }
    if row.billing.is_some_and(|billing| billing != instance.billing()) {
        return Err(Refusal::WrongBilling {
            id: id(),
            billing: instance.billing(),
        });
    }
    let destroys = matches!(kind, FlowKind::ReturnPostpaid | FlowKind::ReturnPrepaid);
    if destroys && instance.delete_protection {
        return Err(Refusal::Protected { id: id() });
    }
    Ok(())
}

/// Whether a change of that kind may begin now.
pub(crate) fn can_begin(cloud: &Cloud, call: &Call, instance: &Instance, kind: FlowKind) -> Result<(), Refusal> {
    fits(cloud, instance, kind)?;
    is_unlocked(instance, call.now)
}

/// The instance of the called region with which a change of that kind may begin now.
pub(crate) fn ready<'a>(cloud: &'a Cloud, call: &Call, id: &str, kind: FlowKind) -> Result<&'a Instance, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    can_begin(cloud, call, instance, kind)?;
    Ok(instance)
}

/// Locks an instance whose resize has ended, where the account says for how long.
pub(crate) fn lock(cloud: &mut Cloud, at: Millis, instance_id: &InstanceId) {
    let lock_ms = cloud.account.lock_seconds.saturating_mul(SECOND);
    if lock_ms > 0 {
        cloud.instances.update(instance_id, |instance| {
            instance.locked_until = Some(time::after(at, lock_ms));
        });
    }
}

/// Refuses while a resize that has ended still holds the instance.
pub(crate) fn is_unlocked(instance: &Instance, now: Millis) -> Result<(), Refusal> {
    match instance.locked_until {
        Some(until) if now < until => Err(Refusal::Locked {
            id: instance.id.clone(),
        }),
        _ => Ok(()),
    }
}
