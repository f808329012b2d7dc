//! Parameters of an instance.

pub mod catalogue;
