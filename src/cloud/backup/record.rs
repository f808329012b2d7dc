//! Backups: what a resize leaves behind, and what instances are cloned from.

use crate::cloud::catalogue::edition::Edition;
use crate::cloud::catalogue::region::Region;
use crate::cloud::catalogue::spec::Spec;
use crate::cloud::ids::{BackupId, InstanceId};
use crate::cloud::time::Millis;

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
}

/// `BackupType`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupKind {
    Manual = 0,
    Automatic = 1,
    /// Made by a resize.
    Resize = 2,
}

impl BackupKind {
    /// The number on the wire.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The kind of that number, if there is one.
    pub fn from_number(number: i64) -> Option<BackupKind> {
        [BackupKind::Manual, BackupKind::Automatic, BackupKind::Resize]
            .into_iter()
            .find(|kind| kind.number() == number)
    }
}
