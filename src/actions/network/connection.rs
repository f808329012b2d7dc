//! Bandwidth and connections.

use crate::actions::{int, text};
use crate::cloud::network::connection::{self, ADD_MOST_MB_S, SpecRequest};
use crate::cloud::refusal::bad_value;
use crate::cloud::{Call, Cloud, Refusal};
use crate::contract::{input, output};

/// Sets additional bandwidth and connections.
pub(crate) fn modify_connection_config(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyConnectionConfig,
) -> Result<output::ModifyConnectionConfig, Refusal> {
    let id = &input.instance_id;
    let task_id = connection::modify_connection(cloud, call, id, input.bandwidth, input.client_limit)?;
    Ok(output::ModifyConnectionConfig {
        task_id: int(task_id.0),
    })
}

/// What bandwidth a shard has, and how much can be added.
pub(crate) fn describe_bandwidth_range(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeBandwidthRange,
) -> Result<output::DescribeBandwidthRange, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id)?;
    connection::is_adjustable(instance)?;
    Ok(output::DescribeBandwidthRange {
        base_bandwidth: int(instance.base_bandwidth()),
        add_bandwidth: int(instance.add_bandwidth_mb_s),
        min_add_bandwidth: 0,
        max_add_bandwidth: int(ADD_MOST_MB_S),
    })
}

/// What bandwidth and connections an instance of some size has.
pub(crate) fn describe_instance_spec_bandwidth(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceSpecBandwidth,
) -> Result<output::DescribeInstanceSpecBandwidth, Refusal> {
    let instance_id = text(input.instance_id);
    // The official example sends every number as 0 beside an id: none of them is given then.
    let numbers = [input.shard_size, input.shard_num, input.replicate_num, input.r#type];
    let all_zero = instance_id.is_some() && numbers.iter().all(|number| number.unwrap_or(0) == 0);
    let given = |parameter, number: Option<i64>| {
        let number = number.filter(|number| *number != 0);
        let known = |number| u64::try_from(number).map_err(|_| bad_value(parameter, format!("{number} is negative")));
        number.map(known).transpose()
    };
    let readonly = match input
        .read_only_weight
        .filter(|_| !all_zero || input.read_only_weight != Some(0))
    {
        None => None,
        Some(0) => Some(false),
        Some(100) => Some(true),
        Some(other) => return Err(bad_value("ReadOnlyWeight", format!("{other} is neither 0 nor 100"))),
    };
    let asked = SpecRequest {
        instance_id: instance_id.as_deref(),
        mem_mb: given("ShardSize", input.shard_size)?,
        shards: given("ShardNum", input.shard_num)?,
        replicas: given("ReplicateNum", input.replicate_num)?,
        replicas_readonly: readonly,
        type_id: given("Type", input.r#type)?,
    };
    let (bandwidth, clients) = connection::of_spec(cloud, call, &asked)?;
    Ok(output::DescribeInstanceSpecBandwidth {
        bandwidth: int(bandwidth),
        client_limit: int(clients),
    })
}
