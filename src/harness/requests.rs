//! The journal: which calls came.

use std::time::Duration;

use http::Method;
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt;

use super::query::with_query;
use super::sandbox::{Sandbox, read_answer};

impl Sandbox {
    /// The calls of the API that came, the latest last; narrowed down by what is asked for next.
    pub fn requests(&self) -> Requests<'_> {
        Requests {
            sandbox: self,
            filters: Vec::new(),
        }
    }
}

/// Calls of the API that came. Filters add up.
///
/// ```
/// use crs_local::{Emulator, json};
///
/// let sandbox = Emulator::builder().build()?;
/// sandbox.call("DescribeInstances", json!({ "Limit": 1 }))?;
/// assert_eq!(sandbox.requests().action("DescribeInstances").count(), 1);
/// assert_eq!(sandbox.requests().list()[0].params["Limit"], 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is asked before `list`, `count` or `wait_for`"]
pub struct Requests<'a> {
    sandbox: &'a Sandbox,
    filters: Vec<(&'static str, String)>,
}

/// A call, as the journal has it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Request {
    /// Its number, from 1, in the order in which answers left.
    pub id: u64,
    /// When it arrived, on the cloud's clock.
    pub time: String,
    /// Whose it was.
    pub app_id: Option<u64>,
    /// The key pair that it named.
    pub secret_id: Option<String>,
    /// What was called.
    pub action: Option<String>,
    /// For which region.
    pub region: Option<String>,
    /// The action's own parameters; null where they could not be read.
    pub params: Value,
    /// Those of them that the action accepts without effect.
    #[serde(default)]
    pub unread: Vec<String>,
    /// The error's code; `None`: it was no error.
    pub code: Option<String>,
    /// The RequestId of its answer.
    pub request_id: String,
    /// The fault rule that struck it.
    pub fault_id: Option<u64>,
}

impl Requests<'_> {
    /// Of this action.
    pub fn action(self, action: &str) -> Self {
        self.filtered("Action", action)
    }

    /// That name this instance.
    pub fn instance(self, instance_id: &str) -> Self {
        self.filtered("InstanceId", instance_id)
    }

    /// That got this code; an empty one: that were no error.
    pub fn code(self, code: &str) -> Self {
        self.filtered("Code", code)
    }

    /// Of this account.
    pub fn app_id(self, app_id: u64) -> Self {
        self.filtered("AppId", &app_id.to_string())
    }

    /// That this fault rule struck.
    pub fn fault(self, id: u64) -> Self {
        self.filtered("FaultId", &id.to_string())
    }

    /// From this moment of the cloud's clock on.
    pub fn since(self, moment: &str) -> Self {
        self.filtered("Since", moment)
    }

    /// The latest so many.
    pub fn limit(self, most: u64) -> Self {
        self.filtered("Limit", &most.to_string())
    }

    /// All of them.
    ///
    /// # Panics
    /// A filter cannot be, or no journal is kept.
    #[must_use]
    #[track_caller]
    pub fn list(&self) -> Vec<Request> {
        requests_of(self.sandbox.controlled(Method::GET, &self.path(), None))
    }

    /// How many there are.
    ///
    /// # Panics
    /// A filter cannot be, or no journal is kept.
    #[must_use]
    #[track_caller]
    pub fn count(&self) -> u64 {
        let path = self.clone().filtered("count", "1").path();
        let answer = self.sandbox.controlled(Method::GET, &path, None);
        answer["Count"].as_u64().unwrap_or_default()
    }

    /// Waits until there is one, for a minute at most; none if none came in time. For a call that a task makes beside
    /// the test.
    ///
    /// # Panics
    /// A filter cannot be, or no journal is kept.
    pub async fn wait_for(&self, timeout: Duration) -> Vec<Request> {
        let wait = format!("{}ms", timeout.as_millis());
        let path = self.clone().filtered("timeout", &wait).path();
        let request = self.sandbox.request(Method::GET, &path, None);
        let request = request.unwrap_or_else(|refused| panic!("{refused}"));
        let Ok(response) = self.sandbox.router().oneshot(request).await;
        match read_answer(response).await {
            (200, answer) => requests_of(answer),
            (status, answer) => panic!("GET {path}: {} (status {status})", answer["Error"]["Message"]),
        }
    }

    /// Forgets them.
    ///
    /// # Panics
    /// A filter cannot be, or no journal is kept.
    #[track_caller]
    pub fn clear(&self) {
        self.sandbox.controlled(Method::DELETE, &self.path(), None);
    }

    fn filtered(mut self, key: &'static str, value: &str) -> Self {
        self.filters.push((key, value.to_owned()));
        self
    }

    fn path(&self) -> String {
        let filters = self.filters.iter().map(|(key, value)| (*key, Some(value)));
        with_query("/_crs/requests", filters)
    }
}

#[track_caller]
fn requests_of(mut answer: Value) -> Vec<Request> {
    match serde_json::from_value(answer["Requests"].take()) {
        Ok(requests) => requests,
        Err(error) => panic!("the journal cannot be read: {error}"),
    }
}
