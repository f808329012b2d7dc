//! What is under way, in a test's hand.

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::sandbox::Sandbox;

impl Sandbox {
    /// What is under way.
    #[must_use]
    pub fn flows(&self) -> Flows<'_> {
        Flows { sandbox: self }
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
    sandbox: &'a Sandbox,
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
        flows_of(self.sandbox.controlled(Method::GET, "/_crs/flows", None))
    }

    /// Finishes one; those that ended by it.
    ///
    /// # Panics
    /// No such flow is under way.
    #[track_caller]
    pub fn step(self, id: u64) -> Vec<Flow> {
        let path = format!("/_crs/flows/{id}/step");
        flows_of(self.sandbox.controlled(Method::POST, &path, None))
    }

    /// Lets one fail.
    ///
    /// # Panics
    /// No such flow is under way.
    #[track_caller]
    pub fn fail(self, id: u64) {
        self.sandbox
            .controlled(Method::POST, &format!("/_crs/flows/{id}/fail"), None);
    }

    /// Lets one fail with what its task then says.
    ///
    /// # Panics
    /// No such flow is under way.
    #[track_caller]
    pub fn fail_with(self, id: u64, message: &str) {
        let why = json!({ "Message": message });
        self.sandbox
            .controlled(Method::POST, &format!("/_crs/flows/{id}/fail"), Some(&why));
    }

    /// Finishes all; those that ended.
    #[track_caller]
    pub fn drain(self) -> Vec<Flow> {
        flows_of(self.sandbox.controlled(Method::POST, "/_crs/flows/drain", None))
    }
}

/// The flows of an answer.
#[track_caller]
fn flows_of(mut answer: Value) -> Vec<Flow> {
    match serde_json::from_value(answer["Flows"].take()) {
        Ok(flows) => flows,
        Err(error) => panic!("the flows cannot be read: {error}"),
    }
}
