//! Every movement of money is booked here, and nowhere else.

use crate::cloud::ids::InstanceId;
use crate::cloud::instance::record::Instance;
use crate::cloud::money::record::{Entry, EntryKind, Reference};
use crate::cloud::refusal::Refusal;
use crate::cloud::state::Cloud;
use crate::cloud::time::Millis;

/// Takes the price of an order from the balance; a negative one is given back. Nothing is booked for 0.
pub(crate) fn pay(cloud: &mut Cloud, at: Millis, fen: i64, reference: Reference) {
    let kind = if fen < 0 { EntryKind::Refund } else { EntryKind::Payment };
    book(cloud, at, kind, -fen, reference);
}

/// Makes the balance what somebody outside of the cloud says that it is. `None`: it is too far away to be booked.
pub(crate) fn adjust(cloud: &mut Cloud, at: Millis, balance_fen: i64) -> Option<()> {
    let amount_fen = balance_fen.checked_sub(cloud.account.balance_fen)?;
    book(cloud, at, EntryKind::Adjustment, amount_fen, Reference::default());
    Some(())
}

/// Does something to an instance, and books what is held for it more or less than before.
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
    let done = act(cloud);
    freeze(cloud, at, held(cloud) - before, reference);
    done
}

/// Somebody outside of the cloud puts this in the place of an instance. What a prepaid one is worth more has been paid
/// for, and what it is worth less comes back, so that no return gives more than was paid.
pub(crate) fn state_instance(cloud: &mut Cloud, at: Millis, stated: Instance) -> Result<(), Refusal> {
    let id = stated.id.clone();
    let worth_fen = |of: &Instance| of.value(at).fen();
    let before_fen = cloud.instances.get(&id).map_or(0, worth_fen);
    let back_fen = before_fen - worth_fen(&stated);
    cloud.account.can_receive(back_fen)?;
    let reference = Reference::to_instance(&id);
    holding(cloud, at, &id, reference, |cloud| cloud.instances.insert(stated));
    book(cloud, at, EntryKind::Adjustment, back_fen, reference);
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
        deal_id: reference.deal_id.cloned(),
        instance_id: reference.instance_id.cloned(),
    });
    cloud.account.note_arrears(at);
}
