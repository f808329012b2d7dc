//! What an instance is used for: commands, keys, clients and slow logs, all of its workload.

pub(crate) mod commands;
pub(crate) mod keys;
pub(crate) mod slow_log;

pub(crate) use commands::{
    describe_instance_monitor_sip, describe_instance_monitor_took_dist, describe_instance_monitor_top_n_cmd,
    describe_instance_monitor_top_n_cmd_took,
};
pub(crate) use keys::{
    describe_instance_monitor_big_key, describe_instance_monitor_big_key_size_dist,
    describe_instance_monitor_big_key_type_dist, describe_instance_monitor_hot_key,
};
pub(crate) use slow_log::{describe_proxy_slow_log, describe_slow_log, describe_tendis_slow_log};

use crate::actions::int;
use crate::cloud::time::SECOND;
use crate::cloud::{Cloud, Millis, Refusal};
use crate::contract::output;

/// Refuses what the documents call withdrawn, where it is taken to be gone.
fn is_there(cloud: &Cloud) -> Result<(), Refusal> {
    if cloud.settings.assumed.withdrawn_actions_are_offline {
        return Err(Refusal::Withdrawn);
    }
    Ok(())
}

/// Unix seconds.
fn seconds(at: Millis) -> i64 {
    at / SECOND
}

/// What is sorted into a ladder; `updated_at` says of a rung with so many when that was found out.
fn show_ladder(rungs: &[(i64, u64)], updated_at: impl Fn(u64) -> i64) -> Vec<output::DelayDistribution> {
    let shown = rungs.iter().map(|(ladder, number)| output::DelayDistribution {
        ladder: *ladder,
        size: int(*number),
        updatetime: updated_at(*number),
    });
    shown.collect()
}
