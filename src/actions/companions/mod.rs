//! The services beside redis that its clients call, a file or a folder each.

mod cls;
mod monitor;
mod region;
mod sts;
mod tag;
mod vpc;

pub(crate) use cls::{delete_logset, delete_topic, describe_logsets, describe_topics};
pub(crate) use monitor::{describe_base_metrics, get_monitor_data};
pub(crate) use region::{api_describe_zones, cvm_describe_zones, describe_regions, region_describe_zones};
pub(crate) use sts::{assume_role, get_caller_identity, get_federation_token};
pub(crate) use tag::{describe_resource_tags, describe_resource_tags_by_resource_ids, modify_resource_tags};
pub(crate) use vpc::{
    create_assistant_cidr, create_security_group, create_security_group_policies, create_subnet, create_vpc,
    delete_security_group, delete_security_group_policies, delete_subnet, delete_vpc, describe_route_tables,
    describe_security_group_association_statistics, describe_security_group_policies, describe_security_groups,
    describe_subnets, describe_vpcs, modify_assistant_cidr, modify_security_group_attribute,
    modify_security_group_policies, modify_subnet_attribute, modify_vpc_attribute, replace_route_table_association,
};
