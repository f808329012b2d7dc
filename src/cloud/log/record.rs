//! Logs as plain data.

use std::fmt;

use crate::cloud::catalogue::region::Region;
use crate::cloud::time::Millis;
use crate::cloud::values::worded;

/// The first days of the audit log, which are kept where they are found faster. Documented as the only choice.
pub const HIGH_DAYS: u64 = 7;

/// What an instance has of logs beside those that follow from its workload.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logs {
    /// `None`: it is off.
    pub audit: Option<AuditLog>,
    /// Oldest first.
    pub exports: Vec<ExportFile>,
    /// `None`: its slow log goes nowhere.
    pub delivery: Option<Delivery>,
}

/// The audit log of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLog {
    /// `LogSubType`
    pub sub_type: SubType,
    /// `LogExpireDay`
    pub expire_days: u64,
    /// `DegradeStrategy`: a P99 latency of so many milliseconds pauses it.
    pub degrade_ms: u64,
    /// `CreateAt`: when it was asked for.
    pub created_at: Millis,
    /// When it began to record; `None`: it is being opened.
    pub opened_at: Option<Millis>,
    /// When it ceased to, since it is being closed.
    pub closed_at: Option<Millis>,
}

impl AuditLog {
    /// How far it is.
    pub fn state(&self) -> AuditState {
        match (self.opened_at, self.closed_at) {
            (None, _) => AuditState::Opening,
            (Some(_), Some(_)) => AuditState::Closing,
            (Some(_), None) => AuditState::Open,
        }
    }

    /// `LowLogExpireDay`
    pub fn low_days(&self) -> u64 {
        self.expire_days.saturating_sub(HIGH_DAYS)
    }
}

worded! {
    /// `Status` of an audit log that is not off.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum AuditState {
        Opening = "create",
        Open = "normal",
        Closing = "close",
    }
}

worded! {
    /// `LogSubType`: which commands are recorded.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum SubType {
        Write = "write",
        Read = "read",
        All = "all",
    }
}

/// An export of an audit log.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportFile {
    /// `FileName`, by which it is known.
    pub name: String,
    /// `AsyncRequestId`
    pub request_id: u64,
    /// The time that is exported: from the one second to the other, both counted.
    pub start_at: Millis,
    pub end_at: Millis,
    /// `LogFilter`
    pub filters: Vec<LogFilter>,
    /// `ColumnFilter`, as it was sent.
    pub columns: Vec<String>,
    /// `CreateTime`
    pub created_at: Millis,
    /// The audit log as it was then: the file outlives it.
    pub audit: AuditLog,
    /// How far it is.
    pub state: ExportState,
}

/// `Status` of an export, and what goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportState {
    Creating,
    /// `FinishTime`, `FileSize`
    Done {
        at: Millis,
        bytes: u64,
    },
    /// `FinishTime`, `ErrMsg`
    Failed {
        at: Millis,
        message: String,
    },
}

/// A condition on the rows of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFilter {
    /// `Type`
    pub field: Field,
    /// `Compare`
    pub compare: Compare,
    /// `Value`
    pub values: Vec<String>,
}

/// A member of a row of the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Timestamp,
    CommandType,
    CommandDetail,
    CommandLatency,
    ClientAddr,
    UserName,
    CacheCode,
    DBId,
    ErrMsg,
}

impl Field {
    /// Each, in the order of a row.
    pub const ALL: [Field; 9] = [
        Field::Timestamp,
        Field::CommandType,
        Field::CommandDetail,
        Field::CommandLatency,
        Field::ClientAddr,
        Field::UserName,
        Field::CacheCode,
        Field::DBId,
        Field::ErrMsg,
    ];

    /// The one of that name.
    pub fn from_name(name: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.to_string() == name)
    }

    /// Whether its values are numbers.
    pub fn is_number(self) -> bool {
        matches!(self, Field::CommandLatency | Field::DBId)
    }
}

impl fmt::Display for Field {
    /// Its name on the wire.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

worded! {
    /// How a value is compared.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Compare {
        Includes = "INC",
        Excludes = "EXC",
        Equals = "EQS",
        Differs = "NEQ",
        InRange = "RA",
    }
}

/// Where the slow log of an instance goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// `LogsetId`
    pub logset_id: String,
    /// `TopicId`
    pub topic_id: String,
    /// `LogRegion`
    pub region: &'static Region,
}

/// A logset of the log service.
#[derive(Clone, Debug, PartialEq)]
pub struct LogSet {
    /// `LogsetId`
    pub id: String,
    /// `LogsetName`
    pub name: String,
    /// Where it is.
    pub region: &'static Region,
    /// `CreateTime`
    pub created_at: Millis,
    /// Oldest first.
    pub topics: Vec<Topic>,
}

/// A topic of a logset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// `TopicId`
    pub id: String,
    /// `TopicName`
    pub name: String,
    /// `Period`: for how many days it keeps what it gets.
    pub period_days: u64,
    /// `Index`: whether it can be searched.
    pub index: bool,
    /// `CreateTime`
    pub created_at: Millis,
}

/// For how many days a topic keeps what it gets, where nothing is said.
pub const PERIOD_DAYS: u64 = 30;
