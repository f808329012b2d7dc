//! The replication groups of an account, with what finds one by its id and by a member.

use std::collections::BTreeMap;

use crate::cloud::ids::{InstanceId, ReplicationGroupId};
use crate::cloud::records::Records;
use crate::cloud::replication::record::ReplicationGroup;

/// Groups in the order in which they were made. An instance is in one at most.
#[derive(Clone, Debug, Default)]
pub struct ReplicationGroups {
    by_number: Records<u64, ReplicationGroup>,
    numbers: BTreeMap<ReplicationGroupId, u64>,
    of_instance: BTreeMap<InstanceId, u64>,
}

impl PartialEq for ReplicationGroups {
    /// The same groups in the same order, whatever was between them.
    fn eq(&self, other: &Self) -> bool {
        self.values().eq(other.values())
    }
}

impl ReplicationGroups {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_number.len()
    }

    /// All of them, oldest first.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &ReplicationGroup> {
        self.by_number.values()
    }

    /// The group of that id.
    pub fn get(&self, id: &str) -> Option<&ReplicationGroup> {
        self.by_number.get(self.numbers.get(id)?)
    }

    /// The group that an instance is in.
    pub fn of(&self, instance_id: &str) -> Option<&ReplicationGroup> {
        self.by_number.get(self.of_instance.get(instance_id)?)
    }

    /// Adds one as the newest.
    pub fn insert(&mut self, group: ReplicationGroup) {
        let last = self.by_number.iter().next_back().map_or(0, |(number, _)| *number);
        let number = last + 1;
        self.numbers.insert(group.id.clone(), number);
        self.note_members(&group, number);
        self.by_number.insert(number, group);
    }

    /// Takes one away.
    pub fn remove(&mut self, id: &str) -> Option<ReplicationGroup> {
        let number = self.numbers.remove(id)?;
        let group = self.by_number.remove(&number)?;
        self.forget_members(&group);
        Some(group)
    }

    /// Changes one; `None`: there is none of that id.
    pub fn update<T>(&mut self, id: &str, change: impl FnOnce(&mut ReplicationGroup) -> T) -> Option<T> {
        let number = *self.numbers.get(id)?;
        let mut group = self.by_number.get(&number)?.clone();
        self.forget_members(&group);
        let done = change(&mut group);
        self.note_members(&group, number);
        self.by_number.insert(number, group);
        Some(done)
    }

    fn note_members(&mut self, group: &ReplicationGroup, number: u64) {
        let members = group.members.iter().map(|member| (member.instance_id.clone(), number));
        self.of_instance.extend(members);
    }

    fn forget_members(&mut self, group: &ReplicationGroup) {
        for member in &group.members {
            self.of_instance.remove(&member.instance_id);
        }
    }
}
