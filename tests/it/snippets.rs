//! docs/clients.md shows what the client suites run.
//!
//! A block of the page with `<!-- snippet: NAME -->` above it equals what stands in a suite's file between the comments
//! `snippet: NAME` and `end`; several such parts are one text with an empty line between them. The one difference:
//! where the page has the address written out, in quotes, a suite may have a variable called `address`, `$address` or
//! `ADDRESS`. `UPDATE_GOLDEN=1` copies the suites' text into the page.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crs_local::cloud::region;

/// The address in the page.
const ADDRESS: &str = "127.0.0.1:8239";

/// Blocks that no suite holds between comments, and how they are kept right.
const ELSEWHERE: &[(&str, &str)] = &[
    ("terraform", "its settings are those of tests/clients/terraform"),
    ("hosts", "held against the table of regions here"),
];

/// Blocks that a suite takes from `crs-local env` and runs as they are printed: where.
const PRINTED: &[(&str, &str)] = &[
    ("python", "python/test_snippet.py"),
    ("python-async", "python/test_snippet.py"),
    ("node", "node/upgrade.test.js"),
    ("go", "go/upgrade_test.go"),
    ("php", "php/test/UpgradeTest.php"),
    ("tccli", "tccli/test_snippet.py"),
    ("curl", "sequences/test_curl.py"),
];

/// The folder whose suite runs a block. One without its folder is not run, and the page says so.
const SUITES: &[(&str, &str)] = &[("java", "java"), ("dotnet", "dotnet")];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page() -> PathBuf {
    root().join("docs/clients.md")
}

/// Every block of the page, by name.
fn blocks(page: &str) -> BTreeMap<String, String> {
    let mut blocks = BTreeMap::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once("<!-- snippet: ") {
        let (name, after) = after.split_once(" -->\n```").expect("a fence follows");
        let (_, after) = after.split_once('\n').expect("a language");
        let (text, after) = after.split_once("\n```\n").expect("the fence ends");
        let before = blocks.insert(name.to_owned(), text.to_owned());
        assert!(before.is_none(), "{name} stands in the page twice");
        rest = after;
    }
    blocks
}

/// The files of the suites, without what was installed.
fn suite_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the suites are there") {
        let path = entry.expect("a folder lists its files").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if ![".cache", "node_modules", "__pycache__", "target", "vendor"].contains(&name.as_str()) {
                suite_files(&path, found);
            }
        } else {
            found.push(path);
        }
    }
}

/// The word behind a comment's mark, if the line is one: `// end`, `# end`, `<!-- end -->`.
fn comment(line: &str) -> Option<&str> {
    let line = line.trim();
    let text = line.strip_prefix("//").or_else(|| line.strip_prefix('#'))?;
    Some(text.trim())
}

/// What stands between the comments of one file, by name.
fn parts(file: &Path, text: &str) -> Vec<(String, String)> {
    let mut parts = Vec::new();
    let mut open: Option<(String, Vec<&str>)> = None;
    for line in text.lines() {
        let said = comment(line);
        if let Some(name) = said.and_then(|said| said.strip_prefix("snippet: ")) {
            assert!(open.is_none(), "{}: {name} begins in another", file.display());
            open = Some((name.to_owned(), Vec::new()));
        } else if said == Some("end") && open.is_some() {
            let (name, lines) = open.take().expect("it is open");
            parts.push((name, dedented(&lines)));
        } else if let Some((_, lines)) = &mut open {
            lines.push(line);
        }
    }
    assert!(open.is_none(), "{}: a snippet has no end", file.display());
    parts
}

/// The lines without their common indentation, and without empty lines around.
fn dedented(lines: &[&str]) -> String {
    let indent = |line: &&&str| line.len() - line.trim_start().len();
    let least = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| indent(&line))
        .min();
    let least = least.unwrap_or(0);
    let cut: Vec<&str> = lines.iter().map(|line| line.get(least..).unwrap_or_default()).collect();
    cut.join("\n").trim_matches('\n').to_owned()
}

/// The text with every spelling of the address as the page's.
fn with_address(text: &str) -> String {
    let quoted = format!("\"{ADDRESS}\"");
    let mut out = String::new();
    let mut word = String::new();
    let end = |word: &mut String, out: &mut String| {
        match word.as_str() {
            "address" | "$address" | "ADDRESS" => out.push_str(&quoted),
            _ => out.push_str(word),
        }
        word.clear();
    };
    for letter in text.chars() {
        if letter.is_alphanumeric() || letter == '_' || letter == '$' {
            word.push(letter);
        } else {
            end(&mut word, &mut out);
            out.push(letter);
        }
    }
    end(&mut word, &mut out);
    out.replace(&format!("'{ADDRESS}'"), &quoted)
}

/// The text of every snippet that the suites hold, and where.
fn run_by_suites() -> BTreeMap<String, (PathBuf, String)> {
    let mut files = Vec::new();
    suite_files(&root().join("tests/clients"), &mut files);
    files.sort();
    let mut all: BTreeMap<String, (PathBuf, String)> = BTreeMap::new();
    for file in files {
        // What is no text holds no snippet.
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        for (name, part) in parts(&file, &text) {
            match all.get_mut(&name) {
                Some((_, known)) => *known = format!("{known}\n\n{part}"),
                None => {
                    all.insert(name, (file.clone(), part));
                }
            }
        }
    }
    all
}

/// What the README shows of them is the page's, to the letter.
#[test]
fn the_readme_shows_blocks_of_the_page() {
    let read = |path: PathBuf| fs::read_to_string(path).expect("it is there");
    let (page, readme) = (blocks(&read(page())), blocks(&read(root().join("README.md"))));
    assert!(readme.len() >= 2, "the README shows {:?}", readme.keys());
    for (name, text) in readme {
        assert_eq!(page.get(&name), Some(&text), "{name} in the README");
    }
}

#[test]
fn the_page_shows_what_the_suites_run() {
    let mut text = fs::read_to_string(page()).expect("the page is there");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let shown = blocks(&text);
    let run = run_by_suites();
    assert!(run.contains_key("java"), "{:?}", run.keys());
    for (name, (file, snippet)) in &run {
        let block = shown.get(name);
        let block = block.unwrap_or_else(|| panic!("{}: the page shows no {name}", file.display()));
        if update {
            text = text.replacen(block.as_str(), &with_address(snippet), 1);
            continue;
        }
        assert_eq!(
            with_address(block),
            with_address(snippet),
            "docs/clients.md differs from {}: `UPDATE_GOLDEN=1 cargo test snippets` copies it",
            file.display()
        );
    }
    if update {
        fs::write(page(), text).expect("the page can be written");
    }
}

#[test]
fn every_block_is_run_by_its_suite() {
    let text = fs::read_to_string(page()).expect("the page is there");
    let run = run_by_suites();
    for name in blocks(&text).keys() {
        if ELSEWHERE.iter().any(|(known, _)| known == name) {
            continue;
        }
        if let Some((_, file)) = PRINTED.iter().find(|(known, _)| known == name) {
            let path = root().join("tests/clients").join(file);
            let text = fs::read_to_string(&path).expect("the suite has the file");
            let asked = text.contains("\"env\"") && text.contains(&format!("\"{name}\""));
            assert!(asked, "{file} does not run what `crs-local env {name}` prints");
            continue;
        }
        let suite = SUITES.iter().find(|(known, _)| known == name);
        let (_, suite) = suite.unwrap_or_else(|| panic!("{name}: say which suite runs it"));
        if root().join("tests/clients").join(suite).join("run").exists() {
            assert!(run.contains_key(name), "tests/clients/{suite} has no `snippet: {name}`");
        }
    }
}

/// What docs/ci.md shows stands in a file of `examples/`, which a suite runs. `<!-- from: PATH -->` above a block names
/// the file, and there is no other block.
#[test]
fn the_page_on_ci_shows_what_the_examples_hold() {
    let text = fs::read_to_string(root().join("docs/ci.md")).expect("the page is there");
    let mut count = 0;
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("\n```") {
        let named = before.rsplit('\n').next().unwrap_or_default();
        let path = named
            .strip_prefix("<!-- from: ")
            .and_then(|path| path.strip_suffix(" -->"));
        let path = path.unwrap_or_else(|| panic!("`{named}` names no file"));
        let (block, after) = after.split_once("\n```\n").expect("the fence ends");
        let (_, block) = block.split_once('\n').expect("a language");
        let file = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(file.contains(block), "{path} holds no\n{block}");
        count += 1;
        rest = after;
    }
    assert!(count >= 8, "only {count} blocks were found");
}

/// What is pasted into a file and run does something: it has what its language begins a program with, and calls what it
/// defines.
#[test]
fn every_block_is_a_program() {
    let text = fs::read_to_string(page()).expect("the page is there");
    let blocks = blocks(&text);
    for (name, parts) in [
        ("python", &["__main__", "= upgrade(\"crs-"][..]),
        ("python-async", &["__main__", "asyncio.run(upgrade_async("]),
        ("node", &["require(", "\nupgrade(\"crs-"]),
        ("go", &["package main\n", "func main() {", "= upgrade("]),
        ("java", &["public class Upgrade", "void main("]),
        ("php", &["<?php\n", "autoload.php", "->UpgradeInstance("]),
        ("dotnet", &["class Upgrade", "void Main("]),
    ] {
        for part in parts {
            assert!(blocks[name].contains(part), "{name} has no `{part}`");
        }
    }
}

/// What is to be installed stands before each block, under the name by which the suite installs it.
#[test]
fn every_client_says_how_it_is_installed() {
    let text = fs::read_to_string(page()).expect("the page is there");
    for (name, package, pinned) in [
        ("python", "tencentcloud-sdk-python-redis", "python/requirements.txt"),
        (
            "python-async",
            "tencentcloud-sdk-python-redis httpx",
            "python/requirements.txt",
        ),
        ("node", "tencentcloud-sdk-nodejs", "node/package.json"),
        (
            "go",
            "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis",
            "go/go.mod",
        ),
        (
            "java",
            "com.tencentcloudapi:tencentcloud-sdk-java-redis:3.1.667",
            "java/pom.xml",
        ),
        ("php", "tencentcloud/redis", "php/composer.json"),
        ("dotnet", "TencentCloudSDK.Redis", "dotnet/CrsLocal.Clients.csproj"),
        ("tccli", "tccli", "tccli/requirements.txt"),
        (
            "terraform",
            "tencentcloudstack/tencentcloud",
            "../../examples/terraform/versions.tf",
        ),
    ] {
        let (before, _) = text.split_once(&format!("<!-- snippet: {name} -->")).expect(name);
        let paragraph = before.trim_end().rsplit("\n\n").next().unwrap_or_default();
        assert!(paragraph.starts_with("Install: "), "{name}: {paragraph}");
        assert!(paragraph.contains(package), "{name}: {paragraph}");
        let path = root().join("tests/clients").join(pinned);
        let pins = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for part in package.split([':', ' ']) {
            assert!(pins.contains(part), "{pinned} has no {part}");
        }
    }
}

#[test]
fn the_address_stands_in_every_block() {
    let text = fs::read_to_string(page()).expect("the page is there");
    for (name, block) in blocks(&text) {
        let address = if name == "hosts" { "127.0.0.1" } else { ADDRESS };
        assert!(block.contains(address), "{name}:\n{block}");
    }
}

#[test]
fn the_hosts_lines_name_every_door() {
    let text = fs::read_to_string(page()).expect("the page is there");
    let hosts = &blocks(&text)["hosts"];
    let mut doors: Vec<String> = ["redis", "region", "tag", "sts", "monitor", "vpc", "cvm", "api", "cls"]
        .map(|service| format!("{service}.tencentcloudapi.com"))
        .into();
    let financial = region::all()
        .iter()
        .filter(|region| region.financial && region.has_redis());
    doors.extend(financial.map(|region| format!("redis.{}.tencentcloudapi.com", region.name)));
    let mut named: Vec<&str> = hosts.lines().flat_map(|line| line.split(' ').skip(1)).collect();
    named.sort_unstable();
    doors.sort();
    assert_eq!(named, doors);
}

#[test]
fn the_rule_of_the_address_is_exact() {
    let page = format!("connect(\"{ADDRESS}\", '{ADDRESS}')");
    assert_eq!(with_address(&page), with_address("connect(address, ADDRESS)"));
    assert_eq!(with_address("$address"), format!("\"{ADDRESS}\""));
    assert_eq!(with_address("free_address addressed"), "free_address addressed");
    assert_eq!(dedented(&["", "    a", "", "      b", ""]), "a\n\n  b");
}
