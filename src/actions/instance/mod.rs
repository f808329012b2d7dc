//! Instances: how they are listed, what is set on them.

mod common_list;
mod listing;
mod modify;

pub(crate) use common_list::describe_common_db_instances;
pub(crate) use listing::describe_instances;
pub(crate) use modify::modify_instance;
