//! What every control call shares: how its body is read, and how it is answered.

use std::ops::Deref;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest, Path, Request, State};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::ser::PrettyFormatter;

use super::paths::{ACCOUNTS_PATH, STATE_PATH};
use crate::emulator::{Emulator, NotReplaced};
use crate::fixture::{self, FixtureFault};
use crate::http::receive::{self, Unread};
use crate::limits::STATE_BYTES_MAX;
use crate::store::Unrecorded;

/// The largest body that a control call takes, but for a state or an account.
pub(super) const BODY_BYTES_MAX: usize = 1 << 20;

pub(super) type Shared = State<Arc<Emulator>>;

/// What stands in the path, unless it is no text.
pub(super) type Named = Result<Path<String>, PathRejection>;

/// What becomes of a control call, or of a part of it.
pub(super) type ControlResult<T> = Result<T, Wrong>;

pub(super) type Answer = ControlResult<Response<Body>>;

/// The most that the body of this control call may hold, and how a message says it.
pub(super) fn body_max(method: &Method, path: &str) -> (usize, &'static str) {
    match (method, path) {
        (&Method::PUT, STATE_PATH) | (&Method::POST, ACCOUNTS_PATH) => (STATE_BYTES_MAX, "256 MB"),
        _ => (BODY_BYTES_MAX, "1 MB"),
    }
}

/// A body that has come whole.
pub(super) struct Whole(Bytes);

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

/// The answer to a call that announces a larger body than it may have, whoever would read it.
pub(crate) fn announces_too_much(request: &Request) -> Option<Response<Body>> {
    let (limit, size) = body_max(request.method(), request.uri().path());
    let wrong = Wrong::unread(Unread::TooLarge, size);
    (receive::announced(request.body()) > limit).then(|| failed(wrong.0, &wrong.1))
}

/// The answer to a call that could not be carried out.
pub(crate) fn failed(status: StatusCode, message: &str) -> Response<Body> {
    answer(status, &json!({ "Error": { "Message": message } }))
}

/// Why a control call failed.
pub(super) struct Wrong(pub(super) StatusCode, pub(super) String);

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

impl From<Unrecorded> for Wrong {
    fn from(unrecorded: Unrecorded) -> Self {
        Self(StatusCode::INSUFFICIENT_STORAGE, unrecorded.to_string())
    }
}

impl From<NotReplaced> for Wrong {
    fn from(not_replaced: NotReplaced) -> Self {
        match not_replaced {
            NotReplaced::Fixture(faults) => Self::fixture(&faults),
            NotReplaced::Unrecorded(unrecorded) => unrecorded.into(),
        }
    }
}

impl Wrong {
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, message.into())
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
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
    pub(super) fn fixture(faults: &[FixtureFault]) -> Self {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        Self::bad_request(lines.join("\n"))
    }
}

pub(super) fn answer(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    written(status, serde_json::to_vec(value))
}

/// An answer of status 200, a key a line.
pub(super) fn lines(value: &impl Serialize) -> Response<Body> {
    let mut text = Vec::new();
    let indented = PrettyFormatter::with_indent(b" ");
    let put = value.serialize(&mut serde_json::Serializer::with_formatter(&mut text, indented));
    text.push(b'\n');
    written(StatusCode::OK, put.map(|()| text))
}

fn written(status: StatusCode, json: serde_json::Result<Vec<u8>>) -> Response<Body> {
    let (status, bytes) = match json {
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

pub(super) fn ok(value: &impl Serialize) -> Answer {
    Ok(answer(StatusCode::OK, value))
}

/// Reads a JSON body; what is wrong is told as a fixture tells it.
pub(super) fn read<T: DeserializeOwned>(body: ControlResult<Whole>) -> ControlResult<T> {
    Ok(fixture::read_body(&body?)?)
}

/// A body that says nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Refuses a body that says something; one that is left out is as good as `{}`.
pub(super) fn says_nothing(body: ControlResult<Whole>) -> ControlResult<()> {
    let body = body?;
    if !body.is_empty() {
        let Nothing {} = read(Ok(body))?;
    }
    Ok(())
}

pub(super) fn text(content_type: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
