//! The same steps over the API: at any moment the state can be read and put into another emulator, which goes on as the
//! first would.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crs_local::Config;
use crs_local::cloud::Pace;
use crs_local::config::{self, Limit, RateLimits};
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_json::{Value, json};

use super::super::golden;
use super::super::harness::{App, NOW_MS, Raw};
use super::draws;
use super::parameter::PARAMS;
use super::start::starts;
use super::step::{Goods, Pick, Setting, Size, Step, Steps, steps};
use super::world::ensure;

const CASES: u32 = 150;

/// An instance of each kind that matters, in another state each.
pub(crate) const FIXTURE: &str = r#"{
  "Accounts": [{
    "Balance": 100000000,
    "Credentials": [{ "SecretId": "AKIDlocal", "SecretKey": "local" }],
    "Instances": [
      { "InstanceId": "crs-old00000", "TypeId": 2, "MemSize": 1024,
        "UpgradeProxyVersion": "5.9.0", "UpgradeRedisVersion": "2.8.99" },
      { "InstanceId": "crs-cluster0", "TypeId": 7, "MemSize": 1024, "RedisShardNum": 3,
        "BillingMode": 1, "Period": 2 },
      { "InstanceId": "crs-renewing", "TypeId": 8, "MemSize": 1024, "BillingMode": 1,
        "AutoRenew": 1, "DeadlineTime": "2026-11-24 17:00:00" },
      { "InstanceId": "crs-lapsed00", "TypeId": 8, "MemSize": 1024, "BillingMode": 1,
        "DeadlineTime": "2026-11-21 17:00:00" },
      { "InstanceId": "crs-spread00", "TypeId": 6, "MemSize": 2048, "RedisReplicasNum": 2,
        "VpcId": "vpc-states00", "SubnetId": "subnet-states00",
        "NodeSet": [{ "NodeType": 0, "ZoneName": "ap-guangzhou-3" },
                    { "NodeType": 1, "ZoneName": "ap-guangzhou-4" },
                    { "NodeType": 1, "ZoneName": "ap-guangzhou-6" }] },
      { "InstanceId": "crs-isolated", "TypeId": 8, "Status": -2, "BillingMode": 1 },
      { "InstanceId": "crs-member00", "TypeId": 8, "BillingMode": 1, "AutoRenew": 2,
        "DeadlineTime": "2026-11-25 17:00:00" },
      { "InstanceId": "crs-member01", "TypeId": 8 },
      { "InstanceId": "crs-deleting", "TypeId": 9, "Status": -3 }
    ],
    "ReplicationGroups": [{ "GroupId": "crs-rpl-states00",
      "Members": [{ "InstanceId": "crs-member00", "Role": "rw" }, { "InstanceId": "crs-member01", "Role": "r" }] }],
    "Backups": [{ "BackupId": "100000000-1000001-1795507200", "InstanceId": "crs-spread00" }]
  }],
  "Clock": { "Mode": "manual", "Now": "2026-11-24T08:00:00Z" }
}"#;

#[test]
fn a_snapshot_goes_on_as_the_original() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let accepted = RefCell::new(BTreeSet::new());
    let told = TestRunner::new(draws(CASES)).run(&(starts(), steps()), |(start, steps)| {
        let told = runtime.block_on(one_history(start.pace, &steps, &accepted));
        told.map_err(TestCaseError::fail)
    });
    if let Err(fault) = told {
        panic!("{fault}");
    }
    let accepted = accepted.into_inner().into_iter().map(str::to_owned).collect();
    golden::took("wire.rs", &accepted);
}

pub(super) fn app(pace: Pace, seed: u64) -> App {
    let config = Config {
        pace: match pace {
            Pace::Timed => config::Pace::Timed,
            Pace::Instant => config::Pace::Instant,
            Pace::Held => config::Pace::Held,
        },
        rate_limit: RateLimits::from(Limit::Off),
        seed: Some(seed),
        ..Config::default()
    };
    App::with_fixture(config, FIXTURE)
}

async fn one_history(pace: Pace, steps: &Steps, accepted: &RefCell<BTreeSet<&'static str>>) -> Result<(), String> {
    let original = app(pace, 7);
    let (first, second) = steps.0.split_at(steps.0.len() / 2);
    for step in first {
        run(&original, step, accepted).await;
    }
    let state = original.controlled("GET", "/_crs/state", "").await;
    let restored = app(pace, 7);
    let (status, told) = restored.control("PUT", "/_crs/state", &state.to_string()).await;
    ensure!(status == 200, "the state is refused: {told:#}\n{state:#}");
    let put = restored.controlled("GET", "/_crs/state", "").await;
    ensure!(put == state, "what was put is\n{put:#}\nnot\n{state:#}");
    for step in second {
        let (one, two) = (
            run(&original, step, accepted).await,
            run(&restored, step, accepted).await,
        );
        ensure!(one == two, "{step:?} answers\n{one:#}\nand\n{two:#}");
        let states = [&original, &restored].map(|app| app.controlled("GET", "/_crs/state", ""));
        let [one, two] = states;
        let (one, two) = (one.await, two.await);
        ensure!(one == two, "after {step:?}\n{one:#}\nis not\n{two:#}");
    }
    Ok(())
}

/// Carries out a step; what was answered.
async fn run(app: &App, step: &Step, accepted: &RefCell<BTreeSet<&'static str>>) -> Value {
    let state = app.controlled("GET", "/_crs/state", "").await;
    let account = &state["Accounts"][0];
    let flow = |byte: u8| {
        let flows = account["Flows"].as_array()?;
        Some(flows.get(usize::from(byte).checked_rem(flows.len())?)?["Id"].clone())
    };
    let control = async |path: String, body: String| app.control("POST", &path, &body).await.1;
    match *step {
        Step::Wait(ms) => {
            let body = json!({ "Seconds": ms as f64 / 1_000.0 }).to_string();
            control("/_crs/clock/advance".into(), body).await
        }
        Step::Drain => control("/_crs/flows/drain".into(), String::new()).await,
        Step::FinishFlow(byte) => match flow(byte) {
            Some(id) => control(format!("/_crs/flows/{id}/step"), String::new()).await,
            None => Value::Null,
        },
        Step::FailFlow(byte) => match flow(byte) {
            Some(id) => control(format!("/_crs/flows/{id}/fail"), String::new()).await,
            None => Value::Null,
        },
        _ => {
            let (action, input) = request(account, step);
            let answer = app.call(&raw(action, &input)).await;
            if answer.code().is_empty() {
                accepted.borrow_mut().insert(action);
            }
            answer.json()
        }
    }
}

pub(super) fn raw(action: &str, input: &Value) -> Raw {
    let body = input.to_string();
    let (seconds, length) = (NOW_MS / 1_000, body.len());
    Raw(format!(
        "POST / HTTP/1.1\r\nHost: 127.0.0.1:8239\r\nContent-Type: application/json\r\n\
         X-TC-Action: {action}\r\nX-TC-Version: 2018-04-12\r\nX-TC-Timestamp: {seconds}\r\n\
         X-TC-Region: ap-guangzhou\r\nAuthorization: SKIP\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes())
}

/// An instance of the account, mostly one of that status.
fn pick(account: &Value, Pick(byte): Pick, statuses: &[i64]) -> Value {
    let all = account["Instances"].as_array().map_or(&[][..], Vec::as_slice);
    let fits = |one: &&Value| one["Status"].as_i64().is_some_and(|own| statuses.contains(&own));
    let mut found: Vec<&Value> = all.iter().filter(fits).collect();
    if found.is_empty() || byte >= 208 {
        found = all.iter().collect();
    }
    match found.len() {
        0 => json!({ "InstanceId": "crs-nothing0", "MemSize": 1024, "TypeId": 8 }),
        some => found[usize::from(byte) % some].clone(),
    }
}

/// The instance for which newer software is to be had.
fn old(account: &Value) -> Value {
    let all = account["Instances"].as_array();
    let found = all.and_then(|all| all.iter().find(|one| one["InstanceId"] == "crs-old00000"));
    found.cloned().unwrap_or(json!({ "InstanceId": "crs-old00000" }))
}

/// The action and the input of a step.
pub(super) fn request(account: &Value, step: &Step) -> (&'static str, Value) {
    let running = |who| pick(account, who, &[2]);
    let binned = |who| pick(account, who, &[-2, -3]);
    let id = |one: Value| one["InstanceId"].clone();
    match *step {
        Step::Create {
            type_id,
            mb,
            replicas,
            goods,
            ..
        } => {
            let mut input = goods_of(goods);
            input["TypeId"] = json!(type_id);
            input["MemSize"] = json!(mb);
            input["RedisReplicasNum"] = json!(replicas.max(1));
            if [7, 9].contains(&type_id) {
                input["RedisShardNum"] = json!(3);
            }
            ("CreateInstances", input)
        }
        Step::Clone(_, goods) => {
            let mut input = goods_of(goods);
            input["InstanceId"] = json!("crs-spread00");
            input["SecurityGroupIdList"] = json!(["sg-abcdefgh"]);
            input["BackupId"] = json!("100000000-1000001-1795507200");
            ("CloneInstances", input)
        }
        Step::Resize(who, size, when) => {
            let one = running(who);
            let mut input = json!({
                "InstanceId": one["InstanceId"], "MemSize": one["MemSize"],
                "SwitchOption": when.switch_option(),
            });
            match size {
                Size::Memory { gb } => input["MemSize"] = json!(gb * 1_024),
                Size::Shards(shards) => input["RedisShardNum"] = json!(shards),
                Size::Replicas(replicas) => input["RedisReplicasNum"] = json!(replicas),
            }
            ("UpgradeInstance", input)
        }
        Step::Version(who, when) => {
            let one = running(who);
            let target = one["TypeId"].as_u64().unwrap_or(0) + 1 + u64::from(who.0 % 2);
            let input = json!({
                "InstanceId": one["InstanceId"], "TargetInstanceType": target.to_string(),
                "SwitchOption": when.switch_option(),
            });
            ("UpgradeInstanceVersion", input)
        }
        Step::Zones(who, zones, when) => {
            let one = running(who);
            let input = json!({
                "InstanceId": one["InstanceId"], "SwitchOption": when.switch_option(),
                "NodeSet": zones_of(one["RedisReplicasNum"].as_u64().unwrap_or(1), zones),
            });
            ("ModifyInstanceAvailabilityZones", input)
        }
        Step::ChargeType(one, two, months) => {
            let to = if one.0.is_multiple_of(2) { "PREPAID" } else { "POSTPAID" };
            let ids = [id(running(one)), id(running(two))];
            let input = json!({ "InstanceIds": ids, "InstanceChargeType": to, "Period": months });
            ("ModifyInstanceChargeType", input)
        }
        Step::Renew(who, months) => {
            let one = pick(account, who, &[2, -2]);
            let input = json!({
                "InstanceId": one["InstanceId"], "Period": months, "ModifyPayMode": "prepaid",
            });
            ("RenewInstance", input)
        }
        Step::Modify(one, _, setting) => ("ModifyInstance", modification(id(running(one)), setting)),
        Step::Kernel(_, when) => {
            let one = old(account);
            let input = json!({
                "InstanceId": one["InstanceId"], "InstanceTypeUpgradeNow": when.switch_option() - 1,
                "CurrentRedisVersion": "2.8.0",
                "UpgradeRedisVersion": "2.8.99",
            });
            ("UpgradeSmallVersion", input)
        }
        Step::Proxy(_, when) => {
            let one = old(account);
            let input = json!({
                "InstanceId": one["InstanceId"], "InstanceTypeUpgradeNow": when.switch_option() - 1,
                "CurrentProxyVersion": one["CurrentProxyVersion"],
                "UpgradeProxyVersion": "5.9.0",
            });
            ("UpgradeProxyVersion", input)
        }
        Step::Generation(who, when) => {
            let input = json!({
                "InstanceId": id(running(who)), "TargetProductVersion": "localv2",
                "SwitchOption": when.switch_option(),
            });
            ("UpgradeInstanceProductVersion", input)
        }
        Step::Password(who, open) => {
            let mut input = json!({ "InstanceId": id(running(who)), "NoAuth": open });
            if !open {
                input["Password"] = json!("abcdefg1");
            }
            ("ResetPassword", input)
        }
        Step::Network(who, what) => network(&id(running(who)), what),
        Step::Access(who, what) => access(&id(running(who)), what),
        Step::Params(who, what) => parameter(account, &id(running(who)), what),
        Step::Group(who, what) => replication(account, &id(running(who)), what),
        Step::Topology(who, what) => topology(&running(who), what),
        Step::Backup(who, what) => backup(&id(running(who)), what),
        Step::Logs(who, what) => logs(&running(who), what),
        Step::SeveralZones(who) => (
            "UpgradeVersionToMultiAvailabilityZones",
            json!({ "InstanceId": id(running(who)) }),
        ),
        Step::SwitchNow(who) => {
            let flows = account["Flows"].as_array();
            let waits = |flow: &&Value| flow["SwitchOption"] == 1;
            let found = flows.and_then(|flows| flows.iter().find(waits).cloned());
            let input = json!({ "InstanceId": id(found.unwrap_or_else(|| running(who))) });
            ("SwitchAccessNewInstance", input)
        }
        Step::ReturnPostpaid(who) => ("DestroyPostpaidInstance", json!({ "InstanceId": id(running(who)) })),
        Step::ReturnPrepaid(who) => ("DestroyPrepaidInstance", json!({ "InstanceId": id(running(who)) })),
        Step::StartUp(who) => ("StartupInstance", json!({ "InstanceId": id(binned(who)) })),
        Step::CleanUp(who) => ("CleanUpInstance", json!({ "InstanceId": id(binned(who)) })),
        _ => ("DescribeInstances", json!({})),
    }
}

fn backup(id: &Value, what: u8) -> (&'static str, Value) {
    match what % 8 {
        0 | 1 => ("ManualBackupInstance", json!({ "InstanceId": id, "Remark": "walk" })),
        2 => (
            "RestoreInstance",
            json!({ "InstanceId": id, "BackupId": "100000000-1000001-1795507200", "Password": "abcdefg1" }),
        ),
        3 => ("ClearInstance", json!({ "InstanceId": id, "Password": "abcdefg1" })),
        4 => (
            "ModifyInstanceBackupMode",
            json!({ "InstanceId": id, "BackupMode": "SecondLevelBackup" }),
        ),
        5 => ("DescribeInstanceBackups", json!({ "Status": [-1, 1, 2] })),
        6 => (
            "ModifyAutoBackupConfig",
            json!({ "InstanceId": id, "TimePeriod": "05:00-06:00" }),
        ),
        _ => (
            "ModifyBackupEncrypt",
            json!({ "InstanceId": id, "BackupEncrypt": true }),
        ),
    }
}

fn parameter(account: &Value, id: &Value, what: u8) -> (&'static str, Value) {
    let (key, value) = PARAMS[usize::from(what % 8)];
    let params = json!([{ "Key": key, "Value": value }]);
    let templates = account["ParamTemplates"].as_array().map_or(0, Vec::len);
    let last = match templates.checked_sub(1) {
        Some(last) => account["ParamTemplates"][last]["TemplateId"].clone(),
        None => json!("default-param-template-8"),
    };
    match what / 8 % 8 {
        0..4 => (
            "ModifyInstanceParams",
            json!({ "InstanceId": id, "InstanceParams": params }),
        ),
        4 => (
            "CreateParamTemplate",
            json!({ "Name": format!("template-{templates}"), "ProductType": 8, "ParamList": params }),
        ),
        5 => (
            "ModifyParamTemplate",
            json!({ "TemplateId": last, "ParamList": params }),
        ),
        6 => (
            "ApplyParamsTemplate",
            json!({ "InstanceIds": [id], "TemplateId": last }),
        ),
        _ => ("DeleteParamTemplate", json!({ "TemplateId": last })),
    }
}

fn replication(account: &Value, id: &Value, what: u8) -> (&'static str, Value) {
    let groups = account["ReplicationGroups"].as_array().map_or(&[][..], Vec::as_slice);
    let at = usize::from(what / 8).checked_rem(groups.len());
    let group = at.map_or(json!("crs-rpl-nothing0"), |at| groups[at]["GroupId"].clone());
    let role = ["rw", "r"][usize::from(what / 64 % 2)];
    let named = json!({ "GroupId": group, "InstanceId": id, "InstanceRole": role, "SyncType": true });
    let with = |keys: &[&str]| -> Value { keys.iter().map(|key| (key.to_string(), named[*key].clone())).collect() };
    let both = ["GroupId", "InstanceId"];
    match what % 8 {
        0 => ("CreateReplicationGroup", with(&["InstanceId"])),
        1 | 2 => (
            "AddReplicationInstance",
            with(&["GroupId", "InstanceId", "InstanceRole"]),
        ),
        3 => (
            "RemoveReplicationInstance",
            with(&["GroupId", "InstanceId", "SyncType"]),
        ),
        4 => ("ChangeMasterInstance", with(&both)),
        5 => ("ChangeInstanceRole", with(&["GroupId", "InstanceId", "InstanceRole"])),
        6 => ("ModifyReplicationGroup", json!({ "GroupId": group, "Remark": role })),
        _ => ("RemoveReplicationGroup", with(&["GroupId"])),
    }
}

fn topology(one: &Value, what: u8) -> (&'static str, Value) {
    let id = &one["InstanceId"];
    match what % 8 {
        0..=1 => {
            let group = one["ReplicaGroups"][usize::from(what / 8 % 3)]["GroupId"].clone();
            ("ChangeReplicaToMaster", json!({ "InstanceId": id, "GroupId": group }))
        }
        2..=3 => {
            let input = json!({ "InstanceId": id, "Password": "abcdefg1" });
            ("KillMasterGroup", input)
        }
        4 => ("EnableReplicaReadonly", json!({ "InstanceId": id })),
        5 => ("DisableReplicaReadonly", json!({ "InstanceId": id })),
        6 => {
            let mode = (what / 8 % 2).to_string();
            ("ModifyInstanceReadOnly", json!({ "InstanceId": id, "InputMode": mode }))
        }
        _ => ("SwitchProxy", json!({ "InstanceId": id })),
    }
}

fn logs(instance: &Value, what: u8) -> (&'static str, Value) {
    let id = &instance["InstanceId"];
    let wanted = super::log::wanted(what);
    let policy = json!({ "InstanceId": id, "LogType": "auditLog", "LogSubType": wanted.sub_type,
        "LogExpireDay": wanted.expire_days, "HighLogExpireDay": 7, "DegradeStrategy": 500 });
    let span = json!({ "InstanceId": id, "LogType": "auditLog", "StartTime": "2026-11-23 00:00:00",
        "EndTime": "2026-11-24 00:00:00" });
    match what % 8 {
        0 | 1 => ("OpenLog", policy),
        2 => ("ModifyLog", policy),
        3 => ("CloseLog", json!({ "InstanceId": id, "LogType": "auditLog" })),
        4 => ("CreateExportTask", span),
        5 => {
            let name = &instance["ExportFiles"][0]["FileName"];
            let name = name.as_str().unwrap_or("none");
            (
                "DeleteExportTask",
                json!({ "InstanceId": id, "LogType": "auditLog", "FileName": name }),
            )
        }
        6 => {
            let input = json!({ "InstanceId": id, "LogType": "slowlog", "Enabled": what < 200, "LogsetName": "set",
                "TopicName": "topic" });
            ("ModifyInstanceLogDelivery", input)
        }
        _ => ("DescribeInstanceLogDelivery", json!({ "InstanceId": id })),
    }
}

fn network(id: &Value, what: u8) -> (&'static str, Value) {
    let one = json!({ "InstanceId": id });
    match what % 6 {
        0 => ("AllocateWanAddress", one),
        1 => ("ReleaseWanAddress", one),
        2 => {
            let input = json!({ "InstanceId": id, "Operation": "changeVip", "Recycle": what % 4 });
            ("ModifyNetworkConfig", input)
        }
        3 => {
            let input = json!({ "InstanceId": id, "Bandwidth": what, "ClientLimit": 20_000 });
            ("ModifyConnectionConfig", input)
        }
        4 => ("OpenSSL", one),
        _ => ("CloseSSL", one),
    }
}

fn access(id: &Value, what: u8) -> (&'static str, Value) {
    let name = ["app", "batch", "root"][usize::from(what / 6 % 3)];
    match what % 6 {
        0 | 1 => {
            let input = json!({ "InstanceId": id, "AccountName": name, "AccountPassword": "abcdefg1",
                "ReadonlyPolicy": ["master"], "Privilege": "r" });
            ("CreateInstanceAccount", input)
        }
        2 => {
            let input = json!({ "InstanceId": id, "AccountName": name, "AccountPassword": "abcdefg2" });
            ("ModifyInstanceAccount", input)
        }
        3 => (
            "DeleteInstanceAccount",
            json!({ "InstanceId": id, "AccountName": name }),
        ),
        4 => {
            let input = json!({ "InstanceId": id, "OldPassword": "abcdefg1", "Password": "abcdefg2" });
            ("ModifyInstancePassword", input)
        }
        _ => {
            let policy = json!({ "Enabled": what > 127, "MinLength": 8 + what % 2 });
            let input = json!({ "InstanceId": id, "PasswordPolicy": policy });
            ("ModifyInstancePasswordPolicy", input)
        }
    }
}

fn goods_of(goods: Goods) -> Value {
    json!({
        "GoodsNum": goods.goods, "Period": goods.months, "BillingMode": i64::from(goods.prepaid),
        "AutoRenew": i64::from(goods.automatic), "ZoneId": 100_003, "Password": "abcdefg1",
        "VpcId": "vpc-states00", "SubnetId": "subnet-states00",
    })
}

fn zones_of(replicas: u64, zones: u8) -> Vec<Value> {
    let zone = |at: u64| 100_003 + (u64::from(zones) >> at.min(7)) % 2;
    let node = |at| json!({ "NodeType": i64::from(at > 0), "ZoneId": zone(at) });
    (0..=replicas).map(node).collect()
}

fn modification(id: Value, setting: Setting) -> Value {
    let (operation, key, value) = match setting {
        Setting::Name => ("rename", "InstanceNames", json!(["named"])),
        Setting::Project(project) => ("modifyProject", "ProjectId", json!(project)),
        Setting::AutoRenew(flag) => ("modifyAutoRenew", "AutoRenews", json!([flag])),
        Setting::Protection(switch) => (
            "modifyDeleteProtectionSwitch",
            "DeleteProtectionSwitches",
            json!([switch]),
        ),
    };
    json!({ "InstanceIds": [id], "Operation": operation, key: value })
}
