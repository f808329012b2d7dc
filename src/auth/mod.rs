//! Who may call, and what: key pairs' policies. Leaves, which accounts and fixtures name.

pub mod policy;
