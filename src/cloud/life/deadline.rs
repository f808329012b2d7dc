//! The deadline of a prepaid instance: it is renewed by itself, if it is to be and the balance suffices.

use crate::cloud::catalogue::price;
use crate::cloud::ids::{DealId, InstanceId};
use crate::cloud::instance::payment::Payment;
use crate::cloud::money::book;
use crate::cloud::money::order::{Goods, deliver, pay_more, place_order};
use crate::cloud::state::Cloud;
use crate::cloud::time;
use crate::cloud::time::Millis;

/// One more month, or a note that the balance did not suffice or that there is no later deadline.
pub(crate) fn renew_by_itself(cloud: &mut Cloud, id: &InstanceId, at: Millis) {
    let Some(instance) = cloud.instances.get(id) else {
        return;
    };
    let price_fen = instance.month().fen();
    let zone_id = instance.zone_id();
    let waiting = waiting_change(cloud, id);
    let more_fen = waiting.as_ref().map_or(0, |(_, more_fen)| *more_fen);
    let affords = book::covers(cloud, at, price_fen + more_fen.max(0));
    let later = instance.deadline_at().and_then(|end| time::deadline_after(end, 1));
    let Some(deadline_at) = later.filter(|_| affords) else {
        cloud
            .instances
            .update(id, |instance| instance.payment.note_failed_renewal());
        return;
    };
    let deal_id = place_order(cloud, at, zone_id, price_fen, Goods::Of(id));
    cloud.instances.update(id, |instance| {
        instance.payment = Payment::prepaid_until(Some(deadline_at));
    });
    deliver(cloud, &deal_id, at);
    if let Some((change_id, more_fen)) = waiting {
        pay_more(cloud, &change_id, id, more_fen, at);
    }
}

/// The order of a change of size that waits for its window, and what a month costs more with that size. Its price was
/// that until the old deadline.
fn waiting_change(cloud: &Cloud, id: &InstanceId) -> Option<(DealId, i64)> {
    let (instance, flow) = (cloud.instances.get(id)?, cloud.flows.shown_of(id)?);
    let (edition, spec) = flow.payload.size(instance)?;
    let month_fen = price::month(instance.region, edition, &spec).fen();
    let more_fen = month_fen - instance.month().fen();
    Some((flow.deal_id.clone()?, more_fen))
}
