//! The Host of a request, read once for all who ask: who may come in, and which region the call came through.

use std::net::{IpAddr, Ipv6Addr};

use http::header::{HOST, HeaderValue};
use http::{HeaderMap, Uri};

/// Suffixes that no public name server answers for, so that nobody can point a name below them here.
const LOCAL_SUFFIXES: [&str; 6] = [".localhost", ".local", ".internal", ".test", ".home.arpa", ".svc"];

/// The families of names that the official Go and C++ SDKs fail over between.
pub(super) const TENCENT_SUFFIXES: [&str; 3] =
    [".tencentcloudapi.com", ".tencentcloudapi.cn", ".tencentcloudapi.com.cn"];

/// The Host of a request: the authority of its target, else the Host header; "" where it has none.
pub(super) fn sent<'r>(uri: &'r Uri, headers: &'r HeaderMap) -> &'r str {
    let header = || headers.get(HOST).and_then(text);
    let authority = uri.authority().map(http::uri::Authority::as_str);
    authority.or_else(header).unwrap_or_default()
}

/// A header's text; `None` where it is not ASCII.
pub(super) fn text(value: &HeaderValue) -> Option<&str> {
    value.to_str().ok()
}

/// A Host taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Host<'h> {
    /// Without scheme, brackets and final dot; its capitals are as sent.
    pub(super) name: &'h str,
    pub(super) port: Option<u16>,
}

impl<'h> Host<'h> {
    /// Reads a Host as it is sent, also one with a scheme in front and a path behind (TCCLI writes
    /// `http://127.0.0.1:8239`). `None` for what names no host.
    pub(super) fn read(sent: &'h str) -> Option<Self> {
        let sent = sent.trim_ascii();
        let sent = if sent.contains('/') {
            let sent = sent.split_once("://").map_or(sent, |(_, rest)| rest);
            sent.split_once('/').map_or(sent, |(host, _)| host)
        } else {
            sent
        };
        let (name, port) = match sent.strip_prefix('[') {
            Some(rest) => {
                let (address, port) = rest.split_once(']')?;
                // What stands behind a `%` is a network card of the caller's.
                let (address, _) = address.split_once('%').unwrap_or((address, ""));
                address.parse::<Ipv6Addr>().ok()?;
                (address, port)
            }
            None => {
                let (name, port) = sent.split_at(sent.find(':').unwrap_or(sent.len()));
                let name = name.strip_suffix('.').unwrap_or(name);
                let of_a_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
                if name.is_empty() || !name.bytes().all(of_a_name) {
                    return None;
                }
                (name, port)
            }
        };
        let port = match port.strip_prefix(':') {
            None if port.is_empty() => None,
            None => return None,
            // RFC 3986 lets a port be empty, which is the scheme's own.
            Some("") => None,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok()?),
            Some(_) => return None,
        };
        Some(Self { name, port })
    }

    /// Whether the name is this machine's own: what a browser takes for trustworthy without TLS.
    pub(super) fn is_loopback(self) -> bool {
        match self.name.parse::<IpAddr>() {
            Ok(address) => address.is_loopback(),
            Err(_) => self.name.eq_ignore_ascii_case("localhost") || ends_with(self.name, ".localhost"),
        }
    }

    /// Whether the name leads to this machine or its own network, and no stranger can give it out: an address, a name
    /// without a dot, one below a suffix that is not public.
    pub(super) fn is_local(self) -> bool {
        let Some((_, last)) = self.name.rsplit_once('.') else {
            return true;
        };
        // No name of the public tree ends in a number, but addresses do, short ones (`127.1`) too.
        last.bytes().all(|byte| byte.is_ascii_digit())
            || LOCAL_SUFFIXES.iter().any(|suffix| ends_with(self.name, suffix))
    }

    /// Whether the name is one of Tencent's API.
    pub(super) fn is_tencent(self) -> bool {
        TENCENT_SUFFIXES.iter().any(|suffix| ends_with(self.name, suffix))
    }
}

/// Whether the name is one below that suffix, capitals or not.
pub(super) fn ends_with(name: &str, suffix: &str) -> bool {
    name.len()
        .checked_sub(suffix.len())
        .filter(|at| *at > 0)
        .and_then(|at| name.get(at..))
        .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_read_without_scheme_path_port_brackets_and_final_dot() {
        for (sent, name, port) in [
            ("localhost", "localhost", None),
            ("localhost.", "localhost", None),
            ("LOCALHOST:8239", "LOCALHOST", Some(8239)),
            ("localhost.:8239", "localhost", Some(8239)),
            ("localhost:", "localhost", None),
            ("127.0.0.1:80", "127.0.0.1", Some(80)),
            ("[::1]", "::1", None),
            ("[::1]:8239", "::1", Some(8239)),
            ("[fe80::1%25eth0]:8239", "fe80::1", Some(8239)),
            ("http://127.0.0.1:8239", "127.0.0.1", Some(8239)),
            ("https://crs-local/", "crs-local", None),
            ("http://[::1]:1/", "::1", Some(1)),
            ("crs_local:8239", "crs_local", Some(8239)),
            (" localhost ", "localhost", None),
        ] {
            assert_eq!(Host::read(sent), Some(Host { name, port }), "{sent}");
        }
        for sent in [
            "",
            " ",
            ".",
            ":",
            ":80",
            "/",
            "http://",
            "::1",
            "[::1",
            "[::1]x",
            "[localhost]",
            "localhost:8o",
            "localhost:99999",
            "localhost:1:2",
            "localhost@evil.example",
            "evil.example@localhost",
            "a b",
            "localhost,evil.example",
            "локальный",
        ] {
            assert_eq!(Host::read(sent), None, "{sent}");
        }
    }

    #[test]
    fn what_a_stranger_cannot_give_out_is_local() {
        // The name, whether it is local, and whether it is the machine's own.
        for (name, local, loopback) in [
            ("localhost", true, true),
            ("LocalHost", true, true),
            ("crs.localhost", true, true),
            ("127.0.0.1", true, true),
            ("127.9.9.9", true, true),
            ("[::1]", true, true),
            ("0.0.0.0", true, false),
            ("[::]", true, false),
            ("192.168.1.7", true, false),
            ("203.0.113.5", true, false),
            ("127.1", true, false),
            ("[2001:db8::1]", true, false),
            ("[::ffff:127.0.0.1]", true, false),
            ("crs-local", true, false),
            ("CRS-LOCAL", true, false),
            ("crs.default.svc", true, false),
            ("crs.default.svc.cluster.local", true, false),
            ("nas.home.arpa", true, false),
            ("host.docker.internal", true, false),
            ("redis.tc.test", true, false),
            ("evil.example", false, false),
            ("localhost.evil.example", false, false),
            ("127.0.0.1.nip.io", false, false),
            ("127.1.evil.example", false, false),
            ("127.0.0.1.evil", false, false),
            ("notlocalhost.com", false, false),
            ("xlocal.com", false, false),
            (".local", false, false),
            ("crs.default", false, false),
            ("localtest.me", false, false),
            ("redis.tencentcloudapi.com", false, false),
        ] {
            let host = Host::read(name).expect("a host");
            assert_eq!(host.is_local(), local, "{name}");
            assert_eq!(host.is_loopback(), loopback, "{name}");
        }
    }

    #[test]
    fn only_names_below_its_families_are_tencents() {
        for (name, is) in [
            ("redis.tencentcloudapi.com", true),
            ("redis.ap-guangzhou.TencentCloudAPI.cn", true),
            ("redis.tencentcloudapi.com.cn.", true),
            ("tencentcloudapi.com", false),
            (".tencentcloudapi.com", false),
            ("nottencentcloudapi.com", false),
            ("redis.tencentcloudapi.com.evil.example", false),
        ] {
            assert_eq!(Host::read(name).expect("a host").is_tencent(), is, "{name}");
        }
    }
}
