//! The life of an instance: the recycle bin, tasks.

mod recycle;
mod task;

pub(crate) use recycle::{clean_up_instance, destroy_postpaid_instance, destroy_prepaid_instance, startup_instance};
pub(crate) use task::{describe_task_info, describe_task_list};
