//! `crs-local serve`: a configuration to a server. `run` has the same one beside its command.

use std::net::SocketAddr;
use std::sync::Arc;

use crs_local::config::Config;
use crs_local::http::serve::{self, Protocol};
use crs_local::http::tls::{self, Acceptor};
use crs_local::{Emulator, Fixture};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::prelude::*;

use super::output::lines;
use super::signals;

/// How much long work (a dump, a search of many instances) is done at once; more waits its turn, so that the calls
/// beside it get their share of the machine.
const LONG_WORK_MAX: usize = 8;

/// Loads the fixtures and serves until SIGTERM or SIGINT.
pub(crate) fn serve_until_told(config: Config) -> Result<(), String> {
    let (emulator, runtime) = load(config)?;
    to_its_end(runtime, async {
        let bound = Bound::bind(emulator).await?;
        let stop = signals::watch()?;
        println!("{}", bound.announcement());
        bound.serve(stop).await
    })
}

/// Waits for this, and not for the long work of calls that were cut off: what they have recorded is done again.
pub(super) fn to_its_end<T>(runtime: Runtime, work: impl Future<Output = T>) -> T {
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    done
}

/// The emulator that the flags ask for, its fixtures loaded, and the runtime to serve it on.
pub(super) fn load(config: Config) -> Result<(Emulator, Runtime), String> {
    log(&config)?;
    let fixture = Fixture::load(&config.fixture).map_err(|faults| lines(&faults))?;
    if let Err(error) = serve::raise_open_files() {
        tracing::warn!(%error, "could not raise the limit of open files");
    }
    let emulator = Emulator::new(config, fixture).map_err(|faults| lines(&faults))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(LONG_WORK_MAX)
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start the runtime: {error}"))?;
    Ok((emulator, runtime))
}

/// A server that listens and is not served yet.
pub(super) struct Bound {
    emulator: Arc<Emulator>,
    plain: TcpListener,
    pub(super) address: SocketAddr,
    secure: Option<(Acceptor, TcpListener)>,
    secure_address: Option<SocketAddr>,
}

impl Bound {
    /// Listens where the configuration says.
    pub(super) async fn bind(mut emulator: Emulator) -> Result<Self, String> {
        let (plain, address) = listen(emulator.config.listen, "--listen").await?;
        let mut secure = None;
        let mut secure_address = None;
        if emulator.config.tls {
            let acceptor = tls::acceptor(&emulator)?;
            let (listener, address) = listen(emulator.config.tls_listen, "--tls-listen").await?;
            // Tunnels lead to the port that was got.
            emulator.config.tls_listen = address;
            secure = Some((acceptor, listener));
            secure_address = Some(address);
        }
        let emulator = Arc::new(emulator);
        Ok(Self {
            emulator,
            plain,
            address,
            secure,
            secure_address,
        })
    }

    /// The key pair of the default account.
    pub(super) fn key_pair(&self) -> (String, String) {
        self.emulator.key_pair()
    }

    /// A line for each address.
    pub(super) fn announcement(&self) -> String {
        let mut lines = format!("crs-local listening on http://{}", self.address);
        if let Some(address) = self.secure_address {
            lines.push_str(&format!("\ncrs-local listening on https://{address}"));
        }
        lines
    }

    /// Serves until it is told to stop.
    pub(super) async fn serve(self, stop: watch::Receiver<bool>) -> Result<(), String> {
        let tunnels = self.secure.as_ref().map(|(acceptor, _)| acceptor.clone());
        let emulator = Arc::clone(&self.emulator);
        let plain = serve::serve(
            Arc::clone(&emulator),
            self.plain,
            Protocol::Http(tunnels),
            stopped(stop.clone()),
        );
        let served = match self.secure {
            None => plain.await,
            Some((acceptor, listener)) => {
                let secure = serve::serve(self.emulator, listener, Protocol::Https(acceptor), stopped(stop));
                tokio::try_join!(plain, secure).map(|_| ())
            }
        };
        served.map_err(|error| error.to_string())?;
        // No call is on its way any more, and nothing else is left to do.
        if let Err(why) = emulator.close() {
            // What the log holds is whole; the next start has it to do again.
            tracing::warn!("no snapshot was left: {why}");
        }
        Ok(())
    }
}

async fn listen(address: SocketAddr, flag: &str) -> Result<(TcpListener, SocketAddr), String> {
    let listener = TcpListener::bind(address).await;
    let listener =
        listener.map_err(|error| format!("cannot listen on {address}: {error}; choose another with {flag}"))?;
    let bound = listener.local_addr().map_err(|error| error.to_string())?;
    Ok((listener, bound))
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    // An error means that nobody can tell any more, which happens only at the end.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Logs to standard error, so that standard output holds the addresses alone.
fn log(config: &Config) -> Result<(), String> {
    let filter: Targets = config.log.parse().map_err(|error| {
        format!(
            "--log {}: {error}; write a level, or target=level, separated by commas",
            config.log
        )
    })?;
    let output = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let registry = tracing_subscriber::registry();
    if config.log_json {
        // The span's closing line holds all that was recorded in it.
        registry
            .with(output.json().with_span_list(false).with_filter(filter))
            .init();
    } else {
        registry
            .with(output.with_span_events(FmtSpan::NONE).with_filter(filter))
            .init();
    }
    Ok(())
}
