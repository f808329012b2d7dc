//! Networks as this service shows them. Every member is there: clients read many of them without looking whether they
//! are, and none is ever null.

use crate::actions::texts;
use crate::cloud::vpc::address;
use crate::cloud::vpc::cidr::Cidr;
use crate::cloud::{Call, Cloud, RouteTable, SecurityGroup, Subnet, Tag, Vpc, VpcId, time};
use crate::contract::output;

pub(super) fn vpc(vpc: &Vpc) -> output::Vpc {
    output::Vpc {
        vpc_name: vpc.name.clone().into(),
        vpc_id: vpc.id.clone().into(),
        cidr_block: vpc.cidr.to_string().into(),
        is_default: vpc.is_default,
        enable_multicast: vpc.multicast,
        created_time: time::show(vpc.created_at).into(),
        dns_server_set: texts(vpc.dns_servers.clone()),
        domain_name: vpc.domain_name.clone().into(),
        dhcp_options_id: "".into(),
        enable_dhcp: true,
        ipv6_cidr_block: "".into(),
        tag_set: tags(&vpc.tags),
        assistant_cidr_set: vpc
            .assistant_cidrs
            .iter()
            .map(|cidr| assistant(&vpc.id, *cidr))
            .collect(),
        enable_route_vpc_publish: vpc.publishes_routes,
        ipv6_cidr_block_set: Vec::new(),
        enable_route_vpc_publish_ipv6: vpc.publishes_ipv6_routes,
    }
}

/// Its subnets stand with DescribeSubnets.
pub(super) fn assistant(vpc_id: &VpcId, cidr: Cidr) -> output::AssistantCidr {
    output::AssistantCidr {
        vpc_id: vpc_id.clone().into(),
        cidr_block: cidr.to_string().into(),
        assistant_type: 0,
        subnet_set: Vec::new(),
    }
}

pub(super) fn subnet(cloud: &Cloud, call: &Call, subnet: &Subnet) -> output::Subnet {
    output::Subnet {
        vpc_id: subnet.vpc_id.clone().into(),
        subnet_id: subnet.id.clone().into(),
        subnet_name: subnet.name.clone().into(),
        cidr_block: subnet.cidr.to_string().into(),
        is_default: subnet.is_default,
        enable_broadcast: subnet.broadcast,
        zone: subnet.zone.name.into(),
        route_table_id: subnet.route_table_id.clone().into(),
        created_time: time::show(subnet.created_at).into(),
        available_ip_address_count: address::free_count(cloud, subnet, call.now),
        ipv6_cidr_block: "".into(),
        network_acl_id: "".into(),
        is_remote_vpc_snat: false,
        total_ip_address_count: subnet.cidr.total(),
        tag_set: tags(&subnet.tags),
        cdc_id: subnet.cdc_id.clone().into(),
        is_cdc_subnet: i64::from(!subnet.cdc_id.is_empty()),
    }
}

/// No action here makes routes, so there are none, asked for or not.
pub(super) fn route_table(cloud: &Cloud, table: &RouteTable) -> output::RouteTable {
    let subnets = address::subnets_of(cloud, &table.vpc_id);
    let associated = subnets.filter(|subnet| subnet.route_table_id == table.id);
    let association = |subnet: &Subnet| output::RouteTableAssociation {
        subnet_id: subnet.id.clone().into(),
        route_table_id: table.id.clone().into(),
    };
    output::RouteTable {
        vpc_id: table.vpc_id.clone().into(),
        route_table_id: table.id.clone().into(),
        route_table_name: table.name.clone().into(),
        association_set: associated.map(association).collect(),
        route_set: Vec::new(),
        main: table.is_main,
        created_time: time::show(table.created_at).into(),
        tag_set: tags(&table.tags),
        local_cidr_for_ccn: Vec::new(),
    }
}

pub(super) fn group(group: &SecurityGroup) -> output::VpcSecurityGroup {
    output::VpcSecurityGroup {
        security_group_id: group.id.clone().into(),
        security_group_name: group.name.clone().into(),
        security_group_desc: group.remark.clone().into(),
        project_id: group.project_id.to_string().into(),
        is_default: group.is_default,
        created_time: time::show(group.created_at).into(),
        tag_set: tags(&group.tags),
        update_time: time::show(group.updated_at).into(),
    }
}

fn tags(tags: &[Tag]) -> Vec<output::VpcTag> {
    let tag = |tag: &Tag| output::VpcTag {
        key: tag.key.clone().into(),
        value: tag.value.clone().into(),
    };
    tags.iter().map(tag).collect()
}
