//! Every control call there is: one table, from which the routes follow, the list that `GET /_crs` answers, and what a
//! wrong call is told.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::handler::Handler;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{MethodFilter, MethodRouter, get, on};
use http::{HeaderMap, Method, Response, StatusCode, Uri};
use serde_json::json;

use super::account::{end_account, make_account, patch_account};
use super::answer::{Answer, Shared, Wrong, ok};
use super::backup::backup_file;
use super::checkpoint::{checkpoints, keep, remove, restore};
use super::clock::{advance_clock, clock, next_clock, put_clock};
use super::contract::{action, contract};
use super::download::export;
use super::events::events;
use super::fault::{add_fault, clear_faults, faults, remove_fault};
use super::flow::{drain_flows, fail_flow, flows, step_flow};
use super::instance::{instance, patch_instance, put_workload, workload};
use super::paths::{ACCOUNTS_PATH, CA_PATH, HEALTH_PATH, STATE_PATH};
use super::requests::{forget_requests, requests, verify_requests};
use super::server::{actions, ca_pem, health, metrics};
use super::state::{put_state, reset, state};
use crate::emulator::Emulator;
use crate::http::console;
use crate::quote::quoted;

/// A control call: what it is for, and who answers it.
struct Call {
    method: Method,
    /// `{…}` stands for an id.
    path: &'static str,
    does: &'static str,
    handler: MethodRouter<Arc<Emulator>>,
}

impl Call {
    /// Whether its path is this one, whatever stands for the id.
    fn is_at(&self, path: &str) -> bool {
        let mut parts = path.trim_end_matches('/').split('/');
        let is_part = |own: &str| {
            let part = parts.next();
            part.is_some_and(|part| own == part || own.starts_with('{'))
        };
        self.path.split('/').all(is_part) && parts.next().is_none()
    }
}

/// A row of [`calls()`].
fn call<H, T>(method: Method, path: &'static str, handler: H, does: &'static str) -> Call
where
    H: Handler<T, Arc<Emulator>>,
    T: 'static,
{
    let filter = MethodFilter::try_from(method.clone());
    Call {
        handler: on(filter.expect("a method of the table"), handler),
        method,
        path,
        does,
    }
}

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

/// The calls, in the order in which they are listed.
#[rustfmt::skip] // a row is a line
fn calls() -> Vec<Call> {
    vec![
        call(GET, "/_crs", index, "this list; a browser gets the console"),
        call(GET, HEALTH_PATH, health, "whether it is ready, and what only lenient let in"),
        call(POST, "/_crs/reset", reset, "back to the seed state"),
        call(GET, STATE_PATH, state, "the whole state as a fixture"),
        call(PUT, STATE_PATH, put_state, "replace the whole state"),
        call(POST, ACCOUNTS_PATH, make_account, "make an account with a key pair of its own, like the first or of a Fixture"),
        call(DELETE, "/_crs/accounts/{AppId}", end_account, "end an account"),
        call(PATCH, "/_crs/accounts/{AppId}", patch_account, "change what an account is; a Balance is booked"),
        call(GET, "/_crs/instances/{InstanceId}", instance, "one instance as a fixture shows it; wait until a key of it is so"),
        call(PATCH, "/_crs/instances/{InstanceId}", patch_instance, "change fixture keys of one instance"),
        call(GET, "/_crs/instances/{InstanceId}/workload", workload, "who does what on one instance"),
        call(PUT, "/_crs/instances/{InstanceId}/workload", put_workload, "replace that: the object of its key Workload"),
        call(GET, "/_crs/clock", clock, "the cloud's clock"),
        call(PUT, "/_crs/clock", put_clock, "set the clock, or let it go by real time"),
        call(POST, "/_crs/clock/advance", advance_clock, "move the clock on by Seconds"),
        call(POST, "/_crs/clock/next", next_clock, "move the clock on to the next thing that is due"),
        call(GET, "/_crs/flows", flows, "what is under way"),
        call(POST, "/_crs/flows/drain", drain_flows, "finish all flows"),
        call(POST, "/_crs/flows/{Id}/step", step_flow, "finish one flow"),
        call(POST, "/_crs/flows/{Id}/fail", fail_flow, "let one flow fail"),
        call(GET, "/_crs/faults", faults, "the fault rules"),
        call(POST, "/_crs/faults", add_fault, "add a fault rule"),
        call(DELETE, "/_crs/faults", clear_faults, "take all fault rules away"),
        call(DELETE, "/_crs/faults/{Id}", remove_fault, "take one fault rule away"),
        call(GET, "/_crs/requests", requests, "the journal: the last calls of the API"),
        call(DELETE, "/_crs/requests", forget_requests, "forget calls"),
        call(POST, "/_crs/requests/verify", verify_requests, "whether what was to be called was called"),
        call(GET, "/_crs/events", events, "a stream of what changes"),
        call(GET, "/_crs/checkpoints", checkpoints, "the checkpoints: named states in memory"),
        call(POST, "/_crs/checkpoints/{Name}", keep, "keep the whole state under a name"),
        call(DELETE, "/_crs/checkpoints/{Name}", remove, "take one checkpoint away"),
        call(POST, "/_crs/checkpoints/{Name}/restore", restore, "go back to a checkpoint"),
        call(GET, "/_crs/backups/{BackupId}/{File}", backup_file, "a file of a backup, by the link that DescribeBackupUrl answers"),
        call(GET, "/_crs/exports/{AppId}/{InstanceId}/{FileName}", export, "a file that a DownloadUrl of DescribeExportTasks leads to"),
        call(GET, "/_crs/actions", actions, "every action with its family, its documented codes and how each is brought about"),
        call(GET, "/_crs/actions/{Name}", action, "one action: its members with types and values, its codes and what causes them"),
        call(GET, "/_crs/contract", contract, "what the console searches: actions with their parameters and codes, regions, editions"),
        call(GET, CA_PATH, ca_pem, "the CA of --tls"),
        call(GET, "/metrics", metrics, "Prometheus: calls by action and code, latency"),
        call(GET, "/_crs/console/{File}", console::file, "a file of the console"),
    ]
}

/// The routes of all control calls.
pub(crate) fn routes(emulator: &Arc<Emulator>) -> Router<Arc<Emulator>> {
    let index = Router::new().route("/_crs/", get(index));
    let routes = calls()
        .into_iter()
        .fold(index, |routes, call| routes.route(call.path, call.handler))
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
        // How much a body may hold is a rule of its own, see [`Whole`](super::answer::Whole).
        .layer(DefaultBodyLimit::disable());
    if emulator.config.state.is_some() {
        routes.layer(from_fn_with_state(Arc::clone(emulator), told))
    } else {
        routes
    }
}

/// An answer leaves once all that it tells is kept, where the state is.
async fn told(State(emulator): Shared, request: Request, next: Next) -> Response<Body> {
    let is_health = request.uri().path() == HEALTH_PATH;
    let answer = next.run(request).await;
    let unsettled = emulator.world().unsettled().filter(|_| !is_health);
    match unsettled {
        None => answer,
        Some(unsettled) => match unsettled.settle().await {
            Ok(()) => answer,
            Err(unrecorded) => Wrong::from(unrecorded).into_response(),
        },
    }
}

/// What can be called here, or the console for whoever would rather have a page.
async fn index(headers: HeaderMap) -> Answer {
    if let Some(page) = console::page(&headers) {
        return Ok(page);
    }
    let row = |call: &Call| json!({ "Method": call.method.as_str(), "Path": call.path, "Does": call.does });
    ok(&json!({ "Calls": calls().iter().map(row).collect::<Vec<_>>() }))
}

async fn unknown(uri: Uri) -> Answer {
    let all: Vec<_> = calls()
        .iter()
        .map(|call| format!("{} {}", call.method, call.path))
        .collect();
    Err(Wrong::not_found(format!(
        "{} is no control call; there are {}",
        quoted(uri.path()),
        all.join(", ")
    )))
}

async fn wrong_method(method: Method, uri: Uri) -> Answer {
    let takes: Vec<_> = calls()
        .iter()
        .filter(|call| call.is_at(uri.path()))
        .map(|call| call.method.to_string())
        .collect();
    Err(Wrong(
        StatusCode::METHOD_NOT_ALLOWED,
        format!(
            "{} does not take {method}; it takes {}",
            quoted(uri.path()),
            takes.join(", ")
        ),
    ))
}
