//! The recycle bin: into it, out of it, and out of this world.

use super::ids::{DealId, TaskId};
use super::ledger::Reference;
use super::values::Billing;
use super::{Call, Change, Cloud, Move, Refusal};

impl Cloud {
    /// Returns a postpaid instance; it is isolated when the flow ends. Gives the task's number.
    pub fn destroy_postpaid(&mut self, call: &Call, id: &str) -> Result<TaskId, Refusal> {
        let id = self.ready(call, id, Move::ReturnPostpaid)?.id.clone();
        let task_id = self.begin(call, &id, None, Move::ReturnPostpaid, Change::Isolate);
        self.finish_if_instant(call.now);
        Ok(task_id)
    }

    /// Returns a prepaid instance and gives back what it is still worth; it is isolated when the flow ends. Gives the
    /// order's number.
    pub fn destroy_prepaid(&mut self, call: &Call, id: &str) -> Result<DealId, Refusal> {
        let instance = self.ready(call, id, Move::ReturnPrepaid)?;
        let (id, value_fen, zone_id) = (instance.id.clone(), instance.value(call.now).fen(), instance.zone_id());
        self.account.can_receive(value_fen)?;
        let deal_id = self.place_deal(call.now, zone_id, -value_fen, vec![id.clone()]);
        if let Some(deal) = self.deals.get_mut(&deal_id) {
            deal.is_return = true;
        }
        let reference = Reference {
            deal_id: Some(&deal_id),
            instance_id: Some(&id),
        };
        self.pay(call.now, -value_fen, reference);
        self.begin(call, &id, Some(&deal_id), Move::ReturnPrepaid, Change::Isolate);
        self.finish_if_instant(call.now);
        Ok(deal_id)
    }

    /// Takes an isolated instance back into use. A prepaid one whose time is up has to be renewed instead.
    pub fn start_up(&mut self, call: &Call, id: &str) -> Result<TaskId, Refusal> {
        let instance = self.ready(call, id, Move::StartUp)?;
        let held_fen = match instance.billing() {
            Billing::Postpaid => instance.hour_fen(&instance.spec),
            Billing::Prepaid if instance.deadline_at().is_some_and(|end| end <= call.now) => {
                return Err(Refusal::TimeIsUp {
                    id: instance.id.clone(),
                });
            }
            Billing::Prepaid => 0,
        };
        let id = instance.id.clone();
        self.account.can_spend(held_fen)?;
        let reference = Reference {
            deal_id: None,
            instance_id: Some(&id),
        };
        let change = Change::StartUp { deadline_at: None };
        let task_id = self.holding(call.now, &id, reference, |cloud| {
            cloud.begin(call, &id, None, Move::StartUp, change)
        });
        self.finish_if_instant(call.now);
        Ok(task_id)
    }

    /// Takes an isolated instance out of the recycle bin for good. Gives the task's number, which outlives it.
    pub fn clean_up(&mut self, call: &Call, id: &str) -> Result<TaskId, Refusal> {
        let id = self.ready(call, id, Move::CleanUp)?.id.clone();
        let task_id = self.begin(call, &id, None, Move::CleanUp, Change::CleanUp);
        self.finish_if_instant(call.now);
        Ok(task_id)
    }
}
