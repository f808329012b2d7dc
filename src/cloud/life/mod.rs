//! The life of an instance: the table of what may happen to it, flows, tasks, deadlines, the recycle bin.

pub mod deadline;
pub mod flow;
pub mod look;
pub mod past;
pub mod record;
pub mod recycle;
pub mod retention;
pub mod store;
pub mod table;
pub mod task;
