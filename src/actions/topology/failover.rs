//! Failover by hand.

use crate::actions::{int, text};
use crate::cloud::topology::failover::{self, Kill, Promotion};
use crate::cloud::{Call, Cloud, Refusal};
use crate::contract::{input, output};

/// Promotes replicas.
pub(crate) fn change_replica_to_master(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ChangeReplicaToMaster,
) -> Result<output::ChangeReplicaToMaster, Refusal> {
    let asked = Promotion {
        instance_id: input.instance_id,
        group_id: input.group_id,
        emergency: input.emergency.unwrap_or(false),
    };
    let task_id = failover::change_master(cloud, call, &asked)?;
    Ok(output::ChangeReplicaToMaster {
        task_id: int(task_id.0),
    })
}

/// Stops masters.
pub(crate) fn kill_master_group(
    cloud: &mut Cloud,
    call: &Call,
    input: input::KillMasterGroup,
) -> Result<output::KillMasterGroup, Refusal> {
    let asked = Kill {
        instance_id: input.instance_id,
        password: input.password,
        shard_ids: input.shard_ids,
    };
    let task_id = failover::kill_masters(cloud, call, &asked)?;
    Ok(output::KillMasterGroup {
        task_id: int(task_id.0),
    })
}

/// Stops proxies.
pub(crate) fn switch_proxy(
    cloud: &mut Cloud,
    call: &Call,
    input: input::SwitchProxy,
) -> Result<output::SwitchProxy, Refusal> {
    let mut named = input.proxy_id_list;
    named.extend(text(input.proxy_id));
    let task_id = failover::switch_proxies(cloud, call, &input.instance_id, &named)?;
    Ok(output::SwitchProxy {
        task_id: int(task_id.0),
    })
}
