//! The whole state: shown, replaced, put back.

use axum::extract::State;
use serde_json::json;

use super::account::OfAccount;
use super::answer::{Answer, ControlResult, Shared, Whole, Wrong, lines, ok};
use crate::aside::aside;
use crate::fixture::{Fixture, Snapshot};

pub(super) async fn reset(State(emulator): Shared, uri: http::Uri) -> Answer {
    let of = OfAccount::read(&uri)?;
    aside(move || {
        let world = emulator.world();
        if let Some(account) = of.one(&world)? {
            emulator.reset_account(&world, &account)?;
            return ok(&json!({}));
        }
        emulator.reset()?;
        ok(&json!({}))
    })
    .await
}

/// The whole state, or that of one account: a key a line, so that what has changed is what a diff shows.
pub(super) async fn state(State(emulator): Shared, uri: http::Uri) -> Answer {
    let of = OfAccount::read(&uri)?;
    aside(move || {
        let world = emulator.world();
        Ok(match of.one(&world)? {
            Some(account) => lines(&Snapshot::of_account(&account)),
            None => lines(&world.state()),
        })
    })
    .await
}

pub(super) async fn put_state(State(emulator): Shared, uri: http::Uri, body: ControlResult<Whole>) -> Answer {
    let of = OfAccount::read(&uri)?;
    let body = body?;
    aside(move || {
        let fixture = Fixture::from_body(&body).map_err(|faults| Wrong::fixture(&faults))?;
        let world = emulator.world();
        if let Some(account) = of.one(&world)? {
            emulator.put_account(&world, &account, &fixture)?;
            return ok(&json!({}));
        }
        emulator.put(&fixture)?;
        ok(&json!({}))
    })
    .await
}
