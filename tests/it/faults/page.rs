//! docs/faults.md: its rules are taken and are kept as they stand there, its commands do what they say, and its tables
//! name the keys that there are.

use serde_json::{Value, json};

use super::rules;
use crate::harness::App;

const PAGE: &str = include_str!("../../../docs/faults.md");

/// The blocks of a language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    let after = PAGE.split(fence.as_str()).skip(1);
    after
        .filter_map(|rest| rest.split_once("\n```"))
        .map(|(block, _)| block)
        .collect()
}

#[tokio::test]
async fn its_rules_are_taken_without_a_warning() {
    let app = App::start();
    let recipes = blocks("json");
    assert!(recipes.len() > 5, "only {} rules were found", recipes.len());
    for text in recipes {
        let added = app.controlled("POST", "/_crs/faults", text).await;
        assert_eq!(added["Warnings"], json!([]), "{text}");
        let mut rule: Value = serde_json::from_str(text).expect("JSON");
        (rule["Id"], rule["Fired"]) = (added["Id"].clone(), json!(0));
        let mut shown = rules(&app).await.pop().expect("a rule");
        for end in ["From", "Until"] {
            // The page leaves out the fraction of a second.
            if let Some(at) = shown["Match"][end].as_str().map(|at| at.replace(".000Z", "Z")) {
                shown["Match"][end] = json!(at);
            }
        }
        assert_eq!(shown, rule);
        let state = app.controlled("GET", "/_crs/state", "").await;
        app.controlled("PUT", "/_crs/state", &state.to_string()).await;
    }
}

#[tokio::test]
async fn its_commands_do_what_it_says() {
    let app = App::start();
    let mut answers = Vec::new();
    for command in blocks("sh") {
        let mut words = command.split_whitespace();
        assert_eq!((words.next(), words.next()), (Some("curl"), Some("-X")), "{command}");
        let method = words.next().expect("a method");
        let path = words.next().and_then(|url| url.strip_prefix("http://127.0.0.1:8239"));
        let body = command.split_once("-d '").and_then(|(_, rest)| rest.strip_suffix('\''));
        let path = path.unwrap_or_else(|| panic!("{command}"));
        answers.push(app.controlled(method, path, body.unwrap_or_default()).await);
    }
    assert_eq!(answers, [json!({ "Id": 1, "Warnings": [] })]);
    assert!(PAGE.contains("`{\"Id\":1,\"Warnings\":[]}`"));
}

#[test]
fn its_tables_name_every_key() {
    let schema: Value = serde_json::from_str(include_str!("../../../fixtures/fixture.schema.json")).expect("JSON");
    let rows: Vec<&str> = PAGE.lines().filter(|line| line.starts_with("| `")).collect();
    for record in ["Match", "Then", "Sequence"] {
        let keys = schema["$defs"][record]["properties"].as_object().expect("an object");
        for key in keys.keys().filter(|key| *key != "Seed") {
            let names = |row: &&&str| row.contains(&format!("`{key}`")) || row.contains(&format!("`Match.{key}`"));
            assert!(rows.iter().any(|row| names(&row)), "{record}.{key} is in no table");
        }
    }
}
