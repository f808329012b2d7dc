//! The rows of redis, those of `lives.rs` excepted: what lists, orders and describes.

use crs_local::cloud::catalogue::edition::{Arch, EDITIONS, Engine, Sale, Scales};
use crs_local::cloud::edition;
use crs_local::cloud::parameter::catalogue::of_edition;
use crs_local::cloud::{Billing, region};
use serde_json::{Value, json};

use super::{Row, Scene, lives};

/// A row for each implemented action. To add one, give calls that succeed wherever they can be made.
pub(super) const ROWS: &[Row] = &[
    Row {
        action: "AssociateSecurityGroups",
        inputs: |scene| bound(scene, "sg-answers2"),
    },
    Row {
        action: "CloneInstances",
        inputs: clone_instances,
    },
    Row {
        action: "CreateInstances",
        inputs: create_instances,
    },
    Row {
        action: "CreateParamTemplate",
        inputs: |scene| {
            let name = format!("{}-{}", scene.region, scene.templates.len());
            let of = |what: &str| format!("{name}-{what}");
            let mut inputs = vec![
                json!({ "Name": of("plain"), "ProductType": 15, "Description": "answers",
                "ParamList": [{ "Key": "timeout", "Value": "120" }] }),
            ];
            let copies = scene.templates.iter().take(1);
            inputs.extend(copies.map(|own| json!({ "Name": of("copy"), "TemplateId": own["TemplateId"] })));
            inputs
        },
    },
    Row {
        action: "DeleteParamTemplate",
        inputs: |scene| templates(scene, "DeleteParamTemplate", &json!({})),
    },
    Row {
        action: "DescribeInstanceParamRecords",
        inputs: |scene| {
            let of = |one: &Value| json!({ "InstanceId": one["InstanceId"], "Limit": 20 });
            scene.instances.iter().filter(is_live).map(of).collect()
        },
    },
    Row {
        action: "DescribeInstanceParams",
        inputs: |scene| {
            let has = |one: &&Value| edition_of(one).is_some_and(|edition| of_edition(edition).next().is_some());
            let of = |one: &Value| json!({ "InstanceId": one["InstanceId"] });
            scene.instances.iter().filter(is_live).filter(has).map(of).collect()
        },
    },
    Row {
        action: "DescribeParamTemplateInfo",
        inputs: |scene| {
            let mut inputs = templates(scene, "", &json!({}));
            inputs.push(json!({ "TemplateId": "default-param-template-8" }));
            inputs
        },
    },
    Row {
        action: "DescribeParamTemplates",
        inputs: |_| {
            vec![
                json!({}),
                json!({ "TemplateIds": ["default-param-template-8"], "ProductTypes": [8] }),
            ]
        },
    },
    Row {
        action: "ModifyParamTemplate",
        inputs: |scene| {
            let change = json!({ "Description": "changed", "ParamList": [{ "Key": "hz", "Value": "30" }] });
            templates(scene, "ModifyParamTemplate", &change)
        },
    },
    Row {
        action: "DescribeBandwidthRange",
        inputs: |scene| {
            let of = |one: &Value| json!({ "InstanceId": one["InstanceId"] });
            scene.instances.iter().filter(is_modern).map(of).collect()
        },
    },
    Row {
        action: "DescribeCommonDBInstances",
        inputs: |scene| {
            let ids: Vec<_> = ids(&scene.instances).into_iter().take(100).collect();
            vec![
                json!({}),
                json!({ "Limit": 1_000, "OrderByType": "asc" }),
                json!({ "InstanceIds": ids, "PayMode": 0 }),
            ]
        },
    },
    Row {
        action: "DescribeDBSecurityGroups",
        inputs: |scene| {
            let of = |instance: &Value| json!({ "Product": "redis", "InstanceId": instance["InstanceId"] });
            scene.instances.iter().filter(in_network).map(of).collect()
        },
    },
    Row {
        action: "DescribeProjectSecurityGroup",
        inputs: |_| {
            vec![
                json!({}),
                json!({ "ProjectId": 0 }),
                json!({ "SecurityGroupId": "sg-answers0" }),
            ]
        },
    },
    Row {
        action: "DescribeProjectSecurityGroups",
        inputs: |_| {
            vec![
                json!({ "Product": "redis" }),
                json!({ "Product": "redis", "Offset": 1, "Limit": 1 }),
            ]
        },
    },
    Row {
        action: "DisassociateSecurityGroups",
        inputs: |scene| bound(scene, "sg-answers2"),
    },
    Row {
        action: "DescribeInstanceAccount",
        inputs: |scene| {
            let of = |one: &Value| json!({ "InstanceId": one["InstanceId"], "Limit": 50, "Offset": 0 });
            scene.instances.iter().filter(is_modern).map(of).collect()
        },
    },
    Row {
        action: "DescribeInstanceNodeInfo",
        inputs: |scene| {
            let of = |one: &Value| json!({ "InstanceId": one["InstanceId"], "Limit": 20, "Offset": 0 });
            scene.instances.iter().filter(is_modern).map(of).collect()
        },
    },
    Row {
        action: "DescribeInstanceShards",
        inputs: |scene| {
            let cluster = |one: &&Value| {
                let tells = |edition: &edition::Edition| edition.arch == Arch::Cluster && edition.sale != Sale::Ended;
                edition_of(one).is_some_and(tells)
            };
            let of = |one: &Value| {
                let id = &one["InstanceId"];
                [
                    json!({ "InstanceId": id }),
                    json!({ "InstanceId": id, "FilterSlave": true }),
                ]
            };
            scene.instances.iter().filter(cluster).flat_map(of).collect()
        },
    },
    Row {
        action: "DescribeInstanceSupportFeature",
        inputs: |scene| {
            let of = |one: &Value| json!({ "InstanceId": one["InstanceId"], "FeatureName": "auto-failback" });
            scene.instances.iter().map(of).collect()
        },
    },
    Row {
        action: "DescribeInstanceZoneInfo",
        inputs: |scene| {
            let of = |one: &Value| json!({ "InstanceId": one["InstanceId"] });
            scene.instances.iter().filter(is_modern).map(of).collect()
        },
    },
    Row {
        action: "DescribeInstanceDTSInfo",
        inputs: of_each_instance,
    },
    Row {
        action: "DescribeInstanceDealDetail",
        inputs: describe_deals,
    },
    Row {
        action: "DescribeInstanceMonitorBigKey",
        inputs: |scene| of_each_and(scene, &json!({ "ReqType": 2, "Date": "2026-11-20" })),
    },
    Row {
        action: "DescribeInstanceMonitorBigKeySizeDist",
        inputs: |scene| of_each_and(scene, &json!({ "Date": "2026-11-20" })),
    },
    Row {
        action: "DescribeInstanceMonitorBigKeyTypeDist",
        inputs: |scene| of_each_and(scene, &json!({ "Date": "2026-11-20" })),
    },
    Row {
        action: "DescribeInstanceMonitorHotKey",
        inputs: |scene| of_each_and(scene, &json!({ "SpanType": 4 })),
    },
    Row {
        action: "DescribeInstanceMonitorSIP",
        inputs: of_each_instance,
    },
    Row {
        action: "DescribeInstanceMonitorTookDist",
        inputs: |scene| of_each_and(scene, &json!({ "SpanType": 3, "Date": "2026-11-20" })),
    },
    Row {
        action: "DescribeInstanceMonitorTopNCmd",
        inputs: |scene| of_each_and(scene, &json!({ "SpanType": 2 })),
    },
    Row {
        action: "DescribeInstanceMonitorTopNCmdTook",
        inputs: |scene| of_each_and(scene, &json!({ "SpanType": 2 })),
    },
    Row {
        action: "DescribeInstancePasswordPolicy",
        inputs: of_each_instance,
    },
    Row {
        action: "DescribeInstanceSecurityGroup",
        inputs: |scene| {
            let of = |ids: &[Value]| json!({ "InstanceIds": ids });
            ids(&scene.instances).chunks(100).map(of).collect()
        },
    },
    Row {
        action: "DescribeInstanceEvents",
        inputs: |_| {
            let of = |first, last| json!({ "ExecutionStartDate": first, "ExecutionEndDate": last });
            vec![of("2026-01-01", "2026-01-31"), of("9990-06-15", "9990-06-15")]
        },
    },
    Row {
        action: "DescribeInstanceSpecBandwidth",
        inputs: |scene| {
            let mut inputs = of_each_instance(scene);
            inputs.push(json!({ "Type": 16, "ShardSize": 4_096, "ShardNum": 3, "ReplicateNum": 1 }));
            inputs
        },
    },
    Row {
        action: "DescribeInstances",
        inputs: describe_instances,
    },
    Row {
        action: "DescribeMaintenanceWindow",
        inputs: of_each_instance,
    },
    Row {
        action: "DescribeProductInfo",
        inputs: |_| vec![json!({})],
    },
    Row {
        action: "DescribeProxySlowLog",
        inputs: |scene| slow_logs(scene, |_| true),
    },
    Row {
        action: "DescribeRedisClusterOverview",
        inputs: |_| vec![json!({})],
    },
    Row {
        action: "DescribeRedisClusters",
        inputs: |_| vec![json!({}), json!({ "Offset": 1, "Limit": 1 })],
    },
    Row {
        action: "DescribeSSLStatus",
        inputs: |scene| {
            let lives = |one: &&Value| one["Status"].as_i64() >= Some(0);
            let of = |one: &Value| json!({ "InstanceId": one["InstanceId"] });
            scene.instances.iter().filter(lives).map(of).collect()
        },
    },
    Row {
        action: "DescribeSlowLog",
        inputs: |scene| slow_logs(scene, |edition| edition.engine != Engine::Tendis),
    },
    Row {
        action: "DescribeTaskInfo",
        inputs: |scene| {
            let input = |id| json!({ "TaskId": id });
            scene.tasks.iter().map(input).collect()
        },
    },
    Row {
        action: "DescribeTaskList",
        inputs: |scene| {
            let of = |instance: &Value| json!({ "InstanceId": instance["InstanceId"], "Limit": 1 });
            let own = scene.instances.iter().map(of);
            own.chain([json!({}), json!({ "InstanceId": "crs-unknown0" })])
                .collect()
        },
    },
    Row {
        action: "DescribeTendisSlowLog",
        inputs: |scene| slow_logs(scene, |_| true),
    },
    Row {
        action: "InquiryPriceCreateInstance",
        inputs: |scene| orders(scene).iter().map(quote).collect(),
    },
    Row {
        action: "InquiryPriceUpgradeInstance",
        inputs: |scene| upgrades(&scene.instances),
    },
    Row {
        action: "ModifyDBInstanceSecurityGroups",
        inputs: |scene| {
            let groups = json!(["sg-answers0", "sg-answers1"]);
            let of = |instance: &Value| json!({ "Product": "redis", "InstanceId": instance["InstanceId"], "SecurityGroupIds": groups });
            let live = scene.instances.iter().filter(in_network).filter(is_live);
            live.map(of).collect()
        },
    },
    Row {
        action: "ModifyInstance",
        inputs: modify_instance,
    },
    Row {
        action: "ModifyInstanceEvent",
        inputs: |scene| {
            let of = |id| json!({ "InstanceId": id, "EventId": 10, "StartTime": "22:00", "EndTime": "23:01" });
            waiting(scene).map(of).collect()
        },
    },
    Row {
        action: "ModifyInstancePasswordPolicy",
        inputs: |scene| {
            let policy = json!({ "Enabled": true, "MinLetterCount": 0, "MinLength": 9 });
            waiting(scene)
                .map(|id| json!({ "InstanceId": id, "PasswordPolicy": policy }))
                .collect()
        },
    },
    Row {
        action: "ModifyMaintenanceWindow",
        inputs: |scene| {
            let of = |id| json!({ "InstanceId": id, "StartTime": "03:00", "EndTime": "06:00" });
            waiting(scene).map(of).collect()
        },
    },
    Row {
        action: "UpgradeInstance",
        inputs: |scene| {
            // The others stay as they are, so that every state has some that run.
            let every_other: Vec<_> = scene.instances.iter().step_by(2).cloned().collect();
            upgrades(&every_other)
        },
    },
];

/// A call for each template that is there for that action, or for each where none is said.
fn templates(scene: &Scene, action: &str, more: &Value) -> Vec<Value> {
    for_action(&scene.templates, ("TemplateId", "Name"), action, more)
}

pub(super) fn for_action(all: &[Value], (id, name): (&str, &str), action: &str, more: &Value) -> Vec<Value> {
    let is_for = |own: &&Value| own[name].as_str().is_some_and(|name| name.ends_with(action));
    let of = |own: &Value| {
        let mut input = more.clone();
        input[id] = own[id].clone();
        input
    };
    all.iter().filter(is_for).map(of).collect()
}

/// A call for each instance that names it alone.
pub(super) fn of_each_instance(scene: &Scene) -> Vec<Value> {
    let of = |id: Value| json!({ "InstanceId": id });
    ids(&scene.instances).into_iter().map(of).collect()
}

/// A call for each instance, with these members too.
fn of_each_and(scene: &Scene, more: &Value) -> Vec<Value> {
    let more = more.as_object().expect("members");
    let mut inputs = of_each_instance(scene);
    for input in &mut inputs {
        input.as_object_mut().expect("members").extend(more.clone());
    }
    inputs
}

/// Slow logs of the editions that are wanted; what is in the recycle bin tells none.
fn slow_logs(scene: &Scene, wanted: fn(&edition::Edition) -> bool) -> Vec<Value> {
    let tells = |one: &&Value| one["Status"].as_i64() >= Some(0) && edition_of(one).is_some_and(wanted);
    let of = |one: &Value| {
        json!({ "InstanceId": one["InstanceId"], "BeginTime": "2026-11-10 00:00:00",
            "EndTime": "2026-12-01 00:00:00", "MinQueryTime": 1, "Limit": 100, "Offset": 0 })
    };
    scene.instances.iter().filter(tells).map(of).collect()
}

/// The ids of the instances that wait to be initialised, which no other row destroys.
fn waiting(scene: &Scene) -> impl Iterator<Item = Value> {
    let waits = |instance: &&Value| instance["Status"] == 0 && instance["InstanceId"] == "crs-new00000";
    scene
        .instances
        .iter()
        .filter(waits)
        .map(|instance| instance["InstanceId"].clone())
}

/// Only these have security groups.
fn in_network(instance: &&Value) -> bool {
    instance["UniqVpcId"] != ""
}

/// Only these change theirs.
pub(super) fn is_live(instance: &&Value) -> bool {
    instance["Status"].as_i64() >= Some(0)
}

/// A call for a group and all that can have it; none where nothing can.
fn bound(scene: &Scene, group: &str) -> Vec<Value> {
    let live: Vec<_> = scene
        .instances
        .iter()
        .filter(in_network)
        .filter(is_live)
        .cloned()
        .collect();
    let of = |ids: &[Value]| json!({ "Product": "redis", "SecurityGroupId": group, "InstanceIds": ids });
    ids(&live).chunks(100).map(of).collect()
}

fn describe_instances(scene: &Scene) -> Vec<Value> {
    let of = |instance: &Value| json!({ "InstanceId": instance["InstanceId"] });
    let own = scene.instances.iter().map(of);
    let general = [
        json!({}),
        json!({ "Limit": 1_000 }),
        json!({ "InstanceId": "crs-unknown0" }),
    ];
    own.chain(general).collect()
}

fn describe_deals(scene: &Scene) -> Vec<Value> {
    let old = |id: &String| json!({ "DealIds": [id, "20250825297000000000000"] });
    let new = |id: &String| json!({ "DealName": id });
    let deals = &scene.deals;
    deals.iter().map(old).chain(deals.iter().map(new)).collect()
}

/// The next larger size of each instance that runs and can have one.
fn upgrades(instances: &[Value]) -> Vec<Value> {
    let larger = |instance: &Value| {
        let edition = edition_of(instance)?;
        let billing = Billing::from_number(instance["BillingMode"].as_i64()?)?;
        if instance["Status"] != 2 || lives::is_spoken_for(instance) || edition.scales == Scales::Nothing {
            return None;
        }
        let has = instance["RedisShardSize"].as_u64()?;
        let mem_size = edition.sizes_mb(billing).into_iter().find(|mb| *mb > has)?;
        Some(json!({ "InstanceId": instance["InstanceId"], "MemSize": mem_size }))
    };
    instances.iter().filter_map(larger).collect()
}

/// One instance of every edition that is sold, in the region's first zone.
fn orders(scene: &Scene) -> Vec<Value> {
    let zone = &region::find(scene.region).expect("a region").zones[0];
    let order = |edition: &edition::Edition| {
        let (shards, replicas) = (edition.shards.get()?, edition.replicas.get()?);
        Some(json!({
            "TypeId": edition.type_id, "MemSize": 1_024, "GoodsNum": 1, "Period": 1, "BillingMode": 0,
            "RedisShardNum": shards[0], "RedisReplicasNum": replicas[0], "Password": "Secret_99",
            "VpcId": "vpc-answers0", "SubnetId": "subnet-answers0", "ZoneId": zone.id,
        }))
    };
    let sold = EDITIONS.iter().filter(|edition| edition.sale == Sale::Open);
    sold.filter_map(order).collect()
}

/// What the price of that order takes.
fn quote(order: &Value) -> Value {
    let mut quote = order.clone();
    let members = quote.as_object_mut().expect("an order");
    members.retain(|name, _| !["Password", "VpcId", "SubnetId"].contains(&name.as_str()));
    quote
}

/// An order of each edition; of the last one also two prepaid, one in several zones where the region has them, and a
/// dry run.
fn create_instances(scene: &Scene) -> Vec<Value> {
    let mut inputs = orders(scene);
    let last = inputs.last().expect("something is sold").clone();
    let goods = [("GoodsNum", json!(2)), ("BillingMode", json!(1))];
    inputs.push(with(&last, goods));
    inputs.push(with(&last, [("DryRun", json!(true))]));
    let zones = region::find(scene.region).expect("a region").zones;
    if let [one, two, ..] = zones {
        let node = |role, zone: u32| json!({ "NodeType": role, "ZoneId": zone });
        let nodes = json!([node(0, one.id), node(1, two.id)]);
        let in_zones = [("NodeSet", nodes), ("InstanceName", json!("zones"))];
        inputs.push(with(&last, in_zones));
    }
    inputs
}

/// Whether it is of Redis 4.0 or later.
fn is_modern(instance: &&Value) -> bool {
    edition_of(instance).is_some_and(|edition| edition.is_modern())
}

/// A call for each instance, those excepted that one action alone changes.
pub(super) fn each(scene: &Scene, of: fn(&Value) -> Value) -> Vec<Value> {
    let own = |one: &&Value| !lives::is_spoken_for(one);
    scene.instances.iter().filter(own).map(of).collect()
}

/// An order of what each backup of the region holds.
fn clone_instances(scene: &Scene) -> Vec<Value> {
    let zone = &region::find(scene.region).expect("a region").zones[0];
    let has = |backup: &&Value| {
        let own = |instance: &Value| instance["InstanceId"] == backup["InstanceId"];
        let is_kept = backup["BackupId"]
            .as_str()
            .is_some_and(|id| id.starts_with(lives::NOT_CLONED));
        scene.instances.iter().any(own) && !is_kept
    };
    let order = |backup: &Value| {
        json!({
            "InstanceId": backup["InstanceId"], "BackupId": backup["BackupId"], "GoodsNum": 1, "Period": 60,
            "BillingMode": 1, "ZoneId": zone.id, "SecurityGroupIdList": ["sg-answers0"], "Password": "Secret_99",
            "VpcId": "vpc-answers0", "SubnetId": "subnet-answers0",
        })
    };
    scene.backups.iter().filter(has).map(order).collect()
}

/// Each operation on all that live, ten a call. Names stay, but for what cannot be ordered, because the tests tell
/// instances by them.
fn modify_instance(scene: &Scene) -> Vec<Value> {
    let lives = |instance: &&Value| instance["Status"].as_i64() >= Some(0);
    let living: Vec<_> = scene.instances.iter().filter(lives).cloned().collect();
    let mut inputs = Vec::new();
    for ten in living.chunks(10) {
        let name = |one: &Value| {
            let own = one["InstanceName"].as_str().unwrap_or_default();
            own.replace(|c: char| !c.is_alphanumeric() && c != '-', "_")
        };
        let names: Vec<_> = ten.iter().map(name).collect();
        let all = json!({ "InstanceIds": ids(ten) });
        let zeros = json!(vec![0; ten.len()]);
        let operations = [
            ("rename", "InstanceNames", json!(names)),
            ("modifyProject", "ProjectId", json!(3)),
            ("modifyAutoRenew", "AutoRenews", zeros.clone()),
            ("modifyDeleteProtectionSwitch", "DeleteProtectionSwitches", zeros),
        ];
        for (operation, parameter, value) in operations {
            inputs.push(with(&all, [("Operation", json!(operation)), (parameter, value)]));
        }
    }
    inputs
}

pub(super) fn ids(instances: &[Value]) -> Vec<Value> {
    let id = |instance: &Value| instance["InstanceId"].clone();
    instances.iter().map(id).collect()
}

/// What an instance that DescribeInstances showed is one of.
pub(super) fn edition_of(instance: &Value) -> Option<&'static edition::Edition> {
    edition::find(instance["Type"].as_u64()?)
}

/// The input with these members put in or over.
fn with<const N: usize>(input: &Value, more: [(&str, Value); N]) -> Value {
    let mut input = input.clone();
    for (name, value) in more {
        input[name] = value;
    }
    input
}
