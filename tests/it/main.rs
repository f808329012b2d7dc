//! The integration tests, one binary.

mod contract_fresh;
mod editions;
