//! Logsets and topics of the log service, to which slow logs are delivered.

use crate::cloud::catalogue::region::Region;
use crate::cloud::ids;
use crate::cloud::log::record::{LogSet, PERIOD_DAYS, Topic};
use crate::cloud::refusal::Refusal;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::Millis;

/// The logsets of a region, oldest first.
pub fn of_region<'a>(cloud: &'a Cloud, region: &'static Region) -> impl Iterator<Item = &'a LogSet> {
    cloud.log_sets.iter().filter(|set| set.region.name == region.name)
}

/// The place of the logset of that id; one that is not held exists all the same, and is held from then on.
pub fn held(cloud: &mut Cloud, region: &'static Region, id: &str, now: Millis) -> usize {
    let is_it = |set: &LogSet| set.id == id && set.region.name == region.name;
    if let Some(at) = cloud.log_sets.iter().position(is_it) {
        return at;
    }
    cloud.log_sets.push(LogSet {
        id: id.to_owned(),
        name: id.to_owned(),
        region,
        created_at: now,
        topics: Vec::new(),
    });
    cloud.log_sets.len() - 1
}

/// Makes a logset. Gives its place.
pub fn make_set(cloud: &mut Cloud, region: &'static Region, name: &str, now: Millis) -> usize {
    let id = cloud.ids.log_id();
    let at = held(cloud, region, &id, now);
    name.clone_into(&mut cloud.log_sets[at].name);
    at
}

/// A topic that was not held, named after its id, with what is usual.
pub fn unnamed(id: &str, now: Millis) -> Topic {
    Topic {
        id: id.to_owned(),
        name: id.to_owned(),
        period_days: PERIOD_DAYS,
        index: false,
        created_at: now,
    }
}

/// Deletes a topic.
pub fn delete_topic(cloud: &mut Cloud, call: &Call, id: &str) -> Result<(), Refusal> {
    for set in cloud
        .log_sets
        .iter_mut()
        .filter(|set| set.region.name == call.region.name)
    {
        if let Some(at) = set.topics.iter().position(|topic| topic.id == id) {
            set.topics.remove(at);
            return Ok(());
        }
    }
    Err(Refusal::NoSuchTopic { id: id.to_owned() })
}

/// Deletes a logset that holds no topic.
pub fn delete_set(cloud: &mut Cloud, call: &Call, id: &str) -> Result<(), Refusal> {
    let is_it = |set: &LogSet| set.id == id && set.region.name == call.region.name;
    let Some(at) = cloud.log_sets.iter().position(is_it) else {
        return Err(Refusal::NoSuchLogset { id: id.to_owned() });
    };
    if !cloud.log_sets[at].topics.is_empty() {
        return Err(Refusal::LogsetInUse { id: id.to_owned() });
    }
    cloud.log_sets.remove(at);
    Ok(())
}

/// Whether it has the form of the id of a logset or a topic.
pub fn is_id(text: &str) -> bool {
    ids::is_uuid(text)
}
