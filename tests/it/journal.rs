//! The journal of calls: what is kept of one, found, waited for, verified, forgotten.

use std::sync::Arc;
use std::time::Duration;

use crs_local::Config;
use crs_local::config::JournalSize;
use serde_json::{Value, json};

use super::control::refused;
use super::gateway::request;
use super::harness::{App, FIXTURE, Raw};

mod events;
mod page;
mod secrets;
mod unread;

const DESCRIBE: &str = "POST / HTTP/1.1\n{USUAL}\n\n{\"InstanceId\":\"crs-5qlrlhux\"}";
const UPGRADE: &str = "POST / HTTP/1.1\n{USUAL}\nX-TC-Action: UpgradeInstance\n\n\
    {\"InstanceId\":\"crs-5qlrlhux\",\"MemSize\":2048}";

/// What the journal has for this query.
async fn journal(app: &App, query: &str) -> Vec<Value> {
    let found = app.controlled("GET", &format!("/_crs/requests{query}"), "").await;
    found["Requests"].as_array().expect("a list").clone()
}

/// The only call that the journal has for this query.
async fn only(app: &App, query: &str) -> Value {
    let mut found = journal(app, query).await;
    assert_eq!(found.len(), 1, "{query}: {found:#?}");
    found.remove(0)
}

fn of(request: &Value, names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| request[name].clone()).collect()
}

async fn count(app: &App, query: &str) -> u64 {
    let counted = app
        .controlled("GET", &format!("/_crs/requests?count=1{query}"), "")
        .await;
    assert_eq!(counted.as_object().map(|whole| whole.len()), Some(1), "{counted}");
    counted["Count"].as_u64().expect("a number")
}

#[tokio::test]
async fn a_call_is_kept_with_all_that_it_was() {
    let app = App::start();
    app.controlled(
        "PUT",
        "/_crs/clock",
        r#"{"Mode":"manual","Now":"2030-01-01T00:00:00Z"}"#,
    )
    .await;
    let upgrade = UPGRADE.replace(
        "{USUAL}",
        "{USUAL}\nX-TC-RequestClient: SDK_TEST_1.0\nUser-Agent: other",
    );
    let answer = app.call(&request(&upgrade)).await.envelope().expect("an envelope");
    let mut kept = only(&app, "").await;
    assert!(kept["Micros"].take().is_u64());
    let expected = json!({
        "Id": 1,
        "Time": "2030-01-01T00:00:00.000Z",
        "RealTime": "2026-11-24T08:00:00.000Z",
        "AppId": 1_250_000_000,
        "SecretId": "AKIDlocal",
        "Action": "UpgradeInstance",
        "Version": "2018-04-12",
        "Region": "ap-guangzhou",
        "Params": { "InstanceId": "crs-5qlrlhux", "MemSize": 2048 },
        "Unread": [],
        "Code": null,
        "RequestId": answer.request_id,
        "FaultId": null,
        "Client": "SDK_TEST_1.0",
        "Micros": null,
    });
    assert_eq!(kept, expected);
    app.call(&request(&DESCRIBE.replace("{USUAL}", "{USUAL}\nUser-Agent: curl/8")))
        .await;
    assert_eq!(only(&app, "?Action=DescribeInstances").await["Client"], "curl/8");
}

#[tokio::test]
async fn a_refused_call_is_kept_with_its_code() {
    let app = App::start();
    let names = ["Action", "Version", "Region", "SecretId", "AppId", "Params", "Code"];
    let usual = |what: Value, params: Value, code: &str| {
        let guangzhou = "ap-guangzhou";
        let [action, version, id, app_id] = [&what[0], &what[1], &what[2], &what[3]];
        vec![
            action.clone(),
            version.clone(),
            guangzhou.into(),
            id.clone(),
            app_id.clone(),
            params,
            code.into(),
        ]
    };
    let mine = json!(["DescribeInstances", "2018-04-12", "AKIDlocal", 1_250_000_000]);
    let named = json!({ "InstanceId": "crs-5qlrlhux" });
    for (text, expected) in [
        (
            DESCRIBE.replace("crs-5qlrlhux\"}", "crs-5qlrlhux\",\"X\":1}"),
            usual(
                mine.clone(),
                json!({ "InstanceId": "crs-5qlrlhux", "X": 1 }),
                "UnknownParameter",
            ),
        ),
        (
            DESCRIBE.replace("\"crs-5qlrlhux\"", "7"),
            usual(mine.clone(), json!({ "InstanceId": 7 }), "InvalidParameter"),
        ),
        (
            DESCRIBE.replace("{\"InstanceId\"", "{InstanceId"),
            usual(mine.clone(), Value::Null, "InvalidParameter"),
        ),
        (
            format!("@sign key=wrong\n{DESCRIBE}"),
            usual(mine.clone(), named.clone(), "AuthFailure.SignatureFailure"),
        ),
        (
            format!("@sign id=AKIDother key=wrong\n{DESCRIBE}"),
            usual(
                json!(["DescribeInstances", "2018-04-12", "AKIDother", 1_250_000_001]),
                named.clone(),
                "AuthFailure.SignatureFailure",
            ),
        ),
        (
            DESCRIBE.replace("{USUAL}", "{USUAL}\nX-TC-Action: Nothing"),
            usual(
                json!(["Nothing", "2018-04-12", "AKIDlocal", null]),
                named.clone(),
                "InvalidAction",
            ),
        ),
        (
            DESCRIBE.replace("{USUAL}", "{USUAL}\nX-TC-Version: 2017-01-01"),
            usual(
                json!(["DescribeInstances", "2017-01-01", "AKIDlocal", null]),
                named.clone(),
                "NoSuchVersion",
            ),
        ),
    ] {
        app.controlled("DELETE", "/_crs/requests", "").await;
        let code = app.call(&request(&text)).await.code();
        let kept = only(&app, "").await;
        let mut found = of(&kept, &names);
        if found[4].is_u64() && expected[4].is_null() {
            // Whose key it was is known though the call went no further.
            found[4] = Value::Null;
        }
        assert_eq!(
            (found, kept["Code"].as_str()),
            (expected, Some(code.as_str())),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_call_that_is_refused_unread_is_kept_without_parameters() {
    let app = App::start();
    let large = format!("{{\"InstanceId\":\"{}\"}}", "x".repeat(10 << 20));
    let code = app
        .call(&request(&DESCRIBE.replace("{\"InstanceId\":\"crs-5qlrlhux\"}", &large)))
        .await
        .code();
    assert_eq!(code, "RequestSizeLimitExceeded");
    let kept = only(&app, "").await;
    let names = ["Action", "Region", "SecretId", "AppId", "Params", "Code"];
    let expected = [
        json!("DescribeInstances"),
        json!("ap-guangzhou"),
        json!("AKIDlocal"),
        json!(1_250_000_000),
        Value::Null,
        json!(code),
    ];
    assert_eq!(of(&kept, &names), expected);
}

#[tokio::test]
async fn a_form_is_kept_like_a_json_body_and_no_signature_with_it() {
    let app = App::start();
    let text = "GET /?Action=UpgradeInstance&Version=2018-04-12&Region=ap-guangzhou&InstanceId=crs-5qlrlhux&MemSize=2048\
                &RequestClient=SDK&Token=secret-token&Nonce=5 HTTP/1.1\nHost: localhost\n\n";
    let raw = Raw(text.replace('\n', "\r\n").into_bytes());
    app.call(&raw).await;
    let kept = only(&app, "").await;
    assert_eq!(kept["Params"], json!({ "InstanceId": "crs-5qlrlhux", "MemSize": 2048 }));
    assert_eq!(
        of(&kept, &["Client", "SecretId", "Region"]),
        [json!("SDK"), Value::Null, json!("ap-guangzhou")]
    );
    assert!(!kept.to_string().contains("secret-token"), "{kept}");
    assert_eq!(count(&app, "&InstanceId=crs-5qlrlhux").await, 1);
}

#[tokio::test]
async fn the_fault_rule_that_struck_is_named() {
    let app = App::start();
    let fault = r#"{"Match":{"Action":"UpgradeInstance"},"Then":{"Code":"FailedOperation.PayFailed"},"Times":1}"#;
    let id = app.controlled("POST", "/_crs/faults", fault).await["Id"].clone();
    app.call(&request(UPGRADE)).await;
    app.call(&request(UPGRADE)).await;
    let kept = journal(&app, "").await;
    assert_eq!(
        of(&kept[0], &["FaultId", "Code"]),
        [id.clone(), json!("FailedOperation.PayFailed")]
    );
    assert_eq!(of(&kept[1], &["FaultId", "Code"]), [Value::Null, Value::Null]);
    assert_eq!(only(&app, &format!("?FaultId={id}")).await, kept[0]);
}

#[tokio::test]
async fn each_filter_finds_its_calls() {
    let app = App::start();
    app.controlled(
        "PUT",
        "/_crs/clock",
        r#"{"Mode":"manual","Now":"2030-01-01T00:00:00Z"}"#,
    )
    .await;
    app.call(&request(DESCRIBE)).await;
    app.call(&request(&UPGRADE.replace("2048", "1500"))).await;
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":10}"#).await;
    let beijing = DESCRIBE
        .replace("{USUAL}", "{USUAL}\nX-TC-Region: ap-beijing")
        .replace("\"InstanceId\":\"crs-5qlrlhux\"", "");
    app.call(&request(&beijing)).await;
    app.call(&request(&format!(
        "@sign id=AKIDother key=other\n{}",
        DESCRIBE.replace("Id\":\"crs-5qlrlhux\"", "Ids\":[\"crs-5qlrlhux\"]")
    )))
    .await;
    let all = journal(&app, "").await;
    let ids = async |query: &str| {
        let found = journal(&app, &format!("?{query}")).await;
        assert_eq!(count(&app, &format!("&{query}")).await, found.len() as u64);
        found
            .iter()
            .map(|kept| kept["Id"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("Action=DescribeInstances").await, [1, 3, 4]);
    assert_eq!(ids("InstanceId=crs-5qlrlhux").await, [1, 2, 4]);
    assert_eq!(ids("Code=LimitExceeded.InvalidMemSize").await, [2]);
    assert_eq!(ids("Code=").await, [1, 3, 4]);
    assert_eq!(ids("Region=ap-beijing").await, [3]);
    assert_eq!(ids("SecretId=AKIDother").await, [4]);
    assert_eq!(ids("AppId=1250000001").await, [4]);
    assert_eq!(
        ids(&format!("RequestId={}", all[2]["RequestId"].as_str().unwrap())).await,
        [3]
    );
    assert_eq!(ids("Since=2030-01-01T00:00:10Z").await, [3, 4]);
    assert_eq!(
        ids("Since=2030-01-01T08:00:00.001%2B08:00&Action=DescribeInstances&AppId=1250000000").await,
        [3]
    );
    let latest: Vec<_> = journal(&app, "?Limit=2").await;
    assert_eq!(latest, all[2..]);
    assert_eq!(count(&app, "").await, 4);
    // A member that names the instance in its own way.
    let switch = UPGRADE.replace("UpgradeInstance", "SwitchInstanceVip");
    let switch = switch.replace("InstanceId", "SrcInstanceId");
    app.call(&request(&switch)).await;
    assert_eq!(ids("InstanceId=crs-5qlrlhux").await, [1, 2, 4, 5]);
}

#[tokio::test]
async fn a_wrong_question_names_the_key_and_the_remedy() {
    let app = App::start();
    app.call(&request(DESCRIBE)).await;
    for (query, holds) in [
        (
            "Actions=x",
            &["Actions", "no key of this query", "Action", "timeout"][..],
        ),
        ("Action=DescribeInstance", &["Action", "no action", "GET /_crs/actions"]),
        ("Code=Nothing", &["Code", "`Nothing`", "GET /_crs/actions"]),
        ("AppId=me", &["AppId", "a number", "GET /_crs/state"]),
        ("RequestId=1", &["RequestId", "as an answer has it"]),
        ("FaultId=x", &["FaultId", "GET /_crs/faults"]),
        ("Since=yesterday", &["Since", "2027-01-01T00:00:00Z"]),
        ("Limit=0", &["Limit", "1 or more"]),
        ("Limit=1&count=1", &["Limit", "leave one of them out"]),
        ("count=2", &["count", "count=1"]),
        ("timeout=61s", &["timeout", "at most 60 s"]),
        ("timeout=5", &["timeout", "as 5s"]),
        (
            "Action=DescribeInstances&Action=UpgradeInstance",
            &["Action", "give it once"],
        ),
        ("Action", &["KEY=VALUE"]),
        ("Action=%ff", &["UTF-8"]),
    ] {
        refused(&app, ("GET", &format!("/_crs/requests?{query}"), ""), 400, holds).await;
    }
    for key in ["Limit=1", "count=1", "timeout=1s"] {
        let holds = [key.split('=').next().unwrap(), "no filter", "Action, InstanceId"];
        refused(&app, ("DELETE", &format!("/_crs/requests?{key}"), ""), 400, &holds).await;
        let verify = format!("/_crs/requests/verify?{key}");
        refused(&app, ("POST", &verify, r#"{"NoOthers":true}"#), 400, &holds).await;
    }
    for (body, holds) in [
        ("{}", &["Action", "is missing"][..]),
        ("[]", &["object"]),
        (r#"{"Actions":"DescribeInstances"}"#, &["Actions", "write Action"]),
        (r#"{"Action":7}"#, &["Action", "give text in quotes"]),
        (
            r#"{"Action":"DescribeInstances","Params":[]}"#,
            &["Params", "give an object"],
        ),
        (r#"{"Action":"DescribeInstances","Exactly":-1}"#, &["Exactly"]),
        (
            r#"{"Action":"DescribeInstances","Exactly":1,"AtMost":2}"#,
            &["Exactly", "leave AtLeast and AtMost out"],
        ),
        (
            r#"{"InOrder":[{"Action":"DescribeInstances","Params":{"Memory":1}}]}"#,
            &["InOrder[0].Params.Memory", "no such parameter"],
        ),
        (r#"{"InOrder":[{}]}"#, &["InOrder[0]", "Action"]),
    ] {
        refused(&app, ("POST", "/_crs/requests/verify", body), 400, holds).await;
    }
    refused(&app, ("POST", "/_crs/requests", ""), 405, &["it takes GET, DELETE"]).await;
    refused(&app, ("GET", "/_crs/requests/verify", ""), 405, &["it takes POST"]).await;
    assert_eq!(
        count(&app, "").await,
        1,
        "none of that is a call of the API, or changed anything"
    );
}

#[tokio::test]
async fn what_was_called_is_verified() {
    let app = App::start();
    app.call(&request(DESCRIBE)).await;
    app.call(&request(UPGRADE)).await;
    let expected =
        r#"{"Action":"UpgradeInstance","Params":{"MemSize":2048,"InstanceId":{"Like":"crs-*"}},"Exactly":1}"#;
    let verified = app.controlled("POST", "/_crs/requests/verify", expected).await;
    assert_eq!(verified, json!({ "Verified": true }));
    let order = r#"{"InOrder":[{"Action":"DescribeInstances"},{"Action":"UpgradeInstance"}],"NoOthers":true}"#;
    app.controlled("POST", "/_crs/requests/verify", order).await;
    let other = app
        .control("POST", "/_crs/requests/verify?AppId=1250000001", order)
        .await;
    assert_eq!(other.0, 409, "another account made none of them");
    let wrong = expected.replace("2048", "4096");
    let (status, failed) = app.control("POST", "/_crs/requests/verify", &wrong).await;
    let kept = only(&app, "?Action=UpgradeInstance").await;
    let describe = only(&app, "?Action=DescribeInstances").await;
    let expected = json!({
        "Verified": false,
        "Message": "UpgradeInstance with these Params was called 0 times; expected was exactly once",
        "NearestMisses": [
            { "Request": kept, "Differs": ["Params.MemSize: 2048 was sent; 4096 was expected"] },
            { "Request": describe, "Differs": ["Action: DescribeInstances was called; UpgradeInstance was expected"] },
        ],
    });
    assert_eq!((status, failed), (409, expected));
}

#[tokio::test]
async fn calls_are_forgotten_all_or_some() {
    let app = App::start();
    let other = request(&format!("@sign id=AKIDother key=other\n{DESCRIBE}"));
    let calls = async || {
        app.call(&request(DESCRIBE)).await;
        app.call(&other).await;
    };
    calls().await;
    app.controlled("DELETE", "/_crs/requests?AppId=1250000001", "").await;
    assert_eq!(only(&app, "").await["AppId"], 1_250_000_000);
    app.controlled("DELETE", "/_crs/requests?Action=UpgradeInstance", "")
        .await;
    assert_eq!(count(&app, "").await, 1);
    app.controlled("DELETE", "/_crs/requests", "").await;
    assert_eq!(count(&app, "").await, 0);
    let state = app.controlled("GET", "/_crs/state", "").await;
    calls().await;
    app.controlled("POST", "/_crs/reset", "").await;
    assert_eq!(count(&app, "").await, 0, "a reset begins a new one");
    calls().await;
    app.controlled("PUT", "/_crs/state", &state.to_string()).await;
    assert_eq!(count(&app, "").await, 0, "and so does another state");
}

#[tokio::test]
async fn a_journal_has_its_size_or_is_off() {
    let app = App::with(Config {
        journal: "2".parse().unwrap(),
        ..Config::default()
    });
    for _ in 0..3 {
        app.call(&request(DESCRIBE)).await;
    }
    let ids: Vec<_> = journal(&app, "").await.iter().map(|kept| kept["Id"].clone()).collect();
    assert_eq!(ids, [2, 3]);
    let off = App::with(Config {
        journal: JournalSize::Off,
        ..Config::default()
    });
    assert_eq!(off.call(&request(DESCRIBE)).await.code(), "");
    for (method, path, body) in [
        ("GET", "/_crs/requests", ""),
        ("DELETE", "/_crs/requests", ""),
        ("POST", "/_crs/requests/verify", r#"{"NoOthers":true}"#),
    ] {
        refused(&off, (method, path, body), 409, &["the journal is off", "--journal"]).await;
    }
}

#[tokio::test]
async fn a_wait_ends_with_the_call_or_its_time() {
    let app = Arc::new(App::start());
    assert_eq!(journal(&app, "?timeout=1ms").await, [Value::Null; 0]);
    assert_eq!(count(&app, "&timeout=0s").await, 0);
    let waits = {
        let app = Arc::clone(&app);
        tokio::spawn(async move { journal(&app, "?Action=UpgradeInstance&timeout=60s").await })
    };
    for _ in 0..3 {
        app.call(&request(DESCRIBE)).await;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!waits.is_finished(), "none of these calls is meant");
    // Whoever waits goes on in the next state.
    app.controlled("POST", "/_crs/reset", "").await;
    app.call(&request(UPGRADE)).await;
    let found = waits.await.expect("it waits");
    assert_eq!(of(&found[0], &["Action", "Id"]), [json!("UpgradeInstance"), json!(1)]);
    assert_eq!(
        journal(&app, "?Action=UpgradeInstance&timeout=60s").await,
        found,
        "it was called before"
    );
}

#[tokio::test]
async fn a_wait_over_a_socket_outlasts_the_time_that_a_connection_may_idle() {
    let config = Config {
        head_timeout: Duration::from_millis(50),
        body_timeout: Duration::from_millis(50),
        ..Config::default()
    };
    let app = Arc::new(App::with_fixture(config, FIXTURE));
    let waits = {
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            app.send(&Raw::control("GET", "/_crs/requests?timeout=60s&count=1", ""))
                .await
        })
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waits.is_finished());
    app.send(&request(DESCRIBE)).await;
    let answer = waits.await.expect("it is answered");
    assert_eq!((answer.status, answer.json()), (200, json!({ "Count": 1 })));
}
