//! A captured request, taken apart and put together again.

use std::path::Path;

use http::{HeaderMap, HeaderName, HeaderValue};

/// How a request was signed when it was captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Tc3,
    V1,
    Skip,
    /// The client signs something else than it sends.
    Tc3Broken,
    V1Broken,
}

/// One request, as bytes that can be written to a socket again.
#[derive(Debug, Clone)]
pub(crate) struct Captured {
    /// The client and the place in its file, for messages.
    pub(crate) name: String,
    pub(crate) client: String,
    pub(crate) kind: Kind,
    pub(crate) method: String,
    /// As on the wire: origin form, or absolute form through a proxy.
    pub(crate) target: String,
    /// In the order and case sent.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Every captured request of every client.
pub(crate) fn all() -> Vec<Captured> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/captures");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the captures are checked in")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "raw"))
        .collect();
    files.sort();
    assert_eq!(files.len(), 8, "seven clients were captured, and .NET's query");
    files.iter().flat_map(|path| file(path)).collect()
}

/// Those that carry a signature of a known key.
pub(crate) fn signed() -> impl Iterator<Item = Captured> {
    all()
        .into_iter()
        .filter(|request| matches!(request.kind, Kind::Tc3 | Kind::V1))
}

fn file(path: &Path) -> Vec<Captured> {
    let client = path.file_stem().expect("a file name").to_string_lossy().into_owned();
    let bytes = std::fs::read(path).expect("a readable file");
    let mut rest = bytes.as_slice();
    let mut requests = Vec::new();
    while !rest.is_empty() {
        let name = format!("{client} {}", requests.len());
        let (request, after) = one(&client, name, rest);
        requests.push(request);
        rest = after;
    }
    requests
}

fn one<'a>(client: &str, name: String, bytes: &'a [u8]) -> (Captured, &'a [u8]) {
    let line = find(bytes, b"\n").expect("a line that begins a request");
    let kind = match std::str::from_utf8(&bytes[..line]).expect("text") {
        "##### tc3" => Kind::Tc3,
        "##### v1" => Kind::V1,
        "##### skip" => Kind::Skip,
        "##### tc3-broken" => Kind::Tc3Broken,
        "##### v1-broken" => Kind::V1Broken,
        other => panic!("{name}: {other}"),
    };
    let bytes = &bytes[line + 1..];
    let end = find(bytes, b"\r\n\r\n").expect("an end of the headers");
    let head = std::str::from_utf8(&bytes[..end]).expect("headers in ASCII");
    let mut lines = head.split("\r\n");
    let mut first = lines.next().expect("a request line").split(' ');
    let mut word = || first.next().expect("three words").to_owned();
    let (method, target) = (word(), word());
    assert_eq!(word(), "HTTP/1.1");
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(':').expect("a header"))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let mut request = Captured {
        name,
        client: client.to_owned(),
        kind,
        method,
        target,
        headers,
        body: Vec::new(),
    };
    let length = request
        .header("content-length")
        .map_or(0, |text| text.parse().expect("a number"));
    let body = &bytes[end + 4..];
    request.body = body[..length].to_vec();
    let after = body[length..]
        .strip_prefix(b"\n\n")
        .expect("an empty line after a request");
    (request, after)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

impl Captured {
    /// The value of the first header of that name, in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(&header.1)
    }

    /// Replaces the value of a header that the request has.
    pub(crate) fn set_header(&mut self, name: &str, value: String) {
        let header = self
            .headers
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        header.unwrap_or_else(|| panic!("{}: no {name}", self.name)).1 = value;
    }

    /// The target without scheme and authority, split at the first `?`.
    pub(crate) fn path_and_query(&self) -> (&str, &str) {
        let origin = match self.target.split_once("://") {
            Some((_, rest)) => &rest[rest.find('/').unwrap_or(rest.len())..],
            None => &self.target,
        };
        origin.split_once('?').unwrap_or((origin, ""))
    }

    pub(crate) fn header_map(&self) -> HeaderMap {
        let header = |(name, value): &(String, String)| {
            (
                HeaderName::from_bytes(name.as_bytes()).expect("a header name"),
                HeaderValue::from_str(value).expect("a header value"),
            )
        };
        self.headers.iter().map(header).collect()
    }

    /// The request as it goes over a socket.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}
