//! Where an instance is reached: its private and its public address, bandwidth and connections, encryption.

pub mod address;
pub mod connection;
pub mod record;
pub mod switch;
pub mod tls;
pub mod wan;
