//! The captured requests over a real socket, to an emulator that refuses whatever the real service refuses and knows
//! the key that they were signed with.
//!
//! Each is sent three times: byte for byte, at the time of its capture; signed anew, as of now; and signed anew with
//! one byte changed. What the first two are answered stands in `tests/data/captures/answers.txt`, a line a request.

use std::collections::BTreeMap;

use crs_local::Config;
use crs_local::config::{Auth, Limit, RateLimits};

use super::request::{self, Captured, Kind};
use super::{CREDENTIALS, alter, signer};
use crate::harness::{Answer, App, NOW_MS, Raw};

/// What the requests ask about. The token of the key is put in for `TOKEN`.
const FIXTURE: &str = include_str!("../../data/captures/fixture.json");
const ANSWERS: &str = include_str!("../../data/captures/answers.txt");

/// An emulator for each token that the key may carry.
struct Servers {
    auth: Auth,
    by_token: BTreeMap<String, App>,
}

impl Servers {
    fn new(auth: Auth) -> Self {
        let by_token = BTreeMap::new();
        Self { auth, by_token }
    }

    /// The one that knows the key with this request's token.
    fn of(&mut self, request: &Captured) -> &App {
        let config = Config {
            auth: self.auth,
            rate_limit: RateLimits::from(Limit::Off),
            ..Config::default()
        };
        let token = token(request);
        let fixture = fixture(&token);
        self.by_token
            .entry(token)
            .or_insert_with(|| App::with_fixture(config, &fixture))
    }

    /// What the request is answered at that time, from the seed state.
    async fn answer(&mut self, request: &Captured, now_s: i64) -> Answer {
        let app = self.of(request);
        app.set_now(now_s * 1_000);
        app.reset();
        app.send(&Raw(request.bytes())).await
    }
}

/// What the requests ask about, with this token of the key.
pub(crate) fn fixture(token: &str) -> String {
    let literal = match token {
        "" => "null".to_owned(),
        token => format!("\"{token}\""),
    };
    FIXTURE.replace("\"TOKEN\"", &literal)
}

/// The token that a request carries, or "".
pub(crate) fn token(request: &Captured) -> String {
    if let Some(token) = request.header("X-TC-Token") {
        return token.to_owned();
    }
    parameter(request, "Token").unwrap_or_default().to_owned()
}

/// A parameter of a request signed the older way, as it was sent.
fn parameter<'a>(request: &'a Captured, name: &str) -> Option<&'a str> {
    if !matches!(request.kind, Kind::V1 | Kind::V1Broken) {
        return None;
    }
    let mut pairs = signer::form(request).split('&');
    pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// When a request was captured, in seconds.
fn captured_at(request: &Captured) -> i64 {
    let timestamp = request
        .header("X-TC-Timestamp")
        .or_else(|| parameter(request, "Timestamp"));
    let timestamp = timestamp.unwrap_or_else(|| panic!("{}: no timestamp", request.name));
    timestamp.parse().expect("a number of seconds")
}

/// What `answers.txt` says of each request: its name, then a code with a part of the message or a member with its
/// value.
fn expected() -> BTreeMap<&'static str, &'static str> {
    let lines = ANSWERS.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.split_once(" | ").expect("`name | what it is answered`"))
        .map(|(name, answer)| (name.trim(), answer.trim()))
        .collect()
}

/// Why the answer is not that one, if it is not.
fn wrong(answer: &Answer, expected: &str) -> Result<(), String> {
    let envelope = answer.envelope()?;
    if let Some(refused) = expected.strip_prefix("code ") {
        let (code, part) = refused.split_once(' ').unwrap_or((refused, ""));
        return match &envelope.error {
            Some((found, message)) if found == code && message.contains(part) => Ok(()),
            _ => Err(format!("not refused with {refused}")),
        };
    }
    let (member, value) = expected.split_once(" = ").expect("`member = value`");
    let value: serde_json::Value = serde_json::from_str(value).expect("JSON behind `=`");
    if envelope.whole["Response"][member] == value {
        Ok(())
    } else {
        Err(format!("{member} is not {value}"))
    }
}

fn report(request: &Captured, answer: &Answer, fault: &str) -> String {
    let sent = Raw(request.bytes());
    format!("==== {}: {fault}\n-- sent\n{sent}\n-- answered\n{answer}", request.name)
}

fn assert_none(failures: &[String]) {
    assert!(
        failures.is_empty(),
        "{} failed\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

#[tokio::test]
async fn captured_requests_are_answered_byte_for_byte() {
    let expected = expected();
    let mut servers = Servers::new(Auth::Strict);
    let mut failures = Vec::new();
    let requests = request::all();
    assert_eq!(expected.len(), requests.len(), "a line a request");
    for request in &requests {
        let answer = servers.answer(request, captured_at(request)).await;
        let expected = expected[request.name.as_str()];
        if let Err(fault) = wrong(&answer, expected) {
            failures.push(report(request, &answer, &fault));
        }
    }
    assert_none(&failures);
}

#[tokio::test]
async fn captured_requests_signed_anew_are_answered_alike() {
    let expected = expected();
    let mut servers = Servers::new(Auth::Strict);
    let mut failures = Vec::new();
    for mut request in request::signed() {
        signer::sign(&mut request, CREDENTIALS, NOW_MS / 1_000);
        let answer = servers.answer(&request, NOW_MS / 1_000).await;
        if let Err(fault) = wrong(&answer, expected[request.name.as_str()]) {
            failures.push(report(&request, &answer, &fault));
        }
    }
    assert_none(&failures);
}

/// Where everybody may call, so may who does not sign.
#[tokio::test]
async fn captured_requests_without_a_signature_are_accepted_where_everybody_may_call() {
    let mut servers = Servers::new(Auth::Lenient);
    let mut unsigned = 0;
    for request in request::all() {
        if request.kind == Kind::Skip {
            let answer = servers.answer(&request, captured_at(&request)).await;
            assert_eq!(answer.code(), "", "{}\n{answer}", request.name);
            unsigned += 1;
        }
    }
    assert_eq!(unsigned, 5);
}

/// The code that a changed request gets over the wire. The checks before the signature's have the first word: they know
/// a form that is not supported, and a timestamp that is far off.
fn code_of<'a>(request: &Captured, change: &alter::Change) -> Option<&'a str> {
    let multipart = request
        .header("Content-Type")
        .is_some_and(|media| media.starts_with("multipart/"));
    if multipart {
        Some("UnsupportedProtocol")
    } else if request.kind == Kind::V1 && change.what == "the first byte of Timestamp" {
        Some("AuthFailure.SignatureExpire")
    } else {
        change.code
    }
}

#[tokio::test]
async fn captured_requests_with_one_byte_changed_are_refused() {
    let mut servers = Servers::new(Auth::Strict);
    let mut failures = Vec::new();
    let mut changed = 0;
    for mut request in request::signed() {
        signer::sign(&mut request, CREDENTIALS, NOW_MS / 1_000);
        for change in alter::each(&request) {
            let answer = servers.answer(&change.request, NOW_MS / 1_000).await;
            let code = answer.code();
            let holds = match code_of(&request, &change) {
                Some(expected) => code == expected,
                // The payload is not signed, so the byte comes to the check of the body itself.
                None => !code.starts_with("AuthFailure"),
            };
            if !holds {
                failures.push(report(&change.request, &answer, &change.what));
            }
            changed += 1;
        }
    }
    assert_none(&failures);
    assert!(changed > 2_000, "only {changed} requests were sent");
}
