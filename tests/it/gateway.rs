//! What a row of a table cannot say of the gateway: seconds that pass, callers that are slow or leave, panics, HTTP/2,
//! logs, and two runs that are the same bytes.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::Duration;

use crs_local::Config;
use crs_local::config::RateLimits;
use tokio::net::TcpSocket;

use super::harness::{Answer, App, FIXTURE, NOW_MS, Raw, Socket};
use super::row::rows;

const DESCRIBE: &str = "POST / HTTP/1.1\n{USUAL}\n\n{}";
const UPGRADE: &str = "POST / HTTP/1.1\n{USUAL}\nX-TC-Action: UpgradeInstance\n\n\
    {\"InstanceId\":\"crs-5qlrlhux\",\"MemSize\":2048}";

/// A request written as in the tables, with its directives, at a time.
pub(crate) fn request_at(text: &str, now_ms: i64) -> Raw {
    let mut rows = rows("gateway.rs", &format!("==== one\n{text}\n----\nok"));
    rows.remove(0).request(now_ms)
}

pub(crate) fn request(text: &str) -> Raw {
    request_at(text, NOW_MS)
}

/// The same with another line of headers.
fn with_header(text: &str, header: &str) -> Raw {
    request(&text.replace("{USUAL}", &format!("{{USUAL}}\n{header}")))
}

fn limited(calls: &str) -> Config {
    Config {
        rate_limit: calls.parse().expect("a limit"),
        ..Config::default()
    }
}

async fn codes(app: &App, raw: &Raw, times: usize) -> Vec<String> {
    let mut codes = Vec::new();
    for _ in 0..times {
        codes.push(app.call(raw).await.code());
    }
    codes
}

#[tokio::test]
async fn each_second_lets_so_many_calls_pass() {
    let app = App::start();
    let raw = with_header(DESCRIBE, "X-TC-Action: DescribeProductInfo");
    app.set_now(NOW_MS + 999);
    assert_eq!(codes(&app, &raw, 20).await, vec![""; 20]);
    assert_eq!(app.call(&raw).await.code(), "RequestLimitExceeded");
    app.set_now(NOW_MS + 1_000);
    assert_eq!(codes(&app, &raw, 20).await, vec![""; 20]);
    let over = app.call(&raw).await;
    assert!(over.message().contains("equals to `21`"), "{over}");
    // A clock that is set back begins a second of its own too.
    app.set_now(NOW_MS);
    assert_eq!(app.call(&raw).await.code(), "");
}

#[tokio::test]
async fn an_action_a_credential_and_a_door_have_counts_of_their_own() {
    let app = App::with(limited("2"));
    let full = request(DESCRIBE);
    assert_eq!(codes(&app, &full, 3).await, ["", "", "RequestLimitExceeded"]);
    let others = [
        ("another action", with_header(DESCRIBE, "X-TC-Action: DescribeTaskList")),
        (
            "another key",
            request(&format!("@sign id=AKIDsecond key=second\n{DESCRIBE}")),
        ),
        (
            "another account",
            request(&format!("@sign id=AKIDother key=other\n{DESCRIBE}")),
        ),
        (
            "a regional door",
            with_header(DESCRIBE, "Host: redis.ap-guangzhou.tencentcloudapi.com"),
        ),
        (
            "another door",
            with_header(DESCRIBE, "Host: redis.ap-beijing.tencentcloudapi.com"),
        ),
        (
            "nobody in particular",
            request("GET /?Action=DescribeInstances&Version=2018-04-12&Region=ap-guangzhou HTTP/1.1\nHost: x"),
        ),
    ];
    for (what, raw) in others {
        assert_eq!(app.call(&raw).await.code(), "", "{what}");
    }
    // The region asked for is not the region of the door.
    let elsewhere = with_header(DESCRIBE, "X-TC-Region: ap-beijing");
    assert_eq!(app.call(&elsewhere).await.code(), "RequestLimitExceeded");
    app.reset();
    assert_eq!(app.call(&full).await.code(), "", "a reset forgets the counts");
}

#[tokio::test]
async fn an_account_has_a_limit_over_all_its_calls() {
    let app = App::with(Config {
        account_limit: Some(2),
        ..Config::default()
    });
    assert_eq!(app.call(&request(DESCRIBE)).await.code(), "");
    let second = request(&format!("@sign id=AKIDsecond key=second\n{DESCRIBE}"));
    assert_eq!(app.call(&second).await.code(), "");
    let over = app.call(&with_header(DESCRIBE, "X-TC-Action: DescribeTaskList")).await;
    assert_eq!(over.code(), "RequestLimitExceeded.UinLimitExceeded");
    let other = request(&format!("@sign id=AKIDother key=other\n{DESCRIBE}"));
    assert_eq!(app.call(&other).await.code(), "");
    app.set_now(NOW_MS + 1_000);
    assert_eq!(app.call(&request(DESCRIBE)).await.code(), "");
}

#[tokio::test]
async fn an_address_has_a_limit_over_all_its_calls() {
    let app = App::with(Config {
        address_limit: Some(2),
        ..Config::default()
    });
    let raw = request(DESCRIBE);
    assert_eq!(app.send(&raw).await.code(), "");
    assert_eq!(app.send(&raw).await.code(), "");
    assert_eq!(app.send(&raw).await.code(), "RequestLimitExceeded.IPLimitExceeded");
    let other = TcpSocket::new_v4().expect("a socket");
    other
        .bind("127.0.0.2:0".parse().expect("an address"))
        .expect("the loopback is a whole net");
    let stream = other.connect(app.address().await).await.expect("it listens");
    assert_eq!(Socket::on(stream).exchange(&raw).await.code(), "");
}

#[tokio::test]
async fn a_head_that_does_not_come_ends_the_connection_alone() {
    let config = Config {
        head_timeout: Duration::from_millis(150),
        ..Config::default()
    };
    let app = App::with(config);
    let mut slow = app.socket().await;
    slow.write(b"POST / HTTP/1.1\r\nHost: 127").await;
    let mut idle = app.socket().await;
    assert_eq!(idle.exchange(&request(DESCRIBE)).await.code(), "");
    let mut silent = app.socket().await;
    let mut newer = app.socket().await;
    newer
        .write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .await;
    assert!(slow.ends().await, "half a head");
    assert!(idle.ends().await, "an idle connection");
    assert!(silent.ends().await, "nothing at all");
    assert!(newer.ends().await, "HTTP/2 without a call");
    assert_eq!(app.send(&request(DESCRIBE)).await.code(), "");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_answered_and_changes_nothing() {
    let config = Config {
        body_timeout: Duration::from_millis(150),
        ..Config::default()
    };
    let app = App::with(config);
    let before = app.controlled("GET", "/_crs/state", "").await;
    let Raw(bytes) = request(UPGRADE);
    let mut slow = app.socket().await;
    slow.write(&bytes[..bytes.len() - 1]).await;
    let answer = slow.answer().await.expect("an answer");
    assert_eq!(answer.code(), "InvalidRequest", "{answer}");
    assert!(answer.message().contains("150ms"), "{answer}");
    assert!(slow.ends().await, "what follows could not be told from the body");
    let after = app.controlled("GET", "/_crs/state", "").await;
    assert_eq!(before["Accounts"], after["Accounts"]);
}

#[tokio::test]
async fn a_control_call_whose_body_does_not_come_is_answered_too() {
    let config = Config {
        body_timeout: Duration::from_millis(150),
        ..Config::default()
    };
    let app = App::with(config);
    let mut slow = app.socket().await;
    slow.write(b"PUT /_crs/state HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\n{")
        .await;
    let answer = slow.answer().await.expect("an answer");
    assert_eq!(answer.status, 408, "{answer}");
    let message = answer.json()["Error"]["Message"].to_string();
    assert!(message.contains("150ms"), "{message}");
}

#[tokio::test]
async fn a_caller_who_leaves_in_the_middle_changes_nothing() {
    let app = App::start();
    let before = app.controlled("GET", "/_crs/state", "").await;
    let Raw(bytes) = request(UPGRADE);
    for sent in [1, bytes.len() / 2, bytes.len() - 1] {
        let mut gone = app.socket().await;
        gone.write(&bytes[..sent]).await;
        gone.leave().await;
        assert_eq!(app.send(&request(DESCRIBE)).await.code(), "");
    }
    let after = app.controlled("GET", "/_crs/state", "").await;
    assert_eq!(before["Accounts"], after["Accounts"]);
}

/// An emulator whose wall clock panics when `fuse`, which each reading by a call lowers, reaches zero.
fn fused() -> (App, Arc<AtomicI64>) {
    let fuse = Arc::new(AtomicI64::new(i64::MAX));
    let burns = Arc::clone(&fuse);
    // Calls are served on the test's own thread; what the server does aside, as looking for accounts whose time is up,
    // reads the time as well, and at no moment that a test can know.
    let served_by = thread::current().id();
    let wall = move || {
        assert!(
            thread::current().id() != served_by || burns.fetch_sub(1, Ordering::SeqCst) != 1,
            "the fuse of the test has burnt down"
        );
        NOW_MS
    };
    (App::with_wall(Config::default(), FIXTURE, Box::new(wall)), fuse)
}

#[tokio::test]
async fn a_panic_is_an_internal_error_and_no_more() {
    // The first reading is made on arrival, the second while the account is locked.
    for reading in [1, 2] {
        let (app, fuse) = fused();
        let raw = request(DESCRIBE);
        for over_socket in [false, true] {
            fuse.store(reading, Ordering::SeqCst);
            let answer = if over_socket {
                app.send(&raw).await
            } else {
                app.call(&raw).await
            };
            let envelope = answer.envelope().unwrap_or_else(|fault| panic!("{fault}\n{answer}"));
            assert_eq!(
                envelope.error,
                Some((
                    "InternalError".to_owned(),
                    "An internal error has occurred. Retry your request, but if the problem \
                     persists, contact us."
                        .to_owned()
                )),
                "reading {reading}"
            );
            let next = app.send(&raw).await;
            assert_eq!(next.code(), "", "reading {reading}: {next}");
        }
        let metrics = app.metrics().await;
        assert!(metrics.contains("code=\"InternalError\"} 2"), "{metrics}");
    }
}

#[tokio::test]
async fn a_connection_goes_on_after_a_panic() {
    let (app, fuse) = fused();
    let mut socket = app.socket().await;
    fuse.store(1, Ordering::SeqCst);
    assert_eq!(socket.exchange(&request(DESCRIBE)).await.code(), "InternalError");
    assert_eq!(socket.exchange(&request(DESCRIBE)).await.code(), "");
}

#[tokio::test]
async fn requests_sent_ahead_are_answered_in_order() {
    let app = App::start();
    let mut socket = app.socket().await;
    let ahead = [
        request(DESCRIBE),
        with_header(DESCRIBE, "X-TC-Action: Nothing"),
        request("GET / HTTP/1.1\nHost: x"),
        request(DESCRIBE),
    ];
    let all: Vec<u8> = ahead.iter().flat_map(|raw| raw.0.clone()).collect();
    socket.write(&all).await;
    let mut codes = Vec::new();
    for _ in &ahead {
        codes.push(socket.answer().await.expect("an answer").code());
    }
    assert_eq!(codes, ["", "InvalidAction", "InvalidParameter", ""]);
}

#[tokio::test]
async fn a_body_in_chunks_is_a_body() {
    let app = App::start();
    let whole = request(DESCRIBE);
    let head = String::from_utf8(whole.0.clone()).expect("text");
    let head = head.replace("Content-Length: 2\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\n");
    let mut socket = app.socket().await;
    socket
        .write(format!("{head}1\r\n{{\r\n1\r\n}}\r\n0\r\n\r\n").as_bytes())
        .await;
    let answer = socket.answer().await.expect("an answer");
    assert_eq!(answer.code(), "", "{answer}");
    // Chunks that are none end the connection; nobody else notices.
    socket.write(format!("{head}zz\r\n").as_bytes()).await;
    assert!(socket.ends().await);
    assert_eq!(app.send(&whole).await.code(), "");
}

#[tokio::test]
async fn a_body_of_unknown_length_may_not_be_endless() {
    let app = App::start();
    let head = String::from_utf8(request(DESCRIBE).0).expect("text");
    let head = head.replace("Content-Length: 2\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\n");
    let mut socket = app.socket().await;
    socket.write(head.as_bytes()).await;
    let chunk = [b"100000\r\n".as_slice(), &vec![b' '; 1 << 20], b"\r\n"].concat();
    for _ in 0..11 {
        socket.write(&chunk).await;
    }
    socket.write(b"0\r\n\r\n").await;
    assert_eq!(
        socket.answer().await.expect("an answer").code(),
        "RequestSizeLimitExceeded"
    );
    // It was read to its end, so the connection serves on.
    assert_eq!(socket.exchange(&request(DESCRIBE)).await.code(), "");
}

#[tokio::test]
async fn a_body_that_nobody_reads_does_not_spoil_the_connection() {
    let app = App::start();
    let mut socket = app.socket().await;
    let big = request("PUT / HTTP/1.1\n{USUAL}\n\n{REPEAT a 2000000}");
    assert_eq!(socket.exchange(&big).await.code(), "UnsupportedProtocol");
    assert_eq!(socket.exchange(&request(DESCRIBE)).await.code(), "");
}

#[tokio::test]
async fn a_caller_who_asks_first_is_told_to_go_on() {
    let app = App::start();
    let Raw(bytes) = with_header(DESCRIBE, "Expect: 100-continue");
    let mut socket = app.socket().await;
    socket.write(&bytes[..bytes.len() - 2]).await;
    assert_eq!(socket.answer().await.expect("a word").status, 100);
    socket.write(b"{}").await;
    assert_eq!(socket.answer().await.expect("an answer").code(), "");
}

#[tokio::test]
async fn what_is_no_http_ends_the_connection_alone() {
    let app = App::start();
    for garbage in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"hello\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
    ] {
        let mut socket = app.socket().await;
        socket.write(garbage).await;
        assert!(socket.ends().await, "{garbage:?}");
    }
    assert_eq!(app.send(&request(DESCRIBE)).await.code(), "");
}

#[tokio::test]
async fn http_2_is_spoken_without_being_asked_for() {
    let app = App::start();
    let stream = tokio::net::TcpStream::connect(app.address().await)
        .await
        .expect("it listens");
    let io = hyper_util::rt::TokioIo::new(stream);
    let executor = hyper_util::rt::TokioExecutor::new();
    let (mut sender, connection) = hyper::client::conn::http2::handshake(executor, io)
        .await
        .expect("HTTP/2");
    tokio::spawn(connection);
    // The authority is what was signed: HTTP/2 has no Host header.
    for (text, code) in [
        (DESCRIBE, ""),
        (
            "@sign tamper=host\nPOST / HTTP/1.1\n{USUAL}\n\n{}",
            "AuthFailure.SignatureFailure",
        ),
    ] {
        let mut sent = request(text).parse();
        sent.headers_mut().remove("host");
        sent.headers_mut().remove("content-length");
        *sent.uri_mut() = "http://127.0.0.1:8239/".parse().expect("a URI");
        *sent.version_mut() = http::Version::HTTP_2;
        let response = sender.send_request(sent).await.expect("an answer");
        assert_eq!(response.version(), http::Version::HTTP_2);
        let answer = Answer::of(response).await;
        assert_eq!(answer.code(), code, "{answer}");
    }
}

/// The bodies of a day's calls on a manual clock.
async fn day(seed: u64) -> Vec<Vec<u8>> {
    let app = App::with(Config {
        seed: Some(seed),
        ..Config::default()
    });
    let clock = r#"{"Mode":"manual","Now":"2027-01-01T00:00:00Z"}"#;
    app.controlled("PUT", "/_crs/clock", clock).await;
    let create = r#"{"TypeId":2,"MemSize":1024,"GoodsNum":2,"Period":1,"BillingMode":0,"ZoneId":100003,"Password":"abcd@1234","VpcId":"vpc-table001","SubnetId":"subnet-table001"}"#;
    let calls = [
        request(DESCRIBE),
        request(UPGRADE),
        request(DESCRIBE),
        request(&format!(
            "POST / HTTP/1.1\n{{USUAL}}\nX-TC-Action: CreateInstances\n\n{create}"
        )),
        with_header(DESCRIBE, "X-TC-Action: DescribeTaskList"),
        with_header(DESCRIBE, "X-TC-Action: Nothing"),
        request(DESCRIBE),
    ];
    let mut bodies = Vec::new();
    for raw in &calls {
        bodies.push(app.call(raw).await.body);
        app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":2}"#).await;
    }
    bodies.push(app.call(&Raw::control("GET", "/_crs/state", "")).await.body);
    bodies
}

#[tokio::test]
async fn the_same_seed_and_calls_are_the_same_bytes() {
    let (once, again, other) = (day(7).await, day(7).await, day(8).await);
    assert_eq!(once, again);
    for (one, other) in once.iter().zip(&other) {
        assert_ne!(one, other, "another seed has other RequestIds and ids");
    }
}

#[tokio::test]
async fn no_two_calls_have_the_same_request_id() {
    let app = App::with(Config {
        rate_limit: RateLimits::from(crs_local::config::Limit::Off),
        ..Config::default()
    });
    let mut seen = std::collections::HashSet::new();
    for raw in [
        request(DESCRIBE),
        with_header(DESCRIBE, "X-TC-Action: Nothing"),
        request("GET / HTTP/1.1\nHost: x"),
    ] {
        for _ in 0..100 {
            let answer = app.call(&raw).await;
            assert!(
                seen.insert(answer.envelope().expect("an envelope").request_id),
                "{answer}"
            );
        }
    }
}

#[tokio::test]
async fn what_the_gateway_refuses_unread_is_counted_too() {
    let app = App::start();
    let big =
        request("POST / HTTP/1.1\n{USUAL}\nContent-Type: application/x-www-form-urlencoded\n\n{REPEAT a 1100000}");
    assert_eq!(app.call(&big).await.code(), "RequestSizeLimitExceeded");
    let metrics = app.metrics().await;
    let line = "crs_local_calls_total{action=\"\",code=\"RequestSizeLimitExceeded\"} 1";
    assert!(metrics.contains(line), "{metrics}");
    assert!(metrics.contains("crs_local_call_seconds_count 1"), "{metrics}");
}

#[tokio::test]
async fn a_head_beyond_what_the_parser_holds_is_refused_without_an_envelope() {
    let app = App::start();
    let many: String = (0..120).map(|n| format!("X-H{n}: 1\n")).collect();
    // A known difference: such a head never becomes a request, so there is nothing to answer.
    for (what, status, text) in [
        (
            "a target of 70 KB",
            414,
            "GET /?A={REPEAT a 70000} HTTP/1.1\nHost: x".to_owned(),
        ),
        (
            "a head of 600 KB",
            431,
            "POST / HTTP/1.1\n{USUAL}\nX-Big: {REPEAT a 600000}\n\n{}".to_owned(),
        ),
        ("120 headers", 431, format!("POST / HTTP/1.1\n{{USUAL}}\n{many}\n{{}}")),
    ] {
        let mut socket = app.socket().await;
        let answer = socket.exchange(&request(&text)).await;
        assert_eq!((answer.status, answer.body.len()), (status, 0), "{what}");
        assert!(socket.ends().await, "{what}");
    }
    assert_eq!(app.send(&request(DESCRIBE)).await.code(), "");
}
