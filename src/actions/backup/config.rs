//! How an instance is backed up.

use crate::actions::{int, text, texts};
use crate::cloud::backup::encrypt::{self, EncryptChange};
use crate::cloud::backup::plan::{self, AutoBackupChange, DAILY, ManualBackup, WEEK_DAYS};
use crate::cloud::backup::record::STORAGE_DAYS;
use crate::cloud::backup::second;
use crate::cloud::{AutoBackup, Call, Cloud, Refusal};
use crate::contract::{input, output};

/// Backs an instance up.
pub(crate) fn manual_backup_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ManualBackupInstance,
) -> Result<output::ManualBackupInstance, Refusal> {
    let asked = ManualBackup {
        instance_id: input.instance_id,
        remark: input.remark.unwrap_or_default(),
        storage_days: input.storage_days,
    };
    let task_id = plan::back_up_by_hand(cloud, call, &asked)?;
    Ok(output::ManualBackupInstance {
        task_id: int(task_id.0),
    })
}

/// When an instance is backed up by itself.
pub(crate) fn describe_auto_backup_config(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeAutoBackupConfig,
) -> Result<output::DescribeAutoBackupConfig, Refusal> {
    let own = cloud.instance(call.region, &input.instance_id)?.auto_backup;
    Ok(output::DescribeAutoBackupConfig {
        auto_backup_type: DAILY,
        week_days: WEEK_DAYS.iter().map(|day| (*day).into()).collect(),
        time_period: AutoBackup::period(own.hour).into(),
        backup_storage_days: int(own.storage_days),
        // It is not used, and always this.
        binlog_storage_days: int(STORAGE_DAYS),
    })
}

/// Moves the hour in which an instance is backed up. Days that are given are told back, though every day stays one.
pub(crate) fn modify_auto_backup_config(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyAutoBackupConfig,
) -> Result<output::ModifyAutoBackupConfig, Refusal> {
    let asked = AutoBackupChange {
        week_days: input.week_days,
        period: input.time_period,
        kind: input.auto_backup_type,
        storage_days: input.backup_storage_days,
    };
    plan::modify_auto_backup(cloud, call, &input.instance_id, &asked)?;
    let own = cloud.instance(call.region, &input.instance_id)?.auto_backup;
    let days = match asked.week_days {
        given if given.is_empty() => WEEK_DAYS.map(str::to_owned).to_vec(),
        given => given,
    };
    Ok(output::ModifyAutoBackupConfig {
        auto_backup_type: DAILY,
        week_days: texts(days),
        time_period: AutoBackup::period(own.hour).into(),
        backup_storage_days: int(own.storage_days),
    })
}

/// How the backups of an instance are encrypted from now on.
pub(crate) fn describe_backup_encrypt_config(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeBackupEncryptConfig,
) -> Result<output::DescribeBackupEncryptConfig, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id)?;
    let own = instance.backup_encrypt.as_deref();
    Ok(output::DescribeBackupEncryptConfig {
        backup_encrypt: own.is_some(),
        encrypt_key_type: own.map_or(0, |own| own.own_key.into()),
        kms_key_id: own.map(|own| own.key_id.clone()).unwrap_or_default().into(),
        kms_region: own.map(|own| own.region.clone()).unwrap_or_default().into(),
    })
}

/// Encrypts the backups of an instance from now on, or does not any more.
pub(crate) fn modify_backup_encrypt(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyBackupEncrypt,
) -> Result<output::ModifyBackupEncrypt, Refusal> {
    let asked = EncryptChange {
        on: input.backup_encrypt,
        key_type: input.encrypt_key_type,
        key_id: text(input.kms_key_id),
        region: text(input.kms_region),
    };
    encrypt::modify(cloud, call, &input.instance_id, &asked)?;
    Ok(output::ModifyBackupEncrypt {})
}

/// Changes how far back an instance can go.
pub(crate) fn modify_instance_backup_mode(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyInstanceBackupMode,
) -> Result<output::ModifyInstanceBackupMode, Refusal> {
    let task_id = second::modify_mode(cloud, call, &input.instance_id, input.backup_mode.as_deref())?;
    Ok(output::ModifyInstanceBackupMode {
        task_id: int(task_id.0),
    })
}

/// The second nearest to the one that is asked for, to which an instance can go back.
pub(crate) fn describe_second_level_backup_info(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeSecondLevelBackupInfo,
) -> Result<output::DescribeSecondLevelBackupInfo, Refusal> {
    let id = input.instance_id.unwrap_or_default();
    let point = second::point(cloud, call, &id, input.backup_timestamp)?;
    let missing = point
        .missing
        .iter()
        .map(|span| output::SecondLevelBackupMissingTimestamps {
            start_time_stamp: span.from_s,
            end_time_stamp: span.until_s,
        });
    let missing: Vec<_> = missing.collect();
    Ok(output::DescribeSecondLevelBackupInfo {
        backup_id: point.backup_id.into(),
        backup_timestamp: point.at_s,
        missing_timestamps: Some(missing).filter(|missing| !missing.is_empty()),
        start_timestamp: point.since_s,
    })
}
