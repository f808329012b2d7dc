//! HTTPS: the certificate that is made at start, and one that is given.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use crs_local::http::{router, serve, tls};
use crs_local::{Config, Emulator, Fixture};
use http_body_util::BodyExt;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tower::ServiceExt;

fn emulator(config: Config) -> Arc<Emulator> {
    let emulator = Emulator::new(config, Fixture::built_in());
    Arc::new(emulator.expect("the built-in fixture is right"))
}

/// Serves the emulator over TLS for as long as the test's runtime lives.
async fn secure(emulator: &Arc<Emulator>) -> SocketAddr {
    let acceptor = tls::acceptor(emulator).expect("a certificate");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let emulator = Arc::clone(emulator);
    tokio::spawn(serve::serve(
        emulator,
        listener,
        serve::Protocol::Https(acceptor),
        std::future::pending(),
    ));
    address
}

/// What `GET /_crs/ca.pem` answers: the status and the body.
async fn ca_pem(emulator: &Arc<Emulator>) -> (u16, Vec<u8>) {
    let request = http::Request::get("/_crs/ca.pem")
        .header("host", "localhost")
        .body(axum::body::Body::empty())
        .unwrap();
    let answer = router(Arc::clone(emulator)).oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.into_body().collect().await.unwrap().to_bytes().to_vec())
}

/// Calls over TLS as a client that trusts `roots` and asks for `name`.
pub(super) async fn call(address: SocketAddr, roots: RootCertStore, name: &str) -> std::io::Result<String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = name.to_owned();
    let stream = TcpStream::connect(address).await?;
    let asked = ServerName::try_from(name.clone()).unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(asked, stream).await?;
    let request = format!(
        "GET /?Action=DescribeProductInfo&Version=2018-04-12 HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

pub(super) fn trusting(pem: &[u8]) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(pem).expect("PEM"))
        .expect("a CA");
    roots
}

#[tokio::test]
async fn the_made_certificate_covers_every_name_that_a_client_may_ask_for() {
    let emulator = emulator(Config::default());
    let address = secure(&emulator).await;
    let (status, pem) = ca_pem(&emulator).await;
    assert_eq!(status, 200);
    for name in [
        "localhost",
        "127.0.0.1",
        "redis.tencentcloudapi.com",
        "redis.intl.tencentcloudapi.com",
        "redis.ap-guangzhou.tencentcloudapi.com",
        "redis.ap-shanghai-fsi.tencentcloudapi.com",
        "redis.tencentcloudapi.cn",
        "monitor.tencentcloudapi.com",
        "monitor.internal.tencentcloudapi.com",
        "monitor.ap-shanghai-fsi.tencentcloudapi.com",
    ] {
        let answer = call(address, trusting(&pem), name).await;
        let answer = answer.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(answer.contains("\"RegionSet\""), "{name}: {answer}");
    }
    let elsewhere = call(address, trusting(&pem), "example.com").await;
    assert!(elsewhere.is_err(), "the certificate is not one for every name");
    let stranger = call(address, RootCertStore::empty(), "localhost").await;
    assert!(stranger.is_err(), "who does not trust the CA is not served");
}

/// A folder of this test run's own.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("crs-local-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[tokio::test]
async fn a_given_certificate_is_the_one_that_is_served() {
    let folder = folder("tls-given");
    let made = rcgen::generate_simple_self_signed(vec!["redis.tc.test".to_owned()]).unwrap();
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    fs::write(&cert, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let emulator = emulator(Config {
        tls_cert: Some(cert),
        tls_key: Some(key),
        ..Config::default()
    });
    let address = secure(&emulator).await;
    let answer = call(address, trusting(made.cert.pem().as_bytes()), "redis.tc.test").await;
    assert!(answer.expect("it is trusted").contains("\"RegionSet\""));
    assert_eq!(ca_pem(&emulator).await.0, 404, "no CA was made");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_certificate_that_does_not_do_is_named_with_its_flag() {
    let folder = folder("tls-broken");
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    let fault = |cert_text: &str, key_text: &str| {
        fs::write(&cert, cert_text).unwrap();
        fs::write(&key, key_text).unwrap();
        let config = Config {
            tls_cert: Some(cert.clone()),
            tls_key: Some(key.clone()),
            ..Config::default()
        };
        tls::acceptor(&emulator(config)).err().expect("it is refused")
    };
    let one = rcgen::generate_simple_self_signed(vec!["a.test".to_owned()]).unwrap();
    let other = rcgen::generate_simple_self_signed(vec!["b.test".to_owned()]).unwrap();
    let (one_pem, key_pem) = (one.cert.pem(), other.signing_key.serialize_pem());
    assert!(fault("", &key_pem).contains("--tls-cert"));
    assert!(fault(&one_pem, "no key").contains("--tls-key"));
    assert!(fault(&one_pem, &key_pem).contains("the certificate does not do"));
    fs::remove_dir_all(folder).unwrap();
}
