//! Fault rules: shown, added, taken away.

use axum::extract::{Path, State};
use serde_json::json;

use super::answer::{Answer, ControlResult, Named, Shared, Whole, Wrong, ok, read};
use crate::faults::Fault;
use crate::fixture::body_fault;
use crate::quote::quoted;
use crate::world::World;

pub(super) async fn faults(State(emulator): Shared) -> Answer {
    ok(&json!({ "Faults": emulator.world().faults.list() }))
}

pub(super) async fn add_fault(State(emulator): Shared, body: ControlResult<Whole>) -> Answer {
    let fault: Fault = read(body)?;
    if fault.id.is_some() {
        return Err(body_fault("Id", "the server gives it; leave it out").into());
    }
    let world = emulator.world();
    let warnings: Vec<_> = instance_to_come(&world, &fault).into_iter().collect();
    let added = world.faults.add(fault);
    let id = added.map_err(|(key, message)| body_fault(key, message))?;
    ok(&json!({ "Id": id, "Warnings": warnings }))
}

/// What to tell of a rule for an instance that is not there yet.
pub(super) fn instance_to_come(world: &World, rule: &Fault) -> Option<String> {
    let id = rule.matches.instance_id.as_deref()?;
    let accounts = world.accounts.all();
    let missing = accounts
        .iter()
        .all(|account| !account.as_left().instances.contains_key(id));
    missing.then(|| {
        let id = quoted(id);
        format!("Match.InstanceId: no account has an instance `{id}` yet; the rule waits for it")
    })
}

pub(super) async fn clear_faults(State(emulator): Shared) -> Answer {
    emulator.world().faults.clear();
    ok(&json!({}))
}

pub(super) async fn remove_fault(State(emulator): Shared, id: Named) -> Answer {
    let Path(id) = id?;
    let removed = id.parse().is_ok_and(|id| emulator.world().faults.remove(id));
    if removed {
        return ok(&json!({}));
    }
    Err(Wrong::not_found(format!(
        "there is no fault {}; GET /_crs/faults lists them",
        quoted(&id)
    )))
}
