//! What a fault rule makes of an answer on its way out: another status or body, a part of it, or nothing.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use http_body::{Frame, SizeHint};
use tokio::time::Sleep;

use super::envelope;
use crate::faults::{Cut, Verdict};

/// How long the connection stays open behind the last byte of a cut answer, so that it gets out.
const LINGERS: Duration = Duration::from_millis(50);

/// There is no answer: the connection, over HTTP/2 the stream, is to end.
#[derive(Debug)]
pub(super) struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault rule ended the connection")
    }
}

impl std::error::Error for Dropped {}

impl Dropped {
    /// What stands for a broken connection where there is none: an answer whose body cannot be read.
    pub(super) fn in_process(self) -> Response<Body> {
        Response::new(Body::new(Broken::after(Bytes::new(), 0)))
    }
}

/// The response around an envelope, as and when the rule lets it out.
pub(super) async fn spoil(
    envelope: Vec<u8>,
    headers: HeaderMap,
    verdict: Arc<Verdict>,
) -> Result<Response<Body>, Dropped> {
    if let Some(delay) = verdict.delay_after() {
        tokio::time::sleep(delay).await;
    }
    let whole = verdict.body.clone().map_or(Bytes::from(envelope), Bytes::from);
    let body = match verdict.cut {
        Some(Cut::Dropped) => return Err(Dropped),
        Some(Cut::After(bytes)) if bytes < whole.len() => Body::new(Broken::after(whole.slice(..bytes), whole.len())),
        _ => Body::from(whole),
    };
    let mut answer = envelope::response(Bytes::new(), headers).map(|_| body);
    if let Some(status) = verdict.http_status.and_then(|status| StatusCode::from_u16(status).ok()) {
        *answer.status_mut() = status;
    }
    Ok(answer)
}

/// A body of which less comes than is announced.
struct Broken {
    rest: Bytes,
    /// How much is announced and has not come yet.
    announced: usize,
    lingers: Option<Pin<Box<Sleep>>>,
}

impl Broken {
    fn after(part: Bytes, announced: usize) -> Self {
        Self {
            rest: part,
            announced,
            lingers: None,
        }
    }
}

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = Dropped;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Dropped>>> {
        if !self.rest.is_empty() {
            let part = std::mem::take(&mut self.rest);
            self.announced -= part.len();
            return Poll::Ready(Some(Ok(Frame::data(part))));
        }
        if self.announced > 0 {
            let sleep = || Box::pin(tokio::time::sleep(LINGERS));
            ready!(self.lingers.get_or_insert_with(sleep).as_mut().poll(cx));
        }
        Poll::Ready(Some(Err(Dropped)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced as u64)
    }
}
