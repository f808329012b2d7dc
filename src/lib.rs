//! TencentDB for Redis (CRS) control plane on a laptop.

pub mod cloud;
