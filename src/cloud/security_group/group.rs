//! Security groups: made, changed and deleted.

use crate::cloud::catalogue::region::Region;
use crate::cloud::ids::{InstanceId, SecurityGroupId, prefix};
use crate::cloud::instance::record::Instance;
use crate::cloud::refusal::{NetworkRefusal, Refusal, at_most, filled_at_most, unknown};
use crate::cloud::security_group::record::SecurityGroup;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::tags;
use crate::cloud::values::Tag;
use crate::cloud::vpc::network::NAME_CHARS_MAX;

/// Documented, of a region and a project; raised on request.
const GROUPS_MAX: usize = 50;
/// The longest remark, in characters.
pub const REMARK_CHARS_MAX: usize = 100;

/// What CreateSecurityGroup is told.
#[derive(Clone, Debug, Default)]
pub struct NewGroup {
    pub name: String,
    pub remark: String,
    pub project_id: u64,
    pub tags: Vec<Tag>,
}

/// The group of that id that the account holds in that region.
pub fn find<'a>(cloud: &'a Cloud, region: &Region, id: &str) -> Result<&'a SecurityGroup, Refusal> {
    held(cloud, region, id).ok_or_else(|| unknown("SecurityGroupId", id, prefix::SECURITY_GROUP))
}

/// The group of that id, if the account holds it in that region.
pub fn held<'a>(cloud: &'a Cloud, region: &Region, id: &str) -> Option<&'a SecurityGroup> {
    let found = cloud.security_groups.get(id)?;
    (found.region.name == region.name).then_some(found)
}

/// The groups that the account holds in that region, by id.
pub fn held_in<'a>(cloud: &'a Cloud, region: &Region) -> impl Iterator<Item = &'a SecurityGroup> + use<'a> {
    let name = region.name;
    cloud
        .security_groups
        .values()
        .filter(move |group| group.region.name == name)
}

/// Makes a group without rules.
pub fn create(cloud: &mut Cloud, call: &Call, new: NewGroup) -> Result<SecurityGroupId, Refusal> {
    filled_at_most("GroupName", &new.name, NAME_CHARS_MAX)?;
    at_most("GroupDescription", &new.remark, REMARK_CHARS_MAX)?;
    tags::check_new(&new.tags)?;
    let groups = held_in(cloud, call.region).filter(|group| group.project_id == new.project_id);
    let wanted = groups.count() + 1;
    cloud
        .settings
        .within_quota("security groups of a region and project", wanted, GROUPS_MAX)?;
    let id = loop {
        let id = cloud.ids.security_group_id();
        if !cloud.security_groups.contains_key(id.as_str()) {
            break id;
        }
    };
    let group = SecurityGroup {
        name: new.name,
        remark: new.remark,
        project_id: new.project_id,
        tags: new.tags,
        ..SecurityGroup::new(id.clone(), call.region, call.now)
    };
    cloud.security_groups.insert(id.clone(), group);
    Ok(id)
}

/// Changes what is given of a group.
pub fn modify(
    cloud: &mut Cloud,
    call: &Call,
    id: &str,
    (name, remark): (Option<String>, Option<String>),
) -> Result<(), Refusal> {
    find(cloud, call.region, id)?;
    if let Some(name) = &name {
        filled_at_most("GroupName", name, NAME_CHARS_MAX)?;
    }
    if let Some(remark) = &remark {
        at_most("GroupDescription", remark, REMARK_CHARS_MAX)?;
    }
    if let Some(group) = cloud.security_groups.get_mut(id) {
        group.name = name.unwrap_or_else(|| std::mem::take(&mut group.name));
        group.remark = remark.unwrap_or_else(|| std::mem::take(&mut group.remark));
        group.updated_at = call.now;
    }
    Ok(())
}

/// Deletes a group that nothing uses. Isolated instances lose it.
pub fn delete(cloud: &mut Cloud, call: &Call, id: &str) -> Result<(), Refusal> {
    let group = find(cloud, call.region, id)?;
    if group.is_default {
        return Err(NetworkRefusal::DefaultGroup { id: id.to_owned() }.into());
    }
    if let Some(user) = users(cloud, id).next() {
        return Err(NetworkRefusal::in_use("security group", id, user.id.as_str()));
    }
    if let Some(other) = named_by(cloud, call.region, id).next() {
        return Err(NetworkRefusal::in_use("security group", id, other.id.as_str()));
    }
    let bound: Vec<InstanceId> = cloud
        .instances
        .bound_to(id)
        .map(|instance| instance.id.clone())
        .collect();
    for instance in bound {
        cloud
            .instances
            .update(&instance, |instance| instance.security_groups.retain(|own| own != id));
    }
    cloud.security_groups.remove(id);
    Ok(())
}

/// The instances that a group is bound to, isolated ones excepted, by id.
pub fn users<'a>(cloud: &'a Cloud, id: &str) -> impl Iterator<Item = &'a Instance> + use<'a> {
    let bound = cloud.instances.bound_to(id);
    bound.filter(|instance| !instance.status.is_binned())
}

/// The other groups of the region whose rules name a group.
pub fn named_by<'a>(cloud: &'a Cloud, region: &Region, id: &str) -> impl Iterator<Item = &'a SecurityGroup> + use<'a> {
    let id = id.to_owned();
    held_in(cloud, region).filter(move |other| *other.id != *id && other.names(&id))
}
