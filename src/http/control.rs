//! The control API under `/_crs/`: what a test pokes the emulator with. JSON in and out, keys in the API's style,
//! ordinary HTTP status codes. A wrong call is a 4xx whose `{"Error":{"Message":…}}` names the key and the remedy.

mod account;
mod calls;

use std::ops::Deref;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest, Path, Request, State};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::receive::{self, Unread};
use crate::aside::aside;
use crate::clock::{ClockMode, CloudClock, CloudTime};
use crate::cloud::advance;
use crate::cloud::life::look;
use crate::cloud::{Cloud, Flow, Millis, TaskId};
use crate::contract;
use crate::emulator::Emulator;
use crate::faults::Fault;
use crate::fixture::{self, Fixture, FixtureFault, body_fault, rfc3339};
use crate::limits::STATE_BYTES_MAX;
use crate::quote::quoted;
use crate::world::World;

use account::{OfAccount, account_of, owner_of, read_app_id};
pub(super) use calls::routes;

/// Who waits for the server asks here; it is answered whatever else is refused.
pub(super) const HEALTH_PATH: &str = "/_crs/health";
/// The CA of `--tls`.
pub(super) const CA_PATH: &str = "/_crs/ca.pem";
/// The whole state.
const STATE_PATH: &str = "/_crs/state";

/// The largest body that a control call takes, but for a state.
const BODY_BYTES_MAX: usize = 1 << 20;

type Shared = State<Arc<Emulator>>;
/// What stands in the path, unless it is no text.
type Named = Result<Path<String>, PathRejection>;
/// What becomes of a control call, or of a part of it.
type ControlResult<T> = Result<T, Wrong>;
type Answer = ControlResult<Response<Body>>;

/// The most that the body of this control call may hold, and how a message says it.
fn body_max(method: &Method, path: &str) -> (usize, &'static str) {
    match (method, path) {
        (&Method::PUT, STATE_PATH) => (STATE_BYTES_MAX, "256 MB"),
        _ => (BODY_BYTES_MAX, "1 MB"),
    }
}

/// A body that has come whole.
struct Whole(Bytes);

impl Deref for Whole {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl FromRequest<Arc<Emulator>> for Whole {
    type Rejection = Wrong;

    async fn from_request(request: Request, emulator: &Arc<Emulator>) -> ControlResult<Self> {
        let (head, body) = request.into_parts();
        let (limit, size) = body_max(&head.method, head.uri.path());
        let read = receive::read(emulator, &head.headers, body, limit).await;
        read.map(Self).map_err(|unread| Wrong::unread(unread, size))
    }
}

/// Whether this path is the control API's.
pub(super) fn owns(path: &str) -> bool {
    let below = path.strip_prefix("/_crs");
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) || path == "/metrics"
}

/// The answer to a call that announces a larger body than it may have, whoever would read it.
pub(super) fn announces_too_much(request: &Request) -> Option<Response<Body>> {
    let (limit, size) = body_max(request.method(), request.uri().path());
    let wrong = Wrong::unread(Unread::TooLarge, size);
    (receive::announced(request.body()) > limit).then(|| failed(wrong.0, &wrong.1))
}

/// The answer to a call that could not be carried out.
pub(super) fn failed(status: StatusCode, message: &str) -> Response<Body> {
    answer(status, &json!({ "Error": { "Message": message } }))
}

/// Why a control call failed.
struct Wrong(StatusCode, String);

impl axum::response::IntoResponse for Wrong {
    fn into_response(self) -> Response<Body> {
        failed(self.0, &self.1)
    }
}

impl From<PathRejection> for Wrong {
    /// Every path takes text, so one that cannot be read is none.
    fn from(_: PathRejection) -> Self {
        Self::bad_request("the path holds an id that is no UTF-8; write %-codes of UTF-8 alone")
    }
}

impl From<FixtureFault> for Wrong {
    fn from(fault: FixtureFault) -> Self {
        Self::fixture(&[fault])
    }
}

impl Wrong {
    fn bad_request(message: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, message.into())
    }

    fn not_found(message: impl Into<String>) -> Self {
        Self(StatusCode::NOT_FOUND, message.into())
    }

    /// Why the body did not come, of which no more than `size` is taken.
    fn unread(unread: Unread, size: &str) -> Self {
        let (status, message) = match unread {
            Unread::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("the body is larger than {size}, the most that this call takes; send less"),
            ),
            Unread::Crowded => (
                StatusCode::SERVICE_UNAVAILABLE,
                "the bodies under way are larger together than is taken; send this one again when \
                 others have ended"
                    .to_owned(),
            ),
            Unread::Stalled(within) => (
                StatusCode::REQUEST_TIMEOUT,
                format!("the body did not arrive within {within:?}; send it faster"),
            ),
            Unread::Broken => (StatusCode::BAD_REQUEST, "the body broke off; send it whole".to_owned()),
        };
        Self(status, message)
    }

    /// All that is wrong with a fixture, a line each.
    fn fixture(faults: &[FixtureFault]) -> Self {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        Self::bad_request(lines.join("\n"))
    }
}

fn answer(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    let (status, bytes) = match serde_json::to_vec(value) {
        Ok(bytes) => (status, bytes),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string().into_bytes()),
    };
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn ok(value: &impl Serialize) -> Answer {
    Ok(answer(StatusCode::OK, value))
}

/// Reads a JSON body; what is wrong is told as a fixture tells it.
fn read<T: DeserializeOwned>(body: ControlResult<Whole>) -> ControlResult<T> {
    Ok(fixture::read_body(&body?)?)
}

async fn health(State(emulator): Shared) -> Answer {
    ok(&json!({
        "Status": "ready",
        "Version": env!("CARGO_PKG_VERSION"),
        "Auth": format!("{:?}", emulator.config.auth).to_lowercase(),
        "Bypassed": emulator.metrics.bypassed(),
    }))
}

async fn reset(State(emulator): Shared) -> Answer {
    aside(move || {
        emulator.reset().map_err(|faults| Wrong::fixture(&faults))?;
        ok(&json!({}))
    })
    .await
}

async fn state(State(emulator): Shared) -> Answer {
    aside(move || ok(&emulator.state())).await
}

async fn put_state(State(emulator): Shared, body: ControlResult<Whole>) -> Answer {
    let body = body?;
    aside(move || {
        let fixture = Fixture::from_body(&body)?;
        emulator.put(&fixture).map_err(|faults| Wrong::fixture(&faults))?;
        ok(&json!({}))
    })
    .await
}

async fn patch_account(State(emulator): Shared, app_id: Named, body: ControlResult<Whole>) -> Answer {
    let app_id = read_app_id(&app_id?.0)?;
    let change: Value = read(body)?;
    let world = emulator.world();
    aside(move || {
        let account = account_of(&world, app_id)?;
        let (mut cloud, _) = account.write_in_time(&world.clock);
        let patched = fixture::patch_account(&mut cloud, &change);
        drop(cloud);
        ok(&patched?)
    })
    .await
}

async fn patch_instance(
    State(emulator): Shared,
    uri: http::Uri,
    instance_id: Named,
    body: ControlResult<Whole>,
) -> Answer {
    let Path(instance_id) = instance_id?;
    let of = OfAccount::read(&uri)?;
    let change: Value = read(body)?;
    let world = emulator.world();
    aside(move || {
        let account = owner_of(&of, &world, &instance_id)?;
        let (mut cloud, now) = account.write_in_time(&world.clock);
        // As before a call that changes it: what is due and was not seen is over.
        advance::end_unseen(&mut cloud, &[&instance_id], now);
        let patched = fixture::patch_instance(&mut cloud, &instance_id, &change);
        drop(cloud);
        ok(&patched?)
    })
    .await
}

/// One instance as a fixture shows it. Its status is there to be seen, so this is a look.
async fn instance(State(emulator): Shared, uri: http::Uri, instance_id: Named) -> Answer {
    let Path(instance_id) = instance_id?;
    let of = OfAccount::read(&uri)?;
    let world = emulator.world();
    aside(move || {
        let account = owner_of(&of, &world, &instance_id)?;
        let (mut cloud, _) = account.write_in_time(&world.clock);
        let found = cloud.instances.get(&instance_id);
        let shown = found.map(|found| fixture::show_instance(&cloud, found));
        look::show(&mut cloud, &instance_id);
        drop(cloud);
        ok(&shown)
    })
    .await
}

/// The clock, as the control API and a fixture write it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct PutClock {
    mode: ClockMode,
    now: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Advance {
    seconds: f64,
}

fn show_clock(clock: &CloudClock) -> Answer {
    let mode = clock.time().mode();
    ok(&json!({ "Mode": mode, "Now": rfc3339(clock.now()) }))
}

async fn clock(State(emulator): Shared) -> Answer {
    show_clock(&emulator.world().clock)
}

async fn put_clock(State(emulator): Shared, body: ControlResult<Whole>) -> Answer {
    let wanted: PutClock = read(body)?;
    let world = emulator.world();
    let time = match (wanted.mode, wanted.now) {
        (ClockMode::Real, None) => CloudTime::Real { ahead_ms: 0 },
        (ClockMode::Real, Some(_)) => {
            return Err(body_fault("Now", "a real clock takes none; leave it out").into());
        }
        (ClockMode::Manual, None) => CloudTime::Manual { now: world.clock.now() },
        (ClockMode::Manual, Some(now)) => CloudTime::Manual {
            now: fixture::parse_time(&now).map_err(|told| body_fault("Now", told))?,
        },
    };
    set_clock(world, move |clock| clock.set(time)).await
}

async fn set_clock(world: Arc<World>, set: impl FnOnce(&CloudClock) + Send + 'static) -> Answer {
    aside(move || {
        world.set_clock(set);
        show_clock(&world.clock)
    })
    .await
}

async fn advance_clock(State(emulator): Shared, body: ControlResult<Whole>) -> Answer {
    const SECONDS_MAX: f64 = 3_155_760_000.0; // a hundred years
    let Advance { seconds } = read(body)?;
    if !(0.0..=SECONDS_MAX).contains(&seconds) {
        let told = "time only moves forward, a century at a time; give 0 to 3155760000";
        return Err(body_fault("Seconds", told).into());
    }
    let by_ms = (seconds * 1_000.0).round() as i64;
    if by_ms == 0 && seconds > 0.0 {
        let told = "the clock moves by whole milliseconds; give 0, or 0.001 and more";
        return Err(body_fault("Seconds", told).into());
    }
    let world = emulator.world();
    if world.clock.now().saturating_add(by_ms) > fixture::LAST {
        let told = "the calendar ends with the year 9999; give fewer";
        return Err(body_fault("Seconds", told).into());
    }
    set_clock(world, move |clock| clock.advance(by_ms)).await
}

fn show_flow(app_id: u64, flow: &Flow) -> Value {
    json!({
        "Id": flow.id.0,
        "AppId": app_id,
        "InstanceId": flow.instance_id.as_str(),
        "Action": flow.action(),
        "Due": flow.due_at.map(rfc3339),
    })
}

async fn flows(State(emulator): Shared, uri: http::Uri) -> Answer {
    let of = OfAccount::read(&uri)?;
    let world = emulator.world();
    aside(move || {
        let mut flows = Vec::new();
        for account in of.accounts(&world)? {
            let (cloud, _) = account.picture(&world.clock);
            let shown = cloud.flows.values();
            flows.extend(shown.map(|flow| show_flow(account.app_id, flow)));
        }
        ok(&json!({ "Flows": flows }))
    })
    .await
}

async fn drain_flows(State(emulator): Shared, uri: http::Uri) -> Answer {
    let of = OfAccount::read(&uri)?;
    let world = emulator.world();
    aside(move || {
        let ended = world.drain(&of.accounts(&world)?);
        let shown = ended.iter().map(|(app_id, flow)| show_flow(*app_id, flow));
        ok(&json!({ "Flows": shown.collect::<Vec<_>>() }))
    })
    .await
}

async fn step_flow(State(emulator): Shared, uri: http::Uri, id: Named) -> Answer {
    end_flow(&emulator, &uri, id, advance::step).await
}

/// Why a flow is to fail.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Failure {
    /// What the task then says.
    #[serde(default = "failed_by_hand")]
    message: String,
}

fn failed_by_hand() -> String {
    "it was made to fail".to_owned()
}

async fn fail_flow(State(emulator): Shared, uri: http::Uri, id: Named, body: ControlResult<Whole>) -> Answer {
    let body = body?;
    let message = if body.is_empty() {
        failed_by_hand()
    } else {
        read::<Failure>(Ok(body))?.message
    };
    end_flow(&emulator, &uri, id, move |cloud, id, now| {
        advance::fail(cloud, id, now, &message).map(|flow| vec![flow])
    })
    .await
}

async fn end_flow(
    emulator: &Emulator,
    uri: &http::Uri,
    id: Named,
    end: impl Fn(&mut Cloud, TaskId, Millis) -> Option<Vec<Flow>> + Send + 'static,
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
        if let Some(account) = of.only(&world, &format!("a flow {id}"), has)? {
            let (mut cloud, now) = account.write_in_time(&world.clock);
            if let Some(ended) = end(&mut cloud, id, now) {
                drop(cloud);
                let shown = ended.iter().map(|flow| show_flow(account.app_id, flow));
                return ok(&json!({ "Flows": shown.collect::<Vec<_>>() }));
            }
        }
        Err(Wrong::not_found(format!(
            "no flow {id} is under way; GET /_crs/flows lists them"
        )))
    })
    .await
}

async fn faults(State(emulator): Shared) -> Answer {
    ok(&json!({ "Faults": emulator.world().faults.list() }))
}

async fn add_fault(State(emulator): Shared, body: ControlResult<Whole>) -> Answer {
    let fault: Fault = read(body)?;
    if fault.id.is_some() {
        return Err(body_fault("Id", "the server gives it; leave it out").into());
    }
    let world = emulator.world();
    let warnings: Vec<_> = instance_to_come(&world, &fault).into_iter().collect();
    let added = world.faults.add(fault);
    let id = added.map_err(|(key, told)| body_fault(key, told))?;
    ok(&json!({ "Id": id, "Warnings": warnings }))
}

/// What to tell of a rule for an instance that is not there yet.
fn instance_to_come(world: &World, rule: &Fault) -> Option<String> {
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

async fn clear_faults(State(emulator): Shared) -> Answer {
    emulator.world().faults.clear();
    ok(&json!({}))
}

async fn remove_fault(State(emulator): Shared, id: Named) -> Answer {
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

async fn actions() -> Answer {
    let row = |action: &contract::Action| {
        let codes: Option<Vec<_>> = action
            .codes
            .map(|codes| codes.iter().map(|code| code.as_str()).collect());
        json!({
            "Name": action.name,
            "Service": action.service,
            "Version": action.version,
            "Family": action.family,
            "Implemented": action.implemented,
            "Codes": codes,
        })
    };
    ok(&json!({ "Actions": contract::ACTIONS.iter().map(row).collect::<Vec<_>>() }))
}

fn text(content_type: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

async fn ca_pem(State(emulator): Shared) -> Answer {
    let pem = emulator
        .ca_pem()
        .ok_or_else(|| Wrong::not_found("no CA was made; start with --tls and without --tls-cert"))?;
    Ok(text("application/x-pem-file", pem))
}

async fn metrics(State(emulator): Shared) -> Answer {
    Ok(text(
        "text/plain; version=0.0.4; charset=utf-8",
        emulator.metrics.render(),
    ))
}
