//! The maintenance window: what waits for it, and what makes it switch now.

use crate::cloud::life::record::Fate;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};

/// Whether a change waits for the maintenance window: `SwitchOption` 1 does, 2 or none does not.
pub(crate) fn in_window(switch_option: Option<i64>) -> Result<bool, Refusal> {
    match switch_option {
        Some(1) => Ok(true),
        None | Some(2) => Ok(false),
        Some(other) => Err(bad_value(
            "SwitchOption",
            format!("{other} is neither 1 (maintenance window) nor 2 (now)"),
        )),
    }
}

/// Runs now the change that waits for its maintenance window.
pub fn switch_now(cloud: &mut Cloud, call: &Call, id: &str) -> Result<(), Refusal> {
    let id = cloud.instance(call.region, id)?.id.clone();
    let waiting = cloud.flows.of(&id).find(|flow| flow.in_window);
    let Some(mut flow) = waiting.cloned() else {
        return Err(Refusal::NothingWaiting { id });
    };
    flow.in_window = false;
    flow.started_at = call.now;
    let ends = flow.fate != Fate::Hangs;
    flow.due_at = cloud.settings.due_at(call.now).filter(|_| ends);
    // Its task was seen at most; a task that still runs ends with the flow now.
    flow.shown = false;
    flow.task_due_at = None;
    let during = flow.during();
    cloud.flows.insert(flow);
    cloud.instances.update(&id, |instance| {
        instance.status = during.unwrap_or(instance.status);
    });
    Ok(())
}
