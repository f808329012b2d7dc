//! A cloud under a history: it carries out steps, writes down what came of them, and looks at the money of orders.

use super::calls::{Calls, Reads};
use std::collections::{BTreeMap, BTreeSet};

use crs_local::cloud::{
    Backup, BackupId, Billing, Call, Cloud, Deal, DealId, Flow, FlowKind, Instance, InstanceId, Millis, Price, Status,
    TaskResult, region,
};

use super::holds::{self, Taken};
use super::start::{self, NOW, Opening, Start};
use super::step::{Pick, Step};

pub(super) struct World {
    pub(super) cloud: Cloud,
    pub(super) opening: Opening,
    pub(super) now: Millis,
    /// What was done and what came of it.
    pub(super) log: Vec<String>,
    /// Every id that an instance ever had.
    pub(super) ever: BTreeSet<String>,
    /// Orders and instances whose delivery has failed.
    pub(super) failed: BTreeSet<(DealId, InstanceId)>,
    /// The transitions that have begun.
    pub(super) begun: BTreeSet<usize>,
    /// Every order that a step left, those that are gone since among them.
    pub(super) orders: BTreeMap<DealId, Deal>,
    /// The backups that were listed after the last step.
    pub(super) backups: BTreeMap<BackupId, Backup>,
}

/// What an accepted call gave.
pub(super) enum Gave {
    Order {
        deal_id: DealId,
        instance_ids: Vec<InstanceId>,
        quote: Price,
        prepaid: bool,
    },
    Resize(DealId, Price, Box<Instance>),
    Renewal(DealId, Price, i64),
    Return(DealId, i64),
    Change,
    Several {
        asked: usize,
        failed: usize,
    },
    Nothing,
}

/// Fails with that text unless it holds.
macro_rules! ensure {
    ($holds:expr, $($text:tt)*) => {
        if !$holds {
            return Err(format!($($text)*));
        }
    };
}
pub(super) use ensure;

impl World {
    pub(super) fn new(start: &Start) -> World {
        let (cloud, opening) = start::cloud(start);
        World {
            ever: opening.worth_fen.keys().cloned().collect(),
            cloud,
            opening,
            now: NOW,
            log: Vec::new(),
            failed: BTreeSet::new(),
            begun: BTreeSet::new(),
            orders: BTreeMap::new(),
            backups: BTreeMap::new(),
        }
    }

    pub(super) fn call(&self) -> Call {
        let region = region::find("ap-guangzhou").expect("a known region");
        Call::new(self.now, region)
    }

    /// Most picks are among the instances that fit, a few among all, and a few are of none.
    pub(super) fn pick(&self, pick: Pick, fits: impl Fn(&Instance) -> bool) -> String {
        let Pick(byte) = pick;
        let all = self.cloud.instances.values();
        let mut found: Vec<&Instance> = match byte {
            0..208 => all.filter(|instance| fits(instance)).collect(),
            208..248 => all.collect(),
            _ => Vec::new(),
        };
        if found.is_empty() && byte < 248 {
            found = self.cloud.instances.values().collect();
        }
        match found.len() {
            0 => "crs-nothing0".into(),
            some => found[usize::from(byte) % some].id.to_string(),
        }
    }

    pub(super) fn ready(&self, pick: Pick, begin: FlowKind) -> String {
        let row = begin.row();
        self.pick(pick, |instance| {
            row.from.contains(&instance.status)
                && row.billing.is_none_or(|billing| billing == instance.billing())
                && self.cloud.flows.of(&instance.id).next().is_none()
        })
    }

    fn flow(&self, byte: u8) -> Option<Flow> {
        let all: Vec<&Flow> = self.cloud.flows.values().collect();
        let at = usize::from(byte).checked_rem(all.len())?;
        Some(all[at].clone())
    }

    /// Carries out a step and looks at what it did.
    pub(super) fn run(&mut self, step: &Step) -> Result<(), String> {
        let before = self.cloud.clone();
        match step {
            Step::Wait(ms) => self.wait(*ms, before)?,
            Step::Show => {
                let busy = |one: &&Instance| one.status == Status::InProcess;
                let all = self.cloud.instances.values().filter(busy);
                let ids: Vec<String> = all.map(|one| one.id.to_string()).collect();
                for id in &ids {
                    self.cloud.show(id);
                }
                self.log.push(format!("show {ids:?}"));
            }
            Step::FinishFlow(byte) => self.finish(*byte)?,
            Step::FailFlow(byte) => self.fail(*byte)?,
            Step::Drain => {
                let ended = self.cloud.drain(self.now).len();
                self.log.push(format!("drain: {ended} flows end"));
                ensure!(self.cloud.flows.len() == 0, "flows are left after a drain");
            }
            call => self.act(call, &before)?,
        }
        let ids = self.cloud.instances.values().map(|one| one.id.to_string());
        self.ever.extend(ids);
        self.begun
            .extend(self.cloud.flows.values().map(|flow| flow.kind as usize));
        self.backups_stay()?;
        let orders = self.cloud.deals.values();
        self.orders.extend(orders.map(|deal| (deal.id.clone(), deal.clone())));
        self.cloud.advance(self.now);
        holds::all(self)
    }

    /// Lets time pass at once, and a copy of the cloud in pieces; both must come out alike.
    fn wait(&mut self, ms: Millis, mut cut: Cloud) -> Result<(), String> {
        let end = self.now + ms;
        self.log.push(format!("wait {} s", ms / 1_000));
        for at in [self.now, self.now + ms / 3, self.now + ms / 2] {
            cut.advance(at);
            cut.advance(at);
        }
        while let Some(due) = cut.next_due().filter(|due| *due <= end) {
            cut.advance(due.max(cut.advanced_to));
        }
        cut.advance(end);
        self.cloud.advance(end);
        self.now = end;
        ensure!(cut == self.cloud, "time cut in pieces gives another cloud");
        Ok(())
    }

    fn finish(&mut self, byte: u8) -> Result<(), String> {
        let Some(flow) = self.flow(byte) else {
            return Ok(());
        };
        self.log.push(format!("finish {:?} of {}", flow.kind, flow.instance_id));
        let task_runs = self.cloud.tasks.get(&flow.id).is_some_and(|task| task.runs());
        let ended = self.cloud.step(flow.id, self.now).ok_or("no such flow")?;
        if flow.in_window && task_runs {
            ensure!(ended.is_empty(), "it ends with its task");
            let task = &self.cloud.tasks[&flow.id];
            ensure!(task.result == TaskResult::Done, "its task is {task:?}");
            let waits = self.cloud.flows.get(flow.id).is_some_and(|own| own.in_window);
            ensure!(waits, "it does not wait for its window any more");
            return Ok(());
        }
        ensure!(ended == [flow.clone()], "another flow ends");
        ensure!(self.cloud.step(flow.id, self.now).is_none(), "it ends twice");
        holds::ended(&self.cloud, &flow, TaskResult::Done)
    }

    fn fail(&mut self, byte: u8) -> Result<(), String> {
        let Some(flow) = self.flow(byte) else {
            return Ok(());
        };
        self.log.push(format!("fail {:?} of {}", flow.kind, flow.instance_id));
        ensure!(self.cloud.fail(flow.id, self.now, "broken").is_some(), "no such flow");
        ensure!(self.cloud.fail(flow.id, self.now, "broken").is_none(), "it fails twice");
        if let Some(deal_id) = &flow.deal_id {
            self.failed.insert((deal_id.clone(), flow.instance_id.clone()));
        }
        holds::ended(&self.cloud, &flow, TaskResult::Failed)
    }

    fn act(&mut self, step: &Step, before: &Cloud) -> Result<(), String> {
        let said = self.say(step);
        let outcome = match &said {
            Ok(_) => "done".to_owned(),
            Err(refusal) => format!("{refusal:?}"),
        };
        if let Some(line) = self.log.last_mut() {
            line.push_str(&format!(": {outcome}"));
        }
        let deals = self.cloud.deals.len() - before.deals.len();
        let ordered = match said {
            Err(_) | Ok(Gave::Nothing) => {
                ensure!(self.cloud == *before, "a refused call changed something");
                0
            }
            Ok(Gave::Change) => 0,
            Ok(Gave::Several { asked, failed }) => {
                ensure!(
                    failed < asked || self.cloud == *before,
                    "all failed, and something changed"
                );
                asked - failed
            }
            Ok(gave) => {
                self.look_at_money(&gave)?;
                1
            }
        };
        ensure!(deals == ordered, "{deals} orders were recorded, {ordered} were placed");
        Ok(())
    }

    /// What an order took is what its price said just before.
    fn look_at_money(&self, gave: &Gave) -> Result<(), String> {
        let taken = |deal_id: &str| Taken::by(&self.cloud, deal_id);
        match gave {
            Gave::Order {
                deal_id,
                instance_ids,
                quote,
                prepaid,
            } => {
                for id in instance_ids {
                    ensure!(!self.ever.contains(id.as_str()), "the id {id} comes again");
                }
                let paid_fen = if *prepaid { quote.fen() } else { 0 };
                let want = Taken {
                    paid_fen,
                    frozen_fen: quote.fen() - paid_fen,
                };
                let got = taken(deal_id);
                ensure!(got == want, "the order took {got:?}, its price was {want:?}");
                ensure!(self.cloud.deals[deal_id].price_fen == paid_fen, "the order's Price");
            }
            Gave::Resize(deal_id, quote, was) => {
                let got = taken(deal_id);
                let want = self.resize_price(quote.fen(), was);
                ensure!(got == want, "the resize took {got:?}, its price was {want:?}");
                ensure!(
                    self.cloud.deals[deal_id].price_fen == want.paid_fen,
                    "the order's Price"
                );
            }
            Gave::Renewal(deal_id, quote, held_fen) => {
                let got = taken(deal_id);
                let want = Taken {
                    paid_fen: quote.fen(),
                    frozen_fen: -held_fen,
                };
                ensure!(got == want, "the renewal took {got:?}, its price was {want:?}");
                ensure!(self.cloud.deals[deal_id].price_fen == quote.fen(), "the order's Price");
            }
            Gave::Return(deal_id, worth_fen) => {
                let got = taken(deal_id);
                let want = Taken {
                    paid_fen: -worth_fen,
                    frozen_fen: 0,
                };
                ensure!(got == want, "the return took {got:?}, it was worth {want:?}");
            }
            Gave::Change | Gave::Several { .. } | Gave::Nothing => {}
        }
        Ok(())
    }

    /// A prepaid instance pays the price; a postpaid one holds it in place of that of its old size.
    fn resize_price(&self, quote_fen: i64, was: &Instance) -> Taken {
        if was.billing() == Billing::Prepaid {
            return Taken {
                paid_fen: quote_fen,
                frozen_fen: 0,
            };
        }
        let before_fen = match self.cloud.flows.shown_of(&was.id) {
            Some(_) => holds::hour_fen(was),
            None => was.held_fen(),
        };
        Taken {
            paid_fen: 0,
            frozen_fen: quote_fen - before_fen,
        }
    }
}
