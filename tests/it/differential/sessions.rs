//! What the other tests sent, emulator by emulator, as [`record`](crate::record) has written it down.

use std::fs;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;

use super::report::Part;
use super::servers::{Build, Pair, fixture_flag, now_ms, young_second};
use crate::harness::{NOW_MS, Raw};
use crate::record::{self, Event, Start};
use crate::sign::{self, Tc3};

/// The states are compared after so many requests, and in the end.
const REQUESTS_BETWEEN_LOOKS: usize = 16;

/// Every recorded session, from the start of its own servers.
pub(super) async fn sessions(part: &mut Part, builds: &[Build; 2], recorded: &Path, most: usize) {
    for path in super::files(&recorded.join("sessions"), "jsonl").iter().take(most) {
        part.cases += 1;
        let name = path.file_stem().expect("a name").to_string_lossy();
        let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut lines = text.lines();
        let start: Start = serde_json::from_str(lines.next().expect("a first line")).expect("how it starts");
        let events = lines.map(|line| serde_json::from_str(line).expect("an event"));
        let limits = "--rate-limit=off".to_owned();
        let flags = [start.flags, vec![limits, fixture_flag(recorded, &start.fixture)]].concat();
        if let Some(mut pair) = Pair::start(part, &name, builds, &flags) {
            let keys = serde_json::from_str(&start.fixture).expect("a test's fixture is JSON");
            session(part, &mut pair, &name, &keys, events).await;
        }
    }
}

async fn session(part: &mut Part, pair: &mut Pair, name: &str, keys: &Value, events: impl Iterator<Item = Event>) {
    let mut at_ms = NOW_MS;
    for (number, event) in events.enumerate() {
        let case = format!("{name}, event {}", number + 1);
        match event {
            Event::Reset => pair.reset(part, &case).await,
            Event::Now(now_ms) => {
                at_ms = now_ms;
                let now = UNIX_EPOCH + Duration::from_millis(now_ms.unsigned_abs());
                let now = humantime::format_rfc3339_millis(now);
                let clock = format!(r#"{{"Mode":"manual","Now":"{now}"}}"#);
                pair.control(part, &case, ("PUT", "/_crs/clock", &clock)).await;
            }
            Event::Request(text) => {
                let request = Raw(record::bytes(&text));
                let request = signed_now(&request, keys, at_ms / 1_000).await.unwrap_or(request);
                pair.send(part, &case, &request).await;
            }
        }
        if number % REQUESTS_BETWEEN_LOOKS == 0 {
            pair.look(part, &case).await;
        }
    }
    pair.look(part, name).await;
}

/// The request with a timestamp of now in the place of that of its test, and signed again if it was signed; `None` if
/// it has no such timestamp, or was signed wrong.
pub(super) async fn signed_now(request: &Raw, keys: &Value, at_s: i64) -> Option<Raw> {
    let (head, body) = request.parts();
    let header = |name: &str| {
        let lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
        lines
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .next()
    };
    let authorization = header("Authorization")?;
    let timestamp = header("X-TC-Timestamp").filter(|timestamp| *timestamp == at_s.to_string())?;
    young_second(1).await;
    let now_s = now_ms() / 1_000;
    let head = head.replace(timestamp, &now_s.to_string());
    let head = match authorization.strip_prefix("TC3-HMAC-SHA256 Credential=") {
        None => head,
        Some(signed) => {
            let (scope, rest) = signed.split_once(", SignedHeaders=")?;
            let (names, signature) = rest.split_once(", Signature=")?;
            let [id, date, service, _] = scope.split('/').collect::<Vec<_>>().try_into().ok()?;
            let (method, target) = head.split_once(' ')?;
            let mut signer = Tc3 {
                secret_key: secret_key(keys, id)?.to_owned(),
                method: method.to_owned(),
                path: "/".to_owned(),
                query: String::new(),
                headers: Vec::new(),
                payload: body.to_vec(),
                date: date.to_owned(),
                timestamp: timestamp.to_owned(),
                service: service.to_owned(),
            };
            if method == "GET" {
                let target = target.split(' ').next()?;
                signer.query = target.split_once('?').map_or("", |(_, query)| query).to_owned();
                signer.payload.clear();
            }
            for name in names.split(';') {
                signer.headers.push((name.to_owned(), header(name)?.to_lowercase()));
            }
            if signer.signature() != signature {
                return None;
            }
            (signer.date, signer.timestamp) = (sign::date(now_s), now_s.to_string());
            let scope_now = scope.replace(date, &signer.date);
            head.replace(scope, &scope_now).replace(signature, &signer.signature())
        }
    };
    Some(Raw([head.as_bytes(), b"\r\n\r\n", body].concat()))
}

/// The key that goes with a SecretId in a fixture.
fn secret_key<'a>(fixture: &'a Value, id: &str) -> Option<&'a str> {
    let accounts = fixture["Accounts"].as_array()?.iter();
    let mut pairs = accounts
        .filter_map(|account| account["Credentials"].as_array())
        .flatten();
    pairs.find(|pair| pair["SecretId"] == id)?["SecretKey"].as_str()
}
