//! A server as a process, which keeps its state and can be killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A server; it is killed when this goes.
pub(super) struct Server {
    process: Child,
    pub(super) address: String,
    /// From its start until it was ready.
    pub(super) ready_after: Duration,
}

impl Server {
    /// With a state in that folder. `before` is what its shell does first.
    pub(super) fn start(state: &Path, before: &str, flags: &str) -> Self {
        Self::with(before, &format!("{flags} --state '{}'", state.display()))
    }

    /// With these flags beside the usual ones.
    pub(super) fn with(before: &str, flags: &str) -> Self {
        // benches/kill has another build killed than the one under test.
        let binary = std::env::var("CRS_LOCAL_BIN");
        let binary = binary.unwrap_or_else(|_| env!("CARGO_BIN_EXE_crs-local").to_owned());
        let flags = format!("--listen 127.0.0.1:0 --seed 7 --rate-limit off --log warn {flags}");
        let command = format!("{before} exec '{binary}' {flags}");
        let begun = Instant::now();
        let mut process = Command::new("sh")
            .args(["-c", &command])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut line = String::new();
        let stdout = process.stdout.as_mut().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let address = line.trim().rsplit('/').next().unwrap_or_default().to_owned();
        if !address.starts_with("127.0.0.1:") {
            let mut logged = String::new();
            let stderr = process.stderr.as_mut().expect("a pipe");
            stderr.read_to_string(&mut logged).expect("text");
            panic!("it did not start: {line}{logged}");
        }
        Self {
            process,
            address,
            ready_after: begun.elapsed(),
        }
    }

    pub(super) fn connect(&self) -> Connection {
        Connection::to(&self.address).expect("it listens")
    }

    /// Ends it as a fault of the machine would.
    pub(super) fn kill(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it ends");
    }

    /// Ends it as it is meant to be.
    pub(super) fn stop(&mut self) -> bool {
        self.tell_to_stop();
        self.process.wait().expect("it ends").success()
    }

    /// As [`Server::stop`]; `None`: it has not ended within that time.
    pub(super) fn stop_within(&mut self, most: Duration) -> Option<bool> {
        self.tell_to_stop();
        let told = Instant::now();
        loop {
            match self.process.try_wait().expect("it is ours") {
                Some(status) => return Some(status.success()),
                None if told.elapsed() > most => return None,
                None => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }

    fn tell_to_stop(&self) {
        let pid = self.process.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(told.expect("a command").success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One connection, for one call after the other.
pub(super) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(super) fn to(address: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self(BufReader::new(stream)))
    }

    /// A call of the API; `None` if the server has gone.
    pub(super) fn call(&mut self, action: &str, input: &Value) -> Option<Value> {
        let body = input.to_string();
        let head = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-TC-Action: {action}\r\n\
             X-TC-Version: 2018-04-12\r\nX-TC-Region: ap-guangzhou\r\n"
        );
        let (_, mut answer) = self.send(&head, &body)?;
        Some(answer["Response"].take())
    }

    /// A control call: its status and its answer.
    pub(super) fn control(&mut self, method: &str, path: &str, body: &str) -> Option<(u16, Value)> {
        self.send(&format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n"), body)
    }

    pub(super) fn state(&mut self) -> Value {
        self.control("GET", "/_crs/state", "").expect("an answer").1
    }

    fn send(&mut self, head: &str, body: &str) -> Option<(u16, Value)> {
        let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        self.0.get_mut().write_all(request.as_bytes()).ok()?;
        let (mut length, mut status) = (0, 0);
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest.get(..3)?.parse().ok()?;
            } else if let Some(bytes) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = bytes.trim().parse().ok()?;
            } else if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).ok()?;
        serde_json::from_slice(&body).ok().map(|body| (status, body))
    }
}
