//! The control API under `/_crs/`: what a test pokes the emulator with. JSON in and out, keys in the API's style,
//! ordinary HTTP status codes. A wrong call is a 4xx whose `{"Error":{"Message":…}}` names the key and the remedy.
//!
//! [`calls`] is the table of them; each resource has a file.

mod account;
mod answer;
mod backup;
mod calls;
mod checkpoint;
mod clock;
mod contract;
mod download;
mod events;
mod fault;
mod flow;
mod instance;
mod paths;
mod requests;
mod server;
mod state;
mod values;

pub(super) use answer::{announces_too_much, failed};
pub(super) use calls::routes;
pub(super) use paths::{CA_PATH, HEALTH_PATH, is_link, owns, tells_nothing};
