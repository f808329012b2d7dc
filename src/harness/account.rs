//! An account that a test has for itself.

use http::Method;
use serde_json::{Value, json};

use super::call::Caller;
use super::clock::Clock;
use super::error::ApiError;
use super::expectation::Expectation;
use super::fault::{Fault, FaultGuard};
use super::flows::Flows;
use super::instance::Instance;
use super::query::of_account;
use super::requests::Requests;
use super::sandbox::Sandbox;

impl Sandbox {
    /// A fresh account, seeded like the default one, for as long as what this returns is there: tests that share a
    /// server see nothing of each other.
    ///
    /// # Panics
    /// There are as many as there may be.
    #[track_caller]
    pub fn account(&self) -> Account {
        Account::make(self, &json!({}))
    }

    /// As [`Sandbox::account`], seeded from a fixture of one account.
    ///
    /// # Panics
    /// That is no fixture of one account.
    #[track_caller]
    pub fn account_with(&self, fixture: Value) -> Account {
        Account::make(self, &json!({ "Fixture": fixture }))
    }
}

/// An account of one's own, which ends when this is dropped. What is done by it concerns it alone.
///
/// ```
/// use crs_local::{Emulator, json};
///
/// let sandbox = Emulator::builder().build()?;
/// let (mine, yours) = (sandbox.account(), sandbox.account());
/// mine.call("UpgradeInstance", json!({ "InstanceId": "crs-5qlrlhux", "MemSize": 2048 }))?;
/// assert_eq!(mine.flows().list().len(), 1);
/// assert!(yours.flows().list().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "the account ends when this is dropped"]
pub struct Account {
    sandbox: Sandbox,
    app_id: u64,
    uin: String,
    secret_id: String,
    secret_key: String,
}

impl Account {
    #[track_caller]
    fn make(sandbox: &Sandbox, wanted: &Value) -> Self {
        let made = sandbox.controlled(Method::POST, "/_crs/accounts", Some(wanted));
        let text = |key: &str| made[key].as_str().unwrap_or_default().to_owned();
        Self {
            sandbox: sandbox.clone(),
            app_id: made["AppId"].as_u64().unwrap_or_default(),
            uin: text("Uin"),
            secret_id: text("SecretId"),
            secret_key: text("SecretKey"),
        }
    }

    /// Its AppId.
    #[must_use]
    pub fn app_id(&self) -> u64 {
        self.app_id
    }

    /// Its Uin.
    #[must_use]
    pub fn uin(&self) -> &str {
        &self.uin
    }

    /// Its SecretId and SecretKey.
    #[must_use]
    pub fn key_pair(&self) -> (&str, &str) {
        (&self.secret_id, &self.secret_key)
    }

    /// Calls with its key pair.
    #[must_use]
    pub fn caller(&self) -> Caller<'_> {
        self.sandbox.caller().key_pair(&self.secret_id, &self.secret_key)
    }

    /// Calls an action with its key pair, as [`Sandbox::call`] does with the default one.
    ///
    /// # Errors
    /// The API's own.
    pub fn call(&self, action: &str, input: Value) -> Result<Value, ApiError> {
        self.caller().call(action, input)
    }

    /// Its clock: the server's, until it is moved here; from then on its own.
    #[must_use]
    pub fn clock(&self) -> Clock<'_> {
        Clock {
            app_id: Some(self.app_id),
            ..self.sandbox.clock()
        }
    }

    /// What is under way in it.
    #[must_use]
    pub fn flows(&self) -> Flows<'_> {
        Flows {
            app_id: Some(self.app_id),
            ..self.sandbox.flows()
        }
    }

    /// An instance of it.
    #[must_use]
    pub fn instance<'a>(&'a self, instance_id: &'a str) -> Instance<'a> {
        self.sandbox.instance(instance_id).of(self.app_id)
    }

    /// Puts a fault rule in force for its calls alone, as [`Sandbox::fault`] does for all.
    ///
    /// # Panics
    /// The rule contradicts itself, or names what is not there.
    #[track_caller]
    pub fn fault(&self, rule: Fault) -> FaultGuard {
        self.sandbox.fault(rule.app_id(self.app_id))
    }

    /// The calls that it made.
    pub fn requests(&self) -> Requests<'_> {
        self.sandbox.requests().app_id(self.app_id)
    }

    /// What is expected of its calls, as [`Sandbox::expect`] does of all.
    pub fn expect(&self, action: &str) -> Expectation {
        self.sandbox.expect(action).app_id(self.app_id)
    }

    /// Its state, as a fixture.
    #[must_use]
    #[track_caller]
    pub fn state(&self) -> Value {
        let path = of_account("/_crs/state", Some(self.app_id));
        self.sandbox.controlled(Method::GET, &path, None)
    }

    /// Changes what it is, as `{"Balance": 0}`.
    ///
    /// # Panics
    /// It cannot be so; nothing is changed then.
    #[track_caller]
    pub fn patch(&self, keys: Value) {
        let path = format!("/_crs/accounts/{}", self.app_id);
        self.sandbox.controlled(Method::PATCH, &path, Some(&keys));
    }

    /// Back to what it began with.
    #[track_caller]
    pub fn reset(&self) {
        let path = of_account("/_crs/reset", Some(self.app_id));
        self.sandbox.controlled(Method::POST, &path, None);
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        let path = format!("/_crs/accounts/{}", self.app_id);
        // A reset may have ended it.
        let _ = self.sandbox.control(Method::DELETE, &path, None);
    }
}
