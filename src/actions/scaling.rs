//! Resizing, newer software, other zones.

use super::{int, node_asked, price};
use crate::cloud::change::resize;
use crate::cloud::change::version;
use crate::cloud::change::version::{SmallUpgrade, VersionUpgrade};
use crate::cloud::change::window;
use crate::cloud::change::zones;
use crate::cloud::change::zones::Relocation;
use crate::cloud::{Call, Cloud, Refusal, Upgrade};
use crate::contract::{input, output};

/// Changes size, shards or replicas of an instance, one of them a call. Rules: `cloud/upgrade.rs`.
pub(crate) fn upgrade_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::UpgradeInstance,
) -> Result<output::UpgradeInstance, Refusal> {
    let asked = Upgrade {
        instance_id: input.instance_id,
        mem_mb: input.mem_size,
        shards: input.redis_shard_num,
        replicas: input.redis_replicas_num,
        nodes: input.node_set.into_iter().map(node_asked).collect(),
        switch_option: input.switch_option,
    };
    let deal_id = resize::upgrade(cloud, call, &asked)?;
    Ok(output::UpgradeInstance {
        deal_id: deal_id.clone().into(),
        deal_name: deal_id.into(),
    })
}

/// What the same change would cost. No discounts are known, so both prices are the same.
pub(crate) fn inquiry_price_upgrade_instance(
    cloud: &Cloud,
    call: &Call,
    input: input::InquiryPriceUpgradeInstance,
) -> Result<output::InquiryPriceUpgradeInstance, Refusal> {
    let asked = Upgrade {
        instance_id: input.instance_id,
        mem_mb: input.mem_size,
        shards: input.redis_shard_num,
        replicas: input.redis_replicas_num,
        nodes: Vec::new(),
        switch_option: None,
    };
    let quoted = resize::quote_upgrade(cloud, call, &asked)?;
    Ok(price!(InquiryPriceUpgradeInstance, quoted))
}

/// To a higher version, or to a cluster of the same version. Rules: `cloud/version.rs`.
pub(crate) fn upgrade_instance_version(
    cloud: &mut Cloud,
    call: &Call,
    input: input::UpgradeInstanceVersion,
) -> Result<output::UpgradeInstanceVersion, Refusal> {
    let asked = VersionUpgrade {
        instance_id: input.instance_id,
        target_type: input.target_instance_type,
        switch_option: input.switch_option,
    };
    let deal_id = version::upgrade_version(cloud, call, &asked)?;
    Ok(output::UpgradeInstanceVersion {
        deal_id: deal_id.clone().into(),
        deal_name: deal_id.into(),
    })
}

/// To the newer hardware generation.
pub(crate) fn upgrade_instance_product_version(
    cloud: &mut Cloud,
    call: &Call,
    input: input::UpgradeInstanceProductVersion,
) -> Result<output::UpgradeInstanceProductVersion, Refusal> {
    let (id, target) = (&input.instance_id, &input.target_product_version);
    let deal_id = version::upgrade_product_version(cloud, call, id, target, input.switch_option)?;
    Ok(output::UpgradeInstanceProductVersion {
        deal_name: deal_id.into(),
    })
}

/// To the newer kernel that the instance offers.
pub(crate) fn upgrade_small_version(
    cloud: &mut Cloud,
    call: &Call,
    input: input::UpgradeSmallVersion,
) -> Result<output::UpgradeSmallVersion, Refusal> {
    let asked = SmallUpgrade {
        instance_id: input.instance_id,
        current: input.current_redis_version,
        target: input.upgrade_redis_version,
        now: input.instance_type_upgrade_now,
    };
    let flow_id = int(version::upgrade_kernel(cloud, call, &asked)?.0);
    Ok(output::UpgradeSmallVersion { flow_id })
}

/// To the newer proxy that the instance offers.
pub(crate) fn upgrade_proxy_version(
    cloud: &mut Cloud,
    call: &Call,
    input: input::UpgradeProxyVersion,
) -> Result<output::UpgradeProxyVersion, Refusal> {
    let asked = SmallUpgrade {
        instance_id: input.instance_id,
        current: input.current_proxy_version,
        target: input.upgrade_proxy_version,
        now: input.instance_type_upgrade_now,
    };
    let flow_id = int(version::upgrade_proxy(cloud, call, &asked)?.0);
    Ok(output::UpgradeProxyVersion { flow_id })
}

/// Able to stand in several zones.
pub(crate) fn upgrade_version_to_multi_availability_zones(
    cloud: &mut Cloud,
    call: &Call,
    input: input::UpgradeVersionToMultiAvailabilityZones,
) -> Result<output::UpgradeVersionToMultiAvailabilityZones, Refusal> {
    let newest = input.upgrade_proxy_and_redis_server.unwrap_or(false);
    let flow_id = int(zones::enable_zones(cloud, call, &input.instance_id, newest)?.0);
    Ok(output::UpgradeVersionToMultiAvailabilityZones { flow_id })
}

/// Into other zones. Rules: `cloud/zones.rs`.
pub(crate) fn modify_instance_availability_zones(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyInstanceAvailabilityZones,
) -> Result<output::ModifyInstanceAvailabilityZones, Refusal> {
    let asked = Relocation {
        instance_id: input.instance_id,
        nodes: input.node_set.into_iter().map(node_asked).collect(),
        switch_option: input.switch_option,
    };
    let task_id = int(zones::relocate(cloud, call, &asked)?.0);
    Ok(output::ModifyInstanceAvailabilityZones { task_id })
}

/// Runs the change that waits for its maintenance window.
pub(crate) fn switch_access_new_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::SwitchAccessNewInstance,
) -> Result<output::SwitchAccessNewInstance, Refusal> {
    window::switch_now(cloud, call, &input.instance_id)?;
    Ok(output::SwitchAccessNewInstance {})
}
