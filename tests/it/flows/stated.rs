//! Flows as a fixture states them: the two forms of Due, and what cannot be.

use crs_local::Fixture;

use super::*;
use crate::fixtures::broken;

/// A fixture of one instance with one flow and its task, with these keys beside or in place of the usual ones.
fn stating(instance: Value, flow: Value) -> Value {
    let laid = |mut usual: Value, over: Value| {
        for (key, value) in over.as_object().expect("an object") {
            usual[key] = value.clone();
        }
        usual
    };
    let instance = laid(json!({ "InstanceId": ONE, "TypeId": 8, "MemSize": 1_024 }), instance);
    let flow = laid(
        json!({ "Id": 7, "InstanceId": ONE, "Action": "UpgradeInstance", "MemSize": 2_048 }),
        flow,
    );
    json!({
        "Version": 2,
        "Accounts": [{
            "Credentials": [{ "SecretId": "AKIDlocal", "SecretKey": "local" }],
            "Instances": [instance],
            "Tasks": [{ "TaskId": 7, "TaskType": "002", "InstanceId": ONE }],
            "Flows": [flow],
        }]
    })
}

fn faults(fixture: &Value) -> Vec<String> {
    broken::faults(&fixture.to_string())
}

/// A second flow of the same instance, with its task.
fn beside(mut fixture: Value, action: &str, more: Value) -> Value {
    let account = &mut fixture["Accounts"][0];
    let mut flow = json!({ "Id": 8, "InstanceId": ONE, "Action": action });
    for (key, value) in more.as_object().expect("an object") {
        flow[key] = value.clone();
    }
    account["Flows"].as_array_mut().expect("a list").push(flow);
    let task = json!({ "TaskId": 8, "TaskType": "007", "InstanceId": ONE });
    account["Tasks"].as_array_mut().expect("a list").push(task);
    fixture
}

fn held(fixture: &Value) -> App {
    let config = Config {
        pace: Pace::Held,
        ..Config::default()
    };
    App::with_fixture(config, &fixture.to_string())
}

async fn under_way(app: &App) -> usize {
    let flows = app.controlled("GET", "/_crs/flows", "").await;
    flows["Flows"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn an_instance_is_in_several_flows_of_which_its_status_shows_one() {
    let password = json!({ "Password": "Secret_99" });
    let both = beside(stating(json!({}), json!({})), "ResetPassword", password);
    assert_eq!(faults(&both), [] as [String; 0]);
    let app = held(&both);
    let instance = async || app.controlled("GET", &format!("/_crs/instances/{ONE}"), "").await;
    assert_eq!((under_way(&app).await, &instance().await["Status"]), (2, &json!(1)));
    app.controlled("POST", "/_crs/flows/8/step", "").await;
    let shown = instance().await;
    assert_eq!((under_way(&app).await, &shown["Status"]), (1, &json!(1)));
    assert_eq!(shown["Password"], "Secret_99");
    app.controlled("POST", "/_crs/flows/7/step", "").await;
    let shown = instance().await;
    assert_eq!((under_way(&app).await, &shown["Status"]), (0, &json!(2)));
    assert_eq!(shown["MemSize"], 2_048);
}

#[test]
fn a_second_flow_of_a_kind_or_that_the_status_shows_cannot_be() {
    let told = "Flows[1].InstanceId: has another flow already; an instance changes in one way at a time";
    for (first, second) in [
        (json!({ "Action": "ResetPassword", "MemSize": null }), "ResetPassword"),
        (json!({}), "StartupInstance"),
        (json!({ "SwitchOption": 1 }), "UpgradeInstance"),
    ] {
        let all = faults(&beside(stating(json!({}), first), second, json!({})));
        assert!(all.iter().any(|fault| fault.contains(told)), "{second}: {all:?}");
    }
}

#[tokio::test]
async fn a_patch_looks_at_all_flows_of_an_instance() {
    let network = json!({ "VpcId": "vpc-a", "SubnetId": "subnet-a" });
    let app = held(&beside(stating(network, json!({})), "ResetPassword", json!({})));
    for (change, told) in [
        (
            json!({ "VpcId": null, "SubnetId": null }),
            "ResetPassword is on its way, and after it",
        ),
        (json!({ "TypeId": 2 }), "is on its way; finish it first, by its step"),
    ] {
        let path = format!("/_crs/instances/{ONE}");
        let (status, refused) = app.control("PATCH", &path, &change.to_string()).await;
        let text = refused["Error"]["Message"].as_str().expect("a refusal");
        assert!(status == 400 && text.contains(told), "{change}: {text}");
    }
}

/// What is under way of an instance fails with it: no flow outlives its instance.
#[tokio::test]
async fn no_flow_outlives_its_instance() {
    let made = stating(json!({}), json!({ "Action": "CreateInstances", "MemSize": null }));
    let app = held(&beside(made, "ResetPassword", json!({ "Password": "Secret_99" })));
    app.controlled("POST", "/_crs/flows/7/fail", "").await;
    assert_eq!(under_way(&app).await, 0);
    let state = app.controlled("GET", "/_crs/state", "").await;
    let tasks = state["Accounts"][0]["Tasks"].as_array().expect("two tasks");
    assert!(tasks.iter().all(|task| task["Result"] == 4), "{tasks:?}");
    app.controlled("PUT", "/_crs/state", &state.to_string()).await;
}

#[test]
fn what_cannot_be_is_named_with_its_place_and_remedy() {
    let bare = |action: &str| json!({ "Action": action, "MemSize": null });
    let with = |action: &str, key: &str, value: Value| {
        let mut flow = bare(action);
        flow[key] = value;
        flow
    };
    let spread = json!([{ "NodeType": 0, "ZoneId": 100_003 }, { "NodeType": 1, "ZoneId": 100_004 }]);
    for (instance, flow, told) in [
        (
            json!({ "Status": 2 }),
            json!({}),
            "Flows[0].Action: UpgradeInstance shows Status 1, but Accounts[0].Instances[0].Status is 2; leave that out",
        ),
        (
            json!({ "Status": -2, "BillingMode": 1 }),
            bare("StartupInstance"),
            "StartupInstance shows Status 1, but Accounts[0].Instances[0].Status is -2",
        ),
        (
            json!({ "Status": 2 }),
            bare("CreateInstances"),
            "CreateInstances shows Status 1, but Accounts[0].Instances[0].Status is 2",
        ),
        (
            json!({ "Status": 1 }),
            json!({ "SwitchOption": 1 }),
            "UpgradeInstance waits for its window while the instance runs, with Status 2, but Accounts[0].Instances[0].Status is 1",
        ),
        (
            json!({ "Status": -2, "BillingMode": 1 }),
            bare("CleanUpInstance"),
            "CleanUpInstance shows Status -3, but Accounts[0].Instances[0].Status is -2",
        ),
        (
            json!({ "Status": 2 }),
            bare("CleanUpInstance"),
            "CleanUpInstance shows Status -3, but Accounts[0].Instances[0].Status is 2",
        ),
        (
            json!({}),
            bare("DestroyPrepaidInstance"),
            "DestroyPrepaidInstance goes with BillingMode 1, and crs-one00000 has 0; leave the flow out",
        ),
        (
            json!({ "MemSize": 4_096, "MemUsed": 3_000 }),
            json!({}),
            "Flows[0].MemSize: is less than crs-one00000 uses, 3000 MB (MemUsed); give more, or lower that",
        ),
        (
            json!({}),
            json!({ "MemSize": 3_000 }),
            "Flows[0].MemSize: 3000 MB is not sold by edition 8 (Redis 5.0); give one of",
        ),
        (
            json!({}),
            json!({ "RedisReplicasNum": 9 }),
            "Flows[0].RedisReplicasNum: 9 replicas are not sold by edition 8 (Redis 5.0); give one of",
        ),
        (
            json!({ "TypeId": 13, "MemSize": 8_192 }),
            json!({ "MemSize": 0 }),
            "Flows[0].MemSize: 0 MB is no size; give 1 to",
        ),
        (
            json!({}),
            with(
                "UpgradeInstanceProductVersion",
                "TargetProductVersion",
                json!("localv3"),
            ),
            "Flows[0].TargetProductVersion: `localv3` is unknown; give one of local, localv2, cdc, cloud",
        ),
        (
            json!({}),
            with("UpgradeInstanceProductVersion", "TargetProductVersion", json!("cdc")),
            "Flows[0].Action: leads where no instance can be: RedisClusterId is missing; ProductVersion cdc needs it",
        ),
        (
            json!({ "TypeId": 2 }),
            with("ModifyInstanceAvailabilityZones", "NodeSet", spread.clone()),
            "Flows[0].NodeSet: edition 2 stands in one zone; leave it out",
        ),
        (
            json!({ "TypeId": 8, "RedisReplicasNum": 1, "NodeSet": spread }),
            with("UpgradeInstanceVersion", "TargetInstanceType", json!(2)),
            "Flows[0].NodeSet: edition 2 stands in one zone; leave it out",
        ),
        (
            json!({ "RedisReplicasNum": 2 }),
            with(
                "ModifyInstanceAvailabilityZones",
                "NodeSet",
                json!([
                    { "NodeType": 0, "ZoneId": 100_003 }, { "NodeType": 1, "ZoneId": 100_004 },
                ]),
            ),
            "Flows[0].NodeSet: has 1 replicas, but RedisReplicasNum is 2; give as many as that",
        ),
        (
            json!({}),
            with("StartupInstance", "DeadlineTime", json!("2027-01-01 00:00:00")),
            "Flows[0].DeadlineTime: a postpaid instance has none; leave it out",
        ),
        (
            json!({}),
            bare("ResetPassword"),
            "Flows[0].Action: leads where no instance can be: NoAuth goes in a VPC only",
        ),
        (
            json!({}),
            json!({ "StartTime": "2026-11-24 16:00:00", "Due": "2026-11-24 15:59:59" }),
            "Flows[0].Due: lies before StartTime; give a later moment, or leave it out",
        ),
    ] {
        let fixture = stating(instance, flow);
        let all = faults(&fixture);
        assert!(
            all.len() == 1 && all[0].contains(told),
            "{fixture:#}: {all:#?}\nnot {told}"
        );
        assert!(all[0].contains("; "), "a remedy: {all:?}");
    }
}

#[test]
fn the_example_of_the_fixtures_readme_holds() {
    let readme = include_str!("../../../fixtures/README.md");
    let blocks = readme
        .split("```json")
        .skip(1)
        .filter_map(|rest| rest.split("```").next());
    let example = blocks
        .filter(|block| block.contains("Flows"))
        .last()
        .expect("an example");
    let fixture = serde_json::from_str(example).expect("JSON");
    assert_eq!(faults(&fixture), Vec::<String>::new());
}

#[test]
fn what_is_not_asked_again_is_taken() {
    let bare = |action: &str| json!({ "Action": action, "MemSize": null });
    for (instance, flow) in [
        (json!({ "Status": 1 }), json!({})),
        (json!({ "Status": 0 }), bare("CreateInstances")),
        (json!({}), json!({ "Due": "2020-01-01 00:00:00" })),
        (json!({}), json!({ "MemSize": 1_024 })),
        (json!({ "Status": 2 }), json!({ "SwitchOption": 1 })),
        (json!({ "Status": -3 }), bare("CleanUpInstance")),
        (json!({ "LockedUntil": "2030-01-01 00:00:00" }), json!({})),
        (
            json!({ "MemUsed": 1_000, "MemSize": 4_096 }),
            json!({ "MemSize": 1_024 }),
        ),
    ] {
        let mut fixture = stating(instance, flow);
        fixture["Accounts"][0]["Balance"] = json!(-5);
        fixture["Accounts"][0]["SoldOut"] = json!([{}]);
        assert_eq!(faults(&fixture), Vec::<String>::new(), "{fixture:#}");
    }
    // What leaves the status as it is counts for nothing.
    for status in [0, 1, 2, -3] {
        let mut flow = bare("ResetPassword");
        flow["Password"] = json!("Secret_99");
        let fixture = stating(json!({ "Status": status }), flow);
        assert_eq!(faults(&fixture), Vec::<String>::new(), "{fixture:#}");
    }
}

#[tokio::test]
async fn a_status_that_is_not_stated_is_the_flows() {
    for (flow, status) in [
        (json!({}), 1),
        (json!({ "SwitchOption": 1 }), 2),
        (json!({ "Action": "CleanUpInstance", "MemSize": null }), -3),
    ] {
        let scene = Scene::of(Pace::Timed, &stating(json!({}), flow).to_string());
        let state = scene.state().await;
        let account = &state["Accounts"][0];
        assert_eq!(account["Instances"][0]["Status"], status);
        assert_eq!(account["Tasks"][0]["Result"], 1, "its task runs");
    }
}

#[tokio::test]
async fn due_is_told_in_the_form_of_the_file() {
    let stated = json!({ "StartTime": "2026-11-24 16:00:00", "Due": "2026-11-24 16:01:00" });
    let laid = |more: Value| {
        let mut flow = stated.clone();
        for (key, value) in more.as_object().expect("an object") {
            flow[key] = value.clone();
        }
        flow
    };
    let (shown, waits) = (json!({ "Shown": true }), json!({ "SwitchOption": 1 }));
    let password = json!({ "Action": "ResetPassword", "MemSize": null, "Password": "Secret_99" });
    for (version, more, due) in [
        (json!(2), json!({}), "2026-11-24 16:01:00"),
        (json!(1), json!({}), "2026-11-24 16:00:01"),
        (Value::Null, json!({}), "2026-11-24 16:00:01"),
        (json!(1), shown.clone(), "2026-11-24 16:01:00"),
        (json!(1), waits, "2026-11-24 16:01:00"),
        (json!(1), password, "2026-11-24 16:01:00"),
        (json!(1), json!({ "StartTime": null }), "2026-11-24 16:00:01"),
    ] {
        let mut fixture = stating(json!({}), laid(more));
        fixture["Version"] = version;
        let scene = Scene::of(Pace::Timed, &fixture.to_string());
        assert_eq!(scene.flows().await[0]["Due"], due, "{fixture:#}");
        assert_eq!(scene.state().await["Version"], 2, "a snapshot is of the present form");
    }
}

#[tokio::test]
async fn a_stated_flow_that_nobody_sees_ends_sixty_times_as_far_from_its_start() {
    let stated = json!({ "StartTime": "2026-11-24 16:00:00", "Due": "2026-11-24 16:00:10" });
    let scene = Scene::of(Pace::Timed, &stating(json!({}), stated).to_string());
    scene.wait(599_999);
    assert_eq!(scene.flows().await.len(), 1);
    scene.wait(1);
    assert!(scene.flows().await.is_empty());
    assert_eq!(scene.task().await["EndTime"], "2026-11-24 16:10:00");
}

#[test]
fn files_of_both_forms_lie_over_each_other_in_the_present_one() {
    let folder = std::env::temp_dir().join(format!("crs-local-forms-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let stated = json!({ "StartTime": "2026-11-24 16:00:00", "Due": "2026-11-24 16:01:00" });
    let mut old = stating(json!({}), stated);
    old["Version"] = json!(1);
    let new = json!({ "Version": 2, "Accounts": [{ "Balance": 5 }] });
    for (name, text) in [("1.json", &old), ("2.json", &new)] {
        std::fs::write(folder.join(name), text.to_string()).expect("a file");
    }
    let merged = Fixture::load(std::slice::from_ref(&folder)).expect("two files");
    std::fs::remove_dir_all(&folder).expect("it was made here");
    let shown = serde_json::to_value(&merged).expect("JSON");
    assert_eq!(shown["Version"], 2);
    assert_eq!(shown["Accounts"][0]["Flows"][0]["Due"], "2026-11-24 16:00:01");
}

#[test]
fn another_form_and_another_lock_are_refused_with_the_remedy() {
    for (key, value, told) in [
        (
            "Version",
            json!(3),
            "f.json: Version: 3 is no form of fixture that is known here; give 2, or 1 for a file",
        ),
        (
            "Version",
            json!(0),
            "f.json: Version: 0 is no form of fixture that is known here; give 2",
        ),
        (
            "LockSeconds",
            json!(-1),
            "f.json: Accounts[0].LockSeconds: -1 is no time that a resize locks for; give 0 to 86400 seconds",
        ),
        (
            "LockSeconds",
            json!(86_401),
            "f.json: Accounts[0].LockSeconds: 86401 is no time that a resize locks for; give 0 to 86400 seconds",
        ),
    ] {
        let mut fixture = json!({ "Accounts": [{}] });
        if key == "Version" {
            fixture[key] = value;
        } else {
            fixture["Accounts"][0][key] = value;
        }
        let all = faults(&fixture);
        assert!(all.len() == 1 && all[0].starts_with(told), "{all:?}");
    }
    let wrong = json!({ "Accounts": [{ "Instances": [{ "LockedUntil": "soon" }] }] });
    let told = "f.json: Accounts[0].Instances[0].LockedUntil: `soon` is no moment; write China time";
    assert!(faults(&wrong)[0].starts_with(told), "{:?}", faults(&wrong));
}

#[tokio::test]
async fn a_patch_that_would_lead_a_flow_where_no_instance_can_be_is_refused() {
    let scene = Scene::of(Pace::Held, FIXTURE);
    let refused = async |body: &str, told: &str| {
        let before = scene.state().await;
        let path = format!("/_crs/instances/{ONE}");
        let (status, answer) = scene.app.control("PATCH", &path, body).await;
        let message = answer["Error"]["Message"].as_str().unwrap_or_default();
        assert!(status == 400 && message.contains(told), "{body}: {status} {message}");
        assert_eq!(scene.state().await, before);
    };
    assert_eq!(scene.upgrade(2_048).await, "");
    scene.app.controlled("POST", "/_crs/flows/drain", "").await;
    assert_eq!(scene.upgrade(1_024).await, "");
    let told = "the body: MemUsed: UpgradeInstance is on its way, and after it is more than the instance has; \
                give 0 to 1024; or finish it first";
    refused(r#"{"MemUsed":2000}"#, told).await;
    scene.app.controlled("POST", "/_crs/flows/drain", "").await;
    let open = json!({ "InstanceId": ONE, "NoAuth": true });
    scene.done("ResetPassword", &open).await;
    let told = "NoAuth: ResetPassword is on its way, and after it goes in a VPC only";
    refused(r#"{"VpcId":null,"SubnetId":null}"#, told).await;
}
