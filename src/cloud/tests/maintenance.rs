//! The maintenance window, and planned events.

use super::*;
use crate::cloud::Upgrade;
use crate::cloud::maintenance::event::{EventChange, EventFilter, events, is_first, modify_event};
use crate::cloud::maintenance::record::Grade;
use crate::cloud::maintenance::window::modify_window;
use crate::cloud::time::{DAY, HOUR, MINUTE, midnight};

const ID: &str = "crs-aaaaaaaa";

/// An event of the day after tomorrow, at the time of the window.
fn event(id: u64) -> Event {
    let day = midnight(NOW) + 2 * DAY;
    Event {
        id,
        grade: Grade::Middle,
        day,
        first_day: day,
        last_day: day + 3 * DAY,
        hours: None,
        state: EventState::Waiting,
        effect: None,
    }
}

fn planned(events: &[Event]) -> Cloud {
    let mut instance = instance(ID, 6);
    instance.events = events.to_vec();
    let mut cloud = with(Pace::Timed, instance);
    cloud.advanced_to = NOW;
    cloud
}

fn state(cloud: &Cloud) -> EventState {
    cloud.instances[ID].events[0].state
}

#[test]
fn an_event_runs_with_a_task_at_its_time_and_is_over_at_its_end() {
    let mut cloud = planned(&[event(1)]);
    let starts = event(1).day + 3 * HOUR;
    assert_eq!(cloud.next_due(), Some(starts));
    cloud.advance(starts - 1);
    assert_eq!(state(&cloud), EventState::Waiting);
    cloud.advance(starts);
    let EventState::Running { task: Some(task) } = state(&cloud) else {
        panic!("{:?}", state(&cloud));
    };
    assert_eq!(
        (cloud.tasks[&task].kind, cloud.tasks[&task].result),
        (TaskKind::Migrate, TaskResult::Running)
    );
    assert_eq!(cloud.instances[ID].status, Status::Running);
    cloud.advance(starts + HOUR);
    assert_eq!(
        state(&cloud),
        EventState::Finished {
            at: Some(starts + HOUR)
        }
    );
    assert_eq!(
        (cloud.tasks[&task].result, cloud.tasks[&task].ended_at),
        (TaskResult::Done, Some(starts + HOUR))
    );
}

#[test]
fn a_split_stretch_of_time_leaves_the_same_events() {
    let mut whole = planned(&[
        event(1),
        Event {
            grade: Grade::High,
            ..event(2)
        },
    ]);
    let mut split = whole.clone();
    let end = event(1).day + 5 * HOUR;
    whole.advance(end);
    for minute in 0..(end - NOW) / MINUTE {
        split.advance(NOW + minute * MINUTE);
    }
    split.advance(end);
    assert_eq!(whole, split);
}

#[test]
fn an_event_that_nobody_moved_follows_the_window() {
    let mut cloud = planned(&[
        event(1),
        Event {
            hours: Some((60, 120)),
            ..event(2)
        },
    ]);
    modify_window(&mut cloud, &guangzhou(), ID, "17:00", "19:00").unwrap();
    let hours = |at: usize| cloud.instances[ID].events[at].hours(cloud.instances[ID].maintenance);
    assert_eq!((hours(0), hours(1)), ((17 * 60, 19 * 60), (60, 120)));
    assert_eq!(cloud.next_due(), Some(event(2).day + HOUR));
}

#[test]
fn isolation_cancels_what_waits_and_removal_fails_what_runs() {
    let mut cloud = planned(&[event(1)]);
    let task = cloud.destroy_postpaid(&guangzhou(), ID).unwrap();
    cloud.step(task, NOW);
    assert_eq!(state(&cloud), EventState::Canceled);

    let mut cloud = planned(&[event(1)]);
    let starts = event(1).day + 3 * HOUR;
    cloud.advance(starts);
    let EventState::Running { task: Some(task) } = state(&cloud) else {
        panic!("{:?}", state(&cloud));
    };
    let returns = cloud.destroy_postpaid(&at(starts), ID).unwrap();
    cloud.step(returns, starts);
    let cleans = cloud.clean_up(&at(starts), ID).unwrap();
    cloud.step(cleans, starts);
    assert!(!cloud.instances.contains_key(ID));
    assert_eq!(cloud.tasks[&task].result, TaskResult::Failed);
}

#[test]
fn an_event_goes_before_the_end_of_its_instance_at_the_same_moment() {
    let cloud = planned(&[event(1)]);
    let instance = &cloud.instances[ID];
    let starts = event(1).day + 3 * HOUR;
    assert!(is_first(instance, None) && is_first(instance, Some(starts)));
    assert!(!is_first(instance, Some(starts - 1)));
}

#[test]
fn a_resize_that_waits_moves_with_the_window() {
    let mut cloud = planned(&[]);
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: 2_048,
        shards: Some(1),
        replicas: Some(1),
        switch_option: Some(1),
        ..Upgrade::default()
    };
    cloud.upgrade(&guangzhou(), &asked).unwrap();
    let before = only_flow(&cloud).due_at.expect("a time");
    modify_window(&mut cloud, &guangzhou(), ID, "04:00", "05:00").unwrap();
    assert_eq!(only_flow(&cloud).due_at, Some(before + HOUR));
}

#[test]
fn an_event_is_moved_and_found_on_its_new_day() {
    let mut cloud = planned(&[event(1), event(2)]);
    let moved = time::show_date(event(1).last_day);
    let change = EventChange {
        execution_date: Some(moved.clone()),
        ..EventChange::default()
    };
    modify_event(&mut cloud, &guangzhou(), ID, 1, &change).unwrap();
    let of_day = |day: &str| {
        let filter = EventFilter::of_days(day, day).unwrap();
        let found = events(&cloud, &guangzhou(), &filter).unwrap();
        found.iter().map(|(_, event)| event.id).collect::<Vec<_>>()
    };
    assert_eq!(of_day(&moved), [1]);
    assert_eq!(of_day(&time::show_date(event(1).day)), [2]);
}
