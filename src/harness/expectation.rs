//! What was to be called, and a text that helps where it was not.

use std::fmt::Write;
use std::thread;

use http::Method;
use serde_json::{Map, Value, json};

use super::clock::Clock;
use super::query::of_account;
use super::requests::Request;
use super::sandbox::Sandbox;

/// How many of the last calls a failure shows.
const LAST: u64 = 5;

impl Sandbox {
    /// Expects that an action is called: at least once, unless it says otherwise. It is verified when what this returns
    /// is dropped, or by [`Expectation::verify`], against all calls that the journal has.
    pub fn expect(&self, action: &str) -> Expectation {
        Expectation {
            sandbox: self.clone(),
            steps: vec![step(action)],
            no_others: false,
            app_id: None,
            is_open: true,
        }
    }
}

/// What is expected of the calls that come.
///
/// ```
/// use crs_local::{Emulator, json};
///
/// let sandbox = Emulator::builder().build()?;
/// let once = sandbox.expect("UpgradeInstance").with(json!({ "MemSize": 2048 })).exactly(1);
/// sandbox.call("UpgradeInstance", json!({ "InstanceId": "crs-5qlrlhux", "MemSize": 2048 }))?;
/// once.verify();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Where it does not hold, the test fails with what was expected, what came nearest and how that differs,
/// and the last calls, each with its parameters, its RequestId and the cloud's time.
#[derive(Debug)]
#[must_use = "it is verified when this is dropped, which is at once where it is not kept"]
pub struct Expectation {
    sandbox: Sandbox,
    steps: Vec<Map<String, Value>>,
    no_others: bool,
    app_id: Option<u64>,
    /// Whether it is still to be verified.
    is_open: bool,
}

fn step(action: &str) -> Map<String, Value> {
    Map::from_iter([("Action".to_owned(), json!(action))])
}

impl Expectation {
    /// With at least these parameters. `{"Like": "crs-*"}` in the place of a value is a pattern, null: not sent.
    pub fn with(self, params: Value) -> Self {
        self.saying("Params", params)
    }

    /// With no parameters but those that [`Expectation::with`] names.
    pub fn and_nothing_else(self) -> Self {
        self.saying("Exact", json!(true))
    }

    /// So many times.
    pub fn exactly(self, times: u64) -> Self {
        self.saying("Exactly", json!(times))
    }

    /// So many times, or more.
    pub fn at_least(self, times: u64) -> Self {
        self.saying("AtLeast", json!(times))
    }

    /// So many times, or fewer.
    pub fn at_most(self, times: u64) -> Self {
        self.saying("AtMost", json!(times))
    }

    /// And after that another action, of which what is said next holds.
    pub fn then(mut self, action: &str) -> Self {
        self.steps.push(step(action));
        self
    }

    /// And no other call.
    pub fn no_others(mut self) -> Self {
        self.no_others = true;
        self
    }

    /// Of the calls of this account.
    pub fn app_id(mut self, app_id: u64) -> Self {
        self.app_id = Some(app_id);
        self
    }

    /// Verifies it now.
    ///
    /// # Panics
    /// It does not hold.
    #[track_caller]
    pub fn verify(self) {
        if let Some(failure) = self.failure() {
            panic!("{failure}");
        }
    }

    /// Verifies it now: why it does not hold, as [`Expectation::verify`] would say it.
    #[must_use]
    pub fn failure(mut self) -> Option<String> {
        self.is_open = false;
        self.why_not()
    }

    fn why_not(&self) -> Option<String> {
        let path = of_account("/_crs/requests/verify", self.app_id);
        match self.sandbox.exchange(Method::POST, &path, Some(&self.body())) {
            Ok((200, _)) => None,
            Ok((409, answer)) if answer["Verified"] == false => Some(self.text(&answer)),
            Ok((status, answer)) => {
                let message = answer["Error"]["Message"].as_str().unwrap_or_default();
                Some(format!("this cannot be expected: {message} (status {status})"))
            }
            Err(refused) => Some(refused.to_string()),
        }
    }

    fn saying(mut self, key: &str, value: Value) -> Self {
        if let Some(last) = self.steps.last_mut() {
            last.insert(key.to_owned(), value);
        }
        self
    }

    fn body(&self) -> Value {
        let mut body = match &self.steps[..] {
            [only] => only.clone(),
            several => Map::from_iter([("InOrder".to_owned(), json!(several))]),
        };
        if self.no_others {
            body.insert("NoOthers".to_owned(), json!(true));
        }
        Value::Object(body)
    }

    fn text(&self, answer: &Value) -> String {
        let message = answer["Message"].as_str().unwrap_or_default();
        let clock = Clock {
            app_id: self.app_id,
            ..self.sandbox.clock()
        };
        let now = clock.now();
        let mut text = format!("{message}\nexpected:\n  {}", self.body());
        let misses = answer["NearestMisses"].as_array().into_iter().flatten();
        for (at, miss) in misses.enumerate() {
            text.push_str(if at == 0 { "\nnearest:" } else { "" });
            push_call(&mut text, &miss["Request"]);
            for line in miss["Differs"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
            {
                let _ = write!(text, "\n      {line}");
            }
        }
        let requests = self.sandbox.requests().limit(LAST);
        let requests = match self.app_id {
            Some(app_id) => requests.app_id(app_id),
            None => requests,
        };
        let last = requests.list();
        let _ = write!(text, "\nlast calls, at {now} of the cloud's time:");
        if last.is_empty() {
            text.push_str(" none");
        }
        for call in &last {
            push_request(&mut text, call);
        }
        text
    }
}

impl Drop for Expectation {
    fn drop(&mut self) {
        // A test that fails already is to say why, and that alone.
        if self.is_open
            && !thread::panicking()
            && let Some(failure) = self.why_not()
        {
            panic!("{failure}");
        }
    }
}

fn push_call(text: &mut String, call: &Value) {
    match serde_json::from_value(call.clone()) {
        Ok(request) => push_request(text, &request),
        Err(_) => {
            let _ = write!(text, "\n  {call}");
        }
    }
}

/// A line for the call, and one for what it was called with.
fn push_request(text: &mut String, call: &Request) {
    let of = |known: &Option<String>| known.clone().unwrap_or_else(|| "?".to_owned());
    let _ = write!(
        text,
        "\n  #{} {} {} at {}, RequestId {}: {}\n      {}",
        call.id,
        of(&call.action),
        of(&call.region),
        call.time,
        call.request_id,
        call.code.as_deref().unwrap_or("no error"),
        call.params,
    );
}
