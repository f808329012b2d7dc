//! Forms: whatever is accepted says as much as was sent, and reads the same when written again.
#![no_main]

use crs_local::contract::{self, ACTIONS, Source, Tree};
use crs_local::http::form::{self, Common, DEPTH};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (first, raw) = data.split_first().unwrap_or((&0, data));
    let Ok(pairs) = form::decode(raw) else { return };
    let Ok((_, business)) = Common::split(pairs) else {
        return;
    };
    let sent = business.len();
    let Ok(tree) = form::tree(business) else {
        return;
    };
    assert!(depth(&tree) <= DEPTH);

    let mut written = Vec::new();
    write(None, &tree, &mut written);
    assert_eq!(written.len(), sent, "a value was lost or made up");
    let again = form::decode(written.join("&").as_bytes()).map(form::tree);
    assert_eq!(again, Ok(Ok(tree.clone())));

    let action = &ACTIONS[usize::from(*first) % ACTIONS.len()];
    let _ = contract::check(action.input, tree, Source::Form);
});

fn depth(tree: &Tree) -> usize {
    match tree {
        Tree::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Tree::Object(members) => 1 + members.iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        _ => 0,
    }
}

/// The pairs that give `tree`, every byte escaped that means something in a form.
fn write(path: Option<&str>, tree: &Tree, pairs: &mut Vec<String>) {
    let at = |name: &str| match path {
        None => escape(name),
        Some(path) => format!("{path}.{}", escape(name)),
    };
    match tree {
        Tree::String(text) => pairs.push(format!("{}={}", path.unwrap_or(""), escape(text))),
        Tree::List(items) => {
            for (index, item) in items.iter().enumerate() {
                write(Some(&at(&index.to_string())), item, pairs);
            }
        }
        Tree::Object(members) => {
            for (name, value) in members {
                write(Some(&at(name)), value, pairs);
            }
        }
        other => panic!("a form has texts only, not {other:?}"),
    }
}

fn escape(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
