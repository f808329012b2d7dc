//! The cloud's clock in a test's hand.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::query::of_account;
use super::sandbox::Sandbox;

impl Sandbox {
    /// The cloud's clock.
    #[must_use]
    pub fn clock(&self) -> Clock<'_> {
        Clock {
            sandbox: self,
            app_id: None,
        }
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
    pub(super) sandbox: &'a Sandbox,
    /// Whose it is, where it is not the server's.
    pub(super) app_id: Option<u64>,
}

impl Clock<'_> {
    /// The cloud's time.
    #[must_use]
    #[track_caller]
    pub fn now(self) -> String {
        self.told(Method::GET, "", None)
    }

    /// Lets it stand at this moment until it is moved.
    ///
    /// # Panics
    /// That is no moment.
    #[track_caller]
    pub fn set(self, moment: &str) {
        self.told(Method::PUT, "", Some(&json!({ "Mode": "manual", "Now": moment })));
    }

    /// Lets it stand where it is.
    #[track_caller]
    pub fn stand(self) {
        self.told(Method::PUT, "", Some(&json!({ "Mode": "manual" })));
    }

    /// Lets it go by real time.
    #[track_caller]
    pub fn run(self) {
        self.told(Method::PUT, "", Some(&json!({ "Mode": "real" })));
    }

    /// Moves it on, whether it runs or stands; what is due by then has happened when this returns. The time then.
    ///
    /// # Panics
    /// By less than a millisecond, more than a century, or beyond the calendar.
    #[track_caller]
    pub fn advance(self, by: Duration) -> String {
        let by = json!({ "Seconds": by.as_secs_f64() });
        self.told(Method::POST, "/advance", Some(&by))
    }

    /// Moves it on to the next thing that is due, which has happened when this returns. The time then.
    ///
    /// # Panics
    /// Nothing is due.
    #[track_caller]
    pub fn next(self) -> String {
        self.told(Method::POST, "/next", None)
    }

    /// What a call about the clock answers: the time.
    #[track_caller]
    fn told(self, method: Method, call: &str, body: Option<&Value>) -> String {
        let path = of_account(&format!("/_crs/clock{call}"), self.app_id);
        let answer = self.sandbox.controlled(method, &path, body);
        answer["Now"].as_str().unwrap_or_default().to_owned()
    }
}
