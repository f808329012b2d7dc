//! The stream of what changes.

use std::process::{Command, Stdio};
use std::time::Duration;

use axum::body::Body;
use crs_local::Config;
use crs_local::http::router;
use crs_local::http::serve::{Protocol, serve};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream as StdStream;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tower::ServiceExt;

use super::{App, DESCRIBE, Raw, UPGRADE, refused, request};

/// No event may take longer; a test that would hang fails instead.
const EVENT_WITHIN: Duration = Duration::from_secs(30);

/// An open stream.
struct Stream {
    body: Body,
    text: String,
}

impl Stream {
    async fn open(app: &App, query: &str) -> Self {
        let call = Raw::control("GET", &format!("/_crs/events{query}"), "").parse();
        let response = router(Arc::clone(&app.emulator))
            .oneshot(call)
            .await
            .expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Self {
            body: response.into_body(),
            text: String::new(),
        }
    }

    /// What stands before the next empty line; `None` when the stream has ended.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            let frame = tokio::time::timeout(EVENT_WITHIN, self.body.frame())
                .await
                .expect("an event")?;
            let data = frame.expect("the stream goes on").into_data().expect("text");
            self.text.push_str(std::str::from_utf8(&data).expect("UTF-8"));
        }
    }

    /// The next event, its name and its data.
    async fn next(&mut self) -> (String, Value) {
        loop {
            let block = self.block().await.expect("it is open");
            if block.starts_with(':') {
                continue;
            }
            let (name, data) = block.split_once('\n').expect("two lines");
            let data = data.strip_prefix("data: ").expect("data");
            let name = name.strip_prefix("event: ").expect("a name");
            return (name.to_owned(), serde_json::from_str(data).expect("JSON"));
        }
    }

    /// The next event of that name.
    async fn find(&mut self, name: &str) -> Value {
        loop {
            let (found, data) = self.next().await;
            if found == name {
                return data;
            }
        }
    }
}

#[tokio::test]
async fn a_change_is_told_from_its_call_to_its_end() {
    let app = App::start();
    app.controlled(
        "PUT",
        "/_crs/clock",
        r#"{"Mode":"manual","Now":"2030-01-01T00:00:00Z"}"#,
    )
    .await;
    let mut stream = Stream::open(&app, "").await;
    let answer = app.call(&request(UPGRADE)).await.envelope().expect("an envelope");
    let (name, call) = stream.next().await;
    let expected = json!({
        "AppId": 1_250_000_000, "Action": "UpgradeInstance", "Region": "ap-guangzhou", "Code": null,
        "RequestId": answer.request_id,
    });
    assert_eq!((name.as_str(), call), ("call", expected));
    let flow = stream.find("flow").await;
    assert_eq!(
        (&flow["InstanceId"], &flow["Is"]),
        (&json!("crs-5qlrlhux"), &json!("begun"))
    );
    let busy = json!({ "AppId": 1_250_000_000, "InstanceId": "crs-5qlrlhux", "Was": 2, "Status": 1 });
    assert_eq!(stream.find("instance").await, busy);

    let state = app.controlled("GET", "/_crs/state", "").await;
    let flows = state["Accounts"][0]["Flows"].as_array().expect("flows");
    assert!(
        flows.iter().all(|flow| flow["Shown"] == false),
        "to be told is no look: {flows:?}"
    );

    app.controlled("POST", "/_crs/clock/advance", r#"{"Seconds":5}"#).await;
    let clock = json!({ "Mode": "manual", "Now": "2030-01-01T00:00:05.000Z" });
    assert_eq!(stream.next().await, ("clock".to_owned(), clock));
    let mut over = flow;
    over["Is"] = "ended".into();
    assert_eq!(stream.next().await, ("flow".to_owned(), over));
    let running = json!({ "AppId": 1_250_000_000, "InstanceId": "crs-5qlrlhux", "Was": 1, "Status": 2 });
    assert_eq!(stream.next().await, ("instance".to_owned(), running));
}

/// Nobody calls: what is due is found by the stream itself.
#[tokio::test]
async fn what_time_ends_is_told_without_a_call() {
    let app = App::with(Config {
        flow_time: Duration::from_secs(1),
        ..Config::default()
    });
    app.call(&request(UPGRADE)).await;
    app.call(&request(DESCRIBE)).await;
    let mut stream = Stream::open(&app, "").await;
    app.set_now(super::super::harness::NOW_MS + 2_000);
    let flow = stream.find("flow").await;
    assert_eq!(
        (&flow["InstanceId"], &flow["Is"]),
        (&json!("crs-5qlrlhux"), &json!("ended"))
    );
    assert_eq!(stream.find("instance").await["Status"], 2);
}

#[tokio::test]
async fn a_failed_flow_and_an_instance_that_comes_and_goes_are_told() {
    let app = App::with(Config {
        pace: crs_local::config::Pace::Held,
        ..Config::default()
    });
    let mut stream = Stream::open(&app, "").await;
    app.call(&request(UPGRADE)).await;
    let id = stream.find("flow").await["Id"].clone();
    app.controlled("POST", &format!("/_crs/flows/{id}/fail"), "").await;
    assert_eq!(stream.find("flow").await["Is"], "failed");
    assert_eq!(stream.find("instance").await["Was"], 1);
    let create = UPGRADE.replace("UpgradeInstance", "CreateInstances").replace(
        "\"InstanceId\":\"crs-5qlrlhux\",\"MemSize\":2048",
        "\"TypeId\":8,\"MemSize\":1024,\"GoodsNum\":1,\"Period\":1,\"BillingMode\":0,\"ZoneId\":100003,\
         \"RedisShardNum\":1,\"RedisReplicasNum\":1,\"NoAuth\":true,\"VpcId\":\"vpc-kelefp0q\",\"SubnetId\":\"subnet-kelefp0q\"",
    );
    let created = app.call(&request(&create)).await;
    assert_eq!(created.code(), "", "{created}");
    let new = loop {
        let instance = stream.find("instance").await;
        if instance["InstanceId"] != "crs-5qlrlhux" {
            break instance;
        }
    };
    assert!(new["Was"].is_null() && new["Status"].is_number(), "{new}");
}

#[tokio::test]
async fn an_account_that_comes_and_goes_is_told() {
    let app = App::start();
    let mut stream = Stream::open(&app, "").await;
    let made = app.controlled("POST", "/_crs/accounts", "{}").await;
    let told = |is: &str| ("account".to_owned(), json!({ "AppId": made["AppId"], "Is": is }));
    assert_eq!(stream.next().await, told("made"));
    let mut own = Stream::open(&app, &format!("?AppId={}", made["AppId"])).await;
    app.controlled("DELETE", &format!("/_crs/accounts/{}", made["AppId"]), "")
        .await;
    assert_eq!(stream.next().await, told("ended"));
    assert_eq!(own.next().await, told("ended"));
}

#[tokio::test]
async fn another_state_is_told_as_one() {
    let app = App::start();
    let state = app.controlled("GET", "/_crs/state", "").await;
    let mut stream = Stream::open(&app, "").await;
    app.controlled("POST", "/_crs/reset", "").await;
    assert_eq!(stream.next().await, ("state".to_owned(), json!({ "By": "reset" })));
    app.controlled("PUT", "/_crs/state", &state.to_string()).await;
    assert_eq!(stream.next().await, ("state".to_owned(), json!({ "By": "put" })));
    app.call(&request(DESCRIBE)).await;
    assert_eq!(stream.next().await.0, "call", "nothing else has changed");
}

#[tokio::test]
async fn a_stream_may_be_of_one_account() {
    let app = App::start();
    let mut stream = Stream::open(&app, "?AppId=1250000001").await;
    app.call(&request(UPGRADE)).await;
    app.call(&request(&format!("@sign id=AKIDother key=other\n{DESCRIBE}")))
        .await;
    assert_eq!(stream.next().await.1["AppId"], 1_250_000_001);
    refused(
        &app,
        ("GET", "/_crs/events?AppId=me", ""),
        400,
        &["AppId", "give a number"],
    )
    .await;
    refused(&app, ("GET", "/_crs/events?AppId=7", ""), 404, &["no account 7"]).await;
    refused(&app, ("GET", "/_crs/events?Action=x", ""), 400, &["AppId alone"]).await;
    refused(&app, ("POST", "/_crs/events", ""), 405, &["it takes GET"]).await;
}

#[tokio::test]
async fn a_slow_reader_is_told_how_many_it_missed() {
    let app = App::with(Config {
        rate_limit: "off".parse().unwrap(),
        ..Config::default()
    });
    let mut stream = Stream::open(&app, "").await;
    for _ in 0..1_500 {
        app.call(&request(DESCRIBE)).await;
    }
    assert_eq!(
        stream.next().await,
        ("missed".to_owned(), json!({ "Missed": 1_500 - 1_024 }))
    );
    for _ in 0..1_024 {
        assert_eq!(stream.next().await.0, "call");
    }
}

#[tokio::test]
async fn a_stream_and_a_wait_outlast_idle_time_and_end_when_the_server_stops() {
    let app = App::with(Config {
        head_timeout: Duration::from_millis(50),
        ..Config::default()
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async move { drop(stopped.await) };
    let server = tokio::spawn(serve(
        Arc::clone(&app.emulator),
        listener,
        Protocol::Http(None),
        stopped,
    ));
    let open = async |path: &str| {
        let mut socket = TcpStream::connect(address).await.expect("it listens");
        socket
            .write_all(&Raw::control("GET", path, "").0)
            .await
            .expect("it reads");
        socket
    };
    let mut stream = open("/_crs/events").await;
    let mut wait = open("/_crs/requests?timeout=60s").await;
    let mut begin = [0; 4_096];
    let read = stream.read(&mut begin).await.expect("its head");
    assert!(
        begin[..read].starts_with(b"HTTP/1.1 200"),
        "{}",
        String::from_utf8_lossy(&begin[..read])
    );
    tokio::time::sleep(Duration::from_millis(300)).await;
    app.call(&request("POST / HTTP/1.1\n{USUAL}\nX-TC-Action: Nothing\n\n{}"))
        .await;
    let mut wanted = String::new();
    while !wanted.contains("InvalidAction") {
        let read = stream.read(&mut begin).await.expect("it is open");
        assert_ne!(read, 0, "it has ended: {wanted}");
        wanted.push_str(&String::from_utf8_lossy(&begin[..read]));
    }
    let mut answered = String::new();
    wait.read_to_string(&mut answered).await.expect("its answer");
    assert!(
        answered.starts_with("HTTP/1.1 200") && answered.contains("\"Nothing\""),
        "{answered}"
    );

    let mut late = open("/_crs/requests?timeout=60s&Action=UpgradeInstance").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.send(()).expect("it runs");
    let (mut rest, mut refused) = (String::new(), String::new());
    stream.read_to_string(&mut rest).await.expect("it ends in order");
    late.read_to_string(&mut refused).await.expect("it is answered");
    assert!(rest.ends_with("0\r\n\r\n"), "the last chunk says so: {rest}");
    assert!(
        refused.starts_with("HTTP/1.1 503") && refused.contains("the server stops"),
        "{refused}"
    );
    server.await.expect("no panic").expect("it ends");
}

#[test]
fn sigterm_ends_streams() {
    let mut server = Command::new(env!("CARGO_BIN_EXE_crs-local"))
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut said = BufReader::new(server.stdout.take().expect("a pipe"));
    let mut line = String::new();
    said.read_line(&mut line).expect("it announces itself");
    let address = line.trim().rsplit('/').next().expect("an address").to_owned();
    let mut stream = StdStream::connect(address).expect("it listens");
    stream
        .write_all(&Raw::control("GET", "/_crs/events", "").0)
        .expect("it reads");
    let mut head = [0; 12];
    stream.read_exact(&mut head).expect("its head");
    assert_eq!(&head, b"HTTP/1.1 200");
    let pid = server.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .expect("kill runs")
            .success()
    );
    let mut rest = String::new();
    stream.read_to_string(&mut rest).expect("it ends in order");
    assert!(
        rest.contains(": this stream is open") && rest.ends_with("0\r\n\r\n"),
        "{rest}"
    );
    assert!(server.wait().expect("it ends").success());
    let mut logged = String::new();
    server
        .stderr
        .take()
        .expect("a pipe")
        .read_to_string(&mut logged)
        .expect("text");
    assert!(!logged.contains("cut off"), "{logged}");
}
