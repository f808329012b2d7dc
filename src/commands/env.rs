//! `crs-local env`: what to set or paste for a client. The texts are the blocks of docs/clients.md.

use std::net::{IpAddr, SocketAddr};

use clap::Args;
use crs_local::DEFAULT_KEY_PAIR;
use crs_local::config::listen_address;

use super::health::reached_at;
use super::output::print;

/// The page whose blocks are printed.
const PAGE: &str = include_str!("../../docs/clients.md");
/// The address that stands in the page.
const IN_PAGE: &str = "127.0.0.1:8239";
/// The address of HTTPS in the page, and the only other loopback address there.
const SECURE_IN_PAGE: &str = "127.0.0.1:8240";

/// The clients, with a line on what is printed.
const CLIENTS: &[(&str, &str)] = &[
    ("python", "Python SDK"),
    ("python-async", "Python SDK, asynchronous"),
    ("node", "Node SDK"),
    ("go", "Go SDK"),
    ("java", "Java SDK"),
    ("php", "PHP SDK"),
    ("dotnet", ".NET SDK"),
    ("tccli", "TCCLI, in a shell"),
    ("terraform", "Terraform provider, in a shell"),
    ("curl", "one call without any SDK"),
    ("hosts", "lines for /etc/hosts, so that the real names lead here"),
];

/// What a client's block says otherwise where the server is reached by HTTPS.
const SECURE: &[(&str, &str, &str)] = &[
    (
        "python",
        r#"protocol="http", endpoint=endpoint"#,
        r#"protocol="https", endpoint=endpoint, certification="ca.pem""#,
    ),
    ("python-async", r#"protocol="http""#, r#"protocol="https""#),
    ("node", "\"http://\"", "\"https://\""),
    ("go", "\"HTTP\"", "\"HTTPS\""),
    ("java", "\"http://\"", "\"https://\""),
    ("php", "'http://'", "'https://'"),
    ("dotnet", "REQ_HTTP,", "REQ_HTTPS,"),
    ("tccli", "--endpoint http://", "--endpoint "),
    ("curl", "-s http://", "-s --cacert ca.pem https://"),
];

#[derive(Args)]
pub(crate) struct Env {
    /// Whose snippet to print [default: a list of them]
    #[arg(value_name = "CLIENT", value_parser = CLIENTS.iter().map(|(name, _)| *name).collect::<Vec<_>>())]
    client: Option<String>,
    /// Where the server is, as http://HOST:PORT, https://HOST:PORT or HOST:PORT [default: where
    /// --listen or CRS_LOCAL_LISTEN says, else http://127.0.0.1:8239]
    url: Option<String>,
    /// The address that the server listens on, as it is told
    #[arg(long, value_name = "ADDR", conflicts_with = "url", value_parser = listen_address)]
    listen: Option<SocketAddr>,
}

impl Env {
    /// Prints the snippet to standard output, to paste or to redirect, and what HTTPS takes to standard error.
    pub(super) fn run(self, listen: SocketAddr) -> Result<(), String> {
        let server = match &self.url {
            Some(url) => Server::at(url)?,
            None => Server {
                authority: authority_at(self.listen.unwrap_or(listen))?,
                secure: false,
            },
        };
        let authority = &server.authority;
        let Some(client) = &self.client else {
            return print(&list(&server));
        };
        let block = block(client).ok_or_else(|| format!("the page has no block {client}"))?;
        let text = server.speaks(client, &block.text)?;
        let text = addressed(&text, authority);
        if client == "hosts" {
            host_of(authority)
                .parse::<IpAddr>()
                .map_err(|_| format!("`{authority}`: a hosts file holds numbers; give the address by number"))?;
        }
        print(&text)?;
        if let Some(note) = block.note {
            let note = match server.secure {
                true => note.replace(SECURE_IN_PAGE, IN_PAGE),
                false => note,
            };
            eprintln!("{}", addressed(&note, authority));
        }
        Ok(())
    }
}

/// Where the server is reached.
#[derive(Debug)]
struct Server {
    authority: String,
    secure: bool,
}

impl Server {
    /// The server of a URL, or of a host and a port.
    fn at(url: &str) -> Result<Self, String> {
        let wrong = || format!("`{url}`: write HOST:PORT, or a URL without a path, as http://{IN_PAGE}");
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        // It is put into the string literals of many languages.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
        let port = match authority.rsplit_once(':') {
            Some((_, port)) if !port.ends_with(']') => Some(port),
            _ => None,
        };
        let port_fits = match port {
            Some(port) => port.parse::<u16>().is_ok_and(|port| port != 0),
            None => !scheme.is_empty(),
        };
        let fits = matches!(scheme, "" | "http" | "https") && port_fits;
        if !fits || host_of(authority).is_empty() || !authority.bytes().all(plain) {
            return Err(wrong());
        }
        Ok(Self {
            authority: authority.to_owned(),
            secure: scheme == "https",
        })
    }

    /// The client's block in the protocol of this server.
    fn speaks(&self, client: &str, text: &str) -> Result<String, String> {
        if !self.secure || client == "hosts" {
            return Ok(text.to_owned());
        }
        let (_, plain, secure) = SECURE.iter().find(|(name, ..)| *name == client).ok_or_else(|| {
            format!(
                "https://{}: {client} speaks HTTPS to the real names alone; take those of \
                     `crs-local env hosts`, or give the http:// URL",
                self.authority
            )
        })?;
        Ok(text.replace(plain, secure))
    }
}

/// The host and port of a server that listens there.
fn authority_at(listen: SocketAddr) -> Result<String, String> {
    if listen.port() == 0 {
        return Err("port 0 is another one at every start; give the URL that the server printed".to_owned());
    }
    Ok(reached_at(listen).to_string())
}

fn host_of(authority: &str) -> &str {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => authority,
    };
    host.trim_start_matches('[').trim_end_matches(']')
}

/// The text with this address in the place of the page's own.
fn addressed(text: &str, authority: &str) -> String {
    let host = host_of(authority);
    let secure = SECURE_IN_PAGE.replace("127.0.0.1", host);
    // Through placeholders, so that nothing is replaced twice.
    text.replace(IN_PAGE, "\u{1}")
        .replace(SECURE_IN_PAGE, "\u{2}")
        .replace("127.0.0.1", host)
        .replace('\u{1}', authority)
        .replace('\u{2}', &secure)
}

fn list(server: &Server) -> String {
    let (authority, s) = (&server.authority, if server.secure { "s" } else { "" });
    let (secret_id, secret_key) = DEFAULT_KEY_PAIR;
    let mut text = format!(
        "endpoint  {authority}, protocol http{s}\n\
         key pair  SecretId {secret_id}, SecretKey {secret_key}\n\n\
         `crs-local env CLIENT` prints what to set or paste:\n"
    );
    for (name, what) in CLIENTS {
        text.push_str(&format!("  {name:12}  {what}\n"));
    }
    text
}

/// A fenced block of the page, and the paragraph on HTTPS that follows it.
struct Block {
    text: String,
    note: Option<String>,
}

fn block(name: &str) -> Option<Block> {
    let (_, rest) = PAGE.split_once(&format!("<!-- snippet: {name} -->\n```"))?;
    let (_, rest) = rest.split_once('\n')?;
    let (text, rest) = rest.split_once("\n```\n")?;
    let note = rest.trim_start_matches('\n');
    let note = note.split("\n\n").next().filter(|note| note.starts_with("HTTPS:"));
    Some(Block {
        text: format!("{text}\n"),
        note: note.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_client_has_a_block_and_says_what_https_takes() {
        for (name, _) in CLIENTS {
            let block = block(name).unwrap_or_else(|| panic!("no block {name}"));
            assert!(block.text.len() > 40, "{name}: {}", block.text);
            assert!(block.note.is_some(), "{name}");
        }
    }

    #[test]
    fn the_address_takes_the_place_of_the_pages() {
        assert_eq!(
            addressed("127.0.0.1:8239 127.0.0.1:8240 127.0.0.1 a", "[::1]:9"),
            "[::1]:9 ::1:8240 ::1 a"
        );
        assert_eq!(addressed("x 127.0.0.1:8239", "127.0.0.1:82390"), "x 127.0.0.1:82390");
    }

    #[test]
    fn an_address_that_listens_everywhere_is_reached_by_the_loopback() {
        let at = |listen: &str| authority_at(listen.parse().unwrap());
        assert_eq!(at("0.0.0.0:80").unwrap(), "127.0.0.1:80");
        assert_eq!(at("10.0.0.2:8239").unwrap(), "10.0.0.2:8239");
        assert!(at("127.0.0.1:0").unwrap_err().contains("give the URL"));
    }

    #[test]
    fn a_url_or_a_host_and_a_port_are_taken() {
        for (url, authority, secure) in [
            ("http://localhost:9/", "localhost:9", false),
            ("http://crs", "crs", false),
            ("127.0.0.1:9", "127.0.0.1:9", false),
            ("[::1]:9", "[::1]:9", false),
            ("https://a", "a", true),
            ("https://127.0.0.1:8240/", "127.0.0.1:8240", true),
        ] {
            let server = Server::at(url).unwrap();
            assert_eq!((server.authority.as_str(), server.secure), (authority, secure));
        }
        for wrong in [
            "",
            "8239",
            "localhost",
            ":8239",
            "ftp://a",
            "http://",
            "http://a/b",
            "http://a:0",
            "http://a:99999",
            "http://a\"b",
            "http://u@a",
            "[::1]",
        ] {
            let message = Server::at(wrong).unwrap_err();
            assert!(message.contains("write HOST:PORT, or a URL"), "{wrong}: {message}");
        }
    }

    #[test]
    fn over_https_every_block_says_so() {
        let secure = Server::at("https://127.0.0.1:9").unwrap();
        for (name, plain, _) in SECURE {
            let block = block(name).unwrap_or_else(|| panic!("no block {name}"));
            assert!(block.text.contains(plain), "{name}: {plain}");
            let text = secure.speaks(name, &block.text).unwrap();
            assert!(!text.contains(plain), "{name}");
            assert_ne!(text, block.text, "{name}");
        }
        for (name, _) in CLIENTS {
            let known = *name == "hosts" || SECURE.iter().any(|(known, ..)| known == name);
            assert_eq!(secure.speaks(name, "x").is_ok(), known, "{name}");
        }
        let message = secure.speaks("terraform", "x").unwrap_err();
        assert!(message.contains("crs-local env hosts"), "{message}");
    }
}
