//! How each documented code of each action is brought about: by a request alone, by one in a state that a fixture
//! gives, or by a fault rule only.
//!
//! `provoked/ways.json` holds the requests. The tests of `tests/it/evidence/` make it of all that the project's tests
//! send, and send each of its rows again: none is there that was not answered so.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::contract::{Action, ErrorCode};

/// The requests, and the states that they need, as JSON. What most of them share is said once.
pub const WAYS: &str = include_str!("provoked/ways.json");

/// The region of a request that names none.
pub const REGION: &str = "ap-guangzhou";

/// The clock of a fixture that has none.
#[must_use]
pub fn clock() -> Value {
    json!({ "Mode": "manual", "Now": "2026-11-24T08:00:00Z" })
}

type Input = Map<String, Value>;

/// What `WAYS` holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Table {
    /// Fixtures, each of which several requests may need.
    fixtures: Vec<Value>,
    /// By service and action.
    ways: BTreeMap<String, BTreeMap<String, OfAction>>,
}

/// The requests of one action.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct OfAction {
    /// What each of them differs from.
    #[serde(default)]
    base: Input,
    codes: BTreeMap<String, Row>,
}

/// Where the request differs from the base, null taking a member away; the place of its fixture; and its region.
#[derive(Deserialize)]
struct Row(
    Option<Input>,
    #[serde(default)] Option<usize>,
    #[serde(default)] Option<String>,
);

/// Where a request differs from a base of which no member is null.
#[must_use]
pub fn difference(base: &Input, request: &Input) -> Input {
    let gone = base.keys().filter(|name| !request.contains_key(*name));
    let gone = gone.map(|name| (name.clone(), Value::Null));
    let other = request.iter().filter(|(name, value)| base.get(*name) != Some(*value));
    gone.chain(other.map(|(name, value)| (name.clone(), value.clone())))
        .collect()
}

/// The request that differs so from the base.
fn request(base: &Input, difference: Input) -> Value {
    let mut whole = base.clone();
    whole.extend(difference);
    whole.retain(|_, value| !value.is_null());
    Value::Object(whole)
}

/// Service, action and code.
type Key = (String, String, String);

/// What brings codes about, of all actions.
pub struct Ways {
    fixtures: Vec<Value>,
    /// By what is brought about: region, the place of the fixture, and the request.
    rows: BTreeMap<Key, (String, Option<usize>, Value)>,
}

/// What brings one code about.
#[derive(Debug)]
pub enum Way<'a> {
    /// This request, to this region, in the state of the built-in fixture; null stands for one too long to be shown.
    Rule(&'a str, &'a Value),
    /// The same in the state that this fixture gives.
    Fixture(&'a str, &'a Value, &'a Value),
    /// No request is known that does; a fault rule does.
    Fault,
}

impl Ways {
    /// Those of the table, which is read once.
    #[must_use]
    pub fn known() -> &'static Self {
        static KNOWN: LazyLock<Ways> = LazyLock::new(Ways::read);
        &KNOWN
    }

    fn read() -> Self {
        let Table { mut fixtures, ways } = serde_json::from_str(WAYS).expect("a table that the tests have read");
        for fixture in fixtures.iter_mut().filter(|fixture| fixture.get("Clock").is_none()) {
            fixture["Clock"] = clock();
        }
        let mut rows = BTreeMap::new();
        for (service, actions) in ways {
            for (action, OfAction { base, codes }) in actions {
                for (code, Row(other, fixture, region)) in codes {
                    let region = region.unwrap_or_else(|| REGION.to_owned());
                    let sent = other.map_or(Value::Null, |other| request(&base, other));
                    rows.insert((service.clone(), action.clone(), code), (region, fixture, sent));
                }
            }
        }
        Self { fixtures, rows }
    }

    /// What brings this code of this action about.
    #[must_use]
    pub fn of(&self, action: &Action, code: ErrorCode) -> Way<'_> {
        let key = [action.service, action.name, code.as_str()].map(str::to_owned);
        match self.rows.get(&key.into()) {
            None => Way::Fault,
            Some((region, None, request)) => Way::Rule(region, request),
            Some((region, Some(at), request)) => Way::Fixture(region, &self.fixtures[*at], request),
        }
    }

    /// How every code of an action is brought about, as JSON; none where its codes are unknown.
    #[must_use]
    pub fn told(&self, action: &Action) -> Option<Vec<Value>> {
        let tell = |code: &ErrorCode| self.of(action, *code).told(action, *code);
        action.codes.map(|codes| codes.iter().map(tell).collect())
    }
}

impl Way<'_> {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Rule(..) => "rule",
            Self::Fixture(..) => "fixture",
            Self::Fault => "fault",
        }
    }

    /// The same in a line.
    #[must_use]
    pub fn line(&self, action: &Action, code: ErrorCode) -> String {
        match self {
            Self::Rule(_, Value::Null) | Self::Fixture(_, _, Value::Null) => {
                format!("{:7}  a request too long to be shown", self.name())
            }
            Self::Rule(region, request) => format!("rule     {region} {request}"),
            Self::Fixture(region, fixture, request) => format!("fixture  {region} {request} in {fixture}"),
            Self::Fault => format!("fault    {}", fault(action, code)),
        }
    }

    fn told(&self, action: &Action, code: ErrorCode) -> Value {
        // What is not shown as a request is not shown with its state either.
        let mut told = json!({ "Code": code.as_str(), "How": self.name() });
        match self {
            Self::Rule(_, Value::Null) | Self::Fixture(_, _, Value::Null) => {}
            Self::Rule(region, request) => {
                told["Region"] = json!(region);
                told["Request"] = (*request).clone();
            }
            Self::Fixture(region, fixture, request) => {
                told["Region"] = json!(region);
                told["Request"] = (*request).clone();
                told["Fixture"] = (*fixture).clone();
            }
            Self::Fault => told["Fault"] = fault(action, code),
        }
        told
    }
}

/// The fault rule that has an action answer this code once.
#[must_use]
pub fn fault(action: &Action, code: ErrorCode) -> Value {
    json!({ "Match": { "Action": action.name }, "Then": { "Code": code.as_str() }, "Times": 1 })
}

/// The codes of an action, each with how it is brought about.
pub fn codes_of<'a>(ways: &'a Ways, action: &'static Action) -> impl Iterator<Item = (ErrorCode, Way<'a>)> {
    let codes = action.codes.unwrap_or_default().iter();
    codes.map(|code| (*code, ways.of(action, *code)))
}

/// How many codes an action documents that a request brings about, one in a state that a fixture gives, and only a
/// fault rule.
#[must_use]
pub fn counts(ways: &Ways, action: &'static Action) -> [usize; 3] {
    let mut counts = [0; 3];
    for (_, way) in codes_of(ways, action) {
        counts[match way {
            Way::Rule(..) => 0,
            Way::Fixture(..) => 1,
            Way::Fault => 2,
        }] += 1;
    }
    counts
}
