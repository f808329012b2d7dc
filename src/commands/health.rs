//! `crs-local health`: whether a server is ready.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crs_local::config::LISTEN_DEFAULT;

use super::output::print;

/// How long an answer is waited for.
const HEALTH_WITHIN: Duration = Duration::from_secs(3);
/// How long after a failure it is asked again.
const AGAIN_AFTER: Duration = Duration::from_millis(50);

/// Where a server is reached that listens there: by the loopback where it listens everywhere.
pub(crate) fn reached_at(listen: SocketAddr) -> SocketAddr {
    if listen.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), listen.port())
    } else {
        listen
    }
}

/// Prints what the server says of its health. One that is not ready is asked again for as long as `wait` says.
#[expect(clippy::disallowed_methods, reason = "a client that waits, not the server")]
pub(super) fn health(url: Option<String>, listen: SocketAddr, wait: Duration) -> Result<(), String> {
    let authority = match &url {
        None => reached_at(listen).to_string(),
        Some(url) => {
            let rest = url
                .strip_prefix("http://")
                .ok_or_else(|| format!("`{url}`: write an http:// URL, such as http://{LISTEN_DEFAULT}"))?;
            let authority = rest.split('/').next().unwrap_or_default();
            if authority.contains(':') {
                authority.to_owned()
            } else {
                format!("{authority}:80")
            }
        }
    };
    let begun = Instant::now();
    loop {
        match ask(&authority) {
            Ok(body) => return print(&format!("{body}\n")),
            Err(_) if begun.elapsed() < wait => sleep(AGAIN_AFTER),
            Err(message) => return Err(message),
        }
    }
}

/// A plain HTTP request by hand: the image holds nothing else that could make one. `Err` says what is wrong.
#[expect(clippy::disallowed_methods, reason = "a client of the server, not the server")]
fn ask(authority: &str) -> Result<String, String> {
    let exchange = || -> std::io::Result<String> {
        let address = authority
            .to_socket_addrs()?
            .next()
            .ok_or(std::io::ErrorKind::NotFound)?;
        let mut stream = TcpStream::connect_timeout(&address, HEALTH_WITHIN)?;
        stream.set_read_timeout(Some(HEALTH_WITHIN))?;
        let request = format!("GET /_crs/health HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.take(65_536).read_to_string(&mut answer)?;
        Ok(answer)
    };
    let answer = exchange().map_err(|error| format!("{authority} does not answer: {error}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    if head.starts_with("HTTP/1.1 200") {
        return Ok(body.to_owned());
    }
    Err(format!(
        "{authority} is not healthy: {}",
        head.lines().next().unwrap_or_default()
    ))
}
