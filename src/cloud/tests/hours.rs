//! What the hours of postpaid instances cost, and what comes of it.

use super::prepaid as prepaid_until;
use super::*;
use crate::cloud::catalogue::price;
use crate::cloud::life::past;
use crate::cloud::money::book::balance_fen;
use crate::cloud::money::charge::Renewal;
use crate::cloud::time::{DAY, HOUR};

const ID: &str = "crs-aaaaaaaa";

/// An instance of a price that is easy to follow, charged since now: 21.111112 fen an hour for each GB at first.
fn charged(pace: Pace, mem_mb: u64) -> Cloud {
    let mut own = instance(ID, 2);
    own.spec.mem_mb = mem_mb;
    let mut cloud = with(pace, own);
    cloud.advanced_to = NOW;
    cloud
}

fn resize(cloud: &mut Cloud, now: Millis, mem_mb: u64) {
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb,
        ..Upgrade::default()
    };
    cloud.upgrade(&at(now), &asked).unwrap();
}

/// The charges of the ledger: when, hours, fen.
fn charges(cloud: &Cloud) -> Vec<(Millis, u64, i64)> {
    let charges = cloud.ledger.iter().filter(|entry| entry.kind == EntryKind::Charge);
    charges
        .map(|entry| {
            assert_eq!(entry.instance_id.as_deref(), Some(ID));
            (entry.at, entry.hours.unwrap(), -entry.amount_fen)
        })
        .collect()
}

#[test]
fn an_hour_costs_once_it_is_over_and_without_an_entry() {
    let mut cloud = charged(Pace::Held, 1_024);
    for (at, cost_fen) in [
        (0, 0),
        (HOUR - 1, 0),
        (HOUR, 21),
        (2 * HOUR, 42),
        (96 * HOUR, 2_027),
        (97 * HOUR, 2_043),
        (360 * HOUR, 6_207),
        (361 * HOUR, 6_217),
    ] {
        cloud.advance(NOW + at);
        assert_eq!(balance_fen(&cloud, NOW + at), 1_000_000 - cost_fen, "{at}");
    }
    assert_eq!((cloud.ledger.len(), cloud.account.balance_fen), (0, 1_000_000));
}

#[test]
fn a_new_instance_is_charged_from_its_delivery() {
    let mut cloud = empty(Pace::Held);
    let ordered = cloud.create(&guangzhou(), &create::order()).unwrap().unwrap();
    let id = ordered.instance_ids[0].clone();
    cloud.advance(NOW + 5 * HOUR);
    assert_eq!(balance_fen(&cloud, NOW + 5 * HOUR), 1_000_000 - 21, "held, but no hour");
    cloud.drain(NOW + 5 * HOUR);
    assert_eq!(cloud.instances[id.as_str()].charged_since, Some(NOW + 5 * HOUR));
    assert_eq!(balance_fen(&cloud, NOW + 7 * HOUR), 1_000_000 - 21 - 42);
}

#[test]
fn a_resize_settles_at_its_end_and_the_tiers_begin_anew() {
    let mut cloud = charged(Pace::Held, 1_024);
    let begun = NOW + 100 * HOUR;
    cloud.advance(begun);
    resize(&mut cloud, begun, 2_048);
    let ended = begun + 90 * time::MINUTE;
    cloud.advance(ended);
    assert!(
        charges(&cloud).is_empty(),
        "the old size is charged until the flow ends"
    );
    cloud.drain(ended);
    // 96 hours of the first tier and 5 of the second.
    assert_eq!(charges(&cloud), [(ended, 101, 2_106)]);
    // The hour under way counts as one of the new size.
    assert_eq!(cloud.instances[ID].charged_since, Some(begun + HOUR));
    assert_eq!(balance_fen(&cloud, begun + 2 * HOUR), 1_000_000 - 42 + 21 - 2_106 - 42);
}

#[test]
fn what_ends_charging_settles() {
    // Returned: isolated when the flow ends.
    let mut cloud = charged(Pace::Instant, 1_024);
    cloud.advance(NOW + 3 * HOUR + 1);
    cloud.destroy_postpaid(&at(NOW + 3 * HOUR + 1), ID).unwrap();
    assert_eq!(charges(&cloud), [(NOW + 3 * HOUR + 1, 3, 63)]);
    assert_eq!(cloud.instances[ID].charged_since, None);
    // Taken back: from then on.
    let later = NOW + 4 * HOUR;
    cloud.start_up(&at(later), ID).unwrap();
    assert_eq!(cloud.instances[ID].charged_since, Some(later));
    // Prepaid from now on.
    let turned = cloud.change_charge_type(&at(later + HOUR), &[ID.into()], Billing::Prepaid, 1);
    assert!(turned.unwrap().is_empty());
    assert_eq!(charges(&cloud)[1..], [(later + HOUR, 1, 21)]);
    assert_eq!(cloud.instances[ID].metered(), None);
    // And back, from then on.
    let turned = cloud.change_charge_type(&at(later + 2 * HOUR), &[ID.into()], Billing::Postpaid, 0);
    assert!(turned.unwrap().is_empty());
    assert_eq!(cloud.instances[ID].charged_since, Some(later + 2 * HOUR));
    // A renewal that turns it.
    let renewal = Renewal {
        instance_id: ID.into(),
        months: 1,
        pay_mode: Some("prepaid".into()),
    };
    cloud.renew(&at(later + 4 * HOUR), &renewal).unwrap();
    assert_eq!(charges(&cloud)[2..], [(later + 4 * HOUR, 2, 42)]);
}

#[test]
fn less_than_an_hour_costs_nothing() {
    let mut cloud = charged(Pace::Instant, 1_024);
    cloud.destroy_postpaid(&at(NOW + HOUR - 1), ID).unwrap();
    assert!(charges(&cloud).is_empty());
    assert_eq!(cloud.account.balance_fen, 1_000_000 + 21);
}

#[test]
fn hours_bring_arrears_at_their_moment_and_arrears_isolate() {
    let mut cloud = charged(Pace::Held, 1_024);
    cloud.account.balance_fen = 42;
    // 42 fen are two hours; the third is one too many.
    let begin = NOW + 3 * HOUR;
    assert_eq!(cloud.next_due(), Some(begin));
    cloud.advance(begin - 1);
    assert_eq!(cloud.account.arrears_since, None);
    assert_eq!(balance_fen(&cloud, begin - 1), 0);
    cloud.advance(begin);
    assert_eq!(cloud.account.arrears_since, Some(begin));
    assert_eq!(balance_fen(&cloud, begin), -21);
    cloud.advance(begin + DAY - 1);
    assert_eq!(cloud.instances[ID].status, Status::Running);
    cloud.advance(begin + DAY);
    assert_eq!(cloud.instances[ID].status, Status::Deleting);
    assert_eq!(charges(&cloud), [(begin + DAY, 27, 570)]);
    // Nothing costs any more, and what was held is back.
    assert_eq!(balance_fen(&cloud, begin + DAY), 42 - 570 + 21);
    assert_eq!(cloud.next_due(), Some(begin + DAY + 2 * HOUR), "it is gone then");
}

#[test]
fn money_that_comes_in_time_ends_the_arrears() {
    let mut cloud = charged(Pace::Held, 1_024);
    cloud.account.balance_fen = 42;
    cloud.advance(NOW + 5 * HOUR);
    assert_eq!(balance_fen(&cloud, NOW + 5 * HOUR), 42 - 106);
    cloud::money::book::adjust(&mut cloud, NOW + 5 * HOUR, 84).unwrap();
    assert_eq!(cloud.account.arrears_since, None);
    assert_eq!(balance_fen(&cloud, NOW + 5 * HOUR), 84);
    // Rounded together: nine hours are 190 fen, and ten 211.
    assert_eq!(cloud.next_due(), Some(NOW + 10 * HOUR));
}

#[test]
fn nothing_is_ordered_for_what_hours_have_cost() {
    let mut cloud = charged(Pace::Held, 1_024);
    cloud.account.balance_fen = 100;
    let now = NOW + 2 * HOUR;
    cloud.advance(now);
    let asked = Upgrade {
        instance_id: ID.into(),
        mem_mb: 4_096,
        ..Upgrade::default()
    };
    assert_eq!(
        cloud.upgrade(&at(now), &asked),
        Err(Refusal::BalanceTooLow {
            needed_fen: 63,
            balance_fen: 58
        })
    );
}

#[test]
fn a_clock_set_back_takes_hours_back() {
    let mut cloud = charged(Pace::Held, 1_024);
    cloud.account.balance_fen = 42;
    cloud.advance(NOW + 10 * HOUR);
    assert!(cloud.account.arrears_since.is_some());
    cloud.advance(NOW + HOUR);
    assert_eq!(cloud.account.arrears_since, None);
    assert_eq!(balance_fen(&cloud, NOW + HOUR), 21);
    assert_eq!(cloud.next_due(), Some(NOW + 3 * HOUR));
}

/// A number that follows from the one before.
fn draw(seed: &mut u64) -> i64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 40) as i64
}

#[test]
fn the_closed_form_is_the_sum_of_the_hours() {
    for seed in 1..=50 {
        let mut seed = seed;
        let mut cloud = charged(Pace::Instant, 1_024);
        let (mut now, mut mem_mb, mut began) = (NOW, 1_024, NOW);
        let mut booked_fen = 0;
        for _ in 0..8 {
            now += draw(&mut seed) % (20 * DAY);
            cloud.advance(now);
            let tariff = price::tariff(
                cloud.instances[ID].region,
                cloud.instances[ID].edition,
                &cloud.instances[ID].spec,
            );
            // Hour after hour.
            let (mut micro_fen, mut hours, mut end) = (0, 0, began + HOUR);
            while end <= now {
                micro_fen += tariff.for_hours(hours + 1).less(tariff.for_hours(hours)).micro_fen;
                hours += 1;
                end += HOUR;
            }
            let cost_fen = Price { micro_fen }.fen();
            let held_fen = cloud.instances[ID].held_fen();
            assert_eq!(
                balance_fen(&cloud, now) + held_fen,
                1_000_000 + 21 - booked_fen - cost_fen
            );
            mem_mb = if mem_mb == 1_024 { 2_048 } else { 1_024 };
            resize(&mut cloud, now, mem_mb);
            booked_fen += cost_fen;
            began += hours * HOUR;
            assert_eq!(cloud.instances[ID].charged_since, Some(began));
        }
        let sum_fen: i64 = charges(&cloud).iter().map(|(_, _, fen)| fen).sum();
        assert_eq!(sum_fen, booked_fen);
    }
}

/// Many instances, charged since different moments, some prepaid, some in process; with money for some weeks.
fn many(seed: u64) -> Cloud {
    let mut seed = seed;
    let mut cloud = empty(Pace::Timed);
    cloud.advanced_to = NOW;
    cloud.account.balance_fen = 20_000 + draw(&mut seed) % 200_000;
    for number in 0..40 {
        let mut own = instance(&format!("crs-many{number:04}"), [2, 8, 7][number % 3]);
        match number % 5 {
            0 => own = prepaid_until(own, NOW + draw(&mut seed) % (40 * DAY)),
            _ => own.charged_since = Some(NOW - draw(&mut seed) % (20 * DAY)),
        }
        if number % 10 == 0 {
            own.auto_renew = AutoRenew::Automatic;
        }
        cloud.instances.insert(own);
    }
    let asked = Upgrade {
        instance_id: "crs-many0003".into(),
        mem_mb: 2_048,
        switch_option: Some(1),
        ..Upgrade::default()
    };
    cloud.upgrade(&guangzhou(), &asked).unwrap();
    cloud
}

#[test]
fn a_month_in_pieces_is_a_month() {
    for seed in 1..=20 {
        let whole = many(seed);
        let (mut whole, mut split, mut steps) = (whole.clone(), whole.clone(), whole);
        let end = NOW + 60 * DAY;
        whole.advance(end);
        let mut seed = seed;
        let mut now = NOW;
        while now < end {
            now = end.min(now + draw(&mut seed) % (3 * DAY));
            split.advance(now);
            past::note_past(&mut split);
        }
        while let Some(due) = steps.next_due().filter(|due| *due <= end) {
            steps.advance(due);
        }
        steps.advance(end);
        assert!(whole == split && whole == steps);
        assert!(whole.account.arrears_since.is_some(), "the money was to end");
        let binned = whole.instances.values().filter(|one| one.status.is_binned()).count();
        assert!(whole.ledger.len() > 30 && (binned > 0 || whole.instances.len() < 40));
    }
}

#[test]
fn what_all_cost_together_is_what_each_costs() {
    let mut cloud = many(3);
    for day in [0, 1, 9, 17] {
        let now = NOW + day * DAY + 77;
        cloud.advance(now);
        let each = cloud.instances.values().filter_map(Instance::metered);
        let sum_fen: i64 = each.map(|stretch| stretch.cost_fen(now)).sum();
        assert_eq!(balance_fen(&cloud, now), cloud.account.balance_fen - sum_fen);
    }
}
