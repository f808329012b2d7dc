//! The only reader of real time.
//!
//! Two clocks run side by side. *Real* time judges signatures and the rate limit, because clients stamp their requests
//! with it. The *cloud's* time is what instances, deals and tasks live in: it follows real time (with an offset once
//! somebody has advanced it) or stands still until moved by hand.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::cloud::{Millis, time};

/// Where real time comes from; a test may put its own in.
pub type Wall = Box<dyn Fn() -> Millis + Send + Sync>;

/// The real clock. A copy tells the same time.
#[derive(Clone, Default)]
pub struct Clock {
    wall: Option<Arc<Wall>>,
}

/// The cloud's clock.
pub struct CloudClock {
    real: Clock,
    time: RwLock<CloudTime>,
}

/// How the cloud's time runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum CloudTime {
    /// Real time plus what it was advanced by.
    Real {
        /// How far it was advanced, in milliseconds.
        ahead_ms: i64,
    },
    /// Stands until it is moved.
    Manual {
        /// The moment at which it stands.
        now: Millis,
    },
}

/// How the cloud's time runs: `real`, along with real time; `manual`, it stands until it is moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ClockMode {
    #[default]
    Real,
    Manual,
}

impl CloudTime {
    /// Moved forward by so much.
    #[must_use]
    pub(crate) fn advanced(self, by_ms: i64) -> Self {
        match self {
            Self::Real { ahead_ms } => Self::Real {
                ahead_ms: ahead_ms.saturating_add(by_ms),
            },
            Self::Manual { now } => Self::Manual {
                now: now.saturating_add(by_ms),
            },
        }
    }

    pub(crate) fn mode(self) -> ClockMode {
        match self {
            Self::Real { .. } => ClockMode::Real,
            Self::Manual { .. } => ClockMode::Manual,
        }
    }
}

impl Clock {
    /// A clock that reads the machine's time, or `wall` where a test injects its own.
    #[must_use]
    pub fn new(wall: Option<Wall>) -> Self {
        Self {
            wall: wall.map(Arc::new),
        }
    }

    /// Real time, in milliseconds since 1970.
    #[expect(clippy::disallowed_methods, reason = "everybody else asks this clock")]
    pub fn now(&self) -> Millis {
        match &self.wall {
            Some(wall) => wall(),
            None => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)),
        }
    }
}

impl CloudClock {
    /// A clock of the cloud's that runs, or stands, as told.
    #[must_use]
    pub fn new(real: Clock, time: CloudTime) -> Self {
        Self {
            real,
            time: RwLock::new(time),
        }
    }

    /// The cloud's time, in milliseconds since 1970.
    pub fn now(&self) -> Millis {
        self.shown_by(*self.read())
    }

    /// What it would show if it ran, or stood, so.
    pub(crate) fn shown_by(&self, time: CloudTime) -> Millis {
        match time {
            CloudTime::Real { ahead_ms } => time::after(self.real.now(), ahead_ms),
            CloudTime::Manual { now } => now,
        }
    }

    /// The cloud's time when real time is this.
    pub(crate) fn at(&self, real: Millis) -> Millis {
        match *self.read() {
            CloudTime::Real { ahead_ms } => time::after(real, ahead_ms),
            CloudTime::Manual { now } => now,
        }
    }

    /// How the cloud's time runs now. What was to run stands once the calendar ends.
    pub fn time(&self) -> CloudTime {
        match *self.read() {
            CloudTime::Real { ahead_ms } if self.real.now().saturating_add(ahead_ms) >= time::END => {
                CloudTime::Manual { now: time::END }
            }
            running => running,
        }
    }

    /// Lets the cloud's time run, or stand, as told.
    pub fn set(&self, time: CloudTime) {
        *self.write() = time;
    }

    /// Lets the cloud's time run, or stand, by what it does now. Whether it moves on by that.
    pub(crate) fn change(&self, change: impl FnOnce(CloudTime) -> CloudTime) -> bool {
        let mut time = self.write();
        let before = self.shown_by(*time);
        *time = change(*time);
        self.shown_by(*time) > before
    }

    /// Moves the cloud's time forward, whichever way it runs.
    pub fn advance(&self, by_ms: i64) {
        self.change(|time| time.advanced(by_ms));
    }

    /// Moved forward to that moment, if it has not come.
    pub(crate) fn at_least(&self, time: CloudTime, at: Millis) -> CloudTime {
        match time {
            CloudTime::Real { ahead_ms } => CloudTime::Real {
                ahead_ms: at.saturating_sub(self.real.now()).max(ahead_ms),
            },
            CloudTime::Manual { now } => CloudTime::Manual { now: at.max(now) },
        }
    }

    /// A clock of its own that tells the same time.
    pub(crate) fn copy(&self) -> Self {
        Self::new(self.real.clone(), *self.read())
    }

    fn read(&self) -> RwLockReadGuard<'_, CloudTime> {
        self.time.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, CloudTime> {
        self.time.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Measures how long something took, unmoved by changes of the wall clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "everybody else takes a stopwatch")]
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

    fn clock(time: CloudTime) -> CloudClock {
        CloudClock::new(Clock::new(Some(Box::new(|| 1_000))), time)
    }

    #[test]
    fn a_manual_clock_stands_until_it_is_moved() {
        let clock = clock(CloudTime::Manual { now: 50 });
        assert_eq!(clock.now(), 50);
        clock.advance(7);
        assert_eq!((clock.now(), clock.real.now()), (57, 1_000));
    }

    #[test]
    fn a_clock_goes_on_to_a_moment_and_never_back() {
        for time in [CloudTime::Manual { now: 1_000 }, CloudTime::Real { ahead_ms: 0 }] {
            let clock = clock(time);
            let copy = clock.copy();
            clock.change(|time| clock.at_least(time, 1_500));
            assert_eq!((clock.now(), copy.now()), (1_500, 1_000));
            clock.change(|time| clock.at_least(time, 1_200));
            assert_eq!(clock.now(), 1_500);
        }
    }

    #[test]
    fn no_clock_runs_beyond_the_calendar() {
        let clock = clock(CloudTime::Real { ahead_ms: 0 });
        clock.advance(time::END - 1_001);
        assert_eq!(clock.now(), time::END - 1);
        assert!(matches!(clock.time(), CloudTime::Real { .. }));
        clock.advance(i64::MAX);
        assert_eq!(clock.now(), time::END);
        assert_eq!(clock.time(), CloudTime::Manual { now: time::END });
    }

    #[test]
    fn advancing_a_real_clock_shifts_it() {
        let clock = clock(CloudTime::Real { ahead_ms: 0 });
        clock.advance(500);
        assert_eq!(clock.now(), 1_500);
        assert_eq!(clock.time(), CloudTime::Real { ahead_ms: 500 });
    }
}
