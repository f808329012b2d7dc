//! The world is replaced in one swap, and no call stops the others.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crs_local::config::{Limit, RateLimits};
use crs_local::{Config, Fixture};
use serde_json::{Value, json};

use crate::gateway::request;
use crate::harness::{App, Raw};

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
    let config = Config {
        rate_limit: RateLimits::from(Limit::Off),
        ..Config::default()
    };
    App::with_fixture(config, &state("seed").to_string())
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
    request(&format!(
        "@sign id={id} key={key}\nPOST / HTTP/1.1\n{{USUAL}}\n\n{{}}"
    ))
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
                assert_eq!(
                    one.strip_suffix('1'),
                    two.strip_suffix('2'),
                    "two states mixed"
                );
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
            (
                "PATCH",
                "/_crs/instances/crs-seed2",
                json!({ "MemUsed": 7 }),
            ),
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
