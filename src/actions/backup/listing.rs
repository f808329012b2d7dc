//! The list of backups, and what one of them is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::actions::{int, moment, page, text};
use crate::cloud::backup::files;
use crate::cloud::backup::listing::{self, BackupFilter, Seen};
use crate::cloud::backup::record::BackupState;
use crate::cloud::{Call, Cloud, Refusal, ids, time};
use crate::contract::{input, output};

const LIMIT: i64 = 20;
const MOST: i64 = 100;

/// The algorithm of what is encrypted: documented.
const ALGORITHM: &str = "AES-256-CBC";

/// The backups of an instance, or of all in the region, newest first.
pub(crate) fn describe_instance_backups(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceBackups,
) -> Result<output::DescribeInstanceBackups, Refusal> {
    let filter = BackupFilter {
        instance_id: text(input.instance_id),
        instance_name: text(input.instance_name),
        from: moment("BeginTime", text(input.begin_time))?,
        until: moment("EndTime", text(input.end_time))?,
        states: input.status,
    };
    let page = page(input.offset, input.limit, LIMIT, MOST)?;
    let (total, found) = listing::find_backups(cloud, call, &filter, page)?;
    Ok(output::DescribeInstanceBackups {
        total_count: int(total as u64),
        backup_set: found.iter().map(show).collect(),
    })
}

fn show(seen: &Seen<'_>) -> output::RedisBackupSet {
    let backup = &*seen.backup;
    output::RedisBackupSet {
        start_time: time::show(backup.started_at).into(),
        backup_id: backup.id.clone().into(),
        backup_type: backup.kind.number().to_string().into(),
        status: seen.state.number(),
        remark: backup.remark.clone().into(),
        locked: seen.is_locked.into(),
        backup_size: int(files::total_size(backup)),
        full_backup: 0,
        instance_type: int(backup.edition.type_id),
        instance_id: backup.instance_id.clone().into(),
        instance_name: seen.instance_name.to_owned().into(),
        region: backup.region.name.into(),
        end_time: end_time(seen).into(),
        file_type: files::file_type(backup).into(),
        expire_time: time::show(backup.expires_at()).into(),
        encrypted: backup.kms_key_id.is_some(),
    }
}

/// A backup that is being made has not ended yet, though it may be known when it will.
fn end_time(seen: &Seen<'_>) -> String {
    let is_made = seen.state == BackupState::Running && !seen.is_locked;
    let ended_at = seen.backup.ended_at.filter(|_| !is_made);
    ended_at.map(time::show).unwrap_or_default()
}

/// What a backup is, with the size that the instance had.
pub(crate) fn describe_backup_detail(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeBackupDetail,
) -> Result<output::DescribeBackupDetail, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id)?;
    let seen = listing::find_backup(cloud, instance, &input.backup_id, call.now)?;
    let (backup, end_time) = (&*seen.backup, end_time(&seen));
    let key = backup.kms_key_id.as_deref();
    let decrypt_key = || STANDARD.encode(ids::decrypt_key(cloud.ids.seed, &backup.id));
    Ok(output::DescribeBackupDetail {
        backup_id: backup.id.clone().into(),
        start_time: time::show(backup.started_at).into(),
        end_time: end_time.into(),
        backup_type: backup.kind.number().to_string().into(),
        status: seen.state.number(),
        remark: backup.remark.clone().into(),
        locked: seen.is_locked.into(),
        backup_size: int(files::total_size(backup)),
        instance_type: int(backup.edition.type_id),
        mem_size: int(backup.spec.mem_mb),
        shard_num: int(backup.spec.shards),
        replicas_num: int(backup.spec.replicas),
        encrypted: key.is_some(),
        decrypt_key: key.map(|_| decrypt_key()).unwrap_or_default().into(),
        kms_key_id: key.unwrap_or_default().to_owned().into(),
        key_algorithm: key.map_or("", |_| ALGORITHM).into(),
    })
}
