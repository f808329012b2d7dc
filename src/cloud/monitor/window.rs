//! The spans of time that the reads of a workload look at.

use std::ops::Range;

use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::time::{self, DAY, HOUR, MINUTE, Millis};

/// How far back is looked, by `SpanType`: the last full minute, for what is called real time.
const SPANS: [Millis; 4] = [MINUTE, 30 * MINUTE, 6 * HOUR, DAY];

/// The window of that `SpanType`, which ends with the last full minute.
pub fn window(span_type: i64, now: Millis) -> Result<Range<Millis>, Refusal> {
    let length = usize::try_from(span_type)
        .ok()
        .and_then(|number| SPANS.get(number.checked_sub(1)?));
    let length = length.ok_or_else(|| bad_value("SpanType", format!("{span_type} is none of 1, 2, 3 and 4")))?;
    let end = time::begin_of(now, MINUTE);
    Ok(end - length..end)
}

/// The window of the last full minute.
pub fn last_minute(now: Millis) -> Range<Millis> {
    let end = time::begin_of(now, MINUTE);
    end - MINUTE..end
}

/// The same on a day that is over: it ends with that day. Nothing of a day that is to come.
pub fn window_on(span_type: i64, day: Millis, now: Millis) -> Result<Range<Millis>, Refusal> {
    let Range { start, end } = window(span_type, now)?;
    let length = end - start;
    let end_of_day = day + DAY;
    Ok(match day {
        _ if day > now => end..end,
        _ if end_of_day < end => end_of_day - length..end_of_day,
        _ => start..end,
    })
}

/// Reads a day, as `2019-11-07` or as `20191107`: both stand in the documents. Gives the midnight with which it begins.
pub fn day(text: &str) -> Result<Millis, Refusal> {
    let dashed = match (text.len(), text.get(..4), text.get(4..6), text.get(6..8)) {
        (8, Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}"),
        _ => text.to_owned(),
    };
    let midnight = time::read_date(&dashed);
    midnight.ok_or_else(|| {
        bad_value(
            "Date",
            format!("`{text}` is no day; write one as 2026-01-31 or 20260131"),
        )
    })
}
