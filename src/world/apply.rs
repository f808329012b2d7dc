//! What each command does: the one place where a cloud is changed, by who asks for it now and by who reads it back.

use serde_json::Value;

use crate::cloud::advance;
use crate::cloud::life::look;
use crate::cloud::{Call, Cloud, Flow, Millis, Refusal, TaskId};
use crate::command::{self, Command};
use crate::contract::{FlowUse, Writer};
use crate::dispatch::{self, Behaviour};
use crate::fixture::{self, FixtureFault};

/// What a command has come to.
pub(crate) enum Done {
    /// The action has answered or refused.
    Called(Result<(), Refusal>),
    /// The action changes nothing.
    NoChange,
    /// What was changed, as a fixture shows it.
    Patched(Result<Value, FixtureFault>),
    /// The flows that ended; `None` if there is no such flow.
    Ended(Option<Vec<Flow>>),
    /// It tells nothing.
    Told,
}

impl Done {
    pub(crate) fn called(self) -> Option<Result<(), Refusal>> {
        if let Self::Called(done) = self {
            Some(done)
        } else {
            None
        }
    }

    pub(crate) fn patched(self) -> Option<Result<Value, FixtureFault>> {
        if let Self::Patched(done) = self {
            Some(done)
        } else {
            None
        }
    }

    pub(crate) fn ended(self) -> Option<Vec<Flow>> {
        if let Self::Ended(done) = self { done } else { None }
    }
}

/// Carries out a command on a cloud that is up to date. What an action answers goes to the writer.
pub(super) fn apply(command: Command, cloud: &mut Cloud, now: Millis, writer: &mut Writer) -> Done {
    match command {
        Command::Call(call) => return apply_call(call, cloud, now, writer),
        Command::EndUnseen { instances } => advance::end_unseen(cloud, &instances, now),
        Command::Shown { flows } => {
            let flows: Vec<_> = flows.into_iter().map(TaskId).collect();
            look::note_shown(cloud, &flows);
        }
        Command::Show { instance } => look::show(cloud, &instance),
        Command::SeeDue => advance::advance_by_hand(cloud, now),
        Command::Advance => advance::advance(cloud, now),
        Command::PatchInstance { instance, change } => {
            // As before a call that changes it: what is due and was not seen is over.
            advance::end_unseen(cloud, &[&instance], now);
            return Done::Patched(fixture::patch_instance(cloud, &instance, &change));
        }
        Command::PatchAccount { change } => return Done::Patched(fixture::patch_account(cloud, &change)),
        Command::Step { flow } => return Done::Ended(advance::step(cloud, TaskId(flow), now)),
        Command::Fail { flow, message } => {
            let failed = advance::fail(cloud, TaskId(flow), now, &message);
            return Done::Ended(failed.map(|flow| vec![flow]));
        }
        Command::Drain => return Done::Ended(Some(advance::drain(cloud, now))),
    }
    Done::Told
}

fn apply_call(called: command::Call, cloud: &mut Cloud, now: Millis, writer: &mut Writer) -> Done {
    let command::Call {
        action,
        region,
        fields,
        fate,
        is_seen,
    } = called;
    let Behaviour::Writes(write) = dispatch::behaviour(action.id) else {
        return Done::NoChange;
    };
    if action.flows == FlowUse::Ends {
        advance::end_unseen(cloud, &action.named_instances(&fields), now);
    }
    let mut call = Call::new(now, region);
    call.fate = fate;
    let done = write(cloud, &call, fields, writer);
    if done.is_ok() {
        advance::finish_if_instant(cloud, now);
    }
    if done.is_ok() && is_seen {
        look::note_shown(cloud, &call.shown.into_inner());
    }
    Done::Called(done)
}
