//! The rows of an audit log: which executions it has recorded, which of them are asked for, and in which order.
//!
//! Nothing is kept of them: they follow from the workload. What can be counted in closed form is; only where a
//! condition tells executions of one row of the workload apart are they looked at one by one.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use crate::cloud::instance::record::Instance;
use crate::cloud::log::record::{AuditLog, Field, HIGH_DAYS, LogFilter, SubType};
use crate::cloud::monitor::command::{Class, class};
use crate::cloud::monitor::executions::{Execution, Executions, Row};
use crate::cloud::monitor::load::Load;
use crate::cloud::monitor::record::{MB, Run};
use crate::cloud::refusal::Refusal;
use crate::cloud::state::Cloud;
use crate::cloud::time::{self, DAY, Millis};
use crate::cloud::topology::nodes::Picture;

/// So many executions are looked at one by one for a query: our own figure.
const WALKED_MOST: u64 = 2_000_000;
/// So many executions are put in order at once.
const SORTED_MOST: u64 = 256;
/// How many characters of a node's id a row shows.
const CODE_CHARS: usize = 7;
/// The user of a command that names none.
const USER: &str = "default";

/// Whether an execution is asked for.
type Test<'a> = Rc<dyn Fn(&Execution<'a>) -> bool + 'a>;

/// The rows that are asked for.
#[derive(Clone)]
pub struct Trail<'a> {
    executions: Rc<Executions<'a>>,
    parts: Vec<Part<'a>>,
    span: Range<Millis>,
    /// `CacheCode` by shard: of the master, and of its first replica.
    codes: Rc<Vec<[String; 2]>>,
}

/// Executions of one row of the workload.
#[derive(Clone)]
struct Part<'a> {
    row: Row<'a>,
    /// What tells them apart; none: all are asked for.
    tests: Vec<Test<'a>>,
}

/// Rows with the same value of a field: in which parts they are, and how many.
#[derive(Debug, Default)]
struct Group {
    parts: Vec<usize>,
    count: u64,
}

/// What rows are put in order by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(u64),
    Text(String),
}

/// `CommandType`: what is not known to read is taken to write.
fn command_type(run: &Run) -> &'static str {
    match class(&run.cmd) {
        Class::Read => "READ",
        Class::Write | Class::Other => "WRITE",
    }
}

fn is_recorded(audit: &AuditLog, run: &Run) -> bool {
    match audit.sub_type {
        SubType::All => true,
        SubType::Read => command_type(run) == "READ",
        SubType::Write => command_type(run) == "WRITE",
    }
}

/// Whether the latency of the instance pauses the log.
fn is_paused(instance: &Instance, audit: &AuditLog) -> bool {
    let load = instance.workload.as_deref().map(Load::of).unwrap_or_default();
    load.takes.p99 >= audit.degrade_ms as f64
}

impl<'a> Trail<'a> {
    /// What the log has recorded by then, of the time that is asked for. `seed` is that of the account's ids.
    pub fn of(seed: u64, instance: &'a Instance, audit: &AuditLog, asked: Range<Millis>, now: Millis) -> Trail<'a> {
        let days = Millis::try_from(audit.expire_days).unwrap_or(0);
        let from = audit.opened_at.unwrap_or(now).max(now - days * DAY);
        let until = audit.closed_at.unwrap_or(now).min(now);
        let (executions, paused) = (Executions::of(instance), is_paused(instance, audit));
        let rows = executions.rows.iter().copied();
        let rows = rows.filter(|row| !paused && is_recorded(audit, row.run));
        let parts = rows.map(|row| Part { row, tests: Vec::new() });
        let parts: Vec<_> = parts.collect();
        let mut codes = vec![[String::new(), String::new()]; instance.spec.shards.max(1) as usize];
        let picture = Picture::of(seed, instance);
        for node in picture.all() {
            let of_shard = codes.get_mut(node.shard as usize);
            if let Some(code) = of_shard.and_then(|of| of.get_mut(picture.copy(&node) as usize)) {
                *code = node.id[..CODE_CHARS].to_owned();
            }
        }
        Trail {
            parts,
            executions: Rc::new(executions),
            span: asked.start.max(from)..asked.end.min(until),
            codes: Rc::new(codes),
        }
    }

    /// Of these rows those that fit.
    pub fn filtered(mut self, filter: &LogFilter) -> Trail<'a> {
        let field = filter.field;
        let parts = std::mem::take(&mut self.parts);
        for mut part in parts {
            if field == Field::Timestamp {
                let filter = filter.clone();
                part.tests
                    .push(Rc::new(move |execution| filter.fits_moment(execution.at)));
            } else if let Some(text) = constant(field, &part.row) {
                if !filter.fits_text(&text) {
                    continue;
                }
            } else {
                let (trail, filter) = (self.clone(), filter.clone());
                let test = move |execution: &Execution<'a>| filter.fits_text(&trail.text(field, execution));
                part.tests.push(Rc::new(test));
            }
            self.parts.push(part);
        }
        self
    }

    /// How many executions have to be looked at one by one to count the rows, and to put them in order by a field;
    /// refused where that takes longer than anybody waits.
    pub fn walked(&self, by: Field) -> Result<u64, Refusal> {
        let varies = |row: &Row<'a>| by != Field::Timestamp && constant(by, row).is_none();
        let told_apart = self
            .parts
            .iter()
            .filter(|part| !part.tests.is_empty() || varies(&part.row));
        let walked = told_apart.fold(0_u64, |sum, part| sum.saturating_add(self.executed(part, &self.span)));
        if walked <= WALKED_MOST {
            return Ok(walked);
        }
        Err(Refusal::BadFilter {
            why: format!(
                "{walked} executions would have to be looked at one by one, and {WALKED_MOST} can; ask for a shorter \
                 time, or leave out the condition or the order by what differs from one execution to the next"
            ),
        })
    }

    fn executed(&self, part: &Part<'a>, span: &Range<Millis>) -> u64 {
        self.executions.count(&part.row, span)
    }

    /// How many rows there are.
    pub fn count(&self) -> u64 {
        self.count_in(&self.span)
    }

    fn count_in(&self, span: &Range<Millis>) -> u64 {
        let count = |part: &Part<'a>| match part.tests.is_empty() {
            true => self.executed(part, span),
            false => self.of_part(part, span).count() as u64,
        };
        self.parts.iter().fold(0, |sum, part| sum.saturating_add(count(part)))
    }

    fn of_part<'t>(
        &'t self,
        part: &'t Part<'a>,
        span: &Range<Millis>,
    ) -> impl DoubleEndedIterator<Item = Execution<'a>> + 't {
        let all = self.executions.of_row(part.row, span);
        all.filter(|execution| part.tests.iter().all(|test| test(execution)))
    }

    /// So many rows after so many others, put in order by a field, and by time where that is the same.
    pub fn page(&self, by: Field, descends: bool, offset: u64, limit: usize) -> Vec<Execution<'a>> {
        let (mut skip, mut found) = (offset, Vec::new());
        if by == Field::Timestamp {
            self.take(self.span.clone(), descends, &mut skip, limit, &mut found);
            return found;
        }
        let mut groups: Vec<_> = self.groups(by).into_iter().collect();
        if descends {
            groups.reverse();
        }
        let mut wanted = Vec::new();
        let mut rows = 0_u64;
        for (key, group) in groups {
            if wanted.is_empty() && group.count <= skip {
                skip -= group.count;
            } else if rows < skip.saturating_add(limit as u64) {
                rows = rows.saturating_add(group.count);
                wanted.push((key, group));
            }
        }
        let mut small = self.small_groups(by, &wanted);
        for (key, group) in wanted {
            match small.remove(&key) {
                Some(rows) => add(sorted(rows.into_iter()), descends, &mut skip, limit, &mut found),
                None => {
                    let group = self.of_parts(&group.parts).where_is(by, key);
                    group.take(self.span.clone(), descends, &mut skip, limit, &mut found);
                }
            }
        }
        found
    }

    /// Which parts have rows with each value of a field, and how many rows those are.
    fn groups(&self, by: Field) -> BTreeMap<Key, Group> {
        let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
        let mut add = |key: Key, part: usize, count: u64| {
            let group = groups.entry(key).or_default();
            if group.parts.last() != Some(&part) {
                group.parts.push(part);
            }
            group.count = group.count.saturating_add(count);
        };
        for (at, part) in self.parts.iter().enumerate() {
            match constant(by, &part.row) {
                Some(text) => add(key_of(by, &text), at, self.of_parts(&[at]).count()),
                None => {
                    for execution in self.of_part(part, &self.span) {
                        add(key_of(by, &self.text(by, &execution)), at, 1);
                    }
                }
            }
        }
        groups.retain(|_, group| group.count > 0);
        groups
    }

    /// The rows of those groups that are small: all of them in one pass, for there may be as many as there are rows.
    fn small_groups(&self, by: Field, groups: &[(Key, Group)]) -> BTreeMap<Key, Vec<Execution<'a>>> {
        let small = || groups.iter().filter(|(_, group)| group.count <= SORTED_MOST);
        let mut found: BTreeMap<Key, Vec<_>> = small().map(|(key, _)| (key.clone(), Vec::new())).collect();
        let parts: BTreeSet<usize> = small().flat_map(|(_, group)| &group.parts).copied().collect();
        for at in parts {
            for execution in self.of_part(&self.parts[at], &self.span) {
                if let Some(rows) = found.get_mut(&key_of(by, &self.text(by, &execution))) {
                    rows.push(execution);
                }
            }
        }
        found
    }

    fn of_parts(&self, parts: &[usize]) -> Trail<'a> {
        Trail {
            parts: parts.iter().map(|at| self.parts[*at].clone()).collect(),
            executions: Rc::clone(&self.executions),
            span: self.span.clone(),
            codes: Rc::clone(&self.codes),
        }
    }

    /// Of these rows those with that value.
    fn where_is(mut self, by: Field, key: Key) -> Trail<'a> {
        for at in 0..self.parts.len() {
            if constant(by, &self.parts[at].row).is_none() {
                let (trail, key) = (self.clone(), key.clone());
                let test = move |execution: &Execution<'a>| key_of(by, &trail.text(by, execution)) == key;
                self.parts[at].tests.push(Rc::new(test));
            }
        }
        self
    }

    /// Goes through a span by halves, and puts in order only what is small.
    fn take(&self, span: Range<Millis>, descends: bool, skip: &mut u64, limit: usize, found: &mut Vec<Execution<'a>>) {
        if span.is_empty() || found.len() >= limit {
            return;
        }
        let count = self.count_in(&span);
        if count <= *skip {
            *skip -= count;
            return;
        }
        let all = self.parts.iter().flat_map(|part| self.of_part(part, &span));
        if count <= SORTED_MOST {
            return add(sorted(all), descends, skip, limit, found);
        }
        let middle = span.start + (span.end - span.start) / 2;
        if middle == span.start {
            // All of one millisecond, which may be millions, are in order as they come.
            return add(all, descends, skip, limit, found);
        }
        let mut halves = [span.start..middle, middle..span.end];
        if descends {
            halves.reverse();
        }
        for half in halves {
            self.take(half, descends, skip, limit, found);
        }
    }

    /// The value of a field of a row.
    pub fn text(&self, field: Field, execution: &Execution<'a>) -> Cow<'a, str> {
        if let Some(text) = constant(field, &execution.row) {
            return text;
        }
        match field {
            Field::Timestamp => time::show_millis(execution.at).into(),
            Field::CommandDetail => execution.line().into(),
            Field::ClientAddr => {
                let sender = self.executions.sender(execution);
                sender.map_or(String::new(), |sender| sender.to_string()).into()
            }
            Field::CacheCode => {
                let shard = self.executions.shard(execution);
                let codes = self.codes.get(shard as usize);
                let code = codes.map(|of| &of[usize::from(execution.row.run.on_replica)]);
                code.cloned().unwrap_or_default().into()
            }
            _ => Cow::default(),
        }
    }
}

/// Rows in the order of time.
fn sorted<'a>(rows: impl Iterator<Item = Execution<'a>>) -> impl DoubleEndedIterator<Item = Execution<'a>> {
    let mut all: Vec<_> = rows.collect();
    all.sort_by_key(|execution| (execution.at, execution.row.place, execution.number));
    all.into_iter()
}

/// Adds rows that are in order, behind so many that are skipped, until there are as many as wanted.
fn add<'a>(
    rows: impl DoubleEndedIterator<Item = Execution<'a>>,
    descends: bool,
    skip: &mut u64,
    limit: usize,
    found: &mut Vec<Execution<'a>>,
) {
    let (first, wanted) = (*skip as usize, limit - found.len());
    match descends {
        true => found.extend(rows.rev().skip(first).take(wanted)),
        false => found.extend(rows.skip(first).take(wanted)),
    }
    *skip = 0;
}

/// The value of a field that all executions of a row have.
fn constant<'a>(field: Field, row: &Row<'a>) -> Option<Cow<'a, str>> {
    let run = row.run;
    Some(match field {
        Field::CommandType => command_type(run).into(),
        Field::CommandLatency => (run.micros / 1_000).to_string().into(),
        Field::UserName => run.user.as_deref().unwrap_or(USER).into(),
        Field::DBId => run.db.to_string().into(),
        Field::CommandDetail => match &run.line {
            None => run.cmd.as_str().into(),
            Some(line) if !line.contains("{n}") => line.as_str().into(),
            Some(_) => return None,
        },
        Field::ErrMsg => {
            let event = row.event();
            event.and_then(|event| event.err.as_deref()).unwrap_or_default().into()
        }
        Field::Timestamp | Field::ClientAddr | Field::CacheCode => return None,
    })
}

fn key_of(by: Field, text: &str) -> Key {
    match text.parse() {
        Ok(number) if by.is_number() => Key::Number(number),
        _ => Key::Text(text.to_owned()),
    }
}

/// How many bytes a row takes up: our own figure.
const ROW_BYTES: u64 = 256;

/// What a log takes up by then, in MB: its newest days, and the others.
pub fn stored(cloud: &Cloud, instance: &Instance, audit: &AuditLog, now: Millis) -> (f64, f64) {
    let newest_from = now - HIGH_DAYS.cast_signed() * DAY;
    let mb = |span: Range<Millis>| {
        let rows = Trail::of(cloud.ids.seed, instance, audit, span, now).count();
        let tenths = rows.saturating_mul(ROW_BYTES * 10) / MB;
        tenths as f64 / 10.0
    };
    (mb(newest_from..now), mb(Millis::MIN..newest_from))
}
