//! Every knob, in one struct; flags and environment are read here and nowhere else.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

#[cfg(feature = "cli")]
use clap::builder::FalseyValueParser;

use crate::assume::{self, Choice};
use crate::cloud::{Assumed, region};
use crate::contract;

/// Where it listens unless told otherwise.
pub const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8239);
/// Where it listens for HTTPS unless told otherwise.
const TLS_LISTEN_DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8240);

/// The region of a call that names none and needs none.
#[must_use]
pub fn default_region() -> &'static str {
    region::all().first().map_or("", |first| first.name)
}

/// How an emulator behaves. [`Config::default`] is what `crs-local` does without flags.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub struct Config {
    /// Address to listen on; port 0 picks a free one
    #[cfg_attr(feature = "cli", arg(
        long,
        value_name = "ADDR",
        default_value_t = LISTEN_DEFAULT,
        value_parser = listen_address,
        env = "CRS_LOCAL_LISTEN"
    ))]
    pub listen: SocketAddr,

    /// Fixture file, or a folder of them; repeatable, merged in order [default: the built-in one]
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "PATH", env = "CRS_LOCAL_FIXTURE", value_delimiter = ',')
    )]
    pub fixture: Vec<PathBuf>,

    /// Folder that keeps the state over restarts; what it holds goes before --fixture and --seed, which seed an empty
    /// one [default: the state is kept nowhere]
    #[cfg_attr(feature = "cli", arg(long, value_name = "FOLDER", env = "CRS_LOCAL_STATE"))]
    pub state: Option<PathBuf>,

    /// How much a crash may lose of --state: 0 is nothing that was answered, else so much time at most
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "DURATION", default_value = "0s", value_parser = humantime::parse_duration, env = "CRS_LOCAL_STATE_SYNC")
    )]
    pub state_sync: Duration,

    /// Who may call the API: strict refuses whatever the real service refuses; /_crs/ is
    /// --control-token's affair, not this one's
    #[cfg_attr(feature = "cli", arg(long, value_name = "MODE", value_enum, default_value_t = Auth::Lenient, env = "CRS_LOCAL_AUTH"))]
    pub auth: Auth,

    /// Calls a second for each credential, action and access region: documented, a number or off; also for single
    /// actions, as in `documented,UpgradeInstance=5`
    #[cfg_attr(
        feature = "cli",
        arg(
            long,
            value_name = "LIMIT",
            default_value = "documented",
            env = "CRS_LOCAL_RATE_LIMIT"
        )
    )]
    pub rate_limit: RateLimits,

    /// Calls a second for each account, over all actions [default: no limit]
    #[cfg_attr(feature = "cli", arg(long, value_name = "N", env = "CRS_LOCAL_ACCOUNT_LIMIT"))]
    pub account_limit: Option<u32>,

    /// Calls a second for each client address, over all actions [default: no limit]
    #[cfg_attr(feature = "cli", arg(long, value_name = "N", env = "CRS_LOCAL_ADDRESS_LIMIT"))]
    pub address_limit: Option<u32>,

    /// How flows finish: timed, instant (before the answer) or held (by hand)
    #[cfg_attr(feature = "cli", arg(long, value_name = "PACE", value_enum, default_value_t = Pace::Timed, env = "CRS_LOCAL_PACE"))]
    pub pace: Pace,

    /// How long a timed flow takes
    #[cfg_attr(feature = "cli", arg(long, value_name = "DURATION", default_value = "1s", value_parser = humantime::parse_duration, env = "CRS_LOCAL_FLOW_TIME"))]
    pub flow_time: Duration,

    /// What ids, addresses and RequestIds follow from [default: random]
    #[cfg_attr(feature = "cli", arg(long, value_name = "N", env = "CRS_LOCAL_SEED"))]
    pub seed: Option<u64>,

    /// Assume something else where the evidence is weak, as base-network=open; repeatable (`crs-local assumptions`
    /// lists the names)
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "NAME=VALUE", env = "CRS_LOCAL_ASSUME", value_delimiter = ',')
    )]
    pub assume: Vec<Choice>,

    /// Also serve HTTPS, with a certificate made at start
    #[cfg_attr(feature = "cli", arg(long, env = "CRS_LOCAL_TLS", value_parser = FalseyValueParser::new()))]
    pub tls: bool,

    /// Address of HTTPS
    #[cfg_attr(feature = "cli", arg(
        long,
        value_name = "ADDR",
        default_value_t = TLS_LISTEN_DEFAULT,
        value_parser = listen_address,
        env = "CRS_LOCAL_TLS_LISTEN"
    ))]
    pub tls_listen: SocketAddr,

    /// Certificate chain (PEM) to use instead of a made one
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "FILE", requires = "tls_key", env = "CRS_LOCAL_TLS_CERT")
    )]
    pub tls_cert: Option<PathBuf>,

    /// Private key (PEM) of --tls-cert
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "FILE", requires = "tls_cert", env = "CRS_LOCAL_TLS_KEY")
    )]
    pub tls_key: Option<PathBuf>,

    /// Longest wait for a request's head; a connection idle for as long is closed
    #[cfg_attr(feature = "cli", arg(long, value_name = "DURATION", default_value = "75s", value_parser = humantime::parse_duration, env = "CRS_LOCAL_HEAD_TIMEOUT"))]
    pub head_timeout: Duration,

    /// Longest wait for a request's body
    #[cfg_attr(feature = "cli", arg(long, value_name = "DURATION", default_value = "30s", value_parser = humantime::parse_duration, env = "CRS_LOCAL_BODY_TIMEOUT"))]
    pub body_timeout: Duration,

    /// A further host name that /_crs/ and unsigned calls may come in by, and whose pages may call: NAME, or *.NAME for
    /// all below it; repeatable [always: localhost, addresses, names without a dot, *.local, *.internal, *.test,
    /// *.home.arpa, *.svc]
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "NAME", env = "CRS_LOCAL_ALLOW_HOST", value_delimiter = ',')
    )]
    pub allow_host: Vec<AllowedHost>,

    /// What /_crs/ and /metrics ask for, as `Authorization: Bearer TOKEN`; not health nor ca.pem [default: nothing]
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "TOKEN", env = "CRS_LOCAL_CONTROL_TOKEN", hide_env_values = true)
    )]
    pub control_token: Option<ControlToken>,

    /// How many calls of the API /_crs/requests remembers, in 64 MB at most: a number or off
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "N", default_value_t, env = "CRS_LOCAL_JOURNAL")
    )]
    pub journal: JournalSize,

    /// What to log, to standard error: off, warn, info, debug, or crs_local=debug
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "FILTER", default_value = "info", env = "CRS_LOCAL_LOG")
    )]
    pub log: String,

    /// Log one JSON object a line
    #[cfg_attr(feature = "cli", arg(long, env = "CRS_LOCAL_LOG_JSON", value_parser = FalseyValueParser::new()))]
    pub log_json: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: LISTEN_DEFAULT,
            fixture: Vec::new(),
            state: None,
            state_sync: Duration::ZERO,
            auth: Auth::Lenient,
            rate_limit: RateLimits::default(),
            account_limit: None,
            address_limit: None,
            pace: Pace::Timed,
            flow_time: Duration::from_secs(1),
            seed: None,
            assume: Vec::new(),
            tls: false,
            tls_listen: TLS_LISTEN_DEFAULT,
            tls_cert: None,
            tls_key: None,
            head_timeout: Duration::from_secs(75),
            body_timeout: Duration::from_secs(30),
            allow_host: Vec::new(),
            control_token: None,
            journal: JournalSize::default(),
            log: "info".to_owned(),
            log_json: false,
        }
    }
}

impl Config {
    /// What is assumed: the defaults, and what was chosen instead.
    #[must_use]
    pub fn assumed(&self) -> Assumed {
        let mut assumed = Assumed::default();
        self.assume.iter().for_each(|choice| choice.make(&mut assumed));
        assumed
    }
}

/// An address to listen on, with its port.
///
/// # Errors
/// What to write instead: an address is a number, so that it is clear who can reach it.
pub fn listen_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
        match (port.parse::<u16>(), host.parse::<IpAddr>()) {
            // An IPv6 address without brackets.
            (Ok(port), Ok(ip)) => format!("write {}", SocketAddr::new(ip, port)),
            (Ok(port), Err(_)) => format!("write an address and a port, as 127.0.0.1:{port}"),
            (Err(_), _) => match text.trim_matches(['[', ']']).parse::<IpAddr>() {
                Ok(ip) => format!("add a port, as {}", SocketAddr::new(ip, LISTEN_DEFAULT.port())),
                Err(_) => format!("write an address and a port, as {LISTEN_DEFAULT}"),
            },
        }
    })
}

/// Who may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Auth {
    /// A known SecretId is verified in full; an unknown one, or none, is the default account.
    Lenient,
    /// Whatever the real service refuses is refused.
    Strict,
}

/// How flows (resize, create, …) finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Pace {
    /// When the flow time has passed and an answer has shown it under way, or the next change comes.
    Timed,
    /// Before the answer is sent.
    Instant,
    /// By hand, through the control API.
    Held,
}

/// Calls a second that pass, for one action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The figure the action's documentation prints.
    Documented,
    /// This many.
    PerSecond(u32),
    /// As many as come.
    Off,
}

/// The limit of every action: one for all, and others for single actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimits {
    all: Limit,
    single: Vec<(&'static str, Limit)>,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            all: Limit::Documented,
            single: Vec::new(),
        }
    }
}

impl From<Limit> for RateLimits {
    fn from(all: Limit) -> Self {
        Self {
            all,
            single: Vec::new(),
        }
    }
}

impl RateLimits {
    /// Calls a second that pass for `action`; `None` means all.
    #[must_use]
    pub fn per_second(&self, action: &contract::Action, assumed: &Assumed) -> Option<u32> {
        let single = self.single.iter().find(|(name, _)| *name == action.name);
        match single.map_or(self.all, |(_, limit)| *limit) {
            Limit::Documented => Some(assume::documented_rate(assumed, action)),
            Limit::PerSecond(calls) => Some(calls),
            Limit::Off => None,
        }
    }
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "documented" => Ok(Self::Documented),
            "off" => Ok(Self::Off),
            number => number
                .parse()
                .map(Self::PerSecond)
                .map_err(|_| format!("`{number}` is no limit: write documented, off or a number of calls a second")),
        }
    }
}

impl FromStr for RateLimits {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut limits = Self::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                None => limits.all = part.parse()?,
                Some((name, limit)) => {
                    let action = contract::ACTIONS
                        .iter()
                        .find(|action| action.name == name)
                        .ok_or_else(|| format!("`{name}` is no action: `crs-local actions` lists them"))?;
                    limits.single.push((action.name, limit.parse()?));
                }
            }
        }
        Ok(limits)
    }
}

/// How many calls of the API are remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JournalSize {
    /// The last so many.
    Calls(NonZeroUsize),
    /// None.
    Off,
}

impl JournalSize {
    /// The number of calls; 0 for none.
    #[must_use]
    pub fn calls(self) -> usize {
        match self {
            Self::Calls(calls) => calls.get(),
            Self::Off => 0,
        }
    }
}

impl Default for JournalSize {
    fn default() -> Self {
        const CALLS: NonZeroUsize = NonZeroUsize::new(10_000).expect("more than none");
        Self::Calls(CALLS)
    }
}

impl FromStr for JournalSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self::Off),
            number => number
                .parse()
                .map(Self::Calls)
                .map_err(|_| format!("`{number}` is no number of calls: write off, or 1 or more")),
        }
    }
}

impl fmt::Display for JournalSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Calls(calls) => calls.fmt(f),
            Self::Off => f.write_str("off"),
        }
    }
}

/// A host name that is let in beside the local ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedHost {
    /// Without a `*` in front; with its dot there, if all names below it are meant.
    name: String,
}

impl AllowedHost {
    /// Whether this name, without port, is let in; capitals do not matter.
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        let Some(at) = name.len().checked_sub(self.name.len()) else {
            return false;
        };
        let wants_more = self.name.starts_with('.');
        let end = name.get(at..).filter(|_| (at > 0) == wants_more);
        end.is_some_and(|end| end.eq_ignore_ascii_case(&self.name))
    }
}

impl FromStr for AllowedHost {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name = text.strip_prefix('*').unwrap_or(text);
        let is_below = name.len() < text.len();
        let labels = match name.strip_prefix('.') {
            Some(labels) if is_below => labels,
            None if !is_below => name,
            _ => "",
        };
        let is_label = |label: &str| {
            let of_a_label = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            !label.is_empty() && label.bytes().all(of_a_label)
        };
        if labels.split('.').all(is_label) {
            let name = name.to_owned();
            return Ok(Self { name });
        }
        Err(format!(
            "`{text}` is no host name; give it without scheme, port and final dot, as \
             crs.example.com, or *.example.com for all below it"
        ))
    }
}

/// What the control API asks for.
#[derive(Clone, PartialEq, Eq)]
pub struct ControlToken(String);

impl ControlToken {
    /// As it is sent behind `Bearer`.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl FromStr for ControlToken {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok(Self(text.to_owned()));
        }
        Err("a token is one or more visible ASCII characters, without blanks; give such a one".to_owned())
    }
}

impl fmt::Debug for ControlToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ControlToken(…)")
    }
}

#[cfg(test)]
mod tests;
