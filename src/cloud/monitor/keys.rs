//! What is told of the keys of an instance that are told one by one: which are asked for most, and which are large.

use std::cmp::Reverse;
use std::ops::Range;

use crate::cloud::instance::record::Instance;
use crate::cloud::monitor::commands::on_ladder;
use crate::cloud::monitor::executions::{begins_at, life};
use crate::cloud::monitor::record::{Key, KeyKind, MB};
use crate::cloud::time::{DAY, MINUTE, Millis};

/// So many keys are told at most: our own figure.
const TOLD_MOST: usize = 100;

fn keys(instance: &Instance) -> &[Key] {
    instance.workload.as_deref().map_or(&[], |of| &of.keys)
}

/// The keys that are asked for in a span, each with how often, the most frequent first.
pub fn hot<'a>(instance: &'a Instance, span: &Range<Millis>) -> Vec<(&'a Key, u64)> {
    let life = life(instance);
    let start = span.start.max(life.start).max(begins_at(instance));
    let passed = u128::try_from(span.end.min(life.end).saturating_sub(start)).unwrap_or(0);
    let asked = |key: &Key| (u128::from(key.per_minute) * passed / MINUTE as u128) as u64;
    let mut all: Vec<_> = keys(instance)
        .iter()
        .map(|key| (key, asked(key)))
        .filter(|(_, asked)| *asked > 0)
        .collect();
    all.sort_by_key(|(key, asked)| (Reverse(*asked), key.name.as_str(), key.db));
    all.truncate(TOLD_MOST);
    all
}

/// The keys that were there on a day: those of the workload, once the instance was made.
fn on_day(instance: &Instance, day: Millis, now: Millis) -> &[Key] {
    let was_there = day <= now && instance.created_at < day + DAY;
    if was_there { keys(instance) } else { &[] }
}

/// The largest keys on a day, largest first: of all types, or texts alone.
pub fn big(instance: &Instance, day: Millis, texts_alone: bool, now: Millis) -> Vec<&Key> {
    let wanted = |key: &&Key| !texts_alone || key.kind == KeyKind::String;
    let mut all: Vec<_> = on_day(instance, day, now).iter().filter(wanted).collect();
    all.sort_by_key(|key| (Reverse(key.bytes), key.name.as_str(), key.db));
    all.truncate(TOLD_MOST);
    all
}

/// How many keys of each type there were on a day, and what they held, in bytes.
pub fn by_type(instance: &Instance, day: Millis, now: Millis) -> [(KeyKind, u64, u64); 5] {
    KeyKind::ALL.map(|kind| {
        let of_kind = on_day(instance, day, now).iter().filter(|key| key.kind == kind);
        let sum = |(count, bytes): (u64, u64), key: &Key| (count + 1, bytes.saturating_add(key.bytes));
        let (count, bytes) = of_kind.fold((0, 0), sum);
        (kind, count, bytes)
    })
}

/// How many keys of each size there were on a day, by MB.
pub fn by_size(instance: &Instance, day: Millis, now: Millis) -> [(i64, u64); 6] {
    on_ladder(MB, on_day(instance, day, now).iter().map(|key| (key.bytes, 1)))
}
