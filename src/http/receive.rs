//! A request's body, whole, within a size and in good time, and within what all bodies together may hold.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt;
use http::HeaderMap;
use http::header::{CONTENT_TYPE, EXPECT};
use http_body::Body;
use http_body_util::BodyExt;

use super::messages;
use crate::answer::Refused;
use crate::emulator::Emulator;
use crate::limits::Budget;

/// Documented: the most that a form body may hold.
const FORM_BYTES_MAX: usize = 1 << 20;
/// Documented: the most that a JSON body may hold.
const BODY_BYTES_MAX: usize = 10 << 20;
/// What is left of a refused body is read on to here and thrown away, so that a client that writes all before it reads
/// gets the answer and not a broken connection.
const DISCARDED_BYTES_MAX: usize = 64 << 20;

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    TooLarge,
    /// The others that are under way hold all that may be held.
    Crowded,
    /// It stopped coming.
    Stalled(Duration),
    /// The client has gone or breaks HTTP.
    Broken,
}

/// Reads the body of a call of the API.
pub(super) async fn whole<B>(emulator: &Emulator, headers: &HeaderMap, body: B) -> Result<Bytes, Refused>
where
    B: Body<Data = Bytes> + Unpin + Send + 'static,
{
    let (limit, name, size) = if is_form(headers) {
        (FORM_BYTES_MAX, "form body", "1 MB")
    } else {
        (BODY_BYTES_MAX, "request body", "10 MB")
    };
    read(emulator, headers, body, limit)
        .await
        .map_err(|unread| match unread {
            Unread::TooLarge => messages::too_large(name, size),
            Unread::Crowded => messages::crowded(),
            Unread::Stalled(within) => messages::body_stalled(within),
            Unread::Broken => messages::body_broken(),
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

/// Reads a body of at most `limit` bytes. One that announces more is refused before it comes, and before a client that
/// asks first is told to send it.
pub(super) async fn read<B>(
    emulator: &Emulator,
    headers: &HeaderMap,
    mut body: B,
    limit: usize,
) -> Result<Bytes, Unread>
where
    B: Body<Data = Bytes> + Unpin + Send + 'static,
{
    let read = if announced(&body) > limit {
        Err(Unread::TooLarge)
    } else if announced(&body) > emulator.bodies.left() {
        Err(Unread::Crowded)
    } else {
        in_time(
            emulator.config.body_timeout,
            collect(&emulator.bodies, &mut body, limit),
        )
        .await
    };
    if matches!(read, Err(Unread::TooLarge | Unread::Crowded)) {
        discard(headers, body, emulator.config.body_timeout);
    }
    read
}

/// How many bytes a body is to have at least, by its Content-Length.
pub(super) fn announced(body: &impl Body) -> usize {
    usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX)
}

/// Most bodies have arrived with their head, so the clock is started only for one that has not.
async fn in_time(timeout: Duration, read: impl Future<Output = Result<Bytes, Unread>>) -> Result<Bytes, Unread> {
    let mut read = pin!(read);
    if let Some(body) = read.as_mut().now_or_never() {
        return body;
    }
    // In a box, so that the futures of all other calls do not hold the room for it.
    let read = Box::pin(tokio::time::timeout(timeout, read)).await;
    read.unwrap_or(Err(Unread::Stalled(timeout)))
}

async fn collect<B>(budget: &Budget, body: &mut B, limit: usize) -> Result<Bytes, Unread>
where
    B: Body<Data = Bytes> + Unpin,
{
    let mut held = budget.hold();
    let mut first = Bytes::new();
    let mut more = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else {
            continue;
        };
        if first.len() + more.len() + data.len() > limit {
            return Err(Unread::TooLarge);
        }
        if first.is_empty() && more.is_empty() && body.is_end_stream() {
            return Ok(data);
        }
        held.grow(data.len()).ok_or(Unread::Crowded)?;
        if first.is_empty() && more.is_empty() {
            first = data;
        } else {
            more.extend_from_slice(&std::mem::take(&mut first));
            more.extend_from_slice(&data);
        }
    }
    Ok(if more.is_empty() { first } else { more.freeze() })
}

/// Reads on what is left of a body that is refused, while its answer is on its way. A client that asks first is told no
/// and sends nothing; of one that announces too much nothing is read.
pub(super) fn discard<B>(headers: &HeaderMap, mut body: B, within: Duration)
where
    B: Body<Data = Bytes> + Unpin + Send + 'static,
{
    let is_too_much = announced(&body) > DISCARDED_BYTES_MAX;
    if body.is_end_stream() || headers.contains_key(EXPECT) || is_too_much {
        return;
    }
    tokio::spawn(tokio::time::timeout(within, async move {
        let mut read = 0;
        while let Some(Ok(frame)) = body.frame().await {
            read += frame.data_ref().map_or(0, Bytes::len);
            if read > DISCARDED_BYTES_MAX {
                break;
            }
        }
    }));
}

#[cfg(test)]
mod tests;
