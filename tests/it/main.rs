//! The integration tests, one binary.

mod captures;
mod contract_fresh;
mod fixtures;
