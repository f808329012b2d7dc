//! Orders of new instances, and their price.

use super::terms::terms;
use crate::actions::{price, texts};
use crate::cloud::order::create;
use crate::cloud::product_version::CDC;
use crate::cloud::{Call, Cloud, Order, Refusal};
use crate::contract::{Text, input, output};

/// Orders instances. A dry run that passes answers no order and no id. Rules: `cloud/order/create.rs`.
pub(crate) fn create_instances(
    cloud: &mut Cloud,
    call: &Call,
    input: input::CreateInstances,
) -> Result<output::CreateInstances, Refusal> {
    let ordered = create::create(cloud, call, &order(input))?;
    let deal_id = ordered
        .as_ref()
        .map_or("".into(), |ordered| Text::from(ordered.deal_id.clone()));
    Ok(output::CreateInstances {
        deal_id: deal_id.clone(),
        instance_ids: texts(ordered.map(|ordered| ordered.instance_ids).unwrap_or_default()),
        deal_name: deal_id,
    })
}

fn order(input: input::CreateInstances) -> Order {
    Order {
        type_id: input.type_id,
        mem_mb: input.mem_size,
        shards: input.redis_shard_num,
        replicas: input.redis_replicas_num,
        zone_id: input.zone_id,
        zone_name: input.zone_name,
        replicas_readonly: input.replicas_readonly.unwrap_or(false),
        redis_cluster_id: input.redis_cluster_id,
        connection_mode: input.connection_mode,
        dry_run: input.dry_run.unwrap_or(false),
        ..terms!(input)
    }
}

/// What an order would cost: all of it if prepaid, an hour of it if postpaid.
pub(crate) fn inquiry_price_create_instance(
    cloud: &Cloud,
    call: &Call,
    input: input::InquiryPriceCreateInstance,
) -> Result<output::InquiryPriceCreateInstance, Refusal> {
    let order = Order {
        type_id: input.type_id,
        mem_mb: input.mem_size,
        shards: input.redis_shard_num,
        replicas: input.redis_replicas_num,
        goods: input.goods_num,
        months: input.period,
        billing: input.billing_mode,
        zone_id: input.zone_id,
        zone_name: input.zone_name,
        replicas_readonly: input.replicas_readonly.unwrap_or(false),
        product_version: input.product_version.filter(|version| version != CDC),
        ..Order::default()
    };
    let quoted = create::quote_create(cloud, call, &order)?;
    Ok(price!(InquiryPriceCreateInstance, quoted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::tests::{call, cloud, json, order};
    use crate::cloud::Pace;

    #[test]
    fn a_dry_run_answers_no_ids() {
        let mut cloud = cloud(Pace::Held);
        let input = input::CreateInstances {
            dry_run: Some(true),
            ..order()
        };
        let answer = json(&create_instances(&mut cloud, &call(), input).unwrap());
        assert_eq!(
            answer,
            serde_json::json!({"DealId": "", "InstanceIds": [], "DealName": ""})
        );
    }
}
