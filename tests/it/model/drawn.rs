//! Fixtures out of random bytes: every status beside every flow, each way to be paid for, and moments and numbers at
//! their edges. Many contradict themselves; those are refused.

use serde_json::{Value, json};

/// A pair that everybody knows.
const PAIR: &str = "AKIDlocal";

/// Bytes that are read one after the other; after the last come zeros.
pub(crate) struct Bytes<'a> {
    rest: std::slice::Iter<'a, u8>,
}

impl<'a> Bytes<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes.iter() }
    }

    pub(super) fn next(&mut self) -> u8 {
        self.rest.next().copied().unwrap_or(0)
    }

    /// One of these; zeros choose the first.
    pub(crate) fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[usize::from(self.next()) % all.len()].clone()
    }

    /// Whether it happens, once in so many times.
    pub(super) fn once_in(&mut self, times: u8) -> bool {
        self.next() % times == times - 1
    }

    /// Sets a key to one of these, or leaves it out.
    pub(super) fn set(&mut self, of: &mut Value, key: &str, all: &[Value]) {
        let value = self.of(all);
        if !value.is_null() {
            of[key] = value;
        }
    }
}

pub(super) const MOMENTS: [&str; 8] = [
    "2026-11-24 15:30:00",
    "2026-11-24 17:00:00",
    "2026-11-21 17:00:00.250",
    "2026-12-24 16:00:00",
    "2026-11-24 16:00:00",
    "2028-02-29 23:59:59",
    "9999-12-31 23:59:59",
    "0001-01-01 08:00:00",
];

fn moments(left_out: usize) -> Vec<Value> {
    let none = std::iter::repeat_n(Value::Null, left_out);
    none.chain(MOMENTS.map(Value::from)).collect()
}

/// The actions that begin flows, with the kind of their task; two need none.
const FLOWS: &[(&str, &str)] = &[
    ("UpgradeInstance", "002"),
    ("StartupInstance", "005"),
    ("CleanUpInstance", "006"),
    ("DestroyPostpaidInstance", "003"),
    ("DestroyPrepaidInstance", "003"),
    ("ModifyInstanceChargeType", "001"),
    ("ResetPassword", "007"),
    ("CreateInstances", "001"),
    ("CloneInstances", "026"),
    ("UpgradeInstanceVersion", "043"),
    ("UpgradeInstanceProductVersion", "043"),
    ("UpgradeSmallVersion", "060"),
    ("UpgradeProxyVersion", "061"),
    ("UpgradeVersionToMultiAvailabilityZones", "047"),
    ("ModifyInstanceAvailabilityZones", "066"),
    ("AllocateWanAddress", "052"),
    ("ReleaseWanAddress", "053"),
    ("ModifyNetworkConfig", "062"),
    ("ModifyConnectionConfig", "044"),
    ("OpenSSL", "ssl"),
    ("CloseSSL", "ssl"),
    ("ModifyInstancePassword", "007"),
    ("CreateInstanceAccount", "037"),
    ("ModifyInstanceAccount", "037"),
    ("DeleteInstanceAccount", "037"),
    ("ModifyInstanceParams", "034"),
    ("ApplyParamsTemplate", "034"),
    ("CreateReplicationGroup", "050"),
    ("AddReplicationInstance", "050"),
    ("RemoveReplicationInstance", "055"),
    ("ChangeInstanceRole", "057"),
    ("EnableReplicaReadonly", "039"),
    ("DisableReplicaReadonly", "040"),
    ("ModifyInstanceReadOnly", "033"),
    ("ChangeReplicaToMaster", "049"),
    ("KillMasterGroup", "048"),
    ("SwitchProxy", "048"),
    ("ManualBackupInstance", "012"),
    ("RestoreInstance", "010"),
    ("ModifyInstanceBackupMode", "070"),
    ("ClearInstance", "004"),
];

/// A fixture of one account, now and then of two that share an InstanceId.
pub(crate) fn fixture(bytes: &mut Bytes<'_>) -> Value {
    let mut accounts = vec![account(bytes)];
    if bytes.once_in(8) {
        let same = json!([{ "InstanceId": "crs-walk0000" }]);
        accounts.push(json!({ "AppId": 7, "Instances": same }));
    }
    let mut whole = json!({ "Accounts": accounts });
    let clock = |now: &str| json!({ "Mode": "manual", "Now": now });
    whole["Clock"] = bytes.of(&[
        clock("2026-11-24T08:00:00Z"),
        clock("2026-11-24T08:00:00.750Z"),
        json!({ "Mode": "real" }),
        json!({ "Mode": "real", "AheadMs": 5_500 }),
        clock("9999-12-31T15:59:00Z"),
        clock("2026-12-31T15:59:59Z"),
    ]);
    if bytes.once_in(4) {
        let rule = |id: Value, times: u64| {
            json!({ "Id": id, "Match": { "Action": "DescribeTaskList" },
                "Then": { "Code": "InternalError" }, "Times": times })
        };
        let id = bytes.of(&[Value::Null, json!(3), json!(4_503_599_627_370_495_u64)]);
        let counted = json!({ "Match": { "Every": 2 }, "Then": { "Flow": "fail" }, "Matched": 3, "Fired": 1 });
        whole["Faults"] = json!([rule(id, 1), rule(Value::Null, 2), counted]);
        bytes.set(&mut whole, "LastFaultId", &[Value::Null, json!(9), json!(2)]);
    }
    let calls = [Value::Null, json!(5), json!(4_503_599_627_370_495_u64)];
    bytes.set(&mut whole, "Calls", &calls);
    whole
}

fn account(bytes: &mut Bytes<'_>) -> Value {
    let mut account = json!({
        "Credentials": [{ "SecretId": PAIR, "SecretKey": "local" }],
        "Instances": [], "Tasks": [], "Flows": [], "Deals": [], "Backups": [],
        "ReplicationGroups": [],
    });
    let balances = [
        Value::Null,
        json!(100_000_000),
        json!(5_000),
        json!(0),
        json!(-500),
        json!(9_007_199_254_740_991_i64),
    ];
    bytes.set(&mut account, "Balance", &balances);
    if account["Balance"] == -500 {
        bytes.set(&mut account, "ArrearsSince", &moments(8));
        let enforced = [Value::Null, json!(true)];
        bytes.set(&mut account, "ArrearsEnforced", &enforced);
    }
    if bytes.once_in(6) {
        let end = account["Balance"].as_i64().unwrap_or(77);
        let first = end - 10;
        account["Ledger"] = json!([
            { "Time": "2026-11-01 00:00:00", "Kind": "Adjustment", "Amount": first, "Balance": first },
            { "Time": "2026-11-02 00:00:00", "Kind": "Refund", "Amount": 10,
              "Balance": end + i64::from(bytes.once_in(8)) },
        ]);
    }
    if bytes.once_in(4) {
        let drawn = bytes.of(&[json!(0), json!(40), json!(4_503_599_627_370_490_u64)]);
        account["Ids"] = json!({ "Seed": "7", "Drawn": drawn });
    }
    for at in 0..=u64::from(bytes.next() % 4) {
        let id = format!("crs-walk000{at}");
        let instance = instance(bytes, &id);
        push(&mut account, "Instances", instance);
        if bytes.once_in(3) {
            flow(bytes, &mut account, &id, at + 1);
        }
        if bytes.once_in(8) {
            group(&mut account);
        }
        if bytes.once_in(4) {
            let backup = json!({ "BackupId": format!("1-{at}"), "InstanceId": id });
            push(&mut account, "Backups", backup);
        }
    }
    account
}

/// The actions that change who is in a group.
const OF_A_GROUP: [&str; 4] = [
    "CreateReplicationGroup",
    "AddReplicationInstance",
    "RemoveReplicationInstance",
    "ChangeInstanceRole",
];

/// Puts the instance that stands last into a replication group of its own, if it can be in one; whether it can.
fn group(account: &mut Value) -> bool {
    let last = account["Instances"].as_array().and_then(|all| all.last());
    let instance = last.cloned().unwrap_or_default();
    let takes_part = [6, 7, 8, 9].map(Value::from).contains(&instance["TypeId"]);
    if !takes_part || instance["Status"].as_i64().unwrap_or(2) < 0 {
        return false;
    }
    let id = instance["InstanceId"].as_str().unwrap_or_default();
    let group_id = id.replace("crs-", "crs-rpl-");
    let groups = account["ReplicationGroups"].as_array().cloned().unwrap_or_default();
    if groups.iter().all(|group| group["GroupId"] != group_id) {
        let member = json!({ "InstanceId": id, "Role": "rw" });
        push(
            account,
            "ReplicationGroups",
            json!({ "GroupId": group_id, "Members": [member] }),
        );
    }
    true
}

fn push(account: &mut Value, list: &str, entry: Value) {
    account[list].as_array_mut().expect("a list").push(entry);
}

fn instance(bytes: &mut Bytes<'_>, id: &str) -> Value {
    let mut of = json!({ "InstanceId": id, "VpcId": "vpc-walks000", "SubnetId": "subnet-walks000" });
    let some = |all: &[i64]| -> Vec<Value> {
        let given = all.iter().map(|number| json!(number));
        std::iter::once(Value::Null).chain(given).collect()
    };
    bytes.set(&mut of, "TypeId", &some(&[8, 7, 2, 6, 15, 9, 17, 5, 1]));
    if of["TypeId"] == 7 || of["TypeId"] == 9 {
        of["RedisShardNum"] = json!(3);
    }
    bytes.set(&mut of, "MemSize", &some(&[1_024, 2_048, 4_096]));
    bytes.set(&mut of, "MemUsed", &some(&[0, 300, 1_024]));
    if bytes.once_in(3) {
        let workload = json!({ "MemGrowthMbPerHour": 5, "Reads": 10, "ShardSkew": 0.5 });
        let shrinking = json!({ "MemGrowthMbPerHour": -0.25, "Commands": [{ "Cmd": "get", "PerMinute": 9, "Micros": 5,
            "Role": "slave" }], "Keys": [{ "Key": "k", "Type": "set", "Bytes": 104_857_600 }] });
        bytes.set(&mut of, "Workload", &[Value::Null, workload, shrinking]);
        let stretch = |from: &str| json!({ "From": from, "MemUsed": 300.5 });
        let past = json!([stretch("2026-11-02 00:00:00"), stretch("2026-11-03 00:00:00")]);
        bytes.set(&mut of, "MemHistory", &[Value::Null, Value::Null, past]);
    }
    let statuses = [2, 1, -2, -3, 0].map(Value::from);
    if bytes.once_in(2) {
        of["Status"] = bytes.of(&statuses);
    }
    let status = of["Status"].as_i64().unwrap_or(2);
    if bytes.once_in(16) || (status == 1 && bytes.once_in(3)) {
        of["Stuck"] = json!(bytes.next().is_multiple_of(2));
    }
    if bytes.once_in(2) {
        of["BillingMode"] = json!(1);
        bytes.set(&mut of, "DeadlineTime", &moments(2));
        bytes.set(&mut of, "RenewalFailed", &[Value::Null, Value::Null, json!(true)]);
    } else {
        bytes.set(&mut of, "Frozen", &some(&[]));
        if bytes.once_in(8) {
            of["Frozen"] = json!(1_000);
        }
        if bytes.once_in(4) {
            bytes.set(&mut of, "ChargedSince", &moments(4));
            bytes.set(&mut of, "ChargedHours", &[Value::Null, json!(0), json!(1)]);
        }
    }
    bytes.set(&mut of, "AutoRenew", &some(&[1, 0, 2]));
    bytes.set(&mut of, "Createtime", &moments(6));
    if status < 0 || bytes.once_in(10) {
        bytes.set(&mut of, "CloseTime", &moments(4)[..7]);
        let mut offline = moments(4);
        offline.push(json!(""));
        bytes.set(&mut of, "OfflineTime", &offline);
    }
    bytes.set(&mut of, "DeleteProtectionSwitch", &some(&[0, 0, 1]));
    if bytes.once_in(2) {
        let app = json!({ "AccountName": "app", "AccountPassword": "abcdefg1" });
        let root = json!({ "AccountName": "root", "Remark": "walks" });
        of["InstanceAccounts"] = bytes.of(&[json!([app.clone()]), json!([app, root]), json!([])]);
        let policy = json!({ "Enabled": true, "MinDigitCount": 2 });
        bytes.set(&mut of, "PasswordPolicy", &[Value::Null, json!({}), policy]);
    }
    if of["TypeId"] == 8 && bytes.once_in(3) {
        of["RedisReplicasNum"] = json!(1);
        of["NodeSet"] = json!([{ "NodeType": 0, "ZoneId": 100_003 }, { "NodeType": 1, "ZoneId": 100_004 }]);
        let group = |id: i64, role: &str| json!({ "GroupId": id, "RedisNodes": [{ "Role": role }] });
        let groups = json!([group(125_101, "master"), group(125_102, "replica")]);
        bytes.set(&mut of, "ReplicaGroups", &[Value::Null, groups]);
    }
    of
}

/// A flow with its task, and with or without its order.
fn flow(bytes: &mut Bytes<'_>, account: &mut Value, id: &str, number: u64) {
    let (mut action, mut kind) = bytes.of(FLOWS);
    if OF_A_GROUP.contains(&action) && !group(account) {
        (action, kind) = FLOWS[0];
    }
    let mut flow = json!({ "Id": number, "InstanceId": id, "Action": action });
    if action != "ModifyInstanceChargeType" {
        let task = json!({ "TaskId": number, "TaskType": kind, "InstanceId": id, "Result": 1 });
        push(account, "Tasks", task);
    }
    match action {
        "ChangeInstanceRole" => flow["InstanceRole"] = json!("rw"),
        "UpgradeInstance" => flow["MemSize"] = bytes.of(&[json!(4_096), json!(8_192)]),
        "ModifyInstanceParams" => flow["InstanceParams"] = json!([{ "Key": "hz", "Value": "20" }]),
        "UpgradeInstanceVersion" => flow["TargetInstanceType"] = bytes.of(&[json!(15), json!(17)]),
        "StartupInstance" | "ModifyInstanceChargeType" if bytes.once_in(2) => {
            flow["DeadlineTime"] = bytes.of(&MOMENTS.map(Value::from));
        }
        "ModifyInstanceReadOnly" => flow["InputMode"] = json!(1),
        "KillMasterGroup" => flow["ShardIds"] = bytes.of(&[json!([]), json!(["0"])]),
        "ChangeReplicaToMaster" => bytes.set(&mut flow, "GroupId", &[Value::Null, json!(125_102)]),
        "ModifyInstanceAvailabilityZones" => flow["ZoneId"] = json!(100_004),
        "ManualBackupInstance" => {
            let made = json!({ "BackupId": format!("2-{number}"), "InstanceId": id, "EndTime": "" });
            push(account, "Backups", made);
            flow["BackupId"] = json!(format!("2-{number}"));
        }
        "RestoreInstance" => {
            flow["BackupId"] = json!("3-3-3");
            bytes.set(&mut flow, "MemUsed", &[Value::Null, json!(0.5)]);
        }
        "ModifyInstancePassword" => flow["Password"] = json!("abcdefg1"),
        "CreateInstanceAccount" | "DeleteInstanceAccount" => flow["AccountName"] = json!("app"),
        "ModifyInstanceAccount" => {
            flow["AccountName"] = bytes.of(&[json!("app"), json!("root")]);
            bytes.set(&mut flow, "NoAuth", &[Value::Null, Value::Null, json!(true)]);
            bytes.set(&mut flow, "Privilege", &[Value::Null, json!("r")]);
        }
        _ => {}
    }
    if action.starts_with("Upgrade") && action != "UpgradeVersionToMultiAvailabilityZones" {
        bytes.set(&mut flow, "SwitchOption", &[Value::Null, json!(1), json!(2)]);
    }
    bytes.set(&mut flow, "StartTime", &moments(6)[..8]);
    bytes.set(&mut flow, "Due", &moments(3));
    bytes.set(&mut flow, "Shown", &[Value::Null, json!(true)]);
    if bytes.once_in(2) {
        let deal_id = format!("2026112429700000000000{number}");
        flow["DealId"] = json!(deal_id);
        let mut deal = json!({ "DealId": deal_id, "Status": 3, "InstanceIds": [id] });
        bytes.set(&mut deal, "Price", &[Value::Null, json!(500), json!(-500)]);
        bytes.set(&mut deal, "GoodsNum", &[Value::Null, json!(1), json!(2)]);
        bytes.set(&mut deal, "Undelivered", &[Value::Null, json!(1)]);
        push(account, "Deals", deal);
    }
    push(account, "Flows", flow);
}
