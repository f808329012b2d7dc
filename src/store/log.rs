//! A log that many write to and one thread keeps: what has been appended while it was busy is kept together.
//!
//! Room in the file is taken ahead of need, so that a disk that is full is found before a change is made, not after.
//! What goes wrong later, at the writing itself, closes the log: nobody can tell then what the disk has kept.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::Notify;

use super::frame::{FRAME_HEAD_BYTES, RECORD_HEAD_BYTES, frame, put_record};
use super::{Store, Unrecorded, Unusable};

/// What a log file begins with; behind it stands the number of its generation, and then frames.
const TITLE: [u8; 16] = *b"crs-local log 1\n";
pub(super) const TITLE_BYTES: usize = TITLE.len() + 8;

/// How much room is taken at once.
const ROOM_BYTES: u64 = 1 << 20;
/// The largest record.
const RECORD_BYTES_MAX: usize = 1 << 28;
/// So much is kept at once, and no longer waited for, however long may be waited.
const BATCH_BYTES: usize = 4 << 20;

/// A log, and the thread that keeps it.
pub(crate) struct Log {
    shared: Arc<Shared>,
    keeper: Option<JoinHandle<()>>,
}

struct Shared {
    queue: Mutex<Queue>,
    /// Wakes the thread that keeps.
    filled: Condvar,
    /// All records before that place are kept.
    kept: AtomicU64,
    closed: AtomicBool,
    /// Wakes who waits, tasks and threads.
    settled: Notify,
    settled_here: Condvar,
    /// How long a record may wait to be kept.
    wait: Duration,
    long_bytes: AtomicU64,
    on_long: Box<dyn Fn() + Send + Sync>,
}

/// What is to be kept.
struct Queue {
    records: Vec<u8>,
    /// The place of the first of them, and the one that comes next.
    first: u64,
    next: u64,
    /// Where in them another file begins.
    cut: Option<Cut>,
    /// Whether the file before that is not done with yet.
    cutting: bool,
    room: Room,
    closed: Option<Unrecorded>,
    ends: bool,
}

struct Cut {
    at: usize,
    place: u64,
    file: File,
}

/// The room of the file that records now go to.
struct Room {
    path: PathBuf,
    file: File,
    taken: u64,
    used: u64,
    /// Whether it could not grow the last time, which is said once.
    is_full: bool,
}

impl Room {
    /// Sees to it that so much more fits.
    fn make(&mut self, bytes: usize) -> Result<(), Unrecorded> {
        let needed = self.used + bytes as u64;
        if self.taken < needed {
            let grown = self.extend((needed - self.taken).max(ROOM_BYTES));
            // What was taken in part is taken too.
            self.taken = self.file.metadata().map_or(self.taken, |meta| meta.len());
            match grown {
                Err(error) if self.taken < needed => return Err(self.full(&error)),
                _ => self.is_full = false,
            }
        }
        self.used = needed;
        Ok(())
    }

    fn full(&mut self, error: &io::Error) -> Unrecorded {
        let path = self.path.display();
        let message = format!("{path}: cannot grow ({error}); make room there, and what is called again is done");
        if !std::mem::replace(&mut self.is_full, true) {
            tracing::warn!("{message} (said once)");
        }
        Unrecorded::new(message)
    }

    fn extend(&mut self, mut bytes: u64) -> io::Result<()> {
        const ZEROS: [u8; 1 << 14] = [0; 1 << 14];
        while bytes > 0 {
            let part = bytes.min(ZEROS.len() as u64);
            self.file
                .write_all(&ZEROS[..usize::try_from(part).unwrap_or(ZEROS.len())])?;
            bytes -= part;
        }
        Ok(())
    }
}

/// A log file that is there: its frames, without the title.
pub(super) fn read_log(path: &Path, generation: u64) -> Result<Vec<u8>, Unusable> {
    let mut bytes = std::fs::read(path).map_err(|error| {
        let message = format!("cannot be read ({error}); put it back, or take another folder");
        Unusable::new(path, message)
    })?;
    if bytes.get(..TITLE_BYTES) != Some(&title(generation)[..]) {
        let message = "is damaged at its beginning; put a copy of the folder back, or take another";
        return Err(Unusable::new(path, message));
    }
    bytes.drain(..TITLE_BYTES);
    Ok(bytes)
}

fn title(generation: u64) -> [u8; TITLE_BYTES] {
    let mut title = [0; TITLE_BYTES];
    title[..TITLE.len()].copy_from_slice(&TITLE);
    title[TITLE.len()..].copy_from_slice(&generation.to_le_bytes());
    title
}

/// Begins a log file.
pub(super) fn begin_log(path: &Path, generation: u64) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(&title(generation))?;
    file.sync_all()
}

/// The file, to write frames to from there on, and its room.
fn open_log(path: &Path, end: u64) -> io::Result<(File, Room)> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    let room = OpenOptions::new().append(true).open(path)?;
    let taken = room.metadata()?.len();
    file.seek(SeekFrom::Start(end))?;
    let room = Room {
        path: path.to_owned(),
        file: room,
        taken,
        used: end,
        is_full: false,
    };
    Ok((file, room))
}

impl Log {
    /// Goes on with a log file from the end of its frames. `on_long` is told once when it is longer than that.
    pub(super) fn start(
        path: &Path,
        (end, place): (u64, u64),
        wait: Duration,
        long_bytes: u64,
        on_long: Box<dyn Fn() + Send + Sync>,
    ) -> io::Result<Self> {
        let (file, room) = open_log(path, end)?;
        let queue = Queue {
            records: Vec::new(),
            first: place,
            next: place,
            cut: None,
            cutting: false,
            room,
            closed: None,
            ends: false,
        };
        let shared = Arc::new(Shared {
            queue: Mutex::new(queue),
            filled: Condvar::new(),
            kept: AtomicU64::new(place),
            closed: AtomicBool::new(false),
            settled: Notify::new(),
            settled_here: Condvar::new(),
            wait,
            long_bytes: AtomicU64::new(long_bytes),
            on_long,
        });
        let keeping = Arc::clone(&shared);
        let keeper = thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || keeping.keep_all(file))?;
        Ok(Self {
            shared,
            keeper: Some(keeper),
        })
    }

    /// Lets what is appended from now on go to another file; the place of its first record.
    pub(super) fn cut(&self, path: &Path, long_bytes: u64) -> io::Result<u64> {
        let (file, room) = open_log(path, TITLE_BYTES as u64)?;
        let mut queue = self.shared.queue();
        let (at, place) = (queue.records.len(), queue.next);
        queue.room = room;
        queue.cut = Some(Cut { at, place, file });
        queue.cutting = true;
        self.shared.long_bytes.store(long_bytes, Ordering::Relaxed);
        self.shared.filled.notify_one();
        Ok(place)
    }

    /// Whether anything has been appended to the present file.
    pub(crate) fn is_begun(&self) -> bool {
        self.shared.queue().room.used > TITLE_BYTES as u64
    }

    /// When it is told next that the log is long.
    pub(super) fn set_long(&self, bytes: u64) {
        self.shared.long_bytes.store(bytes, Ordering::Relaxed);
    }

    /// Waits until the file that was cut off is done with.
    pub(super) fn wait_for_cut(&self) -> Result<(), Unrecorded> {
        let queue = self.shared.wait_while(|queue| queue.cutting);
        queue.closed.clone().map_or(Ok(()), Err)
    }

    /// Keeps all that has been appended, at once, and then nothing more.
    pub(crate) fn end(&self) -> Result<(), Unrecorded> {
        self.shared.end();
        let kept = || self.shared.kept.load(Ordering::Acquire);
        let queue = self.shared.wait_while(|queue| kept() < queue.next);
        queue.closed.clone().map_or(Ok(()), Err)
    }
}

impl Drop for Log {
    /// What has been appended is kept before it ends.
    fn drop(&mut self) {
        self.shared.end();
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
    }
}

impl Store for Log {
    fn append(&self, stream: u64, number: u64, payload: &[u8]) -> Result<u64, Unrecorded> {
        if payload.len() > RECORD_BYTES_MAX {
            return Err(Unrecorded::new("it is too large to be recorded; send less"));
        }
        let mut queue = self.shared.queue();
        if let Some(why) = &queue.closed {
            return Err(why.clone());
        }
        // At worst it is a frame of its own.
        queue.room.make(FRAME_HEAD_BYTES + RECORD_HEAD_BYTES + payload.len())?;
        put_record(&mut queue.records, stream, number, payload);
        let place = queue.next;
        queue.next += 1;
        let long = queue.room.used > self.shared.long_bytes.load(Ordering::Relaxed);
        drop(queue);
        self.shared.filled.notify_one();
        if long {
            self.shared.long_bytes.store(u64::MAX, Ordering::Relaxed);
            (self.shared.on_long)();
        }
        Ok(place)
    }

    fn close(&self, why: &Unrecorded) {
        self.shared.close(why);
    }

    fn is_settled(&self, place: u64) -> bool {
        let agreed = !self.shared.wait.is_zero() && !self.shared.closed.load(Ordering::Acquire);
        agreed || self.shared.kept.load(Ordering::Acquire) > place
    }

    #[cfg(any(test, feature = "import"))]
    fn wait(&self, place: u64) -> Result<(), Unrecorded> {
        let queue = self.shared.wait_while(|_| !self.is_settled(place));
        match &queue.closed {
            Some(why) if !self.is_settled(place) => Err(why.clone()),
            _ => Ok(()),
        }
    }

    fn settled(&self, place: u64) -> Pin<Box<dyn Future<Output = Result<(), Unrecorded>> + Send + '_>> {
        Box::pin(async move {
            loop {
                let mut settled = pin!(self.shared.settled.notified());
                settled.as_mut().enable();
                if self.is_settled(place) {
                    return Ok(());
                }
                if let Some(why) = self.shared.why_closed() {
                    return Err(why);
                }
                settled.await;
            }
        })
    }

    fn next_place(&self) -> u64 {
        self.shared.queue().next
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the keeper end, once it has kept what there is.
    fn end(&self) {
        self.queue().ends = true;
        self.filled.notify_one();
    }

    /// Waits as long as that holds, or until it is closed.
    fn wait_while(&self, holds: impl Fn(&Queue) -> bool) -> MutexGuard<'_, Queue> {
        let waits = |queue: &mut Queue| queue.closed.is_none() && holds(queue);
        let waited = self.settled_here.wait_while(self.queue(), waits);
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    fn why_closed(&self) -> Option<Unrecorded> {
        self.queue().closed.clone()
    }

    fn close(&self, why: &Unrecorded) {
        let mut queue = self.queue();
        if queue.closed.is_none() {
            tracing::error!("{why}");
            queue.closed = Some(why.clone());
        }
        drop(queue);
        self.closed.store(true, Ordering::Release);
        self.tell();
    }

    fn tell(&self) {
        // Who looks first and then waits does so under the lock, so that it misses nothing.
        drop(self.queue());
        self.settled.notify_waiters();
        self.settled_here.notify_all();
    }

    /// Keeps what is appended until the log ends.
    fn keep_all(&self, mut file: File) {
        while let Some((records, first, next, cut)) = self.take() {
            let has_cut = cut.is_some();
            if let Err(error) = keep(&mut file, &records, first, cut) {
                let message = format!(
                    "the state can be kept no longer ({error}): what was called last may be lost, and nothing \
                     is changed any more; look after the disk and start anew"
                );
                return self.close(&Unrecorded::new(message));
            }
            self.kept.store(next, Ordering::Release);
            if has_cut {
                self.queue().cutting = false;
            }
            self.tell();
        }
    }

    /// What there is to keep, once there is; `None` at the end.
    fn take(&self) -> Option<(Vec<u8>, u64, u64, Option<Cut>)> {
        let idle = |queue: &mut Queue| queue.records.is_empty() && queue.cut.is_none() && !queue.ends;
        let queue = self.filled.wait_while(self.queue(), idle);
        let mut queue = queue.unwrap_or_else(PoisonError::into_inner);
        if !self.wait.is_zero() {
            let may_wait = |queue: &mut Queue| queue.records.len() < BATCH_BYTES && queue.cut.is_none() && !queue.ends;
            let waited = self.filled.wait_timeout_while(queue, self.wait, may_wait);
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        let cut = queue.cut.take();
        if queue.records.is_empty() && cut.is_none() {
            return None;
        }
        let records = std::mem::take(&mut queue.records);
        let (first, next) = (queue.first, queue.next);
        queue.first = next;
        Some((records, first, next, cut))
    }
}

/// Writes what there is to where it belongs, and sees to it that it is kept.
fn keep(file: &mut File, records: &[u8], first: u64, cut: Option<Cut>) -> io::Result<()> {
    let Some(cut) = cut else {
        return keep_frame(file, first, records);
    };
    let (before, after) = records.split_at_checked(cut.at).unwrap_or((records, &[]));
    keep_frame(file, first, before)?;
    *file = cut.file;
    keep_frame(file, cut.place, after)
}

fn keep_frame(file: &mut File, first: u64, records: &[u8]) -> io::Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    file.write_all(&frame(first, records))?;
    file.sync_data()
}
