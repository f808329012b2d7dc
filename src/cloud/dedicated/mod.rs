//! Dedicated (CDC) clusters.

pub mod listing;
pub mod record;
