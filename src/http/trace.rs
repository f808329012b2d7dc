//! A span and a count for every call, whatever becomes of it.
//!
//! Neither secrets nor signatures are ever logged: the span holds what the call was and what it came to.

use std::sync::Arc;

use tracing::field::Empty;
use tracing::{Span, debug_span};

use super::call::ApiCall;
use super::envelope::Answer;
use crate::accounts::Credential;
use crate::clock::Stopwatch;
use crate::contract::ActionId;
use crate::emulator::Emulator;
use crate::faults::Verdict;

/// What is logged and counted of a call, from its arrival to its answer.
pub(super) struct Trace<'r> {
    emulator: &'r Emulator,
    stopwatch: Stopwatch,
    pub(super) span: Span,
    /// The action that the call names, if there is such a one.
    action: Option<ActionId>,
    /// What a fault rule decides of the call.
    pub(super) verdict: Option<Arc<Verdict>>,
}

impl<'r> Trace<'r> {
    /// Begins with a call that has come whole.
    pub(super) fn of(call: &ApiCall<'r>) -> Self {
        let common = call.common();
        Self {
            emulator: call.emulator,
            stopwatch: Stopwatch::start(),
            span: debug_span!(
                "call",
                request_id = %call.request_id,
                action = common.action.as_deref().unwrap_or(""),
                region = common.region.as_deref().unwrap_or(""),
                account = Empty,
                fault = call.verdict.as_ref().map(|verdict| verdict.fault_id),
                code = Empty,
                micros = Empty,
            ),
            action: call.action.map(|action| action.id),
            verdict: call.verdict.clone(),
        }
    }

    /// Notes whose call it is.
    pub(super) fn caller(&self, caller: &Credential) {
        self.span.record("account", caller.app_id);
    }

    /// Counts the call, and notes what it came to.
    pub(super) fn answered(&self, answer: &Answer) {
        let took = self.stopwatch.elapsed();
        let code = answer.as_ref().err().map(|refused| refused.code.code());
        self.emulator.metrics.count(self.action, code, took);
        if self.span.is_disabled() {
            return;
        }
        self.span.record("code", code.map_or("", |code| code.as_str()));
        self.span
            .record("micros", u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        self.span.in_scope(|| tracing::debug!("answered"));
    }
}
