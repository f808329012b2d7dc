//! `docs/coverage.md`: for every action of redis what tests and data run it, axis by axis, found from the data.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crs_local::contract::{ACTIONS, Action};
use serde_json::Value;

use super::super::answers::{examples, written};
use super::super::corpus::{self, Wants};
use super::super::golden::{self, fresh, root};
use super::super::model;
use super::provider;

/// Every word of a text that could be an action's name.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|at: char| !at.is_ascii_alphanumeric());
    let words = words.filter(|word| word.starts_with(|first: char| first.is_ascii_uppercase()));
    words.map(str::to_owned).collect()
}

/// The words of all files below a folder, or of a file, without its comments.
fn words_below(path: &Path) -> BTreeSet<String> {
    if path.is_file() {
        let text = fs::read_to_string(path).unwrap_or_default();
        let is_comment = |line: &&str| {
            ["//", "#", "/*", "*"]
                .iter()
                .any(|mark| line.trim_start().starts_with(mark))
        };
        return text.lines().filter(|line| !is_comment(line)).flat_map(words).collect();
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let known = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // A client's exceptions are what it does not call.
        let others = [
            "node_modules",
            "target",
            "obj",
            "bin",
            "vendor",
            "README.md",
            "exceptions.json",
        ];
        !others.contains(&name.as_str()) && !name.starts_with('.')
    };
    let paths = entries.map(|entry| entry.path()).filter(|path| known(path));
    paths.flat_map(|path| words_below(&path)).collect()
}

/// What is looked up for each action.
pub(super) struct Evidence {
    pub(super) examples: BTreeMap<String, usize>,
    bases: Value,
    /// Wrong requests that the contract makes.
    pub(super) shapes: BTreeMap<&'static str, usize>,
    /// Chapters of the corpus, and how many wrong requests in them.
    pub(super) rules: BTreeMap<&'static str, (BTreeSet<u32>, usize)>,
    /// Tables of what is written and read back: the file, its writes and its reads.
    written: Vec<(&'static str, [BTreeSet<String>; 2])>,
    /// The random tests, and the actions that took a call in each.
    taken: Vec<(&'static str, BTreeSet<String>)>,
    pub(super) clients: Vec<(String, BTreeSet<String>)>,
    terraform: Vec<(&'static str, BTreeSet<String>)>,
}

impl Evidence {
    pub(super) fn gathered() -> Self {
        let refusals = |example: &Value| example["Refusals"].as_array().map_or(0, Vec::len);
        let files = |folder: &str| {
            let mut all: Vec<_> = fs::read_dir(root().join(folder)).expect("a folder").flatten().collect();
            all.sort_by_key(fs::DirEntry::file_name);
            all.into_iter().map(|entry| {
                (
                    entry.file_name().to_string_lossy().into_owned(),
                    words_below(&entry.path()),
                )
            })
        };
        let mut shapes = BTreeMap::new();
        for case in corpus::by_shape().iter().filter(|case| case.wants != Wants::Accepted) {
            *shapes.entry(case.action.name).or_default() += 1;
        }
        let mut rules: BTreeMap<&str, (BTreeSet<u32>, usize)> = BTreeMap::new();
        for case in corpus::by_rule().iter().filter(|case| case.wants != Wants::Accepted) {
            let (chapters, count) = rules.entry(case.action.name).or_default();
            chapters.extend(
                case.from
                    .split('-')
                    .next()
                    .and_then(|number| number.parse::<u32>().ok()),
            );
            *count += 1;
        }
        let written = written::TABLES.map(|(file, text)| {
            let table: Value = serde_json::from_str(text).expect("a table");
            let steps = table["Steps"].as_array().cloned().unwrap_or_default();
            let name = |of: &Value, key: &str| of[key].as_str().unwrap_or_default().to_owned();
            let writes: BTreeSet<String> = steps.iter().map(|step| name(step, "Write")).collect();
            let reads = steps
                .iter()
                .flat_map(|step| step["Reads"].as_array().cloned().unwrap_or_default())
                .filter(|read| read.get("Refused").is_none());
            (file, [writes, reads.map(|read| name(&read, "Action")).collect()])
        });
        let is_client = |(name, _): &(String, BTreeSet<String>)| {
            // What suites have installed is no client.
            !name.starts_with('.')
                && ![
                    "common",
                    "fixtures",
                    "run",
                    "README.md",
                    "sequences",
                    "terraform",
                    "browser",
                    "captured",
                ]
                .contains(&name.as_str())
        };
        Self {
            examples: examples::examples()
                .iter()
                .map(|(name, one)| (name.clone(), refusals(one)))
                .collect(),
            bases: serde_json::from_str(
                &fs::read_to_string(root().join("tests/data/corpus/bases.json")).expect("bases"),
            )
            .expect("bases"),
            shapes,
            rules,
            written: written.into(),
            taken: golden::TAKEN.map(|test| (test, golden::taken(test))).into(),
            clients: files("tests/clients").filter(is_client).collect(),
            terraform: vec![
                ("sequences", words_below(&root().join("tests/clients/sequences"))),
                ("provider", provider::called(&root().join("tests/clients/terraform"))),
                ("it/terraform.rs", words_below(&root().join("tests/it/terraform.rs"))),
            ],
        }
    }

    /// The ten cells of an action; an empty one is a dash.
    fn cells(&self, action: &Action) -> [String; 10] {
        let name = action.name;
        let refusals = self.examples.get(name);
        let has = |all: &BTreeSet<String>| all.contains(name);
        let named = |all: Vec<String>| all.join(", ");
        let in_tables = |of: usize| {
            let found = self.written.iter().filter(|(_, tables)| has(&tables[of]));
            found.map(|(file, _)| (*file).to_owned()).collect::<Vec<_>>()
        };
        let read_back = in_tables(usize::from(action.reads));
        let taken = self.taken.iter().filter(|(_, all)| has(all));
        let taken: Vec<String> = taken.map(|(test, _)| (*test).to_owned()).collect();
        let snapshot = [in_tables(0), taken.clone()].concat();
        let histories = model::carries_out(name).then(|| "mod.rs".to_owned());
        let model = histories.into_iter().chain(taken).collect();
        let (chapters, by_prose) = self.rules.get(name).cloned().unwrap_or_default();
        let chapters: Vec<String> = chapters.iter().map(u32::to_string).collect();
        [
            refusals.map_or(String::new(), |_| format!("{name}.json")),
            self.bases.get(name).map_or(String::new(), |_| "bases.json".into()),
            refusals.map_or(String::new(), |count| format!("{count} in {name}.json")),
            self.shapes
                .get(name)
                .map_or(String::new(), |count| format!("{count} by shapes.rs")),
            if by_prose > 0 {
                format!("{by_prose} in {}", chapters.join(", "))
            } else {
                String::new()
            },
            named(read_back),
            named(model),
            named(
                self.clients
                    .iter()
                    .filter(|(_, all)| has(all))
                    .map(|(name, _)| name.clone())
                    .collect(),
            ),
            named(
                self.terraform
                    .iter()
                    .filter(|(_, all)| has(all))
                    .map(|(name, _)| (*name).to_owned())
                    .collect(),
            ),
            named(snapshot),
        ]
    }
}

const HEAD: &str = include_str!("coverage.head.txt");

#[test]
fn the_page_names_what_runs_each_action() {
    let evidence = Evidence::gathered();
    let mut text = HEAD.to_owned();
    let mut families: Vec<&str> = ACTIONS
        .iter()
        .filter(|one| one.service == "redis")
        .map(|one| one.family)
        .collect();
    families.sort_unstable();
    families.dedup();
    for family in families {
        let _ = writeln!(text, "## {family}\n");
        let _ = writeln!(
            text,
            "| action | example | right | refusals | contract | prose | read back | model | client | Terraform | snapshot |"
        );
        let _ = writeln!(text, "|---|---|---|---|---|---|---|---|---|---|---|");
        for action in ACTIONS
            .iter()
            .filter(|one| one.family == family && one.service == "redis")
        {
            let cells = evidence
                .cells(action)
                .map(|cell| if cell.is_empty() { "-".into() } else { cell });
            let _ = writeln!(text, "| {} | {} |", action.name, cells.join(" | "));
        }
        text.push('\n');
    }
    fresh("docs/coverage.md", &format!("{}\n", text.trim_end()));
}
