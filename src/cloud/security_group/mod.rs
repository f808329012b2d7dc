//! Security groups: what they are and allow, and which instances they are bound to.

pub mod binding;
pub mod group;
pub mod policy;
pub mod record;
