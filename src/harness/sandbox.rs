//! An emulator without a socket.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe, resume_unwind};
use std::sync::Arc;
use std::thread;

use axum::Router;
use axum::body::{Body, Bytes};
use http::header::{AUTHORIZATION, HOST, HeaderValue};
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Collected};
use serde_json::Value;
use tokio::runtime::Handle;
use tower::ServiceExt;

use super::error::ControlError;
use crate::emulator::Emulator;
use crate::http::{HOST_IN_PROCESS, router};

/// An emulator that is called in process. A clone is the same emulator.
#[derive(Clone)]
pub struct Sandbox {
    pub(super) emulator: Arc<Emulator>,
    router: Router,
}

impl Sandbox {
    pub(super) fn of(emulator: Emulator) -> Self {
        let emulator = Arc::new(emulator);
        Self {
            router: router(Arc::clone(&emulator)),
            emulator,
        }
    }

    /// All that the server would answer, as a tower service: for a client that takes one in place of a connection.
    ///
    /// ```
    /// use axum::body::Body;
    /// use axum::extract::Request;
    /// use crs_local::Emulator;
    /// use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let sandbox = Emulator::builder().build().unwrap();
    /// let request = Request::get("/_crs/health").header("host", "localhost").body(Body::empty());
    /// let answer = sandbox.router().oneshot(request.unwrap()).await.unwrap();
    /// assert_eq!(answer.status(), 200);
    /// # }
    /// ```
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// The SecretId and SecretKey of the default account.
    #[must_use]
    pub fn key_pair(&self) -> (String, String) {
        self.emulator.key_pair()
    }

    /// The whole state, as a fixture.
    #[must_use]
    #[track_caller]
    pub fn state(&self) -> Value {
        self.controlled(Method::GET, "/_crs/state", None)
    }

    /// Takes this fixture for the whole state.
    ///
    /// # Panics
    /// It is no fixture; nothing is changed then.
    #[track_caller]
    pub fn put_state(&self, fixture: &Value) {
        self.controlled(Method::PUT, "/_crs/state", Some(fixture));
    }

    /// Back to the state that it started with.
    #[track_caller]
    pub fn reset(&self) {
        self.controlled(Method::POST, "/_crs/reset", None);
    }

    /// Any call of the control API; the path may have a query. The answer is its JSON.
    ///
    /// # Errors
    /// The status and the message of a call that is refused.
    pub fn control(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, ControlError> {
        match self.exchange(method, path, body)? {
            (200, answer) => Ok(answer),
            (status, answer) => Err(ControlError {
                status,
                message: answer["Error"]["Message"].as_str().unwrap_or_default().to_owned(),
            }),
        }
    }

    /// A call of the control API: its status, and its JSON.
    pub(super) fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(u16, Value), ControlError> {
        let request = self.request(method, path, body)?;
        let router = self.router();
        Ok(wait(async {
            let Ok(response) = router.oneshot(request).await;
            read_answer(response).await
        }))
    }

    /// The request of a call of the control API.
    pub(super) fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Request<Body>, ControlError> {
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = Request::builder().method(method).uri(path).body(body);
        let mut request = request.map_err(|error| ControlError {
            status: 400,
            message: format!("{path}: {error}"),
        })?;
        let headers = request.headers_mut();
        headers.insert(HOST, HeaderValue::from_static(HOST_IN_PROCESS));
        if let Some(token) = &self.emulator.config.control_token {
            let bearer = [b"Bearer ", token.as_bytes()].concat();
            headers.extend(HeaderValue::from_bytes(&bearer).map(|bearer| (AUTHORIZATION, bearer)));
        }
        Ok(request)
    }

    /// As [`Sandbox::control`], for a call that must succeed.
    #[track_caller]
    pub(super) fn controlled(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        match self.control(method.clone(), path, body) {
            Ok(answer) => answer,
            Err(refused) => panic!("{method} {path}: {refused}"),
        }
    }

    /// Carries a request out and waits for it: its status, and its body if that comes whole.
    pub(super) fn send(&self, request: Request<Body>) -> (u16, Option<Bytes>) {
        wait(async {
            let Ok(response) = self.router().oneshot(request).await;
            let status = response.status().as_u16();
            let body = response.into_body().collect().await;
            (status, body.ok().map(Collected::to_bytes))
        })
    }
}

/// The status of a control call's answer, and its JSON; null where it is none.
pub(super) async fn read_answer(response: Response<Body>) -> (u16, Value) {
    let status = response.status().as_u16();
    let body = response.into_body().collect().await;
    let body = body.map(Collected::to_bytes).unwrap_or_default();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

/// Waits for a call, on a runtime of its own: a test may have none, one that its own thread drives, or one that is
/// about to end.
fn wait<T: Send>(call: impl Future<Output = T> + Send) -> T {
    let alone = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.map(|runtime| runtime.block_on(call))
    };
    let waited = match Handle::try_current() {
        Err(_) => alone(),
        // A thread that drives a runtime cannot drive another one.
        Ok(_) => thread::scope(|scope| scope.spawn(alone).join()).unwrap_or_else(|panic| resume_unwind(panic)),
    };
    waited.unwrap_or_else(|error| panic!("cannot start a runtime: {error}"))
}

// A call that panicked leaves its locks as they were found, and the others go on: a test may look on, too.
impl UnwindSafe for Sandbox {}
impl RefUnwindSafe for Sandbox {}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").finish_non_exhaustive()
    }
}
