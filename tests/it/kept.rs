//! What `--state` keeps: what survives, what is refused, and what a folder that is not right says.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crs_local::{Config, Emulator, Fixture, config};
use serde_json::{Value, json};

use super::gateway::request;
use super::harness::{App, FIXTURE, NOW_MS};

mod ended;
mod folder;
mod forms;
mod full;
mod killed;
mod server;

/// A place for files, taken away at the end.
pub(crate) struct Home(PathBuf);

impl Home {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("crs-local-kept-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    /// The folder of a state, which is not there at first.
    pub(crate) fn state(&self) -> PathBuf {
        self.0.join("state")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn kept(home: &Home) -> Config {
    Config {
        state: Some(home.state()),
        ..Config::default()
    }
}

fn start(home: &Home) -> App {
    App::with(kept(home))
}

/// What an emulator that cannot start says.
fn refused(home: &Home) -> String {
    let fixture = Fixture::parse("seed.json", FIXTURE.as_bytes()).expect("a fixture");
    match Emulator::new(kept(home), fixture) {
        Ok(_) => panic!("it started"),
        Err(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

/// All that is in a folder, file by file.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let read = |path: PathBuf| (path.clone(), fs::read(path).expect("a file"));
    paths.into_iter().map(read).collect()
}

async fn call(app: &App, action: &str, input: &Value) -> Value {
    let text = format!("POST / HTTP/1.1\n{{USUAL}}\nX-TC-Action: {action}\n\n{input}");
    app.call(&request(&text)).await.json()["Response"].clone()
}

async fn state(app: &App) -> Value {
    app.controlled("GET", "/_crs/state", "").await
}

fn id_of(state: &Value) -> String {
    let id = &state["Accounts"][0]["Instances"][0]["InstanceId"];
    id.as_str().expect("an instance").to_owned()
}

#[tokio::test]
async fn all_that_is_called_survives_a_server_that_ends_without_notice() {
    let home = Home::new();
    let app = start(&home);
    let id = id_of(&state(&app).await);
    let manual = json!({ "Mode": "manual", "Now": "2027-01-01T00:00:00Z" });
    app.controlled("PUT", "/_crs/clock", &manual.to_string()).await;
    let instance = format!("/_crs/instances/{id}");
    app.controlled("PATCH", &instance, r#"{ "InstanceName": "patched" }"#)
        .await;
    let rule = json!({ "Match": { "Action": "DescribeTaskList" }, "Then": { "Code": "InternalError" }, "Times": 3 });
    app.controlled("POST", "/_crs/faults", &rule.to_string()).await;
    let struck = call(&app, "DescribeTaskList", &json!({})).await;
    assert_eq!(struck["Error"]["Code"], "InternalError", "{struck}");
    let ordered = call(&app, "UpgradeInstance", &json!({ "InstanceId": id, "MemSize": 8_192 })).await;
    assert!(ordered["DealId"].is_string(), "{ordered}");
    app.controlled("GET", &instance, "").await;
    app.controlled("POST", "/_crs/clock/advance", r#"{ "Seconds": 90.5 }"#)
        .await;
    let before = state(&app).await;
    assert_eq!(before["Faults"][0]["Id"], 1);
    drop(app);
    let after = state(&start(&home)).await;
    assert_eq!(after, before);
    assert_eq!(after["Clock"]["Now"], "2027-01-01T00:01:30.500Z");
}

#[tokio::test]
async fn a_real_clock_goes_on_with_real_time() {
    let home = Home::new();
    let app = start(&home);
    app.controlled("POST", "/_crs/clock/advance", r#"{ "Seconds": 3600 }"#)
        .await;
    drop(app);
    let app = start(&home);
    app.set_now(NOW_MS + 60_000);
    let clock = app.controlled("GET", "/_crs/clock", "").await;
    assert_eq!(clock, json!({ "Mode": "real", "Now": "2026-11-24T09:01:00.000Z" }));
}

#[tokio::test]
async fn what_replaces_the_state_survives_and_the_seed_is_remembered() {
    let home = Home::new();
    let app = start(&home);
    let seeded = state(&app).await;
    let other = json!({ "Accounts": [{ "AppId": 7, "Instances": [{ "InstanceId": "crs-other000" }] }] });
    app.controlled("PUT", "/_crs/state", &other.to_string()).await;
    let put = state(&app).await;
    drop(app);
    // Neither another fixture nor another seed is asked for again.
    let config = Config {
        seed: Some(99),
        ..kept(&home)
    };
    let app = App::with_fixture(config, "{}");
    assert_eq!(state(&app).await, put);
    app.controlled("POST", "/_crs/reset", "").await;
    assert_eq!(state(&app).await, seeded);
    drop(app);
    assert_eq!(state(&start(&home)).await, seeded);
}

#[tokio::test]
async fn a_refused_state_changes_nothing_that_is_kept() {
    let home = Home::new();
    let app = start(&home);
    let files = contents(&home.state());
    let (status, _) = app.control("PUT", "/_crs/state", r#"{ "Accounts": 3 }"#).await;
    assert_eq!(status, 400);
    assert_eq!(contents(&home.state()), files);
}

#[tokio::test]
async fn other_settings_hold_from_the_next_start_on() {
    let home = Home::new();
    let with = |pace| App::with(Config { pace, ..kept(&home) });
    let app = with(config::Pace::Held);
    let id = id_of(&state(&app).await);
    let resize = |mb: u64| json!({ "InstanceId": id, "MemSize": mb });
    call(&app, "UpgradeInstance", &resize(8_192)).await;
    let before = state(&app).await;
    assert_eq!(before["Accounts"][0]["Instances"][0]["Status"], 1);
    drop(app);
    let app = with(config::Pace::Instant);
    assert_eq!(state(&app).await["Accounts"], before["Accounts"], "read back as it was");
    app.controlled("POST", "/_crs/flows/drain", "").await;
    let patch = format!("/_crs/instances/{id}");
    app.controlled("PATCH", &patch, r#"{ "LockedUntil": null }"#).await;
    let ordered = call(&app, "UpgradeInstance", &resize(16_384)).await;
    assert!(ordered["DealId"].is_string(), "{ordered}");
    let ended = state(&app).await;
    assert_eq!(ended["Accounts"][0]["Instances"][0]["MemSize"], 16_384);
    drop(app);
    assert_eq!(state(&with(config::Pace::Instant)).await, ended);
}

#[tokio::test]
async fn a_closed_server_leaves_a_snapshot_that_is_a_fixture() {
    let home = Home::new();
    let app = start(&home);
    let id = id_of(&state(&app).await);
    app.controlled(
        "PATCH",
        &format!("/_crs/instances/{id}"),
        r#"{ "InstanceName": "left" }"#,
    )
    .await;
    let left = state(&app).await;
    app.emulator.close().expect("it is left");
    drop(app);
    let files = contents(&home.state());
    let named = |name: &str| {
        files
            .iter()
            .find(|(path, _)| path.ends_with(name))
            .map(|(_, bytes)| bytes)
    };
    let snapshot = named("snapshot-2.json").expect("a snapshot");
    assert_eq!(serde_json::from_slice::<Value>(snapshot).expect("JSON"), left);
    assert!(named("log-1").is_none() && named("snapshot-1.json").is_none());
    let fixture = Fixture::parse("snapshot-2.json", snapshot).expect("a fixture");
    assert!(fixture.check().is_ok());
}
