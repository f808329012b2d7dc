//! The state that survives: a folder is opened, what it holds is read back, and snapshots are made.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak, mpsc};
use std::thread;

use super::place::{Place, place, present, swap, world_of};
use super::settings::{self, settings};
use crate::clock::Clock;
use crate::cloud::Settings;
use crate::config::Config;
use crate::fixture::{Fixture, FixtureFault, Snapshot};
use crate::journal::Journal;
use crate::store::{Folder, Head, Held, Log, OnLong, Opened, Read, Store, Stream, Unrecorded, Unusable};
use crate::world::{Replay, Told, World};

/// What keeps the state of a world.
pub(super) struct Keep {
    folder: Folder,
    /// How the state was seeded, and what clouds go by.
    head: Head,
    seeds: Vec<u8>,
    place: Weak<RwLock<Arc<World>>>,
    /// The log of the world that stands there. Locked while either is replaced.
    log: Mutex<Arc<Log>>,
    long: mpsc::Sender<()>,
}

/// What an emulator starts with.
pub(super) struct Started {
    pub(super) world: Place,
    pub(super) seed: u64,
    pub(super) seeds: Fixture,
    pub(super) keep: Option<Arc<Keep>>,
}

type Faults = Vec<FixtureFault>;

impl From<Unusable> for Faults {
    fn from(unusable: Unusable) -> Self {
        let Unusable { file, message } = unusable;
        vec![FixtureFault {
            file,
            path: String::new(),
            message,
        }]
    }
}

impl Keep {
    /// Goes on with what the folder holds; an empty one is seeded.
    pub(super) fn start(
        path: &Path,
        config: &Config,
        fixture: Fixture,
        seed: u64,
        clock: &Clock,
    ) -> Result<Started, Faults> {
        let (long, is_long) = mpsc::channel();
        let started = match Folder::open(path, config.state_sync)? {
            Opened::Empty(folder) => Self::seed(path, folder, config, fixture, seed, clock, long)?,
            Opened::Held(folder, held) => Self::read(path, folder, &held, config, clock, long)?,
        };
        if let Some(keep) = &started.keep {
            keep_short(Arc::downgrade(keep), is_long).map_err(|error| unkept(path, &error))?;
        }
        Ok(started)
    }

    /// What an empty folder is seeded with.
    fn seed(
        path: &Path,
        folder: Folder,
        config: &Config,
        fixture: Fixture,
        seed: u64,
        clock: &Clock,
        long: mpsc::Sender<()>,
    ) -> Result<Started, Faults> {
        let world = world_of(&fixture, config, seed, clock)?;
        let (names, seeds) = fixture.lines();
        let mut head = Head::default();
        (head.seed, head.seeds) = (seed, names);
        settings::write(config, &mut head);
        let log = begin(&folder, &head, &seeds, &world, &long).map_err(|error| unkept(path, &error))?;
        Ok(Self::on(folder, head, seeds, (world, log), fixture, long))
    }

    /// What a folder holds, read back.
    fn read(
        path: &Path,
        folder: Folder,
        held: &Held,
        config: &Config,
        clock: &Clock,
        long: mpsc::Sender<()>,
    ) -> Result<Started, Faults> {
        let mut head = held.head.clone();
        let seed = head.seed;
        if config.seed.is_some_and(|other| other != seed) {
            let folder = path.display();
            tracing::warn!("{folder}: holds a state of the seed {seed}, which goes on; --seed is for an empty folder");
        }
        if !config.fixture.is_empty() {
            tracing::info!(
                "{}: holds a state, which goes on; --fixture is for an empty folder",
                path.display()
            );
        }
        let seeds = Fixture::of_lines(&head.seeds, &held.seeds)?;
        let snapshot = Fixture::parse(&held.snapshot_path, &held.snapshot)?;
        let then = settings::read(&head).map_err(|why| unreadable(path, &head, &why))?;
        let told = Told {
            told_at: head.told_at,
            streams: head.streams.clone(),
        };
        let read = held.read_logs()?;
        let world = World::of_snapshot(&snapshot, then, seed, clock, (&told, journal(config)))?;
        let (numbers, unmoved) = replay(&world, then, &told, &read, &head)?;
        let now = settings(config);
        let (world, log) = if now == then {
            let log = Arc::new(folder.go_on(held, &read, on_long(&long))?);
            world.attach(&as_store(&log), &numbers);
            (world, log)
        } else {
            settings::write(config, &mut head);
            let world = under(&world, now, seed, clock, journal(config))?;
            let log = begin(&folder, &head, &held.seeds, &world, &long).map_err(|error| unkept(path, &error))?;
            (world, log)
        };
        world.warn();
        world.move_on(&unmoved);
        Ok(Self::on(folder, head, held.seeds.clone(), (world, log), seeds, long))
    }

    fn on(
        folder: Folder,
        head: Head,
        seeds: Vec<u8>,
        (world, log): (World, Arc<Log>),
        fixture: Fixture,
        long: mpsc::Sender<()>,
    ) -> Started {
        let (world, seed) = (place(world), head.seed);
        let keep = Self {
            folder,
            head,
            seeds,
            place: Arc::downgrade(&world),
            log: Mutex::new(log),
            long,
        };
        Started {
            world,
            seed,
            seeds: fixture,
            keep: Some(Arc::new(keep)),
        }
    }

    /// The present world, as long as anybody has it.
    fn world(&self) -> Option<Arc<World>> {
        self.place.upgrade().map(|place| present(&place))
    }

    fn log(&self) -> MutexGuard<'_, Arc<Log>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts another world in the place of the present one, once it is kept.
    pub(super) fn replace(&self, world: World) -> Result<(), Unrecorded> {
        let mut present = self.log();
        let log = begin(&self.folder, &self.head, &self.seeds, &world, &self.long)?;
        if let Some(place) = self.place.upgrade() {
            swap(&place, world);
        }
        *present = log;
        Ok(())
    }

    /// Leaves a snapshot in the place of the log, unless that holds nothing, or a call that was cut off has long work
    /// under way, for which it would have to wait: the next start does that again.
    pub(super) fn close(&self) -> Result<(), Unrecorded> {
        let log = self.log();
        let works = |world: Arc<World>| world.accounts.all().iter().any(|account| account.is_at_work());
        if self.world().is_some_and(works) {
            log.end()
        } else if log.is_begun() {
            self.shorten(&log)
        } else {
            Ok(())
        }
    }

    fn shorten(&self, log: &Log) -> Result<(), Unrecorded> {
        let Some(world) = self.world() else {
            return Ok(());
        };
        self.folder.replace(
            log,
            || world.told_state(),
            |(_, told), head| {
                head.told_at = told.told_at;
                head.streams.clone_from(&told.streams);
            },
            |(snapshot, _), to| Ok(serde_json::to_writer(to, snapshot)?),
        )
    }
}

/// Makes a snapshot whenever the log is long, on a thread of its own, as long as there is something to keep.
fn keep_short(keep: Weak<Keep>, is_long: mpsc::Receiver<()>) -> std::io::Result<()> {
    let work = move || {
        while is_long.recv().is_ok() {
            let Some(keep) = keep.upgrade() else {
                return;
            };
            if let Err(why) = keep.shorten(&keep.log()) {
                tracing::warn!("the log could not be shortened and goes on: {why}");
            }
        }
    };
    thread::Builder::new()
        .name("snapshots".to_owned())
        .spawn(work)
        .map(drop)
}

fn as_store(log: &Arc<Log>) -> Arc<dyn Store> {
    Arc::clone(log) as Arc<dyn Store>
}

fn on_long(long: &mpsc::Sender<()>) -> OnLong {
    let long = long.clone();
    Box::new(move || {
        // Nobody listens any more at the end.
        let _ = long.send(());
    })
}

/// Lets a world be what the folder holds, and records from then on what changes it.
fn begin(
    folder: &Folder,
    head: &Head,
    seeds: &[u8],
    world: &World,
    long: &mpsc::Sender<()>,
) -> Result<Arc<Log>, Unrecorded> {
    let (snapshot, told) = world.told_state();
    let from_the_start = |(stream, of): (&u64, &Stream)| (*stream, Stream { number: 0, ..*of });
    let mut head = head.clone();
    head.told_at = told.told_at;
    head.streams = told.streams.iter().map(from_the_start).collect();
    let write = |to: &mut dyn std::io::Write| Ok(serde_json::to_writer(to, &snapshot)?);
    let log = Arc::new(folder.begin(head, seeds, write, on_long(long))?);
    world.attach(&as_store(&log), &BTreeMap::new());
    Ok(log)
}

/// Does again in a world what has been recorded.
fn replay(
    world: &World,
    settings: Settings,
    told: &Told,
    read: &Read<'_>,
    head: &Head,
) -> Result<(BTreeMap<u64, u64>, BTreeSet<u64>), Faults> {
    let mut replay = Replay::new(world, settings, told);
    for (path, record) in &read.records {
        replay.play(*record).map_err(|why| {
            let why = format!("record {} of {}: {why}", record.number, record.stream);
            unreadable(path, head, &why)
        })?;
    }
    Ok(replay.end())
}

/// The same world with other settings.
fn under(world: &World, settings: Settings, seed: u64, clock: &Clock, journal: Journal) -> Result<World, Faults> {
    let (snapshot, told) = world.told_state();
    let text = to_text(&snapshot);
    drop(snapshot);
    World::of_snapshot(
        &Fixture::parse("the state", &text)?,
        settings,
        seed,
        clock,
        (&told, journal),
    )
}

fn journal(config: &Config) -> Journal {
    Journal::new(config.journal.calls())
}

fn to_text(snapshot: &Snapshot) -> Vec<u8> {
    // A snapshot has nothing that JSON has not.
    serde_json::to_vec(snapshot).unwrap_or_default()
}

fn unkept(path: &Path, error: &impl std::fmt::Display) -> Faults {
    vec![FixtureFault {
        file: path.display().to_string(),
        path: String::new(),
        message: format!("cannot keep the state: {error}"),
    }]
}

/// Why what was recorded cannot be done again here.
fn unreadable(path: &Path, head: &Head, why: &str) -> Faults {
    let message = format!(
        "{why}; crs-local {} wrote it: start that version and stop it by SIGTERM, which leaves a snapshot that later \
         ones read, or take another folder",
        head.program
    );
    vec![FixtureFault {
        file: path.display().to_string(),
        path: String::new(),
        message,
    }]
}
