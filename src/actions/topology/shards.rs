//! Nodes, shards, groups and proxies of an instance.

use std::ops::RangeInclusive;

use crate::actions::int;
use crate::cloud::topology::nodes::RedisNode;
use crate::cloud::topology::shards::{self, Feature, Shard};
use crate::cloud::topology::{nodes, proxies};
use crate::cloud::{Call, Cloud, Instance, Refusal, Role};
use crate::contract::{Text, input, output};

/// All nodes and proxies, whatever page is asked for.
pub(crate) fn describe_instance_node_info(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceNodeInfo,
) -> Result<output::DescribeInstanceNodeInfo, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id)?;
    nodes::check_told(instance)?;
    let redis: Vec<_> = shards::picture(cloud, instance).all().map(show_node).collect();
    let proxies = proxies::proxies(cloud.ids.seed, instance).into_iter();
    let proxy: Vec<_> = proxies
        .map(|proxy| output::ProxyNodes {
            node_id: proxy.id.into(),
            zone_id: proxy.zone_id.into(),
        })
        .collect();
    Ok(output::DescribeInstanceNodeInfo {
        proxy_count: int(proxy.len() as u64),
        proxy,
        redis_count: int(redis.len() as u64),
        redis,
        tendis_count: 0,
        tendis: Vec::new(),
    })
}

fn show_node(node: RedisNode) -> output::RedisNodes {
    output::RedisNodes {
        node_id: node.id.into(),
        node_role: role(node.role, "slave").into(),
        cluster_id: int(node.shard),
        zone_id: node.zone_id.into(),
    }
}

fn role(role: Role, replica: &'static str) -> &'static str {
    match role {
        Role::Master => "master",
        Role::Replica => replica,
    }
}

/// The nodes of a cluster, shard by shard.
pub(crate) fn describe_instance_shards(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceShards,
) -> Result<output::DescribeInstanceShards, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id)?;
    shards::check_told(instance)?;
    let group_ids = shards::group_ids(cloud, instance);
    let masters_only = input.filter_slave == Some(true);
    let all = shards::shards(cloud, instance, call.now);
    let mean = all.iter().map(|shard| shard.bytes as f64).sum::<f64>() / all.len() as f64;
    let mut rows = Vec::new();
    for shard in &all {
        let told = |node: &&RedisNode| !masters_only || node.role == Role::Master;
        for node in shard.nodes.iter().filter(told) {
            rows.push(show_shard(instance, shard, node, mean, group_ids[node.group]));
        }
    }
    Ok(output::DescribeInstanceShards {
        total_count: int(rows.len() as u64),
        instance_shards: rows,
    })
}

fn show_shard(
    instance: &Instance,
    shard: &Shard,
    node: &RedisNode,
    mean: f64,
    group_id: i64,
) -> output::InstanceClusterShard {
    let (number, copy) = (shard.number + 1, node.group + 1);
    let id: Text = node.id.clone().into();
    let off = if mean > 0.0 {
        100.0 * (shard.bytes as f64 - mean) / mean
    } else {
        0.0
    };
    output::InstanceClusterShard {
        shard_name: format!("{}-{number:03}-{copy:02}", instance.id).into(),
        shard_id: number.to_string().into(),
        role: node.role.number(),
        keys: int(shard.keys),
        slots: match node.role {
            Role::Master => format!("[\"{}\"]", span(&shard.slots)),
            Role::Replica => "[]".to_owned(),
        }
        .into(),
        storage: int(shard.bytes),
        // A byte more or less is no skew.
        storage_slope: (off * 100.0).round() / 100.0,
        runid: id.clone(),
        run_id: id,
        connected: node.runs.into(),
        zone_id: zone_name(instance, node.zone_id),
        replicas_node_id: group_id,
    }
}

fn span(slots: &RangeInclusive<u64>) -> String {
    format!("{}-{}", slots.start(), slots.end())
}

fn zone_name(instance: &Instance, zone_id: u32) -> Text {
    let zone = instance.region.zone(zone_id.into());
    zone.map_or(String::new(), |zone| zone.name.to_owned()).into()
}

/// The groups of nodes.
pub(crate) fn describe_instance_zone_info(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceZoneInfo,
) -> Result<output::DescribeInstanceZoneInfo, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id.unwrap_or_default())?;
    nodes::check_told(instance)?;
    let all = shards::shards(cloud, instance, call.now);
    let node = |node: RedisNode| {
        let shard = &all[node.shard as usize];
        // As the official example shows it, slots and keys are the master's.
        let (keys, slot) = match node.role {
            Role::Master => (int(shard.keys), span(&shard.slots)),
            Role::Replica => (0, String::new()),
        };
        output::RedisNode {
            keys,
            slot: slot.into(),
            node_id: node.id.into(),
            status: "normal".into(),
            role: role(node.role, "replica").into(),
        }
    };
    let groups = shards::groups(cloud, instance).into_iter();
    let replica_groups: Vec<_> = groups
        .map(|group| output::ReplicaGroup {
            group_id: group.id,
            group_name: group.name.into(),
            zone_id: zone_name(instance, group.zone_id),
            role: role(group.role, "replica").into(),
            redis_nodes: group.nodes.into_iter().map(node).collect(),
        })
        .collect();
    Ok(output::DescribeInstanceZoneInfo {
        total_count: int(replica_groups.len() as u64),
        replica_groups,
    })
}

/// Whether an instance is able to do something.
pub(crate) fn describe_instance_support_feature(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceSupportFeature,
) -> Result<output::DescribeInstanceSupportFeature, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id)?;
    let feature = Feature::from_word(&input.feature_name)?;
    Ok(output::DescribeInstanceSupportFeature {
        support: feature.is_of(instance),
    })
}
