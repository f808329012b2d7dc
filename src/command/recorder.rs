//! Where the commands of one stream are recorded.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use super::Entry;
use crate::cloud::Millis;
use crate::store::{Store, Unrecorded};

/// The end of a stream. Who records holds the lock of what the commands change, so that they stand in the order in
/// which they are carried out.
pub(crate) struct Recorder {
    store: Arc<dyn Store>,
    stream: u64,
    /// How many RequestIds have been given out.
    calls: Arc<AtomicU64>,
    /// The number of the last record.
    number: AtomicU64,
    /// The place behind it; 0 before the first.
    behind: AtomicU64,
}

impl Recorder {
    /// Goes on behind the record of that number.
    pub(crate) fn new(store: Arc<dyn Store>, stream: u64, number: u64, calls: Arc<AtomicU64>) -> Self {
        Self {
            store,
            stream,
            calls,
            number: AtomicU64::new(number),
            behind: AtomicU64::new(0),
        }
    }

    /// Records a command that is about to be carried out. Where it cannot be, it must not be.
    pub(crate) fn record<C: Serialize>(&self, now: Millis, drawn: u64, command: &C) -> Result<(), Unrecorded> {
        let entry = Entry {
            now,
            drawn,
            calls: self.calls.load(Ordering::Relaxed),
            command,
        };
        let payload = serde_json::to_vec(&entry).map_err(|error| Unrecorded::new(error.to_string()))?;
        let number = self.number() + 1;
        let place = self.store.append(self.stream, number, &payload)?;
        self.number.store(number, Ordering::Relaxed);
        self.behind.store(place + 1, Ordering::Release);
        Ok(())
    }

    /// Records a command that has to be carried out. Where it cannot be recorded, nothing is any more.
    pub(crate) fn record_surely<C: Serialize>(&self, now: Millis, drawn: u64, command: &C) {
        if let Err(why) = self.record(now, drawn, command) {
            self.store.close(&why);
        }
    }

    /// The number of the last record.
    pub(crate) fn number(&self) -> u64 {
        self.number.load(Ordering::Relaxed)
    }

    /// What has to be kept before anybody is told of the stream.
    pub(crate) fn unsettled(&self) -> Option<Unsettled> {
        let place = self.behind.load(Ordering::Acquire).checked_sub(1)?;
        let settled = self.store.is_settled(place);
        (!settled).then(|| Unsettled {
            store: Arc::clone(&self.store),
            place,
        })
    }
}

/// A record that is not kept yet.
pub(crate) struct Unsettled {
    store: Arc<dyn Store>,
    place: u64,
}

impl Unsettled {
    /// All that a store has taken so far.
    pub(crate) fn all(store: &Arc<dyn Store>) -> Option<Self> {
        let place = store.next_place().checked_sub(1)?;
        let store = Arc::clone(store);
        Some(Self { store, place })
    }

    /// Waits until it is kept.
    pub(crate) async fn settle(self) -> Result<(), Unrecorded> {
        self.store.settled(self.place).await
    }

    /// As [`Unsettled::settle`], for a thread that may be kept waiting.
    pub(crate) fn wait(self) -> Result<(), Unrecorded> {
        self.store.wait(self.place)
    }
}
