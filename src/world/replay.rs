//! What was recorded, done again when a state is read back.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use serde_json::Value;

use super::World;
use super::apply::{Done, apply};
use super::kept::Told;
use crate::accounts::{Account, NewAccount};
use crate::cloud::{Millis, Settings, advance};
use crate::command::{Command, Entry, ServerCommand, SetClock};
use crate::contract::Writer;
use crate::fixture::{Fixture, FixtureFault};
use crate::store::{ENDED, Record, SERVER, Stream};

/// What was recorded, done again in a world that nobody else has yet.
pub(crate) struct Replay<'a> {
    world: &'a World,
    /// What clouds go by.
    settings: Settings,
    numbers: BTreeMap<u64, u64>,
    /// The accounts that have not learned yet that a hand has moved the clock.
    unmoved: BTreeSet<u64>,
}

impl<'a> Replay<'a> {
    /// In a world that is as far as `told` says.
    pub(crate) fn new(world: &'a World, settings: Settings, told: &Told) -> Self {
        let number = |(stream, of): (&u64, &Stream)| (*stream, of.number);
        Self {
            world,
            settings,
            numbers: told.streams.iter().map(number).collect(),
            unmoved: BTreeSet::new(),
        }
    }

    /// Does again what a record says. `Err` says why that cannot be.
    pub(crate) fn play(&mut self, record: Record<'_>) -> Result<(), String> {
        // An account that is not there has ended, or has not begun.
        let absent = if record.stream == SERVER { 0 } else { self.number(ENDED) };
        let last = self.numbers.get(&record.stream).copied().unwrap_or(absent);
        let known = record.number <= last;
        let missing = || {
            let (stream, next) = (record.stream, last + 1);
            Err(format!("record {next} of {stream} is missing"))
        };
        let follows = record.number <= last + 1;
        if record.stream == SERVER {
            if known {
                return Ok(());
            }
            if !follows {
                return missing();
            }
            self.numbers.insert(SERVER, record.number);
            return self.play_server(Entry::read(record.payload)?);
        }
        if known && !self.unmoved.contains(&record.stream) {
            return Ok(());
        }
        let entry: Entry<Command> = Entry::read(record.payload)?;
        if matches!(entry.command, Command::SeeDue) {
            self.unmoved.remove(&record.stream);
        }
        if known {
            return Ok(());
        }
        // What begins needs nothing of what was before.
        if !follows && !matches!(entry.command, Command::Begin(_)) {
            return missing();
        }
        self.numbers.insert(record.stream, record.number);
        if entry.command.is_above() {
            self.play_above(record.stream, entry)
        } else {
            self.play_account(record.stream, entry)
        }
    }

    fn number(&self, stream: u64) -> u64 {
        self.numbers.get(&stream).copied().unwrap_or(0)
    }

    /// What is about an account, and not carried out on its cloud.
    fn play_above(&mut self, app_id: u64, entry: Entry<Command>) -> Result<(), String> {
        let accounts = &self.world.accounts;
        self.world.request_ids.fetch_max(entry.calls, Ordering::Relaxed);
        if let Command::Begin(stated) = entry.command {
            self.unmoved.remove(&app_id);
            let (mut new, made) = self.stated(app_id, &stated, entry.now)?;
            new.cloud.advanced_to = entry.now;
            accounts.go_on_from(made.max(accounts.made()));
            let replaced = accounts.replace(new, |_| Ok(None));
            return replaced.map_err(|unfit| format!("account {app_id} does not go with the others: {unfit:?}"));
        }
        let account = accounts.get(app_id).ok_or_else(|| missing_account(app_id))?;
        match entry.command {
            Command::Clock(set) => self.set_clock(&account, set),
            Command::Lend(stated) => {
                let (lender, _) = self.stated(app_id, &stated, entry.now)?;
                for key in lender.credentials {
                    accounts.lend(&account, key);
                }
            }
            Command::End => {
                accounts.remove(app_id);
                self.unmoved.remove(&app_id);
                let last = self.numbers.remove(&app_id).unwrap_or(0);
                self.numbers.insert(ENDED, last.max(self.number(ENDED)));
            }
            _ => {}
        }
        Ok(())
    }

    fn set_clock(&mut self, account: &Account, set: SetClock) {
        account.clock.set_own(set.time);
        if set.on {
            self.unmoved.insert(account.app_id);
        }
    }

    /// The account that is stated, as it was at that moment, and how many had been made.
    fn stated(&self, app_id: u64, stated: &Value, at: Millis) -> Result<(NewAccount, u64), String> {
        let wrong = |faults: Vec<FixtureFault>| faults[0].to_string();
        let fixture = Fixture::parse("the account", stated.to_string().as_bytes()).map_err(wrong)?;
        let (settings, seed, clock) = (self.settings, self.world.seed, &self.world.clock);
        let loaded = fixture
            .build_told(settings, seed, clock, &|_| Some(at))
            .map_err(wrong)?;
        let account = loaded.accounts.get(app_id).ok_or_else(|| missing_account(app_id))?;
        Ok((account.anew(), loaded.accounts.made()))
    }

    fn play_server(&mut self, entry: Entry<ServerCommand>) -> Result<(), String> {
        self.world.request_ids.fetch_max(entry.calls, Ordering::Relaxed);
        match entry.command {
            ServerCommand::Clock { time, on } => {
                self.world.clock.set(time);
                if on {
                    let all = self.world.going_by(None);
                    self.unmoved.extend(all.iter().map(|account| account.app_id));
                }
            }
            ServerCommand::Rules(rules) => {
                let rules = Fixture::rules_of(&rules).map_err(|faults| faults[0].to_string())?;
                self.world.restore_faults(rules);
            }
        }
        Ok(())
    }

    fn play_account(&mut self, app_id: u64, entry: Entry<Command>) -> Result<(), String> {
        let Entry {
            now,
            drawn,
            calls,
            command,
        } = entry;
        self.world.request_ids.fetch_max(calls, Ordering::Relaxed);
        let Some(account) = self.world.accounts.get(app_id) else {
            return Err(missing_account(app_id));
        };
        let mut cloud = account.restore();
        // A hand on the clock is noted before time goes on.
        if !matches!(command, Command::SeeDue) {
            advance::advance(&mut cloud, now);
        }
        if cloud.ids.drawn != drawn {
            let does = format!(
                "{} ids had been drawn before it, and now {} have",
                drawn, cloud.ids.drawn
            );
            return Err(format!("it does not come where it was: {does}"));
        }
        let sets = match command {
            Command::PatchAccount { sets, .. } => sets,
            _ => None,
        };
        // What panicked once does so again, and leaves the same behind.
        let carried_out = catch_unwind(AssertUnwindSafe(|| {
            apply(command, &mut cloud, now, &mut Writer::default())
        }));
        drop(cloud);
        if let Some(set) = sets {
            self.set_clock(&account, set);
        }
        match carried_out {
            Ok(Done::NoChange) => Err("it calls an action that changes nothing here".to_owned()),
            Ok(_) => Ok(()),
            Err(_) => {
                tracing::error!("a command panicked when it was read back, as it did before");
                Ok(())
            }
        }
    }

    /// How far the streams are now, and what is left to be done once the world records again.
    pub(crate) fn end(self) -> (BTreeMap<u64, u64>, BTreeSet<u64>) {
        (self.numbers, self.unmoved)
    }
}

fn missing_account(app_id: u64) -> String {
    format!("there is no account {app_id}")
}

#[cfg(test)]
mod tests {
    use super::{ENDED, Record, Replay, SERVER};
    use crate::clock::Clock;
    use crate::cloud::{Assumed, Pace, Settings};
    use crate::fixture::Fixture;
    use crate::journal::Journal;
    use crate::store::Stream;
    use crate::world::{Told, World};

    /// A payload that nobody can read tells whether a record is looked at. `ended` is the last number of those that
    /// have ended.
    #[test]
    fn what_a_snapshot_holds_already_is_not_done_again() {
        let settings = Settings {
            pace: Pace::Timed,
            flow_time_ms: 1_000,
            assumed: Assumed::DEFAULT,
        };
        let world = World::new(&Fixture::default(), settings, 1, &Clock::default(), Journal::new(1)).unwrap();
        let account = 1_250_000_009;
        let stream = |number| Stream { number, advanced_to: 0 };
        let told = |streams: &[(u64, u64)]| Told {
            told_at: 0,
            streams: streams.iter().map(|(of, number)| (*of, stream(*number))).collect(),
        };
        let play = |told: &Told, stream, number| {
            let record = Record {
                stream,
                number,
                payload: b"?",
            };
            Replay::new(&world, settings, told)
                .play(record)
                .map_err(|why| why.contains("is missing"))
        };
        let (held, unread, missing) = (Ok(()), Err(false), Err(true));
        for of in [SERVER, account] {
            let told = told(&[(of, 5)]);
            assert_eq!(play(&told, of, 5), held, "{of}");
            assert_eq!(play(&told, of, 6), unread, "{of}");
        }
        // An account that is not there may be one of those that ended; the server is not.
        let told = told(&[(ENDED, 5)]);
        assert_eq!(play(&told, account, 5), held);
        assert_eq!(play(&told, account, 6), unread);
        assert_eq!(play(&told, SERVER, 1), unread);
        assert_eq!(play(&told, SERVER, 2), missing);
        let end = Record {
            stream: account,
            number: 6,
            payload: br#"{"now":0,"drawn":0,"calls":0,"do":"End"}"#,
        };
        let why = Replay::new(&world, settings, &told).play(end).unwrap_err();
        assert_eq!(why, "there is no account 1250000009");
    }
}
