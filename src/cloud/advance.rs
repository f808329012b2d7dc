//! What time does, and what a hand does in its place: flows end, prepaid instances are renewed or run out, isolated
//! ones are gone, arrears isolate what is postpaid.

use crate::cloud::access::{account, password};
use crate::cloud::backup::{daily, plan, restore, second};
use crate::cloud::change::{resize, version};
use crate::cloud::ids::{InstanceId, TaskId};
use crate::cloud::instance::record::Instance;
use crate::cloud::life::record::{Fate, Flow, Payload, TaskResult};
use crate::cloud::life::{deadline, flow, look, past, recycle};
use crate::cloud::log::{audit, export};
use crate::cloud::maintenance::event;
use crate::cloud::money;
use crate::cloud::money::book;
use crate::cloud::money::record::Reference;
use crate::cloud::monitor::memory;
use crate::cloud::network::{address, connection, switch, wan};
use crate::cloud::parameter::modify;
use crate::cloud::replication::member;
use crate::cloud::state::{Cloud, Pace};
use crate::cloud::time;
use crate::cloud::time::Millis;
use crate::cloud::topology::{failover, follow, readonly};
use crate::cloud::values::{Billing, Status};

/// What is due next. In this order where several are due at the same moment.
enum Due {
    Flow(TaskId),
    Instance(InstanceId),
    ArrearsBegin,
    Arrears,
}

/// What a failed flow says whose instance was isolated meanwhile.
const CUT_OFF: &str = "the instance was isolated";
/// What one says whose instance is gone.
const GONE: &str = "the instance is gone";
/// What one says that was to fail.
const FATED: &str = "a fault rule let it fail";

/// Does what is due by `now`, in the order in which it is due; ties in the order of their ids. Splitting a stretch of
/// time into several calls, or repeating a call, changes nothing.
pub fn advance(cloud: &mut Cloud, now: Millis) {
    advance_some(cloud, now, usize::MAX);
}

/// As [`advance`], but does so many things at most, and leaves what touches more instances than that to the next call.
/// Whether all that was due is done.
pub fn advance_some(cloud: &mut Cloud, now: Millis, most: usize) -> bool {
    if now < cloud.advanced_to {
        set_back(cloud, now);
    }
    let mut done = 0;
    while let Some((at, due)) = due(cloud, now).filter(|(at, _)| *at <= now) {
        // What could not happen in its time, because the instance was in process, happens as soon as it can.
        let at = at.max(cloud.advanced_to);
        done += match due {
            Due::Arrears => cloud.instances.len(),
            Due::Flow(_) | Due::Instance(_) | Due::ArrearsBegin => 1,
        };
        done += cloud.retention.going(cloud.advanced_to, at, most);
        if done > most {
            return false;
        }
        past::pass(cloud, at);
        match due {
            Due::Flow(id) => end_next(cloud, id, at),
            Due::Instance(id) => run_out(cloud, &id, at),
            Due::ArrearsBegin => book::note_arrears(cloud, at),
            Due::Arrears => enforce_arrears(cloud, at),
        }
    }
    done += cloud.retention.going(cloud.advanced_to, now, most);
    if done > most {
        return false;
    }
    past::pass(cloud, cloud.advanced_to.max(now));
    true
}

/// A clock that was set back goes on from there: what was isolated later, or changed, has been so by then, and hours
/// that have not passed have cost nothing.
fn set_back(cloud: &mut Cloud, now: Millis) {
    cloud.advanced_to = now;
    if cloud.account.arrears_since.is_some_and(|at| at > now) {
        book::note_arrears(cloud, now);
    }
    let late = |at: Option<Millis>| at.is_some_and(|at| at > now);
    let later = |of: &&Instance| {
        late(of.recycle_bin.isolated_at)
            || late(of.charged_since)
            || late(Some(of.auto_backup.since))
            || memory::begins_after(of, now)
    };
    let ids: Vec<InstanceId> = cloud
        .instances
        .values()
        .filter(later)
        .map(|instance| instance.id.clone())
        .collect();
    for id in ids {
        cloud.instances.update(&id, |instance| {
            instance.isolated_by(now);
            instance.charged_since = instance.charged_since.map(|at| at.min(now));
            instance.auto_backup.since = instance.auto_backup.since.min(now);
            memory::set_back(instance, now);
        });
    }
}

/// When something next happens by itself, or goes because it is long past.
pub fn next_due(cloud: &Cloud) -> Option<Millis> {
    let happens = due(cloud, time::LAST).map(|(at, _)| at);
    let goes = cloud.retention.next_after(cloud.advanced_to);
    happens.into_iter().chain(goes).min()
}

/// When something next happens if a hand moves the clock there: what is due by then counts as seen.
pub fn next_by_hand(cloud: &Cloud) -> Option<Millis> {
    let ends = |flow: &Flow| [flow.seen_due_at(), flow.due_at];
    let flows = cloud.flows.values().flat_map(ends).flatten();
    let others = due(cloud, time::LAST).map(|(at, _)| at);
    flows.chain(others).min()
}

/// Whether something is to happen or to go by then.
pub fn is_due(cloud: &Cloud, now: Millis) -> bool {
    let happens = due(cloud, now).is_some_and(|(at, _)| at <= now);
    let goes = cloud.retention.next_after(cloud.advanced_to);
    happens || goes.is_some_and(|at| at <= now)
}

/// What is due next. Whether hours to come bring arrears is looked at up to that moment, or to what is due before.
fn due(cloud: &Cloud, by: Millis) -> Option<(Millis, Due)> {
    let flow = cloud.flows.next_due();
    let instance = cloud.instances.next_due();
    let arrears = cloud.account.arrears_due();
    let stated = [flow.map(|(at, _)| at), instance.map(|(at, _)| at), arrears];
    let first = stated.into_iter().flatten().min();
    let begin = book::arrears_begin(cloud, first.map_or(by, |first| first.min(by)));
    let first = first.into_iter().chain(begin).min()?;
    let due = match (flow, instance) {
        (Some((at, id)), _) if at == first => Due::Flow(id),
        (_, Some((at, id))) if at == first => Due::Instance(id.clone()),
        _ if begin == Some(first) => Due::ArrearsBegin,
        _ => Due::Arrears,
    };
    Some((first, due))
}

/// The deadline of an instance has come, the end of its grace or its retention, or the time of an event of it.
fn run_out(cloud: &mut Cloud, id: &InstanceId, at: Millis) {
    let Some(instance) = cloud.instances.get(id) else {
        return;
    };
    let own_due_at = instance.own_due(cloud.settings.assumed.never_renewed_have_no_grace);
    match instance.status {
        _ if event::is_first(instance, own_due_at) => event::go_on(cloud, id, at),
        Status::Isolated | Status::Deleting => forget(cloud, id, at),
        _ if instance.renews() => deadline::renew_by_itself(cloud, id, at),
        _ => isolate_now(cloud, id, at),
    }
}

/// The retention of an instance is over. What was under way to remove it has done so.
fn forget(cloud: &mut Cloud, id: &InstanceId, at: Millis) {
    match cloud.flows.shown_of(id).map(|flow| flow.id) {
        Some(flow_id) => drop(finish(cloud, flow_id, at)),
        None => remove(cloud, id, at),
    }
}

/// Takes an instance out. What is still under way of it fails, and no migration from it or to it is left.
fn remove(cloud: &mut Cloud, id: &InstanceId, at: Millis) {
    event::fail_running(cloud, id, at, GONE);
    cloud.instances.remove(id);
    plan::forget(cloud, id);
    fail_all(cloud, id, at, GONE);
    member::drop_out(cloud, id, at);
    cloud.dts_jobs.retain(|job| job.source != *id && job.target != *id);
}

/// Lets all flows of an instance fail.
fn fail_all(cloud: &mut Cloud, id: &InstanceId, at: Millis, why: &str) {
    let flows: Vec<TaskId> = cloud.flows.of(id).map(|flow| flow.id).collect();
    for flow_id in flows {
        fail(cloud, flow_id, at, why);
    }
}

/// Into the recycle bin without an action's asking. What is under way of it fails.
fn isolate_now(cloud: &mut Cloud, id: &InstanceId, at: Millis) {
    fail_all(cloud, id, at, CUT_OFF);
    daily::settle(cloud, id, at);
    book::holding(cloud, at, id, Reference::to_instance(id), |cloud| {
        cloud.instances.update(id, |instance| instance.isolate(at));
    });
    member::drop_out(cloud, id, at);
}

fn enforce_arrears(cloud: &mut Cloud, at: Millis) {
    cloud.account.arrears_enforced = true;
    let hit = |instance: &&Instance| instance.billing() == Billing::Postpaid && instance.status == Status::Running;
    let ids: Vec<InstanceId> = cloud
        .instances
        .values()
        .filter(hit)
        .map(|instance| instance.id.clone())
        .collect();
    for id in ids {
        isolate_now(cloud, &id, at);
    }
}

/// A postpaid instance that was in process when arrears isolated the others follows them.
pub(crate) fn enforce_arrears_on(cloud: &mut Cloud, at: Millis, id: &InstanceId) {
    let hit = cloud.account.arrears_enforced
        && cloud
            .instances
            .get(id)
            .is_some_and(|instance| instance.billing() == Billing::Postpaid && instance.status == Status::Running);
    if hit {
        isolate_now(cloud, id, at);
    }
}

/// Ends now what of these instances is due and was not seen: who changes an instance anew has waited long enough.
pub fn end_unseen(cloud: &mut Cloud, instance_ids: &[impl AsRef<str>], now: Millis) {
    for id in instance_ids {
        let due = look::due_unseen(cloud, id, now);
        if let Some((id, whole)) = due.map(|flow| (flow.id, flow.shows_itself())) {
            if whole {
                finish(cloud, id, now);
            } else {
                end_task(cloud, id, now);
            }
        }
    }
}

/// As [`advance`], where a hand has moved the clock: what is due by then counts as seen.
pub fn advance_by_hand(cloud: &mut Cloud, now: Millis) {
    look::see_due(cloud, now);
    advance(cloud, now);
}

/// Ends one flow by hand, whatever the pace; of one that waits for its window first the task. Gives the flows that
/// ended. `None` if there is no such flow.
pub fn step(cloud: &mut Cloud, id: TaskId, now: Millis) -> Option<Vec<Flow>> {
    let flow = cloud.flows.get(id)?;
    let task_first = cloud.settings.assumed.window_task_ends_first;
    if task_first && flow.in_window && flow::task_runs(cloud, id) {
        return Some(end_task(cloud, id, now).into_iter().collect());
    }
    Some(finish(cloud, id, now).into_iter().collect())
}

/// Ends all flows by hand, in the order of their ids, and hands them back.
pub fn drain(cloud: &mut Cloud, now: Millis) -> Vec<Flow> {
    let ids: Vec<TaskId> = cloud.flows.values().map(|flow| flow.id).collect();
    ids.into_iter().filter_map(|id| finish(cloud, id, now)).collect()
}

/// Ends what a call has just begun if the pace is instant. The last step of every write.
pub fn finish_if_instant(cloud: &mut Cloud, now: Millis) {
    let is_due = cloud.flows.next_due().is_some_and(|(at, _)| at <= now);
    if cloud.settings.pace == Pace::Instant && is_due {
        advance(cloud, now);
    }
}

/// Ends the task of a change that waits for its window. One that is to fail fails with it; that is handed back.
fn end_task(cloud: &mut Cloud, id: TaskId, at: Millis) -> Option<Flow> {
    if is_to_fail(cloud, id) {
        return fail(cloud, id, at, FATED);
    }
    flow::end_task(cloud, id, at);
    None
}

fn is_to_fail(cloud: &Cloud, id: TaskId) -> bool {
    cloud.flows.get(id).is_some_and(|flow| flow.fate == Fate::Fails)
}

/// Ends one flow at that moment: applies its change, closes its task, and its order with the last flow of it; or lets
/// it fail, if it is to.
pub(crate) fn finish(cloud: &mut Cloud, id: TaskId, at: Millis) -> Option<Flow> {
    if is_to_fail(cloud, id) {
        return fail(cloud, id, at, FATED);
    }
    let flow = cloud.flows.remove(id)?;
    let instance_id = &flow.instance_id;
    if flow.payload == Payload::Isolate {
        fail_all(cloud, instance_id, at, CUT_OFF);
        member::drop_out(cloud, instance_id, at);
    }
    if matches!(flow.payload, Payload::Resize(_)) {
        plan::back_up_before(cloud, &flow, at);
    }
    let late = settle_dailies(cloud, &flow, at);
    book::holding(cloud, at, instance_id, flow.reference(), |cloud| {
        if flow.payload == Payload::CleanUp {
            remove(cloud, instance_id, at);
        } else {
            arrive(cloud, &flow, at);
            let seed = cloud.ids.seed;
            let applied = |instance: &mut Instance| apply(seed, &flow, instance, at);
            for instance_id in flow.instances() {
                cloud.instances.update(instance_id, applied);
            }
        }
    });
    if matches!(flow.payload, Payload::Resize(_)) {
        flow::lock(cloud, at, instance_id);
    }
    flow::close_task(cloud, id, at, TaskResult::Done, String::new());
    money::order::close_deal(cloud, &flow, at, true);
    late.iter().for_each(|id| daily::make_up(cloud, id, at));
    for instance_id in flow.instances() {
        enforce_arrears_on(cloud, at, instance_id);
    }
    Some(flow)
}

/// Lets one flow fail: the instance is as before the action, an order's money comes back, the task says why. `None` if
/// there is no such flow.
pub fn fail(cloud: &mut Cloud, id: TaskId, at: Millis, message: &str) -> Option<Flow> {
    let flow = cloud.flows.remove(id)?;
    let paid_fen = money::order::paid_fen_of(cloud, &flow);
    book::pay(cloud, at, -paid_fen, flow.reference());
    if let Payload::Backup(id) = &flow.payload {
        plan::fail(cloud, id);
    }
    let late = settle_dailies(cloud, &flow, at);
    book::holding(cloud, at, &flow.instance_id, flow.reference(), |cloud| {
        if flow.payload.creates() {
            remove(cloud, &flow.instance_id, at);
        } else {
            for instance_id in flow.instances() {
                cloud.instances.update(instance_id, |instance| undo(&flow, instance));
            }
        }
    });
    if let Payload::Member(change) = &flow.payload {
        member::fail(cloud, &flow, change);
    }
    if let Payload::Export(name) = &flow.payload {
        export::fail(cloud, &flow.instance_id, name, at, message);
    }
    flow::close_task(cloud, id, at, TaskResult::Failed, message.to_owned());
    money::order::close_deal(cloud, &flow, at, false);
    late.iter().for_each(|id| daily::make_up(cloud, id, at));
    for instance_id in flow.instances() {
        enforce_arrears_on(cloud, at, instance_id);
    }
    Some(flow)
}

/// Keeps the daily backups of what a flow changes. Gives the instances that could not be backed up because of it.
fn settle_dailies(cloud: &mut Cloud, flow: &Flow, at: Millis) -> Vec<InstanceId> {
    let late = |id: &&InstanceId| daily::settle_before(cloud, id, flow, at);
    flow.instances().filter(late).cloned().collect()
}

/// Ends at that moment what is due next of a flow: its task while it waits for its window, else the whole.
fn end_next(cloud: &mut Cloud, id: TaskId, at: Millis) {
    let due_at = cloud.flows.get(id).and_then(Flow::seen_ends_at);
    let waits = cloud.flows.get(id).is_some_and(|flow| flow.in_window);
    if waits && due_at.is_some_and(|due_at| due_at <= at) {
        end_task(cloud, id, at);
    } else {
        finish(cloud, id, at);
    }
}

/// What the end of a flow makes of more than its instance, before that changes.
fn arrive(cloud: &mut Cloud, flow: &Flow, at: Millis) {
    match &flow.payload {
        Payload::Move(to) => address::arrive(cloud, flow, to, at),
        Payload::SwitchVip(other) => switch::exchange(cloud, &flow.instance_id, other, at),
        Payload::Member(change) => member::arrive(cloud, flow, change, at),
        Payload::Edition(to) => follow::renumber(cloud, &flow.instance_id, to.edition),
        Payload::Clear => restore::clear_others(cloud, &flow.instance_id, at),
        Payload::Backup(id) => plan::end(cloud, id, at),
        Payload::Export(name) => export::arrive(cloud, &flow.instance_id, name, at),
        _ => {}
    }
}

/// What the end of a flow makes of its instance. What of it changes, its room knows; the status is the flow's where the
/// flow shows itself by it. `seed` is that of the account's ids.
pub fn apply(seed: u64, flow: &Flow, instance: &mut Instance, at: Millis) {
    let (before, stretch) = (instance.status, instance.stretch());
    let was = follow::is_moved_by(&flow.payload).then(|| instance.clone());
    match &flow.payload {
        Payload::Create | Payload::CleanUp | Payload::Backup(_) => {}
        Payload::Clone(restored) | Payload::Restore(restored) => restore::hold(instance, restored.used, at),
        Payload::Clear => restore::hold(instance, 0, at),
        Payload::BackupMode(mode) => second::apply(instance, *mode, at),
        Payload::Resize(to) => resize::apply(instance, to),
        Payload::Edition(to) => version::apply(instance, to),
        Payload::ProductVersion(version) => instance.hardware.product_version.clone_from(version),
        Payload::Versions(newer) => version::apply_newer(instance, newer),
        Payload::Zones(placement) => instance.placement.clone_from(placement),
        Payload::ChargeType(payment) => instance.payment = *payment,
        Payload::Access(access) => password::apply(instance, access, at),
        Payload::Account(change) => account::apply(instance, change, at),
        Payload::Isolate => recycle::isolate(instance, at),
        Payload::StartUp(paid) => recycle::take_out(instance, paid),
        Payload::Wan(wan) => wan::apply(instance, wan),
        Payload::Move(to) => address::apply(instance, to),
        Payload::SwitchVip(_) | Payload::Member(_) => {}
        Payload::Connection(to) => connection::apply(instance, to),
        Payload::Ssl(ssl) => instance.ssl = *ssl,
        Payload::Params(params) => modify::apply(instance, params, flow.started_at),
        Payload::ReplicasReadonly(route) => readonly::apply(instance, *route),
        Payload::ReadOnly(read_only) => instance.read_only = *read_only,
        Payload::Promote(group) => failover::promote(seed, instance, *group),
        Payload::KillMasters(shards) => failover::replace_masters(seed, instance, shards, flow.id),
        Payload::SwitchProxies(ids) => failover::replace_proxies(seed, instance, ids, flow.id),
        Payload::OpenAudit => audit::apply_open(instance, at),
        Payload::CloseAudit => audit::turn_off(instance),
        Payload::Export(_) => {}
    }
    if let Some(was) = was {
        follow::follow(seed, &was, instance, matches!(flow.payload, Payload::Zones(_)));
    }
    memory::turn(instance, &stretch, at);
    if flow.begins_anew() {
        instance.auto_backup.since = at;
    }
    match flow.during() {
        None => instance.status = before,
        Some(_) if instance.status.is_busy() => instance.status = Status::Running,
        Some(_) => {}
    }
}

/// What the failure of a flow makes of its instance: what it was before the action.
fn undo(flow: &Flow, instance: &mut Instance) {
    match &flow.payload {
        Payload::Resize(to) => resize::undo(instance, to),
        Payload::Edition(to) => version::undo(instance, to),
        Payload::StartUp(_) | Payload::CleanUp => recycle::put_back(instance),
        Payload::Account(change) => account::undo(instance, change),
        Payload::Params(params) => modify::undo(instance, params, flow.started_at),
        Payload::OpenAudit => audit::turn_off(instance),
        Payload::CloseAudit => audit::undo_close(instance),
        _ => {}
    }
    if instance.status.is_busy() && flow.during().is_some() {
        instance.status = Status::Running;
    }
}
