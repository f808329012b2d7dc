//! Members that an action accepts without effect: what the list in contract/facts.json names is marked, and the list is
//! what the sources say.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crs_local::contract::ACTIONS;
use crs_local::contract::shape::{Shape, Type};
use crs_local_codegen::names;
use serde_json::json;

use super::{App, only, request};
use crate::tidy::rust_files;

#[tokio::test]
async fn what_has_no_effect_is_marked() {
    let app = App::start();
    let call = "POST / HTTP/1.1\n{USUAL}\n\n{\"RegionIds\":[1],\"Limit\":1}";
    app.call(&request(call)).await;
    let kept = only(&app, "").await;
    assert_eq!(kept["Params"], json!({ "RegionIds": [1], "Limit": 1 }));
    assert_eq!(kept["Unread"], json!(["RegionIds"]));
}

/// The text from `start` up to the brace that closes the first one behind it.
fn block(text: &str, start: usize) -> &str {
    let mut depth = 0;
    for (at, letter) in text[start..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => return &text[start..=start + at],
            '}' => depth -= 1,
            _ => {}
        }
    }
    &text[start..]
}

/// The sources of the actions without their tests.
fn sources() -> Vec<String> {
    let mut files = rust_files(&["src/actions"]);
    files.retain(|(path, _): &(PathBuf, String)| !path.ends_with("tests.rs"));
    let code = |(_, text): (PathBuf, String)| text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
    files.into_iter().map(code).collect()
}

/// What is done with an input of this type: every function that takes one, and the macros that they give it to.
fn readers(sources: &[String], ty: &str) -> String {
    let mut found = String::new();
    let takes = [
        format!("input::{ty},"),
        format!("input::{ty})"),
        format!("input::{ty}\n"),
    ];
    for text in sources {
        for (at, _) in text.match_indices("fn ") {
            let end = text[at..].find('{').map_or(text.len(), |end| at + end);
            if takes.iter().any(|takes| text[at..end].contains(takes)) {
                found.push_str(block(text, at));
            }
        }
    }
    for text in sources {
        for (at, _) in text.match_indices("macro_rules! ") {
            let name = text[at + "macro_rules! ".len()..].split(' ').next().unwrap_or_default();
            if found.contains(&format!("{name}!(input")) {
                found.push_str(&block(text, at).replace("$input", "input"));
            }
        }
    }
    found
}

/// Whether these sources read the member, as the field that it is in Rust.
fn is_read(readers: &str, member: &str) -> bool {
    let field = format!(".{}", names::field(member));
    readers.match_indices(&field).any(|(at, _)| {
        let next = readers[at + field.len()..].chars().next();
        next.is_none_or(|next| !next.is_alphanumeric() && next != '_')
    })
}

fn unread(sources: &[String], ty: &str, shape: &'static Shape, place: &str, found: &mut BTreeSet<String>) {
    let readers = readers(sources, ty);
    for member in shape.members {
        let path = format!("{place}{}", member.name);
        if !is_read(&readers, member.name) {
            found.insert(path);
        }
    }
}

/// What stands in an input only because an answer has the same object.
const ANSWERED: &[&str] = &["PolicyStatistics", "ModifyTime", "Priority"];

#[test]
fn the_list_of_what_is_not_read_is_what_the_sources_say() {
    let sources = sources();
    let mut listed = BTreeSet::new();
    let mut found = BTreeSet::new();
    let mut objects = BTreeSet::new();
    for action in &ACTIONS {
        listed.extend(action.unread.iter().map(|path| format!("{}.{path}", action.name)));
        unread(
            &sources,
            &format!("{:?}", action.id),
            action.input,
            &format!("{}.", action.name),
            &mut found,
        );
        collect(action.input, &mut objects);
    }
    assert_eq!(
        found, listed,
        "left: what the sources do not read; right: `unread` in contract/facts.json"
    );
    // Members of objects within inputs: a field of that name is read somewhere.
    let all = sources.concat();
    let answered = |inner: &(&str, &str)| ANSWERED.iter().any(|known| known == &inner.0 || *known == inner.1);
    let lost = objects.iter().filter(|(_, member)| !is_read(&all, member));
    let lost: Vec<_> = lost.filter(|inner| !answered(inner)).collect();
    assert!(
        lost.is_empty(),
        "nobody reads {lost:?}: list them for their actions, as Outer.Inner"
    );
}

/// The members of the objects that an input leads to, each with its object's name.
fn collect(shape: &'static Shape, objects: &mut BTreeSet<(&'static str, &'static str)>) {
    for member in shape.members {
        let mut ty = member.ty;
        while let Type::List(item) = ty {
            ty = *item;
        }
        if let Type::Object(inner) = ty {
            objects.extend(inner.members.iter().map(|member| (inner.name, member.name)));
            collect(inner, objects);
        }
    }
}

#[test]
fn a_source_that_does_not_read_a_member_is_told_from_one_that_does() {
    let text = "pub(crate) fn one(input: input::Thing) -> X { two(input.mem_size_mb); terms!(input) }\n\
                macro_rules! terms { ($input:ident) => { $input.zone } }\n\
                fn other(input: input::Other) { input.mem_size }";
    let readers = readers(&[text.to_owned()], "Thing");
    assert!(!is_read(&readers, "MemSize"), "{readers}");
    assert!(is_read(&readers, "Zone") && is_read(&readers, "MemSizeMb"), "{readers}");
}
