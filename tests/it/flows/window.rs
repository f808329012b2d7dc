//! A change that waits for its maintenance window has two ends: its task's, and the switch's.

use super::*;

/// From the start of a scene, 16:00 China time, to the window, 03:00.
const TO_WINDOW_MS: i64 = 11 * 3_600_000;

impl Scene {
    /// Orders a higher version, to be switched to in the window.
    async fn upgrade_in_window(&self) {
        let input = json!({ "InstanceId": ONE, "TargetInstanceType": "15", "SwitchOption": 1 });
        self.done("UpgradeInstanceVersion", &input).await;
    }

    async fn task_word(&self) -> String {
        let task_id = self.task().await["TaskId"].clone();
        let told = self.done("DescribeTaskInfo", &json!({ "TaskId": task_id })).await;
        told["Status"].as_str().expect("a word").to_owned()
    }

    async fn order(&self) -> i64 {
        let deal_id = self.state().await["Accounts"][0]["Deals"][0]["DealId"].clone();
        let asked = json!({ "DealIds": [deal_id] });
        let told = self.done("DescribeInstanceDealDetail", &asked).await;
        told["DealDetails"][0]["Status"].as_i64().expect("a number")
    }

    /// The switch has not been made: the instance runs as before, and its order is on its way.
    async fn waits(&self) {
        let row = self.row().await;
        assert_eq!((&row["Status"], &row["Type"]), (&json!(2), &json!(8)));
        assert_eq!(self.order().await, 3);
        let busy = "ResourceUnavailable.InstanceStatusAbnormal";
        assert_eq!(self.upgrade(4_096).await, busy);
    }

    async fn has_switched(&self) {
        assert!(self.flows().await.is_empty());
        let row = self.row().await;
        assert_eq!((&row["Status"], &row["Type"]), (&json!(2), &json!(15)));
        assert_eq!(self.order().await, 4);
        assert_eq!(self.task_word().await, "succeed");
    }
}

#[tokio::test]
async fn the_task_ends_in_time_and_the_switch_in_the_window() {
    let scene = Scene::start();
    scene.upgrade_in_window().await;
    scene.wait(500);
    scene.waits().await;
    assert_eq!(scene.flows().await[0]["Shown"], false, "only its task shows it");
    assert_eq!(scene.task_word().await, "running");
    scene.wait(500);
    assert_eq!(scene.task_word().await, "succeed");
    assert_eq!(scene.task().await["EndTime"], "2026-11-24 16:00:01");
    scene.waits().await;
    scene.wait(TO_WINDOW_MS - 1_001);
    scene.waits().await;
    scene.wait(1);
    scene.has_switched().await;
    assert_eq!(scene.task().await["EndTime"], "2026-11-24 16:00:01", "it ended once");
}

#[tokio::test]
async fn its_task_is_to_be_seen_under_way_once() {
    // As Terraform does, that waits for the task of a version upgrade: type 043.
    let scene = Scene::start();
    scene.upgrade_in_window().await;
    let results = async || {
        let asked = json!({ "InstanceId": ONE, "TaskTypes": ["043"] });
        scene.done("DescribeTaskList", &asked).await["Tasks"][0]["Result"].clone()
    };
    scene.wait(3_000);
    assert_eq!(results().await, 1);
    assert_eq!(results().await, 2);
    scene.waits().await;
}

#[tokio::test]
async fn its_task_ends_unseen_by_the_next_change_or_after_sixty_times_its_time() {
    let scene = Scene::start();
    scene.upgrade_in_window().await;
    scene.wait(59_999);
    assert_eq!(scene.task().await["Result"], 1);
    scene.wait(1);
    assert_eq!(scene.task().await["Result"], 2);
    assert_eq!(scene.flows().await.len(), 1);

    let scene = Scene::start();
    scene.upgrade_in_window().await;
    scene.wait(3_000);
    scene.waits().await;
    assert_eq!(scene.task().await["EndTime"], "2026-11-24 16:00:03");
}

#[tokio::test]
async fn a_window_that_opens_first_ends_both() {
    let scene = Scene::at(Pace::Timed, FIXTURE, NOW_MS + TO_WINDOW_MS - 10_000);
    scene.upgrade_in_window().await;
    scene.wait(9_999);
    assert_eq!(scene.task().await["Result"], 1, "nobody has seen it");
    scene.wait(1);
    scene.has_switched().await;
}

#[tokio::test]
async fn held_the_first_step_ends_the_task_and_the_second_switches() {
    let scene = Scene::of(Pace::Held, FIXTURE);
    scene.upgrade_in_window().await;
    let flow = scene.flows().await[0].clone();
    assert_eq!(flow["Due"], Value::Null);
    let path = format!("/_crs/flows/{}/step", flow["Id"]);
    scene.wait(2 * TO_WINDOW_MS);
    scene.waits().await;
    assert_eq!(scene.task_word().await, "running");
    let step = async || scene.app.controlled("POST", &path, "").await["Flows"].clone();
    assert_eq!(step().await, json!([]), "no flow has ended");
    assert_eq!(scene.task_word().await, "succeed");
    scene.waits().await;
    assert_eq!(step().await[0]["Id"], flow["Id"]);
    scene.has_switched().await;
    assert_eq!(scene.app.control("POST", &path, "").await.0, 404);
}

#[tokio::test]
async fn instant_ends_the_task_alone() {
    let scene = Scene::of(Pace::Instant, FIXTURE);
    scene.upgrade_in_window().await;
    assert_eq!(scene.task_word().await, "succeed");
    scene.waits().await;
    scene.wait(TO_WINDOW_MS);
    scene.has_switched().await;
}

#[tokio::test]
async fn every_action_that_can_wait_has_two_ends() {
    let fixture = FIXTURE.replace(
        r#""VpcId""#,
        r#""UpgradeProxyVersion": "5.9.0", "UpgradeRedisVersion": "4.0.99",
           "CurrentProxyVersion": "5.8.0", "CurrentRedisVersion": "4.0.0", "VpcId""#,
    );
    let node = |role, zone| json!({ "NodeType": role, "ZoneId": zone });
    for (action, input) in [
        ("UpgradeInstance", json!({ "MemSize": 4_096, "SwitchOption": 1 })),
        (
            "UpgradeInstanceVersion",
            json!({ "TargetInstanceType": "15", "SwitchOption": 1 }),
        ),
        (
            "UpgradeInstanceProductVersion",
            json!({ "TargetProductVersion": "localv2", "SwitchOption": 1 }),
        ),
        (
            "UpgradeSmallVersion",
            json!({ "CurrentRedisVersion": "4.0.0", "UpgradeRedisVersion": "4.0.99", "InstanceTypeUpgradeNow": 0 }),
        ),
        (
            "UpgradeProxyVersion",
            json!({ "CurrentProxyVersion": "5.8.0", "UpgradeProxyVersion": "5.9.0", "InstanceTypeUpgradeNow": 0 }),
        ),
        (
            "ModifyInstanceAvailabilityZones",
            json!({ "NodeSet": [node(0, 100_003), node(1, 100_004)], "SwitchOption": 1 }),
        ),
    ] {
        let scene = Scene::of(Pace::Timed, &fixture);
        let mut input = input;
        input["InstanceId"] = json!(ONE);
        scene.done(action, &input).await;
        assert_eq!(scene.task_word().await, "running", "{action}");
        scene.wait(FLOW_TIME_MS);
        assert_eq!(scene.task_word().await, "succeed", "{action}");
        let waits = scene.flows().await;
        assert_eq!(waits[0]["SwitchOption"], 1, "{action}: {waits:?}");
        scene.wait(TO_WINDOW_MS);
        assert!(scene.flows().await.is_empty(), "{action}");
    }
}

#[tokio::test]
async fn who_hurries_it_sees_it_in_process() {
    let scene = Scene::start();
    scene.upgrade_in_window().await;
    scene.wait(500);
    assert_eq!(scene.task_word().await, "running");
    scene.wait(500);
    assert_eq!(scene.task_word().await, "succeed");
    scene
        .done("SwitchAccessNewInstance", &json!({ "InstanceId": ONE }))
        .await;
    let other = scene.restored(Pace::Timed).await;
    for scene in [&scene, &other] {
        scene.wait(3_000);
        assert_eq!(scene.task_word().await, "succeed", "no look: it has ended before");
        assert_eq!(scene.status().await, 1);
        scene.has_switched().await;
    }
}

#[tokio::test]
async fn a_snapshot_between_its_ends_goes_on_alike() {
    for pace in [Pace::Timed, Pace::Held, Pace::Instant] {
        for (before, seen) in [(0, false), (500, true), (3_000, false), (3_000, true), (90_000, false)] {
            let scene = Scene::of(pace, FIXTURE);
            scene.upgrade_in_window().await;
            scene.wait(before);
            if seen {
                scene.task_word().await;
            }
            let other = scene.restored(pace).await;
            for ms in [0, 600, 60_000, TO_WINDOW_MS] {
                scene.wait(ms);
                other.wait(ms);
                assert_eq!(
                    scene.task_word().await,
                    other.task_word().await,
                    "{pace:?} {before} {seen} {ms}"
                );
                assert_eq!(scene.state().await, other.state().await);
            }
        }
    }
}
