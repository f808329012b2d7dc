//! Private networks as plain data.

use crate::cloud::catalogue::region::{Region, Zone};
use crate::cloud::ids;
use crate::cloud::ids::{RouteTableId, SubnetId, VpcId};
use crate::cloud::time::Millis;
use crate::cloud::values::Tag;
use crate::cloud::vpc::cidr::Cidr;

/// A private network of one's own. It exists in its region alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Vpc {
    /// `VpcId`: `vpc-` and eight of `[a-z0-9]`.
    pub id: VpcId,
    /// The number by which DescribeInstances calls it.
    pub number: i64,
    pub region: &'static Region,
    /// `VpcName`
    pub name: String,
    /// `CidrBlock`; no action changes it.
    pub cidr: Cidr,
    /// `AssistantCidrSet`: further blocks that its subnets may lie in.
    pub assistant_cidrs: Vec<Cidr>,
    /// `IsDefault`
    pub is_default: bool,
    /// `EnableMulticast`
    pub multicast: bool,
    /// `DnsServerSet`
    pub dns_servers: Vec<String>,
    /// `DomainName`
    pub domain_name: String,
    /// `EnableRouteVpcPublish`
    pub publishes_routes: bool,
    /// `EnableRouteVpcPublishIpv6`
    pub publishes_ipv6_routes: bool,
    /// `CreatedTime`
    pub created_at: Millis,
    /// `TagSet`
    pub tags: Vec<Tag>,
}

/// The name servers of a VPC that names none.
pub const DNS_SERVERS: [&str; 2] = ["183.60.83.19", "183.60.82.98"];

impl Vpc {
    /// One with the defaults of all that it need not state.
    pub fn new(id: VpcId, region: &'static Region, name: String, cidr: Cidr, now: Millis) -> Vpc {
        Vpc {
            number: Vpc::usual_number(&id),
            id,
            region,
            name,
            cidr,
            assistant_cidrs: Vec::new(),
            is_default: false,
            multicast: false,
            dns_servers: DNS_SERVERS.map(str::to_owned).to_vec(),
            domain_name: String::new(),
            publishes_routes: false,
            publishes_ipv6_routes: false,
            created_at: now,
            tags: Vec::new(),
        }
    }

    /// The number that follows from an id.
    pub fn usual_number(id: &str) -> i64 {
        ids::number_of(id, 10_000_000)
    }

    /// Whether all of that block lies in one of its own.
    pub(crate) fn contains(&self, cidr: Cidr) -> bool {
        self.cidr.contains(cidr) || self.assistant_cidrs.iter().any(|own| own.contains(cidr))
    }
}

/// A part of a VPC, in which instances have their addresses.
#[derive(Clone, Debug, PartialEq)]
pub struct Subnet {
    /// `SubnetId`: `subnet-` and eight of `[a-z0-9]`.
    pub id: SubnetId,
    /// The number by which DescribeInstances calls it.
    pub number: i64,
    /// `VpcId`
    pub vpc_id: VpcId,
    pub region: &'static Region,
    /// `SubnetName`
    pub name: String,
    /// `CidrBlock`
    pub cidr: Cidr,
    /// `Zone`; instances of any zone of the region may stand in it.
    pub zone: &'static Zone,
    /// `IsDefault`
    pub is_default: bool,
    /// `EnableBroadcast`
    pub broadcast: bool,
    /// `RouteTableId`
    pub route_table_id: RouteTableId,
    /// `CdcId`; "" where it is in no dedicated cluster.
    pub cdc_id: String,
    /// `CreatedTime`
    pub created_at: Millis,
    /// `TagSet`
    pub tags: Vec<Tag>,
}

impl Subnet {
    /// The number that follows from an id.
    pub fn usual_number(id: &str) -> i64 {
        ids::number_of(id, 2_000_000)
    }
}

/// How the addresses of a VPC reach each other. Routes of one's own are not here: none of its actions makes any.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteTable {
    /// `RouteTableId`: `rtb-` and eight of `[a-z0-9]`.
    pub id: RouteTableId,
    /// `VpcId`
    pub vpc_id: VpcId,
    pub region: &'static Region,
    /// `RouteTableName`
    pub name: String,
    /// `Main`: whether new subnets of the VPC get it.
    pub is_main: bool,
    /// `CreatedTime`
    pub created_at: Millis,
    /// `TagSet`
    pub tags: Vec<Tag>,
}

/// The name of the route table that comes with a VPC.
pub const MAIN_TABLE: &str = "default";
