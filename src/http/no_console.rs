//! In the place of `console.rs` where the page is left out.

use axum::body::Body;
use http::{HeaderMap, Response, StatusCode};

use super::control::failed;

/// Nobody gets a page.
pub(super) fn page(_: &HeaderMap) -> Option<Response<Body>> {
    None
}

/// There are no files.
pub(super) async fn file() -> Response<Body> {
    let message = "the console was left out when this was built; build it with the feature `console`";
    failed(StatusCode::NOT_FOUND, message)
}
