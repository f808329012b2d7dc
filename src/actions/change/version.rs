//! Newer software, newer hardware.

use crate::actions::int;
use crate::cloud::change::version;
use crate::cloud::change::version::{SmallUpgrade, VersionUpgrade};
use crate::cloud::{Call, Cloud, Refusal};
use crate::contract::{input, output};

/// To a higher version, or to a cluster of the same version. Rules: `cloud/change/version.rs`.
pub(crate) fn upgrade_instance_version(
    cloud: &mut Cloud,
    call: &Call,
    input: input::UpgradeInstanceVersion,
) -> Result<output::UpgradeInstanceVersion, Refusal> {
    let upgrade = VersionUpgrade {
        instance_id: input.instance_id,
        target_type: input.target_instance_type,
        switch_option: input.switch_option,
    };
    let deal_id = version::upgrade_version(cloud, call, &upgrade)?;
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
    let upgrade = SmallUpgrade {
        instance_id: input.instance_id,
        current: input.current_redis_version,
        target: input.upgrade_redis_version,
        now: input.instance_type_upgrade_now,
    };
    let flow_id = int(version::upgrade_kernel(cloud, call, &upgrade)?.0);
    Ok(output::UpgradeSmallVersion { flow_id })
}

/// To the newer proxy that the instance offers.
pub(crate) fn upgrade_proxy_version(
    cloud: &mut Cloud,
    call: &Call,
    input: input::UpgradeProxyVersion,
) -> Result<output::UpgradeProxyVersion, Refusal> {
    let upgrade = SmallUpgrade {
        instance_id: input.instance_id,
        current: input.current_proxy_version,
        target: input.upgrade_proxy_version,
        now: input.instance_type_upgrade_now,
    };
    let flow_id = int(version::upgrade_proxy(cloud, call, &upgrade)?.0);
    Ok(output::UpgradeProxyVersion { flow_id })
}
