//! Backups over the wire: the links that DescribeBackupUrl answers, who may follow one and for how long, and what a
//! download is.

use crs_local::Config;
use crs_local::config::Pace;
use serde_json::{Value, json};

use super::gateway::request;
use super::harness::{Answer, App, Raw};

const ID: &str = "crs-backups0";
const BACKUP: &str = "1-2-3";

fn app(config: Config) -> App {
    let pace = Pace::Instant;
    App::with_fixture(Config { pace, ..config }, &fixture())
}

fn fixture() -> String {
    let backup = json!({ "BackupId": BACKUP, "InstanceId": ID, "MemUsed": 5 });
    let instance = json!({ "InstanceId": ID, "TypeId": 16, "RedisShardNum": 3, "MemUsed": 7,
        "VpcId": "vpc-backups0", "SubnetId": "subnet-backups0", "NoAuth": true });
    let pair = |name: &str| json!([{ "SecretId": format!("AKID{name}"), "SecretKey": name }]);
    let account = |app_id: u64, name: &str| json!({ "AppId": app_id, "Credentials": pair(name), "Instances": [instance], "Backups": [backup] });
    let clock = json!({ "Mode": "manual", "Now": "2027-01-01T00:00:00Z" });
    let fixture = json!({ "Clock": clock, "Accounts": [account(1_250_000_000, "local"), account(7, "other")] });
    fixture.to_string()
}

pub(super) async fn call(app: &App, by: &str, action: &str, input: &Value) -> Answer {
    app.call(&request(&format!(
        "@sign id=AKID{by} key={by}\nPOST / HTTP/1.1\n{{USUAL}}\nX-TC-Action: {action}\n\n{input}"
    )))
    .await
}

/// The links to the files, as the account gets them.
async fn links(app: &App, by: &str) -> Vec<String> {
    let input = json!({ "InstanceId": ID, "BackupId": BACKUP });
    let answer = call(app, by, "DescribeBackupUrl", &input).await.json();
    let infos = answer["Response"]["BackupInfos"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    infos
        .iter()
        .filter_map(|info| Some(info["DownloadUrl"].as_str()?.to_owned()))
        .collect()
}

/// What stands there for a caller that says nothing but where it wants to go.
pub(super) async fn follow(app: &App, link: &str, host: &str) -> Answer {
    let path = link.splitn(4, '/').nth(3).unwrap_or_default();
    app.send(&Raw(
        format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes()
    ))
    .await
}

#[tokio::test]
async fn a_link_leads_here_and_needs_nothing_but_itself() {
    let app = app(Config {
        control_token: Some("secret-token".parse().expect("a token")),
        ..Config::default()
    });
    let links = links(&app, "local").await;
    assert_eq!(links.len(), 3, "one for each shard");
    for link in &links {
        assert!(
            link.contains("/_crs/backups/1-2-3/") && link.starts_with("http://"),
            "{link}"
        );
        for host in ["localhost", "backups.example.com", "redis.tencentcloudapi.com"] {
            let answer = follow(&app, link, host).await;
            assert_eq!(answer.status, 200, "{answer}");
            assert_eq!(answer.header("content-type"), Some("application/octet-stream"));
            assert!(
                answer
                    .header("content-disposition")
                    .is_some_and(|of| of.starts_with("attachment; "))
            );
        }
    }
    let wanted = app_files(&app, &links).await;
    assert_eq!(wanted, app_files(&app, &links).await, "the same bytes again");
}

async fn app_files(app: &App, links: &[String]) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for link in links {
        files.push(follow(app, link, "localhost").await.body.clone());
    }
    files
}

#[tokio::test]
async fn a_forged_link_and_an_expired_one_lead_nowhere() {
    let app = app(Config::default());
    let link = links(&app, "local").await.remove(0);
    let last = if link.ends_with('0') { '1' } else { '0' };
    let forged = [
        format!("{}{last}", &link[..link.len() - 1]),
        link.replace("AppId=1250000000", "AppId=7"),
        link.replace("1-2-3", "1-2-4"),
        link.replace("-1-ignore", "-2-ignore"),
        link.replace("q-sign-time=1", "q-sign-time=2"),
        link.split("&q-signature").next().unwrap_or_default().to_owned(),
        link.split('?').next().unwrap_or_default().to_owned(),
    ];
    for forged in &forged {
        assert_ne!(*forged, link);
        let answer = follow(&app, forged, "localhost").await;
        assert_eq!(answer.status, 403, "{forged}\n{answer}");
        assert!(answer.json()["Error"]["Message"].is_string());
    }
    let answer = follow(&app, &link.replace("AppId=1250000000", "AppId=8"), "localhost").await;
    assert_eq!(answer.status, 404, "no such account\n{answer}");
    // Without an AppId it is that of whoever has signed it, though another account has a backup of that id.
    let bare = link.replace("AppId=1250000000&", "");
    assert_eq!(follow(&app, &bare, "localhost").await.status, 200);

    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":21659}"#)
        .await;
    assert_eq!(follow(&app, &link, "localhost").await.status, 200);
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":1}"#).await;
    let expired = follow(&app, &link, "localhost").await;
    assert_eq!(expired.status, 403, "{expired}");
    assert!(
        expired.json()["Error"]["Message"]
            .as_str()
            .is_some_and(|text| text.contains("until"))
    );
}

#[tokio::test]
async fn a_link_to_a_backup_that_has_expired_leads_nowhere() {
    let app = app(Config::default());
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":604000}"#)
        .await;
    let link = links(&app, "local").await.remove(0);
    assert_eq!(follow(&app, &link, "localhost").await.status, 200);
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":800}"#)
        .await;
    assert_eq!(follow(&app, &link, "localhost").await.status, 404);
    let input = json!({ "InstanceId": ID, "BackupId": BACKUP });
    let refused = call(&app, "local", "DescribeBackupUrl", &input).await;
    assert_eq!(refused.code(), "ResourceUnavailable.BackupStatusInvalid");
}

#[tokio::test]
async fn a_restriction_decides_which_links_are_given_in_its_region() {
    let app = app(Config::default());
    let set = json!({ "LimitType": "Customize", "LimitIp": ["10.0.0.0/8"] });
    assert_eq!(
        call(&app, "local", "ModifyBackupDownloadRestriction", &set)
            .await
            .code(),
        ""
    );
    let input = json!({ "InstanceId": ID, "BackupId": BACKUP });
    let answer = call(&app, "local", "DescribeBackupUrl", &input).await.json();
    let info = &answer["Response"]["BackupInfos"][0];
    assert_eq!(
        (&info["DownloadUrl"], &answer["Response"]["DownloadUrl"]),
        (&json!(""), &json!([]))
    );
    assert!(info["InnerDownloadUrl"].as_str().is_some_and(|link| !link.is_empty()));
    let once = json!({ "InstanceId": ID, "BackupId": BACKUP, "LimitType": "NoLimit" });
    let answer = call(&app, "local", "DescribeBackupUrl", &once).await.json();
    assert_ne!(answer["Response"]["BackupInfos"][0]["DownloadUrl"], "");
    // Another account's is its own.
    assert!(links(&app, "other").await.iter().all(|link| !link.is_empty()));
}

#[tokio::test]
async fn a_snapshot_keeps_the_backups_and_the_links_to_them() {
    let app = app(Config::default());
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":259200}"#)
        .await;
    let list = json!({ "InstanceId": ID, "Status": [-1, 1, 2] });
    let before = call(&app, "local", "DescribeInstanceBackups", &list).await.json();
    assert_eq!(before["Response"]["TotalCount"], 4, "three days and the stated one");
    let link = links(&app, "local").await.remove(0);
    let file = follow(&app, &link, "localhost").await.body.clone();
    let state = app.controlled("GET", "/_crs/state", "").await;
    app.controlled("PUT", "/_crs/state", &state.to_string()).await;
    let after = call(&app, "local", "DescribeInstanceBackups", &list).await.json();
    assert_eq!(before["Response"]["BackupSet"], after["Response"]["BackupSet"]);
    assert_eq!(follow(&app, &link, "localhost").await.body, file);
}

#[tokio::test]
async fn a_backup_that_is_being_restored_has_ended() {
    let pace = Pace::Held;
    let app = App::with_fixture(
        Config {
            pace,
            ..Config::default()
        },
        &fixture(),
    );
    let restore = json!({ "InstanceId": ID, "BackupId": BACKUP });
    let answer = call(&app, "local", "RestoreInstance", &restore).await.json();
    assert!(answer["Response"]["Error"].is_null(), "{answer}");
    let list = json!({ "InstanceId": ID, "Status": [1, 2] });
    let told = call(&app, "local", "DescribeInstanceBackups", &list).await.json();
    let backup = &told["Response"]["BackupSet"][0];
    assert_eq!((&backup["BackupId"], &backup["Locked"]), (&json!(BACKUP), &json!(1)));
    assert_ne!(backup["EndTime"], "", "{backup}");
}

#[tokio::test]
async fn encryption_by_a_patch_leaves_the_backups_so_far() {
    let app = app(Config::default());
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":259200}"#)
        .await;
    let list = json!({ "InstanceId": ID });
    let before = call(&app, "local", "DescribeInstanceBackups", &list).await.json();
    let patch = json!({ "BackupEncrypt": { "KmsKeyId": "00000000-0000-0000-0000-000000000001" } }).to_string();
    app.controlled("PATCH", &format!("/_crs/instances/{ID}?AppId=1250000000"), &patch)
        .await;
    let after = call(&app, "local", "DescribeInstanceBackups", &list).await.json();
    assert_eq!(before["Response"]["BackupSet"], after["Response"]["BackupSet"]);
}
