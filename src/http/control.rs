//! The control API under `/_crs/`: what a test pokes the emulator with. JSON in and out, keys in
//! the API's style, ordinary HTTP status codes. A wrong call is a 4xx whose
//! `{"Error":{"Message":…}}` names the key and the remedy.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::routing::{any, delete, get, post};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::aside::aside;
use crate::clock::{CloudClock, CloudTime};
use crate::cloud::{Cloud, Flow, Millis};
use crate::contract;
use crate::emulator::Emulator;
use crate::faults::Fault;
use crate::fixture::{self, Fixture, FixtureFault, body_fault, rfc3339};
use crate::quote::quoted;
use crate::world::World;

/// The largest body the control API takes: a state of some hundred thousand instances.
pub(super) const BODY_MAX: usize = 256 << 20;

type Shared = State<Arc<Emulator>>;
/// What stands in the path, unless it is no text.
type Named = Result<Path<String>, PathRejection>;
/// The body, unless it is too large or broke off.
type Sent = Result<Bytes, BytesRejection>;
type Answer = Result<Response<Body>, Wrong>;

/// The routes, all below `/_crs`, and `/metrics`.
pub(crate) fn routes() -> Router<Arc<Emulator>> {
    Router::new()
        .route("/_crs/health", get(health))
        .route("/_crs/reset", post(reset))
        .route("/_crs/state", get(state).put(put_state))
        .route(
            "/_crs/instances/{instance_id}",
            get(instance).patch(patch_instance),
        )
        .route("/_crs/clock", get(clock).put(put_clock))
        .route("/_crs/clock/advance", post(advance_clock))
        .route("/_crs/flows", get(flows))
        .route("/_crs/flows/drain", post(drain_flows))
        .route("/_crs/flows/{id}/step", post(step_flow))
        .route("/_crs/flows/{id}/fail", post(fail_flow))
        .route(
            "/_crs/faults",
            get(faults).post(add_fault).delete(clear_faults),
        )
        .route("/_crs/faults/{id}", delete(remove_fault))
        .route("/_crs/actions", get(actions))
        .route("/_crs/ca.pem", get(ca_pem))
        .route("/_crs", any(unknown))
        .route("/_crs/", any(unknown))
        .route("/_crs/{*rest}", any(unknown))
        .route("/metrics", get(metrics))
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(BODY_MAX))
}

/// Whether this path is the control API's.
pub(super) fn owns(path: &str) -> bool {
    let below = path.strip_prefix("/_crs");
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) || path == "/metrics"
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

impl From<BytesRejection> for Wrong {
    fn from(rejection: BytesRejection) -> Self {
        Self(rejection.status(), rejection.body_text())
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

    /// All that is wrong with a fixture, a line each.
    fn fixture(faults: &[FixtureFault]) -> Self {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        Self::bad_request(lines.join("\n"))
    }
}

fn answer(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    let (status, bytes) = match serde_json::to_vec(value) {
        Ok(bytes) => (status, bytes),
        Err(error) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            error.to_string().into_bytes(),
        ),
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
fn read<T: DeserializeOwned>(body: Sent) -> Result<T, Wrong> {
    Ok(fixture::read_body(&body?)?)
}

async fn unknown(uri: http::Uri) -> Answer {
    Err(Wrong::not_found(format!(
        "{} is no control call; the README lists them under \"The control API\"",
        quoted(uri.path())
    )))
}

async fn wrong_method(method: http::Method, uri: http::Uri) -> Answer {
    Err(Wrong(
        StatusCode::METHOD_NOT_ALLOWED,
        format!(
            "{} does not take {method}; the README lists what it takes",
            quoted(uri.path())
        ),
    ))
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

async fn put_state(State(emulator): Shared, body: Sent) -> Answer {
    let body = body?;
    aside(move || {
        let fixture = Fixture::from_body(&body)?;
        emulator
            .put(&fixture)
            .map_err(|faults| Wrong::fixture(&faults))?;
        ok(&json!({}))
    })
    .await
}

async fn patch_instance(State(emulator): Shared, instance_id: Named, body: Sent) -> Answer {
    let Path(instance_id) = instance_id?;
    let change: Value = read(body)?;
    let world = emulator.world();
    aside(move || {
        for account in world.accounts.all() {
            account.catch_up(&world.clock);
            if !account.as_left().instances.contains_key(&instance_id) {
                continue;
            }
            let (mut cloud, now) = account.write_in_time(&world.clock);
            // As before a call that changes it: what is due and was not seen is over.
            cloud.end_unseen(&[&instance_id], now);
            let patched = fixture::patch_instance(&mut cloud, &instance_id, &change);
            drop(cloud);
            return ok(&patched?);
        }
        Err(no_such_instance(&instance_id))
    })
    .await
}

fn no_such_instance(instance_id: &str) -> Wrong {
    Wrong::not_found(format!(
        "no account has an instance {}; GET /_crs/state lists them",
        quoted(instance_id)
    ))
}

/// One instance as a fixture shows it. Its status is there to be seen, so this is a look.
async fn instance(State(emulator): Shared, instance_id: Named) -> Answer {
    let Path(instance_id) = instance_id?;
    let world = emulator.world();
    aside(move || {
        for account in world.accounts.all() {
            account.catch_up(&world.clock);
            if !account.as_left().instances.contains_key(&instance_id) {
                continue;
            }
            let (mut cloud, _) = account.write_in_time(&world.clock);
            if let Some(found) = cloud.instances.get(&instance_id) {
                let shown = fixture::show_instance(found);
                cloud.show(&instance_id);
                drop(cloud);
                return ok(&shown);
            }
        }
        Err(no_such_instance(&instance_id))
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
#[serde(rename_all = "lowercase")]
enum ClockMode {
    Manual,
    Real,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Advance {
    seconds: f64,
}

fn show_clock(clock: &CloudClock) -> Answer {
    let mode = match clock.time() {
        CloudTime::Real { .. } => "real",
        CloudTime::Manual { .. } => "manual",
    };
    ok(&json!({ "Mode": mode, "Now": rfc3339(clock.now()) }))
}

async fn clock(State(emulator): Shared) -> Answer {
    show_clock(&emulator.world().clock)
}

async fn put_clock(State(emulator): Shared, body: Sent) -> Answer {
    let wanted: PutClock = read(body)?;
    let world = emulator.world();
    let time = match (wanted.mode, wanted.now) {
        (ClockMode::Real, None) => CloudTime::Real { ahead_ms: 0 },
        (ClockMode::Real, Some(_)) => {
            return Err(body_fault("Now", "a real clock takes none; leave it out").into());
        }
        (ClockMode::Manual, None) => CloudTime::Manual {
            now: world.clock.now(),
        },
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

async fn advance_clock(State(emulator): Shared, body: Sent) -> Answer {
    const SECONDS_MAX: f64 = 3_155_760_000.0; // a hundred years
    let Advance { seconds } = read(body)?;
    if !(0.0..=SECONDS_MAX).contains(&seconds) {
        let told = "time only moves forward, a century at a time; give 0 to 3155760000";
        return Err(body_fault("Seconds", told).into());
    }
    let by_ms = (seconds * 1_000.0).round() as i64;
    let world = emulator.world();
    if world.clock.now().saturating_add(by_ms) > fixture::LAST {
        let told = "the calendar ends with the year 9999; give fewer";
        return Err(body_fault("Seconds", told).into());
    }
    set_clock(world, move |clock| clock.advance(by_ms)).await
}

fn show_flow(app_id: u64, flow: &Flow) -> Value {
    json!({
        "Id": flow.id,
        "AppId": app_id,
        "InstanceId": flow.instance_id,
        "Action": flow.action(),
        "Due": flow.due_at.map(rfc3339),
    })
}

async fn flows(State(emulator): Shared) -> Answer {
    let world = emulator.world();
    aside(move || {
        let mut flows = Vec::new();
        for account in world.accounts.all() {
            let (cloud, _) = account.picture(&world.clock);
            let shown = cloud.flows.values();
            flows.extend(shown.map(|flow| show_flow(account.app_id, flow)));
        }
        ok(&json!({ "Flows": flows }))
    })
    .await
}

async fn drain_flows(State(emulator): Shared) -> Answer {
    let world = emulator.world();
    aside(move || {
        let ended = world.drain_all();
        let shown = ended.iter().map(|(app_id, flow)| show_flow(*app_id, flow));
        ok(&json!({ "Flows": shown.collect::<Vec<_>>() }))
    })
    .await
}

async fn step_flow(State(emulator): Shared, id: Named) -> Answer {
    end_flow(&emulator, id, |cloud, id, now| cloud.step(id, now)).await
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

async fn fail_flow(State(emulator): Shared, id: Named, body: Sent) -> Answer {
    let body = body?;
    let message = if body.is_empty() {
        failed_by_hand()
    } else {
        read::<Failure>(Ok(body))?.message
    };
    end_flow(&emulator, id, move |cloud, id, now| {
        cloud.fail(id, now, &message).map(|flow| vec![flow])
    })
    .await
}

async fn end_flow(
    emulator: &Emulator,
    id: Named,
    end: impl Fn(&mut Cloud, u64, Millis) -> Option<Vec<Flow>> + Send + 'static,
) -> Answer {
    let Path(id) = id?;
    let id: u64 = id.parse().map_err(|_| {
        let id = quoted(&id);
        Wrong::bad_request(format!("`{id}` is no flow id; GET /_crs/flows lists them"))
    })?;
    let world = emulator.world();
    aside(move || {
        for account in world.accounts.all() {
            account.catch_up(&world.clock);
            if account.as_left().flows.get(id).is_none() {
                continue;
            }
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

async fn add_fault(State(emulator): Shared, body: Sent) -> Answer {
    let fault: Fault = read(body)?;
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
    let removed = id
        .parse()
        .is_ok_and(|id| emulator.world().faults.remove(id));
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
    let pem = emulator.ca_pem().ok_or_else(|| {
        Wrong::not_found("no CA was made; start with --tls and without --tls-cert")
    })?;
    Ok(text("application/x-pem-file", pem))
}

async fn metrics(State(emulator): Shared) -> Answer {
    Ok(text(
        "text/plain; version=0.0.4; charset=utf-8",
        emulator.metrics.render(),
    ))
}
