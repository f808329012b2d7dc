//! The services beside redis that its clients call, a file each.

mod monitor;
mod region;
mod sts;
mod tag;

pub(crate) use monitor::{describe_base_metrics, get_monitor_data};
pub(crate) use region::{describe_regions, describe_zones};
pub(crate) use sts::{assume_role, get_caller_identity, get_federation_token};
pub(crate) use tag::{describe_resource_tags, describe_resource_tags_by_resource_ids, modify_resource_tags};
