//! What several actions do together, and what the tests of each need.

use super::change::upgrade_instance;
use super::instance::describe_instances;
use super::life::describe_task_info;
use super::order::{create_instances, describe_instance_deal_detail};
use crate::cloud::life::look;
use crate::cloud::{
    Account, Assumed, Call, Cloud, Ids, Instance, Millis, Pace, Settings, TaskId, advance, edition, region,
};
use crate::contract::{Members, Writer, input};

pub(super) const NOW: Millis = 1_541_077_925_000;
pub(super) const ID: &str = "crs-5qlrlhux";

pub(super) fn call() -> Call {
    Call::new(NOW, region::find("ap-guangzhou").unwrap())
}

pub(super) fn cloud(pace: Pace) -> Cloud {
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

pub(super) fn json(answer: &impl Members) -> serde_json::Value {
    let mut out = Writer::new();
    out.object(|out| answer.members(out));
    serde_json::from_slice(out.as_bytes()).unwrap()
}

pub(super) fn upgrade(mem_size: u64) -> input::UpgradeInstance {
    input::UpgradeInstance {
        instance_id: ID.into(),
        mem_size,
        redis_shard_num: None,
        redis_replicas_num: None,
        node_set: Vec::new(),
        switch_option: None,
    }
}

pub(super) fn everything() -> input::DescribeInstances {
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

pub(super) fn order() -> input::CreateInstances {
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
fn created_instances_are_listed_at_once() {
    let mut cloud = cloud(Pace::Held);
    let null = input::ResourceTag {
        tag_key: None,
        tag_value: None,
    };
    let input = input::CreateInstances {
        resource_tags: vec![null],
        goods_num: 3,
        ..order()
    };
    let answer = create_instances(&mut cloud, &call(), input).unwrap();
    assert_eq!(
        (answer.instance_ids.len(), answer.deal_id == answer.deal_name),
        (3, true)
    );
    let input = input::DescribeInstances {
        instance_ids: answer.instance_ids.iter().map(ToString::to_string).collect(),
        ..everything()
    };
    let listed = describe_instances(&cloud, &call(), input).unwrap();
    assert!(listed.total_count == 3 && listed.instance_set.iter().all(|row| row.status == 1));
}

#[test]
fn who_waits_by_task_or_order_has_seen_the_flow() {
    let mut cloud = cloud(Pace::Timed);
    let deal_id = upgrade_instance(&mut cloud, &call(), upgrade(4_096)).unwrap().deal_id;
    let TaskId(task_id) = *cloud.tasks.iter().next().unwrap().0;
    let by_task = call();
    describe_task_info(&cloud, &by_task, input::DescribeTaskInfo { task_id }).unwrap();
    assert_eq!(by_task.shown.into_inner(), [TaskId(task_id)]);
    let (by_deal, after) = (call(), call());
    let input = || input::DescribeInstanceDealDetail {
        deal_ids: Vec::new(),
        deal_name: Some(deal_id.to_string()),
    };
    describe_instance_deal_detail(&cloud, &by_deal, input()).unwrap();
    let shown = by_deal.shown.into_inner();
    assert_eq!(shown, [TaskId(task_id)]);
    look::note_shown(&mut cloud, &shown);
    advance::advance(&mut cloud, NOW + 1_000);
    assert!(cloud.flows.len() == 0);
    describe_instance_deal_detail(&cloud, &after, input()).unwrap();
    assert!(after.shown.into_inner().is_empty());
}
