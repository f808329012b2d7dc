//! VPCs.

use crate::actions::companions::vpc::select::{Choice, Known, Listed, Page, flag};
use crate::actions::companions::vpc::{end_unseen, shape, switch, tags};
use crate::cloud::ids::prefix;
use crate::cloud::refusal::bad_value;
use crate::cloud::vpc::address;
use crate::cloud::vpc::network;
use crate::cloud::vpc::network::{NewVpc, VpcSettings};
use crate::cloud::{Call, Cloud, NetworkRefusal, Refusal, Tag, Vpc, VpcId};
use crate::contract::{input, output};

/// The documented filters of DescribeVpcs. A block is found with and without its bits, as examples have it. IPv6 is not
/// here, so its filters find nothing.
const FILTERS: &[Known<Vpc>] = &[
    Known {
        name: "vpc-id",
        fits: |vpc, value| vpc.id == *value,
    },
    Known {
        name: "vpc-name",
        fits: |vpc, value| vpc.name.contains(value),
    },
    Known {
        name: "is-default",
        fits: |vpc, value| flag(vpc.is_default, value),
    },
    Known {
        name: "cidr-block",
        fits: |vpc, value| vpc.cidr.to_string() == value || vpc.cidr.first_address() == value,
    },
    Known {
        name: "ipv6-cidr-block",
        fits: |_, _| false,
    },
    Known {
        name: "isp-type",
        fits: |_, _| false,
    },
    Known {
        name: "address-type",
        fits: |_, _| false,
    },
];

impl Listed for Vpc {
    fn id(&self) -> &str {
        &self.id
    }

    fn tags(&self) -> &[Tag] {
        &self.tags
    }
}

/// Makes a VPC.
pub(crate) fn create_vpc(
    cloud: &mut Cloud,
    call: &Call,
    input: input::CreateVpc,
) -> Result<output::CreateVpc, Refusal> {
    let settings = VpcSettings {
        name: None,
        multicast: switch("EnableMulticast", input.enable_multicast)?,
        dns_servers: input.dns_servers,
        domain_name: input.domain_name,
        publishes_routes: input.enable_route_vpc_publish,
        publishes_ipv6_routes: input.enable_route_vpc_publish_ipv6,
    };
    let new = NewVpc {
        name: input.vpc_name,
        cidr: input.cidr_block,
        settings,
        tags: tags(input.tags),
    };
    let id = network::create(cloud, call, new)?;
    Ok(output::CreateVpc {
        vpc: shape::vpc(&cloud.vpcs[id.as_str()]),
    })
}

/// The VPCs of the region that are chosen.
pub(crate) fn describe_vpcs(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeVpcs,
) -> Result<output::DescribeVpcs, Refusal> {
    let page = Page::read(input.offset, input.limit)?;
    let choice = Choice {
        ids: ("VpcIds", prefix::VPC, &input.vpc_ids),
        filters: &input.filters,
        known: FILTERS,
    };
    let here = cloud.vpcs.values().filter(|vpc| vpc.region.name == call.region.name);
    let found = choice.of(here)?;
    Ok(output::DescribeVpcs {
        total_count: found.len() as u64,
        vpc_set: page.cut(&found).map(|vpc| shape::vpc(vpc)).collect(),
    })
}

/// Changes what is given of a VPC.
pub(crate) fn modify_vpc_attribute(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyVpcAttribute,
) -> Result<output::ModifyVpcAttribute, Refusal> {
    let settings = VpcSettings {
        name: input.vpc_name,
        multicast: switch("EnableMulticast", input.enable_multicast)?,
        dns_servers: input.dns_servers,
        domain_name: input.domain_name,
        publishes_routes: input.enable_route_vpc_publish,
        publishes_ipv6_routes: input.enable_route_vpc_publish_ipv6,
    };
    // No VPC here is in a dedicated cluster.
    if input.enable_cdc_publish == Some(true) {
        network::find(cloud, call.region, &input.vpc_id)?;
        return Err(NetworkRefusal::NoDedicatedCluster { vpc: input.vpc_id }.into());
    }
    network::modify(cloud, call, &input.vpc_id, settings)?;
    Ok(output::ModifyVpcAttribute {})
}

/// Deletes a VPC that nothing uses, with its subnets and route tables.
pub(crate) fn delete_vpc(
    cloud: &mut Cloud,
    call: &Call,
    input: input::DeleteVpc,
) -> Result<output::DeleteVpc, Refusal> {
    end_unseen(cloud, call, |cloud| {
        Box::new(address::users_of_vpc(&cloud.instances, &input.vpc_id))
    });
    network::delete(cloud, call, &input.vpc_id)?;
    Ok(output::DeleteVpc {})
}

/// Puts further blocks on a VPC.
pub(crate) fn create_assistant_cidr(
    cloud: &mut Cloud,
    call: &Call,
    input: input::CreateAssistantCidr,
) -> Result<output::CreateAssistantCidr, Refusal> {
    if input.cidr_blocks.is_empty() {
        return Err(bad_value("CidrBlocks", "it names no block".to_owned()));
    }
    Ok(output::CreateAssistantCidr {
        assistant_cidr_set: assistants(cloud, call, &input.vpc_id, (&input.cidr_blocks, &[]))?,
    })
}

/// Takes further blocks off a VPC, and puts others on.
pub(crate) fn modify_assistant_cidr(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyAssistantCidr,
) -> Result<output::ModifyAssistantCidr, Refusal> {
    let (new, old) = (input.new_cidr_blocks, input.old_cidr_blocks);
    if new.is_empty() && old.is_empty() {
        return Err(bad_value(
            "NewCidrBlocks",
            "it or OldCidrBlocks names a block".to_owned(),
        ));
    }
    Ok(output::ModifyAssistantCidr {
        assistant_cidr_set: assistants(cloud, call, &input.vpc_id, (&new, &old))?,
    })
}

fn assistants(
    cloud: &mut Cloud,
    call: &Call,
    id: &str,
    blocks: (&[String], &[String]),
) -> Result<Vec<output::AssistantCidr>, Refusal> {
    let put_on = network::change_assistants(cloud, call, id, blocks)?;
    let id = VpcId::from(id);
    Ok(put_on.into_iter().map(|cidr| shape::assistant(&id, cidr)).collect())
}
