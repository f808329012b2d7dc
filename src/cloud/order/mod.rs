//! Orders of new instances: the rules, the order itself, clones.

pub mod clone;
pub mod create;
pub mod record;
pub mod rules;
