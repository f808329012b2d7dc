//! What the reads of a workload tell of an instance, after every step of a history.

use crs_local::cloud::monitor::{commands, keys, window};
use crs_local::cloud::{Instance, Millis};

use super::world::ensure;

/// However an instance has changed, what is told of its commands agrees, and in the recycle bin it executes none.
pub(super) fn agrees(instance: &Instance, now: Millis) -> Result<(), String> {
    for span_type in [1, 4] {
        let span = window::window(span_type, now).expect("a span");
        let counts = commands::counts(instance, &span);
        let executed: u64 = counts.iter().map(|(_, count)| count).sum();
        let took: u64 = commands::took(instance, &span).iter().map(|(_, count)| count).sum();
        ensure!(executed == took, "{executed} commands, and {took} that took some time");
        let sources = commands::sources(instance, &span);
        let sent: u64 = sources.iter().map(|(_, count)| count).sum();
        ensure!(
            sources.is_empty() || sent == executed,
            "{executed} commands, {sent} sent"
        );
        let asked: u64 = keys::hot(instance, &span).iter().map(|(_, count)| count).sum();
        ensure!(
            asked <= executed,
            "keys are asked for {asked} times by {executed} commands"
        );
        let isolated_at = instance.recycle_bin.isolated_at.unwrap_or(Millis::MAX);
        ensure!(
            executed == 0 || span.start < isolated_at,
            "{executed} commands in the recycle bin"
        );
    }
    Ok(())
}
