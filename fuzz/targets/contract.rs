//! JSON bodies: the first byte chooses an action, the rest is the body, read and held against the action's input.
#![no_main]

use crs_local::contract::{self, ACTIONS, Source, Tree};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((first, body)) = data.split_first() else {
        return;
    };
    let Ok(tree) = Tree::from_json(body) else {
        return;
    };
    let action = &ACTIONS[usize::from(*first) % ACTIONS.len()];
    let once = contract::check(action.input, tree.clone(), Source::Json).map(|_| ());
    let twice = contract::check(action.input, tree, Source::Json).map(|_| ());
    assert_eq!(once, twice);
});
