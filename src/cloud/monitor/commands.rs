//! What is told of the commands of an instance: how often which is executed, what they take, and from where they come.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::cloud::instance::record::Instance;
use crate::cloud::monitor::executions::Executions;
use crate::cloud::monitor::record::{Client, Run};
use crate::cloud::time::Millis;

/// The rungs that times and sizes are sorted into: each with the least that is beyond it. What is beyond all is on the
/// last.
const LADDER: [u64; 5] = [1, 5, 10, 50, 200];
/// How the last rung is called.
const BEYOND: i64 = -1;

/// How many there are on each rung, from the lowest to the highest: the rung as it is called, and the number.
pub fn on_ladder(unit: u64, of: impl Iterator<Item = (u64, u64)>) -> [(i64, u64); 6] {
    let mut rungs: [(i64, u64); 6] = [(BEYOND, 0); 6];
    for (rung, name) in rungs.iter_mut().zip(LADDER) {
        rung.0 = name.cast_signed();
    }
    for (what, many) in of {
        let rung = LADDER.iter().position(|bound| what < bound * unit);
        let (_, number) = &mut rungs[rung.unwrap_or(LADDER.len())];
        *number = number.saturating_add(many);
    }
    rungs
}

/// How often each command is executed in a span, the most frequent first.
pub fn counts<'a>(instance: &'a Instance, span: &Range<Millis>) -> Vec<(&'a str, u64)> {
    by_command(instance, span, |_| 1, 1)
}

/// What the executions of each command take together, in ms, the most first.
pub fn takes_ms<'a>(instance: &'a Instance, span: &Range<Millis>) -> Vec<(&'a str, u64)> {
    by_command(instance, span, |run| run.micros, 1_000)
}

/// The sum over the executions of each command that is executed in a span, in whole units: the largest first, then by
/// name.
fn by_command<'a>(
    instance: &'a Instance,
    span: &Range<Millis>,
    each: fn(&Run) -> u64,
    unit: u128,
) -> Vec<(&'a str, u64)> {
    let mut sums: BTreeMap<&str, u128> = BTreeMap::new();
    let of = Executions::of(instance);
    for row in &of.rows {
        let count = of.count(row, span);
        if count > 0 {
            *sums.entry(&row.run.cmd).or_default() += u128::from(count) * u128::from(each(row.run));
        }
    }
    let mut all: Vec<_> = sums.into_iter().map(|(word, sum)| (word, whole(sum / unit))).collect();
    all.sort_by_key(|(word, sum)| (Reverse(*sum), *word));
    all
}

fn whole(number: u128) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The executions of a span by what they take, in ms.
pub fn took(instance: &Instance, span: &Range<Millis>) -> [(i64, u64); 6] {
    let of = Executions::of(instance);
    let rows = of.rows.iter().map(|row| (row.run.micros, of.count(row, span)));
    on_ladder(1_000, rows)
}

/// The clients, each with its share of the executions of a span by its weight, the largest first, then by address. What
/// does not divide goes to those of whom the most would be cut off.
pub fn sources<'a>(instance: &'a Instance, span: &Range<Millis>) -> Vec<(&'a Client, u64)> {
    let clients = instance.workload.as_deref().map_or(&[][..], |of| &of.clients);
    let executed: u128 = counts(instance, span).iter().map(|(_, count)| u128::from(*count)).sum();
    let weights: u128 = clients.iter().map(|client| u128::from(client.weight)).sum();
    let weights = weights.max(1);
    let share = |client: &Client| executed * u128::from(client.weight);
    let mut all: Vec<_> = clients.iter().map(|client| (client, share(client) / weights)).collect();
    let given: u128 = all.iter().map(|(_, share)| share).sum();
    all.sort_by_key(|(client, _)| (Reverse(share(client) % weights), client.ip.as_str()));
    let left = usize::try_from(executed - given).unwrap_or(0);
    for (_, share) in all.iter_mut().take(left) {
        *share += 1;
    }
    all.sort_by_key(|(client, share)| (Reverse(*share), client.ip.as_str()));
    all.into_iter().map(|(client, share)| (client, whole(share))).collect()
}
