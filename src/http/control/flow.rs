//! What is under way: shown, finished, made to fail.

use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::account::OfAccount;
use super::answer::{Answer, ControlResult, Named, Shared, Whole, Wrong, ok, read};
use crate::aside::aside;
use crate::cloud::{Cloud, Flow, TaskId};
use crate::command::Command;
use crate::emulator::Emulator;
use crate::fixture::rfc3339;
use crate::quote::quoted;

pub(super) fn show_flow(app_id: u64, flow: &Flow) -> Value {
    json!({
        "Id": flow.id.0,
        "AppId": app_id,
        "InstanceId": flow.instance_id.as_str(),
        "Action": flow.action(),
        "Due": flow.due_at.map(rfc3339),
    })
}

pub(super) async fn flows(State(emulator): Shared, uri: http::Uri) -> Answer {
    let of = OfAccount::read(&uri)?;
    let world = emulator.world();
    aside(move || {
        let mut flows = Vec::new();
        for account in of.accounts(&world)? {
            let (cloud, _) = account.picture();
            let shown = cloud.flows.values();
            flows.extend(shown.map(|flow| show_flow(account.app_id, flow)));
        }
        ok(&json!({ "Flows": flows }))
    })
    .await
}

pub(super) async fn drain_flows(State(emulator): Shared, uri: http::Uri) -> Answer {
    let of = OfAccount::read(&uri)?;
    let world = emulator.world();
    aside(move || {
        let ended = world.drain(&of.accounts(&world)?)?;
        let shown = ended.iter().map(|(app_id, flow)| show_flow(*app_id, flow));
        ok(&json!({ "Flows": shown.collect::<Vec<_>>() }))
    })
    .await
}

pub(super) async fn step_flow(State(emulator): Shared, uri: http::Uri, id: Named) -> Answer {
    end_flow(&emulator, &uri, id, |flow| Command::Step { flow }).await
}

/// Why a flow is to fail.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Failure {
    /// What the task then says.
    #[serde(default = "failed_by_hand")]
    message: String,
}

pub(super) fn failed_by_hand() -> String {
    "it was made to fail".to_owned()
}

pub(super) async fn fail_flow(
    State(emulator): Shared,
    uri: http::Uri,
    id: Named,
    body: ControlResult<Whole>,
) -> Answer {
    let body = body?;
    let message = if body.is_empty() {
        failed_by_hand()
    } else {
        read::<Failure>(Ok(body))?.message
    };
    end_flow(&emulator, &uri, id, |flow| Command::Fail { flow, message }).await
}

pub(super) async fn end_flow(
    emulator: &Emulator,
    uri: &http::Uri,
    id: Named,
    end: impl FnOnce(u64) -> Command + Send + 'static,
) -> Answer {
    let Path(id) = id?;
    let id = id.parse().map(TaskId).map_err(|_| {
        let id = quoted(&id);
        Wrong::bad_request(format!("`{id}` is no flow id; GET /_crs/flows lists them"))
    })?;
    let of = OfAccount::read(uri)?;
    let world = emulator.world();
    aside(move || {
        let has = |cloud: &Cloud| cloud.flows.get(id).is_some();
        if let Some(account) = of.only(&world, &format!("a flow {id}"), has)?
            && let Some(ended) = world.carry_out(&account, end(id.0))?.ended()
        {
            let shown = ended.iter().map(|flow| show_flow(account.app_id, flow));
            return ok(&json!({ "Flows": shown.collect::<Vec<_>>() }));
        }
        Err(Wrong::not_found(format!(
            "no flow {id} is under way; GET /_crs/flows lists them"
        )))
    })
    .await
}
