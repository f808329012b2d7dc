//! Who stands in a private network, and at which addresses.
//!
//! What an instance calls its VPC and its subnet is a text. Where the account holds VPCs in the region, it must be one
//! of them; where it holds none, whatever has the form of an id exists. An isolated instance has given its address
//! back, and bars nothing.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use crate::cloud::catalogue::region::Region;
use crate::cloud::ids::SubnetId;
use crate::cloud::instance::record::Instance;
use crate::cloud::instance::store::Instances;
use crate::cloud::network::record::Network;
use crate::cloud::records::Records;
use crate::cloud::refusal::Refusal;
use crate::cloud::state::Cloud;
use crate::cloud::time::Millis;
use crate::cloud::vpc::record::{Subnet, Vpc};

/// The subnets of a VPC, by id.
pub fn subnets_of<'a>(cloud: &'a Cloud, vpc_id: &'a str) -> impl Iterator<Item = &'a Subnet> {
    cloud.subnets.values().filter(move |subnet| *subnet.vpc_id == *vpc_id)
}

/// Whether the account holds a VPC in that region, so that only its own exist there.
pub fn holds_networks(cloud: &Cloud, region: &Region) -> bool {
    cloud.vpcs.values().any(|vpc| vpc.region.name == region.name)
}

/// The instances that use a VPC, by address.
pub fn users_of_vpc<'a>(instances: &'a Instances, vpc_id: &str) -> impl Iterator<Item = &'a Instance> + use<'a> {
    instances.in_network(vpc_id, None).filter(uses)
}

/// The instances that use a subnet, by address.
pub fn users_of<'a>(instances: &'a Instances, subnet: &Subnet) -> impl Iterator<Item = &'a Instance> + use<'a> {
    instances.in_network(&subnet.vpc_id, Some(&subnet.id)).filter(uses)
}

fn uses(instance: &&Instance) -> bool {
    !instance.status.is_binned()
}

/// The subnet that an instance stands in, where the account holds it.
pub fn subnet_of<'a>(subnets: &'a Records<SubnetId, Subnet>, network: &Network, region: &Region) -> Option<&'a Subnet> {
    let found = subnets.get(network.subnet.as_str())?;
    (*found.vpc_id == *network.vpc && found.region.name == region.name).then_some(found)
}

/// Refuses a network that does not exist in a region where the account holds some.
pub(crate) fn network_exists(cloud: &Cloud, region: &Region, network: &Network) -> Result<(), Refusal> {
    if !holds_networks(cloud, region) {
        return Ok(());
    }
    let (vpc, subnet) = (&network.vpc, &network.subnet);
    let is_here = |own: &&Vpc| own.region.name == region.name;
    if cloud.vpcs.get(vpc.as_str()).filter(is_here).is_none() {
        return Err(Refusal::NoSuchVpc { vpc: vpc.clone() });
    }
    match subnet_of(&cloud.subnets, network, region) {
        Some(_) => Ok(()),
        None => Err(Refusal::NoSuchSubnet { subnet: subnet.clone() }),
    }
}

/// How many addresses of a subnet nobody has or keeps: `AvailableIpAddressCount`.
pub fn free_count(cloud: &Cloud, subnet: &Subnet, now: Millis) -> u64 {
    subnet.cidr.total() - taken(cloud, subnet, now).len() as u64
}

/// The addresses of a subnet that an instance has, or had and keeps.
fn taken(cloud: &Cloud, subnet: &Subnet, now: Millis) -> BTreeSet<u32> {
    let usable = subnet.cidr.usable();
    let kept = cloud.kept_addresses.iter();
    let kept = kept.filter(|kept| kept.until > now && *kept.vpc == *subnet.vpc_id);
    let kept = kept.filter_map(|kept| address_number(&kept.vip));
    let mut taken = held(&cloud.instances, subnet);
    taken.extend(kept.filter(|address| usable.contains(address)));
    taken
}

/// The addresses of a subnet that no instance has, lowest first.
pub fn free(instances: &Instances, subnet: &Subnet) -> impl Iterator<Item = String> {
    let held = held(instances, subnet);
    let free = subnet.cidr.usable().filter(move |address| !held.contains(address));
    free.map(|address| Ipv4Addr::from(address).to_string())
}

fn held(instances: &Instances, subnet: &Subnet) -> BTreeSet<u32> {
    let usable = subnet.cidr.usable();
    let address = |instance: &Instance| address_number(&instance.address.vip);
    let held = users_of(instances, subnet).filter_map(address);
    held.filter(|address| usable.contains(address)).collect()
}

/// An address as a number.
pub fn address_number(address: &str) -> Option<u32> {
    address.parse::<Ipv4Addr>().ok().map(u32::from)
}

/// The address that an isolated instance comes back to: its own if nobody has it by now, else the lowest free of its
/// subnet. `None`: its own, whatever that is.
pub(crate) fn address_back(cloud: &Cloud, instance: &Instance, now: Millis) -> Result<Option<String>, Refusal> {
    let Some(network) = &instance.network else {
        return Ok(None);
    };
    let id = || instance.id.clone();
    network_exists(cloud, instance.region, network).map_err(|_| Refusal::NetworkGone { id: id() })?;
    let Some(subnet) = subnet_of(&cloud.subnets, network, instance.region) else {
        return Ok(None);
    };
    let (mut usable, taken) = (subnet.cidr.usable(), taken(cloud, subnet, now));
    let own = address_number(&instance.address.vip);
    if own.is_some_and(|own| usable.contains(&own) && !taken.contains(&own)) {
        return Ok(None);
    }
    let lowest = usable.find(|address| !taken.contains(address));
    let none = || Refusal::NoAddressFree {
        subnet: subnet.id.to_string(),
        free: 0,
    };
    let text = |address| Some(Ipv4Addr::from(address).to_string());
    lowest.map(text).ok_or_else(none)
}

/// The numbers of the VPC and the subnet that an instance stands in: theirs where the account holds them; 0 in the base
/// network.
pub fn numbers(cloud: &Cloud, instance: &Instance) -> (i64, i64) {
    let Some(network) = &instance.network else {
        return (0, 0);
    };
    let vpc = cloud.vpcs.get(network.vpc.as_str());
    let vpc = vpc.filter(|vpc| vpc.region.name == instance.region.name);
    let subnet = subnet_of(&cloud.subnets, network, instance.region);
    (
        vpc.map_or_else(|| network.vpc_number(), |vpc| vpc.number),
        subnet.map_or_else(|| network.subnet_number(), |subnet| subnet.number),
    )
}
