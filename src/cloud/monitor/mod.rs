//! What Cloud Monitor tells of an instance: used memory and load, as functions of the instance, its workload and the
//! time. Nothing is measured and nothing is kept but what changed.

pub mod command;
pub mod load;
pub mod memory;
pub mod metric;
pub mod moment;
pub mod points;
pub mod query;
pub mod record;
