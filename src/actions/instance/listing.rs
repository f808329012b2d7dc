//! Instances: listing.

use crate::actions::{int, text};
use crate::cloud::instance::listing;
use crate::cloud::refusal::bad_value;
use crate::cloud::replication::status;
use crate::cloud::time;
use crate::cloud::time::ZERO_DATE;
use crate::cloud::topology::shards;
use crate::cloud::vpc::address;
use crate::cloud::{
    Access, Billing, Call, Cloud, Filter, Flow, FlowKind, Instance, Millis, Network, Node, OrderBy, Page, Refusal,
    Status, Tag,
};
use crate::contract::{Text, input, output};

const LIMIT: u64 = 20;
const MOST: u64 = 1_000;

/// Lists the region's instances that match every filter. An id that means nothing gives an empty list, no error.
pub(crate) fn describe_instances(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstances,
) -> Result<output::DescribeInstances, Refusal> {
    let page = Page {
        order_by: order_by(input.order_by.as_deref())?,
        ascending: ascending(input.order_type)?,
        offset: input.offset.unwrap_or(0),
        limit: input.limit.unwrap_or(LIMIT).min(MOST),
    };
    let monitor_version = cloud.settings.assumed.monitor_version_filters;
    let filter = filter(input, monitor_version)?;
    let (total, found) = listing::find_instances(cloud, call, &filter, &page);
    Ok(output::DescribeInstances {
        total_count: int(total as u64),
        instance_set: found.into_iter().map(|instance| show(cloud, instance)).collect(),
    })
}

pub(super) fn order_by(word: Option<&str>) -> Result<OrderBy, Refusal> {
    match word.filter(|word| !word.trim().is_empty()) {
        None => Ok(OrderBy::default()),
        Some(word) => OrderBy::from_word(word).ok_or_else(|| {
            let known = "projectId, createtime, instancename, type, curDeadline";
            bad_value("OrderBy", format!("{} is none of {known}", word.trim()))
        }),
    }
}

fn ascending(order_type: Option<i64>) -> Result<bool, Refusal> {
    match order_type {
        None | Some(1) => Ok(false),
        Some(0) => Ok(true),
        Some(other) => Err(bad_value(
            "OrderType",
            format!("{other} is neither 1 (descending) nor 0 (ascending)"),
        )),
    }
}

/// Whether MonitorVersion filters is assumed either way.
fn filter(input: input::DescribeInstances, by_monitor_version: bool) -> Result<Filter, Refusal> {
    let billing = text(input.billing_mode).map(|word| {
        let unknown = || bad_value("BillingMode", format!("{word} is neither postpaid nor prepaid"));
        Billing::from_word(&word).ok_or_else(unknown)
    });
    let billing = billing.transpose()?;
    let multi_zone = match text(input.az_mode).as_deref() {
        None => None,
        Some("singleaz") => Some(false),
        Some("multiaz") => Some(true),
        Some(other) => {
            return Err(bad_value("AzMode", format!("{other} is neither singleaz nor multiaz")));
        }
    };
    if let Some(version) = input.type_version.filter(|version| !listing::is_type_version(*version)) {
        return Err(bad_value("TypeVersion", format!("{version} is none of 1, 2 and 3")));
    }
    let mut vpcs = input.uniq_vpc_ids;
    vpcs.extend(input.vpc_ids);
    let mut subnets = input.uniq_subnet_ids;
    subnets.extend(input.subnet_ids);
    Ok(Filter {
        id: text(input.instance_id),
        ids: input.instance_ids,
        name: text(input.instance_name),
        search_key: text(input.search_key),
        search_keys: input.search_keys,
        project_ids: input.project_ids,
        statuses: input.status,
        type_ids: input.type_list,
        type_id: input.r#type,
        auto_renew: input.auto_renew,
        billing,
        type_version: input.type_version,
        engine_word: text(input.engine_name),
        vpcs,
        subnets,
        tags: input
            .instance_tags
            .into_iter()
            .map(|tag| Tag {
                key: tag.tag_key,
                value: tag.tag_value,
            })
            .collect(),
        tag_keys: input.tag_keys,
        product_versions: input.product_versions,
        monitor_version: text(input.monitor_version).filter(|_| by_monitor_version),
        multi_zone,
        vips: Vec::new(),
        names: Vec::new(),
    })
}

/// An instance as the API shows it. Every member is there: clients read many of them without looking whether they are.
fn show(cloud: &Cloud, instance: &Instance) -> output::InstanceSet {
    let (spec, clients) = (&instance.spec, instance.client_range());
    let (vpc_id, subnet_id) = address::numbers(cloud, instance);
    output::InstanceSet {
        instance_name: instance.name.clone().into(),
        instance_id: instance.id.clone().into(),
        appid: int(cloud.account.app_id),
        project_id: instance.project_id,
        region_id: instance.region.id.into(),
        zone_id: instance.zone_id().into(),
        vpc_id,
        subnet_id,
        status: instance.status.number(),
        wan_ip: instance.address.vip.clone().into(),
        port: instance.address.port.into(),
        createtime: time::show(instance.created_at).into(),
        size: spec.total_mb() as f64,
        size_used: 0.0,
        r#type: int(instance.edition.type_id),
        auto_renew_flag: instance.auto_renew.number(),
        deadline_time: moment(instance.deadline_at(), ZERO_DATE),
        engine: instance.edition.engine.name().into(),
        product_type: instance.edition.product_type().into(),
        uniq_vpc_id: network(instance, |network| &network.vpc),
        uniq_subnet_id: network(instance, |network| &network.subnet),
        billing_mode: instance.billing().number(),
        instance_title: title(cloud, instance).into(),
        offline_time: moment(instance.recycle_bin.offline_at, ""),
        sub_status: status::sub_status(cloud, instance),
        tags: Vec::new(),
        instance_node: Vec::new(),
        redis_shard_size: int(spec.mem_mb),
        redis_shard_num: int(spec.shards),
        redis_replicas_num: int(spec.replicas),
        price_id: PRICE_ID,
        close_time: moment(instance.recycle_bin.isolated_at, ZERO_DATE),
        slave_read_weight: 100 * i64::from(instance.replicas_readonly),
        instance_tags: instance.tags.iter().map(show_tag).collect(),
        project_name: instance.project_name().to_owned().into(),
        no_auth: instance.access == Access::NoPassword,
        client_limit: int(instance.clients()),
        dts_status: 0,
        net_limit: int(instance.net_limit()),
        password_free: i64::from(instance.access == Access::NoPassword),
        vip6: text_or_empty(&instance.address.ipv6),
        ipv6: text_or_empty(&instance.address.ipv6),
        read_only: i64::from(instance.read_only),
        remain_bandwidth_duration: "".into(),
        disk_size: 0,
        monitor_version: Instance::MONITOR_VERSION.into(),
        client_limit_min: int(clients.0),
        client_limit_max: int(clients.1),
        node_set: shards::node_set(cloud, instance).iter().map(show_node).collect(),
        region: instance.region.name.into(),
        wan_address: text_or_empty(&instance.address.wan),
        polaris_server: "".into(),
        redis_cluster_id: instance.hardware.redis_cluster_id.clone().map_or("".into(), Text::from),
        dedicated_cluster_id: text_or_empty(&instance.hardware.dedicated_cluster_id),
        product_version: instance.hardware.product_version.clone().into(),
        current_proxy_version: instance.software.proxy_version.clone().into(),
        current_redis_version: instance.software.redis_version.clone().into(),
        upgrade_proxy_version: text_or_empty(&instance.software.newer_proxy_version),
        upgrade_redis_version: text_or_empty(&instance.software.newer_redis_version),
        backup_mode: instance.backup_mode.word().into(),
        delete_protection_switch: i64::from(instance.delete_protection),
    }
}

/// What is not there is an empty text.
fn text_or_empty(text: &Option<String>) -> Text {
    text.clone().unwrap_or_default().into()
}

/// A moment, or what stands in its place.
fn moment(at: Option<Millis>, otherwise: &'static str) -> Text {
    at.map_or(otherwise.into(), |at| time::show(at).into())
}

/// "" in the base network.
fn network(instance: &Instance, id: impl Fn(&Network) -> &String) -> Text {
    let network = instance.network.as_ref();
    network.map_or("".into(), |network| id(network).clone().into())
}

/// The official example's number; what it stands for is not documented.
const PRICE_ID: i64 = 1_000_848;

fn title(cloud: &Cloud, instance: &Instance) -> &'static str {
    let flow = match instance.status {
        Status::InProcess => cloud.flows.shown_of(&instance.id),
        _ => None,
    };
    let adds = |flow: &&Flow| matches!(flow.kind, FlowKind::Create | FlowKind::Clone);
    let named = flow.filter(|flow| cloud.settings.assumed.orders_show_adding || !adds(flow));
    named.map_or_else(|| instance.title(), Flow::title)
}

fn show_tag(tag: &Tag) -> output::InstanceTagInfo {
    output::InstanceTagInfo {
        tag_key: tag.key.clone().into(),
        tag_value: tag.value.clone().into(),
    }
}

/// `ZoneName` is empty in the official example.
fn show_node(node: &Node) -> output::RedisNodeInfo {
    output::RedisNodeInfo {
        node_type: node.role.number(),
        node_id: node.id,
        zone_id: node.zone_id.into(),
        zone_name: "".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::tests::{NOW, call, cloud, everything, json};
    use crate::cloud::{Pace, Spec, edition};

    #[test]
    fn an_instance_is_shown_as_the_official_example_shows_one() {
        let mut cloud = cloud(Pace::Held);
        let mut instance = Instance::new("crs-4nmzc0ul".into(), call().region, edition::find(15).unwrap(), NOW);
        instance.spec = Spec {
            mem_mb: 4_096,
            shards: 1,
            replicas: 2,
        };
        instance.software.proxy_version = "5.8.0".into();
        cloud.instances.insert(instance);
        let input = input::DescribeInstances {
            instance_id: Some("crs-4nmzc0ul".into()),
            ..everything()
        };
        let answer = json(&describe_instances(&cloud, &call(), input).unwrap());
        assert_eq!(answer["TotalCount"], 1);
        let row = &answer["InstanceSet"][0];
        let expected = serde_json::json!({
            "Appid": 1_250_000_000, "AutoRenewFlag": 0, "BillingMode": 0, "ClientLimit": 10_000,
            "ClientLimitMax": 40_000, "ClientLimitMin": 10_000, "CloseTime": "0000-00-00 00:00:00",
            "Createtime": "2018-11-01 21:12:05", "CurrentProxyVersion": "5.8.0", "CurrentRedisVersion": "6.0.0",
            "DeadlineTime": "0000-00-00 00:00:00", "DiskSize": 0, "Engine": "Redis", "InstanceName": "crs-4nmzc0ul", "InstanceTags": [],
            "NetLimit": 24, "NoAuth": false, "NodeSet": [], "OfflineTime": "", "PasswordFree": 0, "Port": 6379,
            "PriceId": 1_000_848, "ProductType": "standalone", "ProductVersion": "local", "ProjectName": "默认项目",
            "RedisReplicasNum": 2, "RedisShardNum": 1, "RedisShardSize": 4_096, "Region": "ap-guangzhou", "RegionId": 1,
            "Size": 4_096, "SlaveReadWeight": 0, "Status": 2, "Type": 15, "UniqVpcId": "", "VpcId": 0, "ZoneId": 100_001,
        });
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&row[name], value, "{name}");
        }
        assert_eq!(row.as_object().unwrap().len(), 61);
        assert!(row.as_object().unwrap().values().all(|value| !value.is_null()));
    }

    #[test]
    fn what_is_not_there_is_an_empty_list() {
        let input = input::DescribeInstances {
            instance_id: Some("crs-00000000".into()),
            ..everything()
        };
        let answer = json(&describe_instances(&cloud(Pace::Held), &call(), input).unwrap());
        assert_eq!(answer, serde_json::json!({"TotalCount": 0, "InstanceSet": []}));
        let past = input::DescribeInstances {
            offset: Some(2),
            limit: Some(2),
            ..everything()
        };
        let answer = json(&describe_instances(&cloud(Pace::Held), &call(), past).unwrap());
        assert_eq!(answer, serde_json::json!({"TotalCount": 1, "InstanceSet": []}));
    }

    #[test]
    fn filters_that_make_no_sense_are_refused() {
        let faults = [
            input::DescribeInstances {
                order_by: Some("size".into()),
                ..everything()
            },
            input::DescribeInstances {
                order_type: Some(2),
                ..everything()
            },
            input::DescribeInstances {
                billing_mode: Some("free".into()),
                ..everything()
            },
            input::DescribeInstances {
                az_mode: Some("both".into()),
                ..everything()
            },
            input::DescribeInstances {
                type_version: Some(4),
                ..everything()
            },
        ];
        for fault in faults {
            let refusal = describe_instances(&cloud(Pace::Held), &call(), fault)
                .map(drop)
                .unwrap_err();
            assert!(matches!(refusal, Refusal::BadValue { .. }), "{refusal:?}");
        }
    }
}
