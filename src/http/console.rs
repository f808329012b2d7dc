//! The console: one page with its files, which a browser gets at `/_crs/`. They hold nothing of the state; the page
//! asks the control API for what it shows.
//!
//! The files stand beside this one; `build.rs` compresses them.

use axum::body::Body;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY,
    VARY,
};
use http::{HeaderMap, Response, StatusCode};

use super::control::failed;
use crate::quote::quoted;

/// Each file's name and its bytes, compressed.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/console.rs"));

const PAGE: &str = "index.html";
const WORKER: &str = "live-worker.js";

/// What the page may do: load its own files and call its own server. Nothing of the state can become markup, since
/// Chromium then refuses every way from a text to it; its one policy vouches for the address of its worker.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types crs-local-worker";

/// Whether whoever asks would rather have a page than JSON.
fn is_wanted(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter();
    accepted.any(|accept| {
        accept
            .as_bytes()
            .windows(9)
            .any(|part| part.eq_ignore_ascii_case(b"text/html"))
    })
}

/// The page, for whoever would rather have one.
pub(super) fn page(headers: &HeaderMap) -> Option<Response<Body>> {
    is_wanted(headers).then(|| file_named(PAGE, headers))
}

/// One of its files.
pub(super) async fn file(name: Result<Path<String>, PathRejection>, headers: HeaderMap) -> Response<Body> {
    match name {
        Ok(Path(name)) => file_named(&name, &headers),
        Err(rejection) => failed(StatusCode::BAD_REQUEST, &rejection.body_text()),
    }
}

fn file_named(name: &str, headers: &HeaderMap) -> Response<Body> {
    let Some(&(name, packed)) = FILES.iter().find(|(own, _)| *own == name) else {
        let names: Vec<_> = FILES.iter().map(|(name, _)| *name).collect();
        let message = format!("the console has no file {}; it has {}", quoted(name), names.join(", "));
        return failed(StatusCode::NOT_FOUND, &message);
    };
    if !takes_gzip(headers) {
        let message = "the console is kept compressed and sent so; say `Accept-Encoding: gzip`, which browsers do by \
                       themselves and curl with --compressed";
        return failed(StatusCode::NOT_ACCEPTABLE, message);
    }
    let mut response = Response::new(Body::from(packed));
    let own = [
        (CONTENT_TYPE, content_type(name)),
        (CONTENT_ENCODING, "gzip"),
        (VARY, "Accept, Accept-Encoding"),
    ];
    // What has a policy of its own: the page, and its worker, which runs apart from it.
    let guarded = [(CONTENT_SECURITY_POLICY, POLICY), (REFERRER_POLICY, "no-referrer")];
    let guarded = guarded.into_iter().filter(|_| [PAGE, WORKER].contains(&name));
    for (header, value) in own.into_iter().chain(guarded) {
        response.headers_mut().insert(header, HeaderValue::from_static(value));
    }
    response
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let mut all = headers.get_all(ACCEPT_ENCODING).iter();
    all.any(|codings| {
        let codings = codings.to_str().unwrap_or_default();
        codings.split(',').any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
            let refused = weight.trim().trim_start_matches("q=").parse() == Ok(0.0);
            matches!(name.trim(), "gzip" | "*") && !refused
        })
    })
}

/// What a file is, by the end of its name.
fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
