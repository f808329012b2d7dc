//! What `--state` keeps of accounts that come and go, their clocks and keys for a while.

use crs_local::Config;
use serde_json::{Value, json};

use super::keys::role;
use super::{DEFAULT, ID, Key, account, local, make};
use crate::control::refused;
use crate::harness::{App, NOW_MS};
use crate::kept::Home;

fn start(home: &Home) -> App {
    App::with(Config {
        state: Some(home.state()),
        ..Config::default()
    })
}

/// The state but for the RequestIds, of which those are drawn again that were drawn since the last write.
async fn state(app: &App) -> Value {
    let mut state = app.controlled("GET", "/_crs/state", "").await;
    state.as_object_mut().expect("an object").remove("Calls");
    state
}

/// Starts it anew, on what the log says or, if it is left so, on a snapshot; nothing of the state may differ.
async fn anew(home: &Home, app: App, leaves_snapshot: bool) -> App {
    let before = state(&app).await;
    if leaves_snapshot {
        app.emulator.close().expect("it is left");
    }
    drop(app);
    let app = start(home);
    assert_eq!(state(&app).await, before);
    app
}

#[tokio::test]
async fn accounts_survive_with_their_clocks_and_keys() {
    let home = Home::new();
    let mut app = start(&home);
    for leaves_snapshot in [false, true, false] {
        let key = make(&app, "{}").await;
        let gone = make(&app, "{}").await;
        assert_eq!(key.upgrade(&app, 2_048).await.code(), "");
        let lent = key.call(&app, "AssumeRole", &role(&key)).await.json();
        let lent = Key::lent(&lent);
        let clock = format!("/_crs/clock?AppId={}", key.app_id);
        let manual = json!({ "Mode": "manual", "Now": "2027-01-01T00:00:00Z" }).to_string();
        app.controlled("PUT", &clock, &manual).await;
        let of = format!("?AppId={}", key.app_id);
        let advance = format!("/_crs/clock/advance{of}");
        app.controlled("POST", &advance, r#"{"Seconds":90.5}"#).await;
        let workload = format!("/_crs/instances/{ID}/workload{of}");
        let shown = app.controlled("PUT", &workload, r#"{"MemGrowthMbPerHour":60}"#).await;
        assert_eq!(shown["MemGrowthMbPerHour"], 60);
        let ended = format!("/_crs/accounts/{}", gone.app_id);
        app.controlled("DELETE", &ended, "").await;
        // A key that has been lent narrows no other call.
        assert_eq!(lent.upgrade(&app, 4_096).await.code(), "");
        app.controlled("POST", &format!("/_crs/flows/drain{of}"), "").await;
        app = anew(&home, app, leaves_snapshot).await;
        assert_eq!(lent.code(&app).await, "");
        assert_eq!(key.size(&app).await, 4_096);
        assert_eq!(
            app.controlled("GET", &clock, "").await,
            json!({ "Mode": "manual", "Now": "2027-01-01T00:01:30.500Z" })
        );
        assert_eq!(app.controlled("GET", &workload, "").await, shown);
        let names = format!("account {}", gone.app_id);
        refused(&app, ("DELETE", &ended, ""), 404, &[&names]).await;
        // A PATCH that moves its clock on is one record, which holds the keys and the clock.
        let path = format!("/_crs/accounts/{}", key.app_id);
        assert_eq!(key.upgrade(&app, 8_192).await.code(), "");
        let moved = json!({ "Balance": 8_000_000, "Clock": { "Mode": "manual", "Now": "2027-01-02T00:00:00Z" } });
        app.controlled("PATCH", &path, &moved.to_string()).await;
        let patched = account(&state(&app).await, key.app_id).clone();
        app = anew(&home, app, leaves_snapshot).await;
        assert_eq!(account(&state(&app).await, key.app_id), patched);
        assert_eq!(key.size(&app).await, 8_192);
        // What goes along again goes with the server's after the next start too.
        app.controlled("PATCH", &path, r#"{"Clock":null,"Balance":7000000}"#)
            .await;
        app = anew(&home, app, leaves_snapshot).await;
        assert_eq!(app.controlled("GET", &clock, "").await["Mode"], "real");
    }
}

#[tokio::test]
async fn an_account_that_has_ended_is_told_from_one_with_its_number() {
    let home = Home::new();
    let mut app = start(&home);
    let (body, path) = (
        json!({ "TtlSeconds": 60, "Fixture": { "AppId": 42 } }),
        "/_crs/accounts/42",
    );
    for (round, leaves_snapshot) in [(0, false), (1, true), (2, false), (3, true)] {
        let begun = NOW_MS + round * 1_000_000;
        app.set_now(begun);
        make(&app, &body.to_string()).await;
        app.controlled("PATCH", path, r#"{"LockSeconds":5}"#).await;
        app.emulator.close().expect("a snapshot");
        app.controlled("PATCH", path, r#"{"LockSeconds":6}"#).await;
        app.set_now(begun + 61_000);
        assert_eq!(account(&state(&app).await, 42), Value::Null);
        make(&app, &body.to_string()).await;
        app.controlled("PATCH", path, r#"{"LockSeconds":7}"#).await;
        let before = state(&app).await;
        if leaves_snapshot {
            app.emulator.close().expect("a snapshot");
        }
        drop(app);
        app = start(&home);
        app.set_now(begun + 61_000);
        assert_eq!(state(&app).await["Accounts"], before["Accounts"]);
        assert_eq!(account(&before, 42)["LockSeconds"], 7);
        app.controlled("DELETE", path, "").await;
    }
}

#[tokio::test]
async fn an_account_that_is_put_or_reset_survives_as_it_is_then() {
    let home = Home::new();
    let mut app = start(&home);
    let (seeded, key) = (state(&app).await, make(&app, "{}").await);
    for leaves_snapshot in [false, true] {
        assert_eq!(local().upgrade(&app, 2_048).await.code(), "");
        let path = format!("/_crs/state?AppId={DEFAULT}");
        let put = json!({ "Accounts": [{ "AppId": DEFAULT, "Balance": 5, "Credentials": [
            { "SecretId": "AKIDlocal", "SecretKey": "local" }] }] });
        app.controlled("PUT", &path, &put.to_string()).await;
        let rename = json!({ "LockSeconds": 9 }).to_string();
        app.controlled("PATCH", &format!("/_crs/accounts/{DEFAULT}"), &rename)
            .await;
        app = anew(&home, app, leaves_snapshot).await;
        assert_eq!(account(&state(&app).await, DEFAULT)["LockSeconds"], 9);
        app.controlled("POST", &format!("/_crs/reset?AppId={DEFAULT}"), "")
            .await;
        assert_eq!(account(&state(&app).await, DEFAULT), account(&seeded, DEFAULT));
        app = anew(&home, app, leaves_snapshot).await;
        assert_eq!(local().upgrade(&app, 2_048).await.code(), "");
        app.controlled("POST", &format!("/_crs/reset?AppId={DEFAULT}"), "")
            .await;
    }
    let path = format!("/_crs/reset?AppId={}", key.app_id);
    refused(&app, ("POST", &path, ""), 409, &["made before this start"]).await;
}
