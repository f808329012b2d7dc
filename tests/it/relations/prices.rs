//! An order takes what its price says, and its list tells the same price.

use std::collections::BTreeSet;

use crs_local::cloud::{Cloud, EntryKind};
use crs_local::contract::{ACTIONS, Action};
use serde_json::{Map, Value, json};

use super::super::answers::{implemented, title};
use super::super::corpus::{self, Wants, Way};
use super::super::harness::App;
use super::{app, ask};

/// How many orders were held against their prices at least; the number only grows.
const ORDERS_MIN: usize = 150;
/// So many orders of each action are placed.
const OF_EACH: usize = 120;

/// Each action that orders with the one that tells its price: `InquiryPriceCreateInstance` of `CreateInstances`.
fn priced() -> Vec<(&'static Action, &'static Action)> {
    let prices = implemented().filter_map(|price| Some((price, price.name.strip_prefix("InquiryPrice")?)));
    let order = |name: &str| {
        ACTIONS
            .iter()
            .find(|one| one.name == name || one.name == format!("{name}s"))
    };
    prices.filter_map(|(price, name)| Some((price, order(name)?))).collect()
}

/// What the price is asked with: the members that both have.
fn asked(price: &Action, order: &Map<String, Value>) -> Value {
    let has = |name: &String| price.input.members.iter().any(|member| member.name == name.as_str());
    let shared = order.iter().filter(|(name, _)| has(name));
    Value::Object(shared.map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn cloud(app: &App) -> Cloud {
    app.emulator.clouds().swap_remove(0).1
}

/// What the order took: paid, and held above what its instances held before.
fn took(cloud: &Cloud, deal_id: &str) -> (i64, i64) {
    let own = cloud
        .ledger
        .iter()
        .filter(|entry| entry.deal_id.as_deref() == Some(deal_id));
    own.fold((0, 0), |(paid_fen, held_fen), entry| match entry.kind {
        EntryKind::Payment | EntryKind::Refund => (paid_fen - entry.amount_fen, held_fen),
        EntryKind::Freeze | EntryKind::Unfreeze => (paid_fen, held_fen - entry.amount_fen),
        _ => (paid_fen, held_fen),
    })
}

#[tokio::test]
async fn an_order_takes_its_price() {
    let app = app(corpus::FIXTURE);
    let (mut compared, mut actions) = (0, BTreeSet::new());
    let cases = corpus::by_rule();
    for (price, order) in priced() {
        let right = |case: &&corpus::Case| {
            case.action.id == order.id && case.wants == Wants::Accepted && case.before.is_empty()
        };
        let mut placed = 0;
        for case in cases.iter().filter(right).filter(|case| case.region == "ap-guangzhou") {
            let Way::Json(input) = &case.way else { continue };
            let told = ask(&app, price, &asked(price, input)).await;
            let before = cloud(&app);
            let answer = ask(&app, order, &Value::Object(input.clone())).await;
            let given = answer.json()["Response"].clone();
            let deal_id = given["DealId"]
                .as_str()
                .or(given["DealName"].as_str())
                .unwrap_or_default();
            if !deal_id.is_empty() && told.code().is_empty() {
                let price_fen = told.json()["Response"]["Price"].as_f64().expect("a price");
                let after = cloud(&app);
                let (paid_fen, held_fen) = took(&after, deal_id);
                let ids = &after.deals[deal_id].instance_ids;
                let held_before: i64 = ids
                    .iter()
                    .filter_map(|id| before.instances.get(id))
                    .map(|one| one.held_fen())
                    .sum();
                let is_prepaid = ids
                    .iter()
                    .any(|id| after.instances.get(id).is_some_and(|one| one.deadline_at().is_some()));
                let took_fen = if is_prepaid { paid_fen } else { held_fen + held_before };
                #[expect(clippy::cast_precision_loss, reason = "prices are far below 2^53")]
                let took_fen = took_fen as f64;
                assert!(
                    (took_fen - price_fen).abs() < 0.5,
                    "{}: {input:?}\nis told to cost {price_fen}, and took {took_fen} (paid {paid_fen}, held {held_fen} more than {held_before})",
                    order.name
                );
                let detail = json!({ "DealIds": [deal_id] });
                let deals = ACTIONS
                    .iter()
                    .find(|one| one.name == "DescribeInstanceDealDetail")
                    .expect("its list");
                let told = ask(&app, deals, &detail).await.json();
                assert_eq!(
                    told["Response"]["DealDetails"][0]["Price"],
                    json!(paid_fen),
                    "{}",
                    order.name
                );
                actions.insert(title(order));
                (compared, placed) = (compared + 1, placed + 1);
            }
            app.reset();
            if placed == OF_EACH {
                break;
            }
        }
    }
    println!("{compared} orders took their price: {actions:?}");
    assert!(compared >= ORDERS_MIN, "{compared} orders; there were {ORDERS_MIN}");
}
