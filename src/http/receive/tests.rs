//! Bodies that announce too much, stop coming, or are too many, through the router in process.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body as Whole;
use futures_util::stream::{self, StreamExt};
use http::{Request, StatusCode};
use tower::ServiceExt;

use super::*;
use crate::config::Config;
use crate::http::router;
use crate::limits::UNFINISHED_BYTES_MAX;
use crate::{Emulator, Fixture};

fn emulator(budget: usize) -> Arc<Emulator> {
    let emulator = Emulator::new(Config::default(), Fixture::built_in()).map_err(drop);
    let mut emulator = emulator.expect("the built-in fixture is right");
    emulator.bodies = Budget::of(budget);
    Arc::new(emulator)
}

/// A body of so many parts of so many bytes, after which nothing more comes, and no end.
fn unfinished(parts: usize, bytes: usize) -> Whole {
    let part = move |_| Ok::<_, Infallible>(Bytes::from(vec![b' '; bytes]));
    Whole::from_stream(stream::iter(0..parts).map(part).chain(stream::pending()))
}

async fn send(emulator: &Arc<Emulator>, target: &str, body: Whole) -> (StatusCode, String) {
    let (method, path) = target.split_once(' ').expect("a method and a path");
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost")
        .header("x-tc-action", "DescribeInstances")
        .header("content-type", "application/json");
    let request = request.body(body).expect("a request");
    let answer = router(Arc::clone(emulator)).oneshot(request).await;
    let answer = answer.expect("an answer");
    let status = answer.status();
    let body = answer.into_body().collect().await.expect("it ends").to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn all_unfinished_bodies_share_one_budget() {
    let emulator = emulator(10_000);
    let left = || emulator.bodies.left();
    let slow = {
        let emulator = Arc::clone(&emulator);
        tokio::spawn(async move { send(&emulator, "PUT /_crs/state", unfinished(8, 1_000)).await })
    };
    while left() > 2_000 {
        tokio::task::yield_now().await;
    }
    // Whatever door it comes in by, what does not fit beside the first is refused.
    for (target, status, says) in [
        (
            "POST /_crs/faults",
            StatusCode::SERVICE_UNAVAILABLE,
            "others have ended",
        ),
        ("PUT /_crs/state", StatusCode::SERVICE_UNAVAILABLE, "others have ended"),
        ("POST /", StatusCode::OK, "RequestSizeLimitExceeded"),
    ] {
        let (got, text) = send(&emulator, target, unfinished(3, 1_000)).await;
        assert_eq!(got, status, "{target}: {text}");
        assert!(text.contains(says), "{target}: {text}");
        assert_eq!(left(), 2_000, "{target}: what was held is given back");
        // One that announces as much is not even begun.
        let (got, text) = send(&emulator, target, Whole::from(vec![b' '; 3_000])).await;
        assert_eq!(got, status, "{target}: {text}");
        assert!(text.contains(says), "{target}: {text}");
    }
    // A body that has come whole with its head is none of them.
    let (got, text) = send(&emulator, "POST /", Whole::from("{}")).await;
    assert!(got == StatusCode::OK && text.contains("RequestId"), "{text}");
    slow.abort();
    assert!(slow.await.is_err_and(|ended| ended.is_cancelled()));
    assert_eq!(left(), 10_000);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_as_soon_as_that_is_known() {
    let emulator = emulator(UNFINISHED_BYTES_MAX);
    for (target, status, says) in [
        ("POST /_crs/faults", StatusCode::PAYLOAD_TOO_LARGE, "1 MB"),
        ("PATCH /_crs/instances/x", StatusCode::PAYLOAD_TOO_LARGE, "1 MB"),
        ("POST /", StatusCode::OK, "RequestSizeLimitExceeded"),
    ] {
        let (got, text) = send(&emulator, target, unfinished(11, BODY_BYTES_MAX / 10)).await;
        assert_eq!(got, status, "{target}: {text}");
        assert!(text.contains(says), "{target}: {text}");
    }
    let left = emulator.bodies.left();
    assert_eq!(left, UNFINISHED_BYTES_MAX, "all was given back");
}
