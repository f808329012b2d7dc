//! Security groups of an instance.

use crate::cloud::ids::{is_short_id, prefix};
use crate::cloud::refusal::Refusal;
use crate::cloud::state::{Call, Cloud};

/// Replaces the security groups of an instance, which must stand in a private network.
pub fn set_security_groups(cloud: &mut Cloud, call: &Call, id: &str, groups: &[String]) -> Result<(), Refusal> {
    let instance = cloud.instance(call.region, id)?;
    security_group_fault(groups)?;
    if instance.network.is_none() {
        return Err(Refusal::EditionCannot {
            type_id: instance.edition.type_id,
            what: "have security groups outside a private network",
        });
    }
    cloud
        .instances
        .update(id, |instance| instance.security_groups = groups.to_vec());
    Ok(())
}

/// Security groups belong to another product: whatever has the form of an id exists.
pub(crate) fn security_group_fault(groups: &[String]) -> Result<(), Refusal> {
    match groups.iter().find(|group| !is_short_id(group, prefix::SECURITY_GROUP)) {
        Some(group) => Err(Refusal::NoSuchSecurityGroup { group: group.clone() }),
        None => Ok(()),
    }
}
