//! Tasks and flows as plain data.

use crate::cloud::access::change::AccountChange;
use crate::cloud::access::record::Route;
use crate::cloud::backup::record::Restored;
use crate::cloud::catalogue::edition::Edition;
use crate::cloud::catalogue::region::Region;
use crate::cloud::catalogue::spec::Spec;
use crate::cloud::change::record::{EditionChange, NewerVersions, Resize};
use crate::cloud::ids::{BackupId, DealId, InstanceId, TaskId};
use crate::cloud::instance::node::Placement;
use crate::cloud::instance::payment::Payment;
use crate::cloud::instance::record::{Access, Instance};
use crate::cloud::life::table::{FlowKind, TaskKind};
use crate::cloud::money::record::Reference;
use crate::cloud::network::record::{Connection, Move, Ssl};
use crate::cloud::parameter::record::Param;
use crate::cloud::replication::record::MemberChange;
use crate::cloud::time;
use crate::cloud::time::Millis;
use crate::cloud::values::{BackupMode, Status, numbered};

/// One row of DescribeTaskList. Its number is also the number of the [`Flow`] that carries it out.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// `TaskId`
    pub id: TaskId,
    /// `TaskType`
    pub kind: TaskKind,
    /// Where it is listed.
    pub region: &'static Region,
    /// The instance it is about.
    pub instance_id: InstanceId,
    /// Its name when the task began.
    pub instance_name: String,
    /// Its project when the task began.
    pub project_id: i64,
    /// `StartTime`
    pub started_at: Millis,
    /// `EndTime`; `None` while it runs.
    pub ended_at: Option<Millis>,
    /// How far it is.
    pub result: TaskResult,
    /// Why it failed; "" otherwise.
    pub message: String,
    /// Who began it.
    pub operator_uin: String,
}

impl Task {
    /// Whether it is still under way.
    pub fn runs(&self) -> bool {
        matches!(self.result, TaskResult::Preparing | TaskResult::Running)
    }
}

numbered! {
    /// `Result` of a task, with the numbers the API shows.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum TaskResult {
        Preparing = 0,
        Running = 1,
        Done = 2,
        Failed = 4,
    }
}

impl TaskResult {
    /// `Status` of DescribeTaskInfo.
    pub fn word(self) -> &'static str {
        match self {
            TaskResult::Preparing => "preparing",
            TaskResult::Running => "running",
            TaskResult::Done => "succeed",
            TaskResult::Failed => "failed",
        }
    }

    /// `Progress`: between 0 and 1. Half way is our own figure for a task that runs.
    pub fn progress(self) -> f64 {
        match self {
            TaskResult::Preparing => 0.0,
            TaskResult::Running => 0.5,
            TaskResult::Done | TaskResult::Failed => 1.0,
        }
    }
}

/// A change on its way. When it ends, its payload is applied to the instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Also the number of its [`Task`].
    pub id: TaskId,
    /// The instance that changes.
    pub instance_id: InstanceId,
    /// The order that it delivers, if it was ordered.
    pub deal_id: Option<DealId>,
    /// When it began.
    pub started_at: Millis,
    /// When it is due: the flow time after it began, or when the window opens; `None`: it waits for a hand.
    pub due_at: Option<Millis>,
    /// Whether an answer has shown it under way; of one that waits for its window, its task.
    pub shown: bool,
    /// Whether it waits for the maintenance window, the instance running meanwhile.
    pub in_window: bool,
    /// When its task is due, which ends before the window opens; `None`: it has ended, waits for a hand, or ends with
    /// the flow.
    pub task_due_at: Option<Millis>,
    /// Its row in the table of life.
    pub kind: FlowKind,
    /// What it changes.
    pub payload: Payload,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of a flow at its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// What it changes is applied.
    #[default]
    Succeeds,
    /// It fails, where it would have ended otherwise; one that waits for its window with its task.
    Fails,
    /// It does not end by itself, whatever the time is: a hand may end it.
    Hangs,
}

/// What a flow changes when it ends, as a record of the room that does it.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// The instance exists since the order; it now runs.
    Create,
    /// The same, with the data of a backup.
    Clone(Restored),
    /// It gets another size.
    Resize(Resize),
    /// It becomes one of another edition.
    Edition(EditionChange),
    /// `ProductVersion`
    ProductVersion(String),
    /// It takes newer software.
    Versions(NewerVersions),
    /// It stands elsewhere.
    Zones(Placement),
    /// It is paid for the other way.
    ChargeType(Payment),
    /// One gets in the other way, or by another password.
    Access(Access),
    /// One of its accounts comes, changes or goes.
    Account(AccountChange),
    /// It goes into the recycle bin.
    Isolate,
    /// It comes out of the recycle bin; where it was renewed, paid for that way.
    StartUp(Option<Payment>),
    /// It is gone.
    CleanUp,
    /// It has that public address, or none.
    Wan(Option<String>),
    /// It is reached elsewhere.
    Move(Move),
    /// It changes addresses with that instance.
    SwitchVip(InstanceId),
    /// It has other limits.
    Connection(Connection),
    /// It encrypts connections so, or does not.
    Ssl(Option<Ssl>),
    /// Its parameters have these values.
    Params(Vec<Param>),
    /// Its place in its replication group is another.
    Member(MemberChange),
    /// Its replicas serve reads, those of root as that says; `None`: they serve none.
    ReplicasReadonly(Option<Route>),
    /// It takes no writes, or takes them.
    ReadOnly(bool),
    /// The nodes of that group become masters; `None`: in one zone, the first replica of each shard.
    Promote(Option<i64>),
    /// The masters of these shards were stopped.
    KillMasters(Vec<u64>),
    /// These proxies were stopped.
    SwitchProxies(Vec<String>),
    /// It has that backup.
    Backup(BackupId),
    /// It has the data of a backup.
    Restore(Restored),
    /// It goes back that far.
    BackupMode(BackupMode),
    /// It has no data.
    Clear,
    /// Its audit log records.
    OpenAudit,
    /// Its audit log is gone.
    CloseAudit,
    /// The export of its audit log of that name is made.
    Export(String),
}

/// What is to be seen once, and nobody looked at, ends after so many times its time.
pub(crate) const UNSEEN_FACTOR: i64 = 60;

impl Payload {
    /// Whether the instance comes into being by it.
    pub(crate) fn creates(&self) -> bool {
        matches!(self, Payload::Create | Payload::Clone(_))
    }

    /// The edition and the size that it leads to, if it changes them.
    pub(crate) fn size(&self, of: &Instance) -> Option<(&'static Edition, Spec)> {
        match self {
            Payload::Resize(to) => Some((of.edition, to.spec)),
            Payload::Edition(to) => Some((to.edition, to.spec)),
            _ => None,
        }
    }
}

impl Flow {
    /// The account that it changes, if it is one.
    pub fn account(&self) -> Option<&str> {
        match &self.payload {
            Payload::Account(change) => Some(&change.name),
            _ => None,
        }
    }

    /// The instances that it changes: one, or two. Of a replication group, those of its members that show it.
    pub fn instances(&self) -> impl Iterator<Item = &InstanceId> {
        let other = match &self.payload {
            Payload::SwitchVip(other) | Payload::Member(MemberChange::Succeed(other)) => Some(other),
            _ => None,
        };
        std::iter::once(&self.instance_id).chain(other)
    }

    /// The action that began it.
    pub fn action(&self) -> &'static str {
        self.kind.row().action
    }

    /// What the instance shows meanwhile; `None`: what it was.
    pub fn during(&self) -> Option<Status> {
        self.kind.row().during.filter(|_| !self.in_window)
    }

    /// `InstanceTitle` meanwhile.
    pub fn title(&self) -> &'static str {
        self.kind.row().title
    }

    /// Whether it is to be seen once under way, by the instance's status. One that leaves the status as it is, one that
    /// takes an instance out of the recycle bin and one that waits for its window end when they are due.
    pub fn shows_itself(&self) -> bool {
        self.during() == Some(Status::InProcess)
    }

    /// Whether the instance runs from its end on, and did not before it.
    pub(crate) fn begins_anew(&self) -> bool {
        self.shows_itself() && !self.kind.row().from.contains(&Status::Running)
    }

    /// What is due of it that is to be seen once: the flow itself, or the task of one that waits for its window.
    pub(crate) fn seen_due_at(&self) -> Option<Millis> {
        if self.shows_itself() {
            self.due_at
        } else {
            self.task_due_at
        }
    }

    /// When that ends by itself: when it is due, if it was seen.
    pub(crate) fn seen_ends_at(&self) -> Option<Millis> {
        let due_at = self.seen_due_at()?;
        if self.shown {
            return Some(due_at);
        }
        let time_ms = due_at.saturating_sub(self.started_at);
        let unseen_ms = time_ms.saturating_mul(UNSEEN_FACTOR);
        Some(time::after(self.started_at, unseen_ms))
    }

    /// When something of it ends by itself: the flow, or before it its task.
    pub(crate) fn ends_at(&self) -> [Option<Millis>; 2] {
        let whole = Some(self.due_at).filter(|_| !self.shows_itself());
        [self.seen_ends_at(), whole.flatten()]
    }

    /// What its movements of money refer to.
    pub(crate) fn reference(&self) -> Reference<'_> {
        Reference {
            deal_id: self.deal_id.as_ref(),
            instance_id: Some(&self.instance_id),
        }
    }
}
