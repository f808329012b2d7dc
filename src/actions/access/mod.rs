//! How one gets into an instance.

mod password;

pub(crate) use password::reset_password;
