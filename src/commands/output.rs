//! What subcommands print.

use std::fmt::Display;
use std::io::Write;

/// A line for each.
pub(crate) fn lines(faults: &[impl Display]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Prints, and takes a reader that has gone (`| head`) for a good end.
pub(super) fn print(text: &str) -> Result<(), String> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(()),
    }
}
