//! HmacSHA1 and HmacSHA256: the older signature, sent as a parameter among the others.
//!
//! The text signed is documented for API 3.0 as method, Host, path, `?` and the decoded parameters sorted by key.
//! Official SDKs differ from each other in what they put there (older Go leaves out empty values, Python and Java write
//! `_` as `.` in keys), and the real service takes them all, so each variant is tried in turn.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

use super::{Fault, same, without_port};

/// The hash under the HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    HmacSha1,
    HmacSha256,
}

impl Method {
    /// The method that a `SignatureMethod` parameter names: HmacSHA256 for exactly that, and HmacSHA1 for anything else
    /// or none, as documented for the common parameters.
    #[must_use]
    pub fn named(parameter: Option<&str>) -> Method {
        match parameter {
            Some("HmacSHA256") => Method::HmacSha256,
            _ => Method::HmacSha1,
        }
    }
}

/// What of a request enters its signature.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a, K, V> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The Host header as sent.
    pub host: &'a str,
    /// The path of the target, undecoded.
    pub path: &'a str,
    /// Every parameter, decoded, in any order; `Signature` among them is left out by itself.
    pub parameters: &'a [(K, V)],
}

/// The variant of the text that gave the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant {
    /// The host was signed without its port.
    pub without_port: bool,
    /// The target's own path was signed; the documents want `/`.
    pub real_path: bool,
    /// Parameters with an empty value were left out.
    pub without_empty: bool,
    /// `_` in keys was written as `.`.
    pub dotted_keys: bool,
}

/// Verifies the `Signature` parameter with the secret key of the `SecretId` parameter. White space around the signature
/// does not count: Ruby's SDK ends it with a line feed.
///
/// # Errors
/// [`Fault::Mismatch`], also for a signature that is not base64.
pub fn verify<K: AsRef<str>, V: AsRef<str>>(
    signature: &str,
    method: Method,
    secret_key: &str,
    request: &Request<'_, K, V>,
) -> Result<Variant, Fault> {
    let signature = STANDARD.decode(signature.trim()).map_err(|_| Fault::Mismatch)?;
    let mut sorted: Vec<(&str, &str)> = request
        .parameters
        .iter()
        .map(|(key, value)| (key.as_ref(), value.as_ref()))
        .filter(|(key, _)| *key != "Signature")
        .collect();
    sorted.sort_by(|left, right| left.0.cmp(right.0));
    let has_empty = sorted.iter().any(|(_, value)| value.is_empty());
    let has_underscore = sorted.iter().any(|(key, _)| key.contains('_'));
    let bare = without_port(request.host);
    for dotted_keys in either(has_underscore) {
        for without_empty in either(has_empty) {
            let parameters = join(&sorted, without_empty, dotted_keys);
            for real_path in either(request.path != "/") {
                for without_port in either(bare.len() != request.host.len()) {
                    let text = [
                        request.method,
                        if without_port { bare } else { request.host },
                        if real_path { request.path } else { "/" },
                        "?",
                        &parameters,
                    ];
                    if matches(method, secret_key, &text, &signature) {
                        return Ok(Variant {
                            without_port,
                            real_path,
                            without_empty,
                            dotted_keys,
                        });
                    }
                }
            }
        }
    }
    Err(Fault::Mismatch)
}

/// `false` alone, or `false` then `true`.
fn either(both: bool) -> impl Iterator<Item = bool> {
    [false, true].into_iter().take(if both { 2 } else { 1 })
}

/// `k=v&k=v…`, values as they are.
fn join(sorted: &[(&str, &str)], without_empty: bool, dotted_keys: bool) -> String {
    let mut text = String::new();
    for (key, value) in sorted {
        if without_empty && value.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push('&');
        }
        if dotted_keys {
            text.extend(key.chars().map(|c| if c == '_' { '.' } else { c }));
        } else {
            text.push_str(key);
        }
        text.push('=');
        text.push_str(value);
    }
    text
}

fn matches(method: Method, secret_key: &str, text: &[&str], signature: &[u8]) -> bool {
    fn digest<M: Mac + KeyInit>(secret_key: &str, text: &[&str], signature: &[u8]) -> bool {
        let Ok(mut mac) = <M as KeyInit>::new_from_slice(secret_key.as_bytes()) else {
            return false;
        };
        for piece in text {
            mac.update(piece.as_bytes());
        }
        same(&mac.finalize().into_bytes(), signature)
    }
    match method {
        Method::HmacSha1 => digest::<Hmac<Sha1>>(secret_key, text, signature),
        Method::HmacSha256 => digest::<Hmac<Sha256>>(secret_key, text, signature),
    }
}

#[cfg(test)]
mod tests;
