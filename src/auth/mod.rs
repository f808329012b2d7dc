//! Who may call, and what: key pairs' policies, signing keys, and signed links. Leaves, which accounts and fixtures
//! name.

pub mod keys;
pub(crate) mod links;
pub mod policy;
