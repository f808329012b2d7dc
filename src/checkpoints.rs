//! Named states in memory: kept as they were, to be gone back to as often as wanted.
//!
//! A checkpoint is a world that nobody calls. Its instances and records are shared with the world that goes on, so it
//! costs little, however many there are.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cloud::Millis;
use crate::world::World;

/// So many are kept at most: each holds on to what has changed since.
pub(crate) const CHECKPOINTS_MAX: usize = 100;
/// The longest name.
const NAME_MAX: usize = 64;

/// All checkpoints, by name.
#[derive(Default)]
pub(crate) struct Checkpoints {
    kept: Mutex<BTreeMap<String, Arc<Checkpoint>>>,
}

/// A state as it was.
pub(crate) struct Checkpoint {
    pub(crate) name: String,
    /// The cloud's time then.
    pub(crate) now: Millis,
    pub(crate) accounts: usize,
    pub(crate) instances: usize,
    pub(crate) world: World,
}

/// As many as may be are kept already.
#[derive(Debug)]
pub(crate) struct Full;

/// Whether a checkpoint may be called so.
pub(crate) fn is_name(name: &str) -> bool {
    let may_stand = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=NAME_MAX).contains(&name.len()) && name.bytes().all(may_stand)
}

impl Checkpoints {
    /// Keeps a world under that name, in the place of an earlier one. Takes its time.
    pub(crate) fn keep(&self, name: &str, world: World) -> Result<Arc<Checkpoint>, Full> {
        let accounts = world.accounts.all();
        let checkpoint = Arc::new(Checkpoint {
            name: name.to_owned(),
            now: world.clock.now(),
            accounts: accounts.len(),
            instances: accounts.iter().map(|of| of.as_left().instances.len()).sum(),
            world,
        });
        let mut kept = self.lock();
        if kept.len() >= CHECKPOINTS_MAX && !kept.contains_key(name) {
            return Err(Full);
        }
        let old = kept.insert(name.to_owned(), Arc::clone(&checkpoint));
        drop(kept);
        drop(old);
        Ok(checkpoint)
    }

    /// The one of that name.
    pub(crate) fn get(&self, name: &str) -> Option<Arc<Checkpoint>> {
        self.lock().get(name).map(Arc::clone)
    }

    /// Takes the one of that name away; whether there was one. Takes its time.
    pub(crate) fn remove(&self, name: &str) -> bool {
        let removed = self.lock().remove(name);
        removed.is_some()
    }

    /// All of them, by name.
    pub(crate) fn all(&self) -> Vec<Arc<Checkpoint>> {
        self.lock().values().map(Arc::clone).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Checkpoint>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_plain() {
        for name in ["a", "before-upgrade_2.1", &"x".repeat(NAME_MAX)] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "a b", "a/b", "é", "a\n", &"x".repeat(NAME_MAX + 1)] {
            assert!(!is_name(name), "{name}");
        }
    }
}
