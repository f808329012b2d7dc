//! Backups, how they are made by themselves, encrypted and handed out, as plain data.

use crate::cloud::catalogue::edition::{Arch, Edition};
use crate::cloud::catalogue::region::Region;
use crate::cloud::catalogue::spec::Spec;
use crate::cloud::ids::{BackupId, InstanceId};
use crate::cloud::monitor::record::{MB, Stretch};
use crate::cloud::time;
use crate::cloud::time::{DAY, Millis};
use crate::cloud::values::{numbered, worded};

/// Backups are kept for so many days unless it is said otherwise.
pub const STORAGE_DAYS: u64 = 7;
/// The most days that one can be kept.
pub const STORAGE_DAYS_MAX: u64 = 1825;
/// One that has expired is listed for so long: our own figure, that of the other lists.
const LISTED: Millis = 30 * DAY;

/// A backup of an instance, which may be gone since.
#[derive(Clone, Debug, PartialEq)]
pub struct Backup {
    /// Digits in three groups.
    pub id: BackupId,
    pub instance_id: InstanceId,
    pub region: &'static Region,
    /// What the instance was at that time.
    pub edition: &'static Edition,
    pub spec: Spec,
    /// `BackupType`
    pub kind: BackupKind,
    pub started_at: Millis,
    /// When it was done; `None`: the flow that makes it has not ended.
    pub ended_at: Option<Millis>,
    /// `Remark`
    pub remark: String,
    /// For how many days it can be used.
    pub storage_days: u64,
    /// Bytes in use of the instance when it began.
    pub used: u64,
    /// `ShardSkew` then.
    pub shard_skew: f64,
    /// The key that it is encrypted with; `None`: it is not.
    pub kms_key_id: Option<String>,
}

impl Backup {
    /// `ExpireTime`
    pub fn expires_at(&self) -> Millis {
        kept_until(self.started_at, self.storage_days)
    }

    /// When nothing is told of it any more; `None`: not while it is being made, however long that takes.
    pub fn goes_at(&self) -> Option<Millis> {
        let ended_at = self.ended_at?;
        Some(time::after(self.expires_at().max(ended_at), LISTED))
    }

    /// What it is at that moment, unless something reads it.
    pub fn state(&self, now: Millis) -> BackupState {
        state_of(self.started_at, self.storage_days, self.ended_at, now)
    }

    /// Bytes that the shard had in use.
    pub fn used_of(&self, shard: u64) -> u64 {
        let stretch = Stretch {
            from: self.started_at,
            used: self.used,
            spec: self.spec,
            clients: 0,
            net_mb_s: 0,
            growth_mb_per_hour: 0.0,
            shard_skew: self.shard_skew,
        };
        let of = |shard| (stretch.of_shard_mb(shard, self.used as f64 / MB as f64) * MB as f64) as u64;
        let others = self.spec.shards.saturating_sub(1);
        match shard {
            // What rounding leaves.
            0 => self.used.saturating_sub(others.saturating_mul(of(1))),
            shard => of(shard),
        }
    }
}

/// When what began then expires.
pub(crate) fn kept_until(started_at: Millis, storage_days: u64) -> Millis {
    let days = i64::try_from(storage_days).unwrap_or(0);
    time::after(started_at, days.saturating_mul(DAY))
}

/// When nothing is told any more of what began then.
pub(crate) fn listed_until(started_at: Millis, storage_days: u64) -> Millis {
    time::after(kept_until(started_at, storage_days), LISTED)
}

/// What a backup is at that moment.
pub(crate) fn state_of(started_at: Millis, storage_days: u64, ended_at: Option<Millis>, now: Millis) -> BackupState {
    if ended_at.is_none_or(|at| now < at) {
        BackupState::Running
    } else if kept_until(started_at, storage_days) <= now {
        BackupState::Expired
    } else {
        BackupState::Good
    }
}

/// `Status` of a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupState {
    Expired = -1,
    /// It is being made, or read.
    Running = 1,
    Good = 2,
}

impl BackupState {
    /// The number on the wire.
    pub fn number(self) -> i64 {
        self as i64
    }
}

numbered! {
    /// `BackupType`
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum BackupKind {
        Manual = 0,
        Automatic = 1,
        /// Made by a resize.
        Resize = 2,
    }
}

/// Whether instances of that edition are backed up: a single node is not.
pub fn has_backups(edition: &Edition) -> bool {
    edition.arch != Arch::Single
}

/// How an instance is backed up by itself each day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AutoBackup {
    /// `TimePeriod`: the hour of the local day in which it begins.
    pub hour: u8,
    /// `BackupStorageDays`
    pub storage_days: u64,
    /// Those after that moment follow from the instance as it is, and are kept nowhere.
    pub since: Millis,
}

impl AutoBackup {
    /// The usual, of what is made then.
    pub fn new(since: Millis) -> AutoBackup {
        AutoBackup {
            hour: 2,
            storage_days: STORAGE_DAYS,
            since,
        }
    }

    /// `TimePeriod` of that hour.
    pub fn period(hour: u8) -> String {
        format!("{hour:02}:00-{:02}:00", (hour + 1) % 24)
    }

    /// The hour of that `TimePeriod`, if it is one.
    pub fn hour_of(period: &str) -> Option<u8> {
        (0..24).find(|hour| AutoBackup::period(*hour) == period)
    }
}

/// `BackupEncrypt` of an instance, where it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupEncrypt {
    /// `EncryptKeyType`: whether the key is one's own, and not the cloud's.
    pub own_key: bool,
    /// `KmsKeyId`
    pub key_id: String,
    /// `KmsRegion`
    pub region: String,
}

impl BackupEncrypt {
    /// The same, in that region unless it names one.
    pub fn or_in(self, region: &Region) -> BackupEncrypt {
        let own = Some(self.region).filter(|region| !region.is_empty());
        BackupEncrypt {
            region: own.unwrap_or_else(|| region.name.to_owned()),
            ..self
        }
    }
}

/// A span without a backup to any second, in Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingSpan {
    pub from_s: i64,
    pub until_s: i64,
}

worded! {
    /// `LimitType`: from where backups can be downloaded.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum LimitType {
        #[default]
        NoLimit = "NoLimit",
        LimitOnlyIntranet = "LimitOnlyIntranet",
        Customize = "Customize",
    }
}

/// From where the backups of a region can be downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownloadRestriction {
    /// Whose backups.
    pub region: &'static Region,
    pub limit: LimitType,
    /// `VpcComparisonSymbol`
    pub vpc_symbol: String,
    /// `IpComparisonSymbol`
    pub ip_symbol: String,
    /// `LimitVpc`
    pub vpcs: Vec<LimitVpc>,
    /// `LimitIp`
    pub addresses: Vec<String>,
}

impl DownloadRestriction {
    /// That of a region in which nothing was set.
    pub fn none(region: &'static Region) -> DownloadRestriction {
        DownloadRestriction {
            region,
            limit: LimitType::NoLimit,
            vpc_symbol: String::new(),
            ip_symbol: String::new(),
            vpcs: Vec::new(),
            addresses: Vec::new(),
        }
    }
}

/// VPCs of a region from which backups can be downloaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitVpc {
    pub region: String,
    /// `VpcList`
    pub vpcs: Vec<String>,
}

/// What a flow puts into an instance, or a new one begins with: the data of a backup.
#[derive(Clone, Debug, PartialEq)]
pub struct Restored {
    /// The backup that is read meanwhile.
    pub backup_id: BackupId,
    /// Bytes in use of it.
    pub used: u64,
}
