//! Named states in memory, and the state as a text that a diff reads well.

use crs_local::Config;
use crs_local::config::Pace;
use serde_json::{Value, json};

use super::control::refused;
use super::gateway::request;
use super::harness::{App, Raw};

const UPGRADE: &str = "POST / HTTP/1.1\n{USUAL}\nX-TC-Action: UpgradeInstance\n\n\
    {\"InstanceId\":\"crs-5qlrlhux\",\"MemSize\":2048}";
const DESCRIBE: &str = "POST / HTTP/1.1\n{USUAL}\n\n{}";

fn held() -> App {
    App::with(Config {
        pace: Pace::Held,
        ..Config::default()
    })
}

async fn state(app: &App) -> Value {
    app.controlled("GET", "/_crs/state", "").await
}

#[tokio::test]
async fn a_checkpoint_is_gone_back_to_as_often_as_wanted() {
    let app = held();
    let manual = r#"{"Mode":"manual","Now":"2027-01-01T00:00:00Z"}"#;
    app.controlled("PUT", "/_crs/clock", manual).await;
    let fault = r#"{"Match":{"Action":"DescribeTaskList"},"Then":{"Code":"InternalError"},"Times":3}"#;
    app.controlled("POST", "/_crs/faults", fault).await;
    assert_eq!(app.call(&request(UPGRADE)).await.code(), "");
    let before = state(&app).await;
    let kept = app.controlled("POST", "/_crs/checkpoints/before-it", "").await;
    let instances = before["Accounts"][0]["Instances"].as_array().map_or(0, Vec::len);
    assert_eq!(
        kept,
        json!({ "Name": "before-it", "Now": "2027-01-01T00:00:00.000Z", "Accounts": before["Accounts"]
            .as_array().map_or(0, Vec::len), "Instances": kept["Instances"] })
    );
    assert!(kept["Instances"].as_u64() >= Some(instances as u64));
    let mut answers = Vec::new();
    for _ in 0..3 {
        assert_eq!(state(&app).await, before);
        let drained = app.controlled("POST", "/_crs/flows/drain", "").await;
        let tasks = app
            .call(&request(
                &DESCRIBE.replace("{USUAL}", "{USUAL}\nX-TC-Action: DescribeTaskList"),
            ))
            .await;
        assert_eq!(tasks.code(), "InternalError");
        let again = app.call(&request(&UPGRADE.replace("2048", "4096"))).await;
        // Ids and RequestIds follow anew from where they were.
        answers.push((drained, tasks.json(), again.json()));
        app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":86400}"#)
            .await;
        app.controlled("DELETE", "/_crs/faults", "").await;
        app.controlled("PATCH", "/_crs/accounts/1250000000", r#"{"Balance":1}"#)
            .await;
        assert_ne!(state(&app).await, before);
        let restored = app
            .controlled("POST", "/_crs/checkpoints/before-it/restore", "{}")
            .await;
        assert_eq!(restored, kept);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[tokio::test]
async fn checkpoints_outlast_a_reset_and_know_nothing_of_one_another() {
    let app = held();
    app.controlled("POST", "/_crs/checkpoints/seed", "").await;
    assert_eq!(app.call(&request(UPGRADE)).await.code(), "");
    app.controlled("POST", "/_crs/checkpoints/upgraded", "").await;
    let upgraded = state(&app).await;
    app.controlled("POST", "/_crs/reset", "").await;
    let seed = state(&app).await;
    let listed = app.controlled("GET", "/_crs/checkpoints", "").await;
    let names: Vec<_> = listed["Checkpoints"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|kept| &kept["Name"])
        .collect();
    assert_eq!(names, ["seed", "upgraded"]);
    app.controlled("POST", "/_crs/checkpoints/upgraded/restore", "").await;
    assert_eq!(state(&app).await, upgraded);
    app.controlled("POST", "/_crs/flows/drain", "").await;
    app.controlled("POST", "/_crs/checkpoints/seed/restore", "").await;
    assert_eq!(state(&app).await, seed);
    // One that is kept anew takes the place of the earlier one.
    app.controlled("POST", "/_crs/checkpoints/upgraded", "").await;
    app.controlled("POST", "/_crs/checkpoints/upgraded/restore", "").await;
    assert_eq!(state(&app).await, seed);
    app.controlled("DELETE", "/_crs/checkpoints/seed", "").await;
    let listed = app.controlled("GET", "/_crs/checkpoints", "").await;
    assert_eq!(listed["Checkpoints"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_an_answer_has_shown_is_kept_and_no_time_passes_in_a_checkpoint() {
    let app = App::start();
    assert_eq!(app.call(&request(UPGRADE)).await.code(), "");
    app.call(&request(DESCRIBE)).await;
    app.controlled("POST", "/_crs/checkpoints/shown", "").await;
    let kept = state(&app).await;
    app.set_now(super::harness::NOW_MS + 3_600_000);
    app.controlled("POST", "/_crs/checkpoints/shown/restore", "").await;
    app.set_now(super::harness::NOW_MS);
    app.controlled("POST", "/_crs/checkpoints/shown/restore", "").await;
    assert_eq!(state(&app).await, kept);
}

#[tokio::test]
async fn who_calls_is_kept_too() {
    let app = held();
    app.controlled("POST", "/_crs/checkpoints/all", "").await;
    let none = r#"{"Version":2,"Accounts":[{"Credentials":[]}]}"#;
    app.controlled("PUT", "/_crs/state", none).await;
    let strange = app
        .call(&request("@sign key=other\nPOST / HTTP/1.1\n{USUAL}\n\n{}"))
        .await;
    assert_eq!(strange.code(), "", "nobody has that key now");
    app.controlled("POST", "/_crs/checkpoints/all/restore", "").await;
    let strange = app
        .call(&request("@sign key=other\nPOST / HTTP/1.1\n{USUAL}\n\n{}"))
        .await;
    assert_eq!(strange.code(), "AuthFailure.SignatureFailure");
    assert_eq!(app.call(&request(DESCRIBE)).await.code(), "");
}

#[tokio::test]
async fn a_wrong_call_about_checkpoints_is_refused() {
    let app = held();
    let restore = "/_crs/checkpoints/nope/restore";
    refused(&app, ("POST", restore, ""), 404, &["nope", "there is none", "POST"]).await;
    app.controlled("POST", "/_crs/checkpoints/one", "").await;
    app.controlled("POST", "/_crs/checkpoints/two", "").await;
    refused(&app, ("POST", restore, ""), 404, &["nope", "there are: one, two"]).await;
    let delete = ("DELETE", "/_crs/checkpoints/nope", "");
    refused(&app, delete, 404, &["nope", "there are: one, two"]).await;
    let long = format!("/_crs/checkpoints/{}", "x".repeat(65));
    for name in ["/_crs/checkpoints/a%20b", "/_crs/checkpoints/%C3%A9", &long] {
        refused(&app, ("POST", name, ""), 400, &["Name", "1 to 64"]).await;
        refused(&app, ("DELETE", name, ""), 400, &["Name", "1 to 64"]).await;
    }
    refused(&app, ("POST", "/_crs/checkpoints/%ff", ""), 400, &["UTF-8"]).await;
    for path in [
        "/_crs/checkpoints/one",
        "/_crs/checkpoints/one/restore",
        "/_crs/clock/next",
    ] {
        refused(&app, ("POST", path, r#"{"Seconds":1}"#), 400, &["Seconds"]).await;
        refused(&app, ("POST", path, "[]"), 400, &["the body"]).await;
        refused(&app, ("POST", path, "{"), 400, &["the body"]).await;
        let large = format!("{{\"X\":\"{}\"}}", "x".repeat(1 << 20));
        refused(&app, ("POST", path, &large), 413, &["1 MB"]).await;
        refused(&app, ("PUT", path, "{}"), 405, &["POST"]).await;
    }
    for (method, path) in [
        ("GET", "/_crs/checkpoints?AppId=1"),
        ("POST", "/_crs/checkpoints/one?AppId=1"),
        ("POST", "/_crs/checkpoints/one/restore?x"),
        ("DELETE", "/_crs/checkpoints/one?x=1"),
    ] {
        refused(&app, (method, path, ""), 400, &["no query"]).await;
    }
    refused(&app, ("POST", "/_crs/checkpoints", ""), 405, &["GET"]).await;
    for number in 2..100 {
        app.controlled("POST", &format!("/_crs/checkpoints/more-{number}"), "")
            .await;
    }
    refused(&app, ("POST", "/_crs/checkpoints/beyond", ""), 409, &["100", "DELETE"]).await;
    app.controlled("POST", "/_crs/checkpoints/one", "").await;
    let listed = app.controlled("GET", "/_crs/checkpoints", "").await;
    assert_eq!(listed["Checkpoints"].as_array().map(Vec::len), Some(100));
}

/// The state as it is sent.
async fn text(app: &App) -> String {
    let answer = app.call(&Raw::control("GET", "/_crs/state", "")).await;
    String::from_utf8(answer.body.to_vec()).expect("UTF-8")
}

#[tokio::test]
async fn a_changed_instance_changes_its_own_lines_alone() {
    let app = held();
    let manual = r#"{"Mode":"manual","Now":"2027-01-01T00:00:00Z"}"#;
    app.controlled("PUT", "/_crs/clock", manual).await;
    let before = text(&app).await;
    assert_eq!(before, text(&app).await, "the order is always the same");
    let change = r#"{"InstanceName":"other","SubStatus":7}"#;
    app.controlled("PATCH", "/_crs/instances/crs-5qlrlhux", change).await;
    let after = text(&app).await;
    let (before, after): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    assert_eq!(before.len(), after.len());
    let changed: Vec<_> = after
        .iter()
        .zip(&before)
        .filter(|(new, old)| new != old)
        .map(|(new, _)| new.trim())
        .collect();
    assert_eq!(changed, ["\"InstanceName\": \"other\",", "\"SubStatus\": 7,"]);
}

#[tokio::test]
async fn a_state_holds_everything() {
    let app = held();
    let fault = r#"{"Match":{"Action":"DescribeTaskList"},"Then":{"Code":"InternalError"}}"#;
    app.controlled("POST", "/_crs/faults", fault).await;
    assert_eq!(app.call(&request(UPGRADE)).await.code(), "");
    let state = state(&app).await;
    for key in ["Version", "Accounts", "Faults", "Clock", "Calls", "LastFaultId"] {
        assert!(!state[key].is_null(), "{key}");
    }
    for key in ["Credentials", "Instances", "Deals", "Tasks", "Flows", "Ledger", "Ids"] {
        assert!(!state["Accounts"][0][key].is_null(), "{key}");
    }
}
