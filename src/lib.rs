//! TencentDB for Redis (CRS) control plane on a laptop.

mod accounts;
mod actions;
mod answer;
pub mod clock;
pub mod cloud;
pub mod config;
#[doc(hidden)]
pub mod contract;
mod emulator;
pub mod faults;
pub mod fixture;
pub mod http;

pub use config::Config;
pub use emulator::Emulator;
pub use fixture::Fixture;
