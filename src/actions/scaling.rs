//! Resizing: UpgradeInstance and its price.

use super::node_asked;
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
    let deal_id = cloud.upgrade(call, &asked)?;
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
    let price = cloud.quote_upgrade(call, &asked)?;
    Ok(output::InquiryPriceUpgradeInstance {
        price: price.fen() as f64,
        high_precision_price: price.exact_fen(),
        original_price: price.fen() as f64,
        high_precision_original_price: price.exact_fen(),
        currency: "CNY".into(),
        amount_unit: "pent".into(),
    })
}
