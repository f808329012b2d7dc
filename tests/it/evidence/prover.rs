//! Sends a request in a state, and says with which code it is refused.

use crs_local::contract::Action;
use serde_json::{Value, json};

use super::super::answers::held;
use super::super::corpus::unsigned;
use super::super::harness::App;

/// The built-in state, as the binary has it.
pub(super) const BUILT_IN: &str = include_str!("../../../fixtures/default.json");

pub(super) struct Prover(App);

impl Prover {
    pub(super) fn new() -> Self {
        Self(App::with_fixture(held(), BUILT_IN))
    }

    /// Puts a state into the place of what is; whether it is one.
    pub(super) async fn put(&self, fixture: &Value) -> bool {
        self.0.control("PUT", "/_crs/state", &fixture.to_string()).await.0 == 200
    }

    /// Back to the built-in state.
    pub(super) fn reset(&self) {
        self.0.reset();
    }

    pub(super) async fn add_fault(&self, rule: &Value) {
        self.0.controlled("POST", "/_crs/faults", &rule.to_string()).await;
    }

    /// What the request is answered as things stand: a code, or "".
    pub(super) async fn code(&self, action: &Action, region: &str, request: &Value) -> String {
        self.0
            .call(&unsigned(action, region, &request.to_string()))
            .await
            .code()
    }

    /// The same in that state; "" where it is none.
    pub(super) async fn code_in(&self, fixture: &Value, action: &Action, region: &str, request: &Value) -> String {
        match self.put(fixture).await {
            true => self.code(action, region, request).await,
            false => String::new(),
        }
    }

    /// Takes away from a state whatever is not needed for this code, as far as that is found piece by piece.
    pub(super) async fn shrunk(&self, fixture: &Value, action: &Action, region: &str, request: &Value) -> Value {
        let code = self.code_in(fixture, action, region, request).await;
        let mut least = fixture.clone();
        let named = near(fixture, &request.to_string());
        if self.code_in(&named, action, region, request).await == code {
            least = named;
        }
        for path in places(&least) {
            let mut less = least.clone();
            if take(&mut less, &path) && self.code_in(&less, action, region, request).await == code {
                least = less;
            }
        }
        least
    }
}

impl Prover {
    /// Takes away from a request whatever is not needed for its code, as things stand in the state, or in the built-in
    /// one; a list keeps its first items.
    pub(super) async fn brief(&self, fixture: Option<&Value>, action: &Action, region: &str, request: &Value) -> Value {
        let told = async |request: &Value| match fixture {
            Some(fixture) => self.code_in(fixture, action, region, request).await,
            None => {
                let code = self.code(action, region, request).await;
                if code.is_empty() {
                    self.reset();
                }
                code
            }
        };
        let code = told(request).await;
        let mut least = request.clone();
        for name in request.as_object().into_iter().flatten().map(|(name, _)| name) {
            let mut less = least.clone();
            less.as_object_mut().expect("an object").remove(name);
            if told(&less).await == code {
                least = less;
            }
        }
        least
    }
}

/// The state with those records alone whose ids the request names.
fn near(fixture: &Value, request: &str) -> Value {
    let mut near = fixture.clone();
    let account = near["Accounts"][0].as_object_mut().expect("an account");
    for (key, records) in account.iter_mut().filter(|(key, _)| *key != "Credentials") {
        let is_named = |record: &Value| {
            let texts = record.as_object().into_iter().flatten();
            let mut ids = texts.filter_map(|(key, value)| key.ends_with("Id").then(|| value.as_str()).flatten());
            ids.any(|id| request.contains(id))
        };
        if let Some(records) = records.as_array_mut().filter(|_| *key != "SoldOut") {
            records.retain(is_named);
        }
    }
    account.retain(|_, records| records != &json!([]));
    near
}

/// Everything of the account that might be taken away, the last first, so that places stay what they are.
fn places(fixture: &Value) -> Vec<Vec<String>> {
    let mut places = Vec::new();
    for (key, records) in fixture["Accounts"][0].as_object().into_iter().flatten() {
        let list = records.as_array().map_or(&[][..], Vec::as_slice);
        places.push(vec![key.clone()]);
        for (at, record) in list.iter().enumerate().rev() {
            places.push(vec![key.clone(), at.to_string()]);
            for member in record.as_object().into_iter().flatten().map(|(member, _)| member) {
                places.push(vec![key.clone(), at.to_string(), member.clone()]);
            }
        }
    }
    places
}

/// Takes that away; whether it was there, and may go.
fn take(fixture: &mut Value, path: &[String]) -> bool {
    let account = &mut fixture["Accounts"][0];
    match path {
        [key] => account
            .as_object_mut()
            .is_some_and(|account| account.remove(key).is_some()),
        [key, at] => {
            let at: usize = at.parse().expect("a place");
            let list = account.get_mut(key).and_then(Value::as_array_mut);
            let list = list.filter(|list| at < list.len());
            list.is_some_and(|list| !list.remove(at).is_null())
        }
        [key, at, member] => {
            let at: usize = at.parse().expect("a place");
            let record = account.get_mut(key).and_then(|list| list.get_mut(at));
            let record = record.and_then(Value::as_object_mut);
            record.is_some_and(|record| record.remove(member).is_some())
        }
        _ => false,
    }
}
