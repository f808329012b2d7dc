//! Hours of postpaid instances, as a test sees them: by the control API, in a fixture and in a snapshot.

use crs_local::Config;
use crs_local::cloud::catalogue::price::{self, Tariff};
use crs_local::cloud::{Spec, edition, region};
use crs_local::config::Pace;
use serde_json::{Value, json};

use super::control::refused;
use super::gateway::request;
use super::harness::App;

/// What hours have cost that the ledger does not tell.
pub(crate) fn hours_fen(account: &Value) -> i128 {
    let cost = |one: &Value| {
        let hours = one["ChargedHours"].as_i64()?;
        Some(i128::from(tariff(one).for_hours(hours).fen()))
    };
    let instances = account["Instances"].as_array().into_iter().flatten();
    instances.filter_map(cost).sum()
}

/// What hours of an instance cost.
pub(crate) fn tariff(one: &Value) -> Tariff {
    let number = |key: &str| one[key].as_u64().unwrap_or(0);
    let region = region::find(one["Region"].as_str().unwrap_or("")).expect("a region");
    let edition = edition::find(number("TypeId")).expect("an edition");
    let spec = Spec {
        mem_mb: number("MemSize"),
        shards: number("RedisShardNum"),
        replicas: number("RedisReplicasNum"),
    };
    price::tariff(region, edition, &spec)
}

/// A cloud at the start of an hour with an instance whose hours cost 21.111112 fen at first.
fn app(account: Value) -> App {
    let config = Config {
        pace: Pace::Instant,
        ..Config::default()
    };
    App::with_fixture(config, &fixture(account).to_string())
}

fn fixture(account: Value) -> Value {
    let mut whole = json!({
        "AppId": 1_250_000_000,
        "Balance": 10_000,
        "Instances": [{ "InstanceId": "crs-hours000", "TypeId": 2, "MemSize": 1024, "RedisReplicasNum": 1 }],
        "Credentials": [{ "SecretId": "AKIDlocal", "SecretKey": "local" }],
    });
    let Value::Object(keys) = account else {
        panic!("keys of an account")
    };
    for (key, value) in keys {
        whole[key] = value;
    }
    let clock = json!({ "Mode": "manual", "Now": "2026-11-24T08:00:00Z" });
    json!({ "Version": 2, "Clock": clock, "Accounts": [whole] })
}

async fn advance(app: &App, hours: f64) {
    let body = json!({ "Seconds": hours * 3_600.0 }).to_string();
    app.controlled("POST", "/_crs/clock/advance", &body).await;
}

async fn account(app: &App) -> Value {
    app.controlled("GET", "/_crs/state", "").await["Accounts"][0].take()
}

/// What the account can spend, and what the ledger tells: kind, amount and hours.
async fn money(app: &App) -> (i64, Vec<(String, i64, Option<u64>)>) {
    let account = account(app).await;
    let entries = account["Ledger"].as_array().into_iter().flatten();
    let told = |entry: &Value| {
        let kind = entry["Kind"].as_str().expect("a word").to_owned();
        (kind, entry["Amount"].as_i64().expect("fen"), entry["Hours"].as_u64())
    };
    (account["Balance"].as_i64().expect("fen"), entries.map(told).collect())
}

fn entry(kind: &str, fen: i64, hours: Option<u64>) -> (String, i64, Option<u64>) {
    (kind.to_owned(), fen, hours)
}

async fn call(app: &App, action: &str, body: Value) -> String {
    let head = format!("POST / HTTP/1.1\n{{USUAL}}\nX-TC-Action: {action}\n\n{body}");
    app.call(&request(&head)).await.code()
}

/// What the instance of this state shows of its hours.
async fn meter(app: &App) -> (Value, Value) {
    let shown = app.controlled("GET", "/_crs/instances/crs-hours000", "").await;
    (shown["ChargedSince"].clone(), shown["ChargedHours"].clone())
}

#[tokio::test]
async fn a_balance_falls_hour_by_hour_without_an_entry() {
    let app = app(json!({}));
    for (hours, balance) in [(0.5, 10_000), (0.5, 9_979), (95.0, 7_973), (1.0, 7_957)] {
        advance(&app, hours).await;
        assert_eq!(money(&app).await, (balance, vec![]), "{hours} h");
    }
    assert_eq!(meter(&app).await, (json!("2026-11-24 16:00:00"), json!(97)));
}

#[tokio::test]
async fn a_month_of_a_scaler_is_paid_stretch_by_stretch() {
    let app = app(json!({ "Balance": 100_000 }));
    advance(&app, 240.0).await;
    let grown = json!({ "InstanceId": "crs-hours000", "MemSize": 2_048 });
    assert_eq!(call(&app, "UpgradeInstance", grown).await, "");
    advance(&app, 240.5).await;
    let shrunk = json!({ "InstanceId": "crs-hours000", "MemSize": 1_024 });
    assert_eq!(call(&app, "UpgradeInstance", shrunk).await, "");
    advance(&app, 240.0).await;
    // Ten days of one gigabyte, of two, and of one again; the half hour counted as one of the last.
    let day_prices = (4_307, 8_613);
    let (balance, told) = money(&app).await;
    assert_eq!(
        told,
        [
            entry("Freeze", -21, None),
            entry("Charge", -day_prices.0, Some(240)),
            entry("Unfreeze", 21, None),
            entry("Charge", -day_prices.1, Some(240)),
        ]
    );
    assert_eq!(balance, 100_000 - 2 * day_prices.0 - day_prices.1);
    let gone = json!({ "InstanceId": "crs-hours000" });
    assert_eq!(call(&app, "DestroyPostpaidInstance", gone).await, "");
    let (balance, told) = money(&app).await;
    assert_eq!(
        told[4..],
        [entry("Charge", -day_prices.0, Some(240)), entry("Unfreeze", 21, None)]
    );
    assert_eq!(balance, 100_000 - 2 * day_prices.0 - day_prices.1 + 21);
    assert_eq!(account(&app).await["Ledger"][5]["Balance"], balance);
}

#[tokio::test]
async fn the_next_things_due_are_arrears_isolation_and_the_end() {
    let app = app(json!({ "Balance": 50 }));
    let next = async || app.controlled("POST", "/_crs/clock/next", "{}").await["Now"].clone();
    assert_eq!(
        next().await,
        "2026-11-24T11:00:00.000Z",
        "the third hour is not covered"
    );
    let arrears = account(&app).await;
    assert_eq!(arrears["Balance"], -13);
    assert_eq!(arrears["ArrearsSince"], "2026-11-24 19:00:00");
    let upgrade = json!({ "InstanceId": "crs-hours000", "MemSize": 2_048 });
    assert_eq!(
        call(&app, "UpgradeInstance", upgrade).await,
        "ResourceUnavailable.AccountBalanceNotEnough"
    );
    assert_eq!(next().await, "2026-11-25T11:00:00.000Z");
    let isolated = account(&app).await;
    assert_eq!(isolated["Instances"][0]["Status"], -3);
    assert_eq!(
        money(&app).await,
        (
            50 - 570 + 21,
            vec![entry("Charge", -570, Some(27)), entry("Unfreeze", 21, None)]
        )
    );
    assert_eq!(next().await, "2026-11-25T13:00:00.000Z");
    assert_eq!(account(&app).await["Instances"], Value::Null);
    refused(
        &app,
        ("POST", "/_crs/clock/next", ""),
        409,
        &["nothing is due", "advance"],
    )
    .await;
}

#[tokio::test]
async fn a_snapshot_goes_on_within_the_hour() {
    let app = app(json!({}));
    advance(&app, 100.75).await;
    let grown = json!({ "InstanceId": "crs-hours000", "MemSize": 2_048 });
    assert_eq!(call(&app, "UpgradeInstance", grown).await, "");
    advance(&app, 100.1).await;
    let state = app.controlled("GET", "/_crs/state", "").await;
    let other = App::start();
    other.controlled("PUT", "/_crs/state", &state.to_string()).await;
    assert_eq!(other.controlled("GET", "/_crs/state", "").await, state);
    for hours in [0.1, 0.1, 0.7, 400.0, 60.0, 24.0] {
        for app in [&app, &other] {
            advance(app, hours).await;
        }
        assert_eq!(account(&app).await, account(&other).await, "{hours} h on");
    }
    let charges = money(&app).await.1;
    let charges = charges.iter().filter(|(kind, ..)| kind == "Charge").count();
    assert_eq!(charges, 2, "the resize, and the end of the money");
}

#[tokio::test]
async fn a_snapshot_of_a_real_clock_pays_for_the_time_between() {
    let mut real = fixture(json!({}));
    real["Clock"] = json!({ "Mode": "real" });
    let app = App::with_fixture(Config::default(), &real.to_string());
    let now = super::harness::NOW_MS;
    app.set_now(now + 3 * 3_600_000);
    let state = app.controlled("GET", "/_crs/state", "").await;
    assert_eq!(state["Accounts"][0]["Balance"], 10_000 - 63);
    app.set_now(now + 5 * 3_600_000);
    app.controlled("PUT", "/_crs/state", &state.to_string()).await;
    assert_eq!(account(&app).await["Balance"], 10_000 - 106);
}

#[tokio::test]
async fn what_is_stated_of_hours_counts() {
    // Its hours are cheaper by now, and the balance is what can be spent now.
    let since = |hours: Value| {
        json!({ "Balance": 10_000, "Instances": [{ "InstanceId": "crs-hours000", "TypeId": 2,
            "MemSize": 1024, "RedisReplicasNum": 1, "ChargedSince": "2026-11-01 15:30:00", "ChargedHours": hours }] })
    };
    let own = app(since(Value::Null));
    assert_eq!(money(&own).await.0, 10_000);
    advance(&own, 0.5).await;
    assert_eq!(money(&own).await.0, 9_989, "half an hour had passed of it");
    // It has paid for all but the last two.
    let own = app(since(json!(550)));
    assert_eq!(money(&own).await.0, 10_000 - 21);
}

#[tokio::test]
async fn a_patch_settles_what_it_ends() {
    let app = app(json!({}));
    let patch = async |change: Value| {
        let path = "/_crs/instances/crs-hours000";
        app.controlled("PATCH", path, &change.to_string()).await
    };
    advance(&app, 10.5).await;
    patch(json!({ "MemUsed": 100 })).await;
    assert_eq!(money(&app).await, (10_000 - 211, vec![]), "that ends no stretch");
    patch(json!({ "MemSize": 2_048 })).await;
    assert_eq!(
        money(&app).await.1,
        [entry("Charge", -211, Some(10)), entry("Freeze", -21, None)]
    );
    assert_eq!(meter(&app).await, (json!("2026-11-25 02:00:00"), json!(0)));
    // Other hours are stated: these count now.
    patch(json!({ "ChargedSince": "2026-11-25 00:30:00" })).await;
    assert_eq!(money(&app).await.0, 10_000 - 211 - 21 - 84);
    assert_eq!(meter(&app).await, (json!("2026-11-25 00:30:00"), json!(2)));
    patch(json!({ "Status": -3 })).await;
    let (balance, told) = money(&app).await;
    assert_eq!(told[2..], [entry("Charge", -84, Some(2)), entry("Unfreeze", 42, None)]);
    assert_eq!(
        (balance, meter(&app).await),
        (10_000 - 295 + 21, (Value::Null, Value::Null))
    );
    // Running again it is charged from now on.
    patch(json!({ "Status": 2 })).await;
    advance(&app, 1.0).await;
    assert_eq!(money(&app).await.0, 10_000 - 295 - 21 - 42);
    // A balance that is stated is what can be spent.
    let rich = json!({ "Balance": 5_000 }).to_string();
    let patched = app.controlled("PATCH", "/_crs/accounts/1250000000", &rich).await;
    assert_eq!((&patched["Balance"], money(&app).await.0), (&json!(5_000), 5_000));
    advance(&app, 1.0).await;
    assert_eq!(money(&app).await.0, 5_000 - 42);
}

#[tokio::test]
async fn what_contradicts_itself_about_hours_is_refused() {
    let app = app(json!({}));
    let one = |keys: Value| {
        let mut whole = json!({ "InstanceId": "crs-hours000" });
        for (key, value) in keys.as_object().expect("keys") {
            whole[key] = value.clone();
        }
        json!({ "Instances": [whole] })
    };
    let charge = |kind: &str, hours: Value| {
        let entry =
            json!({ "Time": "2026-11-01 00:00:00", "Kind": kind, "Amount": -5, "Balance": 100, "Hours": hours });
        json!({ "Balance": 100, "Ledger": [entry] })
    };
    let mut ahead = charge("Charge", json!(1));
    ahead["Instances"] = one(json!({ "ChargedSince": "2026-11-24 11:00:00", "ChargedHours": 2 }))["Instances"].take();
    for (account, holds) in [
        (
            one(json!({ "BillingMode": 1, "ChargedSince": "2026-11-20 00:00:00" })),
            ["ChargedSince", "postpaid"],
        ),
        (
            one(json!({ "Status": -3, "ChargedSince": "2026-11-20 00:00:00" })),
            ["ChargedSince", "recycle bin"],
        ),
        (
            one(json!({ "ChargedSince": "2026-11-24 16:00:01" })),
            ["ChargedSince", "has not come"],
        ),
        (one(json!({ "ChargedSince": 7 })), ["ChargedSince", "text"]),
        (
            one(json!({ "ChargedHours": 3 })),
            ["ChargedHours", "without ChargedSince"],
        ),
        (
            one(json!({ "ChargedSince": "2026-11-24 11:00:00", "ChargedHours": 6 })),
            ["ChargedHours", "0 to 5"],
        ),
        (charge("Payment", json!(1)), ["Hours", "only a Charge"]),
        (charge("Charge", json!("x")), ["Hours", "whole number"]),
        (ahead, ["Balance", "hours have cost since"]),
    ] {
        let body = fixture(account).to_string();
        refused(&app, ("PUT", "/_crs/state", &body), 400, &holds).await;
    }
    let path = "/_crs/instances/crs-hours000";
    for (change, holds) in [
        (json!({ "ChargedHours": 5 }), ["ChargedHours", "ChargedSince"]),
        (
            json!({ "ChargedSince": "2027-01-01 00:00:00" }),
            ["ChargedSince", "has not come"],
        ),
    ] {
        refused(&app, ("PATCH", path, &change.to_string()), 400, &holds).await;
    }
}

#[tokio::test]
async fn another_balance_of_a_later_file_is_booked_beside_the_hours() {
    let app = app(json!({}));
    advance(&app, 4.0).await;
    let mut state = app.controlled("GET", "/_crs/state", "").await;
    let entry = json!({ "Time": "2026-11-01 00:00:00", "Kind": "Refund", "Amount": 5, "Balance": 10_000 });
    state["Accounts"][0]["Ledger"] = json!([entry]);
    app.controlled("PUT", "/_crs/state", &state.to_string()).await;
    assert_eq!(money(&app).await.0, 10_000 - 84, "the ledger ends with what is booked");
    advance(&app, 1.0).await;
    assert_eq!(money(&app).await.0, 10_000 - 106);
}
