//! The words of the API that several rooms share: statuses, billing modes, sizes, roles, tags.

use crate::cloud::time::{DAY, HOUR, Millis};

/// The only statuses that DescribeInstances ever shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// About to be initialised.
    Pending = 0,
    /// In a flow.
    InProcess = 1,
    Running = 2,
    Isolated = -2,
    /// To be deleted.
    Deleting = -3,
}

impl Status {
    /// Whether it is that of an instance in the recycle bin.
    pub fn is_binned(self) -> bool {
        matches!(self, Status::Isolated | Status::Deleting)
    }

    /// Whether it is that of an instance with a change under way.
    pub fn is_busy(self) -> bool {
        matches!(self, Status::Pending | Status::InProcess)
    }

    /// The number on the wire.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The status of that number, if there is one.
    pub fn from_number(number: i64) -> Option<Status> {
        [
            Status::Pending,
            Status::InProcess,
            Status::Running,
            Status::Isolated,
            Status::Deleting,
        ]
        .into_iter()
        .find(|status| status.number() == number)
    }
}

/// How an instance is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billing {
    /// By the hour, afterwards.
    Postpaid = 0,
    /// By the month, before.
    Prepaid = 1,
}

impl Billing {
    /// Both modes.
    pub const ALL: [Billing; 2] = [Billing::Postpaid, Billing::Prepaid];

    /// How many instances one order can hold.
    pub const fn most_goods(self) -> u64 {
        match self {
            Billing::Postpaid => 30,
            Billing::Prepaid => 100,
        }
    }

    /// How long an isolated instance is kept, as documented for OfflineTime.
    pub fn kept_for(self) -> Millis {
        match self {
            Billing::Postpaid => 2 * HOUR,
            Billing::Prepaid => 7 * DAY,
        }
    }

    /// The number on the wire.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Billing::Postpaid => "postpaid",
            Billing::Prepaid => "prepaid",
        }
    }

    /// The mode of that word, if there is one.
    pub fn from_word(word: &str) -> Option<Billing> {
        Billing::ALL.into_iter().find(|mode| mode.word() == word)
    }

    /// The mode of that number, if there is one.
    pub fn from_number(number: i64) -> Option<Billing> {
        match number {
            0 => Some(Billing::Postpaid),
            1 => Some(Billing::Prepaid),
            _ => None,
        }
    }
}

/// `AutoRenewFlag`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoRenew {
    Manual = 0,
    Automatic = 1,
    Never = 2,
}

impl AutoRenew {
    /// The number on the wire.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The flag of that number, if there is one.
    pub fn from_number(number: i64) -> Option<AutoRenew> {
        match number {
            0 => Some(AutoRenew::Manual),
            1 => Some(AutoRenew::Automatic),
            2 => Some(AutoRenew::Never),
            _ => None,
        }
    }
}

/// `BackupMode`: how far back an instance can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupMode {
    /// To each of its backups.
    Normal,
    /// To any second.
    SecondLevel,
}

impl BackupMode {
    /// Every mode.
    pub const ALL: [BackupMode; 2] = [BackupMode::Normal, BackupMode::SecondLevel];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            BackupMode::Normal => "NormalLevelBackup",
            BackupMode::SecondLevel => "SecondLevelBackup",
        }
    }

    /// The mode of that word, if there is one.
    pub fn from_word(word: &str) -> Option<BackupMode> {
        BackupMode::ALL.into_iter().find(|mode| mode.word() == word)
    }
}

/// A tag of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub key: String,
    pub value: String,
}

/// `NodeType`
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Master = 0,
    Replica = 1,
}

impl Role {
    /// The number on the wire.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The role of that number, if there is one.
    pub fn from_number(number: i64) -> Option<Role> {
        match number {
            0 => Some(Role::Master),
            1 => Some(Role::Replica),
            _ => None,
        }
    }
}
