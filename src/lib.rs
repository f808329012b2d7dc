//! crs-local: TencentDB for Redis (CRS) control plane on a laptop.

mod accounts;
mod actions;
mod answer;
#[doc(hidden)]
pub mod clock;
#[doc(hidden)]
pub mod cloud;
#[doc(hidden)]
pub mod contract;
#[doc(hidden)]
pub mod faults;
pub mod fixture;
#[doc(hidden)]
pub mod http;
