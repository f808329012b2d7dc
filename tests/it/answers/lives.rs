//! The actions that change what an instance is: of every edition one instance for each of them, so that they do not get
//! in each other's way.

use crs_local::cloud::Billing;
use crs_local::cloud::Edition;
use crs_local::cloud::catalogue::edition::{Arch, EDITIONS, Sale};
use crs_local::cloud::region;
use serde_json::{Value, json};

use super::rows::edition_of;
use super::{Row, Scene};

/// A row for each of them; see [`super::rows::ROWS`].
pub(super) const ROWS: &[Row] = &[
    Row {
        action: "AllocateWanAddress",
        inputs: |scene| of_each(scene, "AllocateWanAddress", |_| json!({})),
    },
    Row {
        action: "ApplyParamsTemplate",
        inputs: |scene| {
            let mut inputs = of_each(
                scene,
                "ApplyParamsTemplate",
                |one| json!({ "TemplateId": format!("default-param-template-{}", one["Type"]) }),
            );
            for input in &mut inputs {
                let members = input.as_object_mut().expect("an input");
                let id = members.remove("InstanceId");
                members.insert("InstanceIds".into(), json!([id]));
            }
            inputs
        },
    },
    Row {
        action: "AddReplicationInstance",
        inputs: |scene| {
            of_each(
                scene,
                "AddReplicationInstance",
                |one| json!({ "GroupId": group_of(one), "InstanceRole": "rw" }),
            )
        },
    },
    Row {
        action: "ChangeInstanceRole",
        inputs: |scene| {
            of_each(
                scene,
                "ChangeInstanceRole",
                |one| json!({ "GroupId": group_of(one), "InstanceRole": "rw" }),
            )
        },
    },
    Row {
        action: "ChangeMasterInstance",
        inputs: |scene| {
            let to = |one: &Value| json!({ "GroupId": group_of(one), "ForceSwitch": true });
            of_each(scene, "ChangeMasterInstance", to)
        },
    },
    Row {
        action: "CreateReplicationGroup",
        inputs: |scene| {
            of_each(
                scene,
                "CreateReplicationGroup",
                |_| json!({ "GroupName": "answers", "Remark": "made" }),
            )
        },
    },
    Row {
        action: "DeleteReplicationInstance",
        inputs: |scene| {
            let to = |one: &Value| json!({ "GroupId": group_of(one), "SyncType": true });
            of_each(scene, "DeleteReplicationInstance", to)
        },
    },
    Row {
        action: "RemoveReplicationInstance",
        inputs: |scene| {
            let to = |one: &Value| json!({ "GroupId": group_of(one), "SyncType": false });
            of_each(scene, "RemoveReplicationInstance", to)
        },
    },
    Row {
        action: "ChangeReplicaToMaster",
        inputs: |scene| of_each(scene, "ChangeReplicaToMaster", |_| json!({ "Emergency": true })),
    },
    Row {
        action: "CloseSSL",
        inputs: |scene| of_each(scene, "CloseSSL", |_| json!({})),
    },
    Row {
        action: "CleanUpInstance",
        inputs: |scene| of_each(scene, "CleanUpInstance", |_| json!({})),
    },
    Row {
        action: "ClearInstance",
        inputs: |scene| of_each(scene, "ClearInstance", |_| json!({ "Password": "before01" })),
    },
    Row {
        action: "ManualBackupInstance",
        inputs: |scene| {
            of_each(
                scene,
                "ManualBackupInstance",
                |_| json!({ "Remark": "nightly@1", "StorageDays": 30 }),
            )
        },
    },
    Row {
        action: "ModifyInstanceBackupMode",
        inputs: |scene| {
            of_each(
                scene,
                "ModifyInstanceBackupMode",
                |_| json!({ "BackupMode": "SecondLevelBackup" }),
            )
        },
    },
    Row {
        action: "RestoreInstance",
        inputs: |scene| {
            let backup_of = |one: &Value| {
                let restored = |backup: &&Value| {
                    let id = backup["BackupId"].as_str().unwrap_or_default();
                    backup["InstanceId"] == one["InstanceId"] && id.contains("restored")
                };
                scene
                    .backups
                    .iter()
                    .find(restored)
                    .map(|backup| backup["BackupId"].clone())
            };
            of_each(
                scene,
                "RestoreInstance",
                |one| json!({ "BackupId": backup_of(one), "Password": "before01" }),
            )
        },
    },
    Row {
        action: "CreateInstanceAccount",
        inputs: |scene| {
            of_each(scene, "CreateInstanceAccount", |_| {
                json!({ "AccountName": "app", "AccountPassword": "Secret_99", "ReadonlyPolicy": ["master"],
                    "Privilege": "rw", "Remark": "nightly" })
            })
        },
    },
    Row {
        action: "DeleteInstanceAccount",
        inputs: |scene| of_each(scene, "DeleteInstanceAccount", |_| json!({ "AccountName": "app" })),
    },
    Row {
        action: "DestroyPostpaidInstance",
        inputs: |scene| of_each(scene, "DestroyPostpaidInstance", |_| json!({})),
    },
    Row {
        action: "DestroyPrepaidInstance",
        inputs: |scene| of_each(scene, "DestroyPrepaidInstance", |_| json!({})),
    },
    Row {
        action: "DisableReplicaReadonly",
        inputs: |scene| of_each(scene, "DisableReplicaReadonly", |_| json!({})),
    },
    Row {
        action: "EnableReplicaReadonly",
        inputs: |scene| {
            let to = |_: &Value| json!({ "ReadonlyPolicy": ["master", "replication"] });
            of_each(scene, "EnableReplicaReadonly", to)
        },
    },
    Row {
        action: "KillMasterGroup",
        inputs: |scene| {
            let to = |_: &Value| json!({ "Password": "before01", "ShardIds": [0] });
            of_each(scene, "KillMasterGroup", to)
        },
    },
    Row {
        action: "InquiryPriceRenewInstance",
        inputs: |scene| {
            let can = |one: &&Value| one["BillingMode"] == 1 && ![json!(0), json!(1)].contains(&one["Status"]);
            let of = |one: &Value| json!({ "InstanceId": one["InstanceId"], "Period": 36 });
            scene.instances.iter().filter(can).map(of).collect()
        },
    },
    Row {
        action: "ModifyInstanceAvailabilityZones",
        inputs: relocations,
    },
    Row {
        action: "ModifyInstanceChargeType",
        inputs: |scene| {
            let to = |one: &Value| match one["BillingMode"].as_i64().and_then(Billing::from_number) {
                Some(Billing::Prepaid) => json!({ "InstanceChargeType": "POSTPAID" }),
                _ => json!({ "InstanceChargeType": "PREPAID", "Period": 1 }),
            };
            let mut inputs = of_each(scene, "ModifyInstanceChargeType", to);
            for input in &mut inputs {
                let members = input.as_object_mut().expect("an input");
                let id = members.remove("InstanceId");
                members.insert("InstanceIds".into(), json!([id]));
            }
            inputs
        },
    },
    Row {
        action: "ModfiyInstancePassword",
        inputs: |scene| of_each(scene, "ModfiyInstancePassword", |_| exchange()),
    },
    Row {
        action: "ModifyInstancePassword",
        inputs: |scene| of_each(scene, "ModifyInstancePassword", |_| exchange()),
    },
    Row {
        action: "ModifyInstanceAccount",
        inputs: |scene| {
            of_each(
                scene,
                "ModifyInstanceAccount",
                |_| json!({ "AccountName": "app", "AccountPassword": "Secret_98", "Privilege": "w" }),
            )
        },
    },
    Row {
        action: "ModifyConnectionConfig",
        inputs: |scene| {
            let to = |_: &Value| json!({ "Bandwidth": 5, "ClientLimit": 20_000 });
            of_each(scene, "ModifyConnectionConfig", to)
        },
    },
    Row {
        action: "ModifyInstanceParams",
        inputs: |scene| {
            let to = |_: &Value| json!({ "InstanceParams": [{ "Key": "timeout", "Value": "120" }] });
            of_each(scene, "ModifyInstanceParams", to)
        },
    },
    Row {
        action: "ModifyInstanceReadOnly",
        inputs: |scene| of_each(scene, "ModifyInstanceReadOnly", |_| json!({ "InputMode": "1" })),
    },
    Row {
        action: "ModifyNetworkConfig",
        inputs: |scene| {
            let to = |_: &Value| json!({ "Operation": "changeVPort", "VPort": 6_380 });
            of_each(scene, "ModifyNetworkConfig", to)
        },
    },
    Row {
        action: "OpenLog",
        inputs: |scene| {
            let to = |_: &Value| json!({ "LogType": "auditLog", "LogSubType": "all", "LogExpireDay": 30, "HighLogExpireDay": 7 });
            of_each(scene, "OpenLog", to)
        },
    },
    Row {
        action: "CloseLog",
        inputs: |scene| of_each(scene, "CloseLog", |_| json!({ "LogType": "auditLog" })),
    },
    Row {
        action: "OpenSSL",
        inputs: |scene| of_each(scene, "OpenSSL", |_| json!({ "AddressType": 1 })),
    },
    Row {
        action: "ReleaseWanAddress",
        inputs: |scene| of_each(scene, "ReleaseWanAddress", |_| json!({})),
    },
    Row {
        action: "RenewInstance",
        inputs: |scene| {
            of_each(
                scene,
                "RenewInstance",
                |_| json!({ "Period": 1, "ModifyPayMode": "Prepaid" }),
            )
        },
    },
    Row {
        action: "ResetPassword",
        inputs: |scene| {
            of_each(scene, "ResetPassword", |one| match one["UniqVpcId"] == "" {
                true => json!({ "Password": "Secret99" }),
                false => json!({ "NoAuth": true }),
            })
        },
    },
    Row {
        action: "StartupInstance",
        inputs: |scene| of_each(scene, "StartupInstance", |_| json!({})),
    },
    Row {
        action: "SwitchAccessNewInstance",
        inputs: |scene| of_each(scene, "SwitchAccessNewInstance", |_| json!({})),
    },
    Row {
        action: "SwitchInstanceVip",
        inputs: |scene| {
            let mut inputs = of_each(scene, "SwitchInstanceVip", |_| json!({}));
            for input in &mut inputs {
                let source = input["InstanceId"].take();
                let target = source.as_str().expect("an id").replace("life", "swap");
                *input = json!({ "SrcInstanceId": source, "DstInstanceId": target });
            }
            inputs
        },
    },
    Row {
        action: "SwitchProxy",
        inputs: |scene| of_each(scene, "SwitchProxy", |_| json!({})),
    },
    Row {
        action: "UpgradeInstanceProductVersion",
        inputs: |scene| {
            let to = |_: &Value| json!({ "TargetProductVersion": "localv2", "SwitchOption": 2 });
            of_each(scene, "UpgradeInstanceProductVersion", to)
        },
    },
    Row {
        action: "UpgradeInstanceVersion",
        inputs: |scene| {
            let to = |one: &Value| {
                let next = edition_of(one).and_then(next).expect("a higher one");
                json!({ "TargetInstanceType": next.type_id.to_string(), "SwitchOption": 1 })
            };
            of_each(scene, "UpgradeInstanceVersion", to)
        },
    },
    Row {
        action: "UpgradeProxyVersion",
        inputs: |scene| {
            of_each(scene, "UpgradeProxyVersion", |one| {
                json!({ "CurrentProxyVersion": one["CurrentProxyVersion"],
                    "UpgradeProxyVersion": one["UpgradeProxyVersion"], "InstanceTypeUpgradeNow": 1 })
            })
        },
    },
    Row {
        action: "UpgradeSmallVersion",
        inputs: |scene| {
            of_each(scene, "UpgradeSmallVersion", |one| {
                json!({ "CurrentRedisVersion": one["CurrentRedisVersion"],
                    "UpgradeRedisVersion": one["UpgradeRedisVersion"], "InstanceTypeUpgradeNow": 0 })
            })
        },
    },
    Row {
        action: "UpgradeVersionToMultiAvailabilityZones",
        inputs: |scene| {
            let newest = |_: &Value| json!({ "UpgradeProxyAndRedisServer": true });
            of_each(scene, "UpgradeVersionToMultiAvailabilityZones", newest)
        },
    },
];

/// The replication group that an instance is in or is to join.
fn group_of(instance: &Value) -> String {
    let id = instance["InstanceId"].as_str().expect("an id");
    id.replace("crs-life", "crs-rpl-life")
}

/// Who is in the replication group that an action changes; `None`: it changes none that there is.
fn members(action: &str, id: &str) -> Option<Value> {
    let member = |id: &str, role: &str| json!({ "InstanceId": id, "Role": role });
    match action {
        "AddReplicationInstance" => Some(json!([])),
        "DeleteReplicationInstance" | "RemoveReplicationInstance" => Some(json!([member(id, "rw")])),
        "ChangeInstanceRole" | "ChangeMasterInstance" => {
            Some(json!([member(&id.replace("life", "mate"), "rw"), member(id, "r")]))
        }
        _ => None,
    }
}

/// One password for another.
fn exchange() -> Value {
    json!({ "OldPassword": "before01", "Password": "after002" })
}

/// How the ids of backups begin that nobody clones.
pub(super) const NOT_CLONED: &str = "1-3-";

/// How the name of an instance begins that one action alone changes: with its own name behind.
const FOR: &str = "for_";

/// Whether one action alone changes it.
pub(super) fn is_spoken_for(instance: &Value) -> bool {
    let name = instance["InstanceName"].as_str().unwrap_or_default();
    name.contains(FOR)
}

/// The call for each of the action's own instances.
fn of_each(scene: &Scene, action: &str, more: impl Fn(&Value) -> Value) -> Vec<Value> {
    let own = |instance: &&Value| {
        let name = instance["InstanceName"].as_str().unwrap_or_default();
        name.ends_with(&format!("{FOR}{action}"))
    };
    let input = |instance: &Value| {
        let mut input = more(instance);
        input["InstanceId"] = instance["InstanceId"].clone();
        input
    };
    scene.instances.iter().filter(own).map(input).collect()
}

/// What stands in one zone goes to the region's next one; with several, the zones change places.
fn relocations(scene: &Scene) -> Vec<Value> {
    let zones = region::find(scene.region).expect("a region").zones;
    let node = |role: usize, zone: &Value| json!({ "NodeType": i32::from(role > 0), "ZoneId": zone });
    let to = |one: &Value| {
        let mut places: Vec<Value> = match one["NodeSet"].as_array() {
            Some(nodes) if !nodes.is_empty() => nodes.iter().map(|node| node["ZoneId"].clone()).collect(),
            _ => {
                let nodes = 1 + one["RedisReplicasNum"].as_u64().unwrap_or(0);
                let other = zones.iter().find(|zone| one["ZoneId"] != zone.id);
                let other = other.expect("a region of several zones").id;
                (0..nodes).map(|_| json!(other)).collect()
            }
        };
        places.rotate_right(1);
        let nodes: Vec<_> = places
            .iter()
            .enumerate()
            .map(|(at, zone)| {
                let mut node = node(at, zone);
                // Those of an instance over several zones are named by their ids.
                if let Some(id) = one["NodeSet"].get(at).map(|has| &has["NodeId"]) {
                    node["NodeId"] = id.clone();
                }
                node
            })
            .collect();
        json!({ "NodeSet": nodes, "SwitchOption": 2 })
    };
    of_each(scene, "ModifyInstanceAvailabilityZones", to)
}

/// What instances of it can become.
fn next(own: &Edition) -> Option<&'static Edition> {
    EDITIONS.iter().find(|other| {
        let sold = other.sale == Sale::Open && other.engine == own.engine;
        let higher = other.arch == own.arch && other.version > own.version;
        let cluster = own.arch == Arch::Standard && other.arch == Arch::Cluster && other.version == own.version;
        sold && (higher || cluster)
    })
}

/// What an instance of that edition must be for the action; `None`: no such instance can be.
fn state(action: &str, edition: &Edition) -> Option<Value> {
    let (any, prepaid) = (json!({}), json!({ "BillingMode": 1 }));
    let modern = |state: Value| edition.is_modern().then_some(state);
    let network = json!({ "VpcId": "vpc-lives000", "SubnetId": "subnet-lives000" });
    match action {
        "AllocateWanAddress" => modern(network),
        "ReleaseWanAddress" => modern(json!({ "WanAddress": "gz-crs-life0000.sql.tencentcdb.com:21000" })),
        "DeleteInstanceAccount" | "ModifyInstanceAccount" => {
            modern(json!({ "InstanceAccounts": [{ "AccountName": "app" }] }))
        }
        "ModifyInstancePassword" | "ModfiyInstancePassword" => Some(json!({ "Password": "before01" })),
        "ClearInstance" | "RestoreInstance" => Some(json!({ "Password": "before01", "MemUsed": 7 })),
        "ManualBackupInstance" => {
            let second = modern(json!({ "BackupMode": "SecondLevelBackup" }));
            second.or((edition.arch != Arch::Single).then_some(any))
        }
        "CloseLog" => modern(json!({ "AuditLog": {} })),
        "CloseSSL" => modern(json!({ "SSL": { "AddressType": 0 } })),
        _ if action == "CreateReplicationGroup" || members(action, "").is_some() => {
            (6..=9).contains(&edition.type_id).then_some(any)
        }
        "ModifyNetworkConfig" | "SwitchInstanceVip" => Some(any),
        "DisableReplicaReadonly" => modern(json!({ "ReplicasReadonly": true })),
        "KillMasterGroup" => modern(
            json!({ "InstanceName": "over-zones", "Password": "before01", "NodeSet": [
            { "NodeType": 0, "ZoneId": 100_003 }, { "NodeType": 1, "ZoneId": 100_004 }
        ] }),
        ),
        "CleanUpInstance" => Some(json!({ "Status": -3 })),
        "StartupInstance" => Some(json!({ "Status": -2 })),
        "DestroyPrepaidInstance" | "ModifyInstanceChargeType" => Some(prepaid),
        "DestroyPostpaidInstance" | "RenewInstance" | "ResetPassword" => Some(any),
        "UpgradeInstanceVersion" => next(edition).map(|_| json!({ "MemSize": 1_024 })),
        "UpgradeProxyVersion" => modern(json!({ "UpgradeProxyVersion": "99.0.0" })),
        "UpgradeSmallVersion" => modern(json!({ "UpgradeRedisVersion": "99.0.0" })),
        "InquiryPriceRenewInstance" => None,
        _ => modern(any),
    }
}

/// An account with all those instances; what SwitchAccessNewInstance switches waits, and what CloneInstances clones has
/// a backup.
pub(super) fn fixture() -> String {
    let (mut instances, mut tasks) = (Vec::new(), Vec::new());
    let (mut flows, mut backups, mut jobs) = (Vec::new(), Vec::new(), Vec::new());
    let mut groups = vec![
        json!({ "GroupId": "crs-rpl-lives000", "GroupName": format!("{FOR}ModifyReplicationGroup") }),
        json!({ "GroupId": "crs-rpl-lives001", "GroupName": format!("{FOR}RemoveReplicationGroup") }),
    ];
    let actions = ROWS.iter().map(|row| row.action);
    for (at, action) in actions.chain(["CloneInstances"]).enumerate() {
        for edition in EDITIONS {
            let Some(mut instance) = state(action, edition) else {
                continue;
            };
            let number = 1_000 * (at as u64 + 1) + edition.type_id;
            let id = format!("crs-life{number}");
            instance["InstanceId"] = json!(id);
            // The names of those over several zones say so.
            let zones = if instance["NodeSet"].is_array() { "zones_" } else { "" };
            instance["InstanceName"] = json!(format!("{zones}{FOR}{action}"));
            instance["TypeId"] = json!(edition.type_id);
            if action == "SwitchInstanceVip" {
                let target = id.replace("life", "swap");
                instances.push(json!({ "InstanceId": target, "InstanceName": FOR, "TypeId": edition.type_id }));
                jobs.push(json!({ "JobId": format!("dts-{number}"), "SrcInstanceId": id, "DstInstanceId": target }));
            }
            if let Some(members) = members(action, &id) {
                if members.as_array().is_some_and(|members| members.len() > 1) {
                    let mate = id.replace("life", "mate");
                    instances.push(json!({ "InstanceId": mate, "InstanceName": FOR, "TypeId": edition.type_id }));
                }
                groups.push(json!({ "GroupId": group_of(&instance), "Members": members }));
            }
            instances.push(instance);
            if action == "SwitchAccessNewInstance" {
                tasks.push(json!({ "TaskId": number, "TaskType": "002", "InstanceId": id, "Result": 1 }));
                flows.push(
                    json!({ "Id": number, "InstanceId": id, "Action": "UpgradeInstance", "MemSize": 4_096,
                    "SwitchOption": 1 }),
                );
            }
            if action == "CloneInstances" {
                backups.push(json!({ "BackupId": format!("1-2-{number}"), "InstanceId": id }));
            }
            if action == "RestoreInstance" {
                for kind in ["restored", "left"] {
                    let backup_id = format!("{NOT_CLONED}{kind}-{number}");
                    backups.push(json!({ "BackupId": backup_id, "InstanceId": id }));
                }
            }
        }
    }
    let template = |id: &str, action: &str| {
        json!({ "TemplateId": id, "Name": format!("{FOR}{action}"), "ProductType": 8,
            "ParamList": [{ "Key": "hz", "Value": "20" }] })
    };
    let templates = [
        template("crs-cfg-lives000", "ModifyParamTemplate"),
        template("crs-cfg-lives001", "DeleteParamTemplate"),
    ];
    let pair = json!({ "SecretId": "AKIDlocal", "SecretKey": "local" });
    let account = json!({ "Credentials": [pair], "Balance": 100_000_000_000_i64, "PostpaidQuota": 10_000,
        "Instances": instances, "Tasks": tasks, "Flows": flows, "Backups": backups, "DtsJobs": jobs,
        "ParamTemplates": templates, "ReplicationGroups": groups });
    json!({ "Accounts": [account] }).to_string()
}
