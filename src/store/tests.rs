//! What a folder keeps, and what a log says when it can keep no more.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use super::folder::LONG_BYTES_LEAST;
use super::{Folder, Head, Held, Log, Opened, Store, Unrecorded};

struct Home(PathBuf);

impl Home {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("crs-local-store-{}-{number}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn begin(home: &Home, wait: Duration) -> (Folder, Log) {
    let Ok(Opened::Empty(folder)) = Folder::open(&home.0, wait) else {
        panic!("it is empty");
    };
    let snapshot = |to: &mut dyn io::Write| to.write_all(b"{}");
    let log = folder.begin(Head::default(), b"seeds\n", snapshot, Box::new(|| {}));
    (folder, log.expect("a log"))
}

fn held(home: &Home) -> (Folder, Box<Held>) {
    match Folder::open(&home.0, Duration::ZERO) {
        Ok(Opened::Held(folder, held)) => (folder, held),
        Ok(Opened::Empty(_)) => panic!("it holds nothing"),
        Err(unusable) => panic!("{unusable:?}"),
    }
}

fn append(log: &Log, number: u64, payload: &str) -> u64 {
    log.append(7, number, payload.as_bytes()).expect("there is room")
}

fn payloads(home: &Home) -> Vec<String> {
    let (_folder, held) = held(home);
    let read = held.read_logs().expect("it holds");
    let text = |payload: &[u8]| String::from_utf8_lossy(payload).into_owned();
    read.records.iter().map(|(_, record)| text(record.payload)).collect()
}

#[test]
fn what_has_settled_is_there_before_the_log_ends() {
    let home = Home::new();
    let (folder, log) = begin(&home, Duration::ZERO);
    for (number, payload) in [(1, "one"), (2, "two")] {
        let place = append(&log, number, payload);
        log.wait(place).expect("it is kept");
        assert!(log.is_settled(place));
    }
    // As a server that was killed would leave it, with room at the end.
    let copy = Home::new();
    fs::create_dir(&copy.0).unwrap();
    for entry in fs::read_dir(&home.0).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, copy.0.join(path.file_name().unwrap())).unwrap();
    }
    assert_eq!(payloads(&copy), ["one", "two"]);
    drop((folder, log));
    assert_eq!(payloads(&home), ["one", "two"]);
}

#[test]
fn many_who_write_at_once_are_all_kept_in_the_order_of_their_places() {
    const THREADS: u64 = 8;
    const EACH: u64 = 200;
    let home = Home::new();
    let (folder, log) = begin(&home, Duration::ZERO);
    let log = Arc::new(log);
    std::thread::scope(|scope| {
        for stream in 0..THREADS {
            let log = Arc::clone(&log);
            scope.spawn(move || {
                for number in 1..=EACH {
                    let place = log.append(stream, number, b"x").expect("there is room");
                    log.wait(place).expect("it is kept");
                }
            });
        }
    });
    drop((folder, log));
    let (_folder, held) = held(&home);
    let read = held.read_logs().expect("it holds");
    let mut numbers = [0; THREADS as usize];
    for (_, record) in &read.records {
        let last = &mut numbers[usize::try_from(record.stream).unwrap()];
        assert_eq!(record.number, *last + 1);
        *last = record.number;
    }
    assert_eq!(numbers, [EACH; THREADS as usize]);
}

#[test]
fn nobody_waits_for_what_may_be_lost_and_the_end_keeps_it() {
    let home = Home::new();
    let (folder, log) = begin(&home, Duration::from_secs(3_600));
    let place = append(&log, 1, "one");
    assert!(log.is_settled(place));
    log.wait(place).expect("nobody waits");
    drop((folder, log));
    assert_eq!(payloads(&home), ["one"]);
}

#[test]
fn an_end_keeps_at_once_what_may_be_lost_though_the_log_is_still_held() {
    let home = Home::new();
    let (folder, log) = begin(&home, Duration::from_secs(3_600));
    append(&log, 1, "soon");
    log.end().expect("it is kept");
    let (path, end) = (home.0.join("log-1"), fs::read(home.0.join("log-1")));
    let bytes = end.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(bytes.windows(4).any(|four| four == b"soon"), "{bytes:?}");
    // What comes behind the end may be kept or not: nobody waits for it.
    append(&log, 2, "late");
    drop((log, folder));
    let kept = payloads(&home);
    assert!(kept == ["soon"] || kept == ["soon", "late"], "{kept:?}");
}

#[tokio::test]
async fn a_closed_log_takes_nothing_and_tells_who_waits() {
    let home = Home::new();
    // Nothing is kept within the time of this test.
    let (_folder, log) = begin(&home, Duration::from_secs(3_600));
    let place = append(&log, 1, "one");
    let why = Unrecorded::new("the disk has gone");
    log.close(&why);
    assert!(!log.is_settled(place), "nobody can tell");
    assert_eq!(log.wait(place), Err(why.clone()));
    assert_eq!(log.settled(place).await, Err(why.clone()));
    assert_eq!(log.append(7, 2, b"two"), Err(why));
}

#[test]
fn a_snapshot_takes_the_place_of_what_was_before_it() {
    let home = Home::new();
    let (folder, log) = begin(&home, Duration::ZERO);
    append(&log, 1, "one");
    let take = || append(&log, 2, "two");
    let describe = |_: &u64, head: &mut Head| head.told_at = 5;
    let write = |_: &u64, to: &mut dyn io::Write| to.write_all(b"{\"a\":1}");
    folder.replace(&log, take, describe, write).expect("a snapshot");
    append(&log, 3, "three");
    drop((folder, log));
    let (_folder, held) = held(&home);
    assert_eq!((held.head.told_at, held.snapshot.as_slice()), (5, &b"{\"a\":1}"[..]));
    // What came while it was taken stands behind it too.
    let read = held.read_logs().expect("it holds");
    let numbers: Vec<_> = read.records.iter().map(|(_, record)| record.number).collect();
    assert_eq!(numbers, [2, 3]);
}

#[test]
fn a_snapshot_that_fails_loses_nothing() {
    let home = Home::new();
    let (folder, log) = begin(&home, Duration::ZERO);
    for number in 1..4 {
        append(&log, number, "before");
        let full = |(): &(), _: &mut dyn io::Write| Err(io::Error::other("full"));
        let failed = folder.replace(&log, || (), |(), _| {}, full).expect_err("it is full");
        assert!(
            failed
                .to_string()
                .contains("cannot be written (full); look after the disk"),
            "{failed}"
        );
    }
    append(&log, 4, "after");
    drop((folder, log));
    assert_eq!(payloads(&home), ["before", "before", "before", "after"]);
    let (folder, held) = held(&home);
    let read = held.read_logs().expect("it holds");
    let log = folder.go_on(&held, &read, Box::new(|| {})).expect("it goes on");
    append(&log, 5, "later");
    let place = append(&log, 6, "last");
    assert_eq!(place, 5);
    drop((folder, log));
    assert_eq!(payloads(&home).len(), 6);
}

#[test]
fn a_long_log_is_told_once() {
    let home = Home::new();
    let (tell, told) = mpsc::channel();
    let Ok(Opened::Empty(folder)) = Folder::open(&home.0, Duration::from_secs(3_600)) else {
        panic!("it is empty");
    };
    let on_long = Box::new(move || tell.send(()).expect("somebody listens"));
    let log = folder.begin(Head::default(), b"", |_| Ok(()), on_long).expect("a log");
    let payload = "x".repeat(usize::try_from(LONG_BYTES_LEAST).unwrap() / 16);
    for number in 1..=15 {
        append(&log, number, &payload);
    }
    assert!(told.try_recv().is_err(), "it is not long yet");
    for number in 16..=20 {
        append(&log, number, &payload);
    }
    assert_eq!(told.try_iter().count(), 1);
    folder
        .replace(&log, || (), |(), _| {}, |(), _| Ok(()))
        .expect("a snapshot");
    for number in 21..=37 {
        append(&log, number, &payload);
    }
    assert_eq!(told.try_iter().count(), 1, "the next one is told again");
}
