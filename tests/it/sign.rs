//! A signer of our own, so that the emulator's verifier is never held against itself. It follows the published
//! description of the two signatures and shares no code with the crate.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// What a TC3 signature covers, as the signer is to see it.
#[derive(Clone, Debug)]
pub(crate) struct Tc3 {
    pub(crate) secret_key: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    /// Lower-case names with their values, in the order signed.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) payload: Vec<u8>,
    pub(crate) timestamp: String,
    pub(crate) date: String,
    pub(crate) service: String,
}

impl Tc3 {
    /// The names of the signed headers, as the `Authorization` header lists them.
    pub(crate) fn signed_headers(&self) -> String {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.join(";")
    }

    /// The signature, 64 hexadecimal digits.
    pub(crate) fn signature(&self) -> String {
        let headers: String = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}:{}\n", value.trim()))
            .collect();
        let canonical = [
            self.method.as_str(),
            &self.path,
            &self.query,
            &headers,
            &self.signed_headers(),
            &hex(&Sha256::digest(&self.payload)),
        ]
        .join("\n");
        let text = format!(
            "TC3-HMAC-SHA256\n{}\n{}/{}/tc3_request\n{}",
            self.timestamp,
            self.date,
            self.service,
            hex(&Sha256::digest(canonical)),
        );
        let mut key = format!("TC3{}", self.secret_key).into_bytes();
        for step in [self.date.as_str(), &self.service, "tc3_request"] {
            key = sha256(&key, step);
        }
        hex(&sha256(&key, &text))
    }
}

/// The older signature, base64: `pairs` are decoded and in any order, without `Signature`.
pub(crate) fn v1(
    secret_key: &str,
    sha256_wanted: bool,
    method: &str,
    host: &str,
    path: &str,
    pairs: &[(String, String)],
) -> String {
    let mut pairs: Vec<_> = pairs.iter().collect();
    pairs.sort();
    let joined: Vec<_> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let text = format!("{method}{host}{path}?{}", joined.join("&"));
    STANDARD.encode(if sha256_wanted {
        sha256(secret_key.as_bytes(), &text)
    } else {
        let mut mac = Hmac::<Sha1>::new_from_slice(secret_key.as_bytes()).expect("any length");
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    })
}

fn sha256(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The UTC date of a timestamp in seconds, `YYYY-MM-DD`.
pub(crate) fn date(seconds: i64) -> String {
    let since = std::time::Duration::from_secs(u64::try_from(seconds).expect("after 1970"));
    humantime::format_rfc3339_seconds(std::time::UNIX_EPOCH + since).to_string()[..10].to_owned()
}

/// Reads `k=v&k=v`, decoding `+` and `%XX`.
pub(crate) fn decode(text: &str) -> Vec<(String, String)> {
    let unescape = |text: &str| {
        percent_encoding::percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    let pairs = text.split('&').filter(|part| !part.is_empty());
    pairs
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(key, value)| (unescape(key), unescape(value)))
        .collect()
}

/// Escapes everything that a query could misread.
pub(crate) fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[test]
fn the_signer_reproduces_the_published_examples() {
    let id = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";
    let key = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE";
    let posted = Tc3 {
        secret_key: key.to_owned(),
        method: "POST".to_owned(),
        path: "/".to_owned(),
        query: String::new(),
        headers: vec![
            ("content-type".to_owned(), "application/json; charset=utf-8".to_owned()),
            ("host".to_owned(), "cvm.tencentcloudapi.com".to_owned()),
        ],
        payload: br#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#.to_vec(),
        timestamp: "1551113065".to_owned(),
        date: date(1_551_113_065),
        service: "cvm".to_owned(),
    };
    assert_eq!(
        posted.signature(),
        "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    );
    let query = format!(
        "Action=DescribeInstances&InstanceIds.0=ins-09dx96dg&Limit=20&Nonce=11886&Offset=0\
         &Region=ap-guangzhou&SecretId={id}&Timestamp=1465185768&Version=2017-03-12"
    );
    assert_eq!(
        v1(key, false, "GET", "cvm.tencentcloudapi.com", "/", &decode(&query)),
        "EliP9YW3pW28FpsEdkXt/+WcGeI="
    );
}
