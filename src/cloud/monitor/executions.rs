//! What is executed on an instance, one by one: what a workload's rows come to in a span of time, and of each execution
//! when it was, who sent it and which shard had it.
//!
//! Nothing of it is kept. Spans are counted in closed form; an execution is worked out from its row and its number.

use std::net::{IpAddr, SocketAddr};
use std::ops::Range;

use crate::cloud::instance::record::Instance;
use crate::cloud::monitor::record::{Client, Event, Pace, Run};
use crate::cloud::time::{MINUTE, Millis};

/// The ports from which clients send: ours.
const PORTS: Range<u64> = 40_000..41_000;

/// What is executed on an instance.
#[derive(Clone, Debug)]
pub struct Executions<'a> {
    /// Those rows of the workload that somebody is there to execute: Commands, then Events.
    pub rows: Vec<Row<'a>>,
    /// The moment from which executions are numbered.
    since: Millis,
    /// While it runs at all.
    life: Range<Millis>,
    shards: u64,
    /// The clients, each with the sum of the weights up to and with its own.
    clients: Vec<(u64, &'a Client)>,
}

/// A row of a workload: executions that are all alike.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Its place among the rows of the workload.
    pub place: usize,
    pub run: &'a Run,
    how: How<'a>,
}

/// How often it is executed.
#[derive(Clone, Copy, Debug)]
enum How<'a> {
    Again(Pace),
    /// Once, as the event of that number.
    Once(u64, &'a Event),
}

/// An execution.
#[derive(Clone, Copy, Debug)]
pub struct Execution<'a> {
    pub at: Millis,
    /// Its number in its row, from 0 on: the `{n}` of a line.
    pub number: u64,
    pub row: Row<'a>,
}

impl<'a> Executions<'a> {
    /// What is executed on the instance: nothing, where nobody says what.
    pub fn of(instance: &'a Instance) -> Executions<'a> {
        let workload = instance.workload.as_deref();
        let (commands, events, clients) = workload.map_or((&[][..], &[][..], &[][..]), |of| {
            (&of.commands, &of.events, &of.clients)
        });
        let again = commands.iter().map(|command| (&command.run, How::Again(command.pace)));
        let once = (0..).zip(events);
        let once = once.map(|(number, event)| (&event.run, How::Once(number, event)));
        let rows = again.chain(once).enumerate();
        let rows = rows.map(|(place, (run, how))| Row { place, run, how });
        let mut weights = 0_u64;
        let clients = clients.iter().map(|client| {
            weights = weights.saturating_add(client.weight);
            (weights, client)
        });
        Executions {
            rows: rows.filter(|row| is_there(instance, row.run)).collect(),
            since: begins_at(instance),
            life: life(instance),
            shards: instance.spec.shards,
            clients: clients.collect(),
        }
    }

    /// How often the row is executed in a span, the end of which does not count.
    pub fn count(&self, row: &Row<'_>, span: &Range<Millis>) -> u64 {
        let numbers = self.numbers(row, span);
        numbers.end - numbers.start
    }

    /// The executions of the row in a span, in the order of time.
    pub fn of_row(
        &self,
        row: Row<'a>,
        span: &Range<Millis>,
    ) -> impl DoubleEndedIterator<Item = Execution<'a>> + use<'a> {
        let since = self.since;
        self.numbers(&row, span).map(move |number| Execution {
            at: match row.how {
                How::Again(pace) => pace.at(since, number),
                How::Once(_, event) => event.at,
            },
            number,
            row,
        })
    }

    fn numbers(&self, row: &Row<'_>, span: &Range<Millis>) -> Range<u64> {
        let span = span.start.max(self.life.start)..span.end.min(self.life.end);
        match row.how {
            _ if span.start >= span.end => 0..0,
            How::Again(pace) => pace.executions(self.since, &span),
            How::Once(number, event) if span.contains(&event.at) => number..number + 1,
            How::Once(..) => 0..0,
        }
    }

    /// Who sent it; `None`: no client is told of.
    pub fn sender(&self, execution: &Execution<'_>) -> Option<SocketAddr> {
        if let Some(own) = execution.row.event().and_then(|event| event.client.as_ref()) {
            return own.parse().ok();
        }
        let (weights, _) = self.clients.last()?;
        let turn = execution.number % weights.max(&1);
        let (_, client) = self
            .clients
            .get(self.clients.partition_point(|(upto, _)| *upto <= turn))?;
        let ip: IpAddr = client.ip.parse().ok()?;
        let port = PORTS.start + execution.number % (PORTS.end - PORTS.start);
        Some(SocketAddr::new(ip, u16::try_from(port).ok()?))
    }

    /// The shard that executed it, from 0 on.
    pub fn shard(&self, execution: &Execution<'_>) -> u64 {
        shard_of(execution.number, execution.row.event(), self.shards)
    }
}

impl Execution<'_> {
    /// The command line as it was typed.
    pub fn line(&self) -> String {
        let run = self.row.run;
        run.line
            .as_ref()
            .map_or_else(|| run.cmd.clone(), |line| line.replace("{n}", &self.number.to_string()))
    }
}

impl<'a> Row<'a> {
    /// The event that it is, if it is one.
    pub fn event(&self) -> Option<&'a Event> {
        match self.how {
            How::Again(_) => None,
            How::Once(_, event) => Some(event),
        }
    }
}

/// When the rates of its workload begin: with a whole minute.
pub fn begins_at(instance: &Instance) -> Millis {
    let stated = instance.workload.as_deref().and_then(|of| of.since);
    let since = stated.unwrap_or(instance.created_at);
    since + (-since).rem_euclid(MINUTE)
}

/// From when on, and until when, an instance is used.
pub fn life(instance: &Instance) -> Range<Millis> {
    instance.created_at..instance.recycle_bin.isolated_at.unwrap_or(Millis::MAX)
}

/// Whether somebody is there to execute it.
pub fn is_there(instance: &Instance, run: &Run) -> bool {
    !run.on_replica || instance.spec.replicas > 0
}

/// How many of those numbers lead to that one of so many shards, over which executions go in turn.
pub fn on_shard(numbers: &Range<u64>, shard: u64, shards: u64) -> u64 {
    let before = |number: u64| (number + shards - 1 - shard % shards) / shards;
    before(numbers.end) - before(numbers.start)
}

/// The shard to which an execution of that number goes, from 0 on: the one that its event states, the last where that
/// is gone, or the one whose turn it is.
pub fn shard_of(number: u64, event: Option<&Event>, shards: u64) -> u64 {
    let stated = event.and_then(|event| event.shard);
    let last = shards.saturating_sub(1);
    stated.map_or(number % shards.max(1), |shard| shard.saturating_sub(1).min(last))
}

impl Pace {
    /// How many executions there were since that minute began, and before `at`.
    pub fn executed_before(self, since: Millis, at: Millis) -> u64 {
        let passed = u64::try_from(at.saturating_sub(since)).unwrap_or(0);
        let minute = MINUTE as u64;
        match self {
            Pace::PerMinute(times) => {
                let whole = (passed / minute).saturating_mul(times);
                whole.saturating_add(begun(passed % minute, times))
            }
            Pace::EveryMinutes(minutes) => passed.div_ceil(minutes.max(1).saturating_mul(minute)),
        }
    }

    /// The numbers of its executions between two moments, the second not counted.
    pub fn executions(self, since: Millis, span: &Range<Millis>) -> Range<u64> {
        self.executed_before(since, span.start)..self.executed_before(since, span.end)
    }

    /// When it was executed for the so-manieth time. Execution `i` of `n` in a minute comes `i * 60000 / n` ms after
    /// its beginning, in whole ms.
    pub fn at(self, since: Millis, number: u64) -> Millis {
        let minute = MINUTE as u64;
        let after = match self {
            Pace::PerMinute(times) => {
                let times = times.max(1);
                let of_minute = u128::from(number % times) * u128::from(minute) / u128::from(times);
                (number / times).saturating_mul(minute).saturating_add(of_minute as u64)
            }
            Pace::EveryMinutes(minutes) => minutes.max(1).saturating_mul(minute).saturating_mul(number),
        };
        since.saturating_add(Millis::try_from(after).unwrap_or(Millis::MAX))
    }
}

/// How many of so many executions of a minute come less than that many ms after its beginning.
fn begun(passed: u64, times: u64) -> u64 {
    (u128::from(passed) * u128::from(times)).div_ceil(MINUTE as u128) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_execution_lies_where_it_is_counted() {
        for times in [1, 7, 59, 60, 61, 1_000, 60_000, 61_234, 250_000] {
            let pace = Pace::PerMinute(times);
            for number in (0..3 * times).step_by(1 + times as usize / 97) {
                let at = pace.at(5, number);
                let same_ms = pace.executions(5, &(at..at + 1));
                assert!(same_ms.contains(&number), "{times} {number}: {same_ms:?}");
            }
            assert_eq!(pace.executed_before(0, MINUTE), times);
        }
        for minutes in [1, 10, 1_440] {
            let pace = Pace::EveryMinutes(minutes);
            for number in 0..50 {
                let at = pace.at(5, number);
                assert_eq!(pace.executions(5, &(at..at + 1)), number..number + 1);
            }
        }
    }
}
