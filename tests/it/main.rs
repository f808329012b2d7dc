//! The integration tests, one binary.

#![expect(
    clippy::disallowed_methods,
    reason = "tests are clients, wait in real time and read variables of their own"
)]

mod answers;
mod assume;
mod calls;
mod captures;
mod checkpoints;
mod context;
mod contract_fresh;
mod control;
mod corpus;
mod differential;
mod docs;
mod doors;
mod draft;
mod editions;
mod faults;
mod fixtures;
mod flows;
mod gateway;
mod harness;
mod hours;
mod import;
mod journal;
mod kept;
mod logs;
mod map;
mod model;
mod open_files;
mod record;
mod row;
mod sign;
mod snippets;
mod states;
mod table;
mod terraform;
mod tidy;
mod tls;
mod tunnel;
mod wait;
mod world;
