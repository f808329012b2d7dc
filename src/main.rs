//! The `crs-local` command: flags to one of its subcommands.

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use crs_local::config::Config;

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
    /// Start the server, run a command that finds it by its environment, stop, and exit as the command did
    #[command(long_about = commands::ABOUT_RUN)]
    Run(Box<commands::Run>),
    #[command(flatten)]
    Other(commands::Command),
}

fn main() -> ExitCode {
    let cli = parse();
    let done = match cli.command {
        None => commands::serve_until_told(cli.config),
        Some(Command::Serve(config)) => commands::serve_until_told(*config),
        Some(Command::Run(run)) => return run.run(),
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

/// The flags, with the free ports of `run`.
fn parse() -> Cli {
    let free_ports = |run: clap::Command| {
        let free = |run: clap::Command, flag| run.mut_arg(flag, |flag| flag.default_value(commands::FREE_PORT));
        commands::FREE_PORTS.into_iter().fold(run, free)
    };
    let matches = Cli::command().mut_subcommand("run", free_ports).get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}
