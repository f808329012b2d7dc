//! The audit log, its exports, and the delivery of slow logs.

mod audit;
mod delivery;
mod export;
mod rows;

pub(crate) use audit::{close_log, describe_log_instance_list, modify_log, open_log};
pub(crate) use delivery::{describe_instance_log_delivery, modify_instance_log_delivery};
pub(crate) use export::{create_export_task, delete_export_task, describe_export_tasks};
pub(crate) use rows::describe_logs;

use super::strict_page;
use crate::cloud::Refusal;
use crate::cloud::log::record::LogFilter;
use crate::contract::input;

/// The documented length of a page, and the longest.
const LIMIT: i64 = 20;
const LIMIT_MOST: i64 = 100;

fn page(offset: Option<i64>, limit: Option<i64>) -> Result<(usize, usize), Refusal> {
    strict_page(offset, limit, LIMIT, LIMIT_MOST)
}

fn filters(given: Vec<input::LogFilter>) -> Result<Vec<LogFilter>, Refusal> {
    let filter = |one: input::LogFilter| {
        let (field, compare) = (one.r#type.unwrap_or_default(), one.compare.unwrap_or_default());
        LogFilter::new(&field, &compare, one.value)
    };
    given.into_iter().map(filter).collect()
}
