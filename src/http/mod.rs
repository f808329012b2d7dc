//! The gateway.
pub mod form;
pub mod permission;
pub mod region;
pub mod signature;
