//! `crs-local run -- COMMAND…`: a server for as long as a command runs.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::{ExitCode, ExitStatus};

use clap::Args;
use crs_local::config::{Config, default_region};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use super::health::reached_at;
use super::serve::{Bound, load, to_its_end};
use super::signals::Signals;

/// The exit code where the server, and not the command, is to blame.
const FAILED: u8 = 125;
/// ... where the command is there and cannot be run,
const NOT_RUNNABLE: u8 = 126;
/// ... and where it is not there.
const NOT_FOUND: u8 = 127;

/// Variables by which a client would send the token of a real key pair along with ours.
const TOKENS: [&str; 3] = [
    "TENCENTCLOUD_TOKEN",
    "TENCENTCLOUD_SESSION_TOKEN",
    "TENCENTCLOUD_SECURITY_TOKEN",
];

pub(crate) const LONG_ABOUT: &str = "\
Start the server, run a command that finds it by its environment, stop, and exit as the command did.

The command gets CRS_LOCAL_URL (http://127.0.0.1:PORT), CRS_LOCAL_ENDPOINT (127.0.0.1:PORT), \
TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_REGION. Standard output is its own; what the server \
says goes to standard error. Signals are passed on to it.

Exits with the command's own code, with 128 and the signal's number if one ended it, with 127 where there is no such \
command, 126 where it cannot be run, and 125 where the server did not start.";

/// The flags whose default is another here: a free port.
pub(crate) const FREE_PORTS: [&str; 2] = ["listen", "tls_listen"];
pub(crate) const FREE_PORT: &str = "127.0.0.1:0";

#[derive(Args)]
pub(crate) struct Run {
    #[command(flatten)]
    config: Config,
    /// Also lead clients here that know no endpoint: sets HTTP_PROXY and http_proxy
    #[arg(long)]
    as_proxy: bool,
    /// The command, and what it is called with
    #[arg(required = true, last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl Run {
    pub(crate) fn run(self) -> ExitCode {
        let Self {
            config,
            as_proxy,
            command,
        } = self;
        let ran = load(config).and_then(|(emulator, runtime)| {
            to_its_end(runtime, async {
                let bound = Bound::bind(emulator).await?;
                eprintln!("{}", bound.announcement());
                beside(bound, as_proxy, &command).await
            })
        });
        ran.map_or_else(
            |message| {
                eprintln!("crs-local: {message}");
                ExitCode::from(FAILED)
            },
            ExitCode::from,
        )
    }
}

/// Serves while the command runs; the code to exit with.
async fn beside(bound: Bound, as_proxy: bool, command: &[OsString]) -> Result<u8, String> {
    let signals = Signals::watch()?;
    let mut wanted = with_environment(&bound, as_proxy, command);
    let (stop, stopped) = watch::channel(false);
    let serving = tokio::spawn(bound.serve(stopped));
    let code = match wanted.spawn() {
        Ok(child) => end_of(child, signals).await?,
        Err(error) => {
            let name = command.first().map(|name| name.to_string_lossy()).unwrap_or_default();
            eprintln!("crs-local: cannot run {name}: {error}");
            match error.kind() {
                ErrorKind::NotFound => NOT_FOUND,
                _ => NOT_RUNNABLE,
            }
        }
    };
    let _ = stop.send(true);
    match serving.await {
        Ok(Err(message)) => eprintln!("crs-local: {message}"),
        Ok(Ok(())) => {}
        // A panic, which has been told.
        Err(_) => return Ok(FAILED),
    }
    Ok(code)
}

/// The command as it is to be run.
fn with_environment(bound: &Bound, as_proxy: bool, command: &[OsString]) -> Command {
    let endpoint = reached_at(bound.address).to_string();
    let url = format!("http://{endpoint}");
    let (secret_id, secret_key) = bound.key_pair();
    let mut wanted = Command::new(command.first().cloned().unwrap_or_default());
    wanted.args(command.iter().skip(1));
    TOKENS.iter().for_each(|name| {
        wanted.env_remove(name);
    });
    wanted
        .env("CRS_LOCAL_URL", &url)
        .env("CRS_LOCAL_ENDPOINT", &endpoint)
        .env("TENCENTCLOUD_SECRET_ID", secret_id)
        .env("TENCENTCLOUD_SECRET_KEY", secret_key)
        .env("TENCENTCLOUD_REGION", default_region());
    if as_proxy {
        wanted.env("HTTP_PROXY", &url).env("http_proxy", &url);
    }
    wanted
}

/// Waits for the command's end, and passes signals on until then.
async fn end_of(mut child: Child, mut signals: Signals) -> Result<u8, String> {
    loop {
        let ended = tokio::select! {
            ended = child.wait() => ended,
            arrived = signals.next() => {
                arrived.pass_on(&child);
                continue;
            }
        };
        return ended
            .map(code_of)
            .map_err(|error| format!("lost sight of the command: {error}"));
    }
}

/// As a shell tells it.
fn code_of(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(FAILED);
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(FAILED)
}
