//! The integration tests, one binary.

mod answers;
mod captures;
mod context;
mod contract_fresh;
mod control;
mod corpus;
mod draft;
mod editions;
mod fixtures;
mod flows;
mod gateway;
mod harness;
mod import;
mod logs;
mod model;
mod row;
mod sign;
mod snippets;
mod table;
mod terraform;
mod tidy;
mod tls;
mod tunnel;
mod world;
