//! Every action says what it is to a change under way (`flows` in `contract/facts.json`), and is that.

use crs_local::cloud::life::table::LIFE;
use crs_local::contract::{ACTIONS, FlowUse};

use super::*;

/// A resize that is due a second after the scene begins, with its task and order.
const UNDER_WAY: &str = r#"{
  "Version": 2,
  "Accounts": [{
    "Credentials": [{ "SecretId": "AKIDlocal", "SecretKey": "local" }],
    "Vpcs": [{ "VpcId": "vpc-flows000", "CidrBlock": "10.0.0.0/16" }],
    "Subnets": [{ "SubnetId": "subnet-flows000", "VpcId": "vpc-flows000", "CidrBlock": "10.0.0.0/24" }],
    "SecurityGroups": [{ "SecurityGroupId": "sg-flows000" }],
    "Instances": [{ "InstanceId": "crs-one00000", "TypeId": 8, "MemSize": 1024, "Status": 1, "VpcId": "vpc-flows000",
                    "SubnetId": "subnet-flows000", "SecurityGroupIdList": ["sg-flows000"] }],
    "Deals": [{ "DealId": "77", "Status": 3, "InstanceIds": ["crs-one00000"] }],
    "Tasks": [{ "TaskId": 7, "TaskType": "002", "InstanceId": "crs-one00000" }],
    "Flows": [{ "Id": 7, "InstanceId": "crs-one00000", "DealId": "77", "Action": "UpgradeInstance",
                "MemSize": 2048, "StartTime": "2026-11-24 16:00:00", "Due": "2026-11-24 16:00:01" }],
    "ReplicationGroups": [{ "GroupId": "crs-rpl-flows000",
                            "Members": [{ "InstanceId": "crs-one00000", "Role": "rw" }] }]
  }]
}"#;

/// The replication group that the instance is in.
const GROUP: &str = "crs-rpl-flows000";
/// What it is told who would remove that.
const HAS_MEMBERS: (&str, &str) = ("RemoveReplicationGroup", "InvalidParameter");

/// A call of each action that names the instance where it can, or its task or order. What shows something must succeed;
/// the others may be refused, since what they end, they end first.
fn input(action: &str) -> Value {
    let one = json!({ "InstanceId": ONE });
    let with = |more: Value| {
        let mut input = one.clone();
        for (key, value) in more.as_object().expect("an object") {
            input[key] = value.clone();
        }
        input
    };
    let several = json!({ "InstanceIds": [ONE] });
    let tag = "qcs::redis:ap-guangzhou:uin/:instance/crs-one00000";
    let goods = json!({
        "TypeId": 8, "MemSize": 1_024, "GoodsNum": 1, "Period": 1, "BillingMode": 0, "ZoneId": 100_003,
        "RedisShardNum": 1, "RedisReplicasNum": 1,
    });
    let clone = json!({
        "InstanceId": ONE, "GoodsNum": 1, "ZoneId": 100_003, "BillingMode": 0, "Period": 1,
        "SecurityGroupIdList": ["sg-flows000"], "BackupId": "none",
    });
    match action {
        "CloneInstances" => clone,
        "CreateInstances" | "InquiryPriceCreateInstance" => goods,
        "DescribeInstanceDealDetail" => json!({ "DealIds": ["77"] }),
        "DescribeTaskInfo" => json!({ "TaskId": 7 }),
        "DescribeCommonDBInstances" | "DescribeInstanceSecurityGroup" => several,
        "DescribeInstances" | "DescribeTaskList" => one,
        "DescribeInstanceEvents" => with(json!({
            "ExecutionStartDate": "2026-11-24", "ExecutionEndDate": "2026-11-24",
        })),
        "DescribeInstanceSpecBandwidth" => with(json!({ "ShardSize": 2_048 })),
        "CreateInstanceAccount" => with(json!({
            "AccountName": "app", "AccountPassword": "Secret_99", "ReadonlyPolicy": ["master"], "Privilege": "rw",
        })),
        "ModifyInstanceAccount" => with(json!({ "AccountName": "root" })),
        "DeleteInstanceAccount" => with(json!({ "AccountName": "app" })),
        "DescribeInstanceAccount" => with(json!({ "Limit": 20, "Offset": 0 })),
        "ModifyInstancePassword" | "ModfiyInstancePassword" => {
            with(json!({ "OldPassword": "Secret_98", "Password": "Secret_99" }))
        }
        "ModifyInstancePasswordPolicy" => with(json!({ "PasswordPolicy": { "Enabled": true } })),
        "ApplyParamsTemplate" => json!({ "InstanceIds": [ONE], "TemplateId": "default-param-template-8" }),
        "CreateParamTemplate" => json!({ "Name": "walked", "ProductType": 8 }),
        "DeleteParamTemplate" | "DescribeParamTemplateInfo" | "ModifyParamTemplate" => {
            json!({ "TemplateId": "default-param-template-8" })
        }
        "DescribeParamTemplates" => json!({}),
        "ModifyInstanceParams" => with(json!({ "InstanceParams": [{ "Key": "timeout", "Value": "120" }] })),
        "AddReplicationInstance" | "ChangeInstanceRole" => with(json!({ "GroupId": GROUP, "InstanceRole": "rw" })),
        "RemoveReplicationInstance" | "DeleteReplicationInstance" => {
            with(json!({ "GroupId": GROUP, "SyncType": true }))
        }
        "ChangeMasterInstance" => with(json!({ "GroupId": GROUP })),
        "ModifyReplicationGroup" => json!({ "GroupId": GROUP, "Remark": "walked" }),
        "RemoveReplicationGroup" => json!({ "GroupId": GROUP }),
        "DescribeReplicationGroup" => json!({ "Limit": 20, "Offset": 0 }),
        "DescribeGlobalReplicationArea" => json!({}),
        "ModifyConnectionConfig" => with(json!({ "Bandwidth": 5 })),
        "ModifyNetworkConfig" => with(json!({ "Operation": "changeVPort", "VPort": 6_380 })),
        "SwitchInstanceVip" => json!({ "SrcInstanceId": ONE, "DstInstanceId": "crs-other000" }),
        "ModifyInstanceEvent" => with(json!({ "EventId": 1, "Status": "Canceled" })),
        "ModifyMaintenanceWindow" => with(json!({ "StartTime": "03:00", "EndTime": "04:00" })),
        "DescribeBackupDetail" | "DescribeBackupUrl" | "RestoreInstance" => with(json!({ "BackupId": "none" })),
        "ModifyBackupDownloadRestriction" => json!({ "LimitType": "NoLimit" }),
        "DescribeBackupDownloadRestriction" => json!({}),
        "DescribeInstanceBackups" | "DescribeSecondLevelBackupInfo" => one,
        "ModifyBackupEncrypt" => with(json!({ "BackupEncrypt": true })),
        "ModifyInstanceBackupMode" => with(json!({ "BackupMode": "SecondLevelBackup" })),
        "ClearInstance" => with(json!({ "Password": "Secret_99" })),
        "DescribeProductInfo" | "DescribeRedisClusterOverview" | "DescribeRedisClusters" => {
            json!({})
        }
        "DescribeRegions" | "DescribeZones" => json!({ "Product": "redis" }),
        "AssumeRole" => json!({ "RoleArn": "qcs::cam::uin/100000000001:roleName/ci", "RoleSessionName": "ci" }),
        "GetFederationToken" => json!({ "Name": "ci", "Policy": "%7B%7D" }),
        "GetCallerIdentity" => json!({}),
        "AssociateSecurityGroups" | "DisassociateSecurityGroups" => {
            json!({ "Product": "redis", "SecurityGroupId": "sg-flows000", "InstanceIds": [ONE] })
        }
        "DescribeDBSecurityGroups" => with(json!({ "Product": "redis" })),
        "DescribeProjectSecurityGroup" => json!({}),
        "DescribeProjectSecurityGroups" => json!({ "Product": "redis" }),
        "DescribeResourceTags" => json!({ "ResourceId": ONE }),
        "DescribeResourceTagsByResourceIds" => json!({
            "ServiceType": "redis", "ResourcePrefix": "instance", "ResourceIds": [ONE],
            "ResourceRegion": "ap-guangzhou",
        }),
        "ModifyResourceTags" => json!({
            "Resource": tag, "ReplaceTags": [{ "TagKey": "team", "TagValue": "cache" }],
        }),
        "ModifyDBInstanceSecurityGroups" => with(json!({ "Product": "redis", "SecurityGroupIds": ["sg-flows000"] })),
        "DescribeBaseMetrics" => json!({ "Namespace": "QCE/REDIS_MEM" }),
        "GetMonitorData" => json!({
            "Namespace": "QCE/REDIS_MEM", "MetricName": "MemUtil",
            "Instances": [{ "Dimensions": [{ "Name": "instanceid", "Value": ONE }] }],
        }),
        "ModifyInstance" => {
            json!({ "Operation": "rename", "InstanceIds": [ONE], "InstanceNames": ["named"] })
        }
        "ModifyInstanceAvailabilityZones" => {
            with(json!({ "SwitchOption": 2, "NodeSet": [{ "NodeType": 0, "ZoneId": 100_003 }] }))
        }
        "ModifyInstanceChargeType" => {
            json!({ "InstanceIds": [ONE], "InstanceChargeType": "PREPAID", "Period": 1 })
        }
        "InquiryPriceRenewInstance" | "RenewInstance" => with(json!({ "Period": 1 })),
        "InquiryPriceUpgradeInstance" | "UpgradeInstance" => with(json!({ "MemSize": 4_096 })),
        "ResetPassword" => with(json!({ "Password": "Secret_99" })),
        "UpgradeInstanceProductVersion" => with(json!({ "TargetProductVersion": "localv2", "SwitchOption": 2 })),
        "UpgradeInstanceVersion" => with(json!({ "TargetInstanceType": "15", "SwitchOption": 2 })),
        "UpgradeProxyVersion" => with(json!({
            "CurrentProxyVersion": "5.8.0", "UpgradeProxyVersion": "5.9.0", "InstanceTypeUpgradeNow": 1,
        })),
        "UpgradeSmallVersion" => with(json!({
            "CurrentRedisVersion": "5.0", "UpgradeRedisVersion": "5.1", "InstanceTypeUpgradeNow": 1,
        })),
        "OpenLog" | "ModifyLog" => with(json!({
            "LogType": "auditLog", "LogSubType": "write", "LogExpireDay": 7, "HighLogExpireDay": 7,
            "DegradeStrategy": 300,
        })),
        "CloseLog" => with(json!({ "LogType": "auditLog" })),
        "CreateExportTask" | "DescribeLogs" => with(json!({
            "LogType": "auditLog", "StartTime": "2026-11-23 00:00:00", "EndTime": "2026-11-24 00:00:00",
        })),
        "DeleteExportTask" => with(json!({ "LogType": "auditLog", "FileName": "none.tar.gz" })),
        "DescribeExportTasks" => with(json!({ "LogType": "auditLog", "Limit": 10, "Offset": 0 })),
        "DescribeLogInstanceList" => json!({ "LogType": "auditLog" }),
        "ModifyInstanceLogDelivery" => with(json!({ "LogType": "slowlog", "Enabled": false })),
        other if other.contains("SlowLog") => with(json!({
            "BeginTime": "2026-11-23 00:00:00", "EndTime": "2026-11-24 00:00:00",
        })),
        "DescribeInstanceMonitorBigKey" => with(json!({ "ReqType": 1, "Date": "20261124" })),
        "DescribeInstanceMonitorBigKeySizeDist" | "DescribeInstanceMonitorBigKeyTypeDist" => {
            with(json!({ "Date": "20261124" }))
        }
        "DescribeInstanceMonitorTookDist" => with(json!({ "Date": "20261124", "SpanType": 1 })),
        "DescribeInstanceMonitorHotKey" | "DescribeInstanceMonitorTopNCmd" | "DescribeInstanceMonitorTopNCmdTook" => {
            with(json!({ "SpanType": 1 }))
        }
        "DescribeInstanceSupportFeature" => with(json!({ "FeatureName": "multi-account" })),
        "DescribeInstanceZoneInfo" => one,
        "ModifyInstanceReadOnly" => with(json!({ "InputMode": "1" })),
        "DescribeLogsets" | "DescribeTopics" => json!({}),
        "DeleteTopic" => json!({ "TopicId": "none" }),
        "DeleteLogset" => json!({ "LogsetId": "none" }),
        other if is_of_networks(other) => networks(other),
        other if takes_an_instance_alone(other) => one,
        other => panic!("give {other} a call here that names the instance, its task or its order"),
    }
}

fn is_of_networks(action: &str) -> bool {
    ACTIONS.iter().any(|row| row.name == action && row.service == "vpc")
}

/// A call of the network service, about what the instance uses wherever it names something.
fn networks(action: &str) -> Value {
    let action = ACTIONS.iter().find(|row| row.name == action).expect("an action");
    let needed = action.input.members.iter().filter(|member| member.required);
    let value = |name: &str| match name {
        "VpcId" => json!("vpc-flows000"),
        "SubnetId" => json!("subnet-flows000"),
        "SecurityGroupId" => json!("sg-flows000"),
        "SecurityGroupIds" => json!(["sg-flows000"]),
        "SecurityGroupPolicySet" => json!({ "Ingress": [{ "Action": "DROP", "Port": "ALL" }] }),
        "CidrBlock" => json!("10.0.1.0/24"),
        "CidrBlocks" => json!(["172.16.0.0/24"]),
        "Zone" => json!("ap-guangzhou-3"),
        other => json!(other),
    };
    needed
        .map(|member| (member.name.to_owned(), value(member.name)))
        .collect()
}

/// Whether an InstanceId is all that the action needs.
fn takes_an_instance_alone(action: &str) -> bool {
    let action = ACTIONS.iter().find(|row| row.name == action).expect("an action");
    let mut needed = action.input.members.iter().filter(|member| member.required);
    needed.next().is_some_and(|member| member.name == "InstanceId") && needed.next().is_none()
}

/// The resize of the scene, if it is still there.
async fn resize(scene: &Scene) -> Option<Value> {
    let flows = scene.flows().await;
    flows.into_iter().find(|flow| flow["Id"] == 7)
}

#[tokio::test]
async fn each_action_is_to_a_change_what_the_facts_say() {
    for action in &ACTIONS {
        let (name, input) = (action.name, input(action.name));
        let shows = action.flows == FlowUse::Shows;
        let ends = action.flows == FlowUse::Ends;

        let early = Scene::of(Pace::Timed, UNDER_WAY);
        early.wait(FLOW_TIME_MS - 1);
        let answer = early.call(name, &input).await;
        assert!(!shows || answer["Error"].is_null(), "{name}: {answer:#}");
        let flow = resize(&early)
            .await
            .unwrap_or_else(|| panic!("{name} ends what is not due"));
        assert_eq!(flow["Shown"], shows, "{name} before it is due");

        let late = Scene::of(Pace::Timed, UNDER_WAY);
        late.wait(3_000);
        let answer = late.call(name, &input).await;
        let code = answer["Error"]["Code"].as_str().unwrap_or_default();
        assert!(
            !["InvalidParameter", "MissingParameter", "UnknownParameter"].contains(&code)
                || !ends
                || HAS_MEMBERS == (name, code),
            "{name} does not come to its action: {answer:#}"
        );
        let left = resize(&late).await;
        assert_eq!(left.is_none(), shows || ends, "{name} when it is due: {left:?}");
        let state = late.state().await;
        let of_seven = |task: &&Value| task["TaskId"] == 7;
        let tasks = state["Accounts"][0]["Tasks"].as_array().expect("tasks");
        let ended = if shows || ends {
            json!("2026-11-24 16:00:03")
        } else {
            Value::Null
        };
        assert_eq!(tasks.iter().find(of_seven).expect("it")["EndTime"], ended, "{name}");

        let seen = Scene::of(Pace::Timed, &UNDER_WAY.replace("\"Due\"", "\"Shown\": true, \"Due\""));
        seen.wait(3_000);
        seen.call(name, &input).await;
        assert!(resize(&seen).await.is_none(), "{name}: what was seen is over");
    }
}

#[test]
fn what_begins_a_change_of_an_instance_ends_the_one_before() {
    for row in LIFE.iter().filter(|row| !row.from.is_empty()) {
        let action = ACTIONS.iter().find(|action| action.name == row.action);
        let action = action.expect("a known action");
        assert_eq!(action.flows, FlowUse::Ends, "{}", row.action);
    }
    for action in ACTIONS.iter().filter(|action| action.flows == FlowUse::Ends) {
        // A deletion names the instances that use what it deletes.
        let deletes = action.service == "vpc" && action.name.starts_with("Delete");
        let named = deletes || action.group.is_some() || matches!(action.resource, contract::Resource::Instance(_));
        assert!(named, "{} names no instance whose change it could end", action.name);
    }
}
