//! What a process does whose open files are nearly used up.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_crs-local");
const FILES_MAX: usize = 64;

/// A server that may hold 64 files; it is ended when the test is.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(limits: &str) -> Self {
        let command = format!("{limits}; exec '{BINARY}' --listen 127.0.0.1:0");
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
        assert!(address.starts_with("127.0.0.1:"), "{line}");
        Self { process, address }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("it listens");
        let patience = Some(Duration::from_secs(20));
        stream.set_read_timeout(patience).expect("a socket");
        stream
    }

    /// What a request gets on a connection of its own.
    fn get(&self, target: &str) -> String {
        let mut stream = self.connect();
        let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let mut answer = String::new();
        let sent = stream.write_all(request.as_bytes());
        match sent.and_then(|()| stream.read_to_string(&mut answer)) {
            Ok(_) => answer,
            Err(error) => error.to_string(),
        }
    }

    fn is_healthy(&self) -> bool {
        let url = format!("http://{}", self.address);
        let checked = Command::new(BINARY).args(["health", &url]).output();
        checked.expect("it runs").status.success()
    }

    /// Ends it; what it has logged.
    fn end(mut self) -> String {
        self.process.kill().expect("it runs");
        let mut logged = String::new();
        let mut stderr = self.process.stderr.take().expect("a pipe");
        stderr.read_to_string(&mut logged).expect("text");
        self.process.wait().expect("it ends");
        logged
    }
}

#[test]
fn health_answers_when_all_other_places_are_taken() {
    let server = Server::start(&format!("ulimit -n {FILES_MAX}"));
    let describe = "/?Action=DescribeProductInfo&Version=2018-04-12";
    assert!(server.get(describe).contains("\"RegionSet\""));
    // Each is answered once, so that it surely has its place, and stays open.
    let mut open = Vec::new();
    loop {
        let mut stream = server.connect();
        let request = format!("GET {describe} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut head = [0; 12];
        stream.read_exact(&mut head).expect("an answer");
        if !head.ends_with(b" 200") {
            break;
        }
        open.push(stream);
        assert!(open.len() < FILES_MAX, "more connections than files");
    }
    assert!(open.len() >= FILES_MAX / 4, "{} were open", open.len());
    for _ in 0..3 {
        assert!(server.is_healthy(), "all places are taken");
    }
    let refused = server.get(describe);
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    assert!(refused.contains("ulimit -n"), "{refused}");
    // More that only sit there: whoever is over the spare places is closed at once, and these last but a moment, so
    // that health is answered again soon.
    let idle: Vec<_> = (0..FILES_MAX).map(|_| server.connect()).collect();
    let healthy_again = (0..100).any(|_| {
        let is = server.is_healthy();
        if !is {
            std::thread::sleep(Duration::from_millis(100));
        }
        is
    });
    assert!(healthy_again, "{} idle connections", idle.len());
    drop((open, idle));
    let served = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        server.get(describe).contains("\"RegionSet\"")
    });
    assert!(served, "places that are free again are given out again");
    let logged = server.end();
    let warnings: Vec<_> = logged.lines().filter(|line| line.contains("WARN")).collect();
    let about = |line: &&&str| line.contains("ulimit -n");
    assert_eq!(warnings.iter().filter(about).count(), 1, "{logged}");
}

#[test]
fn the_soft_limit_is_raised_to_the_hard_one() {
    let server = Server::start(&format!("ulimit -Sn {FILES_MAX}; ulimit -Hn 256"));
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.process.id()));
    if let Ok(limits) = limits {
        let line = limits.lines().find(|line| line.starts_with("Max open files"));
        let fields: Vec<_> = line.expect("a limit").split_whitespace().collect();
        assert_eq!(fields[3..5], ["256", "256"], "{limits}");
    }
    assert!(server.is_healthy());
    server.end();
}
