//! When backups are made: by hand, before a resize, and each day in an hour that can be moved.

use crate::cloud::backup::daily;
use crate::cloud::backup::record::{
    AutoBackup, Backup, BackupKind, BackupState, STORAGE_DAYS, STORAGE_DAYS_MAX, has_backups,
};
use crate::cloud::ids::{BackupId, InstanceId, TaskId};
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::{Flow, Payload};
use crate::cloud::life::table::FlowKind;
use crate::cloud::monitor::memory;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::{self, Millis};

/// What ManualBackupInstance asks for.
#[derive(Clone, Debug, Default)]
pub struct ManualBackup {
    pub instance_id: String,
    pub remark: String,
    /// `StorageDays`; 0 is as good as none.
    pub storage_days: Option<i64>,
}

/// Begins a backup by hand. Gives the task's number.
pub fn back_up_by_hand(cloud: &mut Cloud, call: &Call, asked: &ManualBackup) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, &asked.instance_id)?;
    takes_backups(instance)?;
    let storage_days = match asked.storage_days {
        None | Some(0) => instance.auto_backup.storage_days,
        Some(days) => storage_days(cloud, days)?,
    };
    flow::can_begin(cloud, call, instance, FlowKind::Backup).map_err(Refusal::of_its_kind)?;
    none_runs(cloud, instance, call.now)?;
    let instance = instance.clone();
    let id = free_id(cloud, &instance.id, call.now);
    let backup = Backup {
        remark: asked.remark.clone(),
        storage_days,
        ended_at: None,
        ..of_now(id.clone(), &instance, BackupKind::Manual, call.now)
    };
    cloud.backups.insert(backup);
    let change = Change::now(FlowKind::Backup, Payload::Backup(id));
    Ok(flow::begin(cloud, call, &instance.id, None, change))
}

fn takes_backups(instance: &Instance) -> Result<(), Refusal> {
    if has_backups(instance.edition) {
        return Ok(());
    }
    Err(Refusal::EditionCannot {
        type_id: instance.edition.type_id,
        what: "be backed up",
    })
}

fn storage_days(cloud: &Cloud, days: i64) -> Result<u64, Refusal> {
    let most = if cloud.settings.assumed.long_storage_needs_no_ticket {
        STORAGE_DAYS_MAX
    } else {
        STORAGE_DAYS
    };
    let within = u64::try_from(days).ok().filter(|days| *days <= most);
    within.ok_or_else(|| bad_value("StorageDays", format!("{days} days are not among 0 to {most}")))
}

/// Refuses while a backup of the instance is being made.
pub(crate) fn none_runs(cloud: &Cloud, instance: &Instance, now: Millis) -> Result<(), Refusal> {
    let kept = cloud
        .backups
        .of(&instance.id)
        .any(|backup| backup.state(now) == BackupState::Running);
    let mut daily = daily::starts(cloud, instance, now);
    let last = daily.next_back();
    if kept || last.is_some_and(|at| daily::state(instance, at, now) == BackupState::Running) {
        return Err(Refusal::TaskRuns {
            id: instance.id.clone(),
        });
    }
    Ok(())
}

/// A backup of an instance as it is, done at once.
pub fn of_now(id: BackupId, instance: &Instance, kind: BackupKind, now: Millis) -> Backup {
    Backup {
        id,
        instance_id: instance.id.clone(),
        region: instance.region,
        edition: instance.edition,
        spec: instance.spec,
        kind,
        started_at: now,
        ended_at: Some(now),
        remark: String::new(),
        storage_days: instance.auto_backup.storage_days,
        used: memory::used_at(instance, now),
        shard_skew: instance.stretch().shard_skew,
        kms_key_id: instance.backup_encrypt.as_ref().map(|encrypt| encrypt.key_id.clone()),
    }
}

fn free_id(cloud: &mut Cloud, instance_id: &InstanceId, now: Millis) -> BackupId {
    loop {
        let id = cloud.ids.backup_id(instance_id, now);
        if !cloud.backups.contains(&id) {
            return id;
        }
    }
}

/// The backup of the size that a resize ends. A single node has none.
pub(crate) fn back_up_before(cloud: &mut Cloud, flow: &Flow, at: Millis) {
    let has = |instance: &&Instance| has_backups(instance.edition);
    let Some(instance) = cloud.instances.get(&flow.instance_id).filter(has).cloned() else {
        return;
    };
    let id = free_id(cloud, &instance.id, at);
    let backup = of_now(id, &instance, BackupKind::Resize, at);
    cloud.retention.note_backup(&backup);
    cloud.backups.insert(backup);
}

/// The flow that makes a backup has ended.
pub(crate) fn end(cloud: &mut Cloud, id: &BackupId, at: Millis) {
    if let Some(backup) = cloud.backups.get_mut(id) {
        backup.ended_at = Some(at);
        time::begun_by(&mut backup.started_at, at);
        cloud.retention.note_backup(backup);
    }
}

/// It has failed, and there is none.
pub(crate) fn fail(cloud: &mut Cloud, id: &BackupId) {
    let gone = cloud.backups.remove(id);
    gone.iter().for_each(|backup| cloud.retention.forget_backup(backup));
}

/// The instance is gone, and all its backups are.
pub(crate) fn forget(cloud: &mut Cloud, instance_id: &InstanceId) {
    let gone = cloud.backups.remove_all(instance_id);
    gone.iter().for_each(|backup| cloud.retention.forget_backup(backup));
}

/// What ModifyAutoBackupConfig asks for.
#[derive(Clone, Debug, Default)]
pub struct AutoBackupChange {
    pub week_days: Vec<String>,
    /// `TimePeriod`
    pub period: Option<String>,
    /// `AutoBackupType`
    pub kind: Option<i64>,
    /// `BackupStorageDays`
    pub storage_days: Option<i64>,
}

/// `WeekDays`: every day, and that cannot be changed.
pub const WEEK_DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// `AutoBackupType`: there is no other.
pub const DAILY: i64 = 1;

/// Moves the hour in which the daily backup of an instance begins.
pub fn modify_auto_backup(cloud: &mut Cloud, call: &Call, id: &str, asked: &AutoBackupChange) -> Result<(), Refusal> {
    let instance = cloud.instance(call.region, id)?;
    if !has_backups(instance.edition) {
        return Err(Refusal::NotOffered {
            parameter: "InstanceId",
            why: format!("type {} is not backed up", instance.edition.type_id),
        });
    }
    if let Some(day) = asked.week_days.iter().find(|day| !WEEK_DAYS.contains(&day.as_str())) {
        return Err(Refusal::NoWeekDay { day: day.clone() });
    }
    let hour = match &asked.period {
        None => None,
        Some(period) => Some(AutoBackup::hour_of(period).ok_or_else(|| Refusal::BadPeriod { period: period.clone() })?),
    };
    let fixed = [
        ("AutoBackupType", asked.kind, DAILY),
        ("BackupStorageDays", asked.storage_days, STORAGE_DAYS as i64),
    ];
    for (parameter, given, only) in fixed {
        if let Some(given) = given.filter(|given| *given != only) {
            let why = format!("{given} cannot be had; {only} can");
            return Err(Refusal::NotOffered { parameter, why });
        }
    }
    let id = instance.id.clone();
    if let Some(hour) = hour.filter(|hour| *hour != instance.auto_backup.hour) {
        daily::change_hour(cloud, &id, hour, call.now);
    }
    Ok(())
}
