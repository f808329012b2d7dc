//! Groups: making, naming, finding and removing them, and how they are.

use crate::cloud::ids::{ReplicationGroupId, TaskId};
use crate::cloud::instance::modify::is_of_a_name;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::look;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::refusal::{Refusal, ReplicationRefusal};
use crate::cloud::replication::joining::{FOUNDING, Plan, check};
use crate::cloud::replication::record::{Member, MemberChange, MemberRole, ReplicationGroup};
use crate::cloud::state::{Call, Cloud};

/// The documented length of a name, in characters.
pub const NAME_CHARS_MIN: usize = 2;
/// As [`NAME_CHARS_MIN`].
pub const NAME_CHARS_MAX: usize = 64;

/// What CreateReplicationGroup is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewGroup {
    /// Its first member, which writes.
    pub instance_id: String,
    /// `None`: the group's id.
    pub name: Option<String>,
    pub remark: String,
}

/// What ModifyReplicationGroup is told; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupChange {
    pub name: Option<String>,
    pub remark: Option<String>,
}

/// What DescribeReplicationGroup asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupFilter {
    /// Exact; there must be one.
    pub id: Option<String>,
    /// Part of the id or of the name.
    pub search_key: Option<String>,
}

/// The group of that id, whatever the region.
pub fn find<'a>(cloud: &'a Cloud, id: &str) -> Result<&'a ReplicationGroup, Refusal> {
    let found = cloud.replication_groups.get(id);
    found.ok_or_else(|| ReplicationRefusal::NoSuchGroup { id: id.to_owned() }.into())
}

/// Makes a group with its first member. Gives the task's number, and the group's id.
pub fn create(cloud: &mut Cloud, call: &Call, new: &NewGroup) -> Result<(TaskId, ReplicationGroupId), Refusal> {
    let instance = cloud.instance(call.region, &new.instance_id)?;
    let plan = Plan {
        cloud,
        call,
        instance,
        group: None,
        role: MemberRole::Rw,
    };
    check(FOUNDING, &plan)?;
    new.name.as_deref().map_or(Ok(()), name_fault)?;
    let (instance_id, region) = (instance.id.clone(), instance.region);
    let id = loop {
        let id = cloud.ids.replication_group_id();
        if cloud.replication_groups.get(&id).is_none() {
            break id;
        }
    };
    cloud.replication_groups.insert(ReplicationGroup {
        name: new.name.clone().unwrap_or_else(|| id.to_string()),
        id: id.clone(),
        region,
        remark: new.remark.clone(),
        members: vec![Member::new(instance_id.clone(), MemberRole::Rw, call.now)],
    });
    let change = Change::now(FlowKind::MakeGroup, Payload::Member(MemberChange::Join));
    Ok((flow::begin(cloud, call, &instance_id, None, change), id))
}

/// Changes what is given of a group.
pub fn modify(cloud: &mut Cloud, id: &str, change: GroupChange) -> Result<(), Refusal> {
    find(cloud, id)?;
    change.name.as_deref().map_or(Ok(()), name_fault)?;
    if change == GroupChange::default() {
        let why = "GroupName or Remark must be given";
        return Err(Refusal::BadCombination { why });
    }
    cloud.replication_groups.update(id, |group| {
        if let Some(name) = change.name {
            group.name = name;
        }
        if let Some(remark) = change.remark {
            group.remark = remark;
        }
    });
    Ok(())
}

/// Removes a group that is empty.
pub fn remove(cloud: &mut Cloud, id: &str) -> Result<(), Refusal> {
    let group = find(cloud, id)?;
    if !group.members.is_empty() {
        let (id, members) = (group.id.clone(), group.members.len());
        return Err(ReplicationRefusal::HasMembers { id, members }.into());
    }
    cloud.replication_groups.remove(id);
    Ok(())
}

/// How many groups match, and a page of them, newest first. They are the same from every region.
pub fn list<'a>(
    cloud: &'a Cloud,
    call: &Call,
    filter: &GroupFilter,
    (offset, limit): (usize, usize),
) -> Result<(usize, Vec<&'a ReplicationGroup>), Refusal> {
    let named = filter.id.as_deref().map(|id| find(cloud, id)).transpose()?;
    if !call.may_look_at(cloud.replication_groups.len()) {
        return Ok((0, Vec::new()));
    }
    let key = filter.search_key.as_deref().unwrap_or_default();
    let is_asked = |group: &&ReplicationGroup| {
        named.is_none_or(|named| named.id == group.id) && (group.id.contains(key) || group.name.contains(key))
    };
    let found: Vec<_> = cloud.replication_groups.values().rev().filter(is_asked).collect();
    let page: Vec<_> = found.iter().copied().skip(offset).take(limit).collect();
    for group in &page {
        look::look_at_group(cloud, call, group);
    }
    Ok((found.len(), page))
}

/// Whether a name is one that a group may have.
pub fn is_name(name: &str) -> bool {
    (NAME_CHARS_MIN..=NAME_CHARS_MAX).contains(&name.chars().count()) && name.chars().all(is_of_a_name)
}

fn name_fault(name: &str) -> Result<(), Refusal> {
    if is_name(name) {
        return Ok(());
    }
    Err(ReplicationRefusal::BadName { name: name.to_owned() }.into())
}
