//! What happens, told to whoever listens: to the streams of `GET /_crs/events` and to calls that wait. With nobody
//! listening it costs one look at a counter.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, watch};

use crate::contract::ErrorCode;

/// So many events wait for a slow listener; then the oldest are lost to it, and it is told how many.
pub(crate) const WAITING_MAX: usize = 1_024;

/// Something that happened.
#[derive(Debug)]
pub(crate) enum Event {
    /// A call of the API was answered.
    Called(Called),
    /// Another state was put in the place of the whole one, by this means.
    Replaced(&'static str),
    /// A control call may have changed something.
    Stirred,
}

/// A call of the API that was answered.
#[derive(Debug)]
pub(crate) struct Called {
    pub(crate) app_id: Option<u64>,
    pub(crate) action: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) code: Option<ErrorCode>,
    pub(crate) request_id: String,
}

/// Where events are told.
pub(crate) struct Events {
    listeners: AtomicUsize,
    /// Made for the first listener, since its buffer takes room.
    sender: OnceLock<broadcast::Sender<Arc<Event>>>,
    /// How often a server was told to stop.
    stops: watch::Sender<u64>,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            listeners: AtomicUsize::new(0),
            sender: OnceLock::new(),
            stops: watch::Sender::new(0),
        }
    }
}

impl Events {
    /// Whether anybody listens.
    pub(crate) fn are_heard(&self) -> bool {
        self.listeners.load(Ordering::Relaxed) > 0
    }

    /// Tells those who listen.
    pub(crate) fn tell(&self, event: Event) {
        if let Some(sender) = self.sender.get().filter(|_| self.are_heard()) {
            // That the last listener has just gone is no fault.
            let _ = sender.send(Arc::new(event));
        }
    }

    /// Ends what listens now: the server stops.
    pub(crate) fn stop(&self) {
        self.stops.send_modify(|stops| *stops += 1);
    }

    /// Listens from now on.
    pub(crate) fn listen(self: &Arc<Self>) -> Listener {
        let sender = self.sender.get_or_init(|| broadcast::Sender::new(WAITING_MAX));
        let listener = Listener {
            receiver: sender.subscribe(),
            stops: self.stops.subscribe(),
            events: Arc::clone(self),
        };
        self.listeners.fetch_add(1, Ordering::Relaxed);
        listener
    }
}

/// Who listens, until it is dropped.
pub(crate) struct Listener {
    receiver: broadcast::Receiver<Arc<Event>>,
    stops: watch::Receiver<u64>,
    events: Arc<Events>,
}

/// What a listener hears.
#[derive(Debug)]
pub(crate) enum Heard {
    Event(Arc<Event>),
    /// It was too slow, and so many events are lost to it.
    Missed(u64),
    /// The server stops.
    Stopped,
}

impl Listener {
    /// The next thing; what is dropped while it waits has lost nothing.
    pub(crate) async fn next(&mut self) -> Heard {
        tokio::select! {
            biased;
            _ = self.stops.changed() => Heard::Stopped,
            event = self.receiver.recv() => match event {
                Ok(event) => Heard::Event(event),
                Err(RecvError::Lagged(missed)) => Heard::Missed(missed),
                Err(RecvError::Closed) => Heard::Stopped,
            },
        }
    }

    /// The next thing that has happened already, if there is one.
    pub(crate) fn heard_by_now(&mut self) -> Option<Heard> {
        match self.receiver.try_recv() {
            Ok(event) => Some(Heard::Event(event)),
            Err(TryRecvError::Lagged(missed)) => Some(Heard::Missed(missed)),
            Err(TryRecvError::Empty | TryRecvError::Closed) => None,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.events.listeners.fetch_sub(1, Ordering::Relaxed);
    }
}
