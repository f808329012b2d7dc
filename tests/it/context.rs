//! What an image is built from: `.dockerignore` lets in all that the compile stage reads, and the two Dockerfiles make
//! the same image.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::docs::pages;
use super::tidy::rust_files;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A file's rules, in order: a path, and whether it is let in.
struct Rules(Vec<(String, bool)>);

impl Rules {
    fn read(text: &str) -> Self {
        let lines = text.lines().map(str::trim);
        let rules = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let rule = |line: &str| match line.strip_prefix('!') {
            Some(path) => (path.to_owned(), true),
            None => (line.to_owned(), false),
        };
        let rules: Vec<_> = rules.map(rule).collect();
        for (path, _) in &rules {
            let plain = path == "*" || !path.contains(['*', '?', '[', '\\']);
            assert!(plain, "{path}: this reading knows whole paths and a lone * only");
        }
        Self(rules)
    }

    /// Whether a path is in the context: the last rule that names it or a folder above it holds.
    fn let_in(&self, path: &Path) -> bool {
        let names = |rule: &str| rule == "*" || path.ancestors().any(|above| above == Path::new(rule));
        let last = self.0.iter().rev().find(|(rule, _)| names(rule));
        last.is_none_or(|(_, let_in)| *let_in)
    }
}

/// The path without `..` and `.`.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => assert!(out.pop(), "{} leaves the project", path.display()),
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}

/// The files that a source takes in as text, bytes or code, as paths from the root.
fn included(source: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for macro_name in ["include_str!", "include_bytes!", "include!"] {
        for (_, rest) in text
            .match_indices(macro_name)
            .map(|(at, name)| text.split_at(at + name.len()))
        {
            let Some(argument) = rest.trim_start().strip_prefix('(') else {
                continue;
            };
            if argument.starts_with("concat!(env!(\"OUT_DIR\")") {
                // What the build script has made of files that stand in `src`.
                continue;
            }
            let quoted = argument
                .trim_start()
                .strip_prefix('"')
                .and_then(|text| text.split_once('"'));
            let (path, _) =
                quoted.unwrap_or_else(|| panic!("{}: {macro_name} of what is no plain text", source.display()));
            let folder = source.parent().unwrap_or(Path::new(""));
            found.push(normal(&folder.join(path)));
        }
    }
    found
}

/// The paths that a manifest names: `path = "…"`, `readme = "…"` and the members of its workspace.
fn named(manifest: &str) -> Vec<PathBuf> {
    let folder = Path::new(manifest).parent().unwrap_or(Path::new(""));
    let text = read(manifest);
    let mut found = Vec::new();
    for line in text.lines() {
        let list = line.strip_prefix("members = [").map(|rest| rest.trim_end_matches(']'));
        let paths = match list {
            Some(list) => list.split(", ").collect(),
            None => ["path = ", "readme = "]
                .iter()
                .filter_map(|key| line.split_once(key))
                .filter_map(|(_, value)| value.split_inclusive('"').nth(1))
                .collect::<Vec<_>>(),
        };
        let path = |quoted: &str| normal(&folder.join(quoted.trim_matches('"')));
        found.extend(paths.into_iter().map(path));
    }
    found
}

#[test]
fn the_image_is_built_from_all_that_the_compiler_reads() {
    let rules = Rules::read(&read(".dockerignore"));
    let sources = rust_files(&["src", "codegen"]);
    let mut wanted: Vec<PathBuf> = sources.iter().map(|(path, _)| path.clone()).collect();
    let before = wanted.len();
    for (path, text) in &sources {
        wanted.extend(included(path, text));
    }
    assert!(wanted.len() > before, "no source takes a file in");
    for manifest in ["Cargo.toml", "codegen/Cargo.toml"] {
        wanted.push(manifest.into());
        // The tests name the package itself.
        let package = Path::new("");
        wanted.extend(named(manifest).into_iter().filter(|path| path != package));
    }
    wanted.extend(
        [
            "Cargo.lock",
            "LICENSE",
            ".ci/static",
            "build.rs",
            "src/http/console/main.js",
        ]
        .map(PathBuf::from),
    );
    assert!(wanted.contains(&"tests/it/main.rs".into()) && wanted.contains(&"codegen".into()));
    assert!(wanted.contains(&"docs/clients.md".into()), "what `env` prints");
    for path in &wanted {
        assert!(root().join(path).exists(), "{} is not there", path.display());
        assert!(
            rules.let_in(path),
            "{} is not in the build context; let it in by .dockerignore",
            path.display()
        );
    }
    for path in ["target/release/crs-local", ".git/config", "tests/clients/run"] {
        assert!(!rules.let_in(Path::new(path)), "{path} is in the build context");
    }
}

#[test]
fn the_last_rule_that_names_a_path_holds() {
    let rules = Rules::read("# all\n*\n!src\n!tests/it\nsrc/old\n");
    for (path, let_in) in [
        ("src/main.rs", true),
        ("src", true),
        ("srcs", false),
        ("src/old/a.rs", false),
        ("tests/it/a.rs", true),
        ("tests/other", false),
    ] {
        assert_eq!(rules.let_in(Path::new(path)), let_in, "{path}");
    }
}

#[test]
fn the_plain_build_needs_no_argument() {
    let text = read("Dockerfile");
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(!lines.iter().any(|line| line.starts_with("ARG")), "{text}");
    let from = lines.iter().filter_map(|line| line.strip_prefix("FROM "));
    let from: Vec<_> = from.collect();
    assert_eq!(from, ["docker.io/library/rust:1-slim AS compile", "scratch"]);
}

#[test]
fn both_dockerfiles_make_the_same_image() {
    let image = |path: &str| {
        let text = read(path);
        let (_, stage) = text.rsplit_once("FROM scratch\n").expect("the image's own stage");
        let (copy, rest) = stage.split_once('\n').expect("a COPY");
        assert!(
            copy.starts_with("COPY ") && copy.ends_with(" /crs-local"),
            "{path}: {copy}"
        );
        rest.to_owned()
    };
    assert_eq!(image("Dockerfile"), image("Dockerfile.binary"));
}

/// A port that the documents publish is published on the loopback alone: who can reach it, owns it.
#[test]
fn published_ports_are_the_loopbacks() {
    let images = ["Dockerfile", "Dockerfile.binary"].map(|path| (path.into(), read(path)));
    for (path, text) in pages().into_iter().chain(images) {
        for line in text
            .lines()
            .filter(|line| line.contains(" run ") && line.contains(" -p ") && !line.contains("cargo run"))
        {
            assert!(line.contains(" -p 127.0.0.1:"), "{}: {line}", path.display());
        }
    }
    assert!(read("README.md").contains("-p 127.0.0.1:8239:8239"));
}
