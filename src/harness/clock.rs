//! The cloud's clock in a test's hand.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::sandbox::Sandbox;

impl Sandbox {
    /// The cloud's clock.
    #[must_use]
    pub fn clock(&self) -> Clock<'_> {
        Clock { sandbox: self }
    }
}

/// The cloud's clock. Moments are written as RFC 3339 has them, and come with milliseconds.
///
/// ```
/// use std::time::Duration;
///
/// use crs_local::Emulator;
///
/// let sandbox = Emulator::builder().build()?;
/// let clock = sandbox.clock();
/// clock.set("2027-01-01T00:00:00Z");
/// assert_eq!(clock.advance(Duration::from_secs(3600)), "2027-01-01T01:00:00.000Z");
/// clock.run();
/// assert_ne!(clock.now(), "2027-01-01T01:00:00.000Z");
/// # Ok::<(), crs_local::harness::StartError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Clock<'a> {
    sandbox: &'a Sandbox,
}

impl Clock<'_> {
    /// The cloud's time.
    #[must_use]
    #[track_caller]
    pub fn now(self) -> String {
        now_of(&self.sandbox.controlled(Method::GET, "/_crs/clock", None))
    }

    /// Lets it stand at this moment until it is moved.
    ///
    /// # Panics
    /// That is no moment.
    #[track_caller]
    pub fn set(self, moment: &str) {
        let wanted = json!({ "Mode": "manual", "Now": moment });
        self.sandbox.controlled(Method::PUT, "/_crs/clock", Some(&wanted));
    }

    /// Lets it stand where it is.
    #[track_caller]
    pub fn stand(self) {
        let wanted = json!({ "Mode": "manual" });
        self.sandbox.controlled(Method::PUT, "/_crs/clock", Some(&wanted));
    }

    /// Lets it go by real time.
    #[track_caller]
    pub fn run(self) {
        let wanted = json!({ "Mode": "real" });
        self.sandbox.controlled(Method::PUT, "/_crs/clock", Some(&wanted));
    }

    /// Moves it on, whether it runs or stands; what is due by then has happened when this returns. The time then.
    ///
    /// # Panics
    /// By less than a millisecond, more than a century, or beyond the calendar.
    #[track_caller]
    pub fn advance(self, by: Duration) -> String {
        let by = json!({ "Seconds": by.as_secs_f64() });
        now_of(&self.sandbox.controlled(Method::POST, "/_crs/clock/advance", Some(&by)))
    }
}

fn now_of(answer: &Value) -> String {
    answer["Now"].as_str().unwrap_or_default().to_owned()
}
