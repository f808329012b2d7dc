//! What the tests of the contract share.

mod inputs;
mod tables;

use super::*;

fn action(name: &str) -> &'static Action {
    find(name, "2018-04-12").unwrap_or_else(|| panic!("no action {name}"))
}

fn code(text: &str) -> ErrorCode {
    ErrorCode::parse(text).unwrap_or_else(|| panic!("no code {text}"))
}

fn json(name: &str, body: &str) -> Result<Fields, Rejection> {
    let tree = Tree::from_json(body.as_bytes()).unwrap_or_else(|e| panic!("{body}: {e}"));
    check(action(name).input, tree, Source::Json)
}

fn good(name: &str, body: &str) -> Fields {
    json(name, body).unwrap_or_else(|rejection| panic!("{body}: {rejection:?}"))
}

fn form(name: &str, leaves: &[(&str, &str)]) -> Result<Fields, Rejection> {
    let members = leaves
        .iter()
        .map(|(name, text)| ((*name).to_owned(), Tree::String((*text).to_owned())))
        .collect();
    check(action(name).input, Tree::Object(members), Source::Form)
}

fn missing(path: &str) -> Rejection {
    Rejection::Missing { path: path.into() }
}

fn unknown(path: &str) -> Rejection {
    Rejection::Unknown { path: path.into() }
}

fn wrong(path: &str, wants: &'static str) -> Rejection {
    Rejection::WrongType {
        path: path.into(),
        wants,
    }
}
