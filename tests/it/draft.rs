//! A request on its way from a table to the wire: its placeholders filled, not yet signed.

use super::harness::Raw;
use super::sign;

/// Stands for the lines that nearly every request has.
const USUAL: &[(&str, &str)] = &[
    ("Host", "127.0.0.1:8239"),
    ("Content-Type", "application/json"),
    ("X-TC-Action", "DescribeInstances"),
    ("X-TC-Version", "2018-04-12"),
    ("X-TC-Timestamp", "{TIMESTAMP}"),
    ("X-TC-Region", "ap-guangzhou"),
    ("Authorization", "{AUTHORIZATION}"),
];

/// As [`USUAL`], for a request signed the older way.
const USUAL_V1: &str = "Action=DescribeInstances&Version=2018-04-12&Region=ap-guangzhou\
    &Timestamp={TIMESTAMP}&Nonce=11886&SecretId=AKIDlocal&Signature={SIGNATURE}";

/// Where `{BYTE ff}` is kept in a text until the text becomes bytes: one of 256 private characters.
const BYTES_AT: u32 = 0xE000;

/// A request in parts.
pub(crate) struct Draft {
    first: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Draft {
    /// Reads the lines of a row: a request line, headers, and after an empty line the body.
    pub(crate) fn read(lines: &[String], seconds: i64, place: &str) -> Self {
        let end = lines.iter().position(String::is_empty).unwrap_or(lines.len());
        assert!(end > 0, "{place}: there is no request");
        let filled = |text: &str| fill(&text.replace("{USUAL-V1}", USUAL_V1), seconds, place);
        let headers = headers(&lines[1..end], place)
            .into_iter()
            .map(|(name, value)| (name, filled(&value)));
        let body = lines.get(end + 1..).unwrap_or_default().join("\n");
        Self {
            first: filled(&lines[0]),
            headers: headers.collect(),
            body: filled(body.trim_end_matches('\n')),
        }
    }

    pub(crate) fn method(&self) -> &str {
        self.first.split(' ').next().unwrap_or_default()
    }

    /// Of the target, its origin left out; the query without its `?`.
    pub(crate) fn path_and_query(&self) -> (String, String) {
        let target = self.first.split(' ').nth(1).unwrap_or_default();
        let origin = target
            .split_once("://")
            .map_or(target, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
        let (path, query) = origin.split_once('?').unwrap_or((origin, ""));
        (path.to_owned(), query.to_owned())
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone())
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        bytes(&self.body)
    }

    /// Puts a text in the place of a placeholder, wherever it stands.
    pub(crate) fn put(&mut self, placeholder: &str, text: &str) {
        let values = self.headers.iter_mut().map(|(_, value)| value);
        for part in values.chain([&mut self.first, &mut self.body]) {
            if part.contains(placeholder) {
                *part = part.replace(placeholder, text);
            }
        }
    }

    /// The request as bytes, with the length of its body unless that is told by the row itself.
    pub(crate) fn raw(&self) -> Raw {
        let mut raw = bytes(&format!("{}\r\n", self.first));
        for (name, value) in &self.headers {
            raw.extend(bytes(&format!("{name}: {value}\r\n")));
        }
        let body = self.body();
        let told = self.header("Content-Length").is_some();
        if !told && (!body.is_empty() || self.method() == "POST") {
            raw.extend(format!("Content-Length: {}\r\n", body.len()).bytes());
        }
        raw.extend(b"\r\n");
        raw.extend(body);
        Raw(raw)
    }
}

/// `{USUAL}` puts the usual ones; `Name: value` takes the place of the one of that name or is added, `+Name: value` is
/// added beside it, `-Name` takes it away.
fn headers(lines: &[String], place: &str) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines {
        if line == "{USUAL}" {
            let usual = USUAL.iter().copied();
            headers = usual.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            continue;
        }
        if let Some(name) = line.strip_prefix('-') {
            headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
            continue;
        }
        let (beside, line) = match line.strip_prefix('+') {
            Some(line) => (true, line),
            None => (false, line.as_str()),
        };
        let (name, value) = line
            .split_once(':')
            .unwrap_or_else(|| panic!("{place}: `{line}` is no header"));
        let header = (name.to_owned(), value.strip_prefix(' ').unwrap_or(value).to_owned());
        let same = headers.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case(name));
        match same.filter(|_| !beside) {
            Some(same) => *same = header,
            None => headers.push(header),
        }
    }
    headers
}

/// Fills the placeholders that need no signature: `{TIMESTAMP}`, `{TIMESTAMP-301}`, `{DATE}`, `{REPEAT text count}`,
/// `{BYTE ff}`. Others, and what is no placeholder, stay.
pub(crate) fn fill(text: &str, seconds: i64, place: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        filled.push_str(before);
        let end = from.find('}').unwrap_or(from.len());
        let inner = from.get(1..end).unwrap_or_default();
        let (name, argument) = inner.split_once(' ').unwrap_or((inner, ""));
        let mut length = end + 1;
        match name {
            "DATE" => filled.push_str(&sign::date(seconds)),
            "REPEAT" => {
                let (part, times) = argument.rsplit_once(' ').expect("{REPEAT text count}");
                filled.push_str(&part.repeat(times.parse().expect("a count")));
            }
            "BYTE" => {
                let byte = u32::from_str_radix(argument, 16).expect("two hexadecimal digits");
                filled.extend(char::from_u32(BYTES_AT + byte));
            }
            _ => match name.strip_prefix("TIMESTAMP") {
                Some(off) => {
                    let off: i64 = if off.is_empty() { 0 } else { number(off, place) };
                    filled.push_str(&(seconds + off).to_string());
                }
                // No placeholder; one may yet follow inside of it.
                None => {
                    filled.push('{');
                    length = 1;
                }
            },
        }
        rest = &from[length..];
    }
    filled.push_str(rest);
    filled
}

fn number(text: &str, place: &str) -> i64 {
    text.parse().unwrap_or_else(|_| panic!("{place}: {{TIMESTAMP{text}}}"))
}

fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match u32::from(c).checked_sub(BYTES_AT).map(u8::try_from) {
            Some(Ok(byte)) => bytes.push(byte),
            _ => bytes.extend(c.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
    bytes
}
