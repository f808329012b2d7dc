//! The frequency limit, as a tower layer.
//!
//! In each second of arrival the first N calls of one credential to one action through one access region pass; the rest
//! are refused, and go on being counted, so that the message names the true number of calls. An action that is refused
//! is never reached. Two further limits, over all of an account's and over all of an address's calls, are off unless
//! they are set.

use std::future::{Ready, ready};
use std::net::IpAddr;
use std::task::{Context, Poll};

use dashmap::DashMap;
use futures_util::future::Either;
use tower::{Layer, Service};

use super::call::Admitted;
use crate::answer::{self, Refused};
use crate::cloud::Millis;
use crate::contract::{ActionId, ErrorCode};

/// Past this many windows, those of earlier seconds are dropped before one is added.
const WINDOWS_MAX: usize = 4_096;

/// Whose calls are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// A credential's calls to one action through one access region ("" without a regional host).
    Action {
        credential: u64,
        action: ActionId,
        access_region: &'static str,
    },
    /// All calls of an account.
    Account(u64),
    /// All calls from an address.
    Address(IpAddr),
}

#[derive(Clone, Copy, Debug)]
struct Window {
    second: i64,
    calls: u32,
}

/// The calls of the running second, by [`Key`].
#[derive(Debug, Default)]
pub(crate) struct RateLimiter {
    windows: DashMap<Key, Window>,
}

impl RateLimiter {
    /// Counts a call that arrived at `now` (real time). `Err` holds how many calls of this second that makes, when it
    /// is more than `limit`.
    pub(crate) fn count(&self, key: Key, now: Millis, limit: u32) -> Result<(), u32> {
        let second = now.div_euclid(1_000);
        if self.windows.len() >= WINDOWS_MAX {
            self.windows.retain(|_, window| window.second == second);
        }
        let mut window = self.windows.entry(key).or_insert(Window { second, calls: 0 });
        if window.second != second {
            *window = Window { second, calls: 0 };
        }
        window.calls = window.calls.saturating_add(1);
        if window.calls > limit {
            Err(window.calls)
        } else {
            Ok(())
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn key(credential: u64, access_region: &'static str) -> Key {
        Key::Action {
            credential,
            action: ActionId::UpgradeInstance,
            access_region,
        }
    }

    #[test]
    fn the_first_calls_of_each_second_pass_and_the_count_is_true() {
        let limiter = RateLimiter::default();
        for _ in 0..20 {
            assert_eq!(limiter.count(key(1, ""), 5_000, 20), Ok(()));
        }
        assert_eq!(limiter.count(key(1, ""), 5_400, 20), Err(21));
        assert_eq!(limiter.count(key(1, ""), 5_999, 20), Err(22));
        assert_eq!(limiter.count(key(1, ""), 6_000, 20), Ok(()));
    }

    #[test]
    fn another_credential_action_or_access_region_has_its_own_count() {
        let limiter = RateLimiter::default();
        assert_eq!(limiter.count(key(1, ""), 0, 1), Ok(()));
        assert_eq!(limiter.count(key(1, ""), 0, 1), Err(2));
        assert_eq!(limiter.count(key(2, ""), 0, 1), Ok(()));
        assert_eq!(limiter.count(key(1, "ap-shanghai"), 0, 1), Ok(()));
        let other = Key::Action {
            credential: 1,
            action: ActionId::DescribeInstances,
            access_region: "",
        };
        assert_eq!(limiter.count(other, 0, 1), Ok(()));
    }

    #[test]
    fn windows_of_earlier_seconds_do_not_pile_up() {
        let limiter = RateLimiter::default();
        for credential in 0..100_000 {
            let now = Millis::try_from(credential).unwrap();
            assert_eq!(limiter.count(key(credential, ""), now, 1), Ok(()));
        }
        assert!(
            limiter.windows.len() <= WINDOWS_MAX + 1_000,
            "{}",
            limiter.windows.len()
        );
    }
}
