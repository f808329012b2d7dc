//! Fault rules: shown, added, taken away. `?AppId=` holds a call to those for that account alone.

use axum::extract::{Path, State};
use serde_json::json;

use super::account::OfAccount;
use super::answer::{Answer, ControlResult, Named, Shared, Whole, Wrong, ok};
use crate::cloud::region;
use crate::faults::Fault;
use crate::fixture::{body_fault, read_rule, rfc3339, show_rule};
use crate::quote::quoted;
use crate::world::World;

pub(super) async fn faults(State(emulator): Shared, uri: http::Uri) -> Answer {
    let world = emulator.world();
    let app_id = OfAccount::read(&uri)?.app_id(&world)?;
    let mut rules = world.faults.list();
    rules.retain(|rule| app_id.is_none() || rule.matches.app_id == app_id);
    ok(&json!({ "Faults": rules.iter().map(show_rule).collect::<Vec<_>>() }))
}

pub(super) async fn add_fault(State(emulator): Shared, uri: http::Uri, body: ControlResult<Whole>) -> Answer {
    let world = emulator.world();
    let app_id = OfAccount::read(&uri)?.app_id(&world)?;
    let mut rule = read_rule(&body?).map_err(|faults| Wrong::fixture(&faults))?;
    if let (Some(app_id), Some(other)) = (app_id, rule.matches.app_id)
        && app_id != other
    {
        let message = format!("{other} is not the account {app_id} of the query; leave one of them out");
        return Err(body_fault("Match.AppId", message).into());
    }
    rule.matches.app_id = app_id.or(rule.matches.app_id);
    let warnings = warnings(&world, &rule);
    let added = world.change_faults(|faults| faults.add(rule))?;
    let id = added.map_err(|(key, message)| body_fault(key, message))?;
    ok(&json!({ "Id": id, "Warnings": warnings }))
}

/// What to tell of a rule that strikes nothing as things stand.
fn warnings(world: &World, rule: &Fault) -> Vec<String> {
    let wanted = &rule.matches;
    let account = wanted.app_id.and_then(|app_id| world.accounts.get(app_id));
    let no_account = wanted
        .app_id
        .filter(|_| account.is_none())
        .map(|app_id| format!("Match.AppId: there is no account {app_id} yet; the rule waits for it"));
    let no_instance = wanted.instance_id.as_deref().filter(|id| {
        let accounts = account
            .clone()
            .map_or_else(|| world.accounts.all(), |account| vec![account]);
        let has = |id: &str| accounts.iter().any(|of| of.as_left().instances.contains_key(id));
        !has(id)
    });
    let no_instance = no_instance.map(|id| {
        let whose = if account.is_some() {
            "that account has no"
        } else {
            "no account has an"
        };
        format!(
            "Match.InstanceId: {whose} instance `{}` yet; the rule waits for it",
            quoted(id)
        )
    });
    let no_region = wanted
        .region
        .as_deref()
        .filter(|name| !region::find(name).is_some_and(|of| of.has_redis()));
    let no_region = no_region.map(|name| {
        let name = quoted(name);
        format!("Match.Region: `{name}` sells no Redis; only calls that name it all the same are struck")
    });
    let no_key = wanted
        .secret_id
        .as_deref()
        .filter(|id| world.accounts.credential(id).is_none());
    let no_key = no_key.map(|id| {
        let id = quoted(id);
        format!("Match.SecretId: no account has the key pair `{id}`; only calls that claim it all the same are struck")
    });
    let over = wanted.until.filter(|until| *until <= world.clock.now()).map(|until| {
        let until = rfc3339(until);
        format!("Match.Until: {until} is past on the cloud's clock; the rule strikes nothing unless that is set back")
    });
    [no_account, no_instance, no_region, no_key, over]
        .into_iter()
        .flatten()
        .collect()
}

pub(super) async fn clear_faults(State(emulator): Shared, uri: http::Uri) -> Answer {
    let world = emulator.world();
    let app_id = OfAccount::read(&uri)?.app_id(&world)?;
    world.change_faults(|faults| faults.clear(app_id))?;
    ok(&json!({}))
}

pub(super) async fn remove_fault(State(emulator): Shared, uri: http::Uri, id: Named) -> Answer {
    let Path(id) = id?;
    let world = emulator.world();
    let app_id = OfAccount::read(&uri)?.app_id(&world)?;
    let removed = world.change_faults(|faults| id.parse().is_ok_and(|id| faults.remove(id, app_id)))?;
    if removed {
        return ok(&json!({}));
    }
    let whose = app_id.map(|app_id| format!(" of account {app_id}")).unwrap_or_default();
    Err(Wrong::not_found(format!(
        "there is no fault {}{whose}; GET /_crs/faults lists them",
        quoted(&id)
    )))
}
