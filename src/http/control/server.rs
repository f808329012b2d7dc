//! The server itself: its health, what it answers, its CA and its figures.

use axum::extract::State;
use serde_json::json;

use super::answer::{Answer, Shared, Wrong, ok, text};
use crate::contract;
use crate::provoked::Ways;

pub(super) async fn health(State(emulator): Shared) -> Answer {
    ok(&json!({
        "Status": "ready",
        "Version": env!("CARGO_PKG_VERSION"),
        "Auth": format!("{:?}", emulator.config.auth).to_lowercase(),
        "Bypassed": emulator.metrics.bypassed(),
    }))
}

pub(super) async fn actions() -> Answer {
    let ways = Ways::known();
    let row = |action: &contract::Action| {
        let codes: Option<Vec<_>> = action
            .codes
            .map(|codes| codes.iter().map(|code| code.as_str()).collect());
        json!({
            "Name": action.name,
            "Service": action.service,
            "Version": action.version,
            "Family": action.family,
            "Implemented": true,
            "Codes": codes,
            "Provoked": ways.told(action),
        })
    };
    ok(&json!({ "Actions": contract::ACTIONS.iter().map(row).collect::<Vec<_>>() }))
}

pub(super) async fn ca_pem(State(emulator): Shared) -> Answer {
    let pem = emulator
        .ca_pem()
        .ok_or_else(|| Wrong::not_found("no CA was made; start with --tls and without --tls-cert"))?;
    Ok(text("application/x-pem-file", pem))
}

pub(super) async fn metrics(State(emulator): Shared) -> Answer {
    Ok(text(
        "text/plain; version=0.0.4; charset=utf-8",
        emulator.metrics.render(),
    ))
}
