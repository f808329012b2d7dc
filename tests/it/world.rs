//! The world is replaced in one swap, and no call stops the others.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crs_local::config::{Limit, RateLimits};
use crs_local::{Config, Fixture};
use serde_json::{Value, json};

use crate::gateway::request_at;
use crate::harness::{App, NOW_MS, Raw};

const ONE: u64 = 1_250_000_001;
const TWO: u64 = 1_250_000_002;

/// Two accounts with a key pair and an instance each, named after the state that they are of.
fn state(word: &str) -> Value {
    let account = |app_id: u64, name: &str| {
        json!({
            "AppId": app_id, "Uin": format!("10000000000{name}"),
            "Credentials": [{ "SecretId": format!("AKID{name}"), "SecretKey": name }],
            "Instances": [{ "InstanceId": format!("crs-{word}{name}"), "TypeId": 8, "MemSize": 1024 }],
        })
    };
    json!({
        "Accounts": [account(ONE, "1"), account(TWO, "2")],
        "Clock": { "Mode": "manual", "Now": "2027-01-01T00:00:00Z" },
    })
}

fn started() -> App {
    App::with_fixture(open(), &state("seed").to_string())
}

fn open() -> Config {
    Config {
        rate_limit: RateLimits::from(Limit::Off),
        ..Config::default()
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// Calls as long as the other work goes on; how often.
fn meanwhile(over: &AtomicBool, mut act: impl AsyncFnMut()) -> usize {
    runtime().block_on(async {
        let mut calls = 0;
        while !over.load(Ordering::Relaxed) {
            act().await;
            calls += 1;
        }
        calls
    })
}

/// A call of DescribeInstances with a key pair.
fn describe(id: &str, key: &str) -> Raw {
    describe_at(NOW_MS, id, key, &json!({}))
}

fn describe_at(now_ms: i64, id: &str, key: &str, input: &Value) -> Raw {
    let text = format!("@sign id={id} key={key}\nPOST / HTTP/1.1\n{{USUAL}}\n\n{input}");
    request_at(&text, now_ms)
}

#[test]
fn states_are_put_in_one_swap() {
    const PUTS: usize = 200;
    let app = started();
    let states = ["a", "b"].map(|word| {
        let text = state(word).to_string();
        Fixture::parse("the state", text.as_bytes()).expect("a fixture")
    });
    let (over, calls) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let putters = states.each_ref().map(|state| {
            let app = &app;
            scope.spawn(move || {
                for _ in 0..PUTS {
                    app.emulator.put(state).expect("it holds");
                }
            })
        });
        scope.spawn(|| {
            let raw = describe("AKID2", "2");
            let made = meanwhile(&over, async || {
                let answer = app.call(&raw).await;
                let found = &answer.json()["Response"]["InstanceSet"][0]["Appid"];
                assert_eq!(*found, TWO, "{answer}");
            });
            calls.fetch_add(made, Ordering::Relaxed);
        });
        scope.spawn(|| {
            let raw = describe("AKID2", "wrong");
            let made = meanwhile(&over, async || {
                let answer = app.call(&raw).await;
                assert_eq!(answer.code(), "AuthFailure.SignatureFailure", "{answer}");
            });
            calls.fetch_add(made, Ordering::Relaxed);
        });
        scope.spawn(|| {
            meanwhile(&over, async || {
                let state = serde_json::to_value(app.emulator.state()).expect("JSON");
                let id = |at: usize| &state["Accounts"][at]["Instances"][0]["InstanceId"];
                let (one, two) = (id(0).as_str().unwrap(), id(1).as_str().unwrap());
                assert_eq!(one.strip_suffix('1'), two.strip_suffix('2'), "two states mixed");
            });
        });
        for putter in putters {
            putter.join().expect("it put");
        }
        over.store(true, Ordering::Relaxed);
    });
    assert!(calls.into_inner() > 0, "somebody called meanwhile");
}

/// Whatever is done beside a reset is done before it or after it, never in between.
#[test]
fn what_is_done_beside_a_reset_is_done_before_or_after_it() {
    const ROUNDS: usize = 100;
    let app = started();
    let over = AtomicBool::new(false);
    let pristine = serde_json::to_value(app.emulator.state()).expect("JSON");
    std::thread::scope(|scope| {
        let acts = [
            ("PATCH", "/_crs/instances/crs-seed2", json!({ "MemUsed": 7 })),
            (
                "PUT",
                "/_crs/clock",
                json!({ "Mode": "manual", "Now": "2028-01-01T00:00:00Z" }),
            ),
            ("POST", "/_crs/clock/advance", json!({ "Seconds": 3600 })),
            (
                "POST",
                "/_crs/faults",
                json!({ "Match": { "Action": "UpgradeInstance" },
                        "Then": { "Code": "FailedOperation.PayFailed" } }),
            ),
        ];
        for (method, path, body) in acts {
            let (app, over) = (&app, &over);
            scope.spawn(move || {
                let body = body.to_string();
                meanwhile(over, async || {
                    app.controlled(method, path, &body).await;
                });
            });
        }
        let resets = [(), ()].map(|()| {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    app.reset();
                }
            })
        });
        for reset in resets {
            reset.join().expect("it was reset");
        }
        over.store(true, Ordering::Relaxed);
    });
    app.reset();
    let after = serde_json::to_value(app.emulator.state()).expect("JSON");
    assert_eq!(after, pristine);
}

/// Long work is done off the lock and off the worker: on a runtime with one worker, a probe that is sent after the work
/// has begun is answered before it has ended.
#[tokio::test(flavor = "current_thread")]
async fn no_call_stops_the_others() {
    const INSTANCES: usize = 3_000;
    let app = crowded(INSTANCES);
    let state = serde_json::to_string(&app.emulator.state()).expect("JSON");
    let long = [
        ("a dump", Raw::control("GET", "/_crs/state", "")),
        ("a put", Raw::control("PUT", "/_crs/state", &state)),
        (
            "a search",
            describe_at(NOW_MS, "AKID1", "1", &json!({ "SearchKey": "service-11" })),
        ),
        ("the flows", Raw::control("GET", "/_crs/flows", "")),
        ("a drain", Raw::control("POST", "/_crs/flows/drain", "")),
        (
            "a move of the clock",
            Raw::control("POST", "/_crs/clock/advance", r#"{"Seconds":3155760000}"#),
        ),
        ("a reset", Raw::control("POST", "/_crs/reset", "")),
    ];
    for (name, raw) in long {
        // Where the machine is busy elsewhere the work may be over before the probe's turn comes; what is done on the
        // worker is over each time.
        let mut went_on = false;
        for _ in 0..200 {
            went_on = went_on || is_answered_beside(&app, name, &raw).await;
        }
        assert!(went_on, "{name} held the only worker to its end");
    }
}

/// Whether a probe that is sent after the work has begun is answered before it has ended.
async fn is_answered_beside(app: &App, name: &str, raw: &Raw) -> bool {
    let over = std::cell::Cell::new(false);
    let work = async {
        let answer = app.call(raw).await;
        over.set(true);
        answer
    };
    let probe = async {
        let answer = app.call(&Raw::control("GET", "/_crs/health", "")).await;
        assert_eq!(answer.status, 200);
        !over.get()
    };
    // Polled in this order: what the first does without waiting, it has done before the probe.
    let (answer, went_on) = tokio::join!(biased; work, probe);
    assert_eq!(answer.status, 200, "{name}: {answer}");
    went_on
}

/// An advance of one account that is much goes on aside; calls of another are answered meanwhile, and the account's own
/// calls wait and find it done.
#[tokio::test(flavor = "current_thread")]
async fn a_long_advance_holds_its_own_account_only() {
    let app = crowded(3_000);
    let later = NOW_MS + 400 * 86_400_000;
    app.set_now(later);
    let over = std::cell::Cell::new(false);
    let own = async {
        let answer = app.call(&describe_at(later, "AKID1", "1", &json!({}))).await;
        over.set(true);
        answer.json()["Response"]["TotalCount"].clone()
    };
    let other = async {
        let answer = app.call(&describe_at(later, "AKID2", "2", &json!({}))).await;
        assert_eq!(answer.json()["Response"]["TotalCount"], 1, "{answer}");
        assert!(!over.get(), "the other account's advance held the only worker");
    };
    let (left, ()) = tokio::join!(biased; own, other);
    assert_eq!(left, 0, "all have run out and are gone");
}

/// The state of the other tests with so many instances more in account ONE, which run out in a month.
fn crowded(instances: usize) -> App {
    let mut state = state("seed");
    state["Clock"] = json!({ "Mode": "real" });
    let more = (0..instances).map(|number| {
        json!({ "InstanceId": format!("crs-{number:08}"), "InstanceName": format!("service-{number}"),
                "TypeId": 8, "MemSize": 1024, "BillingMode": 1, "Period": 1, "AutoRenew": 2 })
    });
    state["Accounts"][0]["Instances"] = more.collect();
    App::with_fixture(open(), &state.to_string())
}

/// What is kept for thirty days is gone after them for a call that only reads, too.
#[tokio::test]
async fn a_read_does_not_find_what_is_long_past() {
    let app = started();
    let signed = |action: &str, input: &Value| {
        request_at(
            &format!("@sign id=AKID1 key=1\nPOST / HTTP/1.1\n{{USUAL}}\nX-TC-Action: {action}\n\n{input}"),
            NOW_MS,
        )
    };
    let asked = json!({ "InstanceId": "crs-seed1", "MemSize": 2048 });
    let ordered = app.call(&signed("UpgradeInstance", &asked)).await.json();
    let deal_id = &ordered["Response"]["DealId"];
    app.controlled("POST", "/_crs/flows/drain", "").await;
    let told = signed("DescribeInstanceDealDetail", &json!({ "DealIds": [deal_id] }));
    for (days, number) in [(0, 1), (29, 1), (2, 0)] {
        let on = json!({ "Seconds": days * 86_400 }).to_string();
        app.controlled("POST", "/_crs/clock/advance", &on).await;
        let answer = app.call(&told).await.json();
        let details = answer["Response"]["DealDetails"].as_array();
        assert_eq!(details.map(Vec::len), Some(number), "{answer}");
    }
}
