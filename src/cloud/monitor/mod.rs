//! What is told of the use of an instance: used memory, load, commands, keys, clients and slow logs, as functions of
//! the instance, its workload and the time. Nothing is measured and nothing is kept but what changed.

pub mod command;
pub mod commands;
pub mod executions;
pub mod keys;
pub mod load;
pub mod made;
pub mod memory;
pub mod metric;
pub mod moment;
pub mod points;
pub mod query;
pub mod record;
pub mod slow_log;
pub mod window;
