//! What `--assume` changes: of each name every choice, as a caller meets it.

use std::process::Command;

use crs_local::Config;
use crs_local::assume::ASSUMPTIONS;
use crs_local::config::Pace;
use serde_json::{Value, json};

use super::gateway::request;
use super::harness::{Answer, App};

/// One name: a state, the calls, and what the last of them answers under each choice, in the order of the table.
struct Shown {
    name: &'static str,
    /// The keys of the one account.
    holds: Value,
    calls: Vec<(&'static str, Value)>,
    /// How often the last call is made.
    times: usize,
    pace: Pace,
    look: fn(&Answer) -> String,
    under: &'static [&'static str],
}

fn shown(
    name: &'static str,
    holds: Value,
    calls: Vec<(&'static str, Value)>,
    look: fn(&Answer) -> String,
    under: &'static [&'static str],
) -> Shown {
    Shown {
        name,
        holds,
        calls,
        times: 1,
        pace: Pace::Timed,
        look,
        under,
    }
}

/// The code, or nothing.
fn code(answer: &Answer) -> String {
    answer.code()
}

/// What stands in the first row of the first list.
fn first_row(answer: &Answer, member: &str) -> String {
    let whole = answer.json();
    let members = whole["Response"].as_object().expect("an answer").values();
    let mut lists = members.filter_map(Value::as_array);
    lists.next().expect("a list")[0][member].to_string()
}

/// The figure that a refusal for too many calls names.
fn limit(answer: &Answer) -> String {
    let message = answer.message();
    let behind = message.split("limit `").nth(1).unwrap_or_default();
    behind.split('`').next().unwrap_or_default().to_owned()
}

fn one(keys: Value) -> Value {
    json!({ "Instances": [keys] })
}

/// An order of a Redis 5.0 with these members on top; null takes one away.
fn order(with: Value) -> Value {
    let mut order = json!({
        "TypeId": 8, "MemSize": 1024, "RedisShardNum": 1, "RedisReplicasNum": 1, "GoodsNum": 1, "Period": 1,
        "BillingMode": 0, "Password": "crs-Local1", "VpcId": "vpc-assume00", "SubnetId": "subnet-assume00",
    });
    for (name, value) in with.as_object().expect("members") {
        match value {
            Value::Null => drop(order.as_object_mut().expect("members").remove(name)),
            value => order[name] = value.clone(),
        }
    }
    order
}

fn create(with: Value) -> Vec<(&'static str, Value)> {
    vec![("CreateInstances", order(with))]
}

fn by_policy(resource: &str) -> Value {
    let policy = json!({ "version": "2.0", "statement": [
        { "effect": "allow", "action": ["redis:*"], "resource": [resource] },
    ] });
    let pair = json!({ "SecretId": "AKIDlocal", "SecretKey": "local", "Policy": policy });
    json!({ "Credentials": [pair], "Instances": [{ "InstanceId": "crs-assume00" }] })
}

/// An instance of Redis 5.0 with nodes in two zones.
fn spread() -> Value {
    one(json!({
        "InstanceId": "crs-assume00", "TypeId": 8, "NodeSet": [
            { "NodeType": 0, "NodeId": 11, "ZoneId": 100003 }, { "NodeType": 1, "NodeId": 12, "ZoneId": 100004 },
        ],
    }))
}

#[rustfmt::skip]
fn rows() -> Vec<Shown> {
    let mut rows = orders();
    rows.extend(changes());
    rows.extend(lists());
    rows
}

#[rustfmt::skip]
fn orders() -> Vec<Shown> {
    let nothing = || json!({});
    let cluster = json!({ "RedisClusters": [{ "RedisClusterId": "crs-cdc-assume00", "DedicatedClusterId": "cluster-assume00" }] });
    let into_cluster = json!({ "ProductVersion": "cdc", "RedisClusterId": "crs-cdc-assume00" });
    let price = order(json!({ "TypeId": 1, "ZoneId": 100003, "Password": null, "VpcId": null, "SubnetId": null }));
    let encrypted = json!({ "Password": "Zm9v", "EncryptPassword": true });
    vec![
        shown("redis28-512mb", nothing(), create(json!({ "TypeId": 2, "MemSize": 512 })), code,
            &["", "LimitExceeded.InvalidMemSize"]),
        shown("base-network", nothing(), create(json!({ "VpcId": null, "SubnetId": null })), code,
            &["UnauthorizedOperation.UserNotInWhiteList", "InvalidParameterValue.BaseNetWorkAccessDeny", ""]),
        shown("missing-replicas", nothing(), create(json!({ "RedisShardNum": null, "RedisReplicasNum": null })), code,
            &["", "FailedOperation.SystemError"]),
        shown("name-characters", nothing(), create(json!({ "InstanceName": "a b!" })), code,
            &["InvalidParameterValue", ""]),
        shown("cloud-version-sale", nothing(), create(json!({ "ProductVersion": "cloud" })), code,
            &["ResourceUnavailable.SaleOut", ""]),
        shown("dedicated-cluster-id", cluster,
            vec![("CreateInstances", order(into_cluster)), ("DescribeInstances", json!({}))],
            |answer| first_row(answer, "DedicatedClusterId"), &["\"cluster-assume00\"", "\"\""]),
        shown("order-title", nothing(), vec![("CreateInstances", order(json!({}))), ("DescribeInstances", json!({}))],
            |answer| first_row(answer, "InstanceTitle"), &["\"添加实例中\"", "\"处理中\""]),
        shown("encrypted-password", nothing(), create(encrypted), code,
            &["", "InvalidParameterValue.PasswordRuleError"]),
        shown("price-of-unsold-type", nothing(), vec![("InquiryPriceCreateInstance", price)], code,
            &["InvalidParameterValue.SpecNotExist", "FailedOperation.SystemError"]),
    ]
}

#[rustfmt::skip]
fn changes() -> Vec<Shown> {
    let id = "crs-assume00";
    let mut clone = order(json!({ "TypeId": null, "MemSize": null, "RedisShardNum": null, "RedisReplicasNum": null }));
    for (name, value) in [("InstanceId", json!(id)), ("BackupId", json!("1-2-3")), ("ZoneId", json!(100_003)),
        ("SecurityGroupIdList", json!(["sg-assume00"])), ("CloneTime", json!("2026-11-24 12:00:00"))] {
        clone[name] = value;
    }
    let backed_up = json!({ "Backups": [{ "BackupId": "1-2-3", "InstanceId": id }],
        "Instances": [{ "InstanceId": id, "TypeId": 8, "Createtime": "2026-11-01 00:00:00" }] });
    let isolated = one(json!({ "InstanceId": id, "Status": -3 }));
    let elsewhere = json!([{ "NodeType": 0, "ZoneId": 100003 }, { "NodeType": 1, "ZoneId": 100006 }]);
    let over = json!({ "InstanceId": id, "BillingMode": 1, "AutoRenew": 2, "Createtime": "2026-10-23 12:00:00",
        "DeadlineTime": "2026-11-23 12:00:00" });
    vec![
        shown("startup-task-id", isolated, vec![("StartupInstance", json!({ "InstanceId": id }))],
            |answer| if answer.json()["Response"]["TaskId"].is_i64() { "a number" } else { "none" }.to_owned(),
            &["none", "a number"]),
        Shown { pace: Pace::Instant, ..shown("window-task", one(json!({ "InstanceId": id })),
            vec![("UpgradeInstance", json!({ "InstanceId": id, "MemSize": 2048, "SwitchOption": 1 })), ("DescribeTaskList", json!({}))],
            |answer| first_row(answer, "Result"), &["2", "1"]) },
        shown("multi-zone-to-cluster", spread(),
            vec![("UpgradeInstanceVersion", json!({ "InstanceId": id, "TargetInstanceType": "9", "SwitchOption": 2 }))], code,
            &["FailedOperation.Unknown", ""]),
        shown("zone-node-ids", spread(),
            vec![("ModifyInstanceAvailabilityZones", json!({ "InstanceId": id, "SwitchOption": 2, "NodeSet": elsewhere }))], code,
            &["InvalidParameter.InvalidParameter", ""]),
        shown("clone-time", backed_up, vec![("CloneInstances", clone)], code,
            &["InvalidParameterValue.CheckNotPass", ""]),
        shown("long-backup-storage", one(json!({ "InstanceId": id })),
            vec![("ManualBackupInstance", json!({ "InstanceId": id, "StorageDays": 8 }))], code,
            &["", "InvalidParameter.InvalidParameter"]),
        shown("backup-download", json!({}), vec![("DescribeBackupDownloadRestriction", json!({}))],
            |answer| answer.json()["Response"]["LimitType"].to_string(), &["\"NoLimit\"", "\"LimitOnlyIntranet\""]),
        shown("never-renewed", one(over), vec![("DescribeInstances", json!({}))],
            |answer| first_row(answer, "Status"), &["-2", "2"]),
    ]
}

#[rustfmt::skip]
fn lists() -> Vec<Shown> {
    let id = "crs-assume00";
    let all = by_policy("qcs::redis:ap-guangzhou::instance/*");
    let old = json!({ "Instances": [{ "InstanceId": id }],
        "Tasks": [{ "TaskId": 7, "TaskType": "002", "InstanceId": id, "StartTime": "2026-10-20 12:00:00" }] });
    let many: Vec<Value> = (0..25).map(|at| json!({ "InstanceId": format!("crs-assume{at:02}") })).collect();
    vec![
        shown("whole-floats", one(json!({ "InstanceId": id, "MemSize": 4096 })), vec![("DescribeInstances", json!({}))],
            |answer| first_row(answer, "Size"), &["4096", "4096.0"]),
        shown("cam-task-list", all.clone(), vec![("DescribeTaskList", json!({ "InstanceId": id }))], code,
            &["", "InvalidParameter.PermissionDenied"]),
        shown("cam-instance-list", all, vec![("DescribeInstances", json!({}))], code,
            &["", "UnauthorizedOperation.NoCAMAuthed"]),
        Shown { times: 36, ..shown("rate-log-instance-list", json!({}), vec![("DescribeLogInstanceList", json!({}))], limit,
            &["35", "20"]) },
        Shown { times: 51, ..shown("rate-instance-events", json!({}), vec![("DescribeInstanceEvents", json!({}))], limit,
            &["50", "20"]) },
        shown("monitor-version", one(json!({ "InstanceId": id })),
            vec![("DescribeInstances", json!({ "MonitorVersion": "1m" }))],
            |answer| answer.json()["Response"]["TotalCount"].to_string(), &["0", "1"]),
        shown("security-groups-of-none", json!({}), vec![("DescribeInstanceSecurityGroup", json!({ "InstanceIds": [] }))], code,
            &["", "InvalidParameter"]),
        shown("replication-types", one(json!({ "InstanceId": id, "TypeId": 8 })),
            vec![("CreateReplicationGroup", json!({ "InstanceId": id }))], code,
            &["InvalidParameterValue.UnSupportedType", ""]),
        shown("replication-master-replicas", one(json!({ "InstanceId": id, "TypeId": 7, "RedisReplicasNum": 1 })),
            vec![("CreateReplicationGroup", json!({ "InstanceId": id }))], code,
            &["InvalidParameterValue.CheckNotPass", ""]),
        shown("replication-zones", json!({ "ReplicationGroups": [{ "GroupId": "crs-rpl-assume00" }],
            "Instances": [{ "InstanceId": id, "TypeId": 7, "ZoneId": 100_003 }] }),
            vec![("AddReplicationInstance", json!({ "InstanceId": id, "GroupId": "crs-rpl-assume00", "InstanceRole": "rw" }))],
            code, &["InvalidParameterValue.CheckNotPass", ""]),
        shown("network-quotas", one(json!({ "InstanceId": id, "VpcId": "vpc-1", "SubnetId": "subnet-1" })),
            vec![("ModifyDBInstanceSecurityGroups", json!({ "Product": "redis", "InstanceId": id, "SecurityGroupIds":
                ["sg-1", "sg-2", "sg-3", "sg-4", "sg-5", "sg-6"] }))], code,
            &["InvalidParameter.InstanceSGOverLimitError", ""]),
        shown("withdrawn-actions", one(json!({ "InstanceId": id })),
            vec![("DescribeInstanceMonitorSIP", json!({ "InstanceId": id }))], code, &["ActionOffline", ""]),
        shown("task-list-reach", old, vec![("DescribeTaskList", json!({ "BeginTime": "2026-10-01 00:00:00" }))],
            |answer| answer.json()["Response"]["TotalCount"].to_string(), &["0", "1"]),
        shown("common-list-limit", json!({ "Instances": many }), vec![("DescribeCommonDBInstances", json!({}))],
            |answer| answer.json()["Response"]["InstanceDetails"].as_array().map_or(0, Vec::len).to_string(), &["25", "20"]),
    ]
}

/// An emulator that holds this, and assumes that.
fn app(row: &Shown, assume: Option<String>) -> App {
    let choice = |text: String| text.parse().unwrap_or_else(|told| panic!("{told}"));
    let config = Config {
        assume: assume.map(choice).into_iter().collect(),
        pace: row.pace,
        ..Config::default()
    };
    App::with_fixture(config, &json!({ "Accounts": [row.holds] }).to_string())
}

async fn call(app: &App, action: &str, input: &Value) -> Answer {
    let text = format!("POST / HTTP/1.1\n{{USUAL}}\nX-TC-Action: {action}\n\n{input}");
    app.call(&request(&text)).await
}

async fn answered(row: &Shown, assume: Option<String>) -> String {
    let app = app(row, assume);
    let (last, before) = row.calls.split_last().expect("a call");
    for (action, input) in before {
        assert_eq!(call(&app, action, input).await.code(), "", "{}", row.name);
    }
    let mut answer = call(&app, last.0, &last.1).await;
    for _ in 1..row.times {
        answer = call(&app, last.0, &last.1).await;
    }
    (row.look)(&answer)
}

#[tokio::test]
async fn every_choice_is_what_a_caller_meets_and_the_default_is_one_of_them() {
    for row in rows() {
        let known = ASSUMPTIONS.iter().find(|known| known.name == row.name);
        let known = known.unwrap_or_else(|| panic!("{} is no assumption", row.name));
        assert_eq!(row.under.len(), known.choices.len(), "{}", row.name);
        for (choice, under) in known.choices.iter().zip(row.under) {
            let chosen = format!("{}={choice}", row.name);
            let met = answered(&row, Some(chosen.clone())).await;
            assert_eq!(met, *under, "{chosen}");
            if *choice == known.default() {
                assert_eq!(answered(&row, None).await, *under, "{} without a choice", row.name);
            }
            let alike = row.under.iter().filter(|other| *other == under).count();
            assert_eq!(alike, 1, "{}: two choices show the same", row.name);
        }
    }
}

#[test]
fn every_assumption_is_shown_and_told_of() {
    let differences = include_str!("../../docs/differences.md");
    let rows = rows();
    for known in ASSUMPTIONS {
        let shown = rows.iter().filter(|row| row.name == known.name).count();
        assert_eq!(shown, 1, "{} has so many rows in this file", known.name);
        let start = format!("- `{}=", known.name);
        let lines: Vec<_> = differences.split("\n- ").map(|line| format!("- {line}")).collect();
        let told: Vec<_> = lines.iter().filter(|line| line.starts_with(&start)).collect();
        let [told] = told.as_slice() else {
            panic!("docs/differences.md has {} items that begin with `{start}`", told.len())
        };
        assert!(told.starts_with(&format!("{start}{}`", known.default())), "{told}");
        assert!(told.contains(&format!("{} %", known.confidence)), "{told}");
        for choice in known.choices.iter().filter(|choice| **choice != known.default()) {
            assert!(told.contains(&format!("`{choice}`")), "`{choice}` is not in {told}");
        }
    }
}

#[test]
fn the_command_prints_the_table_and_refuses_what_is_not_in_it() {
    let run = |arguments: &[&str]| {
        let run = Command::new(env!("CARGO_BIN_EXE_crs-local"))
            .args(arguments)
            .output()
            .expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (run.status.success(), text(&run.stdout), text(&run.stderr))
    };
    let (done, printed, _) = run(&["assumptions"]);
    assert!(done);
    assert_eq!(printed, crs_local::assume::table());
    for (wrong, remedy) in [
        ("network=open", "give one of whole-floats, "),
        ("base-network=shut", "give one of white-list, access-deny, open"),
        ("base-network", "write NAME=VALUE"),
    ] {
        let (done, _, told) = run(&["--assume", wrong]);
        assert!(!done && told.contains(remedy), "{told}");
    }
}
