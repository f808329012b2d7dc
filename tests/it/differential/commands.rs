//! The subcommands: what they print and how they end; and fixtures that are merged from several files.

use std::fs;
use std::path::{Path, PathBuf};

use super::report::{Part, Shown};
use super::servers::{Build, Pair};
use crate::harness::Raw;

/// What stands in no fixture, so that a state of two builds is of the same time.
const CLOCK: &str = r#"{ "Clock": { "Mode": "manual", "Now": "2026-11-24T08:00:00Z" } }"#;

/// Every subcommand, on every fixture and every text to import that the tests have.
pub(super) async fn commands(part: &mut Part, builds: &[Build; 2], recorded: &Path, most: usize) {
    for arguments in arguments(&builds[0], recorded).iter().take(most) {
        part.cases += 1;
        let [before, after] = builds.each_ref().map(|build| run(build, arguments));
        let sides = [Shown::Text(&before), Shown::Text(&after)];
        part.compare(&arguments.join(" "), &arguments.join(" "), sides, before == after);
    }
}

/// All that comes of the command.
fn run(build: &Build, arguments: &[String]) -> String {
    let output = build.command(arguments).current_dir(super::root()).output();
    let output = output.unwrap_or_else(|e| panic!("{}: {e}", build.binary.display()));
    let [said, complained] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    format!(
        "{}\n-- standard output\n{said}\n-- standard error\n{complained}",
        output.status
    )
}

fn arguments(build: &Build, recorded: &Path) -> Vec<Vec<String>> {
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let mut all: Vec<_> = [
        "env",
        "env hosts http://crs:8239",
        "env tccli nowhere",
        "serve --rate-limit many",
    ]
    .into_iter()
    .chain([
        "schema",
        "actions",
        "assumptions",
        "--version",
        "--help",
        "nothing",
        "check",
        "import",
    ])
    .map(words)
    .collect();
    for command in [
        "serve",
        "check",
        "schema",
        "health",
        "actions",
        "assumptions",
        "env",
        "import",
    ] {
        all.push(words(&format!("{command} --help")));
    }
    let listed = build.command(&["env"]).output().expect("the binary runs");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    for client in listed.lines().filter_map(|line| line.strip_prefix("  ")) {
        let client = client.split(' ').next().expect("a word");
        for address in ["", " http://127.0.0.1:9", " https://127.0.0.1:9", " crs:9"] {
            all.push(words(&format!("env {client}{address}")));
        }
    }
    let text = |path: &PathBuf| path.strip_prefix(super::root()).unwrap_or(path).display().to_string();
    let folders = [super::root().join("fixtures"), super::root().join("fixtures/errors")];
    let fixtures = folders.iter().flat_map(|folder| super::files(folder, "json"));
    for path in fixtures
        .chain(blocks(recorded))
        .chain(super::files(&recorded.join("checked"), "json"))
    {
        all.push(vec!["check".to_owned(), text(&path)]);
        if fs::read(&path).is_ok_and(|bytes| bytes.windows(6).any(|six| six == b"Policy")) {
            all.push(vec!["check".to_owned(), "--auth=strict".to_owned(), text(&path)]);
        }
    }
    all.push(vec!["check".to_owned(), text(&folders[0]), text(&folders[1])]);
    let imports = super::files(&super::root().join("tests/data/import"), "json");
    for path in imports
        .into_iter()
        .chain(super::files(&recorded.join("imported"), "json"))
    {
        for option in [None, Some("--mask"), Some("--skip")] {
            let option = option.map(str::to_owned);
            all.push(
                ["import".to_owned()]
                    .into_iter()
                    .chain(option)
                    .chain([text(&path)])
                    .collect(),
            );
        }
        all.push(words(&format!("import {0} --of crs-bare0001={0}", text(&path))));
    }
    all
}

/// The blocks of JSON in the documents, each put into a file.
fn blocks(recorded: &Path) -> Vec<PathBuf> {
    let folder = recorded.join("blocks");
    fs::create_dir_all(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths = Vec::new();
    for document in ["README.md", "fixtures/README.md", "docs/differences.md"] {
        let text = fs::read_to_string(super::root().join(document)).unwrap_or_else(|e| panic!("{document}: {e}"));
        for block in text.split("```json\n").skip(1) {
            let path = folder.join(format!("{}-{}.json", document.replace('/', "-"), paths.len()));
            let block = block.split("```").next().unwrap_or_default();
            fs::write(&path, block).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            paths.push(path);
        }
    }
    paths
}

/// Servers that start from two fixtures, one laid over the other, and are put the state that this makes.
pub(super) async fn merges(part: &mut Part, builds: &[Build; 2], recorded: &Path, most: usize) {
    let clock = recorded.join("clock.json");
    fs::write(&clock, CLOCK).unwrap_or_else(|e| panic!("{}: {e}", clock.display()));
    let folders = [super::root().join("fixtures"), super::root().join("fixtures/errors")];
    let files: Vec<_> = folders.iter().flat_map(|folder| super::files(folder, "json")).collect();
    let pairs = files.iter().flat_map(|one| files.iter().map(move |two| (one, two)));
    for (one, two) in pairs.filter(|(one, two)| one != two).take(most) {
        part.cases += 1;
        let case = [one, two]
            .map(|path| path.file_stem().expect("a name").to_string_lossy())
            .join(" and ");
        let flags = [one, two, &clock].map(|path| format!("--fixture={}", path.display()));
        let Some(mut pair) = Pair::start(part, &case, builds, &flags) else {
            continue;
        };
        let state = pair.look(part, &case).await;
        pair.reset(part, &case).await;
        pair.send(part, &case, &Raw::control("PUT", "/_crs/state", &state.to_string()))
            .await;
        pair.look(part, &case).await;
    }
}
