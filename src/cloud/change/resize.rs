//! UpgradeInstance and its price: every rule, in one order.
//!
//! No document states the order of the checks. This one agrees with the order in which the error table of the
//! interface's ancestor lists them; only a call with several faults at once can tell the difference.

use crate::cloud::catalogue::price::Price;
use crate::cloud::catalogue::spec::Spec;
use crate::cloud::catalogue::{price, stock};
use crate::cloud::change::record::Resize;
use crate::cloud::change::window::in_window;
use crate::cloud::ids::DealId;
use crate::cloud::instance::node::{Node, NodeRequest, Placement};
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::money::order::Cost;
use crate::cloud::monitor::memory;
use crate::cloud::monitor::record::MB;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::rules::{Scope, not_sold};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::Millis;
use crate::cloud::values::{Billing, Role};
use crate::cloud::{money, rules};

/// What a caller asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upgrade {
    /// Whom it is about.
    pub instance_id: String,
    /// Memory of one shard after the change, in MB.
    pub mem_mb: u64,
    /// `None`: as it is.
    pub shards: Option<u64>,
    /// `None`: as it is.
    pub replicas: Option<u64>,
    /// Nodes to add or to drop, for an instance over several zones.
    pub nodes: Vec<NodeRequest>,
    /// 1: in the maintenance window; 2 or `None`: now.
    pub switch_option: Option<u64>,
}

/// What the checks look at.
struct Plan<'a> {
    cloud: &'a Cloud,
    instance: &'a Instance,
    asked: &'a Upgrade,
    /// The spec after the change.
    target: Spec,
    now: Millis,
}

type Check = fn(&Plan) -> Result<(), Refusal>;

/// The order of the rules. The platform's checks, the caller's permission and the search for the instance come first,
/// the balance last. The price takes no NodeSet.
const CHECKS: &[(Scope, Check)] = &[
    (Scope::Both, edition_can_change),
    (Scope::Both, size_is_whole_gigabytes_or_sold),
    (Scope::Both, size_is_in_range),
    (Scope::Both, size_is_listed),
    (Scope::Both, shards_are_sold),
    (Scope::Both, replicas_are_sold),
    (Scope::Both, one_change_at_most),
    (Scope::Both, something_changes),
    (Scope::Order, switch_option_is_known),
    (Scope::Order, nodes_fit_the_replicas),
    (Scope::Both, instance_runs),
    (Scope::Order, instance_is_unlocked),
    (Scope::Both, data_fits),
    (Scope::Order, is_in_stock),
];

fn edition_can_change(plan: &Plan) -> Result<(), Refusal> {
    let edition = plan.instance.edition;
    match edition.range_mb(plan.instance.billing()) {
        Some(_) => Ok(()),
        None => Err(Refusal::EditionCannot {
            type_id: edition.type_id,
            what: "be resized",
        }),
    }
}

fn size_is_whole_gigabytes_or_sold(plan: &Plan) -> Result<(), Refusal> {
    let mb = plan.target.mem_mb;
    let whole = mb != 0 && mb.is_multiple_of(1024);
    if whole || sells(plan, mb) {
        Ok(())
    } else {
        Err(size_not_sold(plan, mb))
    }
}

fn size_is_in_range(plan: &Plan) -> Result<(), Refusal> {
    let mb = plan.target.mem_mb;
    let Some((lowest_mb, highest_mb)) = plan.instance.edition.range_mb(plan.instance.billing()) else {
        return Ok(());
    };
    if (lowest_mb..=highest_mb).contains(&mb) {
        Ok(())
    } else {
        Err(Refusal::MemoryOutOfRange {
            mb,
            lowest_mb,
            highest_mb,
        })
    }
}

fn size_is_listed(plan: &Plan) -> Result<(), Refusal> {
    let mb = plan.target.mem_mb;
    if sells(plan, mb) {
        Ok(())
    } else {
        Err(size_not_sold(plan, mb))
    }
}

fn size_not_sold(plan: &Plan, mb: u64) -> Refusal {
    let sold_mb = plan.instance.edition.sizes_mb(plan.instance.billing());
    Refusal::MemoryNotSold { mb, sold_mb }
}

fn sells(plan: &Plan, mb: u64) -> bool {
    plan.instance.edition.sells_mb(mb, plan.instance.billing())
}

fn shards_are_sold(plan: &Plan) -> Result<(), Refusal> {
    let (edition, value) = (plan.instance.edition, plan.target.shards);
    if value == plan.instance.spec.shards || (edition.scales.shards() && edition.sells_shards(value)) {
        return Ok(());
    }
    if !edition.scales.shards() {
        return Err(Refusal::EditionCannot {
            type_id: edition.type_id,
            what: "change its number of shards",
        });
    }
    Err(not_sold("RedisShardNum", value, edition.shards.get()))
}

fn replicas_are_sold(plan: &Plan) -> Result<(), Refusal> {
    let (edition, value) = (plan.instance.edition, plan.target.replicas);
    if value == plan.instance.spec.replicas || (edition.scales.replicas() && edition.sells_replicas(value)) {
        return Ok(());
    }
    if !edition.scales.replicas() {
        return Err(Refusal::EditionCannot {
            type_id: edition.type_id,
            what: "change its number of replicas",
        });
    }
    Err(not_sold("RedisReplicasNum", value, edition.replicas.get()))
}

fn one_change_at_most(plan: &Plan) -> Result<(), Refusal> {
    let changes = changes(plan);
    if changes.len() > 1 {
        Err(Refusal::SeveralChanges { changes })
    } else {
        Ok(())
    }
}

fn something_changes(plan: &Plan) -> Result<(), Refusal> {
    if changes(plan).is_empty() {
        Err(Refusal::NoChange {
            id: plan.instance.id.clone(),
        })
    } else {
        Ok(())
    }
}

fn changes(plan: &Plan) -> Vec<&'static str> {
    let (now, target) = (&plan.instance.spec, &plan.target);
    let differs = [
        ("MemSize", now.mem_mb != target.mem_mb),
        ("RedisShardNum", now.shards != target.shards),
        ("RedisReplicasNum", now.replicas != target.replicas),
    ];
    differs
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(name, _)| name)
        .collect()
}

fn switch_option_is_known(plan: &Plan) -> Result<(), Refusal> {
    waits_for_window(plan.asked).map(drop)
}

fn waits_for_window(asked: &Upgrade) -> Result<bool, Refusal> {
    let option = asked.switch_option;
    in_window(option.map(|option| i64::try_from(option).unwrap_or(i64::MAX)))
}

fn nodes_fit_the_replicas(plan: &Plan) -> Result<(), Refusal> {
    let (asked, has) = (&plan.asked.nodes, &plan.instance.nodes());
    let (before, after) = (plan.instance.spec.replicas, plan.target.replicas);
    let wanted = before.abs_diff(after);
    if has.is_empty() {
        let fault = "the instance stands in one zone and takes no NodeSet";
        return if asked.is_empty() {
            Ok(())
        } else {
            Err(bad_value("NodeSet", fault.into()))
        };
    }
    if asked.len() as u64 != wanted {
        return Err(bad_value(
            "NodeSet",
            format!("it names {} nodes, the change needs {wanted}", asked.len()),
        ));
    }
    if after > before {
        added_nodes_stand_in_zones(plan)
    } else {
        dropped_nodes_are_replicas(plan)
    }
}

fn added_nodes_stand_in_zones(plan: &Plan) -> Result<(), Refusal> {
    for node in &plan.asked.nodes {
        if node.role != Role::Replica.number() {
            return Err(bad_value("NodeSet", "only replicas (NodeType 1) can be added".into()));
        }
        if node.zone(plan.instance.region).is_none() {
            return Err(bad_value(
                "NodeSet",
                format!("{} has no such zone", plan.instance.region.name),
            ));
        }
    }
    Ok(())
}

fn dropped_nodes_are_replicas(plan: &Plan) -> Result<(), Refusal> {
    for (at, node) in plan.asked.nodes.iter().enumerate() {
        let Some(id) = node.id else {
            return Err(bad_value("NodeSet", "a node to drop needs its NodeId".into()));
        };
        let Some(has) = plan.instance.nodes().iter().find(|has| has.id == id) else {
            return Err(bad_value("NodeSet", format!("the instance has no node {id}")));
        };
        if has.role == Role::Master || node.role == Role::Master.number() {
            return Err(bad_value(
                "NodeSet",
                format!("node {id} is the master, or is called so"),
            ));
        }
        let names_zone = node.zone_id.is_some() || node.zone_name.as_ref().is_some_and(|name| !name.is_empty());
        if names_zone
            && node
                .zone(plan.instance.region)
                .is_none_or(|zone| zone.id != has.zone_id)
        {
            return Err(bad_value("NodeSet", format!("node {id} stands in another zone")));
        }
        if plan.asked.nodes[..at].iter().any(|other| other.id == node.id) {
            return Err(bad_value("NodeSet", format!("node {id} is named twice")));
        }
    }
    Ok(())
}

fn instance_runs(plan: &Plan) -> Result<(), Refusal> {
    flow::fits(plan.cloud, plan.instance, kind_of(plan))
}

fn instance_is_unlocked(plan: &Plan) -> Result<(), Refusal> {
    flow::is_unlocked(plan.instance, plan.now)
}

/// What shrinks must keep room: 1.3 times what is used, of the whole and, where shards become smaller, of the fullest.
fn data_fits(plan: &Plan) -> Result<(), Refusal> {
    let (now, target) = (&plan.instance.spec, &plan.target);
    let used = memory::used_at(plan.instance, plan.now);
    let fullest = plan.instance.stretch().of_shard_mb(0, used as f64 / MB as f64);
    let of_whole = (target.total_mb(), now.total_mb(), used, "");
    let of_fullest = (
        target.mem_mb,
        now.mem_mb,
        (fullest * MB as f64) as u64,
        " in its fullest shard",
    );
    for (room_mb, had_mb, used, place) in [of_whole, of_fullest] {
        let least_mb = used.saturating_mul(13).div_ceil(10 * MB);
        if room_mb < had_mb && room_mb < least_mb {
            return Err(Refusal::ShrinksTooFar {
                room_mb,
                least_mb,
                used_mb: used.div_ceil(MB),
                place,
            });
        }
    }
    Ok(())
}

/// Growing needs something to grow into.
fn is_in_stock(plan: &Plan) -> Result<(), Refusal> {
    let (zone_id, edition) = (plan.instance.zone_id(), plan.instance.edition);
    let (now, target) = (&plan.instance.spec, &plan.target);
    let grows = target.total_mb() > now.total_mb() || target.replicas > now.replicas;
    if grows {
        stock::in_stock(plan.cloud, zone_id, edition)
    } else {
        Ok(())
    }
}

/// The instance with its new size.
fn becomes(plan: &Plan) -> Instance {
    Instance {
        spec: plan.target,
        ..plan.instance.clone()
    }
}

/// Resizes an instance and gives the order's number. The instance is in process when this returns, and shows its old
/// spec until the flow ends. A refusal has changed nothing.
pub fn upgrade(cloud: &mut Cloud, call: &Call, asked: &Upgrade) -> Result<DealId, Refusal> {
    let plan = plan(cloud, call, asked)?;
    rules::check(CHECKS, &plan, Scope::Order)?;
    let kind = kind_of(&plan);
    let cost = Cost::of_change(plan.instance, &becomes(&plan), plan.now);
    cost.afford(cloud, plan.now, plan.instance.billing())?;
    let (id, zone_id) = (plan.instance.id.clone(), plan.instance.zone_id());
    let (spec, mut nodes) = (plan.target, kept_nodes(&plan));
    let added: Vec<u32> = added_zones(&plan);
    nodes.extend(added.into_iter().map(|zone_id| Node {
        id: cloud.ids.node_id(),
        role: Role::Replica,
        zone_id,
    }));
    let change = Change {
        kind,
        payload: Payload::Resize(Resize {
            spec,
            placement: Placement::if_spread(nodes, zone_id),
        }),
        in_window: waits_for_window(asked)?,
    };
    Ok(money::order::order_change(cloud, call, &id, cost, change))
}

/// What an upgrade would cost: for a prepaid instance the difference for the time that is left (negative: money back),
/// for a postpaid one the new price of an hour. The rules are the upgrade's, without those on money.
pub fn quote_upgrade(cloud: &Cloud, call: &Call, asked: &Upgrade) -> Result<Price, Refusal> {
    let plan = plan(cloud, call, asked)?;
    rules::check(CHECKS, &plan, Scope::Both)?;
    Ok(match plan.instance.billing() {
        Billing::Prepaid => becomes(&plan).value(plan.now).less(plan.instance.value(plan.now)),
        Billing::Postpaid => price::hour(plan.instance.region, plan.instance.edition, &plan.target),
    })
}

fn plan<'a>(cloud: &'a Cloud, call: &Call, asked: &'a Upgrade) -> Result<Plan<'a>, Refusal> {
    let instance = cloud.instance(call.region, &asked.instance_id)?;
    let target = Spec {
        mem_mb: asked.mem_mb,
        shards: asked.shards.unwrap_or(instance.spec.shards),
        replicas: asked.replicas.unwrap_or(instance.spec.replicas),
    };
    Ok(Plan {
        cloud,
        instance,
        asked,
        target,
        now: call.now,
    })
}

fn kind_of(plan: &Plan) -> FlowKind {
    let now = &plan.instance.spec;
    if now.shards != plan.target.shards {
        FlowKind::Shards
    } else if now.replicas != plan.target.replicas {
        FlowKind::Replicas
    } else {
        FlowKind::Memory
    }
}

fn kept_nodes(plan: &Plan) -> Vec<Node> {
    let shrinks = plan.target.replicas < plan.instance.spec.replicas;
    let dropped = |node: &Node| shrinks && plan.asked.nodes.iter().any(|asked| asked.id == Some(node.id));
    plan.instance
        .nodes()
        .iter()
        .copied()
        .filter(|node| !dropped(node))
        .collect()
}

fn added_zones(plan: &Plan) -> Vec<u32> {
    if plan.target.replicas <= plan.instance.spec.replicas {
        return Vec::new();
    }
    plan.asked
        .nodes
        .iter()
        .filter_map(|node| node.zone(plan.instance.region))
        .map(|zone| zone.id)
        .collect()
}

/// What is left to do at the end of a resize.
pub(crate) fn apply(instance: &mut Instance, to: &Resize) {
    instance.spec = to.spec;
    instance.placement.clone_from(&to.placement);
    instance.lower_clients();
    instance.hold_the_usual();
}

/// A resize that fails holds again what was held before.
pub(crate) fn undo(instance: &mut Instance, to: &Resize) {
    let edition = instance.edition;
    money::order::hold_as_before(instance, edition, &to.spec);
}
