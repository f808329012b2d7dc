//! The proxies of an instance. As with nodes, their ids follow from the seed until something differs.

use crate::cloud::catalogue::edition::Arch;
use crate::cloud::ids;
use crate::cloud::instance::record::Instance;
use crate::cloud::topology::nodes;
use crate::cloud::topology::nodes::are_told;
use crate::cloud::topology::record::Proxy;

/// A standard instance has so many proxies, and a cluster at least as many.
const LEAST: u64 = 3;

/// The proxies, those of the main zone first. `seed` is that of the account's ids.
pub fn proxies(seed: u64, instance: &Instance) -> Vec<Proxy> {
    let main_zone_id = nodes::zones(instance)[nodes::main(instance)];
    let mut all = in_place(seed, instance);
    all.sort_by_key(|proxy| proxy.zone_id != main_zone_id);
    all
}

/// The same in the order in which they are kept, which no failover changes.
pub(crate) fn in_place(seed: u64, instance: &Instance) -> Vec<Proxy> {
    stated(instance).map_or_else(|| usual(seed, instance), <[Proxy]>::to_vec)
}

/// How many there are.
pub fn count(instance: &Instance) -> u64 {
    by_zone(instance).into_iter().map(|(_, count)| count).sum()
}

/// What an instance says of its proxies itself.
pub fn stated(instance: &Instance) -> Option<&[Proxy]> {
    instance.topology.as_deref()?.proxies.as_deref()
}

/// The proxies as they follow from the seed.
pub(crate) fn usual(seed: u64, instance: &Instance) -> Vec<Proxy> {
    let zones = by_zone(instance).into_iter();
    zones
        .flat_map(|(zone_id, count)| (0..count).map(move |number| usual_proxy(seed, instance, zone_id, number)))
        .collect()
}

/// The so-manieth proxy in that zone: another version, of the instance or of the proxy, has others.
pub(crate) fn usual_proxy(seed: u64, instance: &Instance, zone_id: u32, number: u64) -> Proxy {
    let (version, own) = (instance.edition.version, &instance.software.proxy_version);
    let part = format!("{version}-{own}-proxy-{zone_id}-{number}");
    Proxy {
        id: ids::run_id(seed, &instance.id, &part),
        zone_id,
    }
}

/// How many stand in each zone. The figures are documented for one zone; the official example shows that the figure of
/// a cluster is one for each zone. Of a standard instance they go round the zones, of which each has one.
pub(crate) fn by_zone(instance: &Instance) -> Vec<(u32, u64)> {
    let mut zones: Vec<(u32, u64)> = Vec::new();
    for zone_id in nodes::zones(instance) {
        if !zones.iter().any(|(has, _)| *has == zone_id) {
            zones.push((zone_id, 0));
        }
    }
    if !are_told(instance) || instance.is_direct {
        return Vec::new();
    }
    let (spec, readable, many) = (instance.spec, instance.replicas_readonly, zones.len() as u64);
    for (at, (_, count)) in (0..).zip(&mut zones) {
        *count = match instance.edition.arch {
            Arch::Single | Arch::Standard => {
                let more = if readable { spec.replicas.saturating_sub(1) } else { 0 };
                let all = (LEAST + more).max(many);
                (all + many - 1 - at) / many
            }
            Arch::Cluster => {
                let usual = (spec.shards * 3).div_ceil(2);
                let reading = if readable { spec.shards * spec.replicas } else { 0 };
                usual.max(reading).max(LEAST)
            }
        };
    }
    zones
}
