//! Who may call, and what: key pairs' policies, and signing keys. Leaves, which accounts and fixtures name.

pub mod keys;
pub(crate) mod links;
pub mod policy;
