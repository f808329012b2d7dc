//! What an upgrade costs, and who can pay it.

use super::prepaid as prepaid_until;
use super::upgrade::{ID, refusal, to};
use super::*;
use crate::cloud::money::charge::Renewal;
use crate::cloud::money::ledger::Ledger;
use crate::cloud::money::record::HELD_MOST_FEN;
use crate::cloud::money::record::Reference;

#[test]
fn a_postpaid_instance_grows_only_if_the_first_hour_is_there() {
    let mut cloud = with(Pace::Held, instance(ID, 2));
    // An hour of 1 GB of a master and a replica is 21 fen, as its price says; of 4 GB 84.
    assert_eq!(cloud.instances[ID].held_fen(), 21);
    cloud.account.balance_fen = 62;
    assert_eq!(
        refusal(&mut cloud, &to(4_096)),
        Refusal::BalanceTooLow {
            needed_fen: 63,
            balance_fen: 62
        }
    );
    cloud.account.balance_fen = 63;
    let quoted = cloud.quote_upgrade(&guangzhou(), &to(4_096)).unwrap();
    let deal = cloud.upgrade(&guangzhou(), &to(4_096)).unwrap();
    assert_eq!((cloud.account.balance_fen, cloud.deals[&deal].price_fen), (0, 0));
    assert_eq!(cloud.instances[ID].held_fen(), quoted.fen());
    let first = cloud.ledger.iter().next().unwrap();
    assert_eq!((first.kind, first.amount_fen), (EntryKind::Freeze, -63));
}

#[test]
fn nobody_in_arrears_changes_a_postpaid_instance() {
    let mut instance = instance(ID, 2);
    instance.spec.mem_mb = 4_096;
    let mut cloud = with(Pace::Held, instance);
    cloud.account.balance_fen = -1;
    assert_eq!(
        refusal(&mut cloud, &to(1_024)),
        Refusal::BalanceTooLow {
            needed_fen: 0,
            balance_fen: -1
        }
    );
}

fn prepaid(mem_mb: u64) -> Instance {
    let mut instance = instance(ID, 2);
    instance.spec.mem_mb = mem_mb;
    // The month that ends then has 31 days, of which 15 are left.
    instance.payment = Payment::prepaid_until(Some(NOW + 15 * time::DAY));
    instance
}

#[test]
fn a_prepaid_instance_pays_the_rest_of_its_time() {
    let mut cloud = with(Pace::Held, prepaid(1_024));
    // 15 of 31 days of 3 GB at 76.00 a month.
    cloud.account.balance_fen = 11_031;
    assert_eq!(
        refusal(&mut cloud, &to(4_096)),
        Refusal::BalanceTooLow {
            needed_fen: 11_032,
            balance_fen: 11_031
        }
    );
    cloud.account.balance_fen = 11_032;
    let deal = cloud.upgrade(&guangzhou(), &to(4_096)).unwrap();
    assert_eq!((cloud.account.balance_fen, cloud.deals[&deal].price_fen), (0, 11_032));
}

#[test]
fn a_prepaid_instance_that_shrinks_gives_money_back_even_in_arrears() {
    let mut cloud = with(Pace::Held, prepaid(4_096));
    cloud.account.balance_fen = -400;
    let deal = cloud.upgrade(&guangzhou(), &to(1_024)).unwrap();
    assert_eq!(
        (cloud.account.balance_fen, cloud.deals[&deal].price_fen),
        (10_632, -11_032)
    );
}

#[test]
fn the_price_is_the_new_hour_or_the_rest_of_the_time() {
    let postpaid = with(Pace::Held, instance(ID, 2));
    assert_eq!(
        postpaid.quote_upgrade(&guangzhou(), &to(2_048)).unwrap().exact_fen(),
        42.222224
    );
    let prepaid = with(Pace::Held, prepaid(1_024));
    assert_eq!(prepaid.quote_upgrade(&guangzhou(), &to(4_096)).unwrap().fen(), 11_032);
}

/// Every local noon of those years.
fn days(from: &str, until: &str) -> impl Iterator<Item = Millis> {
    let at = |year: &str| time::read(&format!("{year}-01-01 12:00:00")).unwrap();
    let (from, until) = (at(from), at(until));
    (0..)
        .map(move |day| from + day * time::DAY)
        .take_while(move |at| *at < until)
}

#[test]
fn what_was_just_bought_is_worth_what_was_paid_and_never_more() {
    let month = Price {
        micro_fen: 7_600_000_000,
    };
    let orders: [&[u64]; 7] = [&[1], &[2], &[1, 1], &[1, 2, 12], &[2, 1, 1, 36], &[12], &[11, 1]];
    // With a leap year, without one, and over the end of a century that has none.
    let years = days("2027", "2030")
        .chain(days("2095", "2102"))
        .chain(days("2000", "2001"));
    for bought_at in years {
        for months in orders {
            let mut deadline_at = bought_at;
            for months in months {
                deadline_at = time::deadline_after(deadline_at, *months).unwrap();
            }
            let paid = month.times(months.iter().sum());
            let shown = (time::show(bought_at), months);
            assert_eq!(month.for_time(bought_at, deadline_at), paid, "{shown:?}");
            let mut before = paid;
            for hours in [0, 1, 13, 24, 40, 72, 100, 400, 700, 745] {
                let later = month.for_time(bought_at + hours * time::HOUR, deadline_at);
                assert!(later <= before, "{shown:?} is worth {later:?} after {hours} hours");
                before = later;
            }
            // A second later nothing of weight is lost.
            let soon = month.for_time(bought_at + SECOND, deadline_at);
            assert!(paid.less(soon).fen() == 0, "{shown:?}: {soon:?}");
        }
    }
}

#[test]
fn who_buys_and_returns_at_once_has_lost_nothing_on_any_day() {
    for now in days("2027", "2029") {
        let mut cloud = empty(Pace::Instant);
        let order = Order {
            months: 1,
            billing: 1,
            goods: 1,
            ..create::order()
        };
        let id = cloud.create(&at(now), &order).unwrap().unwrap().instance_ids.remove(0);
        let renewal = Renewal {
            instance_id: id.to_string(),
            months: 1,
            pay_mode: None,
        };
        cloud.renew(&at(now), &renewal).unwrap();
        assert_eq!(cloud.account.balance_fen, 1_000_000 - 2 * 7_600);
        cloud.destroy_prepaid(&at(now), &id).unwrap();
        assert_eq!(cloud.account.balance_fen, 1_000_000, "{}", time::show(now));
    }
}

/// The dearest instance that a region sells, prepaid.
fn dearest() -> Instance {
    let month = |of: &Instance| of.month();
    let all = region::all()
        .iter()
        .filter(|region| region.has_redis())
        .flat_map(|region| {
            edition::EDITIONS.iter().map(move |edition| {
                let most = |sold: Option<&'static [u64]>| sold.and_then(|sold| sold.iter().copied().max()).unwrap_or(1);
                let mut made = Instance::new(ID.into(), region, edition, NOW);
                made.spec = Spec {
                    // As much as a fixture may state where the sizes are not known.
                    mem_mb: edition.range_mb(Billing::Prepaid).map_or(1 << 30, |range| range.1),
                    shards: most(edition.shards.get()),
                    replicas: most(edition.replicas.get()),
                };
                made.payment = Payment::prepaid_until(None);
                made
            })
        });
    all.max_by_key(month).unwrap()
}

#[test]
fn the_dearest_price_fits() {
    let mut most = dearest();
    let first = time::read("0001-01-01 08:00:00").unwrap();
    most.payment = Payment::prepaid_until(Some(time::LAST));
    let all = most.value(first).times(100);
    assert_eq!(i128::from(all.fen()), (all.micro_fen + 500_000) / 1_000_000);
    assert!(most.value(first).fen() > 1_000_000_000_000_000, "it is dear: {all:?}");
    assert!(most.value(first).fen() < cloud::money::record::BALANCE_MOST_FEN);
}

#[test]
fn a_renewal_leads_no_further_than_the_last_deadline() {
    let until = time::read("9999-11-30 23:59:59").unwrap();
    let mut cloud = with(Pace::Held, prepaid_until(instance(ID, 2), until));
    let before = cloud.clone();
    let renewal = |months| Renewal {
        instance_id: ID.into(),
        months,
        pay_mode: None,
    };
    let refused = cloud.renew(&guangzhou(), &renewal(36));
    assert_eq!(refused, Err(Refusal::DeadlineTooFar { months: 36 }));
    assert!(cloud == before, "a refusal changes nothing");
    cloud.renew(&guangzhou(), &renewal(1)).unwrap();
    assert_eq!(
        cloud.instances[ID].deadline_at().map(time::show).as_deref(),
        Some("9999-12-30 23:59:59")
    );
}

/// No clock gets beyond the calendar, so what would be due there is due at its end.
#[test]
fn a_grace_ends_with_the_calendar() {
    let mut cloud = with(Pace::Held, prepaid_until(instance(ID, 2), time::LAST - time::DAY));
    assert_eq!(advance::next_by_hand(&cloud), Some(time::END));
    cloud.advance(time::END);
    assert!(
        !cloud.instances.contains_key(ID),
        "isolated, and gone with the calendar"
    );
    cloud.account.arrears_since = Some(time::LAST);
    assert_eq!(cloud.account.arrears_due(), Some(time::END));
}

#[test]
fn nothing_is_ordered_or_renewed_beyond_the_last_deadline() {
    let now = time::LAST - time::DAY;
    let mut cloud = with(Pace::Instant, instance(ID, 2));
    let order = Order {
        months: 1,
        billing: 1,
        ..create::order()
    };
    let too_far = Refusal::DeadlineTooFar { months: 1 };
    assert_eq!(cloud.create(&at(now), &order), Err(too_far.clone()));
    assert_eq!(cloud.quote_create(&at(now), &order), Err(too_far.clone()));
    let turned = cloud.change_charge_type(&at(now), &[ID.into()], Billing::Prepaid, 1);
    assert_eq!(turned, Err(too_far));
    // One that renews itself is kept for its last week, and no more.
    let mut instance = prepaid_until(instance(ID, 2), now);
    instance.auto_renew = AutoRenew::Automatic;
    let mut cloud = with(Pace::Instant, instance);
    cloud.advance(now);
    assert!(cloud.instances[ID].payment.renewal_failed() && cloud.deals.is_empty());
}

#[test]
fn a_long_life_gives_back_what_was_paid_for_it() {
    let mut cloud = with(Pace::Instant, prepaid_until(instance(ID, 2), NOW));
    cloud.account.balance_fen = 1_000_000_000;
    for _ in 0..334 {
        let renewal = Renewal {
            instance_id: ID.into(),
            months: 36,
            pay_mode: None,
        };
        cloud.renew(&guangzhou(), &renewal).unwrap();
    }
    assert_eq!(cloud.account.balance_fen, 1_000_000_000 - 334 * 36 * 7_600);
    cloud.destroy_prepaid(&guangzhou(), ID).unwrap();
    assert_eq!(cloud.account.balance_fen, 1_000_000_000);
}

#[test]
fn what_would_be_more_than_an_account_may_have_is_not_given_back() {
    let until = time::add_months(NOW, 1);
    let mut rich = with(Pace::Held, prepaid_until(instance(ID, 2), until));
    rich.account.balance_fen = cloud::money::record::BALANCE_MOST_FEN - 7_599;
    let before = rich.clone();
    let too_high = Refusal::BalanceTooHigh {
        balance_fen: cloud::money::record::BALANCE_MOST_FEN - 7_599,
        back_fen: 7_600,
    };
    assert_eq!(rich.destroy_prepaid(&guangzhou(), ID), Err(too_high));
    let turned = rich.change_charge_type(&guangzhou(), &[ID.into()], Billing::Postpaid, 0);
    assert!(turned.unwrap()[0].1.contains("too high"));
    assert!(rich == before, "a refusal changes nothing");
    rich.account.balance_fen -= 1;
    rich.destroy_prepaid(&guangzhou(), ID).unwrap();
    assert_eq!(rich.account.balance_fen, cloud::money::record::BALANCE_MOST_FEN);
}

#[test]
fn the_oldest_movements_become_one() {
    let mut cloud = empty(Pace::Instant);
    let most = cloud::money::ledger::LEDGER_MOST as i64;
    for fen in 1..=most {
        cloud::money::book::pay(&mut cloud, NOW + fen, -fen, Reference::default());
    }
    assert_eq!(cloud.ledger.len() as i64, most);
    let copy = cloud.clone();
    cloud::money::book::pay(&mut cloud, NOW + most + 1, 7, Reference::default());
    assert_eq!(copy.ledger.len() as i64, most, "a copy is its own");
    assert_eq!(cloud.ledger.len() as i64, most / 2 + 1);
    let first = cloud.ledger.iter().next().unwrap();
    let folded = most / 2 + 1;
    assert_eq!((first.kind, first.at), (EntryKind::Opening, NOW + folded));
    assert_eq!(first.amount_fen, folded * (folded + 1) / 2);
    assert_eq!(first.balance_fen, 1_000_000 + first.amount_fen);
    let sum: i64 = cloud.ledger.iter().map(|entry| entry.amount_fen).sum();
    assert_eq!(cloud.account.balance_fen, 1_000_000 + sum);
    let stated: Ledger = cloud.ledger.iter().cloned().collect();
    assert!(stated == cloud.ledger, "however it came about");
}

#[test]
fn a_change_never_leaves_less_than_nothing_held() {
    for (frozen_fen, mem_mb) in [(1, 1_024), (HELD_MOST_FEN, 16_384)] {
        let mut own = instance("crs-postpaid", 2);
        own.spec.mem_mb = 8_192;
        own.payment = Payment::Postpaid {
            frozen_fen: Some(frozen_fen),
        };
        let mut cloud = with(Pace::Held, own);
        let asked = Upgrade {
            instance_id: "crs-postpaid".into(),
            mem_mb,
            ..Upgrade::default()
        };
        cloud.upgrade(&guangzhou(), &asked).unwrap();
        let held = |cloud: &Cloud| cloud.instances.get("crs-postpaid").unwrap().held_fen();
        assert!((0..=HELD_MOST_FEN).contains(&held(&cloud)), "{mem_mb}");
        let id = only_flow(&cloud).id;
        cloud.fail(id, NOW, "it was made to").unwrap();
        assert!((0..=HELD_MOST_FEN).contains(&held(&cloud)), "{mem_mb}");
    }
}
