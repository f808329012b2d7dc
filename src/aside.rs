//! Long work, kept away from the threads that answer calls.

use std::cell::Cell;
use std::future::Future;
use std::panic;

thread_local! {
    /// Whether this thread waits for a whole call, and so may do the long work of it too.
    static WAITS: Cell<bool> = const { Cell::new(false) };
}

/// Does the work on a thread of its own, where no other call waits for it. A panic in it goes on here.
///
/// Work that has begun is finished, whether or not somebody still waits for it.
#[expect(clippy::disallowed_methods, reason = "here its panics go on")]
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    if WAITS.get() {
        return work();
    }
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) => match failed.try_into_panic() {
            Ok(panicked) => panic::resume_unwind(panicked),
            // The runtime ends, and with it whoever waits here.
            Err(_) => std::future::pending().await,
        },
    }
}

/// Carries a call out on this thread, long work and all, and waits for its end: for a caller that has no runtime, or
/// that cannot wait for one, as what is dropped.
pub(crate) fn here<T>(call: impl Future<Output = T>) -> T {
    let _waits = Waiting(WAITS.replace(true));
    pollster::block_on(call)
}

/// While it is there this thread waits. Then it is as it was before.
struct Waiting(bool);

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITS.set(self.0);
    }
}
