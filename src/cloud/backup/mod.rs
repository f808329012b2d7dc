//! Backups: made by hand, each day and before a resize; listed, downloaded, encrypted; put back, or all data taken out.

pub mod daily;
pub mod encrypt;
pub mod files;
pub mod listing;
pub mod plan;
pub mod rdb;
pub mod record;
pub mod restore;
pub mod restriction;
pub mod second;
pub mod store;
