//! What a fault rule makes of an answer on its way out: another status or body, a part of it, or nothing.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::{Response, StatusCode};
use http_body::{Frame, SizeHint};
use http_body_util::Full;
use tokio::time::Sleep;

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

/// The answer, `envelope` long, as the rule lets it out.
pub(super) fn spoil(
    answer: Response<Full<Bytes>>,
    envelope: Bytes,
    verdict: &Verdict,
) -> Result<Response<Body>, Dropped> {
    let (mut head, _) = answer.into_parts();
    if let Some(status) = verdict.http_status {
        head.status = StatusCode::from_u16(status).unwrap_or(head.status);
    }
    let whole = verdict.body.clone().map_or(envelope, Bytes::from);
    let body = match verdict.cut {
        Some(Cut::Dropped) => return Err(Dropped),
        Some(Cut::After(bytes)) if bytes < whole.len() => Body::new(Broken::after(whole.slice(..bytes), whole.len())),
        _ => Body::from(whole),
    };
    Ok(Response::from_parts(head, body))
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
