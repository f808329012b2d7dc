//! The calls that Terraform's provider makes for a `tencentcloud_redis_instance`, in its order and with its patience,
//! and what it takes for granted in their answers.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::gateway::request_at;
use super::harness::App;

const REGION: &str = "ap-guangzhou";
const ZONE: &str = "ap-guangzhou-3";
const TYPE: u64 = 8;

/// What the account has in the beginning: nothing. Time stands still unless the provider waits.
const FIXTURE: &str = r#"{
  "Accounts": [{ "Credentials": [{ "SecretId": "AKIDlocal", "SecretKey": "local" }] }],
  "Clock": { "Mode": "manual", "Now": "2026-11-24T08:00:00Z" }
}"#;

/// When the provider looks again, in seconds since it last did; later every ten.
const POLLS: [f64; 6] = [0.04, 0.5, 1.0, 2.0, 4.0, 8.0];
/// It gives up after so many looks, some minutes later.
const LOOKS_MAX: usize = 30;

/// The members of an instance that the provider reads without looking whether they are there.
const READ_UNSEEN: [&str; 13] = [
    "Status",
    "InstanceName",
    "ZoneId",
    "SlaveReadWeight",
    "NoAuth",
    "BillingMode",
    "Type",
    "Createtime",
    "WanIp",
    "RedisShardSize",
    "Port",
    "ProjectId",
    "UniqVpcId",
];

/// The provider at work on one resource.
struct Provider {
    app: App,
    billing: i64,
    id: String,
}

impl Provider {
    fn start(billing: i64) -> Self {
        Self {
            app: App::with_fixture(crs_local::Config::default(), FIXTURE),
            billing,
            id: String::new(),
        }
    }

    /// A call that must succeed; the answer's members.
    async fn call(&self, service: &str, action: &str, input: &Value) -> Value {
        let version = match service {
            "region" => "2022-06-27",
            "tag" => "2018-08-13",
            _ => "2018-04-12",
        };
        let text = format!(
            "@sign id=AKIDlocal key=local service={service}\nPOST / HTTP/1.1\n{{USUAL}}\n\
             Host: {service}.tencentcloudapi.com\nX-TC-Action: {action}\n\
             X-TC-Version: {version}\nX-TC-Region: {REGION}\n\n{input}"
        );
        // Real time goes on as the cloud's does: the limit of calls counts its seconds.
        let now_ms = self.now_ms().await;
        self.app.set_now(now_ms);
        let answer = self.app.send(&request_at(&text, now_ms)).await;
        assert_eq!(answer.code(), "", "{service}:{action} {input}\n{answer}");
        answer.json()["Response"].clone()
    }

    async fn redis(&self, action: &str, input: &Value) -> Value {
        self.call("redis", action, input).await
    }

    async fn described(&self) -> Vec<Value> {
        let input = json!({ "InstanceId": self.id, "Limit": 10, "Offset": 0 });
        let answer = self.redis("DescribeInstances", &input).await;
        let set = answer["InstanceSet"].as_array().expect("a list").clone();
        assert_eq!(answer["TotalCount"], set.len());
        set
    }

    async fn instance(&self) -> Value {
        let set = self.described().await;
        assert_eq!(set.len(), 1, "an empty set is an error that is not tried again");
        for member in READ_UNSEEN {
            assert!(!set[0][member].is_null(), "the plugin crashes without {member}");
        }
        set[0].clone()
    }

    async fn status(&self) -> i64 {
        self.instance().await["Status"].as_i64().expect("a number")
    }

    async fn wait(&self, look: usize) {
        let seconds = POLLS.get(look).copied().unwrap_or(10.0);
        let body = json!({ "Seconds": seconds }).to_string();
        self.app.controlled("POST", "/_crs/clock/advance", &body).await;
    }

    /// Looks until the instance has that status; the statuses seen on the way.
    async fn until(&self, enough: impl Fn(i64) -> bool) -> BTreeSet<i64> {
        let mut seen = BTreeSet::new();
        for look in 0..LOOKS_MAX {
            self.wait(look).await;
            let status = self.status().await;
            if enough(status) {
                return seen;
            }
            seen.insert(status);
        }
        panic!("it waits for ever, and sees {seen:?}");
    }

    /// Looks at a task until it has succeeded.
    async fn until_done(&self, task_id: &Value) {
        assert!(task_id.as_i64().is_some_and(|id| id > 0), "{task_id} is no TaskId");
        for look in 0..LOOKS_MAX {
            self.wait(look).await;
            match self.task(task_id).await.as_str() {
                "succeed" => return,
                "preparing" | "running" => {}
                other => panic!("redis task exe fail: {other}"),
            }
        }
        panic!("task {task_id} never ends");
    }

    async fn task(&self, task_id: &Value) -> String {
        let told = self.redis("DescribeTaskInfo", &json!({ "TaskId": task_id })).await;
        told["Status"].as_str().expect("a word").to_owned()
    }

    /// After UpgradeInstance it waits until a status other than 2 was seen, and then until that is over.
    async fn until_upgraded(&self) {
        for look in 0..LOOKS_MAX {
            self.wait(look).await;
            if self.status().await != 2 {
                let seen = self.until(|status| status == 2).await;
                assert!(seen.iter().all(|status| [0, 1].contains(status)), "{seen:?}");
                return;
            }
        }
        panic!("it waits for ever for the upgrade to start");
    }

    /// Waits for the newest task of a version upgrade for 25 minutes, as the list of tasks tells of it.
    async fn until_version_is_upgraded(&self) {
        const MINUTES_25_MS: i64 = 25 * 60_000;
        let start_ms = self.now_ms().await;
        for look in 0.. {
            self.wait(look).await;
            let input = json!({ "InstanceId": self.id, "TaskTypes": ["043"], "Limit": 1 });
            let listed = self.redis("DescribeTaskList", &input).await;
            match listed["Tasks"][0]["Result"].as_i64() {
                Some(2) => return,
                Some(0 | 1) => {}
                other => panic!("the version upgrade came to {other:?}"),
            }
            let waited_ms = self.now_ms().await - start_ms;
            assert!(waited_ms < MINUTES_25_MS, "it gives up");
        }
    }

    /// The zone's number, by way of what is sold and where.
    async fn zone_id(&self) -> u64 {
        let products = self.redis("DescribeProductInfo", &json!({})).await;
        let named = |list: &Value, key: &str, name: &str| {
            let list = list.as_array().expect("a list");
            let found = list.iter().find(|one| one[key] == name);
            found.unwrap_or_else(|| panic!("no {key} is {name}")).clone()
        };
        let region = named(&products["RegionSet"], "RegionId", REGION);
        let zone = named(&region["ZoneSet"], "ZoneName", ZONE);
        assert_eq!(zone["IsSaleout"], false);
        let sold = zone["ProductSet"].as_array().expect("a list");
        let (number, digits) = (json!(TYPE), json!(TYPE.to_string()));
        let own = |one: &&Value| one["Type"] == number || one["Type"] == digits;
        let product = sold.iter().find(own).expect("the type is sold there");
        for (list, number) in [("ShardNum", "1"), ("ReplicaNum", "1"), ("ReplicaNum", "2")] {
            let numbers = product[list].as_array().expect("a list of texts");
            assert!(numbers.contains(&json!(number)), "{list} without {number}");
        }
        self.zones().await
    }

    async fn zones(&self) -> u64 {
        let zones = self
            .call("region", "DescribeZones", &json!({ "Product": "redis" }))
            .await;
        let all = zones["ZoneSet"].as_array().expect("a list");
        let own = all.iter().find(|one| one["Zone"] == ZONE).expect("the zone");
        let number = own["ZoneId"].as_str().expect("digits as a text");
        number.parse().expect("digits")
    }

    async fn create(&mut self) {
        let zone_id = self.zone_id().await;
        let input = json!({
            "TypeId": TYPE, "MemSize": 1_024, "GoodsNum": 1, "Period": 1, "BillingMode": self.billing,
            "ZoneId": zone_id, "Password": "terraform01", "VpcId": "vpc-4owdpnwr",
            "SubnetId": "subnet-4o0zd840", "ProjectId": 0, "RedisShardNum": 1, "RedisReplicasNum": 1,
            "SecurityGroupIdList": ["sg-4owdpnwr"], "InstanceName": "made-by-terraform", "VPort": 6379,
            "NoAuth": false, "ReplicasReadonly": false,
        });
        let made = self.redis("CreateInstances", &input).await;
        let ids = made["InstanceIds"]
            .as_array()
            .expect("redis api CreateInstances return empty redis id");
        assert_eq!(ids.len(), 1);
        self.id = ids[0].as_str().expect("an id").to_owned();
        assert!(
            [0, 1].contains(&self.status().await),
            "it is visible at once, and not ready"
        );
        let seen = self.until(|status| status == 2).await;
        assert!(seen.iter().all(|status| [0, 1].contains(status)), "{seen:?}");
        self.tag(&json!([{ "TagKey": "team", "TagValue": "cache" }]), &json!([]))
            .await;
    }

    async fn tag(&self, replace: &Value, delete: &Value) {
        let input = json!({
            "Resource": format!("qcs::redis:{REGION}:uin/:instance/{}", self.id),
            "ReplaceTags": replace, "DeleteTags": delete,
        });
        self.call("tag", "ModifyResourceTags", &input).await;
    }

    /// A refresh: what the plan is compared with.
    async fn read(&self) -> (Value, Vec<(String, String)>) {
        let instance = self.instance().await;
        assert_eq!(
            instance["ZoneId"],
            self.zones().await,
            "this redis zone is not supported"
        );
        let input = json!({ "InstanceIds": [self.id] });
        let groups = self.redis("DescribeInstanceSecurityGroup", &input).await;
        let own = &groups["InstanceSecurityGroupsDetail"][0]["SecurityGroupDetails"][0];
        assert_eq!(own["SecurityGroupId"], "sg-4owdpnwr");
        let input = json!({
            "ServiceType": "redis", "ResourcePrefix": "instance", "ResourceRegion": REGION,
            "ResourceIds": [self.id], "Limit": 200, "Offset": 0,
        });
        let tags = self.call("tag", "DescribeResourceTagsByResourceIds", &input).await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let rows = tags["Tags"].as_array().expect("a list").iter();
        let tags = rows.map(|row| (text(&row["TagKey"]), text(&row["TagValue"])));
        (instance, tags.collect())
    }

    async fn upgrade(&self, mem_mb: u64, replicas: u64) {
        let input = json!({
            "InstanceId": self.id, "MemSize": mem_mb, "RedisShardNum": 1, "RedisReplicasNum": replicas,
        });
        let ordered = self.redis("UpgradeInstance", &input).await;
        assert!(ordered["DealId"].as_str().is_some_and(|id| !id.is_empty()));
        self.until_upgraded().await;
    }

    async fn rename(&self, name: &str) {
        let input = json!({
            "Operation": "rename", "InstanceIds": [self.id], "InstanceNames": [name],
        });
        self.redis("ModifyInstance", &input).await;
    }

    async fn change_password(&self) {
        let input = json!({ "InstanceId": self.id, "Password": "terraform02", "NoAuth": false });
        let begun = self.redis("ResetPassword", &input).await;
        self.until_done(&begun["TaskId"]).await;
    }

    /// Into the recycle bin.
    async fn isolate(&self) {
        self.instance().await;
        let input = json!({ "InstanceId": self.id });
        if self.billing == 0 {
            let begun = self.redis("DestroyPostpaidInstance", &input).await;
            self.until_done(&begun["TaskId"]).await;
        } else {
            let ordered = self.redis("DestroyPrepaidInstance", &input).await;
            assert!(ordered["DealId"].as_str().is_some_and(|id| !id.is_empty()));
            self.until(|status| status <= -2).await;
        }
        // What is destroyed stays listed; a set without it would be an error to a refresh.
        let isolated = if self.billing == 0 { -3 } else { -2 };
        assert_eq!(self.status().await, isolated);
    }

    /// With `force_delete`: out of the recycle bin for good.
    async fn clean_up(&self) {
        let input = json!({ "InstanceId": self.id });
        let begun = self.redis("CleanUpInstance", &input).await;
        self.until_done(&begun["TaskId"]).await;
        assert_eq!(self.described().await, Vec::<Value>::new());
        assert_eq!(self.task(&begun["TaskId"]).await, "succeed");
    }

    /// The cloud's time.
    async fn now_ms(&self) -> i64 {
        let clock = self.app.controlled("GET", "/_crs/clock", "").await;
        let now = clock["Now"].as_str().expect("a moment");
        crs_local::fixture::parse_time(now).expect("a moment")
    }
}

fn tag(key: &str, value: &str) -> (String, String) {
    (key.into(), value.into())
}

async fn a_whole_life(billing: i64) {
    let mut provider = Provider::start(billing);
    provider.create().await;
    let (made, tags) = provider.read().await;
    assert_eq!(
        (
            &made["InstanceName"],
            &made["Size"],
            &made["RedisReplicasNum"],
            &made["BillingMode"]
        ),
        (&json!("made-by-terraform"), &json!(1024), &json!(1), &json!(billing))
    );
    assert_eq!(tags, [tag("team", "cache")]);
    assert_eq!(provider.read().await, (made, tags), "a plan without a difference");

    provider.upgrade(4_096, 1).await;
    assert_eq!(provider.read().await.0["Size"], 4096);
    provider.upgrade(4_096, 2).await;
    assert_eq!(provider.read().await.0["RedisReplicasNum"], 2);
    provider.rename("named-anew").await;
    assert_eq!(provider.read().await.0["InstanceName"], "named-anew");
    provider.change_password().await;
    let replaced = json!([{ "TagKey": "stage", "TagValue": "test" }]);
    provider.tag(&replaced, &json!([{ "TagKey": "team" }])).await;
    assert_eq!(provider.read().await.1, [tag("stage", "test")]);

    provider.isolate().await;
    provider.clean_up().await;
}

#[tokio::test]
async fn a_version_upgrade_in_the_window_is_done_with_its_task() {
    let mut provider = Provider::start(0);
    provider.create().await;
    let input = json!({
        "InstanceId": provider.id, "TargetInstanceType": "15", "SwitchOption": 1,
    });
    provider.redis("UpgradeInstanceVersion", &input).await;
    provider.until_version_is_upgraded().await;
    let before = provider.instance().await;
    assert_eq!((&before["Status"], &before["Type"]), (&json!(2), &json!(8)));
}

#[tokio::test]
async fn a_postpaid_instance_from_apply_to_destroy() {
    a_whole_life(0).await;
}

#[tokio::test]
async fn a_prepaid_instance_from_apply_to_destroy() {
    a_whole_life(1).await;
}
