//! The shape every answer of the API has: status 200, `application/json` to the letter, and a `Response` that holds
//! either the action's members or an `Error`, and always a `RequestId`.
//!
//! The media type carries no charset: with one, the Python SDK and TCCLI take an error for an empty success. Any status
//! but 200 makes most SDKs drop the body.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Response};
use http_body_util::Full;
use uuid::Uuid;

use crate::answer::Refused;
use crate::contract::{Members, Writer};

/// An answer's bytes, opened before the action writes its members into it.
pub(crate) fn open() -> Writer {
    let mut writer = Writer::new();
    writer.raw("{\"Response\":{");
    writer
}

/// Ends an answer, which is a refusal or what [`open`] began: its bytes.
pub(crate) fn close(answer: Result<Writer, Refused>, request_id: Uuid) -> Vec<u8> {
    let mut writer = answer.unwrap_or_else(|refused| {
        let mut writer = open();
        writer.member("Error", &Error(&refused));
        writer
    });
    writer.member(
        "RequestId",
        request_id.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()),
    );
    writer.raw("}}");
    writer.into_bytes()
}

struct Error<'r>(&'r Refused);

impl Members for Error<'_> {
    fn members(&self, out: &mut Writer) {
        out.member("Code", self.0.code.as_str());
        out.member("Message", &self.0.message);
    }
}

/// The HTTP response around an envelope.
///
/// Its headers stand in the map that the request's stood in: hyper hands that on to the connection's next request, so a
/// connection allocates one map for all its calls.
pub(crate) fn response(body: Bytes, mut headers: HeaderMap) -> Response<Full<Bytes>> {
    headers.clear();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut response = Response::new(Full::new(body));
    *response.headers_mut() = headers;
    response
}

/// What a call of the API is answered: the action's members, in an open envelope.
pub(super) type Answer = Result<Writer, Refused>;
