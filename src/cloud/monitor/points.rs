//! Points: what a metric is in each period, worked out from the pieces of time in which it goes straight.

use std::ops::Range;

use crate::cloud::monitor::executions::{is_there, life, on_shard, shard_of};
use crate::cloud::monitor::load;
use crate::cloud::monitor::load::Split;
use crate::cloud::monitor::memory;
use crate::cloud::monitor::metric::{FINEST_S, Kind, Metric, Quantity};
use crate::cloud::monitor::moment::{Moment, Scene, Target};
use crate::cloud::monitor::record::{Event, Run, Stretch};
use crate::cloud::time::{DAY, HOUR, Millis, SECOND};

/// A point of a metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When its period began.
    pub at: Millis,
    /// The statistic that the metric is published with.
    pub value: f64,
    pub max: f64,
    pub min: f64,
    pub mean: f64,
}

/// The periods that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Where the first begins.
    pub start: Millis,
    /// Where the last begins.
    pub end: Millis,
    pub period_s: u64,
}

impl Grid {
    /// The length of a period.
    pub fn period(&self) -> Millis {
        self.period_s as Millis * SECOND
    }

    /// How many periods there are, both ends counted.
    pub fn len(&self) -> u64 {
        u64::try_from((self.end - self.start) / self.period() + 1).unwrap_or(0)
    }
}

/// How long points of that period are kept. Documented (248/39917); of the finest nothing is, so it is taken for that
/// of a second.
fn kept(period_s: u64) -> Millis {
    DAY * match period_s {
        0..60 => 1,
        60..300 => 15,
        300..3_600 => 31,
        3_600..86_400 => 93,
        _ => 186,
    }
}

/// The points of a metric, as far as there are any: none before the instance was made or after it was isolated, none of
/// the future, none older than what is kept.
pub fn points(scene: &Scene<'_>, metric: &Metric, target: Target, grid: &Grid, now: Millis) -> Vec<Point> {
    let line = Line {
        scene,
        stretches: memory::stretches(scene.instance),
        of: metric.quantity(),
        kind: metric.kind(),
        target,
        now,
    };
    let life = life(scene.instance);
    let oldest = now - kept(grid.period_s);
    let begins = (0..grid.len()).map(|number| grid.start + number as Millis * grid.period());
    let told = begins.filter(|at| (oldest..=now).contains(at));
    told.filter_map(|at| line.point(at, grid, &life)).collect()
}

/// A metric of a target over time.
struct Line<'a> {
    scene: &'a Scene<'a>,
    stretches: Vec<Stretch>,
    of: Quantity,
    kind: Kind,
    target: Target,
    now: Millis,
}

/// A span of time in which a metric goes straight.
struct Piece<'a> {
    stretch: &'a Stretch,
    span: Range<Millis>,
}

/// What is seen of a metric over a span of time.
#[derive(Default)]
struct Seen {
    min: f64,
    max: f64,
    /// Value times seconds.
    area: f64,
    seconds: f64,
    last: f64,
}

impl Seen {
    fn add(&mut self, from: f64, until: f64, seconds: f64) {
        if self.seconds == 0.0 {
            (self.min, self.max) = (from, from);
        }
        self.min = self.min.min(from).min(until);
        self.max = self.max.max(from).max(until);
        self.area += (from + until) / 2.0 * seconds;
        self.seconds += seconds;
        self.last = until;
    }

    fn mean(&self) -> f64 {
        self.area / self.seconds
    }
}

impl Line<'_> {
    fn point(&self, at: Millis, grid: &Grid, life: &Range<Millis>) -> Option<Point> {
        let ends_at = at + grid.period();
        let span = at.max(life.start)..ends_at.min(self.now).min(life.end);
        if ends_at <= life.start || at >= life.end || self.now < life.start {
            return None;
        }
        let runs = ends_at > self.now;
        if span.start >= span.end {
            // Nothing of it has passed, and nothing was executed in it.
            let executed = self.of == Quantity::LatencyMax && !self.scene.workload.commands.is_empty();
            let value = match self.kind {
                Kind::Count => 0.0,
                _ if executed => 0.0,
                _ => self.present(span.start)?,
            };
            return Some(all_alike(at, value));
        }
        let seen = self.seen(&span)?;
        let extra = self.counted(&span);
        if let Kind::Count = self.kind {
            return Some(all_alike(at, seen.area + extra));
        }
        if self.of == Quantity::LatencyMax {
            return Some(all_alike(at, self.longest(&span, seen.max)));
        }
        let per_second = extra / seen.seconds;
        let value = match self.kind {
            Kind::Rate => seen.mean() + per_second,
            Kind::Level if runs => self.present(span.end)?,
            Kind::Level if grid.period_s == FINEST_S => seen.last,
            _ => seen.max,
        };
        Some(Point {
            at,
            value: rounded(value),
            max: rounded(seen.max + per_second),
            min: rounded(seen.min + per_second),
            mean: rounded(seen.mean() + per_second),
        })
    }

    /// The value at a moment, what begins just then counted.
    fn present(&self, at: Millis) -> Option<f64> {
        let stretch = self.stretch_at(at);
        self.moment(stretch, at, at, Split::default())
            .value(self.of, self.target)
    }

    fn stretch_at(&self, at: Millis) -> &Stretch {
        &self.stretches[self.place_at(at)]
    }

    /// The place of the stretch that a moment falls into; before the first it is told by that.
    fn place_at(&self, at: Millis) -> usize {
        let next = self.stretches.partition_point(|stretch| stretch.from <= at);
        next.saturating_sub(1)
    }

    /// The moment `at`, seen from a piece that began then or before.
    fn moment<'a>(&'a self, stretch: &'a Stretch, begins: Millis, at: Millis, events: Split) -> Moment<'a> {
        Moment {
            scene: self.scene,
            stretch,
            used_mb: stretch.used_mb_at(at),
            active: begins >= self.scene.since,
            full: stretch.used_mb_at(begins) >= stretch.total_mb(),
            evicts: self.scene.evicts.at(begins),
            events,
        }
    }

    /// What is seen over a span that is not empty; `None`: nothing.
    fn seen(&self, span: &Range<Millis>) -> Option<Seen> {
        let events = self.events(span).map(|(_, event)| event);
        let events = load::spread(events, (span.end - span.start) as f64 / SECOND as f64);
        let mut seen = Seen::default();
        for piece in self.pieces(span) {
            let (from, until) = (piece.span.start, piece.span.end);
            let value = |at| self.moment(piece.stretch, from, at, events).value(self.of, self.target);
            if let (Some(first), Some(last)) = (value(from), value(until)) {
                seen.add(first, last, (until - from) as f64 / SECOND as f64);
            }
        }
        (seen.seconds > 0.0).then_some(seen)
    }

    /// A span in its pieces: cut where something changed, where the load begins, and where memory is full or empty.
    fn pieces(&self, span: &Range<Millis>) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        let first = self.place_at(span.start);
        for (number, stretch) in self.stretches.iter().enumerate().skip(first) {
            let begins = if number == 0 { Millis::MIN } else { stretch.from };
            let ends = self.stretches.get(number + 1).map_or(Millis::MAX, |next| next.from);
            if begins >= span.end {
                break;
            }
            let (mut from, until) = (begins.max(span.start), ends.min(span.end));
            let mut cuts = vec![stretch.from, self.scene.since];
            cuts.extend(bends(stretch));
            cuts.extend(self.scene.evicts.turns());
            cuts.sort_unstable();
            for cut in cuts.into_iter().chain([until]) {
                if from < cut && cut <= until {
                    pieces.push(Piece {
                        stretch,
                        span: from..cut,
                    });
                    from = cut;
                }
            }
        }
        pieces
    }

    /// The events of a span that are the target's.
    fn events<'a>(&'a self, span: &'a Range<Millis>) -> impl Iterator<Item = (u64, &'a Event)> {
        let shards = self.scene.instance.spec.shards;
        self.scene.events(span).filter(move |(number, event)| {
            let here = match self.target {
                Target::Node { shard, .. } => shard_of(*number, Some(event), shards) == shard,
                _ => true,
            };
            here && self.executes(&event.run)
        })
    }

    /// Whether it is looked at, and somebody is there to execute it.
    fn executes(&self, run: &Run) -> bool {
        let looked_at = self.scene.command.is_none_or(|word| word == run.cmd);
        looked_at && is_there(self.scene.instance, run)
    }

    /// What is counted one by one over a span.
    fn counted(&self, span: &Range<Millis>) -> f64 {
        match self.of {
            Quantity::CmdSlow => self.slow(span) as f64,
            Quantity::CmdErr => {
                let failed = self.events(span).filter(|(_, event)| event.err.is_some());
                failed.count() as f64 * self.scene.part(self.target)
            }
            _ => 0.0,
        }
    }

    /// The executions of a span that go to the slow log: as many as that has rows. Executions go over the shards in
    /// turn, on each to the master or the first replica.
    fn slow(&self, span: &Range<Millis>) -> u64 {
        let parts = self.scene.slow_from.over(span);
        parts.map(|(part, micros)| self.slow_from(micros, &part)).sum()
    }

    fn slow_from(&self, micros: u64, span: &Range<Millis>) -> u64 {
        let is_slow = |run: &Run| run.micros >= micros && self.executes(run);
        let is_own = |run: &Run| match self.target {
            Target::Node { copy, .. } => copy == u64::from(run.on_replica),
            _ => true,
        };
        let wanted = |run: &Run| is_slow(run) && is_own(run);
        let shards = self.scene.instance.spec.shards.max(1);
        let rows = self.scene.workload.commands.iter().filter(|row| wanted(&row.run));
        let of_rows = rows.map(|row| {
            let numbers = row.pace.executions(self.scene.since, span);
            match self.target {
                Target::Node { shard, .. } => on_shard(&numbers, shard, shards),
                _ => numbers.end - numbers.start,
            }
        });
        let events = self.events(span).filter(|(_, event)| wanted(&event.run)).count() as u64;
        of_rows.sum::<u64>() + events
    }

    /// The longest execution of a span, in ms; of a load that is stated without commands, what is told of it.
    fn longest(&self, span: &Range<Millis>, told: f64) -> f64 {
        let commands = &self.scene.workload.commands;
        let told = if commands.is_empty() { told } else { 0.0 };
        let rows = commands.iter().filter(|row| {
            let numbers = row.pace.executions(self.scene.since, span);
            !numbers.is_empty() && self.executes(&row.run)
        });
        let runs = rows.map(|row| &row.run);
        let runs = runs.chain(self.events(span).map(|(_, event)| &event.run));
        let longest = runs.map(Run::seen_micros).max().unwrap_or(0);
        told.max(longest as f64 / 1000.0)
    }
}

/// Where the memory of a stretch, or that of its first shard, begins or ends to be full or empty.
fn bends(stretch: &Stretch) -> Vec<Millis> {
    let growth = stretch.growth_mb_per_hour;
    if growth == 0.0 {
        return Vec::new();
    }
    let begins_mb = stretch.used_mb_at(stretch.from);
    let first_mb = stretch.spec.mem_mb as f64 / stretch.share(0);
    let after = |mb: f64| ((mb - begins_mb) / growth * HOUR as f64).ceil();
    let bends = [0.0, stretch.total_mb(), first_mb].map(after);
    let later = bends.into_iter().filter(|after| *after > 0.0 && *after < LONG);
    later
        .map(|after| stretch.from.saturating_add(after as Millis))
        .collect()
}

/// Longer than anything goes on, in ms, and well inside what a double counts exactly.
const LONG: f64 = 1e15;

/// A point of which there is one figure only.
fn all_alike(at: Millis, value: f64) -> Point {
    let value = rounded(value);
    Point {
        at,
        value,
        max: value,
        min: value,
        mean: value,
    }
}

/// To three decimals, as the examples show at most.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
