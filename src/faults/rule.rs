//! A fault rule as plain data: which calls it strikes, and what they get.

use serde_json::Value;

use crate::cloud::{Fate, Millis};

/// One rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fault {
    /// `None`: the next that is free.
    pub(crate) id: Option<u64>,
    pub(crate) matches: Match,
    pub(crate) then: Then,
    pub(crate) when: When,
    /// How many calls it strikes before it is spent; `None`: every one.
    pub(crate) times: Option<u64>,
    pub(crate) sequence: Option<Sequence>,
    /// How many calls have reached it.
    pub(crate) matched: u64,
    /// How many calls it has struck.
    pub(crate) fired: u64,
}

/// The calls that reach a rule agree in all that is given; `nth`, `every` and `probability` pick those of them that it
/// strikes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Match {
    pub(crate) action: Option<String>,
    pub(crate) family: Option<String>,
    pub(crate) instance_id: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) secret_id: Option<String>,
    pub(crate) app_id: Option<u64>,
    /// Members that the call must send, with these values; it may send more.
    pub(crate) params: Option<Box<Value>>,
    pub(crate) nth: Option<u64>,
    pub(crate) every: Option<u64>,
    pub(crate) probability: Option<f64>,
    /// What is drawn follows from it; `None`: from the world's.
    pub(crate) seed: Option<u64>,
    /// The cloud's time from which on it strikes.
    pub(crate) from: Option<Millis>,
    /// The cloud's time at which it ceases to.
    pub(crate) until: Option<Millis>,
}

/// What a struck call gets.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Then {
    pub(crate) code: Option<String>,
    /// The message beside the code; `None`: one that names the rule.
    pub(crate) message: Option<String>,
    pub(crate) delay: Option<Delay>,
    /// The connection is closed without an answer.
    pub(crate) drop: bool,
    /// The connection is closed after so many bytes of the answer's body.
    pub(crate) truncate: Option<u64>,
    pub(crate) http_status: Option<u64>,
    pub(crate) body: Option<String>,
    /// What becomes of the flows that the call begins.
    pub(crate) flow: Option<Fate>,
}

/// Whether a rule acts before the call has its effect, or after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum When {
    #[default]
    Before,
    After,
}

/// Of the calls that reach a rule it strikes so many, then lets so many pass, and so on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sequence {
    pub(crate) fail: u64,
    pub(crate) pass: u64,
}

/// How long an answer is kept back, in milliseconds of real time: something between these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Delay {
    pub(crate) least_ms: u64,
    pub(crate) most_ms: u64,
}

impl Then {
    /// Whether the answer is another than the action's, or does not come whole.
    pub(crate) fn spoils_the_answer(&self) -> bool {
        self.drop || self.code.is_some() || self.truncate.is_some() || self.http_status.is_some() || self.body.is_some()
    }

    /// Whether it says anything at all.
    pub(crate) fn does_something(&self) -> bool {
        self.spoils_the_answer() || self.delay.is_some() || self.flow.is_some()
    }
}
