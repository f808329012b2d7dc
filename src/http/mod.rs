//! The gateway: what every call passes through on its way to its action. [`layers`] is the whole of it, in order.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::Either;
use http::Request;
use tower::{Layer, Service, ServiceBuilder, ServiceExt};

mod checks;
mod control;
mod door;
mod envelope;
mod exchange;
#[doc(hidden)]
pub mod form;
mod front;
mod host;
mod messages;
pub(crate) mod metrics;
mod parameters;
#[doc(hidden)]
pub mod permission;
pub(crate) mod places;
pub(crate) mod rate_limit;
pub(crate) mod receive;
#[doc(hidden)]
pub mod region;
pub mod serve;
#[doc(hidden)]
pub mod signature;
pub mod tls;
mod trace;
mod tunnel;

use crate::answer::Refused;
use crate::clock::Stopwatch;
use crate::emulator::Emulator;
use crate::world::{Asked, Called};
use door::{Reach, Scheme};
use exchange::{Answer, Exchange};
use front::Front;

/// The layers of a call, outermost first. The order is the order of checks: a call with several faults gets the code of
/// the first layer that finds one.
fn layers() -> impl Service<Box<Exchange>, Response = Box<Exchange>, Error = Infallible, Future: Send> {
    ServiceBuilder::new()
        .layer(trace::layer()) // one span and one count for every call, whatever becomes of it
        .layer(step(faults)) // injected errors
        .layer(step(checks::form)) // the parameters can be read
        .layer(step(checks::common_parameters)) // Action, Version, Timestamp … are there
        .layer(step(checks::version_and_action)) // they exist
        .layer(step(checks::protocol)) // the content type goes with the signature
        .layer(step(checks::authorization)) // the Authorization header's syntax, service, date
        .layer(step(checks::expiry)) // five minutes at most
        .layer(step(checks::secret_id)) // a known key, or a lenient emulator
        .layer(step(checks::signature))
        .layer(step(checks::token))
        .layer(step(checks::region)) // known, with Redis, and reachable through this Host
        .layer(rate_limit::layer()) // calls a second
        .layer(step(checks::body)) // members, their types, required ones
        .layer(step(checks::permission)) // CAM
        .service(tower::service_fn(act)) // the action
}

/// Everything this emulator answers, as an axum router: for a test that needs no socket, or to be mounted in a server
/// of one's own.
pub fn router(emulator: Arc<Emulator>) -> Router {
    let front = Front::new(emulator);
    Router::new().fallback(async move |request: axum::extract::Request| {
        front.answer(request, None, Scheme::Http).await.map(Body::new)
    })
}

/// Answers a call of the API.
async fn api<B>(emulator: Arc<Emulator>, request: Request<B>, peer: Option<IpAddr>, reach: Reach) -> Vec<u8>
where
    B: http_body::Body<Data = Bytes> + Unpin + Send + 'static,
{
    let world = emulator.world();
    let request_id = world.next_request_id();
    let stopwatch = Stopwatch::start();
    let shell = Arc::clone(&emulator);
    // What never comes to the layers, or never comes back from them, is counted all the same.
    let refuse = |refused: &Refused| {
        let code = refused.code.code();
        shell.metrics.count(None, Some(code), stopwatch.elapsed());
        envelope::refusal(refused, request_id)
    };
    match receive::whole(&emulator, request, peer, reach).await {
        Err(refused) => {
            tracing::debug!(%request_id, code = refused.code.as_str(), "refused unread");
            refuse(&refused)
        }
        Ok(received) => {
            let answered = async {
                let exchange = Exchange::new(emulator, world, request_id, received);
                let Ok(exchange) = layers().oneshot(exchange).await;
                exchange
            };
            // A panic is a fault of ours; the caller still gets an envelope, and the others go on.
            match AssertUnwindSafe(answered).catch_unwind().await {
                Ok(exchange) => conclude(*exchange),
                Err(_) => {
                    tracing::error!(%request_id, "a call panicked; it was answered InternalError");
                    refuse(&messages::internal_error())
                }
            }
        }
    }
}

fn conclude(exchange: Exchange) -> Vec<u8> {
    match exchange.answer {
        Some(Answer::Given(writer)) => envelope::close(writer, exchange.request_id),
        Some(Answer::Refused(refused)) => envelope::refusal(&refused, exchange.request_id),
        None => envelope::refusal(&messages::internal_error(), exchange.request_id),
    }
}

/// Strikes the call with the first fault rule that matches it.
fn faults(exchange: &mut Exchange) -> Result<(), Refused> {
    exchange.world.faults.strike(exchange).map_or(Ok(()), Err)
}

/// The innermost service: performs the action. Only what has to wait needs a future of its own.
fn act(mut exchange: Box<Exchange>) -> Either<Ready<Performed>, Pin<Box<dyn Future<Output = Performed> + Send>>> {
    // The layer before has checked them; an action without any is called with none.
    let Some(fields) = exchange.fields.take() else {
        return Either::Left(ready(Ok(exchange)));
    };
    let mut writer = envelope::open();
    writer.keep_fractions(!exchange.emulator.config.assumed().whole_floats_are_integers);
    let asked = Asked {
        app_id: exchange.caller().app_id,
        action: exchange.action(),
        region: exchange.region(),
        fields,
        writer,
    };
    match exchange.world.call(asked) {
        Ok(called) => Either::Left(ready(Ok(answered(exchange, called)))),
        Err(delayed) => Either::Right(Box::pin(async move {
            let called = exchange.world.call_later(delayed).await;
            Ok(answered(exchange, called))
        })),
    }
}

type Performed = Result<Box<Exchange>, Infallible>;

fn answered(mut exchange: Box<Exchange>, called: Called) -> Box<Exchange> {
    let action = exchange.action();
    exchange.answer = Some(match called {
        Called::Answered(writer) => Answer::Given(writer),
        Called::Refused(refusal) => Answer::Refused(crate::answer::refused(action, &refusal)),
        Called::Missing => Answer::Refused(messages::action_offline(action.name)),
        Called::AccountGone => Answer::Refused(messages::secret_id_not_found(exchange.language)),
    });
    exchange
}

/// A check as a tower layer: it lets the call on or answers it with a refusal.
type Check = fn(&mut Exchange) -> Result<(), Refused>;

fn step(check: Check) -> StepLayer {
    StepLayer { check }
}

#[derive(Clone, Copy)]
struct StepLayer {
    check: Check,
}

impl<S> Layer<S> for StepLayer {
    type Service = Step<S>;

    fn layer(&self, inner: S) -> Step<S> {
        Step {
            check: self.check,
            inner,
        }
    }
}

#[derive(Clone)]
struct Step<S> {
    check: Check,
    inner: S,
}

impl<S> Service<Box<Exchange>> for Step<S>
where
    S: Service<Box<Exchange>, Response = Box<Exchange>, Error = Infallible>,
{
    type Response = Box<Exchange>;
    type Error = Infallible;
    type Future = Either<Ready<Result<Box<Exchange>, Infallible>>, S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut exchange: Box<Exchange>) -> Self::Future {
        match (self.check)(&mut exchange) {
            Ok(()) => Either::Right(self.inner.call(exchange)),
            Err(refused) => {
                exchange.refuse(refused);
                Either::Left(ready(Ok(exchange)))
            }
        }
    }
}
