//! What is asked of the audit log of an instance.

use std::ops::Range;

use crate::cloud::instance::record::Instance;
use crate::cloud::log::audit;
use crate::cloud::log::record::{Field, LogFilter};
use crate::cloud::log::trail::Trail;
use crate::cloud::monitor::executions::Execution;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time::{self, DAY, Millis, SECOND};

/// A query may ask for so long a time. Documented.
const SPAN_MOST: Millis = 7 * DAY;

/// A query.
#[derive(Clone, Debug)]
pub struct LogQuery {
    pub log_type: String,
    pub start: String,
    pub end: String,
    pub filters: Vec<LogFilter>,
    pub order_by: Field,
    pub descends: bool,
    pub offset: u64,
    pub limit: usize,
}

/// What is found: how many rows, and a page of them.
pub struct LogRows<'a> {
    pub total: u64,
    pub rows: Vec<Execution<'a>>,
    pub trail: Trail<'a>,
}

/// Rows of the audit log of an instance.
pub fn rows<'a>(
    cloud: &'a Cloud,
    call: &Call,
    instance: &'a Instance,
    asked: &LogQuery,
) -> Result<LogRows<'a>, Refusal> {
    audit::check_type(&asked.log_type)?;
    let span = span(&asked.start, &asked.end, Some(SPAN_MOST))?;
    let audit = instance.audit().ok_or_else(|| Refusal::AuditOff {
        id: instance.id.clone(),
    })?;
    let all = Trail::of(cloud.ids.seed, instance, audit, span, call.now);
    let trail = asked.filters.iter().fold(all, Trail::filtered);
    if !call.may_look_at(trail.walked(asked.order_by)? as usize) {
        let (total, rows) = (0, Vec::new());
        return Ok(LogRows { total, rows, trail });
    }
    Ok(LogRows {
        total: trail.count(),
        rows: trail.page(asked.order_by, asked.descends, asked.offset, asked.limit),
        trail,
    })
}

/// The time that is asked for: whole seconds, both ends counted.
pub fn span(start: &str, end: &str, most: Option<Millis>) -> Result<Range<Millis>, Refusal> {
    let read = |parameter, text: &str| time::read_given(text).map_err(|why| Refusal::BadMoment { parameter, why });
    let (start, end) = (read("StartTime", start)?, read("EndTime", end)?);
    if end < start {
        return Err(bad_value("EndTime", "it lies before StartTime".to_owned()));
    }
    if most.is_some_and(|most| end - start > most) {
        return Err(bad_value(
            "EndTime",
            "it lies more than 7 days after StartTime".to_owned(),
        ));
    }
    Ok(start..end + SECOND)
}
