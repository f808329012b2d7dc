//! The services that clients of redis call beside it: monitor, region, tag, sts, and the zones that cvm and api tell.

use serde_json::{Value, json};

use super::{Row, Scene, call, held};
use crate::harness::App;

/// A row for each of their actions; see [`super::ROWS`].
pub(super) const ROWS: &[Row] = &[
    Row {
        action: "AssumeRole",
        inputs: |_| {
            let role = "qcs::cam::uin/100000000001:roleName/readOnlyRole";
            let usual = json!({ "RoleArn": role, "RoleSessionName": "answers" });
            vec![
                usual,
                json!({ "RoleArn": role, "RoleSessionName": "a.b", "DurationSeconds": 43_200, "Policy": POLICY }),
            ]
        },
    },
    Row {
        action: "DeleteLogset",
        inputs: |scene| if_held(scene, &json!({ "LogsetId": "5db981e1-473c-4f1b-a2ad-4f480c49698f" })),
    },
    Row {
        action: "DeleteTopic",
        inputs: |scene| if_held(scene, &json!({ "TopicId": "a78808d4-df0a-44d4-b71d-a111b1ad9170" })),
    },
    Row {
        action: "DescribeLogsets",
        inputs: |_| vec![json!({})],
    },
    Row {
        action: "DescribeTopics",
        inputs: |_| vec![json!({ "Filters": [{ "Key": "logsetName", "Values": ["answers"] }] })],
    },
    Row {
        action: "DescribeBaseMetrics",
        inputs: |_| {
            vec![
                json!({ "Namespace": "QCE/REDIS_MEM" }),
                json!({ "Namespace": "QCE/CVM" }),
            ]
        },
    },
    Row {
        action: "DescribeRegions",
        inputs: |_| vec![json!({ "Product": "redis" })],
    },
    Row {
        action: "DescribeResourceTags",
        inputs: |scene| {
            let of = |instance: &Value| json!({ "ResourceId": instance["InstanceId"] });
            let own = scene.instances.iter().map(of);
            own.chain([json!({}), json!({ "ServiceType": "cvm" })]).collect()
        },
    },
    Row {
        action: "DescribeResourceTagsByResourceIds",
        inputs: |scene| {
            let all = scene.instances.iter().map(|instance| instance["InstanceId"].clone());
            let all: Vec<_> = all.collect();
            let by_fifty = all.chunks(50).map(|ids| of_ids(scene, ids.to_vec()));
            by_fifty.chain([of_ids(scene, vec![json!("crs-unknown0")])]).collect()
        },
    },
    Row {
        action: "api.DescribeZones",
        inputs: |_| vec![json!({ "Product": "redis" })],
    },
    Row {
        action: "cvm.DescribeZones",
        inputs: |_| vec![json!({})],
    },
    Row {
        action: "region.DescribeZones",
        inputs: |_| vec![json!({ "Product": "redis" })],
    },
    Row {
        action: "GetCallerIdentity",
        inputs: |_| vec![json!({})],
    },
    Row {
        action: "GetFederationToken",
        inputs: |_| vec![json!({ "Name": "readOnly", "Policy": POLICY, "DurationSeconds": 7_200 })],
    },
    Row {
        action: "GetMonitorData",
        inputs: |scene| {
            let ids = scene.instances.iter().map(|instance| &instance["InstanceId"]);
            let all: Vec<_> = ids
                .map(|id| json!({ "Dimensions": [{ "Name": "instanceid", "Value": id }] }))
                .collect();
            let of = |instances: &[Value]| {
                json!({ "Namespace": "QCE/REDIS_MEM", "MetricName": "MemUtil", "SpecifyStatistics": 7,
                    "Instances": instances })
            };
            all.chunks(50).map(of).collect()
        },
    },
    Row {
        action: "ModifyResourceTags",
        inputs: |scene| {
            let with = |instance: &Value| {
                let id = instance["InstanceId"].as_str().unwrap_or_default();
                let resource = format!("qcs::redis:{}:uin/:instance/{id}", scene.region);
                let tags = json!([{ "TagKey": "kept for", "TagValue": "answers" }]);
                json!({ "Resource": resource, "ReplaceTags": tags })
            };
            scene.instances.iter().map(with).collect()
        },
    },
];

/// A policy as the token service takes it.
const POLICY: &str = "%7B%22version%22%3A%222.0%22%2C%22statement%22%3A%5B%7B%22effect%22%3A%22allow%22%2C\
    %22action%22%3A%22redis%3ADescribe*%22%2C%22resource%22%3A%22*%22%7D%5D%7D";

fn of_ids(scene: &Scene, ids: Vec<Value>) -> Value {
    json!({ "ServiceType": "redis", "ResourcePrefix": "instance", "ResourceRegion": scene.region,
        "ResourceIds": ids })
}

/// Two instances of one account in two regions, a key that may do all, one that may only tag, and one that may only set
/// the tag `team` of `db`.
fn app() -> App {
    let policy = |statement: Value| json!({ "version": "2.0", "statement": [statement] });
    let tagger = policy(json!({ "effect": "allow", "action": ["tag:*"], "resource": ["*"] }));
    let team = policy(
        json!({ "effect": "allow", "action": ["tag:ModifyResourceTags"], "resource": ["*"],
        "condition": { "for_any_value:string_equal": { "qcs:request_tag": ["team&db"] } } }),
    );
    let account = json!({
        "Credentials": [
            { "SecretId": "AKIDlocal", "SecretKey": "local" },
            { "SecretId": "AKIDtagger", "SecretKey": "tagger", "Policy": tagger },
            { "SecretId": "AKIDteam", "SecretKey": "team", "Policy": team },
        ],
        "Instances": [
            { "InstanceId": "crs-5qlrlhux", "ResourceTags": [{ "TagKey": "name", "TagValue": "john" }] },
            { "InstanceId": "crs-beijing0", "Region": "ap-beijing" },
        ],
    });
    App::with_fixture(held(), &json!({ "Accounts": [account] }).to_string())
}

/// What the call answers, through `region`; it must succeed.
async fn ask(app: &App, action: &str, region: &str, input: &Value) -> Value {
    let answer = app.call(&call(action, region, "AKIDlocal", input)).await;
    assert_eq!(answer.code(), "", "{input}\n{answer}");
    answer.json()["Response"].clone()
}

async fn tags_of(app: &App, region: &str, id: &str) -> Value {
    let input = json!({ "ServiceType": "redis", "ResourcePrefix": "instance", "ResourceRegion": region,
        "ResourceIds": [id], "Limit": 50 });
    ask(app, "DescribeResourceTagsByResourceIds", "ap-guangzhou", &input).await["Tags"].clone()
}

#[tokio::test]
async fn a_tag_is_the_same_seen_from_either_service() {
    let app = app();
    let made = json!([{ "TagKey": "name", "TagValue": "john", "ResourceId": "crs-5qlrlhux", "ServiceType": "redis",
        "TagKeyMd5": "b068931cc450442b63f5b3d276ea4297", "TagValueMd5": "527bd5b5d689e2c32ae974c6229ff785",
        "Category": "Custom" }]);
    assert_eq!(tags_of(&app, "ap-guangzhou", "crs-5qlrlhux").await, made);
    let change = json!({ "Resource": "qcs::redis:ap-guangzhou:uin/:instance/crs-5qlrlhux",
        "ReplaceTags": [{ "TagKey": "name", "TagValue": "jane" }, { "TagKey": "团队", "TagValue": "" }] });
    ask(&app, "ModifyResourceTags", "ap-guangzhou", &change).await;
    let shown = ask(&app, "DescribeInstances", "ap-guangzhou", &json!({})).await;
    assert_eq!(
        shown["InstanceSet"][0]["InstanceTags"],
        json!([{ "TagKey": "name", "TagValue": "jane" }, { "TagKey": "团队", "TagValue": "" }])
    );
    let change = json!({ "Resource": "qcs::redis:ap-guangzhou:uin/:instance/crs-5qlrlhux",
        "ReplaceTags": [{ "TagKey": "new", "TagValue": "v" }],
        "DeleteTags": [{ "TagKey": "name" }, { "TagKey": "never there" }] });
    ask(&app, "ModifyResourceTags", "ap-guangzhou", &change).await;
    let tags = tags_of(&app, "ap-guangzhou", "crs-5qlrlhux").await;
    let keys: Vec<_> = tags
        .as_array()
        .into_iter()
        .flatten()
        .map(|tag| &tag["TagKey"])
        .collect();
    assert_eq!(keys, ["团队", "new"]);
    // A snapshot carries them.
    let state = app.controlled("GET", "/_crs/state", "").await;
    app.controlled("PUT", "/_crs/state", &state.to_string()).await;
    assert_eq!(tags_of(&app, "ap-guangzhou", "crs-5qlrlhux").await, tags);
}

#[tokio::test]
async fn an_ordered_instance_has_its_tags_at_once() {
    let app = app();
    let order = json!({ "TypeId": 2, "MemSize": 1024, "GoodsNum": 1, "Period": 1, "BillingMode": 0,
        "Password": "Secret_99", "VpcId": "vpc-tagged00", "SubnetId": "subnet-tagged00", "ResourceTags": [{ "TagKey": "team", "TagValue": "db" }] });
    let ordered = ask(&app, "CreateInstances", "ap-guangzhou", &order).await;
    let id = ordered["InstanceIds"][0].as_str().expect("an id");
    let tags = tags_of(&app, "ap-guangzhou", id).await;
    assert_eq!(
        (&tags[0]["TagKey"], &tags[0]["TagValue"]),
        (&json!("team"), &json!("db"))
    );
}

#[tokio::test]
async fn tags_are_global_and_instances_are_not() {
    let app = app();
    let change = json!({ "Resource": "qcs::redis:bj::instance/crs-beijing0",
        "ReplaceTags": [{ "TagKey": "a", "TagValue": "b" }] });
    ask(&app, "ModifyResourceTags", "ap-guangzhou", &change).await;
    let tags = tags_of(&app, "ap-beijing", "crs-beijing0").await;
    assert_eq!(tags.as_array().map(Vec::len), Some(1));
    assert_eq!(tags_of(&app, "ap-guangzhou", "crs-beijing0").await, json!([]));
    assert_eq!(tags_of(&app, "ap-beijing", "crs-unknown0").await, json!([]));
}

#[tokio::test]
async fn pages_and_filters_of_tags() {
    let app = app();
    for at in 0..2 {
        let tags: Vec<_> = (0..10)
            .map(|n| json!({ "TagKey": format!("k{at}{n}"), "TagValue": "v" }))
            .collect();
        let change = json!({ "Resource": "qcs::redis:ap-beijing:uin/:instance/crs-beijing0", "ReplaceTags": tags });
        ask(&app, "ModifyResourceTags", "ap-beijing", &change).await;
    }
    let rows = async |input: Value| {
        let answer = ask(&app, "DescribeResourceTags", "ap-guangzhou", &input).await;
        let keys = answer["Rows"].as_array().expect("rows").iter();
        let keys: Vec<_> = keys
            .map(|row| row["TagKey"].as_str().expect("a key").to_owned())
            .collect();
        (answer["TotalCount"].as_u64().expect("a number"), keys)
    };
    let (total, first) = rows(json!({})).await;
    assert_eq!((total, first.len()), (21, 15));
    assert_eq!(first[0], "name", "by InstanceId");
    let (total, second) = rows(json!({ "Offset": 15 })).await;
    assert_eq!((total, second.len()), (21, 6));
    assert!(second.iter().all(|key| !first.contains(key)));
    assert_eq!(rows(json!({ "Offset": 30 })).await, (21, vec![]));
    for (filter, total) in [
        (json!({ "ResourceRegion": "ap-beijing" }), 20),
        (
            json!({ "ResourceRegion": "ap-beijing", "ResourceId": "crs-5qlrlhux" }),
            0,
        ),
        (
            json!({ "ResourceId": "crs-5qlrlhux", "ServiceType": "redis", "ResourcePrefix": "instance" }),
            1,
        ),
        (json!({ "ResourceId": "", "ServiceType": "", "ResourceRegion": "" }), 21),
        (json!({ "ServiceType": "cvm" }), 0),
        (json!({ "ResourcePrefix": "image" }), 0),
        (json!({ "CreateUin": 100_000_000_001_u64 }), 21),
        (json!({ "CreateUin": 7 }), 0),
        (json!({ "ResourceId": "bucket-1250000000", "CosResourceId": 1 }), 0),
    ] {
        assert_eq!(rows(filter.clone()).await.0, total, "{filter}");
    }
    let of = json!({ "ServiceType": "redis", "ResourcePrefix": "instance", "ResourceRegion": "ap-beijing",
        "ResourceIds": ["crs-beijing0", "crs-beijing0"], "Limit": 7, "Offset": 14 });
    let answer = ask(&app, "DescribeResourceTagsByResourceIds", "ap-guangzhou", &of).await;
    assert_eq!(answer["TotalCount"], 20, "an id given twice counts once");
    assert_eq!(answer["Tags"].as_array().map(Vec::len), Some(6));
    let mut system = of;
    system["Category"] = json!("System");
    let answer = ask(&app, "DescribeResourceTagsByResourceIds", "ap-guangzhou", &system).await;
    assert_eq!(answer["TotalCount"], 0, "the cloud itself sets none");
}

#[tokio::test]
async fn a_policy_names_the_actions_of_each_service() {
    let app = app();
    let with = |key: &str, value: &str| {
        json!({ "Resource": "qcs::redis:ap-guangzhou:uin/:instance/crs-5qlrlhux",
            "ReplaceTags": [{ "TagKey": key, "TagValue": value }] })
    };
    let denied = "AuthFailure.UnauthorizedOperation";
    for (by, action, input, code) in [
        ("AKIDtagger", "ModifyResourceTags", with("a", "b"), ""),
        ("AKIDtagger", "DescribeResourceTags", json!({}), ""),
        (
            "AKIDtagger",
            "region.DescribeZones",
            json!({ "Product": "redis" }),
            denied,
        ),
        ("AKIDtagger", "GetCallerIdentity", json!({}), denied),
        (
            "AKIDtagger",
            "DescribeInstances",
            json!({}),
            "UnauthorizedOperation.NoCAMAuthed",
        ),
        ("AKIDteam", "ModifyResourceTags", with("team", "db"), ""),
        ("AKIDteam", "ModifyResourceTags", with("team", "web"), denied),
        ("AKIDteam", "DescribeResourceTags", json!({}), denied),
    ] {
        let answer = app.call(&call(action, "ap-guangzhou", by, &input)).await;
        assert_eq!(answer.code(), code, "{by} {action} {input}\n{answer}");
    }
}

/// The Terraform provider looks a zone up in the one and its number in the other.
#[tokio::test]
async fn zones_are_those_that_redis_itself_names() {
    let app = app();
    let products = ask(&app, "DescribeProductInfo", "ap-guangzhou", &json!({})).await;
    let regions = ask(&app, "DescribeRegions", "ap-guangzhou", &json!({ "Product": "redis" })).await;
    let named = |list: &Value, member: &str| {
        let names = list.as_array().expect("a list").iter();
        names
            .map(|of| of[member].as_str().expect("text").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        named(&regions["RegionSet"], "Region"),
        named(&products["RegionSet"], "RegionId")
    );
    for region in products["RegionSet"].as_array().expect("a list") {
        let name = region["RegionId"].as_str().expect("text");
        let zones = ask(
            &app,
            "region.DescribeZones",
            name,
            &json!({ "Product": "redis", "Scene": 0 }),
        )
        .await;
        assert_eq!(named(&zones["ZoneSet"], "Zone"), named(&region["ZoneSet"], "ZoneName"));
        let old = region["ZoneSet"].as_array().expect("a list").iter();
        let old: Vec<_> = old.map(|zone| zone["OldZoneId"].to_string()).collect();
        assert_eq!(named(&zones["ZoneSet"], "ZoneId"), old, "{name}");
        assert_eq!(zones["TotalCount"], old.len());
        for (action, input) in [
            ("cvm.DescribeZones", json!({})),
            ("api.DescribeZones", json!({ "Product": "redis" })),
        ] {
            let same = ask(&app, action, name, &input).await;
            for member in ["Zone", "ZoneId", "ZoneName", "ZoneState"] {
                assert_eq!(
                    named(&same["ZoneSet"], member),
                    named(&zones["ZoneSet"], member),
                    "{action}"
                );
            }
        }
    }
}

/// Where the account holds logsets.
fn if_held(scene: &Scene, input: &Value) -> Vec<Value> {
    let holds = scene.instances.iter().any(|one| one["InstanceId"] == "crs-audited0");
    holds.then(|| input.clone()).into_iter().collect()
}
