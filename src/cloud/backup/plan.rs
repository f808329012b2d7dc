//! Backups that are made without being asked for.

use crate::cloud::backup::record::{Backup, BackupKind};
use crate::cloud::catalogue::edition::Arch;
use crate::cloud::ids::InstanceId;
use crate::cloud::state::Cloud;
use crate::cloud::time::Millis;

/// The backup that a resize leaves. A single node has none.
pub(crate) fn back_up(cloud: &mut Cloud, at: Millis, instance_id: &InstanceId) {
    let Some(instance) = cloud.instances.get(instance_id) else {
        return;
    };
    if instance.edition.arch == Arch::Single {
        return;
    }
    let mut id = cloud.ids.backup_id(at);
    while cloud.backups.contains_key(&id) {
        id = cloud.ids.backup_id(at);
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
    cloud.retention.note_backup(&backup);
    cloud.backups.insert(backup.id.clone(), backup);
}
