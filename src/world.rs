//! The world: all that a state is, and the one way to call an action in it.
//!
//! `PUT /_crs/state` and a reset make a new world and put it in the place of the old one in one swap. A call takes the
//! world once, when it arrives, and finishes on it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use serde_json::Value;
use uuid::Uuid;

use crate::accounts::{Account, Accounts, Behind, Credential, DEFAULT_KEY_PAIR, Reading, THINGS_MAX};
use crate::aside::aside;
use crate::auth::links;
use crate::clock::{Clock, CloudClock, CloudTime};
use crate::cloud::advance;
use crate::cloud::life::look;
use crate::cloud::{Call, Cloud, Fate, Flow, LinkKey, Links, Millis, Refusal, Region, Settings, Tag, ids};
use crate::command::{self, Command, SetClock, Unsettled};
use crate::contract::{Action, Fields, FlowUse, Writer};
use crate::dispatch::{self, Behaviour};
use crate::faults::{Dumped, Faults};
use crate::fixture::{self, Fixture, FixtureFault, Snapshot};
use crate::journal::Journal;
use crate::limits::RateLimiter;
use crate::store::Unrecorded;
use keeping::Keeping;

mod apply;
mod keeping;
mod kept;
mod members;
mod replay;

pub(crate) use apply::Done;
use apply::apply;
pub(crate) use kept::Told;
pub(crate) use replay::Replay;

/// One state of everything.
pub(crate) struct World {
    pub(crate) accounts: Accounts,
    pub(crate) clock: Arc<CloudClock>,
    pub(crate) faults: Faults,
    /// The calls that found this world.
    pub(crate) journal: Journal,
    pub(crate) rate_limiter: RateLimiter,
    /// What holds but does not do what it seems to, as a policy that can never match.
    pub(crate) warnings: Vec<FixtureFault>,
    seed: u64,
    pub(crate) link_key: LinkKey,
    request_ids: Arc<AtomicU64>,
    /// Where what changes is recorded, if the state is kept.
    keeping: OnceLock<Keeping>,
}

/// An action to be called, and what with.
pub(crate) struct Invocation {
    /// Who calls.
    pub(crate) caller: Arc<Credential>,
    pub(crate) action: &'static Action,
    pub(crate) region: &'static Region,
    pub(crate) fields: Fields,
    /// What a fault rule makes of the flows that it begins.
    pub(crate) fate: Fate,
    /// Whether the caller gets to see the answer.
    pub(crate) is_seen: bool,
    /// Where the members of the answer go.
    pub(crate) writer: Writer,
    /// What links in the answer are made of.
    pub(crate) links: Box<Links>,
}

/// What came of calling an action.
pub(crate) enum Outcome {
    /// It has answered; its members are in the writer.
    Answered(Writer),
    /// It has refused.
    Refused(Refusal),
    /// Its account has been ended since the caller was recognised.
    AccountGone,
    /// It could not be recorded, and so nothing has changed; or nobody can tell whether it is.
    Unrecorded,
}

/// A call that cannot be carried out, or answered, at once.
pub(crate) enum Delayed {
    /// Much is due first.
    Behind(Invocation, Arc<Account>),
    /// It looks at more than is looked at under a lock.
    Wide(Invocation, Arc<Account>, Read),
    /// What it has done or seen is not kept yet.
    Unsettled(Box<Outcome>, Unsettled),
}

/// A read, as its action's [`Behaviour`] holds it.
type Read = fn(&Cloud, &Call, Fields, &mut Writer) -> Result<(), Refusal>;

impl World {
    /// The world that a fixture states. `Err` holds every rule that it breaks.
    pub(crate) fn new(
        fixture: &Fixture,
        settings: Settings,
        seed: u64,
        real: &Clock,
        journal: Journal,
    ) -> Result<Self, Vec<FixtureFault>> {
        Self::at(fixture, settings, seed, real, (journal, &|_| None))
    }

    /// As [`World::new`], where `told_at` knows when an account, by its AppId, was told.
    fn at(
        fixture: &Fixture,
        settings: Settings,
        seed: u64,
        real: &Clock,
        (journal, told_at): (Journal, &dyn Fn(u64) -> Option<Millis>),
    ) -> Result<Self, Vec<FixtureFault>> {
        let time = fixture.cloud_time();
        let clock = CloudClock::new(real.clone(), time.unwrap_or(CloudTime::Real { ahead_ms: 0 }));
        let clock = Arc::new(clock);
        let loaded = fixture.build_told(settings, seed, &clock, told_at)?;
        Ok(Self {
            accounts: loaded.accounts,
            clock,
            faults: rules_of(loaded.faults, seed),
            journal,
            rate_limiter: RateLimiter::default(),
            warnings: loaded.warnings,
            seed,
            link_key: links::key_of(seed),
            request_ids: Arc::new(AtomicU64::new(fixture.calls())),
            keeping: OnceLock::new(),
        })
    }

    /// A world of its own that is as this one is now, each account as it is at one moment. Takes its time.
    pub(crate) fn picture(&self) -> Self {
        self.copy(|account| account.picture().0)
    }

    /// A world of its own that is as this one was left: nothing has become due in it. Takes its time.
    pub(crate) fn as_left(&self) -> Self {
        self.copy(|account| account.as_left().clone())
    }

    /// As a fixture that states this one would make it, whose calls of this second are not counted either.
    fn copy(&self, cloud_of: impl Fn(&Account) -> Cloud) -> Self {
        let clock = Arc::new(self.clock.copy());
        Self {
            accounts: self.accounts.copy(&clock, cloud_of),
            clock,
            faults: rules_of(self.faults.dump(), self.seed),
            journal: self.journal.anew(),
            rate_limiter: RateLimiter::default(),
            warnings: self.warnings.clone(),
            seed: self.seed,
            link_key: self.link_key,
            request_ids: Arc::new(AtomicU64::new(self.request_ids.load(Ordering::Relaxed))),
            keeping: OnceLock::new(),
        }
    }

    /// Says aloud what it would warn of.
    pub(crate) fn warn(&self) {
        for warning in &self.warnings {
            tracing::warn!("{warning}");
        }
    }

    /// The whole state as a fixture, each account as it is at one moment. Takes its time.
    pub(crate) fn state(&self) -> Snapshot {
        self.sweep();
        Snapshot::new(
            &self.accounts,
            &self.clock,
            self.faults.dump(),
            self.request_ids.load(Ordering::Relaxed),
        )
    }

    /// The first key pair of the default account.
    pub(crate) fn key_pair(&self) -> (String, String) {
        let account = self.accounts.anonymous().and_then(|of| self.accounts.get(of.app_id));
        let first = account.and_then(|account| account.credentials().into_iter().next());
        let (secret_id, secret_key) = DEFAULT_KEY_PAIR;
        first.map_or_else(
            || (secret_id.to_owned(), secret_key.to_owned()),
            |of| (of.secret_id.clone(), of.secret_key.clone()),
        )
    }

    /// A RequestId: the next of those that follow from the seed.
    pub(crate) fn next_request_id(&self) -> Uuid {
        let count_on = |count| Some(ids::count_on(count));
        let counted = (self.request_ids).fetch_update(Ordering::Relaxed, Ordering::Relaxed, count_on);
        let serial = counted.unwrap_or_else(|count| count);
        let bytes = ids::request_id(self.seed, serial).to_be_bytes();
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// What the cloud's clock showed for an account when real time was this.
    pub(crate) fn time_of(&self, app_id: Option<u64>, real: Millis) -> Millis {
        let account = app_id.and_then(|app_id| self.accounts.get(app_id));
        account.map_or_else(|| self.clock.at(real), |account| account.clock.at(real))
    }

    /// A hand sets the cloud's clock, or that of one account, to what `set` makes of it: where that moves it on, what
    /// is due by then counts as seen. Takes its time.
    pub(crate) fn set_clock(
        &self,
        own: Option<&Arc<Account>>,
        set: impl FnOnce(CloudTime) -> Option<CloudTime>,
    ) -> Result<(), Unrecorded> {
        // Time may go back, and what was due before has happened, whether or not somebody has looked since.
        self.going_by(own).iter().for_each(|account| account.catch_up());
        let on = self.change_clock(own, set)?;
        for account in self.going_by(own) {
            learn(&account, on);
        }
        Ok(())
    }

    /// Changes keys of an account, its clock among them: one record holds all. Takes its time.
    pub(crate) fn patch_account(
        &self,
        account: &Account,
        change: Value,
    ) -> Result<Result<Value, FixtureFault>, Unrecorded> {
        let states_clock = change.get("Clock").is_some();
        let keeping = self.keeping.get().filter(|_| states_clock);
        let members = keeping.map(|keeping| keeping.members());
        let (mut cloud, now) = account.write_in_time();
        let clock = account.clock.own_time();
        let sets = if states_clock {
            match fixture::patch_account(&mut cloud.clone(), clock, &change) {
                Ok((_, wanted)) => {
                    let (time, on) = account.clock.changed(|_| wanted);
                    Some(SetClock { time, on })
                }
                Err(fault) => return Ok(Err(fault)),
            }
        } else {
            None
        };
        let command = Command::PatchAccount { change, clock, sets };
        account.record(&cloud, now, &command)?;
        let done = apply(command, &mut cloud, now, &mut Writer::default());
        if let Some(set) = sets {
            account.clock.set_own(set.time);
            drop((cloud, members));
            learn(account, set.on);
        }
        Ok(done.patched().unwrap_or(Ok(Value::Null)))
    }

    /// Carries out a command on the cloud of an account. Takes its time.
    pub(crate) fn carry_out(&self, account: &Account, command: Command) -> Result<Done, Unrecorded> {
        let (mut cloud, now) = account.write_in_time();
        account.record(&cloud, now, &command)?;
        Ok(apply(command, &mut cloud, now, &mut Writer::default()))
    }

    /// A hand moves the cloud's clock, or that of one account, on to the next thing that is due, if there is one;
    /// whether there was. What is due already and was not seen is the next. Takes its time.
    pub(crate) fn go_to_next(&self, own: Option<&Arc<Account>>) -> Result<bool, Unrecorded> {
        let next_of = |account: &Arc<Account>| {
            account.catch_up();
            advance::next_by_hand(&account.as_left())
        };
        let Some(at) = self.going_by(own).iter().filter_map(next_of).min() else {
            return Ok(false);
        };
        let clock = own.map_or(&*self.clock, |account| &account.clock);
        self.change_clock(own, |time| Some(clock.at_least(time, at)))?;
        for account in self.going_by(own) {
            account.catch_up_by_hand();
            account.tell_waiting();
        }
        Ok(true)
    }

    /// The accounts that go by the clock of one account, or by the server's.
    fn going_by(&self, own: Option<&Arc<Account>>) -> Vec<Arc<Account>> {
        let all = || {
            let mut all = self.accounts.all();
            all.retain(|account| account.clock.goes_along());
            all
        };
        own.map_or_else(all, |own| vec![Arc::clone(own)])
    }

    /// Ends every flow of these accounts by hand; those that ended, with their account. Takes its time.
    pub(crate) fn drain(&self, accounts: &[Arc<Account>]) -> Result<Vec<(u64, Flow)>, Unrecorded> {
        let mut ended = Vec::new();
        for account in accounts {
            account.catch_up();
            let flows = account.as_left().flows.len();
            let drained = match flows {
                0 => continue,
                1..=THINGS_MAX => self.carry_out(account, Command::Drain)?,
                _ => account.on_a_copy_in_time(|cloud, now| {
                    account.record(cloud, now, &Command::Drain)?;
                    Ok(apply(Command::Drain, cloud, now, &mut Writer::default()))
                })?,
            };
            ended.extend(drained.ended().into_iter().flatten().map(|flow| (account.app_id, flow)));
        }
        Ok(ended)
    }

    /// The tags of each of these instances of an account; none for one that is not there.
    pub(crate) fn tags(&self, app_id: u64, ids: &[&str]) -> Vec<Vec<Tag>> {
        let Some(account) = self.accounts.get(app_id) else {
            return vec![Vec::new(); ids.len()];
        };
        let cloud = account.as_left();
        let tags = |id: &&str| cloud.instances.get(id).map(|found| found.tags.clone());
        ids.iter().map(|id| tags(id).unwrap_or_default()).collect()
    }

    /// Calls an action, if that is short work. `Err` is for [`World::call_later`].
    pub(crate) fn call(&self, invocation: Invocation) -> Result<Outcome, Delayed> {
        let Some(account) = self.accounts.get(invocation.caller.app_id) else {
            return Ok(Outcome::AccountGone);
        };
        let outcome = match dispatch::behaviour(invocation.action.id) {
            Behaviour::Reads(read) => self.look(read, &account, invocation)?,
            Behaviour::Writes(_) => self.change(&account, invocation)?,
        };
        told(&account, outcome)
    }

    /// Calls an action that has to wait, or to look at much, without holding this thread.
    pub(crate) async fn call_later(self: &Arc<Self>, mut delayed: Delayed) -> Outcome {
        loop {
            let called = match delayed {
                Delayed::Behind(invocation, account) => {
                    account.caught_up().await;
                    self.call(invocation)
                }
                Delayed::Wide(invocation, account, read) => {
                    let world = Arc::clone(self);
                    aside(move || world.look_at_a_picture(read, &account, invocation)).await
                }
                Delayed::Unsettled(outcome, unsettled) => {
                    return unsettled.settle().await.map_or(Outcome::Unrecorded, |()| *outcome);
                }
            };
            match called {
                Ok(called) => return called,
                Err(again) => delayed = again,
            }
        }
    }

    /// Calls an action and takes its time.
    #[cfg(feature = "import")]
    pub(crate) fn call_in_time(&self, invocation: Invocation) -> Outcome {
        let mut called = self.call(invocation);
        loop {
            called = match called {
                Ok(called) => return called,
                Err(Delayed::Behind(invocation, account)) => {
                    account.catch_up();
                    self.call(invocation)
                }
                Err(Delayed::Wide(invocation, account, read)) => self.look_at_a_picture(read, &account, invocation),
                Err(Delayed::Unsettled(outcome, unsettled)) => {
                    return unsettled.wait().map_or(Outcome::Unrecorded, |()| *outcome);
                }
            }
        }
    }

    /// A write: recorded, then done.
    fn change(&self, account: &Arc<Account>, invocation: Invocation) -> Result<Outcome, Delayed> {
        let Ok((mut cloud, now)) = account.write() else {
            return Err(Delayed::Behind(invocation, Arc::clone(account)));
        };
        let Invocation {
            action,
            region,
            fields,
            fate,
            is_seen,
            mut writer,
            caller,
            ..
        } = invocation;
        let command = Command::Call(command::Call {
            action,
            region,
            fields,
            fate,
            is_seen,
            by_temporary_key: caller.token.is_some(),
            real_now: self.clock.real_now(),
        });
        if account.record(&cloud, now, &command).is_err() {
            return Ok(Outcome::Unrecorded);
        }
        let Some((done, lent)) = apply(command, &mut cloud, now, &mut writer).called() else {
            // It is a write: what is not cannot come here.
            return Ok(Outcome::Unrecorded);
        };
        drop(cloud);
        if let Some(key) = lent
            && self.lend(account, caller.narrowed(key)).is_err()
        {
            return Ok(Outcome::Unrecorded);
        }
        Ok(Outcome::from(done, writer))
    }

    /// A read under the lock, beside other reads.
    fn look(&self, read: Read, account: &Arc<Account>, mut invocation: Invocation) -> Result<Outcome, Delayed> {
        let (cloud, now) = match self.looked_up(account, &invocation) {
            Ok(Ok(looked_up)) => looked_up,
            Ok(Err(_)) => return Ok(Outcome::Unrecorded),
            Err(Behind) => return Err(Delayed::Behind(invocation, Arc::clone(account))),
        };
        if !cloud.is_wide() && !invocation.action.walks {
            let call = Call::new(now, invocation.region).with_links(invocation.links);
            let done = read(&cloud, &call, invocation.fields, &mut invocation.writer);
            note_shown(account, &cloud, call, done.is_ok() && invocation.is_seen);
            return Ok(Outcome::from(done, invocation.writer));
        }
        // Where it gives up, it is called again.
        let (fields, open) = (invocation.fields.clone(), invocation.writer.as_bytes().len());
        let call = Call::brief(now, invocation.region).with_links(invocation.links);
        let done = read(&cloud, &call, invocation.fields, &mut invocation.writer);
        if call.gave_up() {
            drop(cloud);
            invocation.writer.truncate(open);
            let invocation = Invocation {
                fields,
                links: call.links,
                ..invocation
            };
            return Err(Delayed::Wide(invocation, Arc::clone(account), read));
        }
        note_shown(account, &cloud, call, done.is_ok() && invocation.is_seen);
        Ok(Outcome::from(done, invocation.writer))
    }

    /// The cloud to look at, after what the action ends in it.
    fn looked_up<'a>(
        &self,
        account: &'a Account,
        invocation: &Invocation,
    ) -> Result<Result<(Reading<'a>, Millis), Unrecorded>, Behind> {
        if invocation.action.flows == FlowUse::Ends {
            let named = invocation.action.named_instances(&invocation.fields);
            let (cloud, now) = account.read()?;
            let ends = look::has_unseen(&cloud, &named, now);
            drop(cloud);
            if ends {
                let instances = named.iter().map(|id| (*id).to_owned()).collect();
                let command = Command::EndUnseen { instances };
                let (mut cloud, now) = account.write()?;
                if let Err(unrecorded) = account.record(&cloud, now, &command) {
                    return Ok(Err(unrecorded));
                }
                apply(command, &mut cloud, now, &mut Writer::default());
            }
        }
        account.read().map(Ok)
    }

    /// A read that looks at much, outside the lock.
    fn look_at_a_picture(&self, read: Read, account: &Account, mut invocation: Invocation) -> Result<Outcome, Delayed> {
        let (cloud, now) = account.picture();
        let call = Call::new(now, invocation.region).with_links(invocation.links);
        let done = read(&cloud, &call, invocation.fields, &mut invocation.writer);
        note_shown(account, &cloud, call, done.is_ok() && invocation.is_seen);
        told(account, Outcome::from(done, invocation.writer))
    }
}

/// Lets an account know that its clock was set; where a hand has moved it on, what is due by then counts as seen.
fn learn(account: &Account, on: bool) {
    if on {
        account.catch_up_by_hand();
    } else {
        account.catch_up();
    }
    account.tell_waiting();
}

/// An answer about an account, once all that it tells is kept.
fn told(account: &Account, outcome: Outcome) -> Result<Outcome, Delayed> {
    match account.unsettled() {
        None => Ok(outcome),
        Some(unsettled) => Err(Delayed::Unsettled(Box::new(outcome), unsettled)),
    }
}

/// Puts rules that a fixture states.
fn put_rules(faults: &Faults, stated: Dumped) {
    faults.go_on_from(stated.last_id);
    for fault in stated.rules {
        // They were checked when they were stated; a rule that does not hold cannot be here.
        let added = faults.add(fault);
        debug_assert!(added.is_ok(), "{added:?}");
    }
}

/// The rules that these are; what they leave to chance follows from the seed.
fn rules_of(dumped: Dumped, seed: u64) -> Faults {
    let faults = Faults::new(seed);
    put_rules(&faults, dumped);
    faults
}

impl Outcome {
    fn from(done: Result<(), Refusal>, writer: Writer) -> Self {
        match done {
            Ok(()) => Self::Answered(writer),
            Err(refusal) => Self::Refused(refusal),
        }
    }
}

/// Notes what an answer has shown, if the cloud did not know. A refusal shows nothing, and neither does an answer that
/// does not come through.
fn note_shown(account: &Account, cloud: &Cloud, call: Call, is_seen: bool) {
    let shown = call.shown.into_inner();
    if is_seen && look::is_news(cloud, &shown) {
        account.note_shown(shown, call.now);
    }
}
