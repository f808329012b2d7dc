//! What changes the state, as it is recorded before it is done, and done again when a state is read back.
//!
//! What a command comes to follows from the state, the command and the moment alone. So what is recorded is the command
//! and not what it changed.

use serde::{Deserialize, Serialize};

use crate::clock::CloudTime;
use crate::cloud::{Fate, Millis, Region, region};
use crate::contract::{self, Action, Fields, Source, Tree};

mod recorder;

pub(crate) use recorder::{Recorder, Unsettled};

/// What changes the cloud of one account.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) enum Command {
    /// An action is called that may change it.
    Call(Call),
    /// A read of an action names instances, of which what is due and was not seen ends.
    EndUnseen { instances: Vec<String> },
    /// Answers have shown flows.
    Shown { flows: Vec<u64> },
    /// Somebody outside of the API has seen an instance.
    Show { instance: String },
    /// A hand has moved the clock: what is due by now counts as seen.
    SeeDue,
    /// It is brought to the moment, and nothing else. Recorded where time goes back, for only then it matters.
    Advance,
    /// Keys of an instance are changed.
    PatchInstance {
        instance: String,
        change: serde_json::Value,
    },
    /// An instance gets another workload.
    PutWorkload {
        instance: String,
        workload: serde_json::Value,
    },
    /// Keys of the account are changed, which has that time of its own, if any; and how its clock is set by that.
    PatchAccount {
        change: serde_json::Value,
        #[serde(default)]
        clock: Option<CloudTime>,
        /// Absent where the clock stays, and in what older versions wrote, where a record of its own follows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sets: Option<SetClock>,
    },
    /// A flow is finished by hand.
    Step { flow: u64 },
    /// A flow is made to fail.
    Fail { flow: u64, message: String },
    /// All flows are finished by hand.
    Drain,
    /// The clock of the account is set.
    Clock(SetClock),
    /// The account is made, or something else takes its place: all of it, as a fixture states it.
    Begin(serde_json::Value),
    /// It is given a key for a while, as the only one of an account that a fixture states.
    Lend(serde_json::Value),
    /// It ends.
    End,
}

/// How the clock of an account is set: it has a time of its own, or goes along with the server's; and whether it was
/// moved on by that.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct SetClock {
    pub(crate) time: Option<CloudTime>,
    pub(crate) on: bool,
}

impl Command {
    /// Whether it is about the account, and not carried out on its cloud.
    pub(crate) fn is_above(&self) -> bool {
        matches!(self, Self::Clock(_) | Self::Begin(_) | Self::Lend(_) | Self::End)
    }
}

/// A call of an action.
#[derive(Debug, Deserialize)]
#[serde(try_from = "WrittenCall")]
pub(crate) struct Call {
    pub(crate) action: &'static Action,
    pub(crate) region: &'static Region,
    pub(crate) fields: Fields,
    /// What a fault rule wants to become of the flows that it begins.
    pub(crate) fate: Fate,
    /// Whether a fault rule lets its answer come through.
    pub(crate) is_seen: bool,
    pub(crate) by_temporary_key: bool,
    /// Real time, by which such a key ends. It is not written: the key is recorded by itself.
    pub(crate) real_now: Millis,
}

/// A call as it is written. What a fault rule has made of it is left out where that is nothing.
#[derive(Deserialize)]
struct WrittenCall {
    action: String,
    version: String,
    region: String,
    input: Tree,
    #[serde(default)]
    flow: Option<WrittenFate>,
    #[serde(default)]
    is_lost: bool,
    #[serde(default)]
    by_temporary_key: bool,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum WrittenFate {
    Fail,
    Hang,
}

impl Serialize for Call {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'a> {
            action: &'a str,
            version: &'a str,
            region: &'a str,
            input: &'a Fields,
            #[serde(skip_serializing_if = "Option::is_none")]
            flow: Option<WrittenFate>,
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            is_lost: bool,
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            by_temporary_key: bool,
        }
        let written = Written {
            action: self.action.name,
            version: self.action.version,
            region: self.region.name,
            input: &self.fields,
            flow: match self.fate {
                Fate::Succeeds => None,
                Fate::Fails => Some(WrittenFate::Fail),
                Fate::Hangs => Some(WrittenFate::Hang),
            },
            is_lost: !self.is_seen,
            by_temporary_key: self.by_temporary_key,
        };
        written.serialize(serializer)
    }
}

impl TryFrom<WrittenCall> for Call {
    type Error = String;

    fn try_from(written: WrittenCall) -> Result<Self, String> {
        let WrittenCall {
            action,
            version,
            region: name,
            input,
            flow,
            is_lost,
            by_temporary_key,
        } = written;
        let unknown = || format!("there is no action {action} of version {version}");
        let action = contract::find(&action, &version).ok_or_else(unknown)?;
        let region = region::find(&name).ok_or_else(|| format!("there is no region {name}"))?;
        let unfit = |rejection| format!("{} does not take its input: {rejection:?}", action.name);
        let fields = contract::check(action.input, input, Source::Json).map_err(unfit)?;
        Ok(Self {
            action,
            region,
            fields,
            fate: match flow {
                None => Fate::Succeeds,
                Some(WrittenFate::Fail) => Fate::Fails,
                Some(WrittenFate::Hang) => Fate::Hangs,
            },
            is_seen: !is_lost,
            by_temporary_key,
            real_now: 0,
        })
    }
}

/// What changes the server.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) enum ServerCommand {
    /// The clock of the cloud runs, or stands, so; and whether it was moved on by that.
    Clock { time: CloudTime, on: bool },
    /// The fault rules are these now, as a fixture states them: some were added or taken away, or have counted a call.
    Rules(serde_json::Value),
}

/// A command, and when and where it was carried out.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Entry<C> {
    /// The cloud's time.
    pub(crate) now: Millis,
    /// How many ids had been drawn: whether it is carried out again where it was the first time.
    pub(crate) drawn: u64,
    /// How many RequestIds had been given out.
    pub(crate) calls: u64,
    #[serde(rename = "do")]
    pub(crate) command: C,
}

impl<C: for<'de> Deserialize<'de>> Entry<C> {
    /// What was recorded; `Err` says why it is none.
    pub(crate) fn read(payload: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(payload).map_err(|error| error.to_string())
    }
}
