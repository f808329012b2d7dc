//! Two accounts that hold the same instance ids, and every action in each: neither changes the other, neither sees it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{call, fixtures, held, regions, rows, scene};
use crate::harness::{App, Raw};

const ONE: (&str, u64) = ("AKIDlocal", 1_250_000_000);
const OTHER: (&str, u64) = ("AKIDother", 1_250_000_001);

/// The fixture with its account twice, once as each of them.
fn doubled(fixture: &str) -> String {
    let mut whole: Value = serde_json::from_str(fixture).expect("a fixture");
    let mut other = whole["Accounts"][0].clone();
    other["AppId"] = json!(OTHER.1);
    other["Uin"] = json!("100000000077");
    other["Credentials"] = json!([{ "SecretId": OTHER.0, "SecretKey": "other" }]);
    whole["Accounts"] = json!([whole["Accounts"][0], other]);
    whole.to_string()
}

/// What there is of an account, as it stands in the answer: most of the time would go into reading it.
async fn state(app: &App, (_, app_id): (&str, u64)) -> Vec<u8> {
    let path = format!("/_crs/state?AppId={app_id}");
    let answer = app.call(&Raw::control("GET", &path, "")).await;
    assert_eq!(answer.status, 200, "{answer}");
    answer.body
}

/// What names something of this account, and nothing of the other.
fn own_names(own: &[u8], other: &[u8]) -> BTreeSet<String> {
    let names = |state: &[u8]| -> BTreeSet<String> {
        let state: Value = serde_json::from_slice(state).expect("a state");
        let account = &state["Accounts"][0];
        let of = |list: &'static str, key: &'static str| {
            let all = account[list].as_array().into_iter().flatten();
            all.map(move |one| one[key].clone())
        };
        let named = of("Instances", "InstanceId").chain(of("Deals", "DealId"));
        let named = named.chain(of("Tasks", "TaskId")).chain(of("Backups", "BackupId"));
        let named = named.chain(of("Credentials", "SecretId"));
        let named = named.chain([account["AppId"].clone(), account["Uin"].clone()]);
        named
            .map(|name| name.as_str().map_or_else(|| name.to_string(), str::to_owned))
            .collect()
    };
    &names(own) - &names(other)
}

/// Every call of the rows of one account, which leaves the other as it is and tells nothing of it. How many succeeded.
async fn visit(app: &App, region: &'static str, by: (&str, u64), other: (&str, u64)) -> usize {
    let scene = scene(app, region).await;
    let before = state(app, other).await;
    let names = own_names(&before, &state(app, by).await);
    assert!(names.len() >= 5, "{names:?}");
    let mut answered = 0;
    for row in rows() {
        for input in (row.inputs)(&scene).into_iter().take(6) {
            let raw = call(row.action, region, by.0, &input);
            let answer = app.call(&raw).await;
            answered += usize::from(answer.code().is_empty());
            let said = String::from_utf8_lossy(&answer.body).into_owned();
            // What a message quotes of the call is no news.
            let sent = input.to_string();
            let told = names
                .iter()
                .filter(|name| said.contains(*name) && !sent.contains(*name));
            let told: Vec<_> = told.collect();
            assert!(told.is_empty(), "{told:?} of the other account, in\n{raw}\n{answer}");
        }
        let unchanged = state(app, other).await == before;
        assert!(unchanged, "{} of {by:?} changed {other:?}", row.action);
    }
    answered
}

#[tokio::test]
async fn accounts_never_see_one_another() {
    for (name, fixture) in fixtures() {
        let app = App::with_fixture(held(), &doubled(&fixture));
        let regions = regions(&fixture);
        // Something that each has alone: what they order is drawn from the seed and their AppId.
        for (id, _) in [ONE, OTHER] {
            let order = rows()
                .into_iter()
                .find(|row| row.action == "CreateInstances")
                .expect("its row");
            let region = regions.first().expect("a region");
            let input = (order.inputs)(&scene(&app, region).await).swap_remove(0);
            assert_eq!(app.call(&call("CreateInstances", region, id, &input)).await.code(), "");
        }
        for region in regions {
            let one = visit(&app, region, ONE, OTHER).await;
            let two = visit(&app, region, OTHER, ONE).await;
            assert!(one > 20 && two > 20, "{name} {region}: {one} and {two} answers");
        }
    }
}
