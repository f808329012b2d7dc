//! Which groups an instance has.
//!
//! In a region where the account holds groups, these are the ones that exist; where it holds none, whatever has the
//! form of an id does, as long as it is bound.

use crate::cloud::catalogue::region::Region;
use crate::cloud::ids::{InstanceId, is_short_id, prefix};
use crate::cloud::instance::record::Instance;
use crate::cloud::refusal::Refusal;
use crate::cloud::security_group::group;
use crate::cloud::state::{Call, Cloud};
use crate::cloud::values::Status;

/// The most groups of one instance: the usual figure of what groups are bound to; the one of redis is not documented.
const GROUPS_MAX: usize = 5;

/// Binds a group to instances, behind those that each has. All of them are looked at before the first is changed.
pub fn bind(cloud: &mut Cloud, call: &Call, id: &str, instance_ids: &[String]) -> Result<(), Refusal> {
    change_each(cloud, call, instance_ids, |cloud, instance| {
        let mut groups = instance.security_groups.clone();
        if !groups.iter().any(|own| own == id) {
            group_fault(cloud, call.region, id)?;
            groups.push(id.to_owned());
        }
        Ok(groups)
    })
}

/// Takes a group off instances; off one that has it not, nothing is taken.
pub fn unbind(cloud: &mut Cloud, call: &Call, id: &str, instance_ids: &[String]) -> Result<(), Refusal> {
    form_fault(id)?;
    change_each(cloud, call, instance_ids, |_, instance| {
        let left = instance.security_groups.iter().filter(|own| *own != id);
        Ok(left.cloned().collect())
    })
}

/// Replaces the groups of an instance.
pub fn rebind(cloud: &mut Cloud, call: &Call, instance_id: &str, groups: &[String]) -> Result<(), Refusal> {
    change_each(cloud, call, &[instance_id.to_owned()], |cloud, instance| {
        let own = &instance.security_groups;
        let mut wanted: Vec<String> = Vec::with_capacity(groups.len());
        for id in groups {
            form_fault(id)?;
            if !own.contains(id) {
                group_fault(cloud, call.region, id)?;
            }
            if !wanted.contains(id) {
                wanted.push(id.clone());
            }
        }
        Ok(wanted)
    })
}

/// Gives each instance the groups that `wanted` says.
fn change_each(
    cloud: &mut Cloud,
    call: &Call,
    instance_ids: &[String],
    wanted: impl Fn(&Cloud, &Instance) -> Result<Vec<String>, Refusal>,
) -> Result<(), Refusal> {
    let mut changes: Vec<(InstanceId, Vec<String>)> = Vec::with_capacity(instance_ids.len());
    for id in instance_ids {
        let instance = cloud.instance(call.region, id)?;
        can_have_groups(instance)?;
        if instance.status.is_binned() {
            return Err(Refusal::WrongStatus {
                id: instance.id.clone(),
                status: instance.status,
                needs: &[Status::Pending, Status::InProcess, Status::Running],
            });
        }
        let groups = wanted(cloud, instance)?;
        let more = groups.len() > instance.security_groups.len();
        if more && !cloud.settings.is_within(groups.len(), GROUPS_MAX) {
            return Err(Refusal::TooManyGroups { most: GROUPS_MAX });
        }
        changes.push((instance.id.clone(), groups));
    }
    for (id, groups) in changes {
        cloud
            .instances
            .update(&id, |instance| instance.security_groups = groups);
    }
    Ok(())
}

/// Only what stands in a private network has groups.
pub fn can_have_groups(instance: &Instance) -> Result<(), Refusal> {
    if instance.network.is_some() {
        return Ok(());
    }
    Err(Refusal::EditionCannot {
        type_id: instance.edition.type_id,
        what: "have security groups outside a private network",
    })
}

/// What is wrong with the groups that an order names.
pub(crate) fn groups_fault(cloud: &Cloud, region: &Region, groups: &[String]) -> Result<(), Refusal> {
    groups.iter().try_for_each(|id| group_fault(cloud, region, id))
}

fn form_fault(id: &str) -> Result<(), Refusal> {
    if is_short_id(id, prefix::SECURITY_GROUP) {
        Ok(())
    } else {
        Err(Refusal::NoSuchSecurityGroup { group: id.to_owned() })
    }
}

fn group_fault(cloud: &Cloud, region: &Region, id: &str) -> Result<(), Refusal> {
    form_fault(id)?;
    let holds_some = group::held_in(cloud, region).next().is_some();
    if holds_some && group::held(cloud, region, id).is_none() {
        return Err(Refusal::UnknownSecurityGroup { group: id.to_owned() });
    }
    Ok(())
}
