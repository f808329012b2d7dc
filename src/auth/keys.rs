//! Signing keys of TC3-HMAC-SHA256, kept so that a key is derived once a day.

use std::hash::{BuildHasher, RandomState};

use dashmap::DashMap;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub(crate) type HmacSha256 = Hmac<Sha256>;

/// The last part of every credential scope.
pub(crate) const TERMINATOR: &str = "tc3_request";

/// Signing keys that were derived before.
///
/// A key takes three HMACs to derive and depends on secret key, date and service only, so in practice one is derived a
/// day. Bounded: a caller may send any service it likes.
#[derive(Debug)]
pub struct KeyCache {
    hasher: RandomState,
    keys: DashMap<u64, DerivedKey>,
}

/// More than any honest set of credentials, services and dates of one process.
const KEYS_KEPT: usize = 256;
/// Longer services are derived each time and not kept.
const SERVICE_KEPT: usize = 64;

struct DerivedKey {
    secret_key: Box<str>,
    date: Box<str>,
    service: Box<str>,
    key: HmacSha256,
}

impl std::fmt::Debug for DerivedKey {
    /// A secret never reaches a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DerivedKey")
    }
}

impl Default for KeyCache {
    fn default() -> Self {
        KeyCache::new()
    }
}

impl KeyCache {
    /// An empty cache.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "how keys are spread shows in no answer")]
    pub fn new() -> Self {
        KeyCache {
            hasher: RandomState::new(),
            keys: DashMap::new(),
        }
    }

    /// The signing key of a secret key for a day and a service.
    pub(crate) fn signing_key(&self, secret_key: &str, date: &str, service: &str) -> HmacSha256 {
        if service.len() > SERVICE_KEPT {
            return derive(secret_key, date, service);
        }
        let place = self.hasher.hash_one((secret_key, date, service));
        if let Some(kept) = self.keys.get(&place) {
            // Two triples may share a hash: then the later one is simply derived each time.
            return if *kept.secret_key == *secret_key && *kept.date == *date && *kept.service == *service {
                kept.key.clone()
            } else {
                derive(secret_key, date, service)
            };
        }
        let key = derive(secret_key, date, service);
        if self.keys.len() >= KEYS_KEPT {
            self.keys.clear();
        }
        let kept = DerivedKey {
            secret_key: secret_key.into(),
            date: date.into(),
            service: service.into(),
            key: key.clone(),
        };
        self.keys.insert(place, kept);
        key
    }
}

/// The signing key, ready for use: HMACs of date, service and terminator, each keyed by the last.
fn derive(secret_key: &str, date: &str, service: &str) -> HmacSha256 {
    let mut first = keyed("TC3".as_bytes(), secret_key.as_bytes());
    first.update(date.as_bytes());
    let mut key: [u8; 32] = first.finalize().into_bytes().into();
    for step in [service, TERMINATOR] {
        let mut mac = keyed(&key, b"");
        mac.update(step.as_bytes());
        key = mac.finalize().into_bytes().into();
    }
    keyed(&key, b"")
}

/// An HMAC keyed by the two pieces joined. Any length is a valid key.
fn keyed(head: &[u8], tail: &[u8]) -> HmacSha256 {
    let joined;
    let key = if tail.is_empty() {
        head
    } else {
        joined = [head, tail].concat();
        &joined
    };
    <HmacSha256 as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_cache_is_bounded() {
        let keys = KeyCache::new();
        for n in 0..2_000 {
            keys.signing_key("key", "2019-02-25", &format!("service-{n}"));
        }
        assert!(keys.keys.len() <= KEYS_KEPT);
        let before = keys.keys.len();
        keys.signing_key("key", "2019-02-25", &"x".repeat(SERVICE_KEPT + 1));
        assert_eq!(keys.keys.len(), before);
    }
}
