//! Two builds are held against each other: the same bytes go to both, and what comes back must be the same. It needs
//! two binaries and what the other tests have recorded, so it is for `tests/differential/run` alone.

mod commands;
mod report;
mod servers;
mod sessions;
mod tables;
mod walks;

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use report::{Differences, Part, SHOWN_MAX};
use servers::Build;

/// That of the emulators whose requests are recorded, which name ids that follow from it.
const SEED: u64 = 7;

/// The differences that are wanted.
const DIFFERENCES: &str = include_str!("../../differential/differences");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder with this extension, by name.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let paths = entries.map(|entry| entry.expect("a folder lists its files").path());
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|own| own == extension))
        .collect();
    paths.sort();
    paths
}

/// A path that a variable names.
fn named(variable: &str) -> PathBuf {
    let path =
        std::env::var_os(variable).unwrap_or_else(|| panic!("{variable} is not set: run tests/differential/run"));
    PathBuf::from(path)
}

/// All parts, each with at most so many cases of a kind; and the wanted differences that nothing has met.
async fn compare(builds: &[Build; 2], recorded: &Path, differences: &str, most: usize) -> (Vec<Part>, Vec<String>) {
    let differences = Rc::new(RefCell::new(Differences::read(differences)));
    let mut parts = Vec::new();
    macro_rules! part {
        ($name:literal, $run:path) => {{
            let mut part = Part::new($name, &differences);
            $run(&mut part, builds, recorded, most).await;
            println!("{}", part.line());
            parts.push(part);
        }};
    }
    part!("tables", tables::rows);
    part!("captures", tables::captures);
    part!("sessions", sessions::sessions);
    part!("walks", walks::walks);
    part!("patches", walks::patches);
    part!("states", walks::states);
    part!("merges", commands::merges);
    part!("commands", commands::commands);
    let unmet = differences.borrow().unmet().into_iter().map(str::to_owned).collect();
    (parts, unmet)
}

#[tokio::test]
#[ignore = "two builds are compared by tests/differential/run"]
async fn two_builds_answer_alike() {
    let build = |variable| Build {
        binary: named(variable),
        seed: SEED,
        variable: None,
    };
    let builds = ["CRS_LOCAL_BEFORE", "CRS_LOCAL_AFTER"].map(build);
    let recorded = named("CRS_LOCAL_RECORDED");

    println!("== against another seed and another address, where every part must differ");
    let mut others = builds.clone();
    others[1].seed = SEED + 1;
    others[1].variable = Some(("CRS_LOCAL_LISTEN", "127.0.0.1:7"));
    let (parts, _) = compare(&others, &recorded, "", 3).await;
    let blind: Vec<_> = parts.iter().filter(|part| part.unwanted == 0).map(Part::line).collect();
    assert!(
        blind.is_empty(),
        "these parts notice no difference:\n{}",
        blind.join("\n")
    );

    println!("== the two builds");
    let (parts, unmet) = compare(&builds, &recorded, DIFFERENCES, usize::MAX).await;
    let count: usize = parts.iter().map(|part| part.unwanted).sum();
    let shown: Vec<_> = parts
        .iter()
        .flat_map(|part| &part.shown)
        .take(SHOWN_MAX)
        .map(String::as_str)
        .collect();
    assert!(
        count == 0,
        "{count} differences, of which the first:\n\n{}",
        shown.join("\n")
    );
    assert!(
        unmet.is_empty(),
        "nothing differs so any more, take it off the list: {unmet:?}"
    );
}
