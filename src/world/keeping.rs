//! Where what changes a world is recorded, if its state is kept.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::command::Recorder;
use crate::store::Store;

/// Where what changes a world is recorded.
pub(super) struct Keeping {
    pub(super) store: Arc<dyn Store>,
    pub(super) server: Recorder,
    /// Held while the server itself changes.
    pub(super) changing: Mutex<()>,
}

impl Keeping {
    pub(super) fn change(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
