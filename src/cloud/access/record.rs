//! How one gets in, as plain data.

/// `PasswordPolicy`: how many of each kind a password needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PasswordPolicy {
    pub letters: i64,
    pub digits: i64,
    pub symbols: i64,
    /// `MinLength`
    pub length: i64,
}
