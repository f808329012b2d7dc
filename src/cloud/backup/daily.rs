//! The backups that are made by themselves each day. They follow from the instance as it is, in closed form: none of
//! them is kept while nothing of it changes by which it would have been another one. Before something does, those so
//! far are kept, with their tasks.

use crate::cloud::backup::record::{Backup, BackupKind, BackupState, has_backups, listed_until, state_of};
use crate::cloud::ids;
use crate::cloud::ids::{InstanceId, TaskId};
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::record::{Flow, Task, TaskResult};
use crate::cloud::life::retention::HISTORY;
use crate::cloud::life::table::{FlowKind, TaskKind};
use crate::cloud::monitor::memory;
use crate::cloud::state::Cloud;
use crate::cloud::time;
use crate::cloud::time::{DAY, HOUR, Millis, SECOND};
use crate::cloud::values::Status;

/// How long one takes: that of the official example.
const TAKES: Millis = 21 * SECOND;
/// It begins within so many seconds of its hour, and so ends within that.
const BEGINS_WITHIN_S: u64 = 3_000;

/// When those begin that follow from the instance as it is, oldest first: the ones that are listed at that moment.
pub(crate) fn starts(cloud: &Cloud, instance: &Instance, now: Millis) -> impl DoubleEndedIterator<Item = Millis> {
    let until = reach(cloud, instance, now);
    within(cloud.ids.seed, instance, now, until)
}

/// Until when they have been made by now: one that is in process, or backed up by hand, is not backed up beside that,
/// and one in the recycle bin not at all.
fn reach(cloud: &Cloud, instance: &Instance, now: Millis) -> Millis {
    let held_since = held_since(cloud, &instance.id);
    match instance.status {
        // On its way out of the recycle bin, or yet to be made, it has none of that time.
        _ if cloud.flows.of(&instance.id).any(Flow::begins_anew) => Millis::MIN,
        Status::Running => held_since.map_or(now, |since| since.min(now)),
        Status::Pending | Status::InProcess => held_since.map_or(Millis::MIN, |since| since.min(now)),
        Status::Isolated | Status::Deleting => Millis::MIN,
    }
}

/// Since when something is under way of the instance beside which it is not backed up.
fn held_since(cloud: &Cloud, id: &InstanceId) -> Option<Millis> {
    let flows = cloud.flows.of(id).filter(|flow| holds_up(flow));
    flows.map(|flow| flow.started_at).min()
}

fn holds_up(flow: &Flow) -> bool {
    flow.during().is_some() || flow.kind == FlowKind::Backup
}

fn within(seed: u64, instance: &Instance, now: Millis, until: Millis) -> impl DoubleEndedIterator<Item = Millis> {
    let own = instance.auto_backup;
    // What began no later is not listed any more.
    let oldest = now.saturating_sub(listed_until(0, own.storage_days));
    begun(seed, instance, own.since.max(oldest), until)
}

/// Those that begin after the one moment, and not after the other.
fn begun(seed: u64, instance: &Instance, after: Millis, until: Millis) -> impl DoubleEndedIterator<Item = Millis> {
    let days = if has_backups(instance.edition) && after < until {
        time::day_of(after)..time::day_of(until) + 1
    } else {
        0..0
    };
    let start = move |day: i64| {
        let spread_s = ids::of_day(seed, &instance.id, day.unsigned_abs()) % BEGINS_WITHIN_S;
        let hour = Millis::from(instance.auto_backup.hour) * HOUR;
        time::day_begins(day) + hour + Millis::try_from(spread_s).unwrap_or(0) * SECOND
    };
    days.map(start).filter(move |at| after < *at && *at <= until)
}

/// What the one that began then is at that moment, unless something reads it.
pub(crate) fn state(instance: &Instance, started_at: Millis, now: Millis) -> BackupState {
    state_of(
        started_at,
        instance.auto_backup.storage_days,
        Some(started_at + TAKES),
        now,
    )
}

/// The one that began then.
pub(crate) fn backup(seed: u64, instance: &Instance, started_at: Millis) -> Backup {
    let stretch = memory::stretch_at(instance, started_at);
    Backup {
        id: ids::daily_backup_id(seed, &instance.id, started_at),
        instance_id: instance.id.clone(),
        region: instance.region,
        edition: instance.edition,
        spec: instance.spec,
        kind: BackupKind::Automatic,
        started_at,
        ended_at: Some(started_at + TAKES),
        remark: String::new(),
        storage_days: instance.auto_backup.storage_days,
        used: memory::bytes(&stretch, started_at),
        shard_skew: stretch.shard_skew,
        kms_key_id: instance.backup_encrypt.as_ref().map(|encrypt| encrypt.key_id.clone()),
    }
}

/// The task that made the one that began then.
pub(crate) fn task(operator_uin: &str, instance: &Instance, started_at: Millis, now: Millis) -> Task {
    let ended_at = Some(started_at + TAKES).filter(|at| *at <= now);
    Task {
        id: task_id(instance, started_at),
        kind: TaskKind::AutoBackup,
        region: instance.region,
        instance_id: instance.id.clone(),
        instance_name: instance.name.clone(),
        project_id: instance.project_id,
        started_at,
        ended_at,
        result: result(started_at, now),
        message: String::new(),
        operator_uin: operator_uin.to_owned(),
    }
}

/// How far that task is.
pub(crate) fn result(started_at: Millis, now: Millis) -> TaskResult {
    if started_at + TAKES <= now {
        TaskResult::Done
    } else {
        TaskResult::Running
    }
}

/// The number of that task.
pub(crate) fn task_id(instance: &Instance, started_at: Millis) -> TaskId {
    ids::daily_task_id(&instance.id, time::day_of(started_at))
}

/// When those tasks of an instance began that are listed at that moment, oldest first.
pub(crate) fn task_starts(cloud: &Cloud, instance: &Instance, now: Millis) -> impl DoubleEndedIterator<Item = Millis> {
    starts(cloud, instance, now).filter(move |at| at + TAKES > now - HISTORY)
}

/// The daily task of that number, with its instance.
pub(crate) fn find_task(cloud: &Cloud, id: TaskId, now: Millis) -> Option<(&Instance, Millis)> {
    if !ids::is_daily_task(id) {
        return None;
    }
    let mut instances = cloud.instances.values();
    instances.find_map(|instance| {
        // Most are of another instance, whichever the day.
        let own = ids::daily_task_id(&instance.id, 0);
        let is_near = (id.0 ^ own.0) < 1 << 15;
        let mut starts = task_starts(cloud, instance, now).filter(|_| is_near);
        let started_at = starts.find(|at| task_id(instance, *at) == id)?;
        Some((instance, started_at))
    })
}

/// Whether the same ones follow from both.
pub(crate) fn follow_alike(one: &Instance, other: &Instance) -> bool {
    let face = |of: &Instance| (of.edition.type_id, of.spec, of.status, of.auto_backup, of.region.name);
    face(one) == face(other) && one.backup_encrypt == other.backup_encrypt && one.memory == other.memory
}

/// Those that an instance has by then, to be kept.
pub(crate) struct Settled {
    instance: Instance,
    starts: Vec<Millis>,
    at: Millis,
}

/// Those that this instance has by then.
pub(crate) fn settled(cloud: &Cloud, instance: &Instance, at: Millis) -> Settled {
    let until = reach(cloud, instance, at);
    Settled::until(cloud, instance, at, until)
}

impl Settled {
    fn until(cloud: &Cloud, instance: &Instance, at: Millis, until: Millis) -> Settled {
        Settled {
            starts: within(cloud.ids.seed, instance, at, until).collect(),
            instance: instance.clone(),
            at,
        }
    }

    /// Keeps them.
    pub(crate) fn keep(self, cloud: &mut Cloud) {
        for started_at in self.starts {
            let task_id = task_id(&self.instance, started_at);
            put(cloud, &self.instance, started_at, task_id, self.at);
        }
    }
}

/// Keeps those that an instance has by then: it is about to change.
pub(crate) fn settle(cloud: &mut Cloud, id: &InstanceId, at: Millis) {
    if let Some(settled) = cloud.instances.get(id).map(|instance| settled(cloud, instance, at)) {
        let any = !settled.starts.is_empty();
        settled.keep(cloud);
        go_on_from(cloud, id, at, any);
    }
}

/// What follows from an instance begins anew, unless that makes no difference.
fn go_on_from(cloud: &mut Cloud, id: &InstanceId, at: Millis, differs: bool) {
    if differs {
        cloud.instances.update(id, |instance| instance.auto_backup.since = at);
    }
}

/// A flow of an instance ends, which is about to change: keeps those until it began, or until now where the instance
/// ran meanwhile. Whether one could not begin because of it, and can now.
pub(crate) fn settle_before(cloud: &mut Cloud, id: &InstanceId, flow: &Flow, at: Millis) -> bool {
    let row = flow.kind.row();
    if !row.from.contains(&Status::Running) || (row.during.is_none() && !holds_up(flow)) {
        return false;
    }
    let (held_since, seed) = (held_since(cloud, id), cloud.ids.seed);
    let Some(instance) = cloud.instances.get(id) else {
        return false;
    };
    let own = if holds_up(flow) { flow.started_at } else { at };
    let until = held_since.map_or(own, |since| since.min(own)).min(at);
    let after = until.max(instance.auto_backup.since).max(at - DAY);
    let missed = held_since.is_none() && begun(seed, instance, after, at).next().is_some();
    let settled = Settled::until(cloud, instance, at, until);
    let differs = missed || !settled.starts.is_empty();
    settled.keep(cloud);
    // What is still under way has those made late that it holds up.
    go_on_from(cloud, id, held_since.map_or(at, |_| until), differs);
    missed
}

/// Those after that moment begin in another hour. Where one of that day has begun, the next is the following day's.
pub(crate) fn change_hour(cloud: &mut Cloud, id: &InstanceId, hour: u8, at: Millis) {
    settle(cloud, id, at);
    let today = time::day_of(at);
    let of_today = |backup: &Backup| backup.kind == BackupKind::Automatic && time::day_of(backup.started_at) == today;
    let has_begun = cloud.backups.of(id).any(of_today);
    cloud.instances.update(id, |instance| {
        instance.auto_backup.hour = hour;
        instance.auto_backup.since = if has_begun { time::day_begins(today + 1) - 1 } else { at };
    });
}

/// Makes the one that could not begin in its time.
pub(crate) fn make_up(cloud: &mut Cloud, id: &InstanceId, at: Millis) {
    let runs = |instance: &&Instance| instance.status == Status::Running && has_backups(instance.edition);
    if let Some(instance) = cloud.instances.get(id).filter(runs).cloned() {
        let started_at = at - at.rem_euclid(SECOND);
        // Another one may begin on the same day.
        let task_id = flow::free_task_id(cloud);
        put(cloud, &instance, started_at, task_id, at);
        // No other one begins while it runs.
        cloud
            .instances
            .update(id, |instance| instance.auto_backup.since = started_at + TAKES);
    }
}

fn put(cloud: &mut Cloud, instance: &Instance, started_at: Millis, task_id: TaskId, now: Millis) {
    let backup = backup(cloud.ids.seed, instance, started_at);
    cloud.retention.note_backup(&backup);
    cloud.backups.insert(backup);
    let ended_at = started_at + TAKES;
    if ended_at > now - HISTORY {
        // No flow ends it.
        let task = Task {
            id: task_id,
            ..task(&cloud.account.uin, instance, started_at, ended_at)
        };
        cloud.retention.note_task(&task);
        cloud.tasks.insert(task.id, task);
    }
}
