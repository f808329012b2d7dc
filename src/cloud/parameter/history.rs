//! What a parameter has been, as its records tell.

use std::ops::Range;

use crate::cloud::instance::record::Instance;
use crate::cloud::time::Millis;

/// What follows from a parameter of an instance, over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History<T> {
    /// The present value.
    now: T,
    /// Those before, oldest first, each with the moment at which it was over.
    before: Vec<(Millis, T)>,
}

impl<T: Copy + PartialEq> History<T> {
    /// The history of that parameter, of which `read` tells what follows from a value. What no record tells of was as
    /// the next one found it.
    pub fn of(instance: &Instance, name: &str, read: impl Fn(&str) -> T) -> History<T> {
        let records = instance.parameters.iter().flat_map(|own| &own.records);
        let changes = records.filter(|record| record.name == name && !record.failed);
        let mut before: Vec<_> = changes.map(|record| (record.at, read(&record.before))).collect();
        before.sort_by_key(|(until, _)| *until);
        let now = read(instance.parameter(name));
        History { now, before }
    }

    /// The value at a moment.
    pub fn at(&self, moment: Millis) -> T {
        let over = self.before.partition_point(|(until, _)| *until <= moment);
        self.before.get(over).map_or(self.now, |(_, value)| *value)
    }

    /// A span in parts, each with the value that it had all the while.
    pub fn over(&self, span: &Range<Millis>) -> impl Iterator<Item = (Range<Millis>, T)> {
        let ends: Vec<Millis> = self.turns().filter(|at| span.start < *at && *at < span.end).collect();
        let starts = [span.start].into_iter().chain(ends.clone());
        let parts = starts.zip(ends.into_iter().chain([span.end]));
        parts.map(|(start, end)| (start..end, self.at(start)))
    }

    /// When it changed.
    pub fn turns(&self) -> impl Iterator<Item = Millis> {
        self.before.iter().map(|(until, _)| *until)
    }
}
