//! Nodes and proxies as plain data.

/// What of the nodes and proxies of an instance is not as it follows from the seed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topology {
    /// Its nodes; `None`: as they follow.
    pub nodes: Option<OwnNodes>,
    /// Its proxies; `None`: as they follow.
    pub proxies: Option<Vec<Proxy>>,
}

/// All Redis nodes of an instance, in groups that hold one node of every shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnNodes {
    /// In the order of NodeSet; in one zone, where the API tells all of them as one, the master's first.
    pub groups: Vec<NodeGroup>,
    /// The place in that list where each shard has its master.
    pub masters: Vec<usize>,
}

/// Nodes of different shards that stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeGroup {
    /// `GroupId`, which the group keeps for life.
    pub id: i64,
    /// The so-manieth group that the instance has had, from 0 on.
    pub number: u64,
    /// `NodeId` of its node of each shard.
    pub node_ids: Vec<String>,
}

/// A proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// `NodeId`
    pub id: String,
    /// `ZoneId`
    pub zone_id: u32,
}
