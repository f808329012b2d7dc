//! Backups.

pub mod plan;
pub mod record;
