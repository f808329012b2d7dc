//! Fault rules over the control API: which calls they strike, what is refused, what is warned of, and that a state
//! goes on with them where it was. What they do to a connection and to flows is in the files beside.

use serde_json::{Value, json};

use super::control::refused;
use super::gateway::request;
use super::harness::{App, Raw};

mod flows;
mod page;
mod wire;

const DESCRIBE: &str = "POST / HTTP/1.1\n{USUAL}\n\n{}";
const UPGRADE: &str = "POST / HTTP/1.1\n{USUAL}\nX-TC-Action: UpgradeInstance\n\n\
    {\"InstanceId\":\"crs-5qlrlhux\",\"MemSize\":2048}";

/// A call of the usual caller.
fn called(action: &str, input: &Value) -> Raw {
    request(&format!("POST / HTTP/1.1\n{{USUAL}}\nX-TC-Action: {action}\n\n{input}"))
}

/// Adds a rule, of which nothing is to be warned; its number.
async fn add(app: &App, rule: &Value) -> u64 {
    let added = app.controlled("POST", "/_crs/faults", &rule.to_string()).await;
    assert_eq!(added["Warnings"], json!([]), "{rule}");
    added["Id"].as_u64().expect("a number")
}

/// Whether each of so many calls in a row is struck by a rule with a code.
async fn struck(app: &App, raw: &Raw, calls: usize) -> Vec<bool> {
    let mut struck = Vec::new();
    for _ in 0..calls {
        struck.push(!app.call(raw).await.code().is_empty());
    }
    struck
}

async fn rules(app: &App) -> Vec<Value> {
    let shown = app.controlled("GET", "/_crs/faults", "").await;
    shown["Faults"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_rule_is_shown_as_it_was_given() {
    let app = App::start();
    let whole = json!({
        "Match": {
            "Action": "UpgradeInstance", "Family": "Scaling, architecture & versions", "InstanceId": "crs-5qlrlhux",
            "Region": "ap-guangzhou", "SecretId": "AKIDlocal", "AppId": 1_250_000_000,
            "Params": { "MemSize": 2_048 }, "Probability": 0.25, "Seed": 9,
            "From": "2026-01-01T00:00:00.000Z", "Until": "2030-01-01T00:00:00.000Z",
        },
        "Then": { "DelayMs": [1, 20], "Truncate": 7, "HttpStatus": 503, "Body": "<html>", "Flow": "hang" },
        "When": "after",
        "Times": 3,
    });
    let id = add(&app, &whole).await;
    let sequence = json!({ "Match": {}, "Then": { "Drop": true }, "Sequence": { "Fail": 3, "Pass": 2 } });
    add(&app, &sequence).await;
    let mut shown = whole;
    (shown["Id"], shown["Fired"]) = (json!(id), json!(0));
    assert_eq!(rules(&app).await[0], shown);
    assert_eq!(rules(&app).await[1]["Sequence"], json!({ "Fail": 3, "Pass": 2 }));
    let state = app.controlled("GET", "/_crs/state", "").await;
    let put = app.controlled("PUT", "/_crs/state", &state.to_string()).await;
    assert_eq!(put, json!({}));
    assert_eq!(app.controlled("GET", "/_crs/state", "").await, state);
    assert_eq!(rules(&app).await[0], shown);
}

#[tokio::test]
async fn a_family_every_call_and_parameters_can_be_meant() {
    let app = App::start();
    let code = json!({ "Code": "InternalError" });
    let upgrade = |mem_mb: u64| {
        called(
            "UpgradeInstance",
            &json!({ "InstanceId": "crs-5qlrlhux", "MemSize": mem_mb }),
        )
    };
    let form = "GET /?Action=InquiryPriceUpgradeInstance&Version=2018-04-12&Region=ap-guangzhou\
                &InstanceId=crs-5qlrlhux&MemSize=4096 HTTP/1.1\nHost: x";
    for (wanted, strikes) in [
        (
            json!({ "Family": "Scaling, architecture & versions" }),
            [true, true, false, false],
        ),
        (json!({}), [true; 4]),
        (json!({ "Params": { "MemSize": 4_096 } }), [true, false, true, false]),
        (
            json!({ "Params": { "MemSize": 4_096 }, "Action": "UpgradeInstance" }),
            [true, false, false, false],
        ),
        (
            json!({ "Params": { "InstanceIds": ["crs-table001"] } }),
            [false, false, false, true],
        ),
        (json!({ "InstanceId": "crs-table001" }), [false, false, false, true]),
        (json!({ "Params": { "MemSize": null } }), [false, false, false, true]),
        (json!({ "AppId": 1_250_000_001 }), [false; 4]),
        (json!({ "SecretId": "AKIDlocal" }), [true, true, false, true]),
    ] {
        add(&app, &json!({ "Match": wanted, "Then": code })).await;
        let list = json!({ "InstanceIds": ["crs-table001", "crs-5qlrlhux"] });
        let calls = [
            upgrade(4_096),
            // Refused by itself, with another code.
            upgrade(1_500),
            request(form),
            called("DescribeInstances", &list),
        ];
        for (raw, strikes) in calls.iter().zip(strikes) {
            let is_struck = app.call(raw).await.code() == "InternalError";
            assert_eq!(is_struck, strikes, "{wanted}\n{raw}");
        }
        app.reset();
    }
}

#[tokio::test]
async fn a_call_is_matched_by_who_it_claims_to_be() {
    let app = App::start();
    let of = |app_id: u64| json!({ "Match": { "AppId": app_id }, "Then": { "Code": "InternalError" } });
    let other = request(&format!("@sign id=AKIDother key=other\n{DESCRIBE}"));
    let forged = request(&format!("@sign id=AKIDother key=wrong\n{DESCRIBE}"));
    let nobody = request("GET /?Action=DescribeInstances&Version=2018-04-12&Region=ap-guangzhou HTTP/1.1\nHost: x");
    for (app_id, strikes) in [
        (1_250_000_000, [true, false, false, true]),
        (1_250_000_001, [false, true, true, false]),
    ] {
        add(&app, &of(app_id)).await;
        for (raw, strikes) in [&request(DESCRIBE), &other, &forged, &nobody].into_iter().zip(strikes) {
            assert_eq!(
                app.call(raw).await.code() == "InternalError",
                strikes,
                "{app_id}\n{raw}"
            );
        }
        app.reset();
    }
}

#[tokio::test]
async fn which_calls_are_struck_goes_on_after_a_snapshot() {
    let describe = request(DESCRIBE);
    for (rule, strikes) in [
        (
            json!({ "Match": { "Nth": 4 }, "Then": { "Code": "InternalError" } }),
            Some(vec![4]),
        ),
        (
            json!({ "Match": { "Every": 3 }, "Then": { "Code": "InternalError" }, "Times": 3 }),
            Some(vec![3, 6, 9]),
        ),
        (
            json!({ "Match": {}, "Then": { "Code": "InternalError" }, "Sequence": { "Fail": 3, "Pass": 2 } }),
            Some(vec![1, 2, 3, 6, 7, 8, 11, 12]),
        ),
        (
            json!({ "Match": { "Probability": 0.5 }, "Then": { "Code": "InternalError" } }),
            None,
        ),
    ] {
        let app = App::start();
        add(&app, &rule).await;
        let whole = struck(&app, &describe, 12).await;
        if let Some(strikes) = strikes {
            let found: Vec<_> = (1..)
                .zip(&whole)
                .filter_map(|(at, struck)| struck.then_some(at))
                .collect();
            assert_eq!(found, strikes, "{rule}");
        }
        app.reset();
        add(&app, &rule).await;
        let mut split = struck(&app, &describe, 5).await;
        let other = App::start();
        let state = app.controlled("GET", "/_crs/state", "").await;
        other.controlled("PUT", "/_crs/state", &state.to_string()).await;
        assert_eq!(other.controlled("GET", "/_crs/state", "").await, state, "{rule}");
        let live = |rules: Vec<Value>| -> Vec<Value> { rules.into_iter().filter(|rule| rule["Fired"] != 1).collect() };
        if rule["Match"]["Nth"].is_null() {
            assert_eq!(rules(&other).await, rules(&app).await, "{rule}");
        } else {
            assert_eq!(
                rules(&other).await,
                live(rules(&app).await),
                "a rule that is spent goes"
            );
        }
        split.extend(struck(&other, &describe, 7).await);
        assert_eq!(split, whole, "{rule}");
    }
}

#[tokio::test]
async fn a_window_is_of_the_clouds_time() {
    let app = App::start();
    let clock = r#"{"Mode":"manual","Now":"2027-01-01T00:00:00Z"}"#;
    app.controlled("PUT", "/_crs/clock", clock).await;
    let rule = json!({ "Then": { "Code": "InternalError" },
        "Match": { "From": "2027-01-01T01:00:00Z", "Until": "2027-01-01T02:00:00Z" } });
    add(&app, &rule).await;
    let describe = request(DESCRIBE);
    for struck_now in [false, true, false] {
        assert_eq!(struck(&app, &describe, 1).await, [struck_now]);
        app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":3600}"#)
            .await;
    }
    let added = app.controlled("POST", "/_crs/faults", &rule.to_string()).await;
    let warned = added["Warnings"][0].as_str().expect("a warning");
    assert!(
        warned.starts_with("Match.Until: 2027-01-01T02:00:00.000Z is past"),
        "{warned}"
    );
}

#[tokio::test]
async fn a_call_can_be_held_to_one_account() {
    let app = App::start();
    let rule = |more: Value| json!({ "Match": more, "Then": { "Code": "InternalError" } }).to_string();
    let [first, second] = ["/_crs/faults?AppId=1250000000", "/_crs/faults?AppId=1250000001"];
    app.controlled("POST", first, &rule(json!({}))).await;
    app.controlled("POST", second, &rule(json!({ "AppId": 1_250_000_001 })))
        .await;
    app.controlled("POST", "/_crs/faults", &rule(json!({ "Region": "ap-beijing" })))
        .await;
    let ids = async |path| {
        let shown = app.controlled("GET", path, "").await;
        let rules = shown["Faults"].as_array().expect("a list").clone();
        rules
            .iter()
            .map(|rule| rule["Id"].as_u64().expect("an Id"))
            .collect::<Vec<_>>()
    };
    assert_eq!((ids(first).await, ids(second).await), (vec![1], vec![2]));
    assert_eq!(ids("/_crs/faults").await, [1, 2, 3]);
    assert_eq!(app.call(&request(DESCRIBE)).await.code(), "InternalError");
    let other = request(&format!("@sign id=AKIDother key=other\n{DESCRIBE}"));
    assert_eq!(app.call(&other).await.code(), "InternalError");
    app.controlled("DELETE", first, "").await;
    assert_eq!(ids("/_crs/faults").await, [2, 3]);
    assert_eq!(app.call(&request(DESCRIBE)).await.code(), "");

    let contradicts = rule(json!({ "AppId": 1_250_000_001 }));
    refused(
        &app,
        ("POST", first, &contradicts),
        400,
        &["Match.AppId", "1250000000", "leave"],
    )
    .await;
    let not_its = ("DELETE", "/_crs/faults/2?AppId=1250000000", "");
    refused(&app, not_its, 404, &["2 of account 1250000000", "GET /_crs/faults"]).await;
    for method in ["GET", "POST", "DELETE"] {
        let call = (method, "/_crs/faults?AppId=9", rule(json!({})));
        refused(&app, (call.0, call.1, &call.2), 404, &["account 9", "GET /_crs/state"]).await;
        let call = (method, "/_crs/faults?Id=9", rule(json!({})));
        refused(&app, (call.0, call.1, &call.2), 400, &["AppId alone"]).await;
    }
    app.controlled("DELETE", "/_crs/faults/2?AppId=1250000001", "").await;
    assert_eq!(ids("/_crs/faults").await, [3]);
}

/// Rules that nobody could mean, each with what is wrong where.
fn contradictions() -> Vec<(Value, &'static str, &'static [&'static str])> {
    let drop = || json!({ "Drop": true });
    let code = || json!({ "Code": "InternalError" });
    let of = |matches: Value, then: Value| json!({ "Match": matches, "Then": then });
    let with = |key: &str, value: Value| {
        let mut rule = of(json!({ "Action": "UpgradeInstance" }), code());
        rule[key] = value;
        rule
    };
    let both = |one: Value, key: &str, value: Value| {
        let mut then = one;
        then[key] = value;
        of(json!({ "Action": "UpgradeInstance" }), then)
    };
    vec![
        (
            of(json!({ "Action": "Upgrade" }), code()),
            "Match.Action",
            &["crs-local actions"],
        ),
        (of(json!({ "Family": "Scaling" }), code()), "Match.Family", &["`Tasks`"]),
        (
            of(json!({ "Family": "Tasks", "Action": "UpgradeInstance" }), code()),
            "Match.Family",
            &["Scaling, architecture & versions"],
        ),
        (
            of(
                json!({ "Action": "UpgradeInstance", "Params": { "MemSise": 1 } }),
                code(),
            ),
            "Match.Params",
            &["MemSise", "MemSize"],
        ),
        (of(json!({ "Params": [1] }), code()), "Match.Params", &["no object"]),
        (
            of(json!({ "Nth": 2, "Every": 3 }), code()),
            "Match.Every",
            &["Match.Nth", "keep one"],
        ),
        (of(json!({ "Nth": 0 }), code()), "Match.Nth", &["1 or more"]),
        (of(json!({ "Every": 0 }), code()), "Match.Every", &["1 or more"]),
        (
            of(json!({ "Probability": 1.5 }), code()),
            "Match.Probability",
            &["0 to 1"],
        ),
        (
            of(json!({ "Probability": "half" }), code()),
            "Match.Probability",
            &["0 to 1"],
        ),
        (
            of(json!({ "Seed": 1 }), code()),
            "Match.Seed",
            &["Probability", "DelayMs"],
        ),
        (
            of(json!({ "Seed": 1 }), json!({ "DelayMs": 50 })),
            "Match.Seed",
            &["Probability", "DelayMs"],
        ),
        (
            of(
                json!({ "From": "2027-01-02T00:00:00Z", "Until": "2027-01-01T00:00:00Z" }),
                code(),
            ),
            "Match.Until",
            &["From"],
        ),
        (of(json!({ "From": "noon" }), code()), "Match.From", &["RFC 3339"]),
        (of(json!({}), json!({})), "Then", &["Code, DelayMs, Drop"]),
        (of(json!({}), json!({ "Message": "x" })), "Then.Message", &["Code"]),
        (
            of(json!({}), json!({ "Code": "Nope" })),
            "Then.Code",
            &["Nope", "GET /_crs/actions"],
        ),
        (both(drop(), "Code", json!("InternalError")), "Then.Code", &["Drop"]),
        (both(drop(), "Truncate", json!(1)), "Then.Truncate", &["Drop"]),
        (both(drop(), "HttpStatus", json!(500)), "Then.HttpStatus", &["Drop"]),
        (both(drop(), "Body", json!("x")), "Then.Body", &["Drop"]),
        (both(code(), "Body", json!("x")), "Then.Body", &["Code"]),
        (
            of(json!({}), json!({ "HttpStatus": 99 })),
            "Then.HttpStatus",
            &["200 to 599"],
        ),
        (
            of(json!({}), json!({ "HttpStatus": 204, "Truncate": 1 })),
            "Then.Truncate",
            &["no body"],
        ),
        (
            of(json!({}), json!({ "DelayMs": [5, 1] })),
            "Then.DelayMs",
            &["[least, most]"],
        ),
        (
            of(json!({}), json!({ "DelayMs": 3_600_001 })),
            "Then.DelayMs",
            &["3600000"],
        ),
        (
            of(json!({}), json!({ "DelayMs": -1 })),
            "Then.DelayMs",
            &["milliseconds"],
        ),
        (
            of(json!({}), json!({ "Flow": "stop" })),
            "Then.Flow",
            &["`fail` or `hang`"],
        ),
        (
            of(json!({ "Action": "DescribeInstances" }), json!({ "Flow": "fail" })),
            "Then.Flow",
            &["UpgradeInstance"],
        ),
        (both(code(), "Flow", json!("fail")), "Then.Flow", &["When after"]),
        (with("When", json!("later")), "When", &["`before` or `after`"]),
        (with("Times", json!(0)), "Times", &["1 or more"]),
        (
            with("Sequence", json!({ "Fail": 0, "Pass": 1 })),
            "Sequence.Fail",
            &["1 or more"],
        ),
        (
            with("Sequence", json!({ "Fail": 1, "Pass": 0 })),
            "Sequence.Pass",
            &["1 or more"],
        ),
        (with("Sequence", json!({ "Fail": 1 })), "Sequence.Pass", &["missing"]),
        (
            json!({ "Match": { "Nth": 2 }, "Then": code(), "Times": 2 }),
            "Times",
            &["Match.Nth"],
        ),
        (
            json!({ "Match": { "Nth": 2 }, "Then": code(), "Sequence": { "Fail": 1, "Pass": 1 } }),
            "Sequence",
            &["Match.Nth"],
        ),
    ]
}

#[tokio::test]
async fn what_nobody_could_mean_is_refused_with_its_place() {
    let app = App::start();
    for (rule, key, holds) in contradictions() {
        let call = ("POST", "/_crs/faults", rule.to_string());
        let place = format!("the body: {key}: ");
        let mut wanted = vec![place.as_str()];
        wanted.extend(holds);
        refused(&app, (call.0, call.1, &call.2), 400, &wanted).await;
        // The same in a fixture.
        let told = super::fixtures::broken::faults(&json!({ "Faults": [rule] }).to_string());
        let place = format!("f.json: Faults[0].{key}: ");
        assert!(told.len() == 1 && told[0].starts_with(&place), "{rule}: {told:#?}");
        assert!(told[0].contains("; "), "{} names no remedy", told[0]);
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once() {
    let app = App::start();
    let rule = r#"{"Match":{"Action":"x","Nth":0},"Then":{"Drop":true,"Body":""},"Times":0}"#;
    let holds = ["Match.Action: ", "Match.Nth: ", "Then.Body: ", "Times: "];
    refused(&app, ("POST", "/_crs/faults", rule), 400, &holds).await;
    for (key, value) in [("Id", 1), ("Matched", 1), ("Fired", 1)] {
        let rule = json!({ "Match": {}, "Then": { "Drop": true }, key: value }).to_string();
        refused(&app, ("POST", "/_crs/faults", &rule), 400, &[key, "leave it out"]).await;
    }
}

#[test]
fn what_a_fixture_says_was_counted_must_leave_something() {
    let rule = |more: Value| {
        let mut rule = json!({ "Match": {}, "Then": { "Drop": true } });
        for (key, value) in more.as_object().expect("an object") {
            rule[key] = value.clone();
        }
        super::fixtures::broken::faults(&json!({ "Faults": [rule] }).to_string())
    };
    for right in [
        json!({ "Fired": 2, "Times": 3 }),
        json!({ "Fired": 2, "Matched": 9 }),
        json!({ "Matched": 2, "Match": { "Nth": 3 } }),
    ] {
        assert_eq!(rule(right.clone()), [""; 0], "{right}");
    }
    for (wrong, key) in [
        (json!({ "Fired": 3, "Times": 3 }), "Fired"),
        (json!({ "Fired": 3, "Matched": 2 }), "Matched"),
        (json!({ "Matched": 3, "Match": { "Nth": 3 } }), "Matched"),
    ] {
        let told = rule(wrong.clone());
        let place = format!("f.json: Faults[0].{key}: ");
        assert!(told.len() == 1 && told[0].starts_with(&place), "{wrong}: {told:#?}");
    }
}

#[tokio::test]
async fn what_cannot_match_as_things_stand_is_warned_of() {
    let app = App::start();
    for (wanted, told) in [
        (json!({ "AppId": 7 }), &["Match.AppId: there is no account 7 yet"][..]),
        (
            json!({ "InstanceId": "crs-tocome01" }),
            &["Match.InstanceId: no account has an instance `crs-tocome01` yet"],
        ),
        (
            json!({ "InstanceId": "crs-5qlrlhux", "AppId": 1_250_000_001 }),
            &["Match.InstanceId: that account has no instance `crs-5qlrlhux` yet"],
        ),
        (json!({ "Region": "mars" }), &["Match.Region: `mars` sells no Redis"]),
        (
            json!({ "SecretId": "AKIDnobody" }),
            &["Match.SecretId: no account has the key pair `AKIDnobody`"],
        ),
        (
            json!({ "Until": "2020-01-01T00:00:00Z" }),
            &["Match.Until: 2020-01-01T00:00:00.000Z is past"],
        ),
        (
            json!({ "Region": "mars", "AppId": 7 }),
            &["Match.AppId: there is no account 7", "Match.Region: `mars`"],
        ),
    ] {
        let rule = json!({ "Match": wanted, "Then": { "Drop": true } }).to_string();
        let added = app.controlled("POST", "/_crs/faults", &rule).await;
        let warnings = added["Warnings"].as_array().expect("a list");
        let starts = |(warning, told): (&Value, &&str)| warning.as_str().is_some_and(|text| text.starts_with(told));
        assert!(
            warnings.len() == told.len() && warnings.iter().zip(told).all(starts),
            "{rule}: {warnings:#?}"
        );
    }
}
