//! The map of the sources: which file and which room may name which.

use std::path::{Path, PathBuf};

use crate::tidy::{assert_none, rust_files};

mod code;
mod names;

use names::{Sources, circular};

/// The rooms at the top of `src/`, from the highest to the lowest, each with those that it may name. They stand below
/// it.
const ROOMS: &[(&str, &[&str])] = &[
    ("lib", &[]),
    ("main", &["commands", "config"]),
    (
        "commands",
        &[
            "accounts", "assume", "config", "contract", "emulator", "fixture", "http", "import", "places", "provoked",
        ],
    ),
    (
        "harness",
        &["clock", "cloud", "config", "contract", "emulator", "fixture", "http"],
    ),
    (
        "import",
        &[
            "accounts", "clock", "cloud", "config", "contract", "emulator", "fixture", "world",
        ],
    ),
    (
        "http",
        &[
            "accounts",
            "answer",
            "aside",
            "auth",
            "checkpoints",
            "clock",
            "cloud",
            "command",
            "config",
            "contract",
            "emulator",
            "events",
            "faults",
            "fixture",
            "journal",
            "limits",
            "metrics",
            "places",
            "provoked",
            "quote",
            "store",
            "world",
        ],
    ),
    (
        "emulator",
        &[
            "accounts",
            "assume",
            "auth",
            "checkpoints",
            "clock",
            "cloud",
            "config",
            "events",
            "fixture",
            "journal",
            "limits",
            "metrics",
            "places",
            "store",
            "world",
        ],
    ),
    ("checkpoints", &["cloud", "world"]),
    (
        "world",
        &[
            "accounts", "aside", "auth", "clock", "cloud", "command", "contract", "dispatch", "faults", "fixture",
            "journal", "limits", "store",
        ],
    ),
    ("journal", &["cloud", "contract", "fixture", "quote"]),
    ("dispatch", &["actions", "cloud", "contract"]),
    ("actions", &["auth", "cloud", "contract"]),
    (
        "fixture",
        &["accounts", "auth", "clock", "cloud", "contract", "faults", "quote"],
    ),
    ("accounts", &["aside", "auth", "clock", "cloud", "command", "store"]),
    ("command", &["clock", "cloud", "contract", "store"]),
    ("store", &["quote"]),
    ("faults", &["answer", "cloud", "contract", "quote"]),
    ("limits", &["cloud", "contract"]),
    ("metrics", &["contract"]),
    ("events", &["contract"]),
    ("places", &[]),
    ("provoked", &["contract"]),
    ("auth", &["cloud", "contract", "quote"]),
    ("answer", &["cloud", "contract"]),
    ("config", &["assume", "cloud", "contract"]),
    ("assume", &["cloud", "contract"]),
    ("clock", &["cloud"]),
    ("contract", &[]),
    ("cloud", &[]),
    ("aside", &[]),
    ("quote", &[]),
];

/// What `src/cloud/state.rs` may name besides records and stores: values, and stores that have a name of their own.
const BELOW_STATE: &[&str] = &[
    "src/cloud/assumed.rs",
    "src/cloud/catalogue/region.rs",
    "src/cloud/ids.rs",
    "src/cloud/life/retention.rs",
    "src/cloud/money/ledger.rs",
    "src/cloud/records.rs",
    "src/cloud/refusal.rs",
    "src/cloud/sorted.rs",
    "src/cloud/time.rs",
    "src/cloud/values.rs",
];

/// The files of `src/` that are no tests.
fn sources() -> Vec<(PathBuf, String)> {
    let mut files = rust_files(&["src"]);
    files.retain(|(path, _)| !path.iter().any(|part| part == "tests" || part == "tests.rs"));
    files
}

/// `src/http/form.rs` is in `http`, `src/clock.rs` in `clock`.
fn room(path: &Path) -> &str {
    let part = path.iter().nth(1).and_then(|part| part.to_str()).unwrap_or_default();
    part.strip_suffix(".rs").unwrap_or(part)
}

#[test]
fn names_of_the_crate_are_brought_in_one_by_one() {
    let texts = sources();
    let globs: Vec<_> = Sources::read(&texts)
        .globs()
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    assert_none("no `use` brings in all of a module of the crate", &globs);
}

#[test]
fn no_file_names_itself_through_others() {
    let texts = sources();
    let circles = circular(&Sources::read(&texts).named());
    let lead_back = |(path, names): (&&Path, &_)| format!("{} names {names:?}, which lead back to it", path.display());
    let faults: Vec<_> = circles.iter().map(lead_back).collect();
    assert_none("no file names itself through others", &faults);
}

#[test]
fn rooms_name_those_below_them_only() {
    let texts = sources();
    let mut faults = Vec::new();
    for (from, all) in Sources::read(&texts).named() {
        let Some((_, below)) = ROOMS.iter().find(|(name, _)| *name == room(from)) else {
            faults.push(format!("{} is in no room of ROOMS", from.display()));
            continue;
        };
        let strays = all
            .iter()
            .filter(|to| room(to) != room(from) && !below.contains(&room(to)));
        faults.extend(strays.map(|to| format!("{} names {}", from.display(), to.display())));
    }
    assert_none("rooms name those that ROOMS lets them name", &faults);
}

#[test]
fn what_a_room_may_name_stands_below_it() {
    let mut faults = Vec::new();
    for (at, (room, below)) in ROOMS.iter().enumerate() {
        let lower: Vec<_> = ROOMS[at + 1..].iter().map(|(name, _)| *name).collect();
        let strays = below.iter().filter(|name| !lower.contains(name));
        faults.extend(strays.map(|name| format!("{name} stands above {room}")));
    }
    assert_none("ROOMS goes from the highest to the lowest", &faults);
}

#[test]
fn the_state_of_the_cloud_names_records_and_stores_only() {
    let texts = sources();
    let named = Sources::read(&texts).named();
    let below = |path: &Path| {
        path.ends_with("record.rs")
            || path.ends_with("store.rs")
            || BELOW_STATE.iter().any(|below| path == Path::new(below))
    };
    let named = named[Path::new("src/cloud/state.rs")].iter();
    let strays: Vec<_> = named
        .filter(|path| !below(path))
        .map(|path| path.display().to_string())
        .collect();
    assert_none("src/cloud/state.rs names records and stores only", &strays);
}

#[test]
fn no_room_of_the_cloud_names_advance() {
    let texts = sources();
    let named = Sources::read(&texts).named();
    let strays: Vec<_> = named
        .iter()
        .filter(|(from, all)| from.starts_with("src/cloud") && all.contains(Path::new("src/cloud/advance.rs")))
        .map(|(from, _)| from.display().to_string())
        .collect();
    assert_none("no room of src/cloud names advance", &strays);
}
