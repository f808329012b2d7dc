//! Every movement of money is booked here, and nowhere else.
//!
//! The hours of a postpaid instance are no movement while they pass: what they cost comes off what is booked wherever
//! somebody asks for the balance. They are booked, all together, when something ends their stretch: another size,
//! another way to be paid for, isolation.

use crate::cloud::ids::InstanceId;
use crate::cloud::instance::record::Instance;
use crate::cloud::money::meters::Metered;
use crate::cloud::money::record::{BALANCE_MOST_FEN, Entry, EntryKind, Reference, left_fen};
use crate::cloud::refusal::Refusal;
use crate::cloud::state::Cloud;
use crate::cloud::time::Millis;
use crate::cloud::values::Status;

/// What can be spent at that moment: what is booked, less what hours have cost since. Below zero the account is in
/// arrears.
pub fn balance_fen(cloud: &Cloud, at: Millis) -> i64 {
    left_fen(cloud.account.balance_fen, cloud.instances.meters().cost_fen(at))
}

/// Refuses what the balance does not cover, and everything while the account is in arrears.
pub(crate) fn can_spend(cloud: &Cloud, at: Millis, needed_fen: i64) -> Result<(), Refusal> {
    let needed_fen = needed_fen.max(0);
    if covers(cloud, at, needed_fen) {
        return Ok(());
    }
    Err(Refusal::BalanceTooLow {
        needed_fen,
        balance_fen: balance_fen(cloud, at),
    })
}

/// Whether so much can be spent at that moment. Where it is far from the limit, no hours are counted for that.
pub(crate) fn covers(cloud: &Cloud, at: Millis, needed_fen: i64) -> bool {
    let rest_fen = cloud.account.balance_fen.saturating_sub(needed_fen);
    rest_fen >= 0 && cloud.instances.meters().cost_more_at(rest_fen, at, at).is_none()
}

/// Refuses what would bring the balance beyond the most that an account may have.
pub(crate) fn can_receive(cloud: &Cloud, at: Millis, back_fen: i64) -> Result<(), Refusal> {
    let balance_fen = balance_fen(cloud, at);
    let after_fen = balance_fen.checked_add(back_fen);
    if back_fen <= 0 || after_fen.is_some_and(|after_fen| after_fen <= BALANCE_MOST_FEN) {
        return Ok(());
    }
    Err(Refusal::BalanceTooHigh { balance_fen, back_fen })
}

/// When the hours to come bring the account into arrears, at the earliest moment since the cloud was brought up to
/// date; `None` where they do not by then, or it is in arrears already.
pub(crate) fn arrears_begin(cloud: &Cloud, by: Millis) -> Option<Millis> {
    if cloud.account.arrears_since.is_some() {
        return None;
    }
    let balance_fen = cloud.account.balance_fen;
    let from = cloud.advanced_to.min(by);
    cloud.instances.meters().cost_more_at(balance_fen, from, by)
}

/// Notes that arrears have begun, or ended.
pub(crate) fn note_arrears(cloud: &mut Cloud, at: Millis) {
    let in_arrears = !covers(cloud, at, 0);
    cloud.account.note_arrears(at, in_arrears);
}

/// Takes the price of an order from the balance; a negative one is given back. Nothing is booked for 0.
pub(crate) fn pay(cloud: &mut Cloud, at: Millis, fen: i64, reference: Reference) {
    let kind = if fen < 0 { EntryKind::Refund } else { EntryKind::Payment };
    book(cloud, at, kind, -fen, reference);
}

/// Makes the balance what somebody outside of the cloud says that it is. `None`: it is too far away to be booked.
pub(crate) fn adjust(cloud: &mut Cloud, at: Millis, balance_fen: i64) -> Option<()> {
    let amount_fen = balance_fen.checked_sub(self::balance_fen(cloud, at))?;
    book(cloud, at, EntryKind::Adjustment, amount_fen, Reference::default());
    Some(())
}

/// Does something to an instance, and books what comes of it: the hours until then, where they are charged otherwise
/// from now on, and what is held for it more or less than before.
pub(crate) fn holding<T>(
    cloud: &mut Cloud,
    at: Millis,
    instance_id: &InstanceId,
    reference: Reference,
    act: impl FnOnce(&mut Cloud) -> T,
) -> T {
    let held = |cloud: &Cloud| {
        let instance = cloud.instances.get(instance_id);
        instance.map_or(0, Instance::held_fen)
    };
    let before = held(cloud);
    let stretch = cloud.instances.get(instance_id).and_then(Instance::metered);
    let done = act(cloud);
    match stretch {
        Some(stretch) => settle(cloud, at, instance_id, stretch),
        None => begin_charging(cloud, at, instance_id),
    }
    freeze(cloud, at, held(cloud) - before, reference);
    done
}

/// Its hours count from the moment at which it runs.
fn begin_charging(cloud: &mut Cloud, at: Millis, id: &InstanceId) {
    let begins = |of: &Instance| of.is_metered() && of.status == Status::Running && of.charged_since.is_none();
    if cloud.instances.get(id).is_some_and(begins) {
        cloud.instances.update(id, |instance| instance.charged_since = Some(at));
    }
}

/// Books the hours of an instance up to now, if they are not to be charged as they were. Where it is charged at another
/// tariff from now on, the hour under way counts as one of those.
fn settle(cloud: &mut Cloud, at: Millis, id: &InstanceId, stretch: Metered) {
    let after = cloud.instances.get(id).and_then(Instance::metered);
    // Whoever states another beginning has stated what the hours before cost, too.
    if after.is_some_and(|after| after.tariff == stretch.tariff || after.since != stretch.since) {
        return;
    }
    let begun = after.map(|_| stretch.hour_begun(at));
    cloud.instances.update(id, |instance| instance.charged_since = begun);
    let hours = u64::try_from(stretch.hours(at)).unwrap_or(0);
    let booked_fen = cloud.account.balance_fen;
    let amount_fen = left_fen(booked_fen, stretch.cost_fen(at).into()) - booked_fen;
    let reference = Reference::to_instance(id);
    book_hours(cloud, at, EntryKind::Charge, amount_fen, reference, Some(hours));
}

/// Somebody outside of the cloud puts this in the place of an instance. What a prepaid one is worth more has been paid
/// for, and what it is worth less comes back, so that no return gives more than was paid.
pub(crate) fn state_instance(cloud: &mut Cloud, at: Millis, stated: Instance) -> Result<(), Refusal> {
    let id = stated.id.clone();
    let worth_fen = |of: &Instance| of.value(at).fen();
    let before_fen = cloud.instances.get(&id).map_or(0, worth_fen);
    let back_fen = before_fen - worth_fen(&stated);
    can_receive(cloud, at, back_fen)?;
    let reference = Reference::to_instance(&id);
    holding(cloud, at, &id, reference, |cloud| cloud.instances.insert(stated));
    book(cloud, at, EntryKind::Adjustment, back_fen, reference);
    // Other hours may have been stated.
    note_arrears(cloud, at);
    Ok(())
}

/// Holds so much more; negative: lets so much go.
fn freeze(cloud: &mut Cloud, at: Millis, fen: i64, reference: Reference) {
    let kind = if fen < 0 {
        EntryKind::Unfreeze
    } else {
        EntryKind::Freeze
    };
    book(cloud, at, kind, -fen, reference);
}

fn book(cloud: &mut Cloud, at: Millis, kind: EntryKind, amount_fen: i64, reference: Reference) {
    book_hours(cloud, at, kind, amount_fen, reference, None);
}

fn book_hours(
    cloud: &mut Cloud,
    at: Millis,
    kind: EntryKind,
    amount_fen: i64,
    reference: Reference,
    hours: Option<u64>,
) {
    if amount_fen == 0 {
        return;
    }
    // Every balance that a fixture may state leaves room for all that comes of it.
    let Some(balance_fen) = cloud.account.balance_fen.checked_add(amount_fen) else {
        return;
    };
    cloud.account.balance_fen = balance_fen;
    cloud.ledger.push(Entry {
        at,
        kind,
        amount_fen,
        balance_fen,
        hours,
        deal_id: reference.deal_id.cloned(),
        instance_id: reference.instance_id.cloned(),
    });
    note_arrears(cloud, at);
}
