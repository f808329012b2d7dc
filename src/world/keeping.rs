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
    /// Held while accounts come and go, their clocks are set and keys are lent: it is the highest number in any stream
    /// whose account has ended.
    pub(super) ended: Mutex<u64>,
}

impl Keeping {
    pub(super) fn members(&self) -> MutexGuard<'_, u64> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn change(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
