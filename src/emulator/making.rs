//! Accounts that a call makes, and accounts that go back to what they began as.

use std::sync::{Arc, PoisonError};

use super::settings::settings;
use super::{Emulator, First};
use crate::accounts::{ACCOUNTS_MOST, Account, Beginning, Credential, NewAccount, Unfit};
use crate::clock::CloudTime;
use crate::cloud::{Millis, ids};
use crate::config::Auth;
use crate::fixture::{self, Fixture, FixtureFault, WantedAccount, body_fault};
use crate::store::Unrecorded;
use crate::world::World;

/// What made accounts are numbered from.
const APP_ID_BASE: u64 = 1_300_000_000;
/// For how long what was built by a running clock is taken for the present state of the seed: to build it again for
/// each account would cost more than all the rest.
const PRESENT_FOR_MS: i64 = 60_000;

/// An account that was made, and its key pair.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) app_id: u64,
    pub(crate) uin: String,
    pub(crate) secret_id: String,
    pub(crate) secret_key: String,
}

/// Why an account is not made, or does not go back.
#[derive(Debug)]
pub(crate) enum Unmade {
    /// What is stated does not hold.
    Faults(Vec<FixtureFault>),
    /// There are as many as there may be.
    TooMany,
    /// Nothing says what it began as.
    NoSeed,
    /// It could not be recorded.
    Unrecorded(Unrecorded),
}

impl From<Vec<FixtureFault>> for Unmade {
    fn from(faults: Vec<FixtureFault>) -> Self {
        Self::Faults(faults)
    }
}

impl Emulator {
    /// Makes an account of the body of a call. Takes its time where the body holds much.
    pub(crate) fn make_account(&self, body: &[u8]) -> Result<Made, Unmade> {
        let world = self.world();
        let wanted = WantedAccount::read(body)?;
        let mut beyond = 0;
        loop {
            let number = world.accounts.next_number(beyond, |count| APP_ID_BASE + count);
            let app_id = number.app_id;
            let mut new = if wanted.has_fixture() {
                let beginning = Beginning::Body(body.into());
                NewAccount {
                    beginning,
                    ..self.build_wanted(&world, &wanted, app_id)?
                }
            } else {
                fixture::like(&self.first(&world).ok_or(Unmade::NoSeed)?.account, app_id, self.seed)
            };
            let pair = self.pair(&world, &wanted, number.count, &new);
            let made = Made {
                app_id: pair.app_id,
                uin: pair.uin.clone(),
                secret_id: pair.secret_id.clone(),
                secret_key: pair.secret_key.clone(),
            };
            new.credentials.insert(0, pair);
            if let Some(seconds) = wanted.ttl_seconds {
                new.ends_at_s = Some(ends_at_s(world.clock.real_now(), seconds));
            }
            match world.add_made(new, number) {
                Ok(true) => return Ok(made),
                Ok(false) => {}
                // What was not stated but came of the number is taken: the next may be free.
                Err(Unfit::AppId(_)) if !wanted.states("AppId") => beyond = number.count,
                Err(Unfit::Uin(_)) if !wanted.states("AppId") && !wanted.states("Uin") => beyond = number.count,
                Err(Unfit::SecretId(0, _)) => beyond = number.count,
                Err(unfit) => return Err(unmade(unfit, "Fixture.")),
            }
        }
    }

    /// Puts one account back to what it began as. Calls under way end on what they found. Takes its time.
    pub(crate) fn reset_account(&self, world: &World, account: &Account) -> Result<(), Unmade> {
        let app_id = account.app_id;
        let of_made = |new: NewAccount| {
            let pair = account.credentials().first().map(|pair| Credential::clone(pair));
            NewAccount {
                credentials: pair.into_iter().chain(new.credentials).collect(),
                ends_at_s: account.ends_at_s,
                beginning: account.beginning.clone(),
                ..new
            }
        };
        let new = match &account.beginning {
            Beginning::Stated => {
                let settings = settings(&self.config);
                let stated = self
                    .seed_state
                    .build_one(Some(app_id), settings, self.seed, &world.clock);
                stated.ok_or(Unmade::NoSeed)?
            }
            Beginning::Like => {
                let first = self.first(world).ok_or(Unmade::NoSeed)?;
                of_made(fixture::like(&first.account, app_id, self.seed))
            }
            Beginning::Body(body) => of_made(self.build_wanted(world, &WantedAccount::read(body)?, app_id)?),
        };
        world.replace_account(new).map_err(|unfit| unmade(unfit, ""))
    }

    /// Takes this fixture, which states one account alone, for all that this account is. One with a fault changes
    /// nothing. Takes its time.
    pub(crate) fn put_account(&self, world: &World, account: &Account, fixture: &Fixture) -> Result<(), Unmade> {
        fixture.is_of(account.app_id).map_err(|fault| vec![fault])?;
        let loaded = fixture.build(settings(&self.config), self.seed, &world.clock)?;
        self.unless_strict(&loaded.warnings)?;
        let stated = loaded.accounts.get(account.app_id).ok_or(Unmade::NoSeed)?;
        let beginning = account.beginning.clone();
        let new = NewAccount {
            beginning,
            ..stated.anew()
        };
        world
            .replace_account(new)
            .map_err(|unfit| unmade(unfit, "Accounts[0]."))
    }

    fn build_wanted(&self, world: &World, wanted: &WantedAccount, app_id: u64) -> Result<NewAccount, Unmade> {
        let settings = settings(&self.config);
        let (new, warnings) = Fixture::build_wanted(wanted, app_id, settings, self.seed, &world.clock)?;
        self.unless_strict(&warnings)?;
        Ok(new)
    }

    /// A strict emulator takes nothing that it would be warned of.
    fn unless_strict(&self, warnings: &[FixtureFault]) -> Result<(), Unmade> {
        if self.config.auth == Auth::Strict && !warnings.is_empty() {
            return Err(Unmade::Faults(warnings.to_vec()));
        }
        warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
        Ok(())
    }

    /// The key pair that is handed out for an account. It may do what the first one may that is stated of it, so that
    /// an account like another is so in this too.
    fn pair(&self, world: &World, wanted: &WantedAccount, count: u64, new: &NewAccount) -> Credential {
        let drawn = ids::key_pair(self.seed, count);
        let policy = if wanted.has_fixture() {
            new.credentials.first().and_then(|first| first.policy.clone())
        } else {
            let first = self.first(world);
            first.and_then(|first| first.account.credentials.first()?.policy.clone())
        };
        Credential {
            secret_id: drawn.secret_id,
            secret_key: drawn.secret_key,
            policy,
            app_id: new.cloud.account.app_id,
            uin: new.cloud.account.uin.clone(),
            ..Credential::default()
        }
    }

    /// The first account of what the emulator was started with, as it would be now.
    fn first(&self, world: &World) -> Option<Arc<First>> {
        let mut kept = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        let now = world.clock.now();
        let is_present = |first: &&Arc<First>| match world.clock.time() {
            CloudTime::Manual { .. } => first.at == now,
            CloudTime::Real { .. } => (first.at..=first.at.saturating_add(PRESENT_FOR_MS)).contains(&now),
        };
        if let Some(first) = kept.as_ref().filter(is_present) {
            return Some(Arc::clone(first));
        }
        let account = self
            .seed_state
            .build_one(None, settings(&self.config), self.seed, &world.clock)?;
        let first = Arc::new(First { at: now, account });
        *kept = Some(Arc::clone(&first));
        Some(first)
    }
}

/// The second in which an account ends that lives so long from now: it lives as long at least.
fn ends_at_s(now: Millis, seconds: u64) -> i64 {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    now.saturating_add(999).div_euclid(1_000).saturating_add(seconds)
}

/// Why an account does not go with the others; `of` is where it stands in the body.
fn unmade(unfit: Unfit, of: &str) -> Unmade {
    let (key, message) = match unfit {
        Unfit::TooMany => return Unmade::TooMany,
        Unfit::Unrecorded(unrecorded) => return Unmade::Unrecorded(unrecorded),
        Unfit::AppId(app_id) => (
            "AppId",
            format!("{app_id} is another account's; give another, or leave it out"),
        ),
        Unfit::Uin(uin) => (
            "Uin",
            format!("{uin} is another account's; give another, or leave it out"),
        ),
        Unfit::SecretId(_, id) => (
            "Credentials",
            format!("SecretId `{id}` is another account's; give another"),
        ),
    };
    Unmade::Faults(vec![body_fault(&format!("{of}{key}"), message)])
}

impl Unmade {
    /// What to say where there are too many.
    pub(crate) fn too_many() -> String {
        format!("there are {ACCOUNTS_MOST} accounts, and no more are held; DELETE some, or make them with TtlSeconds")
    }
}
