//! Dedicated (CDC) clusters as plain data: hardware of one's own that instances can be put on.
//!
//! The API that orders them is another product's, so they come from fixtures only.

use crate::cloud::catalogue::region::Region;
use crate::cloud::ids::RedisClusterId;
use crate::cloud::time::Millis;
use crate::cloud::values::AutoRenew;

/// A dedicated cluster for Redis.
#[derive(Clone, Debug, PartialEq)]
pub struct RedisCluster {
    /// `crs-cdc-…`
    pub id: RedisClusterId,
    /// `ClusterName`
    pub name: String,
    /// `cluster-…`: the dedicated cluster that it is part of.
    pub dedicated_cluster_id: Option<String>,
    pub region: &'static Region,
    pub zone_id: u32,
    pub project_id: i64,
    pub auto_renew: AutoRenew,
    pub started_at: Millis,
    pub ends_at: Option<Millis>,
    /// 1 in a flow, 2 running, 3 isolated.
    pub status: i64,
    /// What runs the cluster itself.
    pub base_bundles: Vec<Bundle>,
    /// What instances can be put on.
    pub bundles: Vec<Bundle>,
}

/// A kind of hardware in a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// `ResourceBundleName`
    pub name: String,
    /// `AvailableMemory`, in GB.
    pub available_gb: u64,
    /// `Count`
    pub count: u64,
}
