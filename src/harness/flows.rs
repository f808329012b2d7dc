//! What is under way, in a test's hand.

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::query::of_account;
use super::sandbox::Sandbox;

impl Sandbox {
    /// What is under way.
    #[must_use]
    pub fn flows(&self) -> Flows<'_> {
        Flows {
            sandbox: self,
            app_id: None,
        }
    }
}

/// Changes that take their time.
///
/// ```
/// use crs_local::config::Pace;
/// use crs_local::{Emulator, json};
///
/// let sandbox = Emulator::builder().pace(Pace::Held).build()?;
/// sandbox.call("UpgradeInstance", json!({ "InstanceId": "crs-5qlrlhux", "MemSize": 2048 }))?;
/// let flows = sandbox.flows().list();
/// assert_eq!((flows.len(), flows[0].action.as_str()), (1, "UpgradeInstance"));
/// sandbox.flows().fail_with(flows[0].id, "no host has room");
/// assert_eq!(sandbox.instance("crs-5qlrlhux").get()["MemSize"], 1024);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Flows<'a> {
    pub(super) sandbox: &'a Sandbox,
    /// Whose alone.
    pub(super) app_id: Option<u64>,
}

/// A change that is under way, or was.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Flow {
    /// Its number, which is its task's too.
    pub id: u64,
    /// Whose it is.
    pub app_id: u64,
    /// What it changes.
    pub instance_id: String,
    /// What began it.
    pub action: String,
    /// When it ends, RFC 3339; `None`: by hand.
    pub due: Option<String>,
}

impl Flows<'_> {
    /// All that are under way.
    #[must_use]
    #[track_caller]
    pub fn list(self) -> Vec<Flow> {
        self.told(Method::GET, "", None)
    }

    /// Finishes one; those that ended by it.
    ///
    /// # Panics
    /// No such flow is under way.
    #[track_caller]
    pub fn step(self, id: u64) -> Vec<Flow> {
        self.told(Method::POST, &format!("/{id}/step"), None)
    }

    /// Lets one fail.
    ///
    /// # Panics
    /// No such flow is under way.
    #[track_caller]
    pub fn fail(self, id: u64) {
        self.told(Method::POST, &format!("/{id}/fail"), None);
    }

    /// Lets one fail with what its task then says.
    ///
    /// # Panics
    /// No such flow is under way.
    #[track_caller]
    pub fn fail_with(self, id: u64, message: &str) {
        let why = json!({ "Message": message });
        self.told(Method::POST, &format!("/{id}/fail"), Some(&why));
    }

    /// Finishes all; those that ended.
    #[track_caller]
    pub fn drain(self) -> Vec<Flow> {
        self.told(Method::POST, "/drain", None)
    }

    /// What a call about flows answers.
    #[track_caller]
    fn told(self, method: Method, call: &str, body: Option<&Value>) -> Vec<Flow> {
        let path = of_account(&format!("/_crs/flows{call}"), self.app_id);
        let mut answer = self.sandbox.controlled(method, &path, body);
        match serde_json::from_value(answer["Flows"].take()) {
            Ok(flows) => flows,
            Err(error) => panic!("the flows cannot be read: {error}"),
        }
    }
}
