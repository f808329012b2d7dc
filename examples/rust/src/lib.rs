//! A scaler in a page: it doubles an instance's memory. How it is tested stands in `tests/`.

use serde_json::{Value, json};

/// What the scaler needs of a client of the API: one call, answered by what stands in `Response` or by a code.
pub trait Api {
    /// Calls an action.
    fn call(&self, action: &str, input: Value) -> Result<Value, String>;
}

/// How often a call is made that the API throttles.
const TRIES: usize = 5;

/// What became of an attempt to scale.
#[derive(Debug, PartialEq, Eq)]
pub enum Scaled {
    /// Ordered: so many MB, by this order.
    Ordered { mem_mb: u64, deal: String },
    /// Another change is under way; try again once it is over.
    Busy,
    /// There is nobody to pay for it.
    NoMoney,
    /// Anything else, by its code.
    Refused(String),
}

/// Orders twice the memory that the instance has.
pub fn double(api: &impl Api, instance_id: &str) -> Scaled {
    let listed = match patiently(api, "DescribeInstances", &json!({ "InstanceId": instance_id })) {
        Ok(listed) => listed,
        Err(code) => return Scaled::Refused(code),
    };
    let mem_mb = listed["InstanceSet"][0]["Size"].as_f64().unwrap_or_default() as u64 * 2;
    let order = json!({ "InstanceId": instance_id, "MemSize": mem_mb });
    match patiently(api, "UpgradeInstance", &order) {
        Ok(ordered) => Scaled::Ordered {
            mem_mb,
            deal: ordered["DealId"].as_str().unwrap_or_default().to_owned(),
        },
        Err(code) => match code.as_str() {
            "ResourceUnavailable.InstanceStatusAbnormal" => Scaled::Busy,
            "ResourceUnavailable.AccountBalanceNotEnough" => Scaled::NoMoney,
            _ => Scaled::Refused(code),
        },
    }
}

/// A call that is made again where the API throttles it.
fn patiently(api: &impl Api, action: &str, input: &Value) -> Result<Value, String> {
    let mut called = api.call(action, input.clone());
    for _ in 1..TRIES {
        match called {
            Err(code) if code == "RequestLimitExceeded" => called = api.call(action, input.clone()),
            _ => break,
        }
    }
    called
}
