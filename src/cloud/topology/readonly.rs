//! Who reads and who writes: replicas that serve reads, and instances that take no writes.

use crate::cloud::access::change::AccountStep;
use crate::cloud::access::password::root_mut;
use crate::cloud::access::record::{RedisAccount, Route};
use crate::cloud::ids::TaskId;
use crate::cloud::instance::record::Instance;
use crate::cloud::life::flow;
use crate::cloud::life::flow::Change;
use crate::cloud::life::record::Payload;
use crate::cloud::life::table::FlowKind;
use crate::cloud::refusal::{Refusal, bad_value};
use crate::cloud::state::{Call, Cloud};

/// Lets replicas serve reads: those of `root` as `policy` says, which left empty means replicas alone. Gives the
/// task's number.
pub fn enable_replicas(cloud: &mut Cloud, call: &Call, id: &str, policy: &[String]) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    let route = match policy {
        [] => Some(Route::Replication),
        words => Route::from_words(words),
    };
    let why = || "it holds master, replication or both".to_owned();
    let route = route.ok_or_else(|| bad_value("ReadonlyPolicy", why()))?;
    has_replicas_that_read(instance)?;
    begin(
        cloud,
        call,
        id,
        FlowKind::EnableReplicas,
        Payload::ReplicasReadonly(Some(route)),
    )
}

/// Lets masters alone serve reads. Gives the task's number.
pub fn disable_replicas(cloud: &mut Cloud, call: &Call, id: &str) -> Result<TaskId, Refusal> {
    let instance = cloud.instance(call.region, id)?;
    has_replicas_that_read(instance)?;
    let own = instance.accounts.iter().filter(|account| !account.is_root());
    let to_come = cloud.flows.of(&instance.id).any(|flow| match &flow.payload {
        Payload::Account(change) => match &change.step {
            AccountStep::Modify(edit) => edit.route.is_some_and(Route::reads_replicas),
            AccountStep::Make | AccountStep::Delete => false,
        },
        _ => false,
    });
    if to_come || own.into_iter().any(|account| account.route.reads_replicas()) {
        return Err(Refusal::AsItStands {
            id: instance.id.clone(),
            why: "has an account that reads from replicas",
        });
    }
    begin(
        cloud,
        call,
        id,
        FlowKind::DisableReplicas,
        Payload::ReplicasReadonly(None),
    )
}

/// Lets an instance take no writes, by the mode `1`, or take them again, by `0`. Gives the task's number.
pub fn limit_writes(cloud: &mut Cloud, call: &Call, id: &str, mode: &str) -> Result<TaskId, Refusal> {
    cloud.instance(call.region, id)?;
    let read_only = match mode {
        "0" => false,
        "1" => true,
        other => return Err(bad_value("InputMode", format!("{other} is neither 0 nor 1"))),
    };
    begin(cloud, call, id, FlowKind::ReadOnly, Payload::ReadOnly(read_only))
}

fn has_replicas_that_read(instance: &Instance) -> Result<(), Refusal> {
    if !instance.edition.replicas_readonly {
        return Err(Refusal::EditionCannot {
            type_id: instance.edition.type_id,
            what: "have replicas that serve reads",
        });
    }
    Ok(())
}

/// Begins such a change, if it may begin now.
pub(super) fn begin(
    cloud: &mut Cloud,
    call: &Call,
    id: &str,
    kind: FlowKind,
    payload: Payload,
) -> Result<TaskId, Refusal> {
    let id = flow::ready(cloud, call, id, kind)?.id.clone();
    Ok(flow::begin(cloud, call, &id, None, Change::now(kind, payload)))
}

/// Replicas serve reads, those of `root` as that says; `None`: masters alone do.
pub(crate) fn apply(instance: &mut Instance, route: Option<Route>) {
    instance.replicas_readonly = route.is_some();
    instance.lower_clients();
    root_mut(instance).route = route.unwrap_or(Route::Master);
    // What is told of root is kept only where it is not as it was at first.
    if instance.accounts.first() == Some(&RedisAccount::root()) {
        instance.accounts.remove(0);
    }
}
