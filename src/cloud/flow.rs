//! Flows: changes that take time.

use super::instance::{Node, Spec};
use super::time::Millis;

/// A change on its way. When it ends, [`Change`] is applied to the instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Also the number of its [`Task`](super::task::Task).
    pub id: u64,
    pub instance_id: String,
    pub deal_id: Option<String>,
    pub started_at: Millis,
    /// When it ends; `None`: it waits for a hand.
    pub due_at: Option<Millis>,
    /// Whether a Describe has shown the instance in process.
    pub shown: bool,
    pub change: Change,
}

/// What a flow changes when it ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The instance exists since the order; it now runs.
    Create,
    /// The instance gets this spec and these nodes. With `in_window` it kept running until the maintenance window.
    Resize {
        spec: Spec,
        nodes: Vec<Node>,
        in_window: bool,
    },
}

impl Flow {
    /// The action that began it.
    pub fn action(&self) -> &'static str {
        match self.change {
            Change::Create => "CreateInstances",
            Change::Resize { .. } => "UpgradeInstance",
        }
    }
}
