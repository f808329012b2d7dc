//! CAM policies: a JSON policy, then, after a NUL, lines of action, region, instance and tag to hold against it.
//! Denying everything on top of any policy must deny everything.
#![no_main]

use crs_local::auth::policy::{Decision, Policy, Query, Resource, evaluate};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fuzz_target!(|data: &[u8]| {
    let mut halves = data.splitn(2, |byte| *byte == 0);
    let Ok(mut document) = serde_json::from_slice::<Value>(halves.next().unwrap_or_default()) else {
        return;
    };
    let policy = match Policy::parse(&document) {
        Ok(policy) => policy,
        Err(fault) => {
            assert!(!fault.problem.is_empty() && !fault.remedy.is_empty());
            assert!(!fault.to_string().is_empty());
            return;
        }
    };
    let question = std::str::from_utf8(halves.next().unwrap_or_default()).unwrap_or_default();
    let mut lines = question.split('\n');
    let mut line = || lines.next().unwrap_or_default();
    let (action, region, id) = (line(), line(), line());
    let tags = [(line(), line())];
    let named = [Resource { id, tags: &tags }, Resource { id: action, tags: &[] }];
    for resources in [&named[..], &named[..1], &[]] {
        let query = Query {
            service: "redis",
            action,
            region,
            uin: "100000000001",
            app_id: 1_250_000_000,
            resources,
            request_tags: &tags,
        };
        let decision = evaluate(&policy, &query);
        assert_eq!(decision, evaluate(&policy, &query));
        if decision == Decision::Allowed && resources.len() == 2 {
            // What is allowed for two is allowed for each.
            let first = Query {
                resources: &resources[..1],
                ..query
            };
            assert_eq!(evaluate(&policy, &first), Decision::Allowed);
        }
        let deny = json!({ "effect": "deny", "action": "*", "resource": "*" });
        let key = document
            .as_object()
            .and_then(|object| object.keys().find(|key| key.eq_ignore_ascii_case("statement")));
        let (key, was) = (key.cloned().unwrap_or_default(), document.clone());
        let mut statements = match document[&key].take() {
            Value::Array(statements) => statements,
            one => vec![one],
        };
        statements.push(deny);
        document[&key] = Value::Array(statements);
        let stricter = Policy::parse(&document).expect("it was valid before");
        assert_ne!(evaluate(&stricter, &query), Decision::Allowed);
        document = was;
    }
});
