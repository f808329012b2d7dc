//! The invariants of docs/ARCHITECTURE.md that reading the source can keep, and the sizes that keep it readable.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Longest file, in lines; generated ones excepted.
const FILE_LINES_MAX: usize = 600;
/// Widest line, in characters, as in `rustfmt.toml`.
const LINE_CHARS_MAX: usize = 120;
/// Longest function, in lines from its `fn` to its closing brace.
const FUNCTION_LINES_MAX: usize = 70;
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below these folders.
pub(crate) fn rust_files(folders: &[&str]) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root()).unwrap().to_owned(), text));
            }
        }
    }
    let mut found = Vec::new();
    for folder in folders {
        walk(&root().join(folder), &mut found);
    }
    assert!(!found.is_empty(), "no Rust file below {folders:?}");
    found
}

/// The places below `folders` where any of `words` stands in code (not in a comment), except in the files whose paths
/// begin with one of `except`.
fn uses(folders: &[&str], words: &[&str], except: &[&str]) -> Vec<String> {
    let mut places = Vec::new();
    for (path, text) in rust_files(folders) {
        if except.iter().any(|except| path.starts_with(except)) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if let Some(word) = words.iter().find(|word| code.contains(**word)) {
                places.push(format!("{}:{}: {word}", path.display(), number + 1));
            }
        }
    }
    places
}

/// Whether the generator writes the file; nobody reads it line by line.
fn is_generated(path: &Path) -> bool {
    path.starts_with("src/contract/generated") || path == Path::new("src/dispatch.rs")
}

pub(crate) fn assert_none(invariant: &str, places: &[String]) {
    assert!(places.is_empty(), "{invariant}, but:\n{}", places.join("\n"));
}

#[test]
fn the_cloud_uses_the_standard_library_only() {
    const FOREIGN: [&str; 9] = [
        "serde",
        "tokio",
        "axum",
        "http::",
        "tracing",
        "uuid::",
        "dashmap",
        "crate::contract",
        "crate::http",
    ];
    assert_none("src/cloud uses std only", &uses(&["src/cloud"], &FOREIGN, &[]));
}

#[test]
fn ids_are_made_in_one_place() {
    const MAKERS: [&str; 4] = ["new_v4", "now_v7", "rand::", "getrandom"];
    assert_none("ids follow from src/cloud/ids.rs", &uses(&["src"], &MAKERS, &[]));
}

#[test]
fn actions_name_no_code_and_know_no_http() {
    let places = uses(&["src/actions"], &["ErrorCode", "crate::http", "axum", "answer::"], &[]);
    assert_none("src/actions names no error code and knows no HTTP", &places);
}

#[test]
fn wire_types_stop_at_the_actions() {
    let places = uses(
        &["src"],
        &[
            "contract::input",
            "contract::output",
            "contract::{input",
            "contract::{output",
        ],
        &["src/actions", "src/contract"],
    );
    assert_none("wire types stop at src/actions", &places);
}

#[test]
fn a_documented_code_is_made_in_one_place() {
    let places = uses(&["src"], &["DocumentedCode("], &["src/answer.rs"]);
    assert_none("a DocumentedCode is made in src/answer.rs only", &places);
}

/// Who has the Rust that we ask for must be able to compile every package. Read are those that this machine compiles:
/// what only others compile need not have been downloaded.
#[test]
fn no_package_wants_a_newer_rust_than_ours() {
    let about = cargo(&["-vV"]);
    let host = about
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("cargo names its host");
    let command = [
        "metadata",
        "--locked",
        "--offline",
        "--format-version=1",
        "--filter-platform",
        host,
    ];
    let metadata: Value = serde_json::from_str(&cargo(&command)).unwrap();
    let wanted: Vec<(&str, &str)> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|package| Some((package["name"].as_str()?, package["rust_version"].as_str()?)))
        .collect();
    let ours = env!("CARGO_PKG_RUST_VERSION");
    assert!(wanted.contains(&("crs-local", ours)), "{wanted:?}");
    let newer: Vec<_> = wanted
        .iter()
        .filter(|(_, wants)| numbers(wants) > numbers(ours))
        .map(|(name, wants)| format!("{name} wants {wants}"))
        .collect();
    assert_none(&format!("no package wants a newer Rust than {ours}"), &newer);
}

/// The fuzzers' lock must fit what we depend on now, which cargo would say only where they are built.
#[test]
fn the_fuzzers_lock_has_what_we_depend_on() {
    let [manifest, lock] = ["Cargo.toml", "fuzz/Cargo.lock"].map(|path| fs::read_to_string(root().join(path)).unwrap());
    // `name = "1.2"` or `name = { version = "1.2", … }` of every table that is not for tests alone; the fuzzers take no
    // feature that has packages of its own.
    let mut wanted: Vec<(&str, &str)> = Vec::new();
    let mut table = "";
    for line in manifest.lines() {
        match line.split_once(" = ") {
            None if line.starts_with('[') => table = line,
            Some((_, value)) if value.contains("optional = true") => {}
            Some((name, value)) if table.ends_with("dependencies]") && table != "[dev-dependencies]" => {
                let version = value.split('"').nth(1).expect("a version");
                wanted.push((name, version));
            }
            _ => {}
        }
    }
    assert!(wanted.contains(&("http", "1")), "{wanted:?}");
    let packages: Vec<_> = lock.split("[[package]]").collect();
    let text = |package: &str, key: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(key));
        line.unwrap_or_default().trim_matches('"').to_owned()
    };
    let ours = packages.iter().find(|package| text(package, "name = ") == "crs-local");
    let (_, listed) = ours
        .expect("it locks us")
        .split_once("dependencies = [")
        .expect("a list");
    // A version stands behind the name where several are locked.
    let listed: Vec<_> = listed.lines().filter_map(|line| line.split('"').nth(1)).collect();
    let named = |name: &str| listed.iter().find(|found| found.split(' ').next() == Some(name));
    let fits = |version: &str, wanted: &str| {
        let (found, least) = (numbers(version), numbers(wanted));
        let kept = least.iter().position(|number| *number != 0).unwrap_or(0);
        found >= least && found[..=kept] == least[..=kept]
    };
    let mut wrong = Vec::new();
    for (name, version) in &wanted {
        let Some(found) = named(name) else {
            wrong.push(format!("{name} is not locked"));
            continue;
        };
        let locked: Vec<_> = match found.split_once(' ') {
            Some((_, version)) => vec![version.to_owned()],
            None => {
                let all = packages.iter().filter(|package| text(package, "name = ") == **name);
                all.map(|package| text(package, "version = ")).collect()
            }
        };
        if !locked.iter().any(|locked| fits(locked, version)) {
            wrong.push(format!("{name} {version} is wanted, {locked:?} is locked"));
        }
    }
    let known = |found: &&&str| !wanted.iter().any(|(name, _)| found.split(' ').next() == Some(*name));
    wrong.extend(
        listed
            .iter()
            .filter(known)
            .map(|name| format!("{name} is locked, and nobody wants it")),
    );
    let how = "fuzz/Cargo.lock fits Cargo.toml: cargo update --workspace --manifest-path fuzz/Cargo.toml";
    assert_none(how, &wrong);
}

/// What this cargo command prints.
fn cargo(arguments: &[&str]) -> String {
    let done = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "cargo {arguments:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8(done.stdout).unwrap()
}

/// A version of Rust as numbers, the patch 0 where it is left out.
fn numbers(version: &str) -> [u32; 3] {
    let mut numbers = [0; 3];
    for (number, text) in numbers.iter_mut().zip(version.split('.')) {
        *number = text.parse().unwrap();
    }
    numbers
}

/// Facts that stood in several files once.
const FACTS: &[&str] = &[
    "\"gz\"",
    "11, 12, 24, 36",
    "\"localv2\"",
    "\"cdc\"",
    "\"crs-\"",
    "\"crs-cdc-\"",
    "\"crs-cfg-\"",
    "\"vpc-\"",
    "\"subnet-\"",
    "\"rtb-\"",
    "\"sg-",
    "\"prepaid\"",
    "\"postpaid\"",
    "6379",
    "\"腾讯云CKV\"",
    "\"redis\"",
    "2021-12-30",
    "AKIDlocal",
    "1_250_000_000",
    "100_000_000_001",
    "tencentcloudapi",
    "\"/_crs/health\"",
    "\"/_crs/ca.pem\"",
];

/// Tests spell facts out on purpose, so that they notice when one changes.
#[test]
fn a_fact_stands_in_one_file() {
    let mut files = rust_files(&["src"]);
    files.retain(|(path, _)| !path.to_string_lossy().contains("tests") && !is_generated(path));
    let mut strays = Vec::new();
    for fact in FACTS {
        let states = |(_, text): &&(PathBuf, String)| {
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let mut lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            lines.any(|line| line.contains(fact))
        };
        let found: Vec<_> = files.iter().filter(states).map(|(path, _)| path.as_path()).collect();
        if found.len() != 1 {
            strays.push(format!("{fact} stands in {found:?}"));
        }
    }
    assert_none("a fact stands in one file", &strays);
}

#[test]
fn generated_files_say_how_they_were_made() {
    for (path, text) in rust_files(&["src"]) {
        let first = text.lines().next().unwrap_or_default();
        assert_eq!(
            first.contains("@generated by `cargo run"),
            is_generated(&path),
            "{}: {first}",
            path.display()
        );
    }
}

#[test]
fn files_and_functions_stay_readable() {
    let mut long = Vec::new();
    for (path, text) in rust_files(&["src", "codegen", "tests/it"]) {
        if is_generated(&path) {
            continue;
        }
        let lines: Vec<_> = text.lines().collect();
        if lines.len() > FILE_LINES_MAX {
            long.push(format!("{}: {} lines", path.display(), lines.len()));
        }
        // A test's function may hold a long table of cases.
        if path.to_string_lossy().contains("tests") {
            continue;
        }
        for (start, line) in lines.iter().enumerate().filter(|(_, line)| is_function(line)) {
            let indent = line.len() - line.trim_start().len();
            let close = format!("{}}}", " ".repeat(indent));
            let length = lines[start..].iter().position(|line| *line == close).unwrap_or(0) + 1;
            if length > FUNCTION_LINES_MAX {
                long.push(format!(
                    "{}:{}: a function of {length} lines",
                    path.display(),
                    start + 1
                ));
            }
        }
    }
    assert_none("files and functions stay readable", &long);
}

/// What rustfmt leaves alone may be wider: a line with a text in it, and a table whose rows are lines.
#[test]
fn lines_have_one_width() {
    let mut wide = Vec::new();
    for (path, text) in rust_files(&["src", "codegen", "tests/it", "benches", "fuzz/targets"]) {
        if is_generated(&path) {
            continue;
        }
        let mut in_table = false;
        for (number, line) in text.lines().enumerate() {
            match line.trim() {
                skip if skip.starts_with("#[rustfmt::skip]") => in_table = true,
                "}" | "];" => in_table = false,
                _ => {}
            }
            let chars = line.chars().count();
            if chars > LINE_CHARS_MAX && !in_table && !line.contains('"') {
                wide.push(format!("{}:{}: {chars} characters", path.display(), number + 1));
            }
        }
    }
    assert_none("no line is wider than 120 characters", &wide);
}

/// Whether the line begins a function that has a body further down.
fn is_function(line: &str) -> bool {
    let code = line.trim_start();
    let code = ["pub ", "pub(crate) ", "pub(super) ", "async ", "const "]
        .iter()
        .fold(code, |code, word| code.strip_prefix(word).unwrap_or(code));
    code.starts_with("fn ") && !line.trim_end().ends_with([';', '}'])
}
