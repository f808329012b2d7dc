//! One instance in a test's hand.

use std::time::Duration;

use http::Method;
use serde_json::Value;

use super::query::{of_account, with_query};
use super::sandbox::Sandbox;

impl Sandbox {
    /// An instance, of whichever account has one of that id.
    #[must_use]
    pub fn instance<'a>(&'a self, instance_id: &'a str) -> Instance<'a> {
        Instance {
            sandbox: self,
            instance_id,
            app_id: None,
        }
    }
}

/// An instance, by its fixture's keys.
///
/// ```
/// use crs_local::{Emulator, json};
///
/// let sandbox = Emulator::builder().build()?;
/// let instance = sandbox.instance("crs-5qlrlhux");
/// instance.patch(json!({ "MemUsed": 900 }));
/// assert_eq!(instance.get()["MemUsed"], 900);
/// # Ok::<(), crs_local::harness::StartError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Instance<'a> {
    pub(super) sandbox: &'a Sandbox,
    pub(super) instance_id: &'a str,
    pub(super) app_id: Option<u64>,
}

impl Instance<'_> {
    /// The instance of this account, where several have one of the same id.
    #[must_use]
    pub fn of(mut self, app_id: u64) -> Self {
        self.app_id = Some(app_id);
        self
    }

    /// As a fixture shows it.
    ///
    /// # Panics
    /// There is none.
    #[must_use]
    #[track_caller]
    pub fn get(self) -> Value {
        self.sandbox.controlled(Method::GET, &self.path(""), None)
    }

    /// Changes these keys; as a fixture then shows it.
    ///
    /// # Panics
    /// There is none, or it cannot be so; nothing is changed then.
    #[track_caller]
    pub fn patch(self, keys: Value) -> Value {
        self.sandbox.controlled(Method::PATCH, &self.path(""), Some(&keys))
    }

    /// Waits until one of its keys is so, as `Status=2`, for a minute at most; as a fixture then shows it.
    ///
    /// # Panics
    /// There is none, or that did not come to be in time.
    #[track_caller]
    pub fn wait_for(self, condition: &str, timeout: Duration) -> Value {
        let timeout = format!("{}ms", timeout.as_millis());
        let app_id = self.app_id.map(|app_id| app_id.to_string());
        let query = [
            ("AppId", app_id),
            ("wait", Some(condition.to_owned())),
            ("timeout", Some(timeout)),
        ];
        let path = with_query(&format!("/_crs/instances/{}", self.instance_id), query);
        self.sandbox.controlled(Method::GET, &path, None)
    }

    /// Who does what on it, from which the points of Cloud Monitor follow.
    ///
    /// # Panics
    /// There is none.
    #[must_use]
    #[track_caller]
    pub fn workload(self) -> Value {
        self.sandbox.controlled(Method::GET, &self.path("/workload"), None)
    }

    /// Gives it another workload, as `{"MemGrowthMbPerHour": 60}`.
    ///
    /// # Panics
    /// There is none, or it cannot be so; nothing is changed then.
    #[track_caller]
    pub fn put_workload(self, workload: Value) {
        self.sandbox
            .controlled(Method::PUT, &self.path("/workload"), Some(&workload));
    }

    fn path(self, call: &str) -> String {
        of_account(&format!("/_crs/instances/{}{call}", self.instance_id), self.app_id)
    }
}
