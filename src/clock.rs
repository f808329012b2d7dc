//! The only reader of real time.
//!
//! Two clocks run side by side. *Real* time judges signatures and the rate limit, because clients
//! stamp their requests with it. The *cloud's* time is what instances, deals and tasks live in: it
//! follows real time (with an offset once somebody has advanced it) or stands still until moved by
//! hand.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::cloud::Millis;

/// Where real time comes from; a test may put its own in.
pub type Wall = Box<dyn Fn() -> Millis + Send + Sync>;

/// The cloud's clock and the real one.
pub struct Clock {
    wall: Option<Wall>,
    cloud: Mutex<CloudTime>,
}

/// How the cloud's time runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloudTime {
    /// Real time plus what it was advanced by, in milliseconds.
    Real { ahead_ms: i64 },
    /// Stands at this moment until it is moved.
    Manual { now: Millis },
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Clock {
    /// A clock that reads the machine's time, or `wall` where a test injects its own.
    #[must_use]
    pub fn new(wall: Option<Wall>) -> Self {
        Self {
            wall,
            cloud: Mutex::new(CloudTime::Real { ahead_ms: 0 }),
        }
    }

    /// Real time, in milliseconds since 1970.
    pub fn real_now(&self) -> Millis {
        match &self.wall {
            Some(wall) => wall(),
            None => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| {
                    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
                }),
        }
    }

    /// The cloud's time, in milliseconds since 1970.
    pub fn cloud_now(&self) -> Millis {
        match *self.lock() {
            CloudTime::Real { ahead_ms } => self.real_now().saturating_add(ahead_ms),
            CloudTime::Manual { now } => now,
        }
    }

    /// How the cloud's time runs now.
    pub fn cloud_time(&self) -> CloudTime {
        *self.lock()
    }

    /// Lets the cloud's time run, or stand, as told.
    pub fn set_cloud_time(&self, time: CloudTime) {
        *self.lock() = time;
    }

    /// Moves the cloud's time forward, whichever way it runs.
    pub fn advance(&self, by_ms: i64) {
        match &mut *self.lock() {
            CloudTime::Real { ahead_ms } => *ahead_ms = ahead_ms.saturating_add(by_ms),
            CloudTime::Manual { now } => *now = now.saturating_add(by_ms),
        }
    }

    fn lock(&self) -> MutexGuard<'_, CloudTime> {
        self.cloud.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Measures how long something took, unmoved by changes of the wall clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_stands_until_it_is_moved() {
        let clock = Clock::new(Some(Box::new(|| 1_000)));
        clock.set_cloud_time(CloudTime::Manual { now: 50 });
        assert_eq!(clock.cloud_now(), 50);
        clock.advance(7);
        assert_eq!((clock.cloud_now(), clock.real_now()), (57, 1_000));
    }

    #[test]
    fn advancing_a_real_clock_shifts_it() {
        let clock = Clock::new(Some(Box::new(|| 1_000)));
        clock.advance(500);
        assert_eq!(clock.cloud_now(), 1_500);
        assert_eq!(clock.cloud_time(), CloudTime::Real { ahead_ms: 500 });
    }
}
