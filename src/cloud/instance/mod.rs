//! Instances: what they are, where they are kept, how they are found, what is set on them.

pub mod listing;
mod logs;
pub mod modify;
pub mod node;
pub mod payment;
pub mod record;
pub mod store;
