//! What a record costs to keep, and a hundred thousand to read back: a plain log, or an embedded store.
//!
//! Built with one of the features, or with none for the size of a program that keeps nothing. `benches/state` runs it.

use std::path::Path;
use std::time::Instant;

/// A record of the usual size.
const RECORD: [u8; 250] = [b'x'; 250];
const KEPT_ONE_BY_ONE: usize = 2_000;
const READ_BACK: u64 = 100_000;

fn main() {
    let folder = std::env::args().nth(1).expect("a folder");
    let folder = Path::new(&folder);
    let mut engine = Engine::open(&folder.join("one-by-one"));
    let mut times: Vec<_> = (0..KEPT_ONE_BY_ONE as u64)
        .map(|number| {
            let begun = Instant::now();
            engine.append(number..number + 1);
            begun.elapsed()
        })
        .collect();
    times.sort();
    let [p50, p99] = [times.len() / 2, times.len() * 99 / 100].map(|at| times[at]);
    let path = folder.join("many");
    let mut engine = Engine::open(&path);
    for first in (0..READ_BACK).step_by(1_000) {
        engine.append(first..first + 1_000);
    }
    drop(engine);
    let begun = Instant::now();
    let read = Engine::open(&path).count();
    println!(
        "durable p50 {p50:.0?} p99 {p99:.0?}; {read} records read back in {:.0?}",
        begun.elapsed()
    );
}

#[cfg(feature = "log")]
struct Engine {
    file: std::fs::File,
    taken: u64,
    used: u64,
}

#[cfg(feature = "log")]
impl Engine {
    fn open(path: &Path) -> Self {
        let file = std::fs::File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path);
        let (file, taken, used) = (file.expect("a file"), 0, 0);
        Self { file, taken, used }
    }

    /// Keeps records together, in room that was taken ahead.
    fn append(&mut self, numbers: std::ops::Range<u64>) {
        use std::io::{Seek, SeekFrom, Write};
        let mut frame = Vec::new();
        for number in numbers {
            frame.extend_from_slice(&number.to_le_bytes());
            frame.extend_from_slice(&crc32fast::hash(&RECORD).to_le_bytes());
            frame.extend_from_slice(&RECORD);
        }
        if self.taken < self.used + frame.len() as u64 {
            self.file.seek(SeekFrom::Start(self.taken)).expect("a file");
            self.file.write_all(&vec![0; 1 << 20]).expect("room");
            self.taken += 1 << 20;
        }
        self.file.seek(SeekFrom::Start(self.used)).expect("a file");
        self.file.write_all(&frame).expect("room");
        self.file.sync_data().expect("a disk");
        self.used += frame.len() as u64;
    }

    fn count(mut self) -> usize {
        use std::io::Read;
        let mut bytes = Vec::new();
        self.file.read_to_end(&mut bytes).expect("a file");
        let holds = |record: &&[u8]| {
            let (_, rest) = record.split_at(8);
            let (sum, payload) = rest.split_at(4);
            payload.len() == RECORD.len() && sum == crc32fast::hash(payload).to_le_bytes()
        };
        bytes.chunks(8 + 4 + RECORD.len()).take_while(holds).count()
    }
}

#[cfg(feature = "redb")]
struct Engine(redb::Database);

#[cfg(feature = "redb")]
const TABLE: redb::TableDefinition<'static, u64, &[u8]> = redb::TableDefinition::new("records");

#[cfg(feature = "redb")]
impl Engine {
    fn open(path: &Path) -> Self {
        Self(redb::Database::create(path).expect("a database"))
    }

    fn append(&mut self, numbers: std::ops::Range<u64>) {
        let write = self.0.begin_write().expect("a transaction");
        {
            let mut table = write.open_table(TABLE).expect("a table");
            for number in numbers {
                table.insert(number, &RECORD[..]).expect("room");
            }
        }
        write.commit().expect("a disk");
    }

    fn count(self) -> usize {
        use redb::{ReadableDatabase, ReadableTable};
        let read = self.0.begin_read().expect("a transaction");
        let table = read.open_table(TABLE).expect("a table");
        let all = table.iter().expect("a table");
        all.filter(|record| {
            record
                .as_ref()
                .is_ok_and(|(_, record)| record.value().len() == RECORD.len())
        })
        .count()
    }
}

#[cfg(not(any(feature = "log", feature = "redb")))]
struct Engine;

#[cfg(not(any(feature = "log", feature = "redb")))]
impl Engine {
    fn open(_: &Path) -> Self {
        Self
    }

    fn append(&mut self, _: std::ops::Range<u64>) {}

    fn count(self) -> usize {
        RECORD.len()
    }
}
