//! Renewals, the change of billing mode, and sums with fractions of a fen.

use super::*;
use crate::cloud::money::charge::Renewal;
use crate::cloud::time::{DAY, HOUR};

const ID: &str = "crs-aaaaaaaa";

fn renewal(months: u64) -> Renewal {
    Renewal {
        instance_id: ID.into(),
        months,
        pay_mode: None,
    }
}

fn ids(of: &[&str]) -> Vec<String> {
    of.iter().map(|&id| id.to_owned()).collect()
}

#[test]
fn what_runs_is_renewed_from_its_deadline() {
    let until = NOW + 3 * DAY;
    let mut cloud = with(Pace::Held, prepaid(instance(ID, 8), until));
    let quoted = cloud.quote_renewal(&guangzhou(), &renewal(2)).unwrap();
    let deal_id = cloud.renew(&guangzhou(), &renewal(2)).unwrap();
    let deal = &cloud.deals[&deal_id];
    assert_eq!(
        (deal.status, deal.price_fen, quoted.fen()),
        (DealStatus::Delivered, 15_200, 15_200)
    );
    let renewed = &cloud.instances[ID];
    assert_eq!(
        (renewed.status, renewed.deadline_at()),
        (Status::Running, Some(time::add_months(until, 2)))
    );
}

#[test]
fn what_has_lapsed_is_renewed_from_its_deadline_too() {
    let until = NOW - 3 * DAY;
    let mut cloud = with(Pace::Held, prepaid(instance(ID, 8), until));
    cloud.renew(&guangzhou(), &renewal(1)).unwrap();
    assert_eq!(cloud.instances[ID].deadline_at(), Some(time::add_months(until, 1)));
}

#[test]
fn what_is_isolated_is_renewed_from_now_and_runs_again() {
    let bin = returned(prepaid(instance(ID, 8), NOW - DAY));
    let mut cloud = with(Pace::Held, bin);
    let call = at(NOW + HOUR);
    let deal_id = cloud.renew(&call, &renewal(1)).unwrap();
    assert_eq!(cloud.instances[ID].status, Status::InProcess);
    assert_eq!(cloud.deals[&deal_id].status, DealStatus::Delivering);
    cloud.drain(NOW + HOUR);
    let renewed = &cloud.instances[ID];
    assert_eq!(
        (renewed.status, renewed.deadline_at(), renewed.recycle_bin.isolated_at),
        (Status::Running, Some(time::add_months(NOW + HOUR, 1)), None)
    );
    assert_eq!(cloud.deals[&deal_id].status, DealStatus::Delivered);
}

#[test]
fn a_renewal_that_fails_has_renewed_nothing() {
    let bin = returned(prepaid(instance(ID, 8), NOW - DAY));
    let mut cloud = with(Pace::Held, bin.clone());
    let deal_id = cloud.renew(&guangzhou(), &renewal(1)).unwrap();
    cloud.fail(only_flow(&cloud).id, NOW, "no room");
    assert_eq!(cloud.instances[ID], bin);
    assert_eq!(taken(&cloud, &deal_id), (0, 0));
    assert_eq!(cloud.account.balance_fen, 1_000_000);
}

#[test]
fn what_is_postpaid_is_renewed_only_into_prepaid() {
    let mut cloud = with(Pace::Held, instance(ID, 8));
    let refusal = cloud.renew(&guangzhou(), &renewal(1)).unwrap_err();
    let wrong = Refusal::WrongBilling {
        id: ID.into(),
        billing: Billing::Postpaid,
    };
    assert_eq!(refusal, wrong);
    let asked = Renewal {
        pay_mode: Some("Prepaid".into()),
        ..renewal(1)
    };
    let deal_id = cloud.renew(&guangzhou(), &asked).unwrap();
    // A month is paid, and the hour that was held is let go.
    assert_eq!(taken(&cloud, &deal_id), (7_600, -21));
    let now = &cloud.instances[ID];
    assert_eq!(
        (now.billing(), now.deadline_at()),
        (Billing::Prepaid, Some(time::add_months(NOW, 1)))
    );
}

#[test]
fn renewals_have_periods_and_need_money() {
    let mut cloud = with(Pace::Held, prepaid(instance(ID, 8), NOW + DAY));
    let mut refused = |months| cloud.renew(&guangzhou(), &renewal(months)).unwrap_err();
    assert_eq!(refused(0), Refusal::PeriodTooShort { months: 0 });
    assert_eq!(refused(13), Refusal::PeriodNotSold { months: 13 });
    assert_eq!(refused(37), Refusal::PeriodTooLong { months: 37 });
    cloud.account.balance_fen = 7_599;
    let too_low = Refusal::BalanceTooLow {
        needed_fen: 7_600,
        balance_fen: 7_599,
    };
    assert_eq!(cloud.renew(&guangzhou(), &renewal(1)), Err(too_low));
}

#[test]
fn a_renewal_by_itself_pays_for_the_size_that_waits() {
    let soon = prepaid(instance(ID, 8), NOW + HOUR);
    let mut cloud = with(Pace::Held, soon);
    cloud.instances.update(ID, |one| one.auto_renew = AutoRenew::Automatic);
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: 2_048,
        switch_option: Some(1),
        ..Upgrade::default()
    };
    let deal_id = cloud.upgrade(&guangzhou(), &asked).unwrap();
    let first_fen = cloud.deals[&deal_id].price_fen;
    cloud.advance(NOW + HOUR);
    // Another 76.00 for the second gigabyte of the new month.
    assert_eq!(cloud.deals[&deal_id].price_fen, first_fen + 7_600);
    let paid_fen = first_fen + 2 * 7_600;
    assert_eq!(cloud.account.balance_fen, 1_000_000 - paid_fen);

    let mut failing = cloud.clone();
    failing.fail(only_flow(&failing).id, NOW + HOUR, "no room");
    assert_eq!(taken(&failing, &deal_id), (0, 0));
    assert_eq!(failing.account.balance_fen, 1_000_000 - 7_600);

    cloud.drain(NOW + HOUR);
    let return_id = cloud.destroy_prepaid(&at(NOW + HOUR), ID).unwrap();
    assert_eq!(taken(&cloud, &return_id), (-15_200, 0));
}

#[test]
fn a_renewal_by_itself_needs_the_money_for_the_size_that_waits() {
    let mut soon = prepaid(instance(ID, 8), NOW + HOUR);
    soon.auto_renew = AutoRenew::Automatic;
    let mut cloud = with(Pace::Held, soon);
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: 2_048,
        switch_option: Some(1),
        ..Upgrade::default()
    };
    cloud.upgrade(&guangzhou(), &asked).unwrap();
    cloud.account.balance_fen = 15_199;
    cloud.advance(NOW + HOUR);
    assert!(cloud.instances[ID].payment.renewal_failed());
    assert_eq!(cloud.account.balance_fen, 15_199);
}

#[test]
fn postpaid_becomes_prepaid_from_now() {
    let mut cloud = with(Pace::Held, instance(ID, 8));
    let failed = cloud
        .change_charge_type(&guangzhou(), &ids(&[ID]), Billing::Prepaid, 3)
        .unwrap();
    assert_eq!(failed, []);
    assert_eq!(cloud.account.balance_fen, 1_000_000 - 22_800);
    cloud.drain(NOW + SECOND);
    let now = &cloud.instances[ID];
    assert_eq!(
        (now.billing(), now.deadline_at(), now.held_fen()),
        (Billing::Prepaid, Some(time::add_months(NOW, 3)), 0)
    );
    assert_eq!(cloud.account.balance_fen, 1_000_000 - 22_800 + 21);
}

#[test]
fn prepaid_becomes_postpaid_and_gives_back_its_worth() {
    let until = time::add_months(NOW, 1);
    let mut cloud = with(Pace::Held, prepaid(instance(ID, 8), until));
    let failed = cloud
        .change_charge_type(&guangzhou(), &ids(&[ID]), Billing::Postpaid, 0)
        .unwrap();
    assert_eq!(failed, []);
    cloud.drain(NOW + SECOND);
    let now = &cloud.instances[ID];
    assert_eq!(
        (now.billing(), now.deadline_at(), now.held_fen()),
        (Billing::Postpaid, None, 21)
    );
    assert_eq!(cloud.account.balance_fen, 1_000_000 + 7_600 - 21);
}

#[test]
fn those_that_cannot_change_are_listed_and_the_others_change() {
    let mut cloud = with(Pace::Held, instance(ID, 8));
    cloud.instances.insert(prepaid(instance("crs-prepaid0", 8), NOW + DAY));
    cloud.instances.insert(returned(instance("crs-deleting", 8)));
    cloud.instances.insert(instance("crs-toolarge", 8));
    cloud.instances.update("crs-toolarge", |one| one.spec.mem_mb = 65_536);
    let asked = ids(&["crs-nothing0", "crs-prepaid0", "crs-deleting", ID, "crs-toolarge"]);
    cloud.account.balance_fen = 10_000;
    let failed = cloud
        .change_charge_type(&guangzhou(), &asked, Billing::Prepaid, 1)
        .unwrap();
    let whose: Vec<&str> = failed.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(whose, ["crs-nothing0", "crs-prepaid0", "crs-deleting", "crs-toolarge"]);
    assert!(failed[0].1.contains("not found") && failed[1].1.contains("already prepaid"));
    assert!(failed[2].1.contains("not running") && failed[3].1.contains("balance"));
    assert_eq!(only_flow(&cloud).instance_id, ID);
}

#[test]
fn a_size_that_is_sold_prepaid_only_stays_prepaid() {
    let mut small = prepaid(instance(ID, 2), NOW + DAY);
    small.spec.mem_mb = 256;
    let mut cloud = with(Pace::Held, small);
    let before = cloud.clone();
    let failed = cloud
        .change_charge_type(&guangzhou(), &ids(&[ID]), Billing::Postpaid, 0)
        .unwrap();
    assert!(failed[0].1.contains("256 MB, which is not sold postpaid"));
    assert_eq!(cloud, before);
}

/// Three of 8 GB, a master and two replicas: 253.33 fen an hour each, 760 together.
fn three(billing: i64) -> Order {
    Order {
        type_id: 8,
        mem_mb: 8_192,
        replicas: Some(2),
        goods: 3,
        months: 1,
        billing,
        vpc: Some("vpc-abcdefgh".into()),
        subnet: Some("subnet-abcdefgh".into()),
        password: Some("abcdefg1".into()),
        ..Order::default()
    }
}

#[test]
fn several_goods_hold_together_what_their_order_costs() {
    let mut cloud = empty(Pace::Held);
    let named = Order {
        zone_id: Some(100_001),
        ..three(0)
    };
    let quoted = cloud.quote_create(&guangzhou(), &named).unwrap();
    let made = cloud.create(&guangzhou(), &named).unwrap().unwrap();
    assert_eq!(quoted.fen(), 3 * 253 + 1);
    let held: Vec<i64> = cloud.instances.values().map(Instance::held_fen).collect();
    assert_eq!(held.iter().sum::<i64>(), quoted.fen());
    assert!(held.iter().all(|&fen| fen == 253 || fen == 254));
    assert_eq!(taken(&cloud, &made.deal_id), (0, quoted.fen()));
}

#[test]
fn several_goods_that_fail_one_by_one_give_back_all() {
    for billing in [0, 1] {
        let mut cloud = empty(Pace::Held);
        let made = cloud.create(&guangzhou(), &three(billing)).unwrap().unwrap();
        let flows: Vec<TaskId> = cloud.flows.values().map(|flow| flow.id).collect();
        for (at, id) in flows.into_iter().enumerate() {
            cloud.fail(id, NOW + SECOND, "no room");
            let status = cloud.deals[&made.deal_id].status;
            let all = at == 2;
            assert_eq!(status == DealStatus::Refunded, all);
        }
        assert_eq!(cloud.account.balance_fen, 1_000_000);
        assert!(cloud.instances.len() == 0);
    }
}

#[test]
fn an_order_that_fails_in_part_says_so() {
    let mut cloud = empty(Pace::Held);
    let made = cloud.create(&guangzhou(), &three(1)).unwrap().unwrap();
    let first = cloud.flows.values().next().unwrap().id;
    cloud.fail(first, NOW + SECOND, "no room");
    cloud.drain(NOW + SECOND);
    let deal = &cloud.deals[&made.deal_id];
    assert_eq!((deal.status, deal.undelivered), (DealStatus::DeliveryFailed, 1));
    // Two of three at 912.00 a month.
    assert_eq!(cloud.account.balance_fen, 1_000_000 - 2 * 91_200);
}

#[test]
fn a_resize_that_fails_holds_what_was_held_before() {
    let mut cloud = empty(Pace::Held);
    cloud.create(&guangzhou(), &three(0)).unwrap();
    cloud.drain(NOW);
    let odd = |one: &&Instance| one.held_fen() == 254;
    let before = cloud.instances.values().find(odd).unwrap().clone();
    let asked = Upgrade {
        instance_id: before.id.to_string(),
        mem_mb: 16_384,
        ..Upgrade::default()
    };
    let balance_fen = cloud.account.balance_fen;
    let deal_id = cloud.upgrade(&guangzhou(), &asked).unwrap();
    cloud.fail(only_flow(&cloud).id, NOW, "no room");
    assert_eq!(cloud.instances[before.id.as_str()], before);
    assert_eq!(taken(&cloud, &deal_id), (0, 0));
    assert_eq!(cloud.account.balance_fen, balance_fen);
}
