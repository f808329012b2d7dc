//! DescribeCommonDBInstances: the older list, with words of its own.

use super::listing::order_by;
use crate::actions::{count, int};
use crate::cloud::instance::listing;
use crate::cloud::refusal::bad_value;
use crate::cloud::{Billing, Call, Cloud, Filter, Instance, Page, Refusal, time};
use crate::contract::{input, output};

/// Without `Limit`: the figure of the newest page, and the one before.
const LIMITS: [i64; 2] = [100, 20];
const MOST: i64 = 1_000;
/// The documented most of `InstanceIds`.
const MOST_IDS: usize = 100;

/// Lists instances as the common list of all databases shows them.
pub(crate) fn describe_common_db_instances(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeCommonDBInstances,
) -> Result<output::DescribeCommonDBInstances, Refusal> {
    let given = input.instance_ids.len();
    if given > MOST_IDS {
        let why = format!("it names {given} instances, {MOST_IDS} at most");
        return Err(bad_value("InstanceIds", why));
    }
    let [newer, older] = LIMITS;
    let usual = if cloud.settings.assumed.common_list_shows_100 {
        newer
    } else {
        older
    };
    let page = Page {
        order_by: order_by(input.order_by.as_deref())?,
        ascending: ascending(input.order_by_type.as_deref())?,
        offset: count("Offset", input.offset.unwrap_or(0))?,
        limit: count("Limit", input.limit.unwrap_or(usual).min(MOST))?,
    };
    let numbers = |ids: Vec<i64>| ids.iter().map(i64::to_string).collect::<Vec<_>>();
    let mut vpcs = input.uniq_vpc_ids;
    vpcs.extend(numbers(input.vpc_ids));
    let mut subnets = input.uniq_subnet_ids;
    subnets.extend(numbers(input.subnet_ids));
    let filter = Filter {
        ids: input.instance_ids,
        names: input.instance_names,
        statuses: statuses(&input.status)?,
        billing: billing(input.pay_mode)?,
        vips: input.vips,
        vpcs,
        subnets,
        ..Filter::default()
    };
    let (total, found) = listing::find_instances(cloud, call, &filter, &page);
    Ok(output::DescribeCommonDBInstances {
        total_count: int(total as u64),
        instance_details: found.into_iter().map(|instance| show(cloud, instance)).collect(),
    })
}

fn ascending(word: Option<&str>) -> Result<bool, Refusal> {
    match word.unwrap_or_default() {
        word if word.is_empty() || word.eq_ignore_ascii_case("desc") => Ok(false),
        word if word.eq_ignore_ascii_case("asc") => Ok(true),
        other => Err(bad_value("OrderByType", format!("{other} is neither asc nor desc"))),
    }
}

fn statuses(words: &[String]) -> Result<Vec<i64>, Refusal> {
    let number = |word: &String| {
        let read = word.parse();
        read.map_err(|_| bad_value("Status", format!("{word} is no number of a status")))
    };
    words.iter().map(number).collect()
}

/// As documented for this filter, and the other way round than in the rows: 0 is prepaid, 1 is postpaid.
fn billing(pay_mode: Option<i64>) -> Result<Option<Billing>, Refusal> {
    match pay_mode {
        None => Ok(None),
        Some(0) => Ok(Some(Billing::Prepaid)),
        Some(1) => Ok(Some(Billing::Postpaid)),
        Some(other) => Err(bad_value(
            "PayMode",
            format!("{other} is neither 0 (prepaid) nor 1 (postpaid)"),
        )),
    }
}

fn show(cloud: &Cloud, instance: &Instance) -> output::RedisCommonInstanceList {
    let network = instance.network.as_ref();
    let zone = instance.region.zone(instance.zone_id().into());
    output::RedisCommonInstanceList {
        instance_name: instance.name.clone().into(),
        instance_id: instance.id.clone().into(),
        app_id: int(cloud.account.app_id),
        project_id: instance.project_id,
        region: instance.region.name.into(),
        zone: zone.map_or("", |zone| zone.name).into(),
        // The official example's words for an instance without.
        vpc_id: network.map_or("unknown-unVpcId".into(), |network| network.vpc.clone().into()),
        subnet_id: network.map_or("unknown-unSubnetId".into(), |network| network.subnet.clone().into()),
        status: instance.status.number().to_string().into(),
        vips: vec![instance.address.vip.clone().into()],
        vport: instance.address.port.into(),
        createtime: time::show(instance.created_at).into(),
        pay_mode: instance.billing().number(),
        net_type: i64::from(network.is_some()),
    }
}
