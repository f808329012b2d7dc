//! Planned events: what may be changed of one, and what its time does.

use std::ops::RangeInclusive;

use crate::cloud::ids::InstanceId;
use crate::cloud::instance::record::Instance;
use crate::cloud::instance::store::OrderBy;
use crate::cloud::life::flow;
use crate::cloud::life::record::TaskResult;
use crate::cloud::life::table::TaskKind;
use crate::cloud::maintenance::record::{Event, EventState, Grade};
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};
use crate::cloud::time;
use crate::cloud::time::{DAY, Millis};

/// How many minutes an event may last.
pub const MINUTES: RangeInclusive<u16> = 30..=180;
/// How far apart the first and the last day may lie whose events are asked for.
const SPAN_MOST: Millis = 30 * DAY;

/// Which events are asked for. Empty lists ask for all.
#[derive(Clone, Debug)]
pub struct EventFilter {
    /// `ExecutionStartDate` and `ExecutionEndDate`: the days, both included.
    pub days: RangeInclusive<Millis>,
    pub instance_id: Option<String>,
    pub states: Vec<String>,
    pub types: Vec<String>,
    pub grades: Vec<String>,
}

impl EventFilter {
    /// A filter of all events of these days, if they make a span that may be asked for.
    pub fn of_days(first: &str, last: &str) -> Result<EventFilter, Refusal> {
        let (start, end) = (day("ExecutionStartDate", first)?, day("ExecutionEndDate", last)?);
        if start > end {
            return Err(bad_value("ExecutionStartDate", format!("{first} lies after {last}")));
        }
        if end - start > SPAN_MOST {
            let why = format!("{first} and {last} are more than {} days apart", SPAN_MOST / DAY);
            return Err(bad_value("ExecutionEndDate", why));
        }
        Ok(EventFilter {
            days: start..=end,
            instance_id: None,
            states: Vec::new(),
            types: Vec::new(),
            grades: Vec::new(),
        })
    }

    /// Refuses words that name nothing.
    fn check(&self) -> Result<(), Refusal> {
        let grades = Grade::ALL.map(Grade::word);
        known("Status", &self.states, &EventState::WORDS)?;
        known("EventTypes", &self.types, &[Event::TYPE])?;
        known("Grades", &self.grades, &grades)
    }

    fn takes(&self, event: &Event) -> bool {
        let named = |asked: &[String], word: &str| asked.is_empty() || asked.iter().any(|one| one == word);
        self.days.contains(&event.day)
            && named(&self.states, event.state.word())
            && named(&self.types, Event::TYPE)
            && named(&self.grades, event.grade.word())
    }
}

fn known(parameter: &'static str, asked: &[String], words: &[&str]) -> Result<(), Refusal> {
    match asked.iter().find(|word| !words.contains(&word.as_str())) {
        Some(word) => {
            let why = format!("{word} is none of {}", words.join(", "));
            Err(bad_value(parameter, why))
        }
        None => Ok(()),
    }
}

/// The events of the called region that are asked for, each with its instance, by day and number.
pub fn events<'a>(
    cloud: &'a Cloud,
    call: &Call,
    filter: &EventFilter,
) -> Result<Vec<(&'a Instance, &'a Event)>, Refusal> {
    filter.check()?;
    let mut found: Vec<(&Instance, &Event)> = Vec::new();
    let mut take = |instance: &'a Instance| {
        let events = instance.events.iter().filter(|event| filter.takes(event));
        found.extend(events.map(|event| (instance, event)));
    };
    if let Some(id) = &filter.instance_id {
        cloud.instance(call.region, id).ok().into_iter().for_each(&mut take);
    } else {
        let listed = cloud.instances.listed(call.region, OrderBy::CreateTime, true);
        if call.may_look_at(listed.len()) {
            listed.from(0).for_each(&mut take);
        }
    }
    found.sort_by_key(|(_, event)| (event.day, event.id));
    Ok(found)
}

/// How an event is to change. A cancelled one keeps its times.
#[derive(Clone, Debug, Default)]
pub struct EventChange {
    pub start_time: Option<String>,
    pub end_time: Option<String>,
    pub execution_date: Option<String>,
    pub status: Option<String>,
}

/// Moves or cancels an event that waits.
pub fn modify_event(
    cloud: &mut Cloud,
    call: &Call,
    instance_id: &str,
    event_id: u64,
    change: &EventChange,
) -> Result<(), Refusal> {
    let instance = cloud.instance(call.region, instance_id)?;
    let at = instance.events.iter().position(|event| event.id == event_id);
    let found = at.and_then(|at| Some((at, instance.events.get(at)?.clone())));
    let Some((at, mut event)) = found else {
        let why = format!("instance {instance_id} has no event {event_id}");
        return Err(bad_value("EventId", why));
    };
    instance.takes_settings()?;
    if let Some(status) = &change.status {
        if status != EventState::Canceled.word() {
            let why = format!(
                "{status} is not {}, the only status to be given",
                EventState::Canceled.word()
            );
            return Err(bad_value("Status", why));
        }
        if matches!(event.grade, Grade::Critical | Grade::High) {
            let why = "an event of grade Critical or High can be moved, but not cancelled";
            return Err(Refusal::EventFixed { id: event_id, why });
        }
        event.state = EventState::Canceled;
    } else {
        reschedule(&mut event, instance.maintenance, change, call.now)?;
    }
    if instance.events[at].state != EventState::Waiting {
        let why = "only one that waits can be moved or cancelled";
        return Err(Refusal::EventFixed { id: event_id, why });
    }
    let id = instance.id.clone();
    cloud.instances.update(&id, |instance| instance.events[at] = event);
    Ok(())
}

fn reschedule(event: &mut Event, window: (u16, u16), change: &EventChange, now: Millis) -> Result<(), Refusal> {
    let EventChange {
        start_time,
        end_time,
        execution_date,
        ..
    } = change;
    if start_time.is_none() && end_time.is_none() && execution_date.is_none() {
        let why = "nothing would change; give StartTime, EndTime, ExecutionDate or Status".to_owned();
        return Err(bad_value("StartTime", why));
    }
    if let Some(text) = execution_date {
        let day = day("ExecutionDate", text)?;
        if day < time::midnight(now) || day > event.last_day {
            let last = time::show_date(event.last_day);
            return Err(bad_value(
                "ExecutionDate",
                format!("{text} is not from today to {last}"),
            ));
        }
        event.day = day;
    }
    if start_time.is_some() || end_time.is_some() {
        let (start, end) = event.hours(window);
        let start = (start_time.as_deref()).map_or(Ok(start), |text| minute("StartTime", text))?;
        let end = (end_time.as_deref()).map_or(Ok(end), |text| minute("EndTime", text))?;
        if !MINUTES.contains(&end.saturating_sub(start)) {
            let (least, most) = MINUTES.into_inner();
            let why = format!("an event ends {least} to {most} minutes after it begins, on the same day");
            return Err(bad_value("EndTime", why));
        }
        event.hours = Some((start, end));
    }
    Ok(())
}

fn day(parameter: &'static str, text: &str) -> Result<Millis, Refusal> {
    time::read_date(text).ok_or_else(|| bad_value(parameter, format!("{text} is no day; write one as 2023-09-18")))
}

fn minute(parameter: &'static str, text: &str) -> Result<u16, Refusal> {
    time::read_minutes(text)
        .ok_or_else(|| bad_value(parameter, format!("{text} is no time of day; write one as 21:00")))
}

/// The next step of the event of an instance that is due first: one that waits begins, with a task, and one that runs
/// ends.
pub(crate) fn go_on(cloud: &mut Cloud, instance_id: &InstanceId, at: Millis) {
    let due = cloud.instances.get(instance_id).and_then(Instance::next_event);
    let Some((number, state)) = due else {
        return;
    };
    let next = match state {
        EventState::Waiting => EventState::Running {
            task: flow::open_task(cloud, at, TaskKind::Migrate, instance_id),
        },
        EventState::Running { task } => {
            if let Some(task) = task {
                flow::close_task(cloud, task, at, TaskResult::Done, String::new());
            }
            EventState::Finished { at: Some(at) }
        }
        over => over,
    };
    (cloud.instances).update(instance_id, |instance| instance.events[number].state = next);
}

/// Whether an event of an instance is due before time changes the instance itself.
pub(crate) fn is_first(instance: &Instance, own_due_at: Option<Millis>) -> bool {
    let due_at = instance.next_event_due();
    due_at.is_some_and(|event_at| own_due_at.is_none_or(|own_at| event_at <= own_at))
}

/// The instance goes: the tasks of events that run fail.
pub(crate) fn fail_running(cloud: &mut Cloud, instance_id: &InstanceId, at: Millis, why: &str) {
    let Some(instance) = cloud.instances.get(instance_id) else {
        return;
    };
    let task = |event: &Event| match event.state {
        EventState::Running { task } => task,
        _ => None,
    };
    let running: Vec<_> = instance.events.iter().filter_map(task).collect();
    for task in running {
        flow::close_task(cloud, task, at, TaskResult::Failed, why.to_owned());
    }
}
