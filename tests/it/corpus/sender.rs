//! Sends requests over a connection that is kept, to one emulator that is set back after whatever changed it.

use std::fmt::Write as _;

use crs_local::Config;
use crs_local::config::{Limit, RateLimits};
use crs_local::contract::{Action, ErrorCode};
use serde_json::Value;

use super::super::harness::{Answer, App, Raw, Socket};
use super::super::sign::encode;
use super::{Case, Input, Wants, Way};

pub(crate) const FIXTURE: &str = include_str!("../../data/corpus/fixture.json");

pub(super) struct Sender {
    app: App,
    socket: Socket,
    /// The state that every case starts from.
    seed: Value,
    /// The cases refused since the state was last held against the seed.
    refused: Vec<String>,
}

impl Sender {
    pub(super) async fn new() -> Self {
        let config = Config {
            rate_limit: RateLimits::from(Limit::Off),
            ..Config::default()
        };
        let app = App::with_fixture(config, FIXTURE);
        let socket = app.socket().await;
        let seed = state(&app).await;
        let refused = Vec::new();
        Self {
            app,
            socket,
            seed,
            refused,
        }
    }

    /// A refusal changes nothing. Looked at before something is to change, and in the end: to look after each refusal
    /// would take longer than all the rest.
    pub(super) async fn unchanged(&mut self) {
        let refused = std::mem::take(&mut self.refused);
        if !refused.is_empty() && state(&self.app).await != self.seed {
            panic!(
                "one of these was refused and changed something all the same:\n{}",
                refused.join("\n")
            );
        }
    }

    /// What is not as the case wants it, with all that a reader needs to see why.
    pub(super) async fn fault(&mut self, case: &Case) -> Option<String> {
        let changes = case.wants == Wants::Accepted || !case.before.is_empty();
        if changes {
            self.unchanged().await;
        }
        for (action, input) in &case.before {
            let raw = json(action, &case.region, &text(input));
            let answer = self.socket.exchange(&raw).await;
            if answer.code() != "" {
                return Some(format!("{}, before\n-- sent\n{raw}\n-- answered\n{answer}", case.from));
            }
        }
        let raw = request(case);
        let answer = self.socket.exchange(&raw).await;
        let fault = wrong(case, &answer).err();
        if changes || fault.is_some() {
            self.refused.clear();
            self.app.reset();
        } else {
            self.refused.push(case.from.clone());
        }
        let fault = fault?;
        let from = &case.from;
        Some(format!("{from}: {fault}\n-- sent\n{raw}\n-- answered\n{answer}"))
    }
}

/// The whole state, without the number of calls.
async fn state(app: &App) -> Value {
    let mut state = app.controlled("GET", "/_crs/state", "").await;
    state["Calls"].take();
    state
}

/// Every envelope, code and message is looked at.
fn wrong(case: &Case, answer: &Answer) -> Result<(), String> {
    let envelope = answer.envelope()?;
    let Some((code, message)) = envelope.error else {
        return match case.wants {
            Wants::Accepted => Ok(()),
            _ => Err("it was accepted".into()),
        };
    };
    // A slip in a rule, a member misspelled, is no refusal by that rule.
    let by_gateway = ["MissingParameter", "UnknownParameter"].contains(&code.as_str())
        || message.starts_with("The value type of parameter");
    let known = ErrorCode::parse(&code);
    // Where the action's list is unknown, any published code may be right.
    let documented =
        known.is_some_and(|known| known.is_common() || case.action.documents(known) || case.action.codes.is_none());
    let holds = match &case.wants {
        Wants::Accepted => return Err(format!("it was refused with {code}")),
        _ if code.starts_with("InternalError") => false,
        Wants::Documented => !by_gateway,
        Wants::Code(wanted) => code == *wanted,
        Wants::CodeAt(wanted, path) => code == *wanted && message.contains(&format!("`{path}`")),
    };
    match &case.wants {
        _ if !documented => Err(format!("{code} is neither documented nor common")),
        _ if holds => Ok(()),
        Wants::Code(wanted) => Err(format!("the code is not {wanted}")),
        Wants::CodeAt(wanted, path) => Err(format!("it is not {wanted} about `{path}`")),
        _ => Err(format!("{code} is not about a rule")),
    }
}

fn request(case: &Case) -> Raw {
    let Case {
        action, region, way, ..
    } = case;
    match way {
        Way::Json(input) => json(action, region, &text(input)),
        Way::Body(body) => json(action, region, body),
        Way::Form(pairs) => form(action, region, pairs),
    }
}

fn text(input: &Input) -> String {
    Value::Object(input.clone()).to_string()
}

/// Unsigned: a lenient emulator takes the caller for the default account's. Signatures have tables of their own.
pub(crate) fn json(action: &Action, region: &str, body: &str) -> Raw {
    let head = format!(
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-TC-Action: {}\r\n\
         X-TC-Version: {}\r\nX-TC-Region: {region}\r\nContent-Length: {}\r\n\r\n",
        action.name,
        action.version,
        body.len(),
    );
    Raw([head.as_bytes(), body.as_bytes()].concat())
}

fn form(action: &Action, region: &str, pairs: &[(String, String)]) -> Raw {
    let mut body = format!("Action={}&Version={}&Region={region}", action.name, action.version);
    for (name, value) in pairs {
        let _ = write!(body, "&{}={}", encode(name), encode(value));
    }
    let head = format!(
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n",
        body.len(),
    );
    Raw([head.as_bytes(), body.as_bytes()].concat())
}
