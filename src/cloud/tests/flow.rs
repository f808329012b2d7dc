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
    // Its hours go on being paid.
    cloud.account.balance_fen = 1 << 60;
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
    cloud.account.balance_fen = 1 << 60;
    cloud.upgrade(&guangzhou(), &asked).unwrap();
    cloud.show(ID);
    assert_eq!(cloud.next_due(), Some(time::END));
}

/// A resize that a fault rule has its way with.
fn fated(pace: Pace, fate: Fate) -> Cloud {
    let mut cloud = with(pace, instance(ID, 2));
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: 4_096,
        ..Upgrade::default()
    };
    let mut call = guangzhou();
    call.fate = fate;
    cloud.upgrade(&call, &asked).unwrap();
    cloud
}

/// The memory, the task's result and the order's status.
fn came_to(cloud: &Cloud) -> (u64, TaskResult, DealStatus) {
    let task = cloud.tasks.values().next().unwrap();
    let deal = cloud.deals.values().next().unwrap();
    (cloud.instances[ID].spec.mem_mb, task.result, deal.status)
}

#[test]
fn a_flow_that_is_to_fail_does_so_where_it_would_have_ended() {
    let failed = (1_024, TaskResult::Failed, DealStatus::Refunded);
    let cloud = fated(Pace::Instant, Fate::Fails);
    assert!(runs(&cloud));
    assert_eq!(came_to(&cloud), failed);

    let mut cloud = fated(Pace::Timed, Fate::Fails);
    cloud.advance(NOW + 60 * SECOND - 1);
    assert!(!runs(&cloud), "nobody has seen it");
    cloud.advance(NOW + 60 * SECOND);
    assert!(runs(&cloud));
    assert_eq!(came_to(&cloud), failed);

    let mut cloud = fated(Pace::Timed, Fate::Fails);
    cloud.advance(NOW + SECOND);
    advance::end_unseen(&mut cloud, &[ID], NOW + SECOND);
    assert_eq!(came_to(&cloud), failed, "who changes it anew finds that it failed");

    let mut cloud = fated(Pace::Held, Fate::Fails);
    cloud.drain(NOW);
    assert_eq!(came_to(&cloud), failed);
}

#[test]
fn a_flow_that_hangs_never_ends_by_itself() {
    for pace in [Pace::Instant, Pace::Timed, Pace::Held] {
        let mut cloud = fated(pace, Fate::Hangs);
        cloud.show(ID);
        advance::end_unseen(&mut cloud, &[ID], i64::MAX);
        advance::advance_by_hand(&mut cloud, i64::MAX);
        assert!(!runs(&cloud), "{pace:?}");
        let id = only_flow(&cloud).id;
        cloud.step(id, NOW).unwrap();
        assert_eq!(came_to(&cloud), (4_096, TaskResult::Done, DealStatus::Delivered));
    }
}

#[test]
fn a_clean_up_that_fails_does_not_keep_the_instance_beyond_its_retention() {
    for fate in [Fate::Fails, Fate::Hangs] {
        let mut cloud = with(Pace::Held, returned(instance(ID, 8)));
        let mut call = guangzhou();
        call.fate = fate;
        cloud.clean_up(&call, ID).unwrap();
        cloud.advance(NOW + time::DAY);
        assert!(!cloud.instances.contains_key(ID), "{fate:?}");
        assert!(cloud.flows.len() == 0);
    }
}

#[test]
fn of_a_failed_order_it_is_told_first_that_it_failed() {
    use crate::cloud::money::order::status_at;
    let told = |cloud: &Cloud, now| status_at(cloud, cloud.deals.values().next().unwrap(), now);
    let mut cloud = fated(Pace::Timed, Fate::Fails);
    assert_eq!(told(&cloud, NOW), DealStatus::Delivering);
    let end = NOW + 60 * SECOND;
    cloud.advance(end);
    assert_eq!(told(&cloud, end), DealStatus::DeliveryFailed);
    assert_eq!(told(&cloud, end + SECOND - 1), DealStatus::DeliveryFailed);
    assert_eq!(told(&cloud, end + SECOND), DealStatus::Refunded);
    let cloud = fated(Pace::Instant, Fate::Fails);
    assert_eq!(told(&cloud, NOW), DealStatus::Refunded);
}
