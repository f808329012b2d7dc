//! The shell around the pure cloud: accounts, clock, faults, counts, and the one way to call an
//! action.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use uuid::Uuid;

use crate::accounts::{self, Accounts, Credential};
use crate::clock::{Clock, CloudTime, Wall};
use crate::cloud::{self, Call, Millis, Refusal, Region, Settings, Tag, ids};
use crate::config::{self, Auth, Config};
use crate::contract::{self, Action, Fields, FlowUse, Writer};
use crate::faults::Faults;
use crate::fixture::{Fixture, FixtureFault};
use crate::http::metrics::Metrics;
use crate::http::rate_limit::RateLimiter;
use crate::http::signature::tc3::KeyCache;

/// A whole emulated service, ready to be served.
///
/// Every account has a cloud of its own behind a mutex; a call locks the one it is for, brings it
/// up to the present, acts, and unlocks. Nothing else changes a cloud and nothing waits for one.
pub struct Emulator {
    /// What it was started with.
    pub config: Config,
    /// Real time and the cloud's.
    pub clock: Clock,
    pub(crate) accounts: Accounts,
    pub(crate) faults: Faults,
    pub(crate) rate_limiter: RateLimiter,
    pub(crate) signing_keys: KeyCache,
    pub(crate) metrics: Metrics,
    /// The certificate of the CA that `--tls` made, as PEM.
    pub(crate) ca_pem: RwLock<Option<String>>,
    seed: u64,
    seed_state: Fixture,
    request_ids: AtomicU64,
    credential_serials: AtomicU64,
}

/// What calling an action came to.
pub(crate) enum Called {
    /// It has answered; its members are in the writer.
    Answered,
    /// It has refused.
    Refused(Refusal),
    /// It has no behaviour yet.
    Missing,
    /// Its account has been ended since the caller was recognised.
    AccountGone,
}

impl Emulator {
    /// An emulator whose seed state is this fixture. `Err` holds every rule that the fixture breaks.
    pub fn new(config: Config, fixture: Fixture) -> Result<Self, Vec<FixtureFault>> {
        Self::with_wall(config, fixture, None)
    }

    /// As [`Emulator::new`], with real time read from `wall`, for tests of time itself.
    pub fn with_wall(
        config: Config,
        fixture: Fixture,
        wall: Option<Wall>,
    ) -> Result<Self, Vec<FixtureFault>> {
        let seed = config
            .seed
            .unwrap_or_else(|| RandomState::new().hash_one("seed"));
        let emulator = Self {
            config,
            clock: Clock::new(wall),
            accounts: Accounts::default(),
            faults: Faults::default(),
            rate_limiter: RateLimiter::default(),
            signing_keys: KeyCache::default(),
            metrics: Metrics::default(),
            ca_pem: RwLock::new(None),
            seed,
            seed_state: fixture,
            request_ids: AtomicU64::new(0),
            credential_serials: AtomicU64::new(1),
        };
        emulator.put(&emulator.seed_state)?;
        Ok(emulator)
    }

    /// Back to the seed state: instances, deals, faults, the clock and the RequestIds to come.
    pub fn reset(&self) -> Result<(), Vec<FixtureFault>> {
        self.put(&self.seed_state)
    }

    /// Takes this fixture for the whole state. A fixture with a fault changes nothing.
    pub fn put(&self, fixture: &Fixture) -> Result<(), Vec<FixtureFault>> {
        let time = fixture.cloud_time();
        let now = match time {
            Some(CloudTime::Manual { now }) => now,
            Some(CloudTime::Real { ahead_ms }) => self.clock.real_now().saturating_add(ahead_ms),
            None => self.clock.real_now(),
        };
        let loaded = fixture.build(self.settings(), self.seed, now, || {
            self.credential_serials.fetch_add(1, Ordering::Relaxed)
        })?;
        if !self.is_lenient() && !loaded.warnings.is_empty() {
            return Err(loaded.warnings);
        }
        for warning in &loaded.warnings {
            tracing::warn!("{warning}");
        }
        self.clock
            .set_cloud_time(time.unwrap_or(CloudTime::Real { ahead_ms: 0 }));
        self.accounts.replace(loaded.accounts);
        self.faults.clear();
        for fault in loaded.faults {
            // `build` has checked them; a rule that does not hold cannot be here.
            let added = self.faults.add(fault);
            debug_assert!(added.is_ok(), "{added:?}");
        }
        self.rate_limiter.clear();
        self.request_ids.store(fixture.calls(), Ordering::Relaxed);
        Ok(())
    }

    /// The whole state as a fixture that [`Emulator::put`] takes.
    pub fn state(&self) -> Fixture {
        self.advance_all();
        Fixture::of(
            &self.accounts,
            self.faults.dump(),
            self.clock.cloud_time(),
            self.request_ids.load(Ordering::Relaxed),
        )
    }

    /// A RequestId: the next of those that follow from the seed.
    pub(crate) fn next_request_id(&self) -> Uuid {
        let serial = self.request_ids.fetch_add(1, Ordering::Relaxed);
        let bytes = ids::request_id(self.seed, serial).to_be_bytes();
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// Calls an action as an account, now.
    pub(crate) fn call(
        &self,
        caller: &Credential,
        action: &Action,
        region: &'static Region,
        fields: Fields,
        writer: &mut Writer,
    ) -> Called {
        let Some(cloud) = self.accounts.cloud(caller.app_id) else {
            return Called::AccountGone;
        };
        let mut cloud = accounts::lock(&cloud);
        let now = self.clock.cloud_now();
        cloud.advance(now);
        if action.flows == FlowUse::Ends {
            cloud.end_unseen(&action.named_instances(&fields), now);
        }
        let call = Call::new(now, region);
        let answered = contract::dispatch(action.id, &mut cloud, &call, fields, writer);
        if let Some(Ok(())) = answered {
            cloud.note_shown(&call.shown.take());
        }
        match answered {
            None => Called::Missing,
            Some(Ok(())) => Called::Answered,
            Some(Err(refusal)) => Called::Refused(refusal),
        }
    }

    /// A hand sets the cloud's clock: where that moves it on, what is due by then counts as seen.
    pub(crate) fn set_clock(&self, set: impl FnOnce(&Clock)) {
        let before = self.clock.cloud_now();
        set(&self.clock);
        let now = self.clock.cloud_now();
        for (_, cloud) in self.accounts.clouds() {
            let mut cloud = accounts::lock(&cloud);
            if now > before {
                cloud.advance_by_hand(now);
            } else {
                cloud.advance(now);
            }
        }
    }

    /// The cloud's time, at which every account's cloud has been brought up to date.
    pub(crate) fn advance_all(&self) -> Millis {
        let now = self.clock.cloud_now();
        for (_, cloud) in self.accounts.clouds() {
            accounts::lock(&cloud).advance(now);
        }
        now
    }

    /// The tags of each of these instances of an account; none for one that is not there.
    pub(crate) fn tags(&self, app_id: u64, ids: &[&str]) -> Vec<Vec<Tag>> {
        let Some(cloud) = self.accounts.cloud(app_id) else {
            return vec![Vec::new(); ids.len()];
        };
        let cloud = accounts::lock(&cloud);
        let tags = |id: &&str| cloud.instances.get(id).map(|found| found.tags.clone());
        ids.iter().map(|id| tags(id).unwrap_or_default()).collect()
    }

    /// Whether callers without a known SecretId are let in.
    pub(crate) fn is_lenient(&self) -> bool {
        self.config.auth == Auth::Lenient
    }

    /// Counts and logs that a caller was let in whom a strict emulator would refuse; the first is
    /// said aloud, so that nobody takes a check that was passed by for one that was passed.
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

    fn settings(&self) -> Settings {
        Settings {
            pace: match self.config.pace {
                config::Pace::Timed => cloud::Pace::Timed,
                config::Pace::Instant => cloud::Pace::Instant,
                config::Pace::Held => cloud::Pace::Held,
            },
            flow_time_ms: i64::try_from(self.config.flow_time.as_millis()).unwrap_or(i64::MAX),
        }
    }

    pub(crate) fn ca_pem(&self) -> Option<String> {
        self.ca_pem
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
