//! How long the past is kept: orders and tasks as long as the lists tell of them, backups until they have
//! expired and so long behind that.
//!
//! What is over is noted with the moment at which it goes, and goes when time passes that moment. So splitting a
//! stretch of time changes nothing, and what a fixture states that is older stays, as does what is under way.

use std::collections::BTreeSet;

use crate::cloud::backup::record::Backup;
use crate::cloud::ids::{BackupId, DealId, TaskId};
use crate::cloud::life::record::{Task, TaskResult};
use crate::cloud::order::record::{Deal, DealStatus};
use crate::cloud::time::{DAY, Millis};

/// The lists tell of so much, and orders and tasks are kept for so long after their end.
pub const HISTORY: Millis = 30 * DAY;

/// When what is over goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Retention {
    due: BTreeSet<(Millis, Past)>,
}

/// Something that is over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Past {
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

    /// Notes a backup, if it is made.
    pub(crate) fn note_backup(&mut self, backup: &Backup) {
        self.note(backup.goes_at(), Past::Backup(backup.id.clone()));
    }

    /// A backup has gone before its time.
    pub(crate) fn forget_backup(&mut self, backup: &Backup) {
        if let Some(at) = backup.goes_at() {
            self.due.remove(&(at, Past::Backup(backup.id.clone())));
        }
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
    pub(crate) fn take(&mut self, after: Millis, by: Millis) -> Vec<Past> {
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
    pub(crate) fn goes_at(&self) -> Option<Millis> {
        use DealStatus::{Delivering, Paid, Paying, Unpaid};
        let under_way = matches!(self.status, Unpaid | Paid | Delivering | Paying);
        let over_at = self.ended_at.or((!under_way).then_some(self.created_at))?;
        Some(over_at.saturating_add(HISTORY))
    }
}

impl Task {
    pub(crate) fn goes_at(&self) -> Option<Millis> {
        let over = matches!(self.result, TaskResult::Done | TaskResult::Failed);
        let over_at = self.ended_at.or(over.then_some(self.started_at))?;
        Some(over_at.saturating_add(HISTORY))
    }
}
