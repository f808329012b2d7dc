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

/// The cloud's clock: the server's, or that of one account, which goes along with the server's until it is set by
/// itself.
pub struct CloudClock {
    real: Clock,
    /// The clock that it goes along with while it has no time of its own; the server's has none to go along with.
    server: Option<Arc<CloudClock>>,
    own: RwLock<Option<CloudTime>>,
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
    /// The server's clock, which runs, or stands, as told.
    #[must_use]
    pub fn new(real: Clock, time: CloudTime) -> Self {
        Self {
            real,
            server: None,
            own: RwLock::new(Some(time)),
        }
    }

    /// An account's clock: its own time, or along with the server's.
    pub(crate) fn of_account(server: &Arc<CloudClock>, own: Option<CloudTime>) -> Self {
        Self {
            real: server.real.clone(),
            server: Some(Arc::clone(server)),
            own: RwLock::new(own),
        }
    }

    /// The cloud's time, in milliseconds since 1970.
    pub fn now(&self) -> Millis {
        self.shown_by(self.running())
    }

    /// What it would show if it ran, or stood, so.
    fn shown_by(&self, time: CloudTime) -> Millis {
        match time {
            CloudTime::Real { ahead_ms } => time::after(self.real.now(), ahead_ms),
            CloudTime::Manual { now } => now,
        }
    }

    /// The cloud's time when real time is this.
    pub(crate) fn at(&self, real: Millis) -> Millis {
        match self.running() {
            CloudTime::Real { ahead_ms } => time::after(real, ahead_ms),
            CloudTime::Manual { now } => now,
        }
    }

    /// Real time, in milliseconds since 1970.
    pub(crate) fn real_now(&self) -> Millis {
        self.real.now()
    }

    /// How the cloud's time runs now. What was to run stands once the calendar ends.
    pub fn time(&self) -> CloudTime {
        self.ended(self.running())
    }

    /// The same where it is an account's own, and not the server's.
    pub(crate) fn own_time(&self) -> Option<CloudTime> {
        let own = *self.read();
        own.filter(|_| self.server.is_some()).map(|time| self.ended(time))
    }

    /// Whether it goes along with the server's.
    pub(crate) fn goes_along(&self) -> bool {
        self.server.is_some() && self.read().is_none()
    }

    /// Lets the cloud's time run, or stand, as told.
    pub fn set(&self, time: CloudTime) {
        *self.write() = Some(time);
    }

    /// Lets the cloud's time run, or stand, as `set` makes of how it runs now; `None` lets an account's go along with
    /// the server's. Whether it moves on by that.
    pub(crate) fn change(&self, set: impl FnOnce(CloudTime) -> Option<CloudTime>) -> bool {
        let mut own = self.write();
        let before = self.running_by(*own);
        self.put(&mut own, set(before));
        self.shown_by(self.running_by(*own)) > self.shown_by(before)
    }

    /// As it would be after that change: its time, unless it goes along with the server's, and whether it moves on.
    pub(crate) fn changed(&self, set: impl FnOnce(CloudTime) -> Option<CloudTime>) -> (Option<CloudTime>, bool) {
        let before = self.running();
        let mut own = *self.read();
        self.put(&mut own, set(before));
        (own, self.shown_by(self.running_by(own)) > self.shown_by(before))
    }

    /// Lets it run, or stand, so; an account's goes along with the server's where it has no time of its own.
    pub(crate) fn set_own(&self, time: Option<CloudTime>) {
        self.put(&mut self.write(), time);
    }

    /// The server's has none to go along with, and stays.
    fn put(&self, own: &mut Option<CloudTime>, time: Option<CloudTime>) {
        if time.is_some() || self.server.is_some() {
            *own = time;
        }
    }

    /// Moves the cloud's time forward, whichever way it runs. An account's is its own from then on.
    pub fn advance(&self, by_ms: i64) {
        self.change(|time| Some(time.advanced(by_ms)));
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

    /// A server's clock of its own that tells the same time.
    pub(crate) fn copy(&self) -> Self {
        Self::new(self.real.clone(), self.running())
    }

    fn running(&self) -> CloudTime {
        self.running_by(*self.read())
    }

    fn running_by(&self, own: Option<CloudTime>) -> CloudTime {
        match (own, &self.server) {
            (Some(own), _) => own,
            (None, Some(server)) => server.running(),
            (None, None) => CloudTime::Real { ahead_ms: 0 },
        }
    }

    fn ended(&self, time: CloudTime) -> CloudTime {
        match time {
            CloudTime::Real { ahead_ms } if self.real.now().saturating_add(ahead_ms) >= time::END => {
                CloudTime::Manual { now: time::END }
            }
            running => running,
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Option<CloudTime>> {
        self.own.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Option<CloudTime>> {
        self.own.write().unwrap_or_else(PoisonError::into_inner)
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
            clock.change(|time| Some(clock.at_least(time, 1_500)));
            assert_eq!((clock.now(), copy.now()), (1_500, 1_000));
            clock.change(|time| Some(clock.at_least(time, 1_200)));
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

    #[test]
    fn an_accounts_clock_goes_along_until_it_is_set() {
        let server = Arc::new(clock(CloudTime::Manual { now: 50 }));
        let own = CloudClock::of_account(&server, None);
        server.advance(7);
        assert_eq!((own.now(), own.own_time(), own.goes_along()), (57, None, true));
        own.advance(3);
        server.advance(100);
        assert_eq!((own.now(), server.now()), (60, 157));
        assert_eq!(own.own_time(), Some(CloudTime::Manual { now: 60 }));
        own.set_own(None);
        assert_eq!((own.now(), own.own_time()), (157, None));
        server.set_own(None);
        assert_eq!((server.now(), server.own_time()), (157, None));
    }
}
