//! How one gets in: into an instance, and into the account by keys for a while.

pub mod key;
pub mod password;
pub mod record;
