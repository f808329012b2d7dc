//! Failover: a replica is promoted, a master or a proxy fails and is replaced.

use crate::cloud::access::password::password_fault_within;
use crate::cloud::ids;
use crate::cloud::ids::TaskId;
use crate::cloud::instance::record::{Access, Instance};
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::parameter::catalogue;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::topology::nodes::{Picture, check_told};
use crate::cloud::topology::proxies;
use crate::cloud::topology::readonly::begin;
use crate::cloud::topology::record::Proxy;

/// The longest password that KillMasterGroup calls one.
const PASSWORD_CHARS_MAX: usize = 30;

/// What ChangeReplicaToMaster asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Promotion {
    pub instance_id: String,
    /// `GroupId`: needed over several zones.
    pub group_id: Option<i64>,
    /// `Emergency`: without checks, in half the time.
    pub emergency: bool,
}

/// Makes masters of the replicas of a group; in one zone, of the first replica of each shard. Gives the task's number.
pub fn change_master(cloud: &mut Cloud, call: &Call, asked: &Promotion) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, &asked.instance_id)?;
    check_told(instance)?;
    let picture = Picture::of(cloud.ids.seed, instance);
    let group_id = asked.group_id.filter(|_| picture.is_spread);
    let is_own = |id: i64| picture.own.groups.iter().any(|group| group.id == id);
    match group_id {
        Some(id) if !is_own(id) => {
            return Err(bad_value("GroupId", format!("the instance has no group {id}")));
        }
        None if picture.is_spread => {
            let why = "an instance over several zones needs it";
            return Err(bad_value("GroupId", why.into()));
        }
        _ => {}
    }
    let id = begin(
        cloud,
        call,
        &asked.instance_id,
        FlowKind::Promote,
        Payload::Promote(group_id),
    )?;
    if asked.emergency {
        cloud.flows.hasten(id);
    }
    Ok(id)
}

/// What KillMasterGroup asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kill {
    pub instance_id: String,
    /// `Password`
    pub password: Option<String>,
    /// `ShardIds`; empty: all.
    pub shard_ids: Vec<i64>,
}

/// Stops the masters of some shards, for which replicas take over. Gives the task's number.
pub fn kill_masters(cloud: &mut Cloud, call: &Call, asked: &Kill) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, &asked.instance_id)?;
    check_told(instance)?;
    if instance.nodes().is_empty() {
        return Err(Refusal::OneZone {
            id: instance.id.clone(),
        });
    }
    let known = |id: i64| u64::try_from(id).ok().filter(|shard| *shard < instance.spec.shards);
    let unknown = |id: i64| bad_value("ShardIds", format!("the instance has no shard {id}; count from 0 on"));
    let named = asked.shard_ids.iter().map(|id| known(*id).ok_or_else(|| unknown(*id)));
    let mut shards: Vec<u64> = named.collect::<Result<_, _>>()?;
    if shards.is_empty() {
        shards = (0..instance.spec.shards).collect();
    }
    shards.sort_unstable();
    shards.dedup();
    opens(instance, asked.password.as_deref())?;
    begin(
        cloud,
        call,
        &asked.instance_id,
        FlowKind::KillMasters,
        Payload::KillMasters(shards),
    )
}

/// Refuses what is not the password of the instance; where that is not known here, any is taken for it.
fn opens(instance: &Instance, password: Option<&str>) -> Result<(), Refusal> {
    let Access::Password(known) = &instance.access else {
        return Ok(());
    };
    let Some(password) = password.filter(|password| !password.is_empty()) else {
        return Err(Refusal::PasswordMissing);
    };
    if known.as_deref().is_none_or(|known| known == password) {
        return Ok(());
    }
    password_fault_within(instance.edition, password, PASSWORD_CHARS_MAX)?;
    Err(Refusal::PasswordWrong)
}

/// Stops proxies, for which new ones come: those that are named, or all. Gives the task's number.
pub fn switch_proxies(cloud: &mut Cloud, call: &Call, id: &str, named: &[String]) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    let all = proxies::proxies(cloud.ids.seed, instance);
    if instance.is_direct {
        return Err(Refusal::NoProxies {
            id: instance.id.clone(),
        });
    }
    if all.is_empty() {
        return Err(Refusal::EditionCannot {
            type_id: instance.edition.type_id,
            what: "have its proxies switched",
        });
    }
    if let Some(unknown) = named.iter().find(|id| all.iter().all(|proxy| proxy.id != **id)) {
        return Err(bad_value("ProxyID", format!("the instance has no proxy `{unknown}`")));
    }
    let of = |proxy: &Proxy| named.is_empty() || named.contains(&proxy.id);
    let gone = all.into_iter().filter(of).map(|proxy| proxy.id).collect();
    begin(cloud, call, id, FlowKind::SwitchProxies, Payload::SwitchProxies(gone))
}

/// The nodes of that group are the masters now; without one, in one zone, the first replica of each shard.
pub(crate) fn promote(seed: u64, instance: &mut Instance, group: Option<i64>) {
    let mut picture = Picture::of(seed, instance);
    let groups = &picture.own.groups;
    let named = group.and_then(|id| groups.iter().position(|group| group.id == id));
    let first_other = |master: usize| (0..groups.len()).find(|group| *group != master);
    let next = |master: usize| named.or_else(|| first_other(master)).unwrap_or(master);
    picture.own.masters = picture.own.masters.iter().map(|master| next(*master)).collect();
    picture.main = next(picture.main);
    picture.put(seed, instance);
}

/// The masters that were stopped are replaced by new nodes. These are masters again where masters go back; elsewhere
/// those that took over stay masters.
pub(crate) fn replace_masters(seed: u64, instance: &mut Instance, shards: &[u64], task: TaskId) {
    let before = Picture::of(seed, instance);
    let mut after = before.clone();
    after.stop_masters(shards);
    let stopped = std::mem::take(&mut after.stopped);
    if instance.parameter(catalogue::AUTO_FAILBACK) != "no" {
        after = before;
    }
    for (shard, group) in stopped {
        let id = ids::run_id(seed, &instance.id, &format!("redis-{shard}-{task}"));
        after.own.groups[group].node_ids[shard as usize] = id;
    }
    after.put(seed, instance);
}

/// The proxies of these ids are replaced by new ones.
pub(crate) fn replace_proxies(seed: u64, instance: &mut Instance, gone: &[String], task: TaskId) {
    let mut all = proxies::in_place(seed, instance);
    for (number, proxy) in all.iter_mut().enumerate() {
        if gone.contains(&proxy.id) {
            proxy.id = ids::run_id(seed, &instance.id, &format!("proxy-{number}-{task}"));
        }
    }
    let own = (all != proxies::usual(seed, instance)).then_some(all);
    instance.set_own_proxies(own);
}
