//! Private networks: VPCs, their subnets and route tables, and who stands in them.

pub mod address;
pub mod cidr;
pub mod network;
pub mod record;
pub mod subnet;
