//! What is counted so that it stays within limits: the calls of a second, and the bytes of unfinished bodies.

use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use dashmap::DashMap;

use crate::cloud::Millis;
use crate::contract::ActionId;

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

/// The largest state that `PUT /_crs/state` takes: some hundred thousand instances.
pub(crate) const STATE_BYTES_MAX: usize = 256 << 20;
/// What all bodies that have not come whole may hold together: the largest one, and many others.
pub(crate) const UNFINISHED_BYTES_MAX: usize = STATE_BYTES_MAX + (64 << 20);

/// What all bodies that have not come whole may still hold together, in bytes.
pub(crate) struct Budget {
    left: AtomicUsize,
}

impl Default for Budget {
    fn default() -> Self {
        Self::of(UNFINISHED_BYTES_MAX)
    }
}

impl Budget {
    pub(crate) fn of(bytes: usize) -> Self {
        let left = AtomicUsize::new(bytes);
        Self { left }
    }

    /// Nothing of it yet, for one body.
    pub(crate) fn hold(&self) -> Held<'_> {
        Held { budget: self, bytes: 0 }
    }

    /// How many bytes are left.
    pub(crate) fn left(&self) -> usize {
        self.left.load(Ordering::Relaxed)
    }
}

/// What one body holds of the budget; given back when it is dropped.
pub(crate) struct Held<'b> {
    budget: &'b Budget,
    bytes: usize,
}

impl Held<'_> {
    /// Holds so many bytes more; `None`: so many are not left.
    pub(crate) fn grow(&mut self, bytes: usize) -> Option<()> {
        let less = |left: usize| left.checked_sub(bytes);
        self.budget
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .ok()?;
        self.bytes += bytes;
        Some(())
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.budget.left.fetch_add(self.bytes, Ordering::Relaxed);
    }
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
