//! One instance in a test's hand.

use http::Method;
use serde_json::Value;

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
    sandbox: &'a Sandbox,
    instance_id: &'a str,
    app_id: Option<u64>,
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
        self.sandbox.controlled(Method::GET, &self.path(), None)
    }

    /// Changes these keys; as a fixture then shows it.
    ///
    /// # Panics
    /// There is none, or it cannot be so; nothing is changed then.
    #[track_caller]
    pub fn patch(self, keys: Value) -> Value {
        self.sandbox.controlled(Method::PATCH, &self.path(), Some(&keys))
    }

    fn path(self) -> String {
        let of = self.app_id.map(|app_id| format!("?AppId={app_id}")).unwrap_or_default();
        format!("/_crs/instances/{}{of}", self.instance_id)
    }
}
