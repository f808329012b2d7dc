//! The audit log, its exports, and the delivery of slow logs.

mod audit;
mod delivery;
mod export;
mod rows;

pub(crate) use audit::{close_log, describe_log_instance_list, modify_log, open_log};
pub(crate) use delivery::{describe_instance_log_delivery, modify_instance_log_delivery};
pub(crate) use export::{create_export_task, delete_export_task, describe_export_tasks};
pub(crate) use rows::describe_logs;

use crate::cloud::Refusal;
use crate::cloud::log::record::LogFilter;
use crate::cloud::refusal::bad_value;
use crate::contract::input;

/// The documented length of a page, and the longest. A longer one is refused, as is one of nothing.
const LIMIT: i64 = 20;
const LIMIT_MOST: i64 = 100;

/// Where a page begins and how long it is.
fn page(offset: Option<i64>, limit: Option<i64>) -> Result<(u64, usize), Refusal> {
    let (offset, limit) = (offset.unwrap_or(0), limit.unwrap_or(LIMIT));
    if !(1..=LIMIT_MOST).contains(&limit) {
        let why = format!("{limit} lies outside 1 to {LIMIT_MOST}");
        return Err(bad_value("Limit", why));
    }
    let offset = super::count("Offset", offset)?;
    Ok((offset, usize::try_from(limit).unwrap_or(0)))
}

/// The part of a list that is on a page.
fn cut<T>(all: Vec<T>, (offset, limit): (u64, usize)) -> impl Iterator<Item = T> {
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    all.into_iter().skip(offset).take(limit)
}

fn filters(given: Vec<input::LogFilter>) -> Result<Vec<LogFilter>, Refusal> {
    let filter = |one: input::LogFilter| {
        let (field, compare) = (one.r#type.unwrap_or_default(), one.compare.unwrap_or_default());
        LogFilter::new(&field, &compare, one.value)
    };
    given.into_iter().map(filter).collect()
}
