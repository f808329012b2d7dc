//! crs-local: TencentDB for Redis (CRS) control plane on a laptop.

mod actions;
mod answer;
#[doc(hidden)]
pub mod cloud;
#[doc(hidden)]
pub mod contract;
