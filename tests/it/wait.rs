//! Waiting for an instance: until a key of it is so, or the time is over.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crs_local::Config;
use crs_local::config::Pace;
use serde_json::{Value, json};

use super::control::refused;
use super::gateway::request;
use super::harness::{App, FIXTURE, Raw};

const UPGRADE: &str = "POST / HTTP/1.1\n{USUAL}\nX-TC-Action: UpgradeInstance\n\n\
    {\"InstanceId\":\"crs-5qlrlhux\",\"MemSize\":2048}";
const PATH: &str = "/_crs/instances/crs-5qlrlhux";

fn held() -> App {
    App::with(Config {
        pace: Pace::Held,
        ..Config::default()
    })
}

async fn flow(app: &App) -> u64 {
    let flows = app.controlled("GET", "/_crs/flows", "").await;
    flows["Flows"][0]["Id"].as_u64().expect("a flow")
}

#[tokio::test]
async fn what_is_so_is_answered_at_once() {
    let app = held();
    let shown = app.controlled("GET", PATH, "").await;
    for wait in [
        "Status=2",
        "MemSize=1024",
        "InstanceName=crs-5qlrlhux",
        "%49nstanceId=crs%2D5qlrlhux",
        "NoAuth=false",
        "Stuck=false",
        "WanAddress=",
        "ResourceTags=[]",
    ] {
        let path = format!("{PATH}?wait={wait}&timeout=0s");
        assert_eq!(app.controlled("GET", &path, "").await, shown, "{wait}");
    }
}

#[tokio::test]
async fn a_wait_ends_with_the_call_that_brings_it_about() {
    let app = held();
    assert_eq!(app.call(&request(UPGRADE)).await.code(), "");
    let id = flow(&app).await;
    let path = format!("{PATH}?wait=MemSize=2048&timeout=60s");
    let step = format!("/_crs/flows/{id}/step");
    let (waited, _) = tokio::join!(app.controlled("GET", &path, ""), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        app.controlled("POST", &step, "").await
    });
    assert_eq!((&waited["MemSize"], &waited["Status"]), (&json!(2_048), &json!(2)));
}

#[tokio::test]
async fn with_a_manual_clock_it_waits_for_whoever_moves_it() {
    let app = App::start();
    let manual = r#"{"Mode":"manual","Now":"2027-01-01T00:00:00Z"}"#;
    app.controlled("PUT", "/_crs/clock", manual).await;
    assert_eq!(app.call(&request(UPGRADE)).await.code(), "");
    let late = app
        .control("GET", &format!("{PATH}?wait=Status=2&timeout=50ms"), "")
        .await;
    assert_eq!(late.0, 408, "{late:?}");
    for (call, body) in [("/_crs/clock/advance", r#"{"Seconds":1}"#), ("/_crs/clock/next", "{}")] {
        let path = format!("{PATH}?wait=Status=2&timeout=60s");
        let (waited, _) = tokio::join!(app.controlled("GET", &path, ""), async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            app.controlled("POST", call, body).await
        });
        assert_eq!(waited["Status"], 2, "{call}");
        let back = UPGRADE.replace("2048", "4096");
        app.call(&request(&back)).await;
    }
}

#[tokio::test]
async fn with_a_real_clock_time_alone_ends_it() {
    let wall = || {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
        i64::try_from(since.as_millis()).expect("a moment")
    };
    let config = Config {
        flow_time: Duration::from_millis(300),
        ..Config::default()
    };
    let mut seed: Value = serde_json::from_str(FIXTURE).expect("JSON");
    seed["Clock"] = json!({ "Mode": "real" });
    let app = App::with_wall(config, &seed.to_string(), Box::new(wall));
    let path = "/_crs/flows/drain";
    app.controlled("POST", path, "").await;
    let patch = r#"{"MemUsed":100}"#;
    app.controlled("PATCH", PATH, patch).await;
    let url = "/?Action=UpgradeInstance&Version=2018-04-12&Region=ap-guangzhou&InstanceId=crs-5qlrlhux&MemSize=2048";
    assert_eq!(app.call(&Raw::control("GET", url, "")).await.code(), "");
    // Nobody has seen it; the wait is the look that is owed.
    let waited = app
        .controlled("GET", &format!("{PATH}?wait=Status=2&timeout=30s"), "")
        .await;
    assert_eq!((&waited["Status"], &waited["MemSize"]), (&json!(2), &json!(2_048)));
}

#[tokio::test]
async fn what_does_not_come_is_a_408_that_says_what_is() {
    let app = held();
    assert_eq!(app.call(&request(UPGRADE)).await.code(), "");
    let (status, told) = app
        .control("GET", &format!("{PATH}?wait=Status=2&timeout=100ms"), "")
        .await;
    assert_eq!(status, 408);
    let message = told["Error"]["Message"].as_str().expect("a message");
    for part in ["Status", "crs-5qlrlhux has 1", "not 2", "100ms"] {
        assert!(message.contains(part), "{message}");
    }
    // A wait that has ended without it was a look all the same.
    let state = app.controlled("GET", "/_crs/state", "").await;
    let flows = state["Accounts"][0]["Flows"].as_array().expect("flows");
    assert!(flows.iter().any(|flow| flow["Shown"] == true), "{flows:?}");
}

#[tokio::test]
async fn an_instance_that_goes_ends_the_wait() {
    let app = held();
    let gone = "POST / HTTP/1.1\n{USUAL}\nX-TC-Action: {}\n\n{\"InstanceId\":\"crs-5qlrlhux\"}";
    let path = format!("{PATH}?wait=MemSize=7168&timeout=60s");
    let (waited, ()) = tokio::join!(app.control("GET", &path, ""), async {
        for action in ["DestroyPostpaidInstance", "CleanUpInstance"] {
            app.call(&request(&gone.replace("{}", action))).await;
            app.controlled("POST", "/_crs/flows/drain", "").await;
        }
    });
    assert_eq!(waited.0, 404, "{waited:?}");
}

#[tokio::test]
async fn waits_hold_neither_threads_nor_the_time_for_a_body() {
    const WAITING: usize = 600;
    let config = Config {
        pace: Pace::Held,
        body_timeout: Duration::from_millis(400),
        head_timeout: Duration::from_millis(400),
        ..Config::default()
    };
    let app = App::with(config);
    assert_eq!(app.call(&request(UPGRADE)).await.code(), "");
    let id = flow(&app).await;
    let path = format!("{PATH}?wait=Status=2&timeout=30s");
    let waits = (0..WAITING).map(|_| app.control("GET", &path, ""));
    let raw = Raw::control("GET", &path, "");
    let over_a_socket = app.send(&raw);
    let begun = Instant::now();
    let (waited, sent, ()) = tokio::join!(futures_util::future::join_all(waits), over_a_socket, async {
        // More waits than there are threads for long work leave room for other calls.
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        app.controlled("POST", &format!("/_crs/flows/{id}/step"), "").await;
    });
    assert!(begun.elapsed() >= Duration::from_millis(1_200));
    assert!(
        waited
            .iter()
            .all(|(status, shown)| *status == 200 && shown["Status"] == 2)
    );
    assert_eq!(sent.status, 200, "it waited longer than a head or a body may take");
}

#[tokio::test]
async fn a_wrong_wait_is_refused() {
    let app = held();
    for (query, holds) in [
        ("wait=Statu=2", &["wait: Statu", "no such key", "Status"][..]),
        ("wait=Status", &["wait", "wait=Status=2"]),
        ("wait=Status=two", &["wait: Status", "whole number"]),
        ("wait=MemSize=-1", &["wait: MemSize", "0 or more"]),
        ("wait=NoAuth=1", &["wait: NoAuth", "true or false"]),
        ("wait=Status=2&timeout=61s", &["timeout", "60s"]),
        ("wait=Status=2&timeout=5", &["timeout", "5s"]),
        ("wait=Status=2&timeout=-5s", &["timeout"]),
        ("timeout=5s", &["timeout", "wait=Status=2"]),
        ("wait=Status=2&wait=Status=1", &["wait", "twice"]),
        ("waits=Status=2", &["AppId, wait and timeout"]),
        ("wait=%ff", &["the query"]),
        ("AppId=x", &["AppId"]),
    ] {
        refused(&app, ("GET", &format!("{PATH}?{query}"), ""), 400, holds).await;
    }
    let nobody = "/_crs/instances/crs-nobody00?wait=Status=2";
    refused(&app, ("GET", nobody, ""), 404, &["crs-nobody00"]).await;
}
