//! Where the commands of one stream are recorded.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::Entry;
use crate::cloud::Millis;
use crate::store::{Store, Unrecorded};

/// How far a stream is.
struct End {
    /// The number of the last record.
    number: u64,
    /// Whether what it records has ended, or something has taken its place: calls under way end on what they found, but
    /// that is no part of the state any more.
    over: bool,
}

/// The end of a stream. Who records holds the lock of what the commands change, so that they stand in the order in
/// which they are carried out.
pub(crate) struct Recorder {
    store: Arc<dyn Store>,
    stream: u64,
    /// How many RequestIds have been given out.
    calls: Arc<AtomicU64>,
    end: Mutex<End>,
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
            end: Mutex::new(End { number, over: false }),
            behind: AtomicU64::new(0),
        }
    }

    /// Records a command that is about to be carried out. Where it cannot be, it must not be.
    pub(crate) fn record<C: Serialize>(&self, now: Millis, drawn: u64, command: &C) -> Result<(), Unrecorded> {
        self.append(&mut self.end(), now, drawn, command)
    }

    /// Records the last command of what is recorded here. Gives its number.
    pub(crate) fn finish<C: Serialize>(&self, now: Millis, command: &C) -> Result<u64, Unrecorded> {
        let mut end = self.end();
        self.append(&mut end, now, 0, command)?;
        end.over = true;
        Ok(end.number)
    }

    /// As [`Recorder::finish`]: the command puts something else in its place, which is recorded there from then on.
    pub(crate) fn hand_over<C: Serialize>(&self, now: Millis, command: &C) -> Result<Self, Unrecorded> {
        let number = self.finish(now, command)?;
        Ok(Self {
            store: Arc::clone(&self.store),
            stream: self.stream,
            calls: Arc::clone(&self.calls),
            end: Mutex::new(End { number, over: false }),
            behind: AtomicU64::new(self.behind.load(Ordering::Acquire)),
        })
    }

    fn append<C: Serialize>(&self, end: &mut End, now: Millis, drawn: u64, command: &C) -> Result<(), Unrecorded> {
        if end.over {
            return Ok(());
        }
        let entry = Entry {
            now,
            drawn,
            calls: self.calls.load(Ordering::Relaxed),
            command,
        };
        let payload = serde_json::to_vec(&entry).map_err(|error| Unrecorded::new(error.to_string()))?;
        let number = end.number + 1;
        let place = self.store.append(self.stream, number, &payload)?;
        end.number = number;
        self.behind.store(place + 1, Ordering::Release);
        Ok(())
    }

    fn end(&self) -> MutexGuard<'_, End> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a command that has to be carried out. Where it cannot be recorded, nothing is any more.
    pub(crate) fn record_surely<C: Serialize>(&self, now: Millis, drawn: u64, command: &C) {
        if let Err(why) = self.record(now, drawn, command) {
            self.store.close(&why);
        }
    }

    /// The number of the last record.
    pub(crate) fn number(&self) -> u64 {
        self.end().number
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
    #[cfg(feature = "import")]
    pub(crate) fn wait(self) -> Result<(), Unrecorded> {
        self.store.wait(self.place)
    }
}
