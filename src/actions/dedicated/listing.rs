//! Dedicated clusters: which there are, and what they hold.

use crate::actions::{cut, int, page, text};
use crate::cloud::dedicated::listing;
use crate::cloud::dedicated::listing::ClusterFilter;
use crate::cloud::time;
use crate::cloud::time::ZERO_DATE;
use crate::cloud::{Bundle, Call, Cloud, RedisCluster, Refusal};
use crate::contract::{input, output};

const LIMIT: i64 = 20;
const MOST: i64 = 1_000;

/// The dedicated clusters of the region that match, by id.
pub(crate) fn describe_redis_clusters(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeRedisClusters,
) -> Result<output::DescribeRedisClusters, Refusal> {
    let filter = ClusterFilter {
        ids: input.redis_cluster_ids,
        statuses: input.status,
        project_ids: input.project_ids,
        auto_renew: input.auto_renew_flag,
        name: text(input.cluster_name),
        search_key: text(input.search_key),
        dedicated_cluster_id: text(input.dedicated_cluster_id),
    };
    let page = page(input.offset, input.limit, LIMIT, MOST)?;
    let found = listing::find_clusters(cloud, call.region, &filter);
    Ok(output::DescribeRedisClusters {
        total: int(found.len() as u64),
        resources: cut(&found, page).map(|cluster| show(cloud, cluster)).collect(),
    })
}

/// How much hardware the dedicated clusters of the region have, and how much memory of it is free.
pub(crate) fn describe_redis_cluster_overview(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeRedisClusterOverview,
) -> Result<output::DescribeRedisClusterOverview, Refusal> {
    let filter = ClusterFilter {
        dedicated_cluster_id: text(input.dedicated_cluster_id),
        ..ClusterFilter::default()
    };
    let found = listing::find_clusters(cloud, call.region, &filter);
    let bundles = || found.iter().flat_map(|cluster| &cluster.bundles);
    Ok(output::DescribeRedisClusterOverview {
        total_bundle: int(bundles().map(|bundle| bundle.count).sum()),
        total_memory: int(bundles().map(|bundle| bundle.available_gb).sum()),
    })
}

/// Such clusters are always paid in advance.
const PREPAID: i64 = 1;

fn show(cloud: &Cloud, cluster: &RedisCluster) -> output::CDCResource {
    output::CDCResource {
        app_id: int(cloud.account.app_id),
        region_id: cluster.region.id.into(),
        zone_id: cluster.zone_id.into(),
        redis_cluster_id: cluster.id.clone().into(),
        pay_mode: PREPAID,
        project_id: cluster.project_id,
        auto_renew_flag: cluster.auto_renew.number(),
        cluster_name: cluster.name.clone().into(),
        start_time: time::show(cluster.started_at).into(),
        end_time: cluster.ends_at.map_or(ZERO_DATE.into(), |at| time::show(at).into()),
        status: cluster.status,
        base_bundles: cluster.base_bundles.iter().map(show_bundle).collect(),
        resource_bundles: cluster.bundles.iter().map(show_bundle).collect(),
        dedicated_cluster_id: cluster.dedicated_cluster_id.clone().unwrap_or_default().into(),
    }
}

fn show_bundle(bundle: &Bundle) -> output::ResourceBundle {
    output::ResourceBundle {
        resource_bundle_name: bundle.name.clone().into(),
        available_memory: int(bundle.available_gb),
        count: int(bundle.count),
    }
}
