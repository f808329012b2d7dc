//! The rules on who may be in a group, in the order in which they are looked at.

use crate::cloud::catalogue::edition::{Arch, Edition};
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::table::FlowKind;
use crate::cloud::monitor::memory;
use crate::cloud::parameter::catalogue::{MAXMEMORY_POLICY, NO_EVICTION};
use crate::cloud::parameter::modify;
use crate::cloud::refusal::{Refusal, ReplicationRefusal};
use crate::cloud::replication::area;
use crate::cloud::replication::record::{MEMBERS_MAX, MemberRole, ReplicationGroup};
use crate::cloud::replication::status::is_idle;
use crate::cloud::state::{Call, Cloud};

/// The documented most of shards.
const SHARDS_MAX: u64 = 64;
/// The documented least of replicas of an instance that writes, which neither example nor client keeps to.
const MASTER_REPLICAS_MIN: u64 = 2;

/// What the rules look at.
pub(crate) struct Plan<'a> {
    pub(crate) cloud: &'a Cloud,
    pub(crate) call: &'a Call,
    pub(crate) instance: &'a Instance,
    /// `None`: it is yet to be made.
    pub(crate) group: Option<&'a ReplicationGroup>,
    pub(crate) role: MemberRole,
}

type Rule = fn(&Plan) -> Result<(), Refusal>;

/// For an instance with which a group is made.
pub(crate) const FOUNDING: &[Rule] = &[
    type_takes_part,
    proxy_is_new,
    instance_runs,
    is_in_no_group,
    shards_are_few,
    evicts_nothing,
    replicas_suffice,
];

/// For one that joins a group.
pub(crate) const JOINING: &[Rule] = &[
    type_takes_part,
    proxy_is_new,
    is_in_no_group,
    group_is_idle,
    instance_runs,
    group_has_room,
    holds_no_data,
    shards_are_few,
    is_as_large,
    evicts_nothing,
    replicas_suffice,
    zone_is_listed,
    has_a_master,
];

/// Holds a plan against each of them.
pub(crate) fn check(rules: &[Rule], plan: &Plan) -> Result<(), Refusal> {
    rules.iter().try_for_each(|rule| rule(plan))
}

/// Whether instances of that edition can be in a group.
pub fn takes_part(edition: &Edition) -> bool {
    (6..=9).contains(&edition.type_id)
}

fn type_takes_part(plan: &Plan) -> Result<(), Refusal> {
    let edition = plan.instance.edition;
    let cannot = |what| {
        Err(Refusal::EditionCannot {
            type_id: edition.type_id,
            what,
        })
    };
    let clusters_alone = plan.cloud.settings.assumed.replication_is_for_clusters;
    if !takes_part(edition) || (clusters_alone && edition.arch != Arch::Cluster) {
        return cannot("be in a replication group");
    }
    match master(plan).filter(|master| master.edition != edition) {
        Some(_) => cannot("be in a replication group of another type"),
        None => Ok(()),
    }
}

fn proxy_is_new(plan: &Plan) -> Result<(), Refusal> {
    plan.instance.has_new_proxy()
}

fn is_in_no_group(plan: &Plan) -> Result<(), Refusal> {
    let id = &plan.instance.id;
    match plan.cloud.replication_groups.of(id) {
        None => Ok(()),
        Some(group) => Err(ReplicationRefusal::Bound {
            id: id.clone(),
            group: group.id.clone(),
        }
        .into()),
    }
}

fn group_is_idle(plan: &Plan) -> Result<(), Refusal> {
    plan.group.map_or(Ok(()), |group| is_idle(plan.cloud, group))
}

fn instance_runs(plan: &Plan) -> Result<(), Refusal> {
    flow::can_begin(plan.cloud, plan.call, plan.instance, FlowKind::JoinGroup)
}

fn group_has_room(plan: &Plan) -> Result<(), Refusal> {
    match plan.group.filter(|group| group.members.len() >= MEMBERS_MAX) {
        Some(group) => Err(ReplicationRefusal::Full { id: group.id.clone() }.into()),
        None => Ok(()),
    }
}

/// What joins others takes their data; the first brings its own.
fn holds_no_data(plan: &Plan) -> Result<(), Refusal> {
    let used_mb = memory::used_mb_at(plan.instance, plan.call.now);
    if master(plan).is_none() || used_mb == 0 {
        return Ok(());
    }
    let id = plan.instance.id.clone();
    Err(ReplicationRefusal::HoldsData { id, used_mb }.into())
}

fn shards_are_few(plan: &Plan) -> Result<(), Refusal> {
    let shards = plan.instance.spec.shards;
    if shards <= SHARDS_MAX {
        return Ok(());
    }
    other_size(plan, format!("{SHARDS_MAX} shards are the most, and it has {shards}"))
}

fn is_as_large(plan: &Plan) -> Result<(), Refusal> {
    let Some(master) = master(plan) else {
        return Ok(());
    };
    let (own, other) = (&plan.instance.spec, &master.spec);
    if (own.shards, own.mem_mb) == (other.shards, other.mem_mb) {
        return Ok(());
    }
    let why = format!(
        "{} has {} shards of {} MB, and it has {} of {} MB",
        master.id, other.shards, other.mem_mb, own.shards, own.mem_mb
    );
    other_size(plan, why)
}

fn other_size(plan: &Plan, why: String) -> Result<(), Refusal> {
    let id = plan.instance.id.clone();
    Err(ReplicationRefusal::OtherSize { id, why }.into())
}

fn evicts_nothing(plan: &Plan) -> Result<(), Refusal> {
    let policy = modify::value_to_come(plan.cloud, plan.instance, MAXMEMORY_POLICY);
    if policy == NO_EVICTION {
        return Ok(());
    }
    Err(unfit(
        plan.instance,
        format!("its {MAXMEMORY_POLICY} is {policy}, not {NO_EVICTION}"),
    ))
}

fn replicas_suffice(plan: &Plan) -> Result<(), Refusal> {
    can_have(plan.cloud, plan.instance, plan.role)
}

/// Refuses a role for which the instance has too few replicas, where that counts.
pub(crate) fn can_have(cloud: &Cloud, instance: &Instance, role: MemberRole) -> Result<(), Refusal> {
    let counts = cloud.settings.assumed.replication_masters_have_two_replicas && role == MemberRole::Rw;
    let replicas = instance.spec.replicas;
    if !counts || replicas >= MASTER_REPLICAS_MIN {
        return Ok(());
    }
    let why = format!("one that writes has {MASTER_REPLICAS_MIN} replicas or more, and it has {replicas}");
    Err(unfit(instance, why))
}

fn zone_is_listed(plan: &Plan) -> Result<(), Refusal> {
    let instance = plan.instance;
    let counts = plan.cloud.settings.assumed.replication_zones_are_listed;
    if !counts || area::has_zone(instance.region, instance.zone_id()) {
        return Ok(());
    }
    Err(unfit(instance, format!("zone {} takes no part", instance.zone_id())))
}

fn has_a_master(plan: &Plan) -> Result<(), Refusal> {
    if plan.role == MemberRole::Rw || master(plan).is_some() {
        return Ok(());
    }
    Err(unfit(plan.instance, "its first member writes, with the role rw".into()))
}

/// An instance that is such, or stands so to its group, that it cannot be done.
pub(crate) fn unfit(instance: &Instance, why: String) -> Refusal {
    let id = instance.id.clone();
    ReplicationRefusal::Unfit { id, why }.into()
}

/// The instance whose data the plan's is to have; `None`: it is the first.
fn master<'a>(plan: &Plan<'a>) -> Option<&'a Instance> {
    let master = plan.group?.master()?;
    plan.cloud.instances.get(&master.instance_id)
}
