//! The integration tests, one binary.

#![expect(
    clippy::disallowed_methods,
    reason = "tests are clients, wait in real time and read variables of their own"
)]

mod answers;
mod assume;
mod backups;
mod builder;
mod calls;
mod captures;
mod checkpoints;
mod console;
mod context;
mod contract_fresh;
mod control;
mod corpus;
mod differential;
mod docs;
mod doors;
mod draft;
mod editions;
mod evidence;
mod exports;
mod faults;
mod fixtures;
mod flows;
mod gateway;
mod golden;
mod hand;
mod harness;
mod hours;
mod import;
mod isolation;
mod journal;
mod kept;
mod lasting;
mod log_rows;
mod logs;
mod map;
mod model;
mod monitor;
mod open_files;
mod parallel;
mod record;
mod relations;
mod row;
mod run;
mod sign;
mod snippets;
mod states;
mod table;
mod terraform;
mod tidy;
mod tls;
mod told;
mod tunnel;
mod wait;
mod walk;
mod world;
