//! A call of the API as a client signs it, made in process.

use axum::body::Body;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Request};

use super::signature::tc3;
use crate::emulator::Emulator;

/// What a call says, and whose it is.
pub(crate) struct Call<'a> {
    pub(crate) secret_id: &'a str,
    pub(crate) secret_key: &'a str,
    pub(crate) token: Option<&'a str>,
    pub(crate) service: &'a str,
    pub(crate) version: &'a str,
    pub(crate) action: &'a str,
    pub(crate) region: &'a str,
    pub(crate) body: Vec<u8>,
}

/// The name that calls in process come in by.
pub(crate) const HOST_IN_PROCESS: &str = "localhost";

/// The request that a client sends for this call now. `Err` says which part of it can stand in no header.
pub(crate) fn signed(emulator: &Emulator, call: Call<'_>) -> Result<Request<Body>, String> {
    let timestamp = emulator.clock.now().div_euclid(1_000).to_string();
    let mut headers = HeaderMap::new();
    headers.insert(HOST, HeaderValue::from_static(HOST_IN_PROCESS));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let texts = [
        ("x-tc-action", Some(call.action)),
        ("x-tc-version", Some(call.version)),
        ("x-tc-region", Some(call.region)),
        ("x-tc-timestamp", Some(timestamp.as_str())),
        ("x-tc-token", call.token),
    ];
    for (name, text) in texts {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            headers.insert(HeaderName::from_static(name), value(name, text)?);
        }
    }
    let request = tc3::Request {
        method: Method::POST.as_str(),
        host: HOST_IN_PROCESS,
        path: "/",
        query: "",
        headers: &headers,
        body: &call.body,
        timestamp: &timestamp,
    };
    let pair = (call.secret_id, call.secret_key);
    let signed = tc3::sign(pair, call.service, &request, &emulator.signing_keys);
    let signed = signed.ok_or("real time is outside of the calendar")?;
    headers.insert(AUTHORIZATION, value("the SecretId", &signed)?);
    let mut request = Request::new(Body::from(call.body));
    *request.method_mut() = Method::POST;
    *request.headers_mut() = headers;
    Ok(request)
}

fn value(what: &str, text: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(text).map_err(|_| format!("{what}: `{text}` can stand in no header; give visible ASCII"))
}
