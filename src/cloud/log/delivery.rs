//! The delivery of an instance's slow log to a topic of the log service.

use crate::cloud::catalogue::edition::Engine;
use crate::cloud::catalogue::region;
use crate::cloud::log::record::{Delivery, PERIOD_DAYS, Topic};
use crate::cloud::log::topic;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};

/// `Period` of a new topic, in days. Documented.
const PERIODS: std::ops::RangeInclusive<i64> = 1..=3_600;

/// What is asked of the delivery. Empty texts are absent ones.
#[derive(Clone, Debug, Default)]
pub struct NewDelivery {
    pub log_type: String,
    pub enabled: bool,
    pub logset_id: Option<String>,
    pub topic_id: Option<String>,
    pub logset_name: Option<String>,
    pub topic_name: Option<String>,
    pub region: Option<String>,
    pub period: Option<i64>,
    pub create_index: Option<bool>,
}

/// Which logset, or which topic of it.
enum Wanted<'a> {
    Held(&'a str),
    New(&'a str),
}

fn wanted<'a>(
    (id_of, id): (&'static str, Option<&'a str>),
    (name_of, name): (&'static str, Option<&'a str>),
) -> Result<Wanted<'a>, Refusal> {
    match (id, name) {
        (Some(id), _) if topic::is_id(id) => Ok(Wanted::Held(id)),
        (Some(id), _) => Err(bad_value(id_of, format!("`{id}` is no id"))),
        (None, Some(name)) => Ok(Wanted::New(name)),
        (None, None) => Err(bad_value(name_of, format!("neither it nor `{id_of}` is given"))),
    }
}

/// Begins or ends the delivery of an instance's slow log, or leads it elsewhere.
pub fn modify(cloud: &mut Cloud, call: &Call, id: &str, new: &NewDelivery) -> Result<(), Refusal> {
    let instance = cloud.instance(call.region, id)?;
    if new.log_type != "slowlog" {
        return Err(bad_value("LogType", format!("`{}` is not slowlog", new.log_type)));
    }
    if instance.edition.engine == Engine::Memcached {
        return Err(Refusal::EditionCannot {
            type_id: instance.edition.type_id,
            what: "deliver their slow log",
        });
    }
    instance.takes_settings()?;
    let instance_id = instance.id.clone();
    let delivery = match new.enabled {
        false => None,
        true => Some(lead(cloud, call, new)?),
    };
    cloud.instances.update(&instance_id, |instance| {
        instance.change_logs(|logs| logs.delivery = delivery);
    });
    Ok(())
}

/// Finds or makes the logset and the topic.
fn lead(cloud: &mut Cloud, call: &Call, new: &NewDelivery) -> Result<Delivery, Refusal> {
    let own = call.region.name;
    let name = new.region.as_deref().unwrap_or(own);
    let region = region::find(name).ok_or_else(|| bad_value("LogRegion", format!("there is no region `{name}`")))?;
    let set = wanted(
        ("LogsetId", new.logset_id.as_deref()),
        ("LogsetName", new.logset_name.as_deref()),
    )?;
    let topic = wanted(
        ("TopicId", new.topic_id.as_deref()),
        ("TopicName", new.topic_name.as_deref()),
    )?;
    let period = new.period.unwrap_or(PERIOD_DAYS.cast_signed());
    if !PERIODS.contains(&period) {
        return Err(bad_value("Period", format!("{period} lies outside 1 to 3600")));
    }
    if let Wanted::Held(id) = &set
        && let Some(other) = cloud.log_sets.iter().find(|other| other.id == **id)
        && other.region.name != region.name
    {
        let why = format!("`{id}` is a logset of {}", other.region.name);
        return Err(bad_value("LogsetId", why));
    }
    if let (Wanted::New(_), Wanted::Held(_)) = (&set, &topic) {
        return Err(bad_value("TopicId", "a new logset has no topic yet".to_owned()));
    }
    if let (Wanted::Held(set_id), Wanted::Held(topic_id)) = (&set, &topic)
        && topic::of_region(cloud, region)
            .any(|other| other.id != **set_id && other.topics.iter().any(|topic| topic.id == **topic_id))
    {
        return Err(bad_value(
            "TopicId",
            format!("`{topic_id}` is a topic of another logset"),
        ));
    }
    let at = match set {
        Wanted::Held(id) => topic::held(cloud, region, id, call.now),
        Wanted::New(name) => topic::make_set(cloud, region, name, call.now),
    };
    let topic = match topic {
        Wanted::Held(id) => topic::unnamed(id, call.now),
        Wanted::New(name) => Topic {
            id: cloud.ids.log_id(),
            name: name.to_owned(),
            period_days: period.unsigned_abs(),
            index: new.create_index.unwrap_or(false),
            created_at: call.now,
        },
    };
    let set = &mut cloud.log_sets[at];
    let topic_id = topic.id.clone();
    if !set.topics.iter().any(|held| held.id == topic_id) {
        set.topics.push(topic);
    }
    Ok(Delivery {
        logset_id: set.id.clone(),
        topic_id,
        region,
    })
}
