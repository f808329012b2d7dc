//! The integration tests, one binary.

mod captures;
mod contract_fresh;
mod draft;
mod editions;
mod fixtures;
mod harness;
mod row;
mod sign;
mod table;
mod tidy;
