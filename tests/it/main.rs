//! The integration tests, one binary.

mod captures;
mod contract_fresh;
mod editions;
mod fixtures;
mod tidy;
