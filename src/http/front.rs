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

use super::door::{Doors, Entry, Scheme, Shut, guard};
use super::spoil::Dropped;
use super::{Gateway, control, envelope, receive, spoil};
use crate::emulator::Emulator;
use crate::events::Event;

/// Everything this emulator answers, as an axum router: for a test that needs no socket, or to be mounted in a server
/// of one's own.
pub fn router(emulator: Arc<Emulator>) -> Router {
    let front = Front::new(emulator);
    Router::new().fallback(async move |request: axum::extract::Request| {
        match front.answer(request, None, Scheme::Http).await {
            Ok(answer) => answer.map(Body::new),
            Err(dropped) => dropped.in_process(),
        }
    })
}

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
        let control = control::routes(&emulator).with_state(Arc::clone(&emulator));
        let doors = Arc::new(Doors::new(&emulator.config));
        Self {
            emulator,
            gateway: Gateway::new(),
            control,
            doors,
            is_crowded: false,
        }
    }

    /// Answers a request that came from `peer`, as far as that is known; unless a fault rule has it end without an
    /// answer.
    pub(super) async fn answer<B>(
        &self,
        request: Request<B>,
        peer: Option<IpAddr>,
        scheme: Scheme<'_>,
    ) -> Result<Response<ResponseBody>, Dropped>
    where
        B: http_body::Body<Data = Bytes> + Unpin + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let (head, body) = request.into_parts();
        let mut answer = match self.way(&head, scheme) {
            Way::Api(entry) => {
                let (envelope, verdict) = self.gateway.answer(&self.emulator, &head, body, peer, entry).await;
                match verdict {
                    None => envelope::response(envelope.into(), head.headers).map(ResponseBody::Left),
                    Some(verdict) => {
                        // In a box, so that other calls do not hold the room for it.
                        let spoilt = Box::pin(spoil::spoil(envelope, head.headers, verdict));
                        spoilt.await?.map(ResponseBody::Right)
                    }
                }
            }
            Way::Control => {
                let request = Request::from_parts(head, Body::new(body));
                // In a box, so that a call of the API does not hold the room for it.
                Box::pin(self.control(request)).await.map(ResponseBody::Right)
            }
            Way::Shut(shut) => {
                receive::discard(&head.headers, body, self.emulator.config.body_timeout);
                shut.answer().map(ResponseBody::Right)
            }
            Way::Answered(answer) => answer,
        };
        if self.is_crowded {
            // The place is for the next one who asks. HTTP/2 knows no such header and drops it.
            let close = HeaderValue::from_static("close");
            answer.headers_mut().insert(CONNECTION, close);
        }
        guard(&mut answer);
        Ok(answer)
    }

    /// Where a request goes, by its head. The API has every path that is not the control API's.
    fn way<'r>(&self, head: &'r Parts, scheme: Scheme<'_>) -> Way<'r> {
        let path = head.uri.path();
        if self.is_crowded && path != control::HEALTH_PATH {
            return Way::Answered(crowded());
        }
        match self.doors.enter(head, scheme) {
            Err(shut) => {
                tracing::debug!(path, status = %shut.status, "not let in: {}", shut.message);
                Way::Shut(shut)
            }
            Ok(_) if control::owns(path) => Way::Control,
            Ok(entry) => preflight(head).map_or(Way::Api(entry), Way::Answered),
        }
    }

    async fn control(&self, request: Request<Body>) -> Response<Body> {
        let may_change = request.method() != Method::GET && request.method() != Method::HEAD;
        if let Some(refused) = control::announces_too_much(&request) {
            let (head, body) = request.into_parts();
            receive::discard(&head.headers, body, self.emulator.config.body_timeout);
            return refused;
        }
        match AssertUnwindSafe(self.control.clone().oneshot(request))
            .catch_unwind()
            .await
        {
            Ok(Ok(response)) => {
                if may_change {
                    self.emulator.events.tell(Event::Stirred);
                }
                response
            }
            Ok(Err(never)) => match never {},
            Err(_) => {
                tracing::error!("a control call panicked");
                control::failed(StatusCode::INTERNAL_SERVER_ERROR, "the control call panicked")
            }
        }
    }
}

/// Where a request goes.
enum Way<'r> {
    /// To the API, which it came to so.
    Api(Entry<'r>),
    /// To the control API.
    Control,
    /// Nowhere: the doors do not let it in.
    Shut(Shut),
    /// Nowhere, since its head is all that its answer needs.
    Answered(Response<ResponseBody>),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::fixture::Fixture;

    #[test]
    fn the_future_of_a_call_is_small() {
        // hyper moves it into its place, and so copies each byte of it for each call.
        const BYTES_MAX: usize = 1_536;
        let emulator = Emulator::new(Config::default(), Fixture::built_in()).map_err(drop);
        let front = Front::new(Arc::new(emulator.expect("the built-in fixture is right")));
        let request = Request::new(Full::<Bytes>::default());
        let bytes = size_of_val(&front.answer(request, None, Scheme::Http));
        assert!(bytes <= BYTES_MAX, "it takes {bytes} bytes");
    }
}
