//! What a rule makes of the flows that a call begins, and that an answer which nobody got has shown nothing.

use crs_local::Config;
use crs_local::config::Pace;
use serde_json::{Value, json};

use super::{UPGRADE, add, called, request};
use crate::harness::{App, NOW_MS};

const ID: &str = "crs-5qlrlhux";

async fn call(app: &App, action: &str, input: Value) -> Value {
    app.call(&called(action, &input)).await.json()["Response"].clone()
}

async fn row(app: &App) -> (i64, u64) {
    let shown = call(app, "DescribeInstances", json!({ "InstanceId": ID })).await;
    let row = &shown["InstanceSet"][0];
    let mem_mb = row["Size"].as_f64().expect("a number") as u64;
    (row["Status"].as_i64().expect("a number"), mem_mb)
}

async fn flows(app: &App) -> Vec<Value> {
    let state = app.controlled("GET", "/_crs/state", "").await;
    state["Accounts"][0]["Flows"].as_array().cloned().unwrap_or_default()
}

async fn balance(app: &App) -> Value {
    app.controlled("GET", "/_crs/state", "").await["Accounts"][0]["Balance"].clone()
}

fn with(pace: Pace) -> App {
    App::with(Config {
        pace,
        ..Config::default()
    })
}

fn rule(flow: &str) -> Value {
    json!({ "Match": { "Action": "UpgradeInstance" }, "Then": { "Flow": flow }, "Times": 1 })
}

/// Puts the state into another emulator at the same time, which must show the same.
async fn goes_over(app: &App, pace: Pace, now_ms: i64) -> App {
    let state = app.controlled("GET", "/_crs/state", "").await;
    let other = with(pace);
    other.set_now(now_ms);
    other.controlled("PUT", "/_crs/state", &state.to_string()).await;
    assert_eq!(other.controlled("GET", "/_crs/state", "").await, state);
    other
}

#[tokio::test]
async fn a_flow_that_is_to_fail_fails_at_its_end() {
    let app = with(Pace::Timed);
    let before = balance(&app).await;
    add(&app, &rule("fail")).await;
    let deal = app.call(&request(UPGRADE)).await.json()["Response"]["DealId"].clone();
    assert_eq!(flows(&app).await[0]["Fault"], "fail");
    let app = goes_over(&app, Pace::Timed, NOW_MS).await;
    assert_eq!(row(&app).await, (1, 1_024));
    let status = async |app: &App| {
        let shown = call(app, "DescribeInstanceDealDetail", json!({ "DealIds": [deal] })).await;
        shown["DealDetails"][0]["Status"].clone()
    };
    assert_eq!(status(&app).await, 3);
    app.set_now(NOW_MS + 1_000);
    assert_eq!(row(&app).await, (2, 1_024), "it is what it was");
    let tasks = call(&app, "DescribeTaskList", json!({})).await;
    assert_eq!(tasks["Tasks"][0]["Result"], 4);
    let task = json!({ "TaskId": tasks["Tasks"][0]["TaskId"] });
    let task = call(&app, "DescribeTaskInfo", task).await;
    assert_eq!(
        (&task["Status"], &task["TaskMessage"]),
        (&json!("failed"), &json!("a fault rule let it fail"))
    );
    assert_eq!(balance(&app).await, before, "its money is back");
    assert_eq!(status(&app).await, 5, "delivery failed");
    app.set_now(NOW_MS + 1_999);
    assert_eq!(status(&app).await, 5);
    app.set_now(NOW_MS + 2_000);
    assert_eq!(status(&app).await, 6, "refunded");
    // The rule is spent: the next one succeeds.
    assert_eq!(
        app.call(&crate::gateway::request_at(UPGRADE, NOW_MS + 2_000))
            .await
            .code(),
        ""
    );
    app.controlled("POST", "/_crs/flows/drain", "").await;
    assert_eq!(row(&app).await, (2, 2_048));
}

#[tokio::test]
async fn it_fails_whatever_ends_it() {
    for (pace, path) in [
        (Pace::Instant, None),
        (Pace::Held, Some("step")),
        (Pace::Held, Some("drain")),
        (Pace::Timed, None),
    ] {
        let app = with(pace);
        add(&app, &rule("fail")).await;
        assert_eq!(app.call(&request(UPGRADE)).await.code(), "", "{pace:?}");
        if let Some(flow) = flows(&app).await.first() {
            match path {
                Some("step") => {
                    let path = format!("/_crs/flows/{}/step", flow["Id"]);
                    let ended = app.controlled("POST", &path, "").await;
                    assert_eq!(ended["Flows"][0]["InstanceId"], ID);
                }
                Some(_) => {
                    app.controlled("POST", "/_crs/flows/drain", "").await;
                }
                None => {
                    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":1}"#).await;
                }
            }
        }
        assert_eq!(row(&app).await, (2, 1_024), "{pace:?} {path:?}");
        let tasks = call(&app, "DescribeTaskList", json!({})).await;
        assert_eq!(tasks["Tasks"][0]["Result"], 4, "{pace:?} {path:?}");
    }
}

#[tokio::test]
async fn every_instance_of_an_order_fails() {
    let app = with(Pace::Timed);
    let rule = json!({ "Match": { "Action": "CreateInstances" }, "Then": { "Flow": "fail" } });
    add(&app, &rule).await;
    let order = json!({ "TypeId": 2, "MemSize": 1_024, "GoodsNum": 2, "Period": 1, "BillingMode": 0,
        "ZoneId": 100_003, "Password": "Secret_99", "VpcId": "vpc-table001", "SubnetId": "subnet-table001" });
    let ordered = call(&app, "CreateInstances", order).await;
    let id = ordered["InstanceIds"][1].as_str().expect("two instances").to_owned();
    let found = async |id: &str| {
        let shown = call(&app, "DescribeInstances", json!({ "InstanceIds": [id] })).await;
        shown["TotalCount"].clone()
    };
    assert_eq!(found(&id).await, 1);
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":1}"#).await;
    assert_eq!(found(&id).await, 0);
    let state = app.controlled("GET", "/_crs/state", "").await;
    let deal = &state["Accounts"][0]["Deals"][0];
    assert_eq!((&deal["Status"], &deal["Undelivered"]), (&json!(6), &json!(2)));
}

#[tokio::test]
async fn a_change_for_the_window_fails_with_its_task() {
    let app = with(Pace::Timed);
    add(&app, &rule("fail")).await;
    let input = json!({ "InstanceId": ID, "MemSize": 2_048, "SwitchOption": 1 });
    assert!(call(&app, "UpgradeInstance", input).await["DealId"].is_string());
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":1}"#).await;
    assert_eq!(
        flows(&app).await,
        [] as [Value; 0],
        "nothing waits for the window any more"
    );
    let tasks = call(&app, "DescribeTaskList", json!({})).await;
    assert_eq!(tasks["Tasks"][0]["Result"], 4);
}

#[tokio::test]
async fn a_flow_that_hangs_is_ended_by_a_hand_alone() {
    for (pace, option) in [(Pace::Timed, 2), (Pace::Instant, 2), (Pace::Held, 2), (Pace::Timed, 1)] {
        let app = with(pace);
        add(&app, &rule("hang")).await;
        let input = json!({ "InstanceId": ID, "MemSize": 2_048, "SwitchOption": option });
        assert!(call(&app, "UpgradeInstance", input).await["DealId"].is_string());
        let app = goes_over(&app, pace, NOW_MS).await;
        let shown = if option == 1 { 2 } else { 1 };
        assert_eq!(row(&app).await, (shown, 1_024));
        app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":864000}"#)
            .await;
        assert_eq!(row(&app).await, (shown, 1_024), "{pace:?} {option}");
        // Others are of daily backups.
        let tasks = call(&app, "DescribeTaskList", json!({ "TaskTypes": ["002"] })).await;
        assert_eq!(tasks["Tasks"][0]["Result"], 1, "{pace:?} {option}");
        // Who tries again is told so, for ever.
        let again = json!({ "InstanceId": ID, "MemSize": 4_096 });
        let code = call(&app, "UpgradeInstance", again).await["Error"]["Code"].clone();
        assert!(
            code.as_str().expect("refused").starts_with("ResourceUnavailable."),
            "{code}"
        );
        assert_eq!(flows(&app).await[0]["Fault"], "hang");
        app.controlled("POST", "/_crs/flows/drain", "").await;
        assert_eq!(row(&app).await, (2, 2_048), "{pace:?} {option}");
    }
}

#[tokio::test]
async fn a_switch_that_is_hurried_hangs_on() {
    let app = with(Pace::Timed);
    add(&app, &rule("hang")).await;
    let input = json!({ "InstanceId": ID, "MemSize": 2_048, "SwitchOption": 1 });
    assert!(call(&app, "UpgradeInstance", input).await["DealId"].is_string());
    let switched = call(&app, "SwitchAccessNewInstance", json!({ "InstanceId": ID })).await;
    assert!(switched["Error"].is_null(), "{switched}");
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":86400}"#)
        .await;
    assert_eq!(row(&app).await, (1, 1_024));
}

#[tokio::test]
async fn an_answer_that_nobody_got_has_shown_nothing() {
    for (then, when, shows) in [
        (json!({ "Drop": true }), "after", false),
        (json!({ "Truncate": 3 }), "after", false),
        (json!({ "Body": "x" }), "after", false),
        (json!({ "HttpStatus": 500 }), "after", false),
        (json!({ "Code": "InternalError" }), "after", false),
        (json!({ "Code": "InternalError" }), "before", false),
        (json!({ "DelayMs": 1 }), "after", true),
        (json!({ "DelayMs": 1 }), "before", true),
    ] {
        let app = with(Pace::Timed);
        assert_eq!(app.call(&request(UPGRADE)).await.code(), "");
        let rule = json!({ "Match": { "Action": "DescribeInstances" }, "Then": then, "When": when });
        add(&app, &rule).await;
        // In process a lost answer cannot be read, so it is sent.
        let raw = called("DescribeInstances", &json!({ "InstanceId": ID }));
        app.socket().await.try_exchange(&raw).await;
        assert_eq!(flows(&app).await[0]["Shown"], shows, "{rule}");
    }
}

#[test]
fn a_flow_that_hangs_has_no_due() {
    let fixture = json!({ "Version": 2, "Accounts": [{
        "Instances": [{ "InstanceId": "crs-a", "TypeId": 8 }],
        "Tasks": [{ "TaskId": 7, "TaskType": "002", "InstanceId": "crs-a" }],
        "Flows": [{ "Id": 7, "InstanceId": "crs-a", "Action": "UpgradeInstance", "MemSize": 2_048,
            "Fault": "hang", "Due": "2030-01-01 00:00:00" }],
    }] });
    let told = crate::fixtures::broken::faults(&fixture.to_string());
    assert!(
        told.len() == 1 && told[0].starts_with("f.json: Accounts[0].Flows[0].Due: is never reached"),
        "{told:#?}"
    );
}
