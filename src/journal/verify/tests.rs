//! What holds of a list of calls, and what is said where it does not.

use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::contract::{self, Source, Tree};
use crate::journal::{Journal, Note};

/// The calls of these actions, by their first letter and MemSize: `U4096 D U2048`.
fn calls(of: &str) -> Picture {
    let journal = Journal::new(1_000);
    for call in of.split_whitespace() {
        let (letter, mem) = call.split_at(1);
        let (name, member) = match letter {
            "U" => ("UpgradeInstance", "MemSize"),
            "D" => ("DescribeInstances", "Limit"),
            _ => ("ModifyInstance", "Operation"),
        };
        let params = if mem.is_empty() {
            "{}".to_owned()
        } else {
            format!("{{\"{member}\":{mem}}}")
        };
        journal.note(&Note {
            request_id: Uuid::nil(),
            time: 0,
            real_time: 0,
            app_id: None,
            action: contract::find(name, "2018-04-12").map(|action| action.id),
            name: Some(name),
            version: None,
            region: None,
            secret_id: None,
            client: None,
            params: params.as_bytes(),
            source: Source::Json,
            read: Some(|bytes| Tree::from_json(bytes).ok()),
            code: None,
            fault_id: None,
            micros: 0,
        });
    }
    journal.picture()
}

fn verified(expected: Value, of: &str) -> Option<Failure> {
    let expectation = serde_json::from_value(expected.clone()).unwrap_or_else(|error| panic!("{expected}: {error}"));
    verify(expectation, &Filter::default(), &calls(of)).unwrap_or_else(|wrong| panic!("{expected}: {wrong:?}"))
}

fn upgrade(key: &str, times: u64) -> Value {
    json!({ "Action": "UpgradeInstance", key: times })
}

#[test]
fn calls_are_counted() {
    for (expected, of, holds) in [
        (json!({ "Action": "UpgradeInstance" }), "D U1 D U2", true),
        (json!({ "Action": "UpgradeInstance" }), "D", false),
        (upgrade("Exactly", 2), "D U1 D U2", true),
        (upgrade("Exactly", 1), "U1 U2", false),
        (upgrade("Exactly", 0), "D", true),
        (upgrade("Exactly", 0), "U1", false),
        (upgrade("AtLeast", 2), "U1", false),
        (upgrade("AtLeast", 2), "U1 U1 U1", true),
        (upgrade("AtMost", 1), "", true),
        (upgrade("AtMost", 1), "U1 U1", false),
        (
            json!({ "Action": "UpgradeInstance", "AtLeast": 1, "AtMost": 2 }),
            "U1 D U2",
            true,
        ),
        (
            json!({ "Action": "UpgradeInstance", "Params": { "MemSize": 2 }, "Exactly": 1 }),
            "U1 D U2",
            true,
        ),
        (json!({ "Action": "UpgradeInstance", "NoOthers": true }), "U1 U2", true),
        (json!({ "Action": "UpgradeInstance", "NoOthers": true }), "U1 D", false),
        (
            json!({ "Action": "UpgradeInstance", "Params": { "MemSize": 1 }, "NoOthers": true }),
            "U1 U2",
            false,
        ),
        (json!({ "NoOthers": true }), "", true),
        (json!({ "NoOthers": true }), "D", false),
    ] {
        assert_eq!(verified(expected.clone(), of).is_none(), holds, "{expected} of {of:?}");
    }
}

/// Steps of an order, as `U` or `D2`: the action and, where it stands there, exactly so many.
fn order(steps: &str) -> Value {
    let step = |step: &str| {
        let (letter, times) = step.split_at(1);
        let action = if letter == "U" {
            "UpgradeInstance"
        } else {
            "DescribeInstances"
        };
        match times.parse::<u64>() {
            Ok(times) => json!({ "Action": action, "Exactly": times }),
            Err(_) => json!({ "Action": action }),
        }
    };
    json!({ "InOrder": steps.split_whitespace().map(step).collect::<Vec<_>>() })
}

#[test]
fn calls_have_their_order() {
    for (steps, of, holds) in [
        ("U D", "D U M D", true),
        ("U D", "D D U", false),
        ("U D U", "U D D U", true),
        ("U D U", "U D", false),
        ("D D", "D U D", true),
        ("D D", "D U", false),
        ("U D2", "U D D", true),
        ("U D2", "D U D U D", true),
        ("U D2", "U D D D", false),
        ("U1 D", "U U D", false),
        ("U1 D U1", "M U M D D U M", true),
        ("U1 D U1", "U D U U", false),
        ("U2 D", "U D U D", false),
        ("U", "", false),
    ] {
        assert_eq!(verified(order(steps), of).is_none(), holds, "{steps} in {of:?}");
    }
    for (steps, of, holds) in [
        ("U D", "U D", true),
        ("U D", "U U D D", true),
        ("U D", "U M D", false),
        ("U D", "M U D", false),
        ("U D", "U D M", false),
        ("U D U", "U D U", true),
        ("U1 D", "U U D", false),
    ] {
        let mut alone = order(steps);
        alone["NoOthers"] = true.into();
        assert_eq!(verified(alone, of).is_none(), holds, "{steps} alone in {of:?}");
    }
    let up_to = |most: u64| json!({ "InOrder": [{ "Action": "UpgradeInstance", "AtMost": most }] });
    assert!(verified(up_to(2), "U D U").is_none());
    assert!(verified(up_to(1), "U D U").is_some());
    assert!(verified(up_to(1), "D").is_some(), "a step is called");
}

fn shown(failure: &Failure) -> Vec<(u64, Vec<String>)> {
    failure
        .nearest_misses
        .iter()
        .map(|miss| (miss.request.id, miss.differs.clone()))
        .collect()
}

#[test]
fn the_nearest_misses_are_told_with_what_differs() {
    let expected = json!({ "Action": "UpgradeInstance", "Params": { "MemSize": 4096 } });
    let failure = verified(expected, "D U2048 M U1024").expect("it does not hold");
    assert_eq!(
        failure.message,
        "UpgradeInstance with these Params was called 0 times; expected was at least once"
    );
    let differs = |sent: &str| vec![format!("Params.MemSize: {sent} was sent; 4096 was expected")];
    let another = |name: &str| vec![format!("Action: {name} was called; UpgradeInstance was expected")];
    assert_eq!(
        shown(&failure),
        [
            (4, differs("1024")),
            (2, differs("2048")),
            (3, another("ModifyInstance"))
        ]
    );

    let failure = verified(upgrade("AtMost", 1), "U1 D U2 U3").expect("it does not hold");
    assert_eq!(
        failure.message,
        "UpgradeInstance was called 3 times; expected was at most once"
    );
    let too_many = || vec!["it is one call too many".to_owned()];
    assert_eq!(shown(&failure), [(3, too_many()), (4, too_many())]);

    let failure = verified(json!({ "NoOthers": true, "Action": "UpgradeInstance" }), "U D").expect("it does not hold");
    assert_eq!(
        failure.message,
        "there was 1 call beside what was expected, and none was to be"
    );
    assert_eq!(shown(&failure), [(2, another("DescribeInstances"))]);

    let failure = verified(order("U D"), "D U").expect("it does not hold");
    let message = "InOrder[1]: DescribeInstances was not called behind the first call of InOrder[0]";
    assert_eq!(failure.message, message);
    assert_eq!(shown(&failure), [(1, vec!["InOrder[1]: it came too early".to_owned()])]);

    let failure = verified(order("U D2"), "U D M D D").expect("it does not hold");
    let message = "InOrder[1]: DescribeInstances was called 3 times; expected was exactly 2 times";
    assert_eq!(failure.message, message);
    assert_eq!(shown(&failure), [(5, too_many())]);

    let failure = verified(json!({ "NoOthers": true }), "D").expect("it does not hold");
    assert_eq!(failure.message, "there was to be no call, and there were 1");
    assert_eq!(shown(&failure), [(1, vec!["no call was expected".to_owned()])]);
}

#[test]
fn a_wrong_expectation_names_the_key_and_the_remedy() {
    for (expected, key, holds) in [
        (json!({}), "Action", "NoOthers alone"),
        (json!({ "Params": {}, "NoOthers": true }), "Params", "beside one"),
        (json!({ "Exactly": 1 }), "Exactly", "goes with an Action"),
        (json!({ "Action": "UpgradeInstances" }), "Action", "GET /_crs/actions"),
        (
            json!({ "Action": "UpgradeInstance", "InOrder": [] }),
            "InOrder",
            "leave Action or InOrder out",
        ),
        (json!({ "InOrder": [] }), "InOrder", "give 1 to 100"),
        (
            json!({ "InOrder": [{ "Action": "UpgradeInstance", "Exactly": 0 }] }),
            "InOrder[0].Exactly",
            "1 or more",
        ),
        (
            json!({ "InOrder": [{ "Action": "UpgradeInstance" }, { "Action": "Nothing" }] }),
            "InOrder[1].Action",
            "is no action",
        ),
        (
            json!({ "Action": "UpgradeInstance", "Exactly": 1, "AtMost": 2 }),
            "Exactly",
            "leave AtLeast and AtMost out",
        ),
        (
            json!({ "Action": "UpgradeInstance", "AtLeast": 3, "AtMost": 2 }),
            "AtLeast",
            "more than AtMost",
        ),
        (
            json!({ "Action": "UpgradeInstance", "AtLeast": 0 }),
            "AtLeast",
            "give 1 or more",
        ),
        (
            json!({ "Action": "UpgradeInstance", "Exact": true }),
            "Exact",
            "{} for none",
        ),
        (
            json!({ "Action": "UpgradeInstance", "Params": { "Memory": 1 } }),
            "Params.Memory",
            "InstanceId, MemSize",
        ),
        (
            json!({ "Action": "UpgradeInstance", "Params": { "NodeSet": [{ "Zone": 1 }] } }),
            "Params.NodeSet[0].Zone",
            "it takes NodeType",
        ),
        (
            json!({ "Action": "UpgradeInstance", "Params": { "MemSize": { "Like": 4 } } }),
            "Params.MemSize.Like",
            "is a text",
        ),
        (
            json!({ "Action": "GetCallerIdentity", "Params": { "A": 1 } }),
            "Params.A",
            "there it takes nothing",
        ),
    ] {
        let expectation = serde_json::from_value(expected.clone()).expect("its form is right");
        let wrong = verify(expectation, &Filter::default(), &calls("")).expect_err(&expected.to_string());
        assert_eq!(wrong.0, key, "{expected}");
        assert!(wrong.1.contains(holds), "{expected}: {}", wrong.1);
    }
}
