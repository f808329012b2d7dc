//! Replication groups.

mod group;
mod member;

pub(crate) use group::{
    create_replication_group, describe_global_replication_area, describe_replication_group,
    describe_replication_group_instance, modify_replication_group, remove_replication_group,
};
pub(crate) use member::{
    add_replication_instance, change_instance_role, change_master_instance, delete_replication_instance,
    remove_replication_instance,
};
