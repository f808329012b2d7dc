//! `src/contract/generated/` and `src/dispatch.rs` are what the generator makes of `contract/`, byte for byte.

use std::fs;
use std::path::{Path, PathBuf};

use crs_local_codegen::{COMMAND, generate};

#[test]
fn the_generated_code_is_what_the_contract_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = generate(&root.join("contract")).unwrap_or_else(|fault| panic!("{fault}"));
    for file in &files {
        let checked_in = fs::read_to_string(root.join(file.path)).unwrap_or_default();
        let line = file
            .text
            .lines()
            .zip(checked_in.lines())
            .position(|(new, old)| new != old);
        let line = line.unwrap_or_else(|| file.text.lines().count().min(checked_in.lines().count()));
        assert!(
            file.text == checked_in,
            "{} is not what contract/ says, from line {} on: run `{COMMAND}`",
            file.path,
            line + 1
        );
    }
    let made: Vec<PathBuf> = files.iter().map(|file| root.join(file.path)).collect();
    let folder = root.join("src/contract/generated");
    let there = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for entry in there {
        let path = entry.unwrap_or_else(|e| panic!("{}: {e}", folder.display())).path();
        assert!(made.contains(&path), "`{COMMAND}` does not make {}", path.display());
    }
}
