//! Every call of the control API, used rightly and wrongly. A wrong call is a 4xx whose message names what is wrong and
//! what would be right, and it changes nothing.

use crs_local::Config;
use crs_local::config::{Auth, Pace};
use serde_json::{Value, json};

use super::gateway::request;
use super::harness::{App, NOW_MS, Raw};

const DESCRIBE: &str = "POST / HTTP/1.1\n{USUAL}\n\n{}";
const UPGRADE: &str = "POST / HTTP/1.1\n{USUAL}\nX-TC-Action: UpgradeInstance\n\n\
    {\"InstanceId\":\"crs-5qlrlhux\",\"MemSize\":2048}";

/// Asserts that the call is refused with this status and a message that holds all of these, and that the state is what
/// it was.
pub(crate) async fn refused(app: &App, call: (&str, &str, &str), status: u16, holds: &[&str]) {
    let (method, path, body) = call;
    let before = app.controlled("GET", "/_crs/state", "").await;
    let (got, json) = app.control(method, path, body).await;
    assert_eq!(got, status, "{method} {path} {body}\n{json:#}");
    let message = json["Error"]["Message"].as_str().unwrap_or_default();
    for part in holds {
        assert!(
            message.contains(part),
            "{method} {path} {body}\n`{part}` is not in `{message}`"
        );
    }
    assert_eq!(json.as_object().map(|whole| whole.len()), Some(1), "{json}");
    assert_eq!(before, app.controlled("GET", "/_crs/state", "").await);
}

/// The instance as DescribeInstances lists it.
async fn instance(app: &App, id: &str) -> Value {
    let raw = request(&DESCRIBE.replace("{}", &format!("{{\"InstanceIds\":[\"{id}\"]}}")));
    app.call(&raw).await.json()["Response"]["InstanceSet"][0].clone()
}

/// An emulator whose flows wait to be finished by hand, with one under way; its number.
async fn with_a_flow() -> (App, u64) {
    let app = App::with(Config {
        pace: Pace::Held,
        ..Config::default()
    });
    assert_eq!(app.call(&request(UPGRADE)).await.code(), "");
    let flows = app.controlled("GET", "/_crs/flows", "").await;
    let id = flows["Flows"][0]["Id"].as_u64().expect("a flow");
    (app, id)
}

#[tokio::test]
async fn health_tells_who_may_call_and_what_was_let_in() {
    let app = App::start();
    let health = app.controlled("GET", "/_crs/health", "").await;
    assert_eq!(health["Status"], "ready");
    assert_eq!(health["Version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(health["Auth"], "lenient");
    assert_eq!(health["Bypassed"], 0);
    app.call(&request(DESCRIBE)).await;
    let nobody = request(&format!("@sign id=AKIDnobody\n{DESCRIBE}"));
    app.call(&nobody).await;
    let health = app.controlled("GET", "/_crs/health", "").await;
    assert_eq!(health["Bypassed"], 1, "a verified call is none");

    let strict = App::with(Config {
        auth: Auth::Strict,
        ..Config::default()
    });
    strict.call(&nobody).await;
    let health = strict.controlled("GET", "/_crs/health", "").await;
    assert_eq!((&health["Auth"], &health["Bypassed"]), (&json!("strict"), &json!(0)));
}

#[tokio::test]
async fn a_control_answer_is_json_over_a_socket_too() {
    let app = App::start();
    let answer = app.send(&Raw::control("GET", "/_crs/health", "")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json()["Status"], "ready");
}

#[tokio::test]
async fn a_reset_brings_the_seed_state_back() {
    let app = App::with(Config {
        pace: Pace::Instant,
        ..Config::default()
    });
    let seed = app.controlled("GET", "/_crs/state", "").await;
    let fault = r#"{"Match":{"Action":"DescribeInstances"},"Then":{"Code":"InternalError"}}"#;
    assert_eq!(app.call(&request(UPGRADE)).await.code(), "");
    assert_eq!(instance(&app, "crs-5qlrlhux").await["Size"], 2048.0);
    app.controlled("POST", "/_crs/faults", fault).await;
    let clock = r#"{"Mode":"manual","Now":"2030-01-01T00:00:00Z"}"#;
    app.controlled("PUT", "/_crs/clock", clock).await;
    assert_ne!(app.controlled("GET", "/_crs/state", "").await, seed);

    assert_eq!(app.controlled("POST", "/_crs/reset", "").await, json!({}));
    assert_eq!(app.controlled("GET", "/_crs/state", "").await, seed);
    let clock = app.controlled("GET", "/_crs/clock", "").await;
    assert_eq!(clock, json!({ "Mode": "real", "Now": "2026-11-24T08:00:00.000Z" }));
}

#[tokio::test]
async fn a_state_is_a_fixture_that_can_be_put_back() {
    let (app, _) = with_a_flow().await;
    let state = app.controlled("GET", "/_crs/state", "").await;
    let other = App::with(Config {
        pace: Pace::Held,
        seed: Some(99),
        ..Config::default()
    });
    assert_eq!(
        other.controlled("PUT", "/_crs/state", &state.to_string()).await,
        json!({})
    );
    assert_eq!(other.controlled("GET", "/_crs/state", "").await, state);
    // The flow went over too, and can be finished there.
    let ended = other.controlled("POST", "/_crs/flows/drain", "").await;
    assert_eq!(ended["Flows"][0]["InstanceId"], "crs-5qlrlhux");
    assert_eq!(instance(&other, "crs-5qlrlhux").await["Size"], 2048.0);
    assert_eq!(instance(&app, "crs-5qlrlhux").await["Size"], 1024.0);
}

#[tokio::test]
async fn a_state_with_faults_is_refused_with_all_of_them() {
    let app = App::start();
    for (body, holds) in [
        ("", &["the body"][..]),
        ("{", &["the body"]),
        ("[]", &["the body"]),
        (r#"{"Acounts":[]}"#, &["Acounts", "Accounts"]),
        (r#"{"Accounts":[{"AppId":"x"}]}"#, &["Accounts[0].AppId"]),
        (
            r#"{"Accounts":[{"Instances":[{"TypeId":99},{"TypeId":2,"MemSize":7}]}]}"#,
            &["Accounts[0].Instances[0].TypeId", "Accounts[0].Instances[1].MemSize"],
        ),
        (
            r#"{"Faults":[{"Match":{"Action":"UpgradeInstance"},"Then":{"Code":"Nope"}}]}"#,
            &["Faults[0]", "Nope"],
        ),
    ] {
        refused(&app, ("PUT", "/_crs/state", body), 400, holds).await;
    }
}

#[tokio::test]
async fn an_instance_can_be_changed_from_outside() {
    let app = App::start();
    let path = "/_crs/instances/crs-5qlrlhux";
    let shown = app
        .controlled("PATCH", path, r#"{"MemUsed":900,"InstanceName":"poked"}"#)
        .await;
    assert_eq!(shown["InstanceId"], "crs-5qlrlhux");
    assert_eq!(
        (&shown["MemUsed"], &shown["InstanceName"]),
        (&json!(900), &json!("poked"))
    );
    assert_eq!(instance(&app, "crs-5qlrlhux").await["InstanceName"], "poked");
    let isolated = app.controlled("PATCH", path, r#"{"Status":-2}"#).await;
    assert_eq!(isolated["Status"], -2);
    assert_eq!(
        app.call(&request(UPGRADE)).await.code(),
        "ResourceUnavailable.InstanceStatusAbnormal"
    );

    for (body, status, holds) in [
        ("", 400, &["is empty"][..]),
        ("[]", 400, &["object"]),
        (r#"{"MemUsage":1}"#, 400, &["MemUsage", "MemUsed"]),
        (r#"{"MemUsed":"many"}"#, 400, &["MemUsed"]),
        (r#"{"MemUsed":99999}"#, 400, &["MemUsed"]),
        (r#"{"Status":7}"#, 400, &["Status"]),
        (r#"{"InstanceId":"crs-other000"}"#, 400, &["InstanceId", "keeps its id"]),
    ] {
        refused(&app, ("PATCH", path, body), status, holds).await;
    }
    let nobody = ("PATCH", "/_crs/instances/crs-nothing0", "{}");
    refused(&app, nobody, 404, &["crs-nothing0", "GET /_crs/state"]).await;
}

#[tokio::test]
async fn the_clock_can_be_stopped_set_and_moved() {
    let app = App::start();
    let now = |mode: &str, now: &str| json!({ "Mode": mode, "Now": now });
    let clock = app.controlled("GET", "/_crs/clock", "").await;
    assert_eq!(clock, now("real", "2026-11-24T08:00:00.000Z"));
    app.set_now(NOW_MS + 1_500);
    let clock = app.controlled("PUT", "/_crs/clock", r#"{"Mode":"manual"}"#).await;
    assert_eq!(clock, now("manual", "2026-11-24T08:00:01.500Z"), "it stops where it is");
    app.set_now(NOW_MS + 9_000);
    let clock = app.controlled("GET", "/_crs/clock", "").await;
    assert_eq!(clock, now("manual", "2026-11-24T08:00:01.500Z"));
    let set = r#"{"Mode":"manual","Now":"2027-01-01T08:00:00+08:00"}"#;
    let clock = app.controlled("PUT", "/_crs/clock", set).await;
    assert_eq!(clock, now("manual", "2027-01-01T00:00:00.000Z"));
    let clock = app
        .controlled("POST", "/_crs/clock/advance", r#"{"Seconds":3600.25}"#)
        .await;
    assert_eq!(clock, now("manual", "2027-01-01T01:00:00.250Z"));
    let clock = app.controlled("PUT", "/_crs/clock", r#"{"Mode":"real"}"#).await;
    assert_eq!(clock, now("real", "2026-11-24T08:00:09.000Z"));
    let clock = app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":60}"#).await;
    assert_eq!(clock, now("real", "2026-11-24T08:01:09.000Z"));
    app.set_now(NOW_MS + 10_000);
    let clock = app.controlled("GET", "/_crs/clock", "").await;
    assert_eq!(clock, now("real", "2026-11-24T08:01:10.000Z"), "it runs on from there");
}

#[tokio::test]
async fn a_wrong_time_is_refused() {
    let app = App::start();
    for (body, holds) in [
        ("", &["is empty"][..]),
        ("{}", &["Mode"]),
        (r#"{"Mode":"slow"}"#, &["Mode", "manual", "real"]),
        (r#"{"Mode":"manual","Now":"noon"}"#, &["Now", "2027-01-01T00:00:00Z"]),
        (r#"{"Mode":"manual","Now":5}"#, &["Now"]),
        (
            r#"{"Mode":"manual","Now":"2027-01-01T00:00:60Z"}"#,
            &["Now", "RFC 3339"],
        ),
        (
            r#"{"Mode":"real","Now":"2027-01-01T00:00:00Z"}"#,
            &["Now", "leave it out"],
        ),
        (r#"{"Mode":"real","Speed":2}"#, &["Speed", "Mode"]),
        (r#"{"Mode":"real"} x"#, &["`x` follows after its end"]),
    ] {
        refused(&app, ("PUT", "/_crs/clock", body), 400, holds).await;
    }
    for (body, holds) in [
        ("", &["is empty"][..]),
        ("{}", &["Seconds"]),
        (r#"{"Seconds":-1}"#, &["Seconds", "forward"]),
        (r#"{"Seconds":"60"}"#, &["Seconds"]),
        (r#"{"Seconds":1e300}"#, &["Seconds"]),
        (r#"{"Seconds":1e-300}"#, &["Seconds", "millisecond"]),
        (r#"{"Seconds":0.0004}"#, &["Seconds", "millisecond"]),
        (r#"{"Seconds":60,"Minutes":1}"#, &["Minutes", "Seconds"]),
    ] {
        refused(&app, ("POST", "/_crs/clock/advance", body), 400, holds).await;
    }
}

#[tokio::test]
async fn the_clock_stops_at_the_end_of_the_calendar() {
    let app = App::start();
    let last = r#"{"Mode":"manual","Now":"9999-12-31T00:00:00Z"}"#;
    app.controlled("PUT", "/_crs/clock", last).await;
    let beyond = ("POST", "/_crs/clock/advance", r#"{"Seconds":3155760000}"#);
    refused(&app, beyond, 400, &["Seconds", "9999"]).await;
    assert_eq!(app.call(&request(DESCRIBE)).await.code(), "");
}

#[tokio::test]
async fn a_flow_can_be_finished_by_hand() {
    let (app, id) = with_a_flow().await;
    let flows = app.controlled("GET", "/_crs/flows", "").await;
    let flow = json!({
        "Id": id, "AppId": 1_250_000_000, "InstanceId": "crs-5qlrlhux",
        "Action": "UpgradeInstance", "Due": null,
    });
    assert_eq!(flows, json!({ "Flows": [flow] }), "held: it is never due by itself");
    assert_eq!(instance(&app, "crs-5qlrlhux").await["Status"], 1);
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":86400}"#)
        .await;
    assert_eq!(instance(&app, "crs-5qlrlhux").await["Status"], 1);

    let ended = app.controlled("POST", &format!("/_crs/flows/{id}/step"), "").await;
    assert_eq!(ended, flows, "the flow that ended");
    let upgraded = instance(&app, "crs-5qlrlhux").await;
    assert_eq!((&upgraded["Status"], &upgraded["Size"]), (&json!(2), &json!(2048)));
    let none = json!({ "Flows": [] });
    assert_eq!(app.controlled("GET", "/_crs/flows", "").await, none);
    assert_eq!(app.controlled("POST", "/_crs/flows/drain", "").await, none);
}

#[tokio::test]
async fn all_flows_can_be_finished_at_once() {
    let (app, _) = with_a_flow().await;
    let second = UPGRADE.replace("crs-5qlrlhux", "crs-table001").replace("2048", "8192");
    assert_eq!(app.call(&request(&second)).await.code(), "");
    let ended = app.controlled("POST", "/_crs/flows/drain", "").await;
    let ids: Vec<_> = ended["Flows"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|flow| flow["InstanceId"].as_str())
        .collect();
    assert_eq!(ids, [Some("crs-5qlrlhux"), Some("crs-table001")]);
    for id in ["crs-5qlrlhux", "crs-table001"] {
        assert_eq!(instance(&app, id).await["Status"], 2, "{id}");
    }
}

#[tokio::test]
async fn a_timed_flow_is_due_and_can_be_hurried() {
    let app = App::start();
    assert_eq!(app.call(&request(UPGRADE)).await.code(), "");
    let flows = app.controlled("GET", "/_crs/flows", "").await;
    assert!(flows["Flows"][0]["Due"].is_string(), "{flows}");
    let id = flows["Flows"][0]["Id"].as_u64().expect("a number");
    app.controlled("POST", &format!("/_crs/flows/{id}/step"), "").await;
    assert_eq!(instance(&app, "crs-5qlrlhux").await["Status"], 2);
}

#[tokio::test]
async fn the_clock_goes_on_to_the_next_thing_that_is_due() {
    let app = App::start();
    assert_eq!(app.call(&request(UPGRADE)).await.code(), "");
    let next = app.controlled("POST", "/_crs/clock/next", "{}").await;
    assert_eq!(next, json!({ "Mode": "real", "Now": "2026-11-24T08:00:01.000Z" }));
    assert_eq!(instance(&app, "crs-5qlrlhux").await["Status"], 2);
    // What is due and was not seen is next, and the clock need not move for it.
    app.call(&request(&UPGRADE.replace("2048", "4096"))).await;
    app.set_now(NOW_MS + 5_000);
    let next = app.controlled("POST", "/_crs/clock/next", "").await;
    assert_eq!(next["Now"], "2026-11-24T08:00:06.000Z");
    assert_eq!(app.controlled("GET", "/_crs/flows", "").await, json!({ "Flows": [] }));

    let empty = App::with_fixture(Config::default(), r#"{"Version":2,"Accounts":[{}]}"#);
    refused(
        &empty,
        ("POST", "/_crs/clock/next", "{}"),
        409,
        &["nothing is due", "/_crs/clock/advance"],
    )
    .await;
}

#[tokio::test]
async fn a_flow_that_is_none_is_refused() {
    let (app, id) = with_a_flow().await;
    let path = format!("/_crs/flows/{}/step", id + 1);
    refused(
        &app,
        ("POST", &path, ""),
        404,
        &[&(id + 1).to_string(), "GET /_crs/flows"],
    )
    .await;
    for wrong in ["x", "-1", "18446744073709551616"] {
        let path = format!("/_crs/flows/{wrong}/step");
        refused(&app, ("POST", &path, ""), 400, &[wrong, "GET /_crs/flows"]).await;
    }
}

#[tokio::test]
async fn fault_rules_are_made_shown_and_taken_back() {
    let app = App::start();
    let rule = json!({
        "Match": { "Action": "UpgradeInstance", "InstanceId": "crs-5qlrlhux" },
        "Then": { "Code": "FailedOperation.PayFailed" },
        "Times": 1,
    });
    let made = app.controlled("POST", "/_crs/faults", &rule.to_string()).await;
    assert_eq!(made, json!({ "Id": 1, "Warnings": [] }));
    let other = r#"{"Match":{"Action":"DescribeInstances","Region":"ap-beijing"},"Then":{"Code":"InternalError","Message":"x"}}"#;
    assert_eq!(
        app.controlled("POST", "/_crs/faults", other).await,
        json!({ "Id": 2, "Warnings": [] })
    );
    assert_eq!(app.call(&request(UPGRADE)).await.code(), "FailedOperation.PayFailed");
    assert_eq!(
        app.call(&request(UPGRADE)).await.code(),
        "",
        "it struck as often as it says"
    );

    let shown = app.controlled("GET", "/_crs/faults", "").await;
    let mut first = rule.clone();
    first["Id"] = json!(1);
    first["Fired"] = json!(1);
    assert_eq!(shown["Faults"][0], first);
    assert_eq!(shown["Faults"][1]["Fired"], 0);
    assert_eq!(app.controlled("DELETE", "/_crs/faults/1", "").await, json!({}));
    let shown = app.controlled("GET", "/_crs/faults", "").await;
    assert_eq!(shown["Faults"].as_array().map(Vec::len), Some(1));
    assert_eq!(app.controlled("DELETE", "/_crs/faults", "").await, json!({}));
    assert_eq!(app.controlled("GET", "/_crs/faults", "").await, json!({ "Faults": [] }));
}

#[tokio::test]
async fn a_wrong_fault_rule_is_refused() {
    let app = App::start();
    let then = r#""Then":{"Code":"InternalError"}"#;
    let cases: [(String, &[&str]); 9] = [
        (String::new(), &["is empty"]),
        ("{}".to_owned(), &["Match"]),
        (r#"{"Match":{"Action":"UpgradeInstance"}}"#.to_owned(), &["Then"]),
        (
            r#"{"Match":{},"Then":{}}"#.to_owned(),
            &["Then", "Code", "DelayMs", "Flow"],
        ),
        (
            format!(r#"{{"Match":{{"Action":"Nothing"}},{then}}}"#),
            &["Match.Action", "Nothing", "crs-local actions"],
        ),
        (
            format!(r#"{{"Match":{{"Action":"UpgradeInstance","Id":"x"}},{then}}}"#),
            &["Match", "Id", "InstanceId"],
        ),
        (
            format!(r#"{{"Match":{{"Action":"UpgradeInstance"}},{then},"Times":0}}"#),
            &["Times", "1 or more"],
        ),
        (
            format!(r#"{{"Match":{{"Action":"UpgradeInstance"}},{then},"Times":"x"}}"#),
            &["Times"],
        ),
        (
            r#"{"Match":{"Action":"UpgradeInstance"},"Then":{"Code":"InvalidParameterValue.PasswordError"}}"#
                .to_owned(),
            &["Then.Code", "UpgradeInstance", "FailedOperation.PayFailed", "common"],
        ),
    ];
    for (body, holds) in &cases {
        refused(&app, ("POST", "/_crs/faults", body), 400, holds).await;
    }
    for wrong in ["1", "x", "-1"] {
        let path = format!("/_crs/faults/{wrong}");
        refused(&app, ("DELETE", &path, ""), 404, &[wrong, "GET /_crs/faults"]).await;
    }
}

#[tokio::test]
async fn the_coverage_table_lists_every_action() {
    let app = App::start();
    let listed = app.controlled("GET", "/_crs/actions", "").await;
    let actions = listed["Actions"].as_array().expect("a list");
    let of = |name: &str| {
        actions
            .iter()
            .find(|action| action["Name"] == name)
            .unwrap_or_else(|| panic!("{name}"))
    };
    let upgrade = of("UpgradeInstance");
    assert_eq!(
        (&upgrade["Version"], &upgrade["Implemented"]),
        (&json!("2018-04-12"), &json!(true))
    );
    assert!(
        upgrade["Codes"]
            .as_array()
            .is_some_and(|codes| codes.contains(&json!("FailedOperation.PayFailed")))
    );
    assert!(of("CloseLog")["Codes"].is_null(), "unknown is not none");
    let sts = of("GetCallerIdentity");
    assert_eq!(
        (&sts["Service"], &sts["Version"], &sts["Family"]),
        (&json!("sts"), &json!("2018-08-13"), &json!("sts 2018-08-13"))
    );
    // What it says is performed is performed.
    for action in actions {
        let name = action["Name"].as_str().expect("a name");
        let version = action["Version"].as_str().expect("a version");
        let called = format!("{{USUAL}}\nX-TC-Action: {name}\nX-TC-Version: {version}");
        let text = DESCRIBE.replace("{USUAL}", &called);
        let code = app.call(&request(&text)).await.code();
        assert_ne!(code, "ActionOffline", "{name} is said to be performed");
        assert_ne!(code, "InvalidAction", "{name}");
        assert_ne!(code, "InternalError", "{name}");
    }
}

#[tokio::test]
async fn without_tls_there_is_no_certificate() {
    let app = App::start();
    refused(&app, ("GET", "/_crs/ca.pem", ""), 404, &["--tls"]).await;
}

#[tokio::test]
async fn metrics_count_by_action_and_code() {
    let app = App::start();
    app.call(&request(DESCRIBE)).await;
    app.call(&request(DESCRIBE)).await;
    app.call(&request(&format!("@sign tamper=signature\n{DESCRIBE}"))).await;
    app.call(&request(&format!("@sign id=AKIDnobody\n{DESCRIBE}"))).await;
    app.call(&request("GET / HTTP/1.1\nHost: x")).await;
    let answer = app.call(&Raw::control("GET", "/metrics", "")).await;
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; version=0.0.4; charset=utf-8")
    );
    let text = app.metrics().await;
    for line in [
        "crs_local_calls_total{action=\"DescribeInstances\",code=\"\"} 3",
        "crs_local_calls_total{action=\"DescribeInstances\",code=\"AuthFailure.SignatureFailure\"} 1",
        "crs_local_calls_total{action=\"\",code=\"InvalidParameter\"} 1",
        "crs_local_call_seconds_count 5",
        "crs_local_call_seconds_bucket{le=\"+Inf\"} 5",
        "crs_local_bypassed_total 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
}
