//! The front door: what each request is for, the API or the control API.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use futures_util::FutureExt;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, HOST,
    HeaderValue, ORIGIN, VARY,
};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{Either, Full};
use tower::{BoxError, ServiceExt};

use super::{api, control, envelope};
use crate::emulator::Emulator;

/// An answer's body: the API's bytes, or whatever the control API gives.
pub(super) type Given = Either<Full<Bytes>, Body>;

/// Answers requests; a clone answers for the same emulator.
#[derive(Clone)]
pub(super) struct Front {
    emulator: Arc<Emulator>,
    control: Router,
}

impl Front {
    pub(super) fn new(emulator: Arc<Emulator>) -> Self {
        let control = control::routes().with_state(Arc::clone(&emulator));
        Self { emulator, control }
    }

    /// Answers a request that came from `peer`, as far as that is known. The API has every path
    /// that is not the control API's.
    pub(super) async fn answer<B>(
        &self,
        request: Request<B>,
        peer: Option<IpAddr>,
    ) -> Response<Given>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let path = request.uri().path();
        if control::owns(path) {
            return self.control(request.map(Body::new)).await.map(Given::Right);
        }
        if let Some(allowed) = preflight(&request) {
            return allowed;
        }
        let answer = api(Arc::clone(&self.emulator), request, peer).await;
        envelope::response(answer).map(Given::Left)
    }

    /// A control call within the time that a body has. Its handlers wait for nothing but the body,
    /// so one that is cut off has done nothing.
    async fn control(&self, request: Request<Body>) -> Response<Body> {
        let timeout = self.emulator.config.body_timeout;
        let answered = AssertUnwindSafe(self.control.clone().oneshot(request)).catch_unwind();
        match tokio::time::timeout(timeout, answered).await {
            Ok(Ok(Ok(response))) => response,
            Ok(Ok(Err(never))) => match never {},
            Ok(Err(_)) => {
                tracing::error!("a control call panicked");
                control::failed(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "the control call panicked",
                )
            }
            Err(_) => control::failed(
                StatusCode::REQUEST_TIMEOUT,
                &format!("the body did not arrive within {timeout:?}; send it faster"),
            ),
        }
    }
}

/// The answer to a browser that asks whether a page may call: yes, for a page that this server has
/// served (its own console), and for no other.
fn preflight<B>(request: &Request<B>) -> Option<Response<Given>> {
    if request.method() != Method::OPTIONS {
        return None;
    }
    let origin = request.headers().get(ORIGIN)?;
    let host = request.headers().get(HOST)?.to_str().ok()?;
    let page = origin.to_str().ok()?.split_once("://")?.1;
    if page != host {
        return None;
    }
    let mut response = Response::new(Given::Left(Full::default()));
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(
        ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, POST"),
    );
    headers.insert(
        ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static(
            "authorization, content-type, x-tc-action, x-tc-language, x-tc-region, \
             x-tc-requestclient, x-tc-timestamp, x-tc-token, x-tc-version",
        ),
    );
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    Some(response)
}
