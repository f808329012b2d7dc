//! What each command does: the one place where a cloud is changed, by who asks for it now and by who reads it back.

use serde_json::Value;

use crate::cloud::advance;
use crate::cloud::life::look;
use crate::cloud::{Call, Cloud, Flow, InstanceId, Millis, Refusal, TaskId, TemporaryKey};
use crate::command::{self, Command};
use crate::contract::{Action, Fields, FlowUse, Writer};
use crate::dispatch::{self, Behaviour};
use crate::fixture::{self, FixtureFault};

/// What a command has come to.
pub(crate) enum Done {
    /// The action has answered or refused, and perhaps given a key for a while.
    Called(Result<(), Refusal>, Option<TemporaryKey>),
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
    pub(super) fn called(self) -> Option<(Result<(), Refusal>, Option<TemporaryKey>)> {
        if let Self::Called(done, lent) = self {
            Some((done, lent))
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
        Command::PutWorkload { instance, workload } => {
            let put = fixture::put_workload(cloud, &instance, &workload);
            let shown = cloud.instances.get(&instance).map(fixture::show_workload);
            return Done::Patched(put.map(|()| serde_json::to_value(shown).unwrap_or_default()));
        }
        Command::PatchAccount { change, clock, .. } => {
            let patched = fixture::patch_account(cloud, clock, &change);
            return Done::Patched(patched.map(|(shown, _)| shown));
        }
        Command::Step { flow } => return Done::Ended(advance::step(cloud, TaskId(flow), now)),
        Command::Fail { flow, message } => {
            let failed = advance::fail(cloud, TaskId(flow), now, &message);
            return Done::Ended(failed.map(|flow| vec![flow]));
        }
        // These are about the account, and leave its cloud.
        Command::Clock(_) | Command::Begin(_) | Command::Lend(_) | Command::End => {}
        Command::Drain => return Done::Ended(Some(advance::drain(cloud, now))),
    }
    Done::Told
}

/// The instances that a call names, and the members of the replication group that it names.
fn named_instances(cloud: &Cloud, action: &Action, fields: &Fields) -> Vec<InstanceId> {
    let named = action.named_instances(fields).into_iter().map(InstanceId::from);
    let group = action
        .named_group(fields)
        .and_then(|id| cloud.replication_groups.get(id));
    let members = group.into_iter().flat_map(|group| &group.members);
    named.chain(members.map(|member| member.instance_id.clone())).collect()
}

fn apply_call(called: command::Call, cloud: &mut Cloud, now: Millis, writer: &mut Writer) -> Done {
    let command::Call {
        action,
        region,
        fields,
        fate,
        is_seen,
        by_temporary_key,
        real_now,
    } = called;
    let Behaviour::Writes(write) = dispatch::behaviour(action.id) else {
        return Done::NoChange;
    };
    if action.flows == FlowUse::Ends {
        let about = named_instances(cloud, action, &fields);
        advance::end_unseen(cloud, &about, now);
    }
    let mut call = Call::new(now, region).by_key(real_now, by_temporary_key);
    call.fate = fate;
    let done = write(cloud, &call, fields, writer);
    if done.is_ok() {
        advance::finish_if_instant(cloud, now);
    }
    if done.is_err() {
        return Done::Called(done, None);
    }
    if is_seen {
        look::note_shown(cloud, &call.shown.into_inner());
    }
    // A key is handed out though the answer that has it gets lost.
    Done::Called(done, call.lent.into_inner())
}
