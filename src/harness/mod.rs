//! The emulator in a Rust test: started in an instant, alone, and in the test's hand.
//!
//! [`Emulator::builder`](crate::Emulator::builder) has every setting. It gives one of two things: a [`Server`] on a
//! free port, for a client that connects, or a [`Sandbox`], which needs neither a socket nor a runtime. A server is a
//! sandbox too, so what a test does by hand is the same for both: calls of the API ([`Sandbox::call`]), the clock,
//! flows, instances, accounts, fault rules, the journal and what is expected of it, checkpoints, the whole state. Fault
//! rules, accounts and checkpoints are guards: what they did is undone when they are dropped.
//!
//! ```
//! use std::time::Duration;
//!
//! use crs_local::{Emulator, json};
//!
//! let sandbox = Emulator::builder().build()?;
//! let upgrade = json!({ "InstanceId": "crs-5qlrlhux", "MemSize": 4096 });
//! sandbox.call("UpgradeInstance", upgrade)?;
//! sandbox.clock().advance(Duration::from_secs(60));
//! assert_eq!(sandbox.instance("crs-5qlrlhux").get()["MemSize"], 4096);
//!
//! let odd = json!({ "InstanceId": "crs-5qlrlhux", "MemSize": 5000 });
//! let refused = sandbox.call("UpgradeInstance", odd).unwrap_err();
//! assert_eq!(refused.code, "LimitExceeded.InvalidMemSize");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is done by hand goes the way of the [control API](crate#the-control-api), and is done when the method returns:
//! in a plain test, in a task, or where something is dropped. A method panics where the control API
//! refuses, with its message and at the line of the test, since that is a mistake in the test; [`Sandbox::control`]
//! answers the refusal instead.

mod account;
mod builder;
mod call;
mod checkpoint;
mod clock;
mod error;
mod expectation;
mod fault;
mod flows;
mod instance;
mod query;
mod requests;
mod sandbox;
mod server;

pub use account::Account;
pub use builder::Builder;
pub use call::Caller;
pub use checkpoint::Checkpoint;
pub use clock::Clock;
pub use error::{ApiError, ControlError, StartError};
pub use expectation::Expectation;
pub use fault::{Fault, FaultGuard};
pub use flows::{Flow, Flows};
pub use instance::Instance;
pub use requests::{Request, Requests};
pub use sandbox::Sandbox;
pub use server::Server;
