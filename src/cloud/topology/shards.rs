//! What the API tells of the nodes of an instance: its shards with what they hold, and its groups.

use std::ops::RangeInclusive;

use crate::cloud::access::account;
use crate::cloud::catalogue::edition::Arch;
use crate::cloud::instance::node::Node;
use crate::cloud::instance::record::Instance;
use crate::cloud::life::record::Payload;
use crate::cloud::monitor::memory;
use crate::cloud::monitor::record::Workload;
use crate::cloud::refusal::Refusal;
use crate::cloud::state::Cloud;
use crate::cloud::time::Millis;
use crate::cloud::topology::nodes;
use crate::cloud::topology::nodes::{Picture, RedisNode};
use crate::cloud::topology::record::NodeGroup;
use crate::cloud::values::{Role, Status};

/// A shard, with what it holds at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shard {
    /// `ClusterId`: its number, from 0 on. `ShardId` is one more.
    pub number: u64,
    /// Its slots.
    pub slots: RangeInclusive<u64>,
    /// Keys that it holds.
    pub keys: u64,
    /// Bytes that it uses.
    pub bytes: u64,
    /// Its nodes, in the order of their groups: one master, and the replicas.
    pub nodes: Vec<RedisNode>,
}

/// What the API tells as a group: over several zones a node of every shard, in one zone all nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// `GroupId`
    pub id: i64,
    /// `GroupName`; empty in one zone.
    pub name: String,
    /// Where it stands.
    pub zone_id: u32,
    /// Whether it is the main one.
    pub role: Role,
    /// Its nodes, by shard.
    pub nodes: Vec<RedisNode>,
}

/// All nodes of an instance, with what a flow that is under way has done to them so far.
pub fn picture(cloud: &Cloud, instance: &Instance) -> Picture {
    let mut picture = Picture::of(cloud.ids.seed, instance);
    if let Some(shards) = stopping(cloud, instance) {
        picture.stop_masters(shards);
    }
    picture
}

/// The shards whose masters are being stopped.
fn stopping<'a>(cloud: &'a Cloud, instance: &Instance) -> Option<&'a [u64]> {
    let flow = Some(instance.status)
        .filter(|status| *status == Status::InProcess)
        .and_then(|_| cloud.flows.shown_of(&instance.id))?;
    match &flow.payload {
        Payload::KillMasters(shards) => Some(shards),
        _ => None,
    }
}

/// NodeSet: what the groups are, over several zones.
pub fn node_set(cloud: &Cloud, instance: &Instance) -> Vec<Node> {
    match stopping(cloud, instance) {
        Some(_) => picture(cloud, instance).node_set(instance),
        None => instance.nodes().to_vec(),
    }
}

/// The shards of an instance at that moment, of whatever edition it is.
pub fn shards(cloud: &Cloud, instance: &Instance, at: Millis) -> Vec<Shard> {
    let picture = picture(cloud, instance);
    let (stretch, used) = (instance.stretch(), memory::used_at(instance, at));
    let key_bytes = instance
        .workload
        .as_deref()
        .map_or(Workload::default().key_bytes, |of| of.key_bytes);
    let shards = picture.shards();
    (0..shards)
        .map(|number| Shard {
            number,
            slots: nodes::slots(number, shards),
            keys: stretch.keys_of_shard(number, used, key_bytes),
            bytes: stretch.bytes_of_shard(number, used),
            nodes: picture.of_shard(number).collect(),
        })
        .collect()
}

/// The groups of an instance.
pub fn groups(cloud: &Cloud, instance: &Instance) -> Vec<Group> {
    let picture = picture(cloud, instance);
    let all = picture.own.groups.iter().enumerate();
    let groups = all.map(|(at, group)| Group {
        id: group.id,
        name: if picture.is_spread {
            name(group.number)
        } else {
            String::new()
        },
        zone_id: picture.zones[at],
        role: if at == picture.main {
            Role::Master
        } else {
            Role::Replica
        },
        nodes: picture.of_group(at).collect(),
    });
    let mut groups = groups;
    if picture.is_spread {
        return groups.collect();
    }
    // In one zone all is one group, which is the first.
    let first = groups.next().map(|first| Group {
        role: Role::Master,
        nodes: (0..picture.shards())
            .flat_map(|shard| picture.of_shard(shard))
            .collect(),
        ..first
    });
    first.into_iter().collect()
}

/// `GroupName` of the so-manieth group of an instance, the main one's too.
pub fn name(number: u64) -> String {
    format!("ng-{number:02}")
}

/// `GroupId` of each group as it is told; in one zone the first one's of all.
pub fn group_ids(cloud: &Cloud, instance: &Instance) -> Vec<i64> {
    let picture = picture(cloud, instance);
    let groups = &picture.own.groups;
    let told = |group: &NodeGroup| if picture.is_spread { group.id } else { groups[0].id };
    groups.iter().map(told).collect()
}

/// Refuses where shards are not told of: a standard instance has none, and of some clusters nothing is known.
pub fn check_told(instance: &Instance) -> Result<(), Refusal> {
    let edition = instance.edition;
    if edition.arch == Arch::Cluster && edition.shards.get().is_some() {
        return Ok(());
    }
    Err(Refusal::EditionCannot {
        type_id: edition.type_id,
        what: "have its shards told",
    })
}

/// What an instance may be able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    ReadLocalNodeOnly,
    MultiAccount,
    AutoFailback,
}

impl Feature {
    /// The one of that name.
    pub fn from_word(word: &str) -> Result<Feature, Refusal> {
        match word {
            "read-local-node-only" => Ok(Feature::ReadLocalNodeOnly),
            "multi-account" => Ok(Feature::MultiAccount),
            "auto-failback" => Ok(Feature::AutoFailback),
            other => Err(Refusal::NoSuchFeature { name: other.to_owned() }),
        }
    }

    /// Whether the instance is able to, whatever it is set to.
    pub fn is_of(self, instance: &Instance) -> bool {
        match self {
            Feature::MultiAccount => account::edition_fault(instance.edition).is_ok(),
            Feature::ReadLocalNodeOnly | Feature::AutoFailback => nodes::are_told(instance),
        }
    }
}
