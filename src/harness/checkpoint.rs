//! A state to come back to.

use std::sync::atomic::{AtomicU64, Ordering};

use http::Method;

use super::sandbox::Sandbox;

/// Makes the names of checkpoints differ.
static COUNT: AtomicU64 = AtomicU64::new(0);

impl Sandbox {
    /// Keeps the whole state, which is brought back when what this returns is dropped.
    ///
    /// # Panics
    /// As many are kept as may be.
    #[track_caller]
    pub fn checkpoint(&self) -> Checkpoint {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let checkpoint = Checkpoint {
            sandbox: self.clone(),
            name: format!("of-a-test-{number}"),
        };
        self.controlled(Method::POST, &checkpoint.path(), None);
        checkpoint
    }
}

/// A state that is brought back when this is dropped: instances, orders, money, flows, fault rules, the clock.
///
/// ```
/// use crs_local::{Emulator, json};
///
/// let sandbox = Emulator::builder().build()?;
/// let instance = sandbox.instance("crs-5qlrlhux");
/// {
///     let _undone = sandbox.checkpoint();
///     instance.patch(json!({ "MemUsed": 900 }));
/// }
/// assert_eq!(instance.get()["MemUsed"], 300);
/// # Ok::<(), crs_local::harness::StartError>(())
/// ```
#[derive(Debug)]
#[must_use = "the state is brought back when this is dropped"]
pub struct Checkpoint {
    sandbox: Sandbox,
    name: String,
}

impl Checkpoint {
    /// Brings the state back now. It stays kept.
    #[track_caller]
    pub fn restore(&self) {
        let path = format!("{}/restore", self.path());
        self.sandbox.controlled(Method::POST, &path, None);
    }

    fn path(&self) -> String {
        format!("/_crs/checkpoints/{}", self.name)
    }
}

impl Drop for Checkpoint {
    fn drop(&mut self) {
        let restore = format!("{}/restore", self.path());
        // Somebody may have taken it away by its name.
        let _ = self.sandbox.control(Method::POST, &restore, None);
        let _ = self.sandbox.control(Method::DELETE, &self.path(), None);
    }
}
