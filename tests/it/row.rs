//! One row of a request table: a request with its placeholders, and what is expected. `tests/data/requests/README.md`
//! is the reference of the format.

use std::time::UNIX_EPOCH;

use serde_json::Value;

use super::draft::{Draft, fill};
use super::harness::{Answer, Raw};
use super::sign::{self, Tc3};

/// The directives that are about the request; the others are settings of the server.
const ABOUT_REQUEST: [&str; 5] = ["sign", "now", "repeat", "control", "bare"];

/// A row as it stands in its file.
pub(crate) struct Row {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) name: String,
    /// Name and value of each `@` line.
    directives: Vec<(String, String)>,
    request: Vec<String>,
    pub(crate) expected: Vec<String>,
}

/// The rows of a file.
pub(crate) fn rows(file: &str, text: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut in_expected = false;
    for (number, line) in text.lines().enumerate() {
        if let Some(name) = line.strip_prefix("==== ") {
            in_expected = false;
            rows.push(Row {
                file: file.to_owned(),
                line: number + 1,
                name: name.trim().to_owned(),
                directives: Vec::new(),
                request: Vec::new(),
                expected: Vec::new(),
            });
            continue;
        }
        // What stands before the first row is about the file.
        let Some(row) = rows.last_mut() else { continue };
        if line == "----" {
            in_expected = true;
        } else if in_expected {
            if !line.is_empty() {
                row.expected.push(line.to_owned());
            }
        } else if row.request.is_empty() && (line.starts_with('#') || line.is_empty()) {
            // A remark about the row.
        } else if let (true, Some(directive)) = (row.request.is_empty(), line.strip_prefix('@')) {
            let (name, value) = directive.split_once(' ').unwrap_or((directive, ""));
            row.directives.push((name.to_owned(), value.trim().to_owned()));
        } else {
            row.request.push(line.to_owned());
        }
    }
    rows
}

impl Row {
    pub(crate) fn place(&self) -> String {
        format!("tests/data/requests/{}:{}", self.file, self.line)
    }

    /// What tells the servers apart that rows need.
    pub(crate) fn server(&self) -> String {
        format!("{:?}", self.settings().collect::<Vec<_>>())
    }

    pub(crate) fn settings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.directives
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| !ABOUT_REQUEST.contains(name))
    }

    fn directive(&self, wanted: &str) -> Option<&str> {
        let found = self.directives.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn now_ms(&self) -> Option<i64> {
        let now = humantime::parse_rfc3339(self.directive("now")?)
            .unwrap_or_else(|error| panic!("{}: @now: {error}", self.place()));
        let since = now.duration_since(UNIX_EPOCH).expect("after 1970");
        Some(i64::try_from(since.as_millis()).expect("a time of this age"))
    }

    pub(crate) fn repeat(&self) -> usize {
        self.directive("repeat")
            .map_or(1, |times| times.parse().expect("a number of times"))
    }

    /// Control calls to be made before: method, path, body.
    pub(crate) fn controls(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.directives
            .iter()
            .filter(|(name, _)| name == "control")
            .map(|(_, call)| {
                let mut parts = call.splitn(3, ' ');
                let mut part = || parts.next().unwrap_or_default();
                (part(), part(), part())
            })
    }

    /// The option of `@sign` of that name.
    fn signing(&self, option: &str) -> Option<&str> {
        self.directive("sign")?.split_whitespace().find_map(|word| {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            (name == option).then_some(value)
        })
    }

    /// The request at that time, signed.
    pub(crate) fn request(&self, now_ms: i64) -> Raw {
        let mut draft = Draft::read(&self.request, now_ms.div_euclid(1_000), &self.place());
        if draft.header("Authorization").is_some() {
            self.sign_tc3(&mut draft);
        } else {
            self.sign_v1(&mut draft);
        }
        draft.raw()
    }

    fn sign_tc3(&self, draft: &mut Draft) {
        let timestamp = draft.header("X-TC-Timestamp").unwrap_or_default();
        let option = |name: &str, default: &str| self.signing(name).unwrap_or(default).to_owned();
        let names = option("headers", "content-type;host");
        let headers = names.split(';').map(|name| {
            let sent = draft.header(name).unwrap_or_default();
            let value = if name == "host" { option("host", &sent) } else { sent };
            let as_sent = self.signing("case") == Some("sent");
            let value = if as_sent { value } else { value.to_lowercase() };
            (name.to_lowercase(), value)
        });
        let (_, query) = draft.path_and_query();
        let payload = match self.signing("payload") {
            Some(literal) => literal.as_bytes().to_vec(),
            None if draft.method() == "GET" => Vec::new(),
            None => draft.body(),
        };
        let mut signer = Tc3 {
            secret_key: option("key", "local"),
            method: draft.method().to_owned(),
            path: option("path", "/"),
            query: if draft.method() == "GET" { query } else { String::new() },
            headers: headers.collect(),
            payload,
            date: match self.signing("date") {
                Some(date) => date.to_owned(),
                None => sign::date(timestamp.trim().parse().unwrap_or(0)),
            },
            timestamp,
            service: option("service", "redis"),
        };
        self.tamper(&mut signer);
        let mut signature = signer.signature();
        if self.signing("tamper") == Some("signature") {
            let last = if signature.ends_with('0') { "1" } else { "0" };
            signature.replace_range(63.., last);
        }
        if self.signing("upper").is_some() {
            signature = signature.to_uppercase();
        }
        let authorization = format!(
            "TC3-HMAC-SHA256 Credential={}/{}/{}/tc3_request, SignedHeaders={names}, Signature={signature}",
            option("id", "AKIDlocal"),
            signer.date,
            signer.service,
        );
        draft.put("{AUTHORIZATION}", &authorization);
        draft.put("{SIGNATURE}", &signature);
    }

    /// What is signed is made to differ from what is sent, in one place.
    fn tamper(&self, signer: &mut Tc3) {
        match self.signing("tamper") {
            None | Some("signature") => {}
            Some("body") => signer.payload.push(b' '),
            Some("query") => signer.query.push('&'),
            Some("host") => {
                let host = signer.headers.iter_mut().find(|(name, _)| name == "host");
                host.expect("the host is signed").1.push('x');
            }
            Some("timestamp") => signer.timestamp.push('0'),
            Some("method") => signer.method = "PUT".to_owned(),
            Some(other) => panic!("{}: tamper={other}", self.place()),
        }
    }

    fn sign_v1(&self, draft: &mut Draft) {
        let (_, query) = draft.path_and_query();
        let posted = draft.method() == "POST";
        let text = if posted { draft.body() } else { query.into_bytes() };
        let mut pairs = sign::decode(&String::from_utf8_lossy(&text));
        pairs.retain(|(key, _)| key != "Signature");
        if self.signing("empty") == Some("dropped") {
            pairs.retain(|(_, value)| !value.is_empty());
        }
        if self.signing("underscore") == Some("dot") {
            pairs.iter_mut().for_each(|(key, _)| *key = key.replace('_', "."));
        }
        if self.signing("tamper") == Some("parameter") {
            pairs.push(("Zzz".to_owned(), "1".to_owned()));
        }
        let host = draft.header("Host").unwrap_or_default();
        let mut signature = sign::v1(
            self.signing("key").unwrap_or("local"),
            self.signing("method") == Some("sha256"),
            draft.method(),
            self.signing("host").unwrap_or(&host),
            self.signing("path").unwrap_or("/"),
            &pairs,
        );
        if self.signing("newline").is_some() {
            signature.push('\n');
        }
        draft.put("{SIGNATURE}", &sign::encode(&signature));
    }

    /// Every way in which the answer is not what is expected.
    pub(crate) fn wrong(&self, answer: &Answer, now_ms: i64) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut says_what = self.directive("bare").is_some();
        let envelope = if says_what {
            Err(String::new())
        } else {
            answer.envelope()
        };
        let mut request_id = String::new();
        match &envelope {
            Ok(envelope) => request_id.clone_from(&envelope.request_id),
            Err(fault) if !says_what => wrong.push(fault.clone()),
            Err(_) => {}
        }
        let error = envelope.as_ref().ok().and_then(|envelope| envelope.error.clone());
        let (code, message) = error.unwrap_or_default();
        for line in &self.expected {
            let line = line.replace("{REQUEST_ID}", &request_id);
            let line = fill(&line, now_ms.div_euclid(1_000), &self.place());
            let (what, value) = line.split_once(' ').unwrap_or((&line, ""));
            says_what |= what == "ok" || what == "code";
            let holds = match what {
                "ok" => code.is_empty(),
                "code" => code == value,
                "message" => message_is(&message, value),
                "status" => value == answer.status.to_string(),
                "header" => header_is(answer, value),
                "body" => body_is(answer, value),
                "json" => json_is(envelope.as_ref().map(|envelope| &envelope.whole).ok(), value),
                other => panic!("{}: nothing is expected by `{other}`", self.place()),
            };
            if !holds {
                wrong.push(format!("`{line}` does not hold"));
            }
        }
        assert!(says_what, "{}: a row expects `ok` or a `code`", self.place());
        wrong
    }
}

fn message_is(message: &str, wanted: &str) -> bool {
    if let Some(part) = wanted.strip_prefix("contains ") {
        return message.contains(part);
    }
    if wanted.starts_with('"') {
        return serde_json::from_str::<String>(wanted).is_ok_and(|wanted| message == wanted);
    }
    message == wanted
}

fn header_is(answer: &Answer, wanted: &str) -> bool {
    match wanted.split_once(": ") {
        Some((name, value)) => answer.header(name) == Some(value),
        None => {
            let name = wanted.strip_suffix(" absent").expect("`Name: value` or `Name absent`");
            answer.headers.iter().all(|(key, _)| !key.eq_ignore_ascii_case(name))
        }
    }
}

fn body_is(answer: &Answer, wanted: &str) -> bool {
    match wanted.strip_prefix("contains ") {
        Some(part) => String::from_utf8_lossy(&answer.body).contains(part),
        None if wanted == "empty" => answer.body.is_empty(),
        None => panic!("`body {wanted}`: write `body contains …` or `body empty`"),
    }
}

fn json_is(whole: Option<&Value>, wanted: &str) -> bool {
    let (path, value) = wanted.split_once(" = ").expect("`json path = value`");
    let value: Value = serde_json::from_str(value).expect("JSON behind `=`");
    let pointer = format!("/{}", path.replace('.', "/"));
    whole.and_then(|whole| whole.pointer(&pointer)) == Some(&value)
}
