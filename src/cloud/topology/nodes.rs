//! The Redis nodes of an instance: the one picture that everything tells of them.
//!
//! Ids follow from the seed and from what each node is, so nothing of them is kept until something differs; a node
//! keeps its id while the instance gains or loses others, and another version has other nodes.

use std::ops::RangeInclusive;

use crate::cloud::ids;
use crate::cloud::instance::node::{Node, Placement};
use crate::cloud::instance::record::Instance;
use crate::cloud::refusal::Refusal;
use crate::cloud::topology::record::{NodeGroup, OwnNodes};
use crate::cloud::values::Role;

/// A cluster has so many slots, which its shards share.
pub const SLOTS: u64 = 16_384;

/// A Redis node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisNode {
    /// `NodeId`
    pub id: String,
    /// `ClusterId`: the number of its shard, from 0 on.
    pub shard: u64,
    /// The place of its group.
    pub group: usize,
    /// Whether it is its shard's master.
    pub role: Role,
    /// Where it stands.
    pub zone_id: u32,
    /// Whether it runs, and was not just stopped.
    pub runs: bool,
}

/// All Redis nodes of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The groups, and the place among them of each shard's master.
    pub own: OwnNodes,
    /// Where the groups stand.
    pub zones: Vec<u32>,
    /// The place of the main group, to which masters go back.
    pub main: usize,
    /// Whether the groups are told one by one, as they are over several zones.
    pub is_spread: bool,
    /// Nodes that were just stopped, by shard and group.
    pub stopped: Vec<(u64, usize)>,
}

/// Whether the nodes of an instance are told one by one: those of Redis 2.8 and CKV are not.
pub fn are_told(instance: &Instance) -> bool {
    instance.edition.is_modern()
}

/// Refuses where they are not.
pub fn check_told(instance: &Instance) -> Result<(), Refusal> {
    if are_told(instance) {
        return Ok(());
    }
    Err(Refusal::EditionCannot {
        type_id: instance.edition.type_id,
        what: "have its nodes managed",
    })
}

/// The slots of a shard, one of so many: shared as the cluster's own tool shares them.
pub fn slots(shard: u64, shards: u64) -> RangeInclusive<u64> {
    let share = SLOTS as f64 / shards.max(1) as f64;
    // The last slot of so many shards.
    let end = |count: u64| (count as f64 * share - 1.0).round() as u64;
    let first = if shard == 0 { 0 } else { end(shard) + 1 };
    let last = if shard + 1 == shards { SLOTS - 1 } else { end(shard + 1) };
    first..=last
}

impl Picture {
    /// The nodes of an instance while nothing befalls them. `seed` is that of the account's ids.
    pub fn of(seed: u64, instance: &Instance) -> Picture {
        let own = own(instance).cloned();
        Picture {
            own: own.unwrap_or_else(|| usual(seed, instance)),
            zones: zones(instance),
            main: main(instance),
            is_spread: !instance.nodes().is_empty(),
            stopped: Vec::new(),
        }
    }

    /// How many shards there are.
    pub fn shards(&self) -> u64 {
        self.own.masters.len() as u64
    }

    /// The nodes of a shard, in the order of their groups.
    pub fn of_shard(&self, shard: u64) -> impl Iterator<Item = RedisNode> {
        let master = self.own.masters.get(shard as usize).copied();
        let groups = self.own.groups.iter().enumerate();
        groups.filter_map(move |(group, of)| {
            let role = if master == Some(group) {
                Role::Master
            } else {
                Role::Replica
            };
            Some(RedisNode {
                id: of.node_ids.get(shard as usize)?.clone(),
                shard,
                group,
                role,
                zone_id: self.zones[group],
                runs: !self.stopped.contains(&(shard, group)),
            })
        })
    }

    /// All nodes: masters by shard, then replicas by shard.
    pub fn all(&self) -> impl Iterator<Item = RedisNode> {
        let of_role = |role: Role| {
            let nodes = (0..self.shards()).flat_map(|shard| self.of_shard(shard));
            nodes.filter(move |node| node.role == role)
        };
        of_role(Role::Master).chain(of_role(Role::Replica))
    }

    /// The nodes of a group by shard.
    pub fn of_group(&self, group: usize) -> impl Iterator<Item = RedisNode> {
        let nodes = (0..self.shards()).flat_map(|shard| self.of_shard(shard));
        nodes.filter(move |node| node.group == group)
    }

    /// Which replica of its shard a node is, from 1 on; 0: it is the master.
    pub fn copy(&self, node: &RedisNode) -> u64 {
        match self.own.masters[node.shard as usize] {
            master if master == node.group => 0,
            master if master < node.group => node.group as u64,
            _ => node.group as u64 + 1,
        }
    }

    /// The masters of these shards stop, and of each a replica takes over, one in the main group's zone first. Where
    /// all masters came together in another group, that is the main one.
    pub fn stop_masters(&mut self, shards: &[u64]) {
        for &shard in shards {
            let Some(master) = self.own.masters.get(shard as usize).copied() else {
                continue;
            };
            let others = || (0..self.own.groups.len()).filter(|group| *group != master);
            let near = others().find(|group| self.zones[*group] == self.zones[self.main]);
            if let Some(next) = near.or(others().next()) {
                self.own.masters[shard as usize] = next;
                self.stopped.push((shard, master));
            }
        }
        self.gather();
    }

    /// Where all masters are in one group, that is the main one.
    pub fn gather(&mut self) {
        let first = self.own.masters.first().copied().unwrap_or(self.main);
        if self.own.masters.iter().all(|master| *master == first) {
            self.main = first;
        }
    }

    /// NodeSet as the picture has it.
    pub fn node_set(&self, instance: &Instance) -> Vec<Node> {
        let nodes = instance.nodes().iter().enumerate();
        nodes
            .map(|(group, node)| Node {
                role: if group == self.main {
                    Role::Master
                } else {
                    Role::Replica
                },
                ..*node
            })
            .collect()
    }

    /// Makes the instance one that has these nodes.
    pub(crate) fn put(self, seed: u64, instance: &mut Instance) {
        if self.is_spread {
            instance.placement = Placement::Nodes(self.node_set(instance));
        }
        let own = (self.own != usual(seed, instance)).then_some(self.own);
        instance.set_own_nodes(own);
    }
}

/// What an instance says of its nodes itself.
pub fn own(instance: &Instance) -> Option<&OwnNodes> {
    instance.topology.as_deref()?.nodes.as_ref()
}

/// Where the groups of an instance stand.
pub fn zones(instance: &Instance) -> Vec<u32> {
    match &instance.placement {
        Placement::OneZone(zone_id) => vec![*zone_id; instance.spec.replicas as usize + 1],
        Placement::Nodes(nodes) => nodes.iter().map(|node| node.zone_id).collect(),
    }
}

/// The place of the main group: the one that NodeSet calls the master; in one zone the one of the first shard's.
pub fn main(instance: &Instance) -> usize {
    let marked = instance.nodes().iter().position(|node| node.role == Role::Master);
    let first = || own(instance).and_then(|own| own.masters.first().copied());
    marked.or_else(first).unwrap_or(0)
}

/// The nodes of an instance as they follow from the seed: all masters are in the main group.
pub(crate) fn usual(seed: u64, instance: &Instance) -> OwnNodes {
    let main = match &instance.placement {
        Placement::OneZone(_) => 0,
        Placement::Nodes(_) => main(instance),
    };
    let (first, shards) = (first_group_id(seed, instance), instance.spec.shards);
    let groups = (0..).zip(zones(instance)).map(|(number, zone_id)| NodeGroup {
        id: first + number as i64,
        number,
        node_ids: (0..shards)
            .map(|shard| usual_id(seed, instance, shard, number, zone_id))
            .collect(),
    });
    OwnNodes {
        groups: groups.collect(),
        masters: vec![main; shards as usize],
    }
}

/// The id of a node: another zone and another version have others.
pub(crate) fn usual_id(seed: u64, instance: &Instance, shard: u64, number: u64, zone_id: u32) -> String {
    let version = instance.edition.version;
    ids::run_id(
        seed,
        &instance.id,
        &format!("{version}-redis-{shard}-{number}-{zone_id}"),
    )
}

/// `GroupId` of the first group; the others follow it.
pub(crate) fn first_group_id(seed: u64, instance: &Instance) -> i64 {
    ids::group_id(seed, &instance.id, instance.edition.version)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::cloud::catalogue::{edition, region};
    use crate::cloud::ids::InstanceId;
    use crate::cloud::topology::proxies;

    fn instance(type_id: u64, shards: u64, replicas: u64) -> Instance {
        let edition = edition::find(type_id).expect("an edition");
        let mut instance = Instance::new(InstanceId::from("crs-nodes000"), &region::all()[0], edition, 0);
        (instance.spec.shards, instance.spec.replicas) = (shards, replicas);
        instance
    }

    fn ids_of(instance: &Instance) -> Vec<String> {
        let nodes = Picture::of(7, instance).all().map(|node| node.id).collect::<Vec<_>>();
        let proxies = proxies::proxies(7, instance).into_iter().map(|proxy| proxy.id);
        nodes.into_iter().chain(proxies).collect()
    }

    #[test]
    fn every_node_and_proxy_has_an_id_of_its_own() {
        let ids = ids_of(&instance(7, 3, 2));
        let digits =
            |id: &String| id.len() == 40 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        assert!(ids.iter().all(digits), "{ids:?}");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 3 * 3 + 5);
        let nodes: Vec<_> = Picture::of(7, &instance(7, 2, 1))
            .all()
            .map(|node| (node.shard, node.role, node.group))
            .collect();
        let (master, replica) = (Role::Master, Role::Replica);
        assert_eq!(
            nodes,
            [(0, master, 0), (1, master, 0), (0, replica, 1), (1, replica, 1)],
            "masters first"
        );
    }

    #[test]
    fn a_node_keeps_its_id_while_others_come() {
        let (small, large) = (ids_of(&instance(7, 3, 1)), ids_of(&instance(7, 5, 2)));
        assert!(small.iter().all(|id| large.contains(id)));
        let other = ids_of(&instance(9, 3, 1));
        assert!(other.iter().all(|id| !small.contains(id)), "another version");
        let (standard, cluster) = (ids_of(&instance(8, 1, 1)), ids_of(&instance(9, 1, 1)));
        assert_eq!(standard, cluster, "a standard instance becomes a cluster as it stands");
        assert_ne!(ids::run_id(7, "crs-a", "p"), ids::run_id(8, "crs-a", "p"));
        assert_ne!(ids::run_id(7, "crs-a", "p"), ids::run_id(7, "crs-b", "p"));
    }

    #[test]
    fn slots_are_shared_as_both_samples_share_them() {
        let of = |shards: u64| (0..shards).map(|shard| slots(shard, shards)).collect::<Vec<_>>();
        assert_eq!(of(1), [0..=16383]);
        assert_eq!(of(3), [0..=5460, 5461..=10922, 10923..=16383]);
        assert_eq!(of(5), [0..=3276, 3277..=6553, 6554..=9829, 9830..=13106, 13107..=16383]);
        for shards in 1..=512 {
            let all: Vec<u64> = of(shards).into_iter().flatten().collect();
            assert!(all.iter().copied().eq(0..SLOTS), "{shards} shards");
        }
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
            assert_eq!(proxies::count(&of), wanted, "{type_id} {shards} {replicas} {readable}");
        }
        let mut over_two = instance(9, 3, 4);
        over_two.replicas_readonly = true;
        let node = |id, role, zone_id| Node { id, role, zone_id };
        over_two.placement = Placement::Nodes(vec![node(1, Role::Master, 1), node(2, Role::Replica, 2)]);
        assert_eq!(proxies::count(&over_two), 24, "the official example");
        let (mut standard, replica) = (instance(8, 1, 1), Role::Replica);
        let nodes = vec![node(1, replica, 1), node(2, Role::Master, 2)];
        standard.placement = Placement::Nodes(nodes);
        let zones: Vec<u32> = proxies::proxies(7, &standard)
            .iter()
            .map(|proxy| proxy.zone_id)
            .collect();
        assert_eq!(zones, [2, 1, 1], "the main zone first");
    }
}
