//! Raw requests and what they are answered, from the files of `tests/data/requests`; README.md there says how they are
//! written. Every row is sent twice, in process and over a socket, and the two answers must be the same bytes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crs_local::Config;
use crs_local::config::Auth;

use super::harness::{Answer, App, NOW_MS, Raw};
use super::row::{Row, rows};

/// How many rows there are at least; the number only grows.
const ROWS_MIN: usize = 440;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_row_is_answered_as_it_says() {
    let rows = all_rows();
    assert!(rows.len() >= ROWS_MIN, "{} rows; there were {ROWS_MIN}", rows.len());
    let mut apps = BTreeMap::new();
    let mut failures = Vec::new();
    for row in &rows {
        let app = apps.entry(row.server()).or_insert_with(|| App::with(config(row)));
        if let Err(failure) = check(app, row).await {
            failures.push(failure);
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} rows failed\n\n{}",
        failures.len(),
        rows.len(),
        failures.join("\n\n")
    );
}

#[test]
fn rows_have_names_of_their_own() {
    let mut seen = BTreeMap::new();
    for row in all_rows() {
        let place = format!("{}:{}", row.file, row.line);
        if let Some(other) = seen.insert(row.name.clone(), place.clone()) {
            panic!("`{}` stands at {other} and at {place}", row.name);
        }
    }
}

pub(crate) fn all_rows() -> Vec<Row> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/requests");
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("the folder of the tables")
        .map(|entry| entry.expect("a file of the tables").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).expect("a file of text");
        let name = path.file_name().expect("a file's name").to_string_lossy().into_owned();
        rows(&name, &text)
    };
    files.iter().flat_map(read).collect()
}

/// The settings that a row's directives ask for.
fn config(row: &Row) -> Config {
    let mut config = Config::default();
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("{}: `{text}`", row.place()));
    for (directive, value) in row.settings() {
        match directive {
            "auth" => {
                config.auth = match value {
                    "strict" => Auth::Strict,
                    "lenient" => Auth::Lenient,
                    other => panic!("{}: @auth {other}", row.place()),
                };
            }
            "rate-limit" => {
                config.rate_limit = value.parse().unwrap_or_else(|error| panic!("{error}"));
            }
            "account-limit" => config.account_limit = Some(number(value)),
            other => panic!("{}: there is no directive @{other}", row.place()),
        }
    }
    config
}

/// Sends the row both ways. `Err` holds all that a reader needs to see what went wrong.
async fn check(app: &App, row: &Row) -> Result<(), String> {
    let now_ms = row.now_ms().unwrap_or(NOW_MS);
    let raw = row.request(now_ms);
    let in_process = answer(app, row, &raw, now_ms, Way::InProcess).await;
    let over_socket = answer(app, row, &raw, now_ms, Way::OverSocket).await;
    for (way, answer) in [("in process", &in_process), ("over a socket", &over_socket)] {
        let wrong = row.wrong(answer, now_ms);
        if !wrong.is_empty() {
            return Err(report(row, &raw, way, answer, &wrong));
        }
    }
    if in_process.body != over_socket.body {
        let wrong = vec![format!("in process the body is\n{in_process}")];
        return Err(report(row, &raw, "over a socket", &over_socket, &wrong));
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    InProcess,
    OverSocket,
}

/// The last answer to a row, from the seed state.
async fn answer(app: &App, row: &Row, raw: &Raw, now_ms: i64, way: Way) -> Answer {
    app.set_now(now_ms);
    app.reset();
    for (method, path, body) in row.controls() {
        app.controlled(method, path, body).await;
    }
    let send = async || match way {
        Way::InProcess => app.call(raw).await,
        Way::OverSocket => app.send(raw).await,
    };
    for _ in 1..row.repeat() {
        send().await;
    }
    send().await
}

fn report(row: &Row, raw: &Raw, way: &str, answer: &Answer, wrong: &[String]) -> String {
    let mut text = format!("==== {} ({}), {way}\n", row.name, row.place());
    for line in wrong {
        let _ = writeln!(text, "  WRONG {line}");
    }
    let _ = write!(
        text,
        "-- sent\n{raw}\n-- answered\n{answer}\n-- expected\n{}",
        row.expected.join("\n")
    );
    text
}
