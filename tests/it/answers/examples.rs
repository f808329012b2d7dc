//! The official example of every implemented action, replayed, and refusals of each: the files of
//! `tests/data/examples`, whose README says how they are written.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{action, call, held, implemented, reasons, shape, title};
use crate::harness::App;

const REGION: &str = "ap-guangzhou";

/// The files, by the action that they are named after.
pub(crate) fn examples() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/examples");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder of the examples")
        .map(|entry| entry.expect("a file of the examples").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).expect("a file of text");
        let name = path.file_stem().expect("a name").to_string_lossy();
        let example = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name.into_owned(), example)
    };
    files.iter().map(read).collect()
}

/// A policy that lets nobody do anything.
pub(crate) fn nothing() -> Value {
    json!({ "version": "2.0", "statement": [{ "effect": "deny", "action": ["*"], "resource": ["*"] }] })
}

/// The account that a call is about: what it holds, a key that may do everything and one that may do nothing.
fn app(holds: &Value, now: &Value) -> App {
    let mut account = holds.clone();
    account["Credentials"] = json!([
        { "SecretId": "AKIDlocal", "SecretKey": "local" },
        { "SecretId": "AKIDnobody", "SecretKey": "nobody", "Policy": nothing() },
    ]);
    let clock = now.as_str().map(|now| json!({ "Mode": "manual", "Now": now }));
    let fixture = json!({ "Clock": clock, "Accounts": [account] });
    App::with_fixture(held(), &fixture.to_string())
}

/// Every action of redis has an official example, and so have those of the companions: there is no list of exceptions.
#[test]
fn every_implemented_action_has_an_example_and_a_refusal() {
    let examples = examples();
    let replayed: Vec<_> = examples.iter().map(|(name, _)| name.as_str()).collect();
    let mut implemented: Vec<_> = implemented().map(title).collect();
    implemented.sort();
    assert_eq!(replayed, implemented, "examples, and what is implemented");
    for (name, example) in &examples {
        assert!(example["Source"].is_string(), "{name} names no source");
        for accepted in ["Holds", "Request", "Answer"] {
            assert!(example[accepted].is_object(), "{name} has no {accepted}");
        }
        let refusals = example["Refusals"].as_array().map_or(0, Vec::len);
        assert!(refusals > 0, "{name} has no refusal");
    }
}

#[tokio::test]
async fn official_examples_are_answered_in_their_members() {
    for (name, example) in examples() {
        let raw = call(&name, REGION, "AKIDlocal", &example["Request"]);
        let answer = app(&example["Holds"], &example["Now"]).call(&raw).await;
        assert_eq!(answer.code(), "", "{name}\n{raw}\n{answer}");
        let response = &answer.json()["Response"];
        let mut faults = shape::faults(response, action(&name).output);
        missing(response, &example["Answer"], &name, &mut faults);
        assert!(faults.is_empty(), "{}\n{answer}", faults.join("\n"));
    }
}

/// What the example's answer has and this one has not: a member, or its JSON type.
fn missing(value: &Value, wanted: &Value, path: &str, faults: &mut Vec<String>) {
    let holds = match wanted {
        Value::Object(members) => {
            for (name, wanted) in members {
                match value.get(name) {
                    Some(value) => missing(value, wanted, &format!("{path}.{name}"), faults),
                    None => faults.push(format!("{path}.{name} is not there")),
                }
            }
            value.is_object()
        }
        Value::Array(of) => match (value.as_array(), of.first()) {
            (Some(_), None) => true,
            (Some(items), Some(wanted)) => {
                for (at, item) in items.iter().enumerate() {
                    missing(item, wanted, &format!("{path}.{at}"), faults);
                }
                !items.is_empty()
            }
            (None, _) => false,
        },
        Value::String(word) => match word.as_str() {
            "string" => value.is_string(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "null" => true,
            other => panic!("{path}: `{other}` is no type of JSON"),
        },
        other => panic!("{path}: {other} is no type of JSON"),
    };
    if !holds {
        faults.push(format!("{path} is {value}, not as in the example: {wanted}"));
    }
}

/// What a refusal sends: a request of its own, or the example's with some members put in, over or out.
pub(crate) fn sent(request: &Value, refusal: &Value) -> Value {
    let Some(change) = refusal.get("With").and_then(Value::as_object) else {
        return refusal["Request"].clone();
    };
    assert!(refusal.get("Request").is_none(), "both: {refusal}");
    let mut request = request.clone();
    let members = request.as_object_mut().expect("the example's request");
    for (name, value) in change {
        if value.is_null() {
            assert!(members.remove(name).is_some(), "{name} is not there");
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    request
}

#[tokio::test]
async fn each_action_refuses_with_the_exact_code_and_changes_nothing() {
    let mut faults = Vec::new();
    let mut met = BTreeSet::new();
    for (name, example) in examples() {
        let usual = app(&example["Holds"], &example["Now"]);
        for refusal in example["Refusals"].as_array().into_iter().flatten() {
            let own = refusal.get("Holds").map(|holds| app(holds, &example["Now"]));
            let app = own.as_ref().unwrap_or(&usual);
            let region = refusal["Region"].as_str().unwrap_or(REGION);
            let by = refusal["By"].as_str().unwrap_or("AKIDlocal");
            let raw = call(&name, region, by, &sent(&example["Request"], refusal));
            let before = state(app).await;
            let answer = app.call(&raw).await;
            let because = &refusal["Because"];
            if refusal["Code"] != answer.code() {
                let code = &refusal["Code"];
                faults.push(format!("{name}: {because}: not {code}\n{raw}\n{answer}"));
            }
            if state(app).await != before {
                faults.push(format!("{name}: {because}: something changed"));
            }
            met.extend(reasons::of(&name, &answer));
        }
    }
    assert!(faults.is_empty(), "{} faults: {}", faults.len(), faults.join("\n\n"));
    let mut wanted = reasons::all();
    for (reason, why) in reasons::UNMET {
        assert!(wanted.remove(*reason), "{reason} is no reason; {why}");
    }
    assert_eq!(met, wanted, "the reasons met, and all that can be");
}

/// The state without its count of calls.
async fn state(app: &App) -> Value {
    let mut state = app.controlled("GET", "/_crs/state", "").await;
    state["Calls"] = Value::Null;
    state
}

#[test]
fn what_an_example_has_and_an_answer_has_not_is_named() {
    let wanted = json!({ "Tasks": [{ "TaskId": "number", "Note": "null" }], "Tags": [] });
    let of = |answer: Value| {
        let mut faults = Vec::new();
        missing(&answer, &wanted, "A", &mut faults);
        faults.join("; ")
    };
    assert_eq!(of(json!({ "Tasks": [{ "TaskId": 1, "Note": 3 }], "Tags": ["t"] })), "");
    assert_eq!(
        of(json!({ "Tasks": [{ "TaskId": 1, "Note": null }] })),
        "A.Tags is not there"
    );
    let typed = of(json!({ "Tasks": [{ "TaskId": "1", "Note": "" }], "Tags": [] }));
    assert_eq!(typed, "A.Tasks.0.TaskId is \"1\", not as in the example: \"number\"");
    assert!(of(json!({ "Tasks": [], "Tags": [] })).starts_with("A.Tasks is []"));
}
