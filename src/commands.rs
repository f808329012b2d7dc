//! The subcommands.

mod actions;
mod env;
mod health;
mod import;
mod output;
mod run;
mod serve;
mod signals;

use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;
use crs_local::config::{Auth, Config};
use crs_local::fixture::{self, Summary};
use crs_local::{Fixture, assume};
use output::{lines, print};
pub(crate) use run::{FREE_PORT, FREE_PORTS, LONG_ABOUT as ABOUT_RUN, Run};
pub(crate) use serve::serve_until_told;

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
        #[arg(env = "CRS_LOCAL_URL")]
        url: Option<String>,
        /// How long to wait until it is
        #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration, default_value = "0s")]
        wait: Duration,
    },
    /// List what is implemented, by family; or of these actions every code with what brings it about
    Actions {
        /// Actions, as UpgradeInstance
        #[arg(value_name = "ACTION")]
        names: Vec<String>,
    },
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
            Self::Health { url, wait } => health::health(url, config.listen, wait),
            Self::Actions { names } => print(&actions::told(&names)?),
            Self::Assumptions => print(&assume::table()),
            Self::Env(env) => env.run(config.listen),
            Self::Import(import) => import.run(),
        }
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
