//! Subnets: made, changed and deleted, and the route table of each.

use crate::cloud::catalogue::region::Region;
use crate::cloud::ids::{SubnetId, prefix};
use crate::cloud::refusal::{NetworkRefusal, Refusal, bad_value, filled_at_most, unknown};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::tags;
use crate::cloud::values::Tag;
use crate::cloud::vpc::network::{NAME_CHARS_MAX, parsed};
use crate::cloud::vpc::record::{RouteTable, Subnet};
use crate::cloud::vpc::{address, network};

/// Documented; raised on request.
const SUBNETS_MAX: usize = 100;

/// What CreateSubnet is told.
#[derive(Clone, Debug, Default)]
pub struct NewSubnet {
    pub vpc_id: String,
    pub name: String,
    pub cidr: String,
    /// The name of a zone.
    pub zone: String,
    pub cdc_id: Option<String>,
    pub tags: Vec<Tag>,
}

/// The subnet of that id in that region.
pub fn find<'a>(cloud: &'a Cloud, region: &Region, id: &str) -> Result<&'a Subnet, Refusal> {
    let found = cloud.subnets.get(id).filter(|subnet| subnet.region.name == region.name);
    found.ok_or_else(|| unknown("SubnetId", id, prefix::SUBNET))
}

/// The route table of that id in that region.
pub fn find_table<'a>(cloud: &'a Cloud, region: &Region, id: &str) -> Result<&'a RouteTable, Refusal> {
    let found = cloud.route_tables.get(id);
    let found = found.filter(|table| table.region.name == region.name);
    found.ok_or_else(|| unknown("RouteTableId", id, prefix::ROUTE_TABLE))
}

/// Makes a subnet, which gets the VPC's main route table. Its zone need not be that of what will stand in it.
pub fn create(cloud: &mut Cloud, call: &Call, new: NewSubnet) -> Result<SubnetId, Refusal> {
    let vpc = network::find(cloud, call.region, &new.vpc_id)?;
    filled_at_most("SubnetName", &new.name, NAME_CHARS_MAX)?;
    let cidr = parsed("CidrBlock", &new.cidr)?;
    if !cidr.is_of_a_subnet() || !vpc.contains(cidr) {
        return Err(NetworkRefusal::SubnetOutside {
            cidr: new.cidr,
            vpc: new.vpc_id,
        }
        .into());
    }
    if let Some(other) = address::subnets_of(cloud, &vpc.id).find(|other| other.cidr.overlaps(cidr)) {
        let (cidr, other) = (new.cidr, other.id.to_string());
        return Err(NetworkRefusal::SubnetOverlaps { cidr, other }.into());
    }
    let zone = call.region.zone_named(&new.zone);
    let zone = zone.ok_or_else(|| bad_value("Zone", format!("{} has no zone {}", call.region.name, new.zone)))?;
    tags::check_new(&new.tags)?;
    let subnets = address::subnets_of(cloud, &vpc.id).count();
    cloud
        .settings
        .within_quota("subnets of a VPC", subnets + 1, SUBNETS_MAX)?;
    let main = cloud
        .route_tables
        .values()
        .find(|table| table.is_main && table.vpc_id == vpc.id);
    let (vpc_id, route_table_id) = (vpc.id.clone(), main.map_or_else(|| "".into(), |table| table.id.clone()));
    let id = loop {
        let id = cloud.ids.subnet_id();
        if !cloud.subnets.contains_key(id.as_str()) {
            break id;
        }
    };
    let subnet = Subnet {
        number: Subnet::usual_number(&id),
        id: id.clone(),
        vpc_id,
        region: call.region,
        name: new.name,
        cidr,
        zone,
        is_default: false,
        broadcast: false,
        route_table_id,
        cdc_id: new.cdc_id.unwrap_or_default(),
        created_at: call.now,
        tags: new.tags,
    };
    cloud.subnets.insert(id.clone(), subnet);
    Ok(id)
}

/// Changes what is given of a subnet.
pub fn modify(
    cloud: &mut Cloud,
    call: &Call,
    id: &str,
    (name, broadcast): (Option<String>, Option<bool>),
) -> Result<(), Refusal> {
    find(cloud, call.region, id)?;
    if let Some(name) = &name {
        filled_at_most("SubnetName", name, NAME_CHARS_MAX)?;
    }
    if let Some(subnet) = cloud.subnets.get_mut(id) {
        subnet.name = name.unwrap_or_else(|| std::mem::take(&mut subnet.name));
        subnet.broadcast = broadcast.unwrap_or(subnet.broadcast);
    }
    Ok(())
}

/// Deletes a subnet that nothing uses.
pub fn delete(cloud: &mut Cloud, call: &Call, id: &str) -> Result<(), Refusal> {
    let subnet = find(cloud, call.region, id)?;
    if let Some(user) = address::users_of(&cloud.instances, subnet).next() {
        return Err(NetworkRefusal::in_use("subnet", id, user.id.as_str()));
    }
    cloud.subnets.remove(id);
    Ok(())
}

/// Gives a subnet another route table of its VPC, or the same again.
pub fn route_by(cloud: &mut Cloud, call: &Call, id: &str, table_id: &str) -> Result<(), Refusal> {
    let table = find_table(cloud, call.region, table_id)?.clone();
    let subnet = find(cloud, call.region, id)?;
    if table.vpc_id != subnet.vpc_id {
        let (table, subnet) = (table_id.to_owned(), id.to_owned());
        return Err(NetworkRefusal::OtherVpc { table, subnet }.into());
    }
    if let Some(subnet) = cloud.subnets.get_mut(id) {
        subnet.route_table_id = table.id;
    }
    Ok(())
}
