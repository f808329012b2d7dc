//! Accounts of one's own: made, ended, reset, with a clock and a lifetime; and below, keys for a while.

use crs_local::Config;
use crs_local::config::{Auth, Limit, Pace, RateLimits};
use serde_json::{Value, json};

use super::control::refused;
use super::gateway::request_at;
use super::harness::{Answer, App, NOW_MS};

mod kept;
mod keys;

const DEFAULT: u64 = 1_250_000_000;
const ID: &str = "crs-5qlrlhux";

/// An account that was made, or a key of one for a while.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    app_id: u64,
    id: String,
    key: String,
    token: String,
}

impl Key {
    fn of(made: &Value) -> Self {
        let text = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
        Self {
            app_id: made["AppId"].as_u64().unwrap_or(0),
            id: text("SecretId"),
            key: text("SecretKey"),
            token: String::new(),
        }
    }

    fn lent(answer: &Value) -> Self {
        let text = |name: &str| {
            answer["Response"]["Credentials"][name]
                .as_str()
                .expect("a text")
                .to_owned()
        };
        Self {
            app_id: 0,
            id: text("TmpSecretId"),
            key: text("TmpSecretKey"),
            token: text("Token"),
        }
    }

    /// What the call answers, signed with this key at that time.
    async fn call_at(&self, app: &App, now_ms: i64, action: &str, input: &Value) -> Answer {
        let Self { id, key, token, .. } = self;
        let version = match action {
            "AssumeRole" | "GetFederationToken" | "GetCallerIdentity" => "2018-08-13",
            _ => "2018-04-12",
        };
        let token = if token.is_empty() {
            String::new()
        } else {
            format!("\nX-TC-Token: {token}")
        };
        let text = format!(
            "@sign id={id} key={key}\nPOST / HTTP/1.1\n{{USUAL}}\nX-TC-Action: {action}\nX-TC-Version: {version}\
             {token}\n\n{input}"
        );
        app.call(&request_at(&text, now_ms)).await
    }

    async fn call(&self, app: &App, action: &str, input: &Value) -> Answer {
        self.call_at(app, NOW_MS, action, input).await
    }

    async fn code(&self, app: &App) -> String {
        self.call(app, "DescribeInstances", &json!({})).await.code()
    }

    /// The memory of the first instance, in MB.
    async fn size(&self, app: &App) -> Value {
        let answer = self.call(app, "DescribeInstances", &json!({ "InstanceId": ID })).await;
        answer.json()["Response"]["InstanceSet"][0]["Size"].clone()
    }

    async fn upgrade(&self, app: &App, mem_size: u64) -> Answer {
        self.call(
            app,
            "UpgradeInstance",
            &json!({ "InstanceId": ID, "MemSize": mem_size }),
        )
        .await
    }
}

fn local() -> Key {
    Key {
        app_id: DEFAULT,
        id: "AKIDlocal".to_owned(),
        key: "local".to_owned(),
        token: String::new(),
    }
}

async fn make(app: &App, body: &str) -> Key {
    Key::of(&app.controlled("POST", "/_crs/accounts", body).await)
}

/// What a state says of this account.
fn account(state: &Value, app_id: u64) -> Value {
    let mut all = state["Accounts"].as_array().expect("accounts").iter();
    all.find(|account| account["AppId"] == app_id)
        .cloned()
        .unwrap_or_default()
}

fn instant() -> Config {
    Config {
        pace: Pace::Instant,
        ..Config::default()
    }
}

/// An emulator whose clock stands, with this account alone in the beginning.
fn standing(config: Config) -> App {
    let fixture = json!({
        "Accounts": [{ "Instances": [{ "InstanceId": ID, "TypeId": 2, "MemSize": 1024 }] }],
        "Clock": { "Mode": "manual", "Now": "2026-11-24T08:00:00Z" },
    });
    App::with_fixture(config, &fixture.to_string())
}

async fn now(app: &App, query: &str) -> String {
    let clock = app.controlled("GET", &format!("/_crs/clock{query}"), "").await;
    clock["Now"].as_str().expect("a moment").to_owned()
}

#[tokio::test]
async fn an_account_is_like_the_first_and_goes_its_own_way() {
    let app = standing(instant());
    let (one, two) = (make(&app, "").await, make(&app, "{}").await);
    assert_ne!((one.app_id, &one.id, &one.key), (two.app_id, &two.id, &two.key));
    assert_eq!(one.upgrade(&app, 4_096).await.code(), "");
    assert_eq!(one.size(&app).await, 4_096.0);
    for other in [&two, &local()] {
        assert_eq!(other.size(&app).await, 1_024.0);
    }
    let identity = one.call(&app, "GetCallerIdentity", &json!({})).await.json();
    assert_eq!(
        identity["Response"]["AccountId"],
        (100_000_000_000 + one.app_id).to_string()
    );
}

#[tokio::test]
async fn the_same_calls_make_the_same_accounts_after_a_reset_too() {
    let order = json!({ "TypeId": 8, "MemSize": 1024, "GoodsNum": 1, "Period": 1, "BillingMode": 0,
        "RedisShardNum": 1, "RedisReplicasNum": 1, "Password": "Secret_99", "VpcId": "vpc-1",
        "SubnetId": "subnet-1", "ZoneId": 100_003 });
    let mut drawn = Vec::new();
    let app = standing(instant());
    for _ in 0..2 {
        let (one, two) = (make(&app, "{}").await, make(&app, "{}").await);
        let mut ids = Vec::new();
        for key in [&one, &two] {
            let answer = key.call(&app, "CreateInstances", &order).await;
            ids.push(answer.json()["Response"]["InstanceIds"].clone());
        }
        assert_ne!(ids[0], ids[1], "what is drawn follows from the AppId");
        drawn.push((one.clone(), two, ids));
        app.reset();
        assert_eq!(one.code(&app).await, "AuthFailure.SecretIdNotFound", "a reset ends it");
        refused(
            &app,
            ("DELETE", &format!("/_crs/accounts/{}", one.app_id), ""),
            404,
            &["there is no account"],
        )
        .await;
    }
    assert_eq!(drawn[0], drawn[1]);
}

#[tokio::test]
async fn a_key_that_was_taken_back_is_nobodys() {
    for auth in [Auth::Lenient, Auth::Strict] {
        let app = App::with(Config {
            auth,
            ..Config::default()
        });
        let key = make(&app, "{}").await;
        assert_eq!(key.code(&app).await, "");
        app.controlled("DELETE", &format!("/_crs/accounts/{}", key.app_id), "")
            .await;
        assert_eq!(key.code(&app).await, "AuthFailure.SecretIdNotFound");
        let health = app.controlled("GET", "/_crs/health", "").await;
        assert_eq!(health["Bypassed"], 0);
    }
    // Of another server, which nobody has told of it.
    let (app, other) = (
        App::start(),
        App::with(Config {
            seed: Some(99),
            ..Config::default()
        }),
    );
    assert_eq!(
        make(&other, "{}").await.code(&app).await,
        "AuthFailure.SecretIdNotFound"
    );
}

#[tokio::test]
async fn an_account_is_what_its_fixture_states() {
    let app = App::start();
    let body = json!({ "Fixture": {
        "AppId": 77, "Uin": "123", "Balance": 5, "Clock": { "Mode": "manual", "Now": "2030-01-01T00:00:00Z" },
        "Credentials": [{ "SecretId": "AKIDown", "SecretKey": "own" }],
        "Instances": [{ "InstanceId": "crs-own00000", "MemSize": 2048 }] } });
    let made = app.controlled("POST", "/_crs/accounts", &body.to_string()).await;
    assert_eq!((&made["AppId"], &made["Uin"]), (&json!(77), &json!("123")));
    let own = Key {
        id: "AKIDown".to_owned(),
        key: "own".to_owned(),
        ..Key::of(&made)
    };
    for key in [Key::of(&made), own] {
        let shown = key.call(&app, "DescribeInstances", &json!({})).await.json();
        assert_eq!(shown["Response"]["TotalCount"], 1, "{shown}");
        assert_eq!(shown["Response"]["InstanceSet"][0]["Createtime"], "2030-01-01 08:00:00");
    }
    let refusals: [(&str, &[&str]); 12] = [
        (r#"{"Fixtures":{}}"#, &["Fixtures: there is no such key", "Fixture"]),
        (r#"{"Fixture":[]}"#, &["Fixture"]),
        (r#"{"Fixture":{"Balance":"x"}}"#, &["Fixture.Balance"]),
        (
            r#"{"Fixture":{"Instances":[{"TypeId":7,"RedisShardNum":2}]}}"#,
            &["Fixture.Instances[0].RedisShardNum"],
        ),
        (
            r#"{"Fixture":{"AppId":77}}"#,
            &["Fixture.AppId", "77", "another account's"],
        ),
        (r#"{"Fixture":{"Uin":"123"}}"#, &["Fixture.Uin", "123"]),
        (
            r#"{"Fixture":{"Credentials":[{"SecretId":"AKIDown","SecretKey":"x"}]}}"#,
            &["AKIDown"],
        ),
        (r#"{"Fixture":{"Clock":{"Mode":"manual"}}}"#, &["Fixture.Clock.Now"]),
        (r#"{"TtlSeconds":0}"#, &["TtlSeconds", "1 to 31536000"]),
        (r#"{"TtlSeconds":31536001}"#, &["TtlSeconds", "31536001"]),
        (
            r#"{"TtlSeconds":1,"Fixture":{"ExpiredTime":1999999999}}"#,
            &["TtlSeconds", "ExpiredTime"],
        ),
        ("[]", &["an object"]),
    ];
    for (body, holds) in refusals {
        let (status, answer) = app.control("POST", "/_crs/accounts", body).await;
        assert_eq!(status, 400, "{body} {answer}");
        let message = answer["Error"]["Message"].as_str().unwrap_or_default().to_owned();
        assert!(holds.iter().all(|part| message.contains(part)), "{body}: {message}");
    }
    refused(&app, ("GET", "/_crs/accounts", ""), 405, &["POST"]).await;
    refused(
        &app,
        ("DELETE", "/_crs/accounts/78", ""),
        404,
        &["there is no account 78", "77", "1250000000"],
    )
    .await;
    refused(&app, ("DELETE", "/_crs/accounts/x", ""), 400, &["AppId"]).await;
    refused(
        &app,
        ("DELETE", &format!("/_crs/accounts/{DEFAULT}"), ""),
        409,
        &["the first", "/_crs/reset"],
    )
    .await;
}

#[tokio::test]
async fn a_strict_emulator_makes_no_account_that_it_would_be_warned_of() {
    let body = json!({ "Fixture": { "Credentials": [{ "SecretId": "AKIDfew", "SecretKey": "few", "Policy": {
        "version": "2.0",
        "statement": [{ "effect": "allow", "action": "redis:NoSuchAction", "resource": "*" }] } }] } });
    let strict = App::with(Config {
        auth: Auth::Strict,
        ..Config::default()
    });
    refused(
        &strict,
        ("POST", "/_crs/accounts", &body.to_string()),
        400,
        &["Fixture.Credentials[0].Policy"],
    )
    .await;
    let lenient = App::start();
    let key = make(&lenient, &body.to_string()).await;
    // The pair that is handed out may do what the first one may.
    assert_eq!(key.code(&lenient).await, "UnauthorizedOperation.NoCAMAuthed");
}

#[tokio::test]
async fn an_account_ends_by_itself_and_a_snapshot_says_when() {
    let app = App::start();
    let key = make(&app, r#"{"TtlSeconds":60}"#).await;
    let state = app.controlled("GET", "/_crs/state", "").await;
    assert_eq!(account(&state, key.app_id)["ExpiredTime"], NOW_MS / 1_000 + 60);
    assert_eq!(state["AccountsMade"], 1);
    app.controlled("PUT", "/_crs/state", &state.to_string()).await;
    // What is made next has numbers of its own.
    let next = make(&app, "{}").await;
    assert_ne!(next.app_id, key.app_id);
    // The cloud's clock does not end it.
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":3600}"#)
        .await;
    let at = NOW_MS + 59_999;
    app.set_now(at);
    let describe = json!({});
    assert_eq!(key.call_at(&app, at, "DescribeInstances", &describe).await.code(), "");
    let at = NOW_MS + 60_000;
    app.set_now(at);
    assert_eq!(
        key.call_at(&app, at, "DescribeInstances", &describe).await.code(),
        "AuthFailure.SecretIdNotFound"
    );
    assert_eq!(next.call_at(&app, at, "DescribeInstances", &describe).await.code(), "");
    let path = format!("/_crs/state?AppId={}", key.app_id);
    refused(
        &app,
        ("GET", &path, ""),
        404,
        &["there is no account", &next.app_id.to_string()],
    )
    .await;
    let state = app.controlled("GET", "/_crs/state", "").await;
    assert_eq!(account(&state, key.app_id), Value::Null);
    assert_ne!(account(&state, next.app_id), Value::Null);
}

#[tokio::test]
async fn a_clock_of_its_own_is_moved_by_calls_with_its_app_id_alone() {
    let app = standing(Config::default());
    let key = make(&app, "{}").await;
    let of = format!("?AppId={}", key.app_id);
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":60}"#).await;
    assert_eq!(
        (now(&app, "").await, now(&app, &of).await),
        both("2026-11-24T08:01:00.000Z")
    );
    let moved = app
        .controlled("POST", &format!("/_crs/clock/advance{of}"), r#"{"Seconds":3600}"#)
        .await;
    assert_eq!(moved, json!({ "Mode": "manual", "Now": "2026-11-24T09:01:00.000Z" }));
    assert_eq!(now(&app, "").await, "2026-11-24T08:01:00.000Z");
    app.controlled(
        "PUT",
        "/_crs/clock",
        r#"{"Mode":"manual","Now":"2027-01-01T00:00:00Z"}"#,
    )
    .await;
    assert_eq!(now(&app, &of).await, "2026-11-24T09:01:00.000Z");
    let state = app.controlled("GET", &format!("/_crs/state{of}"), "").await;
    assert_eq!(state["Accounts"][0]["Clock"]["Now"], "2026-11-24T09:01:00.000Z");
    // What is due in it comes by its own clock: a resize that nobody has seen ends a minute after it began.
    assert_eq!(key.upgrade(&app, 2_048).await.code(), "");
    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":86400}"#)
        .await;
    assert_eq!(
        app.controlled("GET", &format!("/_crs/flows{of}"), "").await["Flows"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    app.controlled("POST", &format!("/_crs/clock/advance{of}"), r#"{"Seconds":60}"#)
        .await;
    assert_eq!(
        app.controlled("GET", &format!("/_crs/flows{of}"), "").await["Flows"],
        json!([])
    );
    // PATCH states it, and takes it back.
    let path = format!("/_crs/accounts/{}", key.app_id);
    let clock = r#"{"Clock":{"Mode":"manual","Now":"2028-01-01T00:00:00Z"}}"#;
    let patched = app.controlled("PATCH", &path, clock).await;
    assert_eq!(patched["Clock"]["Now"], "2028-01-01T00:00:00.000Z");
    assert_eq!(now(&app, &of).await, "2028-01-01T00:00:00.000Z");
    refused(
        &app,
        ("PATCH", &path, r#"{"Clock":{"Mode":"manual"}}"#),
        400,
        &["Clock.Now"],
    )
    .await;
    refused(
        &app,
        ("PATCH", &path, r#"{"ExpiredTime":1999999999}"#),
        400,
        &["ExpiredTime", "TtlSeconds"],
    )
    .await;
    assert_eq!(
        app.controlled("PATCH", &path, r#"{"Clock":null}"#).await["Clock"],
        Value::Null
    );
    assert_eq!(
        (now(&app, "").await, now(&app, &of).await),
        both("2027-01-02T00:00:00.000Z")
    );
    refused(
        &app,
        ("GET", "/_crs/clock?AppId=5", ""),
        404,
        &["there is no account 5"],
    )
    .await;
    refused(
        &app,
        ("PUT", "/_crs/clock?AppId=5", r#"{"Mode":"real"}"#),
        404,
        &["there is no account 5"],
    )
    .await;
}

fn both(at: &str) -> (String, String) {
    (at.to_owned(), at.to_owned())
}

#[tokio::test]
async fn a_reset_of_one_account_is_of_that_one_alone() {
    let app = standing(instant());
    let body = json!({ "Fixture": { "Balance": 7_000_000,
        "Instances": [{ "InstanceId": ID, "TypeId": 2, "MemSize": 1024 }] }, "TtlSeconds": 900 });
    let (like, stated) = (make(&app, "{}").await, make(&app, &body.to_string()).await);
    let keys = [local(), like, stated];
    let mut begun = Vec::new();
    for key in &keys {
        let path = format!("/_crs/state?AppId={}", key.app_id);
        begun.push(app.controlled("GET", &path, "").await);
        assert_eq!(key.upgrade(&app, 2_048).await.code(), "");
        let path = format!("/_crs/clock/advance?AppId={}", key.app_id);
        app.controlled("POST", &path, r#"{"Seconds":60}"#).await;
    }
    for (at, key) in keys.iter().enumerate() {
        app.controlled("POST", &format!("/_crs/reset?AppId={}", key.app_id), "")
            .await;
        let again = app
            .controlled("GET", &format!("/_crs/state?AppId={}", key.app_id), "")
            .await;
        assert_eq!(again, begun[at]);
        for (other, key) in keys.iter().enumerate() {
            assert_eq!(key.size(&app).await, if other <= at { 1_024.0 } else { 2_048.0 });
        }
    }
    refused(
        &app,
        ("POST", "/_crs/reset?AppId=5", ""),
        404,
        &["there is no account 5"],
    )
    .await;
    refused(&app, ("POST", "/_crs/reset?Account=5", ""), 400, &["AppId"]).await;
    // What a state brought that the seed knows nothing of, goes back to nothing.
    let mut state = app.controlled("GET", "/_crs/state", "").await;
    state["Accounts"][1]["AppId"] = json!(88);
    app.controlled("PUT", "/_crs/state", &state.to_string()).await;
    refused(&app, ("POST", "/_crs/reset?AppId=88", ""), 409, &["PUT /_crs/state"]).await;
}

#[tokio::test]
async fn the_state_of_one_account_is_taken_back_alone() {
    let app = standing(instant());
    let key = make(&app, "{}").await;
    let path = format!("/_crs/state?AppId={}", key.app_id);
    let kept = app.controlled("GET", &path, "").await;
    assert_eq!(kept["Accounts"].as_array().map(Vec::len), Some(1));
    assert_eq!((kept.get("Clock"), kept.get("AccountsMade")), (None, None));
    for key in [&key, &local()] {
        assert_eq!(key.upgrade(&app, 2_048).await.code(), "");
    }
    app.controlled("PUT", &path, &kept.to_string()).await;
    assert_eq!(
        (key.size(&app).await, local().size(&app).await),
        (json!(1_024), json!(2_048))
    );
    assert_eq!(app.controlled("GET", &path, "").await, kept);
    let whole = app.controlled("GET", "/_crs/state", "").await.to_string();
    refused(&app, ("PUT", &path, &whole), 400, &["Clock", "whole server's"]).await;
    let other = kept.to_string().replace(&key.app_id.to_string(), "1250000000");
    refused(&app, ("PUT", &path, &other), 400, &["Accounts", "alone"]).await;
    refused(
        &app,
        ("PUT", "/_crs/state?AppId=5", &kept.to_string()),
        404,
        &["there is no account 5"],
    )
    .await;
}

#[tokio::test]
async fn where_two_have_an_instance_a_call_says_whose() {
    let app = App::with(Config {
        pace: Pace::Held,
        ..Config::default()
    });
    let key = make(&app, "{}").await;
    let both = [DEFAULT.to_string(), key.app_id.to_string()];
    let holds = [both[0].as_str(), both[1].as_str(), "?AppId="];
    let path = format!("/_crs/instances/{ID}");
    refused(&app, ("GET", &path, ""), 400, &holds).await;
    refused(&app, ("PATCH", &path, r#"{"MemUsed":1}"#), 400, &holds).await;
    app.controlled("PATCH", &format!("{path}?AppId={}", key.app_id), r#"{"MemUsed":901}"#)
        .await;
    let used = app.controlled("GET", &format!("{path}?AppId={}", key.app_id), "").await;
    assert_eq!(used["MemUsed"], 901);
    assert_ne!(
        app.controlled("GET", &format!("{path}?AppId={DEFAULT}"), "").await["MemUsed"],
        901
    );
    assert_eq!(key.upgrade(&app, 2_048).await.code(), "");
    let drained = app
        .controlled("POST", &format!("/_crs/flows/drain?AppId={DEFAULT}"), "")
        .await;
    assert_eq!(drained["Flows"], json!([]));
    let drained = app
        .controlled("POST", &format!("/_crs/flows/drain?AppId={}", key.app_id), "")
        .await;
    assert_eq!(drained["Flows"][0]["AppId"], key.app_id);
}

#[tokio::test]
async fn parallel_accounts_never_throttle_one_another() {
    let app = App::start();
    let mut keys = vec![local()];
    for _ in 1..16 {
        keys.push(make(&app, "{}").await);
    }
    let input = json!({ "InstanceId": ID });
    for call in 0..21 {
        for key in &keys {
            let code = key.call(&app, "DescribeMaintenanceWindow", &input).await.code();
            assert_eq!(
                code,
                if call < 20 { "" } else { "RequestLimitExceeded" },
                "call {call} of {}",
                key.app_id
            );
        }
    }
}

/// Many workers, each in an account of its own, over a socket: no one meets what another did.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_workers_each_have_an_account() {
    let app = std::sync::Arc::new(App::with(Config {
        rate_limit: RateLimits::from(Limit::Off),
        ..instant()
    }));
    let worker = |number: u64| {
        let app = std::sync::Arc::clone(&app);
        async move {
            for test in 0..8 {
                let key = make(&app, "{}").await;
                let mem_size = [2_048, 4_096, 8_192][((number + test) % 3) as usize];
                assert_eq!(key.size(&app).await, 1_024.0);
                assert_eq!(key.upgrade(&app, mem_size).await.code(), "");
                assert_eq!(key.size(&app).await, mem_size as f64);
                app.controlled("DELETE", &format!("/_crs/accounts/{}", key.app_id), "")
                    .await;
                assert_eq!(key.code(&app).await, "AuthFailure.SecretIdNotFound");
            }
        }
    };
    let workers: Vec<_> = (0..16).map(|number| tokio::spawn(worker(number))).collect();
    for worker in workers {
        worker.await.expect("no worker fails");
    }
    let state = app.controlled("GET", "/_crs/state", "").await;
    assert_eq!(
        (state["Accounts"].as_array().map(Vec::len), &state["AccountsMade"]),
        (Some(2), &json!(128))
    );
}
