//! How the cloud behaves, told in calls.

mod clone;
mod create;
mod flow;
mod listing;
mod money;
mod upgrade;

use super::*;

const NOW: Millis = 1_800_000_000_000;
const SECOND: Millis = time::SECOND;

fn settings(pace: Pace) -> Settings {
    Settings {
        pace,
        flow_time_ms: 1_000,
    }
}

fn empty(pace: Pace) -> Cloud {
    let account = Account::new(1_250_000_000, "100000000001".into(), 1_000_000);
    Cloud::new(account, settings(pace), Ids::new(1))
}

fn guangzhou() -> Call {
    at(NOW)
}

fn at(now: Millis) -> Call {
    Call::new(now, region::find("ap-guangzhou").unwrap())
}

fn instance(id: &str, type_id: u64) -> Instance {
    let region = region::find("ap-guangzhou").unwrap();
    Instance::new(id.into(), region, edition::find(type_id).unwrap(), NOW)
}

/// A cloud that holds this one instance.
fn with(pace: Pace, instance: Instance) -> Cloud {
    let mut cloud = empty(pace);
    cloud.instances.insert(instance);
    cloud
}
