//! The private address: which are taken, and moves to another one, another port or another network.

use std::net::Ipv4Addr;

use crate::cloud::catalogue::region::Region;
use crate::cloud::ids::{TaskId, is_short_id, prefix};
use crate::cloud::instance::record::{Instance, PORTS};
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::{Flow, Payload};
use crate::cloud::life::table::FlowKind;
use crate::cloud::network::record::Network;
use crate::cloud::network::record::{KeptAddress, Move};
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::rules::text;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::Millis;
use crate::cloud::vpc;

/// `Recycle`: for how many days an old address can be kept.
const KEPT_DAYS: [u8; 6] = [0, 1, 2, 3, 7, 15];

/// What ModifyNetworkConfig asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoveRequest {
    pub instance_id: String,
    /// `Operation`
    pub operation: String,
    pub vip: Option<String>,
    pub port: Option<i64>,
    pub vpc: Option<String>,
    pub subnet: Option<String>,
    /// `Recycle`
    pub kept_days: Option<i64>,
}

/// What is told of a move that has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moving {
    pub task_id: TaskId,
    pub vip: String,
    /// `VpcId` and `SubnetId` to come; "" in the base network.
    pub vpc: String,
    pub subnet: String,
}

/// Moves an instance to another address, port or network.
pub fn modify_network(cloud: &mut Cloud, call: &Call, asked: &MoveRequest) -> Result<Moving, Refusal> {
    let instance = cloud.instance(call.region, &asked.instance_id)?;
    let to = plan(cloud, call, instance, asked)?;
    flow::can_begin(cloud, call, instance, FlowKind::Network)?;
    let id = instance.id.clone();
    let network = to.network.clone().or(instance.network.clone());
    let in_subnet = match network.as_ref().filter(|_| to.vip.is_empty()) {
        Some(network) => lowest_free(cloud, call, network)?,
        None => None,
    };
    // Only what cannot be refused any more draws an address.
    let vip = match in_subnet {
        Some(lowest) => lowest,
        None if to.vip.is_empty() => free_vip(cloud, call.region, call.now),
        None => to.vip,
    };
    let to = Move { vip, ..to };
    let vip = to.vip.clone();
    let change = Change::now(FlowKind::Network, Payload::Move(to));
    let task_id = flow::begin(cloud, call, &id, None, change);
    let of = |id: fn(&Network) -> &String| network.as_ref().map(id).cloned().unwrap_or_default();
    Ok(Moving {
        task_id,
        vip,
        vpc: of(|network| &network.vpc),
        subnet: of(|network| &network.subnet),
    })
}

/// What comes of a request; with an empty address, one is to be drawn.
fn plan(cloud: &Cloud, call: &Call, instance: &Instance, asked: &MoveRequest) -> Result<Move, Refusal> {
    let in_vpc = instance.network.is_some();
    let goes = |needs_vpc: bool| match in_vpc == needs_vpc {
        true => Ok(()),
        false => Err(Refusal::WrongNetwork {
            id: instance.id.clone(),
            why: if in_vpc {
                "stands in a VPC already"
            } else {
                "stands in the base network"
            },
        }),
    };
    let kept_days = asked.kept_days.unwrap_or(0);
    let kept = u8::try_from(kept_days).ok().filter(|days| KEPT_DAYS.contains(days));
    let kept_days = kept.ok_or_else(|| bad_value("Recycle", format!("{kept_days} is none of {KEPT_DAYS:?} days")))?;
    let port = asked.port.map(port_of).transpose()?;
    let stays = Move {
        vip: instance.address.vip.clone(),
        port: instance.address.port,
        network: None,
        kept_days,
    };
    match asked.operation.as_str() {
        "changeVip" => {
            goes(true)?;
            let vip = vip_of(cloud, call, instance, instance.network.as_ref(), asked)?;
            let port = port.unwrap_or(stays.port);
            changes(instance, vip != stays.vip || port != stays.port)?;
            Ok(Move { vip, port, ..stays })
        }
        "changeVPort" => {
            let port = port.ok_or_else(|| bad_value("VPort", "changeVPort needs it".to_owned()))?;
            changes(instance, port != stays.port)?;
            let kept_days = 0;
            Ok(Move {
                port,
                kept_days,
                ..stays
            })
        }
        operation @ ("changeVpc" | "changeBaseToVpc") => {
            goes(operation == "changeVpc")?;
            let network = network_of(asked)?;
            vpc::address::network_exists(cloud, call.region, &network)?;
            let is_there = |own: &Network| own.vpc == network.vpc && own.subnet == network.subnet;
            changes(instance, !instance.network.as_ref().is_some_and(is_there))?;
            let vip = vip_of(cloud, call, instance, Some(&network), asked)?;
            let network = Some(network);
            Ok(Move { vip, network, ..stays })
        }
        other => {
            let why = format!("{other} is none of changeVip, changeVpc, changeBaseToVpc and changeVPort");
            Err(bad_value("Operation", why))
        }
    }
}

fn changes(instance: &Instance, changes: bool) -> Result<(), Refusal> {
    if changes {
        return Ok(());
    }
    let why = format!("instance {} is reached so already", instance.id);
    Err(bad_value("Operation", why))
}

fn port_of(port: i64) -> Result<u16, Refusal> {
    let known = u16::try_from(port).ok().filter(|port| PORTS.contains(port));
    known.ok_or_else(|| {
        let (least, most) = PORTS.into_inner();
        bad_value("VPort", format!("{port} lies outside {least} to {most}"))
    })
}

/// The address that is asked for, which must be free in its network and lie in its subnet; "" where none is.
fn vip_of(
    cloud: &Cloud,
    call: &Call,
    instance: &Instance,
    network: Option<&Network>,
    asked: &MoveRequest,
) -> Result<String, Refusal> {
    let Some(vip) = text(&asked.vip) else {
        return Ok(String::new());
    };
    let Ok(number) = vip.parse::<Ipv4Addr>() else {
        return Err(bad_value("Vip", format!("{vip} is no IPv4 address")));
    };
    let subnet = network.and_then(|network| vpc::address::subnet_of(&cloud.subnets, network, call.region));
    let is_inside = subnet.is_none_or(|subnet| subnet.cidr.usable().contains(&u32::from(number)));
    let is_own = network == instance.network.as_ref() && vip == instance.address.vip;
    if !is_inside || (!is_own && is_taken(cloud, call.region, network, vip, call.now)) {
        return Err(Refusal::AddressTaken { vip: vip.to_owned() });
    }
    Ok(vip.to_owned())
}

fn network_of(asked: &MoveRequest) -> Result<Network, Refusal> {
    let needed = |parameter, id: &Option<String>| {
        let id = text(id).map(str::to_owned);
        id.ok_or_else(|| {
            bad_value(
                parameter,
                "a move to another network needs VpcId and SubnetId".to_owned(),
            )
        })
    };
    let (vpc, subnet) = (needed("VpcId", &asked.vpc)?, needed("SubnetId", &asked.subnet)?);
    if !is_short_id(&vpc, prefix::VPC) {
        return Err(Refusal::NoSuchVpc { vpc });
    }
    if !is_short_id(&subnet, prefix::SUBNET) {
        return Err(Refusal::NoSuchSubnet { subnet });
    }
    Ok(Network::new(&vpc, &subnet))
}

/// Whether nobody else can have a private address of that network: an instance has it, will have it, or had it and
/// keeps it. What stands in no subnet of the account's own shares one space of addresses.
pub(crate) fn is_taken(cloud: &Cloud, region: &Region, network: Option<&Network>, vip: &str, now: Millis) -> bool {
    let subnet = network.and_then(|network| vpc::address::subnet_of(&cloud.subnets, network, region));
    let has = match subnet {
        Some(subnet) => vpc::address::users_of(&cloud.instances, subnet).any(|user| user.address.vip == vip),
        None => cloud.instances.has_vip(vip),
    };
    let vpc_id = network.map_or("", |network| &network.vpc);
    let kept = |address: &KeptAddress| {
        let shares = subnet.is_none() || address.vpc == vpc_id;
        shares && address.vip == vip && address.until > now
    };
    let moves = |flow: &Flow| matches!(&flow.payload, Payload::Move(to) if to.vip == vip);
    has || cloud.kept_addresses.iter().any(kept) || cloud.flows.values().any(moves)
}

/// The lowest address that nobody has of a subnet that the account holds; `None`: it holds no such one.
fn lowest_free(cloud: &Cloud, call: &Call, network: &Network) -> Result<Option<String>, Refusal> {
    let Some(subnet) = vpc::address::subnet_of(&cloud.subnets, network, call.region) else {
        return Ok(None);
    };
    let is_free = |vip: &String| !is_taken(cloud, call.region, Some(network), vip, call.now);
    let lowest = vpc::address::free(&cloud.instances, subnet).find(is_free);
    let none = || Refusal::NoAddressFree {
        subnet: subnet.id.to_string(),
        free: 0,
    };
    lowest.map(Some).ok_or_else(none)
}

/// An address that nobody has.
pub(crate) fn free_vip(cloud: &mut Cloud, region: &Region, now: Millis) -> String {
    let mut vip = cloud.ids.vip();
    while is_taken(cloud, region, None, &vip, now) {
        vip = cloud.ids.vip();
    }
    vip
}

/// The end of a move: the instance is reached there, and its old address is kept as long as was asked for.
pub(crate) fn arrive(cloud: &mut Cloud, flow: &Flow, to: &Move, now: Millis) {
    let Some(instance) = cloud.instances.get(&flow.instance_id) else {
        return;
    };
    let until = to.kept_until(flow.started_at);
    if instance.address.vip != to.vip && until > now {
        let kept = KeptAddress {
            vip: instance.address.vip.clone(),
            vpc: instance
                .network
                .as_ref()
                .map(|network| network.vpc.clone())
                .unwrap_or_default(),
            until,
        };
        cloud.kept_addresses.retain(|address| address.until > now);
        cloud.kept_addresses.push(kept);
    }
}

/// What a move makes of its instance.
pub(crate) fn apply(instance: &mut Instance, to: &Move) {
    instance.address.vip.clone_from(&to.vip);
    instance.address.port = to.port;
    if to.network.is_some() {
        instance.network.clone_from(&to.network);
    }
}
