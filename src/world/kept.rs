//! A world whose state is kept: what changes it is recorded first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use super::keeping::Keeping;
use super::{World, put_rules};
use crate::accounts::Account;
use crate::clock::{Clock, CloudTime};
use crate::cloud::{Millis, Settings};
use crate::command::{Command, Recorder, ServerCommand, SetClock, Unsettled};
use crate::faults::{Dumped, Faults};
use crate::fixture::{self, Fixture, FixtureFault, Snapshot};
use crate::journal::Journal;
use crate::store::{ENDED, SERVER, Store, Stream, Unrecorded};

/// How far each stream is, and by which moment the latest was told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) told_at: Millis,
    pub(crate) streams: BTreeMap<u64, Stream>,
}

impl Told {
    /// At which moment an account was told.
    pub(super) fn at(&self, app_id: u64) -> Millis {
        let stream = self.streams.get(&app_id);
        stream.map_or(self.told_at, |stream| stream.advanced_to)
    }
}

impl World {
    /// As [`World::new`], of a snapshot that was told so.
    pub(crate) fn of_snapshot(
        snapshot: &Fixture,
        settings: Settings,
        seed: u64,
        real: &Clock,
        (told, journal): (&Told, Journal),
    ) -> Result<Self, Vec<FixtureFault>> {
        let told_at = |app_id| Some(told.at(app_id));
        let world = Self::at(snapshot, settings, seed, real, (journal, &told_at))?;
        for account in world.accounts.all() {
            if let Some(stream) = told.streams.get(&account.app_id) {
                account.restore().advanced_to = stream.advanced_to;
            }
        }
        Ok(world)
    }

    /// Records from now on what changes it. `numbers` says how far the streams are.
    pub(crate) fn attach(&self, store: &Arc<dyn Store>, numbers: &BTreeMap<u64, u64>) {
        let number = |stream: u64| numbers.get(&stream).copied().unwrap_or(0);
        let recorder =
            |stream: u64| Recorder::new(Arc::clone(store), stream, number(stream), Arc::clone(&self.request_ids));
        for account in self.accounts.all() {
            account.attach(recorder(account.app_id));
        }
        let attached = self.keeping.set(Keeping {
            store: Arc::clone(store),
            server: recorder(SERVER),
            changing: Mutex::default(),
            ended: Mutex::new(number(ENDED)),
        });
        debug_assert!(attached.is_ok(), "it is attached once");
    }

    /// Where an account is recorded that begins, behind that number.
    pub(super) fn recorder(&self, keeping: &Keeping, app_id: u64, number: u64) -> Recorder {
        let store = Arc::clone(&keeping.store);
        Recorder::new(store, app_id, number, Arc::clone(&self.request_ids))
    }

    /// All that has been recorded so far, if the state is kept.
    pub(crate) fn unsettled(&self) -> Option<Unsettled> {
        Unsettled::all(&self.keeping.get()?.store)
    }

    /// The whole state as a fixture, each account as it is at one moment, and which. Takes its time.
    pub(crate) fn told_state(&self) -> (Snapshot, Told) {
        let mut told = Told {
            told_at: self.clock.now(),
            streams: BTreeMap::new(),
        };
        let keeping = self.keeping.get();
        // No account comes, goes or has its clock set until all are noted.
        let members = keeping.map(Keeping::members);
        if let Some(number) = members.as_deref().copied().filter(|number| *number > 0) {
            let advanced_to = Millis::MIN;
            told.streams.insert(ENDED, Stream { number, advanced_to });
        }
        let above = || {
            (
                self.faults.dump(),
                self.clock.time(),
                self.request_ids.load(Ordering::Relaxed),
            )
        };
        let above = match keeping {
            None => above(),
            Some(keeping) => {
                let _changing = keeping.change();
                let (number, advanced_to) = (keeping.server.number(), Millis::MIN);
                told.streams.insert(SERVER, Stream { number, advanced_to });
                above()
            }
        };
        let snapshot = Snapshot::noting(&self.accounts, above, |app_id, picture| {
            let stream = Stream {
                number: picture.number,
                // A snapshot tells of that moment, whether or not anything was due by it.
                advanced_to: picture.now,
            };
            told.streams.insert(app_id, stream);
            told.told_at = told.told_at.max(picture.now);
        });
        (snapshot, told)
    }

    /// What has to be kept before anybody is told of the server itself: of fault rules that have struck.
    pub(crate) fn unsettled_server(&self) -> Option<Unsettled> {
        self.keeping.get()?.server.unsettled()
    }

    /// Changes fault rules. What cannot be recorded has not been changed.
    pub(crate) fn change_faults<T>(&self, change: impl FnOnce(&Faults) -> T) -> Result<T, Unrecorded> {
        let Some(keeping) = self.keeping.get() else {
            return Ok(change(&self.faults));
        };
        let _changing = keeping.change();
        let (before, changes) = (self.faults.dump(), self.faults.changes());
        let changed = change(&self.faults);
        if let Err(unrecorded) = self.record_faults(&keeping.server, changes) {
            self.restore_faults(before);
            return Err(unrecorded);
        }
        Ok(changed)
    }

    /// What the fault rules hold for a call. A rule that has struck has counted that, be it recorded or not.
    pub(crate) fn strike<T>(&self, strike: impl FnOnce(&Faults) -> T) -> Result<T, Unrecorded> {
        let Some(keeping) = self.keeping.get().filter(|_| !self.faults.is_idle()) else {
            return Ok(strike(&self.faults));
        };
        let _changing = keeping.change();
        let changes = self.faults.changes();
        let struck = strike(&self.faults);
        self.record_faults(&keeping.server, changes)?;
        Ok(struck)
    }

    /// Records the rules, if they have changed since.
    fn record_faults(&self, server: &Recorder, changes: u64) -> Result<(), Unrecorded> {
        if self.faults.changes() == changes {
            return Ok(());
        }
        let rules = serde_json::to_value(fixture::rules_alone(self.faults.dump()));
        let rules = rules.map_err(|error| Unrecorded::new(error.to_string()))?;
        server.record(self.clock.now(), 0, &ServerCommand::Rules(rules))
    }

    pub(super) fn restore_faults(&self, rules: Dumped) {
        self.faults.clear(None);
        put_rules(&self.faults, rules);
    }

    /// Lets the clock, or that of one account, run as `set` says, once that is recorded. Whether it moves on by it.
    pub(super) fn change_clock(
        &self,
        own: Option<&Arc<Account>>,
        set: impl FnOnce(CloudTime) -> Option<CloudTime>,
    ) -> Result<bool, Unrecorded> {
        let clock = own.map_or(&*self.clock, |account| &account.clock);
        let Some(keeping) = self.keeping.get() else {
            return Ok(clock.change(set));
        };
        let before = clock.now();
        if let Some(account) = own {
            let _members = keeping.members();
            let (time, on) = clock.changed(set);
            if let Some(recorder) = account.recorder() {
                recorder.record(before, 0, &Command::Clock(SetClock { time, on }))?;
            }
            clock.set_own(time);
            return Ok(on);
        }
        let _changing = keeping.change();
        let (time, on) = clock.changed(set);
        let time = time.unwrap_or(clock.time());
        keeping.server.record(before, 0, &ServerCommand::Clock { time, on })?;
        clock.set(time);
        Ok(on)
    }

    /// A hand had moved the clock, and these accounts had not learned it. Takes its time.
    pub(crate) fn move_on(&self, unmoved: &BTreeSet<u64>) {
        for account in unmoved.iter().filter_map(|app_id| self.accounts.get(*app_id)) {
            account.catch_up_by_hand();
        }
    }
}
