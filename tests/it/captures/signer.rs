//! A signer written from the documents, for tests alone: it shares no code with the gateway.
//!
//! It signs the way the captured client does, oddities included: which of them leave the port
//! out of the host, and which sign the path of their endpoint, is known from the captures.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::request::{Captured, Kind};

/// Whose signature to write.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Credentials<'a> {
    pub(crate) secret_id: &'a str,
    pub(crate) secret_key: &'a str,
}

/// Signs a request anew, as of `now` (seconds since 1970-01-01T00:00:00Z).
pub(crate) fn sign(request: &mut Captured, credentials: Credentials<'_>, now: i64) {
    match request.kind {
        Kind::Tc3 => sign_tc3(request, credentials, now),
        Kind::V1 => sign_v1(request, credentials, now),
        other => panic!("{}: {other:?} is not signed", request.name),
    }
}

fn sign_tc3(request: &mut Captured, credentials: Credentials<'_>, now: i64) {
    request.set_header("X-TC-Timestamp", now.to_string());
    let old = request
        .header("Authorization")
        .expect("a signature")
        .to_owned();
    let scope = between(&old, "Credential=", ", ");
    let service = &scope[scope.find('/').expect("a date") + 12..scope.len() - "/tc3_request".len()];
    let signed_headers = between(&old, "SignedHeaders=", ", ");

    let mut canonical = request.method.clone();
    canonical += &format!("\n{}\n", signed_path(request));
    canonical += if request.method == "GET" {
        request.path_and_query().1
    } else {
        ""
    };
    canonical.push('\n');
    for name in signed_headers.split(';') {
        let value = match name {
            "host" => signed_host(request),
            _ => request.header(name).expect("a header that is signed"),
        };
        canonical += &format!("{name}:{value}\n");
    }
    let payload = match request.header("X-TC-Content-SHA256") {
        Some("UNSIGNED-PAYLOAD") => b"UNSIGNED-PAYLOAD",
        _ if request.method == "GET" => &b""[..],
        _ => &request.body,
    };
    canonical += &format!("\n{signed_headers}\n{}", hex(&Sha256::digest(payload)));

    let date = date(now);
    let text = format!(
        "TC3-HMAC-SHA256\n{now}\n{date}/{service}/tc3_request\n{}",
        hex(&Sha256::digest(&canonical))
    );
    let mut key = format!("TC3{}", credentials.secret_key).into_bytes();
    for step in [&date, service, "tc3_request", &text] {
        key = sha256_mac(&key, step);
    }
    let authorization = format!(
        "TC3-HMAC-SHA256 Credential={}/{date}/{service}/tc3_request, \
         SignedHeaders={signed_headers}, Signature={}",
        credentials.secret_id,
        hex(&key)
    );
    request.set_header("Authorization", authorization);
}

fn sign_v1(request: &mut Captured, credentials: Credentials<'_>, now: i64) {
    replace(request, "Timestamp", &now.to_string());
    replace(request, "SecretId", credentials.secret_id);
    let form = form(request).to_owned();
    let mut pairs: Vec<(String, String)> = form
        .split('&')
        .map(|pair| pair.split_once('=').expect("a pair"))
        .map(|(key, value)| (decode(key), decode(value)))
        .filter(|(key, _)| key != "Signature")
        .collect();
    pairs.sort();
    let sha256 = pairs
        .iter()
        .any(|(k, v)| k == "SignatureMethod" && v == "HmacSHA256");
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let text = format!(
        "{}{}{}?{}",
        request.method,
        signed_host(request),
        signed_path(request),
        pairs.join("&")
    );
    let key = credentials.secret_key.as_bytes();
    let mac = if sha256 {
        sha256_mac(key, &text)
    } else {
        sha1_mac(key, &text)
    };
    let escaped = STANDARD
        .encode(mac)
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    replace(request, "Signature", &escaped);
}

/// Node signs the name of the host alone when it signs a header; everyone else what they send.
fn signed_host(request: &Captured) -> &str {
    let host = request.header("Host").expect("every client sends a Host");
    if request.client == "node-sdk" && request.kind == Kind::Tc3 {
        return host.split(':').next().unwrap_or(host);
    }
    host
}

/// The documents want `/`; Node, and Go's older signature, take the path of the endpoint.
fn signed_path(request: &Captured) -> &str {
    match (request.client.as_str(), request.kind) {
        ("node-sdk", Kind::Tc3) | ("go-sdk", Kind::V1) => request.path_and_query().0,
        _ => "/",
    }
}

/// The parameters of a V1 request: its query or its body.
pub(crate) fn form(request: &Captured) -> &str {
    if request.method == "GET" {
        request.path_and_query().1
    } else {
        std::str::from_utf8(&request.body).expect("a form is text")
    }
}

/// Replaces the value of one parameter, already escaped, and leaves every other byte as it is.
pub(crate) fn replace(request: &mut Captured, name: &str, value: &str) {
    let form = form(request).to_owned();
    let pairs: Vec<String> = form
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if key == name => format!("{name}={value}"),
            _ => pair.to_owned(),
        })
        .collect();
    let changed = pairs.join("&");
    if request.method == "GET" {
        request.target = request.target.replace(&form, &changed);
    } else {
        request.body = changed.into_bytes();
        request.set_header("Content-Length", request.body.len().to_string());
    }
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next(), rest.next()].map(|digit| {
                    char::from(digit.expect("two digits"))
                        .to_digit(16)
                        .expect("a digit") as u8
                });
                digits[0] * 16 + digits[1]
            }
            other => other,
        });
    }
    String::from_utf8(bytes).expect("clients send UTF-8")
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.find(start).expect("a part") + start.len();
    &text[from..][..text[from..].find(end).expect("another part after it")]
}

fn sha256_mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn sha1_mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `YYYY-MM-DD` of a moment in UTC, by walking the calendar year by year.
fn date(now: i64) -> String {
    let mut days = now / 86_400;
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let mut year = 1970;
    while days >= 365 + i64::from(leap(year)) {
        days -= 365 + i64::from(leap(year));
        year += 1;
    }
    let february = 28 + i64::from(leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", days + 1)
}
