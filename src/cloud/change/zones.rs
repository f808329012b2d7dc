//! Where an instance stands: one zone or several, and the switch that waits for a maintenance window.

use crate::cloud::change::record::NewerVersions;
use crate::cloud::change::window::in_window;
use crate::cloud::ids::TaskId;
use crate::cloud::instance::node::{Node, NodeRequest, Placement};
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::replication::bar;
use crate::cloud::replication::bar::Deed;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::values::Role;

/// What ModifyInstanceAvailabilityZones asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relocation {
    pub instance_id: String,
    /// All nodes as they shall be: one master and every replica.
    pub nodes: Vec<NodeRequest>,
    /// 1: in the maintenance window; 2: now.
    pub switch_option: i64,
}

/// Puts the nodes of an instance into other zones. Gives the task's number.
pub fn relocate(cloud: &mut Cloud, call: &Call, asked: &Relocation) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, &asked.instance_id)?;
    if !instance.edition.is_modern() {
        return Err(Refusal::EditionCannot {
            type_id: instance.edition.type_id,
            what: "stand in several zones",
        });
    }
    let in_window = in_window(Some(asked.switch_option))?;
    let mut nodes = nodes_asked(instance, &asked.nodes)?;
    let unnamed = asked.nodes.iter().any(|node| matches!(node.id, None | Some(NEW)));
    let needed = cloud.settings.assumed.zone_changes_need_node_ids && !instance.nodes().is_empty();
    if needed && unnamed {
        let why = "a node of an instance over several zones needs its NodeId".into();
        return Err(bad_value("NodeSet", why));
    }
    bar::bars(cloud, instance, Deed::Zones)?;
    flow::can_begin(cloud, call, instance, FlowKind::Zones)?;
    let (id, zone_id) = (instance.id.clone(), instance.zone_id());
    for node in nodes.iter_mut().filter(|node| node.id == NEW) {
        node.id = cloud.ids.node_id();
    }
    let payload = Payload::Zones(Placement::if_spread(nodes, zone_id));
    let change = Change {
        kind: FlowKind::Zones,
        payload,
        in_window,
    };
    Ok(flow::begin(cloud, call, &id, None, change))
}

/// Makes an instance able to stand in several zones; `newest`: with the newest proxy and kernel. Gives the task's
/// number.
pub fn enable_zones(cloud: &mut Cloud, call: &Call, id: &str, newest: bool) -> Result<TaskId, Refusal> {
    let instance = flow::ready(cloud, call, id, FlowKind::MultiZone)?;
    if !instance.edition.is_modern() {
        return Err(Refusal::TooOld {
            id: instance.id.clone(),
        });
    }
    if !instance.nodes().is_empty() {
        return Err(Refusal::NoChange {
            id: instance.id.clone(),
        });
    }
    let to = |version: &Option<String>| version.clone().filter(|_| newest);
    let payload = Payload::Versions(NewerVersions {
        proxy: to(&instance.software.newer_proxy_version),
        redis: to(&instance.software.newer_redis_version),
    });
    let id = instance.id.clone();
    let change = Change::now(FlowKind::MultiZone, payload);
    Ok(flow::begin(cloud, call, &id, None, change))
}

/// The id of a node that is yet to get one.
const NEW: i64 = 0;

/// The nodes asked for, master first. One without NodeId is one that stands there already, or a new one.
fn nodes_asked(instance: &Instance, asked: &[NodeRequest]) -> Result<Vec<Node>, Refusal> {
    let bad_nodes = |why: String| bad_value("NodeSet", why);
    let wanted = instance.spec.replicas + 1;
    if asked.len() as u64 != wanted {
        let why = format!("it names {} nodes, the instance has {wanted}", asked.len());
        return Err(bad_nodes(why));
    }
    let mut nodes: Vec<Node> = Vec::with_capacity(asked.len());
    for node in asked {
        let role =
            Role::from_number(node.role).ok_or_else(|| bad_nodes("NodeType is 0 (master) or 1 (replica)".into()))?;
        let zone = node
            .zone(instance.region)
            .ok_or_else(|| bad_nodes(format!("{} has no such zone", instance.region.name)))?;
        let id = match node.id {
            None | Some(NEW) => NEW,
            Some(id) if !instance.nodes().iter().any(|has| has.id == id) => {
                return Err(bad_nodes(format!("the instance has no node {id}")));
            }
            Some(id) if nodes.iter().any(|other| other.id == id) => {
                return Err(bad_nodes(format!("node {id} is named twice")));
            }
            Some(id) => id,
        };
        nodes.push(Node {
            id,
            role,
            zone_id: zone.id,
        });
    }
    if nodes.iter().filter(|node| node.role == Role::Master).count() != 1 {
        return Err(bad_nodes("exactly one node is the master (NodeType 0)".into()));
    }
    nodes.sort_by_key(|node| node.role.number());
    keep_ids(instance, &mut nodes);
    let place = |node: &Node| (node.role, node.zone_id);
    let stays = if instance.nodes().is_empty() {
        nodes.iter().all(|node| node.zone_id == instance.zone_id())
    } else {
        let mut own = instance.nodes().to_vec();
        own.sort_by_key(|node| node.role.number());
        nodes.iter().map(place).eq(own.iter().map(place))
    };
    if stays {
        return Err(Refusal::NoChange {
            id: instance.id.clone(),
        });
    }
    Ok(nodes)
}

/// A node that is named without its id keeps that of one that stands where it shall stand.
fn keep_ids(instance: &Instance, nodes: &mut [Node]) {
    for at in 0..nodes.len() {
        if nodes[at].id != NEW {
            continue;
        }
        let taken = |id| nodes.iter().any(|node| node.id == id);
        let same = instance
            .nodes()
            .iter()
            .find(|has| has.role == nodes[at].role && has.zone_id == nodes[at].zone_id && !taken(has.id));
        if let Some(id) = same.map(|has| has.id) {
            nodes[at].id = id;
        }
    }
}
