//! Replication groups: instances, perhaps of several regions, that hold the same data.

pub mod area;
pub(crate) mod bar;
pub mod group;
pub mod joining;
pub mod member;
pub mod record;
pub mod status;
pub mod store;
