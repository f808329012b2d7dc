//! `src/contract/generated/` is what the generator makes of `contract/`, byte for byte.

use std::fs;
use std::path::Path;

use crs_local_codegen::{COMMAND, generate};

#[test]
fn the_generated_code_is_what_the_contract_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("src/contract/generated");
    let files = generate(&root.join("contract")).unwrap_or_else(|fault| panic!("{fault}"));
    for file in &files {
        let checked_in = fs::read_to_string(folder.join(file.name)).unwrap_or_default();
        let line = file
            .text
            .lines()
            .zip(checked_in.lines())
            .position(|(new, old)| new != old);
        let line = line.unwrap_or_else(|| file.text.lines().count().min(checked_in.lines().count()));
        assert!(
            file.text == checked_in,
            "src/contract/generated/{} is not what contract/ says, from line {} on: run `{COMMAND}`",
            file.name,
            line + 1
        );
    }
    let mut there: Vec<String> = fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    there.sort();
    let mut made: Vec<&str> = files.iter().map(|file| file.name).collect();
    made.sort_unstable();
    assert_eq!(
        there, made,
        "files in src/contract/generated that `{COMMAND}` does not make"
    );
}
