//! Where instances may be in a replication group.

use crate::cloud::catalogue::region;
use crate::cloud::catalogue::region::{Region, Zone};

/// The documented zones. Those that sell no Redis here are of no use until they do.
const ZONES: &[&str] = &[
    "ap-guangzhou-4",
    "ap-guangzhou-5",
    "ap-guangzhou-6",
    "ap-guangzhou-7",
    "ap-shanghai-4",
    "ap-shanghai-5",
    "ap-shanghai-6",
    "ap-shanghai-7",
    "ap-beijing-5",
    "ap-beijing-7",
    "ap-nanjing-2",
    "ap-nanjing-3",
    "ap-tianjin-2",
    "ap-shenzhen-4",
    "ap-chengdu-1",
    "ap-hongkong-2",
    "ap-hongkong-3",
    "ap-singapore-2",
    "ap-singapore-4",
    "ap-bangkok-2",
    "eu-frankfurt-2",
    "na-siliconvalley-2",
    "na-ashburn-2",
    "sa-saopaulo-1",
];

/// The regions that have such zones, with these.
pub fn areas() -> impl Iterator<Item = (&'static Region, Vec<&'static Zone>)> {
    let of = |region: &'static Region| {
        let zones: Vec<_> = region.zones.iter().filter(|zone| ZONES.contains(&zone.name)).collect();
        (!zones.is_empty()).then_some((region, zones))
    };
    region::all().iter().filter_map(of)
}

/// Whether the zone of that number is one of them.
pub(crate) fn has_zone(region: &Region, zone_id: u32) -> bool {
    let zone = region.zone(zone_id.into());
    zone.is_some_and(|zone| ZONES.contains(&zone.name))
}
