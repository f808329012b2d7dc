//! What becomes of the data of an instance: put back from a backup, or taken out.

use std::sync::Arc;

use crate::cloud::access::password;
use crate::cloud::backup::listing;
use crate::cloud::backup::plan;
use crate::cloud::backup::record::{Backup, Restored};
use crate::cloud::ids::TaskId;
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::monitor::memory;
use crate::cloud::monitor::record::{MB, Workload};
use crate::cloud::refusal::Refusal;
use crate::cloud::replication::bar;
use crate::cloud::replication::bar::Deed;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::Millis;

/// Puts the data of a backup in the place of the instance's. Gives the task's number.
pub fn restore(
    cloud: &mut Cloud,
    call: &Call,
    (id, backup_id): (&str, &str),
    given: Option<&str>,
) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    bar::bars(cloud, instance, Deed::Restore)?;
    flow::can_begin(cloud, call, instance, FlowKind::Restore)?;
    plan::none_runs(cloud, instance, call.now)?;
    let seen = listing::find_backup(cloud, instance, backup_id, call.now)?;
    seen.is_good()?;
    fits(instance, &seen.backup)?;
    password::compare(instance, given, false).map_err(|refusal| match refusal {
        Refusal::PasswordMissing => Refusal::PasswordWrong,
        other => other,
    })?;
    let restored = Restored {
        backup_id: seen.backup.id.clone(),
        used: seen.backup.used,
    };
    let id = instance.id.clone();
    let change = Change::now(FlowKind::Restore, Payload::Restore(restored));
    Ok(flow::begin(cloud, call, &id, None, change))
}

/// The same type and shards, and room for the data.
fn fits(instance: &Instance, backup: &Backup) -> Result<(), Refusal> {
    let why = if backup.edition != instance.edition {
        "it was made of another type"
    } else if backup.spec.shards != instance.spec.shards {
        "it was made of another number of shards"
    } else if backup.used > instance.spec.total_mb().saturating_mul(MB) {
        "it holds more than the instance has room for"
    } else {
        return Ok(());
    };
    Err(Refusal::BackupSpec {
        id: backup.id.to_string(),
        why,
    })
}

/// Takes all data out of an instance. Gives the task's number.
pub fn clear(
    cloud: &mut Cloud,
    call: &Call,
    id: &str,
    (given, encrypted): (Option<&str>, bool),
) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    bar::bars(cloud, instance, Deed::Clear)?;
    flow::can_begin(cloud, call, instance, FlowKind::Clear)?;
    password::compare(instance, given, password::hides_password(cloud, encrypted))?;
    let id = instance.id.clone();
    let change = Change::now(FlowKind::Clear, Payload::Clear);
    Ok(flow::begin(cloud, call, &id, None, change))
}

/// Those that copy an instance which was emptied have no data either.
pub(crate) fn clear_others(cloud: &mut Cloud, id: &str, at: Millis) {
    for other in bar::cleared_with(cloud, id) {
        cloud.instances.update(&other, |instance| hold(instance, 0, at));
    }
}

/// So much is in use from then on. Keys that are told one by one stay as far as there is room for them: which ones a
/// backup holds is not kept.
pub(crate) fn hold(instance: &mut Instance, used: u64, at: Millis) {
    let before = instance.stretch();
    if let Some(workload) = &mut instance.workload {
        let mut room = used;
        let fits = |bytes: u64| {
            let left = room.checked_sub(bytes);
            room = left.unwrap_or(room);
            left.is_some()
        };
        drop_keys(workload, fits);
    }
    memory::state(instance, &before, used, at);
}

fn drop_keys(workload: &mut Arc<Workload>, mut fits: impl FnMut(u64) -> bool) {
    if !workload.keys.is_empty() {
        Arc::make_mut(workload).keys.retain(|key| fits(key.bytes));
    }
}
