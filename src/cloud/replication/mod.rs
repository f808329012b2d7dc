//! Replication groups: instances, perhaps of several regions, that hold the same data.

pub mod bar;
pub mod record;
pub mod store;
