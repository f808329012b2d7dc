//! A span and a count for every call, whatever becomes of it.
//!
//! Neither secrets nor signatures are ever logged: the span holds what the call was and what it came to.

use tracing::field::Empty;
use tracing::{Span, debug_span};

use super::call::ApiCall;
use crate::accounts::Credential;
use crate::answer::Refused;
use crate::clock::Stopwatch;
use crate::contract::{Action, Writer};
use crate::emulator::Emulator;

/// The span of a call.
pub(super) fn span(call: &ApiCall<'_>) -> Span {
    let common = call.common();
    debug_span!(
        "call",
        request_id = %call.request_id,
        action = common.action.as_deref().unwrap_or(""),
        region = common.region.as_deref().unwrap_or(""),
        account = Empty,
        code = Empty,
        micros = Empty,
    )
}

/// Notes whose call it is.
pub(super) fn caller(span: &Span, caller: &Credential) {
    span.record("account", caller.app_id);
}

/// Counts a call to an action, if it named one that exists, and notes what it came to.
pub(super) fn answered(
    span: &Span,
    emulator: &Emulator,
    action: Option<&'static Action>,
    answer: &Result<Writer, Refused>,
    stopwatch: Stopwatch,
) {
    let took = stopwatch.elapsed();
    let code = answer.as_ref().err().map(|refused| refused.code.code());
    emulator.metrics.count(action, code, took);
    if span.is_disabled() {
        return;
    }
    span.record("code", code.map_or("", |code| code.as_str()));
    span.record("micros", u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    span.in_scope(|| tracing::debug!("answered"));
}
