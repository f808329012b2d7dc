//! Long random walks, and every key of a PATCH with values of every kind.

use std::path::Path;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::report::Part;
use super::servers::{Build, Pair, fixture_flag};
use super::sessions::signed_now;
use crate::harness::{NOW_MS, Raw};
use crate::model::drawn::{self, Bytes};
use crate::model::step::steps_of;
use crate::model::walks::act;
use crate::model::{draws, wire};

const WALKS_OF_EACH_PACE: u32 = 150;
const STEPS: usize = 100;

/// Calls that a walk makes beside those of [`act`].
const BESIDE: &[(&str, &str, &str)] = &[
    ("DELETE", "/_crs/faults", ""),
    ("DELETE", "/_crs/faults/1", ""),
    (
        "POST",
        "/_crs/faults",
        r#"{ "Match": { "Action": "UpgradeInstance" }, "Then": { "Code": "FailedOperation.PayFailed" } }"#,
    ),
    (
        "POST",
        "/_crs/faults",
        r#"{ "Match": { "Action": "NoAction" }, "Then": { "Code": "InternalError" }, "Times": 0 }"#,
    ),
    ("POST", "/_crs/clock/advance", r#"{ "Seconds": 1.5 }"#),
    ("POST", "/_crs/clock/advance", r#"{ "Seconds": -1 }"#),
    ("POST", "/_crs/flows/drain", ""),
    ("GET", "/_crs/clock", ""),
];

/// Walks under each pace, from states drawn at random; the states are compared after each step.
pub(super) async fn walks(part: &mut Part, builds: &[Build; 2], folder: &Path, most: usize) {
    let bytes = proptest::collection::vec(any::<u8>(), 1_000 + 16 * STEPS);
    let histories = (bytes, steps_of(STEPS));
    let (instance_keys, account_keys) = (keys(builds, "Instance"), keys(builds, "Account"));
    for pace in ["timed", "held", "instant"] {
        let config = draws(WALKS_OF_EACH_PACE);
        let count = config.cases as usize;
        let mut runner = TestRunner::new(config);
        let flags = [
            format!("--pace={pace}"),
            "--rate-limit=off".to_owned(),
            fixture_flag(folder, wire::FIXTURE),
        ];
        let Some(mut pair) = Pair::start(part, pace, builds, &flags) else {
            continue;
        };
        for number in 0..count.min(most) {
            part.cases += 1;
            let drawn = histories.new_tree(&mut runner).expect("nothing is filtered");
            let (bytes, steps) = drawn.current();
            let mut bytes = Bytes::new(&bytes);
            let name = format!("{pace} {number}");
            pair.reset(part, &name).await;
            // One that is refused leaves the seed state, from which a walk can begin as well.
            let stated = drawn::fixture(&mut bytes).to_string();
            pair.control(part, &name, ("PUT", "/_crs/state", &stated)).await;
            let mut state = pair.look(part, &name).await;
            for (at, step) in steps.0.iter().enumerate() {
                let case = format!("{name}, step {}", at + 1);
                let request = act(&state, step, &mut bytes).raw();
                let request = signed_now(&request, &Value::Null, NOW_MS / 1_000)
                    .await
                    .unwrap_or(request);
                pair.send(part, &case, &request).await;
                match at % 16 {
                    3 | 11 => wait(part, &mut pair, &case, &state, &mut bytes).await,
                    7 => {
                        let key = bytes.of(&instance_keys);
                        let path = format!("/_crs/instances/{}", instance_id(&state, &mut bytes));
                        patch(part, &mut pair, (&case, &path, &key), &state, &mut bytes).await;
                    }
                    9 => {
                        let key = bytes.of(&account_keys);
                        patch(
                            part,
                            &mut pair,
                            (&case, "/_crs/accounts/1250000000", &key),
                            &state,
                            &mut bytes,
                        )
                        .await;
                    }
                    15 => {
                        let call = bytes.of(BESIDE);
                        pair.control(part, &case, call).await;
                    }
                    _ => {}
                }
                state = pair.look(part, &case).await;
            }
            put_back(part, &mut pair, &name, &state).await;
        }
    }
}

/// An instance of the first account, if it has one.
fn instance_id(state: &Value, bytes: &mut Bytes<'_>) -> String {
    let ids = state["Accounts"][0]["Instances"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let chosen = if ids.is_empty() { Value::Null } else { bytes.of(ids) };
    chosen["InstanceId"].as_str().unwrap_or("crs-nothing0").to_owned()
}

/// Looks at one instance, and waits for a status of it.
async fn wait(part: &mut Part, pair: &mut Pair, case: &str, state: &Value, bytes: &mut Bytes<'_>) {
    let id = instance_id(state, bytes);
    let status = bytes.of(&[2, 1, -2, -3, 9]);
    for query in [String::new(), format!("&wait=Status={status}&timeout=1ms")] {
        let path = format!("/_crs/instances/{id}?AppId=1250000000{query}");
        pair.control(part, case, ("GET", &path, "")).await;
    }
}

/// Changes a key to one of its [`values`].
async fn patch(
    part: &mut Part,
    pair: &mut Pair,
    (case, path, key): (&str, &str, &str),
    state: &Value,
    bytes: &mut Bytes<'_>,
) {
    let change = json!({ key: bytes.of(&values(state, key)) }).to_string();
    pair.control(part, case, ("PATCH", path, &change)).await;
}

/// The state is put where it came from, and must be what it was.
async fn put_back(part: &mut Part, pair: &mut Pair, case: &str, state: &Value) {
    pair.control(part, case, ("PUT", "/_crs/state", &state.to_string()))
        .await;
    pair.look(part, case).await;
}

/// The keys that the later build's schema knows of this shape, and one that it does not.
fn keys(builds: &[Build; 2], shape: &str) -> Vec<String> {
    let schema = builds[1].command(&["schema"]).output().expect("the binary runs");
    let schema: Value = serde_json::from_slice(&schema.stdout).expect("a schema is JSON");
    let keys = schema["$defs"][shape]["properties"].as_object();
    let keys = keys.unwrap_or_else(|| panic!("the schema has no {shape}"));
    keys.keys().cloned().chain(["NoSuchKey".to_owned()]).collect()
}

/// PATCHes every key that there is of an instance and of an account, whether it can be changed or not.
pub(super) async fn patches(part: &mut Part, builds: &[Build; 2], folder: &Path, most: usize) {
    let flags = ["--rate-limit=off".to_owned(), fixture_flag(folder, wire::FIXTURE)];
    let Some(mut pair) = Pair::start(part, "start", builds, &flags) else {
        return;
    };
    let state = pair.look(part, "start").await;
    let ids = ["crs-spread00", "crs-renewing", "crs-isolated"].map(|id| ("Instance", format!("instances/{id}")));
    for (shape, what) in ids.into_iter().chain([("Account", "accounts/1250000000".to_owned())]) {
        for key in keys(builds, shape).iter().take(most) {
            part.cases += 1;
            for value in values(&state, key) {
                let (path, change) = (format!("/_crs/{what}"), json!({ key: value }).to_string());
                let case = format!("{what} {change}");
                let patch = pair.control(part, &case, ("PATCH", &path, &change)).await;
                pair.look(part, &case).await;
                if patch.is_none_or(|answer| answer.status == 200) {
                    pair.reset(part, &case).await;
                }
            }
        }
    }
}

/// Values of every type, and all that a state has under this key.
fn values(state: &Value, key: &str) -> Vec<Value> {
    let mut values = vec![
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(2),
        json!(-3),
        json!(2_048),
        json!(1.5),
        json!(1_u64 << 63),
        json!(""),
        json!("a text"),
        json!("2026-12-01 00:00:00"),
        json!("2020-02-30 00:00:00"),
        json!([]),
        json!([{}]),
        json!({}),
    ];
    under(state, key, &mut values);
    values
}

fn under(value: &Value, key: &str, found: &mut Vec<Value>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name == key && !found.contains(member) {
                    found.push(member.clone());
                }
                under(member, key, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| under(item, key, found)),
        _ => {}
    }
}

/// Puts every fixture that the tests check, right or broken, as the state.
pub(super) async fn states(part: &mut Part, builds: &[Build; 2], recorded: &Path, most: usize) {
    let flags = ["--rate-limit=off".to_owned(), fixture_flag(recorded, wire::FIXTURE)];
    let Some(mut pair) = Pair::start(part, "start", builds, &flags) else {
        return;
    };
    for path in super::files(&recorded.join("checked"), "json").iter().take(most) {
        part.cases += 1;
        let case = path.file_stem().expect("a name").to_string_lossy();
        let body = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let head = Raw::control("PUT", "/_crs/state", "")
            .parts()
            .0
            .replace("Content-Length: 0", "Accept: */*");
        let request = Raw([format!("{head}\r\n\r\n").as_bytes(), &body].concat());
        pair.send(part, &case, &request).await;
        let state = pair.look(part, &case).await;
        put_back(part, &mut pair, &case, &state).await;
        pair.reset(part, &case).await;
    }
}
