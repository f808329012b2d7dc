//! The cloud's clock: shown, set, moved on.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::account::OfAccount;
use super::answer::{Answer, ControlResult, Shared, Whole, Wrong, ok, read, says_nothing};
use crate::accounts::Account;
use crate::aside::aside;
use crate::clock::{ClockMode, CloudClock, CloudTime};
use crate::fixture::{self, body_fault, rfc3339};
use crate::world::World;

/// The clock, as the control API and a fixture write it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct PutClock {
    mode: ClockMode,
    now: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Advance {
    seconds: f64,
}

pub(super) fn show_clock(clock: &CloudClock) -> Answer {
    let mode = clock.time().mode();
    ok(&json!({ "Mode": mode, "Now": rfc3339(clock.now()) }))
}

pub(super) async fn clock(State(emulator): Shared, uri: http::Uri) -> Answer {
    let of = OfAccount::read(&uri)?;
    let world = emulator.world();
    show_clock(clock_of(&world, of.one(&world)?.as_deref()))
}

/// The clock of one account, or the server's.
fn clock_of<'a>(world: &'a World, own: Option<&'a Account>) -> &'a CloudClock {
    own.map_or(&world.clock, |account| &account.clock)
}

pub(super) async fn put_clock(State(emulator): Shared, uri: http::Uri, body: ControlResult<Whole>) -> Answer {
    let of = OfAccount::read(&uri)?;
    let wanted: PutClock = read(body)?;
    let world = emulator.world();
    let own = of.one(&world)?;
    let time = match (wanted.mode, wanted.now) {
        (ClockMode::Real, None) => CloudTime::Real { ahead_ms: 0 },
        (ClockMode::Real, Some(_)) => {
            return Err(body_fault("Now", "a real clock takes none; leave it out").into());
        }
        (ClockMode::Manual, None) => CloudTime::Manual {
            now: clock_of(&world, own.as_deref()).now(),
        },
        (ClockMode::Manual, Some(now)) => CloudTime::Manual {
            now: fixture::parse_time(&now).map_err(|message| body_fault("Now", message))?,
        },
    };
    set_clock(world, own, move |_| time).await
}

async fn set_clock(
    world: Arc<World>,
    own: Option<Arc<Account>>,
    set: impl FnOnce(CloudTime) -> CloudTime + Send + 'static,
) -> Answer {
    aside(move || {
        world.set_clock(own.as_ref(), |time| Some(set(time)))?;
        show_clock(clock_of(&world, own.as_deref()))
    })
    .await
}

pub(super) async fn advance_clock(State(emulator): Shared, uri: http::Uri, body: ControlResult<Whole>) -> Answer {
    const SECONDS_MAX: f64 = 3_155_760_000.0; // a hundred years
    let of = OfAccount::read(&uri)?;
    let Advance { seconds } = read(body)?;
    if !(0.0..=SECONDS_MAX).contains(&seconds) {
        let message = "time only moves forward, a century at a time; give 0 to 3155760000";
        return Err(body_fault("Seconds", message).into());
    }
    let by_ms = (seconds * 1_000.0).round() as i64;
    if by_ms == 0 && seconds > 0.0 {
        let message = "the clock moves by whole milliseconds; give 0, or 0.001 and more";
        return Err(body_fault("Seconds", message).into());
    }
    let world = emulator.world();
    let own = of.one(&world)?;
    if clock_of(&world, own.as_deref()).now().saturating_add(by_ms) > fixture::LAST {
        let message = "the calendar ends with the year 9999; give fewer";
        return Err(body_fault("Seconds", message).into());
    }
    set_clock(world, own, move |time| time.advanced(by_ms)).await
}

/// On to the next thing that is due: of whatever account that goes by the server's clock, or of one.
pub(super) async fn next_clock(State(emulator): Shared, uri: http::Uri, body: ControlResult<Whole>) -> Answer {
    const NOTHING: &str = "nothing is due: no flow ends by itself, no instance runs out, no money comes to its end; \
                           move the clock by POST /_crs/clock/advance, or end flows by POST /_crs/flows/drain";
    let of = OfAccount::read(&uri)?;
    says_nothing(body)?;
    let world = emulator.world();
    let own = of.one(&world)?;
    aside(move || match world.go_to_next(own.as_ref())? {
        true => show_clock(clock_of(&world, own.as_deref())),
        false => Err(Wrong(StatusCode::CONFLICT, NOTHING.to_owned())),
    })
    .await
}
