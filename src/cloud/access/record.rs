//! How one gets in, as plain data.

use crate::cloud::ids::KeyPair;

/// `PasswordPolicy`: how many of each kind a password needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PasswordPolicy {
    pub letters: i64,
    pub digits: i64,
    pub symbols: i64,
    /// `MinLength`
    pub length: i64,
}

/// A key pair for a while, as an action hands it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemporaryKey {
    pub pair: KeyPair,
    /// What must come with it.
    pub token: String,
    /// When it ends, in seconds of real time since 1970.
    pub expires_at_s: i64,
    /// The policy that it is narrowed to, in CAM's syntax.
    pub policy: Option<String>,
}
