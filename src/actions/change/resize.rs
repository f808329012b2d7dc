//! Changes of size, and their price.

use crate::actions::{node_request, price};
use crate::cloud::change::resize;
use crate::cloud::{Call, Cloud, Refusal, Upgrade};
use crate::contract::{input, output};

/// Changes size, shards or replicas of an instance, one of them a call. Rules: `cloud/change/resize.rs`.
pub(crate) fn upgrade_instance(
    cloud: &mut Cloud,
    call: &Call,
    input: input::UpgradeInstance,
) -> Result<output::UpgradeInstance, Refusal> {
    let upgrade = Upgrade {
        instance_id: input.instance_id,
        mem_mb: input.mem_size,
        shards: input.redis_shard_num,
        replicas: input.redis_replicas_num,
        nodes: input.node_set.into_iter().map(node_request).collect(),
        switch_option: input.switch_option,
    };
    let deal_id = resize::upgrade(cloud, call, &upgrade)?;
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
    let upgrade = Upgrade {
        instance_id: input.instance_id,
        mem_mb: input.mem_size,
        shards: input.redis_shard_num,
        replicas: input.redis_replicas_num,
        nodes: Vec::new(),
        switch_option: None,
    };
    let quoted = resize::quote_upgrade(cloud, call, &upgrade)?;
    Ok(price!(InquiryPriceUpgradeInstance, quoted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::tests::{ID, call, cloud, json};
    use crate::cloud::Pace;

    #[test]
    fn the_price_of_an_upgrade_is_shown_whole_and_exact() {
        let input = input::InquiryPriceUpgradeInstance {
            instance_id: ID.into(),
            mem_size: 2_048,
            redis_shard_num: Some(1),
            redis_replicas_num: Some(1),
        };
        let price = inquiry_price_upgrade_instance(&cloud(Pace::Held), &call(), input).unwrap();
        let expected = serde_json::json!({
            "Price": 42, "HighPrecisionPrice": 42.222224, "OriginalPrice": 42, "HighPrecisionOriginalPrice": 42.222224,
            "Currency": "CNY", "AmountUnit": "pent",
        });
        assert_eq!(json(&price), expected);
    }
}
