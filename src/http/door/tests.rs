//! Heads of requests, and what becomes of them.

use std::fs;

use http::Request;

use super::*;
use crate::config::Config;
use crate::{Emulator, Fixture};

/// A head, written with bare line feeds.
fn head(text: &str) -> Parts {
    let mut lines = text.lines().map(str::trim);
    let mut first = lines.next().unwrap_or_default().split(' ');
    let mut request = Request::builder()
        .method(first.next().unwrap_or_default())
        .uri(first.next().unwrap_or_default());
    match first.next() {
        Some("HTTP/1.0") => request = request.version(Version::HTTP_10),
        Some("HTTP/2") => request = request.version(Version::HTTP_2),
        _ => {}
    }
    for line in lines {
        let (name, value) = line.split_once(':').expect("a header");
        request = request.header(name, value.trim());
    }
    let request = request.body(()).unwrap_or_else(|error| panic!("{error} in {text}"));
    request.into_parts().0
}

fn doors(flags: &[&str]) -> Doors {
    Doors::new(&Config {
        allow_host: flags.iter().map(|name| name.parse().expect("a host name")).collect(),
        ..Config::default()
    })
}

/// The status with which a head is refused, or whose name it came by.
fn outcome(doors: &Doors, text: &str) -> Result<Reach, u16> {
    let head = head(text);
    let entered = doors.enter(&head, Scheme::Http);
    entered.map(|entry| entry.reach).map_err(|shut| shut.status.as_u16())
}

const UPGRADE: &str = "/?Action=UpgradeInstance&Version=2018-04-12&InstanceId=crs-5qlrlhux";
const DESCRIBE: &str = "/?Action=DescribeInstances&Version=2018-04-12";

#[test]
fn a_host_is_local_tencents_or_foreign() {
    let doors = doors(&["crs.default", "*.example.com"]);
    for (host, reach) in [
        ("localhost", Reach::Local),
        ("127.0.0.1:8239", Reach::Local),
        ("[::1]:8239", Reach::Local),
        ("http://127.0.0.1:8239", Reach::Local),
        ("crs-local:8239", Reach::Local),
        ("redis.tc.test", Reach::Local),
        ("crs.default:8239", Reach::Local),
        ("a.b.Example.com.:8239", Reach::Local),
        ("redis.tencentcloudapi.com", Reach::Tencent),
        ("redis.ap-shanghai-fsi.tencentcloudapi.com.cn:443", Reach::Tencent),
        ("example.com", Reach::Foreign),
        ("evil.example:8239", Reach::Foreign),
        ("localhost.evil.example", Reach::Foreign),
        ("redis.tencentcloudapi.com.evil.example", Reach::Foreign),
        ("localhost@evil.example", Reach::Foreign),
        ("", Reach::Foreign),
    ] {
        let entered = outcome(&doors, &format!("POST /\nHost: {host}"));
        assert_eq!(entered, Ok(reach), "{host}");
        let is_let_in = outcome(&doors, &format!("GET /_crs/state\nHost: {host}"));
        let wanted = match reach {
            Reach::Local => Ok(Reach::Local),
            _ => Err(403),
        };
        assert_eq!(is_let_in, wanted, "/_crs/state by {host}");
        let metrics = outcome(&doors, &format!("GET /metrics\nHost: {host}"));
        assert_eq!(metrics, wanted, "/metrics by {host}");
        for open in ["/_crs/health", "/_crs/ca.pem"] {
            let entered = outcome(&doors, &format!("GET {open}\nHost: {host}"));
            assert_eq!(entered, Ok(reach), "{open} by {host}");
        }
    }
}

#[test]
fn the_target_says_the_host_before_the_header_does() {
    let doors = doors(&[]);
    for (head, reach) in [
        ("POST http://localhost:8239/\nHost: evil.example", Reach::Local),
        ("POST http://evil.example/\nHost: localhost", Reach::Foreign),
        ("POST http://user@localhost/\nHost: localhost", Reach::Foreign),
        ("POST http://redis.tencentcloudapi.com/ HTTP/2", Reach::Tencent),
    ] {
        assert_eq!(outcome(&doors, head), Ok(reach), "{head}");
    }
}

#[test]
fn what_breaks_the_standard_is_refused_as_it_says() {
    let doors = doors(&[]);
    for (head, status) in [
        ("POST /", 400),
        ("POST / HTTP/2", 400),
        ("POST /\nHost: localhost\nHost: localhost", 400),
        ("POST /\nHost: localhost\nHost: evil.example", 400),
        ("POST http://localhost/\nHost: localhost\nHost: x", 400),
        ("POST /\nHost: x\nTransfer-Encoding: gzip, chunked", 501),
        ("POST /\nHost: x\nTransfer-Encoding: chunked, chunked", 501),
        (
            "POST /\nHost: x\nTransfer-Encoding: gzip\nTransfer-Encoding: chunked",
            501,
        ),
        ("POST /\nHost: x\nTransfer-Encoding: identity", 501),
    ] {
        assert_eq!(outcome(&doors, head), Err(status), "{head}");
    }
    for head in [
        "POST /\nHost: x\nTransfer-Encoding: chunked",
        "POST /\nHost: x\nTransfer-Encoding: Chunked",
    ] {
        assert_eq!(outcome(&doors, head), Ok(Reach::Local), "{head}");
    }
    assert_eq!(outcome(&doors, "POST / HTTP/1.0"), Ok(Reach::Foreign));
}

#[test]
fn a_page_of_another_origin_is_refused() {
    let doors = doors(&["pages.example"]);
    // The origin, the Host, and whether the page is let in.
    for (origin, host, is_let_in) in [
        ("http://localhost:8239", "localhost:8239", true),
        ("http://LOCALHOST:8239", "localhost:8239", true),
        ("http://localhost", "localhost", true),
        ("http://localhost:80", "localhost", true),
        ("http://localhost", "localhost:80", true),
        ("http://[::1]:8239", "[::1]:8239", true),
        ("http://pages.example:3000", "localhost:8239", true),
        ("https://pages.example", "localhost:8239", true),
        ("https://localhost", "localhost:443", false),
        ("http://localhost:3000", "localhost:8239", false),
        ("http://localhost:8239", "127.0.0.1:8239", false),
        ("http://localhost", "localhost:8239", false),
        ("http://evil.example", "localhost:8239", false),
        ("http://evil.example:8239", "localhost:8239", false),
        ("http://evil.pages.example", "localhost:8239", false),
        ("null", "localhost:8239", false),
        ("", "localhost:8239", false),
        ("localhost:8239", "localhost:8239", false),
        ("chrome-extension://abc", "localhost:8239", false),
        ("file://", "localhost:8239", false),
    ] {
        for target in [
            "POST /_crs/reset",
            "POST /",
            "OPTIONS /",
            "GET /_crs/state",
            "GET /_crs/health",
        ] {
            let head = format!("{target}\nHost: {host}\nOrigin: {origin}");
            let wanted = if is_let_in { Ok(Reach::Local) } else { Err(403) };
            assert_eq!(outcome(&doors, &head), wanted, "{head}");
        }
    }
    let two = "POST /\nHost: localhost\nOrigin: http://localhost\nOrigin: http://evil.example";
    assert_eq!(outcome(&doors, two), Err(403), "one of two");
}

#[test]
fn what_another_sites_page_fetches_is_refused() {
    let doors = doors(&["pages.example"]);
    for (site, is_let_in) in [
        ("cross-site", false),
        ("same-site", false),
        ("same-origin", true),
        ("none", true),
    ] {
        for target in [
            format!("GET {UPGRADE}"),
            "POST /_crs/reset".to_owned(),
            "GET /_crs/state".to_owned(),
        ] {
            let head = format!("{target}\nHost: localhost:8239\nSec-Fetch-Site: {site}");
            let wanted = if is_let_in { Ok(Reach::Local) } else { Err(403) };
            assert_eq!(outcome(&doors, &head), wanted, "{head}");
        }
    }
    // An origin that is let in does not make a page of another site one of ours.
    let head = "POST /\nHost: localhost\nOrigin: http://pages.example\nSec-Fetch-Site: cross-site";
    assert_eq!(outcome(&doors, head), Err(403));
}

#[test]
fn a_link_to_the_control_api_may_be_followed() {
    let doors = doors(&[]);
    let head = |target: &str, mode: &str, dest: &str| {
        format!(
            "{target}\nHost: localhost:8239\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: {mode}\n\
             Sec-Fetch-Dest: {dest}"
        )
    };
    for (target, mode, dest, is_let_in) in [
        ("GET /_crs/", "navigate", "document", true),
        ("GET /_crs", "navigate", "document", true),
        ("HEAD /_crs/state", "navigate", "document", true),
        ("GET /_crs/state", "navigate", "document", true),
        ("GET /metrics", "navigate", "document", true),
        ("GET /_crs/state", "navigate", "iframe", false),
        ("GET /_crs/state", "navigate", "embed", false),
        ("GET /_crs/state", "no-cors", "script", false),
        ("GET /_crs/state", "cors", "empty", false),
        ("POST /_crs/reset", "navigate", "document", false),
        ("DELETE /_crs/faults", "navigate", "document", false),
        ("GET /_crsx", "navigate", "document", false),
        ("GET /", "navigate", "document", false),
        (&format!("GET {UPGRADE}"), "navigate", "document", false),
    ] {
        let wanted = if is_let_in { Ok(Reach::Local) } else { Err(403) };
        let head = head(target, mode, dest);
        assert_eq!(outcome(&doors, &head), wanted, "{head}");
    }
    let elsewhere = head("GET /_crs/state", "navigate", "document").replace("localhost", "evil.example");
    assert_eq!(outcome(&doors, &elsewhere), Err(403), "the Host counts all the same");
}

#[test]
fn a_browser_may_not_write_by_a_get_where_it_does_not_say_for_whom() {
    let doors = doors(&[]);
    let chrome = "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\nAccept-Language: en";
    // The Host, the headers, and whether a write is let in.
    for (host, headers, is_let_in) in [
        ("192.168.1.7:8239", chrome, false),
        ("0.0.0.0:8239", chrome, false),
        ("crs-local:8239", chrome, false),
        ("redis.tencentcloudapi.com", chrome, false),
        ("evil.example", chrome, false),
        ("crs-local:8239", "Sec-Fetch-Mode: navigate", false),
        ("crs-local:8239", "Sec-Fetch-Mode: no-cors", false),
        ("crs-local:8239", "Sec-Fetch-Mode: cors", true),
        (
            "crs-local:8239",
            "User-Agent: Mozilla/5.0 (Windows NT) WindowsPowerShell/5.1",
            true,
        ),
        ("crs-local:8239", "User-Agent: curl/8.5.0\nAccept-Language: en", true),
        ("crs-local:8239", "User-Agent: curl/8.5.0", true),
        ("localhost:8239", chrome, true),
        ("127.0.0.1:8239", chrome, true),
        ("[::1]:8239", chrome, true),
        ("localhost:8239", "Sec-Fetch-Site: none\nSec-Fetch-Mode: navigate", true),
    ] {
        for target in [
            UPGRADE,
            "/?A=1&Act%69on=DestroyPostpaidInstance",
            "/?Action=DescribeInstances&Action=ModifyInstance",
        ] {
            let head = format!("GET {target}\nHost: {host}\n{headers}");
            assert_eq!(outcome(&doors, &head).is_ok(), is_let_in, "{head}");
            let signed = format!("{head}\nAuthorization: TC3-HMAC-SHA256 x");
            assert_eq!(outcome(&doors, &signed).is_ok(), is_let_in, "{signed}");
        }
        for target in [DESCRIBE, "/", "/?Action=Nothing", "/?Action=%"] {
            let head = format!("GET {target}\nHost: {host}\n{headers}");
            assert!(outcome(&doors, &head).is_ok(), "{head}");
        }
    }
}

#[test]
fn over_https_a_name_of_the_certificate_is_local() {
    let emulator = Emulator::new(Config::default(), Fixture::built_in()).map_err(drop);
    let made = super::super::tls::acceptor(&emulator.expect("it starts")).expect("a certificate");
    let folder = std::env::temp_dir().join(format!("crs-local-doors-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    let names = vec!["crs.example.com".to_owned(), "*.wild.example.com".to_owned()];
    let own = rcgen::generate_simple_self_signed(names).expect("a certificate");
    fs::write(&cert, own.cert.pem()).expect("a file");
    fs::write(&key, own.signing_key.serialize_pem()).expect("a file");
    let config = Config {
        tls_cert: Some(cert),
        tls_key: Some(key),
        ..Config::default()
    };
    let emulator = Emulator::new(config, Fixture::built_in()).map_err(drop);
    let given = super::super::tls::acceptor(&emulator.expect("it starts")).expect("a certificate");
    fs::remove_dir_all(folder).expect("it goes");

    let doors = doors(&[]);
    for (acceptor, host, control) in [
        (&given, "crs.example.com", Ok(Reach::Local)),
        (&given, "CRS.example.com:8240", Ok(Reach::Local)),
        (&given, "a.wild.example.com", Ok(Reach::Local)),
        (&given, "a.b.wild.example.com", Err(403)),
        (&given, "evil.example", Err(403)),
        (&given, "redis.tencentcloudapi.com", Err(403)),
        (&made, "redis.tencentcloudapi.com", Ok(Reach::Local)),
        (&made, "crs.example.com", Err(403)),
        (&made, "localhost:8240", Ok(Reach::Local)),
    ] {
        let enter = |text: String| {
            let head = head(&text);
            let entered = doors.enter(&head, Scheme::Https(acceptor));
            entered.map(|entry| entry.reach).map_err(|shut| shut.status.as_u16())
        };
        assert_eq!(enter(format!("GET /_crs/state\nHost: {host}")), control, "{host}");
        // The origin's scheme is the call's own.
        let origin = |scheme: &str| enter(format!("POST /\nHost: {host}\nOrigin: {scheme}://{host}")).is_ok();
        assert!(origin("https") && !origin("http"), "{host}");
        // Over TLS a browser says who asks, so a link is told from the address bar by that.
        let typed = "User-Agent: Mozilla/5.0\nAccept-Language: en\nSec-Fetch-Site: none";
        assert!(enter(format!("GET {UPGRADE}\nHost: {host}\n{typed}")).is_ok(), "{host}");
    }
    let default_port = "POST /\nHost: localhost:443\nOrigin: https://localhost";
    assert!(doors.enter(&head(default_port), Scheme::Https(&made)).is_ok());
}

#[test]
fn a_token_is_asked_for_where_one_is_set() {
    let doors = Doors::new(&Config {
        control_token: Some("s3cret".parse().expect("a token")),
        ..Config::default()
    });
    for (head, wanted) in [
        ("GET /_crs/state", Err(401)),
        ("POST /_crs/reset", Err(401)),
        ("GET /metrics", Err(401)),
        ("GET /_crs/nothing", Err(401)),
        ("GET /_crs/state\nAuthorization: Bearer s3cret", Ok(Reach::Local)),
        ("GET /metrics\nAuthorization: bearer s3cret", Ok(Reach::Local)),
        ("GET /_crs/state\nAuthorization: Bearer s3cre", Err(401)),
        ("GET /_crs/state\nAuthorization: Bearer s3crets", Err(401)),
        ("GET /_crs/state\nAuthorization: Basic s3cret", Err(401)),
        ("GET /_crs/state\nAuthorization: Bearer", Err(401)),
        ("GET /_crs/state\nAuthorization: s3cret", Err(401)),
        ("GET /_crs/health", Ok(Reach::Local)),
        ("GET /_crs/ca.pem", Ok(Reach::Local)),
        ("GET /_crs/", Ok(Reach::Local)),
        ("GET /_crs", Ok(Reach::Local)),
        ("POST /", Ok(Reach::Local)),
    ] {
        assert_eq!(outcome(&doors, &format!("{head}\nHost: localhost")), wanted, "{head}");
    }
    let elsewhere = "GET /_crs/state\nHost: evil.example\nAuthorization: Bearer s3cret";
    assert_eq!(outcome(&doors, elsewhere), Err(403));
}

#[test]
fn a_refusal_names_the_remedy_and_quotes_little() {
    let doors = doors(&[]);
    let long = "x".repeat(5_000);
    for (text, holds) in [
        (format!("GET /_crs/state\nHost: {long}.example"), "--allow-host"),
        (format!("GET /_crs/{long}\nHost: evil.example"), "--allow-host"),
        (
            format!("POST /\nHost: localhost\nOrigin: http://{long}"),
            "--allow-host",
        ),
        (format!("POST /\nHost: x\nTransfer-Encoding: {long}"), "Content-Length"),
        (format!("GET {UPGRADE}\nHost: x\nSec-Fetch-Mode: navigate"), "localhost"),
    ] {
        let head = head(&text);
        let shut = doors.enter(&head, Scheme::Http).expect_err("it is refused");
        assert!(shut.message.contains(holds), "{}", shut.message);
        assert!(shut.message.len() < 500, "{}", shut.message);
    }
}
