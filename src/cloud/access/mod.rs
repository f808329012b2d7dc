//! How one gets into an instance.

pub mod password;
pub mod record;
