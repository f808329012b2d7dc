//! Subnets and route tables.

use crate::actions::companions::vpc::select::{Choice, Known, Listed, Page, flag};
use crate::actions::companions::vpc::{end_unseen, shape, switch, tags};
use crate::cloud::ids::prefix;
use crate::cloud::vpc::subnet::NewSubnet;
use crate::cloud::vpc::{address, subnet};
use crate::cloud::{Call, Cloud, NetworkRefusal, Refusal, RouteTable, Subnet, Tag};
use crate::contract::{input, output};

/// The documented filters of DescribeSubnets; those of IPv6 find nothing.
const SUBNET_FILTERS: &[Known<Subnet>] = &[
    Known {
        name: "subnet-id",
        fits: |subnet, value| subnet.id == *value,
    },
    Known {
        name: "subnet-name",
        fits: |subnet, value| subnet.name == value,
    },
    Known {
        name: "vpc-id",
        fits: |subnet, value| subnet.vpc_id == *value,
    },
    Known {
        name: "cidr-block",
        fits: |subnet, value| subnet.cidr.to_string() == value || subnet.cidr.first_address() == value,
    },
    Known {
        name: "zone",
        fits: |subnet, value| subnet.zone.name == value,
    },
    Known {
        name: "is-default",
        fits: |subnet, value| flag(subnet.is_default, value),
    },
    Known {
        name: "is-remote-vpc-snat",
        fits: |_, value| flag(false, value),
    },
    Known {
        name: "cdc-id",
        fits: |subnet, value| subnet.cdc_id == value,
    },
    Known {
        name: "is-cdc-subnet",
        fits: |subnet, value| value == if subnet.cdc_id.is_empty() { "0" } else { "1" },
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

/// The filter that finds tables by their routes, of which there are none. It needs two others beside it.
const BY_ROUTE: &str = "next-hop-type";

/// The documented filters of DescribeRouteTables.
const TABLE_FILTERS: &[Known<RouteTable>] = &[
    Known {
        name: "route-table-id",
        fits: |table, value| table.id == *value,
    },
    Known {
        name: "route-table-name",
        fits: |table, value| table.name == value,
    },
    Known {
        name: "vpc-id",
        fits: |table, value| table.vpc_id == *value,
    },
    Known {
        name: "association.main",
        fits: |table, value| flag(table.is_main, value),
    },
    Known {
        name: "visible",
        fits: |_, value| flag(true, value),
    },
    Known {
        name: BY_ROUTE,
        fits: |_, _| false,
    },
];

impl Listed for Subnet {
    fn id(&self) -> &str {
        &self.id
    }

    fn tags(&self) -> &[Tag] {
        &self.tags
    }
}

impl Listed for RouteTable {
    fn id(&self) -> &str {
        &self.id
    }

    fn tags(&self) -> &[Tag] {
        &self.tags
    }
}

/// Makes a subnet.
pub(crate) fn create_subnet(
    cloud: &mut Cloud,
    call: &Call,
    input: input::CreateSubnet,
) -> Result<output::CreateSubnet, Refusal> {
    let new = NewSubnet {
        vpc_id: input.vpc_id,
        name: input.subnet_name,
        cidr: input.cidr_block,
        zone: input.zone,
        cdc_id: input.cdc_id,
        tags: tags(input.tags),
    };
    let id = subnet::create(cloud, call, new)?;
    Ok(output::CreateSubnet {
        subnet: shape::subnet(cloud, call, &cloud.subnets[id.as_str()]),
    })
}

/// The subnets of the region that are chosen. With `MaxResults`, pages go on from a token.
pub(crate) fn describe_subnets(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeSubnets,
) -> Result<output::DescribeSubnets, Refusal> {
    let bounds = Page::read(input.offset, input.limit)?;
    let page = match input.max_results {
        None => bounds,
        Some(most) => Page::from_token(most, input.next_token)?,
    };
    let choice = Choice {
        ids: ("SubnetIds", prefix::SUBNET, &input.subnet_ids),
        filters: &input.filters,
        known: SUBNET_FILTERS,
    };
    let here = cloud
        .subnets
        .values()
        .filter(|subnet| subnet.region.name == call.region.name);
    let found = choice.of(here)?;
    let next_token = input.max_results.map(|_| page.next(found.len()));
    Ok(output::DescribeSubnets {
        total_count: found.len() as u64,
        subnet_set: page
            .cut(&found)
            .map(|subnet| shape::subnet(cloud, call, subnet))
            .collect(),
        next_token: next_token.unwrap_or_default().into(),
    })
}

/// Changes what is given of a subnet.
pub(crate) fn modify_subnet_attribute(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifySubnetAttribute,
) -> Result<output::ModifySubnetAttribute, Refusal> {
    let broadcast = switch("EnableBroadcast", input.enable_broadcast)?;
    subnet::modify(cloud, call, &input.subnet_id, (input.subnet_name, broadcast))?;
    Ok(output::ModifySubnetAttribute {})
}

/// Deletes a subnet that nothing uses.
pub(crate) fn delete_subnet(
    cloud: &mut Cloud,
    call: &Call,
    input: input::DeleteSubnet,
) -> Result<output::DeleteSubnet, Refusal> {
    end_unseen(cloud, call, |cloud| match cloud.subnets.get(input.subnet_id.as_str()) {
        Some(subnet) => Box::new(address::users_of(&cloud.instances, subnet)),
        None => Box::new(std::iter::empty()),
    });
    subnet::delete(cloud, call, &input.subnet_id)?;
    Ok(output::DeleteSubnet {})
}

/// The route tables of the region that are chosen.
pub(crate) fn describe_route_tables(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeRouteTables,
) -> Result<output::DescribeRouteTables, Refusal> {
    let page = Page::read(input.offset, input.limit)?;
    let names = |name: &str| input.filters.iter().any(|filter| filter.name == name);
    if names(BY_ROUTE) && !(names("route-table-id") && names("vpc-id")) {
        let lacks = "`route-table-id` and `vpc-id` beside it";
        let name = BY_ROUTE.to_owned();
        return Err(NetworkRefusal::FilterLacks { name, lacks }.into());
    }
    let choice = Choice {
        ids: ("RouteTableIds", prefix::ROUTE_TABLE, &input.route_table_ids),
        filters: &input.filters,
        known: TABLE_FILTERS,
    };
    let here = cloud
        .route_tables
        .values()
        .filter(|table| table.region.name == call.region.name);
    let found = choice.of(here)?;
    Ok(output::DescribeRouteTables {
        total_count: found.len() as u64,
        route_table_set: page.cut(&found).map(|table| shape::route_table(cloud, table)).collect(),
    })
}

/// Gives a subnet another route table. The contract lets the subnet be left out, and then nothing is named.
pub(crate) fn replace_route_table_association(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ReplaceRouteTableAssociation,
) -> Result<output::ReplaceRouteTableAssociation, Refusal> {
    let subnet_id = input.subnet_id.unwrap_or_default();
    subnet::route_by(cloud, call, &subnet_id, &input.route_table_id)?;
    Ok(output::ReplaceRouteTableAssociation {})
}
