//! What pages of docs/ tell to type, typed: each call of curl, and the answer that is printed below it. A fixture in a
//! page is what the calls below it find.

use crs_local::Config;

use super::harness::{App, Raw};

/// The pages, each read from its beginning on a server of its own.
const PAGES: &[(&str, &str)] = &[
    ("docs/first.md", include_str!("../../docs/first.md")),
    ("docs/seeding.md", include_str!("../../docs/seeding.md")),
    ("docs/errors.md", include_str!("../../docs/errors.md")),
    ("docs/limits.md", include_str!("../../docs/limits.md")),
    ("docs/guide.md", include_str!("../../docs/guide.md")),
    ("docs/isolation.md", include_str!("../../docs/isolation.md")),
    ("docs/time.md", include_str!("../../docs/time.md")),
];

/// The server that the pages speak to.
const SERVER: &str = "http://127.0.0.1:8239";

/// What a page has to try.
#[derive(Debug, PartialEq)]
enum Step {
    /// A fixture to begin anew with.
    Stage(String),
    /// A line of shell.
    Line(String),
}

/// The fixtures of a page and its lines of shell; lines that end with a backslash go on.
fn steps(page: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for block in page.split("\n```").skip(1).step_by(2) {
        let (language, block) = block.split_once('\n').expect("a fence is a line");
        match language {
            "json" => steps.push(Step::Stage(block.to_owned())),
            "sh" => steps.extend(
                block
                    .replace("\\\n", " ")
                    .lines()
                    .map(|line| Step::Line(line.to_owned())),
            ),
            _ => {}
        }
    }
    steps
}

/// The words of a line, as a shell takes them: quotes are single ones.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quoted) = (None::<String>, false);
    for c in line.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// The request that a call of curl makes.
fn request(line: &str) -> Raw {
    let mut words = words(line).into_iter();
    assert_eq!(words.next().as_deref(), Some("curl"), "{line}");
    let (mut method, mut path, mut headers, mut body) = (None, None, String::new(), String::new());
    while let Some(word) = words.next() {
        let mut next = || words.next().unwrap_or_else(|| panic!("something is missing in {line}"));
        match word.as_str() {
            "-X" => method = Some(next()),
            "-H" => headers.push_str(&format!("{}\r\n", next())),
            "-d" => body = next(),
            url => {
                path = Some(
                    url.strip_prefix(SERVER)
                        .unwrap_or_else(|| panic!("{url} in {line}"))
                        .to_owned(),
                )
            }
        }
    }
    let usual = if body.is_empty() { "GET" } else { "POST" };
    let (method, path) = (method.unwrap_or_else(|| usual.to_owned()), path.expect("a URL"));
    let head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:8239\r\n{headers}");
    Raw(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes())
}

/// Whether the text is what is printed, `…` being anything.
fn fits(printed: &str, text: &str) -> bool {
    let mut pieces = printed.split('…');
    let mut rest = match text.strip_prefix(pieces.next().unwrap_or_default()) {
        Some(rest) => rest,
        None => return false,
    };
    let mut last = None;
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
        last = Some(piece);
    }
    last.map_or(rest.is_empty(), |piece| piece.is_empty() || text.ends_with(piece))
}

#[tokio::test]
async fn what_the_pages_tell_to_type_is_answered_as_they_print_it() {
    for (name, page) in PAGES {
        let mut app = App::with_fixture(Config::default(), include_str!("../../fixtures/default.json"));
        let (mut answer, mut calls) = (String::new(), 0);
        let steps = steps(page);
        for (at, step) in steps.iter().enumerate() {
            let line = match step {
                Step::Stage(fixture) => {
                    app = App::with_fixture(Config::default(), fixture);
                    continue;
                }
                Step::Line(line) => line,
            };
            if let Some(printed) = line.strip_prefix("# ") {
                assert!(fits(printed, &answer), "{name} prints\n{printed}\nbut it is\n{answer}");
                continue;
            }
            let answered = app.call(&request(line)).await;
            let status = answered.status;
            answer = String::from_utf8(answered.body).expect("text");
            let is_printed = matches!(steps.get(at + 1), Some(Step::Line(line)) if line.starts_with("# "));
            assert!(is_printed || status == 200, "{name}: {line}\n{answer}");
            calls += 1;
        }
        assert!(calls > 0, "{name}: no call was found");
    }
}

#[test]
fn a_line_is_read_as_a_shell_reads_it() {
    assert_eq!(words("curl -d '{\"a\": 1}' x"), ["curl", "-d", "{\"a\": 1}", "x"]);
    let page = "a\n```sh\ncurl \\\n  x\n# y\n```\nb\n```text\nz\n```\n\n```json\n{}\n```\n";
    let line = |text: &str| Step::Line(text.to_owned());
    assert_eq!(
        steps(page),
        [line("curl    x"), line("# y"), Step::Stage("{}".to_owned())]
    );
    assert!(fits("a…c", "abc") && fits("a…", "abc") && fits("abc", "abc"));
    assert!(!fits("a…c", "abcd") && !fits("abc", "abcd") && !fits("…x", "abc"));
}
