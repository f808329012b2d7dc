//! `CONNECT`: the tunnel that a client asks a proxy for ends in the emulator.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crs_local::http::serve::{Protocol, serve};
use crs_local::http::tls;
use crs_local::{Config, Emulator, Fixture};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

use super::gateway::request;
use super::harness::{App, Raw, Socket};

/// No step of these tests may take longer.
const WITHIN: Duration = Duration::from_secs(10);

const DESCRIBE: &str = "@sign service=redis\nPOST / HTTP/1.1\n{USUAL}\nHost: redis.tencentcloudapi.com\n\n{}";

/// Asks for a tunnel; the answer's head, and the connection behind it.
async fn connect(address: SocketAddr, asked: &str) -> (String, TcpStream) {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    stream.write_all(asked.as_bytes()).await.expect("it reads");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let byte = tokio::time::timeout(WITHIN, stream.read_u8()).await;
        let byte = byte.expect("an answer in time");
        head.push(byte.unwrap_or_else(|_| panic!("closed after {}", String::from_utf8_lossy(&head))));
    }
    (String::from_utf8(head).expect("text"), stream)
}

/// As the Node SDK's proxy agent writes it.
fn asking(target: &str) -> String {
    format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nConnection: close\r\n\r\n")
}

async fn granted(address: SocketAddr, target: &str) -> TcpStream {
    let (head, stream) = connect(address, &asking(target)).await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let head = head.to_ascii_lowercase();
    for framing in ["content-length", "transfer-encoding"] {
        assert!(!head.contains(framing), "a tunnel has no body: {head}");
    }
    stream
}

#[tokio::test]
async fn a_tunnel_leads_here_whatever_its_host_is() {
    let app = App::start();
    let address = app.address().await;
    for target in [
        "redis.tencentcloudapi.com:80",
        "127.0.0.1:8239",
        "no.such.host.test:12345",
        "[2001:db8::1]:80",
    ] {
        let mut tunnel = Socket::on(granted(address, target).await);
        for _ in 0..2 {
            let answer = tunnel.exchange(&request(DESCRIBE)).await;
            assert_eq!(answer.code(), "", "{target}\n{answer}");
            assert_eq!(answer.json()["Response"]["TotalCount"], 2, "{target}");
        }
        let health = tunnel.exchange(&Raw::control("GET", "/_crs/health", "")).await;
        assert_eq!(health.status, 200, "{target}");
    }
}

#[tokio::test]
async fn what_is_sent_behind_the_question_is_not_lost() {
    let app = App::start();
    let mut bytes = asking("redis.tencentcloudapi.com:80").into_bytes();
    bytes.extend(&request(DESCRIBE).0);
    let text = String::from_utf8(bytes).expect("text");
    let (head, stream) = connect(app.address().await, &text).await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let answer = Socket::on(stream).answer().await.expect("an answer");
    assert_eq!(answer.code(), "", "{answer}");
}

#[tokio::test]
async fn what_cannot_be_a_tunnel_is_refused_and_said_why() {
    let app = App::start();
    let mut socket = app.socket().await;
    for (target, status, why) in [
        ("redis.tencentcloudapi.com:443", 501, "--tls"),
        ("localhost:8240", 501, "--tls"),
        ("redis.tencentcloudapi.com", 400, "host:port"),
    ] {
        let asked = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n");
        let answer = socket.exchange(&Raw(asked.into_bytes())).await;
        assert_eq!(answer.status, status, "{target}\n{answer}");
        let message = answer.json()["Error"]["Message"].to_string();
        assert!(message.contains(why) && message.contains(target), "{message}");
    }
    // The connection is still an ordinary one.
    assert_eq!(socket.exchange(&request(DESCRIBE)).await.code(), "");
    let mut tunnel = Socket::on(granted(app.address().await, "a.test:80").await);
    let again = "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n";
    let answer = tunnel.exchange(&Raw(again.as_bytes().to_vec())).await;
    assert_eq!(answer.status, 501, "a tunnel in a tunnel\n{answer}");
    assert_eq!(tunnel.exchange(&request(DESCRIBE)).await.code(), "");
}

#[tokio::test]
async fn an_idle_tunnel_is_closed() {
    let config = Config {
        head_timeout: Duration::from_millis(150),
        ..Config::default()
    };
    let app = App::with(config);
    let address = app.address().await;
    let mut silent = Socket::on(granted(address, "a.test:80").await);
    assert!(silent.ends().await, "nothing was sent");
    let mut used = Socket::on(granted(address, "a.test:80").await);
    assert_eq!(used.exchange(&request(DESCRIBE)).await.code(), "");
    assert!(used.ends().await, "nothing more was sent");
}

/// A server of its own, to be stopped.
pub(crate) async fn stoppable(tunnels: bool) -> (Arc<Emulator>, SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let emulator = Emulator::new(Config::default(), Fixture::built_in());
    let emulator = Arc::new(emulator.expect("the built-in fixture is right"));
    let acceptor = tunnels.then(|| tls::acceptor(&emulator).expect("a certificate"));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let (stop, stopped) = oneshot::channel();
    let serving = serve(Arc::clone(&emulator), listener, Protocol::Http(acceptor), async move {
        drop(stopped.await)
    });
    let served = tokio::spawn(async move { serving.await.expect("it served") });
    (emulator, address, stop, served)
}

#[tokio::test]
async fn a_stop_ends_idle_tunnels_and_waits_for_a_call_in_one() {
    let (_, address, stop, served) = stoppable(false).await;
    let mut idle = Socket::on(granted(address, "a.test:80").await);
    let mut busy = granted(address, "a.test:80").await;
    let body = "Action=DescribeProductInfo&Version=2018-04-12";
    let head = format!(
        "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    let (early, late) = body.split_at(9);
    busy.write_all(format!("{head}{early}").as_bytes())
        .await
        .expect("it reads");
    // The server has begun with the call once it has read what was sent.
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.send(()).expect("it still serves");
    assert!(idle.ends().await, "an idle tunnel");
    assert!(!served.is_finished(), "a call is under way");
    busy.write_all(late.as_bytes()).await.expect("it reads");
    let answer = Socket::on(busy).answer().await.expect("an answer");
    assert_eq!(answer.code(), "", "{answer}");
    let ended = tokio::time::timeout(WITHIN, served).await;
    ended.expect("it stops").expect("it did not panic");
}

/// TLS through the tunnel, as a client that trusts the made CA and asks for `name`.
async fn secure_call(address: SocketAddr, roots: RootCertStore, name: &'static str) -> String {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tunnel = granted(address, &format!("{name}:443")).await;
    let asked = ServerName::try_from(name).expect("a name");
    let mut stream = TlsConnector::from(Arc::new(config))
        .connect(asked, tunnel)
        .await
        .expect("a handshake");
    let call = format!(
        "GET /?Action=DescribeZones&Version=2022-06-27&Product=redis HTTP/1.1\r\nHost: {name}\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(call.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    answer
}

#[tokio::test]
async fn a_tunnel_to_the_port_of_https_speaks_tls() {
    let (_, address, _stop, _served) = stoppable(true).await;
    let mut plain = Socket::on(granted(address, "a.test:80").await);
    let pem = plain.exchange(&Raw::control("GET", "/_crs/ca.pem", "")).await;
    let mut roots = RootCertStore::empty();
    let ca = CertificateDer::from_pem_slice(&pem.body).expect("PEM");
    roots.add(ca).expect("a CA");
    for name in ["region.tencentcloudapi.com", "region.ap-guangzhou.tencentcloudapi.com"] {
        let answer = secure_call(address, roots.clone(), name).await;
        assert!(answer.contains("\"ZoneSet\""), "{answer}");
    }
}
