//! Things that break on purpose, for as long as a guard is there.

use std::time::Duration;

use http::Method;
use serde_json::{Map, Value, json};

use super::sandbox::Sandbox;

impl Sandbox {
    /// Puts a fault rule in force, until the guard is dropped.
    ///
    /// # Panics
    /// The rule contradicts itself, or names what is not there.
    #[track_caller]
    pub fn fault(&self, rule: Fault) -> FaultGuard {
        let added = self.controlled(Method::POST, "/_crs/faults", Some(&rule.into_value()));
        let warnings = added["Warnings"].as_array().into_iter().flatten();
        FaultGuard {
            sandbox: self.clone(),
            id: added["Id"].as_u64().unwrap_or_default(),
            warnings: warnings
                .filter_map(|warning| warning.as_str().map(str::to_owned))
                .collect(),
        }
    }
}

/// A fault rule: which calls it strikes, what they get, and how often. Its words are those of a fixture's `Faults`.
///
/// ```
/// use crs_local::harness::Fault;
/// use crs_local::{Emulator, json};
///
/// let sandbox = Emulator::builder().build()?;
/// let order = || sandbox.call("UpgradeInstance", json!({ "InstanceId": "crs-5qlrlhux", "MemSize": 2048 }));
///
/// let unpaid = sandbox.fault(Fault::on("UpgradeInstance").code("FailedOperation.PayFailed").times(1));
/// assert_eq!(order().unwrap_err().code, "FailedOperation.PayFailed");
/// assert_eq!(unpaid.fired(), 1);
///
/// // The change is made, and its answer is lost.
/// let lost = sandbox.fault(Fault::on("UpgradeInstance").drop_answer().after());
/// assert_eq!(order().unwrap_err().code, "");
/// drop(lost);
/// assert_eq!(order().unwrap_err().code, "ResourceUnavailable.InstanceStatusAbnormal");
/// # Ok::<(), crs_local::harness::StartError>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a rule is in force once it is given to `Sandbox::fault`"]
pub struct Fault {
    matches: Map<String, Value>,
    then: Map<String, Value>,
    rest: Map<String, Value>,
}

impl Fault {
    /// Strikes calls of this action.
    pub fn on(action: &str) -> Self {
        Self::default().matching("Action", json!(action))
    }

    /// Strikes calls of any action.
    pub fn on_any() -> Self {
        Self::default()
    }

    /// Any other member of `Match`, as `matching("Family", json!("Tasks"))`.
    pub fn matching(mut self, member: &str, value: Value) -> Self {
        self.matches.insert(member.to_owned(), value);
        self
    }

    /// Strikes calls that name this instance.
    pub fn instance(self, instance_id: &str) -> Self {
        self.matching("InstanceId", json!(instance_id))
    }

    /// Strikes calls that send at least these parameters.
    pub fn params(self, params: Value) -> Self {
        self.matching("Params", params)
    }

    /// Strikes the calls of this account.
    pub fn app_id(self, app_id: u64) -> Self {
        self.matching("AppId", json!(app_id))
    }

    /// Strikes the so-manieth alone of the calls that reach it.
    pub fn nth(self, nth: u64) -> Self {
        self.matching("Nth", json!(nth))
    }

    /// Strikes every so-manieth of the calls that reach it.
    pub fn every(self, every: u64) -> Self {
        self.matching("Every", json!(every))
    }

    /// Any other member of `Then`.
    pub fn then(mut self, member: &str, value: Value) -> Self {
        self.then.insert(member.to_owned(), value);
        self
    }

    /// An error with this code, which the action documents or which is common to all.
    pub fn code(self, code: &str) -> Self {
        self.then("Code", json!(code))
    }

    /// The message beside the code.
    pub fn message(self, message: &str) -> Self {
        self.then("Message", json!(message))
    }

    /// A wait of so long, in real time.
    pub fn delay(self, delay: Duration) -> Self {
        self.then("DelayMs", json!(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)))
    }

    /// The connection ends without an answer.
    pub fn drop_answer(self) -> Self {
        self.then("Drop", json!(true))
    }

    /// The answer breaks off after so many bytes.
    pub fn truncate(self, bytes: u64) -> Self {
        self.then("Truncate", json!(bytes))
    }

    /// Another status of HTTP than 200.
    pub fn http_status(self, status: u16) -> Self {
        self.then("HttpStatus", json!(status))
    }

    /// This text in the place of the answer.
    pub fn body(self, text: &str) -> Self {
        self.then("Body", json!(text))
    }

    /// What the call begins fails at its end.
    pub fn fail_flow(self) -> Self {
        self.then("Flow", json!("fail"))
    }

    /// What the call begins never ends.
    pub fn hang_flow(self) -> Self {
        self.then("Flow", json!("hang"))
    }

    /// Strikes once the call has had its effect, and not before.
    pub fn after(self) -> Self {
        self.saying("When", json!("after"))
    }

    /// Strikes so many times.
    pub fn times(self, times: u64) -> Self {
        self.saying("Times", json!(times))
    }

    /// Strikes so many, lets so many pass, and so on.
    pub fn sequence(self, fail: u64, pass: u64) -> Self {
        self.saying("Sequence", json!({ "Fail": fail, "Pass": pass }))
    }

    fn saying(mut self, key: &str, value: Value) -> Self {
        self.rest.insert(key.to_owned(), value);
        self
    }

    fn into_value(self) -> Value {
        let mut rule = self.rest;
        rule.insert("Match".to_owned(), Value::Object(self.matches));
        rule.insert("Then".to_owned(), Value::Object(self.then));
        Value::Object(rule)
    }
}

/// A fault rule that is in force until this is dropped.
#[derive(Debug)]
#[must_use = "the rule is taken away when this is dropped"]
pub struct FaultGuard {
    sandbox: Sandbox,
    id: u64,
    warnings: Vec<String>,
}

impl FaultGuard {
    /// The rule's number, which the journal names it by.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Why it strikes nothing as things stand, if so.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// How many calls it has struck.
    ///
    /// # Panics
    /// It is gone, by a reset perhaps.
    #[must_use]
    #[track_caller]
    pub fn fired(&self) -> u64 {
        let listed = self.sandbox.controlled(Method::GET, "/_crs/faults", None);
        let mut rules = listed["Faults"].as_array().into_iter().flatten();
        match rules.find(|rule| rule["Id"] == self.id) {
            Some(rule) => rule["Fired"].as_u64().unwrap_or_default(),
            None => panic!("the fault rule {} is gone", self.id),
        }
    }
}

impl Drop for FaultGuard {
    fn drop(&mut self) {
        let path = format!("/_crs/faults/{}", self.id);
        // A reset may have taken it away.
        let _ = self.sandbox.control(Method::DELETE, &path, None);
    }
}
