//! Calls that change something: in either order, and once more.

use std::collections::{BTreeMap, BTreeSet};

use crs_local::contract::{Action, Resource};
use serde_json::{Value, json};

use super::super::answers::{call, inputs_of_each, title, writing_fixtures};
use super::super::harness::App;
use super::{REGION, app, ask, state};

/// How many pairs of calls were made in both orders at least, and how many actions repeated; the numbers only grow.
const PAIRS_MIN: usize = 120;
const REPEATED_MIN: usize = 33;

/// A call, and whether it makes instances: what is drawn for them depends on what came before.
type Write = (&'static Action, Value, bool);

/// Calls that change something, each of which is taken here, at most so many of an action.
async fn writes(fixture: &str, of_each: usize) -> Vec<Write> {
    let app = app(fixture);
    let instances = || {
        app.emulator
            .clouds()
            .iter()
            .map(|(_, cloud, _)| cloud.instances.len())
            .sum::<usize>()
    };
    let before = instances();
    let mut found = Vec::new();
    for (action, inputs) in inputs_of_each(&app, REGION).await {
        let mut of_it = 0;
        for input in inputs.iter().filter(|_| !action.reads) {
            if of_it < of_each && ask(&app, action, input).await.code().is_empty() {
                found.push((action, input.clone(), instances() > before));
                of_it += 1;
                app.reset();
            }
        }
    }
    found
}

/// The ids of the instances that a call names.
fn named(action: &Action, input: &Value) -> BTreeSet<String> {
    let Resource::Instance(member) = action.resource else {
        return BTreeSet::new();
    };
    let members = [member, "InstanceIds", "DstInstanceId", "SrcInstanceId"];
    let of = |member: &&str| match &input[*member] {
        Value::String(id) => vec![id.clone()],
        Value::Array(ids) => ids.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    };
    members.iter().flat_map(of).collect()
}

/// The state without what is drawn or counted as calls come: numbers of tasks, orders and addresses, and the order of
/// what is listed as it came.
fn blurred(state: &Value) -> Value {
    const DRAWN: [&str; 18] = [
        "Id",
        "LogsetId",
        "TopicId",
        "GroupId",
        "AsyncRequestId",
        "TaskId",
        "DealId",
        "BackupId",
        "WanIp",
        "Vip",
        "Port",
        "WanAddress",
        "Ids",
        "LastTaskId",
        "Balance",
        "Serial",
        "IPv6",
        "Calls",
    ];
    match state {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| !DRAWN.contains(&name.as_str()));
            Value::Object(kept.map(|(name, value)| (name.clone(), blurred(value))).collect())
        }
        Value::Array(list) => {
            let mut list: Vec<Value> = list.iter().map(blurred).collect();
            list.sort_by_key(Value::to_string);
            Value::Array(list)
        }
        other => other.clone(),
    }
}

/// What the two come to, and what they were answered, if both were taken.
async fn both(app: &App, calls: [&Write; 2]) -> Option<(Value, Value)> {
    app.reset();
    for (action, input, _) in calls {
        if !ask(app, action, input).await.code().is_empty() {
            return None;
        }
    }
    let whole = state(app).await;
    Some((blurred(&whole), whole["Accounts"][0]["Balance"].clone()))
}

#[tokio::test]
async fn calls_about_different_instances_come_to_the_same_in_either_order() {
    let (mut pairs, mut actions) = (0, BTreeSet::new());
    for (name, fixture) in writing_fixtures() {
        let all = writes(&fixture, 1).await;
        let app = app(&fixture);
        let single: Vec<_> = all
            .iter()
            .filter(|(action, input, makes)| !makes && !named(action, input).is_empty())
            .collect();
        for (at, one) in single.iter().enumerate() {
            for other in single.iter().skip(at + 1).step_by(5) {
                if !named(one.0, &one.1).is_disjoint(&named(other.0, &other.1)) {
                    continue;
                }
                let first = both(&app, [one, other]).await;
                let second = both(&app, [other, one]).await;
                let both_names = format!("{name}: {} {}, and {} {}", one.0.name, one.1, other.0.name, other.1);
                assert_eq!(
                    first.is_some(),
                    second.is_some(),
                    "{both_names}: taken in one order only"
                );
                let (Some(first), Some(second)) = (first, second) else {
                    continue;
                };
                assert!(first == second, "{both_names}: {}", difference(&first.0, &second.0, ""));
                pairs += 1;
                actions.extend([title(one.0), title(other.0)]);
            }
        }
    }
    println!("{pairs} pairs of {} actions", actions.len());
    assert!(pairs >= PAIRS_MIN, "{pairs} pairs; there were {PAIRS_MIN}");
}

/// Where the first difference lies.
fn difference(one: &Value, other: &Value, path: &str) -> String {
    match (one, other) {
        (Value::Object(own), Value::Object(theirs)) => {
            let keys: BTreeSet<&String> = own.keys().chain(theirs.keys()).collect();
            let differs = keys.into_iter().find(|key| own.get(*key) != theirs.get(*key));
            let null = Value::Null;
            differs.map_or(String::new(), |key| {
                let of = |all: &serde_json::Map<String, Value>| all.get(key).unwrap_or(&null).clone();
                difference(&of(own), &of(theirs), &format!("{path}/{key}"))
            })
        }
        (Value::Array(own), Value::Array(theirs)) if own.len() == theirs.len() => {
            let at = own
                .iter()
                .zip(theirs)
                .position(|(one, other)| one != other)
                .unwrap_or(0);
            difference(&own[at], &theirs[at], &format!("{path}/{at}"))
        }
        _ => format!("{path} is {one}, else {other}"),
    }
}

/// A client whose answer was lost calls again: what that leaves is what one call leaves, or what two leave.
#[tokio::test]
async fn a_call_repeated_after_a_lost_answer_leaves_what_one_or_two_leave() {
    let mut repeated: BTreeMap<String, usize> = BTreeMap::new();
    for (name, fixture) in writing_fixtures() {
        let app = app(&fixture);
        for (action, input, _) in writes(&fixture, 1).await {
            let raw = call(&title(action), REGION, "AKIDlocal", &input);
            app.reset();
            app.call(&raw).await;
            let once = state(&app).await;
            app.call(&raw).await;
            let twice = state(&app).await;
            app.reset();
            let rule =
                json!({ "Match": { "Action": action.name }, "Then": { "Drop": true }, "When": "after", "Times": 1 });
            app.controlled("POST", "/_crs/faults", &rule.to_string()).await;
            assert!(
                app.try_call(&raw).await.is_none(),
                "{}: its answer was not lost",
                action.name
            );
            app.controlled("DELETE", "/_crs/faults", "").await;
            let lost = without_faults(state(&app).await);
            let once = without_faults(once);
            assert!(
                lost == once,
                "{name}: {} {input}: {}",
                action.name,
                difference(&once, &lost, "")
            );
            app.call(&raw).await;
            let again = without_faults(state(&app).await);
            let twice = without_faults(twice);
            assert!(
                again == twice || again == once,
                "{name}: {} {input}: {}",
                action.name,
                difference(&twice, &again, "")
            );
            *repeated.entry(title(action)).or_default() += 1;
        }
    }
    println!("repeated: {repeated:?}");
    assert!(repeated.len() >= REPEATED_MIN, "only these were repeated: {repeated:?}");
}

/// Without the rule that lost the answer, and without its number.
fn without_faults(mut state: Value) -> Value {
    if let Some(state) = state.as_object_mut() {
        state.retain(|key, _| !["Faults", "LastFaultId"].contains(&key.as_str()));
    }
    state
}
