//! Dedicated clusters.

mod listing;

pub(crate) use listing::{describe_redis_cluster_overview, describe_redis_clusters};
