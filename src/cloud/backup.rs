//! Backups: what a resize leaves behind, and what instances are cloned from.

use super::Cloud;
use super::edition::{Arch, Edition};
use super::ids::{BackupId, InstanceId};
use super::region::Region;
use super::time::Millis;
use super::values::Spec;

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

impl Cloud {
    /// The backup that a resize leaves. A single node has none.
    pub(super) fn back_up(&mut self, at: Millis, instance_id: &InstanceId) {
        let Some(instance) = self.instances.get(instance_id) else {
            return;
        };
        if instance.edition.arch == Arch::Single {
            return;
        }
        let mut id = self.ids.backup_id(at);
        while self.backups.contains_key(&id) {
            id = self.ids.backup_id(at);
        }
        let backup = Backup {
            id,
            instance_id: instance.id.clone(),
            region: instance.region,
            edition: instance.edition,
            spec: instance.spec,
            kind: BackupKind::Resize,
            started_at: at,
        };
        self.retention.note_backup(&backup);
        self.backups.insert(backup.id.clone(), backup);
    }
}
