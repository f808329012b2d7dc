//! The fixtures that are checked in, their schema, and how files become one.

mod access;
pub(crate) mod broken;
mod contradictions;
mod hidden;
mod logs;
mod maintenance;
mod money;
mod networks;
mod parameters;
mod policies;
mod replication;
mod served;
mod words;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crs_local::fixture::{Fixture, Summary, schema};
use serde_json::{Value, json};

use super::golden::fresh;
use super::record;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Every fixture file below `fixtures/`.
fn checked_in() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in [folder(), folder().join("errors")] {
        let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        for entry in entries {
            let path = entry.expect("a folder lists its files").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.ends_with(".json") && name != "fixture.schema.json" {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn read(path: &Path) -> Value {
    let text = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn every_fixture_that_is_checked_in_holds() {
    let files = checked_in();
    assert!(files.len() >= 9, "{files:?}");
    for path in files {
        let fixture = Fixture::load(std::slice::from_ref(&path)).unwrap_or_else(|faults| panic!("{faults:?}"));
        let summary = fixture.check().unwrap_or_else(|faults| panic!("{faults:?}"));
        assert_eq!(summary.accounts, 1, "{}", path.display());
        assert!(summary.instances >= 1, "{}", path.display());
    }
}

#[test]
fn the_built_in_fixture_has_an_instance_of_each_kind() {
    let shown = serde_json::to_value(Fixture::built_in()).expect("a fixture is JSON");
    let account = &shown["Accounts"][0];
    assert_eq!(
        (&account["AppId"], &account["Uin"]),
        (&json!(1_250_000_000), &json!("100000000001"))
    );
    let pair = &account["Credentials"][0];
    assert_eq!(
        (&pair["SecretId"], &pair["SecretKey"]),
        (&json!("AKIDlocal"), &json!("local"))
    );
    let instances = account["Instances"].as_array().expect("instances are a list");
    let first = &instances[0];
    assert_eq!(first["InstanceId"], "crs-5qlrlhux");
    assert_eq!(
        (&first["TypeId"], &first["MemSize"], &first["MemUsed"]),
        (&json!(2), &json!(1_024), &json!(300))
    );
    let types: BTreeSet<_> = instances.iter().filter_map(|of| of["TypeId"].as_u64()).collect();
    let wanted = BTreeSet::from([2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 18, 19, 20, 21, 22]);
    assert_eq!(types, wanted);
    assert!(instances.iter().any(|of| of["Region"] == "ap-shanghai-fsi"));
    assert_eq!(
        Fixture::load(&[]).and_then(|none| none.check()),
        Fixture::built_in().check()
    );
}

#[test]
fn the_schema_that_is_checked_in_is_fresh() {
    let made = serde_json::to_string_pretty(&schema()).expect("a schema is JSON") + "\n";
    fresh("fixtures/fixture.schema.json", &made);
}

/// Follows a reference, or one of several shapes that is not null.
fn resolved<'a>(schema: &'a Value, mut node: &'a Value) -> &'a Value {
    loop {
        if let Some(name) = node["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
            node = &schema["$defs"][name];
        } else if let Some(any) = node["anyOf"].as_array() {
            node = any
                .iter()
                .find(|one| one["type"] != "null")
                .expect("one shape is not null");
        } else {
            return node;
        }
    }
}

/// The places where a value has a key or a plain value that the schema does not.
fn strangers(schema: &Value, node: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    let node = resolved(schema, node);
    match value {
        Value::Object(keys) => {
            let Some(known) = node["properties"].as_object() else {
                return;
            };
            for (key, value) in keys {
                match known.get(key) {
                    Some(node) => strangers(schema, node, value, &format!("{place}.{key}"), found),
                    None => found.push(format!("{place}.{key}")),
                }
            }
            let required = node["required"].as_array().into_iter().flatten();
            let missing = required
                .filter_map(Value::as_str)
                .filter(|key| !keys.contains_key(*key));
            found.extend(missing.map(|key| format!("{place}.{key} is missing")));
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                strangers(schema, &node["items"], value, &format!("{place}[{index}]"), found);
            }
        }
        _ => {
            let among = node["enum"].as_array().is_none_or(|all| all.contains(value));
            if !among && !value.is_null() {
                found.push(format!("{place} = {value}"));
            }
        }
    }
}

#[test]
fn every_fixture_that_is_checked_in_fits_the_schema() {
    let schema = schema();
    for path in checked_in() {
        let mut found = Vec::new();
        strangers(&schema, &schema, &read(&path), "", &mut found);
        assert!(found.is_empty(), "{}: {found:?}", path.display());
    }
    let mut found = Vec::new();
    let wrong = json!({ "Acounts": [], "Accounts": [{ "Instances": [{ "TypeId": 99 }], "Flows": [{}] }] });
    strangers(&schema, &schema, &wrong, "", &mut found);
    assert!(found.contains(&".Acounts".to_owned()), "{found:?}");
    assert!(
        found.contains(&".Accounts[0].Instances[0].TypeId = 99".to_owned()),
        "{found:?}"
    );
    assert!(
        found.contains(&".Accounts[0].Flows[0].Action is missing".to_owned()),
        "{found:?}"
    );
}

#[test]
fn the_schema_describes_every_key() {
    let schema = schema();
    let shapes = schema["$defs"].as_object().expect("there are shapes");
    for (name, shape) in shapes.iter().chain([(&"Fixture".to_owned(), &schema)]) {
        for (key, node) in shape["properties"].as_object().into_iter().flatten() {
            let described = node["description"].is_string() || node["$ref"].is_string();
            assert!(described, "{name}.{key} has no description");
        }
    }
}

/// A folder of its own for one test, with these files; gone when dropped.
struct Files(PathBuf);

impl Files {
    fn new(name: &str, files: &[(&str, Value)]) -> Self {
        let texts: Vec<_> = files
            .iter()
            .map(|(file, text)| (*file, text.to_string().into_bytes()))
            .collect();
        Self::of_bytes(name, &texts)
    }

    fn of_bytes(name: &str, files: &[(&str, Vec<u8>)]) -> Self {
        let folder = std::env::temp_dir().join(format!("crs-local-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        for (file, text) in files {
            record::checked(text);
            let path = folder.join(file);
            fs::write(&path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        }
        Self(folder)
    }

    fn load(&self, names: &[&str]) -> Fixture {
        let paths: Vec<_> = names.iter().map(|name| self.0.join(name)).collect();
        Fixture::load(&paths).unwrap_or_else(|faults| panic!("{faults:?}"))
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        // What is left in the temporary folder harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn merging() -> Vec<(&'static str, Value)> {
    vec![
        (
            "10-base.json",
            json!({
            "$schema": "x",
            "Accounts": [{ "Balance": 1, "Uin": "7",
                "Credentials": [{ "SecretId": "a", "SecretKey": "old", "Token": "t" }, { "SecretId": "b", "SecretKey": "b" }],
                "Instances": [{ "InstanceId": "crs-a", "MemSize": 2_048, "MemUsed": 9 }, { "InstanceId": "crs-b" }] }],
            "Faults": [{ "Match": { "Action": "UpgradeInstance" }, "Then": { "Code": "InternalError" } }],
            "Calls": 1 }),
        ),
        (
            "20-more.json",
            json!({
            "Accounts": [{ "AppId": 5 }, { "Balance": 2,
                "Credentials": [{ "SecretId": "a", "SecretKey": "new" }],
                "Instances": [{ "InstanceId": "crs-c" }, { "InstanceId": "crs-a", "MemSize": 4_096 }] }],
            "Faults": [{ "Match": { "Action": "DescribeInstances" }, "Then": { "Code": "InternalError" } }],
            "Clock": { "Mode": "manual", "Now": "2027-01-01T00:00:00Z" } }),
        ),
        ("fixture.schema.json", json!({ "no": "fixture" })),
        ("notes.txt", json!("no fixture")),
    ]
}

#[test]
fn later_files_lie_over_earlier_ones() {
    let files = Files::new("merge", &merging());
    let merged = files.load(&["10-base.json", "20-more.json"]);
    assert_eq!(
        merged.check(),
        Ok(Summary {
            accounts: 2,
            instances: 3,
            faults: 2,
            warnings: Vec::new()
        })
    );
    let shown = serde_json::to_value(&merged).expect("a fixture is JSON");
    assert_eq!(
        shown,
        json!({
            "Accounts": [
                { "AppId": 1_250_000_000, "Uin": "7", "Balance": 2,
                  "Credentials": [{ "SecretId": "a", "SecretKey": "new" }, { "SecretId": "b", "SecretKey": "b" }],
                  "Instances": [{ "InstanceId": "crs-a", "MemSize": 4_096 }, { "InstanceId": "crs-b" }, { "InstanceId": "crs-c" }] },
                { "AppId": 5, "Credentials": [] },
            ],
            "Faults": [
                { "Match": { "Action": "UpgradeInstance" }, "Then": { "Code": "InternalError" } },
                { "Match": { "Action": "DescribeInstances" }, "Then": { "Code": "InternalError" } },
            ],
            "Clock": { "Mode": "manual", "Now": "2027-01-01T00:00:00Z" },
            "Calls": 1,
            "Version": 2,
        })
    );
    let folder = Fixture::load(std::slice::from_ref(&files.0)).expect("a folder is its files by name");
    assert_eq!(serde_json::to_value(&folder).expect("a fixture is JSON"), shown);
    let other = serde_json::to_value(files.load(&["20-more.json", "10-base.json"])).expect("JSON");
    assert_eq!(other["Accounts"][1]["Balance"], 1);
    assert_eq!(other["Accounts"][1]["Instances"][1]["MemSize"], 2_048);
}

#[test]
fn a_fault_is_named_in_the_file_that_holds_it() {
    let files = Files::new(
        "blame",
        &[
            (
                "a.json",
                json!({ "Accounts": [{ "Instances": [{ "InstanceId": "crs-a", "MemSize": 7 }, { "MemSize": 8 }] }] }),
            ),
            (
                "b.json",
                json!({ "Accounts": [{ "Instances": [{ "InstanceId": "crs-a", "MemSize": 9 }] }] }),
            ),
        ],
    );
    let faults = files
        .load(&["a.json", "b.json"])
        .check()
        .expect_err("two sizes are wrong");
    let places: Vec<_> = faults
        .iter()
        .map(|fault| {
            (
                fault.file.rsplit(['/', '\\']).next().unwrap_or_default(),
                fault.path.as_str(),
            )
        })
        .collect();
    let wanted = [
        ("b.json", "Accounts[0].Instances[0].MemSize"),
        ("a.json", "Accounts[0].Instances[1].MemSize"),
    ];
    assert_eq!(places, wanted);
}

#[test]
fn every_file_that_cannot_be_read_is_named() {
    let files = Files::new(
        "unread",
        &[
            ("a.json", json!({ "x": 1 })),
            ("b.json", json!([1])),
            ("c.json", json!({})),
        ],
    );
    fs::create_dir_all(files.0.join("empty")).expect("a folder can be made");
    let paths = ["a.json", "b.json", "c.json", "gone.json", "empty"].map(|name| files.0.join(name));
    let faults = Fixture::load(&paths).expect_err("four of five cannot be read");
    let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 4, "{told:#?}");
    for (told, (file, reason)) in told.iter().zip([
        ("a.json: x: ", "there is no such key"),
        ("b.json: ", "does not fit"),
        ("gone.json: ", "cannot be read"),
        ("empty: ", "give one with *.json files"),
    ]) {
        assert!(told.contains(file) && told.contains(reason), "{told}");
    }
}

#[test]
fn no_text_makes_the_reader_panic() {
    let text = fs::read(folder().join("default.json")).expect("the default is there");
    for end in (0..text.len()).step_by(97) {
        assert!(Fixture::parse("f.json", &text[..end]).is_err());
        let mut broken = text.clone();
        broken[end] = 0xff;
        let _ = Fixture::parse("f.json", &broken).map(|fixture| fixture.check().is_ok());
    }
    let deep = "[".repeat(100_000);
    assert!(Fixture::parse("f.json", deep.as_bytes()).is_err());
}
