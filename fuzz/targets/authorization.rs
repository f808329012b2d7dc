//! Signatures: lines of Authorization, Host, timestamp, target and body. Nothing that was not signed with the key is
//! ever accepted.
#![no_main]

use crs_local::http::form;
use crs_local::http::region;
use crs_local::auth::keys::KeyCache;
use crs_local::http::signature::tc3::{self, Authorization};
use crs_local::http::signature::v1;
use http::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(5, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let (authorization, host, timestamp, target, body) = (line(), line(), line(), line(), line());
    let text = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
    let (host, timestamp, target) = (text(host), text(timestamp), text(target));
    let (path, query) = target.split_once('?').unwrap_or((target, ""));

    let door = region::door(host, |name| match name {
        "ap-guangzhou" => Some(false),
        "ap-shanghai-fsi" => Some(true),
        _ => None,
    });
    // No host leads to both an ordinary and a financial region but a neutral one.
    let both = door.leads_to("ap-guangzhou", false) && door.leads_to("ap-shanghai-fsi", true);
    assert_eq!(both, door == region::Door::Neutral);

    if let Ok(Authorization::Tc3(parts)) = tc3::parse(authorization) {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("Application/json"));
        for name in parts.signed_headers.split(';').take(8) {
            if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(body)) {
                headers.insert(name, value);
            }
        }
        for method in ["GET", "POST"] {
            let request = tc3::Request {
                method,
                host,
                path,
                query,
                headers: &headers,
                body,
                timestamp,
            };
            let _ = parts.examine(&request);
            assert!(tc3::verify(&parts, "a key of the tests", &request, &KeyCache::new()).is_err());
        }
    }
    if let Ok(pairs) = form::decode(query.as_bytes()) {
        let request = v1::Request {
            method: "GET",
            host,
            path,
            parameters: &pairs,
        };
        for method in [v1::Method::HmacSha1, v1::Method::HmacSha256] {
            assert!(v1::verify(text(authorization), method, "a key", &request).is_err());
        }
    }
});
