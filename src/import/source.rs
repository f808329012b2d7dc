//! Where what was printed comes from, and faults of it.

use crate::fixture::FixtureFault;

/// A text that was printed, and what to call it in faults: its file.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file's name.
    pub name: String,
    /// What it holds.
    pub text: Vec<u8>,
}

/// A fault of a text, at a place in it.
pub(super) fn fault(file: &str, path: &str, message: &str) -> FixtureFault {
    FixtureFault {
        file: file.to_owned(),
        path: path.to_owned(),
        message: message.to_owned(),
    }
}

/// The place of a key in what stands at `path`.
pub(super) fn below(path: &str, key: &str) -> String {
    if path.is_empty() || key.is_empty() {
        format!("{path}{key}")
    } else {
        format!("{path}.{key}")
    }
}
