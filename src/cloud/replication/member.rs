//! Members: joining and leaving a group, and the roles in it.

use crate::cloud::ids::{InstanceId, TaskId};
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::{Flow, Payload};
use crate::cloud::life::table::FlowKind;
use crate::cloud::monitor::memory;
use crate::cloud::refusal::{Refusal, ReplicationRefusal, bad_value};
use crate::cloud::replication::group;
use crate::cloud::replication::joining::{self, JOINING, Plan, can_have, unfit};
use crate::cloud::replication::record::{Member, MemberChange, MemberRole, ReplicationGroup};
use crate::cloud::replication::status::is_idle;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::Millis;

/// The instance of a group that an action names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    pub group_id: String,
    pub instance_id: String,
}

/// Brings an instance into a group. Gives the task's number.
pub fn add(cloud: &mut Cloud, call: &Call, named: &Named, role: &str) -> Result<TaskId, Refusal> {
    let group = group::find(cloud, &named.group_id)?;
    let instance = cloud.instance(call.region, &named.instance_id)?;
    let plan = Plan {
        cloud,
        call,
        instance,
        group: Some(group),
        role: role_of(role)?,
    };
    joining::check(JOINING, &plan)?;
    let (instance_id, group_id) = (instance.id.clone(), group.id.clone());
    let member = Member::new(instance_id.clone(), plan.role, call.now);
    cloud
        .replication_groups
        .update(&group_id, |group| group.members.push(member));
    Ok(begin(
        cloud,
        call,
        &instance_id,
        FlowKind::JoinGroup,
        MemberChange::Join,
    ))
}

/// Takes an instance out of its group by that action; it keeps its data. Gives the task's number.
pub fn remove(cloud: &mut Cloud, call: &Call, named: &Named, by: FlowKind) -> Result<TaskId, Refusal> {
    let (group, instance) = found(cloud, call, named)?;
    is_member(group, instance)?;
    is_not_needed(group, instance)?;
    is_ready(cloud, call, group, instance, by)?;
    let instance_id = instance.id.clone();
    Ok(begin(cloud, call, &instance_id, by, MemberChange::Leave))
}

/// Lets a member write in the place of the one that does. Gives the task's number.
pub fn change_master(cloud: &mut Cloud, call: &Call, named: &Named) -> Result<TaskId, Refusal> {
    let (group, instance) = found(cloud, call, named)?;
    let role = is_member(group, instance)?;
    is_ready(cloud, call, group, instance, FlowKind::ChangeMaster)?;
    let masters = group
        .masters()
        .filter_map(|member| cloud.instances.get(&member.instance_id));
    let masters: Vec<&Instance> = masters.collect();
    if let [master] = masters[..] {
        flow::can_begin(cloud, call, master, FlowKind::ChangeMaster)?;
    }
    if role == MemberRole::Rw {
        return Err(unfit(instance, "it writes already".into()));
    }
    let [master] = masters[..] else {
        return Err(only(
            instance,
            "several members write; ChangeInstanceRole changes one of them",
        ));
    };
    can_have(cloud, instance, MemberRole::Rw)?;
    let (instance_id, former) = (instance.id.clone(), master.id.clone());
    let change = MemberChange::Succeed(former);
    Ok(begin(cloud, call, &instance_id, FlowKind::ChangeMaster, change))
}

/// Gives a member a role, and leaves the others theirs. Gives the task's number.
pub fn change_role(cloud: &mut Cloud, call: &Call, named: &Named, role: &str) -> Result<TaskId, Refusal> {
    let (group, instance) = found(cloud, call, named)?;
    let role = role_of(role)?;
    let present = is_member(group, instance)?;
    if role == MemberRole::R && present == MemberRole::Rw && group.masters().count() == 1 {
        return Err(only(instance, NO_OTHER));
    }
    is_ready(cloud, call, group, instance, FlowKind::ChangeRole)?;
    can_have(cloud, instance, role)?;
    let instance_id = instance.id.clone();
    Ok(begin(
        cloud,
        call,
        &instance_id,
        FlowKind::ChangeRole,
        MemberChange::Role(role),
    ))
}

/// A flow that changes a member has ended.
pub(crate) fn arrive(cloud: &mut Cloud, flow: &Flow, change: &MemberChange, at: Millis) {
    let id = &flow.instance_id;
    match change {
        MemberChange::Join => copy_data(cloud, id, at),
        MemberChange::Leave => return drop_out(cloud, id, at),
        MemberChange::Succeed(former) => {
            give_role(cloud, former, MemberRole::R, at);
            give_role(cloud, id, MemberRole::Rw, at);
        }
        MemberChange::Role(role) => give_role(cloud, id, *role, at),
    }
    change_group(cloud, id, |group| group.keep_a_master(at));
}

/// A flow that was to change a member has failed: who was to join has not, and a group that was to be made is none.
pub(crate) fn fail(cloud: &mut Cloud, flow: &Flow, change: &MemberChange) {
    if *change != MemberChange::Join {
        return;
    }
    let id = &flow.instance_id;
    let group_id = cloud.replication_groups.of(id).map(|group| group.id.clone());
    change_group(cloud, id, |group| {
        group.members.retain(|member| member.instance_id != *id)
    });
    if let Some(group_id) = group_id.filter(|_| flow.kind == FlowKind::MakeGroup) {
        cloud.replication_groups.remove(&group_id);
    }
}

/// An instance is in its group no longer, if it was in one. Where none of the others writes, the first of them does.
pub(crate) fn drop_out(cloud: &mut Cloud, instance_id: &str, at: Millis) {
    change_group(cloud, instance_id, |group| {
        group.members.retain(|member| member.instance_id != *instance_id);
        group.keep_a_master(at);
    });
}

/// Why it cannot be that the last member that writes does so no longer.
const NO_OTHER: &str = "no other member writes";

fn role_of(word: &str) -> Result<MemberRole, Refusal> {
    let unknown = || bad_value("InstanceRole", format!("{word} is neither rw nor r"));
    MemberRole::from_word(word).ok_or_else(unknown)
}

fn found<'a>(cloud: &'a Cloud, call: &Call, named: &Named) -> Result<(&'a ReplicationGroup, &'a Instance), Refusal> {
    let group = group::find(cloud, &named.group_id)?;
    Ok((group, cloud.instance(call.region, &named.instance_id)?))
}

fn is_member(group: &ReplicationGroup, instance: &Instance) -> Result<MemberRole, Refusal> {
    match group.member(&instance.id) {
        Some(member) => Ok(member.role),
        None => Err(unfit(instance, format!("it is no member of {}", group.id))),
    }
}

fn is_not_needed(group: &ReplicationGroup, instance: &Instance) -> Result<(), Refusal> {
    if group.depends_on(&instance.id) {
        return Err(only(instance, NO_OTHER));
    }
    Ok(())
}

fn only(instance: &Instance, why: &'static str) -> Refusal {
    let id = instance.id.clone();
    ReplicationRefusal::OneMaster { id, why }.into()
}

fn is_ready(
    cloud: &Cloud,
    call: &Call,
    group: &ReplicationGroup,
    instance: &Instance,
    kind: FlowKind,
) -> Result<(), Refusal> {
    is_idle(cloud, group)?;
    flow::can_begin(cloud, call, instance, kind)
}

fn begin(cloud: &mut Cloud, call: &Call, id: &InstanceId, kind: FlowKind, change: MemberChange) -> TaskId {
    flow::begin(cloud, call, id, None, Change::now(kind, Payload::Member(change)))
}

/// What joins others holds their data from then on.
fn copy_data(cloud: &mut Cloud, id: &InstanceId, at: Millis) {
    let group = cloud.replication_groups.of(id);
    let master = group
        .and_then(ReplicationGroup::master)
        .filter(|master| master.instance_id != *id);
    let master = master.and_then(|master| cloud.instances.get(&master.instance_id));
    if let Some(used) = master.map(|master| memory::used_at(master, at)) {
        cloud.instances.update(id, |instance| {
            let before = instance.stretch();
            memory::state(instance, &before, used, at);
        });
    }
}

fn give_role(cloud: &mut Cloud, id: &InstanceId, role: MemberRole, at: Millis) {
    change_group(cloud, id, |group| {
        if let Some(member) = group.members.iter_mut().find(|member| member.instance_id == *id) {
            member.take_role(role, at);
        }
    });
}

/// Changes the group of an instance, if it is in one.
fn change_group(cloud: &mut Cloud, instance_id: &str, change: impl FnOnce(&mut ReplicationGroup)) {
    if let Some(id) = cloud.replication_groups.of(instance_id).map(|group| group.id.clone()) {
        cloud.replication_groups.update(&id, change);
    }
}
