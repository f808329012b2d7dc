//! How long the past is kept.

use super::prepaid as prepaid_until;
use super::*;
use crate::cloud::life::past;
use crate::cloud::life::retention::HISTORY;
use crate::cloud::money::charge::Renewal;

const ID: &str = "crs-aaaaaaaa";

fn rich(pace: Pace, instance: Instance) -> Cloud {
    let mut cloud = with(pace, instance);
    cloud.account.balance_fen = 1_000_000_000;
    cloud.advanced_to = NOW;
    cloud
}

fn renew(cloud: &mut Cloud, now: Millis) -> DealId {
    let renewal = Renewal {
        instance_id: ID.into(),
        months: 1,
        pay_mode: None,
    };
    cloud.renew(&at(now), &renewal).unwrap()
}

fn resize(cloud: &mut Cloud, now: Millis, mem_mb: u64) -> DealId {
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb,
        ..Upgrade::default()
    };
    cloud.upgrade(&at(now), &asked).unwrap()
}

#[test]
fn what_is_over_goes_thirty_days_after_its_end() {
    let mut cloud = rich(Pace::Instant, instance(ID, 2));
    let deal_id = resize(&mut cloud, NOW, 2_048);
    let task_id = *cloud.tasks.iter().next().unwrap().0;
    cloud.advance(NOW + HISTORY - 1);
    assert!(cloud.deals.contains_key(&deal_id) && cloud.tasks.contains_key(&task_id));
    assert_eq!(cloud.next_due(), Some(NOW + HISTORY));
    assert!(
        !cloud.backups.is_empty(),
        "a backup is stored for a week, and listed for thirty days"
    );
    cloud.advance(NOW + HISTORY);
    assert!(cloud.deals.is_empty() && cloud.tasks.is_empty());
}

#[test]
fn what_is_under_way_never_goes() {
    let mut cloud = rich(Pace::Held, instance(ID, 2));
    let deal_id = resize(&mut cloud, NOW, 2_048);
    let end = NOW + 40 * HISTORY;
    cloud.advance(end);
    let flow_id = only_flow(&cloud).id;
    assert!(cloud.deals.contains_key(&deal_id) && cloud.tasks.contains_key(&flow_id));
    // It has just ended, whenever it began, so whoever waits for it sees that.
    cloud.step(flow_id, end);
    cloud.advance(end + HISTORY - 1);
    assert_eq!(cloud.tasks[&flow_id].result, TaskResult::Done);
    assert_eq!(cloud.deals[&deal_id].status, DealStatus::Delivered);
    cloud.advance(end + HISTORY);
    // That of the daily backup, which could not begin while it was under way, ends later.
    assert!(cloud.deals.is_empty() && !cloud.tasks.contains_key(&flow_id));
}

#[test]
fn a_split_stretch_of_time_leaves_the_same_past() {
    let mut whole = rich(Pace::Timed, prepaid_until(instance(ID, 2), NOW + time::DAY));
    whole.instances.update(ID, |own| own.auto_renew = AutoRenew::Automatic);
    resize(&mut whole, NOW, 2_048);
    renewals_and_copies(&mut whole);
    assert_eq!(whole.deals.len(), 1, "the last month's renewal alone");
}

/// Goes on by two years at once, in days, and over copies whose past was noted anew, as a snapshot's is.
fn renewals_and_copies(whole: &mut Cloud) {
    let (mut split, mut restored) = (whole.clone(), whole.clone());
    whole.advance(NOW + 730 * time::DAY);
    for day in 1..=730 {
        let now = NOW + day * time::DAY;
        split.advance(now);
        restored.advance(now);
        past::note_past(&mut restored);
        assert!(split == restored, "day {day}");
    }
    assert!(*whole == split);
}

#[test]
fn what_was_stated_older_stays() {
    let mut cloud = rich(Pace::Instant, prepaid_until(instance(ID, 2), NOW));
    let deal_id = renew(&mut cloud, NOW);
    cloud.advanced_to = NOW + 2 * HISTORY;
    past::note_past(&mut cloud);
    cloud.advance(NOW + 9 * HISTORY);
    assert!(cloud.deals.contains_key(&deal_id));
}

#[test]
fn of_many_orders_a_month_is_kept() {
    let mut cloud = rich(Pace::Instant, instance(ID, 2));
    for order in 0..20_000_i64 {
        let now = NOW + order * time::HOUR;
        cloud.advance(now);
        resize(&mut cloud, now, [2_048, 1_024][order as usize % 2]);
        assert!(cloud.deals.len() <= 721 && cloud.tasks.len() <= 721 + 31 && cloud.backups.len() <= 37 * 25 + 1);
    }
    assert!(cloud.ledger.len() <= cloud::money::ledger::LEDGER_MOST);
}
