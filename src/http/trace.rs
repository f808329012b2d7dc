//! The outermost layer: a span and a count for every call, whatever becomes of it.
//!
//! Neither secrets nor signatures are ever logged: the span holds what the call was and what it came to.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tower::{Layer, Service};
use tracing::{Span, debug_span};

use super::exchange::{Answer, Common, Exchange};
use crate::contract;

pub(super) fn layer() -> TraceLayer {
    TraceLayer
}

#[derive(Clone, Copy)]
pub(super) struct TraceLayer;

impl<S> Layer<S> for TraceLayer {
    type Service = Trace<S>;

    fn layer(&self, inner: S) -> Trace<S> {
        Trace { inner }
    }
}

#[derive(Clone)]
pub(super) struct Trace<S> {
    inner: S,
}

impl<S> Service<Box<Exchange>> for Trace<S>
where
    S: Service<Box<Exchange>, Response = Box<Exchange>, Error = Infallible>,
    S::Future: Unpin,
{
    type Response = Box<Exchange>;
    type Error = Infallible;
    type Future = Traced<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, exchange: Box<Exchange>) -> Traced<S::Future> {
        let span = debug_span!(
            "call",
            request_id = %exchange.request_id,
            action = exchange.common(Common::Action).unwrap_or(""),
            region = exchange.common(Common::Region).unwrap_or(""),
            account = tracing::field::Empty,
            code = tracing::field::Empty,
            micros = tracing::field::Empty,
        );
        let inner = span.in_scope(|| self.inner.call(exchange));
        Traced { inner, span }
    }
}

/// The future of a traced call.
pub(super) struct Traced<F> {
    inner: F,
    span: Span,
}

impl<F> Future for Traced<F>
where
    F: Future<Output = Result<Box<Exchange>, Infallible>> + Unpin,
{
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        let entered = this.span.enter();
        let Ok(exchange) = ready!(Pin::new(&mut this.inner).poll(cx));
        record(&this.span, &exchange);
        drop(entered);
        Poll::Ready(Ok(exchange))
    }
}

fn record(span: &Span, exchange: &Exchange) {
    let took = exchange.stopwatch.elapsed();
    let code = match &exchange.answer {
        Some(Answer::Refused(refused)) => Some(refused.code.code()),
        _ => None,
    };
    // A call that a fault rule or an earlier layer ended has not come to the look-up of its action.
    let named = || {
        let version = exchange.common(Common::Version)?;
        contract::find(exchange.common(Common::Action)?, version)
    };
    let action = exchange.action.or_else(named);
    exchange.emulator.metrics.count(action, code, took);
    if span.is_disabled() {
        return;
    }
    if let Some(caller) = &exchange.caller {
        span.record("account", caller.app_id);
    }
    span.record("code", code.map_or("", |code| code.as_str()));
    span.record("micros", u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    tracing::debug!("answered");
}
