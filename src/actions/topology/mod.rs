//! Of what an instance is made, and who of that is in charge.

mod failover;
mod readonly;
mod shards;

pub(crate) use failover::{change_replica_to_master, kill_master_group, switch_proxy};
pub(crate) use readonly::{disable_replica_readonly, enable_replica_readonly, modify_instance_read_only};
pub(crate) use shards::{
    describe_instance_node_info, describe_instance_shards, describe_instance_support_feature,
    describe_instance_zone_info,
};
