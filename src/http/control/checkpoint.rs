//! Named states in memory: listed, kept, gone back to, taken away.

use axum::extract::{Path, State};
use http::{StatusCode, Uri};
use serde_json::{Value, json};

use super::answer::{Answer, ControlResult, Named, Shared, Whole, Wrong, ok, says_nothing};
use crate::aside::aside;
use crate::checkpoints::{CHECKPOINTS_MAX, Checkpoint, is_name};
use crate::emulator::Emulator;
use crate::fixture::rfc3339;
use crate::quote::quoted;

fn asks_nothing(uri: &Uri) -> ControlResult<()> {
    match uri.query().unwrap_or_default() {
        "" => Ok(()),
        _ => Err(Wrong::bad_request(
            "a checkpoint holds all accounts, and the call takes no query; leave it out",
        )),
    }
}

fn show(checkpoint: &Checkpoint) -> Value {
    json!({
        "Name": checkpoint.name,
        "Now": rfc3339(checkpoint.now),
        "Accounts": checkpoint.accounts,
        "Instances": checkpoint.instances,
    })
}

fn named(name: Named) -> ControlResult<String> {
    let Path(name) = name?;
    if is_name(&name) {
        return Ok(name);
    }
    Err(Wrong::bad_request(format!(
        "Name: `{}` is no name of a checkpoint; give 1 to 64 letters, digits, dots, hyphens or underscores",
        quoted(&name)
    )))
}

fn missing(emulator: &Emulator, name: &str) -> Wrong {
    let all = emulator.checkpoints.all();
    let names: Vec<&str> = all.iter().map(|kept| kept.name.as_str()).collect();
    let there = match names.as_slice() {
        [] => "there is none; POST /_crs/checkpoints/{Name} makes one".to_owned(),
        names => format!("there are: {}", names.join(", ")),
    };
    Wrong::not_found(format!("there is no checkpoint {}; {there}", quoted(name)))
}

pub(super) async fn checkpoints(State(emulator): Shared, uri: Uri) -> Answer {
    asks_nothing(&uri)?;
    let all = emulator.checkpoints.all();
    ok(&json!({ "Checkpoints": all.iter().map(|kept| show(kept)).collect::<Vec<_>>() }))
}

pub(super) async fn keep(State(emulator): Shared, uri: Uri, name: Named, body: ControlResult<Whole>) -> Answer {
    let name = named(name)?;
    asks_nothing(&uri)?;
    says_nothing(body)?;
    aside(move || match emulator.keep(&name) {
        Ok(kept) => ok(&show(&kept)),
        Err(_) => Err(Wrong(
            StatusCode::CONFLICT,
            format!("there are {CHECKPOINTS_MAX} checkpoints, and no more are kept; DELETE one first"),
        )),
    })
    .await
}

pub(super) async fn restore(State(emulator): Shared, uri: Uri, name: Named, body: ControlResult<Whole>) -> Answer {
    let name = named(name)?;
    asks_nothing(&uri)?;
    says_nothing(body)?;
    aside(move || match emulator.restore(&name)? {
        Some(kept) => ok(&show(&kept)),
        None => Err(missing(&emulator, &name)),
    })
    .await
}

pub(super) async fn remove(State(emulator): Shared, uri: Uri, name: Named) -> Answer {
    let name = named(name)?;
    asks_nothing(&uri)?;
    aside(move || match emulator.checkpoints.remove(&name) {
        true => ok(&json!({})),
        false => Err(missing(&emulator, &name)),
    })
    .await
}
