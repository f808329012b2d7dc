//! The published API: what every action takes, answers and may refuse with.
//!
//! The tables and the request and response types under `generated/` come from the data in `contract/` (`cargo run -p
//! crs-local-codegen`) and are never edited. What a caller sent is a [`Tree`]; [`check()`] holds it against an action's
//! [`shape`] and gives [`Fields`], which a request type reads with no error path; a response type writes itself with a
//! [`Writer`].

mod action;
pub mod bounds;
mod check;
mod fields;
pub mod shape;
mod tree;
mod write;

mod generated {
    pub(super) mod action_ids;
    pub(super) mod actions;
    pub(super) mod codes;
    // Nobody uses the types of missing actions. `expect` would not hold here: rustc takes what it covers for used.
    #[allow(dead_code)]
    pub mod input;
    #[allow(dead_code)]
    pub mod output;
}

use std::fmt;

pub use action::{Action, FlowUse, RegionUse, Resource};
pub use check::{Rejection, Source, check};
pub use fields::{Fields, Value};
pub use generated::action_ids::ActionId;
pub use generated::actions::{ACTIONS, VERSIONS};
pub use generated::codes::ErrorCode;
pub use generated::{input, output};
pub use tree::Tree;
pub use write::{Members, Text, Writer};

impl Action {
    /// The row of an action.
    pub fn of(id: ActionId) -> &'static Self {
        &ACTIONS[id as usize]
    }
}

/// The action of that name in that version, if a contract has it. Names are case-sensitive.
pub fn find(name: &str, version: &str) -> Option<&'static Action> {
    let at = ACTIONS.binary_search_by(|action| action.name.cmp(name).then_with(|| action.version.cmp(version)));
    at.ok().map(|at| &ACTIONS[at])
}

/// The action of that name, in the first of its versions.
pub fn named(name: &str) -> Option<&'static Action> {
    let at = ACTIONS.partition_point(|action| action.name < name);
    ACTIONS.get(at).filter(|action| action.name == name)
}

impl ErrorCode {
    /// Every code, in the order of the texts.
    pub fn all() -> &'static [Self] {
        &generated::codes::CODES
    }

    /// The code as it is answered: `InvalidParameterValue.MemSizeNotInRange`.
    pub fn as_str(self) -> &'static str {
        generated::codes::TEXTS[self as usize]
    }

    /// The code of that text, if some action documents it or it is common.
    pub fn parse(text: &str) -> Option<Self> {
        generated::codes::TEXTS
            .binary_search(&text)
            .ok()
            .map(|at| generated::codes::CODES[at])
    }

    /// Whether any action may answer it: the table of common codes (document 239/32050).
    pub fn is_common(self) -> bool {
        generated::codes::is_common(self)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
