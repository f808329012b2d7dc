//! Long work, kept away from the threads that answer calls.

use std::panic;

/// Does the work on a thread of its own, where no other call waits for it. A panic in it goes on here.
///
/// Work that has begun is finished, whether or not somebody still waits for it.
#[expect(clippy::disallowed_methods, reason = "here its panics go on")]
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) => match failed.try_into_panic() {
            Ok(panicked) => panic::resume_unwind(panicked),
            // The runtime ends, and with it whoever waits here.
            Err(_) => std::future::pending().await,
        },
    }
}
