//! The memory that is in use of an instance: what it is at a moment, and what is kept of its past.

use std::sync::Arc;

use crate::cloud::instance::record::Instance;
use crate::cloud::monitor::record::{MB, Past, Stretch};
use crate::cloud::time::{DAY, Millis};

/// No point is older, so nothing older is kept.
const KEPT: Millis = 186 * DAY;
/// So many changes of one instance are kept at most: our own figure. Points before the oldest of them are told by it.
pub const ENDED_MAX: usize = 1_000;

/// Bytes in use of the whole instance at that moment, which is not before its last change.
pub fn used_at(instance: &Instance, at: Millis) -> u64 {
    bytes(&instance.stretch(), at)
}

/// The same in whole MB, raised.
pub fn used_mb_at(instance: &Instance, at: Millis) -> u64 {
    used_at(instance, at).div_ceil(MB)
}

/// The same of a stretch.
pub(crate) fn bytes(stretch: &Stretch, at: Millis) -> u64 {
    (stretch.used_mb_at(at) * MB as f64).round() as u64
}

/// The stretch in which a moment of the past lies; the first, where it lies before.
pub(crate) fn stretch_at(instance: &Instance, at: Millis) -> Stretch {
    let ended = instance.memory.past.iter().flat_map(|past| &past.ended);
    let mut found = None;
    for stretch in ended.copied().chain([instance.stretch()]) {
        if found.is_none() || stretch.from <= at {
            found = Some(stretch);
        }
    }
    found.unwrap_or_else(|| instance.stretch())
}

/// All stretches of an instance, oldest first; the last is the present one.
pub fn stretches(instance: &Instance) -> Vec<Stretch> {
    let ended = instance.memory.past.iter().flat_map(|past| &past.ended);
    ended.copied().chain([instance.stretch()]).collect()
}

/// Something of the instance changed at that moment, before which it was as that stretch says: where points follow from
/// it, another stretch begins, with what was in use then.
pub(crate) fn turn(instance: &mut Instance, before: &Stretch, at: Millis) {
    // Of an instance on which nothing ever was, every stretch tells the same.
    let tells = before.used > 0 || instance.workload.is_some() || instance.memory.past.is_some();
    if tells && !instance.stretch().goes_on_as(before) {
        begin(instance, before, bytes(before, at), at);
    }
}

/// The memory in use is another from that moment on.
pub(crate) fn state(instance: &mut Instance, before: &Stretch, used: u64, at: Millis) {
    if !instance.stretch().goes_on_as(before) || used != bytes(before, at) {
        begin(instance, before, used, at);
    }
}

/// A clock that was set back goes on from there: what began later begins then.
pub(crate) fn set_back(instance: &mut Instance, now: Millis) {
    let later = instance.memory.past.take_if(|past| past.since > now);
    if let Some(past) = later {
        let mut ended = Arc::unwrap_or_clone(past).ended;
        ended.retain(|stretch| stretch.from < now);
        keep(instance, ended, now);
    }
}

/// Whether its present stretch begins after that moment.
pub(crate) fn begins_after(instance: &Instance, now: Millis) -> bool {
    instance.memory.past.as_ref().is_some_and(|past| past.since > now)
}

fn begin(instance: &mut Instance, before: &Stretch, used: u64, at: Millis) {
    let kept = instance.memory.past.take();
    let mut ended = kept.map(|past| Arc::unwrap_or_clone(past).ended).unwrap_or_default();
    ended.push(*before);
    // A clock that was set back begins anew from there.
    ended.retain(|stretch| stretch.from < at);
    let next = ended.iter().skip(1).map(|next| next.from).chain([at]);
    let gone = next.take_while(|until| *until < at - KEPT).count();
    let beyond = ended.len().saturating_sub(ENDED_MAX);
    ended.drain(..gone.max(beyond));
    // What has grown while a change to less was under way is cut off there.
    instance.memory.used = used.min(instance.spec.total_mb().saturating_mul(MB));
    keep(instance, ended, at);
}

fn keep(instance: &mut Instance, ended: Vec<Stretch>, since: Millis) {
    // Where nothing grows, and nothing is told from before, it might as well have been so for ever.
    let tells = !ended.is_empty() || instance.stretch().growth_mb_per_hour != 0.0;
    instance.memory.past = tells.then(|| Arc::new(Past { since, ended }));
}
