//! What DescribeInstanceNodeInfo adds: the zones of nodes.

use super::collect::Found;
use super::printed::{Node, Printed, RedisNode};
use super::source::{below, fault};
use crate::fixture::FixtureFault;

/// Gives an instance over several zones whose own answer does not show its nodes those that DescribeInstanceNodeInfo
/// shows.
pub(super) fn add(
    instance: &mut Found,
    answer: &Printed,
    file: &str,
    path: &str,
    warnings: &mut Vec<String>,
) -> Result<(), FixtureFault> {
    let id = instance.id.clone();
    let redis = answer.redis.as_deref().unwrap_or_default();
    let mut shards: Vec<(i64, Vec<Node>)> = Vec::new();
    for (index, node) in redis.iter().enumerate() {
        let shard = node.cluster_id.unwrap_or(0);
        let node = node_of(node).map_err(|(member, message)| {
            let path = below(path, &format!("Redis[{index}].{member}"));
            fault(file, &path, &format!("{id}: {message}"))
        })?;
        match shards.iter_mut().find(|(number, _)| *number == shard) {
            Some((_, nodes)) => nodes.push(node),
            None => shards.push((shard, vec![node])),
        }
    }
    shards.sort_by_key(|(number, _)| *number);
    for (_, nodes) in &mut shards {
        nodes.sort_by_key(|node| (node.node_type, node.zone_id));
    }
    let proxies = answer.proxy.as_ref().map_or(0, Vec::len);
    let tendis = answer.tendis.as_ref().map_or(0, Vec::len);
    warnings.push(format!(
        "{id}: the numbers of its {} Redis, {proxies} proxy and {tendis} Tendis nodes, and where \
         the proxies stand, are no part of a fixture; the zones of its Redis nodes are",
        redis.len()
    ));
    warnings.extend(miscounted(instance, redis.len()));
    let Some((_, first)) = shards.first() else {
        return Ok(());
    };
    if shards.iter().any(|(_, nodes)| zones(nodes) != zones(first)) {
        warnings.push(format!(
            "{id}: its shards stand in different zones; a fixture gives all of them those of the \
             first"
        ));
    }
    let entry = &mut instance.entry;
    match entry.node_set.as_deref().filter(|nodes| !nodes.is_empty()) {
        Some(shown) => {
            if zones(shown) != zones(first) {
                warnings.push(format!(
                    "{id}: NodeSet and DescribeInstanceNodeInfo disagree about zones; NodeSet holds"
                ));
            }
        }
        None => {
            let several = first.iter().any(|node| node.zone_id != entry.zone_id);
            entry.node_set = several.then(|| first.clone());
        }
    }
    Ok(())
}

/// The node as NodeSet would show it, without a number; or the wrong member and what is wrong.
fn node_of(node: &RedisNode) -> Result<Node, (&'static str, String)> {
    let node_type = match node.node_role.as_deref() {
        Some("master") => 0,
        Some("slave" | "replica") => 1,
        other => {
            let message = format!(
                "`{}` is no role of a node; it is printed as master or slave",
                other.unwrap_or_default()
            );
            return Err(("NodeRole", message));
        }
    };
    if node.zone_id.is_none() {
        return Err(("ZoneId", "is missing; a node stands in a zone".to_owned()));
    }
    Ok(Node {
        node_type: Some(node_type),
        node_id: None,
        zone_id: node.zone_id,
        zone_name: None,
    })
}

/// Roles and zones, in order.
fn zones(nodes: &[Node]) -> Vec<(Option<i64>, Option<i64>)> {
    let mut zones: Vec<_> = nodes.iter().map(|node| (node.node_type, node.zone_id)).collect();
    zones.sort_unstable();
    zones
}

/// A warning where there are more or fewer nodes than shards and replicas make.
fn miscounted(instance: &Found, given: usize) -> Option<String> {
    let entry = &instance.entry;
    let shards = entry.redis_shard_num.filter(|&number| number > 0)?;
    let replicas = entry.redis_replicas_num.filter(|&number| number >= 0)?;
    let wanted = shards.checked_mul(replicas.checked_add(1)?)?;
    (i64::try_from(given) != Ok(wanted)).then(|| {
        format!(
            "{}: {given} Redis nodes are given, but RedisShardNum and RedisReplicasNum make \
             {wanted}; the latter hold",
            instance.id
        )
    })
}
