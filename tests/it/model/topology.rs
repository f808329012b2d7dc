//! Nodes, in a history: who is promoted, stopped and read from, and what must hold of the picture.

use std::collections::BTreeSet;

use crs_local::cloud::monitor::memory;
use crs_local::cloud::topology::failover::{self, Kill, Promotion};
use crs_local::cloud::topology::nodes::SLOTS;
use crs_local::cloud::topology::{proxies, readonly, shards};
use crs_local::cloud::{Call, Cloud, FlowKind, Instance, Millis, Refusal, Role, advance};

use super::step::Pick;
use super::world::{Gave, World, ensure};

impl World {
    pub(super) fn topology(&mut self, call: &Call, pick: Pick, what: u8) -> Result<Gave, Refusal> {
        let spread = |one: &Instance| what % 8 >= 4 || !one.nodes().is_empty();
        let fits = self.pick(pick, |one| one.status.number() == 2 && spread(one));
        let id = if fits.is_empty() {
            self.ready(pick, FlowKind::Promote)
        } else {
            fits
        };
        let cloud = &mut self.cloud;
        self.log.push(format!("nodes {what} of {id}"));
        match what % 8 {
            0..=1 => {
                let group_ids = cloud.instances.get(&id).map(|one| shards::group_ids(cloud, one));
                let at = usize::from(what / 8);
                let asked = Promotion {
                    group_id: group_ids.map(|ids| ids[at % ids.len()]),
                    instance_id: id,
                    emergency: what >= 128,
                };
                failover::change_master(cloud, call, &asked).map(drop)?;
            }
            2..=3 => {
                let asked = Kill {
                    instance_id: id,
                    password: Some("abcdefg1".into()),
                    shard_ids: if what >= 128 {
                        vec![i64::from(what / 8 % 4)]
                    } else {
                        vec![]
                    },
                };
                failover::kill_masters(cloud, call, &asked).map(drop)?;
            }
            4 => readonly::enable_replicas(cloud, call, &id, &["replication".to_owned()]).map(drop)?,
            5 => readonly::disable_replicas(cloud, call, &id).map(drop)?,
            6 => readonly::limit_writes(cloud, call, &id, if what >= 128 { "1" } else { "0" }).map(drop)?,
            _ => {
                let own = cloud
                    .instances
                    .get(&id)
                    .map(|one| proxies::proxies(cloud.ids.seed, one));
                let first = own
                    .into_iter()
                    .flatten()
                    .take(usize::from(what / 64))
                    .map(|proxy| proxy.id);
                let named: Vec<String> = first.collect();
                failover::switch_proxies(cloud, call, &id, &named).map(drop)?;
            }
        }
        advance::finish_if_instant(cloud, call.now);
        Ok(Gave::Change)
    }
}

/// Every slot is owned once, every shard has one master, ids are different, and nothing contradicts anything.
pub(super) fn nodes(cloud: &Cloud, of: &Instance, now: Millis) -> Result<(), String> {
    // The rest follows from the seed alone, for which it is tested apart.
    if of.topology.is_none() && of.nodes().is_empty() {
        return Ok(());
    }
    let all = shards::shards(cloud, of, now);
    ensure!(all.len() as u64 == of.spec.shards, "{} shards", all.len());
    let slots = all.iter().flat_map(|shard| shard.slots.clone());
    ensure!(slots.eq(0..SLOTS), "slots are not shared");
    let bytes: u64 = all.iter().map(|shard| shard.bytes).sum();
    ensure!(bytes == memory::used_at(of, now), "shards hold {bytes} bytes");
    let mut ids = BTreeSet::new();
    for shard in &all {
        ensure!(shard.nodes.len() as u64 == of.spec.replicas + 1, "nodes of {shard:?}");
        let masters = shard.nodes.iter().filter(|node| node.role == Role::Master);
        ensure!(masters.count() == 1, "masters of {shard:?}");
        for node in &shard.nodes {
            ensure!(ids.insert(node.id.clone()), "{} is there twice", node.id);
        }
    }
    let groups = shards::groups(cloud, of);
    let mut grouped: Vec<_> = groups.iter().flat_map(|group| &group.nodes).collect();
    let mut listed: Vec<_> = all.iter().flat_map(|shard| &shard.nodes).collect();
    grouped.sort_by(|a, b| a.id.cmp(&b.id));
    listed.sort_by(|a, b| a.id.cmp(&b.id));
    ensure!(grouped == listed, "groups and shards have other nodes");
    let set = shards::node_set(cloud, of);
    let told: Vec<_> = groups.iter().map(|group| (group.role, group.zone_id)).collect();
    let stands: Vec<_> = set.iter().map(|node| (node.role, node.zone_id)).collect();
    ensure!(stands.is_empty() || told == stands, "{told:?} and NodeSet {stands:?}");
    ensure!(
        !stands.is_empty() || told.len() == 1,
        "{} groups in one zone",
        told.len()
    );
    // A group with all masters is the main one.
    for group in &groups {
        let masters = group.nodes.iter().filter(|node| node.role == Role::Master).count();
        let whole = masters as u64 == of.spec.shards;
        ensure!(!whole || group.role == Role::Master, "{} has all masters", group.name);
    }
    let group_ids: BTreeSet<_> = groups.iter().map(|group| group.id).collect();
    ensure!(group_ids.len() == groups.len(), "a GroupId is there twice");
    let own = proxies::proxies(cloud.ids.seed, of);
    ensure!(own.len() as u64 == proxies::count(of), "{} proxies", own.len());
    for proxy in own {
        ensure!(ids.insert(proxy.id.clone()), "{} is there twice", proxy.id);
    }
    Ok(())
}
