//! The frequency limit, as a tower layer.
//!
//! In each second of arrival the first N calls of one credential to one action through one access region pass; the rest
//! are refused, and go on being counted, so that the message names the true number of calls. An action that is refused
//! is never reached. Two further limits, over all of an account's and over all of an address's calls, are off unless
//! they are set.

use std::net::IpAddr;

use dashmap::DashMap;

use super::exchange::Exchange;
use super::{StepLayer, step};
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
pub(super) fn layer() -> StepLayer {
    step(limit)
}

/// All limits must pass; each counts the call, whatever the others say.
fn limit(exchange: &mut Exchange) -> Result<(), Refused> {
    let (action, caller) = (exchange.action(), exchange.caller());
    let counted = |key, limit: Option<u32>, code| match limit {
        None => Ok(()),
        Some(limit) => exchange
            .world
            .rate_limiter
            .count(key, exchange.arrived_at, limit)
            .map_err(|calls| exceeded(code, calls, limit)),
    };
    let config = &exchange.emulator.config;
    let address = exchange.received.peer.map_or(Ok(()), |peer| {
        counted(
            Key::Address(peer),
            config.address_limit,
            ErrorCode::RequestLimitExceededIPLimitExceeded,
        )
    });
    let account = counted(
        Key::Account(caller.app_id),
        config.account_limit,
        ErrorCode::RequestLimitExceededUinLimitExceeded,
    );
    let key = Key::Action {
        credential: caller.serial,
        action: action.id,
        access_region: exchange.access_region(),
    };
    let call = counted(key, config.calls_a_second(action), ErrorCode::RequestLimitExceeded);
    address.and(account).and(call)
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
