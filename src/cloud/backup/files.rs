//! The files of a backup, one for each shard.

use crate::cloud::backup::listing::{self, Seen};
use crate::cloud::backup::rdb;
use crate::cloud::backup::record::{Backup, LimitType};
use crate::cloud::backup::restriction::{self, RestrictionChange};
use crate::cloud::catalogue::edition::{Arch, Engine};
use crate::cloud::ids;
use crate::cloud::refusal::Refusal;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::{Millis, SECOND};

/// For how long a link leads to a file.
pub const LINK_LIVES: Millis = 21_660 * SECOND;

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub name: String,
    /// Bytes.
    pub size: u64,
}

/// What can be downloaded, and from where.
#[derive(Clone, Debug)]
pub struct Download<'a> {
    pub seen: Seen<'a>,
    pub files: Vec<File>,
    /// Whether from everywhere.
    pub is_public: bool,
}

/// The files of a backup, under the restriction of the region with what is said beside it for this once.
pub fn download<'a>(
    cloud: &'a Cloud,
    call: &Call,
    (id, backup_id): (&str, &str),
    asked: &RestrictionChange,
) -> Result<Download<'a>, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    let restriction = restriction::laid_over(restriction::of(cloud, call.region), asked)?;
    let seen = listing::find_backup(cloud, instance, backup_id, call.now)?;
    seen.is_good().map_err(|refusal| match refusal {
        Refusal::BackupLocked { id } => Refusal::BackupUnfit {
            id,
            state: seen.state.number(),
        },
        other => other,
    })?;
    Ok(Download {
        files: files(&seen.backup),
        seen,
        is_public: restriction.limit == LimitType::NoLimit,
    })
}

/// The files of a backup, by shard.
pub fn files(backup: &Backup) -> Vec<File> {
    let file = |shard| File {
        name: name(backup, shard),
        size: size(backup, shard),
    };
    (0..backup.spec.shards).map(file).collect()
}

/// `BackupSize`: bytes of all files.
pub fn total_size(backup: &Backup) -> u64 {
    let head = rdb::file(backup, 0).len() as u64;
    head.saturating_mul(backup.spec.shards).saturating_add(backup.used)
}

/// What the file would hold: its head is what is served, and the rest is the data, of which there is none here.
fn size(backup: &Backup, shard: u64) -> u64 {
    (rdb::file(backup, shard).len() as u64).saturating_add(backup.used_of(shard))
}

/// As those that were seen: the numbers of the backup and of the instance, and of a cluster the kernel and the shard.
fn name(backup: &Backup, shard: u64) -> String {
    let of = ids::instance_number(&backup.instance_id);
    let (number, set) = (ids::file_number(&backup.id), ids::file_number(&backup.instance_id));
    match backup.edition.arch {
        Arch::Cluster => {
            let kernel = backup.edition.kernel;
            let shard = shard + 1;
            format!("{number}-{of}-redis-server-{kernel}-{set}-ignore-{shard}-ignore.rdb")
        }
        Arch::Single | Arch::Standard => format!("{number}-{of}-{set}.rdb"),
    }
}

/// The bytes of a backup's file of that name.
pub fn content(backup: &Backup, file: &str) -> Option<Vec<u8>> {
    let shard = (0..backup.spec.shards).find(|shard| name(backup, *shard) == file)?;
    Some(rdb::file(backup, shard))
}

/// `FileType`: the examples show those of Redis; the others are ours, made alike.
pub fn file_type(backup: &Backup) -> String {
    match backup.edition.engine {
        Engine::Ckv => "RDB-CKV 3.2".to_owned(),
        _ => format!("RDB-{}", backup.edition.version),
    }
}
