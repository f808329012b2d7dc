//! Finding dedicated clusters.

use crate::cloud::catalogue::region::Region;
use crate::cloud::dedicated::record::RedisCluster;
use crate::cloud::state::Cloud;

/// What DescribeRedisClusters filters by; an empty list or `None` is no filter.
#[derive(Clone, Debug, Default)]
pub struct ClusterFilter {
    pub ids: Vec<String>,
    pub statuses: Vec<i64>,
    pub project_ids: Vec<i64>,
    pub auto_renew: Vec<i64>,
    /// Part of the name.
    pub name: Option<String>,
    /// Part of the name or of the id.
    pub search_key: Option<String>,
    /// Exact.
    pub dedicated_cluster_id: Option<String>,
}

impl ClusterFilter {
    fn matches(&self, cluster: &RedisCluster) -> bool {
        let among = |list: &[i64], number| list.is_empty() || list.contains(&number);
        (self.ids.is_empty() || self.ids.iter().any(|id| cluster.id == *id))
            && among(&self.statuses, cluster.status)
            && among(&self.project_ids, cluster.project_id)
            && among(&self.auto_renew, cluster.auto_renew.number())
            && self
                .name
                .as_ref()
                .is_none_or(|name| cluster.name.contains(name.as_str()))
            && self
                .search_key
                .as_ref()
                .is_none_or(|key| cluster.name.contains(key.as_str()) || cluster.id.as_str().contains(key.as_str()))
            && self
                .dedicated_cluster_id
                .as_ref()
                .is_none_or(|id| cluster.dedicated_cluster_id.as_deref().unwrap_or_default() == id)
    }
}

/// The dedicated clusters of a region that match, by id.
pub fn find_clusters<'a>(cloud: &'a Cloud, region: &Region, filter: &ClusterFilter) -> Vec<&'a RedisCluster> {
    cloud
        .clusters
        .values()
        .filter(|cluster| cluster.region.name == region.name && filter.matches(cluster))
        .collect()
}
