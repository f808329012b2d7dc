//! When a change that is under way ends: by who looks, by who calls next, by a hand, and by itself. Over the API, cell
//! by cell of the table.

use std::sync::atomic::{AtomicI64, Ordering};

use crs_local::Config;
use crs_local::config::{Limit, Pace, RateLimits};
use crs_local::contract;
use serde_json::{Value, json};

use super::harness::{App, NOW_MS, Raw};

mod lock;
mod stated;
mod walk;
mod window;

/// An instance to change, paid by the hour, and one that is paid for already.
const FIXTURE: &str = r#"{
  "Version": 2,
  "Accounts": [{
    "Credentials": [{ "SecretId": "AKIDlocal", "SecretKey": "local" }],
    "Instances": [
      { "InstanceId": "crs-one00000", "TypeId": 8, "MemSize": 1024,
        "VpcId": "vpc-flows000", "SubnetId": "subnet-flows000" },
      { "InstanceId": "crs-binned00", "TypeId": 8, "Status": -3 }
    ]
  }]
}"#;
const ONE: &str = "crs-one00000";
/// How long a change takes by default.
const FLOW_TIME_MS: i64 = 1_000;

/// An emulator whose time passes, without a hand on its clock.
struct Scene {
    app: App,
    now_ms: AtomicI64,
}

impl Scene {
    fn start() -> Self {
        Self::of(Pace::Timed, FIXTURE)
    }

    fn of(pace: Pace, fixture: &str) -> Self {
        Self::at(pace, fixture, NOW_MS)
    }

    fn at(pace: Pace, fixture: &str, now_ms: i64) -> Self {
        let config = Config {
            pace,
            rate_limit: RateLimits::from(Limit::Off),
            ..Config::default()
        };
        let scene = Self {
            app: App::with_fixture(config, fixture),
            now_ms: AtomicI64::new(now_ms),
        };
        scene.app.set_now(now_ms);
        scene
    }

    /// Another emulator that goes on from here.
    async fn restored(&self, pace: Pace) -> Self {
        let state = self.state().await;
        let other = Self::at(pace, "{}", self.now_ms());
        let body = state.to_string();
        let (status, told) = other.app.control("PUT", "/_crs/state", &body).await;
        assert_eq!(status, 200, "{told}\n{state:#}");
        assert_eq!(other.state().await, state);
        other
    }

    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    fn wait(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
        self.app.set_now(self.now_ms());
    }

    /// The members of an answer, or its error.
    async fn call(&self, action: &str, input: &Value) -> Value {
        let known = contract::ACTIONS.iter().find(|one| one.name == action);
        let version = known.expect("a known action").version;
        let (body, seconds) = (input.to_string(), self.now_ms() / 1_000);
        let raw = format!(
            "POST / HTTP/1.1\r\nHost: 127.0.0.1:8239\r\nContent-Type: application/json\r\n\
             X-TC-Action: {action}\r\nX-TC-Version: {version}\r\nX-TC-Timestamp: {seconds}\r\n\
             X-TC-Region: ap-guangzhou\r\nAuthorization: SKIP\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.app.call(&Raw(raw.into_bytes())).await.json()["Response"].clone()
    }

    /// A call that must succeed.
    async fn done(&self, action: &str, input: &Value) -> Value {
        let answer = self.call(action, input).await;
        assert!(answer["Error"].is_null(), "{action} {input}: {answer:#}");
        answer
    }

    async fn code(&self, action: &str, input: &Value) -> String {
        let answer = self.call(action, input).await;
        answer["Error"]["Code"].as_str().unwrap_or_default().to_owned()
    }

    async fn upgrade(&self, mem_mb: u64) -> String {
        let input = json!({ "InstanceId": ONE, "MemSize": mem_mb });
        self.code("UpgradeInstance", &input).await
    }

    /// A Describe's row of the instance.
    async fn row(&self) -> Value {
        let input = json!({ "InstanceId": ONE });
        self.done("DescribeInstances", &input).await["InstanceSet"][0].clone()
    }

    async fn status(&self) -> i64 {
        self.row().await["Status"].as_i64().expect("a number")
    }

    async fn state(&self) -> Value {
        self.app.controlled("GET", "/_crs/state", "").await
    }

    /// What is under way, in a fixture's words; to ask is no look.
    async fn flows(&self) -> Vec<Value> {
        let state = self.state().await;
        let flows = state["Accounts"][0]["Flows"].as_array();
        flows.cloned().unwrap_or_default()
    }

    /// The newest task of a change, in a fixture's words; to ask is no look.
    async fn task(&self) -> Value {
        let state = self.state().await;
        let is_daily = |task: &&Value| task["TaskType"] == "017";
        let tasks = state["Accounts"][0]["Tasks"].as_array();
        let newest = tasks.and_then(|tasks| tasks.iter().rfind(|task| !is_daily(task)));
        newest.expect("a task").clone()
    }
}

/// Every way in which an answer shows the resize of the one instance; whether it was under way.
const LOOKS: [&str; 9] = [
    "its status",
    "its status in the common list",
    "its task",
    "its task in the list",
    "its order",
    "a list without it, for its status",
    "a common list without it, for its status",
    "a list without its task, for its result",
    "the instance as a fixture shows it",
];

async fn look(scene: &Scene, how: &str) -> bool {
    let state = scene.state().await;
    let account = &state["Accounts"][0];
    let task_id = account["Tasks"][0]["TaskId"].clone();
    let deal_id = account["Deals"][0]["DealId"].clone();
    let list = async |action, input: Value| scene.done(action, &input).await;
    match how {
        "its status" => scene.status().await == 1,
        "its status in the common list" => {
            let answer = list("DescribeCommonDBInstances", json!({ "InstanceIds": [ONE] })).await;
            answer["InstanceDetails"][0]["Status"] == "1"
        }
        "its task" => {
            let answer = list("DescribeTaskInfo", json!({ "TaskId": task_id })).await;
            answer["Status"] == "running"
        }
        "its task in the list" => {
            let answer = list("DescribeTaskList", json!({ "InstanceId": ONE })).await;
            answer["Tasks"][0]["Result"] == 1
        }
        "its order" => {
            let answer = list("DescribeInstanceDealDetail", json!({ "DealIds": [deal_id] })).await;
            answer["DealDetails"][0]["Status"] == 3
        }
        "a list without it, for its status" => {
            let answer = list("DescribeInstances", json!({ "Status": [2] })).await;
            answer["TotalCount"] == 0
        }
        "a common list without it, for its status" => {
            let input = json!({ "Status": ["2"] });
            list("DescribeCommonDBInstances", input).await["TotalCount"] == 0
        }
        "a list without its task, for its result" => {
            let answer = list("DescribeTaskList", json!({ "Result": [2] })).await;
            answer["TotalCount"] == 0
        }
        _ => {
            let path = format!("/_crs/instances/{ONE}");
            scene.app.controlled("GET", &path, "").await["Status"] == 1
        }
    }
}

#[tokio::test]
async fn a_change_that_was_seen_ends_when_it_is_due() {
    for how in LOOKS {
        let scene = Scene::start();
        assert_eq!(scene.upgrade(4_096).await, "");
        scene.wait(FLOW_TIME_MS - 1);
        assert!(look(&scene, how).await, "{how}: it is under way");
        assert_eq!(scene.flows().await[0]["Shown"], true, "{how}: it was seen");
        scene.wait(1);
        assert!(!look(&scene, how).await, "{how}: it is over");
        assert_eq!(scene.task().await["EndTime"], "2026-11-24 16:00:01");
    }
}

#[tokio::test]
async fn a_change_that_nobody_saw_is_shown_once_and_then_over() {
    for how in LOOKS {
        let scene = Scene::start();
        assert_eq!(scene.upgrade(4_096).await, "");
        scene.wait(3_000);
        assert!(look(&scene, how).await, "{how}: it is shown once");
        assert!(!look(&scene, how).await, "{how}: and no more");
        assert_eq!(scene.task().await["EndTime"], "2026-11-24 16:00:03", "{how}");
    }
}

#[tokio::test]
async fn who_sleeps_between_two_changes_needs_no_look() {
    let scene = Scene::start();
    assert_eq!(scene.upgrade(2_048).await, "");
    let busy = "ResourceUnavailable.InstanceStatusAbnormal";
    scene.wait(FLOW_TIME_MS - 1);
    assert_eq!(scene.upgrade(4_096).await, busy, "it is not due");
    assert_eq!(scene.flows().await[0]["Shown"], false, "a change is no look");
    scene.wait(1);
    let input = json!({ "InstanceId": ONE, "MemSize": 1_024 });
    assert_eq!(scene.code("InquiryPriceUpgradeInstance", &input).await, "");
    assert_eq!(scene.task().await["EndTime"], "2026-11-24 16:00:01");
    assert_eq!(scene.upgrade(4_096).await, "");
    scene.wait(3_000);
    // What is refused has ended it all the same.
    assert_eq!(scene.upgrade(4_096).await, "InvalidParameter.InvalidParameter");
    assert_eq!(scene.status().await, 2);
    assert_eq!(scene.row().await["Size"], 4096.0);
}

#[tokio::test]
async fn who_destroys_and_sleeps_can_clean_up() {
    let scene = Scene::start();
    let input = json!({ "InstanceId": ONE });
    scene.done("DestroyPostpaidInstance", &input).await;
    scene.wait(3_000);
    let begun = scene.done("CleanUpInstance", &input).await;
    // It takes the instance away when it is due, seen or not.
    scene.wait(FLOW_TIME_MS);
    let told = scene
        .done("DescribeTaskInfo", &json!({ "TaskId": begun["TaskId"] }))
        .await;
    assert_eq!(told["Status"], "succeed");
    assert_eq!(scene.done("DescribeInstances", &input).await["TotalCount"], 0);
}

#[tokio::test]
async fn a_password_is_set_when_that_is_due_seen_or_not() {
    let scene = Scene::start();
    let input = json!({ "InstanceId": ONE, "Password": "Secret_99" });
    scene.done("ResetPassword", &input).await;
    scene.wait(FLOW_TIME_MS - 1);
    assert_eq!(scene.flows().await.len(), 1);
    scene.wait(1);
    assert!(scene.flows().await.is_empty());
}

#[tokio::test]
async fn other_calls_leave_a_change_alone_until_it_ends_by_itself() {
    let scene = Scene::start();
    assert_eq!(scene.upgrade(4_096).await, "");
    let name = json!({ "Operation": "rename", "InstanceIds": [ONE], "InstanceNames": ["named"] });
    for ms in [500, 2_500, 56_999] {
        scene.wait(ms);
        scene.done("ModifyInstance", &name).await;
        let groups = json!({ "InstanceIds": [ONE] });
        scene.done("DescribeInstanceSecurityGroup", &groups).await;
        scene.app.controlled("GET", "/_crs/flows", "").await;
        let flows = scene.flows().await;
        assert_eq!(flows[0]["Shown"], false, "nobody has looked: {flows:?}");
        assert_eq!(flows[0]["Due"], "2026-11-24 16:00:01");
    }
    scene.wait(1);
    assert!(scene.flows().await.is_empty(), "sixty times its time is over");
    assert_eq!(scene.task().await["EndTime"], "2026-11-24 16:01:00");
}

#[tokio::test]
async fn a_hand_on_the_clock_ends_what_is_due_by_then() {
    let scene = Scene::start();
    assert_eq!(scene.upgrade(4_096).await, "");
    let advance = async |seconds: f64| {
        let body = json!({ "Seconds": seconds }).to_string();
        let path = "/_crs/clock/advance";
        scene.app.controlled("POST", path, &body).await;
    };
    advance(0.999).await;
    assert_eq!(scene.flows().await.len(), 1, "it is not due");
    // Real time passes, and nobody moves the clock.
    scene.wait(5_000);
    advance(0.0).await;
    assert_eq!(scene.flows().await.len(), 1, "nothing was moved");
    advance(0.001).await;
    assert!(scene.flows().await.is_empty());
    assert_eq!(scene.upgrade(2_048).await, "");
    let put = async |body: &str| {
        scene.app.controlled("PUT", "/_crs/clock", body).await;
        scene.flows().await.len()
    };
    assert_eq!(put(r#"{"Mode":"manual","Now":"2026-11-24T07:00:00Z"}"#).await, 1);
    assert_eq!(put(r#"{"Mode":"manual","Now":"2026-11-24T09:00:00Z"}"#).await, 0);
    assert_eq!(scene.task().await["EndTime"], "2026-11-24 16:00:07");
}

#[tokio::test]
async fn an_answer_that_a_fault_rule_swallowed_has_shown_nothing() {
    let scene = Scene::start();
    assert_eq!(scene.upgrade(4_096).await, "");
    let rule = r#"{"Match":{"Action":"DescribeInstances"},"Then":{"Code":"InternalError"}}"#;
    scene.app.controlled("POST", "/_crs/faults", rule).await;
    let input = json!({ "InstanceId": ONE });
    assert_eq!(scene.code("DescribeInstances", &input).await, "InternalError");
    // A call that is refused has shown nothing either.
    let wrong = json!({ "InstanceId": ONE, "OrderType": 7 });
    scene.app.controlled("DELETE", "/_crs/faults", "").await;
    assert_ne!(scene.code("DescribeInstances", &wrong).await, "");
    assert_eq!(scene.flows().await[0]["Shown"], false);
}

#[tokio::test]
async fn an_order_shows_all_its_instances() {
    let scene = Scene::start();
    let input = json!({
        "TypeId": 8, "MemSize": 1_024, "GoodsNum": 3, "Period": 1, "BillingMode": 0, "ZoneId": 100_003,
        "Password": "Secret_99", "VpcId": "vpc-flows000", "SubnetId": "subnet-flows000",
        "RedisShardNum": 1, "RedisReplicasNum": 1,
    });
    let made = scene.done("CreateInstances", &input).await;
    let asked = json!({ "DealIds": [made["DealId"]] });
    let order = async || {
        let told = scene.done("DescribeInstanceDealDetail", &asked).await;
        told["DealDetails"][0]["Status"].clone()
    };
    scene.wait(3_000);
    assert_eq!(order().await, 3);
    assert_eq!(order().await, 4);
    assert!(scene.flows().await.is_empty());
}

#[tokio::test]
async fn a_page_shows_what_stands_on_it() {
    let scene = Scene::start();
    assert_eq!(scene.upgrade(4_096).await, "");
    for (action, input) in [
        ("DescribeInstances", json!({ "Offset": 2 })),
        ("DescribeInstances", json!({ "InstanceId": "crs-binned00" })),
        ("DescribeInstances", json!({ "Status": [-3], "TypeList": [2] })),
        ("DescribeTaskList", json!({ "Offset": 20 })),
        (
            "DescribeTaskList",
            json!({ "InstanceId": "crs-binned00", "Result": [2] }),
        ),
    ] {
        scene.done(action, &input).await;
        let flows = scene.flows().await;
        assert_eq!(flows[0]["Shown"], false, "{action} {input} shows it");
    }
}

#[tokio::test]
async fn a_patch_ends_what_is_due_and_is_no_look() {
    let scene = Scene::start();
    assert_eq!(scene.upgrade(4_096).await, "");
    let path = format!("/_crs/instances/{ONE}");
    let patch = async || scene.app.controlled("PATCH", &path, r#"{"MemUsed":100}"#).await;
    assert_eq!(patch().await["Status"], 1);
    assert_eq!(scene.flows().await[0]["Shown"], false);
    scene.wait(3_000);
    let patched = patch().await;
    assert_eq!((&patched["Status"], &patched["MemSize"]), (&json!(2), &json!(4_096)));
}

#[tokio::test]
async fn a_held_change_waits_for_its_step_whoever_looks() {
    let scene = Scene::of(Pace::Held, FIXTURE);
    assert_eq!(scene.upgrade(4_096).await, "");
    for how in LOOKS {
        scene.wait(100_000);
        assert!(look(&scene, how).await, "{how}");
    }
    let busy = "ResourceUnavailable.InstanceStatusAbnormal";
    assert_eq!(scene.upgrade(2_048).await, busy);
}

#[tokio::test]
async fn a_snapshot_in_the_middle_of_each_goes_on_alike() {
    for (before, seen) in [(0, false), (500, false), (500, true), (3_000, false)] {
        let scene = Scene::start();
        assert_eq!(scene.upgrade(4_096).await, "");
        scene.wait(before);
        if seen {
            assert_eq!(scene.status().await, 1);
        }
        let other = scene.restored(Pace::Timed).await;
        for ms in [0, 400, 200, 3_000, 60_000] {
            scene.wait(ms);
            other.wait(ms);
            assert_eq!(scene.row().await, other.row().await, "{before} {seen} {ms}");
            assert_eq!(scene.state().await, other.state().await);
        }
    }
}

#[tokio::test]
async fn what_an_order_adds_is_called_so() {
    let scene = Scene::start();
    let input = json!({
        "TypeId": 8, "MemSize": 1_024, "GoodsNum": 1, "Period": 1, "BillingMode": 0, "ZoneId": 100_003,
        "Password": "Secret_99", "VpcId": "vpc-flows000", "SubnetId": "subnet-flows000",
        "RedisShardNum": 1, "RedisReplicasNum": 1,
    });
    let made = scene.done("CreateInstances", &input).await;
    let asked = json!({ "InstanceIds": made["InstanceIds"] });
    let title = async || {
        let listed = scene.done("DescribeInstances", &asked).await;
        listed["InstanceSet"][0]["InstanceTitle"].clone()
    };
    assert_eq!(title().await, "添加实例中");
    scene.wait(FLOW_TIME_MS);
    assert_eq!(title().await, "运行中");
}
