//! Parameters of an instance, and templates of them.

pub mod catalogue;
pub mod history;
pub mod modify;
pub mod record;
pub mod template;
