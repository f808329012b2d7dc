//! Two servers that are sent the same bytes.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::report::{Part, Shown};
use crate::harness::{Answer, NOW_MS, Raw, Socket};

/// A server that has not answered by then does not answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// One of the two builds, and how it is started.
#[derive(Clone)]
pub(super) struct Build {
    pub(super) binary: PathBuf,
    pub(super) seed: u64,
    /// A variable that is set for it beside those that every process has.
    pub(super) variable: Option<(&'static str, &'static str)>,
}

impl Build {
    /// The binary with these arguments, and no settings from the environment.
    pub(super) fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = Command::new(&self.binary);
        // What it calls itself in a message must not depend on where it lies.
        command
            .arg0("crs-local")
            .args(arguments)
            .env_clear()
            .envs(self.variable);
        command
    }
}

/// A process that serves until this is dropped.
struct Server {
    process: Child,
    address: SocketAddr,
    socket: Option<Socket>,
}

impl Server {
    /// `Err` holds what the process says instead of serving.
    fn start(build: &Build, flags: &[String]) -> Result<Self, String> {
        let fixed = ["--listen=127.0.0.1:0", "--log=off", &format!("--seed={}", build.seed)].map(str::to_owned);
        let mut process = build
            .command(&[&fixed, flags].concat())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("{}: {e}", build.binary.display()));
        let mut line = String::new();
        let output = process.stdout.take().expect("it is piped");
        BufReader::new(output).read_line(&mut line).expect("a line of text");
        let Some(address) = line.trim().strip_prefix("crs-local listening on http://") else {
            let output = process.wait_with_output().expect("it ends");
            return Err(line + &String::from_utf8_lossy(&output.stderr));
        };
        Ok(Self {
            process,
            address: address.parse().expect("an address"),
            socket: None,
        })
    }

    /// The answer over the connection that is kept, if the last answer let it; `None` if there is none.
    async fn exchange(&mut self, request: &Raw) -> Option<Answer> {
        let mut socket = match self.socket.take() {
            Some(socket) => socket,
            // One that has crashed does not listen any more.
            None => Socket::on(TcpStream::connect(self.address).await.ok()?),
        };
        let answer = tokio::time::timeout(ANSWER_WITHIN, socket.try_exchange(request)).await;
        let mut answer = answer.ok().flatten()?;
        let is_plain = answer.status >= 200 && !request.0.starts_with(b"CONNECT ");
        if is_plain && request.parts().0.contains(" HTTP/1.1\r\n") && answer.header("connection") != Some("close") {
            self.socket = Some(socket);
        }
        answer.headers.retain(|(name, _)| name != "date");
        let media = answer.header("content-type").unwrap_or_default();
        if media.starts_with("text/plain; version=") {
            leave_out_what_is_measured(&mut answer);
        }
        Some(answer)
    }
}

/// Takes out of the text of `/metrics` how long calls took, which is never the same twice.
fn leave_out_what_is_measured(answer: &mut Answer) {
    let text = String::from_utf8_lossy(&answer.body);
    let kept = text.lines().map(|line| match line.rsplit_once(' ') {
        Some((name, _)) if name.contains("_seconds_bucket{") || name.ends_with("_seconds_sum") => name,
        _ => line,
    });
    answer.body = kept.collect::<Vec<_>>().join("\n").into_bytes();
    answer.headers.retain(|(name, _)| name != "content-length");
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already is what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The same server of both builds.
pub(super) struct Pair {
    before: Server,
    after: Server,
}

impl Pair {
    /// `None` if they do not start; that only one of them does is a difference.
    pub(super) fn start(part: &mut Part, case: &str, [before, after]: &[Build; 2], flags: &[String]) -> Option<Self> {
        let (before, after) = (Server::start(before, flags), Server::start(after, flags));
        let said = [&before, &after].map(|server| server.as_ref().map_or_else(String::as_str, |_| "it serves"));
        part.compare(case, &flags.join(" "), said.map(Shown::Text), said[0] == said[1]);
        Some(Self {
            before: before.ok()?,
            after: after.ok()?,
        })
    }

    /// Sends the request to both, at the same time, and notes in what their answers differ; the earlier build's.
    pub(super) async fn send(&mut self, part: &mut Part, case: &str, request: &Raw) -> Option<Answer> {
        let request = standing_still(request);
        let (before, after) = tokio::join!(self.before.exchange(&request), self.after.exchange(&request));
        part.count_call(before.as_ref());
        part.compare(
            case,
            &request,
            [Shown::Answer(&before), Shown::Answer(&after)],
            before == after,
        );
        before
    }

    /// A control call of both.
    pub(super) async fn control(&mut self, part: &mut Part, case: &str, call: (&str, &str, &str)) -> Option<Answer> {
        let (method, path, body) = call;
        self.send(part, case, &Raw::control(method, path, body)).await
    }

    /// Back to the seed state.
    pub(super) async fn reset(&mut self, part: &mut Part, case: &str) {
        self.control(part, case, ("POST", "/_crs/reset", "")).await;
    }

    /// Compares the state, the flows and the fault rules of both; the earlier build's state.
    pub(super) async fn look(&mut self, part: &mut Part, case: &str) -> Value {
        self.control(part, case, ("GET", "/_crs/flows", "")).await;
        self.control(part, case, ("GET", "/_crs/faults", "")).await;
        let state = self.control(part, case, ("GET", "/_crs/state", "")).await;
        state.map_or(Value::Null, |state| {
            serde_json::from_slice(&state.body).unwrap_or_default()
        })
    }
}

/// Waits until the second is so young that both servers take the next requests in it: what is signed, and what is
/// limited, goes by the seconds of real time.
pub(super) async fn young_second(requests: usize) {
    let latest_ms = if requests > 1 { 200 } else { 900 };
    let into_ms = now_ms().rem_euclid(1_000);
    if into_ms > latest_ms {
        tokio::time::sleep(Duration::from_millis(1_001 - into_ms.unsigned_abs())).await;
    }
}

/// Real time, in milliseconds since 1970.
pub(super) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_millis()).expect("a time of this age")
}

/// A clock that stands still at the time of the tests.
fn standing_clock() -> Value {
    let now = UNIX_EPOCH + Duration::from_millis(NOW_MS.unsigned_abs());
    json!({ "Mode": "manual", "Now": humantime::format_rfc3339_millis(now).to_string() })
}

/// The flag for a fixture, which is put into a file, with a clock that stands still.
pub(super) fn fixture_flag(folder: &Path, fixture: &str) -> String {
    let mut stated: Value = serde_json::from_str(fixture).expect("a test's fixture is JSON");
    if stated["Clock"]["Mode"] != "manual" {
        stated["Clock"] = standing_clock();
    }
    let path = folder.join("fixture.json");
    std::fs::write(&path, stated.to_string()).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    format!("--fixture={}", path.display())
}

/// The request as both can be sent it: a body has its length, and no clock begins to go, because two that go are never
/// at the same time.
fn standing_still(request: &Raw) -> Raw {
    let (head, body) = request.parts();
    let is = |call: &str| head.starts_with(call);
    let mut stated: Value = serde_json::from_slice(body).unwrap_or_default();
    let body = if is("PUT /_crs/clock") && stated["Mode"] == "real" {
        stated["Mode"] = json!("manual");
        stated.to_string().into_bytes()
    } else if is("PUT /_crs/state") && stated.is_object() && stated["Clock"]["Mode"] != "manual" {
        stated["Clock"] = standing_clock();
        stated.to_string().into_bytes()
    } else {
        let lower = head.to_ascii_lowercase();
        let names = ["\r\ncontent-length:", "\r\ntransfer-encoding:"];
        if body.is_empty() || names.iter().any(|name| lower.contains(name)) {
            return request.clone();
        }
        body.to_vec()
    };
    let lines = head.split("\r\n");
    let kept = lines.filter(|line| !line.to_ascii_lowercase().starts_with("content-length:"));
    let head = kept.collect::<Vec<_>>().join("\r\n");
    let head = format!("{head}\r\nContent-Length: {}\r\n\r\n", body.len());
    Raw([head.as_bytes(), &body].concat())
}
