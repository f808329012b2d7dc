//! What the project's pages point to is there: the targets of links, and the files and functions that
//! docs/ARCHITECTURE.md names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ARCHITECTURE: &str = "docs/ARCHITECTURE.md";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every page of the project with its text, by its path from the root.
pub(super) fn pages() -> Vec<(PathBuf, String)> {
    let mut paths = vec![root().join("README.md"), root().join("CHANGELOG.md")];
    for folder in ["contract", "docs", "examples", "fixtures", "fuzz", "tests"] {
        pages_below(&root().join(folder), &mut paths);
    }
    let page = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.strip_prefix(root()).expect("it is below").to_owned(), text)
    };
    paths.into_iter().map(page).collect()
}

/// The pages below a folder, without what was installed there.
fn pages_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("a folder lists its files").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && !["node_modules", "target", "vendor"].contains(&name.as_str()) {
                pages_below(&path, found);
            }
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
}

/// The lines of a page that are no code.
fn prose(page: &str) -> Vec<&str> {
    let mut in_code = false;
    let is_prose = |line: &&str| {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        !in_code && !is_fence
    };
    page.lines().filter(is_prose).collect()
}

/// The code spans of a text, and what stands between them.
fn spans(text: &str) -> (Vec<&str>, Vec<&str>) {
    let mut code = Vec::new();
    let mut between = Vec::new();
    for (at, part) in text.split('`').enumerate() {
        if at % 2 == 1 {
            code.push(part);
        } else {
            between.push(part);
        }
    }
    (code, between)
}

/// Where the links of a page lead, as they are written.
fn links(page: &str) -> Vec<String> {
    let text = prose(page).join("\n");
    let (_, between) = spans(&text);
    // A link's text may be code.
    let plain = between.join("");
    let after = plain.split("](").skip(1);
    let targets = after.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    targets.map(str::to_owned).collect()
}

/// What a heading is called in a link, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let is_kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
    let kept: String = heading.trim().chars().filter(is_kept).collect();
    kept.to_lowercase().replace(' ', "-")
}

fn anchors(page: &str) -> BTreeSet<String> {
    let headings = prose(page).into_iter().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#'))).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut astray = Vec::new();
    let mut count = 0;
    for (path, text) in pages() {
        for link in links(&text) {
            if link.starts_with("http://") || link.starts_with("https://") {
                continue;
            }
            count += 1;
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let folder = root().join(path.parent().unwrap_or(Path::new("")));
            let target = if file.is_empty() {
                root().join(&path)
            } else {
                folder.join(file)
            };
            let is_there = target.exists()
                && (heading.is_empty()
                    || fs::read_to_string(&target).is_ok_and(|text| anchors(&text).contains(heading)));
            if !is_there {
                astray.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(count > 50, "only {count} links were found");
    assert!(astray.is_empty(), "links that lead nowhere:\n{}", astray.join("\n"));
}

/// A page's paragraphs, list items and table rows.
fn blocks(page: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in prose(page) {
        let text = line.trim_start();
        let is_numbered = text
            .split_once(". ")
            .is_some_and(|(number, _)| number.parse::<u32>().is_ok());
        if text.is_empty() || text.starts_with("- ") || text.starts_with('|') || is_numbered {
            blocks.push(String::new());
        }
        if !text.is_empty() {
            let block = blocks.last_mut().expect("there is one");
            block.push_str(text);
            block.push(' ');
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// The file or folder that a span names: a path that begins in the root or in `src`.
fn named_path(span: &str) -> Option<Result<PathBuf, String>> {
    let is_path = span.ends_with('/')
        || [".rs", ".json", ".txt", ".toml", ".md"]
            .iter()
            .any(|end| span.ends_with(end));
    if !is_path || span.starts_with('/') || span.contains(['<', ' ']) {
        return None;
    }
    let places = [root().join(span), root().join("src").join(span)];
    let found = places.into_iter().find(|path| path.exists());
    Some(found.ok_or_else(|| format!("{span} is not there")))
}

/// What is wrong with what a block names: a path that is not there, a function that none of its files has.
fn slips(block: &str) -> Vec<String> {
    let (code, _) = spans(block);
    let mut slips = Vec::new();
    let mut source = String::new();
    for path in code.iter().filter_map(|span| named_path(span)) {
        match path {
            Ok(path) if path.is_file() => source.push_str(&fs::read_to_string(path).expect("it is a text")),
            Ok(_) => {}
            Err(slip) => slips.push(slip),
        }
    }
    for name in code.iter().filter_map(|span| span.strip_suffix("()")) {
        let has = |end: &str| source.contains(&format!("fn {name}{end}"));
        if !has("(") && !has("<") {
            slips.push(format!("no file named beside it has {name}()"));
        }
    }
    slips
}

#[test]
fn what_the_architecture_names_is_there() {
    let text = fs::read_to_string(root().join(ARCHITECTURE)).expect("the page is there");
    let blocks = blocks(&text);
    let functions = blocks.iter().flat_map(|block| spans(block).0);
    let functions = functions.filter(|span| span.ends_with("()")).count();
    assert!(functions > 50, "it names only {functions} functions");
    let slips: Vec<_> = blocks.iter().flat_map(|block| slips(block)).collect();
    assert!(slips.is_empty(), "{ARCHITECTURE}:\n{}", slips.join("\n"));
}

#[test]
fn a_slip_is_found() {
    assert_eq!(
        links("[a](b.md#c) `[no](link)` [`code`](d)\n```\n[no](e)\n```\n"),
        ["b.md#c", "d"]
    );
    assert_eq!(
        anchor(" The cloud's rooms, `x_y` and Z-1"),
        "the-clouds-rooms-x_y-and-z-1"
    );
    let page = "One\nparagraph.\n\n- an item\n  of two lines\n1. a step\n| a | row |\n";
    let expected = [
        "One paragraph. ",
        "- an item of two lines ",
        "1. a step ",
        "| a | row | ",
    ];
    assert_eq!(blocks(page), expected);
    assert!(slips("`a_slip_is_found()` in `tests/it/docs.rs`, `cloud/` and `lib.rs`").is_empty());
    assert_eq!(slips("`no_such()` in `tests/it/docs.rs`").len(), 1);
    assert_eq!(slips("`tests/it/no_such.rs`"), ["tests/it/no_such.rs is not there"]);
}
