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
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Failure {
    verified: bool,
    message: String,
    nearest_misses: Vec<Miss>,
}

impl Failure {
    fn new(message: String, nearest_misses: Vec<Miss>) -> Self {
        Self {
            verified: false,
            message,
            nearest_misses,
        }
    }
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
    let failure = if plan.is_order {
        in_order(&plan, &calls)
    } else {
        counted(&plan, &calls)
    };
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
        let Some(params) = &wanted.params else {
            return Vec::new();
        };
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
    if let Some(failure) = wanted.and_then(|wanted| wanted.miscounted(&found, &others, "")) {
        return Some(failure);
    }
    if !plan.no_others || others.is_empty() {
        return None;
    }
    if let Some(wanted) = wanted {
        return Some(strangers(wanted, others));
    }
    let miss = |call: &&Seen<'_>| call.miss(vec!["no call was expected".to_owned()]);
    Some(Failure::new(
        format!("there was to be no call, and there were {}", others.len()),
        others.iter().take(MISSES_MAX).map(miss).collect(),
    ))
}

/// Those of these calls, none of which is as wanted, that differ least; among equals the latest.
fn nearest(wanted: &Wanted, calls: &[&Seen<'_>]) -> Vec<Miss> {
    let of_another = calls.iter().rev().filter(|call| !call.is_of(wanted)).take(MISSES_MAX);
    let mut near: Vec<_> = calls
        .iter()
        .filter(|call| call.is_of(wanted))
        .chain(of_another)
        .collect();
    near.sort_by_cached_key(|call| {
        (
            !call.is_of(wanted),
            call.differs(wanted).len(),
            Reverse(call.kept.entry.id),
        )
    });
    near.iter()
        .take(MISSES_MAX)
        .map(|call| call.miss(call.differs(wanted)))
        .collect()
}

/// Steps in their order. The calls of a step are counted from the first of them behind the first of the step before, up
/// to the first of the next step; `NoOthers`: there are none beside them.
fn in_order(plan: &Plan, calls: &[Seen<'_>]) -> Option<Failure> {
    let mut starts = Vec::with_capacity(plan.steps.len() + 1);
    for (at, wanted) in plan.steps.iter().enumerate() {
        let from = starts.last().map_or(0, |before| before + 1);
        let Some(first) = calls[from..].iter().position(|call| call.is(wanted)) else {
            return Some(not_behind(at, wanted, calls, from));
        };
        starts.push(from + first);
    }
    starts.push(calls.len());
    if plan.no_others && starts[0] > 0 {
        return Some(strangers(&plan.steps[0], &calls[..starts[0]]));
    }
    for ((at, wanted), stretch) in plan.steps.iter().enumerate().zip(starts.windows(2)) {
        let stretch = &calls[stretch[0]..stretch[1]];
        let (found, others): (Vec<_>, Vec<_>) = stretch.iter().partition(|call| call.is(wanted));
        if let Some(failure) = wanted.miscounted(&found, &others, &format!("InOrder[{at}]: ")) {
            return Some(failure);
        }
        if plan.no_others && !others.is_empty() {
            return Some(strangers(wanted, others));
        }
    }
    None
}

/// The step of this number was not called from that call on.
fn not_behind(at: usize, wanted: &Wanted, calls: &[Seen<'_>], from: usize) -> Failure {
    let behind = match at {
        0 => String::new(),
        at => format!(" behind the first call of InOrder[{}]", at - 1),
    };
    let too_early = calls[..from].iter().rev().filter(|call| call.is(wanted));
    let too_early = too_early.map(|call| call.miss(vec![format!("InOrder[{at}]: it came too early")]));
    let mut found: Vec<_> = too_early.take(1).collect();
    found.extend(nearest(wanted, &calls[from..].iter().collect::<Vec<_>>()));
    found.truncate(MISSES_MAX);
    Failure::new(
        format!("InOrder[{at}]: {} was not called{behind}", wanted.name()),
        found,
    )
}

/// There were calls where none was to be beside those that were wanted.
fn strangers<'a, 'p: 'a>(wanted: &Wanted, others: impl IntoIterator<Item = &'a Seen<'p>>) -> Failure {
    let others: Vec<_> = others.into_iter().collect();
    let calls = if others.len() == 1 { "was 1 call" } else { "were calls" };
    Failure::new(
        format!("there {calls} beside what was expected, and none was to be"),
        others
            .iter()
            .take(MISSES_MAX)
            .map(|call| call.miss(call.differs(wanted)))
            .collect(),
    )
}

impl Wanted {
    /// What is to be said if these calls, which are as wanted, are too few or too many; `others` are not.
    fn miscounted(&self, found: &[&Seen<'_>], others: &[&Seen<'_>], place: &str) -> Option<Failure> {
        let times = found.len() as u64;
        let nearest = if times < self.least {
            nearest(self, others)
        } else {
            let most = self.most.filter(|most| times > *most)?;
            let surplus = found.iter().skip(usize::try_from(most).unwrap_or(usize::MAX));
            let miss = |call: &&Seen<'_>| call.miss(vec!["it is one call too many".to_owned()]);
            surplus.take(MISSES_MAX).map(miss).collect()
        };
        let message = format!(
            "{place}{} was called {}; expected was {}",
            self.name(),
            count(times),
            self.times()
        );
        Some(Failure::new(message, nearest))
    }

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

#[cfg(test)]
mod tests;
