//! Other zones.

use crate::actions::{int, node_request};
use crate::cloud::change::zones;
use crate::cloud::change::zones::Relocation;
use crate::cloud::{Call, Cloud, Refusal};
use crate::contract::{input, output};

/// Able to stand in several zones.
pub(crate) fn upgrade_version_to_multi_availability_zones(
    cloud: &mut Cloud,
    call: &Call,
    input: input::UpgradeVersionToMultiAvailabilityZones,
) -> Result<output::UpgradeVersionToMultiAvailabilityZones, Refusal> {
    let newest = input.upgrade_proxy_and_redis_server.unwrap_or(false);
    let flow_id = int(zones::enable_zones(cloud, call, &input.instance_id, newest)?.0);
    Ok(output::UpgradeVersionToMultiAvailabilityZones { flow_id })
}

/// Into other zones. Rules: `cloud/change/zones.rs`.
pub(crate) fn modify_instance_availability_zones(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyInstanceAvailabilityZones,
) -> Result<output::ModifyInstanceAvailabilityZones, Refusal> {
    let relocation = Relocation {
        instance_id: input.instance_id,
        nodes: input.node_set.into_iter().map(node_request).collect(),
        switch_option: input.switch_option,
    };
    let task_id = int(zones::relocate(cloud, call, &relocation)?.0);
    Ok(output::ModifyInstanceAvailabilityZones { task_id })
}
