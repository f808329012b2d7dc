//! The `crs-local` command: flags to a configuration, an emulator, and a server.

use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use crs_local::config::Config;
use crs_local::http::serve::{self, Protocol};
use crs_local::http::tls;
use crs_local::{Emulator, Fixture};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::prelude::*;

mod commands;

/// TencentDB for Redis (CRS) on this machine: the published API with its rules and error codes.
#[derive(Parser)]
#[command(name = "crs-local", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Config,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server (also what happens without a subcommand)
    Serve(Box<Config>),
    #[command(flatten)]
    Other(commands::Command),
}

/// How much long work (a dump, a search of many instances) is done at once; more waits its turn, so that the calls
/// beside it get their share of the machine.
const LONG_WORK_MAX: usize = 8;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        None => start(cli.config),
        Some(Command::Serve(config)) => start(*config),
        Some(Command::Other(command)) => command.run(&cli.config),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("crs-local: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Loads the fixtures and serves until SIGTERM or SIGINT.
fn start(config: Config) -> Result<(), String> {
    log(&config)?;
    let fixture = if config.fixture.is_empty() {
        Fixture::built_in()
    } else {
        Fixture::load(&config.fixture).map_err(|faults| commands::lines(&faults))?
    };
    if let Err(error) = serve::raise_open_files() {
        tracing::warn!(%error, "could not raise the limit of open files");
    }
    let emulator = Emulator::new(config, fixture).map_err(|faults| commands::lines(&faults))?;
    let emulator = Arc::new(emulator);
    tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(LONG_WORK_MAX)
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start the runtime: {error}"))?
        .block_on(run(Arc::clone(&emulator)))?;
    if let Err(why) = emulator.close() {
        // What the log holds is whole; the next start has it to do again.
        tracing::warn!("no snapshot was left: {why}");
    }
    Ok(())
}

async fn run(emulator: Arc<Emulator>) -> Result<(), String> {
    let config = &emulator.config;
    let bind = async |address, flag: &str| {
        let listener = TcpListener::bind(address).await;
        let listener =
            listener.map_err(|error| format!("cannot listen on {address}: {error}; choose another with {flag}"))?;
        let bound = listener.local_addr().map_err(|error| error.to_string())?;
        Ok::<_, String>((listener, bound))
    };
    let (listener, address) = bind(config.listen, "--listen").await?;
    let secure = if config.tls {
        let acceptor = tls::acceptor(&emulator)?;
        Some((acceptor, bind(config.tls_listen, "--tls-listen").await?))
    } else {
        None
    };

    let stop = watch_signals()?;
    println!("crs-local listening on http://{address}");
    let tunnels = secure.as_ref().map(|(acceptor, _)| acceptor.clone());
    let plain = serve::serve(
        Arc::clone(&emulator),
        listener,
        Protocol::Http(tunnels),
        stopped(stop.clone()),
    );
    let served = match secure {
        None => plain.await,
        Some((acceptor, (listener, address))) => {
            println!("crs-local listening on https://{address}");
            let secure = serve::serve(
                Arc::clone(&emulator),
                listener,
                Protocol::Https(acceptor),
                stopped(stop),
            );
            tokio::try_join!(plain, secure).map(|_| ())
        }
    };
    served.map_err(|error| error.to_string())
}

/// Turns true at the first SIGTERM or SIGINT.
fn watch_signals() -> Result<watch::Receiver<bool>, String> {
    let listen = |kind| signal(kind).map_err(|error| format!("cannot watch for signals: {error}"));
    let (mut term, mut int) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        let _ = stop.send(true);
    });
    Ok(stopped)
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
