//! The region service: where a product is sold. Redis alone is known. Two older services tell the zones as well.

use crate::cloud::refusal::bad_value;
use crate::cloud::tags::SERVICE;
use crate::cloud::{Call, Cloud, Refusal, Region, Zone, region};
use crate::contract::{input, output};

/// What can be ordered in; nothing here is ever anything else.
const AVAILABLE: &str = "AVAILABLE";

/// A zone in the shape that two services share. What only the console is told is null, as in the official example.
macro_rules! full_zone {
    ($shape:ident, $zone:expr, $region:expr) => {
        output::$shape {
            zone: $zone.name.into(),
            zone_name: zone_name($zone, $region).into(),
            zone_id: $zone.id.to_string().into(),
            zone_state: AVAILABLE.into(),
            parent_zone: None,
            parent_zone_id: None,
            parent_zone_name: None,
            zone_type: Some("availability-zone".into()),
            machine_room_type_mc: None,
            zone_id_mc: None,
        }
    };
}

/// The zones of the region called that sell redis.
pub(crate) fn region_describe_zones(
    _cloud: &Cloud,
    call: &Call,
    input: input::RegionDescribeZones,
) -> Result<output::RegionDescribeZones, Refusal> {
    check_product(input.product, input.scene)?;
    let zones = call.region.zones.iter();
    let zone_set: Vec<_> = zones
        .map(|zone| full_zone!(RegionZoneInfo, zone, call.region))
        .collect();
    Ok(output::RegionDescribeZones {
        total_count: zone_set.len() as u64,
        zone_set,
    })
}

/// The same zones, told by the `api` service.
pub(crate) fn api_describe_zones(
    _cloud: &Cloud,
    call: &Call,
    input: input::ApiDescribeZones,
) -> Result<output::ApiDescribeZones, Refusal> {
    check_product(input.product, None)?;
    let zones = call.region.zones.iter();
    let zone_set: Vec<_> = zones.map(|zone| full_zone!(ApiZoneInfo, zone, call.region)).collect();
    Ok(output::ApiDescribeZones {
        total_count: zone_set.len() as u64,
        zone_set,
    })
}

/// The same zones, told by the `cvm` service, which names no product.
pub(crate) fn cvm_describe_zones(
    _cloud: &Cloud,
    call: &Call,
    _input: input::CvmDescribeZones,
) -> Result<output::CvmDescribeZones, Refusal> {
    let show = |zone: &Zone| output::CvmZoneInfo {
        zone: zone.name.into(),
        zone_name: zone_name(zone, call.region).into(),
        zone_id: zone.id.to_string().into(),
        zone_state: AVAILABLE.into(),
    };
    let zone_set: Vec<_> = call.region.zones.iter().map(show).collect();
    Ok(output::CvmDescribeZones {
        total_count: zone_set.len() as u64,
        zone_set,
    })
}

/// The regions that sell redis, whatever region was called.
pub(crate) fn describe_regions(
    _cloud: &Cloud,
    _call: &Call,
    input: input::DescribeRegions,
) -> Result<output::DescribeRegions, Refusal> {
    check_product(input.product, input.scene)?;
    let regions = region::all().iter().filter(|region| region.has_redis());
    let region_set: Vec<_> = regions.map(show_region).collect();
    Ok(output::DescribeRegions {
        total_count: region_set.len() as u64,
        region_set,
    })
}

/// The table is redis's own: about another product an empty answer would say that it is nowhere.
fn check_product(product: String, scene: Option<i64>) -> Result<(), Refusal> {
    if product != SERVICE {
        return Err(Refusal::NoSuchProduct { product });
    }
    match scene {
        None | Some(0 | 1) => Ok(()),
        Some(scene) => Err(bad_value("Scene", format!("{scene} is neither 0 nor 1"))),
    }
}

/// `ap-guangzhou-3` is `广州三区`.
fn zone_name(zone: &Zone, region: &Region) -> String {
    const DIGITS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = DIGITS[(zone.id % 10) as usize];
    format!("{}{digit}区", region.display_name)
}

fn show_region(region: &Region) -> output::RegionInfo {
    output::RegionInfo {
        region: region.name.into(),
        region_name: format!("{}({})", region.area, region.display_name).into(),
        region_state: AVAILABLE.into(),
        region_type_mc: None,
        location_mc: None,
        region_name_mc: None,
        region_id_mc: None,
    }
}
