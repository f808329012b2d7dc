//! How many connections may be open at once: as many as the process may hold files, less a reserve, so that whoever
//! asks how the server is gets an answer when all other places are taken.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Open files that no ordinary connection gets: those of the runtime, the listeners, the standard streams, what is read
/// now and then, and the spare places.
const RESERVE: u64 = 32;
/// Connections beside the ordinary ones, which are served briefly.
const SPARE: usize = 8;

/// The places there are.
pub(crate) struct Places {
    ordinary: Arc<Semaphore>,
    spare: Arc<Semaphore>,
    count: usize,
    has_warned: AtomicBool,
}

/// A place that a connection has until it is dropped.
pub(super) enum Place {
    Ordinary {
        _held: OwnedSemaphorePermit,
    },
    /// All ordinary ones are taken.
    Spare {
        _held: OwnedSemaphorePermit,
    },
}

impl Default for Places {
    /// By the limit that the process has now.
    fn default() -> Self {
        let places = usize::try_from(open_files().saturating_sub(RESERVE).max(1)).unwrap_or(usize::MAX);
        let count = places.min(Semaphore::MAX_PERMITS);
        Self {
            ordinary: Arc::new(Semaphore::new(count)),
            spare: Arc::new(Semaphore::new(SPARE)),
            count,
            has_warned: AtomicBool::new(false),
        }
    }
}

impl Places {
    /// A place for one more connection; `None` if even the spare ones are taken.
    pub(super) fn take(&self) -> Option<Place> {
        if let Ok(held) = Arc::clone(&self.ordinary).try_acquire_owned() {
            return Some(Place::Ordinary { _held: held });
        }
        self.warn_once(&format!(
            "{} connections are open, the most that the limit of open files allows; further ones \
             get no more than /_crs/health; close some, or start with a higher `ulimit -n`",
            self.count
        ));
        let held = Arc::clone(&self.spare).try_acquire_owned().ok()?;
        Some(Place::Spare { _held: held })
    }

    /// Warns, the first time, that connections cannot be had; later times are logged as debug.
    pub(super) fn warn_once(&self, what: &str) {
        if self.has_warned.swap(true, Ordering::Relaxed) {
            tracing::debug!("{what}");
        } else {
            tracing::warn!("{what} (said once)");
        }
    }
}

/// How many files the process may hold open.
#[cfg(unix)]
fn open_files() -> u64 {
    rlimit::getrlimit(rlimit::Resource::NOFILE).map_or(u64::MAX, |(soft, _)| soft)
}

/// Raises the soft limit of open files to the hard one; what is allowed then.
#[cfg(unix)]
pub fn raise_open_files() -> io::Result<u64> {
    rlimit::increase_nofile_limit(u64::MAX)
}

/// Elsewhere sockets are no files, and nothing limits them.
#[cfg(not(unix))]
fn open_files() -> u64 {
    u64::MAX
}

/// There is no limit to raise.
#[cfg(not(unix))]
pub fn raise_open_files() -> io::Result<u64> {
    Ok(u64::MAX)
}
