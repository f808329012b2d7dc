//! What time does to instances, and the recycle bin.

use super::*;
use crate::cloud::money::book::note_arrears;
use crate::cloud::time::{DAY, HOUR};

const ID: &str = "crs-aaaaaaaa";

fn status(cloud: &Cloud) -> Option<Status> {
    cloud.instances.get(ID).map(|instance| instance.status)
}

/// Runs out an hour from now.
fn short(pace: Pace) -> Cloud {
    with(pace, prepaid(instance(ID, 8), NOW + HOUR))
}

#[test]
fn what_is_prepaid_works_a_week_beyond_its_deadline_and_is_kept_another() {
    let mut cloud = short(Pace::Timed);
    let isolated_at = NOW + HOUR + 7 * DAY;
    cloud.advance(isolated_at - 1);
    assert_eq!(status(&cloud), Some(Status::Running));
    cloud.advance(isolated_at);
    assert_eq!(status(&cloud), Some(Status::Isolated));
    let bin = &cloud.instances[ID];
    assert_eq!(
        (
            bin.recycle_bin.isolated_at,
            bin.recycle_bin.offline_at,
            bin.deadline_at()
        ),
        (Some(isolated_at), Some(isolated_at + 7 * DAY), Some(NOW + HOUR))
    );
    cloud.advance(isolated_at + 7 * DAY - 1);
    assert_eq!(status(&cloud), Some(Status::Isolated));
    cloud.advance(isolated_at + 7 * DAY);
    assert_eq!(status(&cloud), None);
}

#[test]
fn what_renews_itself_goes_on_for_a_month() {
    let mut cloud = short(Pace::Timed);
    cloud.instances.update(ID, |one| one.auto_renew = AutoRenew::Automatic);
    cloud.advance(NOW + HOUR);
    let renewed = &cloud.instances[ID];
    assert_eq!(renewed.deadline_at(), Some(time::add_months(NOW + HOUR, 1)));
    // 1 GB of a master and a replica: 76.00 a month.
    assert_eq!(cloud.account.balance_fen, 1_000_000 - 7_600);
    let deal = cloud.deals.values().next().unwrap();
    assert_eq!(
        (deal.status, deal.price_fen, deal.created_at),
        (DealStatus::Delivered, 7_600, NOW + HOUR)
    );
}

#[test]
fn what_cannot_pay_its_renewal_runs_out() {
    let mut cloud = short(Pace::Timed);
    cloud.account.balance_fen = 7_599;
    cloud.instances.update(ID, |one| one.auto_renew = AutoRenew::Automatic);
    cloud.advance(NOW + HOUR);
    assert!(cloud.instances[ID].payment.renewal_failed());
    assert_eq!((cloud.account.balance_fen, cloud.deals.len()), (7_599, 0));
    cloud.advance(NOW + HOUR + 7 * DAY);
    assert_eq!(status(&cloud), Some(Status::Isolated));
}

#[test]
fn what_is_in_process_runs_out_once_it_has_ended() {
    let mut cloud = short(Pace::Held);
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: 2_048,
        ..Upgrade::default()
    };
    cloud.upgrade(&guangzhou(), &asked).unwrap();
    let late = NOW + 30 * DAY;
    cloud.advance(late);
    assert_eq!(status(&cloud), Some(Status::InProcess));
    cloud.drain(late);
    cloud.advance(late);
    assert_eq!(status(&cloud), Some(Status::Isolated));
    assert_eq!(cloud.instances[ID].recycle_bin.isolated_at, Some(late));
}

#[test]
fn what_is_postpaid_and_returned_is_kept_two_hours() {
    let mut cloud = with(Pace::Instant, instance(ID, 8));
    let held_fen = cloud.instances[ID].held_fen();
    cloud.destroy_postpaid(&guangzhou(), ID).unwrap();
    assert_eq!(status(&cloud), Some(Status::Deleting));
    assert_eq!(cloud.account.balance_fen, 1_000_000 + held_fen);
    cloud.advance(NOW + 2 * HOUR - 1);
    assert_eq!(status(&cloud), Some(Status::Deleting));
    cloud.advance(NOW + 2 * HOUR);
    assert_eq!(status(&cloud), None);
}

#[test]
fn what_is_prepaid_and_returned_gives_back_its_worth_and_is_kept_a_week() {
    let until = time::add_months(NOW, 1);
    let mut cloud = with(Pace::Instant, prepaid(instance(ID, 8), until));
    let deal_id = cloud.destroy_prepaid(&guangzhou(), ID).unwrap();
    let deal = &cloud.deals[&deal_id];
    assert_eq!((deal.price_fen, deal.is_return), (-7_600, true));
    assert_eq!(cloud.account.balance_fen, 1_000_000 + 7_600);
    assert_eq!(cloud.instances[ID].deadline_at(), Some(NOW));
    cloud.advance(NOW + 7 * DAY - 1);
    assert_eq!(status(&cloud), Some(Status::Isolated));
    cloud.advance(NOW + 7 * DAY);
    assert_eq!(status(&cloud), None);
}

#[test]
fn what_is_protected_is_not_returned() {
    let mut cloud = with(Pace::Held, instance(ID, 8));
    cloud.instances.update(ID, |one| one.delete_protection = true);
    assert_eq!(
        cloud.destroy_postpaid(&guangzhou(), ID),
        Err(Refusal::Protected { id: ID.into() })
    );
}

fn in_arrears(pace: Pace, instance: Instance) -> Cloud {
    let mut cloud = with(pace, instance);
    cloud.account.balance_fen = -100;
    note_arrears(&mut cloud, NOW);
    cloud
}

#[test]
fn arrears_isolate_what_is_postpaid_after_a_day() {
    let mut cloud = in_arrears(Pace::Timed, instance(ID, 8));
    cloud
        .instances
        .insert(prepaid(instance("crs-prepaid0", 8), NOW + 9 * DAY));
    cloud.advance(NOW + DAY - 1);
    assert_eq!(status(&cloud), Some(Status::Running));
    cloud.advance(NOW + DAY);
    assert_eq!(status(&cloud), Some(Status::Deleting));
    let other = &cloud.instances["crs-prepaid0"];
    assert_eq!(other.status, Status::Running, "what is prepaid works on");
}

#[test]
fn arrears_that_end_in_time_isolate_nothing() {
    let mut cloud = in_arrears(Pace::Instant, instance(ID, 8));
    let until = time::add_months(NOW, 1);
    cloud.instances.insert(prepaid(instance("crs-prepaid0", 8), until));
    cloud.destroy_prepaid(&guangzhou(), "crs-prepaid0").unwrap();
    assert_eq!(cloud.account.arrears_since, None);
    cloud.advance(NOW + 3 * DAY);
    assert_eq!(status(&cloud), Some(Status::Running));
}

#[test]
fn arrears_wait_for_what_is_in_process() {
    let mut cloud = with(Pace::Held, instance(ID, 8));
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: 2_048,
        ..Upgrade::default()
    };
    cloud.upgrade(&guangzhou(), &asked).unwrap();
    cloud.account.balance_fen = -100;
    note_arrears(&mut cloud, NOW);
    cloud.advance(NOW + 2 * DAY);
    assert_eq!(status(&cloud), Some(Status::InProcess));
    cloud.drain(NOW + 2 * DAY);
    assert_eq!(status(&cloud), Some(Status::Deleting));
}

#[test]
fn a_change_that_waits_fails_when_its_instance_is_isolated() {
    let mut cloud = short(Pace::Held);
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: 2_048,
        switch_option: Some(1),
        ..Upgrade::default()
    };
    let deal_id = cloud.upgrade(&guangzhou(), &asked).unwrap();
    cloud.advance(NOW + 8 * DAY);
    assert_eq!(status(&cloud), Some(Status::Isolated));
    assert_eq!(cloud.deals[&deal_id].status, DealStatus::Refunded);
    assert_eq!(taken(&cloud, &deal_id), (0, 0));
    let task = cloud.tasks.values().next().unwrap();
    assert_eq!(task.result, TaskResult::Failed);
}

#[test]
fn starting_up_what_is_postpaid_holds_an_hour_again() {
    let mut cloud = with(Pace::Held, returned(instance(ID, 8)));
    cloud.account.balance_fen = 20;
    let refusal = cloud.start_up(&guangzhou(), ID).unwrap_err();
    let too_low = Refusal::BalanceTooLow {
        needed_fen: 21,
        balance_fen: 20,
    };
    assert_eq!(refusal, too_low);
    cloud.account.balance_fen = 21;
    cloud.start_up(&guangzhou(), ID).unwrap();
    assert_eq!(status(&cloud), Some(Status::InProcess));
    assert_eq!(cloud.account.balance_fen, 0);
    cloud.advance(NOW + 3 * HOUR);
    cloud.drain(NOW + 3 * HOUR);
    assert_eq!(status(&cloud), Some(Status::Running));
}

#[test]
fn a_start_up_that_fails_lies_in_the_bin_again_and_is_gone_in_its_time() {
    let mut cloud = with(Pace::Held, returned(instance(ID, 8)));
    cloud.start_up(&guangzhou(), ID).unwrap();
    cloud.fail(only_flow(&cloud).id, NOW + SECOND, "no room");
    assert_eq!(status(&cloud), Some(Status::Deleting));
    cloud.advance(NOW + 2 * HOUR);
    assert_eq!(status(&cloud), None);
}

#[test]
fn what_is_prepaid_and_over_has_to_be_renewed_instead() {
    let mut cloud = with(Pace::Held, returned(prepaid(instance(ID, 8), NOW + DAY)));
    assert_eq!(
        cloud.start_up(&guangzhou(), ID),
        Err(Refusal::TimeIsUp { id: ID.into() })
    );
}

#[test]
fn what_is_cleaned_up_is_gone_and_its_task_is_not() {
    let mut cloud = with(Pace::Instant, returned(instance(ID, 8)));
    let task_id = cloud.clean_up(&guangzhou(), ID).unwrap();
    assert_eq!(status(&cloud), None);
    let task = &cloud.tasks[&task_id];
    assert_eq!((task.result, &*task.instance_id), (TaskResult::Done, ID));
}

#[test]
fn a_clean_up_ends_with_the_retention_at_the_latest() {
    let mut cloud = with(Pace::Held, returned(instance(ID, 8)));
    let task_id = cloud.clean_up(&guangzhou(), ID).unwrap();
    assert_eq!(status(&cloud), Some(Status::Deleting));
    cloud.advance(NOW + 2 * HOUR);
    assert_eq!(status(&cloud), None);
    assert!(cloud.flows.len() == 0);
    assert_eq!(cloud.tasks[&task_id].result, TaskResult::Done);
}
