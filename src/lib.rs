//! TencentDB for Redis (CRS) control plane on a laptop: the published API (`redis`, `2018-04-12`) with the rules of
//! each edition and exactly the documented error codes.
//!
//! The `crs-local` binary is this library behind flags. In a Rust test the same emulator is a server on a free port,
//! there until it is dropped:
//!
//! ```
//! use std::time::Duration;
//!
//! use crs_local::{Emulator, json};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Emulator::builder().start().await?;
//! // Your code, by the SDK of its choice, calls server.url(). What the test does by hand needs no client:
//! let odd = json!({ "InstanceId": "crs-5qlrlhux", "MemSize": 1500 });
//! let refused = server.call("UpgradeInstance", odd).unwrap_err();
//! assert_eq!(refused.code, "LimitExceeded.InvalidMemSize");
//! server.clock().advance(Duration::from_secs(3600));
//! # Ok(())
//! # }
//! ```
//!
//! [`harness`] tells of that, and of the ways without a socket and without a runtime. A test that embeds the server in
//! its own way has [`Emulator::new`], [`Config`] and [`http::router`].
//!
//! # The control API
//!
//! Under `/_crs/` the server takes calls that a test makes to set the stage and to look back; the README lists them.
//!
//! # Features
//!
//! All are on by default, for the binary; a test needs none of them (`default-features = false`).
//!
//! | feature | adds |
//! |---|---|
//! | `cli` | the binary, and that [`Config`] reads flags |
//! | `tls` | HTTPS |
//! | `import` | what TCCLI printed of a real account, to a fixture |
//!
//! # Map
//!
//! A call goes [`http`] (the gateway: an ordered list of checks) → [`Emulator`] (the world: accounts, clock) →
//! `dispatch` (which function an action is) → `actions` (one function each) → [`cloud`] (the pure model). What the
//! cloud refuses becomes a documented code in `answer`. [`contract`] is the published API as tables and types;
//! [`fixture`] turns JSON into clouds and back; [`import`] makes one of what TCCLI printed of a real account.
//! `docs/ARCHITECTURE.md` has the whole map.

#![cfg_attr(not(feature = "internals"), warn(missing_docs), allow(unreachable_pub))]

mod accounts;
mod actions;
mod answer;
mod aside;
pub mod assume;
#[cfg(not(feature = "internals"))]
mod auth;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod auth;
mod checkpoints;
pub mod clock;
#[cfg(not(feature = "internals"))]
mod cloud;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod cloud;
mod command;
pub mod config;
#[cfg(not(feature = "internals"))]
mod contract;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod contract;
mod dispatch;
mod emulator;
mod events;
mod faults;
pub mod fixture;
pub mod harness;
pub mod http;
#[cfg(feature = "import")]
pub mod import;
mod journal;
mod limits;
mod metrics;
mod places;
#[doc(hidden)] // for the command and this project's own tests
pub mod provoked;
mod quote;
mod store;
mod world;

pub use accounts::DEFAULT_KEY_PAIR;
pub use config::Config;
#[doc(hidden)] // for the command alone
pub use contract::ACTIONS;
pub use emulator::{Emulator, NotReplaced};
pub use fixture::Fixture;
pub use serde_json::{Value, json};
pub use store::Unrecorded;

/// The page's examples, as tests.
#[cfg(doctest)]
#[doc = include_str!("../docs/rust.md")]
struct _InARustTest;
