//! The list of control calls, and what is none.

use super::control::refused;
use super::harness::App;

#[tokio::test]
async fn what_is_no_control_call_is_refused() {
    let app = App::start();
    for path in ["/_crs/nothing", "/_crs/state/more", "/_crs//state"] {
        let names = [path, "no control call", "GET /_crs/state", "PUT /_crs/clock"];
        refused(&app, ("GET", path, ""), 404, &names).await;
    }
    for (method, path) in [
        ("POST", "/_crs/health"),
        ("GET", "/_crs/reset"),
        ("DELETE", "/_crs/state"),
        ("POST", "/_crs/instances/crs-5qlrlhux"),
        ("POST", "/_crs/clock"),
        ("PUT", "/_crs/clock/advance"),
        ("POST", "/_crs/flows"),
        ("GET", "/_crs/flows/drain"),
        ("GET", "/_crs/flows/1/step"),
        ("PUT", "/_crs/faults"),
        ("GET", "/_crs/faults/1"),
        ("POST", "/_crs/actions"),
        ("POST", "/metrics"),
    ] {
        refused(&app, (method, path, ""), 405, &[path, method, "it takes"]).await;
    }
    let names = ["it takes GET, POST, DELETE"];
    refused(&app, ("PUT", "/_crs/faults", ""), 405, &names).await;
    refused(&app, ("PUT", "/_crs/faults/1", ""), 405, &["it takes DELETE"]).await;
    refused(&app, ("POST", "/_crs/", ""), 405, &["it takes GET"]).await;
    for path in ["/_crs/instances/%ff", "/_crs/flows/%ff/step", "/_crs/faults/%ff"] {
        let method = match path {
            "/_crs/instances/%ff" => "PATCH",
            "/_crs/flows/%ff/step" => "POST",
            _ => "DELETE",
        };
        refused(&app, (method, path, "{}"), 400, &["UTF-8"]).await;
    }
}

#[tokio::test]
async fn the_calls_are_listed_and_the_readme_has_them_all() {
    const README: &str = include_str!("../../README.md");
    let app = App::start();
    let listed = app.controlled("GET", "/_crs", "").await;
    assert_eq!(app.controlled("GET", "/_crs/", "").await, listed);
    let calls = listed["Calls"].as_array().expect("a list");
    assert!(calls.len() >= 20, "{listed}");
    let table = README.split("## The control API").nth(1).expect("its section");
    let rows: Vec<_> = table.lines().filter(|line| line.starts_with("| `")).collect();
    for call in calls {
        let text = |name: &str| call[name].as_str().expect("text");
        let (method, path) = (text("Method"), text("Path"));
        assert!(!text("Does").is_empty(), "{call}");
        let has = |row: &&str| {
            let first = row.split('|').nth(1).unwrap_or_default();
            let ends = |end: char| first.contains(&format!("{path}{end}"));
            first.contains(method) && (ends('`') || ends(','))
        };
        assert!(rows.iter().any(has), "{method} {path} is not in the README's table");
        let (status, answer) = app.control("BREW", path, "").await;
        assert_eq!(status, 405, "{path} is no path: {answer}");
    }
}
