//! Files that tests write with `UPDATE_GOLDEN=1`, and hold themselves to without.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether such files are written anew.
pub(super) fn is_updated() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

/// Writes a file that is made anew, or holds it against what it must be.
pub(super) fn fresh(path: &str, made: &str) {
    let path = root().join(path);
    if is_updated() {
        fs::write(&path, made).expect("a file that can be written");
        return;
    }
    let on_file = fs::read_to_string(&path).unwrap_or_default();
    assert!(on_file == made, "{} is old: run with UPDATE_GOLDEN=1", path.display());
}

/// The random tests that say which actions took a call in them.
pub(super) const TAKEN: [&str; 3] = ["walk", "wire.rs", "walks.rs"];

fn taken_file(test: &str) -> PathBuf {
    let name = test.trim_end_matches(".rs");
    Path::new("tests/it/golden").join(format!("taken-{name}.txt"))
}

/// Holds the actions that took a call in one of those tests, drawn as usual, against its list.
pub(super) fn took(test: &str, actions: &BTreeSet<String>) {
    assert!(TAKEN.contains(&test), "{test} is none of {TAKEN:?}");
    if ["PROPTEST_RNG_SEED", "PROPTEST_CASES"]
        .iter()
        .any(|name| std::env::var_os(name).is_some())
    {
        return;
    }
    let mut text = String::new();
    for action in actions {
        let _ = writeln!(text, "{action}");
    }
    fresh(taken_file(test).to_str().expect("plain"), &text);
}

/// The actions that took a call in that test.
pub(super) fn taken(test: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join(taken_file(test))).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}
