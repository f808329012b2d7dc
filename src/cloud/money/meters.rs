//! What the hours of postpaid instances cost before they are booked: in closed form, so that no hour has to pass by
//! itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cloud::catalogue::price::Tariff;
use crate::cloud::time::{HOUR, Millis};

/// Hours that are charged at one tariff. An hour counts once it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Metered {
    /// When its first hour began.
    pub since: Millis,
    pub tariff: Tariff,
}

impl Metered {
    /// How many hours of it are over at that moment.
    pub fn hours(&self, at: Millis) -> i64 {
        (at.saturating_sub(self.since) / HOUR).max(0)
    }

    /// What they cost together, in fen.
    pub fn cost_fen(&self, at: Millis) -> i64 {
        self.cost_of_fen(self.hours(at))
    }

    /// What its first so many hours cost, in fen.
    pub fn cost_of_fen(&self, hours: i64) -> i64 {
        self.tariff.for_hours(hours).fen()
    }

    /// When the hour that is under way then began.
    pub(crate) fn hour_begun(&self, at: Millis) -> Millis {
        self.since.saturating_add(self.hours(at).saturating_mul(HOUR))
    }
}

/// All stretches under way of an account, and what they have cost together. A copy shares them with its original until
/// one of both changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meters {
    /// How many instances have each.
    counts: Arc<BTreeMap<Metered, u64>>,
    instances: u64,
    /// What an hour of all of them costs at most, in millionths of a fen.
    hour_micro_fen: i128,
}

impl Meters {
    /// One more instance is charged so.
    pub(crate) fn add(&mut self, stretch: Metered) {
        *Arc::make_mut(&mut self.counts).entry(stretch).or_default() += 1;
        self.instances += 1;
        self.hour_micro_fen += stretch.tariff.first().micro_fen;
    }

    /// One that was charged so is not any more.
    pub(crate) fn remove(&mut self, stretch: &Metered) {
        let counts = Arc::make_mut(&mut self.counts);
        let Some(count) = counts.get_mut(stretch) else {
            return;
        };
        *count -= 1;
        if *count == 0 {
            counts.remove(stretch);
        }
        self.instances -= 1;
        self.hour_micro_fen -= stretch.tariff.first().micro_fen;
    }

    /// What all hours that are over at that moment cost, in fen: of each instance as it will be booked.
    pub(crate) fn cost_fen(&self, at: Millis) -> i128 {
        let cost_fen = |(stretch, count): (&Metered, &u64)| i128::from(stretch.cost_fen(at)) * i128::from(*count);
        self.counts.iter().map(cost_fen).sum()
    }

    /// The first moment of those two or between them at which the hours have cost more than that.
    pub(crate) fn cost_more_at(&self, fen: i64, from: Millis, by: Millis) -> Option<Millis> {
        let fen = i128::from(fen);
        let more = |at| self.at_most_fen(at) > fen && self.cost_fen(at) > fen;
        let (first, _) = self.counts.first_key_value().filter(|_| more(by))?;
        let (mut before, mut after) = (from.max(first.since).min(by), by);
        if more(before) {
            return Some(before);
        }
        while after.saturating_sub(before) > 1 {
            let middle = before + (after - before) / 2;
            if more(middle) {
                after = middle;
            } else {
                before = middle;
            }
        }
        Some(after)
    }

    /// No less than what the hours have cost, without going through them.
    fn at_most_fen(&self, at: Millis) -> i128 {
        const MICRO: i128 = 1_000_000;
        let hours = self.counts.first_key_value().map_or(0, |(first, _)| first.hours(at));
        // Each instance's sum is rounded, up by half a fen at most.
        self.hour_micro_fen * i128::from(hours) / MICRO + 1 + i128::from(self.instances)
    }
}
