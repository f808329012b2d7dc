//! Rows of the audit log.

use super::{filters, page};
use crate::actions::{int, text};
use crate::cloud::log::query::{self, LogQuery};
use crate::cloud::log::record::Field;
use crate::cloud::log::trail::Trail;
use crate::cloud::monitor::executions::Execution;
use crate::cloud::refusal::bad_value;
use crate::cloud::{Call, Cloud, Refusal};
use crate::contract::{input, output};

/// What the audit log of an instance has recorded.
pub(crate) fn describe_logs(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeLogs,
) -> Result<output::DescribeLogs, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id)?;
    let (offset, limit) = page(input.offset, input.limit)?;
    let asked = LogQuery {
        log_type: input.log_type,
        start: input.start_time,
        end: input.end_time,
        filters: filters(input.log_filter)?,
        order_by: order_by(text(input.order_by))?,
        descends: descends(text(input.order))?,
        offset: offset as u64,
        limit,
    };
    let found = query::rows(cloud, call, instance, &asked)?;
    Ok(output::DescribeLogs {
        total_count: int(found.total),
        items: Some(found.rows.iter().map(|row| show(&found.trail, row)).collect()),
    })
}

fn descends(word: Option<String>) -> Result<bool, Refusal> {
    match word.as_deref() {
        None | Some("DESC") => Ok(true),
        Some("ASC") => Ok(false),
        Some(other) => Err(bad_value("Order", format!("`{other}` is neither ASC nor DESC"))),
    }
}

fn order_by(name: Option<String>) -> Result<Field, Refusal> {
    let name = name.unwrap_or_else(|| Field::Timestamp.to_string());
    Field::from_name(&name).ok_or_else(|| Refusal::BadFilter {
        why: format!("`OrderBy` is `{name}`, which no row has"),
    })
}

fn show<'a>(trail: &Trail<'a>, row: &Execution<'a>) -> output::LogResult {
    let text = |field| trail.text(field, row).into_owned();
    let number = |field| text(field).parse().unwrap_or(0);
    output::LogResult {
        db_id: number(Field::DBId),
        command_latency: number(Field::CommandLatency),
        timestamp: text(Field::Timestamp).into(),
        client_addr: text(Field::ClientAddr).into(),
        user_name: text(Field::UserName).into(),
        command_type: text(Field::CommandType).into(),
        cache_code: text(Field::CacheCode).into(),
        command_detail: text(Field::CommandDetail).into(),
        err_msg: text(Field::ErrMsg).into(),
    }
}
