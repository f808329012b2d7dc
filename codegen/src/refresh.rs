//! Rebuilds a contract file from what its publisher ships: the members from the `tccli` package's `api.json`, the error
//! codes from the comments of the official Go SDK's `client.go`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::model::{array, object, strings, text};

/// What a contract file is made from.
pub struct Published<'a> {
    /// The service's `api.json`.
    pub api: &'a Value,
    /// The version of the `tccli` package that it came from.
    pub tccli: &'a str,
    /// The service's `client.go`. Without one no codes are known.
    pub client: Option<&'a str>,
    /// Which `client.go` it is, where that is to be told.
    pub sdk_go: Option<&'a str>,
    /// The actions to keep; `None`: all of them.
    pub only: Option<Vec<String>>,
}

/// The actions of a service that `facts.json` keeps; `None`: all of them.
///
/// # Errors
/// The list is not one of names.
pub fn only(facts: &Value, service: &str, version: &str) -> Result<Option<Vec<String>>, String> {
    match &facts[format!("{service}/{version}")]["only"] {
        Value::Null => Ok(None),
        only => strings(&only["actions"], "facts.json: only").map(Some),
    }
}

/// The text of a contract file.
///
/// # Errors
/// A sentence that names what is not of the expected form.
pub fn contract(published: &Published) -> Result<String, String> {
    let codes = published.client.map(codes).transpose()?.unwrap_or_default();
    let api = published.api;
    let mut out = head(published)?;
    let objects = object(&api["objects"], "objects")?;
    let actions = kept(object(&api["actions"], "actions")?, published.only.as_deref())?;
    let mut wires = Vec::new();
    let mut rows = Vec::new();
    for (name, action) in actions {
        let (input, output) = (text(action, "input")?, text(action, "output")?);
        let errors: Vec<String> = codes
            .get(name)
            .into_iter()
            .flatten()
            .map(|code| json!(code).to_string())
            .collect();
        let mut row = format!("  {}: {{\n", json!(name));
        let _ = writeln!(row, "   \"input\": {},", list(objects, &input, "   ")?);
        let _ = writeln!(row, "   \"output\": {},", list(objects, &output, "   ")?);
        let _ = write!(row, "   \"errors\": [{}]", errors.join(", "));
        // The only mark of it: the title ends in the word for abandoned; every status is "online".
        if action["name"].as_str().is_some_and(|title| title.contains("已废弃")) {
            row.push_str(",\n   \"deprecated\": true");
        }
        row.push_str("\n  }");
        rows.push(row);
        wires.extend([input, output]);
    }
    out.push_str(&rows.join(",\n"));
    out.push_str("\n },\n \"objects\": {\n");
    let mut rows = Vec::new();
    let reached = match published.only {
        Some(_) => reached(objects, &wires)?,
        None => objects.keys().map(String::as_str).collect(),
    };
    let shared = objects.keys().filter(|name| reached.contains(name.as_str()));
    for name in shared.filter(|name| !wires.contains(name)) {
        rows.push(format!("  {}: {}", json!(name), list(objects, name, "  ")?));
    }
    let end = if rows.is_empty() { "" } else { "\n" };
    out.push_str(&rows.join(",\n"));
    out.push_str(end);
    out.push_str(" }\n}\n");
    Ok(out)
}

/// Service, version and source, up to the first action.
fn head(published: &Published) -> Result<String, String> {
    let metadata = &published.api["metadata"];
    let service = text(metadata, "serviceShortName")?;
    let mut out = format!(
        "{{\n \"service\": {},\n \"version\": {},\n \"source\": {{\"tccli\": {}",
        json!(service),
        json!(text(metadata, "apiVersion")?),
        json!(published.tccli)
    );
    if published.client.is_some() {
        let which = published.sdk_go.map_or(String::new(), |sdk| format!(", {sdk}"));
        let _ = write!(
            out,
            ", {}: {}",
            json!(format!("tencentcloud-sdk-go {service} client.go")),
            json!(format!("per-action error codes{which}"))
        );
    }
    out.push_str("},\n \"actions\": {\n");
    Ok(out)
}

/// The actions that are kept, in the published order.
fn kept<'a>(actions: &'a Map<String, Value>, only: Option<&[String]>) -> Result<Vec<(&'a String, &'a Value)>, String> {
    let Some(only) = only else {
        return Ok(actions.iter().collect());
    };
    if let Some(name) = only.iter().find(|name| !actions.contains_key(*name)) {
        return Err(format!("facts.json: only: no action is named {name}"));
    }
    Ok(actions.iter().filter(|(name, _)| only.contains(name)).collect())
}

/// The objects that these lead to, themselves included.
fn reached<'a>(objects: &'a Map<String, Value>, roots: &'a [String]) -> Result<BTreeSet<&'a str>, String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = roots.iter().map(String::as_str).collect();
    while let Some(name) = open.pop() {
        let Some(shape) = objects.get(name) else {
            continue; // a leaf: `string`, `int64` …
        };
        if found.insert(name) {
            let members = array(&shape["members"], name)?.iter();
            open.extend(members.filter_map(|member| member["member"].as_str()));
        }
    }
    Ok(found)
}

/// The members of one published object, one a line.
fn list(objects: &Map<String, Value>, name: &str, indent: &str) -> Result<String, String> {
    let shape = objects.get(name).ok_or_else(|| format!("no object is named {name}"))?;
    let mut rows = Vec::new();
    for member in array(&shape["members"], name)? {
        let member_name = text(member, "name")?;
        if member_name == "RequestId" && name.ends_with("Response") {
            continue;
        }
        let mut row = format!(
            "{indent} {{\"name\": {}, \"type\": {}",
            json!(member_name),
            json!(ty(member)?)
        );
        for (flag, key) in [
            ("required", "required"),
            ("value_allowed_null", "nullable"),
            ("disabled", "deprecated"),
        ] {
            if member[flag] == true {
                let _ = write!(row, ", \"{key}\": true");
            }
        }
        rows.push(row + "}");
    }
    if rows.is_empty() {
        return Ok("[]".into());
    }
    Ok(format!("[\n{}\n{indent}]", rows.join(",\n")))
}

fn ty(member: &Value) -> Result<String, String> {
    let item = text(member, "member")?;
    let item = match item.as_str() {
        // A moment stands in a text.
        "string" | "datetime" | "datetime_iso" => "String",
        "int64" => "Integer",
        "uint64" => "UInteger",
        "bool" => "Boolean",
        "float" => "Float",
        "" => return Err(format!("{}: no type", member["name"])),
        name => name,
    };
    Ok(if member["type"] == "list" {
        format!("[{item}]")
    } else {
        item.to_owned()
    })
}

/// The codes that the comment above each action's first function lists, in the order of their texts.
///
/// # Errors
/// No list at all: the file is not a `client.go`, or its form has changed.
pub fn codes(client: &str) -> Result<BTreeMap<String, Vec<String>>, String> {
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut listed: Vec<String> = Vec::new();
    for line in client.lines() {
        if let Some(comment) = line.strip_prefix("//") {
            // //  FAILEDOPERATION_PAYFAILED = "FailedOperation.PayFailed"
            if let Some((_, code)) = comment.split_once(" = ") {
                listed.extend(
                    code.trim()
                        .strip_prefix('"')
                        .and_then(|c| c.strip_suffix('"'))
                        .map(str::to_owned),
                );
            }
            continue;
        }
        if let Some(rest) = line.strip_prefix("func (c *Client) ") {
            let action = rest.split('(').next().unwrap_or_default();
            // The same list stands again above the variant with a context.
            if !action.ends_with("WithContext") && !listed.is_empty() {
                listed.sort();
                listed.dedup();
                out.insert(action.to_owned(), std::mem::take(&mut listed));
            }
        }
        listed.clear();
    }
    if out.is_empty() {
        return Err("client.go: no list of error codes found in its comments".into());
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT: &str = "\
// OpenThing\n// Opens it.\n//\n// error code that may be returned:\n\
//  FAILEDOPERATION_B = \"FailedOperation.B\"\n//  FAILEDOPERATION_A = \"FailedOperation.A\"\n\
func (c *Client) OpenThing(request *OpenThingRequest) (response *OpenThingResponse, err error) {\n}\n\n\
// OpenThing\n//  FAILEDOPERATION_C = \"FailedOperation.C\"\n\
func (c *Client) OpenThingWithContext(ctx context.Context) {\n}\n\n\
func (c *Client) Bare(request *BareRequest) {\n}\n";

    #[test]
    fn codes_are_read_from_the_comment_above_a_function() -> Result<(), String> {
        let codes = codes(CLIENT)?;
        assert_eq!(codes["OpenThing"], ["FailedOperation.A", "FailedOperation.B"]);
        assert_eq!(
            codes.len(),
            1,
            "neither the variant with a context nor an action without a list: {codes:?}"
        );
        assert!(super::codes("package redis\n").is_err());
        Ok(())
    }

    fn made(api: &Value, client: Option<&str>, only: Option<&[&str]>) -> Result<Value, String> {
        let text = contract(&Published {
            api,
            tccli: "3.1",
            client,
            sdk_go: client.map(|_| "v1"),
            only: only.map(|only| only.iter().map(ToString::to_string).collect()),
        })?;
        serde_json::from_str(&text).map_err(|e| e.to_string())
    }

    #[test]
    fn only_the_named_actions_and_what_they_lead_to_are_kept() -> Result<(), String> {
        let member = |ty: &str| json!({"members": [{"name": "M", "type": "object", "member": ty}]});
        let published = json!({
            "metadata": {"serviceShortName": "tag", "apiVersion": "2018-08-13"},
            "actions": {"OpenThing": {"input": "In", "output": "Out", "name": ""},
                "ShutThing": {"input": "Shut", "output": "Out", "name": ""}},
            "objects": {"In": member("Near"), "Out": {"members": []}, "Shut": member("Other"),
                "Near": member("Far"), "Far": member("string"), "Other": member("string")}});
        let all = made(&published, None, None)?;
        assert_eq!(all["actions"].as_object().map(Map::len), Some(2));
        assert_eq!(all["source"], json!({"tccli": "3.1"}), "no client.go was given");
        assert_eq!(all["actions"]["OpenThing"]["errors"], json!([]));
        let some = made(&published, Some(CLIENT), Some(&["OpenThing"]))?;
        let names = |value: &Value| value.as_object().map(|of| of.keys().cloned().collect::<Vec<_>>());
        assert_eq!(names(&some["actions"]), names(&json!({"OpenThing": 1})));
        assert_eq!(names(&some["objects"]), names(&json!({"Near": 1, "Far": 1})));
        assert_eq!(
            some["source"]["tencentcloud-sdk-go tag client.go"],
            "per-action error codes, v1"
        );
        let fault = made(&published, None, Some(&["Ghost"])).err().unwrap_or_default();
        assert!(fault.contains("no action is named Ghost"), "{fault}");
        let facts = json!({"tag/2018-08-13": {"only": {"actions": ["OpenThing"]}}});
        assert_eq!(only(&facts, "tag", "2018-08-13")?, Some(vec!["OpenThing".to_owned()]));
        assert_eq!(only(&facts, "redis", "2018-04-12")?, None);
        Ok(())
    }

    #[test]
    fn a_contract_file_names_members_types_and_flags() -> Result<(), String> {
        let published = json!({
            "metadata": {"serviceShortName": "redis", "apiVersion": "2018-04-12"},
            "actions": {"OpenThing": {"input": "OpenThingRequest", "output": "OpenThingResponse", "name": "打开（已废弃）"}},
            "objects": {
                "OpenThingRequest": {"members": [{"name": "Size", "type": "int", "member": "uint64", "required": true}]},
                "OpenThingResponse": {"members": [
                    {"name": "Parts", "type": "list", "member": "Part", "value_allowed_null": true},
                    {"name": "RequestId", "type": "string", "member": "string"}]},
                "Part": {"members": [{"name": "Old", "type": "bool", "member": "bool", "disabled": true}]}}});
        let made = made(&published, Some(CLIENT), None)?;
        let action = &made["actions"]["OpenThing"];
        assert_eq!(
            action["input"],
            json!([{"name": "Size", "type": "UInteger", "required": true}])
        );
        assert_eq!(
            action["output"],
            json!([{"name": "Parts", "type": "[Part]", "nullable": true}])
        );
        assert_eq!(action["errors"], json!(["FailedOperation.A", "FailedOperation.B"]));
        assert_eq!(
            made["objects"],
            json!({"Part": [{"name": "Old", "type": "Boolean", "deprecated": true}]})
        );
        Ok(())
    }
}
