//! Whether what was to be called was called, and if not, what came nearest.

use std::cell::OnceCell;
use std::cmp::Reverse;

use serde::Serialize;
use serde_json::Value;

use super::expectation::{Expectation, Plan, Wanted, WrongKey};
use super::pattern::differences;
use super::{Filter, Kept, Picture, Record};

/// So many near misses are told.
const MISSES_MAX: usize = 3;

/// Why an expectation does not hold.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) nearest: Vec<Miss>,
}

/// A call that came near to what was expected, or one too many.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Miss {
    request: Record,
    differs: Vec<String>,
}

/// Holds an expectation against the calls that a filter leaves of a picture; `Some` if it does not hold. `Err` names
/// what is wrong with the expectation. Takes its time.
pub(crate) fn verify(
    expectation: Expectation,
    filter: &Filter,
    picture: &Picture,
) -> Result<Option<Failure>, WrongKey> {
    let plan = expectation.plan()?;
    let meant = picture.calls().filter(|kept| filter.takes(*kept));
    let calls: Vec<_> = meant.map(Seen::of).collect();
    let failure = if plan.is_order { in_order(&plan, &calls) } else { counted(&plan, &calls) };
    Ok(failure)
}

/// A call, rendered when that is first needed.
struct Seen<'p> {
    kept: Kept<'p>,
    record: OnceCell<Record>,
}

impl<'p> Seen<'p> {
    fn of(kept: Kept<'p>) -> Self {
        let record = OnceCell::new();
        Self { kept, record }
    }

    fn record(&self) -> &Record {
        self.record.get_or_init(|| self.kept.record())
    }

    fn is_of(&self, wanted: &Wanted) -> bool {
        self.kept.action().is_some_and(|action| action.name == wanted.action)
    }

    /// How it differs from what is wanted, a line for each place.
    fn differs(&self, wanted: &Wanted) -> Vec<String> {
        if !self.is_of(wanted) {
            let called = self.record().action.as_deref().unwrap_or("nothing");
            return vec![format!("Action: {called} was called; {} was expected", wanted.action)];
        }
        let Some(params) = &wanted.params else { return Vec::new() };
        let sent = self.record().params.as_ref().unwrap_or(&Value::Null);
        differences(params, sent, wanted.is_exact)
    }

    fn is(&self, wanted: &Wanted) -> bool {
        self.is_of(wanted) && self.differs(wanted).is_empty()
    }

    fn miss(&self, differs: Vec<String>) -> Miss {
        let request = self.record().clone();
        Miss { request, differs }
    }
}

/// One expectation, or none: how often it was called, and what else.
fn counted(plan: &Plan, calls: &[Seen<'_>]) -> Option<Failure> {
    let wanted = plan.steps.first();
    let is = |call: &&Seen<'_>| wanted.is_some_and(|wanted| call.is(wanted));
    let (found, others): (Vec<_>, Vec<_>) = calls.iter().partition(is);
    if let Some(wanted) = wanted {
        let times = found.len() as u64;
        if times < wanted.least {
            return Some(Failure {
                message: format!("{} was called {}; expected was {}", wanted.name(), count(times), wanted.times()),
                nearest: nearest(wanted, &others),
            });
        }
        if let Some(most) = wanted.most.filter(|most| times > *most) {
            let surplus = found.iter().skip(usize::try_from(most).unwrap_or(usize::MAX));
            let surplus = surplus.take(MISSES_MAX).map(|call| call.miss(vec!["it is one call too many".to_owned()]));
            return Some(Failure {
                message: format!("{} was called {}; expected was {}", wanted.name(), count(times), wanted.times()),
                nearest: surplus.collect(),
            });
        }
    }
    if !plan.no_others || others.is_empty() {
        return None;
    }
    let differs = |call: &Seen<'_>| match wanted {
        Some(wanted) => call.differs(wanted),
        None => vec!["no call was expected".to_owned()],
    };
    Some(Failure {
        message: format!("beside what was expected there were {}; none was to be", calls_in_words(others.len())),
        nearest: others.iter().take(MISSES_MAX).map(|call| call.miss(differs(call))).collect(),
    })
}

/// Those of these calls, none of which is as wanted, that differ least; among equals the latest.
fn nearest(wanted: &Wanted, calls: &[&Seen<'_>]) -> Vec<Miss> {
    let of_another = calls.iter().rev().filter(|call| !call.is_of(wanted)).take(MISSES_MAX);
    let mut near: Vec<_> = calls.iter().filter(|call| call.is_of(wanted)).chain(of_another).collect();
    near.sort_by_cached_key(|call| (!call.is_of(wanted), call.differs(wanted).len(), Reverse(call.kept.entry.id)));
    near.iter().take(MISSES_MAX).map(|call| call.miss(call.differs(wanted))).collect()
}

/// Steps in their order: the calls can be cut into as many stretches, one after another, and in each are the calls of
/// its step, as many as it wants, and with `NoOthers` none beside them.
fn in_order(plan: &Plan, calls: &[Seen<'_>]) -> Option<Failure> {
    // Whether a stretch may end before the call of each number.
    let mut ends = vec![false; calls.len() + 1];
    ends[0] = true;
    for (at, wanted) in plan.steps.iter().enumerate() {
        let is: Vec<bool> = calls.iter().map(|call| call.is(wanted)).collect();
        let next = next_ends(&ends, &is, wanted, plan.no_others);
        let is_last = at + 1 == plan.steps.len();
        if !next.contains(&true) || is_last && next.last() != Some(&true) {
            return Some(out_of_order(at, wanted, calls, &is, plan.no_others));
        }
        ends = next;
    }
    None
}

/// Where the stretch of a step may end, by where that of the step before may; `is` says which calls are the step's.
fn next_ends(ends: &[bool], is: &[bool], wanted: &Wanted, no_others: bool) -> Vec<bool> {
    // How many calls of the step, and how many possible ends, stand before each place.
    let before = |count: &mut u64, yes: &bool| {
        let so_far = *count;
        *count += u64::from(*yes);
        Some(so_far)
    };
    let found: Vec<u64> = is.iter().chain([&false]).scan(0, before).collect();
    let open: Vec<u64> = ends.iter().chain([&false]).scan(0, before).collect();
    // The stretch begins in `from..to`, which only ever moves on.
    let (mut from, mut to) = (0, 0);
    let mut next = Vec::with_capacity(ends.len());
    for at in 0..ends.len() {
        while from < at && wanted.most.is_some_and(|most| found[at] - found[from] > most) {
            from += 1;
        }
        if no_others && at > 0 && !is[at - 1] {
            from = at;
        }
        while to <= at && found[at] - found[to] >= wanted.least {
            to += 1;
        }
        next.push(from < to && open[to] > open[from]);
    }
    next
}

fn out_of_order(at: usize, wanted: &Wanted, calls: &[Seen<'_>], is: &[bool], no_others: bool) -> Failure {
    let after = match at {
        0 => String::new(),
        at => format!(" behind what InOrder[{}] expects", at - 1),
    };
    let alone = if no_others { ", and nothing else" } else { "" };
    let elsewhere = calls.iter().zip(is).filter(|(_, is)| **is).map(|(call, _)| {
        call.miss(vec![format!("InOrder[{at}]: it is as expected, but not where or as often as that")])
    });
    let mut found: Vec<_> = elsewhere.take(MISSES_MAX).collect();
    let others: Vec<_> = calls.iter().zip(is).filter(|(_, is)| !**is).map(|(call, _)| call).collect();
    found.extend(nearest(wanted, &others));
    found.truncate(MISSES_MAX);
    Failure {
        message: format!(
            "InOrder[{at}]: {} was not called {}{after}{alone}; in {} it was called {}",
            wanted.name(),
            wanted.times(),
            calls_in_words(calls.len()),
            count(is.iter().filter(|is| **is).count() as u64)
        ),
        nearest: found,
    }
}

impl Wanted {
    /// How a message calls it.
    fn name(&self) -> String {
        match &self.params {
            None => self.action.to_owned(),
            Some(_) => format!("{} with these Params", self.action),
        }
    }

    /// How often it is to have been called.
    fn times(&self) -> String {
        match (self.least, self.most) {
            (least, None) => format!("at least {}", count(least)),
            (least, Some(most)) if least == most => format!("exactly {}", count(most)),
            (0, Some(most)) => format!("at most {}", count(most)),
            (least, Some(most)) => format!("{least} to {}", count(most)),
        }
    }
}

fn count(times: u64) -> String {
    match times {
        1 => "once".to_owned(),
        times => format!("{times} times"),
    }
}

fn calls_in_words(calls: usize) -> String {
    match calls {
        1 => "1 call".to_owned(),
        calls => format!("{calls} calls"),
    }
}
