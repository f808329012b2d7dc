//! What was recorded, done again when a state is read back.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use super::World;
use super::apply::{Done, apply};
use super::kept::Told;
use crate::cloud::advance;
use crate::command::{Command, Entry, ServerCommand};
use crate::contract::Writer;
use crate::fixture::Fixture;
use crate::store::{Record, SERVER, Stream};

/// What was recorded, done again in a world that nobody else has yet.
pub(crate) struct Replay<'a> {
    world: &'a World,
    numbers: BTreeMap<u64, u64>,
    /// The accounts that have not learned yet that a hand has moved the clock.
    unmoved: BTreeSet<u64>,
}

impl<'a> Replay<'a> {
    /// In a world that is as far as `told` says.
    pub(crate) fn new(world: &'a World, told: &Told) -> Self {
        let number = |(stream, of): (&u64, &Stream)| (*stream, of.number);
        Self {
            world,
            numbers: told.streams.iter().map(number).collect(),
            unmoved: BTreeSet::new(),
        }
    }

    /// Does again what a record says. `Err` says why that cannot be.
    pub(crate) fn play(&mut self, record: Record<'_>) -> Result<(), String> {
        let last = self.numbers.entry(record.stream).or_insert(0);
        let known = record.number <= *last;
        if record.number > *last + 1 {
            let (stream, next) = (record.stream, *last + 1);
            return Err(format!("record {next} of {stream} is missing"));
        }
        *last = record.number.max(*last);
        if record.stream == SERVER {
            return if known {
                Ok(())
            } else {
                self.play_server(Entry::read(record.payload)?)
            };
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
        self.play_account(record.stream, entry)
    }

    fn play_server(&mut self, entry: Entry<ServerCommand>) -> Result<(), String> {
        self.world.request_ids.fetch_max(entry.calls, Ordering::Relaxed);
        match entry.command {
            ServerCommand::Clock { time, on } => {
                self.world.clock.set(time);
                if on {
                    let all = self.world.accounts.all();
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
            return Err(format!("there is no account {app_id}"));
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
        // What panicked once does so again, and leaves the same behind.
        let carried_out = catch_unwind(AssertUnwindSafe(|| {
            apply(command, &mut cloud, now, &mut Writer::default())
        }));
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
