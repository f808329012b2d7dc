//! How long the past is kept: orders and tasks as long as the lists tell of them, backups as long as they are stored.
//!
//! What is over is noted with the moment at which it goes, and goes when time passes that moment. So splitting a
//! stretch of time changes nothing, and what a fixture states that is older stays, as does what is under way.

use std::collections::BTreeSet;

use super::Cloud;
use super::backup::Backup;
use super::deal::{Deal, DealStatus};
use super::ids::{BackupId, DealId, InstanceId, TaskId};
use super::task::{Task, TaskResult};
use super::time::{DAY, Millis};

/// The lists tell of so much, and orders and tasks are kept for so long after their end.
pub const HISTORY: Millis = 30 * DAY;
/// A backup that a resize left is stored for so long.
const STORAGE: Millis = 7 * DAY;

/// When what is over goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Retention {
    due: BTreeSet<(Millis, Past)>,
}

/// Something that is over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Past {
    Deal(DealId),
    Task(TaskId),
    Backup(BackupId),
}

impl Retention {
    fn note(&mut self, due_at: Option<Millis>, past: Past) {
        self.due.extend(due_at.map(|at| (at, past)));
    }

    /// Notes an order, if it is over.
    pub(crate) fn note_deal(&mut self, deal: &Deal) {
        self.note(deal.goes_at(), Past::Deal(deal.id.clone()));
    }

    /// Notes a task, if it is over.
    pub(crate) fn note_task(&mut self, task: &Task) {
        self.note(task.goes_at(), Past::Task(task.id));
    }

    /// Notes a backup.
    pub(crate) fn note_backup(&mut self, backup: &Backup) {
        self.note(Some(backup.goes_at()), Past::Backup(backup.id.clone()));
    }

    /// When something next goes after that moment.
    pub(crate) fn next_after(&self, moment: Millis) -> Option<Millis> {
        self.due.range(behind(moment)..).next().map(|(at, _)| *at)
    }

    /// How much goes after the one moment and by the other; counting ends at `most`.
    pub(crate) fn going(&self, after: Millis, by: Millis, most: usize) -> usize {
        if by <= after {
            return 0;
        }
        let gone = self.due.range(behind(after)..behind(by));
        gone.take(most).count()
    }

    /// What goes after the one moment and by the other, taken out.
    fn take(&mut self, after: Millis, by: Millis) -> Vec<Past> {
        let gone = self.due.range(behind(after)..behind(by)).cloned();
        let gone: Vec<_> = gone.collect();
        let taken = gone.into_iter().inspect(|noted| {
            self.due.remove(noted);
        });
        taken.map(|(_, past)| past).collect()
    }
}

/// The first that can stand behind that moment.
fn behind(moment: Millis) -> (Millis, Past) {
    (moment.saturating_add(1), Past::Deal(DealId::from("")))
}

impl Deal {
    fn goes_at(&self) -> Option<Millis> {
        use DealStatus::{Delivering, Paid, Paying, Unpaid};
        let under_way = matches!(self.status, Unpaid | Paid | Delivering | Paying);
        let over_at = self.ended_at.or((!under_way).then_some(self.created_at))?;
        Some(over_at.saturating_add(HISTORY))
    }
}

impl Task {
    fn goes_at(&self) -> Option<Millis> {
        let over = matches!(self.result, TaskResult::Done | TaskResult::Failed);
        let over_at = self.ended_at.or(over.then_some(self.started_at))?;
        Some(over_at.saturating_add(HISTORY))
    }
}

impl Backup {
    fn goes_at(&self) -> Millis {
        self.started_at.saturating_add(STORAGE)
    }
}

impl Cloud {
    /// Time has come to that moment: what it leaves behind goes.
    pub(super) fn pass(&mut self, now: Millis) {
        if now > self.advanced_to {
            for past in self.retention.take(self.advanced_to, now) {
                self.forget_past(past, now);
            }
        }
        self.advanced_to = now;
    }

    fn forget_past(&mut self, past: Past, now: Millis) {
        let over = |goes_at: Option<Millis>| goes_at.is_some_and(|at| at <= now);
        match past {
            Past::Deal(id) if !self.is_delivering(&id) => {
                if self.deals.get(&id).is_some_and(|deal| over(deal.goes_at())) {
                    self.deals.remove(&id);
                }
            }
            Past::Task(id) if self.flows.get(id).is_none() => {
                if self.tasks.get(&id).is_some_and(|task| over(task.goes_at())) {
                    self.tasks.remove(&id);
                }
            }
            Past::Backup(id) => drop(self.backups.remove(&id)),
            // A flow of it still runs, which notes it anew at its end.
            Past::Deal(_) | Past::Task(_) => {}
        }
    }

    /// Whether a flow of that order runs.
    fn is_delivering(&self, deal_id: &DealId) -> bool {
        let of_deal = |id: &InstanceId| {
            let flow = self.flows.of(id);
            flow.is_some_and(|flow| flow.deal_id.as_ref() == Some(deal_id))
        };
        let deal = self.deals.get(deal_id);
        deal.is_some_and(|deal| deal.instance_ids.iter().any(of_deal))
    }

    /// Notes all that is over, where records came otherwise than by calls.
    pub(crate) fn note_past(&mut self) {
        self.retention = Retention::default();
        self.deals.values().for_each(|deal| self.retention.note_deal(deal));
        self.tasks.values().for_each(|task| self.retention.note_task(task));
        self.backups
            .values()
            .for_each(|backup| self.retention.note_backup(backup));
    }
}
