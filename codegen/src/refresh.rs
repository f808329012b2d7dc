//! Rebuilds a contract file from what its publisher ships: the members from the `tccli` package's `api.json`, the
//! error codes from the comments of the official Go SDK's `client.go`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::model::{array, object, text};

/// The text of a contract file. `published` is an `api.json`, `client` a `client.go`, and `tccli` the version of the
/// package that the first came from.
///
/// # Errors
/// A sentence that names what is not of the expected form.
pub fn contract(published: &Value, client: &str, tccli: &str) -> Result<String, String> {
    let codes = codes(client)?;
    let mut out = format!(
        "{{\n \"service\": {},\n \"version\": {},\n \"source\": {{\"tccli\": {}, \
         \"tencentcloud-sdk-go redis client.go\": \"per-action error codes\"}},\n \"actions\": {{\n",
        json!(text(&published["metadata"], "serviceShortName")?),
        json!(text(&published["metadata"], "apiVersion")?),
        json!(tccli)
    );
    let objects = object(&published["objects"], "objects")?;
    let actions = object(&published["actions"], "actions")?;
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
        if action["name"]
            .as_str()
            .is_some_and(|title| title.contains("已废弃"))
        {
            row.push_str(",\n   \"deprecated\": true");
        }
        row.push_str("\n  }");
        rows.push(row);
        wires.extend([input, output]);
    }
    out.push_str(&rows.join(",\n"));
    out.push_str("\n },\n \"objects\": {\n");
    let mut rows = Vec::new();
    for name in objects.keys().filter(|name| !wires.contains(name)) {
        rows.push(format!("  {}: {}", json!(name), list(objects, name, "  ")?));
    }
    out.push_str(&rows.join(",\n"));
    out.push_str("\n }\n}\n");
    Ok(out)
}

/// The members of one published object, one a line.
fn list(
    objects: &serde_json::Map<String, Value>,
    name: &str,
    indent: &str,
) -> Result<String, String> {
    let shape = objects
        .get(name)
        .ok_or_else(|| format!("no object is named {name}"))?;
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
        "string" => "String",
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
        assert_eq!(
            codes["OpenThing"],
            ["FailedOperation.A", "FailedOperation.B"]
        );
        assert_eq!(
            codes.len(),
            1,
            "neither the variant with a context nor an action without a list: {codes:?}"
        );
        assert!(super::codes("package redis\n").is_err());
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
        let made: Value = serde_json::from_str(&contract(&published, CLIENT, "3.1")?)
            .map_err(|e| e.to_string())?;
        let action = &made["actions"]["OpenThing"];
        assert_eq!(
            action["input"],
            json!([{"name": "Size", "type": "UInteger", "required": true}])
        );
        assert_eq!(
            action["output"],
            json!([{"name": "Parts", "type": "[Part]", "nullable": true}])
        );
        assert_eq!(
            action["errors"],
            json!(["FailedOperation.A", "FailedOperation.B"])
        );
        assert_eq!(
            made["objects"],
            json!({"Part": [{"name": "Old", "type": "Boolean", "deprecated": true}]})
        );
        Ok(())
    }
}
