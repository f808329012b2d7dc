//! The folder: which files it has, whose it is, and how a snapshot takes the place of what was before.
//!
//! | file | holds |
//! |---|---|
//! | `lock` | nothing; locked while a server uses the folder |
//! | `head` | what the folder holds; it is replaced in one step, and with it the state |
//! | `seeds.jsonl` | the fixtures that the state was seeded from, a line each |
//! | `snapshot-N.json` | the state at the beginning of log N, as a fixture |
//! | `log-N` | what has happened since |

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::frame::frames;
use super::head::{Checked, FORMAT, Head, NoHead};
use super::log::{Log, TITLE_BYTES, begin_log, read_log};
use super::{Record, Unrecorded, Unusable};

const VERSION: &str = env!("CARGO_PKG_VERSION");

const HEAD: &str = "head";
const LOCK: &str = "lock";
const SEEDS: &str = "seeds.jsonl";
/// What a file is called while it is written.
const UNFINISHED: &str = ".new";

/// How often a lock that is taken is tried again, and after how long.
const LOCK_TRIES: usize = 10;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// A log is long when it has as many bytes as its snapshot, but neither sooner than this nor later than that.
pub(super) const LONG_BYTES_LEAST: u64 = 1 << 20;
const LONG_BYTES_MOST: u64 = 64 << 20;

/// A folder that is ours alone.
pub(crate) struct Folder {
    path: PathBuf,
    /// How long what is appended may wait to be kept.
    wait: Duration,
    head: Mutex<Head>,
    /// Locked as long as this lives.
    _lock: File,
}

/// What opening a folder comes to.
pub(crate) enum Opened {
    /// It held nothing.
    Empty(Folder),
    Held(Folder, Box<Held>),
}

/// What a folder holds.
pub(crate) struct Held {
    pub(crate) head: Head,
    pub(crate) seeds: Vec<u8>,
    pub(crate) snapshot: Vec<u8>,
    pub(crate) snapshot_path: String,
    logs: Vec<HeldLog>,
}

/// A log as it is.
struct HeldLog {
    path: PathBuf,
    bytes: Vec<u8>,
}

/// What a log holds, and where it goes on.
pub(crate) struct Read<'a> {
    /// Each with the file that it stands in.
    pub(crate) records: Vec<(&'a Path, Record<'a>)>,
    end: u64,
    place: u64,
    torn: Option<&'a Path>,
}

/// Tells that a log is long.
pub(crate) type OnLong = Box<dyn Fn() + Send + Sync>;

impl Folder {
    /// Opens a folder and takes it for this process alone. Where it cannot be used it stays as it is.
    pub(crate) fn open(path: &Path, wait: Duration) -> Result<Opened, Unusable> {
        let names = names(path)?;
        let has_head = names.iter().any(|name| name == HEAD);
        if !has_head && let Some(stray) = names.iter().find(|name| !is_begun(path, name)) {
            return Err(headless(path, stray));
        }
        let unmade = |error| Unusable::new(path, format!("cannot be made ({error}); give a folder that can"));
        fs::create_dir_all(path).map_err(unmade)?;
        let lock = lock(&path.join(LOCK))?;
        let folder = |head| Self {
            path: path.to_owned(),
            wait,
            head: Mutex::new(head),
            _lock: lock,
        };
        if !has_head {
            return Ok(Opened::Empty(folder(Head::default())));
        }
        let held = Held::read(path)?;
        let folder = folder(held.head.clone());
        Ok(Opened::Held(folder, Box::new(held)))
    }

    /// What it holds is this snapshot from now on, and a new log, which is started. `head` says how the snapshot was
    /// come by. Takes its time.
    pub(crate) fn begin(
        &self,
        mut head: Head,
        seeds: &[u8],
        snapshot: impl FnOnce(&mut dyn Write) -> io::Result<()>,
        on_long: OnLong,
    ) -> Result<Log, Unrecorded> {
        let mut present = self.head();
        self.in_folder(|| {
            head.seeds_file = Checked::of(seeds);
            if head.seeds_file != present.seeds_file {
                write_whole(&self.path.join(SEEDS), |to| to.write_all(seeds))?;
            }
            let generation = self.last_generation(present.generation) + 1;
            head.snapshot = self.write_snapshot(generation, snapshot)?;
            head.generation = generation;
            VERSION.clone_into(&mut head.program);
            head.format = FORMAT;
            head.first_place = 0;
            let log = self.log_path(generation);
            begin_log(&log, generation)?;
            let long = long_bytes(&head);
            let log = Log::start(&log, (TITLE_BYTES as u64, 0), self.wait, long, on_long)?;
            self.replace_head(&mut present, head)?;
            Ok(log)
        })
    }

    /// Goes on with the log that was read.
    pub(crate) fn go_on(&self, held: &Held, read: &Read<'_>, on_long: OnLong) -> Result<Log, Unusable> {
        let Some(last) = held.logs.last() else {
            return Err(Unusable::new(
                &self.path,
                "holds no log; put a copy of the folder back, or take another",
            ));
        };
        let path = &last.path;
        let unwritten = |error| Unusable::new(path, format!("cannot be written ({error}); let this process write it"));
        if let Some(torn) = read.torn {
            let torn = torn.display();
            tracing::warn!("{torn}: its end was torn off while it was written, and is left out: no answer told of it");
        }
        let end = read.end + TITLE_BYTES as u64;
        // Room that was taken, and what was torn, go: what is written next must not be followed by what is not.
        let file = File::options().write(true).open(path).map_err(unwritten)?;
        file.set_len(end).and_then(|()| file.sync_all()).map_err(unwritten)?;
        let next = path_after(&self.path, held);
        if next.exists() {
            fs::remove_file(&next).map_err(unwritten)?;
        }
        self.tidy(&self.head());
        let long = long_bytes(&held.head);
        Log::start(path, (end, read.place), self.wait, long, on_long).map_err(unwritten)
    }

    /// Lets a snapshot take the place of all that the log holds by now: it is taken, described in the head, and
    /// written. Takes its time.
    pub(crate) fn replace<S>(
        &self,
        log: &Log,
        take: impl FnOnce() -> S,
        describe: impl FnOnce(&S, &mut Head),
        write: impl FnOnce(&S, &mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Unrecorded> {
        let mut present = self.head();
        self.in_folder(|| {
            let generation = self.last_generation(present.generation) + 1;
            let path = self.log_path(generation);
            begin_log(&path, generation)?;
            sync_folder(&self.path)?;
            // What is appended from here on stands in the new log, what was appended before is in the snapshot.
            let first_place = log.cut(&path, u64::MAX)?;
            let taken = take();
            let mut head = present.clone();
            VERSION.clone_into(&mut head.program);
            head.format = FORMAT;
            describe(&taken, &mut head);
            head.snapshot = self.write_snapshot(generation, |to| write(&taken, to))?;
            drop(taken);
            (head.generation, head.first_place) = (generation, first_place);
            log.wait_for_cut().map_err(io::Error::other)?;
            log.set_long(long_bytes(&head));
            self.replace_head(&mut present, head)
        })
        .inspect_err(|_| log.set_long(LONG_BYTES_LEAST))
    }

    fn head(&self) -> MutexGuard<'_, Head> {
        self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_folder<T>(&self, work: impl FnOnce() -> io::Result<T>) -> Result<T, Unrecorded> {
        work().map_err(|error| {
            let path = self.path.display();
            Unrecorded::new(format!(
                "{path}: cannot be written ({error}); look after the disk, then call again"
            ))
        })
    }

    fn log_path(&self, generation: u64) -> PathBuf {
        log_path(&self.path, generation)
    }

    /// The highest number of a log that is there.
    fn last_generation(&self, mut generation: u64) -> u64 {
        while self.log_path(generation + 1).exists() {
            generation += 1;
        }
        generation
    }

    fn write_snapshot(
        &self,
        generation: u64,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Checked> {
        write_whole(&snapshot_path(&self.path, generation), write)
    }

    /// The step by which the state is another.
    fn replace_head(&self, present: &mut Head, head: Head) -> io::Result<()> {
        write_whole(&self.path.join(HEAD), |to| to.write_all(&head.write()))?;
        *present = head;
        self.tidy(present);
        Ok(())
    }

    /// Takes away what the head does not speak of any more. What stays for now goes another time.
    fn tidy(&self, head: &Head) {
        let is_old = |name: &str| {
            let number = name.strip_prefix("log-");
            let number = number.or_else(|| name.strip_prefix("snapshot-")?.strip_suffix(".json"));
            number
                .and_then(|number| number.parse().ok())
                .is_some_and(|number: u64| number < head.generation)
                || name.ends_with(UNFINISHED)
        };
        for name in names(&self.path).unwrap_or_default() {
            if is_old(&name) {
                let _ = fs::remove_file(self.path.join(name));
            }
        }
    }
}

impl Held {
    fn read(folder: &Path) -> Result<Self, Unusable> {
        let head = read_head(&folder.join(HEAD))?;
        let seeds = read_checked(&folder.join(SEEDS), head.seeds_file)?;
        let snapshot_path = snapshot_path(folder, head.generation);
        let snapshot = read_checked(&snapshot_path, head.snapshot)?;
        let mut held = Self {
            seeds,
            snapshot,
            snapshot_path: snapshot_path.display().to_string(),
            logs: Vec::new(),
            head,
        };
        let mut generation = held.head.generation;
        loop {
            let path = log_path(folder, generation);
            if generation > held.head.generation && !path.exists() {
                break;
            }
            let bytes = match read_log(&path, generation) {
                Ok(bytes) => bytes,
                // One that was being begun when the server ended, and that nobody has written to.
                Err(_) if generation > held.head.generation && is_short(&path) => break,
                Err(unusable) => return Err(unusable),
            };
            held.logs.push(HeldLog { path, bytes });
            generation += 1;
        }
        Ok(held)
    }

    /// What has happened since the snapshot.
    pub(crate) fn read_logs(&self) -> Result<Read<'_>, Unusable> {
        let mut read = Read {
            records: Vec::new(),
            end: 0,
            place: self.head.first_place,
            torn: None,
        };
        for log in &self.logs {
            let path = log.path.as_path();
            let found = frames(&log.bytes, read.place).map_err(|damage| {
                let at = damage.at + TITLE_BYTES;
                let message = format!(
                    "is damaged at byte {at}, and more follows that would be lost; put a copy of the folder back, \
                     or take another"
                );
                Unusable::new(path, message)
            })?;
            read.place += found.records.len() as u64;
            read.end = found.end as u64;
            read.torn = read.torn.or(found.is_torn.then_some(path));
            read.records
                .extend(found.records.into_iter().map(|record| (path, record)));
        }
        Ok(read)
    }
}

fn log_path(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("log-{generation}"))
}

fn snapshot_path(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("snapshot-{generation}.json"))
}

/// Where the log after the last would stand.
fn path_after(folder: &Path, held: &Held) -> PathBuf {
    log_path(folder, held.head.generation + held.logs.len() as u64)
}

fn long_bytes(head: &Head) -> u64 {
    head.snapshot.bytes.clamp(LONG_BYTES_LEAST, LONG_BYTES_MOST)
}

/// What the folder has in it; nothing if it is not there.
fn names(folder: &Path) -> Result<Vec<String>, Unusable> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries,
    };
    let unread = |error| Unusable::new(folder, format!("cannot be read ({error}); give a folder that can"));
    let mut names = Vec::new();
    for entry in entries.map_err(unread)? {
        names.push(entry.map_err(unread)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Whether a file is what the making of a folder leaves behind where it did not come to an end.
fn is_begun(folder: &Path, name: &str) -> bool {
    let holds_nothing = || fs::metadata(folder.join(name)).is_ok_and(|meta| meta.len() <= TITLE_BYTES as u64);
    match name {
        LOCK | SEEDS | "snapshot-1.json" => true,
        "log-1" => holds_nothing(),
        name => name.ends_with(UNFINISHED),
    }
}

fn is_short(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.len() < TITLE_BYTES as u64)
}

/// Why a folder that is not empty and has no head is not used.
fn headless(folder: &Path, stray: &str) -> Unusable {
    if stray.starts_with("log-") || stray.starts_with("snapshot-") {
        let message = "is missing, and without it nobody knows what the other files are; put a copy of the folder \
                       back, or start with another and the newest snapshot as its --fixture";
        return Unusable::new(&folder.join(HEAD), message);
    }
    let stray = crate::quote::quoted(stray).into_owned();
    Unusable::new(
        folder,
        format!("is not a state of crs-local (it holds `{stray}`); give an empty folder, or a new one"),
    )
}

/// Locks the folder. A process that was begun beside a server holds its lock for a moment, also when the server has
/// ended; so one that is taken is tried again.
fn lock(path: &Path) -> Result<File, Unusable> {
    let unlocked = |error| {
        Unusable::new(
            path,
            format!("cannot be locked ({error}); give a folder where files can be"),
        )
    };
    let file = File::options().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(unlocked)?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => pause(),
            Err(TryLockError::Error(error)) => return Err(unlocked(error)),
        }
    }
    let message = "is locked: another server uses the folder; stop that one, or give this one another folder";
    Err(Unusable::new(path, message))
}

#[expect(clippy::disallowed_methods, reason = "nobody is answered yet")]
fn pause() {
    std::thread::sleep(LOCK_PAUSE);
}

fn read_head(path: &Path) -> Result<Head, Unusable> {
    let text = fs::read(path).map_err(|error| {
        let message = format!("cannot be read ({error}); let this process read it");
        Unusable::new(path, message)
    })?;
    Head::read(&text).map_err(|no_head| match no_head {
        NoHead::Damaged => Unusable::new(path, "is damaged; put a copy of the folder back, or take another"),
        NoHead::Newer { format, program } => {
            let program = crate::quote::quoted(&program).into_owned();
            let message = format!(
                "is of form {format}, written by crs-local {program}, and this version reads up to {FORMAT}; \
                 start that version or a later one"
            );
            Unusable::new(path, message)
        }
    })
}

fn read_checked(path: &Path, stated: Checked) -> Result<Vec<u8>, Unusable> {
    let bytes = fs::read(path).map_err(|error| {
        let message = format!("cannot be read ({error}); put a copy of the folder back, or take another");
        Unusable::new(path, message)
    })?;
    if Checked::of(&bytes) != stated {
        let message = "is damaged: it is not what was written; put a copy of the folder back, or take another";
        return Err(Unusable::new(path, message));
    }
    Ok(bytes)
}

/// Writes a file, which is there whole or not at all.
fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Checked> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(UNFINISHED);
    let unfinished = PathBuf::from(unfinished);
    let written = || {
        let mut to = BufWriter::with_capacity(1 << 16, Summing::new(File::create(&unfinished)?));
        write(&mut to)?;
        let to = to.into_inner().map_err(io::IntoInnerError::into_error)?;
        to.file.sync_all()?;
        fs::rename(&unfinished, path)?;
        if let Some(folder) = path.parent() {
            sync_folder(folder)?;
        }
        Ok(Checked {
            bytes: to.bytes,
            crc32: to.sum.finalize(),
        })
    };
    written().inspect_err(|_| drop(fs::remove_file(&unfinished)))
}

/// Sees to it that what was put into a folder or renamed in it stays so.
fn sync_folder(folder: &Path) -> io::Result<()> {
    // Others than Unix cannot open a folder, and need not.
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

/// A file, and the checksum of what is written to it.
struct Summing {
    file: File,
    bytes: u64,
    sum: crc32fast::Hasher,
}

impl Summing {
    fn new(file: File) -> Self {
        let (bytes, sum) = (0, crc32fast::Hasher::new());
        Self { file, bytes, sum }
    }
}

impl Write for Summing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.sum.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
