//! What the reads of a workload tell: figures worked out by hand, and what must hold between any two of them.

use crs_local::cloud::time;

use super::*;

/// The moment of the tests as these reads write times.
const NOW: &str = "2026-11-24 16:00:00";
const DAY: &str = "2026-11-24";

/// A workload of whose figures the answers below are worked out.
fn example() -> Value {
    json!({
        "Since": "2026-11-01 00:00:00",
        "Commands": [
            { "Cmd": "get", "PerMinute": 5990, "Micros": 250 },
            { "Cmd": "get", "PerMinute": 10, "Micros": 12000, "Line": "get session:{n}" },
            { "Cmd": "hset", "PerMinute": 600, "Micros": 400 },
            { "Cmd": "keys", "EveryMinutes": 10, "Micros": 240000, "Line": "keys user:*", "Role": "slave" },
        ],
        "Keys": [
            { "Key": "user:1", "Type": "hash", "Bytes": 12_582_912, "PerMinute": 900 },
            { "Key": "page", "Type": "string", "Bytes": 2_097_152, "PerMinute": 300 },
            { "Key": "page:2", "Type": "string", "Bytes": 10 },
        ],
        "Clients": [{ "Ip": "10.0.0.5", "Conns": 12, "Weight": 2 }, { "Ip": "10.0.0.6", "Conns": 3 }],
    })
}

fn app_with(workload: &Value, more: Value) -> App {
    let mut own = json!({ "TypeId": 7, "RedisShardNum": 3, "RedisReplicasNum": 1,
        "Createtime": "2026-11-01 00:00:00", "Workload": workload });
    let more = more.as_object().expect("keys").clone();
    more.into_iter().for_each(|(key, value)| own[key] = value);
    app_of(&own)
}

async fn read(app: &App, action: &str, more: Value) -> Value {
    let mut input = json!({ "InstanceId": ID });
    let more = more.as_object().expect("members").clone();
    more.into_iter().for_each(|(name, value)| input[name] = value);
    let answer = call(app, action, &input).await;
    assert_eq!(answer["Error"], Value::Null, "{action} {input}");
    answer
}

async fn data(app: &App, action: &str, more: Value) -> Vec<Value> {
    let answer = read(app, &format!("DescribeInstanceMonitor{action}"), more).await;
    answer["Data"].as_array().expect("a list").clone()
}

fn sum(rows: &[Value], member: &str) -> i64 {
    rows.iter().map(|row| row[member].as_i64().expect("a number")).sum()
}

/// Two members of each row.
fn pairs(rows: &[Value], one: &str, other: &str) -> Value {
    rows.iter().map(|row| json!([row[one], row[other]])).collect()
}

fn moment(text: &str) -> i64 {
    time::read(text).expect("a time")
}

/// What a log of those rows has between so many seconds ago and so many.
async fn log(app: &App, action: &str, ago_s: (i64, i64), more: Value) -> Value {
    let at = |ago_s: i64| time::show(moment(NOW) - ago_s * 1_000);
    let mut input = json!({ "BeginTime": at(ago_s.0), "EndTime": at(ago_s.1) });
    let more = more.as_object().expect("members").clone();
    more.into_iter().for_each(|(name, value)| input[name] = value);
    read(app, action, input).await
}

async fn slow(app: &App, ago_s: (i64, i64), more: Value) -> i64 {
    let answer = log(app, "DescribeSlowLog", ago_s, more).await;
    answer["TotalCount"].as_i64().expect("a number")
}

#[tokio::test]
async fn commands_are_told_by_span() {
    let app = app_with(&example(), json!({}));
    let by_span = |span: i64| json!({ "SpanType": span });
    let counts = |rows: Vec<Value>| pairs(&rows, "Cmd", "Count");
    let half_hour = counts(data(&app, "TopNCmd", by_span(2)).await);
    assert_eq!(half_hour, json!([["get", 180_000], ["hset", 18_000], ["keys", 3]]));
    let minute = counts(data(&app, "TopNCmd", by_span(1)).await);
    assert_eq!(minute, json!([["get", 6_000], ["hset", 600]]));
    let day = counts(data(&app, "TopNCmd", by_span(4)).await);
    assert_eq!(day, json!([["get", 8_640_000], ["hset", 864_000], ["keys", 144]]));
    let took = data(&app, "TopNCmdTook", by_span(2)).await;
    assert_eq!(
        pairs(&took, "Cmd", "Took"),
        json!([["get", 48_525], ["hset", 7_200], ["keys", 720]])
    );
    let hot = data(&app, "HotKey", by_span(3)).await;
    let wanted = json!([["user:1", 324_000], ["page", 108_000]]);
    assert_eq!(pairs(&hot, "Key", "Count"), wanted);
    assert_eq!(hot[0]["Type"], "hash");
    let sources = data(&app, "SIP", json!({})).await;
    let wanted = json!([{ "Ip": "10.0.0.5", "Conn": 12, "Cmd": 4_400 }, { "Ip": "10.0.0.6", "Conn": 3, "Cmd": 2_200 }]);
    assert_eq!(json!(sources), wanted);
}

#[tokio::test]
async fn what_executions_take_is_told_of_any_day() {
    let app = app_with(&example(), json!({}));
    let took = |date: &'static str, span: i64| data(&app, "TookDist", json!({ "Date": date, "SpanType": span }));
    let today = took(DAY, 2).await;
    let wanted = json!([[1, 197_700], [5, 0], [10, 0], [50, 300], [200, 0], [-1, 3]]);
    assert_eq!(pairs(&today, "Ladder", "Size"), wanted);
    assert!(today.iter().all(|rung| rung["Updatetime"] == moment(NOW) / 1_000));
    let earlier = took("20261123", 4).await;
    assert_eq!(pairs(&earlier, "Ladder", "Size")[5], json!([-1, 144]));
    assert_eq!(earlier[0]["Updatetime"], moment("2026-11-24 00:00:00") / 1_000);
    for none in ["2026-11-25", "2026-10-31"] {
        let rungs = took(none, 4).await;
        assert_eq!((rungs.len(), sum(&rungs, "Size")), (6, 0), "{none}");
    }
    // The first day has a last hour, and the day before has none.
    assert_eq!(sum(&took("2026-11-01", 2).await, "Size"), 198_003);
}

#[tokio::test]
async fn keys_are_told_by_day() {
    let app = app_with(&example(), json!({}));
    let of = |kind: i64, date: &str| data(&app, "BigKey", json!({ "ReqType": kind, "Date": date.to_owned() }));
    let midnight = moment("2026-11-24 00:00:00") / 1_000;
    let all = of(2, DAY).await;
    let first = json!({ "DB": 0, "Key": "user:1", "Type": "hash", "Size": 12_582_912, "Updatetime": midnight });
    assert_eq!(all[0], first);
    assert_eq!(
        pairs(&all, "Key", "Size"),
        json!([["user:1", 12_582_912], ["page", 2_097_152], ["page:2", 10]])
    );
    assert_eq!(
        pairs(&of(1, "20261124").await, "Key", "Type"),
        json!([["page", "string"], ["page:2", "string"]])
    );
    let types = data(&app, "BigKeyTypeDist", json!({ "Date": DAY })).await;
    let row = |kind: &str, count: i64, size: i64| {
        let at = if count == 0 { 0 } else { midnight };
        json!({ "Type": kind, "Count": count, "Size": size, "Updatetime": at })
    };
    let wanted = json!([
        row("string", 2, 2_097_162),
        row("list", 0, 0),
        row("set", 0, 0),
        row("zset", 0, 0),
        row("hash", 1, 12_582_912)
    ]);
    assert_eq!(json!(types), wanted);
    let sizes = data(&app, "BigKeySizeDist", json!({ "Date": DAY })).await;
    let wanted = json!([[1, 1], [5, 1], [10, 0], [50, 1], [200, 0], [-1, 0]]);
    assert_eq!(pairs(&sizes, "Ladder", "Size"), wanted);
    for none in ["2026-10-31", "2026-11-25"] {
        assert_eq!(of(2, none).await, Vec::<Value>::new());
        let types = data(&app, "BigKeyTypeDist", json!({ "Date": none })).await;
        assert_eq!(
            (types.len(), sum(&types, "Count"), sum(&types, "Updatetime")),
            (5, 0, 0)
        );
    }
}

#[tokio::test]
async fn slow_logs_are_filtered_sorted_and_paged() {
    let app = app_with(&example(), json!({}));
    let hour = (3_600, 1);
    assert_eq!(slow(&app, hour, json!({})).await, 606);
    assert_eq!(slow(&app, hour, json!({ "MinQueryTime": 200 })).await, 6);
    assert_eq!(slow(&app, hour, json!({ "Role": "slave" })).await, 6);
    assert_eq!(slow(&app, hour, json!({ "Role": "master" })).await, 600);
    assert_eq!(slow(&app, hour, json!({ "MinQueryTime": 241 })).await, 0);
    assert_eq!(slow(&app, (86_400, 1), json!({ "MinQueryTime": 200 })).await, 144);
    // More than can be shown: the number alone.
    let all = log(&app, "DescribeSlowLog", (86_400, 1), json!({})).await;
    assert_eq!(
        (&all["TotalCount"], &all["InstanceSlowLogDetail"]),
        (&json!(14_544), &json!([]))
    );
    // By the second, and in one second the longest first. Both names of the list have the same rows.
    let first = log(&app, "DescribeSlowLog", hour, json!({ "Limit": 3 })).await;
    assert_eq!(first["InstanceSlowLogDetail"], first["InstanceSlowlogDetail"]);
    let rows = first["InstanceSlowLogDetail"].as_array().expect("a list");
    let told = |row: &Value| json!([row["ExecuteTime"], row["Duration"], row["Command"], row["CommandLine"]]);
    let since = 23 * 24 * 60 + 15 * 60;
    let wanted = json!([
        ["2026-11-24 15:00:00", 240, "keys", "keys user:*"],
        ["2026-11-24 15:00:00", 12, "get", format!("get session:{}", since * 10)],
        [
            "2026-11-24 15:00:06",
            12,
            "get",
            format!("get session:{}", since * 10 + 1)
        ],
    ]);
    assert_eq!(rows.iter().map(told).collect::<Value>(), wanted);
    // Two of three turns are the first client's.
    let turn = since * 10 % 3;
    assert_eq!(rows[1]["Client"], if turn < 2 { "10.0.0.5" } else { "10.0.0.6" });
    let mut paged = Vec::new();
    for offset in (0..620).step_by(20) {
        let page = log(&app, "DescribeSlowLog", hour, json!({ "Offset": offset })).await;
        assert_eq!(page["TotalCount"], 606);
        paged.extend(page["InstanceSlowLogDetail"].as_array().expect("a list").clone());
    }
    assert_eq!(paged.len(), 606);
    assert_eq!(paged[..3], rows[..]);
    assert!(paged.is_sorted_by_key(|row| row["ExecuteTime"].as_str().map(str::to_owned)));
    let whole = log(&app, "DescribeSlowLog", hour, json!({ "Limit": 100, "Offset": 500 })).await;
    assert_eq!(whole["InstanceSlowLogDetail"], json!(paged[500..600]));
}

#[tokio::test]
async fn both_ends_of_a_query_count_and_what_is_to_come_or_long_over_does_not() {
    let events = json!({ "Events": [
        { "At": "2026-11-09 15:59:59.999", "Cmd": "a", "Micros": 20000 },
        { "At": "2026-11-09 16:00:00", "Cmd": "b", "Micros": 20000 },
        { "At": "2026-11-24 15:30:00", "Cmd": "c", "Micros": 20000, "Client": "10.0.0.7:40112", "Shard": 2 },
        { "At": "2026-11-24 15:30:00.999", "Cmd": "d", "Micros": 30000 },
        { "At": "2026-11-24 16:00:00", "Cmd": "e", "Micros": 20000 },
    ] });
    let app = app_with(&events, json!({}));
    let of = |begin: &str, end: &str| json!({ "BeginTime": begin, "EndTime": end });
    let words = |answer: &Value| {
        let rows = answer["InstanceSlowLogDetail"].as_array().expect("a list");
        rows.iter()
            .map(|row| row["Command"].as_str().unwrap_or_default().to_owned())
            .collect::<String>()
    };
    let second = of("2026-11-24 15:30:00", "2026-11-24 15:30:00");
    let found = read(&app, "DescribeSlowLog", second).await;
    assert_eq!(words(&found), "dc", "the longer one first");
    assert_eq!(found["InstanceSlowLogDetail"][1]["Client"], "10.0.0.7");
    let all = of("2026-11-01 00:00:00", "2026-11-30 00:00:00");
    assert_eq!(words(&read(&app, "DescribeSlowLog", all.clone()).await), "bdc");
    advance(&app, 1).await;
    assert_eq!(words(&read(&app, "DescribeSlowLog", all).await), "dce");
}

#[tokio::test]
async fn logs_go_by_the_parameters_as_they_were() {
    let workload = json!({ "Commands": [{ "Cmd": "get", "PerMinute": 1, "Micros": 8000, "ProxyMicros": 600000 }] });
    let app = app_with(&workload, json!({}));
    assert_eq!(slow(&app, (3_600, 1), json!({})).await, 0);
    let proxied = log(&app, "DescribeProxySlowLog", (3_600, 1), json!({ "Limit": 1 })).await;
    assert_eq!(proxied["TotalCount"], 60);
    assert_eq!(proxied["InstanceProxySlowLogDetail"][0]["Duration"], 600);
    let change =
        |name: &str, value: &str| json!({ "InstanceId": ID, "InstanceParams": [{ "Key": name, "Value": value }] });
    for (name, value) in [
        ("slowlog-log-slower-than", "5"),
        ("proxy-slowlog-log-slower-than", "1000"),
    ] {
        let done = call(&app, "ModifyInstanceParams", &change(name, value)).await;
        assert_eq!(done["Error"], Value::Null);
        app.controlled("POST", "/_crs/flows/drain", "").await;
    }
    advance(&app, 600).await;
    assert_eq!(slow(&app, (3_600, -600), json!({})).await, 10, "since the change");
    let proxied = log(&app, "DescribeProxySlowLog", (3_600, -600), json!({})).await;
    assert_eq!(proxied["TotalCount"], 60, "until the change");
    // Cloud Monitor counts the same.
    let more = json!({ "Period": 3600, "StartTime": "2026-11-24 15:00:00" });
    let points = ask(&app, "CmdSlow", &more).await;
    assert_eq!(points["DataPoints"][0]["Values"], json!([0, 10]));
}

#[tokio::test]
async fn every_edition_keeps_the_logs_that_it_has() {
    for (type_id, kernel, proxy, tendis, client) in [
        (2, 60, 0, 0, ""),
        (3, 60, 0, 0, ""),
        (15, 60, 60, 0, "10.0.0.9"),
        (13, -1, 0, 60, ""),
    ] {
        let app = app_of(
            &json!({ "TypeId": type_id, "Createtime": "2026-11-01 00:00:00", "Workload": {
            "Commands": [{ "Cmd": "eval", "PerMinute": 1, "Micros": 700000 }],
            "Clients": [{ "Ip": "10.0.0.9", "Conns": 1 }],
        } }),
        );
        let input = json!({ "InstanceId": ID, "BeginTime": "2026-11-24 15:00:00", "EndTime": "2026-11-24 15:59:59" });
        for (action, wanted) in [
            ("DescribeSlowLog", kernel),
            ("DescribeProxySlowLog", proxy),
            ("DescribeTendisSlowLog", tendis),
        ] {
            let answer = call(&app, action, &input).await;
            if wanted < 0 {
                assert_eq!(
                    answer["Error"]["Code"], "InvalidParameterValue.UnSupportedType",
                    "{type_id}"
                );
                continue;
            }
            assert_eq!(answer["TotalCount"], wanted, "{type_id} {action}");
            if action == "DescribeSlowLog" {
                assert_eq!(answer["InstanceSlowLogDetail"][0]["Client"], client, "{type_id}");
            }
        }
    }
}

#[tokio::test]
async fn an_instance_of_which_nothing_is_stated_tells_nothing() {
    let app = app_of(&json!({ "Createtime": "2026-11-01 00:00:00" }));
    for action in ["TopNCmd", "TopNCmdTook", "HotKey"] {
        assert_eq!(
            data(&app, action, json!({ "SpanType": 4 })).await,
            Vec::<Value>::new(),
            "{action}"
        );
    }
    assert_eq!(data(&app, "SIP", json!({})).await, Vec::<Value>::new());
    assert_eq!(
        data(&app, "BigKey", json!({ "ReqType": 2, "Date": DAY })).await,
        Vec::<Value>::new()
    );
    let took = data(&app, "TookDist", json!({ "Date": DAY, "SpanType": 4 })).await;
    assert_eq!((took.len(), sum(&took, "Size")), (6, 0));
    assert_eq!(slow(&app, (86_400, 0), json!({})).await, 0);
}

/// Workloads of every kind that the laws below are held against.
fn several() -> Vec<(Value, Value)> {
    let mut rare = example();
    rare["Since"] = json!("2026-11-24 15:37:00");
    rare["Clients"] =
        json!([1, 2, 3].map(|number| json!({ "Ip": format!("10.0.0.{number}"), "Conns": 1, "Weight": 3 })));
    rare["Events"] = json!([
        { "At": "2026-11-24 15:59:30", "Cmd": "flushall", "Micros": 812_000, "ProxyMicros": 830_000 },
        { "At": "2026-11-24 10:00:00.250", "Cmd": "get", "Micros": 60_000 },
        { "At": "2026-11-23 15:59:59.999", "Cmd": "set", "Micros": 999_999 },
    ]);
    let alone = json!({ "Commands": [{ "Cmd": "set", "PerMinute": 7, "Micros": 199_999 }, { "Cmd": "del", "PerMinute": 61_003, "Micros": 1_000 }] });
    vec![
        (example(), json!({})),
        (rare.clone(), json!({})),
        (rare, json!({ "TypeId": 8, "RedisShardNum": 1, "RedisReplicasNum": 2 })),
        (alone, json!({ "RedisShardNum": 5 })),
        (json!({ "PerMinute": 60_000 }), json!({})),
        (json!({ "PerMinute": 7 }), json!({})),
        (
            json!({ "PerMinute": 1_000 }),
            json!({ "MemUsed": 3, "RedisReplicasNum": 2 }),
        ),
        (
            json!({ "PerMinute": 1_000, "Since": "2026-11-24 15:59:00" }),
            json!({ "MemUsed": 0 }),
        ),
    ]
}

#[tokio::test]
async fn what_is_told_agrees_to_the_unit() {
    for (workload, more) in several() {
        let app = app_with(&workload, more);
        for passed_s in [0, 61, 3_000] {
            advance(&app, passed_s).await;
            agrees(&app, passed_s).await;
        }
    }
}

async fn agrees(app: &App, passed_s: u64) {
    let clock = app.controlled("GET", "/_crs/clock", "").await;
    let now = clock["Now"].as_str().and_then(time::read_iso).expect("a time");
    let minute = now - now.rem_euclid(60_000);
    let today = time::show_date(now);
    let mut before = serde_json::Map::new();
    for span in 1..=4 {
        let counts = data(app, "TopNCmd", json!({ "SpanType": span })).await;
        let took = data(app, "TookDist", json!({ "SpanType": span, "Date": today })).await;
        assert_eq!(
            sum(&counts, "Count"),
            sum(&took, "Size"),
            "1: commands and what they take, {span}"
        );
        let hot = data(app, "HotKey", json!({ "SpanType": span })).await;
        assert!(sum(&hot, "Count") <= sum(&counts, "Count"), "6: hot keys, {span}");
        let longer = counts
            .iter()
            .map(|row| (row["Cmd"].as_str().unwrap_or_default().to_owned(), row["Count"].clone()));
        let longer: serde_json::Map<String, Value> = longer.collect();
        for (word, count) in before {
            assert!(
                count.as_i64() <= longer.get(&word).and_then(Value::as_i64),
                "2: {word} in {span}"
            );
        }
        before = longer;
    }
    let counts = data(app, "TopNCmd", json!({ "SpanType": 1 })).await;
    let sources = data(app, "SIP", json!({})).await;
    if !sources.is_empty() {
        assert_eq!(sum(&sources, "Cmd"), sum(&counts, "Count"), "3: clients");
    }
    // Cloud Monitor tells the same commands, a second, of that minute.
    let at = |at: i64| time::show(at);
    let span = json!({ "StartTime": at(minute - 60_000), "EndTime": at(minute - 60_000) });
    let rate = &ask(app, "Commands", &span).await["DataPoints"][0]["Values"][0];
    let per_minute = rate.as_f64().expect("a rate") * 60.0;
    // Commands that come once in some minutes are spread over them there.
    assert!(
        (per_minute - sum(&counts, "Count") as f64).abs() <= 1.5,
        "{per_minute} {counts:?} {passed_s}"
    );
    let took = data(app, "TookDist", json!({ "SpanType": 4, "Date": today })).await;
    let on = |rung: usize| took[rung]["Size"].as_i64().expect("a number");
    let of = |least: i64| json!({ "BeginTime": at(minute - 86_400_000), "EndTime": at(minute - 1_000), "MinQueryTime": least });
    for (least, wanted) in [(200, on(5)), (50, on(4) + on(5))] {
        let log = read(app, "DescribeSlowLog", of(least)).await;
        assert_eq!(log["TotalCount"], wanted, "4: slow log from {least} ms on");
    }
    let slow = ask(
        app,
        "CmdSlow",
        &json!({ "Period": 3600, "StartTime": at(now - 7_200_000) }),
    )
    .await;
    let point = |list: &str| slow["DataPoints"][0][list].as_array().expect("a list").clone();
    for (begin, count) in point("Timestamps").into_iter().zip(point("Values")) {
        let begin = begin.as_i64().expect("seconds") * 1_000;
        let end = now.min(begin + 3_600_000) - 1;
        if end < begin {
            assert_eq!(count, 0, "nothing of it has passed");
            continue;
        }
        let log = read(
            app,
            "DescribeSlowLog",
            json!({ "BeginTime": at(begin), "EndTime": at(end) }),
        )
        .await;
        assert_eq!(log["TotalCount"], count, "CmdSlow from {begin}");
    }
    let types = data(app, "BigKeyTypeDist", json!({ "Date": today })).await;
    let sizes = data(app, "BigKeySizeDist", json!({ "Date": today })).await;
    let keys = data(app, "BigKey", json!({ "Date": today, "ReqType": 2 })).await;
    assert_eq!(sum(&types, "Count"), sum(&sizes, "Size"), "5: types and sizes");
    assert_eq!(
        (sum(&types, "Count"), sum(&types, "Size")),
        (keys.len() as i64, sum(&keys, "Size")),
        "5: keys"
    );
    let held = last(app, "MemUsed").await.as_f64().expect("a figure") * f64::from(1 << 20);
    assert!(sum(&keys, "Size") as f64 <= held, "keys hold no more than is in use");
    let (redis, proxies) = ids(app).await;
    let known = [redis, proxies].concat();
    // Shards hold together what the instance holds; a standard one has none that are told.
    let shards = call(app, "DescribeInstanceShards", &json!({ "InstanceId": ID })).await;
    if let Some(shards) = shards["InstanceShards"].as_array() {
        let masters: Vec<Value> = shards.iter().filter(|row| row["Slots"] != "[]").cloned().collect();
        assert_eq!(last(app, "Keys").await, sum(&masters, "Keys"), "keys of shards");
        assert_eq!(held as i64, sum(&masters, "Storage"), "bytes of shards");
    } else {
        let shown = app.controlled("GET", INSTANCE, "").await;
        assert_eq!(shown["TypeId"], 8, "{shards}");
    }
    for (action, list) in [
        ("DescribeSlowLog", "InstanceSlowLogDetail"),
        ("DescribeProxySlowLog", "InstanceProxySlowLogDetail"),
    ] {
        let log = read(
            app,
            action,
            json!({ "BeginTime": at(minute - 600_000), "EndTime": at(minute), "Limit": 100 }),
        )
        .await;
        for row in log[list].as_array().expect("a list") {
            assert!(known.iter().any(|id| row["Node"] == id.as_str()), "8: {row}");
        }
    }
}
