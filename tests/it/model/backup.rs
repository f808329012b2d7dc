//! Backups in a history: they stay what they were, and as long as they are to.

use std::collections::BTreeMap;

use crs_local::cloud::backup::encrypt::{self, EncryptChange};
use crs_local::cloud::backup::listing::{BackupFilter, Seen, find_backups};
use crs_local::cloud::backup::plan::{self, AutoBackupChange, ManualBackup};
use crs_local::cloud::backup::{restore, second};
use crs_local::cloud::{Access, AutoBackup, Backup, BackupId, Call, Cloud, FlowKind, Refusal, advance};

use super::step::Pick;
use super::world::{Gave, World, ensure};

/// Every backup of the region that is listed at that moment.
fn listed<'a>(cloud: &'a Cloud, call: &Call) -> Vec<Seen<'a>> {
    let filter = BackupFilter {
        states: vec![-1, 1, 2],
        ..BackupFilter::default()
    };
    let found = find_backups(cloud, call, &filter, (0, usize::MAX));
    found.map(|(_, page)| page).unwrap_or_default()
}

impl World {
    pub(super) fn backup(&mut self, call: &Call, pick: Pick, what: u8) -> Result<Gave, Refusal> {
        let kind = match what % 8 {
            0 | 1 => FlowKind::Backup,
            2 => FlowKind::Restore,
            3 => FlowKind::Clear,
            _ => FlowKind::BackupMode,
        };
        let id = self.ready(pick, kind);
        let cloud = &mut self.cloud;
        let own = cloud.instances.get(&id).map(|own| own.access.clone());
        // Where the password is not known, any that keeps the rules is taken.
        let password = match own {
            Some(Access::Password(Some(known))) => known,
            _ => "abcdefg1".to_owned(),
        };
        self.log.push(format!("backup {} of {id}", what % 8));
        match what % 8 {
            0 | 1 => {
                let asked = ManualBackup {
                    instance_id: id,
                    remark: String::new(),
                    storage_days: [None, Some(0), Some(1), Some(30)][usize::from(what / 8 % 4)],
                };
                plan::back_up_by_hand(cloud, call, &asked).map(drop)?;
            }
            2 => {
                let mine = |seen: &Seen<'_>| seen.backup.instance_id == id;
                let found = listed(cloud, call).into_iter().find(mine);
                let backup_id = found.map(|seen| seen.backup.id.to_string()).unwrap_or_default();
                restore::restore(cloud, call, (&id, &backup_id), Some(&password)).map(drop)?;
            }
            3 => restore::clear(cloud, call, &id, (Some(&password), false)).map(drop)?,
            4 | 5 => {
                let mode = ["SecondLevelBackup", "NormalLevelBackup"][usize::from(what / 8 % 2)];
                second::modify_mode(cloud, call, &id, Some(mode)).map(drop)?;
            }
            6 => {
                let change = AutoBackupChange {
                    period: Some(AutoBackup::period(what / 8 % 24)),
                    ..AutoBackupChange::default()
                };
                plan::modify_auto_backup(cloud, call, &id, &change)?;
            }
            _ => {
                let change = EncryptChange {
                    on: (what / 8).is_multiple_of(2),
                    ..EncryptChange::default()
                };
                encrypt::modify(cloud, call, &id, &change)?;
            }
        }
        advance::finish_if_instant(cloud, call.now);
        Ok(Gave::Change)
    }

    /// What is listed now, held against what was before.
    pub(super) fn backups_stay(&mut self) -> Result<(), String> {
        let call = self.call();
        let found = listed(&self.cloud, &call);
        let now = call.now;
        let mut all: BTreeMap<BackupId, Backup> = BTreeMap::new();
        let mut making: BTreeMap<String, usize> = BTreeMap::new();
        for seen in found {
            let backup = seen.backup.into_owned();
            let id = backup.id.clone();
            let state = seen.state.number();
            ensure!(!seen.is_locked || state == 1, "{id} is locked with state {state}");
            if state == 1 && !seen.is_locked {
                *making.entry(backup.instance_id.to_string()).or_default() += 1;
            }
            let expired = backup.expires_at() <= now && state != 1;
            ensure!(
                expired == (state == -1),
                "{id} has state {state}, and expires otherwise"
            );
            ensure!(backup.goes_at().is_none_or(|at| now < at), "{id} should be gone");
            ensure!(backup.started_at <= now, "{id} is still to come");
            ensure!(all.insert(id.clone(), backup).is_none(), "{id} is listed twice");
        }
        ensure!(
            making.values().all(|count| *count == 1),
            "two backups at once: {making:?}"
        );
        for (id, before) in &self.backups {
            let is_kept = before.goes_at().is_none_or(|at| now < at);
            let stands = is_kept && self.cloud.instances.contains_key(&before.instance_id);
            match all.get(id) {
                Some(backup) => {
                    let same = Backup {
                        ended_at: before.ended_at,
                        ..backup.clone()
                    };
                    ensure!(same == *before, "{id} was {before:?} and is {backup:?}");
                    let moved = before.ended_at.is_some() && before.ended_at != backup.ended_at;
                    ensure!(!moved, "the end of {id} has moved");
                }
                // One whose flow has failed is not there.
                None => ensure!(!stands || before.ended_at.is_none(), "{id} is not there any more"),
            }
        }
        self.backups = all;
        Ok(())
    }
}
