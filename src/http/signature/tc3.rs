//! TC3-HMAC-SHA256: the signature of the `Authorization` header.
//!
//! A request travels through three steps, in the order in which the gateway answers: [`parse`] (is the header to the
//! standard?), [`Parts::examine`] (what can be judged without a key: service, signed headers, date), then, with the
//! caller's key, [`verify`].
//!
//! The canonical text is documented for API 3.0; clients differ from it in small ways that the real service accepts, so
//! a few variants are tried in turn. The documented one comes first and is the only one that an ordinary request pays
//! for: nothing is built in memory, every piece is fed to the hash as it lies in the request.

use hmac::Mac;
use http::HeaderMap;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::{Fault, Garbled, without_port};
use crate::auth::keys::{HmacSha256, KeyCache, TERMINATOR};
use crate::cloud::time::civil;
use crate::http::region;

/// The name of the algorithm, as the header and the string to sign spell it.
pub const ALGORITHM: &str = "TC3-HMAC-SHA256";
// Made once: making a name hashes it.
static X_TC_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-tc-content-sha256");
/// The value of `X-TC-Content-SHA256` (and of the hashed payload) when the body is not signed.
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// The most headers that a signature may cover; clients sign two or three.
const SIGNED_HEADERS: usize = 64;

/// What an `Authorization` header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authorization<'a> {
    /// `SKIP`: the caller did not sign, on purpose (an option of the official SDKs).
    Skip,
    /// A signature to verify.
    Tc3(Parts<'a>),
}

/// The parts of a TC3 header, as sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts<'a> {
    pub secret_id: &'a str,
    /// `YYYY-MM-DD`.
    pub date: &'a str,
    /// The service of the scope. Clients with an endpoint of their own put anything here, even `localhost:8080` or
    /// `http://127`: it only enters the signing key.
    pub service: &'a str,
    /// Header names joined by `;`.
    pub signed_headers: &'a str,
    pub signature: &'a str,
}

/// Parses an `Authorization` header.
///
/// The scheme's case, the order of the three parts and the blanks around them do not matter (a Rust client is known to
/// leave out the blank after the commas).
///
/// # Errors
/// The first thing that is not to the standard.
pub fn parse(value: &[u8]) -> Result<Authorization<'_>, Garbled> {
    let text = std::str::from_utf8(value).map_err(|_| Garbled::Empty)?.trim();
    if text.is_empty() {
        return Err(Garbled::Empty);
    }
    if text.eq_ignore_ascii_case("SKIP") {
        return Ok(Authorization::Skip);
    }
    let (scheme, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case(ALGORITHM) {
        return Err(Garbled::Scheme);
    }
    let mut found: [Option<&str>; 3] = [None; 3];
    const NAMES: [&str; 3] = ["Credential", "SignedHeaders", "Signature"];
    for part in rest.split(',') {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        let (name, value) = part.split_once('=').ok_or(Garbled::Part)?;
        let place = NAMES
            .iter()
            .position(|known| *known == name.trim_end())
            .ok_or(Garbled::Part)?;
        if found[place].replace(value.trim()).is_some() {
            return Err(Garbled::Twice(NAMES[place]));
        }
    }
    let part = |place: usize| {
        found[place]
            .filter(|value| !value.is_empty())
            .ok_or(Garbled::Absent(NAMES[place]))
    };
    let (secret_id, date, service) = credential(part(0)?)?;
    Ok(Authorization::Tc3(Parts {
        secret_id,
        date,
        service,
        signed_headers: part(1)?,
        signature: part(2)?,
    }))
}

/// Splits `<SecretId>/<date>/<service>/tc3_request`. The service may hold slashes and colons, so the SecretId and the
/// date are taken from the front and the terminator from the back.
fn credential(text: &str) -> Result<(&str, &str, &str), Garbled> {
    let (secret_id, rest) = text.split_once('/').ok_or(Garbled::Credential)?;
    let (date, rest) = rest.split_once('/').ok_or(Garbled::Credential)?;
    let (service, terminator) = rest.rsplit_once('/').ok_or(Garbled::Credential)?;
    if secret_id.is_empty() || service.is_empty() || terminator != TERMINATOR {
        return Err(Garbled::Credential);
    }
    let shaped = date.len() == 10
        && date.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if shaped {
        Ok((secret_id, date, service))
    } else {
        Err(Garbled::Date)
    }
}

/// What of a request enters its signature.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Upper-case, as on the wire.
    pub method: &'a str,
    /// The Host header as sent, or the authority of an HTTP/2 request.
    pub host: &'a str,
    /// The path of the target, undecoded.
    pub path: &'a str,
    /// What follows the first `?` of the target, undecoded; empty when there is none.
    pub query: &'a str,
    pub headers: &'a HeaderMap,
    /// The raw body.
    pub body: &'a [u8],
    /// `X-TC-Timestamp` as sent: seconds since 1970-01-01T00:00:00Z, in decimal.
    pub timestamp: &'a str,
}

/// The variant of the canonical request that gave the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant {
    /// The host was signed without its port.
    pub without_port: bool,
    /// Header values were signed as sent; the documents want them in lower case.
    pub case_as_sent: bool,
    /// The target's own path was signed; the documents want `/`.
    pub real_path: bool,
}

impl<'a> Request<'a> {
    /// A header by its name as a client wrote it.
    fn header(&self, name: &str) -> Option<&'a HeaderValue> {
        // Every client signs this one, and its name need not be parsed.
        if name == CONTENT_TYPE.as_str() {
            return self.headers.get(CONTENT_TYPE);
        }
        self.headers.get(name)
    }
}

impl Parts<'_> {
    /// Judges what needs no key: the service against the Host, the list of signed headers, and the date against the
    /// timestamp.
    ///
    /// # Errors
    /// [`Fault::Garbled`] or [`Fault::WrongDate`].
    pub fn examine(&self, request: &Request<'_>) -> Result<(), Fault> {
        if region::tencent_service(request.host).is_some_and(|label| !label.eq_ignore_ascii_case(self.service)) {
            return Err(Garbled::Service.into());
        }
        if self.signed_headers.bytes().filter(|byte| *byte == b';').count() >= SIGNED_HEADERS {
            return Err(Garbled::TooMany.into());
        }
        let (mut host, mut content_type) = (false, false);
        for name in self.signed_headers.split(';') {
            if name.eq_ignore_ascii_case("host") {
                host = true;
                continue;
            }
            content_type |= name.eq_ignore_ascii_case("content-type");
            if request.header(name).is_none() {
                return Err(Garbled::NoSuchHeader(name.to_owned()).into());
            }
        }
        if !content_type {
            return Err(Garbled::Unsigned("content-type").into());
        }
        if !host {
            return Err(Garbled::Unsigned("host").into());
        }
        let seconds = request.timestamp.parse::<i64>().ok();
        match seconds.and_then(utc_date) {
            Some(date) if date == *self.date.as_bytes() => Ok(()),
            _ => Err(Fault::WrongDate),
        }
    }
}

/// Verifies a signature with the secret key of its SecretId.
///
/// `keys` remembers derived signing keys; any number of requests may share one.
///
/// # Errors
/// [`Fault::Mismatch`] when no variant fits. What [`Parts::examine`] refuses is not looked at again here, but can never
/// make a wrong signature pass.
pub fn verify(parts: &Parts<'_>, secret_key: &str, request: &Request<'_>, keys: &KeyCache) -> Result<Variant, Fault> {
    let signature = parts.signature.as_bytes().try_into().map_err(|_| Fault::Mismatch)?;
    let key = keys.signing_key(secret_key, parts.date, parts.service);
    let payload = payload_hash(request);
    let bare = without_port(request.host);
    for real_path in [false, true] {
        if real_path && request.path == "/" {
            break;
        }
        for without_port in [false, true] {
            if without_port && bare.len() == request.host.len() {
                break;
            }
            for case_as_sent in [false, true] {
                let host = if without_port { bare } else { request.host };
                let form = Form {
                    host,
                    path: if real_path { request.path } else { "/" },
                };
                let (canonical, folded) = form.hash(parts, request, &payload, case_as_sent);
                if same_mac(
                    &hex(&string_to_sign(&key, parts, request.timestamp, &canonical)),
                    signature,
                ) {
                    return Ok(Variant {
                        without_port,
                        case_as_sent,
                        real_path,
                    });
                }
                if !folded {
                    break;
                }
            }
        }
    }
    Err(Fault::Mismatch)
}

/// The `Authorization` header by which this key pair calls a service: what [`verify`] takes, in the documented form.
/// `None` for a timestamp without a date.
pub(crate) fn sign(
    (secret_id, secret_key): (&str, &str),
    service: &str,
    request: &Request<'_>,
    keys: &KeyCache,
) -> Option<String> {
    let date = utc_date(request.timestamp.parse().ok()?)?;
    let parts = Parts {
        secret_id,
        date: std::str::from_utf8(&date).ok()?,
        service,
        signed_headers: "content-type;host",
        signature: "",
    };
    let form = Form {
        host: request.host,
        path: "/",
    };
    let (canonical, _) = form.hash(&parts, request, &payload_hash(request), false);
    let key = keys.signing_key(secret_key, parts.date, service);
    let signature = hex(&string_to_sign(&key, &parts, request.timestamp, &canonical));
    Some(format!(
        "{ALGORITHM} Credential={secret_id}/{}/{service}/{TERMINATOR}, SignedHeaders={}, Signature={}",
        parts.date,
        parts.signed_headers,
        String::from_utf8_lossy(&signature),
    ))
}

/// The two things of a canonical request that variants change, beside the case of values.
struct Form<'a> {
    host: &'a str,
    path: &'a str,
}

impl Form<'_> {
    /// The hash of the canonical request, in hexadecimal, and whether a value held capitals (if none did, the two cases
    /// of values are one).
    fn hash(
        &self,
        parts: &Parts<'_>,
        request: &Request<'_>,
        payload: &[u8; 64],
        case_as_sent: bool,
    ) -> ([u8; 64], bool) {
        let mut hash = Sha256::new();
        let mut folded = false;
        hash.update(request.method);
        hash.update(b"\n");
        hash.update(self.path);
        hash.update(b"\n");
        // The query as the client escaped and ordered it; a POST signs none.
        if request.method == "GET" {
            hash.update(request.query);
        }
        hash.update(b"\n");
        for name in parts.signed_headers.split(';') {
            folded_update(&mut hash, name.as_bytes());
            hash.update(b":");
            let value = if name.eq_ignore_ascii_case("host") {
                self.host.as_bytes()
            } else {
                request.header(name).map_or(&b""[..], HeaderValue::as_bytes)
            };
            let value = value.trim_ascii();
            folded |= value.iter().any(u8::is_ascii_uppercase);
            if case_as_sent {
                hash.update(value);
            } else {
                folded_update(&mut hash, value);
            }
            hash.update(b"\n");
        }
        hash.update(b"\n");
        folded_update(&mut hash, parts.signed_headers.as_bytes());
        hash.update(b"\n");
        hash.update(payload);
        (hex(&hash.finalize().into()), folded)
    }
}

/// Feeds `bytes` in lower case, without a copy when they already are.
fn folded_update(hash: &mut Sha256, bytes: &[u8]) {
    if !bytes.iter().any(u8::is_ascii_uppercase) {
        return hash.update(bytes);
    }
    for chunk in bytes.chunks(64) {
        let mut buffer = [0; 64];
        let lower = &mut buffer[..chunk.len()];
        lower.copy_from_slice(chunk);
        lower.make_ascii_lowercase();
        hash.update(&*lower);
    }
}

/// The hash of what stands for the body: nothing for a GET, the literal `UNSIGNED-PAYLOAD` when `X-TC-Content-SHA256`
/// says so, else the bytes received.
fn payload_hash(request: &Request<'_>) -> [u8; 64] {
    let unsigned = request
        .headers
        .get(&X_TC_CONTENT_SHA256)
        .is_some_and(|value| value.as_bytes().trim_ascii() == UNSIGNED_PAYLOAD.as_bytes());
    let payload = match () {
        () if unsigned => UNSIGNED_PAYLOAD.as_bytes(),
        () if request.method == "GET" => b"",
        () => request.body,
    };
    hex(&Sha256::digest(payload).into())
}

fn string_to_sign(key: &HmacSha256, parts: &Parts<'_>, timestamp: &str, canonical: &[u8; 64]) -> [u8; 32] {
    let mut mac = key.clone();
    for piece in [
        ALGORITHM,
        "\n",
        timestamp,
        "\n",
        parts.date,
        "/",
        parts.service,
        "/",
        TERMINATOR,
        "\n",
    ] {
        mac.update(piece.as_bytes());
    }
    mac.update(canonical);
    mac.finalize().into_bytes().into()
}

/// Equality of two MACs in hexadecimal, in time that does not depend on where they differ. By sixteen digits at once,
/// since slices would be compared byte by byte.
fn same_mac(left: &[u8; 64], right: &[u8; 64]) -> bool {
    let parts = left.as_chunks().0.iter().zip(right.as_chunks().0);
    let same = parts.map(|(left, right)| u128::from_ne_bytes(*left).ct_eq(&u128::from_ne_bytes(*right)));
    same.fold(Choice::from(1), |all, part| all & part).into()
}

/// The UTC date of a timestamp, `YYYY-MM-DD`; `None` outside of the years 0 to 9999.
#[must_use]
pub fn utc_date(seconds: i64) -> Option<[u8; 10]> {
    // The days, counted from 1970, of the first of year 0 and the last of year 9999.
    const DAYS: std::ops::RangeInclusive<i64> = -719_528..=2_932_896;
    let days = seconds.div_euclid(86_400);
    if !DAYS.contains(&days) {
        return None;
    }
    let (year, month, day) = civil(days);
    let digit = |number: i64, unit: i64| b'0' + u8::try_from(number / unit % 10).unwrap_or(0);
    Some([
        digit(year, 1000),
        digit(year, 100),
        digit(year, 10),
        digit(year, 1),
        b'-',
        digit(month, 10),
        digit(month, 1),
        b'-',
        digit(day, 10),
        digit(day, 1),
    ])
}

/// In lower case. By arithmetic and no table, so that the compiler can do many digits at once.
fn hex(bytes: &[u8; 32]) -> [u8; 64] {
    let digit = |nibble: u8| nibble + if nibble < 10 { b'0' } else { b'a' - 10 };
    let mut text = [0; 64];
    for (pair, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
    text
}

#[cfg(test)]
mod tests;
