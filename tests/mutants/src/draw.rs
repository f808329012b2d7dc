//! Which mutants a sample has: the same for the same sources.

use std::path::Path;
use std::{fs, io};

use crate::find::{self, Mutant};
use crate::samples::Sample;

#[derive(Clone, Debug)]
pub struct Drawn {
    /// What its switch is called.
    pub number: usize,
    pub file: String,
    /// The place of its sample and of its room there.
    pub sample: usize,
    pub room: usize,
    pub mutant: Mutant,
}

/// Chance by a seed (SplitMix64).
struct Luck(u64);

impl Luck {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((word ^ (word >> 31)) % limit as u64) as usize
    }
}

/// Files that are compiled for tests only, that a generator writes, or that are another program's.
fn is_left_alone(file: &str) -> bool {
    file.ends_with("/tests.rs")
        || file.contains("/tests/")
        || file.starts_with("src/contract/generated/")
        || ["src/dispatch.rs", "src/main.rs"].contains(&file)
}

/// The files of a room: itself, or all below it.
fn files(root: &Path, room: &str) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut ways = vec![room.to_owned()];
    while let Some(way) = ways.pop() {
        let path = root.join(&way);
        if path.is_dir() {
            for entry in fs::read_dir(path)? {
                ways.push(format!("{way}/{}", entry?.file_name().to_string_lossy()));
            }
        } else if way.ends_with(".rs") && !is_left_alone(&way) {
            found.push(way);
        }
    }
    found.sort();
    Ok(found)
}

/// Draws `count` mutants, one of each room in turn. A name in `rooms` is a file or folder; several with a space between
/// are one room.
pub fn draw(root: &Path, place: usize, sample: &Sample, count: usize) -> io::Result<Vec<Drawn>> {
    let mut luck = Luck(sample.seed);
    let mut rooms = Vec::new();
    for room in sample.rooms {
        let mut all = Vec::new();
        for name in room.split_whitespace() {
            for file in files(root, name)? {
                let source = fs::read_to_string(root.join(&file))?;
                let found = find::mutants(&source).map_err(|error| io::Error::other(format!("{file}: {error}")))?;
                all.extend(found.into_iter().map(|mutant| (file.clone(), mutant)));
            }
        }
        rooms.push(all);
    }
    let mut drawn = Vec::new();
    while drawn.len() < count && rooms.iter().any(|room| !room.is_empty()) {
        for (room, left) in rooms.iter_mut().enumerate().filter(|(_, left)| !left.is_empty()) {
            let (file, mutant) = left.swap_remove(luck.below(left.len()));
            drawn.push(Drawn {
                number: place * 1000 + drawn.len() + 1,
                file,
                sample: place,
                room,
                mutant,
            });
        }
    }
    drawn.truncate(count);
    Ok(drawn)
}
