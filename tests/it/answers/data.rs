//! The rows of redis on what holds data or tells of it: backups, replication groups, audit logs.

use serde_json::{Value, json};

use super::rows::{each, for_action, ids, is_live, of_each_instance};
use super::{Row, Scene, lives};

/// As [`super::rows::ROWS`].
pub(super) const ROWS: &[Row] = &[
    Row {
        action: "DescribeGlobalReplicationArea",
        inputs: |_| vec![json!({})],
    },
    Row {
        action: "DescribeReplicationGroup",
        inputs: |scene| {
            let of = |group: &Value| json!({ "GroupId": group["GroupId"], "Limit": 20, "Offset": 0 });
            let mut inputs: Vec<_> = scene.groups.iter().map(of).collect();
            inputs.push(json!({ "Limit": 1_000, "Offset": 0 }));
            inputs.push(json!({ "Limit": 2, "Offset": 1, "SearchKey": "life" }));
            inputs
        },
    },
    Row {
        action: "DescribeAutoBackupConfig",
        inputs: |scene| each(scene, |one| json!({ "InstanceId": one["InstanceId"] })),
    },
    Row {
        action: "DescribeBackupDetail",
        inputs: backups,
    },
    Row {
        action: "DescribeBackupDownloadRestriction",
        inputs: |_| vec![json!({})],
    },
    Row {
        action: "DescribeBackupEncryptConfig",
        inputs: |scene| each(scene, |one| json!({ "InstanceId": one["InstanceId"] })),
    },
    Row {
        action: "DescribeBackupUrl",
        inputs: good_backups,
    },
    Row {
        action: "DescribeInstanceBackups",
        inputs: |scene| {
            let mut inputs = each(
                scene,
                |one| json!({ "InstanceId": one["InstanceId"], "Status": [1, 2, -1] }),
            );
            inputs.push(json!({ "Limit": 100 }));
            inputs
        },
    },
    Row {
        action: "DescribeReplicationGroupInstance",
        inputs: of_each_instance,
    },
    Row {
        action: "ModifyReplicationGroup",
        inputs: |scene| groups(scene, "ModifyReplicationGroup", &json!({ "Remark": "changed" })),
    },
    Row {
        action: "RemoveReplicationGroup",
        inputs: |scene| groups(scene, "RemoveReplicationGroup", &json!({})),
    },
    Row {
        action: "DescribeSecondLevelBackupInfo",
        inputs: |scene| {
            let has = |one: &&Value| one["BackupMode"] == "SecondLevelBackup";
            let of = |one: &Value| json!({ "InstanceId": one["InstanceId"] });
            scene.instances.iter().filter(has).map(of).collect()
        },
    },
    Row {
        action: "ModifyAutoBackupConfig",
        inputs: |scene| {
            let has = |one: &&Value| one["Type"] != 5 && !lives::is_spoken_for(one);
            let to = |one: &Value| json!({ "InstanceId": one["InstanceId"], "TimePeriod": "05:00-06:00" });
            scene.instances.iter().filter(has).map(to).collect()
        },
    },
    Row {
        action: "ModifyBackupDownloadRestriction",
        inputs: |_| {
            vec![
                json!({ "LimitType": "Customize", "LimitIp": ["10.0.0.0/8"] }),
                json!({ "LimitType": "NoLimit" }),
            ]
        },
    },
    Row {
        action: "CreateExportTask",
        inputs: |scene| audited(scene, span),
    },
    Row {
        action: "DeleteExportTask",
        inputs: |scene| audited(scene, |_| json!({ "FileName": "crs-audited0.tar.gz" })),
    },
    Row {
        action: "DescribeExportTasks",
        inputs: |scene| {
            let of = |id| json!({ "InstanceId": id, "LogType": "auditLog", "Limit": 10, "Offset": 0 });
            ids(&scene.instances).into_iter().map(of).collect()
        },
    },
    Row {
        action: "DescribeInstanceLogDelivery",
        inputs: of_each_instance,
    },
    Row {
        action: "DescribeLogInstanceList",
        inputs: |_| {
            vec![
                json!({ "LogType": "auditLog" }),
                json!({ "LogType": "auditLog", "LogSwitch": "on", "Limit": 100 }),
            ]
        },
    },
    Row {
        action: "ModifyBackupEncrypt",
        inputs: |scene| {
            let runs = |one: &&Value| one["Status"] == 2 && !lives::is_spoken_for(one);
            let to = |one: &Value| json!({ "InstanceId": one["InstanceId"], "BackupEncrypt": true });
            scene.instances.iter().filter(runs).map(to).collect()
        },
    },
    Row {
        action: "DescribeLogs",
        inputs: |scene| audited(scene, span),
    },
    Row {
        action: "ModifyInstanceLogDelivery",
        inputs: |scene| {
            let of = |one: &Value| {
                json!({ "InstanceId": one["InstanceId"], "LogType": "slowlog", "Enabled": true,
                        "LogsetName": "answers", "TopicName": "slow" })
            };
            let delivers = |one: &&Value| one["Type"] != 200;
            scene
                .instances
                .iter()
                .filter(is_live)
                .filter(delivers)
                .map(of)
                .collect()
        },
    },
    Row {
        action: "ModifyLog",
        inputs: |scene| audited(scene, |_| policy()),
    },
];

/// A call for each replication group that is there for that action.
fn groups(scene: &Scene, action: &str, more: &Value) -> Vec<Value> {
    for_action(&scene.groups, ("GroupId", "GroupName"), action, more)
}

/// A call for each backup of an instance that is there.
fn backups(scene: &Scene) -> Vec<Value> {
    let has = |backup: &&Value| {
        let own = |instance: &Value| instance["InstanceId"] == backup["InstanceId"];
        scene.instances.iter().any(own)
    };
    let of = |backup: &Value| json!({ "InstanceId": backup["InstanceId"], "BackupId": backup["BackupId"] });
    scene.backups.iter().filter(has).map(of).collect()
}

/// A call for each of them that nothing makes or reads.
fn good_backups(scene: &Scene) -> Vec<Value> {
    let is_good = |input: &Value| !scene.flows.iter().any(|flow| flow["BackupId"] == input["BackupId"]);
    backups(scene).into_iter().filter(is_good).collect()
}

/// A call for the instance with an audit log that is open, of which an export has been made.
fn audited(scene: &Scene, more: impl Fn(&Value) -> Value) -> Vec<Value> {
    let of = |one: &Value| {
        let mut input = more(one);
        input["InstanceId"] = one["InstanceId"].clone();
        input["LogType"] = json!("auditLog");
        input
    };
    let is_logged = |one: &&Value| one["InstanceId"] == "crs-audited0";
    scene.instances.iter().filter(is_logged).map(of).collect()
}

fn policy() -> Value {
    json!({ "LogSubType": "write", "LogExpireDay": 7, "HighLogExpireDay": 7, "DegradeStrategy": 300 })
}

fn span(_: &Value) -> Value {
    json!({ "StartTime": "2026-11-01 00:00:00", "EndTime": "2026-11-02 00:00:00" })
}
