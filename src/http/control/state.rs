//! The whole state: shown, replaced, put back.

use axum::extract::State;
use serde_json::json;

use super::answer::{Answer, ControlResult, Shared, Whole, Wrong, lines, ok};
use crate::aside::aside;
use crate::fixture::Fixture;

pub(super) async fn reset(State(emulator): Shared) -> Answer {
    aside(move || {
        emulator.reset()?;
        ok(&json!({}))
    })
    .await
}

pub(super) async fn state(State(emulator): Shared) -> Answer {
    // A key a line, so that what has changed is what a diff shows.
    aside(move || Ok(lines(&emulator.state()))).await
}

pub(super) async fn put_state(State(emulator): Shared, body: ControlResult<Whole>) -> Answer {
    let body = body?;
    aside(move || {
        let fixture = Fixture::from_body(&body).map_err(|faults| Wrong::fixture(&faults))?;
        emulator.put(&fixture)?;
        ok(&json!({}))
    })
    .await
}
