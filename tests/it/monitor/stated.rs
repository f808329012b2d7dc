//! Workloads and pasts as they are stated, rightly and wrongly.

use super::*;

/// Everything that a workload can state, but what goes in the place of another.
fn whole() -> Value {
    json!({
        "Since": "2026-11-24 16:00:00",
        "Commands": [
            { "PerMinute": 5_990, "Cmd": "get", "Micros": 250 },
            { "PerMinute": 10, "Cmd": "get", "Line": "get session:{n}", "Micros": 12_000, "ProxyMicros": 12_500 },
            { "EveryMinutes": 10, "Cmd": "keys", "Line": "keys user:*", "Micros": 240_000, "Role": "slave", "User": "app",
              "DB": 3 },
        ],
        "Events": [{ "At": "2026-11-24 16:00:01.250", "Client": "10.0.0.5:40112", "Err": "NOAUTH", "Shard": 1,
            "Cmd": "flushall", "Line": "flushall", "Micros": 812_000 }],
        "Keys": [{ "Key": "user:1", "Type": "hash", "DB": 1, "Bytes": 12_582_912, "PerMinute": 900 }],
        "Clients": [{ "Ip": "10.0.0.5", "Conns": 12, "Weight": 2 }, { "Ip": "10.0.0.6", "Conns": 3 }],
        "MemGrowthMbPerHour": -1.5, "ShardSkew": 0.25, "Connections": 7, "HitRatio": 0.5, "KeysPerRead": 2,
        "BytesIn": 1, "BytesOut": 2, "KeyBytes": 3, "Expiring": 1, "BigValues": 4, "Errors": 5, "Expired": 6,
    })
}

#[tokio::test]
async fn a_workload_is_shown_as_it_was_given() {
    let app = app_of(&json!({ "TypeId": 7, "RedisShardNum": 3 }));
    assert_eq!(app.controlled("GET", WORKLOAD, "").await, json!({}));
    let put = app.controlled("PUT", WORKLOAD, &whole().to_string()).await;
    assert_eq!(put, whole());
    assert_eq!(app.controlled("GET", WORKLOAD, "").await, whole());
    let shown = app.controlled("GET", INSTANCE, "").await;
    assert_eq!(
        (&shown["Workload"], &shown["MemUsed"]),
        (&whole(), &json!(12)),
        "what its keys hold"
    );
    // Short forms, and what is as usual is left out.
    let short = json!({ "Reads": 1, "Writes": 0, "HitRatio": 1, "Latency": { "Read": 0.2 } });
    assert_eq!(
        app.controlled("PUT", WORKLOAD, &short.to_string()).await,
        json!({ "Reads": 1 })
    );
    let patched = app
        .controlled("PATCH", INSTANCE, r#"{"Workload":{"Writes":2.5}}"#)
        .await;
    assert_eq!(patched["Workload"], json!({ "Writes": 2.5 }));
    let patched = app.controlled("PATCH", INSTANCE, r#"{"Workload":null}"#).await;
    assert_eq!(patched.get("Workload"), None);
    assert_eq!(app.controlled("PUT", WORKLOAD, "{}").await, json!({}));
}

#[tokio::test]
async fn memory_that_is_stated_stays_and_what_follows_from_keys_follows() {
    let app = app_of(&json!({ "MemUsed": 300 }));
    let keys = |bytes: u64| json!({ "Keys": [{ "Key": "k", "Type": "string", "Bytes": bytes }] }).to_string();
    app.controlled("PUT", WORKLOAD, &keys(5 << 20)).await;
    assert_eq!(app.controlled("GET", INSTANCE, "").await["MemUsed"], 300);
    refused(
        &app,
        ("PUT", WORKLOAD, &keys(301 << 20)),
        400,
        &["Keys", "301 MB", "300"],
    )
    .await;
    app.controlled("PATCH", INSTANCE, r#"{"MemUsed":null}"#).await;
    assert_eq!(app.controlled("GET", INSTANCE, "").await["MemUsed"], 5);
    app.controlled("PUT", WORKLOAD, &keys(9 << 20)).await;
    assert_eq!(app.controlled("GET", INSTANCE, "").await["MemUsed"], 9);
    refused(
        &app,
        ("PUT", WORKLOAD, &keys(1_025 << 20)),
        400,
        &["Keys", "1025 MB", "1024"],
    )
    .await;
    // What has grown from nothing is not taken back by a change of the growth.
    app.controlled(
        "PATCH",
        INSTANCE,
        r#"{"MemUsed":0,"Workload":{"MemGrowthMbPerHour":3600}}"#,
    )
    .await;
    advance(&app, 10).await;
    app.controlled("PUT", WORKLOAD, r#"{"MemGrowthMbPerHour":7200}"#).await;
    advance(&app, 10).await;
    assert_eq!(last(&app, "MemUsed").await, 30);
}

/// A workload, and what must stand in the message about it.
fn wrong() -> Vec<(Value, Vec<&'static str>)> {
    let command = |more: Value| {
        let mut row = json!({ "Cmd": "get", "PerMinute": 1, "Micros": 5 });
        more.as_object()
            .into_iter()
            .flatten()
            .for_each(|(key, value)| row[key] = value.clone());
        json!({ "Commands": [row] })
    };
    let event = |more: Value| {
        let mut row = json!({ "At": "2026-11-24 16:00:00", "Cmd": "get", "Micros": 5 });
        more.as_object()
            .into_iter()
            .flatten()
            .for_each(|(key, value)| row[key] = value.clone());
        json!({ "Events": [row] })
    };
    let key = |kind: &str| json!({ "Keys": [{ "Key": "k", "Type": kind, "Bytes": 1, "PerMinute": 3 }] });
    vec![
        (json!([]), vec!["the body", "object"]),
        (json!(null), vec!["the body", "object"]),
        (json!({ "Read": 1 }), vec!["Read", "no such key", "Reads"]),
        (json!({ "Reads": "many" }), vec!["Reads", "number"]),
        (json!({ "Reads": -1 }), vec!["Reads", "0"]),
        (json!({ "Reads": 1e13 }), vec!["Reads"]),
        (json!({ "HitRatio": 1.01 }), vec!["HitRatio", "0 to 1"]),
        (json!({ "ShardSkew": -0.1 }), vec!["ShardSkew", "0 to 1"]),
        (json!({ "Expiring": 2 }), vec!["Expiring", "0 to 1"]),
        (json!({ "KeyBytes": 0 }), vec!["KeyBytes", "1"]),
        (json!({ "Connections": 1.5 }), vec!["Connections", "whole"]),
        (json!({ "MemGrowthMbPerHour": 1e13 }), vec!["MemGrowthMbPerHour"]),
        (json!({ "Latency": 3 }), vec!["Latency", "object"]),
        (json!({ "Since": "now" }), vec!["Since", "moment"]),
        (
            json!({ "Since": "2026-11-24 16:00:01" }),
            vec!["Since", "still to come"],
        ),
        (
            command(json!({ "Cmd": "GET" })),
            vec!["Commands[0].Cmd", "small letters"],
        ),
        (command(json!({ "Cmd": "get x" })), vec!["Commands[0].Cmd"]),
        (command(json!({ "Cmd": "" })), vec!["Commands[0].Cmd"]),
        (command(json!({ "PerMinute": 0 })), vec!["Commands[0].PerMinute", "1"]),
        (
            command(json!({ "PerMinute": null })),
            vec!["Commands[0].PerMinute", "EveryMinutes"],
        ),
        (
            command(json!({ "EveryMinutes": 2 })),
            vec!["Commands[0].PerMinute", "one of them"],
        ),
        (command(json!({ "Micros": -5 })), vec!["Commands[0].Micros"]),
        (command(json!({ "Micros": null })), vec!["Commands[0].Micros"]),
        (
            command(json!({ "ProxyMicros": 4 })),
            vec!["Commands[0].ProxyMicros", "Micros"],
        ),
        (command(json!({ "Role": "replica" })), vec!["Commands[0].Role", "slave"]),
        (
            command(json!({ "Role": "slave" })),
            vec!["Commands[0].Role", "no replica"],
        ),
        (
            json!({ "Commands": command(json!({}))["Commands"], "Writes": 1 }),
            vec!["Writes", "Commands"],
        ),
        (
            json!({ "Commands": command(json!({}))["Commands"], "Latency": {} }),
            vec!["Latency", "Commands"],
        ),
        (
            event(json!({ "At": "2026-11-24 15:59:59" })),
            vec!["Events[0].At", "made"],
        ),
        (event(json!({ "Shard": 0 })), vec!["Events[0].Shard"]),
        (event(json!({ "Shard": 2 })), vec!["Events[0].Shard", "1"]),
        (event(json!({ "Client": "10.0.0.5" })), vec!["Events[0].Client", "port"]),
        (
            event(json!({ "PerMinute": 2 })),
            vec!["Events[0].PerMinute", "no such key"],
        ),
        (
            json!({ "Keys": vec![&key("hash")["Keys"][0]; 10_001] }),
            vec!["Keys", "10001", "10000"],
        ),
        (
            json!({ "Commands": vec![&command(json!({}))["Commands"][0]; 1_001] }),
            vec!["Commands", "1001"],
        ),
        (key("stream"), vec!["Keys[0].Type", "zset"]),
        (key("hash"), vec!["Keys", "3 times a minute"]),
        (
            json!({ "Clients": [{ "Ip": "home", "Conns": 1 }] }),
            vec!["Clients[0].Ip"],
        ),
        (
            json!({ "Clients": [{ "Ip": "10.0.0.5" }] }),
            vec!["Clients[0].Conns", "missing"],
        ),
        (
            json!({ "Clients": [{ "Ip": "10.0.0.5", "Conns": 1, "Weight": 0 }] }),
            vec!["Clients[0].Weight"],
        ),
        (
            json!({ "Clients": [{ "Ip": "10.0.0.5", "Conns": 1 }, { "Ip": "10.0.0.5", "Conns": 2 }] }),
            vec!["Clients[1].Ip", "twice"],
        ),
    ]
}

#[tokio::test]
async fn a_wrong_workload_is_refused_where_it_is_wrong_and_changes_nothing() {
    // A single node: nobody is there to execute what is sent to replicas.
    let app = app_of(&json!({ "TypeId": 5, "Workload": { "Reads": 1 } }));
    for (workload, holds) in wrong() {
        refused(&app, ("PUT", WORKLOAD, &workload.to_string()), 400, &holds).await;
        if workload.is_object() {
            let change = json!({ "Workload": workload }).to_string();
            refused(&app, ("PATCH", INSTANCE, &change), 400, &holds[..1]).await;
        }
    }
    refused(&app, ("PUT", WORKLOAD, "{"), 400, &["the body"]).await;
    refused(
        &app,
        ("PUT", "/_crs/instances/crs-unknown0/workload", "{}"),
        404,
        &["crs-unknown0"],
    )
    .await;
    refused(
        &app,
        ("GET", "/_crs/instances/crs-unknown0/workload", ""),
        404,
        &["crs-unknown0"],
    )
    .await;
    refused(&app, ("PUT", &format!("{WORKLOAD}?Id=1"), "{}"), 400, &["AppId"]).await;
    refused(&app, ("PUT", &format!("{WORKLOAD}?AppId=7"), "{}"), 404, &["7"]).await;
    refused(&app, ("POST", WORKLOAD, "{}"), 405, &["GET, PUT"]).await;
}

#[tokio::test]
async fn a_past_that_contradicts_itself_is_refused() {
    let app = app_of(&json!({ "Createtime": "2026-11-20 00:00:00" }));
    let past = |entries: Value| json!({ "MemUsed": null, "MemHistory": entries });
    let good = json!([
        { "From": "2026-11-21 00:00:00", "MemUsed": 100.5, "MemSize": 512, "ClientLimit": 3_000, "MemGrowthMbPerHour": 1 },
        { "From": "2026-11-22 00:00:00", "MemUsed": 124.5 },
    ]);
    app.controlled("PATCH", INSTANCE, &past(good.clone()).to_string()).await;
    let asked = json!({ "StartTime": "2026-11-21 11:00:00", "EndTime": "2026-11-21 11:00:00", "Period": 3_600 });
    let points = ask(&app, "MemUtil", &asked).await["DataPoints"][0]["Values"].clone();
    assert_eq!(points, json!([21.973]), "112.5 of 512 MB at the end of that hour");
    let with = |at: usize, key: &str, value: Value| {
        let mut entries = good.clone();
        entries[at][key] = value;
        past(entries)
    };
    let place = |at: usize, key: &str| format!("MemHistory[{at}].{key}");
    for (at, key, value, holds) in [
        (1, "From", json!("2026-11-21 00:00:00"), "not after"),
        (1, "From", json!("2026-11-24 16:00:01"), "to come"),
        (0, "From", json!("soon"), "moment"),
        (0, "MemUsed", json!(513), "512"),
        (0, "MemUsed", json!(-1), "memory"),
        (0, "MemSize", json!(0), ""),
        (0, "ShardSkew", json!(2), "0 to 1"),
        (1, "MemSize", json!(2_048), "present"),
        (1, "MemGrowthMbPerHour", json!(2), "present"),
        (0, "Size", json!(2), "no such key"),
    ] {
        let change = with(at, key, value).to_string();
        if key == "MemSize" && holds.is_empty() {
            refused(&app, ("PATCH", INSTANCE, &change), 400, &["MemHistory"]).await;
            continue;
        }
        refused(&app, ("PATCH", INSTANCE, &change), 400, &[&place(at, key), holds]).await;
    }
    let both = json!({ "MemUsed": 200, "MemHistory": good }).to_string();
    refused(&app, ("PATCH", INSTANCE, &both), 400, &["MemUsed", "MemHistory", "125"]).await;
}
