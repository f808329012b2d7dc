//! Changes of an instance: its size, version, zones, and the window that they may wait for.

pub mod record;
pub mod resize;
pub mod version;
pub mod window;
pub mod zones;
