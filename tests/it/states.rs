//! What a state says of itself: stated, shown, changed from outside, and put back.

use crs_local::fixture::Fixture;
use crs_local::{Config, Emulator, config};
use serde_json::{Value, json};

use super::gateway::request;
use super::harness::{App, NOW_MS};

const CALL: &str = "POST / HTTP/1.1\n{USUAL}\nX-TC-Action: ";

/// An account with these keys, on a clock that stands at 2026-11-24 16:00 in China; flows wait for a hand.
pub(super) fn held(keys: &Value) -> App {
    let mut account = json!({ "Credentials": [{ "SecretId": "AKIDlocal", "SecretKey": "local" }] });
    for (key, value) in keys.as_object().expect("keys") {
        account[key] = value.clone();
    }
    let clock = json!({ "Mode": "manual", "Now": "2026-11-24T08:00:00Z" });
    let config = Config {
        pace: config::Pace::Held,
        ..Config::default()
    };
    let fixture = json!({ "Accounts": [account], "Clock": clock });
    App::with_fixture(config, &fixture.to_string())
}

fn with(instance: &Value) -> App {
    let mut instance = instance.clone();
    instance["InstanceId"] = json!("crs-a");
    held(&json!({ "Balance": 10_000, "Instances": [instance] }))
}

pub(super) async fn call(app: &App, action: &str, input: &Value) -> String {
    let text = format!("{CALL}{action}\n\n{input}");
    app.call(&request(&text)).await.code()
}

async fn patch(app: &App, change: &Value) -> Value {
    let path = "/_crs/instances/crs-a";
    app.controlled("PATCH", path, &change.to_string()).await
}

/// The call is refused with a message that holds this, and changes nothing.
async fn refused(app: &App, call: (&str, &str, &Value), status: u16, holds: &str) {
    let before = app.controlled("GET", "/_crs/state", "").await;
    let (method, path, body) = call;
    let (got, told) = app.control(method, path, &body.to_string()).await;
    let message = told["Error"]["Message"].as_str().unwrap_or_default();
    assert!(
        got == status && message.contains(holds),
        "{method} {path} {body}: {got} {message}"
    );
    assert_eq!(before, app.controlled("GET", "/_crs/state", "").await);
}

pub(super) async fn patch_refused(app: &App, change: Value, holds: &str) {
    refused(app, ("PATCH", "/_crs/instances/crs-a", &change), 400, holds).await;
}

pub(super) async fn account(app: &App) -> Value {
    app.controlled("GET", "/_crs/state", "").await["Accounts"][0].clone()
}

/// The state goes into another emulator, where it is the same.
pub(super) async fn goes_over(app: &App) -> App {
    let state = app.controlled("GET", "/_crs/state", "").await;
    let other = held(&json!({}));
    other.controlled("PUT", "/_crs/state", &state.to_string()).await;
    assert_eq!(other.controlled("GET", "/_crs/state", "").await, state);
    other
}

#[tokio::test]
async fn a_stuck_instance_stays_so_until_it_is_patched() {
    for status in [0, 1] {
        let app = with(&json!({ "Status": status, "BillingMode": 1, "AutoRenew": 1 }));
        assert_eq!(account(&app).await["Instances"][0]["Stuck"], true);
        let app = goes_over(&app).await;
        app.controlled("POST", "/_crs/flows/drain", "").await;
        let year = json!({ "Seconds": 31_536_000 }).to_string();
        app.controlled("POST", "/_crs/clock/advance", &year).await;
        let input = json!({ "InstanceId": "crs-a", "MemSize": 2_048 });
        let code = call(&app, "UpgradeInstance", &input).await;
        assert_eq!(code, "ResourceUnavailable.InstanceStatusAbnormal");
        let state = account(&app).await;
        assert_eq!(state["Instances"][0]["Status"], status);
        assert_eq!(state["Deals"], Value::Null, "no time renews it");
        patch_refused(
            &app,
            json!({ "Status": 2 }),
            "DeadlineTime: has passed; give one to come",
        )
        .await;
        // What the change makes it worth more is booked as if it had been ordered: a day.
        let runs = json!({ "Status": 2, "DeadlineTime": "2027-11-25 16:00:00" });
        let shown = patch(&app, &runs).await;
        assert_eq!((&shown["Status"], &shown["Stuck"]), (&json!(2), &Value::Null));
        assert_eq!(call(&app, "UpgradeInstance", &input).await, "");
    }
}

#[tokio::test]
async fn a_flow_that_leaves_the_status_ends_no_stuck_one() {
    let task = json!({ "TaskId": 1, "TaskType": "007", "InstanceId": "crs-a", "Result": 1 });
    let flow = json!({ "Id": 1, "InstanceId": "crs-a", "Action": "ResetPassword",
        "Password": "abcdefg1" });
    for how in ["step", "fail"] {
        let app = held(&json!({ "Instances": [{ "InstanceId": "crs-a", "Status": 1 }],
            "Tasks": [task], "Flows": [flow] }));
        app.controlled("POST", &format!("/_crs/flows/1/{how}"), "").await;
        let one = account(&app).await["Instances"][0].clone();
        assert_eq!((&one["Status"], &one["Stuck"]), (&json!(1), &json!(true)), "{how}");
    }
}

#[tokio::test]
async fn what_a_patch_holds_more_or_less_is_booked() {
    let app = with(&json!({ "MemSize": 1_024 }));
    // Status, what is booked, and the balance after it: an hour of 1024 MB costs 21 fen.
    for (change, kind, amount, balance) in [
        (json!({ "Status": -2 }), "Unfreeze", 21, 10_021),
        (json!({ "Status": 2 }), "Freeze", -21, 10_000),
        (json!({ "MemSize": 2_048 }), "Freeze", -21, 9_979),
        (json!({ "Frozen": 2 }), "Unfreeze", 40, 10_019),
        (
            json!({ "BillingMode": 1, "DeadlineTime": "2027-01-01 00:00:00" }),
            // What was held is let go, and the time until the deadline is worth so much.
            "Adjustment",
            -18_409,
            -8_388,
        ),
    ] {
        patch(&app, &change).await;
        let account = account(&app).await;
        let last = account["Ledger"].as_array().and_then(|all| all.last()).cloned();
        let last = last.unwrap_or_default();
        let got = (&last["Kind"], &last["Amount"], &last["Balance"]);
        assert_eq!(got, (&json!(kind), &json!(amount), &json!(balance)), "{change}");
        assert_eq!(account["Balance"], balance, "{change}");
        assert_eq!(last["InstanceId"], "crs-a");
    }
    patch(&app, &json!({ "InstanceName": "other" })).await;
    assert_eq!(account(&app).await["Balance"], -8_388, "a name holds nothing");
    goes_over(&app).await;
}

#[tokio::test]
async fn a_patch_into_and_out_of_the_recycle_bin_sets_its_times() {
    let app = with(&json!({}));
    let times = |shown: &Value| (shown["CloseTime"].clone(), shown["OfflineTime"].clone());
    let shown = patch(&app, &json!({ "Status": -3 })).await;
    assert_eq!(times(&shown), (Value::Null, Value::Null), "for ever");
    let shown = patch(&app, &json!({ "CloseTime": "2026-11-24 15:00:00" })).await;
    assert_eq!(shown["OfflineTime"], "2026-11-24 17:00:00");
    let shown = patch(&app, &json!({ "CloseTime": "2026-11-24 15:30:00" })).await;
    assert_eq!(shown["OfflineTime"], "2026-11-24 17:30:00", "it is told anew");
    let shown = patch(&app, &json!({ "Status": -2 })).await;
    assert_eq!(shown["CloseTime"], "2026-11-24 15:30:00", "it stays in the bin");
    for (change, holds) in [
        (
            json!({ "CloseTime": "2026-11-23 15:00:00" }),
            "CloseTime: the instance would be gone at once; give",
        ),
        (
            json!({ "OfflineTime": "2026-11-24 16:00:00" }),
            "OfflineTime: the instance would be gone at once; give",
        ),
        (
            json!({ "CloseTime": "2026-11-24 16:00:01" }),
            "CloseTime: has not come; give",
        ),
        (
            json!({ "Status": 1, "CloseTime": "2026-11-24 15:00:00" }),
            "CloseTime: only an isolated instance",
        ),
        (json!({ "Stuck": true }), "Stuck: goes with Status 0 or 1; leave it out"),
    ] {
        patch_refused(&app, change, holds).await;
    }
    let shown = patch(&app, &json!({ "Status": 2 })).await;
    assert_eq!(times(&shown), (Value::Null, Value::Null));
    let shown = patch(&app, &json!({ "Status": 1 })).await;
    assert_eq!(shown["Stuck"], true);
}

#[tokio::test]
async fn no_patch_of_the_status_while_a_flow_shows_itself() {
    let app = with(
        &json!({ "Status": -2, "BillingMode": 1, "DeadlineTime": "2026-11-20 00:00:00",
        "CloseTime": "2026-11-24 10:00:00" }),
    );
    let input = json!({ "InstanceId": "crs-a", "Period": 1 });
    assert_eq!(call(&app, "RenewInstance", &input).await, "");
    // What is taken out of the bin can still fail, and so it keeps its times.
    let app = goes_over(&app).await;
    let shown = patch(&app, &json!({ "InstanceName": "other" })).await;
    assert_eq!(
        (&shown["Status"], &shown["CloseTime"]),
        (&json!(1), &json!("2026-11-24 10:00:00"))
    );
    assert_eq!(shown["Stuck"], Value::Null);
    for status in [2, 1, -2] {
        let told = "Status: StartupInstance is on its way; finish it first, by its step";
        patch_refused(&app, json!({ "Status": status }), told).await;
    }
    let id = app.controlled("GET", "/_crs/flows", "").await["Flows"][0]["Id"].clone();
    app.controlled("POST", &format!("/_crs/flows/{id}/fail"), "").await;
    let one = account(&app).await["Instances"][0].clone();
    assert_eq!(
        (&one["Status"], &one["CloseTime"]),
        (&json!(-2), &json!("2026-11-24 10:00:00"))
    );

    // One that waits for its window counts as well.
    let app = with(&json!({}));
    let input = json!({ "InstanceId": "crs-a", "MemSize": 2_048, "SwitchOption": 1 });
    assert_eq!(call(&app, "UpgradeInstance", &input).await, "");
    patch_refused(
        &app,
        json!({ "Status": 1 }),
        "Status: UpgradeInstance is on its way; finish",
    )
    .await;
}

#[tokio::test]
async fn a_clock_set_back_leaves_nothing_isolated_later() {
    let app = with(&json!({ "Status": -3, "CloseTime": "2026-11-24 15:59:59", "OfflineTime": "" }));
    let back = r#"{"Mode":"manual","Now":"2026-11-01T00:00:00Z"}"#;
    app.controlled("PUT", "/_crs/clock", back).await;
    let one = account(&app).await["Instances"][0].clone();
    assert_eq!(one["CloseTime"], "2026-11-01 08:00:00");
    goes_over(&app).await;
}

/// What was given back by its owner has no time left, however far the clock goes back.
#[tokio::test]
async fn a_clock_set_back_gives_no_time_to_what_was_returned() {
    let app = with(
        &json!({ "Status": -2, "BillingMode": 1, "CloseTime": "2026-11-24 15:59:59",
        "DeadlineTime": "2026-11-24 15:59:59" }),
    );
    let back = r#"{"Mode":"manual","Now":"2026-11-01T00:00:00Z"}"#;
    app.controlled("PUT", "/_crs/clock", back).await;
    let one = account(&app).await["Instances"][0].clone();
    assert_eq!(one["DeadlineTime"], "2026-11-01 08:00:00");
    goes_over(&app).await;
}

/// A region that holds no networks takes any ids, those of another region's subnets too: as an order does, so a state.
#[tokio::test]
async fn a_subnet_of_another_region_says_nothing_of_an_instance() {
    let app = held(&json!({
        "Vpcs": [{ "VpcId": "vpc-aaaaaaaa", "Region": "ap-nanjing", "CidrBlock": "10.0.0.0/16" }],
        "Subnets": [{ "SubnetId": "subnet-aaaaaaaa", "VpcId": "vpc-aaaaaaaa", "CidrBlock": "10.0.1.0/24" }],
        "Instances": [{ "InstanceId": "crs-a", "VpcId": "vpc-bbbbbbbb", "SubnetId": "subnet-aaaaaaaa" }],
    }));
    goes_over(&app).await;
}

/// A state whose migration has lost one of its ends could not be put back.
#[tokio::test]
async fn a_migration_goes_with_either_of_its_instances() {
    let job = json!({ "JobId": "dts-a", "SrcInstanceId": "crs-a", "DstInstanceId": "crs-b" });
    let binned = json!({ "InstanceId": "crs-a", "Status": -3 });
    let app = held(&json!({ "DtsJobs": [job], "Instances": [binned, { "InstanceId": "crs-b" }] }));
    assert_eq!(
        call(&app, "CleanUpInstance", &json!({ "InstanceId": "crs-a" })).await,
        ""
    );
    assert_eq!(account(&app).await["DtsJobs"].as_array().map(Vec::len), Some(1));
    app.controlled("POST", "/_crs/flows/drain", "").await;
    assert!(account(&app).await["DtsJobs"].as_array().is_none_or(Vec::is_empty));
    goes_over(&app).await;
}

/// A task whose clock is set back below its beginning does not end before it began; one that is stated with its end
/// alone began by then.
#[tokio::test]
async fn no_task_ends_before_it_began() {
    let tasks = json!([{ "TaskId": 7, "TaskType": "001", "InstanceId": "crs-a", "EndTime": "2026-11-24 15:30:00" }]);
    let app = held(&json!({ "Tasks": tasks, "Instances": [{ "InstanceId": "crs-a" }] }));
    assert_eq!(account(&app).await["Tasks"][0]["StartTime"], "2026-11-24 15:30:00");
    let asked = json!({ "InstanceId": "crs-a", "MemSize": 8_192 });
    assert_eq!(call(&app, "UpgradeInstance", &asked).await, "");
    let back = r#"{"Mode":"manual","Now":"2026-11-01T00:00:00Z"}"#;
    app.controlled("PUT", "/_crs/clock", back).await;
    app.controlled("POST", "/_crs/flows/drain", "").await;
    let task = account(&app).await["Tasks"][1].clone();
    assert_eq!([&task["StartTime"], &task["EndTime"]], ["2026-11-01 08:00:00"; 2]);
}

#[tokio::test]
async fn arrears_that_were_enforced_are_not_enforced_again() {
    let app = held(&json!({ "Balance": -500, "ArrearsSince": "2026-11-23 00:00:00",
        "Instances": [{ "InstanceId": "crs-a" }] }));
    let state = account(&app).await;
    assert_eq!(
        (&state["Instances"][0]["Status"], &state["ArrearsEnforced"]),
        (&json!(-3), &json!(true))
    );
    patch(&app, &json!({ "Status": 2 })).await;
    let app = goes_over(&app).await;
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":172800}"#)
        .await;
    assert_eq!(account(&app).await["Instances"][0]["Status"], 2);
}

#[tokio::test]
async fn an_account_can_be_changed_from_outside() {
    let app = with(&json!({}));
    let path = "/_crs/accounts/1250000000";
    let shown = app
        .controlled("PATCH", path, r#"{"Balance":-5,"PostpaidQuota":7}"#)
        .await;
    assert_eq!(
        shown,
        json!({ "AppId": 1_250_000_000, "Uin": "100000000001", "Balance": -5, "PostpaidQuota": 7,
            "ArrearsSince": "2026-11-24 16:00:00" })
    );
    let account_now = account(&app).await;
    let entry = json!({ "Time": "2026-11-24 16:00:00", "Kind": "Adjustment", "Amount": -10_005, "Balance": -5 });
    assert_eq!(account_now["Ledger"], json!([entry]));
    let input = json!({ "InstanceId": "crs-a", "MemSize": 2_048 });
    assert_eq!(
        call(&app, "UpgradeInstance", &input).await,
        "ResourceUnavailable.AccountBalanceNotEnough"
    );
    let shown = app
        .controlled("PATCH", path, r#"{"ArrearsSince":"2026-11-24 10:00:00"}"#)
        .await;
    assert_eq!(
        (&shown["Balance"], &shown["ArrearsSince"]),
        (&json!(-5), &json!("2026-11-24 10:00:00"))
    );
    let shown = app
        .controlled("PATCH", path, r#"{"Balance":9,"PostpaidQuota":null}"#)
        .await;
    assert_eq!(
        (&shown["ArrearsSince"], &shown["PostpaidQuota"]),
        (&Value::Null, &Value::Null)
    );
    let shown = app.controlled("PATCH", path, r#"{"SoldOut":[{"TypeId":2}]}"#).await;
    assert_eq!(shown["SoldOut"], json!([{ "TypeId": 2 }]));
    assert_eq!(
        account(&app).await["Ledger"].as_array().map(Vec::len),
        Some(2),
        "no movement, no entry"
    );
    goes_over(&app).await;
    for (change, holds) in [
        (json!([]), "the body: a list does not fit; give an object"),
        (
            json!({ "Balanc": 1 }),
            "the body: Balanc: there is no such key; write Balance",
        ),
        (
            json!({ "Balance": "1" }),
            "the body: Balance: string \"1\" does not fit; give a whole number",
        ),
        (
            json!({ "AppId": 5 }),
            "the body: AppId: an account keeps its number; give 1250000000",
        ),
        (
            json!({ "ArrearsSince": "2026-11-24 10:00:00" }),
            "the body: ArrearsSince: the account is in no arrears; leave it out",
        ),
        (
            json!({ "Instances": [] }),
            "the body: Instances: is not changed here; PATCH /_crs/instances/{InstanceId}",
        ),
        (
            json!({ "Ledger": [] }),
            "the body: Ledger: is not changed here; give the Balance",
        ),
        (
            json!({ "SoldOut": [{ "TypeId": 99 }] }),
            "the body: SoldOut[0].TypeId: 99 is no edition; give one of",
        ),
    ] {
        refused(&app, ("PATCH", path, &change), 400, holds).await;
    }
    let nobody = ("PATCH", "/_crs/accounts/5", &json!({}));
    refused(&app, nobody, 404, "there is no account 5; GET /_crs/state lists them").await;
    let word = ("PATCH", "/_crs/accounts/me", &json!({}));
    refused(&app, word, 400, "AppId: is no AppId; give a number").await;
}

#[tokio::test]
async fn two_accounts_may_have_the_same_ids() {
    let one = |app_id: u64| {
        json!({ "AppId": app_id, "Instances": [{ "InstanceId": "crs-a", "Status": 1 }],
            "Tasks": [{ "TaskId": 1, "TaskType": "002", "InstanceId": "crs-a", "Result": 1 }],
            "Flows": [{ "Id": 1, "InstanceId": "crs-a", "Action": "UpgradeInstance", "MemSize": 2_048 }] })
    };
    let fixture = json!({ "Accounts": [one(5), one(6)] });
    let app = App::with_fixture(Config::default(), &fixture.to_string());
    let path = "/_crs/instances/crs-a";
    let change = json!({ "MemUsed": 9 });
    let told = "AppId: the accounts 5, 6 have an instance crs-a each; say which by ?AppId=";
    refused(&app, ("PATCH", path, &change), 400, told).await;
    let told = "AppId: the accounts 5, 6 have a flow 1 each; say which by ?AppId=";
    refused(&app, ("POST", "/_crs/flows/1/step", &Value::Null), 400, told).await;
    let nobody = format!("{path}?AppId=7");
    refused(&app, ("PATCH", &nobody, &change), 404, "there is no account 7").await;
    let odd = format!("{path}?Appid=5");
    refused(&app, ("PATCH", &odd, &change), 400, "the query takes AppId alone").await;

    let of_six = format!("{path}?AppId=6");
    app.controlled("PATCH", &of_six, &change.to_string()).await;
    let flows = app.controlled("GET", "/_crs/flows?AppId=5", "").await;
    assert_eq!(flows["Flows"].as_array().map(Vec::len), Some(1));
    app.controlled("POST", "/_crs/flows/1/step?AppId=5", "").await;
    let state = app.controlled("GET", "/_crs/state", "").await;
    let shown = |at: usize| {
        let one = &state["Accounts"][at]["Instances"][0];
        (one["Status"].clone(), one["MemSize"].clone(), one["MemUsed"].clone())
    };
    assert_eq!(shown(0), (json!(2), json!(2_048), json!(0)));
    assert_eq!(shown(1), (json!(1), json!(1_024), json!(9)));
    app.controlled("POST", "/_crs/flows/drain?AppId=5", "").await;
    let left = app.controlled("GET", "/_crs/flows", "").await;
    assert_eq!(left["Flows"][0]["AppId"], 6);
    // The one that is left is meant, without saying so.
    app.controlled("POST", "/_crs/flows/1/step", "").await;
}

/// Several files as one.
fn several(files: &[Value]) -> Result<Fixture, String> {
    let folder = std::env::temp_dir().join(format!("crs-local-states-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let mut paths = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let path = folder.join(format!("{at}.json"));
        std::fs::write(&path, file.to_string()).map_err(|error| error.to_string())?;
        paths.push(path);
    }
    let loaded = Fixture::load(&paths);
    let _ = std::fs::remove_dir_all(&folder);
    loaded.map_err(|faults| faults[0].to_string())
}

#[tokio::test]
async fn a_later_balance_is_booked_and_a_later_ledger_is_a_fault() {
    let entry = json!({ "Time": "2026-01-01 00:00:00", "Kind": "Refund", "Amount": 3, "Balance": 3 });
    let ledger = json!({ "Accounts": [{ "Ledger": [entry] }],
        "Clock": { "Mode": "manual", "Now": "2026-11-24T08:00:00Z" } });
    let balance = json!({ "Accounts": [{ "Balance": 10 }] });
    let booked = async |files: &[Value]| {
        let fixture = several(files).expect("files");
        let emulator = Emulator::new(Config::default(), fixture).expect("a fixture that holds");
        let state = serde_json::to_value(emulator.state()).expect("JSON");
        state["Accounts"][0].clone()
    };
    let account = booked(&[ledger.clone(), balance.clone()]).await;
    let adjusted = json!({ "Time": "2026-11-24 16:00:00", "Kind": "Adjustment", "Amount": 7, "Balance": 10 });
    assert_eq!(
        (&account["Balance"], &account["Ledger"]),
        (&json!(10), &json!([entry, adjusted]))
    );
    let account = booked(&[balance, ledger.clone()]).await;
    assert_eq!((&account["Balance"], &account["Ledger"]), (&json!(3), &json!([entry])));
    let twice = several(&[ledger.clone(), ledger]).expect("files");
    let faults = twice.check().expect_err("two ledgers");
    assert_eq!(faults[0].path, "Accounts[0].Ledger");
    assert!(faults[0].message.contains("Accounts[0].Ledger[0] in "), "{}", faults[0]);
    assert!(
        faults[0].message.ends_with("already; keep one of them"),
        "{}",
        faults[0]
    );
}

#[tokio::test]
async fn fault_rules_keep_their_ids() {
    let app = held(&json!({}));
    let rule = |times: u64| json!({ "Match": { "Action": "DescribeInstances" }, "Then": { "Code": "InternalError" }, "Times": times });
    for times in [1, 2, 1] {
        app.controlled("POST", "/_crs/faults", &rule(times).to_string()).await;
    }
    assert_eq!(call(&app, "DescribeInstances", &json!({})).await, "InternalError");
    app.controlled("DELETE", "/_crs/faults/3", "").await;
    let other = goes_over(&app).await;
    let shown = other.controlled("GET", "/_crs/faults", "").await;
    assert_eq!(shown["Faults"][0]["Id"], 2);
    let made = other.controlled("POST", "/_crs/faults", &rule(1).to_string()).await;
    assert_eq!(made, json!({ "Id": 4, "Warnings": [] }));
    let mut own = rule(1);
    own["Id"] = json!(9);
    refused(
        &app,
        ("POST", "/_crs/faults", &own),
        400,
        "Id: the server gives it; leave it out",
    )
    .await;
}

#[tokio::test]
async fn what_is_left_out_is_of_the_second_in_which_it_starts() {
    let fixture = json!({ "Accounts": [{ "Balance": -1, "Instances": [{ "InstanceId": "crs-a" }],
        "Backups": [{ "BackupId": "1", "InstanceId": "crs-a" }] }] });
    let app = App::with_fixture(Config::default(), "{}");
    app.set_now(NOW_MS + 789);
    app.controlled("PUT", "/_crs/state", &fixture.to_string()).await;
    let account = account(&app).await;
    for moment in [
        &account["Instances"][0]["Createtime"],
        &account["Backups"][0]["StartTime"],
        &account["ArrearsSince"],
    ] {
        assert_eq!(moment, "2026-11-24 16:00:00");
    }
}

#[tokio::test]
async fn counters_at_their_end_go_over() {
    let last = 4_503_599_627_370_495_u64;
    let app = held(&json!({ "Ids": { "Seed": "7", "Drawn": last - 1 }, "Instances": [{ "InstanceId": "crs-a" }] }));
    let state = app.controlled("GET", "/_crs/state", "").await;
    let mut state = state.clone();
    state["Calls"] = json!(last);
    app.controlled("PUT", "/_crs/state", &state.to_string()).await;
    for mem_mb in [2_048, 4_096] {
        let input = json!({ "InstanceId": "crs-a", "MemSize": mem_mb });
        assert_eq!(call(&app, "UpgradeInstance", &input).await, "");
        let other = goes_over(&app).await;
        for app in [&app, &other] {
            app.controlled("POST", "/_crs/flows/drain", "").await;
        }
        assert_eq!(account(&app).await, account(&other).await);
    }
}

#[tokio::test]
async fn the_last_moment_of_the_calendar_goes_over() {
    // Enough for the hours until then.
    let app = held(&json!({ "Balance": 1_000_000_000_000_u64, "Instances": [{ "InstanceId": "crs-a" }] }));
    let last = r#"{"Mode":"manual","Now":"9999-12-31T15:59:59.500Z"}"#;
    app.controlled("PUT", "/_crs/clock", last).await;
    let input = json!({ "InstanceId": "crs-a" });
    assert_eq!(call(&app, "DestroyPostpaidInstance", &input).await, "");
    let app = goes_over(&app).await;
    let flow = app.controlled("GET", "/_crs/flows", "").await["Flows"][0]["Id"].clone();
    app.controlled("POST", &format!("/_crs/flows/{flow}/step"), "").await;
    let app = goes_over(&app).await;
    assert_eq!(
        account(&app).await["Instances"][0]["OfflineTime"],
        "9999-12-31 23:59:59.999"
    );
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":0.499}"#)
        .await;
    let app = goes_over(&app).await;
    assert_eq!(account(&app).await["Instances"], Value::Null);
    let beyond = ("POST", "/_crs/clock/advance", &json!({ "Seconds": 0.001 }));
    refused(&app, beyond, 400, "9999").await;
}
