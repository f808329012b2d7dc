//! What is over goes: orders and tasks thirty days after their end, backups thirty days after they have expired.

use crate::cloud::ids::{DealId, InstanceId};
use crate::cloud::life::retention::{Past, Retention};
use crate::cloud::state::Cloud;
use crate::cloud::time::Millis;

/// Time has come to that moment: what it leaves behind goes.
pub(crate) fn pass(cloud: &mut Cloud, now: Millis) {
    if now > cloud.advanced_to {
        for past in cloud.retention.take(cloud.advanced_to, now) {
            forget_past(cloud, past, now);
        }
    }
    cloud.advanced_to = now;
}

fn forget_past(cloud: &mut Cloud, past: Past, now: Millis) {
    let over = |goes_at: Option<Millis>| goes_at.is_some_and(|at| at <= now);
    match past {
        Past::Deal(id) if !is_delivering(cloud, &id) => {
            if cloud.deals.get(&id).is_some_and(|deal| over(deal.goes_at())) {
                cloud.deals.remove(&id);
            }
        }
        Past::Task(id) if cloud.flows.get(id).is_none() => {
            if cloud.tasks.get(&id).is_some_and(|task| over(task.goes_at())) {
                cloud.tasks.remove(&id);
            }
        }
        Past::Backup(id) => drop(cloud.backups.remove(&id)),
        // A flow of it still runs, which notes it anew at its end.
        Past::Deal(_) | Past::Task(_) => {}
    }
}

/// Whether a flow of that order runs.
fn is_delivering(cloud: &Cloud, deal_id: &DealId) -> bool {
    let of_deal = |id: &InstanceId| {
        let mut flows = cloud.flows.of(id);
        flows.any(|flow| flow.deal_id.as_ref() == Some(deal_id))
    };
    let deal = cloud.deals.get(deal_id);
    deal.is_some_and(|deal| deal.instance_ids.iter().any(of_deal))
}

/// Notes all that is over, where records came otherwise than by calls.
pub fn note_past(cloud: &mut Cloud) {
    cloud.retention = Retention::default();
    cloud.deals.values().for_each(|deal| cloud.retention.note_deal(deal));
    cloud.tasks.values().for_each(|task| cloud.retention.note_task(task));
    cloud
        .backups
        .values()
        .for_each(|backup| cloud.retention.note_backup(backup));
}
