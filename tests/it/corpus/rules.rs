//! The rules of `tests/data/corpus`, read and multiplied out. README.md there is the reference of the format.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crs_local::contract::Action;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::draft::fill;
use super::{Case, Input, Wants, Way, action};

/// Where requests go that name no region.
const REGION: &str = "ap-guangzhou";

/// An accepted request, on which rules build.
#[derive(Clone)]
pub(super) struct Base {
    pub(super) action: &'static Action,
    pub(super) region: String,
    pub(super) input: Input,
    /// Calls that are made before, each of which must be accepted.
    pub(super) before: Vec<(&'static Action, Input)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct BaseRow {
    action: String,
    region: Option<String>,
    input: Input,
    #[serde(default)]
    before: Vec<CallRow>,
}

/// A call that is made before another, in its region.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct CallRow {
    action: String,
    input: Input,
}

fn calls(rows: &[CallRow]) -> Vec<(&'static Action, Input)> {
    let call = |row: &CallRow| (action(&row.action), row.input.clone());
    rows.iter().map(call).collect()
}

/// One file: a chapter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Chapter {
    topic: String,
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Rule {
    /// `2.7`: the seventh rule of the second chapter.
    rule: String,
    says: String,
    source: String,
    /// Names of bases.
    base: Vec<String>,
    #[serde(default)]
    before: Vec<CallRow>,
    #[serde(default)]
    wrong: Vec<Row>,
    #[serde(default)]
    right: Vec<Row>,
}

/// Requests: one for each choice of a value for each member.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Row {
    with: Map<String, Value>,
    code: Option<Code>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Code {
    Same(String),
    /// By action.
    Own(BTreeMap<String, String>),
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/corpus")
}

fn read<T: for<'a> Deserialize<'a>>(name: &str) -> T {
    let text = fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The accepted requests, by name.
pub(super) fn bases() -> BTreeMap<String, Base> {
    let rows: BTreeMap<String, BaseRow> = read("bases.json");
    let base = |row: BaseRow| Base {
        action: action(&row.action),
        region: row.region.unwrap_or_else(|| REGION.into()),
        input: row.input,
        before: calls(&row.before),
    };
    rows.into_iter().map(|(name, row)| (name, base(row))).collect()
}

/// The chapters, with the names of their files.
fn chapters() -> Vec<(String, Chapter)> {
    let files = fs::read_dir(folder()).expect("the folder of the corpus");
    let name = |entry: std::io::Result<fs::DirEntry>| {
        entry
            .expect("a file of the corpus")
            .file_name()
            .to_string_lossy()
            .into_owned()
    };
    let mut names: Vec<String> = files.map(name).collect();
    names.retain(|name| name.starts_with(|first: char| first.is_ascii_digit()));
    names.sort();
    names.into_iter().map(|name| (name.clone(), read(&name))).collect()
}

/// All requests that the rules make, the wrong and the right ones, and the bases.
pub(super) fn cases() -> Vec<Case> {
    let bases = bases();
    let mut cases = Vec::new();
    for (name, base) in &bases {
        let row = Row {
            with: Map::new(),
            code: None,
        };
        cases.extend(requests(&row, base, &[], &format!("the base {name}"), true));
    }
    for (file, chapter) in chapters() {
        for rule in &chapter.rules {
            let from = format!("{file}, rule {} ({})", rule.rule, rule.says);
            cases.extend(of_rule(rule, &bases, &from));
        }
    }
    cases
}

fn of_rule(rule: &Rule, bases: &BTreeMap<String, Base>, from: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for name in &rule.base {
        let base = bases
            .get(name)
            .unwrap_or_else(|| panic!("{from}: bases.json has no {name}"));
        for (rows, right) in [(&rule.wrong, false), (&rule.right, true)] {
            for row in rows {
                cases.extend(requests(row, base, &rule.before, from, right));
            }
        }
    }
    cases
}

/// The requests of a row: each value of each member with each of the others.
fn requests(row: &Row, base: &Base, before: &[CallRow], from: &str, right: bool) -> Vec<Case> {
    let mut made = vec![(base.region.clone(), base.input.clone(), String::new())];
    for (member, values) in &row.with {
        let values = values
            .as_array()
            .unwrap_or_else(|| panic!("{from}: {member} has no list of values"));
        assert!(!values.is_empty(), "{from}: {member} has no value");
        let one = |(region, input, told): &(String, Input, String), value: &Value| {
            let (mut region, mut input) = (region.clone(), input.clone());
            let value = filled(value);
            let told = format!("{told} {member}={value}");
            match (member.as_str(), value) {
                ("@Region", Value::String(name)) => region = name,
                (_, Value::Null) => drop(input.remove(member)),
                (_, value) => drop(input.insert(member.clone(), value)),
            }
            (region, input, told)
        };
        made = made
            .iter()
            .flat_map(|so_far| values.iter().map(move |value| one(so_far, value)))
            .collect();
    }
    let wants = wants(row, base.action, from, right);
    let case = |(region, input, told): (String, Input, String)| Case {
        action: base.action,
        region,
        way: Way::Json(input),
        wants: wants.clone(),
        before: [base.before.clone(), calls(before)].concat(),
        from: format!("{from}: {}{told}", base.action.name),
    };
    made.into_iter().map(case).collect()
}

fn wants(row: &Row, action: &Action, from: &str, right: bool) -> Wants {
    let code = match &row.code {
        _ if right => {
            assert!(row.code.is_none(), "{from}: what is right has no code");
            return Wants::Accepted;
        }
        Some(Code::Same(code)) => code,
        Some(Code::Own(codes)) => codes
            .get(action.name)
            .unwrap_or_else(|| panic!("{from}: no code for {}", action.name)),
        None => panic!("{from}: what is wrong needs a code, or `documented`"),
    };
    match code.as_str() {
        "documented" => Wants::Documented,
        code => Wants::Code(code.to_owned()),
    }
}

/// A value whose texts have their `{REPEAT text count}` filled.
fn filled(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(fill(text, 0, "the corpus")),
        Value::Array(items) => items.iter().map(filled).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), filled(value)))
            .collect(),
        other => other.clone(),
    }
}

#[test]
fn rules_are_numbered_within_their_chapters_and_say_where_they_come_from() {
    for (file, chapter) in chapters() {
        let number = file.split('-').next().expect("a number before the name");
        assert!(chapter.topic.len() > 10, "{file}: what is it about?");
        for (at, rule) in chapter.rules.iter().enumerate() {
            assert_eq!(rule.rule, format!("{number}.{}", at + 1), "{file}");
            assert!(rule.says.ends_with('.'), "{file}, {}: what does it say?", rule.rule);
            assert!(!rule.source.is_empty(), "{file}, {}: where is it from?", rule.rule);
            assert!(!rule.wrong.is_empty(), "{file}, {}: nothing is wrong by it", rule.rule);
        }
    }
}

#[test]
fn the_readme_names_every_chapter() {
    let readme = fs::read_to_string(folder().join("README.md")).expect("the README of the corpus");
    let named: BTreeSet<String> = chapters().into_iter().map(|(file, _)| file).collect();
    for file in &named {
        assert!(readme.contains(&format!("`{file}`")), "README.md does not name {file}");
    }
    assert!(!named.is_empty());
}
