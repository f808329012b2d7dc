//! What is logged, and what must never be.

use std::io;
use std::sync::{Arc, LazyLock, Mutex};

use crs_local::Config;
use crs_local::config::Auth;
use tracing::Dispatch;
use tracing::subscriber::NoSubscriber;
use tracing_subscriber::fmt::MakeWriter;

use super::gateway::request;
use super::harness::{App, Raw};

/// Takes every line that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("not poisoned")).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// What is logged, at the most talkative level, while these requests are served over a socket.
async fn logged(config: Config, requests: &[Raw]) -> String {
    // While there is one subscriber alone, whether anybody listens at a place is asked of the thread that comes there
    // first, which may be another test's and hear nothing; with two it is asked of them.
    static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::default()));
    LazyLock::force(&SECOND);
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    // The server runs on this thread too, so this thread's subscriber hears it.
    let _guard = tracing::subscriber::set_default(subscriber);
    let app = App::with(config);
    for raw in requests {
        app.send(raw).await;
    }
    log.text()
}

#[tokio::test]
async fn neither_secrets_nor_signatures_are_logged() {
    let texts = [
        "POST / HTTP/1.1\n{USUAL}\n\n{}",
        "@sign tamper=signature\nPOST / HTTP/1.1\n{USUAL}\n\n{}",
        "@sign id=AKIDtemporary key=temporary-key\nPOST / HTTP/1.1\n{USUAL}\nX-TC-Token: the-token\n\n{}",
        "@sign id=AKIDtemporary key=temporary-key\nPOST / HTTP/1.1\n{USUAL}\nX-TC-Token: wrong-token\n\n{}",
        "GET /?{USUAL-V1}&Token=v1-token HTTP/1.1\nHost: 127.0.0.1:8239",
        "@sign key=wrong\nGET /?{USUAL-V1} HTTP/1.1\nHost: 127.0.0.1:8239",
        "POST / HTTP/1.1\n{USUAL}\nAuthorization: TC3-HMAC-SHA256 garbled-header\n\n{}",
        "@sign id=AKIDnobody\nPOST / HTTP/1.1\n{USUAL}\n\n{}",
        "POST / HTTP/1.1\n{USUAL}\nX-TC-Action: CreateInstances\n\n{\"Password\":\"the-password1\"}",
    ];
    let requests: Vec<Raw> = texts.iter().map(|text| request(text)).collect();
    for auth in [Auth::Lenient, Auth::Strict] {
        let config = Config {
            auth,
            ..Config::default()
        };
        let log = logged(config, &requests).await;
        assert!(log.contains("action=\"DescribeInstances\""), "{log}");
        let mut secrets: Vec<String> = [
            "the-token",
            "wrong-token",
            "v1-token",
            "garbled-header",
            "the-password1",
            "temporary-key",
        ]
        .map(str::to_owned)
        .to_vec();
        for raw in &requests {
            let text = raw.to_string();
            for (_, after) in text
                .match_indices("Signature=")
                .map(|(at, name)| (at, &text[at + name.len()..]))
            {
                let end = after.find(['&', ' ', '\n']).unwrap_or(after.len());
                secrets.push(after[..end].to_owned());
            }
        }
        for secret in secrets {
            assert!(!log.contains(&secret), "`{secret}` is in the log:\n{log}");
        }
    }
}

#[tokio::test]
async fn a_call_has_one_span_with_what_it_came_to() {
    let wrong = request("POST / HTTP/1.1\n{USUAL}\nX-TC-Region: mars\n\n{}");
    let log = logged(Config::default(), &[wrong]).await;
    let line = log
        .lines()
        .find(|line| line.contains("answered"))
        .unwrap_or_else(|| panic!("{log}"));
    for part in [
        "request_id=",
        "action=\"DescribeInstances\"",
        "region=\"mars\"",
        "account=1250000000",
        "code=\"InvalidParameterValue\"",
        "micros=",
    ] {
        assert!(line.contains(part), "{part} is not in\n{line}");
    }
}

#[tokio::test]
async fn a_bypassed_check_is_said_aloud_once() {
    let unsigned = request("@sign id=AKIDnobody\nPOST / HTTP/1.1\n{USUAL}\n\n{}");
    let log = logged(Config::default(), &[unsigned.clone(), unsigned]).await;
    let said = log
        .lines()
        .filter(|line| line.contains("WARN") && line.contains("AKIDnobody"));
    assert_eq!(said.count(), 1, "{log}");
}
