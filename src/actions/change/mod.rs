//! Changes of an instance: its size, version, zones, and the window that they may wait for.

mod resize;
mod version;
mod window;
mod zones;

pub(crate) use resize::{inquiry_price_upgrade_instance, upgrade_instance};
pub(crate) use version::{
    upgrade_instance_product_version, upgrade_instance_version, upgrade_proxy_version, upgrade_small_version,
};
pub(crate) use window::switch_access_new_instance;
pub(crate) use zones::{modify_instance_availability_zones, upgrade_version_to_multi_availability_zones};
