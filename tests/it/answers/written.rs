//! What each write must show in which reads (`tests/data/answers`): every row does the write, waits for its task and
//! looks at each of the reads.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{call, held, implemented};
use crate::harness::App;

/// The tables, by the names of their files.
pub(crate) const TABLES: [(&str, &str); 3] = [
    ("instances.json", include_str!("../../data/answers/instances.json")),
    ("redis.json", include_str!("../../data/answers/redis.json")),
    ("networks.json", include_str!("../../data/answers/networks.json")),
];

/// What the call answers; it must succeed.
pub(super) async fn ask(app: &App, action: &str, input: &Value) -> Value {
    let answer = app.call(&call(action, "ap-guangzhou", "AKIDlocal", input)).await;
    assert_eq!(answer.code(), "", "{action} {input}\n{answer}");
    answer.json()["Response"].clone()
}

/// The value with what was kept put in for its name in braces.
fn filled(value: &Value, kept: &BTreeMap<String, String>) -> Value {
    let mut text = value.to_string();
    for (name, id) in kept {
        text = text.replace(&format!("{{{name}}}"), id);
    }
    serde_json::from_str(&text).expect("JSON again")
}

/// The tasks that a write has begun.
fn tasks(answer: &Value) -> Vec<u64> {
    let one = answer.get("TaskId").or(answer.get("FlowId")).and_then(Value::as_u64);
    let several = answer["TaskIds"].as_array().into_iter().flatten();
    one.into_iter().chain(several.filter_map(Value::as_u64)).collect()
}

/// Waits until what a write has begun is over, and its tasks tell so; by hand, since nothing ends by itself.
async fn wait_for(app: &App, write: &str, tasks: &[u64]) {
    for (wanted, ends) in [("running", true), ("succeed", false)] {
        for task in tasks {
            let told = ask(app, "DescribeTaskInfo", &json!({ "TaskId": task })).await;
            assert_eq!(told["Status"], wanted, "{write}, task {task}");
        }
        if ends {
            app.controlled("POST", "/_crs/flows/drain", "").await;
        }
    }
}

/// Walks the steps of a table; the names of its writes.
async fn walk(table: &Value) -> BTreeSet<String> {
    let fixture = json!({ "Clock": table["Clock"], "Accounts": [table["Account"]] });
    let mut app = App::with_fixture(held(), &fixture.to_string());
    let mut kept = BTreeMap::new();
    let mut written = BTreeSet::new();
    for step in table["Steps"].as_array().expect("steps") {
        let write = step["Write"].as_str().expect("an action");
        written.insert(write.to_owned());
        let answer = ask(&app, write, &filled(&step["Input"], &kept)).await;
        wait_for(&app, write, &tasks(&answer)).await;
        for (name, place) in step["Keep"].as_object().into_iter().flatten() {
            let id = answer.pointer(place.as_str().expect("a place")).and_then(Value::as_str);
            let id = id.unwrap_or_else(|| panic!("{write}: {answer:#}"));
            kept.insert(name.clone(), id.to_owned());
        }
        // A snapshot holds what was written, and another emulator goes on from there.
        let state = app.controlled("GET", "/_crs/state", "").await;
        app = App::with_fixture(held(), r#"{"Accounts":[{}]}"#);
        app.controlled("PUT", "/_crs/state", &state.to_string()).await;
        assert_eq!(app.controlled("GET", "/_crs/state", "").await, state, "{write}");
        for read in step["Reads"].as_array().expect("reads") {
            looks(&app, write, read, &kept).await;
        }
    }
    written
}

/// One read, and what it must show.
async fn looks(app: &App, write: &str, read: &Value, kept: &BTreeMap<String, String>) {
    let action = read["Action"].as_str().expect("an action");
    let input = filled(&read["Input"], kept);
    if let Some(code) = read["Refused"].as_str() {
        let answer = app.call(&call(action, "ap-guangzhou", "AKIDlocal", &input)).await;
        assert_eq!(answer.code(), code, "{write}, {action}\n{answer}");
        return;
    }
    let shown = ask(app, action, &input).await;
    for (place, wanted) in read["Is"].as_object().expect("places") {
        let wanted = filled(wanted, kept);
        assert_eq!(
            shown.pointer(place),
            Some(&wanted),
            "{write}, {action} {place}\n{shown:#}"
        );
    }
}

#[tokio::test]
async fn what_is_written_is_read_back() {
    let mut written = BTreeSet::new();
    for (file, table) in TABLES {
        let table = serde_json::from_str(table).unwrap_or_else(|error| panic!("{file}: {error}"));
        written.extend(walk(&table).await);
    }
    let wanted = implemented().filter(|action| !action.reads);
    for action in wanted.filter(|action| ["redis", "vpc"].contains(&action.service)) {
        assert!(written.contains(action.name), "{} is read back nowhere", action.name);
    }
}
