//! The front door: what each request is for, the API or the control API.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use futures_util::FutureExt;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, CONNECTION, HeaderValue,
    ORIGIN, VARY,
};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{Either, Full};
use tower::{BoxError, ServiceExt};

use super::door::{Doors, Scheme, guard};
use super::{Gateway, control, envelope, receive};
use crate::emulator::Emulator;

/// An answer's body: the API's bytes, or whatever the control API answers.
pub(super) type ResponseBody = Either<Full<Bytes>, Body>;

/// Answers requests; a clone answers for the same emulator.
#[derive(Clone)]
pub(super) struct Front {
    emulator: Arc<Emulator>,
    gateway: Gateway,
    control: Router,
    doors: Arc<Doors>,
    /// More connections are open than may be: there is an answer to who asks how the server is.
    pub(super) is_crowded: bool,
}

impl Front {
    pub(super) fn new(emulator: Arc<Emulator>) -> Self {
        let control = control::routes().with_state(Arc::clone(&emulator));
        let doors = Arc::new(Doors::new(&emulator.config));
        Self {
            emulator,
            gateway: Gateway::new(),
            control,
            doors,
            is_crowded: false,
        }
    }

    /// Answers a request that came from `peer`, as far as that is known, if the doors let it in.
    pub(super) async fn answer<B>(
        &self,
        request: Request<B>,
        peer: Option<IpAddr>,
        scheme: Scheme<'_>,
    ) -> Response<ResponseBody>
    where
        B: http_body::Body<Data = Bytes> + Unpin + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let is_health = request.uri().path() == control::HEALTH_PATH;
        let mut answer = if self.is_crowded && !is_health {
            crowded()
        } else {
            self.unguarded(request, peer, scheme).await
        };
        if self.is_crowded {
            // The place is for the next one who asks. HTTP/2 knows no such header and drops it.
            let close = HeaderValue::from_static("close");
            answer.headers_mut().insert(CONNECTION, close);
        }
        guard(&mut answer);
        answer
    }

    /// The API has every path that is not the control API's.
    async fn unguarded<B>(
        &self,
        request: Request<B>,
        peer: Option<IpAddr>,
        scheme: Scheme<'_>,
    ) -> Response<ResponseBody>
    where
        B: http_body::Body<Data = Bytes> + Unpin + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let (head, body) = request.into_parts();
        let path = head.uri.path();
        let entry = match self.doors.enter(&head, scheme) {
            Ok(entry) => entry,
            Err(shut) => {
                tracing::debug!(path, status = %shut.status, "not let in: {}", shut.message);
                receive::discard(&head.headers, body, self.emulator.config.body_timeout);
                return shut.answer().map(ResponseBody::Right);
            }
        };
        if control::owns(path) {
            let request = Request::from_parts(head, Body::new(body));
            return self.control(request).await.map(ResponseBody::Right);
        }
        if let Some(allowed) = preflight(&head) {
            return allowed;
        }
        let answer = self.gateway.answer(&self.emulator, &head, body, peer, entry).await;
        envelope::response(answer).map(ResponseBody::Left)
    }

    async fn control(&self, request: Request<Body>) -> Response<Body> {
        if let Some(refused) = control::announces_too_much(&request) {
            let (head, body) = request.into_parts();
            receive::discard(&head.headers, body, self.emulator.config.body_timeout);
            return refused;
        }
        match AssertUnwindSafe(self.control.clone().oneshot(request))
            .catch_unwind()
            .await
        {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            Err(_) => {
                tracing::error!("a control call panicked");
                control::failed(StatusCode::INTERNAL_SERVER_ERROR, "the control call panicked")
            }
        }
    }
}

/// The answer on a connection beyond those that may be open.
fn crowded() -> Response<ResponseBody> {
    let message = "as many connections are open as the limit of open files allows, so nothing but \
                   /_crs/health is answered; close some, or start with a higher `ulimit -n`";
    control::failed(StatusCode::SERVICE_UNAVAILABLE, message).map(ResponseBody::Right)
}

/// The answer to a browser that asks whether a page may call: yes, since the doors have let no page in but one that
/// this server has served.
fn preflight(head: &Parts) -> Option<Response<ResponseBody>> {
    if head.method != Method::OPTIONS {
        return None;
    }
    let origin = head.headers.get(ORIGIN)?;
    let mut response = Response::new(ResponseBody::Left(Full::default()));
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
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
