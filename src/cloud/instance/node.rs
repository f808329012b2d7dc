//! The nodes of an instance, and where it stands.

use crate::cloud::catalogue::region::{Region, Zone};
use crate::cloud::values::Role;

/// Where in its region an instance stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// In this zone, with all its nodes.
    OneZone(u32),
    /// In the zones of these nodes, one of which is the master; the first stands where the instance was bought. Never
    /// empty.
    Nodes(Vec<Node>),
}

impl Placement {
    /// These nodes; without any, that zone.
    pub fn of(nodes: Vec<Node>, zone_id: u32) -> Placement {
        if nodes.is_empty() {
            Placement::OneZone(zone_id)
        } else {
            Placement::Nodes(nodes)
        }
    }

    /// These nodes, unless all of them stand in one zone: what does has no NodeSet.
    pub fn if_spread(nodes: Vec<Node>, zone_id: u32) -> Placement {
        let spread = nodes.windows(2).any(|two| two[0].zone_id != two[1].zone_id);
        if spread {
            Placement::Nodes(nodes)
        } else {
            Placement::OneZone(nodes.first().map_or(zone_id, |node| node.zone_id))
        }
    }

    /// The zone it was bought in, which a failover leaves as it is.
    pub fn zone_id(&self) -> u32 {
        match self {
            Placement::OneZone(zone_id) => *zone_id,
            Placement::Nodes(nodes) => nodes.first().map_or(0, |node| node.zone_id),
        }
    }

    /// The nodes, where they are told one by one.
    pub fn nodes(&self) -> &[Node] {
        match self {
            Placement::OneZone(_) => &[],
            Placement::Nodes(nodes) => nodes,
        }
    }
}

/// A node of an instance over several zones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// `NodeId`
    pub id: i64,
    /// `NodeType`
    pub role: Role,
    /// `ZoneId`
    pub zone_id: u32,
}

/// A node as a caller asks for it: one to add, one to drop, or one of a new instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeRequest {
    /// `NodeType`
    pub role: i64,
    /// `NodeId`: needed only to drop a node.
    pub id: Option<i64>,
    /// Zone by number, by name, or by both that agree.
    pub zone_id: Option<u64>,
    /// `ZoneName`
    pub zone_name: Option<String>,
}

impl NodeRequest {
    /// The zone asked for, by number or by name, if the region has it and both agree.
    pub fn zone(&self, region: &'static Region) -> Option<&'static Zone> {
        zone_requested(region, self.zone_id, self.zone_name.as_deref())
    }
}

/// The zone of that number or name, if the region has it and both, where given, agree. An empty name is none.
pub fn zone_requested(region: &'static Region, id: Option<u64>, name: Option<&str>) -> Option<&'static Zone> {
    let name = name.filter(|name| !name.is_empty());
    match (id, name) {
        (Some(id), None) => region.zone(id),
        (None, Some(name)) => region.zone_named(name),
        (Some(id), Some(name)) => region.zone(id).filter(|zone| zone.name == name),
        (None, None) => None,
    }
}
