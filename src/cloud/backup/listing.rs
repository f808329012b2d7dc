//! Finding backups.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::cloud::backup::daily;
use crate::cloud::backup::record::{Backup, BackupState};
use crate::cloud::ids;
use crate::cloud::ids::BackupId;
use crate::cloud::instance::listing::any;
use crate::cloud::instance::record::Instance;
use crate::cloud::life::record::Payload;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::{DAY, Millis};

/// What DescribeInstanceBackups filters by.
#[derive(Clone, Debug, Default)]
pub struct BackupFilter {
    pub instance_id: Option<String>,
    /// Part of the name.
    pub instance_name: Option<String>,
    /// Begun no earlier.
    pub from: Option<Millis>,
    /// Begun no later.
    pub until: Option<Millis>,
    /// Empty: those that can be used.
    pub states: Vec<i64>,
}

/// The states that a filter may name: some of them belong to ways of making files that are no longer gone.
const STATES: [i64; 6] = [-2, -1, 1, 2, 3, 4];
/// No longer a span is looked at.
const SPAN_MAX: Millis = 30 * DAY;

impl BackupFilter {
    fn check(&self) -> Result<(), Refusal> {
        if let Some(state) = self.states.iter().find(|state| !STATES.contains(state)) {
            return Err(bad_value("Status", format!("{state} is no state of a backup")));
        }
        match self.from.zip(self.until) {
            Some((from, until)) if until < from => Err(bad_value("EndTime", "it lies before `BeginTime`".into())),
            Some((from, until)) if until - from > SPAN_MAX => Err(bad_value(
                "EndTime",
                "it lies more than 30 days after `BeginTime`".into(),
            )),
            _ => Ok(()),
        }
    }

    fn takes(&self, started_at: Millis, state: BackupState) -> bool {
        let good = [BackupState::Good.number()];
        let states = if self.states.is_empty() {
            &good[..]
        } else {
            &self.states
        };
        any(states, |number| *number == state.number())
            && self.from.is_none_or(|from| from <= started_at)
            && self.until.is_none_or(|until| started_at <= until)
    }

    fn takes_instance(&self, id: &str, name: &str) -> bool {
        self.instance_id.as_ref().is_none_or(|own| own == id)
            && self
                .instance_name
                .as_ref()
                .is_none_or(|part| name.contains(part.as_str()))
    }
}

/// A backup as it is at a moment.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    pub backup: Cow<'a, Backup>,
    /// `InstanceName`; "" of one that is gone.
    pub instance_name: &'a str,
    /// `Status`
    pub state: BackupState,
    /// Whether a restore or a clone reads it.
    pub is_locked: bool,
}

/// One that is kept, or one that follows from its instance.
enum Found<'a> {
    Kept(&'a Backup),
    Daily(&'a Instance, Millis),
}

/// How many backups of the region match, and a page of them, newest first.
pub fn find_backups<'a>(
    cloud: &'a Cloud,
    call: &Call,
    filter: &BackupFilter,
    (offset, limit): (usize, usize),
) -> Result<(usize, Vec<Seen<'a>>), Refusal> {
    if let Some(id) = &filter.instance_id {
        cloud.instance(call.region, id)?;
    }
    filter.check()?;
    let looked_at = match &filter.instance_id {
        Some(_) => 0,
        None => cloud.instances.len() + cloud.backups.len(),
    };
    if !call.may_look_at(looked_at + cloud.flows.len()) {
        return Ok((0, Vec::new()));
    }
    let (locked, now) = (locked(cloud), call.now);
    let mut found = Vec::new();
    let mut keep = |backup: &'a Backup| {
        let instance = cloud.instances.get(&backup.instance_id);
        let name = instance.map_or("", |instance| &instance.name);
        let (state, _) = state_of(backup, &locked, now);
        let here = backup.region.name == call.region.name && filter.takes_instance(&backup.instance_id, name);
        if here && filter.takes(backup.started_at, state) {
            found.push((backup.started_at, backup.instance_id.as_str(), Found::Kept(backup)));
        }
    };
    match &filter.instance_id {
        Some(id) => cloud.backups.of(id).for_each(&mut keep),
        None => cloud.backups.values().for_each(&mut keep),
    }
    let mut derive = |instance: &'a Instance| {
        if instance.region.name != call.region.name || !filter.takes_instance(&instance.id, &instance.name) {
            return;
        }
        for at in daily::starts(cloud, instance, now) {
            let own = || ids::daily_backup_id(cloud.ids.seed, &instance.id, at);
            let is_locked = !locked.is_empty() && locked.contains(&own());
            let state = if is_locked {
                BackupState::Running
            } else {
                daily::state(instance, at, now)
            };
            // A clock that was set back makes it again.
            if filter.takes(at, state) && (cloud.backups.is_empty() || !cloud.backups.contains(&own())) {
                found.push((at, instance.id.as_str(), Found::Daily(instance, at)));
            }
        }
    };
    match &filter.instance_id {
        Some(id) => cloud.instances.get(id).into_iter().for_each(&mut derive),
        None => cloud.instances.values().for_each(&mut derive),
    }
    found.sort_by_key(|(at, instance_id, _)| (Reverse(*at), *instance_id));
    let total = found.len();
    let page = found.into_iter().skip(offset).take(limit);
    let shown = page.map(|(_, _, found)| match found {
        Found::Kept(backup) => seen(cloud, Cow::Borrowed(backup), &locked, now),
        Found::Daily(instance, at) => {
            let backup = daily::backup(cloud.ids.seed, instance, at);
            seen(cloud, Cow::Owned(backup), &locked, now)
        }
    });
    Ok((total, shown.collect()))
}

/// The backup of that number, which is the instance's.
pub fn find_backup<'a>(cloud: &'a Cloud, instance: &'a Instance, id: &str, now: Millis) -> Result<Seen<'a>, Refusal> {
    let kept = cloud.backups.get(id).filter(|backup| backup.instance_id == instance.id);
    let backup = match kept {
        Some(backup) => Cow::Borrowed(backup),
        None => {
            let own = |at: &Millis| ids::daily_backup_id(cloud.ids.seed, &instance.id, *at) == id;
            let at = daily::starts(cloud, instance, now).find(own);
            let at = at.ok_or_else(|| Refusal::NoSuchBackup { id: id.to_owned() })?;
            Cow::Owned(daily::backup(cloud.ids.seed, instance, at))
        }
    };
    Ok(seen(cloud, backup, &locked(cloud), now))
}

/// The backup of that number, whosever it is.
pub fn find_any<'a>(cloud: &'a Cloud, id: &str, now: Millis) -> Option<Seen<'a>> {
    if let Some(backup) = cloud.backups.get(id) {
        return Some(seen(cloud, Cow::Borrowed(backup), &locked(cloud), now));
    }
    let number = id.split('-').nth(1)?;
    let is_of = |instance: &&Instance| ids::instance_number(&instance.id).to_string() == number;
    let mut instances = cloud.instances.values().filter(is_of);
    instances.find_map(|instance| find_backup(cloud, instance, id, now).ok())
}

/// What restores and clones read.
fn locked(cloud: &Cloud) -> BTreeSet<&BackupId> {
    let reads = cloud.flows.values().filter_map(|flow| match &flow.payload {
        Payload::Restore(restored) | Payload::Clone(restored) => Some(&restored.backup_id),
        _ => None,
    });
    reads.collect()
}

fn state_of(backup: &Backup, locked: &BTreeSet<&BackupId>, now: Millis) -> (BackupState, bool) {
    if locked.contains(&backup.id) {
        (BackupState::Running, true)
    } else {
        (backup.state(now), false)
    }
}

fn seen<'a>(cloud: &'a Cloud, backup: Cow<'a, Backup>, locked: &BTreeSet<&BackupId>, now: Millis) -> Seen<'a> {
    let (state, is_locked) = state_of(&backup, locked, now);
    let instance = cloud.instances.get(&backup.instance_id);
    Seen {
        instance_name: instance.map_or("", |instance| &instance.name),
        backup,
        state,
        is_locked,
    }
}

impl Seen<'_> {
    /// Refuses unless it can be read now.
    pub(crate) fn is_good(&self) -> Result<(), Refusal> {
        let id = self.backup.id.to_string();
        match self.state {
            _ if self.is_locked => Err(Refusal::BackupLocked { id }),
            BackupState::Good => Ok(()),
            state => Err(Refusal::BackupUnfit {
                id,
                state: state.number(),
            }),
        }
    }
}
