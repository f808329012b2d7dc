//! Maintenance: the daily window, and the events that the cloud's own operation plans for an instance.

pub mod event;
pub mod record;
pub mod window;
