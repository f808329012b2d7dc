//! The gateway: what every call passes through on its way to its action. [`admit`] is the list of checks before the
//! frequency limit and [`invocation`] of those behind it, each in order.

use std::future::{Future, Ready, ready};
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::Either;
use http::request::Parts;
use tower::{Service, ServiceBuilder, ServiceExt};
use tracing::Instrument;
use uuid::Uuid;

mod call;
mod checks;
#[cfg(feature = "console")]
mod console;
#[cfg(not(feature = "console"))]
#[path = "no_console.rs"]
mod console;
mod control;
mod door;
mod envelope;
#[cfg(not(feature = "internals"))]
mod form;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod form;
mod front;
mod headers;
mod host;
mod messages;
mod note;
mod parameters;
pub(crate) mod rate_limit;
pub(crate) mod receive;
mod received;
#[cfg(not(feature = "internals"))]
mod region;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod region;
pub mod serve;
#[cfg(not(feature = "internals"))]
mod signature;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod signature;
mod signed;
mod spoil;
#[cfg(feature = "tls")]
pub mod tls;
#[cfg(not(feature = "tls"))]
#[path = "no_tls.rs"]
pub mod tls;
mod trace;
mod tunnel;

pub use front::router;
pub(crate) use signed::{Call, HOST_IN_PROCESS, signed};

use crate::answer::{self, Refused};
use crate::clock::Stopwatch;
use crate::cloud::{Fate, Links};
use crate::contract::{Action, Writer};
use crate::emulator::Emulator;
use crate::faults::Verdict;
use crate::world::{Invocation, Outcome, World};
use call::{Admitted, ApiCall};
use door::Entry;
use envelope::Answer;
use messages::Language;
use note::Noted;
use rate_limit::{RateLimit, RateLimitLayer};
use received::Received;
use trace::Trace;

/// The checks before the frequency limit. Their order is what a caller sees: a call with several faults gets the code
/// of the first check that finds one.
fn admit<'r>(call: ApiCall<'r>, trace: &Trace<'r>, noted: &mut Noted<'r>) -> Result<Admitted<'r>, Refused> {
    checks::faults(&call)?; // injected errors
    checks::form(&call)?; // the parameters can be read
    let timestamp_s = checks::common_parameters(&call)?; // Action, Version, Timestamp … are there
    let action = checks::version_and_action(&call)?; // they exist
    checks::protocol(&call)?; // the content type goes with the signature
    checks::authorization(&call)?; // the Authorization header's syntax, service, date
    checks::expiry(&call, timestamp_s)?; // five minutes at most
    let caller = checks::secret_id(&call)?; // a known key, or a lenient emulator
    trace.caller(&caller.credential);
    noted.caller(&caller.credential);
    checks::signature(&call, &caller)?;
    checks::token(&call, &caller)?;
    let region = checks::region(&call, action)?; // known, with Redis, and reachable through this Host
    Ok(Admitted {
        emulator: call.emulator,
        world: call.world,
        request_id: call.request_id,
        arrived_at: call.arrived_at,
        received: call.received,
        language: call.language,
        action,
        caller: caller.credential,
        region,
        own: call.parameters.own,
        verdict: call.verdict,
    })
}

/// Takes a call through the checks before the frequency limit; unless a fault rule has it wait first.
fn begin<'r>(mut call: ApiCall<'r>, noted: &mut Noted<'r>) -> (Trace<'r>, Begun<'r>) {
    match call.world.strike(|faults| faults.strike(&call)) {
        Ok(verdict) => call.verdict = verdict,
        Err(_) => call.is_uncounted = true,
    }
    let trace = Trace::of(&call);
    noted.call(&call);
    let delay = call.verdict.as_ref().and_then(|verdict| verdict.delay_before());
    let begun = match delay {
        None => Begun::Now(admitted(call, &trace, noted)),
        Some(delay) => Begun::Later(Box::pin(async move {
            tokio::time::sleep(delay).await;
            call
        })),
    };
    (trace, begun)
}

fn admitted<'r>(call: ApiCall<'r>, trace: &Trace<'r>, noted: &mut Noted<'r>) -> Result<Admitted<'r>, Refused> {
    trace.span.in_scope(|| admit(call, trace, noted))
}

/// A call that has begun.
enum Begun<'r> {
    Now(Result<Admitted<'r>, Refused>),
    /// It is checked when this is over.
    Later(Pin<Box<dyn Future<Output = ApiCall<'r>> + Send + 'r>>),
}

/// What stands behind the frequency limit: the checks of what the action is called with, and the action.
#[derive(Clone, Copy)]
struct Actions;

impl<'r> Service<Admitted<'r>> for Actions {
    type Response = Writer;
    type Error = Refused;
    /// Only what has to wait needs a future of its own.
    type Future = Either<Ready<Answer>, Pin<Box<dyn Future<Output = Answer> + Send>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Refused>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut call: Admitted<'r>) -> Self::Future {
        let invocation = match invocation(&mut call) {
            Ok(invocation) => invocation,
            Err(refused) => return Either::Left(ready(Err(refused))),
        };
        let (action, language) = (call.action, call.language);
        match call.world.call(invocation) {
            Ok(outcome) => Either::Left(ready(answer_to(outcome, action, language))),
            Err(delayed) => {
                let world = Arc::clone(call.world);
                Either::Right(Box::pin(async move {
                    let outcome = world.call_later(delayed).await;
                    answer_to(outcome, action, language)
                }))
            }
        }
    }
}

/// The checks behind the limit, in order, and what the action is then called with.
fn invocation(call: &mut Admitted<'_>) -> Result<Invocation, Refused> {
    let own = std::mem::take(&mut call.own);
    let fields = checks::body(call.language, call.action, own)?; // members, their types, required ones
    checks::permission(call, &fields)?; // CAM
    let mut writer = envelope::open();
    let verdict = call.verdict.as_deref();
    writer.keep_fractions(!call.emulator.assumed.whole_floats_are_integers);
    Ok(Invocation {
        caller: Arc::clone(&call.caller),
        action: call.action,
        region: call.region,
        fields,
        fate: verdict.map_or(Fate::Succeeds, |verdict| verdict.fate),
        is_seen: verdict.is_none_or(Verdict::lets_see),
        writer,
        links: Box::new(Links {
            origin: call.received.entry.origin(),
            key: call.world.link_key,
        }),
    })
}

fn answer_to(outcome: Outcome, action: &Action, language: Language) -> Answer {
    match outcome {
        Outcome::Answered(writer) => Ok(writer),
        Outcome::Refused(refusal) => Err(answer::refused(action, &refusal)),
        Outcome::AccountGone => Err(messages::secret_id_not_found(language)),
        Outcome::Unrecorded => Err(messages::internal_error()),
    }
}

/// The one way of a call: read whole, checked, limited, carried out and put into its envelope.
#[derive(Clone)]
struct Gateway {
    limited: RateLimit<Actions>,
}

impl Gateway {
    fn new() -> Self {
        Self {
            limited: ServiceBuilder::new().layer(RateLimitLayer).service(Actions),
        }
    }

    /// Answers a call of the API: with the bytes of its envelope, and what a fault rule makes of them.
    async fn answer<B>(
        &self,
        emulator: &Emulator,
        head: &Parts,
        body: B,
        peer: Option<IpAddr>,
        entry: Entry<'_>,
    ) -> (Vec<u8>, Option<Arc<Verdict>>)
    where
        B: http_body::Body<Data = Bytes> + Unpin + Send + 'static,
    {
        let world = emulator.world();
        let request_id = world.next_request_id();
        let stopwatch = Stopwatch::start();
        // What never comes to the checks, or never comes back from them, is counted all the same.
        let count = |refused: Refused| {
            emulator
                .metrics
                .count(None, Some(refused.code.code()), stopwatch.elapsed());
            (Err(refused), None)
        };
        let (body, unread) = match receive::whole(emulator, &head.headers, body).await {
            Ok(body) => (body, None),
            Err(refused) => (Bytes::new(), Some(refused)),
        };
        let received = Received {
            head,
            body,
            peer,
            entry,
        };
        let mut noted = Noted::default();
        let (answer, verdict) = if let Some(refused) = unread {
            tracing::debug!(%request_id, code = refused.code.as_str(), "refused unread");
            noted.unread(&ApiCall::read(emulator, &world, request_id, &received));
            count(refused)
        } else {
            // A panic is a fault of ours; the caller still gets an envelope, and the others go on.
            AssertUnwindSafe(self.carry_out(emulator, &world, request_id, &received, &mut noted))
                .catch_unwind()
                .await
                .unwrap_or_else(|_| {
                    tracing::error!(%request_id, "a call panicked; it was answered InternalError");
                    count(messages::internal_error())
                })
        };
        noted.answered(emulator, &world, request_id, &answer, stopwatch);
        (envelope::close(answer, request_id), verdict)
    }

    /// Answers a call that has come whole.
    async fn carry_out<'r>(
        &self,
        emulator: &'r Emulator,
        world: &'r Arc<World>,
        request_id: Uuid,
        received: &'r Received<'r>,
        noted: &mut Noted<'r>,
    ) -> (Answer, Option<Arc<Verdict>>) {
        let (trace, begun) = begin(ApiCall::read(emulator, world, request_id, received), noted);
        let answer = match begun {
            Begun::Now(Ok(admitted)) => self.limited.oneshot(admitted).instrument(trace.span.clone()).await,
            Begun::Now(Err(refused)) => Err(refused),
            // In a box, so that a call that need not wait does not hold the room for it.
            Begun::Later(call) => Box::pin(self.carry_out_later(call, &trace, noted)).await,
        };
        let after = trace.verdict.as_ref().and_then(|verdict| verdict.refused_after());
        let answer = after.map_or(answer, |refused| Err(refused.clone()));
        let answer = match world.unsettled_server() {
            None => answer,
            Some(unsettled) => {
                let settled = unsettled.settle().await;
                settled.map_or_else(|_| Err(messages::internal_error()), |()| answer)
            }
        };
        trace.answered(&answer);
        (answer, trace.verdict)
    }

    async fn carry_out_later<'r>(
        &self,
        call: impl Future<Output = ApiCall<'r>> + Send,
        trace: &Trace<'r>,
        noted: &mut Noted<'r>,
    ) -> Answer {
        let admitted = admitted(call.await, trace, noted)?;
        self.limited.oneshot(admitted).instrument(trace.span.clone()).await
    }
}
