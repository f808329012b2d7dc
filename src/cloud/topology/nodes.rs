//! The Redis nodes and the proxies of an instance. Their ids follow from the seed and from what each is, so nothing of
//! them is kept; a node keeps its id while the instance gains or loses others, and another edition has other nodes.

use std::collections::BTreeSet;

use crate::cloud::catalogue::edition::Arch;
use crate::cloud::ids;
use crate::cloud::instance::record::Instance;

/// A standard instance has so many proxies, and a cluster at least as many.
const PROXIES_LEAST: u64 = 3;

/// A Redis node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisNode {
    /// `NodeId`
    pub id: String,
    /// `ClusterId`: the number of its shard, from 0 on.
    pub shard: u64,
    /// 0 for the shard's master, from 1 on for its replicas.
    pub copy: u64,
}

/// Whether the nodes of an instance are told one by one: those of Redis 2.8 and CKV are not.
pub fn are_told(instance: &Instance) -> bool {
    instance.edition.is_modern()
}

/// The Redis nodes: masters by shard, then replicas by shard. `seed` is that of the account's ids.
pub fn redis_nodes(seed: u64, instance: &Instance) -> impl Iterator<Item = RedisNode> {
    let spec = instance.spec;
    let copies = if are_told(instance) { spec.replicas + 1 } else { 0 };
    let masters = (0..spec.shards).map(|shard| (shard, 0));
    let replicas = (0..spec.shards).flat_map(move |shard| (1..copies).map(move |copy| (shard, copy)));
    let places = masters.take(if copies == 0 { 0 } else { usize::MAX }).chain(replicas);
    places.map(move |(shard, copy)| RedisNode {
        id: ids::run_id(seed, &instance.id, &part(instance, &format!("redis-{shard}-{copy}"))),
        shard,
        copy,
    })
}

/// The ids of the proxies, `NodeId`. `seed` is that of the account's ids.
pub fn proxy_ids(seed: u64, instance: &Instance) -> impl Iterator<Item = String> {
    (0..proxies(instance)).map(move |number| {
        let part = part(instance, &format!("proxy-{number}"));
        ids::run_id(seed, &instance.id, &part)
    })
}

/// Another edition has other nodes.
fn part(instance: &Instance, part: &str) -> String {
    format!("{}-{part}", instance.edition.type_id)
}

/// How many proxies there are. Documented for one zone; the official example shows that the figure of a cluster over
/// several zones is one for each of them.
pub fn proxies(instance: &Instance) -> u64 {
    let spec = instance.spec;
    if !are_told(instance) {
        return 0;
    }
    let readable = instance.replicas_readonly;
    match instance.edition.arch {
        Arch::Single | Arch::Standard if readable => PROXIES_LEAST + spec.replicas.saturating_sub(1),
        Arch::Single | Arch::Standard => PROXIES_LEAST,
        Arch::Cluster => {
            let usual = (spec.shards * 3).div_ceil(2);
            let reading = if readable { spec.shards * spec.replicas } else { 0 };
            usual.max(reading).max(PROXIES_LEAST) * zones(instance)
        }
    }
}

fn zones(instance: &Instance) -> u64 {
    let zones: BTreeSet<u32> = instance.nodes().iter().map(|node| node.zone_id).collect();
    (zones.len() as u64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::catalogue::{edition, region};
    use crate::cloud::ids::InstanceId;
    use crate::cloud::instance::node::{Node, Placement};
    use crate::cloud::values::Role;

    fn instance(type_id: u64, shards: u64, replicas: u64) -> Instance {
        let edition = edition::find(type_id).expect("an edition");
        let mut instance = Instance::new(InstanceId::from("crs-nodes000"), &region::all()[0], edition, 0);
        (instance.spec.shards, instance.spec.replicas) = (shards, replicas);
        instance
    }

    fn ids_of(instance: &Instance) -> Vec<String> {
        let nodes = redis_nodes(7, instance).map(|node| node.id);
        nodes.chain(proxy_ids(7, instance)).collect()
    }

    #[test]
    fn every_node_and_proxy_has_an_id_of_its_own() {
        let ids = ids_of(&instance(7, 3, 2));
        let digits =
            |id: &String| id.len() == 40 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        assert!(ids.iter().all(digits), "{ids:?}");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 3 * 3 + 5);
        let nodes: Vec<_> = redis_nodes(7, &instance(7, 2, 1))
            .map(|node| (node.shard, node.copy))
            .collect();
        assert_eq!(nodes, [(0, 0), (1, 0), (0, 1), (1, 1)], "masters first");
    }

    #[test]
    fn a_node_keeps_its_id_while_others_come() {
        let (small, large) = (ids_of(&instance(7, 3, 1)), ids_of(&instance(7, 5, 2)));
        assert!(small.iter().all(|id| large.contains(id)));
        let other = ids_of(&instance(9, 3, 1));
        assert!(other.iter().all(|id| !small.contains(id)), "another edition");
        assert_ne!(ids::run_id(7, "crs-a", "p"), ids::run_id(8, "crs-a", "p"));
        assert_ne!(ids::run_id(7, "crs-a", "p"), ids::run_id(7, "crs-b", "p"));
    }

    #[test]
    fn proxies_are_as_many_as_documented() {
        for (type_id, shards, replicas, readable, wanted) in [
            (2, 1, 1, false, 0),
            (4, 3, 1, false, 0),
            (8, 1, 1, false, 3),
            (8, 1, 3, true, 5),
            (9, 1, 1, false, 3),
            (9, 5, 1, false, 8),
            (9, 3, 4, true, 12),
        ] {
            let mut of = instance(type_id, shards, replicas);
            of.replicas_readonly = readable;
            assert_eq!(proxies(&of), wanted, "{type_id} {shards} {replicas} {readable}");
        }
        let mut over_two = instance(9, 3, 4);
        over_two.replicas_readonly = true;
        let node = |id, role, zone_id| Node { id, role, zone_id };
        over_two.placement = Placement::Nodes(vec![node(1, Role::Master, 1), node(2, Role::Replica, 2)]);
        assert_eq!(proxies(&over_two), 24, "the official example");
    }
}
