//! What is known of a planned event.

use crate::cloud::ids::TaskId;
use crate::cloud::time::{MINUTE, Millis};
use crate::cloud::values::worded;

/// Something that the cloud's operation plans to do to an instance on a day: a `RedisInstanceEvent`. There is one type,
/// [`Event::TYPE`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `ID`
    pub id: u64,
    pub grade: Grade,
    /// `ExecutionDate`: the midnight with which its day begins.
    pub day: Millis,
    /// `InitialExecutionDate`: the day first planned.
    pub first_day: Millis,
    /// `LatestExecutionDate`: the last day to which it may be moved.
    pub last_day: Millis,
    /// `StartTime` and `EndTime`, minutes of the day; `None`: those of the instance's maintenance window.
    pub hours: Option<(u16, u16)>,
    pub state: EventState,
    /// `EffectInfo`, where it is stated.
    pub effect: Option<String>,
}

impl Event {
    /// `Type`: the only one that there is.
    pub const TYPE: &'static str = "InstanceMigration";

    /// Minutes of the day at which it begins and ends, with that maintenance window.
    pub fn hours(&self, window: (u16, u16)) -> (u16, u16) {
        self.hours.unwrap_or(window)
    }

    /// When time itself next changes it.
    pub(crate) fn next_due(&self, window: (u16, u16)) -> Option<Millis> {
        let (start, end) = self.hours(window);
        let minute = match self.state {
            EventState::Waiting => start,
            EventState::Running { .. } => end,
            EventState::Finished { .. } | EventState::Canceled => return None,
        };
        Some(self.day + i64::from(minute) * MINUTE)
    }

    /// `EffectInfo`
    pub fn effect(&self) -> &str {
        self.effect
            .as_deref()
            .unwrap_or("迁移期间连接会中断数秒，请确认应用能够自动重连。")
    }
}

worded! {
    /// `Grade`: how grave an event is.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Grade {
        Critical = "Critical",
        High = "High",
        Middle = "Middle",
        Low = "Low",
    }
}

/// `Status` of an event, with what goes with that alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventState {
    /// Its time has not come.
    Waiting,
    Running {
        /// The task that is listed meanwhile; `None` where a fixture states none.
        task: Option<TaskId>,
    },
    Finished {
        /// `TaskEndTime`; `None` where a fixture states none.
        at: Option<Millis>,
    },
    Canceled,
}

impl EventState {
    /// Every word, in the order of an event's life.
    pub const WORDS: [&'static str; 4] = ["Waiting", "Running", "Finished", "Canceled"];

    /// The API's word.
    pub fn word(self) -> &'static str {
        match self {
            EventState::Waiting => "Waiting",
            EventState::Running { .. } => "Running",
            EventState::Finished { .. } => "Finished",
            EventState::Canceled => "Canceled",
        }
    }
}
