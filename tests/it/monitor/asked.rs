//! What is asked of Cloud Monitor, and in which form it is answered.

use super::*;
use crate::harness::NOW_MS;

#[tokio::test]
async fn an_answer_has_the_documented_form() {
    let app = app_of(&json!({ "MemUsed": 512 }));
    advance(&app, 3_600).await;
    let asked = json!({ "Period": null, "StartTime": "2026-11-24T16:10:23+08:00", "EndTime": "2026-11-24T08:20:23Z" });
    let answer = ask(&app, "MemUtil", &asked).await;
    let times: Vec<i64> = (0..3).map(|n| NOW_MS / 1_000 + 600 + n * 300).collect();
    let points = json!([{
        "Dimensions": [{ "Name": "instanceid", "Value": ID }],
        "Timestamps": times, "Values": [50, 50, 50],
        "MaxValues": null, "MinValues": null, "AvgValues": null,
    }]);
    assert_eq!(answer["DataPoints"], points);
    assert_eq!(
        (&answer["StartTime"], &answer["EndTime"]),
        (&json!("2026-11-24T16:10:00+08:00"), &json!("2026-11-24T16:20:00+08:00"))
    );
    assert_eq!(
        (&answer["Period"], &answer["Msg"], &answer["MetricName"]),
        (&json!(300), &json!(""), &json!("MemUtil"))
    );
    // By default, the hour before now; both ends count.
    let hour = ask(&app, "MemUtil", &json!({ "Period": null })).await;
    assert_eq!(hour["DataPoints"][0]["Values"].as_array().map(Vec::len), Some(13));
    let minutes = ask(&app, "MemUtil", &json!({})).await;
    assert_eq!(minutes["DataPoints"][0]["Values"].as_array().map(Vec::len), Some(61));
    let day = ask(&app, "MemUtil", &json!({ "Period": 86_400 })).await;
    assert_eq!(day["StartTime"], "2026-11-24T00:00:00+08:00");
    assert_eq!(day["DataPoints"][0]["Timestamps"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn statistics_are_those_that_are_asked_for() {
    let app = app_of(&json!({ "MemUsed": 300, "Workload": { "MemGrowthMbPerHour": 7_200 } }));
    advance(&app, 120).await;
    let of = async |bits: i64| {
        let asked = json!({ "SpecifyStatistics": bits, "EndTime": "2026-11-24 16:00:59" });
        ask(&app, "MemUsed", &asked).await["DataPoints"][0].clone()
    };
    let all = of(7).await;
    assert_eq!((&all["Values"], &all["MaxValues"]), (&json!([420]), &json!([420])));
    assert_eq!((&all["MinValues"], &all["AvgValues"]), (&json!([300]), &json!([360])));
    let most = of(2).await;
    assert!(most["MinValues"].is_null() && most["AvgValues"].is_null() && most["MaxValues"] == json!([420]));
    assert!(of(0).await["MaxValues"].is_null());
}

#[tokio::test]
async fn no_data_is_an_empty_list() {
    let app = app_of(&json!({ "TypeId": 3, "MemSize": 4_096, "MemUsed": 512 }));
    advance(&app, 300).await;
    let empty = |answer: &Value| {
        let point = &answer["DataPoints"][0];
        (&point["Timestamps"], &point["Values"]) == (&json!([]), &json!([]))
    };
    assert!(empty(&ask(&app, "MemUtil", &json!({})).await), "CKV is not watched so");
    let app = app_of(&json!({ "TypeId": 6 }));
    advance(&app, 300).await;
    assert!(empty(&ask(&app, "CmdHitsRatio", &json!({})).await), "nothing is read");
    let dimensions = |pairs: &[(&str, &str)]| {
        let pairs = pairs
            .iter()
            .map(|(name, value)| json!({ "Name": name, "Value": value }));
        json!({ "Instances": [{ "Dimensions": pairs.collect::<Vec<_>>() }] })
    };
    let of_word = dimensions(&[("command", "get"), ("instanceid", ID)]);
    assert!(empty(&ask(&app, "QpsCommand", &of_word).await), "a word without rows");
    for (metric, asked) in [
        ("DelaySeq", dimensions(&[("serialids", "1")])),
        (
            "GlobalDelayTime",
            dimensions(&[("groupid", "crs-rpl-1"), ("instancerepl", ID)]),
        ),
    ] {
        assert!(empty(&ask(&app, metric, &asked).await), "{metric}");
    }
    let mut old = dimensions(&[("instanceid", ID)]);
    old["Namespace"] = json!("QCE/REDIS");
    assert!(empty(&ask(&app, "StorageUsMin", &old).await), "switched off");
    let future = json!({ "StartTime": "2030-01-01T00:00:00Z", "EndTime": "2030-01-01T01:00:00Z" });
    assert!(
        empty(&ask(&app, "MemUtil", &future).await),
        "nothing is told of what is to come"
    );
}

#[tokio::test]
async fn the_list_of_metrics_is_what_an_exporter_reads() {
    let app = app_of(&json!({}));
    let list = async |input: Value| call(&app, "DescribeBaseMetrics", &input).await["MetricSet"].clone();
    let all = list(json!({ "Namespace": "qce/redis_mem" })).await;
    let all = all.as_array().expect("a list");
    assert_eq!(all.len(), 80);
    for metric in all {
        assert_eq!(metric["Namespace"], "QCE/REDIS_MEM");
        assert!(
            metric["Meaning"]["Zh"].as_str().is_some_and(|text| !text.is_empty()),
            "{metric}"
        );
        let periods = metric["Periods"].as_array().expect("a list");
        let numbers = periods.iter().map(|period| {
            period["Period"]
                .as_str()
                .expect("text")
                .parse::<i64>()
                .expect("a number")
        });
        assert_eq!(json!(numbers.collect::<Vec<_>>()), metric["Period"]);
        assert!(
            periods
                .iter()
                .all(|period| period["StatType"].as_array().map(Vec::len) == Some(1)),
            "{metric}"
        );
    }
    let named = list(json!({ "Namespace": "QCE/REDIS_MEM", "MetricName": "CmdErrProxy" })).await;
    assert_eq!(named[0]["Unit"], "Count/s");
    assert_eq!(
        named[0]["Dimensions"],
        json!([{ "Dimensions": ["instanceid", "pnodeid"] }])
    );
    let of_nodes = list(json!({ "Namespace": "QCE/REDIS_MEM", "Dimensions": ["rnodeid"] })).await;
    assert_eq!(of_nodes.as_array().map(Vec::len), Some(17));
    for none in [
        json!({ "Namespace": "QCE/REDIS" }),
        json!({ "Namespace": "QCE/CVM" }),
        json!({ "Namespace": "QCE/REDIS_MEM", "MetricName": "memutil" }),
    ] {
        assert_eq!(list(none.clone()).await, json!([]), "{none}");
    }
    // Whatever is listed for an instance alone can be asked.
    for metric in all
        .iter()
        .filter(|metric| metric["Dimensions"] == json!([{ "Dimensions": ["instanceid"] }]))
    {
        let name = metric["MetricName"].as_str().expect("text");
        assert!(ask(&app, name, &json!({})).await["Error"].is_null(), "{name}");
    }
}

/// The texts that clients look for.
#[tokio::test]
async fn refusals_have_the_texts_that_were_seen() {
    let app = app_of(&json!({}));
    let named =
        |name: &str, value: &str| json!({ "Instances": [{ "Dimensions": [{ "Name": name, "Value": value }] }] });
    let gone = "unauthorized operation or the instance has been destroyed";
    for (metric, asked, text) in [
        ("MemUtil", named("instanceid", "crs-unknown0"), gone),
        ("MemUtil", named("InstanceId", ID), gone),
        ("MemUtil", named("redis_uuid", ID), "Param dimensions error"),
        ("MemUsedNode", json!({}), "Param dimensions error"),
        ("MemUtil", json!({ "Period": 10 }), "there are no valid statistics type"),
        ("Mem", json!({}), "namespace(QCE/REDIS_MEM) or metricName(Mem) invalid"),
    ] {
        let error = ask(&app, metric, &asked).await["Error"].clone();
        assert_eq!(
            error,
            json!({ "Code": "InvalidParameterValue", "Message": text }),
            "{metric} {asked}"
        );
    }
}
