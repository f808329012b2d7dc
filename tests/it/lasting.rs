//! Changes that last: longer than what they make is kept, over a clock that is set back, and beside a hand that moves
//! their instance into the recycle bin. After each step the state is one that another emulator takes.

use serde_json::{Value, json};

use super::harness::App;
use super::states::{account, call, goes_over, held, patch_refused};

const SPAN: [&str; 2] = ["2026-11-20 00:00:00", "2026-11-24 00:00:00"];

/// A backup, an export of an audit log and the opening of another one, each waiting for a hand.
async fn under_way() -> App {
    let app = held(&json!({ "Instances": [
        { "InstanceId": "crs-a", "TypeId": 8, "Createtime": "2026-11-01 00:00:00" },
        { "InstanceId": "crs-logged00", "TypeId": 8, "Createtime": "2026-11-01 00:00:00",
            "AuditLog": { "CreateAt": "2026-11-02 00:00:00", "LogExpireDay": 7 } },
        { "InstanceId": "crs-unlogged", "TypeId": 8, "Createtime": "2026-11-01 00:00:00" },
    ] }));
    let backup = json!({ "InstanceId": "crs-a", "StorageDays": 3 });
    assert_eq!(call(&app, "ManualBackupInstance", &backup).await, "");
    let export =
        json!({ "InstanceId": "crs-logged00", "LogType": "auditLog", "StartTime": SPAN[0], "EndTime": SPAN[1] });
    assert_eq!(call(&app, "CreateExportTask", &export).await, "");
    let open = json!({ "InstanceId": "crs-unlogged", "LogType": "auditLog", "LogExpireDay": 7,
        "HighLogExpireDay": 7, "LogSubType": "all" });
    assert_eq!(call(&app, "OpenLog", &open).await, "");
    app
}

async fn control(app: &App, method: &str, path: &str, body: Value) {
    app.controlled(method, path, &body.to_string()).await;
}

async fn set_clock(app: &App, now: &str) {
    control(app, "PUT", "/_crs/clock", json!({ "Mode": "manual", "Now": now })).await;
}

async fn advance(app: &App, days: u64) {
    control(app, "POST", "/_crs/clock/advance", json!({ "Seconds": days * 86_400 })).await;
}

/// How many backups by hand there are, and how many exports.
async fn kept(app: &App) -> (usize, usize) {
    let account = account(app).await;
    let manual = |backup: &&Value| backup["BackupType"] == 0;
    let backups = account["Backups"].as_array().into_iter().flatten().filter(manual);
    let exports = account["Instances"][1]["ExportFiles"].as_array();
    (backups.count(), exports.map_or(0, Vec::len))
}

#[tokio::test]
async fn what_is_being_made_is_kept_however_long_that_takes() {
    let app = under_way().await;
    advance(&app, 100).await;
    let app = goes_over(&app).await;
    // A second export throws away what is no longer kept, and not the one that is being made.
    let export =
        json!({ "InstanceId": "crs-logged00", "LogType": "auditLog", "StartTime": SPAN[0], "EndTime": SPAN[1] });
    assert_eq!(call(&app, "CreateExportTask", &export).await, "");
    assert_eq!(kept(&app).await, (1, 2));
    let app = goes_over(&app).await;
    control(&app, "POST", "/_crs/flows/drain", json!({})).await;
    let app = goes_over(&app).await;
    assert_eq!(kept(&app).await.0, 1, "its time begins when it is made");
    advance(&app, 31).await;
    let app = goes_over(&app).await;
    assert_eq!(kept(&app).await.0, 0);
}

#[tokio::test]
async fn what_ends_before_it_began_has_begun_by_then() {
    let app = under_way().await;
    set_clock(&app, "2026-11-23T00:00:00Z").await;
    let app = goes_over(&app).await;
    control(&app, "POST", "/_crs/flows/drain", json!({})).await;
    let app = goes_over(&app).await;
    let state = account(&app).await;
    let then = "2026-11-23 08:00:00";
    assert_eq!(state["Backups"][0]["StartTime"], then, "{state:#}");
    let log = &state["Instances"][2]["AuditLog"];
    assert_eq!(
        (&log["CreateAt"], &log["OpenedAt"]),
        (&json!(then), &json!(then)),
        "{log}"
    );
}

#[tokio::test]
async fn a_hand_moves_nothing_into_the_recycle_bin_while_it_changes() {
    let app = under_way().await;
    for status in [-2, -3] {
        let change = json!({ "Status": status, "CloseTime": "2026-11-24 15:00:00" });
        let told = "Status: ManualBackupInstance is on its way; finish it first, by its step";
        patch_refused(&app, change, told).await;
    }
    control(&app, "POST", "/_crs/flows/drain", json!({})).await;
    let change = json!({ "Status": -3, "CloseTime": "2026-11-24 15:00:00" });
    control(&app, "PATCH", "/_crs/instances/crs-a", change).await;
    goes_over(&app).await;
}

/// A new account in which something happens at the very moment at which it is made, on a clock that then goes back.
#[tokio::test]
async fn what_was_due_has_happened_before_time_goes_back_whether_or_not_somebody_looked() {
    let mut told = Vec::new();
    for looks in [true, false] {
        let app = held(&json!({}));
        set_clock(&app, "2026-11-24T09:00:00Z").await;
        let binned = json!({ "InstanceId": "crs-binned00", "TypeId": 8, "Status": -3,
            "CloseTime": "2026-11-24 15:00:00", "OfflineTime": "2026-11-24 17:00:00" });
        let fixture = json!({ "Instances": [binned] });
        let made = app
            .controlled("POST", "/_crs/accounts", &json!({ "Fixture": fixture }).to_string())
            .await;
        let path = format!("/_crs/instances/crs-binned00?AppId={}", made["AppId"]);
        if looks {
            assert_eq!(app.control("GET", &path, "").await.0, 404, "it is gone");
        }
        set_clock(&app, "2026-11-24T08:00:00Z").await;
        told.push(app.control("GET", &path, "").await);
    }
    assert_eq!(told[0].0, 404);
    assert_eq!(told[0], told[1]);
}
