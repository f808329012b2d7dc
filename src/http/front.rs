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
use http_body_util::{BodyExt, Either, Full, LengthLimitError, Limited};
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

    /// A control call. Its body has so much time to arrive; what is done with it takes as long as
    /// it takes.
    async fn control(&self, request: Request<Body>) -> Response<Body> {
        let (head, body) = request.into_parts();
        let timeout = self.emulator.config.body_timeout;
        let body = Limited::new(body, control::BODY_MAX).collect();
        let body = match tokio::time::timeout(timeout, body).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                let told = format!("the body is over {} MB; send less", control::BODY_MAX >> 20);
                return control::failed(StatusCode::PAYLOAD_TOO_LARGE, &told);
            }
            Ok(Err(_)) => {
                let told = "the body broke off; send it whole";
                return control::failed(StatusCode::BAD_REQUEST, told);
            }
            Err(_) => {
                let told = format!("the body did not arrive within {timeout:?}; send it faster");
                return control::failed(StatusCode::REQUEST_TIMEOUT, &told);
            }
        };
        let request = Request::from_parts(head, Body::from(body));
        let answered = AssertUnwindSafe(self.control.clone().oneshot(request)).catch_unwind();
        match answered.await {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            Err(_) => {
                tracing::error!("a control call panicked");
                control::failed(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "the control call panicked",
                )
            }
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
