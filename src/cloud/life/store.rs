//! What is under way, with what finds the flows of an instance and the one that ends next.

use std::collections::{BTreeMap, BTreeSet};

use crate::cloud::ids::{InstanceId, TaskId};
use crate::cloud::life::record::Flow;
use crate::cloud::records::Records;
use crate::cloud::time::Millis;

/// Flows by id. An instance is in one flow at most that its status shows, and beside it or alone in any number of those
/// that leave the status as it is, one of a kind; of those that change an account, one for each account.
#[derive(Clone, Debug, Default)]
pub struct Flows {
    by_id: Records<TaskId, Flow>,
    of_instance: BTreeMap<InstanceId, BTreeSet<TaskId>>,
    due: BTreeSet<(Millis, TaskId)>,
}

impl PartialEq for Flows {
    fn eq(&self, other: &Self) -> bool {
        self.by_id == other.by_id
    }
}

impl Flows {
    /// The flow of that number.
    pub fn get(&self, id: TaskId) -> Option<&Flow> {
        self.by_id.get(&id)
    }

    /// All of them, by number.
    pub fn values(&self) -> impl Iterator<Item = &Flow> {
        self.by_id.values()
    }

    /// How many are on their way.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Those of an instance, by number.
    pub fn of(&self, instance_id: impl AsRef<str>) -> impl Iterator<Item = &Flow> {
        let ids = self.of_instance.get(instance_id.as_ref()).into_iter().flatten();
        ids.filter_map(|id| self.by_id.get(id))
    }

    /// The one of an instance that its status shows, or will when its window opens.
    pub fn shown_of(&self, instance_id: impl AsRef<str>) -> Option<&Flow> {
        self.of(instance_id).find(|flow| flow.kind.row().during.is_some())
    }

    /// Of which something ends next by itself, and when.
    pub fn next_due(&self) -> Option<(Millis, TaskId)> {
        self.due.first().copied()
    }

    /// Lets one end in half its time.
    pub(crate) fn hasten(&mut self, id: TaskId) {
        if let Some(mut flow) = self.get(id).cloned() {
            let half = |due_at: Millis| flow.started_at + (due_at - flow.started_at) / 2;
            flow.due_at = flow.due_at.map(half);
            self.insert(flow);
        }
    }

    /// Adds one.
    pub fn insert(&mut self, flow: Flow) {
        self.remove(flow.id);
        let ends = flow.ends_at().into_iter().flatten();
        self.due.extend(ends.map(|at| (at, flow.id)));
        for instance_id in flow.instances() {
            let own = self.of_instance.entry(instance_id.clone()).or_default();
            own.insert(flow.id);
        }
        self.by_id.insert(flow.id, flow);
    }

    /// Takes one away.
    pub fn remove(&mut self, id: TaskId) -> Option<Flow> {
        let flow = self.by_id.remove(&id)?;
        for at in flow.ends_at().into_iter().flatten() {
            self.due.remove(&(at, id));
        }
        for instance_id in flow.instances() {
            if let Some(own) = self.of_instance.get_mut(instance_id) {
                own.remove(&id);
                if own.is_empty() {
                    self.of_instance.remove(instance_id);
                }
            }
        }
        Some(flow)
    }
}
