//! Every setting of an emulator in a test, and how it starts.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde_json::{Value, json};

use super::error::StartError;
use super::sandbox::Sandbox;
use super::server::Server;
use crate::clock::Wall;
use crate::cloud::Millis;
use crate::config::{Auth, Config, Pace, RateLimits};
use crate::emulator::Emulator;
use crate::fixture::Fixture;

/// The seed unless another is set.
const SEED: u64 = 1;

impl Emulator {
    /// An emulator for a test, with the settings of [`Config::default`] but for two: it listens on a free port, and its
    /// seed is fixed, so that each run of a test sees the same ids.
    pub fn builder() -> Builder {
        Builder {
            config: Config {
                listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
                tls_listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
                seed: Some(SEED),
                ..Config::default()
            },
            texts: Vec::new(),
            now: None,
            wall: None,
            wrong: None,
        }
    }
}

/// The settings of an emulator that is to be started. What is wrong with one is told by the start.
///
/// ```
/// use crs_local::config::Pace;
/// use crs_local::{Emulator, json};
///
/// let sandbox = Emulator::builder()
///     .fixture_json(json!({ "Accounts": [ { "Balance": 500, "Instances": [
///         { "InstanceId": "crs-mine", "TypeId": 8, "MemSize": 1024 } ] } ] }))
///     .pace(Pace::Instant)
///     .now("2027-01-01T00:00:00Z")
///     .build()?;
/// assert_eq!(sandbox.state()["Accounts"][0]["Balance"], 500);
/// assert_eq!(sandbox.clock().now(), "2027-01-01T00:00:00.000Z");
///
/// let message = Emulator::builder().assume("no-such=1").build().unwrap_err().to_string();
/// assert!(message.starts_with("assume: "), "{message}");
/// # Ok::<(), crs_local::harness::StartError>(())
/// ```
#[must_use = "nothing is started before `start` or `build`"]
pub struct Builder {
    pub(super) config: Config,
    texts: Vec<Value>,
    now: Option<String>,
    wall: Option<Wall>,
    /// The first setting that could not be read.
    wrong: Option<String>,
}

impl Builder {
    /// These settings, in place of all that were made; [`Config`] has every flag. Its port counts too: 0 is a free one.
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Where the server listens, in place of a free port.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.config.listen = address;
        self
    }

    /// A fixture file, or a folder of them. Again: laid over those before. Without any there is the built-in one.
    pub fn fixture(mut self, path: impl Into<PathBuf>) -> Self {
        self.config.fixture.push(path.into());
        self
    }

    /// A fixture, written out. Laid over those before it and over all files.
    pub fn fixture_json(mut self, fixture: Value) -> Self {
        self.texts.push(fixture);
        self
    }

    /// What ids, addresses and RequestIds follow from.
    pub fn seed(mut self, seed: u64) -> Self {
        self.config.seed = Some(seed);
        self
    }

    /// Who may call: whoever does, or whom the real service lets in.
    pub fn auth(mut self, auth: Auth) -> Self {
        self.config.auth = auth;
        self
    }

    /// Calls a second, as the flag takes them: `documented`, `off`, `5`, `documented,UpgradeInstance=1`.
    pub fn rate_limit(mut self, limits: &str) -> Self {
        if let Some(limits) = self.read::<RateLimits>("rate_limit", limits) {
            self.config.rate_limit = limits;
        }
        self
    }

    /// Calls a second of an account.
    pub fn account_limit(mut self, calls: u32) -> Self {
        self.config.account_limit = Some(calls);
        self
    }

    /// Calls a second of a client's address.
    pub fn address_limit(mut self, calls: u32) -> Self {
        self.config.address_limit = Some(calls);
        self
    }

    /// How flows finish.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.config.pace = pace;
        self
    }

    /// How long a timed flow takes.
    pub fn flow_time(mut self, time: Duration) -> Self {
        self.config.flow_time = time;
        self
    }

    /// Another choice where the evidence is weak, as `base-network=open`. Repeatable.
    pub fn assume(mut self, choice: &str) -> Self {
        if let Some(choice) = self.read("assume", choice) {
            self.config.assume.push(choice);
        }
        self
    }

    /// Keeps the state in this folder, which the next emulator on it goes on with.
    pub fn state(mut self, folder: impl Into<PathBuf>) -> Self {
        self.config.state = Some(folder.into());
        self
    }

    /// What a crash may lose of a state that is kept, in time; nothing that was answered unless it is set.
    pub fn state_sync(mut self, interval: Duration) -> Self {
        self.config.state_sync = interval;
        self
    }

    /// Answers by HTTPS too, on a port of its own: [`Server::secure_url`].
    #[cfg(feature = "tls")]
    pub fn tls(mut self) -> Self {
        self.config.tls = true;
        self
    }

    /// Longest wait for a request's head.
    pub fn head_timeout(mut self, wait: Duration) -> Self {
        self.config.head_timeout = wait;
        self
    }

    /// Longest wait for a request's body.
    pub fn body_timeout(mut self, wait: Duration) -> Self {
        self.config.body_timeout = wait;
        self
    }

    /// A further host name that the control API and unsigned calls may come in by. Repeatable.
    pub fn allow_host(mut self, name: &str) -> Self {
        if let Some(name) = self.read("allow_host", name) {
            self.config.allow_host.push(name);
        }
        self
    }

    /// What the control API asks for where it is called over a socket.
    pub fn control_token(mut self, token: &str) -> Self {
        if let Some(token) = self.read("control_token", token) {
            self.config.control_token = Some(token);
        }
        self
    }

    /// How many calls the journal remembers, as the flag takes it: `10000`, `off`.
    pub fn journal(mut self, size: &str) -> Self {
        if let Some(size) = self.read("journal", size) {
            self.config.journal = size;
        }
        self
    }

    /// Lets the cloud's clock stand at this moment (RFC 3339) until it is moved. A reset brings it back here.
    pub fn now(mut self, moment: &str) -> Self {
        self.now = Some(moment.to_owned());
        self
    }

    /// Real time, in milliseconds since 1970, by which signatures and the frequency limit are judged: for a test of
    /// those. The machine's own clock if it is not set.
    pub fn real_time(mut self, wall: impl Fn() -> Millis + Send + Sync + 'static) -> Self {
        self.wall = Some(Box::new(wall));
        self
    }

    /// Starts a server on a thread of its own. It is ready when this returns; nothing of it is left once it is dropped.
    ///
    /// # Errors
    /// A setting or a fixture is wrong, or the address cannot be had.
    pub async fn start(self) -> Result<Server, StartError> {
        self.start_blocking()
    }

    /// As [`Builder::start`], for a test without a runtime.
    ///
    /// # Errors
    /// As of [`Builder::start`].
    pub fn start_blocking(self) -> Result<Server, StartError> {
        Server::start(self.emulator()?)
    }

    /// An emulator without a socket: called directly, or through [`Sandbox::router`].
    ///
    /// # Errors
    /// A setting or a fixture is wrong.
    pub fn build(self) -> Result<Sandbox, StartError> {
        Ok(Sandbox::of(self.emulator()?))
    }

    fn emulator(self) -> Result<Emulator, StartError> {
        if let Some(wrong) = self.wrong {
            return Err(StartError(wrong));
        }
        let overlay = self.now.map(|now| json!({ "Clock": { "Mode": "manual", "Now": now } }));
        let mut fixture = match (self.config.fixture.is_empty(), self.texts.is_empty()) {
            (true, false) => Fixture::default(),
            _ => Fixture::load(&self.config.fixture).map_err(StartError::of)?,
        };
        let names = ["fixture_json", "now"];
        let texts = self.texts.iter().map(|text| (names[0], text));
        for (name, text) in texts.chain(overlay.iter().map(|text| (names[1], text))) {
            let text = text.to_string();
            fixture = fixture.overlaid(name, text.as_bytes()).map_err(StartError::of)?;
        }
        Emulator::with_wall(self.config, fixture, self.wall).map_err(StartError::of)
    }

    /// Reads a setting as its flag does, or keeps what is wrong with it.
    fn read<T: FromStr<Err = String>>(&mut self, name: &str, text: &str) -> Option<T> {
        let read = text.parse().map_err(|message| format!("{name}: {message}"));
        read.map_err(|message| self.wrong.get_or_insert(message)).ok()
    }
}
