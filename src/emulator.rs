//! The shell around the world: what outlasts a reset, and the swap from one world to the next.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::accounts::NewAccount;
use crate::auth::keys::KeyCache;
use crate::checkpoints::{Checkpoint, Checkpoints, Full};
use crate::clock::{Clock, Wall};
use crate::cloud::{Assumed, Millis};
use crate::config::{Auth, Config};
use crate::events::{Event, Events};
use crate::fixture::{Fixture, FixtureFault, Snapshot};
use crate::limits::Budget;
use crate::metrics::Metrics;
use crate::places::Places;
use crate::store::Unrecorded;
use crate::world::World;
use keep::{Keep, Started};
use place::{Place, place, present, swap, world_of};

mod keep;
mod making;
mod place;
mod settings;

pub(crate) use making::Unmade;

/// A whole emulated service, ready to be served.
///
/// Its state is one world, which a reset and `PUT /_crs/state` replace in one swap. In it every account has a cloud of
/// its own behind a reader-writer lock; a call brings the one it is for up to the present, acts, and is done. Nothing
/// else changes a cloud and nothing waits for one.
pub struct Emulator {
    /// What it was started with.
    pub config: Config,
    /// What it assumes, by its configuration.
    pub(crate) assumed: Assumed,
    /// Real time, by which signatures and the rate limit are judged.
    pub clock: Clock,
    pub(crate) signing_keys: KeyCache,
    /// Counts since the start, over all worlds.
    pub(crate) metrics: Metrics,
    /// What happens, for those who listen, over all worlds.
    pub(crate) events: Arc<Events>,
    /// What the bodies that have not come whole may hold.
    pub(crate) bodies: Budget,
    pub(crate) places: Places,
    foreign_warned: AtomicBool,
    /// The certificate of the CA that `--tls` made, as PEM.
    pub(crate) ca_pem: RwLock<Option<String>>,
    /// They outlast a reset.
    pub(crate) checkpoints: Checkpoints,
    world: Place,
    seed: u64,
    seed_state: Fixture,
    /// What accounts that are made are like.
    first: Mutex<Option<Arc<First>>>,
    /// What keeps the state over restarts, if anything does.
    keep: Option<Arc<Keep>>,
}

/// The first account of what the emulator was started with, and the cloud's time at which it was built.
struct First {
    at: Millis,
    account: NewAccount,
}

/// Why the state was not replaced. Nothing has changed.
#[derive(Debug)]
pub enum NotReplaced {
    /// The rules that the fixture breaks.
    Fixture(Vec<FixtureFault>),
    /// It could not be kept.
    Unrecorded(Unrecorded),
}

impl From<Vec<FixtureFault>> for NotReplaced {
    fn from(faults: Vec<FixtureFault>) -> Self {
        Self::Fixture(faults)
    }
}

impl Emulator {
    /// An emulator whose seed state is this fixture, unless the folder of its configuration holds a state. `Err` holds
    /// every rule that the fixture breaks, or why the folder cannot be used.
    pub fn new(config: Config, fixture: Fixture) -> Result<Self, Vec<FixtureFault>> {
        Self::with_wall(config, fixture, None)
    }

    /// As [`Emulator::new`], with real time read from `wall`, for tests of time itself.
    pub fn with_wall(config: Config, fixture: Fixture, wall: Option<Wall>) -> Result<Self, Vec<FixtureFault>> {
        #[expect(clippy::disallowed_methods, reason = "without --seed each run is to differ")]
        let seed = config.seed.unwrap_or_else(|| RandomState::new().hash_one("seed"));
        let clock = Clock::new(wall);
        let Started {
            world,
            seed,
            seeds: seed_state,
            keep,
        } = match &config.state {
            None => Started {
                world: place(world_of(&fixture, &config, seed, &clock)?),
                seed,
                seeds: fixture,
                keep: None,
            },
            Some(folder) => Keep::start(folder, &config, fixture, seed, &clock)?,
        };
        Ok(Self {
            assumed: config.assumed(),
            config,
            clock,
            signing_keys: KeyCache::default(),
            metrics: Metrics::default(),
            events: Arc::default(),
            bodies: Budget::default(),
            places: Places::default(),
            foreign_warned: AtomicBool::new(false),
            ca_pem: RwLock::new(None),
            checkpoints: Checkpoints::default(),
            world,
            seed,
            seed_state,
            first: Mutex::default(),
            keep,
        })
    }

    /// Back to the seed state: instances, deals, faults, the clock, the journal and the RequestIds to come. Takes its
    /// time.
    pub fn reset(&self) -> Result<(), NotReplaced> {
        let world = world_of(&self.seed_state, &self.config, self.seed, &self.clock)?;
        self.replace(world, "reset")
    }

    /// Takes this fixture for the whole state. A fixture with a fault changes nothing; calls that have arrived end on
    /// the state that they found. Takes its time.
    pub fn put(&self, fixture: &Fixture) -> Result<(), NotReplaced> {
        let world = world_of(fixture, &self.config, self.seed, &self.clock)?;
        self.replace(world, "put")
    }

    /// Keeps the whole state under that name, in the place of an earlier one. Takes its time.
    pub(crate) fn keep(&self, name: &str) -> Result<Arc<Checkpoint>, Full> {
        self.checkpoints.keep(name, self.world().picture())
    }

    /// Takes the state kept under that name for the whole state, if there is one; it stays kept. Calls that have
    /// arrived end on the state that they found. Takes its time.
    pub(crate) fn restore(&self, name: &str) -> Result<Option<Arc<Checkpoint>>, NotReplaced> {
        let Some(kept) = self.checkpoints.get(name) else {
            return Ok(None);
        };
        self.replace(kept.world.as_left(), "restore")?;
        Ok(Some(kept))
    }

    /// Puts a world into the place of the one that is; `by` says how it came to that.
    fn replace(&self, world: World, by: &'static str) -> Result<(), NotReplaced> {
        match &self.keep {
            None => swap(&self.world, world),
            Some(keep) => keep.replace(world).map_err(NotReplaced::Unrecorded)?,
        }
        self.events.tell(Event::Replaced(by));
        Ok(())
    }

    /// Leaves a snapshot where the state is kept, so that the next start has nothing to do again. To be called at the
    /// end, when no call is on its way any more. Takes its time.
    pub fn close(&self) -> Result<(), Unrecorded> {
        self.keep.as_ref().map_or(Ok(()), |keep| keep.close())
    }

    /// The whole state as a fixture that [`Emulator::put`] takes. Takes its time.
    pub fn state(&self) -> Snapshot {
        self.world().state()
    }

    /// The first SecretId and SecretKey of the default account, which is the first of the state.
    #[must_use]
    pub fn key_pair(&self) -> (String, String) {
        self.world().key_pair()
    }

    /// The cloud of each account, by AppId, up to date, and the moment of each: for this project's own tests.
    #[cfg(feature = "internals")]
    #[doc(hidden)]
    pub fn clouds(&self) -> Vec<(u64, crate::cloud::Cloud, Millis)> {
        let accounts = self.world().accounts.all();
        let cloud = |account: &Arc<crate::accounts::Account>| {
            let (cloud, now) = account.picture();
            (account.app_id, cloud, now)
        };
        accounts.iter().map(cloud).collect()
    }

    /// The world as it is now, to be kept for the whole of a call.
    pub(crate) fn world(&self) -> Arc<World> {
        present(&self.world)
    }

    /// Whether callers without a known SecretId are let in.
    pub(crate) fn is_lenient(&self) -> bool {
        self.config.auth == Auth::Lenient
    }

    /// Counts and logs that a caller was let in whom a strict emulator would refuse; the first is said aloud, so that
    /// nobody takes a check that was passed by for one that was passed.
    pub(crate) fn note_bypass(&self, secret_id: Option<&str>) {
        let secret_id = secret_id.unwrap_or("none");
        if self.metrics.count_bypass() {
            tracing::warn!(
                secret_id,
                "a call without a known SecretId was taken for the default account's, its \
                 signature unchecked; --auth strict refuses such calls (said once; \
                 /_crs/health counts them)"
            );
        } else {
            tracing::debug!(secret_id, "taken for the default account's");
        }
    }

    /// Logs that a caller was refused for the name it came by; the first is said aloud, because who it is will wonder,
    /// and otherwise somebody tries it.
    pub(crate) fn note_foreign(&self, secret_id: Option<&str>, host: &str) {
        let secret_id = secret_id.unwrap_or("none");
        if self.foreign_warned.swap(true, Ordering::Relaxed) {
            tracing::debug!(secret_id, host, "refused for the name it came by");
        } else {
            tracing::warn!(
                secret_id,
                host,
                "a call without a key pair of its own was refused, since anybody may have pointed \
                 this name here; --allow-host and the name let such calls in (said once)"
            );
        }
    }

    pub(crate) fn ca_pem(&self) -> Option<String> {
        self.ca_pem.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
