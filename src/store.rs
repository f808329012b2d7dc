//! Where the state is kept over restarts: a folder that holds a snapshot and a log of what has happened since.
//!
//! What a record says is the business of others; here it is bytes. Records belong to streams, one for the server and
//! one for each account, and are numbered in each, so that a snapshot of many accounts, each as it was at a moment of
//! its own, can say for each what it holds already.

use std::fmt;
use std::pin::Pin;

mod folder;
mod frame;
mod head;
mod log;

pub(crate) use folder::{Folder, Held, OnLong, Opened, Read};
pub(crate) use head::{Head, Stream};
pub(crate) use log::Log;

/// The stream of what belongs to no account. That of an account has its AppId for a name.
pub(crate) const SERVER: u64 = 0;
/// The highest number in any stream whose account has ended stands under this name, which no account has. A stream that
/// begins goes on behind it, so that an account of the same AppId is told from one that was there before.
pub(crate) const ENDED: u64 = u64::MAX;

/// Something that keeps records, and snapshots that take their place.
pub(crate) trait Store: Send + Sync {
    /// Takes a record, to be kept behind all others: the record of that number of its stream. What is refused has not
    /// been taken, and may be offered again. Gives the record's place among all.
    fn append(&self, stream: u64, number: u64, payload: &[u8]) -> Result<u64, Unrecorded>;

    /// Takes no record any more, since one could not be taken that has to be.
    fn close(&self, why: &Unrecorded);

    /// Whether the record of that place is kept, or may be lost by what was agreed.
    fn is_settled(&self, place: u64) -> bool;

    /// Waits until it is, for a thread that may be kept waiting.
    #[cfg(any(test, feature = "import"))]
    fn wait(&self, place: u64) -> Result<(), Unrecorded>;

    /// Waits until it is, for a task.
    fn settled(&self, place: u64) -> Pin<Box<dyn Future<Output = Result<(), Unrecorded>> + Send + '_>>;

    /// The place that the next record gets: all before it have been taken.
    fn next_place(&self) -> u64;
}

/// One record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    pub(crate) stream: u64,
    pub(crate) number: u64,
    pub(crate) payload: &'a [u8],
}

/// A change could not be recorded, and was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrecorded(String);

impl Unrecorded {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Unrecorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unrecorded {}

/// Why a folder cannot be used: the file, what is wrong with it, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unusable {
    pub(crate) file: String,
    pub(crate) message: String,
}

impl Unusable {
    fn new(file: &std::path::Path, message: impl Into<String>) -> Self {
        Self {
            file: file.display().to_string(),
            message: message.into(),
        }
    }
}

#[cfg(test)]
mod tests;
