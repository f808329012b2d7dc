//! What `/metrics` shows: calls by action and code, how long they took, and what a lenient emulator let in that a
//! strict one would not.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dashmap::DashMap;

use crate::contract::{Action, ActionId, ErrorCode};

/// Upper bounds of the latency histogram's buckets, in microseconds.
const BUCKETS_US: [u64; 10] = [10, 25, 50, 100, 250, 500, 1_000, 10_000, 100_000, 1_000_000];

/// Counters since the start; a reset of the state does not touch them.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    calls: DashMap<(Option<ActionId>, Option<ErrorCode>), Calls>,
    bucket_counts: [AtomicU64; BUCKETS_US.len()],
    count: AtomicU64,
    sum_us: AtomicU64,
    bypassed: AtomicU64,
}

#[derive(Debug)]
struct Calls {
    action: &'static str,
    count: AtomicU64,
}

impl Metrics {
    /// Counts a call: to an action, if it named one that exists, with a code, if it was refused.
    pub(crate) fn count(&self, action: Option<&'static Action>, code: Option<ErrorCode>, took: Duration) {
        let key = (action.map(|action| action.id), code);
        let add = |calls: &Calls| calls.count.fetch_add(1, Ordering::Relaxed);
        if let Some(calls) = self.calls.get(&key) {
            add(&calls);
        } else {
            let name = action.map_or("", |action| action.name);
            let new = || Calls {
                action: name,
                count: AtomicU64::new(0),
            };
            add(&self.calls.entry(key).or_insert_with(new));
        }
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if let Some(at) = BUCKETS_US.iter().position(|bound| took_us <= *bound) {
            self.bucket_counts[at].fetch_add(1, Ordering::Relaxed);
        }
        self.count.fetch_add(1, Ordering::Relaxed);
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
        let mut rows: Vec<_> = self
            .calls
            .iter()
            .map(|entry| {
                let code = entry.key().1.map_or("", ErrorCode::as_str);
                (entry.action, code, entry.count.load(Ordering::Relaxed))
            })
            .collect();
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
        for (bound_us, count) in BUCKETS_US.iter().zip(&self.bucket_counts) {
            below += count.load(Ordering::Relaxed);
            let bound = Duration::from_micros(*bound_us).as_secs_f64();
            let _ = writeln!(text, "crs_local_call_seconds_bucket{{le=\"{bound}\"}} {below}");
        }
        let count = self.count.load(Ordering::Relaxed);
        let sum = Duration::from_micros(self.sum_us.load(Ordering::Relaxed)).as_secs_f64();
        let _ = writeln!(
            text,
            "crs_local_call_seconds_bucket{{le=\"+Inf\"}} {count}\n\
             crs_local_call_seconds_sum {sum}\n\
             crs_local_call_seconds_count {count}\n\
             # HELP crs_local_bypassed_total Calls that --auth strict would have refused for who calls.\n\
             # TYPE crs_local_bypassed_total counter\n\
             crs_local_bypassed_total {}",
            self.bypassed()
        );
        text
    }
}
