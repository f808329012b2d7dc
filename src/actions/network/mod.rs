//! Where an instance is reached: addresses, bandwidth and connections, encryption.

mod address;
mod connection;
mod tls;

pub(crate) use address::{
    allocate_wan_address, describe_instance_dts_info, modify_network_config, release_wan_address, switch_instance_vip,
};
pub(crate) use connection::{describe_bandwidth_range, describe_instance_spec_bandwidth, modify_connection_config};
pub(crate) use tls::{close_ssl, describe_ssl_status, open_ssl};
