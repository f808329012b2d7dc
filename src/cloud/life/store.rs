//! What is under way, with what finds the flow of an instance and the one that ends next.

use crate::cloud::ids::{InstanceId, TaskId};
use crate::cloud::life::record::Flow;
use crate::cloud::records::Records;
use crate::cloud::time::Millis;

/// Flows by id, with what finds the one of an instance and the one that ends next.
use std::collections::{BTreeMap, BTreeSet};
#[derive(Clone, Debug, Default)]
pub struct Flows {
    by_id: Records<TaskId, Flow>,
    of_instance: BTreeMap<InstanceId, TaskId>,
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

    /// Whether nothing is on its way.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// How many are on their way.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// The one of an instance, which has one at most.
    pub fn of(&self, instance_id: impl AsRef<str>) -> Option<&Flow> {
        self.of_instance
            .get(instance_id.as_ref())
            .and_then(|id| self.by_id.get(id))
    }

    /// Of which something ends next by itself, and when.
    pub fn next_due(&self) -> Option<(Millis, TaskId)> {
        self.due.first().copied()
    }

    /// Adds one.
    pub fn insert(&mut self, flow: Flow) {
        self.remove(flow.id);
        let ends = flow.ends_at().into_iter().flatten();
        self.due.extend(ends.map(|at| (at, flow.id)));
        self.of_instance.insert(flow.instance_id.clone(), flow.id);
        self.by_id.insert(flow.id, flow);
    }

    /// Takes one away.
    pub fn remove(&mut self, id: TaskId) -> Option<Flow> {
        let flow = self.by_id.remove(&id)?;
        for at in flow.ends_at().into_iter().flatten() {
            self.due.remove(&(at, id));
        }
        if self.of_instance.get(&flow.instance_id) == Some(&id) {
            self.of_instance.remove(&flow.instance_id);
        }
        Some(flow)
    }
}
