//! How a group is: whether one of its members joins, leaves or changes its role.

use crate::cloud::instance::record::Instance;
use crate::cloud::refusal::{Refusal, ReplicationRefusal};
use crate::cloud::replication::record::ReplicationGroup;
use crate::cloud::state::Cloud;

/// What the `SubStatus` of a member may be while its group does something. That of a broken link comes by no action.
pub const GROUP_STATUSES: [i64; 5] = [37, 38, 51, 52, 53];

/// `Status`: what one of its members does, or is stated to do; 0: none does anything.
pub fn status(cloud: &Cloud, group: &ReplicationGroup) -> i64 {
    let members = group.members.iter();
    let instances = members.filter_map(|member| cloud.instances.get(&member.instance_id));
    let mut all = instances.map(|instance| sub_status(cloud, instance));
    all.find(|status| GROUP_STATUSES.contains(status)).unwrap_or(0)
}

/// `SubStatus` of an instance.
pub fn sub_status(cloud: &Cloud, instance: &Instance) -> i64 {
    let shown = || cloud.flows.shown_of(&instance.id).map(|flow| flow.kind.sub_status());
    let busy = instance.status.is_busy().then(shown).flatten();
    busy.filter(|number| *number != 0).unwrap_or(instance.sub_status)
}

/// Refuses while a member joins, leaves or changes its role.
pub(crate) fn is_idle(cloud: &Cloud, group: &ReplicationGroup) -> Result<(), Refusal> {
    if status(cloud, group) == 0 {
        return Ok(());
    }
    Err(ReplicationRefusal::Locked { id: group.id.clone() }.into())
}
