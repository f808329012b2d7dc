//! What a member of a replication group cannot do as long as it is one.
//!
//! An action that does one of these [`Deed`]s asks [`bars`] when it knows its instance and that this can do it at all,
//! before it looks at its status. What is no deed of these, a member may do as any other: promote a replica, serve
//! reads from replicas, take backups, be resized.

use crate::cloud::ids::InstanceId;
use crate::cloud::instance::record::Instance;
use crate::cloud::refusal::{Refusal, ReplicationRefusal};
use crate::cloud::replication::record::MemberRole;
use crate::cloud::state::Cloud;

/// Something that is done with an instance, of which a group has a say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// It becomes one of another version or architecture.
    Version,
    /// It stands in other zones.
    Zones,
    /// It takes the data of a backup.
    Restore,
    /// It loses its data; see [`cleared_with`].
    Clear,
    /// It evicts keys.
    Evict,
    /// It goes into the recycle bin.
    Destroy,
}

/// Refuses what the group of the instance, if it is in one, does not let it do.
pub(crate) fn bars(cloud: &Cloud, instance: &Instance, deed: Deed) -> Result<(), Refusal> {
    let Some(group) = cloud.replication_groups.of(&instance.id) else {
        return Ok(());
    };
    let reads = |id: &str| group.member(id).is_some_and(|member| member.role == MemberRole::R);
    let what = match deed {
        Deed::Version => "become one of another version or architecture",
        Deed::Zones => "stand in other zones",
        Deed::Restore => "take the data of a backup",
        Deed::Clear if reads(&instance.id) => "be cleared, as it only reads,",
        Deed::Evict => "have another maxmemory-policy than noeviction",
        Deed::Destroy if group.depends_on(&instance.id) => "be returned, as the only one that writes,",
        Deed::Clear | Deed::Destroy => return Ok(()),
    };
    let (id, group) = (instance.id.clone(), group.id.clone());
    Err(ReplicationRefusal::Member { id, group, what }.into())
}

/// The instances that lose their data with that one: all others of its group, where it writes.
pub(crate) fn cleared_with(cloud: &Cloud, instance_id: &str) -> Vec<InstanceId> {
    let group = cloud.replication_groups.of(instance_id);
    let members = group.into_iter().flat_map(|group| &group.members);
    let others = members.filter(|member| member.instance_id != *instance_id);
    others.map(|member| member.instance_id.clone()).collect()
}
