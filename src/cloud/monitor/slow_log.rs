//! The slow logs: which executions stand in them, and what is asked of them.

use std::cmp::Reverse;
use std::ops::Range;

use crate::cloud::catalogue::edition::Engine;
use crate::cloud::instance::record::Instance;
use crate::cloud::monitor::executions::{Execution, Executions, Row};
use crate::cloud::monitor::record::Run;
use crate::cloud::parameter::catalogue::{PROXY_SLOWER_THAN, SLOWLOG_SLOWER_THAN};
use crate::cloud::parameter::history::History;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::{self, DAY, Millis, SECOND};
use crate::cloud::topology::proxies;

/// A query may ask for so long a time. Documented.
const SPAN_MOST: Millis = 30 * DAY;
/// So long a row is kept. Documented (239/46562).
const KEPT: Millis = 15 * DAY;
/// More rows than these are counted and not shown. Documented.
const SHOWN_MOST: u64 = 10_000;

/// Who keeps a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Log {
    /// Redis.
    Kernel,
    Proxy,
    /// Tendis, whose log is read by an action of its own.
    Tendis,
}

/// What a caller asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlowQuery {
    pub log: Log,
    pub instance_id: String,
    pub begin: String,
    pub end: String,
    /// `MinQueryTime`
    pub least_ms: Option<i64>,
    /// `Role`
    pub role: Option<String>,
}

/// What is found: how many rows, and those that can be shown, in order.
#[derive(Clone, Debug, Default)]
pub struct SlowRows<'a> {
    pub total: u64,
    pub rows: Vec<SlowRow<'a>>,
}

/// A row of a slow log.
#[derive(Clone, Debug)]
pub struct SlowRow<'a> {
    pub execution: Execution<'a>,
    /// `Duration`
    pub ms: u64,
    /// `Client`: an address without a port, if one is told of.
    pub client: Option<String>,
    pub place: Place,
}

/// Where an execution was logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `copy` is 0 for the master.
    Node { shard: u64, copy: u64 },
    /// The proxy of that number.
    Proxy(u64),
}

impl Log {
    /// What an execution took, as this log sees it.
    fn micros(self, run: &Run) -> u64 {
        match self {
            Log::Kernel | Log::Tendis => run.micros,
            Log::Proxy => run.seen_micros(),
        }
    }
}

/// From how many microseconds on an execution goes to the log, over time. Where the edition has no such parameter, as
/// elsewhere by default.
pub fn slow_from(instance: &Instance, log: Log) -> History<u64> {
    let (parameter, usual_ms): (_, u64) = match log {
        Log::Kernel | Log::Tendis => (SLOWLOG_SLOWER_THAN, 10),
        Log::Proxy => (PROXY_SLOWER_THAN, 500),
    };
    let micros = |value: &str| value.parse().unwrap_or(usual_ms).saturating_mul(1_000);
    History::of(instance, parameter, micros)
}

/// What is asked for of a slow log.
pub fn slow_log<'a>(cloud: &'a Cloud, call: &Call, asked: &SlowQuery) -> Result<SlowRows<'a>, Refusal> {
    let times = [("BeginTime", &asked.begin), ("EndTime", &asked.end)];
    if let Some((parameter, _)) = times.into_iter().find(|(_, text)| text.is_empty()) {
        return Err(Refusal::Empty { parameter });
    }
    let instance = cloud.instance(call.region, &asked.instance_id)?;
    let span = span(asked)?;
    let least_micros = match asked.least_ms.map(u64::try_from) {
        None => 0,
        Some(Ok(ms)) if ms > 0 => ms.saturating_mul(1_000),
        Some(_) => {
            return Err(bad_value(
                "MinQueryTime",
                "it must be 1 or more milliseconds".to_owned(),
            ));
        }
    };
    let on_replica = match asked.role.as_deref() {
        None => None,
        Some("master") => Some(false),
        Some("slave") => Some(true),
        Some(role) => return Err(bad_value("Role", format!("`{role}` is none of master and slave"))),
    };
    let is_tendis = instance.edition.engine == Engine::Tendis;
    if is_tendis && asked.log == Log::Kernel {
        let what = "show their slow log here; DescribeTendisSlowLog does";
        let type_id = instance.edition.type_id;
        return Err(Refusal::EditionCannot { type_id, what });
    }
    instance.is_told()?;
    let is_kept = match asked.log {
        Log::Kernel => true,
        Log::Tendis => is_tendis,
        Log::Proxy => proxies::count(instance) > 0,
    };
    if !is_kept {
        return Ok(SlowRows::default());
    }
    let executions = Executions::of(instance);
    let span = span.start.max(call.now - KEPT)..span.end.min(call.now);
    let wanted = |run: &Run| {
        let is_asked = on_replica.is_none_or(|on_replica| run.on_replica == on_replica);
        is_asked && asked.log.micros(run) >= least_micros
    };
    let found = Found::of(&executions, instance, asked.log, &span, wanted);
    if found.total > SHOWN_MOST || !call.may_look_at(found.total as usize) {
        let (total, rows) = (found.total, Vec::new());
        return Ok(SlowRows { total, rows });
    }
    Ok(found.rows(&executions, instance))
}

/// The time that is asked for: whole seconds, both ends counted.
fn span(asked: &SlowQuery) -> Result<Range<Millis>, Refusal> {
    let read = |parameter, text: &str| time::read_given(text).map_err(|why| bad_value(parameter, why));
    let (begin, end) = (read("BeginTime", &asked.begin)?, read("EndTime", &asked.end)?);
    if end < begin {
        return Err(bad_value("EndTime", "it lies before BeginTime".to_owned()));
    }
    if end - begin > SPAN_MOST {
        return Err(bad_value(
            "EndTime",
            "it lies more than 30 days after BeginTime".to_owned(),
        ));
    }
    Ok(begin..end + SECOND)
}

/// Executions that stand in a slow log: rows, each with the spans in which all its executions do.
struct Found<'a> {
    log: Log,
    parts: Vec<(Row<'a>, Range<Millis>)>,
    total: u64,
}

impl<'a> Found<'a> {
    fn of(
        executions: &Executions<'a>,
        instance: &Instance,
        log: Log,
        span: &Range<Millis>,
        wanted: impl Fn(&Run) -> bool,
    ) -> Found<'a> {
        let spans: Vec<_> = slow_from(instance, log).over(span).collect();
        let rows = executions.rows.iter().filter(|row| wanted(row.run));
        let parts = rows.flat_map(|row| {
            let slow = spans.iter().filter(|(_, micros)| log.micros(row.run) >= *micros);
            slow.map(|(span, _)| (*row, span.clone()))
        });
        let parts: Vec<_> = parts.collect();
        let counts = parts.iter().map(|(row, span)| executions.count(row, span));
        let total = counts.fold(0, u64::saturating_add);
        Found { log, parts, total }
    }

    /// All of them, by the second; of one second the longest first.
    fn rows(&self, executions: &Executions<'a>, instance: &Instance) -> SlowRows<'a> {
        let log = self.log;
        let proxies = proxies::count(instance).max(1);
        // Logs of 2.8 and CKV name none: our choice.
        let names_clients = instance.edition.type_id >= 6;
        let all = self.parts.iter().flat_map(|(row, span)| executions.of_row(*row, span));
        let rows = all.map(|execution| SlowRow {
            ms: log.micros(execution.row.run) / 1_000,
            client: Some(&execution)
                .filter(|_| names_clients)
                .and_then(|of| executions.sender(of))
                .map(|from| from.ip().to_string()),
            place: match log {
                Log::Proxy => Place::Proxy(execution.number % proxies),
                Log::Kernel | Log::Tendis => Place::Node {
                    shard: executions.shard(&execution),
                    copy: u64::from(execution.row.run.on_replica),
                },
            },
            execution,
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by_key(|row| {
            let of = &row.execution;
            (of.at.div_euclid(SECOND), Reverse(row.ms), of.number, of.row.place)
        });
        let total = self.total;
        SlowRows { total, rows }
    }
}
