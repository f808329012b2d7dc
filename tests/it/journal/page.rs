//! docs/journal.md: what it shows is what happens, and it lists every filter and member.

use crs_local::Config;
use serde_json::Value;

use super::{App, Raw};

const PAGE: &str = include_str!("../../../docs/journal.md");
const ADDRESS: &str = "http://127.0.0.1:8239";

/// The calls of the page's blocks of shell, each with the answer that stands below it.
fn calls() -> Vec<(String, String)> {
    let blocks = PAGE.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```"));
    let text: String = blocks.map(|(block, _)| block.replace("\\\n", "")).collect();
    let calls = text.split("curl ").skip(1);
    let pair = |call: &str| {
        call.split_once("\n# ")
            .map(|(call, answer)| (call.to_owned(), answer.trim().to_owned()))
    };
    calls
        .map(|call| pair(call).unwrap_or_else(|| panic!("no answer below {call}")))
        .collect()
}

/// The words of a command line, of which some are in quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in line.split('\'').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// The call that this curl makes.
fn call(line: &str) -> Raw {
    let (mut method, mut body, mut path) = ("GET".to_owned(), String::new(), None);
    let mut words = words(line).into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-X" => method = words.next().expect("a method"),
            "-d" => body = words.next().expect("a body"),
            url => path = Some(url.strip_prefix(ADDRESS).expect("this server").to_owned()),
        }
    }
    Raw::control(&method, &path.expect("an address"), &body)
}

/// Whether a text is as shown, where `…` stands for anything.
fn is_as_shown(shown: &str, text: &str) -> bool {
    let mut parts = shown.split('…');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut parts: Vec<_> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last)
}

#[tokio::test]
async fn every_call_of_the_page_is_answered_as_it_shows() {
    let app = App::with_fixture(Config::default(), include_str!("../../../fixtures/default.json"));
    let calls = calls();
    assert!(calls.len() >= 9, "{calls:?}");
    for (line, shown) in calls {
        let answer = app.call(&call(&line)).await;
        let text = String::from_utf8(answer.body).expect("text");
        assert!(
            is_as_shown(&shown, &text),
            "{line}\nis answered\n{text}\nand the page shows\n{shown}"
        );
    }
}

/// The names in the first column of the table that begins with this heading.
fn rows(heading: &str) -> String {
    let (_, table) = PAGE.split_once(heading).expect("the table is there");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.split('|').nth(1).unwrap_or_default()).collect()
}

#[tokio::test]
async fn the_page_lists_every_member_and_filter() {
    let app = App::start();
    app.call(&super::request(super::DESCRIBE)).await;
    let kept: Value = super::only(&app, "").await;
    let members = rows("| member | is |");
    for name in kept.as_object().expect("an object").keys() {
        assert!(members.contains(&format!("`{name}`")), "{name} is not in the table");
    }
    let (_, wrong) = app.control("DELETE", "/_crs/requests?x=1", "").await;
    let message = wrong["Error"]["Message"].as_str().expect("a message");
    let (_, names) = message.split_once("give ").expect("the filters");
    let filters = rows("| filter | takes |");
    for name in names.split(", ") {
        assert!(filters.contains(&format!("`{name}`")), "{name} is not in the table");
    }
}

#[test]
fn what_is_shown_may_leave_parts_out() {
    for (shown, text, is) in [
        ("a", "a", true),
        ("a", "ab", false),
        ("a…c", "abbc", true),
        ("…", "", true),
        ("a…b…c", "axbyc", true),
        ("a…b…c", "axyc", false),
        ("a…c", "acb", false),
    ] {
        assert_eq!(is_as_shown(shown, text), is, "{shown} {text}");
    }
}
