//! Who sent a request: the two families of signatures that Tencent Cloud API 3.0 knows.
//!
//! [`tc3`] is TC3-HMAC-SHA256, in the `Authorization` header; [`v1`] is HmacSHA1 and HmacSHA256, in the parameters.
//! Both are pure: they take what was sent and a secret key, and say whether the two belong together. Which variant of
//! the canonical text matched is told to the caller, since a variant that only some clients need is worth a line in the
//! log.

pub mod tc3;
pub mod v1;

use std::fmt;

use subtle::ConstantTimeEq;

/// Why a signed request is refused by the signature checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The `Authorization` header is not to the standard: `AuthFailure.InvalidAuthorization`, with this reason in the
    /// message.
    Garbled(Garbled),
    /// The date in the credential is not the UTC date of the timestamp: `AuthFailure.SignatureFailure`, as a server
    /// that derives the date itself would find.
    WrongDate,
    /// No variant of the canonical request gives the signature sent: `AuthFailure.SignatureFailure`.
    Mismatch,
}

impl From<Garbled> for Fault {
    fn from(reason: Garbled) -> Self {
        Fault::Garbled(reason)
    }
}

/// What is wrong with an `Authorization` header.
///
/// [`Garbled::Service`] is the one reason whose text is known from the real service (quoted in tencentcloud-sdk-go#89);
/// the others are our own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Garbled {
    /// The header is there and holds nothing, or bytes that are not visible ASCII.
    Empty,
    /// The scheme is neither `TC3-HMAC-SHA256` nor `SKIP`.
    Scheme,
    /// `SKIP`, which only anonymous actions may send; none of ours is one.
    Skip,
    /// One of `Credential`, `SignedHeaders`, `Signature` is missing or empty.
    Absent(&'static str),
    /// One of the three is given twice.
    Twice(&'static str),
    /// A part that is not `name=value`, or whose name is none of the three.
    Part,
    /// The credential is not `<SecretId>/<date>/<service>/tc3_request`.
    Credential,
    /// The date in the credential is not `YYYY-MM-DD`.
    Date,
    /// The Host is one of Tencent's and its first label is not the credential's service.
    Service,
    /// `SignedHeaders` leaves out `content-type` or `host`, which are mandatory.
    Unsigned(&'static str),
    /// `SignedHeaders` names more headers than any request has: nobody may make the gateway hash one long header a
    /// thousand times.
    TooMany,
    /// `SignedHeaders` names a header that the request does not carry.
    NoSuchHeader(String),
}

impl fmt::Display for Garbled {
    /// The reason, as it stands in the message of `AuthFailure.InvalidAuthorization`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Garbled::Empty => f.write_str("the header is empty or not text"),
            Garbled::Scheme => f.write_str("the algorithm is not `TC3-HMAC-SHA256`"),
            Garbled::Skip => f.write_str("no action of this service may be called without a signature"),
            Garbled::Absent(part) => write!(f, "`{part}` is missing"),
            Garbled::Twice(part) => write!(f, "`{part}` is given twice"),
            Garbled::Part => f.write_str("it must hold `Credential`, `SignedHeaders` and `Signature` only"),
            Garbled::Credential => f.write_str("`Credential` must be `<SecretId>/<date>/<service>/tc3_request`"),
            Garbled::Date => f.write_str("`Date` in Credential must be `YYYY-MM-DD`"),
            Garbled::Service => f.write_str("`Service` in Credential not valid"),
            Garbled::Unsigned(name) => write!(f, "`SignedHeaders` must contain `{name}`"),
            Garbled::TooMany => f.write_str("`SignedHeaders` names too many headers"),
            Garbled::NoSuchHeader(name) => {
                write!(f, "`SignedHeaders` names `{name}`, which the request does not have")
            }
        }
    }
}

/// How far a timestamp may be from the server's time, either way, as documented.
pub const WINDOW_S: u64 = 300;

/// Whether a request of `timestamp` is too old, or too far ahead, at `now` (`AuthFailure.SignatureExpire`). Both in
/// seconds since 1970-01-01T00:00:00Z.
#[must_use]
pub fn expired(timestamp: i64, now: i64) -> bool {
    timestamp.abs_diff(now) > WINDOW_S
}

/// The Host without a port at its end: what Node's SDK signs while it sends the port. `127.0.0.1:8080` → `127.0.0.1`,
/// `[::1]:80` → `[::1]`; unchanged when there is no port.
pub(crate) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port))
            if !name.is_empty()
                && !port.is_empty()
                && port.bytes().all(|b| b.is_ascii_digit())
                // A bare IPv6 address has colons of its own and no port.
                && (!name.contains(':') || name.ends_with(']') || name.contains("://")) =>
        {
            name
        }
        _ => host,
    }
}

/// Equality in time that does not depend on where the two differ.
pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_lives_five_minutes_either_way() {
        for (timestamp, gone) in [(1_000, false), (700, false), (1_300, false), (699, true), (1_301, true)] {
            assert_eq!(expired(timestamp, 1_000), gone, "{timestamp}");
        }
        assert!(expired(i64::MIN, i64::MAX) && expired(i64::MAX, i64::MIN));
    }

    #[test]
    fn a_port_is_taken_off_and_nothing_else() {
        for (host, bare) in [
            ("localhost:8239", "localhost"),
            ("localhost", "localhost"),
            ("127.0.0.1:80", "127.0.0.1"),
            ("[::1]:80", "[::1]"),
            ("[::1]", "[::1]"),
            ("::1", "::1"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://127.0.0.1", "http://127.0.0.1"),
            ("http://127.0.0.1:80/", "http://127.0.0.1:80/"),
            ("localhost:", "localhost:"),
            (":80", ":80"),
            ("localhost:8o", "localhost:8o"),
            ("", ""),
        ] {
            assert_eq!(without_port(host), bare, "{host}");
        }
    }
}
