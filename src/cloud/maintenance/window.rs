//! The maintenance window: when maintenance of an instance may happen, each day in China's time.

use crate::cloud::ids::TaskId;
use crate::cloud::life::flow;
use crate::cloud::life::table::FlowKind;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time;

/// How many minutes a window may last.
const LENGTHS: [u16; 5] = [30, 60, 90, 120, 180];
/// The last minute of the day at which a window may begin or end.
const LATEST: u16 = 23 * 60;

/// Changes beside which the window stays, whether they run or wait for it: upgrades of version and architecture.
const UPGRADES: [FlowKind; 6] = [
    FlowKind::Version,
    FlowKind::Cluster,
    FlowKind::ProductVersion,
    FlowKind::Kernel,
    FlowKind::Proxy,
    FlowKind::MultiZone,
];

/// Why that can be no window, from one minute of the day to another.
pub fn window_fault(start: u16, end: u16) -> Option<String> {
    let fits = end <= LATEST && LENGTHS.contains(&end.saturating_sub(start));
    (!fits).then(|| format!("it must last one of {LENGTHS:?} minutes and end on the day on which it begins, by 23:00"))
}

/// Moves the window of an instance. Another change that waits for it switches when the new one opens.
pub fn modify_window(cloud: &mut Cloud, call: &Call, id: &str, start: &str, end: &str) -> Result<(), Refusal> {
    let instance = cloud.instance(call.region, id)?;
    let id = instance.id.clone();
    let (start, end) = (minute("StartTime", start)?, minute("EndTime", end)?);
    if let Some(why) = window_fault(start, end) {
        return Err(bad_value("EndTime", why));
    }
    instance.takes_settings()?;
    if cloud.flows.of(&id).any(|flow| UPGRADES.contains(&flow.kind)) {
        return Err(Refusal::ChangeWaiting { id });
    }
    cloud
        .instances
        .update(&id, |instance| instance.maintenance = (start, end));
    let waiting: Vec<TaskId> = (cloud.flows.of(&id).filter(|flow| flow.in_window).map(|flow| flow.id)).collect();
    for flow_id in waiting {
        flow::wait_for_window(cloud, call.now, flow_id);
    }
    Ok(())
}

fn minute(parameter: &'static str, text: &str) -> Result<u16, Refusal> {
    let minute = time::read_minutes(text).filter(|minute| *minute <= LATEST);
    minute.ok_or_else(|| bad_value(parameter, format!("{text} is no time of day from 00:00 to 23:00")))
}
