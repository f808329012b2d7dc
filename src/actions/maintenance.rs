//! The maintenance window and planned events.

use crate::actions::{cut, int, text};
use crate::cloud::maintenance::event::{EventChange, EventFilter, events, modify_event};
use crate::cloud::maintenance::window;
use crate::cloud::refusal::bad_value;
use crate::cloud::{Call, Cloud, Event, EventState, Instance, Refusal, time};
use crate::contract::{input, output};

/// `PageSize` where it is left out, and the most that a page holds.
const PAGE_SIZE: i64 = 10;
const PAGE_SIZE_MOST: i64 = 100;

/// When maintenance of an instance begins and ends each day, in China's time.
pub(crate) fn describe_maintenance_window(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeMaintenanceWindow,
) -> Result<output::DescribeMaintenanceWindow, Refusal> {
    let (start_minute, end_minute) = cloud.instance(call.region, &input.instance_id)?.maintenance;
    Ok(output::DescribeMaintenanceWindow {
        start_time: time::show_minutes(start_minute).into(),
        end_time: time::show_minutes(end_minute).into(),
    })
}

/// Moves the window of an instance.
pub(crate) fn modify_maintenance_window(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyMaintenanceWindow,
) -> Result<output::ModifyMaintenanceWindow, Refusal> {
    window::modify_window(cloud, call, &input.instance_id, &input.start_time, &input.end_time)?;
    Ok(output::ModifyMaintenanceWindow {
        status: "success".into(),
    })
}

/// What the cloud's operation plans for the instances of a region.
pub(crate) fn describe_instance_events(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeInstanceEvents,
) -> Result<output::DescribeInstanceEvents, Refusal> {
    let size = at_least_one("PageSize", input.page_size, PAGE_SIZE)?.min(PAGE_SIZE_MOST as usize);
    let page = at_least_one("PageNo", input.page_no, 1)?;
    let filter = EventFilter {
        instance_id: text(input.instance_id),
        states: input.status,
        types: input.event_types,
        grades: input.grades,
        ..EventFilter::of_days(&input.execution_start_date, &input.execution_end_date)?
    };
    let found = events(cloud, call, &filter)?;
    let shown = cut(&found, ((page - 1).saturating_mul(size), size));
    Ok(output::DescribeInstanceEvents {
        total_count: int(found.len() as u64),
        redis_instance_events: shown.map(|(instance, event)| show(instance, event)).collect(),
    })
}

fn at_least_one(parameter: &'static str, given: Option<i64>, default: i64) -> Result<usize, Refusal> {
    let number = given.unwrap_or(default);
    let number = usize::try_from(number).ok().filter(|number| *number > 0);
    number.ok_or_else(|| bad_value(parameter, "it must be 1 or more".to_owned()))
}

/// Moves a planned event, or cancels it.
pub(crate) fn modify_instance_event(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyInstanceEvent,
) -> Result<output::ModifyInstanceEvent, Refusal> {
    let change = EventChange {
        start_time: text(input.start_time),
        end_time: text(input.end_time),
        execution_date: text(input.execution_date),
        status: text(input.status),
    };
    let event_id = u64::try_from(input.event_id).unwrap_or(0);
    modify_event(cloud, call, &input.instance_id, event_id, &change)?;
    Ok(output::ModifyInstanceEvent {
        event_id: input.event_id,
    })
}

fn show(instance: &Instance, event: &Event) -> output::RedisInstanceEvent {
    let (start_minute, end_minute) = event.hours(instance.maintenance);
    let ended = match event.state {
        EventState::Finished { at: Some(at) } => time::show(at),
        _ => time::ZERO_DATE.to_owned(),
    };
    output::RedisInstanceEvent {
        id: int(event.id),
        instance_id: instance.id.clone().into(),
        instance_name: instance.name.clone().into(),
        r#type: Event::TYPE.into(),
        grade: event.grade.word().into(),
        execution_date: time::show_date(event.day).into(),
        start_time: time::show_minutes(start_minute).into(),
        end_time: time::show_minutes(end_minute).into(),
        latest_execution_date: time::show_date(event.last_day).into(),
        status: event.state.word().into(),
        task_end_time: ended.into(),
        effect_info: event.effect().to_owned().into(),
        initial_execution_date: time::show_date(event.first_day).into(),
    }
}
