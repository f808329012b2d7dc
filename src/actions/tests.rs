use super::*;
use crate::cloud::advance;
use crate::cloud::catalogue::edition::{EDITIONS, Sale};
use crate::cloud::life::look;
use crate::cloud::{
    Account, Assumed, Call, Cloud, Ids, Instance, Millis, Pace, Settings, Spec, TaskId, edition, region,
};
use crate::contract::{Members, Writer, output};

const NOW: Millis = 1_541_077_925_000;
const ID: &str = "crs-5qlrlhux";

fn call() -> Call {
    Call::new(NOW, region::find("ap-guangzhou").unwrap())
}

fn cloud(pace: Pace) -> Cloud {
    let account = Account::new(1_250_000_000, "100000000001".into(), 1_000_000);
    let mut cloud = Cloud::new(
        account,
        Settings {
            pace,
            flow_time_ms: 1_000,
            assumed: Assumed::default(),
        },
        Ids::new(1),
    );
    let mut instance = Instance::new(ID.into(), call().region, edition::find(2).unwrap(), NOW);
    instance.address.vip = "10.0.0.2".into();
    cloud.instances.insert(instance);
    cloud
}

fn json(answer: &impl Members) -> serde_json::Value {
    let mut out = Writer::new();
    out.object(|out| answer.members(out));
    serde_json::from_slice(out.as_bytes()).unwrap()
}

fn upgrade(mem_size: u64) -> input::UpgradeInstance {
    input::UpgradeInstance {
        instance_id: ID.into(),
        mem_size,
        redis_shard_num: None,
        redis_replicas_num: None,
        node_set: Vec::new(),
        switch_option: None,
    }
}

fn everything() -> input::DescribeInstances {
    input::DescribeInstances {
        limit: None,
        offset: None,
        instance_id: None,
        order_by: None,
        order_type: None,
        vpc_ids: Vec::new(),
        subnet_ids: Vec::new(),
        search_key: None,
        project_ids: Vec::new(),
        instance_name: None,
        uniq_vpc_ids: Vec::new(),
        uniq_subnet_ids: Vec::new(),
        region_ids: Vec::new(),
        status: Vec::new(),
        type_version: None,
        engine_name: None,
        auto_renew: Vec::new(),
        billing_mode: None,
        r#type: None,
        search_keys: Vec::new(),
        type_list: Vec::new(),
        monitor_version: None,
        instance_tags: Vec::new(),
        tag_keys: Vec::new(),
        product_versions: Vec::new(),
        instance_ids: Vec::new(),
        az_mode: None,
    }
}

fn order() -> input::CreateInstances {
    input::CreateInstances {
        type_id: 8,
        mem_size: 4_096,
        goods_num: 1,
        period: 1,
        billing_mode: 0,
        zone_id: Some(100_002),
        password: Some("crs-Local1".into()),
        vpc_id: Some("vpc-abcdefgh".into()),
        subnet_id: Some("subnet-abcdefgh".into()),
        project_id: None,
        auto_renew: None,
        security_group_id_list: Vec::new(),
        v_port: None,
        redis_shard_num: None,
        redis_replicas_num: Some(1),
        replicas_readonly: None,
        instance_name: None,
        no_auth: None,
        node_set: Vec::new(),
        resource_tags: Vec::new(),
        zone_name: None,
        template_id: None,
        dry_run: None,
        product_version: None,
        redis_cluster_id: None,
        alarm_policy_list: Vec::new(),
        encrypt_password: None,
        password_policy: None,
        enable_ssl: None,
        ssl_bind_private_ipv4: None,
        connection_mode: None,
    }
}

#[test]
fn an_upgrade_is_seen_in_process_and_then_resized() {
    let mut cloud = cloud(Pace::Timed);
    let answer = upgrade_instance(&mut cloud, &call(), upgrade(4_096)).unwrap();
    assert_eq!(answer.deal_id, answer.deal_name);

    let during = call();
    let listed = describe_instances(&cloud, &during, everything()).unwrap();
    let row = &listed.instance_set[0];
    assert_eq!(
        (row.status, row.size, row.instance_title.as_ref()),
        (1, 1_024.0, "配置变更中")
    );
    let shown = during.shown.into_inner();
    assert_eq!(shown, [cloud.flows.shown_of(ID).unwrap().id]);

    look::note_shown(&mut cloud, &shown);
    advance::advance(&mut cloud, NOW + 1_000);
    let after = call();
    let listed = describe_instances(&cloud, &after, everything()).unwrap();
    let row = &listed.instance_set[0];
    assert_eq!(
        (row.status, row.size, row.instance_title.as_ref()),
        (2, 4_096.0, "运行中")
    );
    assert!(after.shown.into_inner().is_empty());

    let by_either = input::DescribeInstanceDealDetail {
        deal_ids: vec![answer.deal_id.clone().into(), "1".into()],
        deal_name: Some(answer.deal_id.into()),
    };
    let deals = describe_instance_deal_detail(&cloud, &call(), by_either)
        .unwrap()
        .deal_details;
    assert_eq!(deals.len(), 1);
    let deal = json(&deals[0]);
    assert_eq!(deal["Status"], 4);
    assert_eq!(deal["InstanceIds"], serde_json::json!([ID]));
    assert_eq!(deal["CreatTime"], "2018-11-01 21:12:05");
    assert_eq!(deal["OverdueTime"], "2018-11-16 21:12:05");
    assert_eq!(deal["EndTime"], "2018-11-01 21:12:06");
    assert_eq!(deal["Description"], "发货成功");
}

#[test]
fn an_instance_is_shown_as_the_official_example_shows_one() {
    let mut cloud = cloud(Pace::Held);
    let mut instance = Instance::new("crs-4nmzc0ul".into(), call().region, edition::find(15).unwrap(), NOW);
    instance.spec = Spec {
        mem_mb: 4_096,
        shards: 1,
        replicas: 2,
    };
    cloud.instances.insert(instance);
    let asked = input::DescribeInstances {
        instance_id: Some("crs-4nmzc0ul".into()),
        ..everything()
    };
    let answer = json(&describe_instances(&cloud, &call(), asked).unwrap());
    assert_eq!(answer["TotalCount"], 1);
    let row = &answer["InstanceSet"][0];
    let expected = serde_json::json!({
        "Appid": 1_250_000_000, "AutoRenewFlag": 0, "BillingMode": 0, "ClientLimit": 10_000, "ClientLimitMax": 40_000,
        "ClientLimitMin": 10_000, "CloseTime": "0000-00-00 00:00:00", "Createtime": "2018-11-01 21:12:05",
        "CurrentProxyVersion": "5.8.0", "CurrentRedisVersion": "6.0.0", "DeadlineTime": "0000-00-00 00:00:00",
        "DiskSize": 0, "Engine": "Redis", "InstanceName": "crs-4nmzc0ul", "InstanceTags": [], "NetLimit": 24,
        "NoAuth": false, "NodeSet": [], "OfflineTime": "", "PasswordFree": 0, "Port": 6379, "PriceId": 1_000_848,
        "ProductType": "standalone", "ProductVersion": "local", "ProjectName": "默认项目", "RedisReplicasNum": 2,
        "RedisShardNum": 1, "RedisShardSize": 4_096, "Region": "ap-guangzhou", "RegionId": 1, "Size": 4_096,
        "SlaveReadWeight": 0, "Status": 2, "Type": 15, "UniqVpcId": "", "VpcId": 0, "ZoneId": 100_001,
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&row[name], value, "{name}");
    }
    assert_eq!(row.as_object().unwrap().len(), 61);
    assert!(row.as_object().unwrap().values().all(|value| !value.is_null()));
}

#[test]
fn what_is_not_there_is_an_empty_list() {
    let asked = input::DescribeInstances {
        instance_id: Some("crs-00000000".into()),
        ..everything()
    };
    let answer = json(&describe_instances(&cloud(Pace::Held), &call(), asked).unwrap());
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

#[test]
fn created_instances_are_listed_at_once() {
    let mut cloud = cloud(Pace::Held);
    let null = input::ResourceTag {
        tag_key: None,
        tag_value: None,
    };
    let asked = input::CreateInstances {
        resource_tags: vec![null],
        goods_num: 3,
        ..order()
    };
    let answer = create_instances(&mut cloud, &call(), asked).unwrap();
    assert_eq!(
        (answer.instance_ids.len(), answer.deal_id == answer.deal_name),
        (3, true)
    );
    let asked = input::DescribeInstances {
        instance_ids: answer.instance_ids.iter().map(ToString::to_string).collect(),
        ..everything()
    };
    let listed = describe_instances(&cloud, &call(), asked).unwrap();
    assert!(listed.total_count == 3 && listed.instance_set.iter().all(|row| row.status == 1));
}

#[test]
fn a_dry_run_answers_no_ids() {
    let mut cloud = cloud(Pace::Held);
    let asked = input::CreateInstances {
        dry_run: Some(true),
        ..order()
    };
    let answer = json(&create_instances(&mut cloud, &call(), asked).unwrap());
    assert_eq!(
        answer,
        serde_json::json!({"DealId": "", "InstanceIds": [], "DealName": ""})
    );
}

#[test]
fn who_waits_by_task_or_order_has_seen_the_flow() {
    let mut cloud = cloud(Pace::Timed);
    let deal_id = upgrade_instance(&mut cloud, &call(), upgrade(4_096)).unwrap().deal_id;
    let TaskId(task_id) = *cloud.tasks.keys().next().unwrap();
    let by_task = call();
    describe_task_info(&cloud, &by_task, input::DescribeTaskInfo { task_id }).unwrap();
    assert_eq!(by_task.shown.into_inner(), [TaskId(task_id)]);
    let (by_deal, after) = (call(), call());
    let asked = || input::DescribeInstanceDealDetail {
        deal_ids: Vec::new(),
        deal_name: Some(deal_id.to_string()),
    };
    describe_instance_deal_detail(&cloud, &by_deal, asked()).unwrap();
    let shown = by_deal.shown.into_inner();
    assert_eq!(shown, [TaskId(task_id)]);
    look::note_shown(&mut cloud, &shown);
    advance::advance(&mut cloud, NOW + 1_000);
    assert!(cloud.flows.is_empty());
    describe_instance_deal_detail(&cloud, &after, asked()).unwrap();
    assert!(after.shown.into_inner().is_empty());
}

#[test]
fn a_task_is_told_by_number_and_in_the_list() {
    let mut cloud = cloud(Pace::Held);
    upgrade_instance(&mut cloud, &call(), upgrade(4_096)).unwrap();
    let TaskId(task_id) = *cloud.tasks.keys().next().unwrap();
    let info = describe_task_info(&cloud, &call(), input::DescribeTaskInfo { task_id }).unwrap();
    assert_eq!((info.status.as_ref(), info.instance_id.as_ref()), ("running", ID));
    advance::drain(&mut cloud, NOW + 9_000);
    let info = describe_task_info(&cloud, &call(), input::DescribeTaskInfo { task_id }).unwrap();
    assert_eq!(info.status, "succeed");
    let unknown = describe_task_info(&cloud, &call(), input::DescribeTaskInfo { task_id: 1 }).map(drop);
    assert_eq!(unknown.unwrap_err(), Refusal::NoSuchTask { id: TaskId(1) });

    let row = &json(&describe_task_list(&cloud, &call(), tasks()).unwrap())["Tasks"][0];
    let expected = serde_json::json!({
        "TaskId": task_id, "StartTime": "2018-11-01 21:12:05", "TaskType": "002", "InstanceName": ID, "InstanceId": ID,
        "ProjectId": 0, "Progress": 1, "EndTime": "2018-11-01 21:12:14", "Result": 2,
    });
    assert_eq!(row, &expected);
}

fn tasks() -> input::DescribeTaskList {
    input::DescribeTaskList {
        instance_id: None,
        instance_name: None,
        limit: None,
        offset: None,
        project_ids: Vec::new(),
        task_types: Vec::new(),
        begin_time: None,
        end_time: None,
        task_status: Vec::new(),
        result: Vec::new(),
        operator_uin: Vec::new(),
        operate_uin: Vec::new(),
    }
}

#[test]
fn a_task_list_takes_times_and_counts() {
    let cloud = cloud(Pace::Held);
    let faults = [
        input::DescribeTaskList {
            begin_time: Some("yesterday".into()),
            ..tasks()
        },
        input::DescribeTaskList {
            limit: Some(-1),
            ..tasks()
        },
        input::DescribeTaskList {
            offset: Some(-1),
            ..tasks()
        },
    ];
    for fault in faults {
        assert!(matches!(
            describe_task_list(&cloud, &call(), fault),
            Err(Refusal::BadValue { .. })
        ));
    }
}

#[test]
fn the_price_of_an_upgrade_is_shown_whole_and_exact() {
    let asked = input::InquiryPriceUpgradeInstance {
        instance_id: ID.into(),
        mem_size: 2_048,
        redis_shard_num: Some(1),
        redis_replicas_num: Some(1),
    };
    let price = inquiry_price_upgrade_instance(&cloud(Pace::Held), &call(), asked).unwrap();
    let expected = serde_json::json!({
        "Price": 42, "HighPrecisionPrice": 42.222224, "OriginalPrice": 42, "HighPrecisionOriginalPrice": 42.222224,
        "Currency": "CNY", "AmountUnit": "pent",
    });
    assert_eq!(json(&price), expected);
}

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
                let asked = input::CreateInstances {
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
                let done = create_instances(&mut rich, &call(), asked).map(drop);
                assert_eq!(done.is_ok(), !row.saleout, "{} {size} x {shards}: {done:?}", row.r#type);
                let total = (mem_size * shards as u64) as f64 / 1_024.0;
                assert!(row.total_size.contains(&total.to_string().into()), "{total}");
            }
        }
    }
}
