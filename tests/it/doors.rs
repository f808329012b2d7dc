//! The doors, as bytes on a socket: pages that attack, and programs and people that are let in.

use std::fmt::Write as _;

use crs_local::Config;

use super::gateway::request;
use super::harness::{Answer, App, Raw};

const FRIENDS: &str = include_str!("../data/doors/friends.txt");

/// A write that is always right.
const RENAME: &str = "/?Action=ModifyInstance&Version=2018-04-12&Region=ap-guangzhou\
    &Operation=rename&InstanceIds.0=crs-5qlrlhux&InstanceNames.0=taken";
const DESCRIBE: &str = "/?Action=DescribeInstances&Version=2018-04-12&Region=ap-guangzhou";

/// A request of these lines; its length is added.
fn raw(head: &str, body: &str) -> Raw {
    let mut text = head.trim().replace('\n', "\r\n");
    if !body.is_empty() {
        let _ = write!(text, "\r\nContent-Length: {}", body.len());
    }
    Raw(format!("{text}\r\n\r\n{body}").into_bytes())
}

/// What Chromium sends beside, for a page that fetches from another site.
const CHROME: &str = "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0\n\
    Accept: */*\nAccept-Language: en-US,en;q=0.9\nAccept-Encoding: gzip, deflate";

/// Sends it over a socket; the state and the counts must be what they were.
async fn attack(app: &App, what: &str, sent: &Raw) -> Answer {
    let state = app.controlled("GET", "/_crs/state", "").await;
    let metrics = app.metrics().await;
    let answer = app.send(sent).await;
    assert_eq!(
        app.controlled("GET", "/_crs/state", "").await,
        state,
        "{what} has changed the state\n{sent}\n{answer}"
    );
    if answer.status != 200 {
        assert_eq!(app.metrics().await, metrics, "{what} is counted as a call");
    }
    answer
}

fn assert_guarded(answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name} of\n{answer}");
    }
    assert_eq!(answer.header("access-control-allow-origin"), None, "{answer}");
}

#[tokio::test]
async fn a_page_of_another_site_gets_nothing_done() {
    let app = App::start();
    let loopback = "Host: 127.0.0.1:8239";
    let cross = "Sec-Fetch-Site: cross-site";
    for (what, head, body) in [
        (
            "a form that resets",
            format!(
                "POST /_crs/reset HTTP/1.1\n{loopback}\n{CHROME}\nOrigin: http://evil.example\n\
                 Content-Type: text/plain\n{cross}\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: document"
            ),
            "a=b",
        ),
        (
            "a form without Sec-Fetch headers",
            format!("POST /_crs/reset HTTP/1.1\n{loopback}\n{CHROME}\nOrigin: null"),
            "a=b",
        ),
        (
            "a form of another port of this machine",
            format!(
                "POST /_crs/reset HTTP/1.1\n{loopback}\n{CHROME}\nOrigin: http://127.0.0.1:3000\n\
                 Sec-Fetch-Site: same-site"
            ),
            "a=b",
        ),
        (
            "fetch without cors",
            format!(
                "POST / HTTP/1.1\n{loopback}\n{CHROME}\nOrigin: http://evil.example\n{cross}\n\
                 Sec-Fetch-Mode: no-cors\nContent-Type: application/x-www-form-urlencoded"
            ),
            &RENAME[2..],
        ),
        (
            "an image whose address renames",
            format!(
                "GET {RENAME} HTTP/1.1\n{loopback}\n{CHROME}\n{cross}\nSec-Fetch-Mode: no-cors\n\
                 Sec-Fetch-Dest: image\nReferer: http://evil.example/"
            ),
            "",
        ),
        (
            "a link that renames",
            format!(
                "GET {RENAME} HTTP/1.1\n{loopback}\n{CHROME}\n{cross}\nSec-Fetch-Mode: navigate\n\
                 Sec-Fetch-Dest: document"
            ),
            "",
        ),
        (
            "an image, where a browser does not say whose",
            format!("GET {RENAME} HTTP/1.1\nHost: 0.0.0.0:8239\n{CHROME}"),
            "",
        ),
        (
            "an image at a service's name",
            format!("GET {RENAME} HTTP/1.1\nHost: crs-local:8239\n{CHROME}"),
            "",
        ),
        (
            "an image at a name of Tencent's in the hosts file",
            format!("GET {RENAME} HTTP/1.1\nHost: redis.tencentcloudapi.com:8239\n{CHROME}"),
            "",
        ),
        (
            "the state in a frame",
            format!(
                "GET /_crs/state HTTP/1.1\n{loopback}\n{CHROME}\n{cross}\nSec-Fetch-Mode: navigate\n\
                 Sec-Fetch-Dest: iframe"
            ),
            "",
        ),
        (
            "the state as a script",
            format!(
                "GET /_crs/state HTTP/1.1\n{loopback}\n{CHROME}\n{cross}\nSec-Fetch-Mode: no-cors\n\
                 Sec-Fetch-Dest: script"
            ),
            "",
        ),
        (
            "a question whether a page may",
            format!(
                "OPTIONS / HTTP/1.1\n{loopback}\n{CHROME}\nOrigin: http://evil.example\n{cross}\n\
                 Access-Control-Request-Method: POST"
            ),
            "",
        ),
        (
            "the state by a rebound name",
            format!("GET /_crs/state HTTP/1.1\nHost: evil.example:8239\n{CHROME}\nSec-Fetch-Site: same-origin"),
            "",
        ),
        (
            "the counts by a rebound name",
            "GET /metrics HTTP/1.1\nHost: evil.example:8239".to_owned(),
            "",
        ),
        (
            "a reset by a rebound name",
            format!("POST /_crs/reset HTTP/1.1\nHost: evil.example:8239\n{CHROME}\nOrigin: http://evil.example:8239"),
            "{}",
        ),
        ("the state without any name", "GET /_crs/state HTTP/1.0".to_owned(), ""),
    ] {
        let answer = attack(&app, what, &raw(&head, body)).await;
        assert_eq!(answer.status, 403, "{what}\n{answer}");
        let message = answer.json()["Error"]["Message"].to_string();
        assert!(message.len() > 40, "{what}: {message}");
        assert_guarded(&answer);
    }
}

#[tokio::test]
async fn by_a_rebound_name_only_a_key_pair_of_ones_own_counts() {
    let app = App::start();
    let by = |host: &str, text: &str| request(&text.replace("{USUAL}", &format!("{{USUAL}}\nHost: {host}")));
    let rename = "POST / HTTP/1.1\n{USUAL}\nX-TC-Action: ModifyInstance\n\n\
        {\"Operation\":\"rename\",\"InstanceIds\":[\"crs-5qlrlhux\"],\"InstanceNames\":[\"taken\"]}";
    let unsigned = |host: &str| raw(&format!("GET {RENAME} HTTP/1.1\nHost: {host}"), "");
    let not_found = "AuthFailure.SecretIdNotFound";
    for host in ["evil.example:8239", "redis.ap-shanghai-fsi.anything", "crs.default"] {
        for (what, sent) in [
            ("unsigned", unsigned(host)),
            ("the pair of the documents", by(host, rename)),
            (
                "an unknown SecretId",
                by(host, &format!("@sign id=AKIDnobody\n{rename}")),
            ),
        ] {
            let state = app.controlled("GET", "/_crs/state", "").await["Accounts"].clone();
            let answer = app.send(&sent).await;
            assert_eq!(answer.code(), not_found, "{what} by {host}\n{answer}");
            assert_guarded(&answer);
            let after = app.controlled("GET", "/_crs/state", "").await["Accounts"].clone();
            assert_eq!(state, after, "{what} by {host}");
        }
        let own = by(host, "@sign id=AKIDsecond key=second\nPOST / HTTP/1.1\n{USUAL}\n\n{}");
        let answer = app.send(&own).await.code();
        assert!(
            !answer.starts_with("AuthFailure"),
            "a pair of one's own by {host}: {answer}"
        );
    }
    // Without any Host, which HTTP/1.0 may do, the same.
    let nameless = raw(&format!("GET {DESCRIBE} HTTP/1.0"), "");
    assert_eq!(app.send(&nameless).await.code(), not_found);
    // A name that is given is a local one.
    let app = App::with(Config {
        allow_host: vec!["crs.default".parse().expect("a name")],
        ..Config::default()
    });
    assert_eq!(app.send(&unsigned("crs.default:8239")).await.code(), "");
    assert_eq!(app.send(&by("crs.default", rename)).await.code(), "");
    assert_eq!(app.send(&unsigned("x.crs.default")).await.code(), not_found);
    let state = raw("GET /_crs/state HTTP/1.1\nHost: CRS.default.:8239", "");
    assert_eq!(app.send(&state).await.status, 200);
}

/// The names and headers of the programs.
fn friends() -> Vec<(&'static str, &'static str)> {
    let friends: Vec<_> = FRIENDS
        .split("==== ")
        .skip(1)
        .map(|friend| friend.split_once('\n').expect("headers"))
        .collect();
    assert!(friends.len() > 12, "{friends:?}");
    friends
}

#[tokio::test]
async fn programs_notice_nothing() {
    let app = App::with(Config {
        rate_limit: crs_local::config::Limit::Off.into(),
        ..Config::default()
    });
    for (friend, headers) in friends() {
        for host in [
            "127.0.0.1:8239",
            "localhost:8239",
            "[::1]:8239",
            "crs-local:8239",
            "192.168.65.254:8239",
            "host.docker.internal:8239",
            "crs.default.svc.cluster.local:8239",
            "http://127.0.0.1:8239",
        ] {
            let head = |target: &str| format!("{target} HTTP/1.1\nHost: {host}\n{headers}");
            for (target, body) in [
                ("GET /_crs/health", ""),
                ("GET /_crs/state", ""),
                ("GET /metrics", ""),
                ("POST /_crs/clock/advance", "{\"Seconds\":0}"),
                ("PUT /_crs/clock", "{\"Mode\":\"real\"}"),
                ("DELETE /_crs/faults", ""),
            ] {
                let answer = app.send(&raw(&head(target), body)).await;
                assert_eq!(answer.status, 200, "{target} of {friend} at {host}\n{answer}");
                assert_guarded(&answer);
            }
            let answer = app.send(&raw(&head(&format!("GET {RENAME}")), "")).await;
            assert_eq!(answer.code(), "", "{friend} at {host}\n{answer}");
            assert_guarded(&answer);
        }
    }
}

#[tokio::test]
async fn a_proxy_for_tencents_names_leads_here() {
    let app = App::start();
    for name in ["redis.tencentcloudapi.com", "redis.ap-guangzhou.tencentcloudapi.com"] {
        // As curl writes it with http_proxy set, and as a client that finds the name in a hosts file.
        for target in [format!("http://{name}{DESCRIBE}"), DESCRIBE.to_owned()] {
            let head = format!("GET {target} HTTP/1.1\nHost: {name}\nUser-Agent: curl/8.5.0");
            let answer = app.send(&raw(&head, "")).await;
            assert_eq!(answer.code(), "", "{head}\n{answer}");
        }
        let state = format!("GET http://{name}/_crs/state HTTP/1.1\nHost: {name}");
        let answer = app.send(&raw(&state, "")).await;
        assert_eq!(answer.status, 403, "{answer}");
        for open in ["/_crs/health", "/_crs/ca.pem"] {
            let head = format!("GET http://{name}{open} HTTP/1.1\nHost: {name}");
            assert_ne!(app.send(&raw(&head, "")).await.status, 403, "{open}");
        }
    }
}

#[tokio::test]
async fn a_person_with_a_browser_may_look() {
    let app = App::start();
    for (what, target, site) in [
        ("a link to the list of calls", "/_crs/", "cross-site"),
        ("a typed address", "/_crs/", "none"),
        ("a link to the state", "/_crs/state", "same-site"),
        ("the counts", "/metrics", "cross-site"),
        ("the sample URL, typed", RENAME, "none"),
    ] {
        let head = format!(
            "GET {target} HTTP/1.1\nHost: localhost:8239\n{CHROME}\nSec-Fetch-Site: {site}\n\
             Sec-Fetch-Mode: navigate\nSec-Fetch-User: ?1\nSec-Fetch-Dest: document"
        );
        let answer = app.send(&raw(&head, "")).await;
        assert_eq!(answer.status, 200, "{what}\n{answer}");
        assert_guarded(&answer);
    }
    let state = app.controlled("GET", "/_crs/state", "").await;
    assert!(
        state.to_string().contains("taken"),
        "the sample URL has done what it says"
    );
    // The page that this server serves itself may call it.
    for (target, body) in [
        ("POST /_crs/reset", ""),
        ("POST /_crs/clock/advance", "{\"Seconds\":1}"),
    ] {
        let head = format!(
            "{target} HTTP/1.1\nHost: localhost:8239\n{CHROME}\nOrigin: http://localhost:8239\n\
             Sec-Fetch-Site: same-origin\nSec-Fetch-Mode: cors"
        );
        assert_eq!(app.send(&raw(&head, body)).await.status, 200, "{target}");
    }
}

#[tokio::test]
async fn a_token_is_asked_for_by_all_that_tells_or_changes_something() {
    let app = App::with(Config {
        control_token: Some("s3cret".parse().expect("a token")),
        ..Config::default()
    });
    let listed = app.send(&raw("GET /_crs HTTP/1.1\nHost: localhost", "")).await.json();
    let calls = listed["Calls"].as_array().expect("a list");
    assert!(calls.len() > 15, "{listed}");
    for call in calls {
        let (method, path) = (
            call["Method"].as_str().expect("text"),
            call["Path"].as_str().expect("text"),
        );
        let head = format!("{method} {path} HTTP/1.1\nHost: localhost");
        let answer = app.send(&raw(&head, "")).await;
        if path.starts_with("/_crs/backups/") || path.starts_with("/_crs/exports/") {
            // It asks for a signature instead.
            assert_eq!(answer.status, 403, "{head}\n{answer}");
            continue;
        }
        let is_open = ["/_crs", "/_crs/health", "/_crs/ca.pem", "/_crs/console/{File}"].contains(&path);
        assert_eq!(answer.status == 401, !is_open, "{head}\n{answer}");
        if !is_open {
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{answer}");
            let message = answer.json()["Error"]["Message"].to_string();
            assert!(
                message.contains("--control-token") && !message.contains("s3cret"),
                "{message}"
            );
        }
        if path == "/_crs/events" {
            // A stream: with the token it goes on for ever.
            continue;
        }
        let with_token = format!("{head}\nAuthorization: Bearer s3cret");
        let answer = app.send(&raw(&with_token, "")).await;
        assert_ne!(answer.status, 401, "{head}\n{answer}");
    }
    // The API knows nothing of it.
    assert_eq!(app.send(&request("POST / HTTP/1.1\n{USUAL}\n\n{}")).await.code(), "");
}

#[tokio::test]
async fn a_head_that_breaks_the_standard_is_refused_and_changes_nothing() {
    let app = App::start();
    for (head, status) in [
        (format!("GET {RENAME} HTTP/1.1"), 400),
        (format!("GET {RENAME} HTTP/1.1\nHost: localhost\nHost: localhost"), 400),
        (
            format!("GET {RENAME} HTTP/1.1\nHost: localhost\nHost: evil.example"),
            400,
        ),
        ("GET /_crs/health HTTP/1.1".to_owned(), 400),
        (
            format!("POST {RENAME} HTTP/1.1\nHost: localhost\nTransfer-Encoding: gzip, chunked"),
            501,
        ),
        (
            "POST /_crs/reset HTTP/1.1\nHost: localhost\nTransfer-Encoding: gzip, chunked".to_owned(),
            501,
        ),
        ("GET /_crs/\u{1}state HTTP/1.1\nHost: localhost".to_owned(), 400),
        ("GET /_crs/state HTTP/1.1\nHost: local\u{1}host".to_owned(), 400),
        ("GET /_crs/state HTTP/1.1\nHost: localhost\nX-\u{1}: 1".to_owned(), 400),
    ] {
        let answer = attack(&app, &head, &raw(&head, "")).await;
        assert_eq!(answer.status, status, "{head}\n{answer}");
    }
}

#[tokio::test]
async fn what_will_be_refused_is_not_asked_for() {
    let app = App::start();
    // The head of a request that asks before it sends; what it is answered at once.
    for (head, status) in [
        (
            "POST /_crs/faults HTTP/1.1\nHost: localhost\nContent-Length: 1048577",
            413,
        ),
        (
            "PUT /_crs/state HTTP/1.1\nHost: localhost\nContent-Length: 268435457",
            413,
        ),
        (
            "POST /_crs/reset HTTP/1.1\nHost: localhost\nContent-Length: 900000000",
            413,
        ),
        (
            "GET /_crs/state HTTP/1.1\nHost: localhost\nContent-Length: 900000000",
            413,
        ),
        ("POST / HTTP/1.1\nHost: localhost\nContent-Length: 10485761", 200),
        ("POST / HTTP/1.1\nHost: localhost\nContent-Length: 900000000", 200),
        (
            "POST / HTTP/1.1\nHost: localhost\nContent-Type: application/x-www-form-urlencoded\n\
             Content-Length: 1048577",
            200,
        ),
        ("PUT /_crs/state HTTP/1.1\nHost: evil.example\nContent-Length: 9", 403),
        (
            "PUT /_crs/state HTTP/1.1\nHost: localhost\nOrigin: null\nContent-Length: 9",
            403,
        ),
        ("POST /_crs/nothing HTTP/1.1\nHost: localhost\nContent-Length: 9", 404),
        ("POST /_crs/state HTTP/1.1\nHost: localhost\nContent-Length: 9", 405),
    ] {
        for expect in ["", "\nExpect: 100-continue"] {
            let mut socket = app.socket().await;
            socket.write(&raw(&format!("{head}{expect}"), "").0).await;
            let answer = socket.answer().await.expect("an answer");
            assert_eq!(answer.status, status, "{head}{expect}\n{answer}");
            if status == 200 {
                assert_eq!(answer.code(), "RequestSizeLimitExceeded", "{head}\n{answer}");
            }
            if !expect.is_empty() {
                assert!(socket.ends().await, "nothing more can be told from the body\n{head}");
            }
        }
    }
}

#[tokio::test]
async fn who_writes_all_before_reading_gets_the_answer_too() {
    let app = App::start();
    let body = " ".repeat(12 << 20);
    for (head, status) in [
        ("POST /_crs/faults HTTP/1.1\nHost: localhost", 413),
        ("POST / HTTP/1.1\nHost: localhost\nContent-Type: application/json", 200),
        ("PUT /_crs/state HTTP/1.1\nHost: evil.example", 403),
    ] {
        let mut socket = app.socket().await;
        socket.write(&raw(head, &body).0).await;
        let answer = socket.answer().await.expect("an answer");
        assert_eq!(answer.status, status, "{head}\n{answer}");
        // What was left was read to its end, so the connection serves on.
        let health = socket.exchange(&Raw::control("GET", "/_crs/health", "")).await;
        assert_eq!(health.status, 200, "{head}");
    }
}
