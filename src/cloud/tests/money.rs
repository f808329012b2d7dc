//! What an upgrade costs, and who can pay it.

use super::upgrade::{ID, refusal, to};
use super::*;

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
    assert_eq!(
        (cloud.account.balance_fen, cloud.deals[&deal].price_fen),
        (0, 0)
    );
    assert_eq!(cloud.instances[ID].held_fen(), quoted.fen());
    assert_eq!(
        (cloud.ledger[0].kind, cloud.ledger[0].amount_fen),
        (EntryKind::Freeze, -63)
    );
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
    instance.billing = Billing::Prepaid;
    instance.spec.mem_mb = mem_mb;
    // The month that ends then has 31 days, of which 15 are left.
    instance.deadline_at = Some(NOW + 15 * time::DAY);
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
    assert_eq!(
        (cloud.account.balance_fen, cloud.deals[&deal].price_fen),
        (0, 11_032)
    );
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
        postpaid
            .quote_upgrade(&guangzhou(), &to(2_048))
            .unwrap()
            .exact_fen(),
        42.222224
    );
    let prepaid = with(Pace::Held, prepaid(1_024));
    assert_eq!(
        prepaid
            .quote_upgrade(&guangzhou(), &to(4_096))
            .unwrap()
            .fen(),
        11_032
    );
}
