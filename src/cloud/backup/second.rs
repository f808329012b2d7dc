//! Backups to any second.

use crate::cloud::backup::daily;
use crate::cloud::backup::record::MissingSpan;
use crate::cloud::ids;
use crate::cloud::ids::{BackupId, TaskId};
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::refusal::Refusal;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::{DAY, Millis, SECOND};
use crate::cloud::values::BackupMode;

/// So far back any second can be had.
const REACH: Millis = 7 * DAY;

/// A second to which an instance can go back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The last full backup before it; where there is none, a number that stands for it.
    pub backup_id: BackupId,
    pub at_s: i64,
    /// `StartTimestamp`
    pub since_s: i64,
    /// `MissingTimestamps`
    pub missing: Vec<MissingSpan>,
}

fn edition_can(instance: &Instance) -> Result<(), Refusal> {
    if instance.edition.is_modern() {
        return Ok(());
    }
    Err(Refusal::EditionCannot {
        type_id: instance.edition.type_id,
        what: "go back to any second",
    })
}

/// Changes how far back an instance can go. Gives the task's number, also where it is so already.
pub fn modify_mode(cloud: &mut Cloud, call: &Call, id: &str, word: Option<&str>) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    edition_can(instance)?;
    let word = word.unwrap_or_default();
    let mode = BackupMode::from_word(word).ok_or_else(|| Refusal::NotOffered {
        parameter: "BackupMode",
        why: format!("`{word}` is neither SecondLevelBackup nor NormalLevelBackup"),
    })?;
    flow::can_begin(cloud, call, instance, FlowKind::BackupMode)?;
    let id = instance.id.clone();
    let change = Change::now(FlowKind::BackupMode, Payload::BackupMode(mode));
    Ok(flow::begin(cloud, call, &id, None, change))
}

pub(crate) fn apply(instance: &mut Instance, mode: BackupMode, at: Millis) {
    if instance.backup_mode != mode {
        instance.backup_mode_since = (mode == BackupMode::SecondLevel).then_some(at);
        instance.missing_spans.clear();
    }
    instance.backup_mode = mode;
}

/// From when on any second can be had; `None`: the instance goes back to its backups alone.
pub(crate) fn reaches(instance: &Instance, now: Millis) -> Option<Millis> {
    let since = instance.backup_mode_since.unwrap_or(instance.created_at);
    let on = instance.backup_mode == BackupMode::SecondLevel;
    on.then(|| since.max(now.saturating_sub(REACH)))
}

/// The second that is asked for, or the nearest that there is; the present one, if none is.
pub fn point(cloud: &Cloud, call: &Call, id: &str, asked_s: Option<i64>) -> Result<Point, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    edition_can(instance)?;
    let Some(first) = reaches(instance, call.now) else {
        return Err(Refusal::NotOffered {
            parameter: "InstanceId",
            why: format!("{} is not in SecondLevelBackup", instance.id),
        });
    };
    let now_s = call.now.div_euclid(SECOND);
    let asked_s = asked_s.unwrap_or(now_s);
    if asked_s > now_s {
        return Err(Refusal::NotOffered {
            parameter: "BackupTimestamp",
            why: format!("{asked_s} has not come yet"),
        });
    }
    let at_s = asked_s
        .max(first.div_euclid(SECOND) + i64::from(first % SECOND != 0))
        .min(now_s);
    let since = instance.backup_mode_since.unwrap_or(instance.created_at);
    Ok(Point {
        backup_id: full_before(cloud, instance, at_s.saturating_mul(SECOND), call.now),
        at_s,
        since_s: since.div_euclid(SECOND),
        missing: instance.missing_spans.clone(),
    })
}

/// The last full backup that was done by then.
fn full_before(cloud: &Cloud, instance: &Instance, at: Millis, now: Millis) -> BackupId {
    let kept = cloud.backups.of(&instance.id);
    let kept = kept.filter(|backup| backup.ended_at.is_some_and(|end| end <= at) && now < backup.expires_at());
    let kept = kept.max_by_key(|backup| backup.started_at);
    let mut daily = daily::starts(cloud, instance, now).rev();
    let daily = daily.find(|start| *start <= at);
    match (kept, daily) {
        (Some(kept), daily) if daily.is_none_or(|start| start < kept.started_at) => kept.id.clone(),
        (_, Some(start)) => ids::daily_backup_id(cloud.ids.seed, &instance.id, start),
        _ => base(cloud, instance),
    }
}

/// What stands for the full backup where there is none yet: what it was switched on with.
pub(crate) fn base(cloud: &Cloud, instance: &Instance) -> BackupId {
    let since = instance.backup_mode_since.unwrap_or(instance.created_at);
    ids::daily_backup_id(cloud.ids.seed, &instance.id, since)
}
