//! What a rule does to an answer on its way: late, cut, lost, or another one; over a socket, HTTP/2 and in process.

use std::time::Duration;

use crs_local::http::router;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower::ServiceExt;

use super::{DESCRIBE, UPGRADE, add, called, request};
use crate::harness::{Answer, App, Raw, Socket};
use crate::tunnel::stoppable;

/// All that a server sends for one request until it ends the connection.
async fn until_the_end(app: &App, raw: &Raw) -> Vec<u8> {
    let mut stream = TcpStream::connect(app.address().await).await.expect("it listens");
    stream.write_all(&raw.0).await.expect("it reads");
    let mut all = Vec::new();
    // A connection may also be reset.
    let _ = stream.read_to_end(&mut all).await;
    all
}

/// The memory of the instance, and whether it is busy.
async fn instance(app: &App) -> (Value, bool) {
    let shown = app.controlled("GET", "/_crs/instances/crs-5qlrlhux", "").await;
    (shown["MemSize"].clone(), shown["Status"] == 1)
}

fn upgrade_rule(then: Value, when: &str) -> Value {
    json!({ "Match": { "Action": "UpgradeInstance" }, "Then": then, "When": when, "Times": 1 })
}

#[tokio::test]
async fn a_dropped_call_ends_the_connection_without_a_byte() {
    for (when, has_begun) in [("before", false), ("after", true)] {
        let app = App::start();
        add(&app, &upgrade_rule(json!({ "Drop": true }), when)).await;
        assert_eq!(until_the_end(&app, &request(UPGRADE)).await, b"", "{when}");
        assert_eq!(instance(&app).await, (json!(1_024), has_begun), "{when}");
        // The rule is spent, and so others are answered.
        assert_eq!(app.send(&request(DESCRIBE)).await.code(), "");
    }
}

#[tokio::test]
async fn who_tries_again_after_a_lost_answer_finds_the_effect() {
    let app = App::start();
    add(&app, &upgrade_rule(json!({ "Drop": true }), "after")).await;
    let mut socket = app.socket().await;
    assert_eq!(socket.try_exchange(&request(UPGRADE)).await, None);
    let mut again = app.socket().await;
    let answer = again.exchange(&request(UPGRADE)).await;
    assert_eq!(answer.code(), "ResourceUnavailable.InstanceStatusAbnormal", "{answer}");
    app.controlled("POST", "/_crs/flows/drain", "").await;
    assert_eq!(instance(&app).await, (json!(2_048), false));
    // A third time there is nothing to change: it was paid once.
    let answer = again.exchange(&request(UPGRADE)).await;
    assert_eq!(answer.code(), "InvalidParameter.InvalidParameter", "{answer}");
    let state = app.controlled("GET", "/_crs/state", "").await;
    assert_eq!(state["Accounts"][0]["Deals"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_cut_answer_announces_all_and_brings_a_part() {
    for when in ["before", "after"] {
        let app = App::start();
        let rule = json!({ "Match": { "Action": "DescribeInstances" }, "Then": { "Truncate": 25 }, "When": when });
        add(&app, &rule).await;
        let came = String::from_utf8(until_the_end(&app, &request(DESCRIBE)).await).expect("text");
        let (head, body) = came.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
        let announced = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let announced: usize = announced.expect("a length").parse().expect("a number");
        assert!(announced > 100, "{head}");
        let whole = if when == "after" {
            "{\"Response\":{\"TotalCount\""
        } else {
            "{\"Response\":{\"Error\":{\"Code"
        };
        assert_eq!(body, &whole[..25], "{when}");
    }
}

#[tokio::test]
async fn a_long_answer_is_cut_to_the_byte_and_a_short_one_comes_whole() {
    let app = App::start();
    let (long, bytes) = ("x".repeat(60_000), 59_999);
    let rule = |bytes| json!({ "Match": {}, "Then": { "Body": long, "Truncate": bytes }, "Times": 1 });
    add(&app, &rule(bytes)).await;
    let came = until_the_end(&app, &request(DESCRIBE)).await;
    assert!(came.ends_with(&long.as_bytes()[..bytes]) && !came.ends_with(long.as_bytes()));
    add(&app, &rule(60_000)).await;
    let mut socket = app.socket().await;
    assert_eq!(socket.exchange(&request(DESCRIBE)).await.body, long.as_bytes());
    assert_eq!(socket.exchange(&request(DESCRIBE)).await.code(), "", "it goes on");
}

#[tokio::test]
async fn an_answer_gets_another_status_or_body() {
    let app = App::start();
    let send = async |then: Value, when: &str| {
        add(&app, &json!({ "Match": {}, "Then": then, "When": when, "Times": 1 })).await;
        app.send(&request(DESCRIBE)).await
    };
    let answer = send(
        json!({ "HttpStatus": 502, "Body": "<html>Bad Gateway</html>" }),
        "before",
    )
    .await;
    assert_eq!(
        (answer.status, &answer.body[..]),
        (502, &b"<html>Bad Gateway</html>"[..])
    );
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let answer = send(
        json!({ "HttpStatus": 503, "Code": "InternalError", "Message": "m" }),
        "before",
    )
    .await;
    assert_eq!(answer.status, 503);
    assert_eq!(
        answer.json()["Response"]["Error"],
        json!({ "Code": "InternalError", "Message": "m" })
    );
    let answer = send(json!({ "HttpStatus": 500 }), "after").await;
    assert_eq!(
        (answer.status, &answer.json()["Response"]["TotalCount"]),
        (500, &json!(2))
    );
    let answer = send(json!({ "Body": "{\"Response\":" }), "after").await;
    assert_eq!((answer.status, &answer.body[..]), (200, &b"{\"Response\":"[..]));
    let answer = send(json!({ "HttpStatus": 204 }), "after").await;
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    let answer = send(json!({ "Code": "RequestLimitExceeded" }), "after").await;
    assert_eq!(answer.code(), "RequestLimitExceeded");
    assert!(answer.message().contains("Fault rule 6"), "{answer}");
}

#[tokio::test]
async fn http_2_resets_the_stream_alone() {
    let app = App::start();
    let stream = TcpStream::connect(app.address().await).await.expect("it listens");
    let io = hyper_util::rt::TokioIo::new(stream);
    let executor = hyper_util::rt::TokioExecutor::new();
    let shaken = hyper::client::conn::http2::handshake(executor, io).await;
    let (mut sender, connection) = shaken.expect("HTTP/2");
    tokio::spawn(connection);
    let sent = || {
        let mut sent = request(DESCRIBE).parse();
        sent.headers_mut().remove("host");
        sent.headers_mut().remove("content-length");
        *sent.uri_mut() = "http://127.0.0.1:8239/".parse().expect("a URI");
        *sent.version_mut() = http::Version::HTTP_2;
        sent
    };
    add(&app, &json!({ "Match": {}, "Then": { "Drop": true }, "Times": 1 })).await;
    let dropped = sender.send_request(sent()).await.expect_err("no answer");
    assert!(!dropped.is_canceled() && !sender.is_closed(), "{dropped:?}");
    add(&app, &json!({ "Match": {}, "Then": { "Truncate": 9 }, "Times": 1 })).await;
    let cut = sender.send_request(sent()).await.expect("a head");
    let mut body = cut.into_body();
    let part = body.frame().await.expect("a part").expect("it comes");
    assert_eq!(part.into_data().expect("data"), "{\"Respons");
    assert!(body.frame().await.expect("more").is_err(), "the stream is reset");
    // Others of the connection go on.
    let answer = Answer::of(sender.send_request(sent()).await.expect("an answer")).await;
    assert_eq!(answer.code(), "");
}

#[tokio::test]
async fn in_process_a_dropped_call_is_an_answer_that_cannot_be_read() {
    let app = App::start();
    let answer = async || {
        let router = router(app.emulator.clone());
        router.oneshot(request(DESCRIBE).parse()).await.expect("an answer")
    };
    for then in [json!({ "Drop": true }), json!({ "Truncate": 5 })] {
        add(&app, &json!({ "Match": {}, "Then": then, "Times": 1 })).await;
        let read = answer().await.into_body().collect().await;
        let told = read.expect_err("it breaks off").to_string();
        assert!(told.contains("a fault rule ended the connection"), "{told}");
    }
}

/// A minute, which no test waits for.
const LONG_MS: u64 = 60_000;

#[tokio::test]
async fn a_delayed_call_holds_up_nobody_else() {
    let app = App::start();
    add(
        &app,
        &json!({ "Match": { "Action": "UpgradeInstance" }, "Then": { "DelayMs": LONG_MS } }),
    )
    .await;
    let mut waiting = Vec::new();
    // More than there are threads.
    for _ in 0..64 {
        let mut socket = app.socket().await;
        socket.write(&request(UPGRADE).0).await;
        waiting.push(socket);
    }
    let list = called("DescribeTaskList", &json!({}));
    for raw in [request(DESCRIBE), list, request(DESCRIBE)] {
        assert_eq!(app.send(&raw).await.code(), "");
    }
    // The same connection waits for its turn, the calls of others and of the control API do not.
    assert_eq!(super::rules(&app).await[0]["Fired"], 64);
    assert_eq!(instance(&app).await, (json!(1_024), false), "none has had its effect");
    drop(waiting);
}

#[tokio::test]
async fn a_delay_comes_before_or_after_the_effect() {
    for (when, has_begun) in [("before", false), ("after", true)] {
        let app = App::start();
        add(&app, &upgrade_rule(json!({ "DelayMs": LONG_MS }), when)).await;
        let mut socket = app.socket().await;
        socket.write(&request(UPGRADE).0).await;
        // The call has come to its rule once that has struck.
        while super::rules(&app).await[0]["Fired"] == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        while has_begun && !instance(&app).await.1 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(instance(&app).await, (json!(1_024), has_begun), "{when}");
    }
}

#[tokio::test]
async fn a_short_delay_ends_and_the_call_goes_on() {
    let app = App::start();
    add(&app, &upgrade_rule(json!({ "DelayMs": [1, 30] }), "before")).await;
    add(
        &app,
        &upgrade_rule(json!({ "DelayMs": 5, "Code": "LimitExceeded" }), "after"),
    )
    .await;
    assert_eq!(app.send(&request(UPGRADE)).await.code(), "");
    assert_eq!(app.send(&request(UPGRADE)).await.code(), "LimitExceeded");
}

#[tokio::test]
async fn a_delayed_call_whose_client_goes_away_ends() {
    const DELAY_MS: u64 = 300;
    let app = App::start();
    add(&app, &upgrade_rule(json!({ "DelayMs": DELAY_MS }), "before")).await;
    let mut socket = app.socket().await;
    socket.write(&request(UPGRADE).0).await;
    while super::rules(&app).await[0]["Fired"] == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    socket.leave().await;
    tokio::time::sleep(Duration::from_millis(3 * DELAY_MS)).await;
    assert_eq!(instance(&app).await, (json!(1_024), false), "nobody waits for it");
}

#[tokio::test]
async fn a_stop_does_not_wait_for_a_long_delay() {
    let (_emulator, address, stop, served) = stoppable(false).await;
    let control = async |method: &str, path: &str, body: &str| {
        let mut socket = Socket::on(TcpStream::connect(address).await.expect("it listens"));
        socket.exchange(&Raw::control(method, path, body)).await.json()
    };
    let rule = json!({ "Match": { "Action": "DescribeInstances" }, "Then": { "DelayMs": LONG_MS } }).to_string();
    control("POST", "/_crs/faults", &rule).await;
    let mut delayed = Socket::on(TcpStream::connect(address).await.expect("it listens"));
    delayed
        .write(b"GET /?Action=DescribeInstances&Version=2018-04-12&Region=ap-guangzhou HTTP/1.1\r\nHost: x\r\n\r\n")
        .await;
    while control("GET", "/_crs/faults", "").await["Faults"][0]["Fired"] == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    stop.send(()).expect("it still serves");
    let ended = tokio::time::timeout(Duration::from_millis(LONG_MS / 2), served).await;
    ended.expect("it stops").expect("it did not panic");
}
