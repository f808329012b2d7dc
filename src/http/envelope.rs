//! The shape every answer of the API has: status 200, `application/json` to the letter, and a
//! `Response` that holds either the action's members or an `Error`, and always a `RequestId`.
//!
//! The media type carries no charset: with one, the Python SDK and TCCLI take an error for an
//! empty success. Any status but 200 makes most SDKs drop the body.

use axum::body::Body;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use uuid::Uuid;

use crate::answer::Refused;
use crate::contract::Writer;

/// An answer's bytes, opened before the action writes its members into it.
pub(crate) fn open() -> Writer {
    let mut writer = Writer::with_capacity(1_024);
    writer.raw(b"{\"Response\":{");
    writer
}

/// Ends what [`open`] began.
pub(crate) fn close(mut writer: Writer, request_id: Uuid) -> Vec<u8> {
    writer.member("RequestId");
    writer.raw(b"\"");
    writer.raw(request_id.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()).as_bytes());
    writer.raw(b"\"}}");
    writer.into_bytes()
}

/// The bytes of a refusal.
pub(crate) fn refusal(refused: &Refused, request_id: Uuid) -> Vec<u8> {
    let mut writer = open();
    writer.member("Error");
    writer.raw(b"{");
    writer.string_member("Code", refused.code.as_str());
    writer.string_member("Message", &refused.message);
    writer.raw(b"}");
    close(writer, request_id)
}

/// The HTTP response around an envelope.
pub(crate) fn response(body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
