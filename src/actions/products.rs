//! What is on sale.

use super::int;
use crate::cloud::catalogue::edition::{Engine, Sale};
use crate::cloud::catalogue::stock;
use crate::cloud::region;
use crate::cloud::{Billing, Call, Cloud, Refusal};
use crate::cloud::{Edition, edition};
use crate::contract::{Text, input, output};

/// Every region with all it sells, whatever region was called: one row per type and billing mode, with exactly the
/// sizes that CreateInstances takes. Types that only live on are listed as sold out.
pub(crate) fn describe_product_info(
    cloud: &Cloud,
    _call: &Call,
    _input: input::DescribeProductInfo,
) -> Result<output::DescribeProductInfo, Refusal> {
    let region_set = region::all()
        .iter()
        .filter(|region| region.has_redis())
        .map(|region| show_region(cloud, region))
        .collect();
    Ok(output::DescribeProductInfo { region_set })
}

fn show_region(cloud: &Cloud, region: &region::Region) -> output::RegionConf {
    output::RegionConf {
        region_id: region.name.into(),
        region_name: region.display_name.into(),
        region_short_name: region.short_name.to_uppercase().into(),
        area: region.area.into(),
        zone_set: region
            .zones
            .iter()
            .enumerate()
            .map(|(at, zone)| show_zone(cloud, zone, at == 0, region))
            .collect(),
    }
}

/// Clients look a zone up by its name in either member, so both hold it.
fn show_zone(cloud: &Cloud, zone: &region::Zone, first: bool, region: &region::Region) -> output::ZoneCapacityConf {
    let networks = ["basenet", "vpcnet"].into_iter();
    let offered = networks.skip(usize::from(region.financial));
    output::ZoneCapacityConf {
        zone_id: zone.name.into(),
        zone_name: zone.name.into(),
        is_saleout: stock::is_zone_sold_out(cloud, zone),
        is_default: first,
        net_work_type: offered.map(Text::from).collect(),
        product_set: products(cloud, zone),
        old_zone_id: zone.id.into(),
    }
}

fn products(cloud: &Cloud, zone: &region::Zone) -> Vec<output::ProductConf> {
    let rows = edition::EDITIONS
        .iter()
        .flat_map(|edition| Billing::ALL.map(|billing| show_product(cloud, zone, edition, billing)));
    rows.filter(|row| !row.shard_size.is_empty()).collect()
}

fn show_product(cloud: &Cloud, zone: &region::Zone, edition: &Edition, billing: Billing) -> output::ProductConf {
    let sizes = stock::order_sizes_mb(cloud, edition, billing);
    let shards = edition.shards.get().unwrap_or_default();
    let mut totals: Vec<u64> = sizes
        .iter()
        .flat_map(|mb| shards.iter().map(move |count| mb * count))
        .collect();
    totals.sort_unstable();
    totals.dedup();
    output::ProductConf {
        r#type: int(edition.type_id),
        type_name: edition.type_name().into(),
        min_buy_num: 1,
        max_buy_num: int(billing.most_goods()),
        saleout: edition.sale == Sale::Ended || stock::is_sold_out(cloud, zone.id, edition.type_id),
        engine: engine(edition.engine).into(),
        version: edition.version.into(),
        total_size: totals.into_iter().map(gigabytes).collect(),
        shard_size: sizes.into_iter().map(gigabytes).collect(),
        replica_num: edition.replicas.get().unwrap_or_default().iter().map(number).collect(),
        shard_num: shards.iter().map(number).collect(),
        pay_mode: billing.number().to_string().into(),
        enable_repica_read_only: edition.replicas_readonly,
        enable_replica_read_only: edition.replicas_readonly,
    }
}

/// The official example has another word for Redis here.
fn engine(engine: Engine) -> &'static str {
    match engine {
        Engine::Redis => "社区版Redis",
        other => other.name(),
    }
}

/// 256 MB is `0.25`, 4096 MB is `4`.
fn gigabytes(mb: u64) -> Text {
    // A whole number is written without a fraction.
    (mb as f64 / 1024.0).to_string().into()
}

fn number(number: &u64) -> Text {
    number.to_string().into()
}
