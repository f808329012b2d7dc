//! Cloud Monitor as a scaler and an exporter see it: points over the API, workloads by control calls and fixtures.

use crs_local::Config;
use crs_local::config::{Limit, Pace, RateLimits};
use serde_json::{Value, json};

use super::control::refused;
use super::gateway::request;
use super::harness::App;

const ID: &str = "crs-5qlrlhux";
const WORKLOAD: &str = "/_crs/instances/crs-5qlrlhux/workload";
const INSTANCE: &str = "/_crs/instances/crs-5qlrlhux";

mod asked;
mod stated;
mod told;

/// One instance of that kind, and whatever of it is stated, made at the moment at which the clock stands.
fn app_of(instance: &Value) -> App {
    let mut own = instance.clone();
    own["InstanceId"] = json!(ID);
    let fixture = json!({
        "Clock": { "Mode": "manual", "Now": "2026-11-24T08:00:00Z" },
        "Accounts": [{ "Instances": [own, { "InstanceId": "crs-beside00" }] }],
    });
    let config = Config {
        pace: Pace::Timed,
        rate_limit: RateLimits::from(Limit::Off),
        ..Config::default()
    };
    App::with_fixture(config, &fixture.to_string())
}

async fn call(app: &App, action: &str, input: &Value) -> Value {
    let version = match action {
        "GetMonitorData" | "DescribeBaseMetrics" => "2018-07-24",
        _ => "2018-04-12",
    };
    let text = format!("POST / HTTP/1.1\n{{USUAL}}\nX-TC-Action: {action}\nX-TC-Version: {version}\n\n{input}");
    app.call(&request(&text)).await.json()["Response"].clone()
}

async fn ask(app: &App, metric: &str, more: &Value) -> Value {
    let mut input = json!({ "Namespace": "QCE/REDIS_MEM", "MetricName": metric, "Period": 60,
        "Instances": [{ "Dimensions": [{ "Name": "instanceid", "Value": ID }] }] });
    let members = more.as_object().into_iter().flatten();
    members.for_each(|(name, value)| input[name] = value.clone());
    call(app, "GetMonitorData", &input).await
}

/// The newest value, as scripts read it.
async fn last(app: &App, metric: &str) -> Value {
    let answer = ask(app, metric, &json!({})).await;
    let values = answer["DataPoints"][0]["Values"].as_array();
    values.and_then(|values| values.last()).cloned().unwrap_or(answer)
}

async fn advance(app: &App, seconds: u64) {
    let body = json!({ "Seconds": seconds }).to_string();
    app.controlled("POST", "/_crs/clock/advance", &body).await;
}

async fn resize(app: &App, mem_mb: u64) -> String {
    let answer = call(app, "UpgradeInstance", &json!({ "InstanceId": ID, "MemSize": mem_mb })).await;
    answer["Error"]["Code"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_scaler_sees_memory_rise_resizes_and_sees_it_fall() {
    let app = app_of(&json!({ "MemUsed": 300 }));
    assert_eq!(last(&app, "MemUtil").await, 29.297);
    app.controlled("PUT", WORKLOAD, r#"{"MemGrowthMbPerHour":7200}"#).await;
    advance(&app, 60).await;
    assert_eq!(last(&app, "MemUtil").await, 41.016);
    advance(&app, 240).await;
    assert_eq!(last(&app, "MemUtil").await, 87.891);
    assert_eq!(resize(&app, 2_048).await, "");
    let shown = call(&app, "DescribeInstances", &json!({ "InstanceIds": [ID] })).await;
    assert_eq!(shown["InstanceSet"][0]["Status"], 1);
    assert_eq!(
        last(&app, "MemUtil").await,
        87.891,
        "until the flow is done the old room counts"
    );
    advance(&app, 2).await;
    assert_eq!(last(&app, "MemUtil").await, 44.141);
    let shown = app.controlled("GET", INSTANCE, "").await;
    assert_eq!((&shown["MemUsed"], &shown["MemSize"]), (&json!(904), &json!(2_048)));
    // What is there does not fit into what it had, by the same figure.
    assert_eq!(
        resize(&app, 1_024).await,
        "InvalidParameterValue.ReduceCapacityNotAllowed"
    );
    app.controlled("PUT", WORKLOAD, r#"{"MemGrowthMbPerHour":-7200}"#).await;
    advance(&app, 59).await;
    assert_eq!(last(&app, "MemUsed").await, 786);
    assert_eq!(resize(&app, 1_024).await, "");
    // A reset brings all of it back.
    app.reset();
    assert_eq!(last(&app, "MemUtil").await, 29.297);
}

#[tokio::test]
async fn a_full_instance_stays_full_and_its_writes_fail() {
    let workload = json!({ "MemGrowthMbPerHour": 7200, "Writes": 50, "Since": "2026-11-24 16:00:00" });
    let app = app_of(&json!({ "MemUsed": 300, "Workload": workload }));
    advance(&app, 362).await;
    assert_eq!(last(&app, "MemUtil").await, 100);
    advance(&app, 86_400).await;
    assert_eq!(last(&app, "MemUtil").await, 100);
    let asked = json!({ "StartTime": "2026-11-24 16:06:00", "EndTime": "2026-11-24 16:07:00" });
    let errors = ask(&app, "CmdErr", &asked).await;
    assert_eq!(errors["DataPoints"][0]["Values"], json!([58 * 50, 60 * 50]));
}

#[tokio::test]
async fn a_snapshot_tells_the_same_past_and_goes_on_alike() {
    let workload = json!({ "MemGrowthMbPerHour": 1_234.5, "Reads": 10, "Since": "2026-11-24 16:00:00" });
    let app = app_of(&json!({ "MemUsed": 300, "Workload": workload }));
    advance(&app, 1_111).await;
    assert_eq!(resize(&app, 4_096).await, "");
    call(&app, "DescribeInstances", &json!({ "InstanceIds": [ID] })).await;
    advance(&app, 777).await;
    app.controlled("PATCH", INSTANCE, r#"{"ClientLimit":20000}"#).await;
    advance(&app, 99).await;
    let state = app.controlled("GET", "/_crs/state", "").await;
    let instances = state["Accounts"][0]["Instances"].as_array().expect("a list");
    let own = instances.iter().find(|of| of["InstanceId"] == ID).expect("it is there");
    assert_eq!(own["MemHistory"].as_array().map(Vec::len), Some(3), "{own:#}");
    assert_eq!(own["Workload"]["MemGrowthMbPerHour"], 1_234.5);
    let beside = instances.iter().find(|of| of["InstanceId"] == "crs-beside00");
    let keys = beside.and_then(Value::as_object).expect("it is there");
    assert!(
        !keys.contains_key("MemHistory") && !keys.contains_key("Workload"),
        "{keys:?}"
    );
    let second = App::start();
    second.controlled("PUT", "/_crs/state", &state.to_string()).await;
    assert_eq!(second.controlled("GET", "/_crs/state", "").await, state);
    for app in [&app, &second] {
        advance(app, 50).await;
    }
    for metric in ["MemUtil", "MemUsed", "ConnectionsUtil", "CmdHits"] {
        let points = ask(&app, metric, &json!({ "Period": 5 })).await["DataPoints"].clone();
        assert!(
            points[0]["Values"].as_array().is_some_and(|values| values.len() > 300),
            "{points}"
        );
        assert_eq!(
            ask(&second, metric, &json!({ "Period": 5 })).await["DataPoints"],
            points,
            "{metric}"
        );
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_is_a_past_that_goes_on_from_there() {
    let app = app_of(&json!({ "MemUsed": 300 }));
    advance(&app, 600).await;
    app.controlled("PATCH", INSTANCE, r#"{"MemUsed":800}"#).await;
    let back = json!({ "Mode": "manual", "Now": "2026-11-24T08:05:00Z" }).to_string();
    app.controlled("PUT", "/_crs/clock", &back).await;
    assert_eq!(last(&app, "MemUsed").await, 800);
    let points = ask(&app, "MemUsed", &json!({})).await["DataPoints"][0]["Values"].clone();
    assert_eq!(points, json!([300, 300, 300, 300, 300, 800]));
    let state = app.controlled("GET", "/_crs/state", "").await;
    app.controlled("PUT", "/_crs/state", &state.to_string()).await;
    assert_eq!(app.controlled("GET", "/_crs/state", "").await, state);
}

#[tokio::test]
async fn what_outgrows_a_change_to_less_is_cut_off_at_its_end() {
    let app = app_of(&json!({ "MemSize": 4_096, "MemUsed": 700, "Workload": { "MemGrowthMbPerHour": 3_600_000 } }));
    assert_eq!(resize(&app, 1_024).await, "");
    // At once, so that nothing has ended by then.
    let later = json!({ "Mode": "manual", "Now": "2026-11-24T08:00:00.900Z" }).to_string();
    app.controlled("PUT", "/_crs/clock", &later).await;
    for ended in [false, true] {
        let state = app.controlled("GET", "/_crs/state", "").await;
        assert_eq!(state["Accounts"][0].get("Flows").is_none(), ended);
        app.controlled("PUT", "/_crs/state", &state.to_string()).await;
        assert_eq!(app.controlled("GET", "/_crs/state", "").await, state);
        advance(&app, 2).await;
    }
    let shown = app.controlled("GET", INSTANCE, "").await;
    assert_eq!((&shown["MemUsed"], &shown["MemSize"]), (&json!(1_024), &json!(1_024)));
    assert_eq!(last(&app, "MemUtil").await, 100);
}

/// The ids that the metrics take are those of the one list of nodes.
#[tokio::test]
async fn nodes_and_proxies_are_asked_by_their_ids() {
    let workload = json!({ "Reads": 8_000, "ShardSkew": 0.4, "Connections": 50, "Since": "2026-11-24 16:00:00" });
    let app = app_of(&json!({ "TypeId": 7, "RedisShardNum": 3, "MemUsed": 900, "Workload": workload }));
    advance(&app, 120).await;
    let of = |id: &str, kind: &str| {
        let dimensions = json!([{ "Name": kind, "Value": id }, { "Name": "instanceid", "Value": ID }]);
        json!({ "Instances": [{ "Dimensions": dimensions }] })
    };
    let (redis, proxies) = ids(&app).await;
    assert_eq!((redis.len(), proxies.len()), (6, 5));
    let mut reads = 0.0;
    for id in &redis {
        let answer = ask(&app, "CmdReadNode", &of(id, "rnodeid")).await;
        assert_eq!(
            answer["DataPoints"][0]["Dimensions"][0],
            json!({ "Name": "rnodeid", "Value": id })
        );
        reads += answer["DataPoints"][0]["Values"][0].as_f64().expect("a number");
    }
    assert_eq!(reads, 8_000.0);
    // How far each shard is from the mean, in percent to two places.
    let told = call(&app, "DescribeInstanceShards", &json!({ "InstanceId": ID })).await;
    let rows = told["InstanceShards"].as_array().expect("a list");
    let held: Vec<_> = rows.iter().map(|row| row["Storage"].as_f64().unwrap()).collect();
    let mean = held.iter().sum::<f64>() / held.len() as f64;
    for (row, held) in rows.iter().zip(held) {
        let slope = row["StorageSlope"].as_f64().unwrap();
        assert!(
            slope != 0.0 && (slope - (held / mean - 1.0) * 100.0).abs() < 0.006,
            "{row}"
        );
    }
    for id in &proxies {
        let answer = ask(&app, "ConnectionsProxy", &of(id, "pnodeid")).await;
        assert_eq!(answer["DataPoints"][0]["Values"], json!([10, 10, 10]));
    }
    let other = ask(&app, "CmdReadNode", &of(&proxies[0], "rnodeid")).await;
    assert_eq!(other["Error"]["Code"], "InvalidParameterValue");
    // A resize keeps the nodes that stay; another edition has others.
    let grow = json!({ "InstanceId": ID, "MemSize": 1_024, "RedisShardNum": 5 });
    assert!(call(&app, "UpgradeInstance", &grow).await["Error"].is_null());
    advance(&app, 60).await;
    let (more, _) = ids(&app).await;
    assert!(more.len() == 10 && redis.iter().all(|id| more.contains(id)));
}

/// Seven days of an audit log stand in the dear storage, those before in the cheap one.
#[tokio::test]
async fn an_audit_log_takes_what_both_storages_hold() {
    let commands = json!([{ "Cmd": "get", "Line": "get a", "Micros": 100, "PerMinute": 60 }]);
    let app = app_of(&json!({ "TypeId": 8, "Createtime": "2026-11-01 00:00:00",
        "Workload": { "Commands": commands, "Since": "2026-11-01 00:00:00" },
        "AuditLog": { "CreateAt": "2026-11-04 16:00:00" } }));
    let list = json!({ "LogType": "audit", "LogSwitch": "on" });
    let told = call(&app, "DescribeLogInstanceList", &list).await;
    let [high, low, both] = ["HighStorage", "LowStorage", "LogStorage"].map(|key| told["Items"][0][key].as_f64());
    // 60 a minute, of 256 bytes: 147.6 MB in seven days, 274.2 in the thirteen before.
    assert_eq!((high, low, both), (Some(147.6), Some(274.2), Some(421.8)), "{told}");
}

/// The ids of the Redis nodes and of the proxies, as the list of nodes tells them.
async fn ids(app: &App) -> (Vec<String>, Vec<String>) {
    let answer = call(
        app,
        "DescribeInstanceNodeInfo",
        &json!({ "InstanceId": ID, "Limit": 100 }),
    )
    .await;
    let of = |list: &str| {
        let rows = answer[list].as_array().expect("a list").iter();
        rows.map(|row| row["NodeId"].as_str().expect("an id").to_owned())
            .collect()
    };
    (of("Redis"), of("Proxy"))
}
