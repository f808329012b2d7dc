//! The backups that are kept, with what finds those of an instance.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use crate::cloud::backup::record::Backup;
use crate::cloud::ids::{BackupId, InstanceId};
use crate::cloud::records::Records;

/// Backups by id.
#[derive(Clone, Debug, Default)]
pub struct Backups {
    by_id: Records<BackupId, Backup>,
    of_instance: BTreeMap<InstanceId, BTreeSet<BackupId>>,
}

impl PartialEq for Backups {
    fn eq(&self, other: &Self) -> bool {
        self.by_id == other.by_id
    }
}

impl Backups {
    /// The backup of that number.
    pub fn get(&self, id: &str) -> Option<&Backup> {
        self.by_id.get(id)
    }

    /// The backup of that number, to be changed; it stays the same instance's.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Backup> {
        self.by_id.get_mut(id)
    }

    /// Whether there is one of that number.
    pub fn contains(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// All of them, by number.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Backup> {
        self.by_id.values()
    }

    /// Those of an instance, by number.
    pub fn of(&self, instance_id: &str) -> impl Iterator<Item = &Backup> {
        let ids = self.of_instance.get(instance_id).into_iter().flatten();
        ids.filter_map(|id| self.by_id.get(id))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Adds one, in the place of an earlier one of that number.
    pub fn insert(&mut self, backup: Backup) {
        self.remove(&backup.id);
        let own = self.of_instance.entry(backup.instance_id.clone()).or_default();
        own.insert(backup.id.clone());
        self.by_id.insert(backup.id.clone(), backup);
    }

    /// Takes one away.
    pub fn remove(&mut self, id: &str) -> Option<Backup> {
        let backup = self.by_id.remove(id)?;
        let of: &str = backup.instance_id.borrow();
        if let Some(own) = self.of_instance.get_mut(of) {
            own.remove(id);
            if own.is_empty() {
                self.of_instance.remove(of);
            }
        }
        Some(backup)
    }

    /// Takes all those of an instance away.
    pub(crate) fn remove_all(&mut self, instance_id: &str) -> Vec<Backup> {
        let ids = self.of_instance.remove(instance_id);
        ids.into_iter()
            .flatten()
            .filter_map(|id| self.by_id.remove(&id))
            .collect()
    }
}
