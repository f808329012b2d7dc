//! What has changed at the publisher's since a contract file was made: actions, members and codes that came, went or
//! became others.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::model::object;

/// What a service publishes by now.
pub struct Now<'a> {
    /// A contract file made of it.
    pub contract: &'a Value,
    /// Whether its lists of codes are known.
    pub has_codes: bool,
    /// Every code of the service, of whichever action, if they are known.
    pub all_codes: Option<&'a BTreeSet<String>>,
}

/// The differences, a line each; none: nothing has changed.
///
/// # Errors
/// A sentence that names what is not of the expected form.
pub fn differences(old: &Value, now: &Now) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let (before, after) = (actions(old)?, actions(now.contract)?);
    named(&before, &after, "action", &mut found);
    for (name, action) in &before {
        let Some(other) = after.get(name) else {
            continue;
        };
        for (side, word) in [("input", "input"), ("output", "answer")] {
            members(&action[side], &other[side], &format!("{name}, {word}"), &mut found);
        }
        if now.has_codes {
            codes(&action["errors"], &other["errors"], name, &mut found);
        }
        if action["deprecated"] != other["deprecated"] {
            found.push(format!("{name}: deprecated is {} by now", other["deprecated"]));
        }
    }
    let (before, after) = (objects(old)?, objects(now.contract)?);
    named(&before, &after, "object", &mut found);
    for (name, object) in &before {
        if let Some(other) = after.get(name) {
            members(object, other, name, &mut found);
        }
    }
    if let Some(all) = now.all_codes {
        let ours: BTreeSet<String> = actions(old)?
            .values()
            .flat_map(|action| texts(&action["errors"]))
            .collect();
        for code in ours.difference(all) {
            found.push(format!("code {code} is in no list of the service any more"));
        }
    }
    Ok(found)
}

fn actions(contract: &Value) -> Result<BTreeMap<&str, &Value>, String> {
    let actions = object(&contract["actions"], "actions")?;
    Ok(actions.iter().map(|(name, action)| (name.as_str(), action)).collect())
}

fn objects(contract: &Value) -> Result<BTreeMap<&str, &Value>, String> {
    let objects = object(&contract["objects"], "objects")?;
    Ok(objects.iter().map(|(name, object)| (name.as_str(), object)).collect())
}

/// Those that came, and those that went.
fn named(before: &BTreeMap<&str, &Value>, after: &BTreeMap<&str, &Value>, what: &str, found: &mut Vec<String>) {
    let new = after.keys().filter(|name| !before.contains_key(*name));
    found.extend(new.map(|name| format!("{what} {name} is new")));
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    found.extend(gone.map(|name| format!("{what} {name} is gone")));
}

fn members(before: &Value, after: &Value, place: &str, found: &mut Vec<String>) {
    let by_name = |list: &Value| -> BTreeMap<String, Value> {
        let all = list.as_array().into_iter().flatten();
        all.map(|member| (member["name"].as_str().unwrap_or_default().to_owned(), member.clone()))
            .collect()
    };
    let (before, after) = (by_name(before), by_name(after));
    for name in after.keys().filter(|name| !before.contains_key(*name)) {
        let required = if after[name]["required"] == true {
            " and required"
        } else {
            ""
        };
        found.push(format!("{place}: {name} is new{required}"));
    }
    for (name, member) in &before {
        let Some(other) = after.get(name) else {
            found.push(format!("{place}: {name} is gone"));
            continue;
        };
        for key in ["type", "required", "nullable", "deprecated"] {
            if member[key] != other[key] {
                found.push(format!("{place}: {name}: {key} was {}, is {}", member[key], other[key]));
            }
        }
    }
}

fn texts(list: &Value) -> BTreeSet<String> {
    let all = list.as_array().into_iter().flatten();
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn codes(before: &Value, after: &Value, action: &str, found: &mut Vec<String>) {
    let (before, after) = (texts(before), texts(after));
    for code in after.difference(&before) {
        found.push(format!("{action}: code {code} is new"));
    }
    for code in before.difference(&after) {
        found.push(format!("{action}: code {code} is gone"));
    }
}

/// The codes that a service's `errorcodes.py` of the Python SDK lists.
pub fn python_codes(source: &str) -> BTreeSet<String> {
    let code = |line: &str| {
        let (_, text) = line.split_once(" = ")?;
        let text = text.trim().strip_prefix(['\'', '"'])?.strip_suffix(['\'', '"'])?;
        Some(text.to_owned())
    };
    source.lines().filter_map(code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn contract(edit: impl FnOnce(&mut Value)) -> Value {
        let mut contract = json!({
            "actions": { "OpenThing": {
                "input": [{ "name": "Size", "type": "Integer", "required": true }],
                "output": [{ "name": "Part", "type": "Part" }],
                "errors": ["FailedOperation.A"] } },
            "objects": { "Part": [{ "name": "Old", "type": "Boolean" }] } });
        edit(&mut contract);
        contract
    }

    fn told(edit: impl FnOnce(&mut Value)) -> Vec<String> {
        let new = contract(edit);
        let now = Now {
            contract: &new,
            has_codes: true,
            all_codes: None,
        };
        differences(&contract(|_| {}), &now).unwrap_or_else(|fault| vec![fault])
    }

    #[test]
    fn what_has_not_changed_is_not_told() {
        assert_eq!(told(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn what_came_went_or_became_another_is_told() {
        assert_eq!(
            told(|of| of["actions"]["ShutThing"] = json!({})),
            ["action ShutThing is new"]
        );
        assert_eq!(told(|of| of["actions"] = json!({})), ["action OpenThing is gone"]);
        assert_eq!(
            told(|of| of["actions"]["OpenThing"]["input"] =
                json!([{ "name": "Kind", "type": "String", "required": true }])),
            [
                "OpenThing, input: Kind is new and required",
                "OpenThing, input: Size is gone"
            ]
        );
        assert_eq!(
            told(|of| of["objects"]["Part"][0]["nullable"] = json!(true)),
            ["Part: Old: nullable was null, is true"]
        );
        assert_eq!(
            told(|of| of["actions"]["OpenThing"]["errors"] = json!(["FailedOperation.B"])),
            [
                "OpenThing: code FailedOperation.B is new",
                "OpenThing: code FailedOperation.A is gone"
            ]
        );
    }

    #[test]
    fn a_code_that_the_service_dropped_is_told() {
        let same = contract(|_| {});
        let all = python_codes("# a comment\n\nFAILEDOPERATION_B = 'FailedOperation.B'\n");
        assert_eq!(all, BTreeSet::from(["FailedOperation.B".to_owned()]));
        let now = Now {
            contract: &same,
            has_codes: false,
            all_codes: Some(&all),
        };
        let found = differences(&same, &now).unwrap_or_default();
        assert_eq!(found, ["code FailedOperation.A is in no list of the service any more"]);
    }
}
