//! The rows of an audit log over the wire: their order by each field, and what asks for too many of them.

use std::time::Instant;

use crs_local::Config;
use crs_local::config::{Limit, Pace, RateLimits};
use serde_json::{Value, json};

use super::backups::{call, follow};
use super::harness::App;

const ID: &str = "crs-logrows0";

/// An instance with that workload, and a log of all that it executes since it was made, a month ago.
fn app(pace: Pace, workload: &Value) -> App {
    let instance = json!({ "InstanceId": ID, "TypeId": 9, "RedisShardNum": 3, "RedisReplicasNum": 1, "MemSize": 1_024,
        "Createtime": "2026-12-01 00:00:00", "Workload": workload,
        "AuditLog": { "LogExpireDay": 30, "CreateAt": "2026-12-01 00:00:00" } });
    let clock = json!({ "Mode": "manual", "Now": "2027-01-01T00:00:00Z" });
    let fixture = json!({ "Clock": clock, "Accounts": [{ "Instances": [instance] }] });
    let config = Config {
        pace,
        rate_limit: RateLimits::from(Limit::Off),
        ..Config::default()
    };
    App::with_fixture(config, &fixture.to_string())
}

/// Asks for the rows of six days, or what `more` says.
async fn rows(app: &App, more: &Value) -> Value {
    let mut input = json!({ "InstanceId": ID, "LogType": "auditLog", "StartTime": "2026-12-26 00:00:00",
        "EndTime": "2026-12-31 23:59:59", "Limit": 100 });
    for (name, value) in more.as_object().expect("members") {
        input[name] = value.clone();
    }
    call(app, "local", "DescribeLogs", &input).await.json()["Response"].clone()
}

/// All rows, by pages of that size.
async fn all(app: &App, by: &str, order: &str, limit: usize) -> Vec<Value> {
    let mut found = Vec::new();
    loop {
        let page = json!({ "OrderBy": by, "Order": order, "Offset": found.len(), "Limit": limit });
        let answer = rows(app, &page).await;
        let items = answer["Items"].as_array().cloned().unwrap_or_default();
        if items.is_empty() {
            assert_eq!(answer["TotalCount"], found.len(), "{by} {order}");
            return found;
        }
        found.extend(items);
    }
}

#[tokio::test]
async fn rows_stand_in_the_order_of_any_field_whatever_the_page() {
    // Lines that are all different beside lines that are the same, and a value with more rows than are sorted at once.
    let app = app(
        Pace::Instant,
        &json!({
            "Commands": [
                { "Cmd": "get", "EveryMinutes": 37, "Micros": 2_000, "Line": "get k:{n}" },
                { "Cmd": "set", "EveryMinutes": 53, "Micros": 5_000, "Line": "set k:{n} 1", "User": "writer", "DB": 3 },
                { "Cmd": "del", "EveryMinutes": 20, "Micros": 900, "Line": "del all" },
                { "Cmd": "hget", "EveryMinutes": 211, "Micros": 11_000, "Role": "slave" },
            ],
            "Events": [{ "At": "2026-12-30 12:00:00", "Cmd": "get", "Micros": 2_000, "Err": "WRONGTYPE" }],
            "Clients": [{ "Ip": "10.0.0.7", "Conns": 2 }, { "Ip": "10.0.0.30", "Conns": 1 }],
        }),
    );
    let by_time = all(&app, "Timestamp", "ASC", 100).await;
    assert!(by_time.len() > 800, "{}", by_time.len());
    let number = |row: &Value, by: &str| row[by].as_i64();
    for by in [
        "CommandDetail",
        "ClientAddr",
        "CacheCode",
        "CommandLatency",
        "CommandType",
        "UserName",
        "DBId",
        "ErrMsg",
    ] {
        let mut wanted = by_time.clone();
        // A stable sort: where they are alike, by time.
        wanted.sort_by(|one, other| {
            let numbers = number(one, by).cmp(&number(other, by));
            numbers.then_with(|| one[by].as_str().cmp(&other[by].as_str()))
        });
        for limit in [100, 17] {
            assert_eq!(all(&app, by, "ASC", limit).await, wanted, "{by} by {limit}");
        }
        wanted.reverse();
        assert_eq!(all(&app, by, "DESC", 100).await, wanted, "{by} downwards");
    }
}

#[tokio::test]
async fn a_query_that_nobody_could_wait_for_is_refused_at_once() {
    let workload = json!({
        "Commands": [{ "Cmd": "get", "PerMinute": 1_000_000_000, "Micros": 50, "Line": "get k:{n}" }],
        "Clients": [{ "Ip": "10.0.0.7", "Conns": 1 }],
    });
    let app = app(Pace::Held, &workload);
    let begun = Instant::now();
    let filter = |name: &str| json!([{ "Type": name, "Compare": "INC", "Value": ["10.0.0.7:40000"] }]);
    for more in [
        json!({ "OrderBy": "CommandDetail" }),
        json!({ "OrderBy": "ClientAddr", "Order": "ASC" }),
        json!({ "OrderBy": "CacheCode" }),
        json!({ "LogFilter": filter("ClientAddr") }),
        json!({ "LogFilter": filter("CommandDetail"), "OrderBy": "UserName" }),
    ] {
        let refused = rows(&app, &more).await;
        let Value::String(message) = &refused["Error"]["Message"] else {
            panic!("{more}: {refused}");
        };
        let code = "InvalidParameter.InvalidParameterError";
        assert_eq!(refused["Error"]["Code"], code, "{more}");
        assert!(message.contains("looked at one by one"), "{message}");
        assert!(message.contains("a shorter time"), "{message}");
    }
    // What can be counted in closed form has no bound, nor has a shorter time.
    for more in [
        json!({}),
        json!({ "OrderBy": "UserName" }),
        json!({ "OrderBy": "CommandType", "Offset": 999_999_999 }),
    ] {
        let answer = rows(&app, &more).await;
        assert_eq!(answer["TotalCount"], 6 * 1_440 * 1_000_000_000_u64, "{answer}");
        assert_eq!(answer["Items"].as_array().map(Vec::len), Some(100), "{answer}");
    }

    // Millions within a millisecond are not gathered for a page of a hundred.
    let many = |per_minute: u64| {
        json!({ "Commands": [
            { "Cmd": "get", "PerMinute": per_minute, "Micros": 50, "Line": "get k:{n}" },
            { "Cmd": "set", "PerMinute": 60_000, "Micros": 50, "Line": "set k:{n}" },
        ] })
    };
    for order in ["ASC", "DESC"] {
        let mut pages = Vec::new();
        // The same page, of what is sorted and of what is in order as it comes.
        for per_minute in [200 * 60_000, 300 * 60_000, 600_000_000_000] {
            let app = self::app(Pace::Held, &many(per_minute));
            let a_ms = usize::try_from(per_minute / 60_000).expect("small") + 1;
            let answer = rows(&app, &json!({ "Order": order, "Offset": a_ms - 2, "Limit": 4 })).await;
            let items = answer["Items"].as_array().expect("rows").clone();
            let cmds: Vec<_> = items
                .iter()
                .map(|row| row["CommandDetail"].to_string()[1..4].to_owned())
                .collect();
            let times: Vec<_> = items.iter().map(|row| row["Timestamp"].clone()).collect();
            assert!(
                times[0] == times[1] && times[1] != times[2] && times[2] == times[3],
                "{answer}"
            );
            pages.push(cmds);
        }
        assert!(pages[0] == pages[1] && pages[1] == pages[2], "{order} {pages:?}");
        let wanted = if order == "ASC" {
            ["get", "set", "get", "get"]
        } else {
            ["get", "get", "set", "get"]
        };
        assert_eq!(pages[0], wanted, "{order}");
    }

    // The same of an export: ordered, or made of a workload that came meanwhile.
    let export = async |filters: Value| {
        let input = json!({ "InstanceId": ID, "LogType": "auditLog", "StartTime": "2026-12-02 00:00:00",
            "EndTime": "2026-12-31 23:59:59", "LogFilter": filters });
        call(&app, "local", "CreateExportTask", &input).await.json()["Response"].clone()
    };
    let refused = export(filter("ClientAddr")).await;
    assert!(
        refused["Error"]["Message"].to_string().contains("looked at one by one"),
        "{refused}"
    );
    let put = async |workload: Value| {
        let path = format!("/_crs/instances/{ID}/workload");
        app.controlled("PUT", &path, &workload.to_string()).await;
    };
    let listed = async || {
        let list = json!({ "InstanceId": ID, "LogType": "auditLog", "Limit": 10, "Offset": 0 });
        call(&app, "local", "DescribeExportTasks", &list).await.json()["Response"]["Items"][0].clone()
    };
    let drain = async || {
        app.controlled("POST", "/_crs/flows/drain", "{}").await;
    };
    let small = json!({ "Commands": [{ "Cmd": "get", "EveryMinutes": 60, "Micros": 50 }] });
    put(small.clone()).await;
    assert_eq!(export(filter("ClientAddr")).await["Error"], Value::Null);
    put(workload.clone()).await;
    drain().await;
    let failed = listed().await;
    assert_eq!(failed["Status"], "failed", "{failed}");
    put(small).await;
    assert_eq!(export(filter("ClientAddr")).await["Error"], Value::Null);
    drain().await;
    let done = listed().await;
    assert_eq!(done["Status"], "success", "{done}");
    let link = done["DownloadUrl"].as_str().expect("a link");
    assert_eq!(follow(&app, link, "localhost").await.status, 200);
    put(workload).await;
    assert_eq!(follow(&app, link, "localhost").await.status, 404);
    assert_eq!(listed().await["Status"], "success", "its list is told all the same");
    assert!(begun.elapsed().as_secs() < 60, "it took {:?}", begun.elapsed());
}
