//! How one gets in: into an instance, and into the account by keys for a while.

pub mod account;
pub mod change;
pub mod key;
pub mod password;
pub mod policy;
pub mod record;
