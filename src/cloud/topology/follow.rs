//! What becomes of nodes and proxies when the size, the version or the zones of their instance change.

use crate::cloud::catalogue::edition::Edition;
use crate::cloud::ids::InstanceId;
use crate::cloud::instance::node::Placement;
use crate::cloud::instance::record::Instance;
use crate::cloud::life::record::Payload;
use crate::cloud::state::Cloud;
use crate::cloud::topology::nodes;
use crate::cloud::topology::nodes::Picture;
use crate::cloud::topology::proxies;
use crate::cloud::topology::record::{NodeGroup, OwnNodes, Proxy};

/// Whether such a change moves nodes or proxies.
pub(crate) fn is_moved_by(change: &Payload) -> bool {
    matches!(
        change,
        Payload::Resize(_)
            | Payload::Edition(_)
            | Payload::Zones(_)
            | Payload::Versions(_)
            | Payload::ReplicasReadonly(_)
    )
}

/// Another version has other nodes: those of NodeSet have new numbers.
pub(crate) fn renumber(cloud: &mut Cloud, id: &InstanceId, to: &Edition) {
    let Cloud { instances, ids, .. } = cloud;
    let renewed = instances.get(id).is_some_and(|of| of.edition.version != to.version);
    if renewed {
        instances.update(id, |instance| {
            if let Placement::Nodes(nodes) = &mut instance.placement {
                nodes.iter_mut().for_each(|node| node.id = ids.node_id());
            }
        });
    }
}

/// Carries the nodes and proxies of an instance over a change. What stays where it was keeps its ids; what moves, and
/// whatever another version brings, has new ones. `gathers`: the change says which group is the main one, and all
/// masters go there.
pub(crate) fn follow(seed: u64, before: &Instance, after: &mut Instance, gathers: bool) {
    if proxies::stated(before).is_some() {
        let proxies = carry_proxies(seed, before, after);
        after.set_own_proxies(proxies);
    }
    let from = origins(before, after);
    // What follows from the seed goes on following from it where the first groups stay the first.
    let stay = |(at, from): (usize, &Option<usize>)| from.is_none_or(|from| from == at);
    if nodes::own(before).is_some() || !from.iter().enumerate().all(stay) {
        after.set_own_nodes(None);
        carry_nodes(seed, before, after, &from, gathers).put(seed, after);
    }
}

/// The place that each group had before.
fn origins(before: &Instance, after: &Instance) -> Vec<Option<usize>> {
    let (had, has) = (before.nodes(), after.nodes());
    if !had.is_empty() && !has.is_empty() && before.edition.version == after.edition.version {
        let place = |id| had.iter().position(|node| node.id == id);
        return has.iter().map(|node| place(node.id)).collect();
    }
    let (zones, main) = (nodes::zones(before), nodes::main(before));
    let mut order: Vec<usize> = (0..zones.len()).collect();
    let wanted = after.spec.replicas as usize + 1;
    if had.is_empty() == has.is_empty() {
        // In one zone what goes is the last that is not the main one.
        while order.len() > wanted {
            let last = order.iter().rposition(|group| *group != main);
            order.remove(last.unwrap_or(0));
        }
    } else {
        let main_zone_id = after.zone_id();
        order.sort_by_key(|group| (*group != main, zones[*group] != main_zone_id));
        order.truncate(wanted);
        if has.is_empty() {
            order[1..].sort_unstable();
        }
    }
    let kept = order.into_iter().map(Some);
    kept.chain(std::iter::repeat(None)).take(wanted).collect()
}

fn carry_nodes(seed: u64, before: &Instance, after: &Instance, from: &[Option<usize>], gathers: bool) -> Picture {
    let (was, zones) = (Picture::of(seed, before), nodes::zones(after));
    let usual = Picture::of(seed, after);
    let renewed = before.edition.version != after.edition.version;
    let mut last = was.own.groups.iter().max_by_key(|group| group.number).cloned();
    let mut groups: Vec<NodeGroup> = Vec::with_capacity(from.len());
    for ((at, from), zone_id) in from.iter().enumerate().zip(&zones) {
        if renewed {
            groups.push(usual.own.groups[at].clone());
            continue;
        }
        let mut group = match from {
            Some(from) => was.own.groups[*from].clone(),
            None => {
                let newest = last.as_ref();
                let fresh = NodeGroup {
                    id: newest.map_or(0, |newest| newest.id + 1),
                    number: newest.map_or(0, |newest| newest.number + 1),
                    node_ids: Vec::new(),
                };
                last = Some(fresh.clone());
                fresh
            }
        };
        if from.is_some_and(|from| was.zones[from] != *zone_id) {
            group.node_ids.clear();
        }
        group.node_ids.truncate(after.spec.shards as usize);
        for shard in group.node_ids.len() as u64..after.spec.shards {
            group
                .node_ids
                .push(nodes::usual_id(seed, after, shard, group.number, *zone_id));
        }
        groups.push(group);
    }
    let place = |group: usize| from.iter().position(|from| *from == Some(group));
    let main = if usual.is_spread {
        usual.main
    } else {
        place(was.main).unwrap_or(0)
    };
    let master = |shard: u64| {
        let had = was.own.masters.get(shard as usize).filter(|_| !gathers);
        had.and_then(|had| place(*had)).unwrap_or(main)
    };
    let masters = (0..after.spec.shards).map(master).collect();
    let own = OwnNodes { groups, masters };
    Picture {
        own,
        zones,
        main,
        ..usual
    }
}

fn carry_proxies(seed: u64, before: &Instance, after: &Instance) -> Option<Vec<Proxy>> {
    let versions = |of: &Instance| (of.edition.version, of.software.proxy_version.clone());
    let had = proxies::stated(before).filter(|_| versions(before) == versions(after))?;
    let mut all = Vec::new();
    for (zone_id, count) in proxies::by_zone(after) {
        let kept = had.iter().filter(|proxy| proxy.zone_id == zone_id);
        let mut here: Vec<Proxy> = kept.take(count as usize).cloned().collect();
        for number in here.len() as u64..count {
            here.push(proxies::usual_proxy(seed, after, zone_id, number));
        }
        all.append(&mut here);
    }
    (all != proxies::usual(seed, after)).then_some(all)
}
