//! What time itself does: flows end, prepaid instances are renewed or run out, isolated ones are gone, arrears isolate
//! what is postpaid.

use super::ids::{DealId, InstanceId, TaskId};
use super::instance::Payment;
use super::ledger::Reference;
use super::time::{self, Millis};
use super::values::{Billing, Status};
use super::{Cloud, DealStatus, price};

/// What is due next. In this order where several are due at the same moment.
enum Due {
    Flow(TaskId),
    Instance(InstanceId),
    Arrears,
}

/// What a failed flow says whose instance was isolated meanwhile.
const CUT_OFF: &str = "the instance was isolated";

impl Cloud {
    /// Does what is due by `now`, in the order in which it is due; ties in the order of their ids. Splitting a stretch
    /// of time into several calls, or repeating a call, changes nothing.
    pub fn advance(&mut self, now: Millis) {
        self.advance_some(now, usize::MAX);
    }

    /// As [`Cloud::advance`], but does so many things at most, and leaves what touches more instances than that to the
    /// next call. Whether all that was due is done.
    pub fn advance_some(&mut self, now: Millis, most: usize) -> bool {
        if now < self.advanced_to {
            self.set_back(now);
        }
        let mut done = 0;
        while let Some((at, due)) = self.due().filter(|(at, _)| *at <= now) {
            // What could not happen in its time, because the instance was in process, happens as soon as it can.
            let at = at.max(self.advanced_to);
            done += match due {
                Due::Arrears => self.instances.len(),
                Due::Flow(_) | Due::Instance(_) => 1,
            };
            done += self.retention.going(self.advanced_to, at, most);
            if done > most {
                return false;
            }
            self.pass(at);
            match due {
                Due::Flow(id) => self.end_next(id, at),
                Due::Instance(id) => self.run_out(&id, at),
                Due::Arrears => self.enforce_arrears(at),
            }
        }
        done += self.retention.going(self.advanced_to, now, most);
        if done > most {
            return false;
        }
        self.pass(self.advanced_to.max(now));
        true
    }

    /// A clock that was set back goes on from there: what was isolated later has been isolated by then.
    fn set_back(&mut self, now: Millis) {
        self.advanced_to = now;
        let later = |instance: &&super::Instance| instance.recycle_bin.isolated_at.is_some_and(|at| at > now);
        let ids: Vec<InstanceId> = self
            .instances
            .values()
            .filter(later)
            .map(|instance| instance.id.clone())
            .collect();
        for id in ids {
            let closed = |instance: &mut super::Instance| instance.recycle_bin.isolated_at = Some(now);
            self.instances.update(&id, closed);
        }
    }

    /// When something next happens by itself, or goes because it is long past.
    pub fn next_due(&self) -> Option<Millis> {
        let happens = self.due().map(|(at, _)| at);
        let goes = self.retention.next_after(self.advanced_to);
        happens.into_iter().chain(goes).min()
    }

    fn due(&self) -> Option<(Millis, Due)> {
        let flow = self.flows.next_due();
        let instance = self.instances.next_due();
        let arrears = self.arrears_due();
        let first = [flow.map(|(at, _)| at), instance.map(|(at, _)| at), arrears]
            .into_iter()
            .flatten()
            .min()?;
        let due = match (flow, instance) {
            (Some((at, id)), _) if at == first => Due::Flow(id),
            (_, Some((at, id))) if at == first => Due::Instance(id.clone()),
            _ => Due::Arrears,
        };
        Some((first, due))
    }

    /// The deadline of an instance has come, or the end of its grace or its retention.
    fn run_out(&mut self, id: &InstanceId, at: Millis) {
        let Some(instance) = self.instances.get(id) else {
            return;
        };
        match instance.status {
            Status::Isolated | Status::Deleting => self.forget(id, at),
            _ if instance.renews() => self.renew_by_itself(id, at),
            _ => self.isolate_now(id, at),
        }
    }

    /// The retention of an instance is over. What was under way to remove it has done so.
    fn forget(&mut self, id: &InstanceId, at: Millis) {
        match self.flow_of(id).map(|flow| flow.id) {
            Some(flow_id) => drop(self.finish(flow_id, at)),
            None => drop(self.instances.remove(id)),
        }
    }

    /// One more month, or a note that the balance did not suffice or that there is no later deadline.
    fn renew_by_itself(&mut self, id: &InstanceId, at: Millis) {
        let Some(instance) = self.instances.get(id) else {
            return;
        };
        let price_fen = instance.month().fen();
        let zone_id = instance.zone_id();
        let waiting = self.waiting_change(id);
        let more_fen = waiting.as_ref().map_or(0, |(_, more_fen)| *more_fen);
        let affords = self.account.balance_fen >= price_fen + more_fen.max(0);
        let later = instance.deadline_at().and_then(|end| time::deadline_after(end, 1));
        let Some(deadline_at) = later.filter(|_| affords) else {
            self.instances
                .update(id, |instance| instance.payment.note_failed_renewal());
            return;
        };
        let deal_id = self.place_deal(at, zone_id, price_fen, vec![id.clone()]);
        let reference = Reference {
            deal_id: Some(&deal_id),
            instance_id: Some(id),
        };
        self.pay(at, price_fen, reference);
        self.instances.update(id, |instance| {
            instance.payment = Payment::prepaid_until(Some(deadline_at));
        });
        self.deliver(&deal_id, at);
        if let Some((change_id, more_fen)) = waiting {
            self.pay_more(&change_id, id, more_fen, at);
        }
    }

    /// The order of a change of size that waits for its window, and what a month costs more with that size. Its price
    /// was that until the old deadline.
    fn waiting_change(&self, id: &InstanceId) -> Option<(DealId, i64)> {
        let (instance, flow) = (self.instances.get(id)?, self.flow_of(id)?);
        let (edition, spec) = flow.change.size(instance)?;
        let month_fen = price::month(instance.region, edition, &spec).fen();
        let more_fen = month_fen - instance.month().fen();
        Some((flow.deal_id.clone()?, more_fen))
    }

    /// Adds to the price of an order of one instance.
    fn pay_more(&mut self, deal_id: &DealId, id: &InstanceId, fen: i64, at: Millis) {
        if let Some(deal) = self.deals.get_mut(deal_id) {
            deal.price_fen += fen;
        }
        let reference = Reference {
            deal_id: Some(deal_id),
            instance_id: Some(id),
        };
        self.pay(at, fen, reference);
    }

    /// An order that is delivered as soon as it is placed.
    pub(super) fn deliver(&mut self, deal_id: &DealId, at: Millis) {
        if let Some(deal) = self.deals.get_mut(deal_id) {
            deal.status = DealStatus::Delivered;
            deal.ended_at = Some(at);
            self.retention.note_deal(deal);
        }
    }

    /// Into the recycle bin without an action's asking. A change that waited for its window fails.
    fn isolate_now(&mut self, id: &InstanceId, at: Millis) {
        if let Some(flow_id) = self.flow_of(id).map(|flow| flow.id) {
            self.fail(flow_id, at, CUT_OFF);
        }
        let reference = Reference {
            deal_id: None,
            instance_id: Some(id),
        };
        self.holding(at, id, reference, |cloud| {
            cloud.instances.update(id, |instance| instance.isolate(at));
        });
    }

    fn enforce_arrears(&mut self, at: Millis) {
        self.account.arrears_enforced = true;
        let hit =
            |instance: &&super::Instance| instance.billing() == Billing::Postpaid && instance.status == Status::Running;
        let ids: Vec<InstanceId> = self
            .instances
            .values()
            .filter(hit)
            .map(|instance| instance.id.clone())
            .collect();
        for id in ids {
            self.isolate_now(&id, at);
        }
    }

    /// A postpaid instance that was in process when arrears isolated the others follows them.
    pub(super) fn enforce_arrears_on(&mut self, at: Millis, id: &InstanceId) {
        let hit = self.account.arrears_enforced
            && self
                .instances
                .get(id)
                .is_some_and(|instance| instance.billing() == Billing::Postpaid && instance.status == Status::Running);
        if hit {
            self.isolate_now(id, at);
        }
    }
}
