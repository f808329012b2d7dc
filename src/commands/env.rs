//! `crs-local env`: what to set or paste for a client. The texts are the blocks of docs/clients.md.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use clap::Args;

use super::print;

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
    (
        "hosts",
        "lines for /etc/hosts, so that the real names lead here",
    ),
];

#[derive(Args)]
pub(crate) struct Env {
    /// Whose snippet to print [default: a list of them]
    #[arg(value_name = "CLIENT", value_parser = CLIENTS.iter().map(|(name, _)| *name).collect::<Vec<_>>())]
    client: Option<String>,
    /// Where the server is [default: where --listen or CRS_LOCAL_LISTEN says, else
    /// http://127.0.0.1:8239]
    url: Option<String>,
    /// The address that the server listens on, as it is told
    #[arg(long, value_name = "ADDR", conflicts_with = "url")]
    listen: Option<SocketAddr>,
}

impl Env {
    /// Prints the snippet to standard output, to paste or to redirect, and what HTTPS takes to
    /// standard error.
    pub(super) fn run(self, listen: SocketAddr) -> Result<(), String> {
        let authority = match &self.url {
            Some(url) => authority_of(url)?,
            None => authority_at(self.listen.unwrap_or(listen))?,
        };
        let Some(client) = &self.client else {
            return print(&list(&authority));
        };
        let block = block(client).ok_or_else(|| format!("the page has no block {client}"))?;
        let text = addressed(&block.text, &authority);
        if client == "hosts" {
            host_of(&authority).parse::<IpAddr>().map_err(|_| {
                format!("`{authority}`: a hosts file holds numbers; give the address by number")
            })?;
        }
        print(&text)?;
        if let Some(note) = block.note {
            eprintln!("{}", addressed(&note, &authority));
        }
        Ok(())
    }
}

/// The host and port of an `http://` URL.
fn authority_of(url: &str) -> Result<String, String> {
    let wrong = || format!("`{url}`: write an http:// URL without a path, as http://{IN_PAGE}");
    let rest = url.strip_prefix("http://").ok_or_else(wrong)?;
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    // It is put into the string literals of many languages.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    let port_fits = match authority.rsplit_once(':') {
        Some((_, port)) if !port.ends_with(']') => port.parse::<u16>().is_ok_and(|port| port != 0),
        _ => true,
    };
    if authority.is_empty() || !authority.bytes().all(plain) || !port_fits {
        return Err(wrong());
    }
    Ok(authority.to_owned())
}

/// The host and port of a server that listens there; the loopback where it listens everywhere.
fn authority_at(listen: SocketAddr) -> Result<String, String> {
    if listen.port() == 0 {
        return Err(
            "port 0 is another one at every start; give the URL that the server printed".to_owned(),
        );
    }
    let ip = if listen.ip().is_unspecified() {
        IpAddr::V4(Ipv4Addr::LOCALHOST)
    } else {
        listen.ip()
    };
    Ok(SocketAddr::new(ip, listen.port()).to_string())
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

fn list(authority: &str) -> String {
    let mut text = format!(
        "endpoint  {authority}, protocol http\n\
         key pair  SecretId AKIDlocal, SecretKey local\n\n\
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
    let note = note
        .split("\n\n")
        .next()
        .filter(|note| note.starts_with("HTTPS:"));
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
        assert_eq!(
            addressed("x 127.0.0.1:8239", "127.0.0.1:82390"),
            "x 127.0.0.1:82390"
        );
    }

    #[test]
    fn an_address_that_listens_everywhere_is_reached_by_the_loopback() {
        let at = |listen: &str| authority_at(listen.parse().unwrap());
        assert_eq!(at("0.0.0.0:80").unwrap(), "127.0.0.1:80");
        assert_eq!(at("10.0.0.2:8239").unwrap(), "10.0.0.2:8239");
        assert!(at("127.0.0.1:0").unwrap_err().contains("give the URL"));
    }

    #[test]
    fn only_a_plain_http_url_is_taken() {
        assert_eq!(authority_of("http://localhost:9/").unwrap(), "localhost:9");
        assert_eq!(authority_of("http://crs").unwrap(), "crs");
        for wrong in [
            "",
            "127.0.0.1:9",
            "https://a",
            "http://",
            "http://a/b",
            "http://a:0",
            "http://a:99999",
            "http://a\"b",
            "http://u@a",
        ] {
            assert!(
                authority_of(wrong)
                    .unwrap_err()
                    .contains("write an http:// URL"),
                "{wrong}"
            );
        }
    }
}
