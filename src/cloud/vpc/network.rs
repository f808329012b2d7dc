//! VPCs: made, changed and deleted.

use std::net::Ipv4Addr;

use crate::cloud::catalogue::region::Region;
use crate::cloud::ids::{VpcId, prefix};
use crate::cloud::refusal::{NetworkRefusal, Refusal, filled_at_most, unknown};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::tags;
use crate::cloud::values::Tag;
use crate::cloud::vpc::address;
use crate::cloud::vpc::cidr::Cidr;
use crate::cloud::vpc::record::{MAIN_TABLE, RouteTable, Vpc};

// Documented; all of them are raised on request.
const VPCS_MAX: usize = 20;
const ASSISTANT_CIDRS_MAX: usize = 5;
const DNS_SERVERS_MAX: usize = 4;
/// The longest name of a VPC, a subnet or a group, in characters.
pub const NAME_CHARS_MAX: usize = 60;

/// What CreateVpc is told.
#[derive(Clone, Debug, Default)]
pub struct NewVpc {
    pub name: String,
    pub cidr: String,
    pub settings: VpcSettings,
    pub tags: Vec<Tag>,
}

/// What can be set of a VPC again and again; what is `None` or empty stays as it is.
#[derive(Clone, Debug, Default)]
pub struct VpcSettings {
    pub name: Option<String>,
    pub multicast: Option<bool>,
    pub dns_servers: Vec<String>,
    pub domain_name: Option<String>,
    pub publishes_routes: Option<bool>,
    pub publishes_ipv6_routes: Option<bool>,
}

/// The VPC of that id in that region.
pub fn find<'a>(cloud: &'a Cloud, region: &Region, id: &str) -> Result<&'a Vpc, Refusal> {
    let found = cloud.vpcs.get(id).filter(|vpc| vpc.region.name == region.name);
    found.ok_or_else(|| unknown("VpcId", id, prefix::VPC))
}

/// Makes a VPC, with the route table that its subnets get.
pub fn create(cloud: &mut Cloud, call: &Call, new: NewVpc) -> Result<VpcId, Refusal> {
    filled_at_most("VpcName", &new.name, NAME_CHARS_MAX)?;
    let cidr = private("CidrBlock", &new.cidr)?;
    check_settings(&new.settings)?;
    tags::check_new(&new.tags)?;
    let here = cloud.vpcs.values().filter(|vpc| vpc.region.name == call.region.name);
    cloud
        .settings
        .within_quota("VPCs of a region", here.count() + 1, VPCS_MAX)?;
    let id = loop {
        let id = cloud.ids.vpc_id();
        if !cloud.vpcs.contains_key(id.as_str()) {
            break id;
        }
    };
    let mut vpc = Vpc::new(id.clone(), call.region, new.name, cidr, call.now);
    vpc.tags = new.tags;
    apply(&mut vpc, new.settings);
    make_main_table(cloud, &vpc);
    cloud.vpcs.insert(id.clone(), vpc);
    Ok(id)
}

/// The route table that comes with a VPC.
pub fn make_main_table(cloud: &mut Cloud, vpc: &Vpc) {
    let id = loop {
        let id = cloud.ids.route_table_id();
        if !cloud.route_tables.contains_key(id.as_str()) {
            break id;
        }
    };
    let table = RouteTable {
        id: id.clone(),
        vpc_id: vpc.id.clone(),
        region: vpc.region,
        name: MAIN_TABLE.into(),
        is_main: true,
        created_at: vpc.created_at,
        tags: Vec::new(),
    };
    cloud.route_tables.insert(id, table);
}

/// Changes what is given of a VPC.
pub fn modify(cloud: &mut Cloud, call: &Call, id: &str, settings: VpcSettings) -> Result<(), Refusal> {
    find(cloud, call.region, id)?;
    if let Some(name) = &settings.name {
        filled_at_most("VpcName", name, NAME_CHARS_MAX)?;
    }
    check_settings(&settings)?;
    if let Some(vpc) = cloud.vpcs.get_mut(id) {
        apply(vpc, settings);
    }
    Ok(())
}

/// Deletes a VPC with its subnets and route tables. Nothing may use it.
pub fn delete(cloud: &mut Cloud, call: &Call, id: &str) -> Result<(), Refusal> {
    find(cloud, call.region, id)?;
    if let Some(user) = address::users_of_vpc(&cloud.instances, id).next() {
        return Err(NetworkRefusal::in_use("VPC", id, user.id.as_str()));
    }
    let subnets: Vec<_> = address::subnets_of(cloud, id).map(|subnet| subnet.id.clone()).collect();
    for subnet in subnets {
        cloud.subnets.remove(subnet.as_str());
    }
    let tables = cloud.route_tables.values().filter(|table| *table.vpc_id == *id);
    let tables: Vec<_> = tables.map(|table| table.id.clone()).collect();
    for table in tables {
        cloud.route_tables.remove(table.as_str());
    }
    cloud.vpcs.remove(id);
    Ok(())
}

/// Takes further blocks off a VPC, and puts others on. Gives those that were put on.
pub fn change_assistants(
    cloud: &mut Cloud,
    call: &Call,
    id: &str,
    (new, old): (&[String], &[String]),
) -> Result<Vec<Cidr>, Refusal> {
    let vpc = find(cloud, call.region, id)?;
    let mut assistants = vpc.assistant_cidrs.clone();
    for text in old {
        let cidr = parsed("OldCidrBlocks", text)?;
        let at = assistants.iter().position(|own| *own == cidr);
        let at = at.ok_or_else(|| NetworkRefusal::Unknown {
            what: "assistant CIDR",
            id: text.clone(),
        })?;
        assistants.remove(at);
        if let Some(subnet) = address::subnets_of(cloud, id).find(|subnet| cidr.contains(subnet.cidr)) {
            return Err(NetworkRefusal::in_use("assistant CIDR", text, subnet.id.as_str()));
        }
    }
    let mut put_on = Vec::with_capacity(new.len());
    for text in new {
        let cidr = private("CidrBlocks", text)?;
        if cidr.overlaps(vpc.cidr) {
            return Err(NetworkRefusal::OverlapsVpc { cidr: text.clone() }.into());
        }
        if assistants.iter().any(|own| own.overlaps(cidr)) {
            return Err(NetworkRefusal::CidrTwice { cidr: text.clone() }.into());
        }
        assistants.push(cidr);
        put_on.push(cidr);
    }
    let most = ASSISTANT_CIDRS_MAX;
    cloud
        .settings
        .within_quota("assistant CIDRs of a VPC", assistants.len(), most)?;
    if let Some(vpc) = cloud.vpcs.get_mut(id) {
        vpc.assistant_cidrs = assistants;
    }
    Ok(put_on)
}

/// The block of that text; its form is all that is looked at.
pub(crate) fn parsed(parameter: &'static str, text: &str) -> Result<Cidr, Refusal> {
    Cidr::parse(text).ok_or_else(|| NetworkRefusal::malformed(parameter, text))
}

fn private(parameter: &'static str, text: &str) -> Result<Cidr, Refusal> {
    let cidr = parsed(parameter, text)?;
    let outside = || NetworkRefusal::NotPrivate { cidr: text.to_owned() }.into();
    Some(cidr).filter(|cidr| cidr.is_private()).ok_or_else(outside)
}

fn check_settings(settings: &VpcSettings) -> Result<(), Refusal> {
    let servers = &settings.dns_servers;
    if servers.len() > DNS_SERVERS_MAX {
        let (parameter, most) = ("DnsServers", DNS_SERVERS_MAX);
        return Err(NetworkRefusal::TooManyValues { parameter, most }.into());
    }
    match servers.iter().find(|server| server.parse::<Ipv4Addr>().is_err()) {
        Some(server) => Err(NetworkRefusal::malformed("DnsServers", server)),
        None => Ok(()),
    }
}

fn apply(vpc: &mut Vpc, settings: VpcSettings) {
    let VpcSettings {
        name,
        multicast,
        dns_servers,
        domain_name,
        publishes_routes,
        publishes_ipv6_routes,
    } = settings;
    vpc.name = name.unwrap_or_else(|| std::mem::take(&mut vpc.name));
    vpc.multicast = multicast.unwrap_or(vpc.multicast);
    vpc.domain_name = domain_name.unwrap_or_else(|| std::mem::take(&mut vpc.domain_name));
    vpc.publishes_routes = publishes_routes.unwrap_or(vpc.publishes_routes);
    vpc.publishes_ipv6_routes = publishes_ipv6_routes.unwrap_or(vpc.publishes_ipv6_routes);
    if !dns_servers.is_empty() {
        vpc.dns_servers = dns_servers;
    }
}
