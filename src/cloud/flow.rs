//! Flows: changes that take time.
//!
//! Nothing runs in the background. A flow carries the moment at which it ends, and [`Cloud::advance`] ends what is
//! due whenever the cloud is looked at.

use super::instance::{Node, Spec, Status};
use super::task::{Task, TaskKind, TaskResult};
use super::time::{self, Millis};
use super::{Call, Cloud, DealStatus, Pace, Settings};

/// A change on its way. When it ends, [`Change`] is applied to the instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Also the number of its [`Task`].
    pub id: u64,
    /// The instance that changes.
    pub instance_id: String,
    /// The order that it delivers, if it was ordered.
    pub deal_id: Option<String>,
    /// When it began.
    pub started_at: Millis,
    /// When it ends; `None`: it waits for a hand.
    pub due_at: Option<Millis>,
    /// Whether a Describe has shown the instance in process.
    pub shown: bool,
    /// What it changes.
    pub change: Change,
}

/// What a flow changes when it ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The instance exists since the order; it now runs.
    Create,
    /// The instance gets this spec and these nodes. With `in_window` it keeps running until the maintenance window.
    Resize {
        spec: Spec,
        nodes: Vec<Node>,
        in_window: bool,
    },
}

/// A timed flow that nobody looked at ends after so many times the flow time.
const UNSEEN_FACTOR: i64 = 60;

impl Change {
    /// Whether the instance shows status 1 meanwhile.
    pub fn occupies(&self) -> bool {
        !matches!(
            self,
            Change::Resize {
                in_window: true,
                ..
            }
        )
    }

    /// `InstanceTitle` meanwhile.
    pub fn title(&self) -> &'static str {
        match self {
            Change::Create => "处理中",
            Change::Resize { .. } => "配置变更中",
        }
    }
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

impl Cloud {
    /// Ends what is due by `now`, in the order in which it is due; ties in the order of their ids. Splitting a
    /// stretch of time into several calls, or repeating a call, changes nothing.
    pub fn advance(&mut self, now: Millis) {
        if self.flows.is_empty() {
            return;
        }
        let mut due: Vec<(Millis, u64)> = self
            .flows
            .values()
            .filter_map(|flow| flow.due_at.filter(|&at| at <= now).map(|at| (at, flow.id)))
            .collect();
        due.sort_unstable();
        for (at, id) in due {
            self.finish(id, at);
        }
    }

    /// When the next flow ends by itself.
    pub fn next_due(&self) -> Option<Millis> {
        self.flows.values().filter_map(|flow| flow.due_at).min()
    }

    /// Notes that an answer has shown these instances in process: from now on their timed flows may end.
    pub fn note_shown(&mut self, ids: &[String], now: Millis) {
        let Settings { pace, flow_time_ms } = self.settings;
        for flow in self.flows.values_mut() {
            if flow.shown || !flow.change.occupies() || !ids.contains(&flow.instance_id) {
                continue;
            }
            flow.shown = true;
            if pace == Pace::Timed {
                flow.due_at = Some(flow.started_at.saturating_add(flow_time_ms).max(now));
            }
        }
    }

    /// Ends one flow by hand, whatever the pace. `None` if there is no such flow.
    pub fn step(&mut self, id: u64, now: Millis) -> Option<Flow> {
        self.finish(id, now)
    }

    /// Ends all flows by hand, in the order of their ids, and hands them back.
    pub fn drain(&mut self, now: Millis) -> Vec<Flow> {
        let ids: Vec<u64> = self.flows.keys().copied().collect();
        ids.into_iter()
            .filter_map(|id| self.finish(id, now))
            .collect()
    }

    /// The flow an instance is in, if any.
    pub fn flow_of(&self, instance_id: &str) -> Option<&Flow> {
        self.flows
            .values()
            .find(|flow| flow.instance_id == instance_id)
    }

    /// Begins a flow with its task, and puts the instance into process. Gives their number.
    pub(crate) fn begin(
        &mut self,
        call: &Call,
        instance_id: &str,
        deal_id: Option<&str>,
        kind: TaskKind,
        change: Change,
    ) -> u64 {
        let id = self.ids.task_id();
        let due_at = self.due_at(call.now, instance_id, &change);
        let operator_uin = self.account.uin.clone();
        if let Some(instance) = self.instances.get_mut(instance_id) {
            if change.occupies() {
                instance.status = Status::InProcess;
            }
            let task = Task {
                id,
                kind,
                region: instance.region,
                instance_id: instance.id.clone(),
                instance_name: instance.name.clone(),
                project_id: instance.project_id,
                started_at: call.now,
                ended_at: None,
                result: TaskResult::Running,
                message: String::new(),
                operator_uin,
            };
            self.tasks.insert(id, task);
        }
        let flow = Flow {
            id,
            instance_id: instance_id.to_owned(),
            deal_id: deal_id.map(str::to_owned),
            started_at: call.now,
            due_at,
            shown: false,
            change,
        };
        self.flows.insert(id, flow);
        id
    }

    /// Ends what a call has just begun if the pace is instant. The last step of every write that begins flows.
    pub(crate) fn settle(&mut self, now: Millis) {
        if self.settings.pace == Pace::Instant {
            self.advance(now);
        }
    }

    fn due_at(&self, now: Millis, instance_id: &str, change: &Change) -> Option<Millis> {
        match self.settings.pace {
            Pace::Instant => Some(now),
            Pace::Held => None,
            Pace::Timed if change.occupies() => {
                Some(now.saturating_add(self.settings.flow_time_ms.saturating_mul(UNSEEN_FACTOR)))
            }
            Pace::Timed => {
                let minute = self
                    .instances
                    .get(instance_id)
                    .map_or(0, |instance| instance.maintenance.0);
                Some(time::next_minute_of_day(now, i64::from(minute)))
            }
        }
    }

    /// Ends one flow at that moment: applies its change, closes its task, and its order with the last flow of it.
    fn finish(&mut self, id: u64, at: Millis) -> Option<Flow> {
        let flow = self.flows.remove(&id)?;
        if let Some(instance) = self.instances.get_mut(&flow.instance_id) {
            if let Change::Resize { spec, nodes, .. } = &flow.change {
                instance.spec = *spec;
                instance.nodes.clone_from(nodes);
            }
            if matches!(instance.status, Status::Pending | Status::InProcess) {
                instance.status = Status::Running;
            }
        }
        if let Some(task) = self.tasks.get_mut(&id) {
            task.result = TaskResult::Done;
            task.ended_at = Some(at);
        }
        let deal_id = flow.deal_id.as_deref();
        let last = deal_id.is_some()
            && !self
                .flows
                .values()
                .any(|other| other.deal_id.as_deref() == deal_id);
        if last && let Some(deal) = deal_id.and_then(|id| self.deals.get_mut(id)) {
            deal.status = DealStatus::Delivered;
            deal.ended_at = Some(at);
        }
        Some(flow)
    }
}
