//! Bandwidth and connections of a shard beyond what its size has by itself.

use crate::cloud::catalogue::edition;
use crate::cloud::catalogue::edition::Edition;
use crate::cloud::catalogue::spec::Spec;
use crate::cloud::ids::TaskId;
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::network::record::Connection;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};

/// Most MB/s that a shard can have beside its base.
pub const ADD_MOST_MB_S: u64 = 512;

/// Sets additional bandwidth, the connections, or both. Gives the task's number.
pub fn modify_connection(
    cloud: &mut Cloud,
    call: &Call,
    id: &str,
    add_mb_s: Option<i64>,
    clients: Option<i64>,
) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    is_adjustable(instance)?;
    if add_mb_s.is_none() && clients.is_none() {
        let why = "Bandwidth, ClientLimit or both must be given";
        return Err(Refusal::BadCombination { why });
    }
    let (least, most) = instance.client_range();
    let within = |parameter, given: Option<i64>, least: u64, most: u64| {
        let number = |given: i64| {
            let known = u64::try_from(given)
                .ok()
                .filter(|number| (least..=most).contains(number));
            known.ok_or_else(|| bad_value(parameter, format!("{given} lies outside {least} to {most}")))
        };
        given.map(number).transpose()
    };
    let to = Connection {
        add_bandwidth_mb_s: within("Bandwidth", add_mb_s, 0, ADD_MOST_MB_S)?,
        client_limit: within("ClientLimit", clients, least, most)?,
    };
    flow::can_begin(cloud, call, instance, FlowKind::Connection)?;
    let id = instance.id.clone();
    let change = Change::now(FlowKind::Connection, Payload::Connection(to));
    Ok(flow::begin(cloud, call, &id, None, change))
}

/// Refuses where an edition's bandwidth and connections are what they are.
pub fn is_adjustable(instance: &Instance) -> Result<(), Refusal> {
    if instance.edition.is_modern() {
        return Ok(());
    }
    Err(Refusal::EditionCannot {
        type_id: instance.edition.type_id,
        what: "have other bandwidth or connections than their size has",
    })
}

pub(crate) fn apply(instance: &mut Instance, to: &Connection) {
    let usual = instance.edition.limit(instance.spec.mem_mb).clients;
    instance.add_bandwidth_mb_s = to.add_bandwidth_mb_s.unwrap_or(instance.add_bandwidth_mb_s);
    if let Some(clients) = to.client_limit {
        instance.client_limit = Some(clients).filter(|clients| *clients != usual);
    }
}

/// A size whose bandwidth is asked for. What is `None` is as the instance has it, or the least there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpecRequest<'a> {
    pub instance_id: Option<&'a str>,
    pub mem_mb: Option<u64>,
    pub shards: Option<u64>,
    pub replicas: Option<u64>,
    /// `ReadOnlyWeight`: whether replicas serve reads.
    pub replicas_readonly: Option<bool>,
    pub type_id: Option<u64>,
}

/// Bandwidth of a whole instance of that size in bytes/s, and connections of a shard.
pub fn of_spec(cloud: &Cloud, call: &Call, asked: &SpecRequest<'_>) -> Result<(u64, u64), Refusal> {
    let sized = asked.mem_mb.or(asked.shards).or(asked.replicas).is_some();
    let instance = (asked.instance_id)
        .map(|id| cloud.instance(call.region, id))
        .transpose()?;
    let (edition, own, own_readonly) = match instance {
        Some(instance) => (instance.edition, instance.spec, instance.replicas_readonly),
        None if sized || asked.type_id.is_some() => {
            let edition = edition_of(asked.type_id)?;
            let smallest = edition.memory.get().and_then(|sizes| sizes.mb.first().copied());
            let spec = Spec {
                mem_mb: smallest.unwrap_or(edition.default_spec().mem_mb),
                shards: 1,
                replicas: 1,
            };
            (edition, spec, false)
        }
        None => {
            let why = "InstanceId or a size must be given";
            return Err(Refusal::BadCombination { why });
        }
    };
    let spec = Spec {
        mem_mb: asked.mem_mb.unwrap_or(own.mem_mb),
        shards: asked.shards.unwrap_or(own.shards),
        replicas: asked.replicas.unwrap_or(own.replicas),
    };
    let readers = if asked.replicas_readonly.unwrap_or(own_readonly) {
        spec.replicas.max(1)
    } else {
        1
    };
    let limit = edition.limit(spec.mem_mb);
    let mb_s = limit.net_mb_s.saturating_mul(spec.shards).saturating_mul(readers);
    Ok((mb_s.saturating_mul(1 << 20), limit.clients))
}

/// The edition of that number; where none is named, the newest of Redis 5.0, whose limits most have.
fn edition_of(type_id: Option<u64>) -> Result<&'static Edition, Refusal> {
    let type_id = type_id.unwrap_or(8);
    edition::find(type_id).ok_or(Refusal::UnknownType { type_id })
}
