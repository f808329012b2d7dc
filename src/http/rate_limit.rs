//! The frequency limit, as a tower layer.
//!
//! In each second of arrival the first N calls of one credential to one action through one access region pass; the rest
//! are refused, and go on being counted, so that the message names the true number of calls. An action that is refused
//! is never reached. Two further limits, over all of an account's and over all of an address's calls, are off unless
//! they are set.

use std::future::{Ready, ready};
use std::task::{Context, Poll};

use futures_util::future::Either;
use tower::{Layer, Service};

use super::call::Admitted;
use crate::answer::{self, Refused};
use crate::contract::ErrorCode;
use crate::limits::Key;

/// The layer that puts the limit before what it wraps.
#[derive(Clone, Copy)]
pub(super) struct RateLimitLayer;

impl<S> Layer<S> for RateLimitLayer {
    type Service = RateLimit<S>;

    fn layer(&self, inner: S) -> RateLimit<S> {
        RateLimit { inner }
    }
}

/// Lets calls on to the inner service, and refuses those that are too many.
#[derive(Clone, Copy)]
pub(super) struct RateLimit<S> {
    inner: S,
}

impl<'r, S> Service<Admitted<'r>> for RateLimit<S>
where
    S: Service<Admitted<'r>, Error = Refused>,
{
    type Response = S::Response;
    type Error = Refused;
    type Future = Either<Ready<Result<S::Response, Refused>>, S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Refused>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, call: Admitted<'r>) -> Self::Future {
        match limit(&call) {
            Ok(()) => Either::Right(self.inner.call(call)),
            Err(refused) => Either::Left(ready(Err(refused))),
        }
    }
}

/// All limits must pass; each counts the call, whatever the others say.
fn limit(call: &Admitted<'_>) -> Result<(), Refused> {
    let counted = |key, limit, code| {
        let counted = call.world.rate_limiter.count(key, call.arrived_at, limit);
        counted.map_err(|calls| exceeded(code, calls, limit))
    };
    let config = &call.emulator.config;
    let address = match (call.received.peer, config.address_limit) {
        (Some(peer), Some(limit)) => {
            let code = ErrorCode::RequestLimitExceededIPLimitExceeded;
            counted(Key::Address(peer), limit, code)
        }
        _ => Ok(()),
    };
    let account = config.account_limit.map_or(Ok(()), |limit| {
        let code = ErrorCode::RequestLimitExceededUinLimitExceeded;
        counted(Key::Account(call.caller.app_id), limit, code)
    });
    let limit = config.rate_limit.per_second(call.action, &call.emulator.assumed);
    let action = limit.map_or(Ok(()), |limit| {
        let key = Key::Action {
            credential: call.caller.serial,
            action: call.action.id,
            access_region: call.received.access_region(),
        };
        counted(key, limit, ErrorCode::RequestLimitExceeded)
    });
    address.and(account).and(action)
}

fn exceeded(code: ErrorCode, calls: u32, limit: u32) -> Refused {
    answer::common(
        code,
        format!(
            "Your current request times equals to `{calls}` in a second, which exceeds the \
             frequency limit `{limit}` for a second. Please reduce the frequency of calls."
        ),
    )
}
