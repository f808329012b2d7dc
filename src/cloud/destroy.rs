//! The recycle bin: into it, out of it, and out of this world.

use super::instance::Billing;
use super::ledger::For;
use super::{Call, Change, Cloud, Move, Refusal};

impl Cloud {
    /// Returns a postpaid instance; it is isolated when the flow ends. Gives the task's number.
    pub fn destroy_postpaid(&mut self, call: &Call, id: &str) -> Result<u64, Refusal> {
        self.ready(call, id, Move::ReturnPostpaid)?;
        let task_id = self.begin(call, id, None, Move::ReturnPostpaid, Change::Isolate);
        self.settle(call.now);
        Ok(task_id)
    }

    /// Returns a prepaid instance and gives back what it is still worth; it is isolated when the flow ends. Gives the
    /// order's number.
    pub fn destroy_prepaid(&mut self, call: &Call, id: &str) -> Result<String, Refusal> {
        let instance = self.ready(call, id, Move::ReturnPrepaid)?;
        let (value_fen, zone_id) = (instance.value(call.now).fen(), instance.zone_id);
        self.account.can_receive(value_fen)?;
        let deal_id = self.place_deal(call.now, zone_id, -value_fen, vec![id.to_owned()]);
        if let Some(deal) = self.deals.get_mut(&deal_id) {
            deal.is_return = true;
        }
        let belongs = For {
            deal: Some(&deal_id),
            instance: Some(id),
        };
        self.pay(call.now, -value_fen, belongs);
        self.begin(call, id, Some(&deal_id), Move::ReturnPrepaid, Change::Isolate);
        self.settle(call.now);
        Ok(deal_id)
    }

    /// Takes an isolated instance back into use. A prepaid one whose time is up has to be renewed instead.
    pub fn start_up(&mut self, call: &Call, id: &str) -> Result<u64, Refusal> {
        let instance = self.ready(call, id, Move::StartUp)?;
        let held_fen = match instance.billing {
            Billing::Postpaid => instance.hour_fen(&instance.spec),
            Billing::Prepaid if instance.deadline_at.is_some_and(|end| end <= call.now) => {
                return Err(Refusal::TimeIsUp { id: id.to_owned() });
            }
            Billing::Prepaid => 0,
        };
        self.account.can_spend(held_fen)?;
        let belongs = For {
            deal: None,
            instance: Some(id),
        };
        let change = Change::StartUp { deadline_at: None };
        let task_id = self.holding(call.now, id, belongs, |cloud| {
            cloud.begin(call, id, None, Move::StartUp, change)
        });
        self.settle(call.now);
        Ok(task_id)
    }

    /// Takes an isolated instance out of the recycle bin for good. Gives the task's number, which outlives it.
    pub fn clean_up(&mut self, call: &Call, id: &str) -> Result<u64, Refusal> {
        self.ready(call, id, Move::CleanUp)?;
        let task_id = self.begin(call, id, None, Move::CleanUp, Change::CleanUp);
        self.settle(call.now);
        Ok(task_id)
    }
}
