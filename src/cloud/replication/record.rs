//! Replication groups as plain data.

use crate::cloud::catalogue::region::Region;
use crate::cloud::ids::{InstanceId, ReplicationGroupId};
use crate::cloud::time::Millis;
use crate::cloud::values::worded;

/// So many instances may be in a group.
pub const MEMBERS_MAX: usize = 4;

/// A group of instances of which some write and all read the same data. It is found from every region.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicationGroup {
    /// `GroupId`: `crs-rpl-` and eight of `[a-z0-9]`.
    pub id: ReplicationGroupId,
    /// `GroupName`
    pub name: String,
    /// That of the instance with which it was made.
    pub region: &'static Region,
    /// `Remark`
    pub remark: String,
    /// In the order in which they joined. One that joins is among them, and so is one that leaves, until it has left.
    pub members: Vec<Member>,
}

impl ReplicationGroup {
    /// The member that is that instance.
    pub fn member(&self, instance_id: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.instance_id == *instance_id)
    }

    /// Those that write.
    pub fn masters(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.role == MemberRole::Rw)
    }

    /// The one whose data new members copy; `None`: it is empty.
    pub fn master(&self) -> Option<&Member> {
        self.masters().next()
    }

    /// Whether it is the only one that writes, and others depend on it.
    pub fn depends_on(&self, instance_id: &str) -> bool {
        let mut masters = self.masters();
        let only = masters.next().is_some_and(|first| first.instance_id == *instance_id) && masters.next().is_none();
        only && self.members.len() > 1
    }

    /// Where nobody writes any longer, the first of its members does.
    pub(crate) fn keep_a_master(&mut self, at: Millis) {
        if self.master().is_none()
            && let Some(first) = self.members.first_mut()
        {
            first.take_role(MemberRole::Rw, at);
        }
    }
}

/// An instance in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub instance_id: InstanceId,
    pub role: MemberRole,
    /// `CreateTime`: when it joined.
    pub joined_at: Millis,
    /// `UpdateTime`: when it got its role.
    pub updated_at: Millis,
}

impl Member {
    /// One that joins.
    pub(crate) fn new(instance_id: InstanceId, role: MemberRole, at: Millis) -> Member {
        Member {
            instance_id,
            role,
            joined_at: at,
            updated_at: at,
        }
    }

    pub(crate) fn take_role(&mut self, role: MemberRole, at: Millis) {
        self.role = role;
        self.updated_at = at;
    }
}

worded! {
    /// What a member does.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum MemberRole {
        /// It reads and writes.
        Rw = "rw",
        /// It reads.
        R = "r",
    }
}

/// What a flow changes of a group: what becomes of its instance there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberChange {
    /// It copies the data.
    Join,
    /// It is a member no longer.
    Leave,
    /// It writes from then on, and that one does not any longer.
    Succeed(InstanceId),
    /// It has that role.
    Role(MemberRole),
}
