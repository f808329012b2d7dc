//! A signed request, changed in one byte.

use super::request::{Captured, Kind};
use super::signer;

/// A changed request and the code it must get.
pub(crate) struct Change {
    pub(crate) what: String,
    pub(crate) request: Captured,
    /// `None`: the byte is not covered by the signature, and the request is let through.
    pub(crate) code: Option<&'static str>,
}

const FAILURE: Option<&str> = Some("AuthFailure.SignatureFailure");
const INVALID: Option<&str> = Some("AuthFailure.InvalidAuthorization");

/// Every change of one byte of host and signature, and one each of body or query, date and timestamp.
pub(crate) fn each(request: &Captured) -> Vec<Change> {
    let mut changes = hosts(request);
    changes.extend(match request.kind {
        Kind::V1 => v1(request),
        _ => tc3(request),
    });
    changes
}

fn hosts(request: &Captured) -> Vec<Change> {
    let host = request.header("Host").expect("a Host").to_owned();
    // Node does not sign the port, so nobody can tell when it changes.
    let node = request.client == "node-sdk" && request.kind == Kind::Tc3;
    let signed = if node {
        host.find(':').unwrap_or(host.len())
    } else {
        host.len()
    };
    let tencent = host.find(".tencentcloudapi.com").unwrap_or(0);
    let places = (0..signed).filter(|at| host.as_bytes()[*at] != b':');
    let change = |at: usize| {
        let mut changed = request.clone();
        changed.set_header("Host", with(&host, at, other(host.as_bytes()[at])));
        // A first label that is not the service any more is found before the signature.
        let code = if request.kind == Kind::Tc3 && at < tencent {
            INVALID
        } else {
            FAILURE
        };
        Change {
            what: format!("byte {at} of the host"),
            request: changed,
            code,
        }
    };
    places.map(change).collect()
}

fn tc3(request: &Captured) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut push = |what: String, code, alter: &dyn Fn(&mut Captured)| {
        let mut changed = request.clone();
        alter(&mut changed);
        changes.push(Change {
            what,
            request: changed,
            code,
        });
    };
    let authorization = request.header("Authorization").expect("a signature");
    let from = authorization.find("Signature=").expect("a signature") + "Signature=".len();
    for at in from..authorization.len() {
        let changed = with(authorization, at, other(authorization.as_bytes()[at]));
        push(format!("byte {} of the signature", at - from), FAILURE, &|request| {
            request.set_header("Authorization", changed.clone());
        });
    }
    let slash = authorization.find('/').expect("a date");
    let changed = with(authorization, slash + 10, other(authorization.as_bytes()[slash + 10]));
    push("the day of the date".into(), FAILURE, &|request| {
        request.set_header("Authorization", changed.clone());
    });
    let timestamp = request.header("X-TC-Timestamp").expect("a timestamp");
    let changed = with(timestamp, 9, other(timestamp.as_bytes()[9]));
    push("the last digit of the timestamp".into(), FAILURE, &|request| {
        request.set_header("X-TC-Timestamp", changed.clone());
    });
    if request.method == "GET" {
        let last = request.target.len() - 1;
        if request.target.as_bytes()[last] != b'/' {
            push("the last byte of the query".into(), FAILURE, &|request| {
                request.target = with(&request.target, last, b'Z');
            });
        }
    } else if !request.body.is_empty() {
        let unsigned = request.header("X-TC-Content-SHA256").is_some();
        push(
            "a byte of the body".into(),
            if unsigned { None } else { FAILURE },
            &|request| {
                let middle = request.body.len() / 2;
                request.body[middle] = other(request.body[middle]);
            },
        );
    }
    changes
}

fn v1(request: &Captured) -> Vec<Change> {
    ["Nonce", "Timestamp", "Signature"]
        .into_iter()
        .map(|name| {
            let form = signer::form(request);
            let value = form
                .split('&')
                .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
                .expect("a parameter of every request");
            let value = with(value, 0, other(value.as_bytes()[0]));
            let mut changed = request.clone();
            signer::replace(&mut changed, name, &value);
            Change {
                what: format!("the first byte of {name}"),
                request: changed,
                code: FAILURE,
            }
        })
        .collect()
}

/// Another byte of the same kind, so that the request still reads as one.
fn other(byte: u8) -> u8 {
    match byte {
        b'9' => b'0',
        b'0'..=b'8' => byte + 1,
        b'f' | b'z' | b'Z' => byte - 1,
        b'a'..=b'y' | b'A'..=b'Y' => byte + 1,
        b'.' => b'-',
        b'/' => b'.',
        _ => b'x',
    }
}

fn with(text: &str, at: usize, byte: u8) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = byte;
    String::from_utf8(bytes).expect("ASCII stays ASCII")
}
