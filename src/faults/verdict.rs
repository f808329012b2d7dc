//! What a rule decides of one call. It is kept in the call, whose steps ask it; it does nothing itself.

use std::time::Duration;

use super::matching::{Draw, drawn};
use super::rule::{Delay, Fault, When};
use crate::answer::{self, Refused};
use crate::cloud::Fate;
use crate::contract::{Action, ErrorCode};

/// What a rule decides of a call.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// The rule.
    pub(crate) fault_id: u64,
    when: When,
    delay: Option<Duration>,
    /// The error that is answered.
    refused: Option<Refused>,
    /// Whether the action's own answer is replaced, cut or lost.
    spoils_the_answer: bool,
    /// What becomes of the flows that the call begins.
    pub(crate) fate: Fate,
    /// The status of HTTP.
    pub(crate) http_status: Option<u16>,
    /// What takes the place of the answer's body.
    pub(crate) body: Option<String>,
    pub(crate) cut: Option<Cut>,
}

/// Where an answer breaks off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Nothing of it comes.
    Dropped,
    /// So many bytes of its body come.
    After(usize),
}

impl Verdict {
    /// What the rule decides of a call of that action, which reached it as the so-manieth.
    pub(super) fn of(
        (id, rule, code): (u64, &Fault, Option<ErrorCode>),
        action: Option<&Action>,
        (number, seed): (u64, u64),
    ) -> Self {
        let then = &rule.then;
        let truncate = then.truncate.map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
        let dropped = then.drop.then_some(Cut::Dropped);
        Self {
            fault_id: id,
            when: rule.when,
            delay: then.delay.map(|delay| long(delay, drawn(seed, number, Draw::Delay))),
            refused: refused((id, rule, code), action),
            spoils_the_answer: then.spoils_the_answer(),
            fate: then.flow.unwrap_or_default(),
            http_status: then.http_status.and_then(|status| u16::try_from(status).ok()),
            body: then.body.clone(),
            cut: dropped.or(truncate.map(Cut::After)),
        }
    }

    /// How long the call waits before it is checked and carried out.
    pub(crate) fn delay_before(&self) -> Option<Duration> {
        self.delay.filter(|_| self.when == When::Before)
    }

    /// How long its answer waits.
    pub(crate) fn delay_after(&self) -> Option<Duration> {
        self.delay.filter(|_| self.when == When::After)
    }

    /// What is answered without carrying the call out.
    pub(crate) fn refused_before(&self) -> Option<&Refused> {
        self.refused.as_ref().filter(|_| self.when == When::Before)
    }

    /// What is answered after the call was carried out, whatever came of it.
    pub(crate) fn refused_after(&self) -> Option<&Refused> {
        self.refused.as_ref().filter(|_| self.when == When::After)
    }

    /// Whether the caller gets to see what the action answers.
    pub(crate) fn lets_see(&self) -> bool {
        !self.spoils_the_answer
    }
}

/// The error that a rule answers. Before the effect there must be one where the action's answer is not to come.
fn refused((id, rule, code): (u64, &Fault, Option<ErrorCode>), action: Option<&Action>) -> Option<Refused> {
    let code = match (code, rule.when) {
        (None, When::Before) if rule.then.spoils_the_answer() => ErrorCode::InternalError,
        (code, _) => code?,
    };
    let of = action.map_or("the call", |action| action.name);
    let message = rule.then.message.clone();
    let message = message.unwrap_or_else(|| format!("Fault rule {id} answers {of} with this code."));
    match action {
        Some(action) => answer::injected(action, code, Some(message)),
        None => Some(answer::common(code, message)),
    }
}

/// A time within a delay's bounds.
fn long(delay: Delay, drawn: u64) -> Duration {
    let wide = delay.most_ms.saturating_sub(delay.least_ms).saturating_add(1);
    Duration::from_millis(delay.least_ms + drawn % wide)
}
