//! The audit log of an instance, its exports, and the delivery of its slow log.

pub mod archive;
pub mod audit;
pub mod delivery;
pub mod export;
pub mod filter;
pub mod query;
pub mod record;
pub mod topic;
pub mod trail;
