//! TencentDB for Redis (CRS) control plane on a laptop: the published API (`redis`, `2018-04-12`) with the rules of
//! each edition and exactly the documented error codes.
//!
//! The `crs-local` binary is this library behind flags. In a Rust test the same emulator is a router that needs no
//! socket:
//!
//! ```
//! use std::sync::Arc;
//!
//! use crs_local::{Config, Emulator, Fixture, http};
//! use http_body_util::BodyExt;
//! use tower::ServiceExt;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let config = Config { seed: Some(1), ..Config::default() };
//! let emulator = Emulator::new(config, Fixture::built_in()).expect("the built-in fixture is right");
//! let router = http::router(Arc::new(emulator));
//!
//! let request = axum::extract::Request::get(
//!     "/?Action=UpgradeInstance&Version=2018-04-12&Region=ap-guangzhou\
//!      &InstanceId=crs-5qlrlhux&MemSize=1500",
//! );
//! let request = request.header("host", "localhost");
//! let request = request.body(axum::body::Body::empty()).unwrap();
//! let answer = router.oneshot(request).await.unwrap();
//! let body = answer.into_body().collect().await.unwrap().to_bytes();
//! assert!(body.windows(28).any(|part| part == b"\"LimitExceeded.InvalidMemSize"[..28].as_ref()));
//! # }
//! ```
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
pub mod http;
pub mod import;
mod journal;
mod limits;
mod metrics;
mod places;
mod quote;
mod store;
mod world;

pub use accounts::DEFAULT_KEY_PAIR;
pub use config::Config;
#[doc(hidden)] // for the command alone
pub use contract::ACTIONS;
pub use emulator::{Emulator, NotReplaced};
pub use fixture::Fixture;
pub use store::Unrecorded;
