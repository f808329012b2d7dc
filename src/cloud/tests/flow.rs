use super::*;

const ID: &str = "crs-aaaaaaaa";

fn resized(pace: Pace) -> Cloud {
    let mut cloud = with(pace, instance(ID, 2));
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: 4_096,
        ..Upgrade::default()
    };
    cloud.upgrade(&guangzhou(), &asked).unwrap();
    cloud
}

fn runs(cloud: &Cloud) -> bool {
    cloud.instances[ID].status == Status::Running
}

#[test]
fn an_instant_flow_is_over_before_the_answer() {
    let cloud = resized(Pace::Instant);
    assert!(runs(&cloud) && cloud.flows.len() == 0);
    assert_eq!(cloud.deals.values().next().unwrap().status, DealStatus::Delivered);
}

#[test]
fn a_timed_flow_waits_until_it_was_seen() {
    let mut cloud = resized(Pace::Timed);
    cloud.advance(NOW + 30 * SECOND);
    assert!(!runs(&cloud), "nobody has seen it in process");

    cloud.show(ID);
    cloud.advance(NOW + 30 * SECOND);
    assert!(runs(&cloud));
    assert_eq!(cloud.tasks.values().next().unwrap().ended_at, Some(NOW + 30 * SECOND));
}

#[test]
fn a_timed_flow_that_was_seen_takes_its_time() {
    let mut cloud = resized(Pace::Timed);
    cloud.show(ID);
    assert_eq!(cloud.next_due(), Some(NOW + SECOND));
    cloud.advance(NOW + SECOND - 1);
    assert!(!runs(&cloud));
    cloud.advance(NOW + SECOND);
    assert!(runs(&cloud));
}

#[test]
fn a_timed_flow_that_nobody_sees_ends_after_sixty_times_as_long() {
    let mut cloud = resized(Pace::Timed);
    assert_eq!(cloud.next_due(), Some(NOW + 60 * SECOND));
    cloud.advance(NOW + 60 * SECOND);
    assert!(runs(&cloud));
}

#[test]
fn a_held_flow_waits_for_a_hand() {
    let mut cloud = resized(Pace::Held);
    cloud.show(ID);
    cloud.advance(i64::MAX);
    assert!(!runs(&cloud));
    assert_eq!(cloud.next_due(), None);

    let id = cloud.flows.values().next().unwrap().id;
    assert!(cloud.step(TaskId(id.0 + 1), NOW).is_none());
    assert_eq!(cloud.step(id, NOW).unwrap()[0].action(), "UpgradeInstance");
    assert!(runs(&cloud));
    assert!(cloud.step(id, NOW).is_none());
}

#[test]
fn a_flow_whose_instance_is_gone_still_ends() {
    let mut cloud = resized(Pace::Timed);
    cloud.instances.remove(ID);
    cloud.advance(NOW + time::DAY);
    assert!(cloud.flows.len() == 0);
    assert_eq!(cloud.tasks.values().next().unwrap().result, TaskResult::Done);
}

#[test]
fn extreme_settings_do_not_overflow() {
    let mut cloud = with(Pace::Timed, instance(ID, 2));
    cloud.settings.flow_time_ms = i64::MAX;
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: 4_096,
        ..Upgrade::default()
    };
    cloud.upgrade(&guangzhou(), &asked).unwrap();
    cloud.show(ID);
    assert_eq!(cloud.next_due(), Some(time::END));
}
