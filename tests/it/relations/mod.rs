//! Relations between answers, which need no expected value: what a filter leaves is a part of the whole, pages are the
//! whole list, an order takes what its price says, calls about different instances come to the same in either order, a
//! call that is repeated because its answer was lost does no more than two calls do, and what is listed region by
//! region is all. Which actions they hold for follows from the contract, so that none has to be named here.

mod lists;
mod prices;
mod writes;

use crs_local::contract::Action;
use crs_local::contract::shape::Type;
use serde_json::{Value, json};

use super::answers::{call, held, inputs_of_each, reading_fixtures};
use super::harness::{Answer, App};

const REGION: &str = "ap-guangzhou";

/// An emulator that nothing ends in by itself.
fn app(fixture: &str) -> App {
    App::with_fixture(held(), fixture)
}

/// The states in which actions are called, by name; in each one has lived a little, so that there are tasks and orders.
async fn lived() -> Vec<(&'static str, App)> {
    let mut all = Vec::new();
    for (name, fixture) in reading_fixtures() {
        let app = app(&fixture);
        for (action, inputs) in inputs_of_each(&app, REGION).await {
            for input in inputs.iter().take(if action.reads { 0 } else { 3 }) {
                ask(&app, action, input).await;
            }
        }
        all.push((name, app));
    }
    all
}

async fn ask(app: &App, action: &Action, input: &Value) -> Answer {
    app.call(&call(&super::answers::title(action), REGION, "AKIDlocal", input))
        .await
}

/// The members of an answer; `None` if it was refused.
async fn taken(app: &App, action: &Action, input: &Value) -> Option<Value> {
    let answer = ask(app, action, input).await;
    answer.code().is_empty().then(|| answer.json()["Response"].clone())
}

/// The members of an answer that are lists of objects or of texts.
fn lists(action: &Action) -> Vec<&'static str> {
    let is_list = |ty: Type| matches!(ty, Type::List(_));
    let members = action.output.members.iter().filter(|member| is_list(member.ty));
    members.map(|member| member.name).collect()
}

fn items(answer: &Value, member: &str) -> Vec<Value> {
    answer[member].as_array().cloned().unwrap_or_default()
}

/// The input with this member set.
fn with(input: &Value, member: &str, value: &Value) -> Value {
    let mut input = input.clone();
    input[member] = value.clone();
    input
}

/// The state, without its count of calls.
async fn state(app: &App) -> Value {
    let mut state = app.controlled("GET", "/_crs/state", "").await;
    state["Calls"] = json!(null);
    state
}
