//! Of what an instance is made: shards of Redis nodes, groups of them, and proxies.

pub mod failover;
pub(crate) mod follow;
pub mod nodes;
pub mod proxies;
pub mod readonly;
pub mod record;
pub mod shards;
