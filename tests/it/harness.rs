//! An emulator to test: called in process or over a socket, at a time that the test sets.

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use crs_local::clock::Wall;
use crs_local::http::router;
use crs_local::http::serve::{Protocol, serve};
use crs_local::{Config, Emulator, Fixture};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::OnceCell;
use tower::ServiceExt;

use super::record::{Event, Recorder};

/// The real time at which tests happen unless they say otherwise: 2026-11-24T08:00:00Z.
pub(crate) const NOW_MS: i64 = 1_795_507_200_000;

/// What most tests start from: see [`App::start`].
pub(crate) const FIXTURE: &str = include_str!("../data/requests/fixture.json");

/// No answer may take longer; a test that would hang fails instead.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// An emulator, its clock in the test's hand.
pub(crate) struct App {
    pub(crate) emulator: Arc<Emulator>,
    /// Made once: to add its routes takes an unoptimised build longer than to answer.
    router: Router,
    wall: Arc<AtomicI64>,
    served: OnceCell<SocketAddr>,
    recorder: Option<Arc<Recorder>>,
}

impl App {
    /// Lenient, with a fixed seed and the fixture of the request tables.
    pub(crate) fn start() -> Self {
        Self::with(Config::default())
    }

    /// With these settings; the seed is fixed all the same.
    pub(crate) fn with(config: Config) -> Self {
        Self::with_fixture(config, FIXTURE)
    }

    /// With these settings and this state.
    pub(crate) fn with_fixture(config: Config, fixture: &str) -> Self {
        let wall = Arc::new(AtomicI64::new(NOW_MS));
        let reads = Arc::clone(&wall);
        let mut app = Self::with_wall(config, fixture, Box::new(move || reads.load(Ordering::SeqCst)));
        app.wall = wall;
        app
    }

    /// As [`App::with_fixture`], with real time read from `wall`; [`App::set_now`] does nothing then.
    pub(crate) fn with_wall(config: Config, fixture: &str, wall: Wall) -> Self {
        let config = Config {
            seed: config.seed.or(Some(7)),
            ..config
        };
        let recorder = Recorder::start(&config, fixture).map(Arc::new);
        let fixture =
            Fixture::parse("the test's fixture", fixture.as_bytes()).unwrap_or_else(|faults| panic!("{faults:?}"));
        let emulator = Emulator::with_wall(config, fixture, Some(wall)).unwrap_or_else(|faults| {
            let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
            panic!("{}", lines.join("\n"))
        });
        let emulator = Arc::new(emulator);
        Self {
            router: router(Arc::clone(&emulator)),
            emulator,
            wall: Arc::default(),
            served: OnceCell::new(),
            recorder,
        }
    }

    fn record(&self, event: impl FnOnce() -> Event) {
        if let Some(recorder) = &self.recorder {
            recorder.note(&event());
        }
    }

    /// Sets real time, in milliseconds since 1970.
    pub(crate) fn set_now(&self, now_ms: i64) {
        self.record(|| Event::Now(now_ms));
        self.wall.store(now_ms, Ordering::SeqCst);
    }

    /// Back to the seed state.
    pub(crate) fn reset(&self) {
        self.record(|| Event::Reset);
        self.emulator
            .reset()
            .unwrap_or_else(|_| panic!("the seed state was accepted before"));
    }

    /// Sends a request in process, through the router and nothing else.
    pub(crate) async fn call(&self, request: &Raw) -> Answer {
        self.record(|| Event::request(&request.0));
        let answered = self.router.clone().oneshot(request.parse());
        let answered = tokio::time::timeout(ANSWER_WITHIN, answered).await;
        let Ok(Ok(response)) = answered else {
            panic!("no answer to\n{request}")
        };
        Answer::of(response).await
    }

    /// As [`App::call`]; `None` where a fault rule lets no whole answer through.
    pub(crate) async fn try_call(&self, request: &Raw) -> Option<Answer> {
        self.record(|| Event::request(&request.0));
        let answered = self.router.clone().oneshot(request.parse()).await;
        Answer::whole(answered.unwrap_or_else(|error| match error {})).await
    }

    /// Where the emulator is served, on a free port of the loopback; starts the server once.
    pub(crate) async fn address(&self) -> SocketAddr {
        let start = async || {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let address = listener.local_addr().expect("it is bound");
            let emulator = Arc::clone(&self.emulator);
            let protocol = Protocol::Http(None);
            tokio::spawn(serve(emulator, listener, protocol, std::future::pending()));
            address
        };
        *self.served.get_or_init(start).await
    }

    /// A new connection to the served emulator.
    pub(crate) async fn socket(&self) -> Socket {
        let stream = TcpStream::connect(self.address().await).await;
        let recorder = self.recorder.clone();
        Socket {
            recorder,
            ..Socket::on(stream.expect("it listens"))
        }
    }

    /// Sends a request over a connection of its own.
    pub(crate) async fn send(&self, request: &Raw) -> Answer {
        let mut socket = self.socket().await;
        socket.exchange(request).await
    }

    /// A control call in process; its status and the JSON of its answer.
    pub(crate) async fn control(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let answer = self.call(&Raw::control(method, path, body)).await;
        let json = serde_json::from_slice(&answer.body)
            .unwrap_or_else(|error| panic!("{method} {path}: {error} in\n{answer}"));
        (answer.status, json)
    }

    /// The text of `/metrics`.
    pub(crate) async fn metrics(&self) -> String {
        let answer = self.call(&Raw::control("GET", "/metrics", "")).await;
        String::from_utf8(answer.body).expect("text")
    }

    /// A control call that must succeed; the JSON of its answer.
    pub(crate) async fn controlled(&self, method: &str, path: &str, body: &str) -> Value {
        let (status, json) = self.control(method, path, body).await;
        assert_eq!(status, 200, "{method} {path} {body}\n{json:#}");
        json
    }
}

/// A request, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Raw(pub(crate) Vec<u8>);

impl Raw {
    /// A call of the control API.
    pub(crate) fn control(method: &str, path: &str, body: &str) -> Self {
        let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        Self(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes())
    }

    fn is_head(&self) -> bool {
        self.0.starts_with(b"HEAD ")
    }

    /// The head, without the empty line that ends it, and the body.
    pub(crate) fn parts(&self) -> (Cow<'_, str>, &[u8]) {
        let end = find(&self.0, b"\r\n\r\n").unwrap_or(self.0.len());
        let body = self.0.get(end + 4..).unwrap_or_default();
        (String::from_utf8_lossy(&self.0[..end]), body)
    }

    /// As the server's HTTP parser would hand it over.
    pub(crate) fn parse(&self) -> http::Request<Body> {
        let end = find(&self.0, b"\r\n\r\n").unwrap_or(self.0.len());
        let body = self.0.get(end + 4..).unwrap_or_default();
        let mut lines = self.0[..end].split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        let mut first = lines.next().unwrap_or_default().splitn(3, |byte| *byte == b' ');
        let mut part = || first.next().unwrap_or_else(|| panic!("no request line in\n{self}"));
        let mut request = http::Request::builder().method(part()).uri(part());
        if part() == b"HTTP/1.0" {
            request = request.version(http::Version::HTTP_10);
        }
        for line in lines {
            let at = line.iter().position(|byte| *byte == b':').expect("a colon in a header");
            request = request.header(&line[..at], line[at + 1..].trim_ascii());
        }
        request
            .body(Body::from(body.to_vec()))
            .unwrap_or_else(|error| panic!("{error} in\n{self}"))
    }
}

impl fmt::Display for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shortened(&self.0))
    }
}

/// Text of at most a few thousand characters.
fn shortened(bytes: &[u8]) -> String {
    const SHOWN: usize = 4_000;
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN)]).replace("\r\n", "\n");
    if bytes.len() > SHOWN {
        format!("{text}… ({} bytes in all)", bytes.len())
    } else {
        text
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// What a response holds, its body read to the end.
    pub(crate) async fn of<B>(response: http::Response<B>) -> Self
    where
        B: hyper::body::Body,
        B::Error: fmt::Debug,
    {
        Self::whole(response).await.expect("a body that ends")
    }

    /// The same; `None` if the body breaks off.
    async fn whole<B>(response: http::Response<B>) -> Option<Self>
    where
        B: hyper::body::Body,
        B::Error: fmt::Debug,
    {
        let (head, body) = response.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = head.headers.iter();
        Some(Self {
            status: head.status.as_u16(),
            headers: headers.map(|(name, value)| (name.to_string(), text(value))).collect(),
            body: body.to_vec(),
        })
    }

    /// The header of that name, if it came exactly once.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in\n{self}"))
    }

    /// What every answer of the API is: status 200, the media type to the letter, an envelope with a RequestId that is
    /// a random UUID in lower case, and either members or an error, never both. `Err` says what is not so.
    pub(crate) fn envelope(&self) -> Result<Envelope, String> {
        let ensure = |holds: bool, what: &str| if holds { Ok(()) } else { Err(what.to_owned()) };
        ensure(self.status == 200, "the status is not 200")?;
        let media = self.header("content-type");
        ensure(
            media == Some("application/json"),
            "Content-Type is not exactly application/json",
        )?;
        ensure(self.header("content-encoding").is_none(), "there is a Content-Encoding")?;
        let whole: Value =
            serde_json::from_slice(&self.body).map_err(|error| format!("the body is not JSON: {error}"))?;
        let outer = whole.as_object().ok_or("the body is no object")?;
        ensure(outer.len() == 1, "there is more than `Response` in the body")?;
        let inner = whole["Response"].as_object().ok_or("`Response` is no object")?;
        let request_id = inner.get("RequestId").and_then(Value::as_str).ok_or("no RequestId")?;
        ensure(is_uuid_v4(request_id), "the RequestId is no random UUID in lower case")?;
        let error = match inner.get("Error") {
            None => None,
            Some(error) => {
                ensure(inner.len() == 2, "there are members beside the Error")?;
                let text = |name: &str| {
                    let text = error[name].as_str().filter(|text| !text.is_empty());
                    text.map(str::to_owned)
                        .ok_or_else(|| format!("Error.{name} holds no text"))
                };
                let members = error.as_object().map_or(0, serde_json::Map::len);
                ensure(members == 2, "Error holds more than Code and Message")?;
                Some((text("Code")?, text("Message")?))
            }
        };
        Ok(Envelope {
            request_id: request_id.to_owned(),
            error,
            whole,
        })
    }

    /// The error's code, or "" for an answer without error. The answer must be an envelope.
    pub(crate) fn code(&self) -> String {
        match self.envelope() {
            Ok(envelope) => envelope.error.map_or(String::new(), |(code, _)| code),
            Err(fault) => panic!("{fault}:\n{self}"),
        }
    }

    /// The error's message, or "" for an answer without error. The answer must be an envelope.
    pub(crate) fn message(&self) -> String {
        match self.envelope() {
            Ok(envelope) => envelope.error.map_or(String::new(), |(_, message)| message),
            Err(fault) => panic!("{fault}:\n{self}"),
        }
    }
}

/// An answer of the API, read.
pub(crate) struct Envelope {
    pub(crate) request_id: String,
    /// Code and message.
    pub(crate) error: Option<(String, String)>,
    pub(crate) whole: Value,
}

fn is_uuid_v4(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            14 => byte == b'4',
            19 => matches!(byte, b'8' | b'9' | b'a' | b'b'),
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.status)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        write!(f, "\n{}", shortened(&self.body))
    }
}

/// One connection, and what has been read ahead of the answer asked for.
pub(crate) struct Socket {
    stream: TcpStream,
    ahead: Vec<u8>,
    recorder: Option<Arc<Recorder>>,
}

impl Socket {
    pub(crate) fn on(stream: TcpStream) -> Self {
        Self {
            stream,
            ahead: Vec::new(),
            recorder: None,
        }
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.expect("the server reads");
    }

    /// Writes the request while the answer may already come, then reads the answer.
    pub(crate) async fn exchange(&mut self, request: &Raw) -> Answer {
        let answer = self.try_exchange(request).await;
        answer.unwrap_or_else(|| panic!("the connection was closed without an answer to\n{request}"))
    }

    /// As [`Socket::exchange`]; `None` if the connection ends without an answer.
    pub(crate) async fn try_exchange(&mut self, request: &Raw) -> Option<Answer> {
        if let Some(recorder) = &self.recorder {
            recorder.note(&Event::request(&request.0));
        }
        let Self { stream, ahead, .. } = self;
        let (mut reader, mut writer) = stream.split();
        let written = async {
            // A server that answers before it has read all may close; the answer tells.
            let _ = writer.write_all(&request.0).await;
        };
        let (answer, ()) = tokio::join!(read(&mut reader, ahead, request.is_head()), written);
        answer
    }

    /// The next answer; `None` if the connection ends first.
    pub(crate) async fn answer(&mut self) -> Option<Answer> {
        read(&mut self.stream, &mut self.ahead, false).await
    }

    /// Whether the server ends the connection in time, whatever it says before.
    pub(crate) async fn ends(&mut self) -> bool {
        let Self { stream, ahead, .. } = self;
        let ended = async { while more(stream, ahead).await.is_some() {} };
        tokio::time::timeout(ANSWER_WITHIN, ended).await.is_ok()
    }

    /// Ends the connection from this side.
    pub(crate) async fn leave(mut self) {
        let _ = self.stream.shutdown().await;
    }
}

/// Reads one response from the connection; bytes behind it stay in `ahead`.
async fn read(reader: &mut (impl AsyncReadExt + Unpin), ahead: &mut Vec<u8>, is_head: bool) -> Option<Answer> {
    let head = loop {
        if let Some(end) = find(ahead, b"\r\n\r\n") {
            let head: Vec<u8> = ahead.drain(..end + 4).collect();
            break String::from_utf8_lossy(&head).into_owned();
        }
        more(reader, ahead).await?;
    };
    let mut lines = head.trim_end().split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut answer = Answer {
        status,
        headers,
        body: Vec::new(),
    };
    if is_head || status == 204 || status < 200 {
        return Some(answer);
    }
    match answer.header("content-length").map(|length| length.parse::<usize>()) {
        Some(length) => {
            let length = length.expect("a length");
            while ahead.len() < length {
                more(reader, ahead).await?;
            }
            answer.body = ahead.drain(..length).collect();
        }
        None => {
            while more(reader, ahead).await.is_some() {}
            answer.body = std::mem::take(ahead);
        }
    }
    Some(answer)
}

/// Reads what there is; `None` at the end of the connection.
async fn more(reader: &mut (impl AsyncReadExt + Unpin), ahead: &mut Vec<u8>) -> Option<()> {
    let read = tokio::time::timeout(ANSWER_WITHIN, reader.read_buf(ahead)).await;
    match read.expect("an answer in time") {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(()),
    }
}
