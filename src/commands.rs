//! The subcommands that look at something and end.

mod env;
mod import;

use std::fmt::Display;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;
use crs_local::config::{Auth, Config, LISTEN_DEFAULT};
use crs_local::fixture::{self, Summary};
use crs_local::{Fixture, assume, contract};

/// How long `health` waits for an answer.
const HEALTH_WITHIN: Duration = Duration::from_secs(3);

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Validate fixtures: every fault with its file and place
    Check {
        /// Fixture files, or folders of them, merged in order
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// For a server that is started so: strict refuses what is only warned of [default: as CRS_LOCAL_AUTH says,
        /// else lenient]
        #[arg(long, value_name = "MODE", value_enum)]
        auth: Option<Auth>,
    },
    /// Print the JSON Schema of a fixture
    Schema,
    /// Exit with 0 when the server is ready
    Health {
        /// Where it is [default: where CRS_LOCAL_LISTEN says, else http://127.0.0.1:8239]
        url: Option<String>,
    },
    /// List what is implemented, by family
    Actions,
    /// List what is assumed where the evidence is weak: choices, default, evidence, confidence
    Assumptions,
    /// Print what to set or paste for a client, to reach this server
    Env(env::Env),
    /// Turn what TCCLI printed of a real account into a fixture
    #[command(long_about = import::LONG_ABOUT)]
    Import(import::Import),
}

impl Command {
    pub(crate) fn run(self, config: &Config) -> Result<(), String> {
        match self {
            Self::Check { paths, auth } => check(&paths, auth.unwrap_or(config.auth)),
            Self::Schema => print(&format!("{:#}\n", fixture::schema())),
            Self::Health { url } => health(url, config.listen),
            Self::Actions => print(&actions()),
            Self::Assumptions => print(&assume::table()),
            Self::Env(env) => env.run(config.listen),
            Self::Import(import) => import.run(),
        }
    }
}

/// A line for each.
pub(crate) fn lines(faults: &[impl Display]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Prints, and takes a reader that has gone (`| head`) for a good end.
fn print(text: &str) -> Result<(), String> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(()),
    }
}

fn check(paths: &[PathBuf], auth: Auth) -> Result<(), String> {
    let checked = Fixture::load(paths).and_then(|fixture| fixture.check());
    let Summary {
        accounts,
        instances,
        faults,
        warnings,
    } = checked.map_err(|faults| lines(&faults))?;
    if auth == Auth::Strict && !warnings.is_empty() {
        return Err(lines(&warnings));
    }
    for warning in &warnings {
        eprintln!("crs-local: warning: {warning}");
    }
    print(&format!(
        "nothing is wrong; accounts: {accounts}, instances: {instances}, fault rules: {faults}\n"
    ))
}

/// Where a server is reached that listens there: by the loopback where it listens everywhere.
fn reached_at(listen: SocketAddr) -> SocketAddr {
    if listen.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), listen.port())
    } else {
        listen
    }
}

/// A plain HTTP request by hand: the image holds nothing else that could make one.
fn health(url: Option<String>, listen: SocketAddr) -> Result<(), String> {
    let authority = match &url {
        None => reached_at(listen).to_string(),
        Some(url) => {
            let rest = url
                .strip_prefix("http://")
                .ok_or_else(|| format!("`{url}`: write an http:// URL, such as http://{LISTEN_DEFAULT}"))?;
            let authority = rest.split('/').next().unwrap_or_default();
            if authority.contains(':') {
                authority.to_owned()
            } else {
                format!("{authority}:80")
            }
        }
    };
    let ask = || -> std::io::Result<String> {
        let address = authority
            .to_socket_addrs()?
            .next()
            .ok_or(std::io::ErrorKind::NotFound)?;
        let mut stream = TcpStream::connect_timeout(&address, HEALTH_WITHIN)?;
        stream.set_read_timeout(Some(HEALTH_WITHIN))?;
        let request = format!("GET /_crs/health HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.take(65_536).read_to_string(&mut answer)?;
        Ok(answer)
    };
    let answer = ask().map_err(|error| format!("{authority} does not answer: {error}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    if head.starts_with("HTTP/1.1 200") {
        return print(&format!("{body}\n"));
    }
    Err(format!(
        "{authority} is not healthy: {}",
        head.lines().next().unwrap_or_default()
    ))
}

fn actions() -> String {
    let mut families: Vec<&str> = contract::ACTIONS.iter().map(|action| action.family).collect();
    families.sort_unstable();
    families.dedup();
    let done = contract::ACTIONS.iter().filter(|action| action.implemented).count();
    let mut text = format!("{done} of {} actions are implemented\n", contract::ACTIONS.len());
    for family in families {
        text.push_str(&format!("\n{family}\n"));
        for action in contract::ACTIONS.iter().filter(|action| action.family == family) {
            let mark = if action.implemented { "yes    " } else { "missing" };
            text.push_str(&format!("  {mark}  {}\n", action.name));
        }
    }
    text
}
