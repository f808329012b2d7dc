//! Hot keys and big keys.

use crate::actions::int;
use crate::actions::monitor::{is_there, seconds, show_ladder};
use crate::cloud::monitor::{keys, window};
use crate::cloud::refusal::bad_value;
use crate::cloud::{Call, Cloud, Refusal};
use crate::contract::{input, output};

/// The keys that were asked for most.
pub(crate) fn describe_instance_monitor_hot_key(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceMonitorHotKey,
) -> Result<output::DescribeInstanceMonitorHotKey, Refusal> {
    let instance = cloud.instance(call.region, &input.instance_id)?;
    let window = window::window(input.span_type, call.now)?;
    let shown = keys::hot(instance, &window).into_iter();
    let shown = shown.map(|(key, count)| output::HotKeyInfo {
        key: key.name.clone().into(),
        r#type: key.kind.word().into(),
        count: int(count),
    });
    Ok(output::DescribeInstanceMonitorHotKey { data: shown.collect() })
}

/// The largest keys of a day.
pub(crate) fn describe_instance_monitor_big_key(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceMonitorBigKey,
) -> Result<output::DescribeInstanceMonitorBigKey, Refusal> {
    is_there(cloud)?;
    let instance = cloud.instance(call.region, &input.instance_id)?;
    let strings_alone = match input.req_type {
        1 => true,
        2 => false,
        other => return Err(bad_value("ReqType", format!("{other} is none of 1 and 2"))),
    };
    let day = window::day(&input.date)?;
    let shown = keys::big(instance, day, strings_alone, call.now).into_iter();
    let shown = shown.map(|key| output::BigKeyInfo {
        db: int(key.db),
        key: key.name.clone().into(),
        r#type: key.kind.word().into(),
        size: int(key.bytes),
        updatetime: seconds(day),
    });
    Ok(output::DescribeInstanceMonitorBigKey { data: shown.collect() })
}

/// How many keys there were of each size.
pub(crate) fn describe_instance_monitor_big_key_size_dist(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceMonitorBigKeySizeDist,
) -> Result<output::DescribeInstanceMonitorBigKeySizeDist, Refusal> {
    is_there(cloud)?;
    let instance = cloud.instance(call.region, &input.instance_id)?;
    let day = window::day(&input.date)?;
    let rungs = keys::by_size(instance, day, call.now);
    Ok(output::DescribeInstanceMonitorBigKeySizeDist {
        data: show_ladder(&rungs, |keys| if keys == 0 { 0 } else { seconds(day) }),
    })
}

/// How many keys there were of each type, and what they held.
pub(crate) fn describe_instance_monitor_big_key_type_dist(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceMonitorBigKeyTypeDist,
) -> Result<output::DescribeInstanceMonitorBigKeyTypeDist, Refusal> {
    is_there(cloud)?;
    let instance = cloud.instance(call.region, &input.instance_id)?;
    let day = window::day(&input.date)?;
    let rows = keys::by_type(instance, day, call.now);
    let shown = rows.map(|(kind, count, bytes)| output::BigKeyTypeInfo {
        r#type: kind.word().into(),
        count: int(count),
        size: int(bytes),
        updatetime: if count == 0 { 0 } else { seconds(day) },
    });
    Ok(output::DescribeInstanceMonitorBigKeyTypeDist { data: shown.into() })
}
