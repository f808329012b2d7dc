//! Signs a captured request anew, with the tests' own signer, which shares no code with the gateway.
//!
//! It signs the way the captured client does, oddities included: which of them leave the port out of the host, and
//! which sign the path of their endpoint, is known from the captures.

use super::request::{Captured, Kind};
use crate::sign::{self, Tc3, date, decode, encode};

/// Whose signature to write.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Credentials<'a> {
    pub(crate) secret_id: &'a str,
    pub(crate) secret_key: &'a str,
}

/// Signs a request anew, as of `now` (seconds since 1970-01-01T00:00:00Z).
pub(crate) fn sign(request: &mut Captured, credentials: Credentials<'_>, now: i64) {
    match request.kind {
        Kind::Tc3 => sign_tc3(request, credentials, now),
        Kind::V1 => sign_v1(request, credentials, now),
        other => panic!("{}: {other:?} is not signed", request.name),
    }
}

fn sign_tc3(request: &mut Captured, credentials: Credentials<'_>, now: i64) {
    request.set_header("X-TC-Timestamp", now.to_string());
    let old = request.header("Authorization").expect("a signature").to_owned();
    let scope = between(&old, "Credential=", ", ");
    let service = &scope[scope.find('/').expect("a date") + 12..scope.len() - "/tc3_request".len()];
    let signed_headers = between(&old, "SignedHeaders=", ", ");

    let header = |name: &str| {
        let value = match name {
            "host" => signed_host(request),
            _ => request.header(name).expect("a header that is signed"),
        };
        (name.to_owned(), value.to_owned())
    };
    let got = request.method == "GET";
    let payload = match request.header("X-TC-Content-SHA256") {
        Some("UNSIGNED-PAYLOAD") => b"UNSIGNED-PAYLOAD",
        _ if got => &b""[..],
        _ => &request.body,
    };
    let signer = Tc3 {
        secret_key: credentials.secret_key.to_owned(),
        method: request.method.clone(),
        path: signed_path(request).to_owned(),
        query: if got {
            request.path_and_query().1.to_owned()
        } else {
            String::new()
        },
        headers: signed_headers.split(';').map(header).collect(),
        payload: payload.to_vec(),
        timestamp: now.to_string(),
        date: date(now),
        service: service.to_owned(),
    };
    let authorization = format!(
        "TC3-HMAC-SHA256 Credential={}/{}/{service}/tc3_request, \
         SignedHeaders={signed_headers}, Signature={}",
        credentials.secret_id,
        signer.date,
        signer.signature()
    );
    request.set_header("Authorization", authorization);
}

fn sign_v1(request: &mut Captured, credentials: Credentials<'_>, now: i64) {
    replace(request, "Timestamp", &now.to_string());
    replace(request, "SecretId", credentials.secret_id);
    let mut pairs = decode(form(request));
    pairs.retain(|(key, _)| key != "Signature");
    let sha256 = pairs.iter().any(|(k, v)| k == "SignatureMethod" && v == "HmacSHA256");
    let signature = sign::v1(
        credentials.secret_key,
        sha256,
        &request.method,
        signed_host(request),
        signed_path(request),
        &pairs,
    );
    replace(request, "Signature", &encode(&signature));
}

/// Node signs the name of the host alone when it signs a header; everyone else what they send.
fn signed_host(request: &Captured) -> &str {
    let host = request.header("Host").expect("every client sends a Host");
    if request.client == "node-sdk" && request.kind == Kind::Tc3 {
        return host.split(':').next().unwrap_or(host);
    }
    host
}

/// The documents want `/`; Node, and Go's older signature, take the path of the endpoint.
fn signed_path(request: &Captured) -> &str {
    match (request.client.as_str(), request.kind) {
        ("node-sdk", Kind::Tc3) | ("go-sdk", Kind::V1) => request.path_and_query().0,
        _ => "/",
    }
}

/// The parameters of a V1 request: its query or its body.
pub(crate) fn form(request: &Captured) -> &str {
    if request.method == "GET" {
        request.path_and_query().1
    } else {
        std::str::from_utf8(&request.body).expect("a form is text")
    }
}

/// Replaces the value of one parameter, already escaped, and leaves every other byte as it is.
pub(crate) fn replace(request: &mut Captured, name: &str, value: &str) {
    let form = form(request).to_owned();
    let pairs: Vec<String> = form
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if key == name => format!("{name}={value}"),
            _ => pair.to_owned(),
        })
        .collect();
    let changed = pairs.join("&");
    if request.method == "GET" {
        request.target = request.target.replace(&form, &changed);
    } else {
        request.body = changed.into_bytes();
        request.set_header("Content-Length", request.body.len().to_string());
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.find(start).expect("a part") + start.len();
    &text[from..][..text[from..].find(end).expect("another part after it")]
}
