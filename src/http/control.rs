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

use crate::accounts;
use crate::clock::CloudTime;
use crate::cloud::{Cloud, Flow, Millis};
use crate::contract;
use crate::emulator::Emulator;
use crate::faults::Fault;
use crate::fixture::{self, Fixture, FixtureFault, body_fault, rfc3339};
use crate::quote::quoted;

/// The largest body the control API takes: a state of some hundred thousand instances.
const BODY_MAX: usize = 256 << 20;

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
    emulator.reset().map_err(|faults| Wrong::fixture(&faults))?;
    ok(&json!({}))
}

async fn state(State(emulator): Shared) -> Answer {
    ok(&emulator.state())
}

async fn put_state(State(emulator): Shared, body: Sent) -> Answer {
    let fixture = Fixture::from_body(&body?)?;
    emulator
        .put(&fixture)
        .map_err(|faults| Wrong::fixture(&faults))?;
    ok(&json!({}))
}

async fn patch_instance(State(emulator): Shared, instance_id: Named, body: Sent) -> Answer {
    let Path(instance_id) = instance_id?;
    let change: Value = read(body)?;
    let now = emulator.advance_all();
    for (_, cloud) in emulator.accounts.clouds() {
        let mut cloud = accounts::lock(&cloud);
        if cloud.instances.contains_key(&instance_id) {
            // As before a call that changes it: what is due and was not seen is over.
            cloud.end_unseen(&[&instance_id], now);
            let patched = fixture::patch_instance(&mut cloud, &instance_id, &change);
            return ok(&patched?);
        }
    }
    Err(no_such_instance(&instance_id))
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
    emulator.advance_all();
    for (_, cloud) in emulator.accounts.clouds() {
        let mut cloud = accounts::lock(&cloud);
        if let Some(found) = cloud.instances.get(&instance_id) {
            let shown = fixture::show_instance(found);
            cloud.show(&instance_id);
            return ok(&shown);
        }
    }
    Err(no_such_instance(&instance_id))
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

fn show_clock(emulator: &Emulator) -> Answer {
    let mode = match emulator.clock.cloud_time() {
        CloudTime::Real { .. } => "real",
        CloudTime::Manual { .. } => "manual",
    };
    ok(&json!({ "Mode": mode, "Now": rfc3339(emulator.clock.cloud_now()) }))
}

async fn clock(State(emulator): Shared) -> Answer {
    show_clock(&emulator)
}

async fn put_clock(State(emulator): Shared, body: Sent) -> Answer {
    let wanted: PutClock = read(body)?;
    let time = match (wanted.mode, wanted.now) {
        (ClockMode::Real, None) => CloudTime::Real { ahead_ms: 0 },
        (ClockMode::Real, Some(_)) => {
            return Err(body_fault("Now", "a real clock takes none; leave it out").into());
        }
        (ClockMode::Manual, None) => CloudTime::Manual {
            now: emulator.clock.cloud_now(),
        },
        (ClockMode::Manual, Some(now)) => CloudTime::Manual {
            now: fixture::parse_time(&now).map_err(|told| body_fault("Now", told))?,
        },
    };
    emulator.set_clock(|clock| clock.set_cloud_time(time));
    show_clock(&emulator)
}

async fn advance_clock(State(emulator): Shared, body: Sent) -> Answer {
    const SECONDS_MAX: f64 = 3_155_760_000.0; // a hundred years
    let Advance { seconds } = read(body)?;
    if !(0.0..=SECONDS_MAX).contains(&seconds) {
        let told = "time only moves forward, a century at a time; give 0 to 3155760000";
        return Err(body_fault("Seconds", told).into());
    }
    let by_ms = (seconds * 1_000.0).round() as i64;
    if emulator.clock.cloud_now().saturating_add(by_ms) > fixture::LAST {
        let told = "the calendar ends with the year 9999; give fewer";
        return Err(body_fault("Seconds", told).into());
    }
    emulator.set_clock(|clock| clock.advance(by_ms));
    show_clock(&emulator)
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
    emulator.advance_all();
    let mut flows = Vec::new();
    for (app_id, cloud) in emulator.accounts.clouds() {
        flows.extend(
            accounts::lock(&cloud)
                .flows
                .values()
                .map(|flow| show_flow(app_id, flow)),
        );
    }
    ok(&json!({ "Flows": flows }))
}

async fn drain_flows(State(emulator): Shared) -> Answer {
    let now = emulator.advance_all();
    let mut ended = Vec::new();
    for (app_id, cloud) in emulator.accounts.clouds() {
        let drained = accounts::lock(&cloud).drain(now);
        ended.extend(drained.iter().map(|flow| show_flow(app_id, flow)));
    }
    ok(&json!({ "Flows": ended }))
}

async fn step_flow(State(emulator): Shared, id: Named) -> Answer {
    end_flow(&emulator, id, |cloud, id, now| cloud.step(id, now))
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
    end_flow(&emulator, id, |cloud, id, now| {
        cloud.fail(id, now, &message).map(|flow| vec![flow])
    })
}

fn end_flow(
    emulator: &Emulator,
    id: Named,
    end: impl Fn(&mut Cloud, u64, Millis) -> Option<Vec<Flow>>,
) -> Answer {
    let Path(id) = id?;
    let id: u64 = id.parse().map_err(|_| {
        let id = quoted(&id);
        Wrong::bad_request(format!("`{id}` is no flow id; GET /_crs/flows lists them"))
    })?;
    let now = emulator.advance_all();
    for (app_id, cloud) in emulator.accounts.clouds() {
        if let Some(ended) = end(&mut accounts::lock(&cloud), id, now) {
            let ended: Vec<_> = ended.iter().map(|flow| show_flow(app_id, flow)).collect();
            return ok(&json!({ "Flows": ended }));
        }
    }
    Err(Wrong::not_found(format!(
        "no flow {id} is under way; GET /_crs/flows lists them"
    )))
}

async fn faults(State(emulator): Shared) -> Answer {
    ok(&json!({ "Faults": emulator.faults.list() }))
}

async fn add_fault(State(emulator): Shared, body: Sent) -> Answer {
    let fault: Fault = read(body)?;
    let warnings: Vec<_> = instance_to_come(&emulator, &fault).into_iter().collect();
    let added = emulator.faults.add(fault);
    let id = added.map_err(|(key, told)| body_fault(key, told))?;
    ok(&json!({ "Id": id, "Warnings": warnings }))
}

/// What to tell of a rule for an instance that is not there yet.
fn instance_to_come(emulator: &Emulator, rule: &Fault) -> Option<String> {
    let id = rule.matches.instance_id.as_deref()?;
    let clouds = emulator.accounts.clouds();
    let missing = clouds
        .iter()
        .all(|(_, cloud)| !accounts::lock(cloud).instances.contains_key(id));
    missing.then(|| {
        let id = quoted(id);
        format!("Match.InstanceId: no account has an instance `{id}` yet; the rule waits for it")
    })
}

async fn clear_faults(State(emulator): Shared) -> Answer {
    emulator.faults.clear();
    ok(&json!({}))
}

async fn remove_fault(State(emulator): Shared, id: Named) -> Answer {
    let Path(id) = id?;
    let removed = id.parse().is_ok_and(|id| emulator.faults.remove(id));
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
