//! What is on sale.

use crate::actions::int;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::order::create_instances;
    use crate::actions::tests::{call, cloud, order};
    use crate::cloud::Pace;
    use crate::cloud::edition::EDITIONS;

    fn products() -> output::DescribeProductInfo {
        describe_product_info(&cloud(Pace::Held), &call(), input::DescribeProductInfo {}).unwrap()
    }

    #[test]
    fn the_regions_are_named_as_clients_look_for_them() {
        let answer = products();
        let guangzhou = &answer.region_set[0];
        let names = [
            &guangzhou.region_id,
            &guangzhou.region_name,
            &guangzhou.region_short_name,
            &guangzhou.area,
        ];
        assert_eq!(names, ["ap-guangzhou", "广州", "GZ", "华南地区"]);
        let zone = &guangzhou.zone_set[2];
        assert_eq!(
            (&*zone.zone_id, &*zone.zone_name, zone.old_zone_id),
            ("ap-guangzhou-3", "ap-guangzhou-3", 100_003)
        );
        assert!(
            answer
                .region_set
                .iter()
                .flat_map(|region| &region.zone_set)
                .all(|zone| !zone.product_set.is_empty())
        );
        assert!(
            !answer
                .region_set
                .iter()
                .any(|region| region.region_id == "ap-guangzhou-open")
        );
    }

    #[test]
    fn what_is_listed_is_what_can_be_had() {
        let answer = products();
        let rows = &answer.region_set[0].zone_set[0].product_set;
        let sold = EDITIONS.iter().filter(|edition| edition.memory.get().is_some()).count();
        assert_eq!(rows.len(), 2 * sold);
        for row in rows {
            let edition = edition::find(row.r#type as u64).unwrap();
            assert_eq!(row.saleout, edition.sale == Sale::Ended);
            for size in &row.shard_size {
                let mem_size = (size.parse::<f64>().unwrap() * 1_024.0) as u64;
                for shards in row.shard_num.iter().map(|shards| shards.parse().unwrap()) {
                    let input = input::CreateInstances {
                        type_id: row.r#type as u64,
                        mem_size,
                        billing_mode: row.pay_mode.parse().unwrap(),
                        redis_shard_num: Some(shards),
                        redis_replicas_num: row.replica_num[0].parse().ok(),
                        password: Some("abcdefg1".into()),
                        dry_run: Some(true),
                        ..order()
                    };
                    let mut rich = cloud(Pace::Held);
                    rich.account.balance_fen = i64::MAX;
                    let done = create_instances(&mut rich, &call(), input).map(drop);
                    assert_eq!(done.is_ok(), !row.saleout, "{} {size} x {shards}: {done:?}", row.r#type);
                    let total = (mem_size * shards as u64) as f64 / 1_024.0;
                    assert!(row.total_size.contains(&total.to_string().into()), "{total}");
                }
            }
        }
    }
}
