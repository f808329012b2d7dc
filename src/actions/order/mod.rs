//! Orders of new instances.

mod clone;
mod create;
mod deal;
mod terms;

pub(crate) use clone::clone_instances;
pub(crate) use create::{create_instances, inquiry_price_create_instance};
pub(crate) use deal::describe_instance_deal_detail;
