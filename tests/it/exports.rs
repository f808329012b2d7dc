//! Exports of an audit log over the wire: what the links that DescribeExportTasks answers lead to, whom they serve and
//! for how long.

use std::io::Read as _;

use crs_local::Config;
use crs_local::config::Pace;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::backups::{call, follow};
use super::harness::App;

const ID: &str = "crs-exports0";
/// So long a link is good.
const GOOD_FOR_S: u64 = 12 * 3_600;

/// Two accounts that hold the same: twenty commands an hour, of which the audit log records all.
fn app(config: Config) -> App {
    let workload = json!({ "Commands": [
        { "Cmd": "get", "EveryMinutes": 4, "Micros": 2_000, "Line": "get k:{n}" },
        { "Cmd": "set", "EveryMinutes": 12, "Micros": 5_000, "Line": "set \"a,b\" 1" },
    ] });
    let instance = json!({ "InstanceId": ID, "TypeId": 8, "Createtime": "2026-12-01 00:00:00", "Workload": workload,
        "AuditLog": { "LogExpireDay": 7, "CreateAt": "2026-12-20 00:00:00" } });
    let account = |app_id: u64, name: &str| {
        json!({ "AppId": app_id, "Instances": [instance],
            "Credentials": [{ "SecretId": format!("AKID{name}"), "SecretKey": name }] })
    };
    let clock = json!({ "Mode": "manual", "Now": "2027-01-01T00:00:00Z" });
    let fixture = json!({ "Clock": clock, "Accounts": [account(1_250_000_000, "local"), account(7, "other")] });
    let config = Config {
        pace: Pace::Instant,
        ..config
    };
    App::with_fixture(config, &fixture.to_string())
}

async fn taken(app: &App, by: &str, action: &str, input: &Value) -> Value {
    let answer = call(app, by, action, input).await;
    assert_eq!(answer.code(), "", "{action} {input}\n{answer}");
    answer.json()["Response"].clone()
}

/// Exports the hour before midnight with those members, and tells of the newest export.
async fn exported(app: &App, by: &str, more: &Value) -> Value {
    let mut input = json!({ "InstanceId": ID, "LogType": "auditLog", "StartTime": "2026-12-31 23:00:00",
        "EndTime": "2026-12-31 23:59:59" });
    for (name, value) in more.as_object().expect("members") {
        input[name] = value.clone();
    }
    taken(app, by, "CreateExportTask", &input).await;
    listed(app, by).await
}

/// What is told of the newest export.
async fn listed(app: &App, by: &str) -> Value {
    let list = json!({ "InstanceId": ID, "LogType": "auditLog", "Limit": 10, "Offset": 0 });
    taken(app, by, "DescribeExportTasks", &list).await["Items"][0].clone()
}

fn link(export: &Value) -> String {
    export["DownloadUrl"].as_str().expect("a link").to_owned()
}

/// The lines of the one file of an archive, by what tar says of its length.
fn lines(archive: &[u8]) -> Vec<String> {
    let mut tar = Vec::new();
    GzDecoder::new(archive).read_to_end(&mut tar).expect("gzip");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    let name = text(&tar[..100]);
    assert!(name.trim_end_matches('\0').ends_with(".csv"), "{name:?}");
    let length = usize::from_str_radix(text(&tar[124..135]).trim(), 8).expect("octal");
    text(&tar[512..512 + length]).lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_file_has_the_rows_and_the_columns_that_were_chosen() {
    let app = app(Config {
        control_token: Some("secret-token".parse().expect("a token")),
        ..Config::default()
    });
    let all = exported(&app, "local", &json!({})).await;
    assert_eq!((&all["Status"], &all["Progress"]), (&json!("success"), &json!(100)));
    // The link is signed, and needs no token, whoever comes by whatever name.
    let mut bodies = Vec::new();
    for host in ["localhost", "logs.example.com"] {
        let answer = follow(&app, &link(&all), host).await;
        assert_eq!(answer.status, 200, "{answer}");
        assert_eq!(answer.header("content-type"), Some("application/gzip"));
        let name = all["FileName"].as_str().expect("a name");
        let wanted = format!("attachment; filename=\"{name}\"");
        assert_eq!(answer.header("content-disposition"), Some(wanted.as_str()));
        bodies.push(answer.body.to_vec());
    }
    assert_eq!(bodies[0], bodies[1], "the same bytes again");
    assert_eq!(all["FileSize"], bodies[0].len(), "its size as it is told");
    let whole = lines(&bodies[0]);
    assert_eq!(
        whole[0],
        "Timestamp,CommandType,CommandDetail,CommandLatency,ClientAddr,UserName,CacheCode,DBId,ErrMsg"
    );
    let audited = json!({ "InstanceId": ID, "LogType": "auditLog", "StartTime": "2026-12-31 23:00:00",
        "EndTime": "2026-12-31 23:59:59", "Limit": 100 });
    let told = taken(&app, "local", "DescribeLogs", &audited).await;
    assert_eq!(
        told["TotalCount"],
        whole.len() - 1,
        "as many rows as DescribeLogs counts"
    );
    assert_eq!(told["TotalCount"], 20);

    let few = json!({ "ColumnFilter": ["commandlatency", "CommandDetail"],
        "LogFilter": [{ "Type": "CommandType", "Compare": "INC", "Value": ["WRITE"] }] });
    let few = exported(&app, "local", &few).await;
    let rows = lines(&follow(&app, &link(&few), "localhost").await.body);
    // A comma and quotes stand in a cell as RFC 4180 has it.
    assert_eq!(rows[0], "CommandLatency,CommandDetail");
    assert_eq!(rows[1..], vec!["5,\"set \"\"a,b\"\" 1\""; 5]);
}

#[tokio::test]
async fn a_forged_link_an_expired_one_and_one_to_what_is_gone_lead_nowhere() {
    let app = app(Config::default());
    let export = exported(&app, "local", &json!({})).await;
    let link = link(&export);
    let name = export["FileName"].as_str().expect("a name");
    let last = if link.ends_with('0') { '1' } else { '0' };
    let forged = [
        format!("{}{last}", &link[..link.len() - 1]),
        link.replace("/1250000000/", "/7/"),
        link.replace(name, &name.replace("crs-exports0_", "crs-exports1_")),
        link.replace(&format!("/{ID}/"), "/crs-exports1/"),
        link.split('?').next().unwrap_or_default().to_owned(),
    ];
    for forged in &forged {
        assert_ne!(*forged, link);
        let answer = follow(&app, forged, "localhost").await;
        assert_eq!(answer.status, 403, "{forged}\n{answer}");
        let message = answer.json()["Error"]["Message"].to_string();
        assert!(message.contains("take it whole from the answer"), "{message}");
    }

    let advance = async |seconds: u64| {
        let body = json!({ "Seconds": seconds }).to_string();
        app.controlled("POST", "/_crs/clock/advance", &body).await;
    };
    advance(GOOD_FOR_S - 1).await;
    assert_eq!(follow(&app, &link, "localhost").await.status, 200);
    advance(2).await;
    let expired = follow(&app, &link, "localhost").await;
    assert_eq!(expired.status, 403, "{expired}");
    let message = expired.json()["Error"]["Message"].to_string();
    assert!(message.contains("was good until 2027-01-01 20:00:00"), "{message}");

    // A new link is good again, until the export is deleted.
    let again = listed(&app, "local").await;
    let again = again["DownloadUrl"].as_str().expect("a link");
    assert_eq!(follow(&app, again, "localhost").await.status, 200);
    let input = json!({ "InstanceId": ID, "LogType": "auditLog", "FileName": name });
    taken(&app, "local", "DeleteExportTask", &input).await;
    assert_eq!(follow(&app, again, "localhost").await.status, 404);
}

#[tokio::test]
async fn a_link_serves_the_account_that_got_it_alone() {
    let app = app(Config::default());
    let own = exported(&app, "local", &json!({})).await;
    let others = exported(&app, "other", &json!({ "ColumnFilter": ["DBId"] })).await;
    assert_eq!(own["FileName"], others["FileName"], "of the same name");
    let (own, others) = (link(&own), link(&others));
    assert!(own.contains("/1250000000/") && others.contains("/7/"), "{own} {others}");
    let get = async |link: &str| follow(&app, link, "localhost").await;
    assert_eq!(lines(&get(&others).await.body)[0], "DBId");
    assert_ne!(get(&own).await.body, get(&others).await.body);
    // The signature of one does not open what is the other's.
    let (_, signature) = own.split_once('?').expect("a signature");
    let crossed = format!("{}?{signature}", others.split('?').next().unwrap_or_default());
    assert_eq!(get(&crossed).await.status, 403);
    // Nor does it once the account is gone.
    app.controlled("DELETE", "/_crs/accounts/7", "").await;
    assert_eq!(get(&others).await.status, 404);
}
