//! What DescribeInstanceNodeInfo adds: the zones and ids of nodes, and proxies.

use super::collect::Found;
use super::printed::{Node, Printed, RedisNode};
use super::source::{below, fault};
use crate::cloud::Edition;
use crate::fixture::FixtureFault;

/// A shard by its number, with its nodes: each as NodeSet would show it, and as it was printed.
type Shard<'a> = (i64, Vec<(Node, &'a RedisNode)>);

/// Gives an instance the nodes and proxies that DescribeInstanceNodeInfo shows, and over several zones a NodeSet where
/// its own answer has none.
pub(super) fn add(
    instance: &mut Found,
    answer: &Printed,
    file: &str,
    path: &str,
    warnings: &mut Vec<String>,
) -> Result<(), FixtureFault> {
    let id = instance.id.clone();
    let redis = answer.redis.as_deref().unwrap_or_default();
    let mut shards: Vec<Shard<'_>> = Vec::new();
    for (index, printed) in redis.iter().enumerate() {
        let shard = printed.cluster_id.unwrap_or(0);
        let node = node_of(printed).map_err(|(member, message)| {
            let path = below(path, &format!("Redis[{index}].{member}"));
            fault(file, &path, &format!("{id}: {message}"))
        })?;
        match shards.iter_mut().find(|(number, _)| *number == shard) {
            Some((_, nodes)) => nodes.push((node, printed)),
            None => shards.push((shard, vec![(node, printed)])),
        }
    }
    shards.sort_by_key(|(number, _)| *number);
    for (_, nodes) in &mut shards {
        nodes.sort_by_key(|(node, _)| (node.node_type, node.zone_id));
    }
    let tendis = answer.tendis.as_ref().map_or(0, Vec::len);
    if tendis > 0 {
        warnings.push(format!("{id}: its {tendis} Tendis nodes are no part of a fixture"));
    }
    warnings.extend(miscounted(instance, redis.len()));
    proxies(instance, answer);
    let Some((_, first)) = shards.first() else {
        return Ok(());
    };
    let first: Vec<Node> = first.iter().map(|(node, _)| node.clone()).collect();
    if shards
        .iter()
        .any(|(_, nodes)| zones(nodes.iter().map(|(node, _)| node)) != zones(&first))
    {
        warnings.push(format!(
            "{id}: its shards stand in different zones; a fixture gives all of them those of the \
             first"
        ));
    }
    let entry = &mut instance.entry;
    match entry.node_set.as_deref().filter(|nodes| !nodes.is_empty()) {
        Some(shown) => {
            if zones(shown) != zones(&first) {
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
    let places = entry.node_set.as_deref().filter(|nodes| !nodes.is_empty());
    match groups(places.unwrap_or(&first), &shards) {
        Some(groups) => instance.more.nodes = groups,
        None => warnings.push(format!(
            "{id}: its Redis nodes make no groups of one node of each shard; their ids are not carried over"
        )),
    }
    Ok(())
}

/// The nodes in groups that stand where these do, each with a node of every shard; `None`: they make none.
fn groups(places: &[Node], shards: &[Shard<'_>]) -> Option<Vec<Vec<RedisNode>>> {
    let mut groups = vec![Vec::new(); places.len()];
    for (_, nodes) in shards {
        let mut left = nodes.clone();
        let mut taken: Vec<Option<&RedisNode>> = vec![None; places.len()];
        // Those of that role first: elsewhere one that was promoted stands in another's zone.
        for same_role in [true, false] {
            for (place, taken) in places.iter().zip(&mut taken).filter(|(_, taken)| taken.is_none()) {
                let fits =
                    |node: &Node| node.zone_id == place.zone_id && (!same_role || node.node_type == place.node_type);
                let found = left.iter().position(|(node, _)| fits(node));
                *taken = found.map(|at| left.remove(at).1);
            }
        }
        if !left.is_empty() {
            return None;
        }
        for (group, node) in groups.iter_mut().zip(taken) {
            group.push(node?.clone());
        }
    }
    Some(groups)
}

/// Gives an instance its proxies. One that could have some and has none is reached past them.
fn proxies(instance: &mut Found, answer: &Printed) {
    let Some(proxies) = &answer.proxy else {
        return;
    };
    let has_proxies = instance.edition().is_some_and(Edition::is_modern);
    instance.more.is_direct = has_proxies && proxies.is_empty() && answer.redis.iter().flatten().next().is_some();
    instance.more.proxies.clone_from(proxies);
}

/// Nodes and proxies that cannot be as they were printed are left out, a line each: they are no more than ids.
pub(super) fn leave_out(found: &mut [Found], faults: &[FixtureFault]) -> Vec<String> {
    let mut lines = Vec::new();
    for fault in faults {
        let place = fault
            .path
            .strip_prefix("Accounts[0].Instances[")
            .and_then(|rest| rest.split_once("]."));
        let Some((index, key)) = place else {
            continue;
        };
        let Some(instance) = index.parse().ok().and_then(|index: usize| found.get_mut(index)) else {
            continue;
        };
        let (id, more) = (&instance.id, &mut instance.more);
        if key.starts_with("ReplicaGroups") && !more.nodes.is_empty() {
            more.nodes.clear();
            lines.push(format!(
                "{id}: the ids of its Redis nodes are not carried over: {key} {}",
                fault.message
            ));
        } else if key.starts_with("Proxy") && !more.proxies.is_empty() {
            more.proxies.clear();
            lines.push(format!(
                "{id}: its proxies are not carried over: {key} {}",
                fault.message
            ));
        }
    }
    lines
}

/// The node as NodeSet would show it, without a number; or the wrong member and what is wrong.
fn node_of(node: &RedisNode) -> Result<Node, (&'static str, String)> {
    let node_type = match node.node_role.as_deref() {
        _ if node.is_master() => 0,
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
fn zones<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> Vec<(Option<i64>, Option<i64>)> {
    let mut zones: Vec<_> = nodes.into_iter().map(|node| (node.node_type, node.zone_id)).collect();
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
