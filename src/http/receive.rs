//! A request's body, whole, within the documented sizes and in good time.

use std::net::IpAddr;
use std::pin::pin;

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Request};
use http_body::Body;
use http_body_util::BodyExt;

use super::exchange::Received;
use super::messages;
use crate::answer::Refused;
use crate::emulator::Emulator;

/// Documented: the most that a form body may hold.
const FORM_BYTES_MAX: usize = 1 << 20;
/// Documented: the most that a JSON body may hold.
const BODY_BYTES_MAX: usize = 10 << 20;
/// A body over its limit is read on to here and thrown away, so that a client that writes all
/// before it reads gets the answer and not a broken connection.
const DISCARDED_BYTES_MAX: usize = 64 << 20;

/// Reads the request whole.
pub(super) async fn whole<B>(
    emulator: &Emulator,
    request: Request<B>,
    peer: Option<IpAddr>,
) -> Result<Received, Refused>
where
    B: Body<Data = Bytes>,
{
    let (parts, body) = request.into_parts();
    let (limit, name, size) = if is_form(&parts.headers) {
        (FORM_BYTES_MAX, "form body", "1 MB")
    } else {
        (BODY_BYTES_MAX, "request body", "10 MB")
    };
    let body = within(emulator, body, limit).await?;
    let body = body.ok_or_else(|| messages::too_large(name, size))?;
    Ok(Received {
        peer,
        method: parts.method,
        uri: parts.uri,
        headers: parts.headers,
        body,
    })
}

fn is_form(headers: &HeaderMap) -> bool {
    const FORM: &[u8] = b"application/x-www-form-urlencoded";
    headers.get(CONTENT_TYPE).is_some_and(|value| {
        value
            .as_bytes()
            .get(..FORM.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(FORM))
    })
}

/// The body; `None` if it is larger than `limit`. Most bodies have arrived with their head, so the
/// clock is started only for one that has not.
async fn within<B>(emulator: &Emulator, body: B, limit: usize) -> Result<Option<Bytes>, Refused>
where
    B: Body<Data = Bytes>,
{
    let mut read = pin!(read(body, limit));
    if let Some(body) = read.as_mut().now_or_never() {
        return body;
    }
    let timeout = emulator.config.body_timeout;
    match tokio::time::timeout(timeout, read).await {
        Ok(body) => body,
        Err(_) => Err(messages::body_stalled(timeout)),
    }
}

async fn read<B>(body: B, limit: usize) -> Result<Option<Bytes>, Refused>
where
    B: Body<Data = Bytes>,
{
    let mut body = pin!(body);
    let mut first = Bytes::new();
    let mut more = BytesMut::new();
    let mut total = 0;
    while let Some(frame) = body.frame().await {
        // The client has gone or breaks HTTP.
        let Ok(frame) = frame else {
            return Err(messages::body_broken());
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        total += data.len();
        if total > DISCARDED_BYTES_MAX {
            return Ok(None);
        }
        if total > limit {
            (first, more) = (Bytes::new(), BytesMut::new());
        } else if first.is_empty() && more.is_empty() {
            first = data;
        } else {
            if more.is_empty() {
                more.extend_from_slice(&std::mem::take(&mut first));
            }
            more.extend_from_slice(&data);
        }
    }
    if total > limit {
        return Ok(None);
    }
    Ok(Some(if more.is_empty() {
        first
    } else {
        more.freeze()
    }))
}
