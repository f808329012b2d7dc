//! Which calls reach a rule, and which of them it strikes.

use serde_json::Value;

use super::rule::{Fault, Match};
use crate::cloud::life::table::LIFE;
use crate::cloud::{Millis, ids};
use crate::contract::{Action, ErrorCode};

/// What a call must offer to be matched: what it says of itself, proved or not.
pub(crate) trait FaultTarget {
    /// The action that it names, in whatever version; `None`: there is none of that name.
    fn action(&self) -> Option<&'static Action>;
    fn region(&self) -> Option<&str>;
    fn secret_id(&self) -> Option<&str>;
    /// The account that it claims to be of.
    fn app_id(&self) -> Option<u64>;
    /// Reads what it was called with, for the two questions below.
    fn read_ahead(&self);
    /// Whether the InstanceId parameter (or one of InstanceIds) is this one.
    fn names_instance(&self, instance_id: &str) -> bool;
    /// Whether it sends at least these members.
    fn sends(&self, params: &Value) -> bool;
    /// The cloud's time.
    fn now(&self) -> Millis;
}

/// Under what a rule is kept: a call looks at those of its action, of its family, and for every call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scope {
    Action(&'static str),
    Family(&'static str),
    Any,
}

/// Whether calls of the action begin flows.
pub(crate) fn begins_flows(action: &Action) -> bool {
    LIFE.iter().any(|row| row.action == action.name)
}

/// Whether the action may answer the code.
pub(crate) fn may_answer(action: Option<&Action>, code: ErrorCode) -> bool {
    code.is_common() || action.is_some_and(|action| action.documents(code))
}

/// Whether a call of the rule's scope reaches it. `code` is the one that it answers.
pub(crate) fn is_reached(rule: &Fault, code: Option<ErrorCode>, call: &impl FaultTarget) -> bool {
    let same =
        |wanted: &Option<String>, found: Option<&str>| wanted.as_deref().is_none_or(|wanted| found == Some(wanted));
    let wanted = &rule.matches;
    let action = call.action();
    code.is_none_or(|code| may_answer(action, code))
        && (rule.then.flow.is_none() || action.is_some_and(begins_flows))
        && same(&wanted.region, call.region())
        && same(&wanted.secret_id, call.secret_id())
        && wanted.app_id.is_none_or(|app_id| call.app_id() == Some(app_id))
        && is_open(wanted, call)
        && wanted.instance_id.as_deref().is_none_or(|id| call.names_instance(id))
        && wanted.params.as_deref().is_none_or(|params| call.sends(params))
}

/// Whether the window of a rule is open.
fn is_open(wanted: &Match, call: &impl FaultTarget) -> bool {
    if wanted.from.is_none() && wanted.until.is_none() {
        return true;
    }
    let now = call.now();
    wanted.from.is_none_or(|from| from <= now) && wanted.until.is_none_or(|until| now < until)
}

/// Whether a rule strikes the call that reaches it as the so-manieth, from 1 on.
pub(crate) fn is_struck(rule: &Fault, number: u64, seed: u64) -> bool {
    let wanted = &rule.matches;
    if let Some(nth) = wanted.nth {
        return number == nth;
    }
    if let Some(every) = wanted.every {
        return number.is_multiple_of(every);
    }
    if let Some(sequence) = rule.sequence {
        let round = sequence.fail.saturating_add(sequence.pass);
        return (number - 1) % round < sequence.fail;
    }
    wanted
        .probability
        .is_none_or(|probability| share(drawn(seed, number, Draw::Strike)) < probability)
}

/// What is drawn for a call.
#[derive(Clone, Copy)]
pub(crate) enum Draw {
    Strike,
    Delay,
}

/// The number that is drawn for the call that reaches a rule as the so-manieth.
pub(crate) fn drawn(seed: u64, number: u64, what: Draw) -> u64 {
    let of = match what {
        Draw::Strike => 0,
        Draw::Delay => 1,
    };
    ids::drawn(seed, number.wrapping_mul(2).wrapping_add(of))
}

/// A number as a share of all numbers: 0 and more, below 1.
fn share(number: u64) -> f64 {
    const BITS: u32 = 53; // a double holds no more
    (number >> (u64::BITS - BITS)) as f64 / (1_u64 << BITS) as f64
}
