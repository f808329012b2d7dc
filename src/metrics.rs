//! What `/metrics` shows: calls by action and code, how long they took, and what a lenient emulator let in that a
//! strict one would not.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dashmap::DashMap;

use crate::contract::{ACTIONS, Action, ActionId, ErrorCode};

/// Upper bounds of the latency histogram's buckets, in microseconds.
const BUCKETS_US: [u64; 10] = [10, 25, 50, 100, 250, 500, 1_000, 10_000, 100_000, 1_000_000];

/// Counters since the start; a reset of the state does not touch them.
#[derive(Debug)]
pub(crate) struct Metrics {
    /// Calls that were answered, by action: no lock is taken for one, and nothing is hashed.
    answered: [AtomicU64; ACTIONS.len()],
    /// Calls that were refused, by code and by action, if they named one that exists.
    refused: DashMap<(Option<ActionId>, Option<ErrorCode>), AtomicU64>,
    /// Calls by how long they took; the last bucket holds those above every bound.
    buckets: [AtomicU64; BUCKETS_US.len() + 1],
    sum_us: AtomicU64,
    bypassed: AtomicU64,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            answered: [const { AtomicU64::new(0) }; ACTIONS.len()],
            refused: DashMap::default(),
            buckets: Default::default(),
            sum_us: AtomicU64::default(),
            bypassed: AtomicU64::default(),
        }
    }
}

impl Metrics {
    /// Counts a call: to an action, if it named one that exists, with a code, if it was refused.
    pub(crate) fn count(&self, action: Option<ActionId>, code: Option<ErrorCode>, took: Duration) {
        let add = |count: &AtomicU64| count.fetch_add(1, Ordering::Relaxed);
        match (action, code) {
            (Some(action), None) => add(&self.answered[action as usize]),
            refused => add(&self.refused.entry(refused).or_default()),
        };
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BUCKETS_US.partition_point(|bound_us| *bound_us < took_us);
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum_us.fetch_add(took_us, Ordering::Relaxed);
    }

    /// Counts a call that a strict emulator would have refused. Whether it is the first.
    pub(crate) fn count_bypass(&self) -> bool {
        self.bypassed.fetch_add(1, Ordering::Relaxed) == 0
    }

    /// How many calls were let in past the check of who calls.
    pub(crate) fn bypassed(&self) -> u64 {
        self.bypassed.load(Ordering::Relaxed)
    }

    /// The Prometheus text format, sorted, so that the same counts are the same text.
    pub(crate) fn render(&self) -> String {
        let mut text = String::from(
            "# HELP crs_local_calls_total Calls, by action (\"\" where it named none that exists) and code (\"\" where it was answered).\n\
             # TYPE crs_local_calls_total counter\n",
        );
        let answered = ACTIONS.iter().zip(&self.answered);
        let mut rows: Vec<_> = answered
            .map(|(action, count)| (action.name, "", count.load(Ordering::Relaxed)))
            .filter(|(.., count)| *count > 0)
            .collect();
        rows.extend(self.refused.iter().map(|entry| {
            let (action, code) = entry.key();
            let name = action.map_or("", |id| Action::of(id).name);
            (name, code.map_or("", ErrorCode::as_str), entry.load(Ordering::Relaxed))
        }));
        rows.sort_unstable();
        for (action, code, count) in rows {
            let _ = writeln!(
                text,
                "crs_local_calls_total{{action=\"{action}\",code=\"{code}\"}} {count}"
            );
        }
        text.push_str(
            "# HELP crs_local_call_seconds Time from a call's arrival, whole, to its answer.\n\
             # TYPE crs_local_call_seconds histogram\n",
        );
        let mut below = 0;
        let bounds_us = BUCKETS_US.iter().map(Some).chain([None]);
        for (bound_us, count) in bounds_us.zip(&self.buckets) {
            below += count.load(Ordering::Relaxed);
            let bound = bound_us.map_or("+Inf".to_owned(), |us| {
                Duration::from_micros(*us).as_secs_f64().to_string()
            });
            let _ = writeln!(text, "crs_local_call_seconds_bucket{{le=\"{bound}\"}} {below}");
        }
        let sum = Duration::from_micros(self.sum_us.load(Ordering::Relaxed)).as_secs_f64();
        let _ = writeln!(
            text,
            "crs_local_call_seconds_sum {sum}\n\
             crs_local_call_seconds_count {below}\n\
             # HELP crs_local_bypassed_total Calls that --auth strict would have refused for who calls.\n\
             # TYPE crs_local_bypassed_total counter\n\
             crs_local_bypassed_total {}",
            self.bypassed()
        );
        text
    }
}
